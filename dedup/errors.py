"""The exceptions that `dedup` raises, in one tree.

    DedupError                  anything that stops a run; exit code 1
    +-- UsageError              what the caller asked for cannot be; exit code 2
    |   +-- SettingError        a setting has a wrong value, or there is no such setting
    |   +-- PathError           a path that was named is missing or cannot be opened
    +-- EmptyArchiveError       nothing to read in the paths that were named
    +-- WorkError               the work file of a scan does not fit on its disk
    +-- OutputError             the tables cannot be written
    +-- ResultError             a folder or a cluster of an earlier scan cannot be found or read
    +-- StoreError              an index cannot be opened, read or written
    |   +-- BusyError           another process writes to it, and goes on longer than was waited for
    +-- ProcessError            a process that was started failed; its exit code is the exit code

A record that cannot be read is no exception: it is counted, written to the rejects, and the rest goes on.
Every message names the thing, the rule and the value.
"""


class DedupError(Exception):
    """Anything that stops a run."""

    exit_code = 1


class UsageError(DedupError):
    """What the caller asked for cannot be."""

    exit_code = 2


class SettingError(UsageError):
    """A setting has a wrong value, or there is no such setting."""


class PathError(UsageError):
    """A path that was named is missing or cannot be opened."""


class EmptyArchiveError(DedupError):
    """Nothing to read in the paths that were named."""


class WorkError(DedupError):
    """The work file of a scan does not fit on its disk."""


class OutputError(DedupError):
    """The tables cannot be written."""


class ResultError(DedupError):
    """A folder or a cluster of an earlier scan cannot be found or read."""


class StoreError(DedupError):
    """An index cannot be opened, read or written."""


class BusyError(StoreError):
    """Another process writes to the index, and goes on longer than was waited for."""


class ProcessError(DedupError):
    """A process that was started failed; what it said was seen already."""

    def __init__(self, command: str, exit_code: int) -> None:
        """Name the command and its exit code; a signal that ended it is a negative code."""
        told = f"exit code {exit_code}" if exit_code > 0 else f"signal {-exit_code}"
        super().__init__(f"`{command}` failed: {told}")
        self.exit_code = exit_code if exit_code > 0 else 1
