"""A planted archive: every record of it, made anew wherever it is needed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from dedup import errors
from dedup.planting import draws, edits, outlets, plans
from dedup.planting import prose as proses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

_BODY, _EDIT, _DRESS, _PLAN, _OUTLETS, _BACKGROUND, _REPORT = range(7)  # streams of random numbers
_FIRST_DAY = np.datetime64("2023-01-02T00:00:00")
_BLOCK = 512  # records made at a time


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in the archive, and how much its edit did; 0 for what is no edited copy."""

    fields: dict[str, str]
    rate: float


class Archive:
    """A planted archive: its plan, and each of its records when asked for.

    Memory holds the plan, the ids and the outlets (and the real articles, if there are any); a record depends on the
    seed and its number only.

    Parameters
    ----------
    n_records : records in the archive
    seed : equal seeds give equal archives
    real : real articles that the originals are; made from word statistics if None

    Raises
    ------
    UsageError : there are fewer real articles than originals

    >>> archive = Archive(200)
    >>> archive.records([7])[0] == archive.records(range(9))[7] == Archive(200).records([7])[0]
    True
    """

    def __init__(self, n_records: int, seed: int = 1, real: Sequence[proses.Body] | None = None) -> None:
        """Make the plan, the outlets, the weekly reports and the background paragraphs; no article yet."""
        self._seed = seed
        self._prose = proses.Prose(seed)
        chance = self._chance(_PLAN)
        undivided: list[int] = []
        if real is None:
            n_words = plans.lengths(n_records, self._prose.word_bytes, chance)
        else:
            real = _enough(real, plans.n_originals(n_records))
            n_words = np.array([sum(map(edits.n_words, body.paragraphs)) for body in real])
            few = edits.LEAST_PARAGRAPHS
            undivided = [i for i, body in enumerate(real) if len(body.paragraphs) < few]
        self._real = real
        self.plan = plans.plan(n_records, n_words, chance, undivided)
        self.order = chance.permutation(n_records)
        self.ids = [
            xxhash.xxh3_64_hexdigest(number.to_bytes(8, "little"), seed=seed) for number in range(n_records)
        ]
        n_outlets = plans.n_outlets(n_records)
        self.outlets = outlets.outlets(n_outlets, self._chance(_OUTLETS), self._prose)
        self._reports = [
            outlets.report(self._chance(_REPORT, i), self._prose)
            for i in range(int(self.plan.series.max(initial=-1)) + 1)
        ]
        self._backgrounds = [
            self._background(i) for i in range(int(self.plan.backgrounds.max(initial=-1)) + 1)
        ]

    def mixed(self) -> Iterator[tuple[list[int], list[Record]]]:
        """Yield all records in the order of the archive, a block at a time, with their numbers."""
        for start in range(0, len(self.order), _BLOCK):
            numbers = self.order[start : start + _BLOCK].tolist()
            yield numbers, self.records(numbers)

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """Return records as they stand in the archive."""
        plan = self.plan
        listed = np.array(numbers, np.int64)
        kinds = [plan.kind(number) for number in numbers]
        # an exact copy has the furniture and the author that its original has
        exact = np.array([kind == "exact" for kind in kinds], np.bool_)
        keys = draws.keys(self._seed, _DRESS, np.where(exact, plan.originals[listed], listed))
        counts = np.full(len(keys), 1 + outlets.MOST_FURNITURE)
        drawn = draws.fractions(draws.drawn(keys, counts)).reshape(len(keys), -1).tolist()
        seconds = plan.seconds[listed]
        dates = np.datetime_as_string(_FIRST_DAY + seconds.astype("timedelta64[s]")).tolist()
        return [
            self._dressed(number, kind, edited, date if second >= 0 else None, chances)
            for number, kind, edited, date, second, chances in zip(
                numbers, kinds, self.bodies(numbers), dates, seconds.tolist(), drawn, strict=True
            )
        ]

    def bodies(self, numbers: Sequence[int]) -> list[edits.Edited]:
        """Return records without their outlet's furniture, and how much the edit of each did."""
        plan = self.plan
        needed = sorted({each for number in numbers for each in plan.made_of(number)})
        originals = dict(zip(needed, self.originals(needed), strict=True))
        copies = [number for number in numbers if number >= plan.n_originals]
        chances = {number: self._chance(_EDIT, number) for number in copies}
        wanted = [
            edits.n_new_words(plan.kind(number), originals[plan.made_of(number)[0]], chances[number])
            for number in copies
        ]
        new = self._prose.bodies(self._keys(_EDIT, copies), np.array(wanted, np.int64))
        made = {
            number: self._copy(number, originals, chances[number], edits.New(self._prose, body))
            for number, body in zip(copies, new, strict=True)
        }
        return [
            made[number] if number in made else edits.Edited(originals[number], 0.0) for number in numbers
        ]

    def _copy(
        self,
        number: int,
        originals: Mapping[int, proses.Body],
        chance: np.random.Generator,
        new: edits.New,
    ) -> edits.Edited:
        held = [originals[each] for each in self.plan.made_of(number)]
        if number >= self.plan.first_page:
            return edits.Edited(_page(held, chance, new), 0.0)
        return edits.KINDS[self.plan.kind(number)](held[0], chance, new)

    def originals(self, numbers: Sequence[int]) -> list[proses.Body]:
        """Return originals without their outlet's furniture."""
        plan = self.plan
        made = [number for number in numbers if plan.series[number] < 0]
        if self._real is None:
            every = iter(self._prose.bodies(self._keys(_BODY, made), plan.n_words[made]))
        else:
            every = iter([self._real[number] for number in made])
        return [
            self._with_background(next(every), int(plan.backgrounds[number]))
            if plan.series[number] < 0
            else self._reports[plan.series[number]].week(self._chance(_BODY, number), self._prose)
            for number in numbers
        ]

    def _with_background(self, body: proses.Body, background: int) -> proses.Body:
        if background < 0:
            return body
        *before, last = body.paragraphs
        return proses.Body(body.title, [*before, self._backgrounds[background], last])

    def _dressed(
        self, number: int, kind: str, edited: edits.Edited, published: str | None, drawn: list[float]
    ) -> Record:
        """Return a record with author and furniture.

        Parameters
        ----------
        drawn : numbers from 0 to below 1, for the author and for each piece of furniture
        """
        outlet = self.outlets[self.plan.outlets[number]]
        author = outlet.authors[int(drawn[0] * len(outlet.authors))]
        paragraphs = [" ".join(sentences) for sentences in edited.body.paragraphs]
        if author.bio and kind in {"", "exact"}:
            paragraphs.append(author.bio)
        identifier = self.ids[number]
        fields = {
            "id": identifier,
            "url": f"https://{outlet.host}/news/{identifier}",
            "title": edited.body.title,
            "outlet": outlet.name,
            "author": author.name,
        }
        if published is not None:
            fields["published"] = published
        fields["text"] = outlet.page(paragraphs, drawn[1:], everything=kind == "boilerplate")
        return Record(fields, edited.rate)

    def _background(self, number: int) -> list[str]:
        chance = self._chance(_BACKGROUND, number)
        n_words = int(chance.integers(*plans.PROPORTIONS.background_words))
        return self._prose.sentences(chance, n_words)

    def _keys(self, stream: int, numbers: Sequence[int]) -> NDArray[np.uint64]:
        return draws.keys(self._seed, stream, np.array(numbers, np.int64))

    def _chance(self, *stream: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._seed, *stream]))


def _page(held: list[proses.Body], chance: np.random.Generator, new: edits.New) -> proses.Body:
    """Return a page that holds whole articles, under a title of its own."""
    with_titles = chance.random() < plans.PROPORTIONS.pages_with_titles
    paragraphs: proses.Paragraphs = []
    for body in held:
        paragraphs.extend([[body.title], *body.paragraphs] if with_titles else body.paragraphs)
    return proses.Body(new.body.title, paragraphs)


def _enough(real: Sequence[proses.Body], n_needed: int) -> Sequence[proses.Body]:
    if len(real) < n_needed:
        message = (
            f"real articles that repeat no others must be >= {n_needed}: {len(real)}; plant fewer records"
        )
        raise errors.UsageError(message)
    return real[:n_needed]
