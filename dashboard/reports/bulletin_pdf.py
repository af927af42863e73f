"""The bulletin as a letter on paper: a tagged PDF."""

from __future__ import annotations

from typing import Any

from dashboard.questions.bulletin import Bulletin
from dashboard.reports import (
    bulletin_charts,
    bulletin_letter,
    bulletin_pictures,
    bulletin_tables,
    bulletin_words,
    paper,
)
from dashboard.reports.bulletin_letter import Letterhead
from dashboard.reports.bulletin_parts import Chart, Table
from dashboard.sentences import year_before
from dashboard.texts import Texts
from data.store import Store

FIRST_CHARTS = ("monthly", "season")
"""They stand under the headline."""

COURSE_CHARTS = ("changes", "hours")
CAMERA_CHARTS = ("states",)

SECTIONS = ("summary", "types", "alerts", "wards", "where", "course", "cameras", "footage",
            "cannot", "method")  # fmt: skip

NO_TABLE: dict[str, Any] = {"rows": []}


def letter(store: Store, say: Texts, found: Bulletin, *, letterhead: Letterhead) -> bytes:
    """Set the letter: two to four pages of A4."""
    charts = bulletin_charts.charts(say, found)
    drawn = {chart.name: bulletin_pictures.draw(say, chart) for chart in charts}
    if found.hot_spots is not None:
        drawn["map"] = bulletin_pictures.draw_map(store, found)
    return paper.compose(
        "bulletin",
        facts(store, say, found, letterhead=letterhead, charts=charts),
        pictures=drawn,
        made_on=found.request.today,
    )


def facts(
    store: Store, say: Texts, found: Bulletin, *, letterhead: Letterhead, charts: list[Chart]
) -> dict[str, Any]:
    """Give every word of the letter, in the reader's language."""
    properties = store.properties
    said = bulletin_words.wording(say, found, properties=properties)
    alerts = bulletin_tables.alerts(say, found, most=bulletin_tables.MOST_ALERTS)
    has_cameras = bool(found.cameras.iloc[0]["n_installed"])
    before = say.month(year_before(found.month.request.month))
    return {
        "language": say.language,
        "title": said.title,
        "author": " ".join(letterhead.office) or properties.city,
        "simulated": said.simulated,
        "letter": bulletin_letter.facts(
            say,
            letterhead,
            properties=properties,
            month=found.request.month,
            dated_on=found.request.today,
        ),
        "headline": said.headline,
        "summary": said.summary,
        "types": _table(say, bulletin_tables.types(say, found, with_empty=False)),
        "wards": _table(say, bulletin_tables.wards(say, found.table)),
        "alerts": _table(say, alerts),
        "alert_lines": said.alerts,
        **_map(say, found),
        "where": said.where,
        "first_charts": _of(charts, FIRST_CHARTS),
        "other_charts": _of(charts, COURSE_CHARTS),
        "camera_charts": _of(charts, CAMERA_CHARTS),
        "no_changes": "" if len(found.changes) else say("bulletin.no_changes", month=before),
        "cameras": _table(say, bulletin_tables.cameras(say, found)) if has_cameras else NO_TABLE,
        "camera_lines": said.cameras,
        "footage": _table(say, bulletin_tables.footage(say, found)),
        "footage_lines": said.footage,
        "cannot": said.cannot,
        "method": _ended(say, " ".join(said.method)),
        "foot": " · ".join(part for part in (said.foot, said.simulated) if part),
        "sections": _sections(say),
    }


def _ended(say: Texts, text: str) -> str:
    """End the text as a Vietnamese office letter does, with a full stop between two strokes."""
    return f"{text.removesuffix('.')}./." if say.language == "vi" else text


def _sections(say: Texts) -> dict[str, str]:
    """Name the sections in their order; a Vietnamese office letter numbers them."""
    titles = {name: say(f"bulletin.{name}") for name in SECTIONS}
    if say.language != "vi":
        return titles
    return {name: f"{i}. {title}" for i, (name, title) in enumerate(titles.items(), start=1)}


def _map(say: Texts, found: Bulletin) -> dict[str, str]:
    spots = found.hot_spots
    if spots is None:
        return {"map_alt": "", "map_legend": ""}
    return {
        "map_alt": bulletin_words.map_in_words(say, found),
        "map_legend": bulletin_words.map_legend(say, found),
    }


def _table(say: Texts, table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "note": table.note,
        "columns": [
            {"title": column.title, "is_number": column.kind != "text"} for column in table.columns
        ],
        "rows": table.written(say),
        "bold": [
            [(i, j) in table.marks for j in range(len(row))] for i, row in enumerate(table.rows)
        ],
        "has_total": table.has_total,
    }


def _of(charts: list[Chart], names: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"name": chart.name, "title": chart.title, "note": chart.note, "alt": chart.alt}
        for chart in charts
        if chart.name in names
    ]
