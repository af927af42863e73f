"""A report of an incident in a few lines, to be held beside another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import layout, session
from dashboard.importing_page import preview
from dashboard.row_names import row_name
from dashboard.texts import Texts
from data.importing.open_questions import Report


def draw(
    say: Texts,
    report: Report,
    column: st.delta_generator.DeltaGenerator,
    *,
    sheet_starts: Mapping[str, int],
) -> None:
    """Write where a report stands, what it tells, and in whose book."""
    zone = ZoneInfo(session.properties().timezone)
    head = (
        say("located.in_store")
        if report.file_row is None
        else say("located.in_file", row=row_name(report.file_row, sheet_starts))
    )
    names = preview.ward_names()
    facts = [
        say(f"category.{report.category}"),
        span(say, report, zone),
        ", ".join(filter(None, (report.place, names.get(report.ward_code, report.ward_code)))),
        # where nobody said whose book it is, it is the ward's
        say("located.source", source=names.get(report.source, report.source)),
    ]
    if report.case_id:
        facts.append(say("located.case", case=report.case_id))
    body = "  \n".join(layout.plain(fact) for fact in facts)
    column.markdown(f"**{layout.plain(head)}**  \n:small[{body}]")


def span(say: Texts, report: Report, zone: ZoneInfo) -> str:
    """Write when it was; the minutes between two reports are those between their spans."""
    first, last = (at.astimezone(zone) for at in (report.starts_at, report.ends_at))
    if last == first:
        return say.moment(first)
    if _is_whole_day(first, last):
        return say.day(first.date())
    return say("located.span", first=say.moment(first), last=say.moment(last))


def _is_whole_day(first: datetime, last: datetime) -> bool:
    clocks = (first.strftime("%H:%M:%S"), last.strftime("%H:%M:%S"))
    return first.date() == last.date() and clocks == ("00:00:00", "23:59:59")
