"""One slide of the bulletin: its title, words, tables and charts that PowerPoint can edit."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.text.text import _Paragraph
from pptx.util import Emu, Pt

from dashboard.reports.bulletin_parts import Chart, Table
from dashboard.texts import Texts
from dashboard.theme import PALETTES

COLOURS = PALETTES["light"]
EMU_PER_MM = 36_000
LOCALES = {"vi": "vi-VN", "en": "en-GB", "fr": "fr-FR"}
SIZES_PT = (20, 18, 16, 14, 13, 12, 11, 10, 9)
LINE_HEIGHT = 1.25
LETTER_WIDTH = 0.52
"""Of the size of the letters, on average."""

LINE_COLOURS = {
    "now": COLOURS.primary, "before": COLOURS.control, "low": COLOURS.control,
    "high": COLOURS.control, "installed": COLOURS.control, "working": COLOURS.degraded,
    "good": COLOURS.working,
}  # fmt: skip
VERDICT_COLOURS = {"fell": COLOURS.fell, "rose": COLOURS.rose, "unsure": COLOURS.unsure}


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place on a slide, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """The place as python-pptx has it."""
        x, y, width, height = (
            Emu(round(side * EMU_PER_MM)) for side in (self.x, self.y, self.width, self.height)
        )
        return x, y, width, height


def write_title(slide: Slide, words: str, box: Box, *, language: str, size_pt: int = 26) -> None:
    """Write the slide's title into the place that screen readers look for it."""
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box.emu
    frame = title.text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _write(frame.paragraphs[0], words, size_pt=size_pt, language=language, is_bold=True)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def write_lines(
    slide: Slide, lines: Sequence[str], box: Box, *, language: str, most_pt: int = 18,
    colour: str = COLOURS.text,
) -> None:  # fmt: skip
    """Write paragraphs in the largest letters that fit."""
    if not lines:
        return
    frame = slide.shapes.add_textbox(*box.emu).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    size = fitting_size(lines, box, most_pt=most_pt)
    for i, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.4)
        _write(paragraph, words, size_pt=size, language=language, colour=colour)


