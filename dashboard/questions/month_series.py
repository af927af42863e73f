"""What was chosen, month by month: each month against what was usual then, and the months ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import forecasts, reporting_months, seasons, trends, usual
from analysis.day_counts import DayCounts
from dashboard.questions import city, months
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_known import Known

N_POINTS = 24
"""Months that a control chart looks back on."""

N_PANEL_MONTHS = 24

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The months ahead, and how well such forecasts did.

    Parameters
    ----------
    ahead
        ``month`` (first day), ``mean``, ``low``, ``high`` (95 %), ``inner_low``, ``inner_high``
        (80 %).
    history
        The complete months before: ``month`` and ``n``.
    record
        As ``analysis.forecasts.record``.
    """

    ahead: pd.DataFrame
    history: pd.DataFrame
    record: pd.DataFrame

    @property
    def is_better(self) -> bool | None:
        """Whether the forecasts erred less than the same month a year before; None: not scored."""
        if self.record.empty:
            return None
        ours, naive = (
            float((self.record[name] * self.record["n"]).sum()) for name in ("mae", "mae_naive")
        )
        return ours < naive


def control(known: Known, found: MonthAnswer, *, n_points: int = N_POINTS) -> pd.DataFrame:
    """Judge each of the last months by what was usual then, from the months before it alone.

    Parameters
    ----------
    known
        The city's incidents.
    found
        The month.
    n_points
        So many months at most, the asked one last.

    Returns
    -------
    pandas.DataFrame
        ``month`` (first day), ``n``, ``usual``, ``usual_low``, ``usual_high`` (NaN with fewer than
        12 months before), ``side`` (above, below, within, or None) and ``is_complete``. The last
        row says what the month's table says of everything chosen.
    """
    names, counts, days = _monthly(known, found)
    x = seasons.design(names, calendar=known.calendar, n_days=days)
    chosen, reporting_day = _chosen(known, found), known.calendar.reporting_day
    singles = chosen.in_spans(_months(known, found)[1])
    asked, last_place = found.city, len(names) - 1
    begin = max(0, len(names) - n_points)
    parts = []
    for last in range(begin, last_place):
        span = slice(max(0, last - trends.LONGEST_HISTORY), last + 1)
        before = slice(span.start, last)
        parts.append(
            usual.predict(
                counts[None, None, span],
                days=days[span],
                x=x[span],
                by_year=usual.yearly_dispersion(
                    singles[..., before],
                    days=days[before],
                    first=trends.first_months(chosen, names[span], reporting_day=reporting_day),
                ),
            )
        )
    foreseen = usual.joined(parts)
    low, high = foreseen.interval(level=trends.LEVEL)
    points = pd.DataFrame(
        {
            "month": [name.start_time for name in names[begin:]],
            "n": counts[begin:],
            "usual": [*foreseen.mean, asked["usual"]],
            "usual_low": [*low, asked["usual_low"]],
            "usual_high": [*high, asked["usual_high"]],
            "is_complete": [*[True] * len(parts), bool(asked["is_complete"])],
        }
    )
    return points.assign(side=_sides(points))


def _sides(rows: pd.DataFrame) -> pd.Series[Any]:
    """Name the side of its usual range that each count lies on; None where nothing is usual."""
    side = pd.Series("within", index=rows.index, dtype="object")
    side[rows["n"] > rows["usual_high"]] = "above"
    side[rows["n"] < rows["usual_low"]] = "below"
    side[rows["usual"].isna()] = None
    return side


def forecast(known: Known, found: MonthAnswer) -> Forecast | None:
    """Foresee the next months of everything chosen; None with fewer than 24 complete ones."""
    names, counts, days = _monthly(known, found)
    if not found.city["is_complete"]:
        names, counts, days = names[:-1], counts[:-1], days[:-1]
    if len(names) < seasons.SHORTEST_HISTORY or counts.sum() == 0:
        return None
    coming = [names[-1] + step for step in range(1, forecasts.HORIZON + 1)]
    reporting_day = known.calendar.reporting_day
    length = [reporting_months.n_days(name, reporting_day=reporting_day) for name in coming]
    x = seasons.design([*names, *coming], calendar=known.calendar)
    seen = forecasts.ahead(counts, days=[*days, *length], x=x)
    columns = ("mean", "low", "high", "inner_low", "inner_high")
    ahead = pd.DataFrame({name: getattr(seen, name) for name in columns})
    ahead.insert(0, "month", [name.start_time for name in coming])
    return Forecast(
        ahead=ahead,
        history=pd.DataFrame({"month": [name.start_time for name in names], "n": counts}),
        record=forecasts.record(counts, days=days, x=x[: len(names)]),
    )


