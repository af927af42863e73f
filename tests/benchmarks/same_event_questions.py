"""How many reports of one event are asked about, and how many of two events.

Run it as ``python tests/benchmarks/same_event_questions.py [STORE]``; without a store it makes the
demo city. Every incident is told once more by another book: minutes and metres later and elsewhere,
as two people write one thing down. It prints the share of those that would be asked about, and how
many in a thousand incidents would be asked about though nobody told them twice.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import same_events
from data import demo, layers
from data.folding import fold
from data.store import Store

SEED = 11
MINUTES_SD, METRES_SD = 10.0, 25.0
LEAST_FOUND_SHARE = 0.85
MOST_FALSE_PER_1000 = 30.0


def main() -> None:
    """Tell incidents twice, pair them, and print what would be asked."""
    with tempfile.TemporaryDirectory() as folder:
        is_told = len(sys.argv) > 1
        store = Store.open(sys.argv[1]) if is_told else demo.write_demo(Path(folder) / "demo.db")
        incidents = layers.read_incidents(store).to_crs(store.properties.metric_crs)
        store.close()
    first = frame(incidents, book="one")
    second = told_again(first, np.random.default_rng(SEED))
    begun = time.process_time()
    pairs = same_events.pairs(second, first)
    took = time.process_time() - begun
    is_same = pairs["report"] == pairs["other"]
    found = pairs.loc[is_same, "report"].nunique() / len(first)
    alone = same_events.pairs(first.assign(book=""), first.assign(book=""))
    false = alone.loc[alone["report"] != alone["other"], "report"].nunique() / len(first)
    say(f"{len(first):,} incidents told twice, {MINUTES_SD:.0f} min and {METRES_SD:.0f} m apart "
        f"(standard deviations): {found:.1%} asked about, in {took:.2f} CPU s")  # fmt: skip
    say(f"asked about though told once: {1000 * false:.1f} in 1,000")
    assert found >= LEAST_FOUND_SHARE
    assert 1000 * false <= MOST_FALSE_PER_1000


def frame(incidents, *, book: str) -> pd.DataFrame:
    """Give incidents as reports."""
    is_exact = (incidents["location_quality"] == "exact").to_numpy()
    return pd.DataFrame(
        {
            "category": incidents["category"].to_numpy(),
            "starts_at": incidents["starts_at"].dt.tz_localize(None).to_numpy(),
            "ends_at": incidents["ends_at"].dt.tz_localize(None).to_numpy(),
            "easting": np.where(is_exact, incidents.geometry.x, np.nan),
            "northing": np.where(is_exact, incidents.geometry.y, np.nan),
            "ward": incidents["ward_code"].to_numpy(),
            "place": [fold(text) for text in incidents["place"].fillna("")],
            "book": book,
        }
    )


def told_again(reports: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Write the same down with another hand."""
    n = len(reports)
    later = pd.to_timedelta(rng.normal(0, MINUTES_SD, n).round(), unit="min")
    return reports.assign(
        book="two",
        starts_at=reports["starts_at"] + later,
        ends_at=reports["ends_at"] + later,
        easting=reports["easting"] + rng.normal(0, METRES_SD, n),
        northing=reports["northing"] + rng.normal(0, METRES_SD, n),
    )


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
