"""The places of an evaluation: treated pieces, comparison squares, and why others do not serve."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import evaluation, visibility
from analysis.evaluation.layout import CELL_M
from dashboard.questions import city
from dashboard.questions import evaluation_ground as ground
from dashboard.questions.evaluation_request import EvaluationRequest
from dashboard.questions.evaluation_setting import Setting

FAR_M = 2 * CELL_M
"""From this distance to the treated ground on a place counts as far away."""

ROLES = (
    "treated",
    "comparison",
    "ring",
    "near",
    "seen",
    "dropped",
    "unregistered",
)
"""``ring``: within the displacement ring; ``near``, ``seen``: too near, or seen by a camera, for
the comparison asked for; ``dropped``: by hand; ``unregistered``: not among those fixed before."""


def divide(
    setting: Setting,
) -> tuple[evaluation.Zones, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Divide the city into grounds, into places (``lay``), and say what these are (``label``).

    Raises
    ------
    AreaOutsideCityError
        None of the treated ground is in the city.
    UnknownChoiceError
        A place to leave out or take in is no square of this city.
    """
    zones = ground.zones(
        setting.treatment,
        wards=setting.wards,
        others=setting.other_views,
        ring_m=setting.request.ring_m,
        others_grow_m=setting.request.grow_m,
    )
    is_seen_wanted = setting.request.control == "no_camera"
    base = lay(zones)
    laid = label(
        base,
        setting.request,
        treated=zones.treated,
        seen=visibility.viewsheds(setting.standing) if is_seen_wanted else None,
        fixed=None if setting.fixed is None else setting.fixed.unit_ids,
    )
    return zones, base, laid


def lay(zones: evaluation.Zones) -> gpd.GeoDataFrame:
    """Cut the city into places: ``evaluation.lay_units``, indexed by ``unit_id``.

    Treated pieces are t1, t2, …; squares are called by column and row of the fixed grid.
    """
    laid = evaluation.lay_units(zones)
    return laid.set_index(pd.Index(_ids(laid), name="unit_id"))


def label(
    laid: gpd.GeoDataFrame,
    request: EvaluationRequest,
    *,
    treated: shapely.Geometry,
    seen: gpd.GeoSeries | None = None,
    fixed: Collection[str] | None = None,
) -> gpd.GeoDataFrame:
    """Say what each place is, and which serve as comparison.

    Parameters
    ----------
    laid
        From ``lay``.
    request
        Which comparison, and what was left out or taken in by hand.
    treated
        The treated ground.
    seen
        What all other cameras ever saw, where places without cameras are asked for.
    fixed
        Comparison places of a registration: no others serve, unless taken in by hand.

    Returns
    -------
    geopandas.GeoDataFrame
        The same with ``role`` and ``is_by_hand``; ``is_available`` only where ``role`` is
        ``comparison``.

    Raises
    ------
    UnknownChoiceError
        A place to leave out or take in is no square of this city.
    """
    is_treated = laid["is_treated"].to_numpy()
    free = np.where(laid["is_available"], "comparison", "ring")
    # as objects: an array of strings would cut a longer word off
    role = np.where(is_treated, "treated", free).astype(object)
    is_free = role == "comparison"
    shapes = np.asarray(laid.geometry.array, dtype=object)
    if request.control == "far":
        shapely.prepare(treated)
        role[is_free & shapely.dwithin(treated, shapes, FAR_M)] = "near"
    if request.control == "no_camera" and seen is not None and len(seen):
        touched = shapely.STRtree(shapes).query(np.asarray(seen.array), predicate="intersects")[1]
        role[is_free & np.isin(np.arange(len(laid)), touched)] = "seen"
    if fixed is not None:
        role[(role == "comparison") & ~laid.index.isin(list(fixed))] = "unregistered"
    squares = laid.index[~is_treated]
    city.check_choices("unit", request.drop_units, squares)
    city.check_choices("unit", request.add_units, squares)
    is_dropped, is_added = laid.index.isin(request.drop_units), laid.index.isin(request.add_units)
    role[is_added] = "comparison"
    role[is_dropped] = "dropped"
    return laid.assign(
        role=role, is_by_hand=is_dropped | is_added, is_available=role == "comparison"
    )


def numbers(laid: gpd.GeoDataFrame) -> dict[str, Any]:
    """Give the places as the functions of ``analysis.evaluation`` take them."""
    return {
        "xy": laid[["easting_widths", "northing_widths"]].to_numpy(dtype=float),
        "treated": np.flatnonzero(laid["is_treated"]),
        "available": laid["is_available"].to_numpy(dtype=bool),
    }


def _ids(laid: gpd.GeoDataFrame) -> list[str]:
    middles = laid[["easting_widths", "northing_widths"]].to_numpy(dtype=float)
    cells = np.floor(middles).astype(int).tolist()
    return [
        f"t{k + 1}" if is_treated else f"{column}-{row}"
        for k, (is_treated, (column, row)) in enumerate(zip(laid["is_treated"], cells, strict=True))
    ]
