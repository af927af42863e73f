"""Years in which nothing changed, and years with one doubling: alarms beside what is stated.

Each year is a made-up city of 34 wards and 6 types: a season, Tết on its true days (late January in
one year, February in the next), wards and types of very different size, and yearly ups and downs
that give the year-on-year φ of a real city (1.5 to 2). Three years tell what is usual; the twelve
months of the fourth are judged one by one, as on the page.

Run it by hand (minutes):

    .venv/bin/python tests/benchmarks/month_alerts.py [years]
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
import pandas as pd

from analysis import alerts, seasons, usual
from analysis.reporting_months import Calendar
from data.tet import spans

N_WARDS, N_TYPES, PER_MONTH = 34, 6, 300.0
MONTHS = pd.period_range("2022-01", "2025-12", freq="M")
PLANTED = 2.0


def holidays() -> tuple[tuple[date, date], ...]:
    """Give the days of each Tết."""
    return tuple(span for span in spans() if 2022 <= span[0].year <= 2025)


def mean_counts(rng: np.random.Generator, x: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Draw what a city's series have on average in each month."""
    size = np.outer(rng.gamma(2, 1, N_WARDS), rng.gamma(1, 1, N_TYPES))
    size *= PER_MONTH / size.sum()
    waves = rng.normal(0, 0.12, (N_TYPES, x.shape[1] - 1))
    tet = rng.normal(0, 0.8, (N_TYPES, 1))
    season = np.exp(np.hstack([waves, tet]) @ x.T)
    yearly_phi = rng.uniform(1.5, 2.0)
    spread = (yearly_phi - 1) / (size * 12)  # of the year's rate, so that φ is the one wanted
    year = np.arange(len(days)) // 12
    luck = rng.gamma(1 / spread[..., None], spread[..., None], (N_WARDS, N_TYPES, year.max() + 1))
    return size[..., None] * season * days / 30.4 * luck[..., year]


def with_sums(counts: np.ndarray) -> np.ndarray:
    """Add the sums over wards and over types."""
    whole = np.concatenate([counts, counts.sum(axis=0, keepdims=True)], axis=0)
    return np.concatenate([whole, whole.sum(axis=1, keepdims=True)], axis=1)


def judged(cube: np.ndarray, days: np.ndarray, x: np.ndarray) -> pd.DataFrame:
    """Judge the last month of a cube as ``trends.month_table`` does."""
    found = usual.predict(cube, days=days, x=x)
    now = cube[..., -1].ravel()
    return pd.DataFrame(
        {
            "n": now,
            "usual": found.mean,
            "usual_variance": found.variance,
            "usual_phi": found.phi,
            "usual_df": found.df,
            "p_value": found.p_value(now),
        }
    )


def main() -> None:
    """Run the years and print alarms by month beside what was stated."""
    n_years = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rng = np.random.default_rng(7)
    days = np.array([month.days_in_month for month in MONTHS], dtype=float)
    x = seasons.design(list(MONTHS), calendar=Calendar(holidays=holidays()))
    alarms, stated = np.zeros(12), np.zeros(12)
    by_kind = np.zeros(4)
    n_found, n_stated = 0.0, 0.0
    for _ in range(n_years):
        mean = mean_counts(rng, x, days)
        counts = rng.poisson(mean).astype(float)
        for k in range(12):
            last = 36 + k + 1
            span = slice(last - 37, last)
            table = judged(with_sums(counts[..., span]), days[span], x[span])
            found = alerts.alerts(table)
            alarms[k] += len(found)
            stated[k] += alerts.expected_false_alarms(table)
            ward, kind = np.divmod(found.index.to_numpy(), N_TYPES + 1)
            np.add.at(by_kind, 2 * (ward == N_WARDS) + (kind == N_TYPES), 1)
        k = int(rng.integers(12))
        last = 36 + k + 1
        # one type of the whole city doubles in one month; which of them, by chance
        kind = int(rng.integers(N_TYPES))
        raised = counts.copy()
        raised[:, kind, last - 1] = rng.poisson(mean[:, kind, last - 1] * PLANTED)
        span = slice(last - 37, last)
        cube = with_sums(raised[..., span])
        table = judged(cube, days[span], x[span])
        row = N_WARDS * (N_TYPES + 1) + kind
        n_found += row in alerts.alerts(table).index
        n_stated += alerts.chance_to_see(table, PLANTED)[row]
    months = "  ".join(f"{a:.0f}/{s:.0f}" for a, s in zip(alarms, stated, strict=True))
    sys.stdout.write(
        f"{n_years:,} years without change, {N_WARDS} wards x {N_TYPES} types and their sums\n"
        f"false alarms {alarms.sum():.0f}, stated {stated.sum():.1f}: "
        f"ratio {alarms.sum() / stated.sum():.2f}\n"
        f"by month of the year, found/stated: {months}\n"
        f"single {by_kind[0]:.0f}, ward sums {by_kind[1]:.0f}, type sums {by_kind[2]:.0f}, "
        f"city {by_kind[3]:.0f}\n"
        f"one type doubled in one month: found {n_found / n_years:.3f}, "
        f"stated {n_stated / n_years:.3f}\n"
    )


if __name__ == "__main__":
    main()
