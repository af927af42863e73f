"""The same question with other radii, comparison places and months."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from analysis import evaluation, visibility
from analysis.evaluation.grids import Choice
from dashboard.questions import evaluation_ground as ground
from dashboard.questions import evaluation_places as places
from dashboard.questions.evaluation_request import CONTROLS
from dashboard.questions.evaluation_setting import GRID_MONTHS, Setting

RADII_M = (25.0, 50.0, 100.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Drawn:
    """A city divided for one radius, and its counts for every number of months."""

    treated: shapely.Geometry
    laid: gpd.GeoDataFrame
    counts: dict[int, np.ndarray[tuple[int, int], np.dtype[np.float64]]]


def ask(setting: Setting, *, zones: evaluation.Zones, laid: gpd.GeoDataFrame) -> evaluation.Grid:
    """Ask in every way; whole wards and drawn areas have one radius only, 0.

    Drops and additions by hand, and places fixed beforehand, belong to the way that was chosen and
    enter no other radius.

    Parameters
    ----------
    setting
        What was asked.
    zones, laid
        The city divided and laid out for the radius that was asked for.
    """
    request, treatment = setting.request, setting.treatment
    grow_m = treatment.grow_m
    radii = (grow_m,) if grow_m == 0 else tuple(sorted({*RADII_M, grow_m}))
    months = tuple(sorted({*GRID_MONTHS, request.months}))
    seen = visibility.viewsheds(setting.standing)
    others = setting.other_views
    drawn = {grow_m: _count(setting, zones, laid, months)}
    for radius_m in set(radii) - {grow_m}:
        other = _zones(setting, radius_m, others)
        drawn[radius_m] = _count(setting, other, places.lay(other), months)

    def compare(choice: Choice) -> evaluation.LocalComparison | None:
        at = drawn[choice.radius_m]
        if choice.months not in at.counts:
            return None
        laid = _labelled(setting, at, choice, seen)
        counts = at.counts[choice.months]
        return evaluation.compare(counts[0], counts[1:], **places.numbers(laid))

    return evaluation.grid(
        compare,
        radii_m=radii,
        controls=CONTROLS,
        months=months,
        registered=Choice(radius_m=grow_m, control=request.control, months=request.months),
    )


def _zones(setting: Setting, radius_m: float, others: gpd.GeoSeries) -> evaluation.Zones:
    return ground.zones(
        setting.treatment,
        wards=setting.wards,
        others=others,
        ring_m=setting.request.ring_m,
        others_grow_m=radius_m,
        grow_m=radius_m,
    )


def _count(
    setting: Setting, zones: evaluation.Zones, laid: gpd.GeoDataFrame, months: tuple[int, ...]
) -> _Drawn:
    periods: dict[int, list[evaluation.Period]] = {}
    treatment, known = setting.treatment, setting.known
    for n in months:
        window = evaluation.window(
            treatment.installed_on,
            known=known,
            installed_until=treatment.installed_until,
            months=n,
        )
        history = evaluation.years_before(treatment.installed_on, known=known, months=n)
        if history:
            periods[n] = [window.after, *history]
    flat = [period for some in periods.values() for period in some]
    counted = evaluation.count_units(setting.incidents, laid, periods=flat) if flat else None
    counts = {}
    start = 0
    for n, some in periods.items():
        assert counted is not None  # noqa: S101  there are periods
        counts[n] = counted[start : start + len(some)]
        start += len(some)
    return _Drawn(treated=zones.treated, laid=laid, counts=counts)


def _labelled(
    setting: Setting, at: _Drawn, choice: Choice, seen: gpd.GeoSeries
) -> gpd.GeoDataFrame:
    request = setting.request
    is_chosen = (choice.radius_m, choice.control) == (setting.treatment.grow_m, request.control)
    asked = dataclasses.replace(
        request,
        control=next(known for known in CONTROLS if known == choice.control),
        drop_units=request.drop_units if is_chosen else (),
        add_units=request.add_units if is_chosen else (),
    )
    fixed = setting.fixed.unit_ids if setting.fixed is not None and is_chosen else None
    return places.label(at.laid, asked, treated=at.treated, seen=seen, fixed=fixed)
