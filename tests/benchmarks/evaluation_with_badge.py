"""How long an evaluation with its badge takes on 150,000 incidents, the first one in a process too.

Run it by hand:

    .venv/bin/python tests/benchmarks/evaluation_with_badge.py

A demo city is given copies of its own incidents, moved by up to 100 m and three days, until it has
150,000. The evaluation is that of ``vonglau evaluate --cameras WAVE --no-grid``; with the grid of
all other ways it is timed apart. Loading Python's modules is not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from dashboard.questions import evaluation, waves
from data import demo, tables
from data.store import Store

METRES_A_DEGREE = 111_000.0
LIMIT_S = 3.0


def crowd(store: Store, *, n: int, seed: int = 0) -> None:
    """Add moved copies of the incidents until there are n."""
    rng = np.random.default_rng(seed)
    table = tables.incidents
    with store.read() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    copies = []
    for number in range(n - len(rows)):
        row = dict(rows[number % len(rows)])
        del row["row_id"]
        row["row_key"] = f"{row['row_key']} copy {number}"
        row["case_id"] = None
        by = timedelta(days=float(rng.uniform(-3, 3)))
        row["starts_at"], row["ends_at"] = row["starts_at"] + by, row["ends_at"] + by
        if row["longitude"] is not None:
            east, north = rng.uniform(-100, 100, 2) / METRES_A_DEGREE
            row["longitude"], row["latitude"] = row["longitude"] + east, row["latitude"] + north
        copies.append(row)
    with store.begin(actor="benchmark") as transaction:
        transaction.connection.execute(sa.insert(table), copies)


@contextmanager
def timed(what: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the CPU seconds of a block."""
    start = time.process_time()
    yield
    seconds[what] = time.process_time() - start


def main() -> None:
    """Time evaluations and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=150_000)
    parser.add_argument("--check", action="store_true", help="fail when the first takes over 3 s")
    asked = parser.parse_args()
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        store = demo.write_demo(path)
        crowd(store, n=asked.incidents)
        table = waves.wave_table(store)
        today = store.properties.last_day
        wave = waves.newest_full_wave(table, known=(table["installed_on"].min().date(), today))
        request = evaluation.EvaluationRequest(today=today, wave=wave, is_grid_wanted=False)
        with timed("first in the process", seconds):
            found = evaluation.answer(store, request)
        with timed("again", seconds):
            evaluation.answer(store, request)
        with timed("with the grid of all ways", seconds):
            evaluation.answer(
                store, evaluation.EvaluationRequest(today=today, wave=wave, is_grid_wanted=True)
            )
        store.close()
    badge = found.badge
    sys.stdout.write(
        f"{asked.incidents} incidents, wave {wave}: {len(found.units)} places, "
        f"{found.local.n_treated if found.local else 0} treated, "
        f"{badge.n_sets if badge else 0} placebo sets\n"
    )
    for what, took in seconds.items():
        sys.stdout.write(f"{what}: {took:.2f} CPU s\n")
    if asked.check and seconds["first in the process"] > LIMIT_S:
        sys.exit(1)


if __name__ == "__main__":
    main()
