"""Figures, dates and texts as people read them; nothing here can harm a terminal."""

from __future__ import annotations

import re
import unicodedata

_PAUSE_S = ((86_400, "day"), (3_600, "h"), (60, "min"))
_MINUTE_S = 60
_HOUR_MINUTES = 60
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(.*))?")
_UNSEEN = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
)

SHARE_LEGEND = "% of the cluster's own text"
RULES = {
    "agency_dateline": "dateline",
    "outlet_dateline": "another outlet in the dateline",
    "reporting_by": "reporters named at the end",
    "canadian_press": "note at the end",
    "closing_tag": "agency's name at the end",
    "desk_initials": "agency's desk at the end",
    "source_line": "source line at the end",
    "sources_line": "one of the sources at the end",
    "agency_writer": "agency's writer named at the end",
    "agency_copyright": "agency's copyright line",
    "outlet_copyright": "another outlet's copyright line",
    "agency_footer": "agency's name in the footer",
    "with_files_from": "with files from",
    "contributed": "contributed to it",
    "host_dateline": "another outlet's address in the dateline",
    "outlet_byline": "another outlet in the byline",
    "record_outlet": "another outlet in the record's author",
    "outlet_line": "another outlet's name above the text",
    "outlet_presented": "presented at the end",
    "feed_line": "sent by",
    "outlet_source": "source line at the end",
    "issued_by": "named as the issuer",
    "issuer_named": "source of the release",
    "transcript": "speaker of the text",
    "agency_byline": "byline",
    "record_byline": "author of the record",
    "byline_lines": "byline on two lines",
    "shared_byline": "outlet and agency as authors",
    "published_by": "originally published elsewhere",
    "published_in": "published elsewhere before",
    "post_elsewhere": "appeared first on",
    "own_post": "appeared first here",
    "outlet_head": "head of the story",
    "source_host": "source line",
    "read_full_article": "link to the full article",
    "own_publisher": "published by",
    "agency_page": "agency's own page",
    "release_wire": "sent by a release service",
    "issuer": "issuer of the release",
    "issuer_distributed": "issuer of the release",
    "syndicated": "copyright line of a syndicate",
    "issuer_in_lead": "who announces it",
    "byline_then_agency": "byline beside the text",
    "dateline_beside": "dateline beside the text",
    "credited_from": "credit beside the text",
    "agency_beside": "agency's name beside the text",
    "author_beside": "author in the page's markup",
    "copyright_holder": "copyright holder",
    "released_by": "issuer named beside the text",
    "release_wire_beside": "sent by a release service",
    "canonical_elsewhere": "address of the original",
    "stated_source": "source given by the record",
    "own_holder": "copyright holder",
    "signed_post": "signature of the post",
    "speakers_agree": "speaker named by several outlets",
    "quoted_speaker": "speaker of the quotation",
    "quoted_release": "quoted from a release",
    "dropped_dateline": "dateline that the others dropped",
    "cut_off": "goes on where another breaks off",
    "added_lead": "begins where the others lead up to it",
    "truncated": "goes on where another ends",
    "corrected": "repeated by one that was corrected",
    "named_source": "names the outlet of another page",
    "linked_source": "links to another page",
    "cited": "mentions only",
    "photo_credit": "photo credit",
    "credit_outside_shared": "credit that the others left out",
    "superset": "holds all of the others' text",
    "one_outlet": "all are one outlet's",
    "earliest_seen": "seen first",
    "earliest_claimed": "earliest date",
    "override_cluster": "set by your overrides for this text",
    "override_outlet": "set by your overrides for this outlet",
    "agency": "known as a news agency",
    "aggregator": "known to gather others' news",
}
_SPOKEN = frozenset(("signed_post", "speakers_agree", "quoted_speaker", "quoted_release", "transcript"))
SAYS = {
    "origin": "written by",
    "co_origin": "written in part by",
    "immediate_source": "taken from",
    "self_claim": "speaks for",
    "order": "speaks for",
    "citation": "no evidence for",
    "prior": "namely",
    "override": "namely",
    "spoken": "said by",
}


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "story", "stories"), count(31314, "story", "stories"), count(2, "file")
    ('1 story', '31,314 stories', '2 files')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def share(part: float) -> str:
    """Return a share in percent; only a whole one is 100%, only nothing is 0%.

    >>> share(0.958), share(0.9996), share(0.0004), share(1.0)
    ('96%', '>99%', '<1%', '100%')
    """
    percent = f"{part:.0%}"
    if percent == "100%" and part < 1:
        return ">99%"
    if percent == "0%" and part > 0:
        return "<1%"
    return percent


def lag(seconds: int | None) -> str:
    """Return a time after the first in its two largest units; nothing when it is none or unknown.

    >>> lag(0), lag(45), lag(12_000), lag(180_000), lag(86_400)
    ('', '+45 s', '+3 h 20 min', '+2 days 2 h', '+1 day')
    """
    if not seconds:
        return ""
    sign, left, said = "+" if seconds > 0 else "-", abs(seconds), []
    for size, unit in _PAUSE_S:
        number, left = divmod(left, size)
        if number:
            said.append(count(number, unit) if unit == "day" else f"{number:,} {unit}")
    return sign + " ".join(said[:2] or [f"{left} s"])


