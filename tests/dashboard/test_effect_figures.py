"""The charts of Before and after, held against the numbers they draw."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import special

from analysis import evaluation
from analysis.evaluation import Choice
from dashboard import theme
from dashboard.figures import (
    effect_badge,
    effect_grid,
    effect_months,
    effect_parts,
    effect_ratio,
    effect_waves,
)
from dashboard.texts import LANGUAGES, Texts

LIGHT = theme.PALETTES["light"]
EN = Texts("en")


@pytest.fixture(scope="module")
def compared():
    """Twenty places a fifth below the seventy others, each with a hundred a year."""
    rng = np.random.default_rng(3)
    usual = rng.uniform(40, 160, 90)
    years = rng.poisson(usual, (4, 90)).astype(float)
    chosen = np.arange(0, 80, 4)
    years[0, chosen] = np.round(0.7 * years[0, chosen])
    xy = np.column_stack([np.arange(90) * 6, np.zeros(90)])
    return evaluation.compare(years[0], years[1:], xy=xy, treated=chosen)


def rectangles(chart):
    return [shape for shape in chart.layout.shapes if shape.type == "rect"]


def test_the_narrow_interval_of_a_ratio_has_the_quantile_of_eighty_per_cent(compared):
    row = effect_ratio.local_row("x", compared)
    assert row.ratio == pytest.approx(1 + compared.change)
    wide = math.log(row.high / row.low)
    narrow = math.log(row.inner_high / row.inner_low)
    quantiles = special.stdtrit(compared.df, [0.9, 0.975])
    assert narrow / wide == pytest.approx(quantiles[0] / quantiles[1])
    assert math.sqrt(row.inner_low * row.inner_high) == pytest.approx(row.ratio)


def test_a_ratio_stands_where_its_number_is_and_is_coloured_by_its_verdict(compared):
    assert compared.verdict.outcome == "fell"
    row = effect_ratio.local_row("x", compared)
    unsure = replace(row, name="y", outcome="cannot_tell")
    chart = effect_ratio.ratios(EN, [row, unsure], mode="light")
    assert [trace.x[0] for trace in chart.data] == [row.ratio, row.ratio]
    assert [trace.marker.color for trace in chart.data] == [LIGHT.fell, LIGHT.unsure]
    bars = rectangles(chart)
    assert (bars[0].x0, bars[0].x1) == (row.low, row.high)
    assert (bars[1].x0, bars[1].x1) == (row.inner_low, row.inner_high)
    assert f"{row.ratio:.2f}" in chart.layout.annotations[0].text


def test_a_comparison_without_a_number_has_no_row(compared):
    assert effect_ratio.local_row("x", replace(compared, change=math.nan)) is None
    nothing = evaluation.rirr(treated_before=0, treated_after=3, control_before=5, control_after=5)
    assert effect_ratio.textbook_row("x", nothing) is None


def test_the_steps_of_the_raw_change_meet_and_end_at_the_count_after(compared):
    worked = replace(
        compared,
        before=100.0,
        observed=70.0,
        expected=80.0,
        control_before=1000.0,
        control_after=900.0,
    )
    steps = effect_parts.steps(worked, evaluation.raw_change(worked))
    assert [(step.start, step.end) for step in steps] == [
        (0, 100), (100, 90), (90, 80), (80, 70), (0, 70),
    ]  # fmt: skip
    chart = effect_parts.raw_change(EN, worked, evaluation.raw_change(worked), mode="light")
    assert [(bar.x0, bar.x1) for bar in rectangles(chart)] == [
        (step.start, step.end) for step in steps
    ]
    said = [note.text for note in chart.layout.annotations]
    assert said == ["100", "−10", "−10", "−10", "70"]


def test_what_is_left_of_a_raw_change_is_grey_while_the_data_cannot_tell(compared):
    unsure = replace(compared, low=-0.5, high=0.5, p=0.5)
    for of, colour in ((compared, LIGHT.fell), (unsure, LIGHT.unsure)):
        chart = effect_parts.raw_change(EN, of, evaluation.raw_change(of), mode="light")
        assert rectangles(chart)[3].fillcolor == theme.rgba(colour, 0.85)


@pytest.mark.parametrize(("rate", "alarms"), [(0.0, 0), (0.048, 5), (0.23, 23), (1.0, 100)])
def test_a_hundred_dots_hold_as_many_alarms_as_the_rate_says(rate, alarms):
    chart = effect_badge.alarms(EN, [("ours", rate)], mode="light")
    (dots,) = chart.data
    assert len(set(zip(dots.x, dots.y, strict=True))) == 100
    assert list(dots.marker.symbol).count("square") == alarms
    assert chart.layout.annotations[0].text.startswith(f"<b>{alarms}</b>")


@pytest.fixture
def table(compared):
    """Two radii, two comparisons, two periods; nothing to compare at 100 m and 6 months."""

    def ask(choice):
        if choice.radius_m == 100 and choice.months == 6:
            return None
        is_sure = choice.control == "ranked"
        return compared if is_sure else replace(compared, low=-0.5, high=0.5, p=0.5)

    return evaluation.grid(
        ask,
        radii_m=[50, 100],
        controls=["ranked", "city"],
        months=[12, 6],
        registered=Choice(radius_m=50, control="city", months=12),
    )


NAMES = {"ranked": "Like heat", "city": "Whole city"}


def test_the_grid_frames_the_registered_way_and_colours_only_verdicts(table, compared):
    chart = effect_grid.choices(EN, table, controls=NAMES, mode="light")
    rows = effect_grid.row_order(table, NAMES)
    assert rows == [("ranked", 12), ("ranked", 6), ("city", 12), ("city", 6)]
    at = {
        (round((bar.x0 + bar.x1) / 2), round((bar.y0 + bar.y1) / 2)): bar
        for bar in rectangles(chart)
    }
    assert len(at) == 8
    framed = [place for place, bar in at.items() if bar.line.color == LIGHT.text]
    assert framed == [(0, rows.index(("city", 12)))]
    sure = theme.rgba(LIGHT.fell, effect_grid.SURE_OPACITY)
    assert {place for place, bar in at.items() if bar.fillcolor == sure} == {(0, 0), (1, 0), (0, 1)}
    said = {(note.x, note.y): note.text for note in chart.layout.annotations}
    assert said[0, 0] == f"▼ {1 + compared.change:.2f}"
    assert said[1, 1] == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_the_grid_says_its_interval_or_its_reason(language, table):
    say = Texts(language)
    chart = effect_grid.choices(say, table, controls=NAMES, mode="dark")
    (hover,) = chart.data
    beside = dict(zip(zip(hover.x, hover.y, strict=True), hover.customdata, strict=True))
    assert say("verdict.fell") in beside[0, 0]
    assert say("verdict_reason.interval_includes_no_change") in beside[0, 2]
    assert say("verdict_reason.no_data") in beside[1, 1]


def test_effects_by_lag_are_drawn_as_the_ratios_of_the_months():
    counts = [[10, 10, 5, 5], [10, 10, 10, 20], [10, 10, 10, 20]]
    found = evaluation.group_time(counts, [2, -1, -1], n_base=2, n_before=2)
    chart = effect_waves.by_lag(EN, found, mode="light")
    line = next(trace for trace in chart.data if "markers" in trace.mode)
    # the others stay at ten, then double: five against ten, five against twenty
    assert list(zip(line.x, line.y, strict=True)) == [(-2, 1), (-1, 1), (0, 0.5), (1, 0.25)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_are_drawn_over_their_band_and_named_from_the_installation(language):
    months = pd.DataFrame(
        {
            "offset": [-2, -1, 0, 1],
            "treated": [9, 12, 7, 6],
            "displacement": [3, 4, 5, 6],
            "expected": [10.0, 11.0, 10.0, 9.0],
            "low": [5.0, 6.0, 5.0, 4.0],
            "high": [15.0, 16.0, 15.0, 14.0],
        }
    )
    words = {"treated": "here", "expected": "expected"}
    say = Texts(language)
    chart = effect_months.months(say, months, came="came", mode="light", **words)
    band, dashed, solid = chart.data
    assert list(band.y) == [15, 16, 15, 14, 4, 5, 6, 5]
    assert list(dashed.y) == months["expected"].tolist()
    assert list(solid.y) == months["treated"].tolist()
    assert list(solid.customdata) == ["−2", "−1", "+1", "+2"]
    ringed = effect_months.months(
        say, months, came="came", mode="light", **words, displacement="next door"
    )
    dotted = next(trace for trace in ringed.data if trace.line.dash == "dot")
    assert list(dotted.y) == months["displacement"].tolist()
    assert next(s for s in chart.layout.shapes if s.type == "line").x0 == -0.5


def test_months_of_which_nothing_is_expected_are_drawn_without_a_band():
    months = pd.DataFrame(
        {"offset": [-1, 0], "treated": [9, 7], "expected": [math.nan] * 2}
    ).assign(low=math.nan, high=math.nan)
    chart = effect_months.months(
        EN, months, came="came", mode="light", treated="here", expected="expected"
    )
    assert [list(trace.y) for trace in chart.data] == [[9, 7]]
