"""What each camera that does not work costs: what would be seen if it did.

METHODS.md, section Outages.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis import coverage
from analysis.columns import GOOD_STATES, WORKING_STATES, check_columns
from analysis.errors import InvalidValueError

FACTS = ("state", "fault", "state_since", "repair_cost")
"""Columns of the cameras that the answer repeats, missing where they are not known."""

NEWLY_SEEN = (
    "weight",
    "n_incidents_per_year",
    "street_length_m",
    "n_gates",
    "n_junctions",
    "area_m2",
)
"""What a repair would show, the first first in the ranking."""


@dataclass(frozen=True, kw_only=True)
class Outages:
    """Cameras that do not do what they were bought for.

    Parameters
    ----------
    idle
        Those that do not work, indexed by camera id, from the most that a repair would show to the
        least: ``rank`` from 1, ``state``, ``fault``, ``state_since``, ``repair_cost`` (missing
        where not known) and the columns of ``NEWLY_SEEN``: what no working camera sees and this
        one would. ``weight_per_cost`` is the first over the cost, NaN where the cost is not known
        or nought. ``n_asked_in_vain``: requests for its footage that met it out of order.
    degraded
        Those that work badly, likewise: what no good camera sees and this one sees badly.
    """

    idle: pd.DataFrame
    degraded: pd.DataFrame


def outages(
    scene: coverage.Scene,
    *,
    cameras: gpd.GeoDataFrame,
    views: gpd.GeoSeries,
    years: float,
    demand: gpd.GeoDataFrame | None = None,
    asked_in_vain: pd.Series[int] | None = None,
) -> Outages:
    """Rank cameras by what their repair would show, each repaired for itself.

    Parameters
    ----------
    scene
        What ``coverage.prepare`` made of the layers.
    cameras
        All installed cameras on the day, indexed by their id, with ``state``; ``fault``,
        ``state_since`` and ``repair_cost`` where known.
    views
        What each installed camera sees, or would see if it worked, by id.
    years
        Length of the period that the scene's incidents come from.
    demand
        Weighted points, as ``demand.points`` makes them. Without them an incident's weight ranks.
    asked_in_vain
        How often in the same period footage was asked of a camera that was out of order, by id.
        Without ``demand`` each time ranks like an incident of weight 1 that the repair would show:
        somebody needed just this camera.

    Returns
    -------
    Outages
        What two broken cameras would both show counts for each of them: the rows do not add up.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or the cameras lack ``state``.
    InvalidValueError
        ``years`` is not positive, an id comes twice, a view has no camera, or the layers are not in
        one system.

    Examples
    --------
    >>> import shapely
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame({"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)],
    ...                          index=["W1"], crs=crs)
    >>> incidents = gpd.GeoDataFrame({"ward_code": ["W1"] * 3}, crs=crs,
    ...     geometry=gpd.points_from_xy([10, 60, 90], [50] * 3))
    >>> cameras = gpd.GeoDataFrame({"state": ["working", "broken"], "repair_cost": [None, 0.5]},
    ...     geometry=gpd.points_from_xy([0, 50], [0, 0]), index=["C1", "C2"], crs=crs)
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 70, 100), shapely.box(50, 0, 100, 100)],
    ...                       index=["C1", "C2"], crs=crs)
    >>> scene = coverage.prepare(coverage.Layers(wards=wards, incidents=incidents))
    >>> found = outages(scene, cameras=cameras, views=views, years=2).idle.loc["C2"]
    >>> [float(found[name]) for name in ("n_incidents_per_year", "area_m2", "weight_per_cost")]
    [0.5, 3000.0, 2.0]
    """
    coverage.check_views(cameras, views)
    if not (np.isfinite(years) and years > 0):
        raise InvalidValueError(column="years", value=years)
    if demand is not None:
        check_columns(demand, ["weight"], name="demand")
    states = cameras["state"]
    is_working, is_good = states.isin(WORKING_STATES), states.isin(GOOD_STATES)

    def ranked(is_asked: pd.Series[bool], is_counted: pd.Series[bool]) -> pd.DataFrame:
        asked = cameras[is_asked]
        newly_seen = coverage.added(
            scene,
            views=views.reindex(asked.index),
            seen=views.reindex(cameras.index[is_counted]),
            demand=demand,
        )
        in_vain = pd.Series(0, index=asked.index)
        if asked_in_vain is not None:
            in_vain = asked_in_vain.reindex(asked.index).fillna(0).astype(int)
        return _ranked(
            asked, newly_seen, in_vain=in_vain, years=years, by_demand=demand is not None
        )

    return Outages(
        idle=ranked(~is_working, is_working), degraded=ranked(is_working & ~is_good, is_good)
    )


def _ranked(
    cameras: pd.DataFrame,
    newly_seen: pd.DataFrame,
    *,
    in_vain: pd.Series[int],
    years: float,
    by_demand: bool,
) -> pd.DataFrame:
    table = pd.DataFrame({name: cameras.get(name) for name in FACTS}, index=cameras.index)
    cost = pd.to_numeric(table["repair_cost"]).astype(float)
    table["repair_cost"] = cost
    for name in NEWLY_SEEN:
        if name == "n_incidents_per_year":
            table[name] = newly_seen["n_incidents"] / years
        elif name == "weight" and not by_demand:
            table[name] = newly_seen["incident_weight"]
        else:
            table[name] = newly_seen[name]
    table["weight_per_cost"] = table["weight"] / cost.where(cost > 0)
    table["n_asked_in_vain"] = in_vain
    # ids settle what is equal, so that the order of the rows does not matter
    order = table.assign(worth=table["weight"] + (0 if by_demand else in_vain)).sort_index()
    by = ["worth", "n_asked_in_vain", *NEWLY_SEEN]
    table = table.loc[order.sort_values(by, ascending=False, kind="stable").index]
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table
