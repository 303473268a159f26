"""rensa: signatures of all documents at once, and candidates from its index.

Shingles are made in Python, as its documentation has it. Nothing is verified.
"""

from __future__ import annotations

from benchmarks.pipelines import shared


def main() -> None:
    """Write the pairs that rensa finds."""
    asked = shared.asked(__doc__ or "")

    from rensa import RMinHash, RMinHashLSH

    documents = shared.read(asked.archive)
    sketches = RMinHash.from_token_sets(map(shared.shingles, documents.texts), asked.n_permutations, 42)
    index = RMinHashLSH(threshold=asked.threshold, num_perm=asked.n_permutations, num_bands=asked.bands)
    index.insert_many(sketches)
    found = index.query_all(sketches)
    pairs = ((other, number) for number, near in enumerate(found) for other in near if other < number)
    shared.write(asked.pairs, documents.ids, pairs)


if __name__ == "__main__":
    main()