def fitting_size(lines: Sequence[str], box: Box, *, most_pt: int = 18) -> int:
    """Give the largest size at which the lines fit a box, by the average width of a letter.

    Examples
    --------
    >>> fitting_size(["word " * 4], Box(x=0, y=0, width=100, height=20))
    18
    >>> fitting_size(["word " * 200], Box(x=0, y=0, width=100, height=60))
    9
    """
    points_per_mm = 72 / 25.4
    for size in SIZES_PT:
        if size > most_pt:
            continue
        a_line = max(box.width * points_per_mm / (LETTER_WIDTH * size), 1)
        n = sum(-(-len(words) // int(a_line)) + 0.4 for words in lines)
        if n * size * LINE_HEIGHT <= box.height * points_per_mm:
            return size
    return SIZES_PT[-1]


def write_table(
    slide: Slide, say: Texts, table: Table, box: Box, *, rows: slice = slice(None),
    size_pt: float = 11, first_share: float = 0.3,
) -> None:  # fmt: skip
    """Write a table, or some of its rows, as a table that can be edited."""
    written = table.written(say)
    places = range(len(written))[rows]
    n_columns = len(table.columns)
    frame = slide.shapes.add_table(len(places) + 1, n_columns, *box.emu)
    headings = ", ".join(column.title for column in table.columns)
    describe(frame, f"{table.title}: {headings}")
    drawn = frame.table
    drawn.horz_banding = False
    first = round(box.width * first_share)
    for j, column in enumerate(drawn.columns):
        width = first if j == 0 else (box.width - first) / max(n_columns - 1, 1)
        column.width = Emu(round(width * EMU_PER_MM))
    for row in drawn.rows:
        row.height = Emu(round(box.height / (len(places) + 1) * EMU_PER_MM))
    last = len(written) - 1
    for j, head in enumerate(table.columns):
        is_text = head.kind == "text"
        _write_cell(drawn.cell(0, j), head.title, say, size_pt=size_pt, is_text=is_text, fill=True)
        for i, place in enumerate(places, start=1):
            _write_cell(
                drawn.cell(i, j), written[place][j], say, size_pt=size_pt, is_text=is_text,
                is_bold=(place, j) in table.marks or (table.has_total and place == last),
            )  # fmt: skip


def write_heat(slide: Slide, say: Texts, chart: Chart, box: Box, *, size_pt: float = 9) -> None:
    """Write a heat map as a table: the counts themselves, darker where there are more."""
    frame = slide.shapes.add_table(len(chart.series) + 1, len(chart.categories) + 1, *box.emu)
    describe(frame, chart.alt)
    drawn = frame.table
    drawn.horz_banding = False
    for row in drawn.rows:
        row.height = Emu(round(box.height / (len(chart.series) + 1) * EMU_PER_MM))
    most = max(max(n or 0 for n in line.numbers) for line in chart.series)
    for j, words in enumerate(("", *chart.categories)):
        _write_cell(drawn.cell(0, j), words, say, size_pt=size_pt, is_text=j == 0, fill=True)
    for i, line in enumerate(chart.series, start=1):
        _write_cell(drawn.cell(i, 0), line.name, say, size_pt=size_pt, is_text=True)
        for j, n in enumerate(line.numbers, start=1):
            cell = drawn.cell(i, j)
            _write_cell(cell, say.number(n or 0), say, size_pt=size_pt, is_text=False)
            step = min(int(4 * (n or 0) / most) if most else 0, 3)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(COLOURS.ramp[step])


def write_chart(slide: Slide, chart: Chart, box: Box) -> None:
    """Write a chart that can be edited, with its data behind it."""
    data = CategoryChartData(number_format="#,##0")
    data.categories = chart.categories
    is_lines = chart.kind == "lines"
    for line in chart.series if is_lines else (chart.of("now"),):
        data.add_series(line.name, line.numbers)
    kind = XL_CHART_TYPE.LINE if is_lines else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    describe(frame, chart.alt)
    drawn = frame.chart
    drawn.font.size = Pt(11)
    drawn.has_title = True
    drawn.chart_title.text_frame.text = f"{chart.title} ({chart.note})"
    drawn.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(13)
    drawn.has_legend = is_lines
    if is_lines:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False
        for line, told in zip(drawn.plots[0].series, chart.series, strict=True):
            line.smooth = False
            line.format.line.color.rgb = _rgb(LINE_COLOURS[told.role])
            line.format.line.width = Pt(2.5 if told.role in {"now", "good"} else 1.25)
    else:
        _draw_intervals(drawn, chart)
    drawn.value_axis.major_gridlines.format.line.color.rgb = _rgb(COLOURS.line)
    drawn.value_axis.tick_labels.number_format = "#,##0" if is_lines else "+#,##0;−#,##0;0"
    drawn.value_axis.tick_labels.number_format_is_linked = False


def write_picture(slide: Slide, drawn: bytes, box: Box, *, alt: str) -> None:
    """Put a picture, with words for those who cannot see it."""
    x, y, width, height = box.emu
    describe(slide.shapes.add_picture(io.BytesIO(drawn), x, y, width, height), alt)


def describe(shape: Any, words: str) -> None:  # noqa: ANN401  any shape of a slide
    """Give a shape its words for those who cannot see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)


def _draw_intervals(drawn: Any, chart: Chart) -> None:  # noqa: ANN401  a chart of python-pptx
    """Colour each bar by its verdict, and give it its interval as error bars."""
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.plots[0].gap_width = 60
    line = drawn.plots[0].series[0]
    line.invert_if_negative = False
    for point, verdict in enumerate(chart.verdicts):
        fill = line.points[point].format.fill
        fill.solid()
        fill.fore_color.rgb = _rgb(VERDICT_COLOURS[verdict])
    now, low, high = (chart.of(role).numbers for role in ("now", "low", "high"))
    reach = 5 * math.ceil(max(abs(end or 0) for end in (*low, *high)) / 5)
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = -reach, reach
    ends = {
        "plus": [(up or 0) - (n or 0) for n, up in zip(now, high, strict=True)],
        "minus": [(n or 0) - (down or 0) for n, down in zip(now, low, strict=True)],
    }
    parts = "".join(
        f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(lengths)}"/>'
        + "".join(f'<c:pt idx="{i}"><c:v>{v:.4f}</c:v></c:pt>' for i, v in enumerate(lengths))
        + f"</c:numLit></c:{side}>"
        for side, lengths in ends.items()
    )
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{parts}<c:spPr><a:ln w="19050"><a:solidFill>'
        f'<a:srgbClr val="{COLOURS.text[1:]}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    line._element.find(f"{{{line._element.nsmap['c']}}}cat").addprevious(bars)


def _write_cell(
    cell: _Cell, words: str, say: Texts, *, size_pt: float, is_text: bool, is_bold: bool = False,
    fill: bool = False,
) -> None:  # fmt: skip
    cell.margin_left = Pt(8 if is_text else 3)  # words after a number need air
    cell.margin_right = Pt(3)
    cell.margin_top = cell.margin_bottom = Pt(1)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(COLOURS.panel if fill else COLOURS.page)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT if is_text else PP_ALIGN.RIGHT
    _write(paragraph, words, size_pt=size_pt, language=say.language, is_bold=is_bold or fill)


def _write(
    paragraph: _Paragraph, words: str, *, size_pt: float, language: str, is_bold: bool = False,
    colour: str = COLOURS.text,
) -> None:  # fmt: skip
    run = paragraph.add_run()
    run.text = words
    run.font.size = Pt(size_pt)
    run.font.bold = is_bold
    run.font.color.rgb = _rgb(colour)
    run._r.get_or_add_rPr().set("lang", LOCALES[language])


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