def elapsed(seconds: float) -> str:
    """Return how long something took.

    >>> elapsed(0.84), elapsed(75.2), elapsed(7_300)
    ('0.8 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), _MINUTE_S)
    hours, rest = divmod(minutes, _HOUR_MINUTES)
    return f"{hours} h {rest} min" if hours else f"{minutes} min {left} s"


def when(date: str | None) -> str:
    """Return a claimed date as day and minute, with its zone unless that is UTC.

    >>> when("2025-02-18"), when("2025-02-18T14:05:09Z"), when("2025-02-18T14:05:09+01:00"), when(None)
    ('2025-02-18', '2025-02-18 14:05', '2025-02-18 14:05+01:00', 'no date')
    """
    if not date:
        return "no date"
    found = _ISO.fullmatch(date)
    if not found:
        return clean(date)
    day, minute, zone = found.groups()
    if minute is None:
        return day
    return f"{day} {minute}{'' if zone in ('Z', '+00:00') else clean(zone)}"


def clean(text: str) -> str:
    r"""Return a text on one line, without characters that would steer a terminal.

    >>> clean("one\n two\x1b[2J")
    'one two\ufffd[2J'
    """
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    return "".join(
        "" if letter in _UNSEEN else "\ufffd" if unicodedata.category(letter) in ("Cc", "Cs") else letter
        for letter in spaced
    )


def shorten(text: str, cells: int) -> str:
    """Return a text on one line of at most so many cells, cut after a word where there are words.

    >>> shorten("Russia hardened its demands", 20)
    'Russia hardened its…'
    >>> shorten("露外相、領土譲歩を否定", 9)
    '露外相、…'
    """
    from rich import cells as widths

    line = clean(text)
    if widths.cell_len(line) <= cells:
        return line
    cut = widths.set_cell_size(line, cells - 1).rstrip()
    space = cut.rfind(" ")
    whole = line[len(cut) : len(cut) + 1] == " "
    if not whole and space > len(cut) // 2:
        cut = cut[:space]
    return cut.rstrip(" ,;:-–—") + "…"


def condense(text: str, cells: int) -> str:
    """Return a text on one line of at most so many cells; what is too much is taken out of its middle.

    >>> condense("The post Talks Begin In Riyadh On Tuesday appeared first on Breitbart.", 44)
    'The post Talks Begin In… first on Breitbart.'
    """
    from rich import cells as widths

    line = clean(text)
    if widths.cell_len(line) <= cells:
        return line
    end = line[::-1]
    tail = widths.set_cell_size(end, cells * 2 // 3).rstrip()[::-1]
    space = tail.find(" ")
    if 0 <= space < len(tail) // 2:
        tail = tail[space:]
    return shorten(line, cells - widths.cell_len(tail)) + tail


def fold(text: str, cells: int) -> str:
    """Return a long name on lines of at most so many cells, broken after `/`, `-`, `_` where that can be.

    >>> print(fold("https://example.org/2025/02/18/peace-talks.html", 30))
    https://example.org/2025/02/
    18/peace-talks.html
    """
    from rich import cells as widths

    lines, rest = [], clean(text)
    while widths.cell_len(rest) > max(cells, 2):
        cut = widths.set_cell_size(rest, max(cells, 2)).rstrip()
        end = max(cut.rfind(mark) for mark in "/-_ ?&") + 1
        end = end if end > len(cut) // 2 else len(cut)
        lines.append(rest[:end].rstrip())
        rest = rest[end:]
    return "\n".join([*lines, rest])


def quoted(text: str) -> str:
    """Return a text in quotation marks, unless it brings its own.

    >>> quoted("RIYADH, Feb 18"), quoted("“Of course,” he said.")
    ('“RIYADH, Feb 18”', '“Of course,” he said.')
    """
    return text if text.startswith(("“", '"', "«", "„")) else f"“{text}”"


def names(listed: list[str], joined_by: str = "and") -> str:
    """Return names as a sentence has them.

    >>> names(["Reuters"]), names(["Le Figaro", "AFP", "AP"]), names(["AP", "AFP"], "or")
    ('Reuters', 'Le Figaro, AFP and AP', 'AP or AFP')
    """
    *others, last = listed
    return f"{', '.join(others)} {joined_by} {last}" if others else last


def rule(name: str) -> str:
    """Return what a rule of attribution found, in plain words; the name itself of a rule that is not known here.

    >>> rule("agency_dateline"), rule("a_newer_rule")
    ('dateline', 'a newer rule')
    """
    return RULES.get(name) or clean(name).replace("_", " ")


def bearing(says: str, candidate: str | None, rule: str = "", family: str = "") -> str:
    """Return what a piece of evidence says of a candidate; nothing where it speaks for nobody.

    >>> bearing("origin", "Reuters"), bearing("order", None)
    ('written by Reuters', '')
    >>> bearing("origin", "Jane Doe", "quoted_speaker"), bearing("origin", "Reuters", "agency", "prior")
    ('said by Jane Doe', 'namely Reuters')
    """
    if not candidate:
        return ""
    kind = family if family in SAYS else "spoken" if rule in _SPOKEN and says == "origin" else says
    return f"{SAYS.get(kind) or clean(kind).replace('_', ' ')} {clean(candidate)}"
