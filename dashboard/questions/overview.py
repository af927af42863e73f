"""The overview: the past year of incidents and cameras, and what stands out among the wards."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis import coverage, differences, reporting_months, trends
from analysis.columns import GOOD_STATES, WORKING_STATES
from analysis.errors import InvalidValueError
from dashboard.questions import carried, city, month_known, months
from dashboard.questions import month as month_question
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_known import Known
from data import layers
from data.store import Store

LEVEL = 0.95
"""Confidence of the intervals of a change."""


@dataclass(frozen=True, kw_only=True)
class OverviewRequest:
    """What to compute.

    Parameters
    ----------
    month
        The last month to show by its name: any day of the calendar month that it ends in.
    today
        The last day of the data; an unfinished month is cut at it.
    categories, ward_codes
        Only these; empty means all. The codes are of the division in force on the month's last
        day, and all months are counted in it.
    n_months
        How many months to look back on, the last one included.
    """

    month: date
    today: date
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    n_months: int = 13


@dataclass(frozen=True, kw_only=True)
class OverviewAnswer:
    """The past months of what was chosen.

    Parameters
    ----------
    request
        What was asked.
    monthly
        One row a month, oldest first: ``month`` (first day), ``n``, ``usual`` with ``usual_low``
        and ``usual_high`` (NaN where the months before are too few), ``is_complete``; ``n_outside``
        rows of the month's table outside their own usual range. Months that another division
        counted otherwise for the wards chosen are left out.
    cameras
        One row a month's last day (or today): ``day``, ``n_installed``, ``n_working``, ``n_good``,
        of the cameras that stand in the wards chosen.
    """

    request: OverviewRequest
    monthly: pd.DataFrame
    cameras: pd.DataFrame


def answer(store: Store, request: OverviewRequest, *, known: Known | None = None) -> OverviewAnswer:
    """Count the past months.

    Parameters
    ----------
    store
        The store.
    request
        What to compute.
    known
        The city's incidents, where they were counted before in the division of the month.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the month.
    UnknownChoiceError
        A ward that the store does not have.
    InvalidValueError
        The month begins after today, or before the records.
    """
    day = city.calendar(store).reporting_day
    last = months.last_day(request.month, today=request.today, reporting_day=day)
    if known is None:
        known = month_known.read(store, on=last, today=request.today)
    wards = known.wards
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    chosen = wards.outlines
    if request.ward_codes:
        chosen = chosen.loc[list(request.ward_codes)]
    return OverviewAnswer(
        request=request,
        monthly=_monthly(store, request, known=known, chosen=chosen),
        cameras=_cameras(store, request, wards=chosen, reporting_day=day),
    )


def ward_changes(found: MonthAnswer, *, n_rows: int = 7) -> pd.DataFrame:
    """Give the wards that changed most against the same month last year.

    The interval is that of ``analysis.differences``, widened by the dispersion of the wards' own
    months before. Wards whose interval leaves out nought come first, then the largest changes.

    Parameters
    ----------
    found
        The month.
    n_rows
        At most so many wards.

    Returns
    -------
    pandas.DataFrame
        ``ward_code``, ``name``, ``n``, ``n_before``, ``change`` with ``low`` and ``high``, and
        ``verdict`` (fell, rose, unsure), from the largest fall to the largest rise. Empty where the
        records do not reach back a year.
    """
    changes = _changes(found)
    is_clear = changes["verdict"] != "unsure"
    order = pd.DataFrame({"is_clear": is_clear, "size": changes["change"].abs()})
    ranked = order.sort_values(["is_clear", "size"], ascending=False, kind="stable").index
    return changes.loc[ranked[:n_rows]].sort_values("change", kind="stable")


def n_compared_wards(found: MonthAnswer) -> int:
    """Tell how many wards have a same month last year to be compared with."""
    return len(_changes(found))


def n_outside(table: pd.DataFrame) -> int:
    """Count the rows of a month's table that lie outside their usual range, sums included."""
    return int(((table["n"] < table["usual_low"]) | (table["n"] > table["usual_high"])).sum())


def total_change(found: MonthAnswer) -> pd.Series[Any] | None:
    """Give the change of everything chosen against the same month last year, as a ward's.

    None where the records do not reach back a year.
    """
    rows = found.table
    sums = rows[(rows["ward_code"] == trends.ALL) & (rows["category"] == trends.ALL)]
    changes = _compared(sums)
    return None if changes.empty else changes.iloc[0]


def seen(found: CoverageAnswer, ward_codes: tuple[str, ...]) -> pd.DataFrame:
    """Give the coverage table of the wards chosen; none chosen means all."""
    return found.table.loc[list(ward_codes)] if ward_codes else found.table


def seen_total(found: CoverageAnswer, ward_codes: tuple[str, ...]) -> pd.Series[float]:
    """Give the coverage of the wards chosen, from their sums."""
    return coverage.total(seen(found, ward_codes))


