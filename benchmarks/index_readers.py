"""Lets several processes check stories while one adds to the same index, and looks at their answers and times.

    python -m benchmarks.index_readers [--records N] [--readers N] [--seconds S]

The index holds N planted articles; the writer adds others, a few at a time, without end. Each reader checks records
of the index, spread over it, and knows which matches each has among those: an answer that lacks one, or has a wrong
one among them, is wrong. The exit code is 1 at an error, a wrong answer, or a p99 over 200 ms.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import index_speed, planted, timing
from dedup.index import standing

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

P99_MS = 200.0
_BATCH = 20
_CHECKED = 300


def read(index: Path, known: Path, seconds: float, results: Queue[Any]) -> None:
    """Check stories until the time is over, and send how long each took, and what was wrong."""
    told = json.loads(known.read_text(encoding="utf-8"))
    took, wrong = [], []
    try:
        with standing.Index(index, is_writing=False, threads=1) as held:
            index_speed.milliseconds(held, [record for record, _ in told[:20]])
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                for record, matches in told:
                    begin = time.perf_counter()
                    finding = held.check_text(record["text"], **index_speed.fields(record))
                    took.append(1e3 * (time.perf_counter() - begin))
                    found = {match.article_id: match.relation for match in finding.matches}
                    ours = {
                        identity: found[identity] for identity in found if not identity.startswith("new-")
                    }
                    if ours != matches or not finding.known:
                        wrong.append(f"{record['id']}: {sorted(ours.items())}, not {sorted(matches.items())}")
                    if time.monotonic() >= end:
                        break
    except Exception as error:  # noqa: BLE001  (whatever it is, it is an error of a reader)
        wrong.append(repr(error))
    results.put((took, wrong))


def write(index: Path, batches: list[Path], seconds: float, results: Queue[Any]) -> None:
    """Add batch after batch until the time is over, and send how many articles were added."""
    n_added, failed = 0, []
    try:
        with standing.Index(index, threads=1) as held:
            end = time.monotonic() + seconds
            for batch in batches:
                if time.monotonic() >= end:
                    break
                n_added += held.add(batch).n_articles
    except Exception as error:  # noqa: BLE001  (whatever it is, it is an error of the writer)
        failed.append(repr(error))
    results.put((n_added, failed))


def main() -> None:
    """Print the times of the readers, and what was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    print(timing.machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, path = folder / "planted.jsonl", folder / "index.dedup"
        records = [
            record.fields for record in planted.make(arguments.records).records(range(arguments.records))
        ]
        archive.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        new = planted.make(arguments.records // 2, seed=2).records(range(arguments.records // 2))
        batches = []
        for begin in range(0, len(new), _BATCH):
            batches.append(folder / f"new-{begin:07}.jsonl")
            some = [
                record.fields | {"id": "new-" + record.fields["id"]} for record in new[begin : begin + _BATCH]
            ]
            batches[-1].write_text("".join(json.dumps(record) + "\n" for record in some), encoding="utf-8")
        with standing.Index(path) as held:
            held.add(archive)
            told = []
            for record in records[:: max(1, len(records) // _CHECKED)]:
                matches = held.check_text(record["text"], **index_speed.fields(record)).matches
                told.append((record, {match.article_id: match.relation for match in matches}))
        known = folder / "known.json"
        known.write_text(json.dumps(told), encoding="utf-8")
        context = multiprocessing.get_context("spawn")
        results, added = context.Queue(), context.Queue()
        readers = [
            context.Process(target=read, args=(path, known, arguments.seconds, results))
            for _ in range(arguments.readers)
        ]
        writer = context.Process(target=write, args=(path, batches, arguments.seconds + 5, added))
        for process in (writer, *readers):
            process.start()
        found = [results.get() for _ in readers]
        n_added, failed = added.get()
        for process in (writer, *readers):
            process.join()
        took = [one for times, _ in found for one in times]
        wrong = [one for _, wrongs in found for one in wrongs] + failed
    slowest = statistics.quantiles(took, n=100)[98]
    print(
        f"{len(took):,} checks by {arguments.readers} readers while {n_added:,} articles were added in"
        f" {arguments.seconds:g} s: median {statistics.median(took):.1f} ms, p99 {slowest:.1f} ms"
        f" (bar: {P99_MS:g}), longest {max(took):.0f} ms; errors and wrong answers {len(wrong)}"
    )
    for one in wrong[:5]:
        print(f"  {one}")
    sys.exit(bool(wrong) or slowest > P99_MS)


if __name__ == "__main__":
    main()
