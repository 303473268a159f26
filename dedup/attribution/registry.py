"""Every rule, in the order in which evidence is listed, and the signs of those that read texts."""

from __future__ import annotations

from dedup.attribution import (
    acknowledging,
    bylines,
    citation,
    closings,
    content,
    credit,
    datelines,
    direction,
    margins,
    outletbylines,
    overrides,
    prior,
    published,
    releases,
    republication,
    rules,
    signs,
    sourcelines,
    statements,
    timing,
    transcripts,
    views,
)

STORY_RULES = (
    credit.RULES
    + closings.RULES
    + outletbylines.RULES
    + bylines.RULES
    + published.RULES
    + republication.RULES
    + sourcelines.RULES
    + transcripts.RULES
    + releases.RULES
    + margins.RULES
    + citation.RULES
)
"""Rules on one story: on its text, or on its record."""

CASE_RULES = content.RULES + timing.RULES + prior.RULES
"""Rules on a whole case; they see what the rules on stories found."""

COMPARED_RULES = statements.RULES + acknowledging.RULES + direction.RULES
"""Rules on what several stories of a case say or hold."""

RULES = STORY_RULES + COMPARED_RULES + CASE_RULES + overrides.RULES

TEXT_RULES = tuple(rule for rule in STORY_RULES if isinstance(rule, rules.Rule))
MARGIN_RULES = tuple(
    rule
    for rule in (
        *credit.RULES,
        *closings.RULES,
        *outletbylines.RULES,
        *bylines.RULES,
        *published.RULES,
        *republication.RULES,
    )
    if isinstance(rule, rules.Rule)
    and rule.name not in {"record_byline", "byline_lines", "record_outlet", "shared_byline"}
)
"""Rules on texts that read what stands beside a text too."""
RECORD_RULES = tuple(rule for rule in STORY_RULES if isinstance(rule, rules.RecordRule))
SIGNS = (
    *dict.fromkeys(kind for rule in TEXT_RULES for kind in rule.signs),
    *datelines.SIGNS,
    views.SOURCE_SIGNS,
    statements.QUOTED,
    direction.CORRECTED,
    signs.SITES,
)
"""All signs that are looked for."""
