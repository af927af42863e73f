"""What each camera sees at a level, by day or by night: its reach, its view, and how sure that is.

Here the parts meet: reach (optics, mast, tilt, lamp), view (bearing, buildings), and what is not
known of a camera. METHODS.md, section Looking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis import reach as reaches
from analysis import visibility
from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.reach import Conditions
from analysis.visibility.sectors import FULL_CIRCLE_DEG

PTZ = "ptz"
"""The kind of camera that turns: where it looks at this moment and where it can look differ."""

Assumption = Literal["stated", "certain", "possible"]
"""``stated``: as the register has it. ``certain``: ground that is seen wherever within their known
error the bearing and the range lie. ``possible``: ground that may be seen."""

OUTWARD: Mapping[Assumption, float] = {"stated": 0.0, "certain": -1.0, "possible": 1.0}
"""Which way an assumption takes an error."""


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What cameras see.

    Parameters
    ----------
    views
        The ground each camera sees at this moment, on the cameras' index, never missing: empty for
        a camera of which no range is known, or that turns and has no known home position.
    tours
        The ground that cameras which turn (``ptz``) can look at in the course of time. Never part
        of ``views``: a burglar is not seen by a camera that looks the other way.
    reach
        As ``analysis.reach.reach`` under the same assumption, with ``is_all_round``: the bearing or
        the field of view is unknown and the view was drawn as a disc, which flatters it.
    """

    views: gpd.GeoSeries
    tours: gpd.GeoSeries
    reach: pd.DataFrame


def look(
    cameras: gpd.GeoDataFrame,
    *,
    conditions: Conditions,
    models: pd.DataFrame | None = None,
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | visibility.Footprints | None = None,
    assume: Assumption = "stated",
) -> Looks:
    """Draw what each camera sees.

    Parameters
    ----------
    cameras
        Points in a metric system with ``bearing_deg``, ``fov_deg``, ``range_m``; where known
        ``kind``, ``height_m``, ``tilt_deg``, ``model_id`` and ``bearing_error_deg``.
    conditions
        Level, edition, day or night.
    models
        Data sheets by ``model_id``.
    buildings
        Footprints, or what ``visibility.index`` made of them; None: nothing hides anything.
    assume
        How to take what is only known within an error.

    Returns
    -------
    Looks
        Views, tours and reach.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        As ``reach`` and ``viewsheds``.

    Examples
    --------
    >>> cameras = gpd.GeoDataFrame(
    ...     {"bearing_deg": [0.0, None], "fov_deg": [90.0, 60.0], "range_m": [60.0, 80.0],
    ...      "kind": ["fixed", "ptz"], "bearing_error_deg": [15.0, None]},
    ...     geometry=gpd.points_from_xy([0, 500], [0, 0]), crs="EPSG:5897", index=["F", "P"])
    >>> found = look(cameras, conditions=Conditions())
    >>> round(found.views["F"].area / (np.pi * 60**2), 6), found.views["P"].is_empty
    (0.25, True)
    >>> round(found.tours["P"].area / (np.pi * 80**2), 6)
    1.0
    >>> sure = look(cameras, conditions=Conditions(), assume="certain")
    >>> round(sure.views["F"].area / (np.pi * 60**2), 6) == round(60 / 360, 6)
    True
    """
    check_metric(cameras, name="cameras")
    check_columns(cameras, ["bearing_deg", "fov_deg", "range_m"], name="cameras")
    known = pd.DataFrame(cameras.drop(columns="geometry"))
    # a computed distance may be off; lamp, mast and tilt bound it however far off it is
    share = 1 + OUTWARD[assume] * reaches.COMPUTED_ERROR_SHARE
    reach = reaches.reach(known, models=models, conditions=conditions, computed_share=share)
    aimed = _aimed(cameras, reach, assume)
    turns = _turns(cameras)
    reach["is_all_round"] = is_all_round(cameras)
    prepared = _prepared(buildings)
    views = _views(aimed, reach, prepared)
    # its home position is tilted, what it can look at is not
    widest = reaches.reach(
        known[turns].assign(tilt_deg=np.nan),
        models=models,
        conditions=conditions,
        computed_share=share,
    )
    all_round = cameras[turns].assign(
        bearing_deg=np.nan, fov_deg=np.nan, range_m=widest["range_m"].fillna(0.0)
    )
    tours = _views(all_round, widest, prepared)
    return Looks(views=views, tours=tours, reach=reach)


