"""The answers of the overview and the month, put into one sentence each.

Pure: an answer and the reader's language in, Markdown out. Figures are bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from analysis import alerts, trends
from dashboard.carried_words import carried_over
from dashboard.month_words import began_line, late_line, month_days, spoken_month
from dashboard.names import category_name, plain
from dashboard.questions import overview
from dashboard.questions.month import MonthAnswer
from dashboard.questions.rhythm import RhythmAnswer
from dashboard.texts import Texts
from data import tet

MOST_NAMES = 5


def year_before(month: date) -> date:
    """Give the same month of last year."""
    return date(month.year - 1, month.month, 1)


def overview_lead(say: Texts, found: MonthAnswer, cameras: pd.Series[Any]) -> str:
    """Say how the month was, and how many cameras work well."""
    city = found.city
    month = spoken_month(say, found.request.month)
    n = int(city["n"])
    if city["is_complete"]:
        count = say("month.count", month=month, n=n)
    else:
        count = say("month.count_so_far", month=month, n=n, day=say.day(found.request.today))
    sentence = ", ".join([count, *_judged(say, found)]) + "."
    if cameras["n_installed"] == 0:
        return f"{sentence} {say('overview.no_cameras')}"
    working = say(
        "overview.cameras_good",
        good=int(cameras["n_good"]),
        installed=int(cameras["n_installed"]),
    )
    return f"{sentence} {working}"


def month_lead(say: Texts, found: MonthAnswer) -> str:
    """Say how many rows stand out, how many would by chance, and how the city as a whole did."""
    n_judged = int(found.table["p_value"].notna().sum())
    if n_judged == 0:
        alerts = say("month.not_judged")
    else:
        alerts = say(
            "month.alerts",
            n=len(found.alerts),
            rows=n_judged,
            expected=say.number(found.expected_false_alarms, 2),
        )
    parts = [f"**{say('month.silent')}**", alerts] if _is_silent(found) else [alerts]
    if len(found.alerts):
        parts.append(say("month.look_at", where=row_name(say, found.alerts.iloc[0])))
    city = found.city
    key = "month.total" if city["is_complete"] else "month.total_so_far"
    total = say(
        key,
        n=int(city["n"]),
        month=spoken_month(say, found.request.month),
        day=say.day(found.request.today),
    )
    parts.append(", ".join([total, *_judged(say, found)]) + ".")
    return " ".join(parts)


def row_name(say: Texts, row: pd.Series[Any]) -> str:
    """Name a row of the month's table: what happened, and where.

    Examples
    --------
    >>> row = pd.Series({"ward_code": "all", "name": None, "category": "theft"})
    >>> row_name(Texts("en"), row)
    'theft, whole city'
    """
    where = say("month.whole_city") if row["ward_code"] == trends.ALL else plain(str(row["name"]))
    what = category_name(say, str(row["category"]))
    return say("month.row", what=what[:1].lower() + what[1:], where=where)


def scope(say: Texts, categories: Sequence[str], ward_names: Sequence[str]) -> str | None:
    """Write out the filters in force besides the month; None when there are none."""
    parts = [
        ", ".join(category_name(say, category) for category in categories),
        ", ".join(plain(name) for name in ward_names),
    ]
    filters = " · ".join(part for part in parts if part)
    return say("common.filters", filters=filters) if filters else None


def month_warnings(say: Texts, found: MonthAnswer) -> list[str]:
    """Say what makes the month hard to compare: not sent in, not over, Tết moved, other wards."""
    warnings = _lacking(say, found)
    if found.reporting_day != 1:
        warnings.append(say("month.runs", days=month_days(say, found)))
    if not found.city["is_complete"]:
        warnings.append(say("month.cut", day=say.day(found.request.today)))
    if found.late is not None:
        warnings.append(late_line(say, found.late))
    if found.began:
        warnings.append(began_line(say, found))
    month = found.request.month
    if pd.notna(found.city["n_same_month_last_year"]) and tet.is_moved(
        month, other=year_before(month), reporting_day=found.reporting_day
    ):
        warnings.append(say("month.tet_moved"))
    return [*warnings, *carried_over(say, found.carried, division=plain(found.division))]


def _lacking(say: Texts, found: MonthAnswer) -> list[str]:
    """Say which figures of the month may be missing."""
    lacking = []
    begin = found.records_begin_on
    if begin is not None and found.first_day < begin <= found.last_day:
        lacking.append(say("month.begins", day=say.day(begin)))
    silent = [plain(name) for name in found.silent_wards]
    if _is_silent(found):
        lacking.append(say("month.silent"))
    elif silent:
        names = ", ".join(silent[:MOST_NAMES]) + (", …" if len(silent) > MOST_NAMES else "")
        lacking.append(say("month.silent_wards", n=len(silent), wards=names))
    return lacking


def _is_silent(found: MonthAnswer) -> bool:
    """Tell that nothing is held of a month that would hardly ever have nothing."""
    return bool(found.silent_wards) and found.city["n"] == 0 and not found.request.ward_codes


def month_foot(say: Texts, found: MonthAnswer) -> list[str]:
    """Say how the month was judged, and what the rates are per."""
    source = found.population_source
    if source is None:
        population = say("month.no_population")
    else:
        key = f"month.source_{source.replace(' ', '_')}"
        named = say(key) if say.has(key) else plain(source)
        population = say("month.foot_population", source=named)
    return [population, say("month.foot_method"), _late_foot(say, found)]


def overview_foot(say: Texts, found: MonthAnswer) -> list[str]:
    """Say how the wards were compared, and what the views leave out."""
    parts = [say("overview.foot_view"), _late_foot(say, found)]
    n_wards = overview.n_compared_wards(found)
    if n_wards:
        by_chance = say.number((1 - overview.LEVEL) * n_wards, 1)
        parts.insert(0, say("overview.foot_wards", n=n_wards, by_chance=by_chance))
    return parts


def table_foot(say: Texts, found: MonthAnswer, *, n_hidden: int) -> str:
    """Say which rows are out of sight, and how many lie outside what is usual."""
    parts = []
    is_judged = bool(found.table["p_value"].notna().any())
    if is_judged:
        parts.append(
            say(
                "month.outside",
                n=overview.n_outside(found.table),
                expected=say.number(alerts.expected_outside(found.table), 1),
            )
        )
    if n_hidden:
        parts.append(say("month.hidden" if is_judged else "month.hidden_empty", n=n_hidden))
    return " ".join(parts)


def sheet_notes(say: Texts, found: MonthAnswer, scope_said: str | None) -> tuple[str, ...]:
    """Say above the spreadsheet what a page says around its table."""
    until = say("common.data_until", day=say.day(found.request.today))
    notes = [scope_said, *month_warnings(say, found), until, *month_foot(say, found)]
    return tuple(note for note in notes if note)


def hours_note(say: Texts, found: RhythmAnswer) -> str:
    """Say over which time hours were counted, and how many incidents that leaves out."""
    total = float(found.counts.to_numpy().sum()) + found.n_left_out
    return say(
        "month.hours_note",
        months=found.request.months,
        day=say.day(found.request.until),
        left_out=_written(say, found.n_left_out),
        spread=_written(say, found.n_spread),
        total=say.number(total),
    )


def _written(say: Texts, n: float) -> str:
    return say.number(n, 0 if n == round(n) else 1)


def _late_foot(say: Texts, found: MonthAnswer) -> str:
    """Say whether reports still to come are estimated; the counts themselves never are."""
    if found.late is None:
        return say("month.foot_no_correction")
    five = dict(found.late.known_after)[5]
    return say("month.foot_late", share=say.percent(five), n=say.number(found.late.n_learned))


def _judged(say: Texts, found: MonthAnswer) -> list[str]:
    """Say the change against last year, and whether the month is usual."""
    city = found.city
    clauses = []
    if pd.notna(city["n_same_month_last_year"]):
        change = int(city["n"] - city["n_same_month_last_year"])
        word = "same" if change == 0 else "fewer" if change < 0 else "more"
        before = spoken_month(say, year_before(found.request.month))
        clauses.append(say(f"month.{word}", difference=abs(change), month=before, n=abs(change)))
    if pd.isna(city["usual"]):
        clauses.append(say("month.usual_unknown"))
    else:
        word = (
            "below"
            if city["n"] < city["usual_low"]
            else "above"
            if city["n"] > city["usual_high"]
            else "within"
        )
        clauses.append(
            say(f"month.{word}", low=int(city["usual_low"]), high=int(city["usual_high"]))
        )
    return clauses
