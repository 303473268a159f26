"""Kills a process that adds to an index, again and again, and looks whether the index is whole.

    python -m benchmarks.index_kills [--kills N] [--records N] [--seed S]

A process adds batches of planted articles, one after another, and says when each is done; it is killed (-9) at a
random moment. Afterwards each batch that was done must be there whole, the one under way whole or not at all,
`verify` must find no fault, and the next process goes on. The first kills fall into the making of the index itself.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import planted, timing
from dedup import errors
from dedup.index import standing

_ADDER = """
import sys
from dedup.index import standing
path, folder, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
import pathlib
batches = sorted(pathlib.Path(folder).glob("*.jsonl"))[first:]
print("ready", flush=True)
with standing.Index(path, threads=1) as index:
    for batch in batches:
        index.add(batch)
        print(batch.name, flush=True)
"""
_BATCH = 40
_MOST_S = 1.5


def main() -> None:
    """Print how the index stood after each kill; the exit code is 1 if it was ever not whole."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--records", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(timing.machine())
    chance = np.random.default_rng(arguments.seed)
    lines = [
        json.dumps(record.fields)
        for record in planted.make(arguments.records).records(range(arguments.records))
    ]
    n_wrong = n_within = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = {}
        sizes = [4 * _BATCH, *(_BATCH for _ in range(arguments.records // _BATCH - 4))]
        begin = 0
        for number, size in enumerate(sizes):
            some = lines[begin : begin + size]
            begin += size
            path = folder / f"{number:05}.jsonl"
            path.write_text("\n".join(some) + "\n", encoding="utf-8")
            ids[path.name] = {json.loads(line)["id"] for line in some}
        index = folder / "index.dedup"
        done: list[str] = []
        for kill in range(arguments.kills):
            said = _run_and_kill(index, folder, len(done), chance.uniform(0, _MOST_S))
            done += said
            problem, n_more = _look(index, ids, done)
            done += sorted(ids)[len(done) : len(done) + n_more]
            n_within += n_more
            if problem:
                n_wrong += 1
                print(f"kill {kill + 1}: {problem}")
        with standing.Index(index, threads=1) as held:
            held.add(folder / sorted(ids)[len(done)])
            verified = held.verify()
        print(
            f"{arguments.kills} kills: {len(done):,} batches added, {n_within} of them durable before it was said;"
            f" not whole {n_wrong} times; at the end {verified.n_articles:,} articles, {len(verified.faults)} faults"
        )
    sys.exit(n_wrong > 0 or bool(verified.faults))


def _run_and_kill(index: Path, folder: Path, first: int, after_s: float) -> list[str]:
    """Return the batches that a process said it had added before it was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _ADDER, str(index), str(folder), str(first)], stdout=subprocess.PIPE, text=True
    ) as adder:
        said = adder.stdout or sys.stdin
        said.readline()
        time.sleep(after_s)
        os.kill(adder.pid, signal.SIGKILL)
        return said.read().split()


def _look(index: Path, ids: dict[str, set[str]], done: list[str]) -> tuple[str | None, int]:
    """Return what is wrong with an index, if anything, and how many batches more it has than were said to be done."""
    wanted = {identity for name in done for identity in ids[name]}
    try:
        with standing.Index(index, threads=1) as held:
            found = {identity for (identity,) in held.store.rows("SELECT article_id FROM stories")}
            verified = held.verify()
    except errors.StoreError as error:
        return (str(error), 0) if done else (None, 0)
    if verified.faults:
        return f"{verified.faults[0]}", 0
    if not wanted <= found:
        return f"{len(wanted - found)} articles of batches that were done are missing", 0
    more = found - wanted
    following = ids[sorted(ids)[len(done)]]
    if more and more != following:
        return f"{len(more)} articles of a batch of {len(following)} are there", 0
    return None, int(bool(more))


if __name__ == "__main__":
    main()
