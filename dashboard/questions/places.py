"""Where everything is: cameras, sites and incidents, for the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd

from analysis.crs import WGS84
from analysis.hexgrid import hex_cells
from dashboard.questions import city, planned
from data import layers
from data.store import Store

CELL_M = 250.0
"""Width of a hexagon: about two blocks, so that single addresses cannot be read from afar."""


@dataclass(frozen=True, kw_only=True)
class PlacesRequest:
    """What to place.

    Parameters
    ----------
    on
        The day whose cameras are shown.
    months
        Incidents of this many months up to the day.
    categories
        Only these incident types; empty means all.
    """

    on: date
    months: int = 12
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlacesAnswer:
    """Where everything is, WGS84.

    Parameters
    ----------
    request
        What was asked.
    cameras
        Cameras that stand on the day, with their ``state``, by camera_id.
    planned
        Cameras that adopted plans have planned and nobody has found standing, as
        ``planned.cameras``; they are the same on every day.
    sites
        Extension sites, by site_id.
    incidents
        Incidents that have a point. Here as above ``ward_code`` is of the division in force on the
        day, missing for what it does not know.
    cells
        The same, counted in hexagons.
    n_unlocated
        Incidents of which only the ward is known: not on the map.
    """

    request: PlacesRequest
    cameras: gpd.GeoDataFrame
    planned: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    n_unlocated: int


def answer(store: Store, request: PlacesRequest) -> PlacesAnswer:
    """Place cameras, sites and incidents.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    """
    wards = city.wards_on(store, request.on)
    incidents = layers.read_incidents(
        store,
        since=city.months_before(request.on, request.months),
        until=request.on,
        categories=request.categories,
    )
    located = incidents[incidents.geometry.notna()]
    counted = city.counted_in(store, incidents, wards).incidents
    located = located.assign(ward_code=counted["ward_code"].reindex(located.index))
    cells = hex_cells(located.to_crs(store.properties.metric_crs), size_m=CELL_M)
    return PlacesAnswer(
        request=request,
        cameras=city.stand_in(layers.read_cameras(store, on=request.on), wards),
        planned=planned.cameras(store),
        sites=city.stand_in(layers.read_sites(store), wards),
        incidents=located,
        cells=cells.to_crs(WGS84),
        n_unlocated=len(incidents) - len(located),
    )