def with_lenses(cameras: gpd.GeoDataFrame, *, models: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give cameras whose field of view is not known that of their model.

    Parameters
    ----------
    cameras
        With ``fov_deg``, and ``model_id`` where it is known.
    models
        Data sheets by ``model_id``, with ``fov_deg``.

    Returns
    -------
    geopandas.GeoDataFrame
        The same cameras; ``fov_deg`` stays missing where the model is not known either.

    Examples
    --------
    >>> cameras = gpd.GeoDataFrame({"fov_deg": [None, 50.0], "model_id": ["M", "M"]},
    ...                            geometry=gpd.points_from_xy([0, 0], [0, 0]), crs="EPSG:5897")
    >>> with_lenses(cameras, models=pd.DataFrame({"fov_deg": [90.0]}, index=["M"]))[
    ...     "fov_deg"].tolist()
    [90.0, 50.0]
    """
    if "model_id" not in cameras.columns or "fov_deg" not in models.columns:
        return cameras
    own = pd.to_numeric(cameras["fov_deg"]).astype(float)
    printed = pd.to_numeric(cameras["model_id"].map(models["fov_deg"])).astype(float)
    return cameras.assign(fov_deg=own.fillna(printed))


def is_all_round(cameras: pd.DataFrame) -> pd.Series[bool]:
    """Tell which cameras are drawn as a disc because nobody knows where they look.

    The bearing or the field of view is missing. A lens that sees all round needs no bearing, and a
    camera that turns is never drawn as a disc.

    Parameters
    ----------
    cameras
        With ``bearing_deg``, ``fov_deg`` (that of the model filled in, see ``with_lenses``) and,
        where known, ``kind``.

    Examples
    --------
    >>> is_all_round(pd.DataFrame({"bearing_deg": [None, 90.0, None, None],
    ...                            "fov_deg": [90.0, None, 360.0, 60.0],
    ...                            "kind": ["fixed", "fixed", "fisheye", "ptz"]})).tolist()
    [True, True, False, False]
    """
    return _is_open(cameras) & ~_turns(cameras)


def _prepared(
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | visibility.Footprints | None,
) -> visibility.Footprints | None:
    if buildings is None or isinstance(buildings, visibility.Footprints):
        return buildings
    return visibility.index(buildings)


def _views(
    cameras: gpd.GeoDataFrame, reach: pd.DataFrame, buildings: visibility.Footprints | None
) -> gpd.GeoSeries:
    views = visibility.viewsheds(cameras, buildings=buildings)
    return reaches.without_near(views, cameras=cameras, near_m=reach["near_m"])


def _turns(cameras: pd.DataFrame) -> pd.Series[bool]:
    if "kind" not in cameras.columns:
        return pd.Series(False, index=cameras.index)
    turns: pd.Series[bool] = cameras["kind"].eq(PTZ).fillna(False).astype(bool)
    return turns


def _is_open(cameras: pd.DataFrame) -> pd.Series[bool]:
    """Tell of which cameras the direction is not known; one that sees all round needs none."""
    sees_all_round = pd.to_numeric(cameras["fov_deg"]) >= FULL_CIRCLE_DEG
    is_missing = cameras["fov_deg"].isna() | cameras["bearing_deg"].isna()
    is_open: pd.Series[bool] = is_missing & ~sees_all_round
    return is_open


def _aimed(cameras: gpd.GeoDataFrame, reach: pd.DataFrame, assume: Assumption) -> gpd.GeoDataFrame:
    """Give the cameras the range, bearing and field of view to draw them with."""
    range_m = reach["range_m"].fillna(0.0)
    is_open, turns = _is_open(cameras), _turns(cameras)
    fov = pd.to_numeric(cameras["fov_deg"]).astype(float)
    if assume != "stated":
        error = (
            pd.to_numeric(cameras["bearing_error_deg"]).astype(float).fillna(0.0)
            if "bearing_error_deg" in cameras.columns
            else pd.Series(0.0, index=cameras.index)
        )
        is_full = fov >= FULL_CIRCLE_DEG
        fov = fov.where(is_full, (fov + OUTWARD[assume] * 2 * error).clip(upper=360.0))
    nothing = (turns & is_open) if assume != "possible" else pd.Series(False, index=cameras.index)
    if assume == "certain":
        nothing = nothing | is_open | (fov <= 0)
    return cameras.assign(range_m=range_m.mask(nothing, 0.0), fov_deg=fov.where(~(fov <= 0), 360.0))