def top_gap(found: CoverageAnswer, ward_codes: tuple[str, ...]) -> pd.Series[Any] | None:
    """Give the gap with the most incidents in the wards chosen, None when there is no gap."""
    found_gaps = found.gaps
    if ward_codes:
        found_gaps = found_gaps[found_gaps["ward_code"].isin(ward_codes)]
    return None if found_gaps.empty else found_gaps.sort_values("rank").iloc[0]


def worst_ward(found: CoverageAnswer, ward_codes: tuple[str, ...]) -> pd.Series[Any] | None:
    """Give the ward with the most cameras that do not work, None when all work.

    ``n_not_working`` counts them.
    """
    table = seen(found, ward_codes)
    n_not_working = table["n_cameras_installed"] - table["n_cameras_working"]
    if not (n_not_working > 0).any():
        return None
    worst = int(n_not_working.to_numpy().argmax())
    return table.assign(n_not_working=n_not_working).iloc[worst]


def _changes(found: MonthAnswer) -> pd.DataFrame:
    table = found.table
    return _compared(table[(table["category"] == trends.ALL) & (table["ward_code"] != trends.ALL)])


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["n_same_month_last_year"].notna()]
    now = rows["n"].to_numpy(dtype=float)
    before = rows["n_same_month_last_year"].to_numpy(dtype=float)
    low, high = differences.poisson_difference(
        now, before, dispersion=rows["usual_phi"].fillna(1.0).to_numpy(dtype=float), level=LEVEL
    )
    return pd.DataFrame(
        {
            "ward_code": rows["ward_code"],
            "name": rows["name"],
            "n": now.astype(int),
            "n_before": before.astype(int),
            "change": (now - before).astype(int),
            "low": low,
            "high": high,
            "verdict": np.select([high < 0, low > 0], ["fell", "rose"], "unsure"),
        }
    )


def _monthly(
    store: Store, request: OverviewRequest, *, known: Known, chosen: gpd.GeoDataFrame
) -> pd.DataFrame:
    span, how = known.span, known.calendar
    day = how.reporting_day
    columns = ["month", "n", "usual", "usual_low", "usual_high", "is_complete", "n_outside"]
    if span is None:
        return pd.DataFrame(columns=columns)
    since, until = span
    last, oldest = _period(request.month), _period(months.name_of(since, reporting_day=day))
    if last < oldest:
        raise InvalidValueError(column="month", value=request.month, since=since)
    first = max(last - request.n_months + 1, oldest)
    what = month_question.carried_into(
        store,
        known,
        chosen.index,
        categories=request.categories,
        days=(
            reporting_months.first_day(last, reporting_day=day),
            months.last_day(request.month, today=until, reporting_day=day),
        ),
    )
    if what.comparable_since is not None:
        comparable = months.name_of(what.comparable_since, reporting_day=day)
        first = max(first, _period(comparable))
    categories = list(request.categories or known.categories)

    def counted(month: pd.Period, of: pd.DataFrame, known_since: date | None) -> pd.DataFrame:
        return trends.month_table(
            known.counts,
            month=str(month),
            today=until,
            wards=of,
            categories=categories,
            since=known_since,
            calendar=how,
        )

    rows = []
    for month in pd.period_range(first, last, freq="M"):
        table = carried.month_table(
            functools.partial(counted, month),
            carried=what,
            wards=chosen,
            since=city.known_since(since, month.start_time.date(), reporting_day=day),
        )
        total = table.iloc[[-1]]  # the sum of sums comes last
        rows.append(total.assign(month=month.start_time, n_outside=n_outside(table)))
    return pd.concat(rows, ignore_index=True)[columns]


def _period(month: date) -> pd.Period:
    return pd.Period(month, freq="M")


def _cameras(
    store: Store, request: OverviewRequest, *, wards: gpd.GeoDataFrame, reporting_day: int
) -> pd.DataFrame:
    last = _period(request.month)
    days = [
        months.last_day(month.start_time.date(), today=request.today, reporting_day=reporting_day)
        for month in pd.period_range(last - request.n_months + 1, last, freq="M")
    ]
    standing = layers.read_cameras_of_days(store, days)
    ever = pd.concat([cameras.geometry for cameras in standing.values()])
    places = gpd.GeoSeries(ever[~ever.index.duplicated()]).to_crs(wards.crs)
    lies_in = coverage.wards_of(places, wards=wards).notna()
    rows = []
    for day in days:
        cameras = standing[day]
        inside = cameras[lies_in.reindex(cameras.index)]
        rows.append(
            {
                "day": day,
                "n_installed": len(inside),
                "n_working": int(inside["state"].isin(WORKING_STATES).sum()),
                "n_good": int(inside["state"].isin(GOOD_STATES).sum()),
            }
        )
    return pd.DataFrame(rows)
