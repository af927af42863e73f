"""Imports killed with SIGKILL at random moments, during the commit too: nothing lost, nothing half.

Run: uv run python tests/benchmarks/killed_imports.py [--runs 200 --rows 300 --seed 1]

A process that has everything loaded forks for each run; the child imports a ledger of its own and
is killed. Half of the kills fall anywhere in the run, half between the first write and the end of
the commit. After each: the ledger is there in full or not at all, in full if the child had said so,
all earlier ones are there, and SQLite's integrity check is clean. At last a ledger of all cases is
imported twice: it adds what was missing, and then nothing. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import import_drill as drill
import sqlalchemy as sa

from data.store import Store

STARTED, WRITING, WRITTEN = b"s", b"w", b"d"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the drill found."""

    n_runs: int
    n_whole: int
    n_none: int
    n_told: int
    n_killed_while_writing: int
    n_half: int
    n_lost: int
    n_damaged: int
    n_added_again: int


def child(location: str, path: Path, pipe: int) -> None:
    """Import a ledger, and tell when it begins, when it first writes, and when it is written."""
    store = Store.open(location)
    is_told = []

    def tell_first(_connection, _cursor, statement: str, *_rest: object) -> None:
        if not is_told and statement.startswith("INSERT"):
            is_told.append(True)
            os.write(pipe, WRITING)

    sa.event.listen(store.engine, "before_cursor_execute", tell_first)
    os.write(pipe, STARTED)
    drill.bring_in(store, path)
    os.write(pipe, WRITTEN)


def killed_run(location: str, path: Path, *, waits_for: bytes, delay_s: float) -> set[bytes]:
    """Fork a child, kill it some time after it told something; give all that it told."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        try:
            child(location, path, into)
        finally:
            os._exit(0)
    os.close(into)
    told = set()
    while waits_for not in told:
        byte = os.read(out, 1)
        if not byte:
            break
        told.add(byte)
    time.sleep(delay_s)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while byte := os.read(out, 1):
        told.add(byte)
    os.close(out)
    return told


def cases_in_force(location: str) -> set[str]:
    """Read the cases with plain SQLite: what is in the file, whatever our own code would say."""
    with closing(sqlite3.connect(location)) as connection:
        lines = connection.execute(
            "SELECT case_id FROM incidents JOIN batches USING (batch_id)"
            " WHERE status = 'active' AND superseded_by IS NULL"
        ).fetchall()
    assert len(lines) == len(set(lines)), "rows came twice"
    return {case for (case,) in lines}


def is_sound(location: str) -> bool:
    """Tell whether SQLite finds no fault."""
    with closing(sqlite3.connect(location)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def typical_s(store: Store, folder: Path, per_file: int) -> tuple[float, float]:
    """Time one import as the children do it: the whole of it, and from its first write on."""
    moments: list[float] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT"):
            moments.append(time.perf_counter())

    path = drill.write_ledger(folder / "first.csv", range(-per_file, 0))
    sa.event.listen(store.engine, "before_cursor_execute", note)
    started = time.perf_counter()
    drill.bring_in(store, path)
    ended = time.perf_counter()
    sa.event.remove(store.engine, "before_cursor_execute", note)
    return ended - started, ended - moments[0]


def run(folder: Path, *, n_runs: int, per_file: int, seed: int) -> Outcome:
    """Run the drill in an empty folder."""
    chance = random.Random(seed)  # noqa: S311  nothing here is secret
    store = drill.make_city(folder / "drill.db")
    whole_s, writing_s = typical_s(store, folder, per_file)
    location = store.location
    store.close()
    expected = cases_in_force(location)
    n = dict.fromkeys(("whole", "none", "told", "writing", "half", "lost", "damaged"), 0)
    for k in range(n_runs):
        cases = range(k * per_file, (k + 1) * per_file)
        path = drill.write_ledger(folder / f"{k}.csv", cases)
        is_late = k % 2 == 1
        told = killed_run(
            location,
            path,
            waits_for=WRITING if is_late else STARTED,
            delay_s=chance.uniform(0, 1.3 * (writing_s if is_late else whole_s)),
        )
        mine = {f"V{i}" for i in cases}
        found = cases_in_force(location)
        n["damaged"] += not is_sound(location)
        n["lost"] += len(expected - found) + (len(mine - found) if WRITTEN in told else 0)
        n["half"] += bool(mine & found) and not mine <= found
        n["whole"] += mine <= found
        n["none"] += not mine & found
        n["told"] += WRITTEN in told
        n["writing"] += WRITING in told and WRITTEN not in told
        expected = found
    store = Store.open(location)
    every = drill.write_ledger(folder / "every.csv", range(n_runs * per_file))
    n_added, n_more = (drill.bring_in(store, every).n_accepted for _ in range(2))
    store.close()
    assert n_added == n["none"] * per_file
    assert n_more == 0
    assert len(cases_in_force(location)) == (n_runs + 1) * per_file
    return Outcome(
        n_runs=n_runs,
        n_whole=n["whole"],
        n_none=n["none"],
        n_told=n["told"],
        n_killed_while_writing=n["writing"],
        n_half=n["half"],
        n_lost=n["lost"],
        n_damaged=n["damaged"],
        n_added_again=n_added,
    )


def main() -> None:
    """Run the drill and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), n_runs=asked.runs, per_file=asked.rows, seed=asked.seed)
    sys.stdout.write(f"{outcome}\n")
    assert (outcome.n_half, outcome.n_lost, outcome.n_damaged) == (0, 0, 0)


if __name__ == "__main__":
    main()
