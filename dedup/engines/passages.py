"""From matches to passage clusters, and whose words these are."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup import attribution, records
from dedup.clustering import passages as grouping
from dedup.clustering.recurring import places as recurring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup import running
    from dedup.engines.archive import Archive
    from dedup.engines.cases import Clusters
    from dedup.matching import matches as matching
    from dedup.matching import passages as aligning
    from dedup.settings import Settings

MOST_ASKED = 16  # of the articles that hold a passage: they are asked whose it is
_AGENCY = "agency"
_TOLD = ("stated", "inferred")
_CREDITS = ("credit", "structure")
_QUOTES = re.compile("[\"“”„«»]|''|``")
_BEFORE = 400  # characters in which an open quotation is looked for


def clusters(
    archive: Archive,
    matches: matching.Matches,
    aligned: aligning.Passages,
    found: Clusters,
    settings: Settings,
    run: running.Run = map,
) -> grouping.Passages:
    """Return the passages that articles share which stand in no common article cluster, each with all its places.

    Pairs of such articles say which text is shared; where it stands is looked up in the whole archive, also in the
    members of article clusters.

    Parameters
    ----------
    run : what reads the archive, some articles at a time
    """
    clusters_of = _clusters_of(len(archive), found)
    a, b = matches.a, matches.b
    apart = np.flatnonzero(grouping.are_apart(a, b, clusters_of))
    lengths = np.diff(aligned.offsets)[apart]
    offsets = records.offsets(lengths)
    rows = np.repeat(aligned.offsets[apart] - offsets[:-1], lengths) + np.arange(offsets[-1])
    spans = np.empty((2, len(rows), 3), np.int64)
    for side, articles in enumerate((a, b)):
        spans[side, :, 0] = np.repeat(articles[apart], lengths)
        spans[side, :, 1:] = aligned.spans[rows, 2 * side : 2 * side + 2]
    page_starts = archive.page_offsets[archive.page_of]
    corpus = recurring.Corpus(archive.text, page_starts, archive.live, archive.sketches.marks)
    return grouping.across(grouping.find(corpus, spans.reshape(-1, 3), settings, run), clusters_of)


def _clusters_of(n_articles: int, found: Clusters) -> records.Ragged:
    """Return the clusters of each article, rising."""
    numbers = np.repeat(np.arange(len(found)), np.diff(found.offsets))
    order = np.argsort(found.articles, kind="stable")
    counts = np.bincount(found.articles, minlength=n_articles)
    return records.Ragged(numbers[order], records.offsets(counts))


def origins(archive: Archive, found: grouping.Passages, agencies: attribution.Agencies) -> list[str | None]:
    """Return for each passage who wrote it, None where that cannot be told.

    Told are passages that several articles credit to one name, each by the credit of its own story, and what stands
    on one agency's own pages only. Whose words a quotation has is not told: those who print it did not write it.
    """
    alike = np.diff(found.articles, prepend=-1) == 0
    alike &= np.diff(found.passages, prepend=-1) == 0
    rows = np.flatnonzero(~alike)
    bounds = np.searchsorted(found.passages[rows], np.arange(int(found.passages.max(initial=-1)) + 2))
    holders = _Holders(archive, np.unique(found.articles), agencies)
    names = []
    for first, end in itertools.pairwise(bounds.tolist()):
        articles = found.articles[rows[first:end]].tolist()
        name = holders.owner(articles)
        if name is None and holders.credited(articles):
            name = holders.credited_to(articles)
        if name is not None and _is_quoted(archive, found, int(rows[first])):
            name = None
        names.append(name)
    return names


class _Holders:
    """The articles that hold passages, and what they say of themselves.

    Parameters
    ----------
    articles : (n,) int64, those that may be asked
    """

    def __init__(self, archive: Archive, articles: NDArray[np.int64], agencies: attribution.Agencies) -> None:
        self._archive = archive
        self._agencies = agencies
        import pyarrow as pa

        stories = archive.stories(articles)
        published = archive.pages.column("published").take(pa.array(archive.page_of[articles]))
        known = articles.tolist()
        self._outlets = dict(zip(known, stories.outlets.to_pylist(), strict=True))
        self._published = dict(zip(known, published.to_pylist(), strict=True))
        self._credits = set(articles[attribution.credits_elsewhere(stories, agencies)].tolist())

    def credited(self, articles: Sequence[int]) -> bool:
        """Return whether one of these articles credits somebody else."""
        return not self._credits.isdisjoint(articles)

    def owner(self, articles: Sequence[int]) -> str | None:
        """Return the agency that published all of these articles and credits nobody else for them."""
        outlets = {self._outlets[article] for article in articles}
        outlet = outlets.pop()
        if outlets or outlet is None or self.credited(articles):
            return None
        agency = self._agencies.named(outlet)
        return agency.name if agency is not None and agency.kind == _AGENCY else None

    def credited_to(self, articles: Sequence[int]) -> str | None:
        """Return whom the verdict on these articles names, if at least two of them and half of all say so.

        Each story's credit is taken to speak of all of the story.
        """
        asked = sorted(articles, key=self._rank)[:MOST_ASKED]
        stories = tuple(self._archive.story(article) for article in asked)
        spans = tuple(((story.start, story.end),) for story in stories)
        n = len(asked)
        verdict = attribution.attribute(
            records.Case(stories, spans, (1.0,) * n, ("copy",) * n), self._agencies
        )
        if verdict.level not in _TOLD:
            return None
        saying = {
            piece.story
            for piece in verdict.evidence
            if piece.candidate == verdict.origin_name and piece.family in _CREDITS
        }
        return verdict.origin_name if len(saying) > 1 and 2 * len(saying) >= n else None

    def _rank(self, article: int) -> tuple[bool, bool, str, int]:
        published = self._published[article]
        return published is None, self._outlets[article] is None, published or "", article


def _is_quoted(archive: Archive, found: grouping.Passages, row: int) -> bool:
    """Return whether a passage holds a quotation mark, or stands within a quotation that begins before it."""
    (page,) = archive.page_texts(found.articles[row : row + 1])
    start, end = int(found.starts[row]), int(found.ends[row])
    if _QUOTES.search(page, start, end + 2):
        return True
    before = page[max(0, start - _BEFORE) : start]
    paragraph = before.rpartition("\n\n")[2]
    return len(_QUOTES.findall(paragraph)) % 2 == 1
