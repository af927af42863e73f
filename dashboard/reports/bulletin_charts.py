"""The bulletin's charts, from its figures: what stands along each, its values, and it in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.questions.bulletin import Bulletin
from dashboard.questions.rhythm import HOURS_A_STEP
from dashboard.reports.bulletin_parts import Chart, Series
from dashboard.sentences import year_before
from dashboard.texts import Texts

A_MONDAY = date(2024, 1, 1)
MOST_YEARS = 4


def charts(say: Texts, found: Bulletin) -> list[Chart]:
    """Give all charts that the figures allow, in the order of the bulletin."""
    drawn = [monthly(say, found), season(say, found), hours(say, found)]
    if len(found.changes):
        drawn.insert(2, changes(say, found))
    if found.past.cameras["n_installed"].any():
        drawn.append(states(say, found))
    return drawn


def monthly(say: Texts, found: Bulletin) -> Chart:
    """Give thirteen months of incidents over what is usual."""
    past = found.past.monthly
    lines: tuple[Series, ...] = (
        Series(name=say("bulletin.number_of"), role="now", numbers=_values(past["n"])),
        Series(name=say("bulletin.usual_low"), role="low", numbers=_values(past["usual_low"])),
        Series(name=say("bulletin.usual_high"), role="high", numbers=_values(past["usual_high"])),
    )
    if past["usual"].isna().all():
        lines = lines[:1]
    return _lines(say, "monthly", _months(say, past["month"]), lines)


def season(say: Texts, found: Bulletin) -> Chart:
    """Give this year's months before those of the years before."""
    history = found.month.history
    year = found.month.request.month.year
    years = [int(y) for y in history["month"].dt.year.unique()][-MOST_YEARS:]
    by_month = history.set_index(history["month"].dt.to_period("M"))["n"]
    lines = tuple(
        Series(
            name=str(of),
            role="now" if of == year else "before",
            numbers=_values(
                by_month.get(pd.Period(year=of, month=month, freq="M")) for month in range(1, 13)
            ),
        )
        for of in years
    )
    names = tuple(str(month) for month in range(1, 13))
    return _lines(say, "season", names, lines, year=str(year))


def states(say: Texts, found: Bulletin) -> Chart:
    """Give the cameras installed, working, and working well at each month's end."""
    table = found.past.cameras
    lines = tuple(
        Series(name=say(f"bulletin.{role}"), role=role, numbers=_values(table[f"n_{role}"]))
        for role in ("installed", "working", "good")
    )
    return _lines(say, "states", _months(say, pd.Series(pd.to_datetime(table["day"]))), lines)


def changes(say: Texts, found: Bulletin) -> Chart:
    """Give the wards that changed most, each with its interval."""
    table = found.changes
    before = say.month(year_before(found.month.request.month))
    title = say("bulletin.changes")
    told = "; ".join(
        f"{row['name']} {say.signed(row['change'])} "
        f"({say.signed(round(row['low']))} – {say.signed(round(row['high']))})"
        for row in table.to_dict("records")
    )
    return Chart(
        name="changes",
        kind="intervals",
        title=title,
        note=say("bulletin.changes_note", month=before),
        alt=say("bulletin.alt_intervals", title=title, values=told),
        categories=tuple(str(name) for name in table["name"]),
        series=(
            Series(name=say("bulletin.change"), role="now", numbers=_values(table["change"])),
            Series(name=say("bulletin.low"), role="low", numbers=_values(table["low"])),
            Series(name=say("bulletin.high"), role="high", numbers=_values(table["high"])),
        ),
        verdicts=tuple(str(verdict) for verdict in table["verdict"]),
    )


def hours(say: Texts, found: Bulletin) -> Chart:
    """Give incidents by weekday and two hours of the day."""
    asked, counts = found.hours, found.hours.counts
    title = say("bulletin.hours")
    names = tuple(
        say("month.hour_range", low=int(hour), high=int(hour) + HOURS_A_STEP)
        for hour in counts.columns
    )
    days = [say.weekday(A_MONDAY + timedelta(days=day)) for day in range(len(counts))]
    flat = counts.to_numpy(dtype=float)
    most = divmod(int(flat.argmax()), flat.shape[1])
    return Chart(
        name="hours",
        kind="heat",
        title=title,
        note=say(
            "bulletin.hours_note",
            months=asked.request.months,
            day=say.day(asked.request.until),
            left_out=say.number(asked.n_left_out),
        ),
        alt=say(
            "bulletin.alt_heat", title=title, day=days[most[0]], hour=names[most[1]],
            n=say.number(float(flat.max())),
        ),
        categories=names,
        series=tuple(
            Series(name=day, role="day", numbers=tuple(float(n) for n in row))
            for day, row in zip(days, flat, strict=True)
        ),
    )  # fmt: skip


def _lines(
    say: Texts, name: str, categories: tuple[str, ...], lines: tuple[Series, ...], **facts: str
) -> Chart:
    title = say(f"bulletin.{name}")
    told = "; ".join(_told(say, line, categories) for line in lines if line.role != "before")
    return Chart(
        name=name,
        kind="lines",
        title=title,
        note=say(f"bulletin.{name}_note", **facts),
        alt=say("bulletin.alt_lines", title=title, values=told),
        categories=categories,
        series=lines,
    )


def _told(say: Texts, line: Series, categories: tuple[str, ...]) -> str:
    known = [(name, n) for name, n in zip(categories, line.numbers, strict=True) if n is not None]
    if not known:
        return line.name
    (first, n_first), (last, n_last) = known[0], known[-1]
    return say(
        "bulletin.alt_series",
        name=line.name,
        first=first,
        n_first=say.number(n_first),
        last=last,
        n_last=say.number(n_last),
    )


def _months(say: Texts, moments: pd.Series[Any]) -> tuple[str, ...]:
    return tuple(say.month(moment.date()) for moment in moments)


def _values(numbers: Iterable[Any]) -> tuple[float | None, ...]:
    return tuple(None if n is None or pd.isna(n) else float(n) for n in numbers)
