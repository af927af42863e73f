"""How much of a month is known yet, from how soon incidents have been reported so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import late_reports
from analysis.late_reports import Nowcast
from dashboard.questions.month_known import Reports

Floats = npt.NDArray[np.float64]

LEARN_MONTHS = 36
AFTER_DAYS = (0, 5, 15, 30)
"""So many days after a month's end its known share is told; a bulletin is signed on the fifth."""

LEAST_REPORTED_SHARE = 0.5
"""With fewer incidents of a known day of report, the others may be of another kind."""


@dataclass(frozen=True, kw_only=True)
class LateReports:
    """A month, and what is still to come of it.

    Parameters
    ----------
    nowcast
        What is known, and how much there will be.
    seen_until
        The last day on which reports could come in.
    known_after
        Days after the end of a month, and the share of it that is known then.
    n_learned
        Incidents that the delays were learned from.
    """

    nowcast: Nowcast
    seen_until: date
    known_after: tuple[tuple[int, float], ...]
    n_learned: int


def estimate(
    reports: Reports,
    counts: Floats,
    *,
    categories: Sequence[int],
    first: date,
    last: date,
    today: date,
) -> LateReports | None:
    """Estimate what a month will count; None where too few incidents tell when they were reported.

    Parameters
    ----------
    reports
        How late the city's incidents were reported.
    counts
        Incidents of what was chosen on each day of the month that is counted.
    categories
        Codes of the types to learn from; empty means all.
    first, last
        The days of the month that are counted.
    today
        The last day that the records cover; a later report shows that they were seen until then.
    """
    since = (pd.Timestamp(last) - pd.DateOffset(months=LEARN_MONTHS)).date()
    is_used = (reports.day >= _number(since)) & (reports.day <= _number(last))
    if categories:
        is_used &= np.isin(reports.category, categories)
    day, delay, n = reports.day[is_used], reports.delay_days[is_used], reports.n[is_used]
    is_told = delay >= 0
    if not n.sum() or n[is_told].sum() < LEAST_REPORTED_SHARE * n.sum():
        return None
    day, delay, n = day[is_told], delay[is_told], n[is_told]
    seen_until = max(_number(today), int((day + delay).max()))
    learned = late_reports.delays_of_counts(delay, seen_until - day, n)
    if learned is None:
        return None
    age = seen_until - np.arange(_number(first), _number(last) + 1)
    return LateReports(
        nowcast=late_reports.nowcast(counts, age, learned),
        seen_until=date(1970, 1, 1) + timedelta(days=seen_until),
        known_after=tuple(
            (after, late_reports.known_after(learned, n_days=len(counts), after_days=after))
            for after in AFTER_DAYS
        ),
        n_learned=learned.n,
    )


def by_row(n: pd.Series[Any], found: LateReports | None) -> dict[str, Floats]:
    """Estimate what each row of a month's table counts in the end, as its columns.

    The whole month's known share is taken for each row; all NaN where nothing tells.
    """
    if found is None or found.nowcast.known_share <= 0:
        nothing = np.full(len(n), np.nan)
        ends = (nothing, nothing, nothing)
    else:
        ends = late_reports.in_the_end(
            n.to_numpy(dtype=float), known_share=found.nowcast.known_share
        )
    return dict(zip(("n_in_the_end", "in_the_end_low", "in_the_end_high"), ends, strict=True))


def as_json(found: LateReports | None) -> dict[str, Any] | None:
    """Give it under its stable keys."""
    if found is None:
        return None
    now = found.nowcast
    return {
        "seen_until": found.seen_until,
        "n_known": now.n,
        "known_share": now.known_share,
        "n_in_the_end": now.estimate,
        "low": now.low,
        "high": now.high,
        "known_after_days": [
            {"days": days, "known_share": share} for days, share in found.known_after
        ],
        "n_learned": found.n_learned,
    }


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
