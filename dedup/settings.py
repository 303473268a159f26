"""Every option of a scan: its default, its help text and its check on one field each.

The command line, the TOML file (`--config`) and `docs/settings.md` derive from the fields here. Settings say what is
computed; how it runs (threads, the folder for the tables) is said by flags and arguments.
"""

from __future__ import annotations

import dataclasses
import json
import math
import tomllib
from typing import TYPE_CHECKING, Any

from dedup import errors

if TYPE_CHECKING:
    from pathlib import Path


NOISY_SHINGLE_WORDS = 3


def _setting(
    default: Any,
    group: str,
    text: str,
    *,
    least: float | None = None,
    most: float = 2**31,
    is_file: bool = False,
) -> Any:
    metadata = {"group": group, "help": text, "least": least, "most": most, "is_file": is_file}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a scan; equal settings and an equal archive give equal tables.

    Raises
    ------
    SettingError : a value is of the wrong type or out of its range

    >>> Settings(sample_rate=8).sample_rate
    8
    >>> Settings(sample_rate=0)
    Traceback (most recent call last):
    dedup.errors.SettingError: "sample_rate" must be >= 1: 0
    """

    id_field: str = _setting("", "reading", "Field that holds a record's id (default: id).")
    text_field: str = _setting("", "reading", "Field that holds the text (default: text, body or content).")
    title_field: str = _setting("", "reading", "Field that holds the headline (default: title or headline).")
    url_field: str = _setting("", "reading", "Field that holds the address (default: url).")
    outlet_field: str = _setting(
        "", "reading", "Field that holds who published it (default: outlet, source, publisher or site)."
    )
    published_field: str = _setting(
        "", "reading", "Field that holds the date (default: published, date, ...)."
    )
    byline_field: str = _setting("", "reading", "Field that holds the author (default: author or byline).")

    split_stories: bool = _setting(True, "text", "Split a page that holds several marked stories.")
    boilerplate: bool = _setting(
        True, "text", "Keep menus, and text that an outlet repeats on unrelated pages, out of matching."
    )
    boilerplate_pages: int = _setting(
        5, "text", "Unrelated pages of an outlet that must hold a line, for it to be boilerplate.", least=2
    )
    min_words: int = _setting(8, "text", "Articles with fewer words take no part in matching.", least=1)

    noisy: bool = _setting(
        False, "sketching", "For archives full of scanning and typing errors: shingles of 3 words."
    )
    shingle_words: int = _setting(5, "sketching", "Words in a shingle.", least=1, most=32)
    n_permutations: int = _setting(
        128, "sketching", "Permutations in a MinHash signature.", least=1, most=4096
    )
    permutation_seed: int = _setting(1, "sketching", "Seed of the permutations, as in datasketch.", least=0)
    sample_rate: int = _setting(
        8, "sketching", "One in this many shingles is sampled for the index of excerpts.", least=1, most=4096
    )

    min_samples: int = _setting(
        32, "sketching", "Shorter articles are sampled more densely, to have about this many.", least=0
    )

    bands: int = _setting(
        0,
        "matching",
        "Bands of an article's MinHash signature; 0 for none, because samples find all that they do.",
        least=0,
    )
    rows: int = _setting(4, "matching", "Rows in each band of an article's signature.", least=1)
    paragraph_bands: int = _setting(4, "matching", "Bands of a paragraph's signature; 0 for none.", least=0)
    paragraph_rows: int = _setting(2, "matching", "Rows in each band of a paragraph's signature.", least=1)
    paragraph_min_words: int = _setting(12, "matching", "Shorter paragraphs have no signature.", least=1)
    max_document_frequency: int = _setting(
        100,
        "matching",
        "A key that more articles hold gives candidate pairs with its first article only.",
        least=2,
    )
    min_shared_shingles: int = _setting(
        8, "matching", "Pairs that share fewer shingles are no match.", least=1
    )
    min_share: float = _setting(
        0.1, "matching", "Pairs in which neither side shares this much are no match, ...", least=0, most=1
    )
    min_shared_words: int = _setting(
        40, "matching", "... unless they share this many words: a paragraph of a long article.", least=1
    )
    min_run_words: int = _setting(
        20, "matching", "... or one run of this many words: a quotation, a statement.", least=1
    )
    short_text_words: int = _setting(
        40, "matching", "Two articles of fewer words each are compared word by word, ...", least=0, most=64
    )
    short_text_share: float = _setting(
        0.8, "matching", "... and match where each side shares at least this much.", least=0, most=1
    )
    copy_share: float = _setting(
        0.9, "matching", "A copy: each side shares at least this much.", least=0, most=1
    )
    revision_jaccard: float = _setting(
        0.3, "matching", "A revision: at least this Jaccard similarity.", least=0, most=1
    )
    excerpt_share: float = _setting(
        0.6, "matching", "An excerpt: one side shares at least this much.", least=0, most=1
    )
    min_passage_words: int = _setting(12, "matching", "Shorter shared passages are not listed.", least=1)
    max_edit_words: int = _setting(
        8, "matching", "A passage goes on over an edit of at most this many words.", least=0, most=16
    )

    agencies: str = _setting(
        "", "attribution", "TOML file of further agencies and outlets; see docs/attribution.md.", is_file=True
    )
    overrides: str = _setting(
        "",
        "attribution",
        "TOML file of verdicts and weights that win; see docs/attribution.md.",
        is_file=True,
    )

    def __post_init__(self) -> None:
        """Check each value against its field's declaration, and the bands against the permutations.

        An archive that is noisy has shorter shingles, unless their length was chosen.
        """
        if self.noisy and self.shingle_words == _default("shingle_words"):
            object.__setattr__(self, "shingle_words", NOISY_SHINGLE_WORDS)
        for field in dataclasses.fields(self):
            _check(field, getattr(self, field.name))
        needed = self.bands * self.rows
        if needed > self.n_permutations:
            message = f'"bands" x "rows" must be <= "n_permutations" ({self.n_permutations}): {needed}'
            raise errors.SettingError(message)
        needed = self.paragraph_bands * self.paragraph_rows
        if needed > self.n_permutations:
            message = f'"paragraph_bands" x "paragraph_rows" must be <= "n_permutations": {needed}'
            raise errors.SettingError(message)

    def as_dict(self) -> dict[str, Any]:
        """Return name and value of each setting, in the order of declaration."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def digest(self) -> str:
        """Return 16 hexadecimal digits that two settings share only if they are equal.

        >>> Settings().digest() == Settings(rows=4).digest()
        True
        """
        import xxhash

        canonical = json.dumps(self.as_dict(), sort_keys=True)
        return xxhash.xxh3_64_hexdigest(canonical.encode())


