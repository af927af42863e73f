"""The month's alerts, and what it would have caught, in words for the page and the command."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from analysis import trends
from dashboard.printing import print_lines
from dashboard.questions.month_alerts import Alert, Sensitivity
from dashboard.texts import NBSP, Texts

Escape = Callable[[str], str]

N_TYPES_TOLD = 3
"""The most frequent types are named; the spreadsheet has all."""


def alert_line(say: Texts, alert: Alert, *, escape: Escape = str) -> str:
    """Say what stands out, by how much, and of which kind the row is.

    Parameters
    ----------
    say
        The reader's language.
    alert
        The alert.
    escape
        Makes a name from the data safe for where it is written.
    """
    row = alert.row
    is_city = alert.key.ward_code == trends.ALL
    where = say("month.whole_city") if is_city else escape(str(row["name"]))
    return say(
        "month.alert_line",
        where=say("month.row", what=say(f"category.{alert.key.category}"), where=where),
        n=say.number(row["n"]),
        low=say.number(row["usual_low"]),
        high=say.number(row["usual_high"]),
        kind=say(f"month.kind_{alert.kind}"),
    )


def clearance_line(say: Texts, alert: Alert, *, zone: str, escape: Escape = str) -> str | None:
    """Say who cleared an alert, when and why; None where nobody did."""
    by = alert.clearance
    if by is None:
        return None
    said = say(
        "month.cleared_by",
        actor=escape(by.actor),
        at=say.moment(by.cleared_at.astimezone(ZoneInfo(zone))),
        reason=escape(by.reason),
    )
    if not alert.is_changed:
        return said
    return f"{said} {say('month.cleared_changed', before=say.number(by.n))}"


def sensitivity_line(say: Texts, sensed: Sensitivity | None, *, escape: Escape = str) -> str | None:
    """Say the smallest rises that would have been caught; None where nothing can be judged.

    Examples
    --------
    >>> sensitivity_line(Texts("en"), None) is None
    True
    """
    if sensed is None:
        return None
    types = [
        say(
            "month.rise_of",
            what=_small(say(f"category.{row['category']}")),
            usual=say.number(row["usual"]),
            rise=_times(say, row["smallest_rise"]),
        )
        for row in sensed.by_type.head(N_TYPES_TOLD).to_dict("records")
    ]
    gap = NBSP if say.language == "fr" else ""
    parts = [say("month.rises_city", rises=f"{gap}; ".join(types))] if types else []
    if sensed.ward_rise is not None and sensed.ward_usual is not None:
        parts.append(
            say(
                "month.rises_ward",
                ward=escape(str(sensed.ward_name)),
                usual=say.number(sensed.ward_usual),
                rise=_times(say, sensed.ward_rise),
            )
        )
    return " ".join(parts)


def print_alerts(
    texts: Texts, alerts: Sequence[Alert], sensed: Sensitivity | None, *, zone: str
) -> None:
    """Print each alert with what became of it, and what would have been caught."""
    if alerts:
        print_lines("")
    for alert in alerts:
        print_lines(alert_line(texts, alert).replace("**", ""))
        said = clearance_line(texts, alert, zone=zone)
        if said:
            print_lines(f"  {said}")
    told = sensitivity_line(texts, sensed)
    if told:
        print_lines("", told)


def _times(say: Texts, factor: float) -> str:
    """Write how many times the usual is caught; nothing is where even twenty times is not."""
    if not math.isfinite(factor):
        return say("month.rise_none")
    return say("month.rise_times", factor=say.number(factor, 1))


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
