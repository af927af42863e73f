"""Views with what matters about their camera: how well it works, and which device it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import GOOD_STATES, WORKING_STATES, check_columns
from analysis.coverage.shapes import Flags, Floats, Integers, Shapes
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

GOOD, DEGRADED, IDLE = 0, 1, 2
"""Ranks: works well; works, though badly; does not work."""

N_RANKS = 3
DEPTHS = (1, 2, 3)

Kind = TypeVar("Kind", Floats, Flags)


@dataclass(frozen=True)
class Views:
    """What cameras see: polygons that are not empty, each with a rank and a device number."""

    shapes: Shapes
    rank: Integers
    device: Integers

    def take(self, which: Flags | Integers) -> Views:
        """Give some of the views."""
        return Views(self.shapes[which], self.rank[which], self.device[which])

    def working_devices(self) -> Shapes:
        """Give what each device sees with its working views, those of one device in one shape."""
        is_working = self.rank < IDLE
        shapes, device = self.shapes[is_working], self.device[is_working]
        order = np.argsort(device, kind="stable")
        shapes, device = shapes[order], device[order]
        _, first, count = np.unique(device, return_index=True, return_counts=True)
        merged = shapes[first].copy()
        for i in np.flatnonzero(count > 1):
            merged[i] = shapely.union_all(shapes[first[i] : first[i] + count[i]])
        return merged


def rank_of(states: pd.Series[str]) -> Integers:
    """Rank states of a camera: what is neither good nor working sees nothing."""
    rank = np.full(len(states), IDLE, dtype=np.intp)
    rank[states.isin(WORKING_STATES)] = DEGRADED
    rank[states.isin(GOOD_STATES)] = GOOD
    return rank


def device_numbers(cameras: pd.DataFrame) -> Integers:
    """Give each camera its device's number: one for those with the same ``device_id``."""
    own = np.arange(len(cameras), dtype=np.intp)
    if "device_id" not in cameras.columns:
        return own
    is_known = cameras["device_id"].notna().to_numpy(dtype=bool)
    codes, _ = pd.factorize(cameras["device_id"].to_numpy(dtype=object)[is_known])
    own[is_known] = len(cameras) + codes
    return own


def check_views(cameras: gpd.GeoDataFrame, views: gpd.GeoSeries) -> None:
    """Check that cameras have ids of their own and a state, and views the ids of cameras.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or the cameras lack ``state``.
    InvalidValueError
        An id comes twice, a view has no camera, or the two layers are not in one system.
    """
    check_metric(cameras, name="cameras")
    check_metric(views, name="views")
    check_columns(cameras, ["state"], name="cameras")
    if views.crs != cameras.crs:
        raise InvalidValueError(column="crs", value=str(views.crs), layer="views")
    for index in (cameras.index, views.index):
        if not index.is_unique:
            twice = index[index.duplicated()].unique().tolist()
            raise InvalidValueError(column="camera_id", value=twice[0], ids=twice)
    strangers = views.index.difference(cameras.index).tolist()
    if strangers:
        raise InvalidValueError(column="camera_id", value=strangers[0], ids=strangers)


def shapes_on(index: pd.Index[str], views: gpd.GeoSeries) -> Shapes:
    """Give each camera's view in the order of an index, an empty one where there is none."""
    shapes = np.asarray(views.reindex(index).array, dtype=object)
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    return shapes


def as_kinds(depths: Kind, good: Kind, installed: Kind) -> Kind:
    """Put what is known by depth, (n, 3), and by rank, (n,), into the order of ``names.KINDS``."""
    kinds: Kind = np.column_stack([depths, good, installed])
    return kinds
