import html
from itertools import pairwise

import pytest

from dashboard import charts, line_ends
from dashboard.charts import Interval, Marked
from dashboard.theme import PALETTES, rgba


@pytest.fixture
def chart():
    return charts.figure(language="vi", mode="light")


@pytest.mark.parametrize(
    ("language", "decimal", "thousands"),
    [("vi", ",", "."), ("fr", ",", "\u202f"), ("en", ".", ",")],
)
def test_numbers_are_written_as_the_language_does(language, decimal, thousands):
    assert charts.figure(language=language, mode="light").layout.separators == decimal + thousands


def test_there_is_no_legend_box_and_no_upright_grid(chart):
    assert chart.layout.showlegend is False
    assert chart.layout.xaxis.showgrid is False
    assert chart.layout.yaxis.showgrid is True


def test_a_line_is_named_at_its_last_known_point_in_its_own_colour(chart):
    charts.line(chart, [1, 2, 3], [5, 7, None], colour="#123456", label="2024")
    (label,) = chart.layout.annotations
    assert (label.x, label.y, label.text, label.font.color) == (2, 7, "2024", "#123456")
    assert label.xanchor == "left"


def test_a_line_without_any_point_has_no_name(chart):
    charts.line(chart, [1, 2], [None, None], colour="#123456", label="2024")
    assert len(chart.layout.annotations) == 0


@pytest.mark.parametrize("style", ["plain", "marked", "dash", "dot", "thin"])
def test_only_a_marked_line_has_dots(chart, style):
    charts.line(chart, [1, 2], [3, 4], colour="#123456", style=style)
    assert ("markers" in chart.data[0].mode) == (style == "marked")
    assert chart.data[0].line.dash == (style if style in {"dash", "dot"} else "solid")


def test_the_band_goes_out_along_the_top_and_back_along_the_bottom(chart):
    charts.band(chart, [1, 2, 3], [10, 20, 30], [15, 25, 35])
    corners = list(zip(chart.data[0].x, chart.data[0].y, strict=True))
    assert corners == [(1, 15), (2, 25), (3, 35), (3, 30), (2, 20), (1, 10)]
    assert chart.data[0].fill == "toself"


def test_an_interval_row_draws_the_interval_to_scale_and_its_dot_over_it(chart):
    row = Interval(label="Ba Đình", estimate=0.8, low=0.6, high=1.1, inner_low=0.7, inner_high=0.95)
    charts.interval_rows(chart, [row], no_change=1, no_change_label="không đổi")
    outer, inner, no_change = chart.layout.shapes
    assert (outer.x0, outer.x1) == (0.6, 1.1)
    assert (inner.x0, inner.x1) == (0.7, 0.95)
    assert (no_change.x0, no_change.x1) == (1, 1)
    assert list(chart.data[0].x) == [0.8]
    assert "không đổi" in [note.text for note in chart.layout.annotations]


def test_an_interval_is_grey_unless_a_verdict_gives_it_a_colour(chart):
    light = PALETTES["light"]
    rows = [
        Interval(label="a", estimate=1, low=0, high=2),
        Interval(label="b", estimate=1, low=0, high=2, colour=light.fell),
    ]
    charts.interval_rows(chart, rows)
    assert [shape.fillcolor for shape in chart.layout.shapes] == [
        rgba(light.unsure, 0.28),
        rgba(light.fell, 0.28),
    ]


def test_the_first_row_stands_on_top(chart):
    charts.interval_rows(
        chart, [Interval(label=name, estimate=1, low=0, high=2) for name in ("first", "second")]
    )
    assert list(chart.layout.yaxis.ticktext) == ["first", "second"]
    bottom, top = chart.layout.yaxis.range
    assert bottom > top  # 0, the first row's place, is nearer to the top


