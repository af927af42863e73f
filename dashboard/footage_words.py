"""What is said of the cameras worth asking: why each, how long it keeps, what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard import funnel_words
from dashboard.questions.footage import FootageAnswer
from dashboard.questions.footage_funnel import FunnelAnswer
from dashboard.questions.footage_places import Place
from dashboard.texts import Texts

COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
KEEPING_SIGNS = {"gone": "✕", "soon": "!", "kept": "✓", "unknown": "?"}
"""The second sign beside the colour."""

Row = Mapping[Any, Any]


def lead(say: Texts, found: FootageAnswer) -> str:
    """Say how many cameras are worth asking, in one sentence."""
    request = found.request
    said = [
        say(
            "footage.lead" if len(found.direct) else "footage.nobody",
            n=len(found.direct),
            when=span(say, request.starts_at, request.ends_at),
            light=say("footage.by_night" if found.is_night else "footage.by_day"),
        )
    ]
    if len(found.route):
        said.append(
            say(
                "footage.lead_route",
                n=len(found.route),
                minutes=minutes(say, request.minutes),
                mode=say(f"footage.by_{request.mode}"),
            )
        )
    urgent = sum(int((table["keeping"] == "soon").sum()) for table in (found.direct, found.route))
    if urgent:
        said.append(say("footage.lead_soon", n=urgent))
    return " ".join(said)


def notes(say: Texts, found: FootageAnswer) -> list[str]:
    """Say what limits the answer: cameras out of order, streets missing, recordings gone."""
    said = []
    if found.n_down:
        said.append(say("footage.n_down", n=found.n_down))
    gone = int((found.direct["keeping"] == "gone").sum())
    if gone:
        said.append(say("footage.n_gone", n=gone))
    if not found.has_streets:
        said.append(say("footage.no_streets"))
    elif found.is_off_street:
        said.append(say("footage.off_street"))
    return said


def assumptions(say: Texts, found: FootageAnswer) -> list[str]:
    """Say how the answer was made."""
    said = [say("footage.foot_views")]
    if found.has_streets and found.request.minutes:
        said.append(say("footage.foot_routes"))
    return [*said, say("footage.foot_keeping")]


def minutes(say: Texts, value: float) -> str:
    """Write a number of minutes, with a decimal only where it has one."""
    return say.number(value, 0 if float(value).is_integer() else 1)


def moment(say: Texts, at: Any) -> str:  # noqa: ANN401  a Timestamp or a datetime
    """Write a day and a time on the wall clock."""
    return say.moment(pd.Timestamp(at).to_pydatetime())


def clock(at: Any) -> str:  # noqa: ANN401  a Timestamp or a datetime
    """Write a time on the wall clock, the seconds only where there are some."""
    stamp = pd.Timestamp(at)
    return f"{stamp:%H:%M:%S}" if stamp.second else f"{stamp:%H:%M}"


def span(say: Texts, first: Any, last: Any) -> str:  # noqa: ANN401  Timestamps or datetimes
    """Write from when to when, the day once where it is one.

    Examples
    --------
    >>> span(Texts("en"), pd.Timestamp("2024-11-23 12:00"), pd.Timestamp("2024-11-23 12:30"))
    '23/11/2024 12:00–12:30'
    """
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    if start == end:
        return f"{say.day(start.date())} {clock(start)}"
    if start.date() == end.date():
        return f"{say.day(start.date())} {clock(start)}–{clock(end)}"
    return f"{say.day(start.date())} {clock(start)} – {say.day(end.date())} {clock(end)}"


def compass(say: Texts, degrees: float) -> str:
    """Name a direction by its compass word, a dash where there is none."""
    if not math.isfinite(degrees):
        return "–"
    return say(f"plan_page.compass_{COMPASS[round(degrees / 45) % 8]}")


def looking(say: Texts, row: Row) -> str:
    """Say where a camera looks."""
    degrees = float(row["looks_deg"])
    if not math.isfinite(degrees):
        return say("footage.looks_unknown")
    return say("footage.looks", word=compass(say, degrees), degrees=say.number(degrees))


def level(say: Texts, row: Row) -> str:
    """Name the best level at which the place is seen."""
    name = row["level"]
    return say(f"level.{name}") if isinstance(name, str) else "–"


def kept_until(say: Texts, row: Row) -> str:
    """Say when the recording is overwritten, with its sign."""
    sign = KEEPING_SIGNS[row["keeping"]]
    day = row["overwritten_on"]
    if not isinstance(day, date):
        return f"{sign} {say('footage.keeping_unknown')}"
    return f"{sign} {say('footage.keeping_' + row['keeping'], day=say.day(day))}"


def reason(say: Texts, row: Row, *, starts_at: Any) -> str:  # noqa: ANN401  Timestamp or datetime
    """Say why a camera is worth asking, and what speaks against it."""
    away = say.number(float(row["distance_m"]))
    if row["reason"] == "route":
        after = (pd.Timestamp(row["passes_at"]) - pd.Timestamp(starts_at)).total_seconds()
        said = [say("footage.why_route", time=clock(row["passes_at"]), after=lasting(after))]
    elif row["reason"] == "tour":
        said = [say("footage.why_tour", m=away)]
    elif isinstance(row["level"], str):
        said = [say("footage.why_view", m=away, level=level(say, row))]
    else:
        said = [say("footage.why_view_faint", m=away)]
    if row["is_worn"]:
        said.append(say("footage.is_worn"))
    if row["days_down"]:
        said.append(say("footage.days_down", n=int(row["days_down"])))
    return " ".join(said)


def lasting(seconds: float) -> str:
    """Write how long, as minutes and seconds.

    Examples
    --------
    >>> lasting(95.4)
    '1:35'
    """
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def place(say: Texts, found: Place) -> str:
    """Name a place that was found, and say how rough it is."""
    said = f"{found.name} · {say(f'footage.kind_{found.kind}')}"
    if found.kind == "street":
        said += f" ({say('footage.street_middle', m=say.number(found.length_m))})"
    return said


def funnel_lead(say: Texts, found: FunnelAnswer) -> str:
    """Say how many requests there were, how many found something and how many cleared a case."""
    return funnel_words.became(
        say,
        found.total,
        told="footage.funnel",
        nothing="footage.no_requests",
        since=found.since,
        until=found.request.on,
    )
