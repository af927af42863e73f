"""The textbook's part of an evaluation: counts on the grounds, ratio, difference, displacement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import evaluation
from analysis.crs import WGS84
from dashboard.questions.evaluation_setting import Setting

GROUNDS = ("treated", "displacement", "control")
MOST_MONTHS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Textbook:
    """See ``EvaluationAnswer``, whose fields these are."""

    comparison: evaluation.Comparison
    displacement_ratio: evaluation.Rirr | None
    wdq: evaluation.Wdq | None
    harm_wdd: evaluation.Wdd | None
    zones: gpd.GeoSeries
    months: pd.DataFrame
    n_excluded_before: int
    n_excluded_after: int


def find(setting: Setting, zones: evaluation.Zones) -> Textbook:
    """Count and compare the grounds, or the wards by what was recorded in them."""
    window, day = setting.window, setting.incidents["happened_on"]
    incidents = setting.incidents[window.before.holds(day) | window.after.holds(day)]
    day = incidents["happened_on"]
    if setting.is_of_wards:
        codes = setting.treatment.ward_codes
        incidents = incidents[incidents["ward_code"].isin(setting.wards.index)]
        day = incidents["happened_on"]
        is_treated = incidents["ward_code"].isin(codes)
        place = is_treated.map({True: "treated", False: "control"})
        is_excluded = pd.Series(data=False, index=incidents.index)
        comparison = evaluation.compare_wards(
            incidents, wards=setting.wards, treated=codes, window=window
        )
    else:
        place = zones.name_of(incidents.geometry)
        is_excluded = place.isna() & incidents.geometry.notna()
        comparison = evaluation.compare_before_after(
            incidents, zones=zones, window=window, zone=place
        )
    ring = comparison.displacement
    return Textbook(
        comparison=comparison,
        displacement_ratio=None if ring is None else ratio(comparison, ring, level=0.95),
        wdq=_wdq(comparison),
        harm_wdd=_harm(setting, comparison, incidents["category"], place, day),
        zones=grounds_of(setting, zones),
        months=_months(day, place, window),
        n_excluded_before=int(window.before.holds(day)[is_excluded].sum()),
        n_excluded_after=int(window.after.holds(day)[is_excluded].sum()),
    )


def grounds_of(setting: Setting, zones: evaluation.Zones) -> gpd.GeoSeries:
    """Give the three grounds, WGS84, indexed by their names; of wards the whole wards."""
    grounds = (
        _ward_grounds(setting)
        if setting.is_of_wards
        else {name: getattr(zones, name) for name in GROUNDS}
    )
    return gpd.GeoSeries(grounds, crs=setting.wards.crs).to_crs(WGS84)


def ratio(
    compared: evaluation.Comparison, ground: evaluation.Counts, *, level: float
) -> evaluation.Rirr:
    """Compare one ground with the comparison, with the dispersion of this city."""
    return evaluation.rirr(
        treated_before=ground.n_before,
        treated_after=ground.n_after,
        control_before=compared.control.n_before,
        control_after=compared.control.n_after,
        dispersion=compared.dispersion or 1.0,
        level=level,
    )


def _ward_grounds(setting: Setting) -> Mapping[str, shapely.Geometry]:
    shapes = setting.wards.geometry
    chosen = shapes.index.isin(setting.treatment.ward_codes)
    return {
        "treated": shapely.union_all(shapes[chosen].to_numpy()),
        "displacement": shapely.Polygon(),
        "control": shapely.union_all(shapes[~chosen].to_numpy()),
    }


def _wdq(compared: evaluation.Comparison) -> evaluation.Wdq | None:
    ring = compared.displacement
    if ring is None:
        return None
    return evaluation.wdq(
        treated=(compared.treated.n_before, compared.treated.n_after),
        ring=(ring.n_before, ring.n_after),
        control=(compared.control.n_before, compared.control.n_after),
    )


def _harm(
    setting: Setting,
    compared: evaluation.Comparison,
    category: pd.Series[str],
    place: pd.Series[str],
    day: pd.Series[pd.Timestamp],
) -> evaluation.Wdd | None:
    """Give the WDD in harm, the comparison brought to the size of the treated place and its ring.

    Periods of unequal length do not compare in harm: None.
    """
    weights = dict(setting.request.category_weights)
    ring = compared.displacement
    size = compared.treated.n_before + (ring.n_before if ring else 0)
    if not weights or setting.window.is_cut or size == 0 or compared.control.n_before == 0:
        return None
    harm = np.asarray(category.map(weights).fillna(1.0), dtype=np.float64)
    scale = compared.control.n_before / size
    before, after = (setting.window.before.holds(day), setting.window.after.holds(day))

    def of(ground: str, by: float = 1.0) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        is_there = (place == ground).to_numpy()
        return harm[is_there & before.to_numpy()] / by, harm[is_there & after.to_numpy()] / by

    return evaluation.harm_wdd(
        treated=of("treated"), control=of("control", scale), displacement_treated=of("displacement")
    )


def _months(
    day: pd.Series[pd.Timestamp], place: pd.Series[str], window: evaluation.Window
) -> pd.DataFrame:
    """Count each ground by whole months before and after; a month cut short is left out."""
    before, after = window.before, window.after
    spans = [
        *((-k, _shift(before.end_before, -k)) for k in range(MOST_MONTHS, 0, -1)),
        *((k, _shift(after.start_on, k)) for k in range(MOST_MONTHS)),
    ]
    rows = []
    for offset, start in spans:
        period = before if offset < 0 else after
        end = _shift(start.date(), 1)
        if start < pd.Timestamp(period.start_on) or end > pd.Timestamp(period.end_before):
            continue
        counts = place[(day >= start) & (day < end)].value_counts()
        rows.append({"offset": offset, **{name: int(counts.get(name, 0)) for name in GROUNDS}})
    return pd.DataFrame(rows, columns=["offset", *GROUNDS])


def _shift(day: date, months: int) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.DateOffset(months=months)
