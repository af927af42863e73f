"""The bulletin's tables, from its figures: values as numbers, headings in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import trends
from dashboard.questions.bulletin import Bulletin
from dashboard.questions.bulletin_table import OTHER, CrossTable
from dashboard.questions.month_alerts import Alert
from dashboard.reports.bulletin_parts import Column, Kind, Table, Value
from dashboard.texts import Texts

MOST_ALERTS = 8
"""So many alerts stand on paper and on a slide; the workbook has all."""


def wards(say: Texts, crossed: CrossTable) -> Table:
    """Give ward by type: the month's counts, what is usual, last year, the rate."""
    titles = [_category(say, code) for code in crossed.columns]
    rows, marks = [], {}
    for i, row in enumerate(crossed.rows.to_dict("records")):
        code = str(row["ward_code"])
        rows.append(
            (
                _ward_name(say, crossed, row),
                *(_number(row[category]) for category in crossed.columns),
                _range(row["usual_low"], row["usual_high"]),
                _number(row["n_same_month_last_year"]),
                _number(row["rate_per_10k"]),
            )
        )
        for j, category in enumerate(crossed.columns, start=1):
            if (code, category) in crossed.marks:
                marks[i, j] = crossed.marks[code, category]
    return Table(
        name="wards",
        title=say("bulletin.wards"),
        note=say("bulletin.wards_note"),
        columns=(
            Column(title=say("bulletin.col_ward"), kind="text"),
            *(Column(title=title) for title in titles),
            Column(title=say("bulletin.col_usual"), kind="range"),
            Column(title=say("bulletin.col_last_year")),
            Column(title=say("bulletin.col_rate"), kind="rate"),
        ),
        rows=tuple(rows),
        marks=marks,
        has_total=True,
    )


def types(say: Texts, found: Bulletin, *, with_empty: bool = True) -> Table:
    """Give each type in the whole city, and all together last; empty ones can be left out."""
    table = found.month.table
    sums = table[table["ward_code"] == trends.ALL].reset_index(drop=True)
    if not with_empty:
        is_empty = (sums["n"] == 0) & ~(sums["usual"] >= 1)
        sums = sums[~is_empty | (sums["category"] == trends.ALL)].reset_index(drop=True)
    ordered = pd.concat(
        [sums.iloc[:-1].sort_values("n", ascending=False, kind="stable"), sums.iloc[-1:]]
    ).to_dict("records")
    directions = found.table.marks
    columns: tuple[tuple[str, Kind], ...] = (
        ("col_type", "text"), ("col_n", "count"), ("col_interval", "range"),
        ("col_usual", "range"), ("col_last_month", "count"), ("col_last_year", "count"),
        ("col_change", "change"), ("col_rate", "rate"),
    )  # fmt: skip
    return Table(
        name="types",
        title=say("bulletin.types"),
        note=say("bulletin.types_note"),
        columns=tuple(Column(title=say(f"bulletin.{key}"), kind=kind) for key, kind in columns),
        rows=tuple(
            (
                _category(say, str(row["category"])),
                _number(row["n"]),
                _range(row["low"], row["high"]),
                _range(row["usual_low"], row["usual_high"]),
                _number(row["n_last_month"]),
                _number(row["n_same_month_last_year"]),
                _number(row["change_share_last_year"]),
                _number(row["rate_per_10k"]),
            )
            for row in ordered
        ),
        marks={
            (i, 1): directions[trends.ALL, str(row["category"])]
            for i, row in enumerate(ordered)
            if (trends.ALL, str(row["category"])) in directions
        },
        has_total=True,
    )


def alerts(say: Texts, found: Bulletin, *, most: int | None = None) -> Table:
    """List the alerts, the most surprising first: where, what, how many, and what was done."""
    shown = found.alerts[:most]
    columns: tuple[tuple[str, Kind], ...] = (
        ("col_ward", "text"), ("col_type", "text"), ("col_n", "count"), ("col_usual", "range"),
        ("col_last_year", "count"), ("col_state", "text"),
    )  # fmt: skip
    return Table(
        name="alerts",
        title=say("bulletin.alerts"),
        columns=tuple(Column(title=say(f"bulletin.{key}"), kind=kind) for key, kind in columns),
        rows=tuple(
            (
                _place(say, alert),
                _category(say, alert.key.category),
                _number(alert.row["n"]),
                _range(alert.row["usual_low"], alert.row["usual_high"]),
                _number(alert.row["n_same_month_last_year"]),
                _state(say, alert),
            )
            for alert in shown
        ),
        marks={(i, 2): str(alert.row["direction"]) for i, alert in enumerate(shown)},
    )


