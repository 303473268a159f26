"""FastSketchLSH: sketches in batches, and candidates from its index.

Shingles are made in Python, as its documentation has it. A sketch has a power of two of places, and its bands
are equal parts of it: 32 bands of 4, whatever the threshold. Nothing is verified.
"""

from __future__ import annotations

import numpy as np

from benchmarks.pipelines import shared

_SIZE = 128
_BANDS = 32
_BATCH = 2_000


def main() -> None:
    """Write the pairs that FastSketchLSH finds."""
    asked = shared.asked(__doc__ or "")

    import FastSketchLSH

    documents = shared.read(asked.archive)
    sketcher = FastSketchLSH.FastSimilaritySketch(_SIZE)
    sketches = np.concatenate(
        [
            np.asarray(
                sketcher.batch(
                    list(map(shared.shingles, documents.texts[start : start + _BATCH])),
                    num_threads=asked.threads,
                )
            )
            for start in range(0, len(documents.texts), _BATCH)
        ]
    )
    index = FastSketchLSH.LSH(_SIZE, _BANDS, num_threads=asked.threads)
    index.insert(sketches)
    near, offsets = index.query(sketches, format="csr")
    numbers = np.repeat(np.arange(len(sketches)), np.diff(offsets.astype(np.int64)))
    chosen = near < numbers
    pairs = zip(near[chosen].tolist(), numbers[chosen].tolist(), strict=True)
    shared.write(asked.pairs, documents.ids, pairs)


if __name__ == "__main__":
    main()
