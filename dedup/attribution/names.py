"""Names of outlets: when two spellings are one name, and which spelling is shown."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,12}", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SITE = r"(?s)^(?P<site>.*?://[^/]*|.{0,2}[^/]*)"
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"))
_COUNTRY_CODE_LENGTH = 2
_SHARED_HOSTS = frozenset(
    (
        *(
            "substack.com",
            "wordpress.com",
            "blogspot.com",
            "blogspot.co.uk",
            "medium.com",
            "tumblr.com",
            "ghost.io",
        ),
        *(
            "github.io",
            "weebly.com",
            "wixsite.com",
            "squarespace.com",
            "typepad.com",
            "livejournal.com",
            "over-blog.com",
        ),
        *("hatenablog.com", "fc2.com", "tistory.com", "canalblog.com", "beehiiv.com", "webflow.io"),
        *("netlify.app", "vercel.app", "pages.dev", "sites.google.com", "blog.hu"),
    )
)
"""Hosts on whose subdomains many publish, each for itself."""
_ARTICLES = frozenset(
    ("der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo", "i", "o", "a", "os", "de", "het")
)
_LEAST_STEM, _STEM_SHARE = 3, 0.55  # letters that two forms of a word share, and of the longer one
_LONGEST_ENDING = 3  # letters in which they differ
_LONGEST_ACRONYM = 4
_LEADING_ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
_SMALL_WORDS = frozenset(("of", "and", "the", "in", "on", "for", "de", "la", "le", "du", "del", "der"))
_PROSE, _ACRONYM, _CAPITALS, _ADDRESS, _LOWER = range(5)


@functools.lru_cache(maxsize=65536)
def host(url: str) -> str | None:
    """Return the host of an address, in lower case and without `www.`; None if there is none.

    >>> host("https://www.Reuters.com/world/"), host("www.straitstimes.com"), host("Le Monde")
    ('reuters.com', 'straitstimes.com', None)
    """
    rest = _SCHEME.sub("", url.strip(), count=1)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    name = authority.partition(":")[0].lower().removeprefix("www.")
    return name if _HOST.fullmatch(name) else None


def sites(urls: pa.Array) -> pa.Array:
    """Return addresses without what follows their hosts, so that those of one site are one string.

    Parameters
    ----------
    urls : strings, (n,), null for none

    >>> import pyarrow as pa
    >>> sites(pa.array(["https://www.reuters.com/world/1?from=rss", "cnn.com/2024", None])).to_pylist()
    ['https://www.reuters.com', 'cnn.com', None]
    """
    import pyarrow.compute as pc

    return pc.struct_field(pc.extract_regex(urls, _SITE), "site")


@functools.lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return what all spellings of an outlet's name and its hosts share; empty if nothing of a name is left.

    Case, spaces, punctuation, a leading "the", `www.`, subdomains and the top-level domain do not count.

    >>> key("BREITBART") == key("www.breitbart.com") == key("Breitbart")
    True
    >>> key("THE STRAITS TIMES"), key("https://www.straitstimes.com/asia"), key("news.bbc.co.uk")
    ('straitstimes', 'straitstimes', 'bbc')
    >>> key("https://bob.substack.com/p/1"), key("alice.substack.com")
    ('bobsubstackcom', 'alicesubstackcom')
    """
    address = host(name)
    if address is not None:
        name = _registered_label(address)
    name = _LEADING_ARTICLE.sub("", name.strip().casefold(), count=1)
    return "".join(letter for letter in name if letter.isalnum())


def is_inflected(name: str, other: str) -> bool:
    """Return whether one name may be the other in another grammatical case, or without its article.

    Names of one word in ASCII differ by an article only.

    >>> is_inflected("Presse", "Die Presse"), is_inflected("Süddeutschen Zeitung", "Süddeutsche Zeitung")
    (True, True)
    >>> is_inflected("La Presse", "Die Presse"), is_inflected("The Nation", "The National")
    (False, False)
    >>> is_inflected("Новой газете", "Новая газета"), is_inflected("Głosie Kaszub", "Głos Kaszub")
    (True, True)
    >>> is_inflected("Time", "The Times"), is_inflected("Daily News", "Daily Mail")
    (False, False)
    """
    words, others = name.casefold().split(), other.casefold().split()
    if words == others or not words or not others:
        return False
    if "the" in (words[0], others[0]):
        return False
    bare, bare_others = _without_article(words), _without_article(others)
    if bare == bare_others:
        return bare == words or bare_others == others
    if len(bare) != len(bare_others) or (len(bare) == 1 and name.isascii()):
        return False
    return all(map(_share_a_stem, bare, bare_others))


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in _ARTICLES else words


def _share_a_stem(word: str, other: str) -> bool:
    n_same = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    return word == other or (
        n_same >= _LEAST_STEM
        and n_same >= _STEM_SHARE * max(len(word), len(other))
        and max(len(word), len(other)) - n_same <= _LONGEST_ENDING
    )


def label(name: str) -> str:
    """Return what of a name or host people would say: of a host the label under which it is registered.

    >>> label("www.newsweek.com"), label("Daily Digest")
    ('newsweek', 'Daily Digest')
    """
    address = host(name)
    return _registered_label(address) if address is not None else name.strip()


def display(spellings: Iterable[str]) -> str:
    """Return the spelling to show: mixed case before capitals before hosts before small letters.

    Among equal ones the first of the alphabet is shown. A name of several words, or of one long word, that was seen
    in capitals only is set in title case.

    >>> display(["BREITBART", "www.breitbart.com", "Breitbart"])
    'Breitbart'
    >>> display(["THE STRAITS TIMES", "www.straitstimes.com"])
    'The Straits Times'
    >>> display(["www.cnn.com", "CNN"]), display(["www.storia.me"])
    ('CNN', 'storia.me')
    """
    best = min(spellings, key=preference)
    rank = _rank(best)
    if rank == _ADDRESS:
        return host(best) or best
    return _title_case(best) if rank == _CAPITALS else best.strip()


def preference(spelling: str) -> tuple[int, str]:
    """Return what puts spellings in order, the one to show first.

    >>> sorted(["breitbart.com", "BREITBART", "Breitbart"], key=preference)
    ['Breitbart', 'BREITBART', 'breitbart.com']
    """
    return _rank(spelling), spelling


def _registered_label(address: str) -> str:
    """Return the label under which a host is registered; of a site on a host of many, its address."""
    labels = address.split(".")
    shared = next((n for n in (2, 3) if ".".join(labels[-n:]) in _SHARED_HOSTS), 0)
    if shared and len(labels) > shared:
        return ".".join(labels[-shared - 1 :])
    is_second_level = len(labels[-1]) == _COUNTRY_CODE_LENGTH and labels[-2] in _SECOND_LEVEL
    return labels[-3] if is_second_level and len(labels) > 2 else labels[-2]  # noqa: PLR2004  (name.co.uk)


def _rank(spelling: str) -> int:
    if host(spelling) is not None:
        return _ADDRESS
    if spelling.islower():
        return _LOWER
    if not spelling.isupper():
        return _PROSE
    return _ACRONYM if len(spelling.strip()) <= _LONGEST_ACRONYM else _CAPITALS


def _title_case(name: str) -> str:
    words = name.casefold().split()
    return " ".join(
        word if i and word in _SMALL_WORDS else word[:1].upper() + word[1:] for i, word in enumerate(words)
    )
