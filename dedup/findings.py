"""What a standing index answers: every figure, declared once.

The keys of the JSON and `docs/index-answers.md` derive from the declarations here.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from dedup import records  # noqa: TC001  (the declarations are read when the program runs)

DECIMALS = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that a story and an article share; offsets are characters of the page of each."""

    start: Annotated[int, "where it begins in the story's page"]
    end: Annotated[int, "where it ends there, exclusive"]
    their_start: Annotated[int, "where it begins in the article's page"]
    their_end: Annotated[int, "where it ends there, exclusive"]
    edits: Annotated[int, "the two texts differ in at most so many words"]
    text: Annotated[str, "as it stands in the story"]
    their_text: Annotated[str, "as it stands in the article"]


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """An article of the index that shares text with a story."""

    article_id: Annotated[str, "the article"]
    relation: Annotated[str, "`copy`, `revision`, `excerpt` or `partial`"]
    jaccard: Annotated[float, "exact Jaccard similarity of the two shingle sets"]
    share: Annotated[float, "share of the story's shingles that stand in the article"]
    their_share: Annotated[float, "share of the article's shingles that stand in the story"]
    shared_words: Annotated[int, "words that stand in shared shingles"]
    title: Annotated[str | None, "the article's headline"]
    outlet: Annotated[str | None, "who published it"]
    url: Annotated[str | None, "its address"]
    published: Annotated[str | None, "as claimed, ISO 8601"]
    cluster_ids: Annotated[tuple[str, ...], "the clusters that it stands in"]
    passages: Annotated[tuple[Passage, ...], "what the two share, in the order of the lesser id's text"]


