"""Every rule, in the order in which evidence is listed, and the signs of those that read texts."""

from __future__ import annotations

from dedup.attribution import (
    bylines,
    citation,
    content,
    credit,
    datelines,
    prior,
    releases,
    republication,
    rules,
    timing,
    views,
)

STORY_RULES = credit.RULES + bylines.RULES + republication.RULES + releases.RULES + citation.RULES
"""Rules on one story: on its text, or on its record."""

CASE_RULES = content.RULES + timing.RULES + prior.RULES
"""Rules on a whole case; they see what the rules on stories found."""

RULES = STORY_RULES + CASE_RULES

TEXT_RULES = tuple(rule for rule in STORY_RULES if isinstance(rule, rules.Rule))
RECORD_RULES = tuple(rule for rule in STORY_RULES if isinstance(rule, rules.RecordRule))
SIGNS = (
    *dict.fromkeys(kind for rule in TEXT_RULES for kind in rule.signs),
    *datelines.SIGNS,
    views.SOURCE_SIGNS,
)
"""Signs of which a story holds one whose text must be read."""
