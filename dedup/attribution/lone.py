"""Stories that nothing else matches: whether each says itself that it is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import naming, registry, rules, signs, views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import agencies

_RULES = tuple(rule for rule in registry.TEXT_RULES if rule.says in {rules.ORIGIN, rules.IMMEDIATE_SOURCE})
_SIGNS = tuple(dict.fromkeys(kind for rule in _RULES for kind in rule.signs))


def may_credit(stories: records.Stories, table: agencies.Agencies) -> NDArray[np.bool_]:
    """Return for each story whether its head, its tail or its byline may credit somebody else, (n,) bool.

    The marks of the agency that the record names as its outlet are no signs of that.

    >>> from dedup import records
    >>> from dedup.attribution import agencies
    >>> text = "RIYADH, Feb 18 (Reuters) - It said."
    >>> told = [records.Story("a", text, 0, len(text), outlet=outlet) for outlet in ("Reuters", "Daily Digest")]
    >>> may_credit(records.Stories.of(told), agencies.load()).tolist()
    [False, True]
    """
    register = naming.Register(table)
    own = register.agencies_of(register.column(stories.outlets))
    held = signs.find(stories, _SIGNS, table, own)
    may: NDArray[np.bool_] = np.logical_or.reduce([held.all_of(rule.signs) for rule in _RULES])
    return may


def credits_elsewhere(stories: records.Stories, table: agencies.Agencies) -> NDArray[np.bool_]:
    """Return for each story whether it says itself that it was taken from somebody other than its outlet, (n,) bool.

    >>> from dedup import records
    >>> from dedup.attribution import agencies
    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said it had agreed."
    >>> told = [records.Story("a", text, 0, len(text), outlet=outlet) for outlet in ("Reuters", "Daily Digest")]
    >>> credits_elsewhere(records.Stories.of(told), agencies.load()).tolist()
    [False, True]
    """
    passed = may_credit(stories, table)
    for number in np.flatnonzero(passed).tolist():
        view = views.view(stories.story(number), table)
        passed[number] = any(not view.is_own(finding.name) for rule in _RULES for finding in rule.find(view))
    return passed
