"""A before/after result on one page of paper: verdict, numbers, false alarms, the ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
from matplotlib.patches import Rectangle

from analysis.evaluation import Grid
from dashboard import ground, verdict_words
from dashboard.effect_page import words
from dashboard.figures import (
    effect_grid,
    effect_months,
    effect_places,
    effect_ratio,
    effect_table,
)
from dashboard.ground import Ground
from dashboard.questions import city
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.reports import paper, pdf_files, pictures
from dashboard.reports.bare_words import unmarked
from dashboard.texts import Texts
from data.store import Store, StoreProperties, current_actor

PDF = pdf_files.PDF
MAP_MM = (171.0, 98.0)
CHART_MM = (83.0, 44.0)
GRID_MM = (83.0, 36.0)
LEAST_MAP_M = 1_200.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the result is from: the store's facts, its wards with ``name``, the ground, the day."""

    properties: StoreProperties
    wards: gpd.GeoDataFrame
    ground: Ground | None
    last_day: date


def place_of(store: Store, *, on: date) -> Place:
    """Give the place of a store: its wards of a day, its ground, and the last day of its records.

    Raises
    ------
    NoWardsForDayError
        No wards are loaded for the day.
    """
    known = city.record_span(store, on)
    return Place(
        properties=store.properties,
        wards=city.wards_on(store, on).outlines,
        ground=ground.Stored(store),
        last_day=on if known is None else known[1],
    )


def file_name(found: EvaluationAnswer) -> str:
    """Name the file by the day of the change."""
    return f"vonglau-{found.installed_on:%Y-%m-%d}-before-after.pdf"


def export_sheet(store: Store, say: Texts, found: EvaluationAnswer, *, place: Place) -> bytes:
    """Hand out a result on one page, and write into the audit that it was."""
    made = sheet(say, found, place=place)
    record(store, found)
    return made


def record(store: Store, found: EvaluationAnswer) -> None:
    """Write into the audit that the page was handed out."""
    with store.begin(actor=current_actor()) as transaction:
        transaction.record(
            "export",
            layer="before_after",
            format="pdf",
            installed_on=found.installed_on.isoformat(),
        )


def sheet(say: Texts, found: EvaluationAnswer, *, place: Place) -> bytes:
    """Set the page.

    Parameters
    ----------
    say
        The reader's language.
    found
        The result.
    place
        Where it is from.

    Returns
    -------
    bytes
        A tagged PDF of one page.
    """
    names = place.wards["name"].to_dict()
    return paper.compose(
        "effect_sheet",
        facts(say, found, place=place, ward_names=names),
        pictures={
            "map": map_of_grounds(found, place=place),
            "months": chart_of_months(say, found),
            **({} if found.grid is None else {"grid": chart_of_grid(say, found.grid)}),
        },
        made_on=place.last_day,
    )


def facts(
    say: Texts, found: EvaluationAnswer, *, place: Place, ward_names: Mapping[str, str]
) -> dict[str, object]:
    """Give every word of the page, without markup."""
    properties = place.properties
    name = verdict_words.treated_name(say, found, ward_names)
    may, may_not = verdict_words.quotes(say, found)
    table = effect_table.written(say, effect_table.counts(say, found))
    headings = ("col_ground", "col_before", "col_after", "col_change")
    return {
        "language": say.language,
        "title": unmarked(say("effect.sheet_title", name=name, city=properties.city)),
        "scope": unmarked(verdict_words.scope(say, found, ward_names)),
        "simulated": (
            say("common.simulated_foot", city=properties.city) if properties.is_simulated else ""
        ),
        "verdict": unmarked(say(f"verdict.{found.verdict.outcome}")),
        "lead": unmarked(_after_verdict(say, found)),
        "power": unmarked(f"{say('effect.power_title')} {words.power(say, found)}"),
        "may_title": say("effect.may_say"),
        "may": unmarked(may),
        "may_not_title": say("effect.may_not_say"),
        "may_not": unmarked(may_not),
        "map_alt": say("effect.map_title"),
        "map_legend": _legend(say, found),
        "columns": [
            {"title": say(f"effect.{key}"), "is_number": key != "col_ground"} for key in headings
        ],
        "rows": [[str(cell) for cell in row] for row in table.itertuples(index=False)],
        "months_alt": unmarked(verdict_words.months_in_words(say, found)),
        "months_note": say("effect.months_title") + " · " + say("effect.months_note"),
        "grid_alt": "" if found.grid is None else _grid_in_words(say, found.grid),
        "grid_note": "" if found.grid is None else _grid_note(say, found.grid),
        "lines": [unmarked(line) for line in _lines(say, found)],
        "foot": say("effect.sheet_foot", day=say.day(place.last_day), city=properties.city),
    }


