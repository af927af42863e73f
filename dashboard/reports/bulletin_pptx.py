"""The bulletin as slides: its words, tables and charts as PowerPoint's own, so they can be edited.

Only the map is a picture.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.slide import Slide
from pptx.util import Emu

from dashboard.questions.bulletin import Bulletin
from dashboard.reports import (
    bulletin_charts,
    bulletin_pictures,
    bulletin_slides,
    bulletin_tables,
    bulletin_words,
)
from dashboard.reports.bulletin_parts import Chart, Table
from dashboard.reports.bulletin_slides import EMU_PER_MM, Box
from dashboard.texts import Texts
from data.store import Store

WIDTH_MM, HEIGHT_MM, EDGE_MM = 338.0, 190.0, 14.0
TITLE_ONLY = 5
"""The layout of the standard template that has a title and nothing else."""

ROWS_A_SLIDE = 19
FOOT_GREY = bulletin_slides.COLOURS.muted

TITLE = Box(x=EDGE_MM, y=8, width=WIDTH_MM - 2 * EDGE_MM, height=16)
FOOT = Box(x=EDGE_MM, y=180, width=WIDTH_MM - 2 * EDGE_MM, height=6)
BODY = Box(x=EDGE_MM, y=28, width=WIDTH_MM - 2 * EDGE_MM, height=148)
LEFT = Box(x=EDGE_MM, y=28, width=150, height=148)
RIGHT = Box(x=174, y=28, width=150, height=148)


@dataclass(frozen=True)
class _Deck:
    """A presentation being written: its slides all have a title and a foot."""

    made: Any
    say: Texts
    foot: str

    def slide(self, title: str) -> Slide:
        """Add a slide."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[TITLE_ONLY])
        bulletin_slides.write_title(slide, title, TITLE, language=self.say.language)
        bulletin_slides.write_lines(
            slide, [f"{self.foot} · {len(self.made.slides)}"], FOOT, language=self.say.language,
            most_pt=10, colour=FOOT_GREY,
        )  # fmt: skip
        return slide

    def words(self, slide: Slide, lines: Sequence[str], box: Box, *, most_pt: int = 16) -> None:
        """Write paragraphs onto a slide."""
        bulletin_slides.write_lines(slide, lines, box, language=self.say.language, most_pt=most_pt)


def slides(store: Store, say: Texts, found: Bulletin) -> bytes:
    """Write the slides."""
    said = bulletin_words.wording(say, found, properties=store.properties)
    made = Presentation()
    made.slide_width, made.slide_height = (
        Emu(round(side * EMU_PER_MM)) for side in (WIDTH_MM, HEIGHT_MM)
    )
    day = found.request.today
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  a day has no zone
    core = made.core_properties
    core.title, core.author = said.title, store.properties.city
    core.created = core.modified = moment
    core.language = bulletin_slides.LOCALES[say.language]
    deck = _Deck(made, say, " · ".join(part for part in (said.foot, said.simulated) if part))
    charts = {chart.name: chart for chart in bulletin_charts.charts(say, found)}
    _first(deck, said)
    _course(deck, charts)
    _table(deck, bulletin_tables.types(say, found, with_empty=False), first_share=0.28)
    _table(deck, bulletin_tables.wards(say, found.table), first_share=0.17)
    _alerts(deck, said, found)
    _map(deck, said, store, found)
    _changes(deck, charts)
    _cameras(deck, said, found, charts)
    _footage(deck, said, found)
    _last(deck, said)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _first(deck: _Deck, said: bulletin_words.Wording) -> None:
    slide = deck.slide(said.title)
    deck.words(slide, [said.headline], Box(x=EDGE_MM, y=30, width=310, height=34), most_pt=20)
    lines = [*said.summary, *([said.simulated] if said.simulated else [])]
    deck.words(slide, lines, Box(x=EDGE_MM, y=70, width=310, height=104))


def _course(deck: _Deck, charts: dict[str, Chart]) -> None:
    slide = deck.slide(deck.say("bulletin.course"))
    bulletin_slides.write_chart(slide, charts["monthly"], LEFT)
    bulletin_slides.write_chart(slide, charts["season"], RIGHT)


