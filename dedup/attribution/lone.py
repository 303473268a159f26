"""Stories that nothing else matches: whether each says itself that it is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import naming, registry, rules, signs, texts, views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records, running
    from dedup.attribution import agencies

_RULES = tuple(rule for rule in registry.TEXT_RULES if rule.says in {rules.ORIGIN, rules.IMMEDIATE_SOURCE})
_SIGNS = tuple(dict.fromkeys(kind for rule in _RULES for kind in rule.signs))


def credits_elsewhere(
    stories: records.Stories, table: agencies.Agencies, run: running.Run = map
) -> NDArray[np.bool_]:
    """Return for each story whether it says itself that it was taken from somebody other than its outlet, (n,) bool.

    Its head, its tail and its byline are asked. The marks of the agency that the record names as the outlet are no
    signs of that.

    Parameters
    ----------
    run : what looks for signs, in some stories at a time

    >>> from dedup import records
    >>> from dedup.attribution import agencies
    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said it had agreed."
    >>> told = [records.Story("a", text, 0, len(text), outlet=outlet) for outlet in ("Reuters", "Daily Digest")]
    >>> credits_elsewhere(records.Stories.of(told), agencies.load()).tolist()
    [False, True]
    """
    register = naming.Register(table)
    own = register.agencies_of(register.column(stories.outlets))
    asked = texts.Asked.of(signs.find(stories, _SIGNS, table, own, run), _RULES)
    passed = asked.any()
    numbers = np.flatnonzero(passed)
    for number, story in zip(numbers.tolist(), stories.chosen(numbers), strict=True):
        view = views.View(story, table, story.start, story.end)
        passed[number] = any(
            not view.is_own(finding.name) for rule in asked.rules(number) for finding in rule.find(view)
        )
    return passed
