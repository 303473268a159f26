"""Boilerplate that was learned is known again, in the stories that it was learned from and in later ones."""

from __future__ import annotations

import numpy as np

from dedup import reading
from dedup.engines import assembling, local, masking
from dedup.pipeline import SILENT
from dedup.planting import archives as planting
from dedup.planting import truths
from dedup.settings import Settings
from dedup.text.boilerplate import known

SETTINGS = Settings()


def read(path):
    """Return the archive of a file, before its boilerplate is learned."""
    engine, log = local.Local(SETTINGS, 1, SILENT), reading.ReadingLog()
    return assembling.build(engine.sketch(reading.blocks([str(path)], SETTINGS, log), log), log.rejects)


def test_the_lines_that_were_learned_are_all_known_again_and_no_others(tmp_path):
    truths.write(planting.Archive(900), tmp_path / "all.jsonl", tmp_path / "truth")
    archive = read(tmp_path / "all.jsonl")
    learned = masking.learn(archive, SETTINGS).learned
    found = known.dead(archive.lines, masking.outlets(archive)[0], learned.known)
    assert learned.dead.sum() > 500
    assert len(learned.known) > 20
    np.testing.assert_array_equal(found, learned.dead)


def test_an_outlets_line_is_its_own_and_everybodys_line_is_anybodys(tmp_path):
    truths.write(planting.Archive(60), tmp_path / "all.jsonl", tmp_path / "truth")
    archive = read(tmp_path / "all.jsonl")
    lines, (groups, _) = archive.lines, masking.outlets(archive)
    plain = np.flatnonzero(~lines.furniture)
    owners = np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    line = next(row for row in plain if (lines.folded == lines.folded[row]).sum() == 1)
    own, other = groups[owners[line]], groups[owners[line]] + 1
    for group, is_found in ((own, True), (other, False), (known.EVERYBODY, True)):
        text = known.Known(np.array([group]), lines.folded[[line]], np.array([False]))
        assert known.dead(lines, groups, text)[line] == is_found


def test_a_story_that_consists_of_templates_keeps_them(tmp_path):
    (tmp_path / "a.txt").write_text(
        "Shares of Dell closed at 40 dollars on Monday.\nMore was not said of it."
    )
    (tmp_path / "b.txt").write_text(
        "Shares of Dell closed at 41 dollars on Friday.\n" + "And much more was said of it. " * 9
    )
    archive = read(tmp_path)
    lines, (groups, _) = archive.lines, masking.outlets(archive)
    text = known.Known(np.array([known.EVERYBODY]), lines.folded[:1], np.array([True]))
    first = known.dead(lines, groups, text)[lines.offsets[:-1]]
    assert first.tolist() == [False, False]
    again = known.Known(np.full(2, known.EVERYBODY), lines.folded[lines.offsets[:-1]], np.array([True, True]))
    assert known.dead(lines, groups, again)[lines.offsets[:-1]].tolist() == [False, True]
