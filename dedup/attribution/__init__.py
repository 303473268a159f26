"""Who wrote a text that was published more than once: a verdict for each cluster, with its evidence.

Rules are data plus one small function each (`rules`); they stand in files by what they read (`credit`, `bylines`,
`republication`, `releases`, `citation`, `content`, `timing`, `prior`) and join in `registry`.
"""

from dedup.attribution.agencies import Agencies
from dedup.attribution.agencies import load as load_agencies
from dedup.attribution.lone import HEAD, TAIL, credits_elsewhere, may_credit
from dedup.attribution.verdicts import attribute

__all__ = ["HEAD", "TAIL", "Agencies", "attribute", "credits_elsewhere", "load_agencies", "may_credit"]
