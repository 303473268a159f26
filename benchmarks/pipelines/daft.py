"""daft: the pipeline of its tutorial on MinHash deduplication, up to the edges.

`normalize`, `minhash(128, 5)`, bands by `chunk`, `explode`, `groupby` and `list_agg`; then the pairs of each bucket,
and of these the ones whose signatures agree in as many permutations as the threshold says. The tutorial goes on to
connected components; here the pairs are the answer. daft works on the cores that the process is held to.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from benchmarks.pipelines import shared

N_PERMUTATIONS = 128
_PAIRS_AT_ONCE = 100_000


def main() -> None:
    """Write the pairs that daft finds."""
    asked = shared.asked(__doc__ or "")
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
    signed = signatures(str(asked.archive)).to_arrow()
    numbers = signed["number"].to_numpy()
    order = np.argsort(numbers)
    signature = signed["signature"].combine_chunks().flatten().to_numpy().reshape(len(numbers), -1)[order]
    ids = signed["id"].to_numpy()[order].tolist()
    grouped = buckets(signed, asked).to_arrow()["numbers"].combine_chunks()
    members = np.searchsorted(numbers[order], grouped.flatten().to_numpy())
    lengths = np.diff(grouped.offsets.to_numpy())
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    pairs = shared.within(members, offsets)
    agree = np.concatenate(
        [np.empty(0)]
        + [
            (signature[part[:, 0]] == signature[part[:, 1]]).mean(axis=1)
            for part in np.array_split(pairs, len(pairs) // _PAIRS_AT_ONCE + 1)
        ]
    )
    shared.write(asked.pairs, ids, pairs[agree >= asked.threshold].tolist())


def signatures(archive: str) -> Any:
    """Return the id, the number and the signature of each document."""
    import daft
    from daft import functions

    normalised = functions.normalize(
        daft.col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True
    )
    signature = functions.minhash(
        normalised,
        num_hashes=N_PERMUTATIONS,
        ngram_size=shared.SHINGLE_WORDS,
        hash_function="xxhash",
    )
    return (
        daft.read_json(archive)
        .select("id", "text")
        .with_column("number", functions.monotonically_increasing_id())
        .with_column("signature", signature)
        .select("id", "number", "signature")
        .collect()
    )


def buckets(signed: Any, asked: shared.Asked) -> Any:
    """Return the numbers of the documents in each bucket that holds several."""
    import daft
    from daft import functions

    banded = (
        daft.from_arrow(signed)
        .select("number", functions.chunk(daft.col("signature"), asked.rows).alias("band"))
        .with_column("place", daft.lit(list(range(asked.bands))))
    )
    return (
        banded.explode("band", "place")
        .groupby("place", "band")
        .agg(functions.list_agg(daft.col("number")).alias("numbers"))
        .where(functions.list_count(daft.col("numbers")) > 1)
        .select("numbers")
        .collect()
    )


if __name__ == "__main__":
    main()
