"""Who wrote a text that was published more than once: a verdict for each cluster, with its evidence.

Rules are data plus one small function each (`rules`); they stand in files by what they read:

- the text: `credit`, `closings`, `bylines`, `outletbylines`, `published`, `republication`, `sourcelines`, `releases`,
  `transcripts`, `citation`
- what stands beside it in its record: `margins`
- what several texts of a case say or hold: `statements` (by `quoting` and `speakers`), `acknowledging`, `direction`
- the whole case: `content`, `timing`, `dating`, `prior`; and what users know better: `overrides`

and join in `registry`. Cases go through as columns: `signs` tells which texts must be read, `texts` reads them,
`dossiers` gathers all clues, `scoring`, `chain` and `answers` judge, and `verdicts` tells the story. `rejudging`
judges one verdict again from its evidence; `syndication` counts who republishes whom. The tables of names are
`agencies.toml`, `outlets.toml`, `published.toml` and `speech.toml`; `tables` reads those of users.
"""

from dedup.attribution.agencies import Agencies
from dedup.attribution.agencies import load as load_agencies
from dedup.attribution.lone import credits_elsewhere
from dedup.attribution.overrides import Overrides
from dedup.attribution.overrides import load as load_overrides
from dedup.attribution.rejudging import judge
from dedup.attribution.verdicts import attribute, attribute_all

__all__ = [
    "Agencies",
    "Overrides",
    "attribute",
    "attribute_all",
    "credits_elsewhere",
    "judge",
    "load_agencies",
    "load_overrides",
]
