"""How much of a month is known yet, from how soon incidents have been reported so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis import late_reports
from analysis.late_reports import Nowcast

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
    recorded: pd.DataFrame, counted: pd.DataFrame, *, first: date, last: date, today: date
) -> LateReports | None:
    """Estimate what a month will count; None where too few incidents tell when they were reported.

    Parameters
    ----------
    recorded
        Incidents to learn from: ``happened_on`` and ``reported_at`` (local time).
    counted
        The incidents of what was chosen, with their ``share`` where they were shared out.
    first, last
        The days of the month that are counted.
    today
        The last day that the records cover; a later report shows that they were seen until then.
    """
    reported = pd.to_datetime(recorded["reported_at"]).dt.tz_localize(None)
    happened = recorded["happened_on"]
    is_recent = happened >= pd.Timestamp(last) - pd.DateOffset(months=LEARN_MONTHS)
    happened, reported = happened[is_recent], reported[is_recent]
    if happened.empty or reported.notna().mean() < LEAST_REPORTED_SHARE:
        return None
    seen_until = max(pd.Timestamp(today), reported.max().normalize())
    learned = late_reports.delays(happened, reported, seen_until=seen_until)
    if learned is None:
        return None
    days = pd.date_range(first, last)
    place = (counted["happened_on"] - days[0]).dt.days.to_numpy()
    is_inside = (place >= 0) & (place < len(days))
    weights = counted["share"].to_numpy(dtype=float)[is_inside] if "share" in counted else None
    counts = np.bincount(place[is_inside], weights=weights, minlength=len(days))
    age = (seen_until - days).days.to_numpy()
    return LateReports(
        nowcast=late_reports.nowcast(counts, age, learned),
        seen_until=seen_until.date(),
        known_after=tuple(
            (after, late_reports.known_after(learned, n_days=len(days), after_days=after))
            for after in AFTER_DAYS
        ),
        n_learned=learned.n,
    )


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
