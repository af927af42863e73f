"""The overview's cards and its list of what needs a decision: answers in, words and figures out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from analysis import alerts
from dashboard import sentences
from dashboard.layout import plain
from dashboard.questions import overview
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.questions.overview import OverviewAnswer
from dashboard.texts import Texts

COVERAGE_PAGE = "views/covered.py"
MONTH_PAGE = "views/month.py"
MAX_ALERTS = 2
FEWEST_BARS = 5
"""With fewer wards the bars say less than the two shares above them."""

Tone = Literal["green", "red", "gray"]
Arrow = Literal["up", "down", "off"]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One figure of the month.

    Parameters
    ----------
    label, value, delta, help
        Its name, the figure, what it is against, and how it is meant.
    tone, arrow
        Of the delta: green for better, red for worse, gray where nothing is sure.
    series, series_kind
        What is drawn under it, and how; None draws nothing.
    """

    label: str
    value: str
    delta: str | None = None
    tone: Tone = "gray"
    arrow: Arrow = "off"
    help: str | None = None
    series: list[float] | None = None
    series_kind: Literal["line", "bar"] = "line"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Something to look at, and the page where it stands."""

    icon: str
    title: str
    detail: str
    page: str


def cards(
    say: Texts, found: MonthAnswer, past: OverviewAnswer, views: CoverageAnswer
) -> list[Card]:
    """Give the five cards: incidents, cameras, streets seen, incidents seen, alerts."""
    return [
        _incidents(say, found, past),
        _cameras(say, past),
        _streets(say, found, views),
        _seen(say, found, views),
        _alerts(say, found, past),
    ]


def decisions(say: Texts, found: MonthAnswer, views: CoverageAnswer) -> list[Decision]:
    """Give what needs a decision: alerts, the largest gap, cameras that do not work."""
    return [*_alert_items(say, found), _gap_item(say, found, views), _down_item(say, found, views)]


def _incidents(say: Texts, found: MonthAnswer, past: OverviewAnswer) -> Card:
    label, value = say("overview.card_incidents"), say.number(found.city["n"])
    series = past.monthly["n"].astype(float).tolist()
    change = overview.total_change(found)
    if change is None:
        return Card(
            label=label, value=value, delta=say("overview.card_no_last_year"), series=series
        )
    is_clear = change["verdict"] != "unsure"
    tones: dict[str, Tone] = {"fell": "green", "rose": "red"}
    difference = say.signed(change["change"])
    before = say.month(sentences.year_before(found.request.month))
    key = "overview.card_incidents_clear" if is_clear else "overview.card_incidents_unsure"
    return Card(
        label=label,
        value=value,
        delta=say(key, difference=difference, month=before),
        tone=tones.get(change["verdict"], "gray"),
        arrow=_arrow(change["change"]),
        help=say(
            "overview.card_incidents_help",
            difference=difference,
            low=say.signed(change["low"]),
            high=say.signed(change["high"]),
        ),
        series=series,
    )


def _cameras(say: Texts, past: OverviewAnswer) -> Card:
    table = past.cameras
    now = table.iloc[-1]
    value = say(
        "overview.card_cameras_value", good=int(now["n_good"]), installed=int(now["n_installed"])
    )
    label = say("overview.card_cameras")
    if len(table) < 2:
        return Card(label=label, value=value)
    before = table.iloc[-2]
    change = int(now["n_good"] - before["n_good"])
    return Card(
        label=label,
        value=value,
        delta=say(
            "overview.card_cameras_change",
            difference=say.signed(change),
            day=say.day(before["day"]),
        ),
        tone="gray" if change == 0 else "green" if change > 0 else "red",
        arrow=_arrow(change),
        help=say(
            "overview.card_cameras_help",
            degraded=int(now["n_working"] - now["n_good"]),
            down=int(now["n_installed"] - now["n_working"]),
        ),
        series=table["n_good"].astype(float).tolist(),
    )


def _streets(say: Texts, found: MonthAnswer, views: CoverageAnswer) -> Card:
    return _share_card(say, found, views, "covered_street_share", say("overview.card_streets"))


def _seen(say: Texts, found: MonthAnswer, views: CoverageAnswer) -> Card:
    card = _share_card(say, found, views, "covered_incident_share", say("overview.card_seen"))
    total = overview.seen_total(views, found.request.ward_codes)
    delta = say(
        "overview.card_seen_of",
        seen=int(total["n_incidents_covered"]),
        located=int(total["n_incidents_located"]),
    )
    return Card(
        label=card.label,
        value=card.value,
        delta=delta,
        help=card.help,
        series=card.series,
        series_kind="bar",
    )


def _share_card(
    say: Texts, found: MonthAnswer, views: CoverageAnswer, column: str, label: str
) -> Card:
    total = overview.seen_total(views, found.request.ward_codes)[column]
    wards = overview.seen(views, found.request.ward_codes)[column].dropna().sort_values()
    delta = None
    if len(wards) > 1:
        delta = say(
            "overview.card_by_ward",
            low=say.percent(wards.iloc[0]),
            high=say.percent(wards.iloc[-1]),
        )
    return Card(
        label=label,
        value=say("overview.card_unknown") if pd.isna(total) else say.percent(total, 1),
        delta=delta,
        help=say("overview.card_view_help"),
        series=wards.tolist() if len(wards) >= FEWEST_BARS else None,
        series_kind="bar",
    )


def _alerts(say: Texts, found: MonthAnswer, past: OverviewAnswer) -> Card:
    label, value = say("overview.card_alerts"), say.number(len(found.alerts))
    n_judged = int(found.table["p_value"].notna().sum())
    if n_judged == 0:
        return Card(label=label, value=value, delta=say("overview.card_alerts_none"))
    return Card(
        label=label,
        value=value,
        delta=say(
            "overview.card_alerts_expected", expected=say.number(found.expected_false_alarms, 2)
        ),
        help=say("overview.card_alerts_help", rows=n_judged, **_outside(say, found)),
        series=past.monthly["n_outside"].astype(float).tolist(),
        series_kind="bar",
    )


def _alert_items(say: Texts, found: MonthAnswer) -> list[Decision]:
    icon = ":material/notification_important:"
    if found.table["p_value"].isna().all():
        detail = say("overview.decide_not_judged_detail")
    else:
        detail = say("overview.decide_no_alert_detail", **_outside(say, found))
    if found.alerts.empty:
        title = say("overview.decide_no_alert")
        return [
            Decision(icon=":material/notifications:", title=title, detail=detail, page=MONTH_PAGE)
        ]
    return [
        Decision(icon=icon, page=MONTH_PAGE, **_alert_words(say, row))
        for _, row in found.alerts.head(MAX_ALERTS).iterrows()
    ]


def _alert_words(say: Texts, row: pd.Series[Any]) -> dict[str, str]:
    keys = {"above": "overview.decide_alert", "below": "overview.decide_alert_below"}
    where = sentences.row_name(say, row)
    return {
        "title": say(keys[row["direction"]], where=where[:1].upper() + where[1:]),
        "detail": say(
            "overview.decide_alert_detail",
            n=int(row["n"]),
            low=int(row["usual_low"]),
            high=int(row["usual_high"]),
        ),
    }


def _gap_item(say: Texts, found: MonthAnswer, views: CoverageAnswer) -> Decision:
    gap = overview.top_gap(views, found.request.ward_codes)
    icon = ":material/visibility_off:"
    if gap is None:
        return Decision(
            icon=icon, title=say("overview.decide_no_gap"), detail="", page=COVERAGE_PAGE
        )
    ward = plain(str(views.table.loc[gap["ward_code"], "name"]))
    return Decision(
        icon=icon,
        title=say("overview.decide_gap", ward=ward),
        detail=say(
            "overview.decide_gap_detail",
            incidents=say.number(gap["n_incidents_per_year"]),
            area=say.number(gap["area_m2"] / 10_000, 1),
        ),
        page=COVERAGE_PAGE,
    )


def _down_item(say: Texts, found: MonthAnswer, views: CoverageAnswer) -> Decision:
    icon = ":material/build:"
    codes = found.request.ward_codes
    total = overview.seen_total(views, codes)
    worst = overview.worst_ward(views, codes)
    if worst is None:
        key = "fine" if total["n_cameras_installed"] else "none"
        title = say(f"overview.decide_cameras_{key}")
        return Decision(icon=icon, title=title, detail="", page=COVERAGE_PAGE)
    n_down = int(total["n_cameras_installed"] - total["n_cameras_working"])
    return Decision(
        icon=icon,
        title=say("overview.decide_cameras", n=n_down),
        detail=say(
            "overview.decide_cameras_detail",
            ward=plain(str(worst["name"])),
            worst=int(worst["n_not_working"]),
            installed=int(worst["n_cameras_installed"]),
        ),
        page=COVERAGE_PAGE,
    )


def _outside(say: Texts, found: MonthAnswer) -> dict[str, Any]:
    return {
        "outside": overview.n_outside(found.table),
        "by_chance": say.number(alerts.expected_outside(found.table), 1),
    }


def _arrow(change: float) -> Arrow:
    return "off" if change == 0 else "up" if change > 0 else "down"
