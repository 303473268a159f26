"""One pipeline for each peer: articles in, pairs of near-duplicates out, as its documentation has it.

Each is a program, `python -m benchmarks.pipelines.NAME ARCHIVE.jsonl PAIRS.tsv [--threads N]`, and needs nothing but
the peer and NumPy, so that it runs in an environment of the peer's own.
"""
