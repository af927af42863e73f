"""The zones that a plan keeps to: those of the store, and those drawn for it alone."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd

from analysis.crs import WGS84
from analysis.errors import InvalidValueError
from dashboard.questions.plan_request import ZONES, PlanRequest
from data import layers
from data.store import Store

COLUMNS = ("zone_id", "kind", "geometry")


def zones(store: Store, request: PlanRequest) -> gpd.GeoDataFrame:
    """Give the zones to keep to, in metres, with ``COLUMNS``.

    Raises
    ------
    InvalidValueError
        As ``drawn``.
    """
    metric = store.properties.metric_crs
    parts = [drawn(request, metric_crs=metric)]
    if request.zones:
        parts.append(layers.read_shapes(store, "zones").to_crs(metric)[list(COLUMNS)])
    kept = [part for part in parts if len(part)] or parts[:1]
    return gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), crs=metric)


def drawn(request: PlanRequest, *, metric_crs: str) -> gpd.GeoDataFrame:
    """Draw the zones of a request round their middles, in metres, with ``COLUMNS``.

    Raises
    ------
    InvalidValueError
        One is of a kind that there is not, lies nowhere, or has no size.

    Examples
    --------
    >>> from datetime import date
    >>> asked = PlanRequest(on=date(2024, 12, 31), areas=(("forbid", 105.776, 19.806, 100.0),))
    >>> found = drawn(asked, metric_crs="EPSG:5897")
    >>> found["zone_id"].tolist(), found["kind"].tolist()
    (['AREA-1'], ['forbid'])
    >>> bool(abs(found.area.iloc[0] / (math.pi * 100**2) - 1) < 0.01)
    True
    """
    for kind, longitude, latitude, radius_m in request.areas:
        is_somewhere = -180 <= longitude <= 180 and -90 <= latitude <= 90
        if not (kind in ZONES and is_somewhere and 0 < radius_m < math.inf):
            raise InvalidValueError(
                column="areas", value=f"{kind}={longitude:g},{latitude:g},{radius_m:g}"
            )
    kinds, easts, norths, radii = zip(*request.areas, strict=True) if request.areas else [()] * 4
    middles = gpd.GeoSeries.from_xy(easts, norths, crs=WGS84).to_crs(metric_crs)
    return gpd.GeoDataFrame(
        {"zone_id": [f"AREA-{k}" for k in range(1, len(kinds) + 1)], "kind": list(kinds)},
        geometry=middles.buffer(pd.Series(radii, dtype=float)).array,
        crs=metric_crs,
    )[list(COLUMNS)]
