"""The bulletin: every figure of a month that a leader signs, gathered once for all its forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis import coverage as measures
from analysis import trends, visibility
from dashboard.questions import (
    city,
    coverage,
    footage_funnel,
    hot_spots,
    looks,
    month,
    month_alerts,
    month_known,
    months,
    overview,
    programmes,
    rhythm,
)
from dashboard.questions.bulletin_table import CrossTable, crossed
from dashboard.questions.evaluation_request import NoIncidentsError
from dashboard.questions.footage_funnel import FunnelAnswer
from dashboard.questions.hot_spots import HotSpotsAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_alerts import Alert, Sensitivity
from dashboard.questions.overview import OverviewAnswer
from dashboard.questions.programmes import ProgrammesAnswer
from dashboard.questions.rhythm import RhythmAnswer
from data.store import Store

CHANGES_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class BulletinRequest:
    """What to gather.

    Parameters
    ----------
    month
        The month by its name: any day of the calendar month that it ends in.
    today
        The day that counts as today; the bulletin is dated on it.
    """

    month: date
    today: date


@dataclass(frozen=True, kw_only=True)
class YearToDate:
    """Incidents since the year's first month, and the same months a year before.

    Parameters
    ----------
    since
        The first day of the year's first month.
    n
        Through the month asked, cut where it is cut.
    n_last_year
        The same months and days; None where the records do not reach back so far.
    """

    since: date
    n: float
    n_last_year: float | None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the cameras see on a month's last day.

    Parameters
    ----------
    request
        The day, the level and the edition.
    table, total
        As ``CoverageAnswer``: by ward and for the city.
    gap
        The gap with the most incidents; None where there is none.
    n_all_round
        Working cameras of unknown direction.
    """

    request: coverage.CoverageRequest
    table: pd.DataFrame
    total: pd.Series[float]
    gap: pd.Series[Any] | None
    n_all_round: int

    @property
    def worst_ward(self) -> pd.Series[Any] | None:
        """The ward with the most cameras out of order, ``n_not_working``; None where all work."""
        n = self.table["n_cameras_installed"] - self.table["n_cameras_working"]
        if not (n > 0).any():
            return None
        return self.table.assign(n_not_working=n).iloc[int(n.to_numpy().argmax())]


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """All that the bulletin says of a city's month.

    Parameters
    ----------
    request
        What was asked.
    month
        The month's table, alerts and history.
    table
        Ward by type as a page holds it.
    alerts
        The alerts with what became of them.
    sensed
        The smallest rises that would have been seen; None where nothing can be judged.
    year
        The year to date.
    past
        Thirteen months of incidents and cameras.
    changes
        The wards that changed most against last year, as ``overview.ward_changes``.
    hours
        By hour and weekday, of at most twelve months.
    hot_spots
        None where no incident of the month has a point in the city.
    seen
        What the cameras see on the month's last day.
    asked, asked_in_year
        Requests for footage in the month, and in the twelve months up to its end.
    people
        Programmes on the last day, and tips of the twelve months.
    """

    request: BulletinRequest
    month: MonthAnswer
    table: CrossTable
    alerts: tuple[Alert, ...]
    sensed: Sensitivity | None
    year: YearToDate
    past: OverviewAnswer
    changes: pd.DataFrame
    hours: RhythmAnswer
    hot_spots: HotSpotsAnswer | None
    seen: Seen
    asked: FunnelAnswer
    asked_in_year: FunnelAnswer
    people: ProgrammesAnswer

    @property
    def until(self) -> date:
        """The last day counted."""
        return min(self.month.last_day, self.month.request.today)

    @property
    def wards_without_population(self) -> tuple[str, ...]:
        """Names of the wards whose inhabitants nobody has counted: they have no rate."""
        table = self.month.table
        sums = table[(table["category"] == trends.ALL) & (table["ward_code"] != trends.ALL)]
        return tuple(str(name) for name in sums.loc[sums["rate_per_10k"].isna(), "name"])

    @property
    def cameras(self) -> pd.DataFrame:
        """The month's end and the one before: ``n_installed``, ``n_working``, ``n_good``."""
        return self.past.cameras.tail(2).iloc[::-1].reset_index(drop=True)


