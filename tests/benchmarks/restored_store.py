"""A store is backed up and restored, by command, while three processes import and one reads.

Run: uv run python tests/benchmarks/restored_store.py [--seconds 6]

The backup must answer as the store did at one moment: of every ledger all cases or none. Restored
into the very store that is being written, its cases are back, nobody's read fails, and imports go
on. Ends with an error when one of these fails.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.synchronize import Event
from pathlib import Path

import import_drill as drill

from data import layers
from data.errors import StoreLockedError
from data.store import Store

PER_FILE = 100


def write_on(location: str, folder: Path, number: int, stop: Event) -> None:
    """Import ledger after ledger until told to stop."""
    store = Store.open(location)
    k = 0
    while not stop.is_set():
        start = (number * 1_000_000 + k) * PER_FILE
        path = drill.write_ledger(folder / f"{number}-{k}.csv", range(start, start + PER_FILE))
        try:
            drill.bring_in(store, path)
        except StoreLockedError:
            continue
        k += 1
    store.close()


def read_on(location: str, stop: Event, told: multiprocessing.Queue[float]) -> None:
    """Read until told to stop; tell the slowest."""
    store = Store.open(location)
    slowest = 0.0
    while not stop.is_set():
        started = time.perf_counter()
        layers.count_incidents(store)
        slowest = max(slowest, time.perf_counter() - started)
        time.sleep(0.01)
    store.close()
    told.put(slowest)


def vonglau(*words: str) -> float:
    """Run the command; give its seconds."""
    started = time.perf_counter()
    code = "from dashboard.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, *words], check=True, stdout=subprocess.DEVNULL,
                   env=os.environ)  # fmt: skip
    return time.perf_counter() - started


def cases(location: str | Path) -> Counter[str]:
    """Count the cases in force."""
    store = Store.open(location)
    found = Counter(layers.read_incidents(store)["case_id"])
    store.close()
    return found


def main() -> None:
    """Run the drill and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = drill.make_city(folder / "drill.db")
        location = store.location
        store.close()
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        stop, slowest = context.Event(), context.Queue()
        reader = context.Process(target=read_on, args=(location, stop, slowest))
        writers = [
            context.Process(target=write_on, args=(location, folder, n, stop)) for n in range(3)
        ]
        for process in (reader, *writers):
            process.start()
        time.sleep(asked.seconds / 2)
        backup = folder / "backup.db"
        took_backup = vonglau("backup", str(backup), "--store", location)
        time.sleep(asked.seconds / 2)
        took_restore = vonglau("restore", str(backup), "--store", location, "--replace")
        at_once = cases(location)
        stop.set()
        slowest_s = slowest.get(timeout=60)
        for process in (reader, *writers):
            process.join()
            assert process.exitcode == 0
        fresh = folder / "fresh.db"
        vonglau("restore", str(backup), "--store", str(fresh))
        saved, now = cases(fresh), cases(location)
    per_ledger = Counter(int(case[1:]) // PER_FILE for case in saved)
    assert set(saved.values()) <= {1}
    assert set(per_ledger.values()) <= {PER_FILE}, "half a ledger in the backup"
    assert saved.keys() <= at_once.keys() <= now.keys(), "restored rows are missing"
    sys.stdout.write(
        f"backup {took_backup:.1f} s, restore {took_restore:.1f} s (each with its start);"
        f" {len(saved)} cases in the backup, {len(at_once)} just after the restore,"
        f" {len(now)} at the end; slowest read {slowest_s:.3f} s\n"
    )


if __name__ == "__main__":
    main()
