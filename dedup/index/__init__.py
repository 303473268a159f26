"""The standing index: everything seen so far, in one SQLite file that grows, is asked at any time, and never breaks.

`schema` says what stands in the file; `opening` opens it, and `store` keeps it whole. `rows` moves articles in and
out, `archives` makes of some of them what the stages of a scan work on. `postings` holds which articles have which
key, `probing` finds by it what may match. `comparing` matches, `regrouping` makes the clusters anew that a change
touches, and `lineage` keeps their ids. The verbs stand on these: `adding`, `removing`, `checking`, `compacting` (a
scan of what the index holds, written `behind`), `describing`, `verifying`, `exporting` and `watching` (put into words
by `telling`). `standing.Index` is what users hold.
"""
