"""Every rule, in the order in which evidence is listed."""

from __future__ import annotations

from dedup.attribution import bylines, citation, content, credit, prior, releases, republication, timing

STORY_RULES = credit.RULES + bylines.RULES + republication.RULES + releases.RULES + citation.RULES
"""Rules on one story."""

CASE_RULES = content.RULES + timing.RULES + prior.RULES
"""Rules on a whole case; they see what the rules on stories found."""

RULES = STORY_RULES + CASE_RULES
