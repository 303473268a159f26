"""From the paths that a user names to the files to read, each once."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from typing import TYPE_CHECKING, Literal, TypeAlias

from dedup import errors, records
from dedup.reading import earlier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup import reading

Kind: TypeAlias = Literal["text", "lines", "json", "feed", "unknown"]

STANDARD_INPUT = "-"
_GZIP_RATIO = 4  # news text holds about so many times the bytes of its gzip
KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".json": "json",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": "feed",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One file to read, or standard input.

    Attributes
    ----------
    path : what to open
    shown : the path as the user reached it: the PATH given, joined with the way below it
    name : what the ids of its pages start with: the way below the PATH given; for a file given by itself, its name
    kind : what its name says that it holds
    """

    path: str
    shown: str
    name: str
    kind: Kind


def kind_of(name: str) -> Kind:
    """Return what a file holds, by its name.

    >>> kind_of("pages.JSONL.gz"), kind_of("notes.txt"), kind_of("photo.png")
    ('lines', 'text', 'unknown')
    """
    plain = pathlib.PurePath(name.casefold().removesuffix(".gz"))
    return KINDS.get(plain.suffix, "unknown")


def walk(paths: Sequence[str], log: reading.ReadingLog) -> list[Source]:
    """Return the files to read, each once, in an order that does not depend on that of the paths.

    Folders are walked to their ends; hidden files and folders in them are left out; links are followed. What is found
    but cannot be read goes to the log's rejects; files of other kinds, and what an earlier scan wrote, to its skipped
    files.

    Raises
    ------
    PathError : a path is missing or cannot be opened
    EmptyArchiveError : there is no file to read
    """
    given = sorted(set(paths))
    for path in given:
        _check(path)
    walked = _Walk()
    for path in given:
        walked.enter(path)
    log.rejects += sorted(walked.rejects.values(), key=lambda reject: reject.source_path)
    log.skipped += sorted(walked.skipped.values())
    if not walked.sources:
        raise errors.EmptyArchiveError(_nothing(given, len(walked.skipped)))
    sources = sorted(walked.sources.values(), key=lambda source: source.shown)
    sizes = [_size(source) for source in sources]
    log.expected_bytes = None if STANDARD_INPUT in walked.sources else sum(sizes)
    log.expected_text_bytes = sum(
        size * (_GZIP_RATIO if source.path.casefold().endswith(".gz") else 1)
        for size, source in zip(sizes, sources, strict=True)
    )
    return sources


@dataclasses.dataclass(slots=True)
class _Walk:
    """What was found so far, by real path: a file that is reached twice counts once."""

    sources: dict[str, Source] = dataclasses.field(default_factory=dict)
    rejects: dict[str, records.Reject] = dataclasses.field(default_factory=dict)
    skipped: dict[str, str] = dataclasses.field(default_factory=dict)

    def enter(self, path: str) -> None:
        if path == STANDARD_INPUT:
            self.sources[path] = Source(path, path, path, "unknown")
        elif pathlib.Path(path).is_dir():
            self._enter_folder(path.rstrip(os.sep) or os.sep)
        else:
            name = _printable(pathlib.Path(path).name)
            self._add(os.path.realpath(path), Source(path, _printable(path), name, kind_of(name)))

    def _enter_folder(self, top: str) -> None:
        real_top = os.path.realpath(top)
        seen = {real_top}
        waiting: list[tuple[str, tuple[str, ...]]] = [(top, (real_top,))]
        while waiting:
            folder, chain = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                self._reject(chain[-1], folder, f"folder cannot be read: {error.strerror}")
                continue
            written = earlier.files([entry.path for entry in entries])
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                real = f"{chain[-1].rstrip(os.sep)}{os.sep}{entry.name}"
                try:
                    real = os.path.realpath(entry.path) if entry.is_symlink() else real
                    if not entry.is_dir():
                        self._add_entry(top, entry, real, is_ours=entry.path in written)
                    elif real in chain:
                        self._reject(
                            entry.path, entry.path, f'a loop: this folder is a link to "{real}", above it'
                        )
                    elif real not in seen:
                        seen.add(real)
                        waiting.append((entry.path, (*chain, real)))
                except OSError as error:
                    self._reject(entry.path, entry.path, f"cannot be read: {error.strerror}")

    def _add_entry(self, top: str, entry: os.DirEntry[str], real: str, *, is_ours: bool) -> None:
        if not entry.is_file():
            broken = entry.is_symlink() and not pathlib.Path(entry.path).exists()
            self._reject(real, entry.path, "a link to nothing" if broken else "not a regular file")
            return
        shown = _printable(entry.path)
        kind = kind_of(entry.name)
        if is_ours or kind == "unknown":
            self.skipped[real] = min(shown, self.skipped.get(real, shown))
        else:
            name = _printable(entry.path[len(top) :].lstrip(os.sep))
            self._add(real, Source(entry.path, shown, name, kind))

    def _add(self, real: str, source: Source) -> None:
        """Add a source; one that is reached twice has its longest name, so that the order of paths is no matter."""
        other = self.sources.get(real, source)
        self.sources[real] = min(
            source, other, key=lambda each: (-each.name.count("/"), each.name, each.shown)
        )

    def _reject(self, key: str, path: str, reason: str) -> None:
        self.rejects.setdefault(key, records.Reject(_printable(path), None, reason))


def _size(source: Source) -> int:
    """Return the bytes of a file; standard input, and one that is gone by now, has none."""
    try:
        return 0 if source.path == STANDARD_INPUT else pathlib.Path(source.path).stat().st_size
    except OSError:
        return 0


def _check(path: str) -> None:
    if path == STANDARD_INPUT:
        return
    try:
        pathlib.Path(path).stat()
    except FileNotFoundError as error:
        message = f'no such file or folder: "{path}"'
        raise errors.PathError(message) from error
    except (OSError, ValueError) as error:
        message = f'"{path}" cannot be opened: {getattr(error, "strerror", None) or error}'
        raise errors.PathError(message) from error
    if not os.access(path, os.R_OK):
        message = f'"{path}" cannot be opened: no permission to read it'
        raise errors.PathError(message)


def _printable(path: str) -> str:
    r"""Return a path with forward slashes; bytes of a file's name that are not UTF-8 become `\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def _nothing(given: list[str], n_skipped: int) -> str:
    where = ", ".join(f'"{path}"' for path in given) or "no path"
    message = f"no file to read in {where}: looked for {', '.join(KINDS)}, each also with .gz"
    return f"{message}; files of other kinds, or of an earlier scan: {n_skipped}" if n_skipped else message
