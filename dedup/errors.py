"""The exceptions that `dedup` raises, in one tree.

    DedupError                  anything that stops a run; exit code 1
    +-- UsageError              what the caller asked for cannot be; exit code 2
    |   +-- SettingError        a setting has a wrong value, or there is no such setting
    |   +-- PathError           a path that was named is missing or cannot be opened
    +-- EmptyArchiveError       nothing to read in the paths that were named
    +-- OutputError             the tables cannot be written
    +-- ResultError             a folder or a cluster of an earlier scan cannot be found or read

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


class OutputError(DedupError):
    """The tables cannot be written."""


class ResultError(DedupError):
    """A folder or a cluster of an earlier scan cannot be found or read."""