def as_json(points: pd.DataFrame, ahead: Forecast | None) -> dict[str, Any]:
    """Give the months behind and ahead under their stable keys."""
    return {
        "control": [{**row, "month": f"{row['month']:%Y-%m}"} for row in points.to_dict("records")],
        "forecast": None
        if ahead is None
        else {
            "months": [
                {**row, "month": f"{row['month']:%Y-%m}"} for row in ahead.ahead.to_dict("records")
            ],
            "record": ahead.record.to_dict("records"),
            "is_better_than_last_year": ahead.is_better,
        },
    }


def panels(known: Known, found: MonthAnswer, *, by: str) -> pd.DataFrame:
    """Give the last months of each ward or type chosen, one beside the other.

    Parameters
    ----------
    known
        The city's incidents.
    found
        The month.
    by
        ``wards`` or ``types``.

    Returns
    -------
    pandas.DataFrame
        A row each series and month: ``code``, ``name`` (of a ward; a type has none), ``month``,
        ``n``, and of the last month's row ``side`` (above, below, within its usual range, or None).
        The series with the most incidents first.
    """
    names, spans = _months(known, found)
    names, spans = names[-N_PANEL_MONTHS:], spans[-N_PANEL_MONTHS:]
    chosen = _chosen(known, found)
    by_month = chosen.in_spans(spans)
    is_ward = by == "wards"
    counts = by_month.sum(axis=1 if is_ward else 0)
    codes = chosen.ward_codes if is_ward else chosen.categories
    own = found.table[found.table["category" if is_ward else "ward_code"] == trends.ALL]
    own = own.set_index("ward_code" if is_ward else "category")
    side = _sides(own)
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    rows = pd.MultiIndex.from_product(
        [[codes[i] for i in order], [name.start_time for name in names]], names=["code", "month"]
    ).to_frame(index=False)
    return rows.assign(
        name=rows["code"].map(known.wards.outlines["name"]) if is_ward else None,
        n=counts[order].ravel(),
        side=rows["code"].map(side),
    )


def each_day(known: Known, found: MonthAnswer) -> pd.DataFrame:
    """Count what was chosen on each day of the twelve months up to the last day counted.

    Returns
    -------
    pandas.DataFrame
        ``day`` and ``n``, the oldest first; days before the records begin are left out.
    """
    last = min(found.last_day, found.request.today)
    first = city.months_before(last, 12)
    if known.span is not None:
        first = max(first, known.span[0])
    n = _chosen(known, found).between(first, last).sum(axis=(0, 1))
    return pd.DataFrame({"day": pd.date_range(first, last), "n": n})


def _chosen(known: Known, found: MonthAnswer) -> DayCounts:
    asked = found.request
    return known.counts.chosen(ward_codes=asked.ward_codes, categories=asked.categories)


def _months(known: Known, found: MonthAnswer) -> tuple[list[pd.Period], list[tuple[date, date]]]:
    """List the months that compare with the asked one, which comes last."""
    day = known.calendar.reporting_day
    asked = pd.Period(found.request.month, freq="M")
    since = known.span[0] if known.span is not None else found.first_day
    if found.carried.comparable_since is not None:
        since = max(since, found.carried.comparable_since)
    oldest = pd.Period(months.name_of(since, reporting_day=day), freq="M")
    oldest += int(since > reporting_months.first_day(oldest, reporting_day=day))
    names = list(pd.period_range(min(oldest, asked), asked, freq="M"))
    return names, [
        (
            reporting_months.first_day(name, reporting_day=day),
            months.last_day(name.start_time.date(), today=found.request.today, reporting_day=day),
        )
        for name in names
    ]


def _monthly(known: Known, found: MonthAnswer) -> tuple[list[pd.Period], Floats, Floats]:
    """Count everything chosen in each month, and its days."""
    names, spans = _months(known, found)
    counts = _chosen(known, found).in_spans(spans).sum(axis=(0, 1))
    days = np.array([(last - first).days + 1 for first, last in spans], dtype=float)
    return names, counts, days