@pytest.mark.parametrize("name", ["<b>x", '<a href="https://a.example">y</a>', "Tom & Bo"])
def test_a_name_that_looks_like_markup_is_drawn_as_it_stands(chart, name):
    charts.interval_rows(chart, [Interval(label=name, estimate=1, low=0, high=2, text=name)])
    charts.line(chart, [1], [2], colour="#123456", label=name)
    charts.reference(chart, 1, name)
    charts.heatmap(chart, [[1]], columns=[name], rows=[name])
    drawn = [*chart.layout.yaxis.ticktext, *chart.data[-1].x, *chart.data[-1].y]
    drawn += [note.text for note in chart.layout.annotations]
    assert len(drawn) == 6
    for words in drawn:
        assert "<" not in words
        assert html.unescape(words) == name


def test_markup_that_is_meant_is_kept(chart):
    charts.line(chart, [1], [2], colour="#123456", label=Marked("<b>2024</b>"))
    assert chart.layout.annotations[0].text == "<b>2024</b>"


def test_the_heatmap_keeps_rows_and_columns_and_starts_at_nothing(chart):
    charts.heatmap(chart, [[1, 2], [3, 4], [5, 6]], columns=["0 h", "2 h"], rows=["T2", "T3", "T4"])
    grid = chart.data[0]
    assert [list(row) for row in grid.z] == [[1, 2], [3, 4], [5, 6]]
    assert (list(grid.x), list(grid.y)) == (["0 h", "2 h"], ["T2", "T3", "T4"])
    assert grid.zmin == 0
    assert grid.colorscale[0][1] == PALETTES["light"].ramp[0]
    assert grid.colorscale[-1][1] == PALETTES["light"].ramp[-1]


def test_the_reference_line_says_in_words_what_it_is(chart):
    charts.reference(chart, "2024-01-15", "lắp 15/01/2024")
    (line,), (words,) = chart.layout.shapes, chart.layout.annotations
    assert line.x0 == line.x1 == words.x == "2024-01-15"
    assert words.text == "lắp 15/01/2024"


def ends_px(chart):
    """Where the names at line ends stand, in pixels, on an axis from 0 to 10 of 200 pixels."""
    return sorted(
        note.y * 20 + (note.yshift or 0)
        for note in chart.layout.annotations
        if note.name == line_ends.LINE_END
    )


@pytest.fixture
def crowded():
    chart = charts.figure(height=200 + 16 + 24, mode="light")  # margins and axis take 40 pixels
    charts.line(chart, [0, 1], [0, 10], colour="#123456", label="far")
    for value in (5, 5.1, 5.3):
        charts.line(chart, [0, 1], [0, value], colour="#123456", label=f"{value}")
    return chart


def test_names_at_line_ends_never_stand_on_each_other(crowded):
    line_ends.part(crowded)
    places = ends_px(crowded)
    assert min(b - a for a, b in pairwise(places)) >= line_ends.LABEL_PX - 1e-9


def test_names_stand_apart_in_a_chart_that_a_page_makes_low():
    chart = charts.figure(height=400, mode="light")
    for value in (0, 5, 6, 10):
        charts.line(chart, [0, 1], [value, value], colour="#123456", label=f"{value}")
    line_ends.part(chart, is_stretched=True)
    low = line_ends.LEAST_PX / 10  # pixels a unit, at the least height
    places = [note.y * low + note.yshift for note in chart.layout.annotations]
    assert min(b - a for a, b in pairwise(places)) >= line_ends.LABEL_PX - 1e-9


def test_names_keep_the_order_of_their_lines_and_the_far_one_its_place(crowded):
    line_ends.part(crowded)
    by_place = sorted(crowded.layout.annotations, key=lambda note: note.y * 20 + note.yshift)
    assert [note.text for note in by_place] == ["5", "5.1", "5.3", "far"]
    assert abs(by_place[-1].yshift) < line_ends.LABEL_PX


def test_the_axis_of_intervals_reaches_beyond_every_end(chart):
    rows = [Interval(label="a", estimate=0.8, low=0.6, high=1.1)]
    charts.interval_rows(chart, rows, no_change=1.5)
    low, high = chart.layout.xaxis.range
    assert low < 0.6
    assert high > 1.5
