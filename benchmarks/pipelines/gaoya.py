"""gaoya: its index of strings, which splits, shingles, sketches and queries in Rust.

A query gives what is estimated to be as similar as the threshold. Words are split at white space
and lower-cased.
"""

from __future__ import annotations

import os

from benchmarks.pipelines import shared


def main() -> None:
    """Write the pairs that gaoya finds."""
    asked = shared.asked(__doc__ or "")
    os.environ["RAYON_NUM_THREADS"] = str(asked.threads)

    from gaoya import minhash

    documents = shared.read(asked.archive)
    index = minhash.MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=asked.threshold,
        num_bands=asked.bands,
        band_size=asked.rows,
        analyzer="word",
        lowercase=True,
        ngram_range=(shared.SHINGLE_WORDS, shared.SHINGLE_WORDS),
        id_container="vec",
    )
    index.par_bulk_insert_docs(list(range(len(documents.ids))), documents.texts)
    found = index.par_bulk_query(documents.texts)
    pairs = ((other, number) for number, near in enumerate(found) for other in near if other < number)
    shared.write(asked.pairs, documents.ids, pairs)


if __name__ == "__main__":
    main()
