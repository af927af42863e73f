"""Eight processes import overlapping ledgers into one store while another reads it all the time.

Run: uv run python tests/benchmarks/concurrent_imports.py [--processes 8 --files 4 --rows 500]

Every case must be there once, accepted and known rows must sum up, and no read may take half a
second. Ends with an error when one of these fails.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import import_drill as drill

from data import layers
from data.errors import StoreLockedError
from data.store import Store

SLOWEST_READ_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the drill found."""

    n_cases: int
    n_found: int
    n_rows: int
    n_counted: int
    n_retries: int
    n_reads: int
    slowest_read_s: float
    slowest_read_cpu_s: float
    slowest_nap_s: float
    integrity: str


def work(
    location: str, ledgers: list[Path], told: multiprocessing.Queue[tuple[int, int, int]]
) -> None:
    """Import ledgers one after another; tell the rows, those accounted for, and the retries."""
    store = Store.open(location)
    n_rows = n_counted = n_retries = 0
    for path in ledgers:
        while True:
            try:
                report = drill.bring_in(store, path)
            except StoreLockedError:  # as the command says: another program writes, try again
                n_retries += 1
            else:
                break
        n_rows += report.n_rows
        n_counted += report.n_accepted + report.n_updated + report.n_duplicates
    store.close()
    told.put((n_rows, n_counted, n_retries))


def read_all_the_time(
    location: str, stop: Event, told: multiprocessing.Queue[list[tuple[float, float, float]]]
) -> None:
    """Read what a page reads first, again and again.

    Tells of each time the seconds of the read, its CPU seconds, and the seconds of the nap of a
    hundredth before it: a nap waits for no lock, so that it shows how long the machine lets anybody
    wait.
    """
    store = Store.open(location)
    took: list[tuple[float, float, float]] = []
    before = 0
    while not stop.is_set():
        lay_down = time.perf_counter()
        time.sleep(0.01)
        started, cpu = time.perf_counter(), time.process_time()
        n = layers.count_incidents(store)
        layers.incident_days(store)
        took.append((time.perf_counter() - started, time.process_time() - cpu, started - lay_down))
        assert n >= before, "rows went away"
        before = n
    store.close()
    told.put(took)


def run(folder: Path, *, n_processes: int, n_files: int, per_file: int) -> Outcome:
    """Run the drill in an empty folder."""
    store = drill.make_city(folder / "drill.db")
    n_ledgers = n_processes * n_files
    ledgers = [
        drill.write_ledger(folder / f"{k}.csv", drill.overlapping(k, per_file))
        for k in range(n_ledgers)
    ]
    location = store.location
    store.close()
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    counts: multiprocessing.Queue[tuple[int, int, int]] = context.Queue()
    reads: multiprocessing.Queue[list[tuple[float, float, float]]] = context.Queue()
    stop = context.Event()
    reader = context.Process(target=read_all_the_time, args=(location, stop, reads))
    writers = [  # each has its own ledgers, and half of each is the next process's too
        context.Process(target=work, args=(location, ledgers[p::n_processes], counts))
        for p in range(n_processes)
    ]
    reader.start()
    for writer in writers:
        writer.start()
    told = [counts.get(timeout=600) for _ in writers]
    for writer in writers:
        writer.join()
    stop.set()
    took = reads.get(timeout=60)
    reader.join()
    cases = set().union(*(drill.overlapping(k, per_file) for k in range(n_ledgers)))
    store = Store.open(location)
    found = layers.read_incidents(store)["case_id"].tolist()
    store.close()
    assert sorted(found) == sorted(f"V{i}" for i in cases), "rows are missing or double"
    with closing(sqlite3.connect(location)) as connection:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
    return Outcome(
        n_cases=len(cases),
        n_found=len(found),
        n_rows=sum(n for n, _, _ in told),
        n_counted=sum(n for _, n, _ in told),
        n_retries=sum(n for _, _, n in told),
        n_reads=len(took),
        slowest_read_s=max(wall for wall, _, _ in took),
        slowest_read_cpu_s=max(cpu for _, cpu, _ in took),
        slowest_nap_s=max(nap for _, _, nap in took),
        integrity=integrity,
    )


def main() -> None:
    """Run the drill and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--rows", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(
            Path(folder), n_processes=asked.processes, n_files=asked.files, per_file=asked.rows
        )
    sys.stdout.write(f"{outcome}\n")
    assert outcome.n_found == outcome.n_cases
    assert outcome.n_counted == outcome.n_rows
    assert outcome.integrity == "ok"
    assert outcome.slowest_read_s < SLOWEST_READ_S


if __name__ == "__main__":
    main()
