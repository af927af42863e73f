"""Cameras that are only planned: where they are to stand, for which plan, and when."""

from __future__ import annotations

import geopandas as gpd

from data import layers, orders
from data.store import Store


def cameras(store: Store) -> gpd.GeoDataFrame:
    """Give the cameras that adopted plans have planned and nobody has found standing yet.

    Returns
    -------
    geopandas.GeoDataFrame
        Points, WGS84, by camera_id: ``camera_id``, ``model_id``, ``bearing_deg``, ``plan`` (the
        name under which it was adopted) and ``planned_on``, the day on which it is to stand.
    """
    found = layers.read_planned_cameras(store)
    days = {
        work.camera_id: (adopted.wave, adopted.planned_on)
        for adopted in (orders.list_adoptions(store) if len(found) else ())
        for work in adopted.works
    }
    told = [days[camera_id] for camera_id in found.index]
    return found[["camera_id", "model_id", "bearing_deg", "geometry"]].assign(
        plan=[wave for wave, _ in told], planned_on=[day for _, day in told]
    )