def _default(name: str) -> Any:
    return next(field.default for field in dataclasses.fields(Settings) if field.name == name)


def names() -> list[str]:
    """Return the name of each setting, in the order of declaration."""
    return [field.name for field in dataclasses.fields(Settings)]


def load(path: Path | None = None, **given: Any) -> Settings:
    """Return the settings of a TOML file, overridden by those given; flag beats file beats default.

    Raises
    ------
    SettingError : a key is unknown or a value is wrong
    PathError : the file cannot be read

    >>> load(rows=2).rows
    2
    """
    values = _read(path) if path is not None else {}
    values.update(given)
    for name in values:
        if name not in names():
            message = f'no such setting: "{name}"{_meant(name)}; the settings are {", ".join(names())}'
            raise errors.SettingError(message)
    return Settings(**values)


def _meant(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name.casefold().replace("-", "_"), names(), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f'settings file "{path}" cannot be read: {error.strerror}'
        raise errors.PathError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f'settings file "{path}" is not valid TOML: {error}'
        raise errors.SettingError(message) from error


def _check(field: dataclasses.Field[Any], value: Any) -> None:
    kind = type(field.default)
    fits = isinstance(value, (int, float) if kind is float else kind)
    if not fits or (isinstance(value, bool) and kind is not bool):
        message = f'"{field.name}" must be of type {kind.__name__}: {value!r}'
        raise errors.SettingError(message)
    if isinstance(value, str) or kind is bool:
        return
    least, most = field.metadata["least"], field.metadata["most"]
    if not math.isfinite(value):
        message = f'"{field.name}" must be finite: {value}'
        raise errors.SettingError(message)
    if least is not None and value < least:
        message = f'"{field.name}" must be >= {least}: {value}'
        raise errors.SettingError(message)
    if value > most:
        message = f'"{field.name}" must be <= {most}: {value}'
        raise errors.SettingError(message)