def answer(store: Store, request: BulletinRequest) -> Bulletin:
    """Gather a month's figures.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the month.
    NoIncidentsError
        The store has no incident.
    NoRecordsError
        The month begins after the last day that the records cover.
    MonthBeforeRecordsError
        The month was over before the records begin.
    """
    if city.record_span(store, request.today) is None:
        raise NoIncidentsError(day=request.today)
    city.check_month(store, request.month, today=request.today)
    known = month_known.read(
        store,
        on=month_known.last_day(store, request.month, today=request.today),
        today=request.today,
    )
    asked = month.MonthRequest(month=request.month, today=request.today)
    found = month.answer(store, asked, known=known)
    today = found.request.today
    until = min(found.last_day, today)
    n_months = max(1, min(12, len(found.history)))
    asked_in_year = footage_funnel.answer(store, footage_funnel.FunnelRequest(on=until))
    return Bulletin(
        request=request,
        month=found,
        table=crossed(found),
        alerts=tuple(month_alerts.listed(store, found)),
        sensed=month_alerts.sensitivity(found),
        year=year_to_date(found),
        past=overview.answer(
            store, overview.OverviewRequest(month=request.month, today=today), known=known
        ),
        changes=overview.ward_changes(found, n_rows=CHANGES_SHOWN),
        hours=rhythm.answer(store, rhythm.RhythmRequest(until=until, months=n_months), known=known),
        hot_spots=_hot_spots(store, request.month, today),
        seen=seen_on(store, until),
        asked=footage_funnel.answer(
            store, footage_funnel.FunnelRequest(on=until, since=found.first_day)
        ),
        asked_in_year=asked_in_year,
        people=programmes.answer(
            store, programmes.ProgrammesRequest(on=until), asked=asked_in_year
        ),
    )


def year_to_date(found: MonthAnswer) -> YearToDate:
    """Count a year up to a month, and the same months and days of the year before."""
    name = pd.Period(found.request.month, freq="M")
    counts = found.history.set_index(found.history["month"].dt.to_period("M"))["n"]
    this = [m for m in counts.index if m.year == name.year and m <= name]
    january = pd.Period(year=name.year - 1, month=1, freq="M")
    same_month = found.city["n_same_month_last_year"]
    before = None
    if pd.notna(same_month) and january in counts.index:
        whole = [m for m in counts.index if january <= m < name - 12]
        before = float(counts.loc[whole].sum() + same_month)
    since = months.first_day(date(name.year, 1, 1), reporting_day=found.reporting_day)
    return YearToDate(since=since, n=float(counts.loc[this].sum()), n_last_year=before)


def seen_on(store: Store, day: date) -> Seen:
    """Measure what the cameras see on a day, without the bounds and outages of the whole page."""
    request = coverage.CoverageRequest(on=day)
    with visibility.without_compiler():  # a command draws one city's views once
        standing = coverage.stand(store, request, ground=looks.ground(store), is_whole=False)
    table = standing.state.ward_table()
    gaps, _ = coverage.ranked_gaps(standing)
    return Seen(
        request=standing.request,
        table=table,
        total=measures.total(table),
        gap=None if gaps.empty else gaps.sort_values("rank").iloc[0],
        n_all_round=looks.doubts(standing.seeing).n_all_round,
    )


def _hot_spots(store: Store, name: date, today: date) -> HotSpotsAnswer | None:
    found = hot_spots.answer(store, hot_spots.HotSpotsRequest(month=name, today=today))
    return found if found.n_located else None


def as_json(found: Bulletin) -> dict[str, Any]:
    """Give the bulletin under its stable keys."""
    seen = found.seen
    return {
        **month.as_json(found.month),
        **month_alerts.as_json(list(found.alerts), found.sensed),
        "dated_on": found.request.today,
        "data_until": found.month.request.today,
        "year_to_date": {"n": found.year.n, "n_last_year": found.year.n_last_year},
        "table": {
            "categories": found.table.columns,
            "n_other_categories": found.table.n_other_categories,
            "n_other_wards": found.table.n_other_wards,
            "rows": found.table.rows.to_dict("records"),
        },
        "monthly": found.past.monthly.to_dict("records"),
        "cameras": found.past.cameras.to_dict("records"),
        "ward_changes": found.changes.to_dict("records"),
        "hours": {
            "since_months": found.hours.request.months,
            "counts": found.hours.counts.to_numpy().tolist(),
            "n_left_out": found.hours.n_left_out,
        },
        "hot_spots": None
        if found.hot_spots is None
        else {
            "n_hot": int(found.hot_spots.cells["is_hot"].sum()),
            "n_located": found.hot_spots.n_located,
            "n_unlocated": found.hot_spots.n_unlocated,
        },
        "coverage": {
            "level": seen.request.level,
            "edition": seen.request.edition,
            "covered_street_share": seen.total["covered_street_share"],
            "covered_incident_share": seen.total["covered_incident_share"],
            "gap": None
            if seen.gap is None
            else {
                name: seen.gap[name] for name in ("ward_code", "n_incidents_per_year", "area_m2")
            },
        },
        "footage": {
            "month": found.asked.total.to_dict(),
            "twelve_months": found.asked_in_year.total.to_dict(),
        },
        "programmes": {
            "n_programmes": len(found.people.table),
            "tips": found.people.tips.to_dict(),
        },
        "wards_without_population": found.wards_without_population,
    }
