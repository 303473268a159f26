"""datatrove: the first three of its four steps for MinHash deduplication: signatures, buckets, clusters.

Its own splitting into words (spaCy), word 5-grams, clusters by union-find, nothing verified. It works on a file per
task, and the archive is one file, so that only the buckets are divided among processes. The fourth step removes
documents, and is left out.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pipelines import shared


def main() -> None:
    """Write the pairs within the clusters that datatrove finds."""
    asked = shared.asked(__doc__ or "")

    from datatrove.pipeline.dedup import minhash
    from datatrove.pipeline.readers import JsonlReader

    config = minhash.MinhashConfig(
        n_grams=shared.SHINGLE_WORDS, num_buckets=asked.bands, hashes_per_bucket=asked.rows
    )
    with tempfile.TemporaryDirectory() as name:
        signatures, buckets, clusters = (str(Path(name) / each) for each in ("signed", "buckets", "clusters"))
        reader = JsonlReader(str(asked.archive.parent.resolve()), glob_pattern=asked.archive.name)
        run([reader, minhash.MinhashDedupSignature(signatures, config)], 1, 1)
        run([minhash.MinhashDedupBuckets(signatures, buckets, config=config)], asked.bands, asked.threads)
        run([minhash.MinhashDedupCluster(buckets, clusters, config, save_cluster_id=True)], 1, 1)
        found = np.fromfile(Path(clusters) / "000000.clusters", np.uint32).reshape(-1, 2).astype(np.int64)
    found = found[np.argsort(found[:, 1], kind="stable")]
    edges = np.flatnonzero(np.diff(found[:, 1])) + 1
    pairs = shared.within(found[:, 0], np.concatenate(([0], edges, [len(found)])))
    shared.write(asked.pairs, shared.read(asked.archive).ids, pairs.tolist())


def run(steps: list[Any], n_tasks: int, n_workers: int) -> None:
    """Run the steps of a pipeline on this machine."""
    from datatrove.executor import LocalPipelineExecutor

    with tempfile.TemporaryDirectory() as logs:
        LocalPipelineExecutor(pipeline=steps, tasks=n_tasks, workers=n_workers, logging_dir=logs).run()


if __name__ == "__main__":
    main()
