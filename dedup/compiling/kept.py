"""The machine code of kernels, kept on disk from one run to the next.

A file's name holds a digest of all that its code depends on, so that no file is ever wrong: another version of the
package, of Python or of the compiler, or another processor, has files of its own. They are written whole or not at
all, so that any number of processes may start at once. What nobody has used for a month is removed.

The folder is the package's own where that can be written, or else the user's cache; `NUMBA_CACHE_DIR`, where it is
set, beats both. Without any of these each process compiles for itself.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import tempfile
import time

from dedup.compiling import sources

_CHECKSUM_BYTES = 32
_SUFFIX = ".kernel"
_DAY_S = 86_400
_UNUSED_DAYS = 30


def load(name: str) -> bytes | None:
    """Return the code that was kept under this name, None where there is none or it is damaged."""
    for folder in folders():
        path = folder / f"{name}{_SUFFIX}"
        try:
            stored = path.read_bytes()
        except OSError:
            continue
        checksum, code = stored[:_CHECKSUM_BYTES], stored[_CHECKSUM_BYTES:]
        if checksum == sources.digest(code).encode():
            _mark_used(path)
            return code
    return None


def save(name: str, code: bytes) -> None:
    """Keep code under a name, in the first folder that can be written; where none can, nothing happens."""
    folder = writable()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        _write(folder / f"{name}{_SUFFIX}", sources.digest(code).encode() + code)
    _prune(folder)


def holds(name: str) -> bool:
    """Return whether code was kept under this name."""
    return any((folder / f"{name}{_SUFFIX}").is_file() for folder in folders())


def folders() -> list[pathlib.Path]:
    """Return the folders to look for code in, and to write it to, the best first."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return [pathlib.Path(chosen, "dedup")]
    found = [sources.PACKAGE / "__pycache__" / "kernels"]
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not pathlib.Path(cache).is_absolute():
        cache = str(pathlib.Path("~/.cache").expanduser())
    if pathlib.Path(cache).is_absolute():
        # copies of the package share this folder; their files do not meet
        found.append(pathlib.Path(cache, "dedup", "kernels"))
    return found


def writable() -> pathlib.Path | None:
    """Return the first folder that can be written, and make it; None where there is none."""
    for folder in folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return None


def _write(path: pathlib.Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_SUFFIX)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        pathlib.Path(name).replace(path)
    except BaseException:
        pathlib.Path(name).unlink(missing_ok=True)
        raise


def _mark_used(path: pathlib.Path) -> None:
    """Set the time of a file, once a day, so that it is not taken for one that nobody needs."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY_S:
            os.utime(path)


@functools.cache
def _prune(folder: pathlib.Path) -> None:
    """Remove what nobody has used for a month; a process looks once."""
    oldest = time.time() - _UNUSED_DAYS * _DAY_S
    for path in folder.rglob("*.*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