@dataclasses.dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence on whose a text is."""

    article_id: Annotated[str, "the article, or the story itself, that it was found in"]
    rule: Annotated[str, "the rule's name, see docs/rules.md"]
    says: Annotated[str, "`origin`, `co_origin`, `immediate_source`, `self_claim`, `order` or `citation`"]
    candidate: Annotated[str | None, "whom it speaks for"]
    weight: Annotated[float, "log-odds"]
    quote: Annotated[str | None, "verbatim; null where there is none"]


@dataclasses.dataclass(frozen=True, slots=True)
class Whose:
    """Whose text a cluster is that a story would stand in; or, where it would stand in none, whom it credits."""

    cluster_id: Annotated[str | None, "the cluster in the index; null where the story would make it"]
    n_articles: Annotated[int, "its articles with the story; 1 for a story that stands alone"]
    origin_name: Annotated[str | None, "who wrote the text; null when undetermined"]
    origin_kind: Annotated[str, "`agency`, `outlet`, `issuer`, `statement` or `unknown`"]
    origin_article_id: Annotated[str | None, "the original; null when it is not in the index"]
    co_origins: Annotated[tuple[str, ...], "further names with an equal claim"]
    level: Annotated[str, "`stated`, `inferred`, `conflicting` or `undetermined`"]
    runner_up: Annotated[str | None, "the next candidate"]
    first_article_id: Annotated[str | None, "the earliest article; null where the dates leave it open"]
    first_published: Annotated[str | None, "its claimed date, ISO 8601"]
    evidence: Annotated[tuple[Quote, ...], "what it rests on, the strongest first"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What an index holds of one story."""

    article_id: Annotated[str, "the story"]
    source_path: Annotated[str, "the file it was read from, `-` for standard input"]
    line: Annotated[int | None, "1-based line in that file; null for a file of one page"]
    title: Annotated[str | None, "its headline"]
    n_words: Annotated[int, "its words; of very few nothing is found, see `min_words`"]
    seen: Annotated[bool, "whether any of it was published before: it is known, or matches"]
    known: Annotated[bool, "whether the index holds this very article, with the same id and text"]
    matches: Annotated[tuple[Match, ...], "other articles that share text with it, the nearest first"]
    whose: Annotated[tuple[Whose, ...], "whose text it is"]


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What an index holds of some stories, and what of the input could not be read."""

    findings: Annotated[tuple[Finding, ...], "the stories, in the order read"]
    rejects: tuple[records.Reject, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """What befell a cluster when articles came or went."""

    cluster_id: Annotated[str, "the cluster"]
    what: Annotated[
        str,
        "`merged` into another, `split` off another, `ended`; or what is said of it changed: its `origin` or its"
        " `first` article",
    ]
    before: Annotated[str | None, "for `split` the cluster it comes from, else what was said before"]
    after: Annotated[str | None, "for `merged` the cluster it went into, else what is said now"]


@dataclasses.dataclass(slots=True)
class Added:
    """What became of records that were added to an index."""

    n_articles: Annotated[int, "articles that came new"] = 0
    n_known: Annotated[int, "pages that stood there already, equal in every field"] = 0
    n_matches: Annotated[int, "matches that the new articles have"] = 0
    n_held: Annotated[int, "articles that the index holds now"] = 0
    compacted: Annotated[bool, "whether the whole index was made anew with them"] = False
    events: Annotated[tuple[Event, ...], "what befell clusters that were there"] = ()
    rejects: list[records.Reject] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Removed:
    """What went out of an index."""

    article_ids: Annotated[tuple[str, ...], "the articles"]
    overwritten: Annotated[
        bool, "whether their texts are overwritten on disk; not yet, while somebody reads the index as it was"
    ]
    events: Annotated[tuple[Event, ...], "what befell their clusters"]


@dataclasses.dataclass(frozen=True, slots=True)
class Rebuilt:
    """An index that was made anew from what it holds."""

    n_articles: Annotated[int, "articles"]
    n_matches: Annotated[int, "matches"]
    n_clusters: Annotated[int, "clusters, lone stories with a credit among them"]
    events: Annotated[tuple[Event, ...], "what befell clusters that were there"]


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """What an index is, and how it stands to a scan of what it holds."""

    path: Annotated[str, "the file"]
    size_bytes: Annotated[int, "of the file"]
    text_bytes: Annotated[int, "of the texts in it"]
    schema_version: Annotated[int, "the version of its tables"]
    made: Annotated[str, "when, ISO 8601"]
    settings: Annotated[dict[str, Any], "the settings that differ from the defaults"]
    settings_digest: Annotated[str, "equal for equal settings"]
    n_articles: Annotated[int, "articles"]
    n_matches: Annotated[int, "matches"]
    n_clusters: Annotated[int, "clusters of two articles or more"]
    n_lone: Annotated[int, "lone stories that credit somebody else"]
    first_published: Annotated[str | None, "the earliest claimed date"]
    last_published: Annotated[str | None, "the latest claimed date"]
    compacted: Annotated[str | None, "when it was last made anew, ISO 8601"]
    n_added: Annotated[int, "articles added since"]
    n_removed: Annotated[int, "articles removed since"]
    n_keys_frequent: Annotated[int, "keys that have become too frequent since"]
    n_lines_boilerplate: Annotated[
        int | None, "lines that are boilerplate now and were not; null if not counted"
    ]
    n_pairs_lost: Annotated[
        int | None, "matches that a scan would not find: they rest on such lines or keys; null if not counted"
    ]
    n_pairs_changed: Annotated[
        int | None, "matches that a scan would give other figures; null if not counted"
    ]
    n_pairs_missing: Annotated[int | None, "matches that only a scan would find; null if not counted"]
    agencies_changed: Annotated[
        bool, "whether verdicts rest on another table of agencies, or other overrides"
    ]
    watched: Annotated[tuple[str, ...], "the sources that `dedup watch` reads"]


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something in an index that is not as it must be."""

    check: Annotated[str, "what was looked at"]
    thing: Annotated[str, "the article, cluster or key"]
    reason: Annotated[str, "what is wrong"]


@dataclasses.dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at in an index, and what was wrong."""

    n_articles: Annotated[int, "articles whose texts, sketches and keys were made again and compared"]
    n_pairs: Annotated[int, "matches"]
    n_clusters: Annotated[int, "clusters"]
    n_quotes: Annotated[int, "quotes of evidence that were looked up"]
    faults: Annotated[tuple[Fault, ...], "what was wrong"]


def to_json(answer: Any) -> bytes:
    """Return an answer as JSON, fractions with six decimals, without rejects.

    >>> to_json(Event("c1", "ended", None, None))
    b'{"cluster_id":"c1","what":"ended","before":null,"after":null}'
    """
    import msgspec

    return msgspec.json.encode(_plain(answer))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value) if field.name != "rejects"]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value