def cameras(say: Texts, found: Bulletin) -> Table:
    """Give the cameras of the month's end beside those of the end before, and what they see."""
    ends = found.cameras
    now = ends.iloc[0]
    before: Mapping[Any, Any] = ends.iloc[1].to_dict() if len(ends) > 1 else {}
    n_down = now["n_installed"] - now["n_working"]
    was_down = before["n_installed"] - before["n_working"] if before else None
    total = found.seen.total
    columns = [
        Column(title=say("bulletin.cameras"), kind="text"),
        Column(title=say("bulletin.col_now", day=say.day(now["day"]))),
    ]
    rows: list[tuple[Value, ...]] = [
        (say("bulletin.installed"), _number(now["n_installed"]), before.get("n_installed")),
        (say("bulletin.working"), _number(now["n_working"]), before.get("n_working")),
        (say("bulletin.good"), _number(now["n_good"]), before.get("n_good")),
        (say("bulletin.down"), _number(n_down), was_down),
        (say("bulletin.streets"), _number(total["covered_street_share"]), None),
        (say("bulletin.seen"), _number(total["covered_incident_share"]), None),
    ]
    if before:
        columns.append(Column(title=say("bulletin.col_now", day=say.day(before["day"]))))
    return Table(
        name="cameras",
        title=say("bulletin.cameras"),
        columns=tuple(columns),
        rows=tuple(row[: len(columns)] for row in rows),
        row_kinds=("count",) * 4 + ("share",) * 2,
    )


def footage(say: Texts, found: Bulletin) -> Table:
    """Give requests for footage and what became of them, tips and programmes."""
    month, year, tips = found.asked.total, found.asked_in_year.total, found.people.tips
    return Table(
        name="footage",
        title=say("bulletin.footage"),
        columns=(
            Column(title=say("bulletin.footage"), kind="text"),
            Column(title=say("bulletin.col_in_month")),
            Column(title=say("bulletin.col_in_year")),
        ),
        rows=(
            *(
                (say(f"bulletin.{key}"), _number(month[name]), _number(year[name]))
                for key, name in (
                    ("requests", "n_requests"), ("found", "n_found"), ("clarified", "n_clarified"),
                )
            ),
            (say("bulletin.tips"), None, _number(tips["n_tips"])),
            (say("bulletin.usable"), None, _number(tips["n_usable"])),
            (say("bulletin.programmes"), None, float(len(found.people.table))),
        ),
    )  # fmt: skip


def figures(say: Texts, found: Bulletin) -> Table:
    """Give the month's main figures, one a row, with what each is compared with."""
    city, year = found.month.city, found.year
    last_year = say("bulletin.last_year")
    hot = None if found.hot_spots is None else float(found.hot_spots.cells["is_hot"].sum())
    rows: tuple[tuple[str, Value, Value, str, Kind], ...] = (
        ("incidents", _number(city["n"]), _number(city["n_same_month_last_year"]), last_year,
         "count"),
        ("year_n", year.n, year.n_last_year, last_year, "count"),
        ("n_alerts", float(len(found.alerts)), None, "", "count"),
        ("n_false", found.month.expected_false_alarms, None, "", "rate"),
        ("n_hot", hot, None, "", "count"),
    )  # fmt: skip
    return Table(
        name="figures",
        title=say("bulletin.figures"),
        columns=(
            Column(title=say("bulletin.col_figure"), kind="text"),
            Column(title=say("bulletin.col_value")),
            Column(title=say("bulletin.col_before")),
            Column(title=say("bulletin.col_before_what"), kind="text"),
        ),
        rows=tuple((say(f"bulletin.{key}"), n, before, what) for key, n, before, what, _ in rows),
        row_kinds=tuple(row[-1] for row in rows),
    )


def _category(say: Texts, code: str) -> str:
    if code == trends.ALL:
        return say("bulletin.col_all")
    if code == OTHER:
        return say("bulletin.col_other")
    key = f"category.{code}"
    return say(key) if say.has(key) else code


def _ward_name(say: Texts, crossed: CrossTable, row: Mapping[Any, Any]) -> str:
    if row["ward_code"] == trends.ALL:
        return say("common.city")
    if row["ward_code"] == OTHER:
        return say("bulletin.others_row", n=crossed.n_other_wards)
    return str(row["name"])


def _place(say: Texts, alert: Alert) -> str:
    is_city = alert.key.ward_code == trends.ALL
    return say("common.city") if is_city else str(alert.row["name"])


def _state(say: Texts, alert: Alert) -> str:
    by = alert.clearance
    return say("bulletin.open") if by is None else say("bulletin.cleared", reason=by.reason)


def _number(value: Any) -> float | None:  # noqa: ANN401  a number of pandas, or none
    return None if pd.isna(value) else float(value)


def _range(low: Any, high: Any) -> tuple[float, float] | None:  # noqa: ANN401  likewise
    return None if pd.isna(low) or pd.isna(high) else (float(low), float(high))