def map_of_grounds(found: EvaluationAnswer, *, place: Place) -> bytes:
    """Draw the treated ground, the ring, and the places it is compared with, as SVG."""
    colours = pictures.colours()
    treated = found.zones[found.zones.index == "treated"]
    ring = found.zones[found.zones.index == "displacement"]
    units = found.units
    serving = units.loc[effect_places.carrying(units)]
    metric = place.properties.metric_crs
    return pictures.draw_map(
        place.wards,
        ground=place.ground,
        metric_crs=metric,
        frame_m=pictures.frame_of(treated, metric_crs=metric, least_m=LEAST_MAP_M),
        marks=[
            pictures.Mark(shapes=serving.geometry, fill=colours.control, opacity=0.4),
            pictures.Mark(
                shapes=ring[~ring.is_empty],
                fill=colours.displacement,
                edge=colours.displacement,
                opacity=0.3,
                dashed=True,
            ),
            pictures.Mark(shapes=treated, fill=colours.treated, edge=colours.treated, opacity=0.55),
        ],
        size_mm=MAP_MM,
    )


def chart_of_months(say: Texts, found: EvaluationAnswer) -> bytes:
    """Draw the months before and after over what was to be expected, as SVG."""
    colours = pictures.colours()
    table = effect_months.laid_together(found.series, found.months)
    figure, axes = pictures.chart(CHART_MM)
    known = table.dropna(subset=["expected", "low", "high"])
    axes.fill_between(
        known["offset"], known["low"], known["high"], color=colours.control, alpha=0.2, linewidth=0
    )
    axes.plot(known["offset"], known["expected"], color=colours.control, linestyle="--")
    axes.plot(table["offset"], table["treated"], color=colours.treated, marker="o", markersize=2.5)
    axes.axvline(-0.5, color=colours.text, linewidth=0.8)
    axes.set_ylim(bottom=0)
    shown = [offset for offset in table["offset"] if effect_months.is_named(offset)]
    axes.set_xticks(shown, [effect_months.month_name(say, offset) for offset in shown])
    return pictures.written(figure)


def chart_of_grid(say: Texts, grid: Grid) -> bytes:
    """Draw the ratio of every way of asking, the chosen one framed, as SVG."""
    colours, names = pictures.colours(), _control_names(say, grid)
    rows = effect_grid.row_order(grid, names)
    radii = sorted({cell.choice.radius_m for cell in grid.cells})
    figure, axes = pictures.chart(GRID_MM)
    for cell in grid.cells:
        is_sure = cell.outcome != "cannot_tell"
        x = radii.index(cell.choice.radius_m)
        y = rows.index((cell.choice.control, cell.choice.months))
        axes.add_patch(
            Rectangle(
                (x - 0.47, y - 0.43), 0.94, 0.86, linewidth=1.2 if cell.is_registered else 0.0,
                facecolor=(effect_ratio.verdict_colour(colours, cell.outcome),
                           effect_grid.SURE_OPACITY if is_sure else effect_grid.UNSURE_OPACITY),
                edgecolor=colours.text,
            )
        )  # fmt: skip
        axes.text(
            x, y, effect_grid.cell_text(say, cell), ha="center", va="center", fontsize=7,
            color=colours.page if is_sure else colours.text,
        )  # fmt: skip
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=colours.text)
    axes.set(xlim=(-0.5, len(radii) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(
        range(len(radii)), [say("effect.grid_radius", metres=round(radius)) for radius in radii]
    )
    axes.set_yticks(
        range(len(rows)),
        [say("effect.grid_row", control=names[c], months=months, n=months) for c, months in rows],
    )
    return pictures.written(figure)


def _after_verdict(say: Texts, found: EvaluationAnswer) -> str:
    """Give what is said after the verdict itself."""
    lead = verdict_words.lead(say, found)
    return lead.split("**", 2)[2] if lead.count("**") > 1 else lead


def _control_names(say: Texts, grid: Grid) -> dict[str, str]:
    codes = dict.fromkeys(cell.choice.control for cell in grid.cells)
    return {code: say(f"effect.control_short_{code}") for code in codes}


def _grid_in_words(say: Texts, grid: Grid) -> str:
    return unmarked(effect_grid.grid_in_words(say, grid, controls=_control_names(say, grid)))


def _grid_note(say: Texts, grid: Grid) -> str:
    n = len(grid.cells)
    agree = say("effect.grid_agree", n=grid.n_agreeing, of=n)
    return unmarked(say("effect.sheet_grid", n=n, agree=agree))


def _legend(say: Texts, found: EvaluationAnswer) -> str:
    names = [verdict_words.line_name(say, found, "treated")]
    if found.comparison.displacement is not None:
        names.append(verdict_words.line_name(say, found, "ring"))
    names.append(say("effect.look_serving"))
    return say("effect.sheet_legend", names=", ".join(names))


def _lines(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Give the lines under the numbers: tests, false alarms, next door, what was left out."""
    lines = [
        words.p_values(say, found),
        f"{words.alarms(say, found)} {words.alarms_note(say, found)}",
        words.raw_change(say, found),
        words.displacement(say, found)[0],
        words.registered(say, found),
        words.changed(say, found),
        *verdict_words.warnings(say, found),
        *verdict_words.left_out(say, found),
    ]
    return [line for line in lines if line.strip()]