def _table(deck: _Deck, table: Table, *, first_share: float) -> None:
    """Write a table on as many slides as its rows need, evenly."""
    n_slides = -(-len(table.rows) // ROWS_A_SLIDE)
    each = -(-len(table.rows) // n_slides)
    for k in range(n_slides):
        title = table.title if n_slides == 1 else f"{table.title} ({k + 1}/{n_slides})"
        slide = deck.slide(title)
        rows = slice(k * each, (k + 1) * each)
        n_rows = len(table.rows[rows])
        bulletin_slides.write_table(
            slide,
            deck.say,
            table,
            Box(x=EDGE_MM, y=27, width=310, height=min(6.6 * (n_rows + 1), 134.0)),
            rows=rows,
            size_pt=10,
            first_share=first_share,
        )
        deck.words(slide, [table.note], Box(x=EDGE_MM, y=168, width=310, height=9), most_pt=10)


def _alerts(deck: _Deck, said: bulletin_words.Wording, found: Bulletin) -> None:
    slide = deck.slide(deck.say("bulletin.alerts"))
    table = bulletin_tables.alerts(deck.say, found, most=bulletin_tables.MOST_ALERTS)
    height = 9.0 * (len(table.rows) + 1) if table.rows else 0.0
    if table.rows:
        bulletin_slides.write_table(
            slide, deck.say, table, Box(x=EDGE_MM, y=28, width=310, height=height),
            first_share=0.2, size_pt=12,
        )  # fmt: skip
    top = 34 + height
    deck.words(slide, said.alerts, Box(x=EDGE_MM, y=top, width=310, height=176 - top))


def _map(deck: _Deck, said: bulletin_words.Wording, store: Store, found: Bulletin) -> None:
    slide = deck.slide(deck.say("bulletin.where"))
    if found.hot_spots is None:
        deck.words(slide, said.where, BODY)
        return
    box = Box(x=EDGE_MM, y=28, width=196, height=148)
    drawn = bulletin_pictures.draw_map(store, found, form="png", size_mm=(box.width, box.height))
    alt = bulletin_words.map_in_words(deck.say, found)
    bulletin_slides.write_picture(slide, drawn, box, alt=alt)
    lines = [bulletin_words.map_legend(deck.say, found), *said.where]
    deck.words(slide, lines, Box(x=216, y=28, width=108, height=148), most_pt=14)


def _changes(deck: _Deck, charts: dict[str, Chart]) -> None:
    if "changes" in charts:
        slide = deck.slide(charts["changes"].title)
        bulletin_slides.write_chart(slide, charts["changes"], BODY)
    hours = charts["hours"]
    slide = deck.slide(hours.title)
    deck.words(slide, [hours.note], Box(x=EDGE_MM, y=26, width=310, height=8), most_pt=13)
    bulletin_slides.write_heat(
        slide, deck.say, hours, Box(x=EDGE_MM, y=38, width=310, height=100), size_pt=12
    )


def _cameras(
    deck: _Deck, said: bulletin_words.Wording, found: Bulletin, charts: dict[str, Chart]
) -> None:
    slide = deck.slide(deck.say("bulletin.cameras"))
    if "states" not in charts:
        deck.words(slide, said.cameras, BODY)
        return
    bulletin_slides.write_table(
        slide,
        deck.say,
        bulletin_tables.cameras(deck.say, found),
        Box(x=LEFT.x, y=LEFT.y, width=LEFT.width, height=70),
        first_share=0.5,
        size_pt=12,
    )
    deck.words(slide, said.cameras, Box(x=LEFT.x, y=106, width=LEFT.width, height=70), most_pt=14)
    bulletin_slides.write_chart(slide, charts["states"], RIGHT)


def _footage(deck: _Deck, said: bulletin_words.Wording, found: Bulletin) -> None:
    slide = deck.slide(deck.say("bulletin.footage"))
    bulletin_slides.write_table(
        slide,
        deck.say,
        bulletin_tables.footage(deck.say, found),
        Box(x=EDGE_MM, y=28, width=240, height=80),
        first_share=0.55,
        size_pt=14,
    )
    deck.words(slide, said.footage, Box(x=EDGE_MM, y=116, width=310, height=40))


def _last(deck: _Deck, said: bulletin_words.Wording) -> None:
    slide = deck.slide(deck.say("bulletin.cannot"))
    deck.words(slide, said.cannot, Box(x=EDGE_MM, y=28, width=310, height=70))
    deck.words(slide, said.method, Box(x=EDGE_MM, y=104, width=310, height=72), most_pt=12)
