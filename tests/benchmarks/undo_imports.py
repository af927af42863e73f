"""Time to take an import of 100,000 rows back, new rows and updates, with all old values returning.

Run: uv run python tests/benchmarks/undo_imports.py [--rows N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from data import adoption, tables
from data.rows import Source, in_force, write_batch
from data.store import Store, StoreProperties

BAR_S = 1.0
MORNING = datetime(2024, 1, 1, tzinfo=UTC)


def incidents(n: int, *, category: str) -> list[dict[str, object]]:
    """Make rows that differ in their case number and moment."""
    return [
        {
            "row_key": f"CA|V{i}", "source": "CA", "case_id": f"V{i}", "category": category,
            "starts_at": MORNING + timedelta(minutes=i), "ends_at": MORNING + timedelta(minutes=i),
            "time_is_known": True, "longitude": 105.77, "latitude": 19.8,
            "location_quality": "exact", "division": "2024", "ward_code": "101", "file_row": i + 2,
        }
        for i in range(n)
    ]  # fmt: skip


def write(store: Store, rows: list[dict[str, object]]) -> int:
    """Write rows as one batch; its number."""
    with store.begin(actor="benchmark") as transaction:
        batch = write_batch(transaction, "incidents", rows, source=Source(file_name="f")).batch
    assert batch is not None
    return batch


def counts(store: Store) -> dict[str, int]:
    """Count the rows in force by category."""
    table = tables.incidents
    with store.read() as connection:
        lines = connection.execute(
            sa.select(table.c.category, sa.func.count())
            .where(in_force(table))
            .group_by(table.c.category)
        )
        return {str(line[0]): int(line[1]) for line in lines}


def undo(store: Store, batch: int, what: str) -> None:
    """Take a batch back, and print how long that took."""
    started, cpu = time.perf_counter(), time.process_time()
    adoption.undo(store, batch, actor="benchmark")
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    sys.stdout.write(
        f"{what}: {took:.3f} s ({cpu:.3f} CPU s), bar {BAR_S} s; in force now {counts(store)}\n"
    )


def main() -> None:
    """Write, update and undo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    n = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(
            Path(folder) / "undo.db",
            StoreProperties(
                city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
            ),
        )
        first = write(store, incidents(n, category="theft"))
        second = write(store, incidents(n, category="robbery"))
        assert counts(store) == {"robbery": n}
        undo(store, second, f"undo of {n} updates")
        assert counts(store) == {"theft": n}
        undo(store, first, f"undo of {n} new rows")
        assert counts(store) == {}
        store.close()


if __name__ == "__main__":
    main()
