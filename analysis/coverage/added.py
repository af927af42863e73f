"""What each of many cameras would add on its own to what others see already."""

from __future__ import annotations

from functools import reduce

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.points import Places
from analysis.coverage.scene import Scene
from analysis.coverage.shapes import Floats, Integers, Shapes, present, totals
from analysis.coverage.streets import Streets, shares_added
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

PLACE_COLUMNS = {
    "n_incidents": ("incidents", 0),
    "incident_weight": ("incidents", 1),
    "n_gates": ("gates", 0),
    "n_junctions": ("junctions", 0),
}
"""Sums over places: which places, and which of their amounts."""


def added(
    scene: Scene,
    *,
    views: gpd.GeoSeries,
    seen: gpd.GeoSeries,
    demand: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Tell what each view would show that is not seen yet, each for itself.

    Parameters
    ----------
    scene
        What ``prepare`` made of the layers.
    views
        What each camera in question would see.
    seen
        What is seen already: the views of other cameras.
    demand
        Weighted points, as ``demand.points`` makes them; None where none are set.

    Returns
    -------
    pandas.DataFrame
        On the views' index: ``weight`` of the demand, ``n_incidents``, ``incident_weight``,
        ``street_length_m``, ``n_gates``, ``n_junctions`` and ``area_m2`` newly seen; NaN where the
        layer is not known. Two views may show the same: the rows do not add up.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.
    InvalidValueError
        The layers are not in the scene's system.

    Examples
    --------
    >>> from analysis.coverage.scene import Layers, prepare
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame({"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)],
    ...                          index=["W1"], crs=crs)
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 50, 10)], index=["C1"], crs=crs)
    >>> seen = gpd.GeoSeries([shapely.box(0, 0, 30, 10)], crs=crs)
    >>> float(added(prepare(Layers(wards=wards)), views=views, seen=seen).loc["C1", "area_m2"])
    200.0
    """
    for name, layer in {"views": views, "seen": seen, "demand": demand}.items():
        if layer is not None:
            check_metric(layer, name=name)
            if layer.crs != scene.wards.crs:
                raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    shapes = np.asarray(views.array, dtype=object).copy()
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    others = present(seen)
    unknown = np.full(len(shapes), np.nan)
    columns = {"weight": unknown}
    if demand is not None:
        points = np.asarray(demand.geometry.array, dtype=object)
        weights = np.asarray(demand["weight"], dtype=float)[:, None]
        ward = np.zeros(len(points), dtype=np.intp)
        places = Places(points, ward, weights, shapely.STRtree(points))
        columns["weight"] = _amounts_added(places, shapes, others)[:, 0]
    amounts = {name: _amounts_added(at, shapes, others) for name, at in scene.places.items()}
    for column, (name, way) in PLACE_COLUMNS.items():
        columns[column] = amounts[name][:, way] if name in amounts else unknown
    columns["street_length_m"] = unknown
    if scene.streets is not None:
        columns["street_length_m"] = _street_added_m(scene.streets, shapes, others)
    columns["area_m2"] = _area_added_m2(shapely.union_all(scene.outlines), shapes, others)
    return pd.DataFrame(columns, index=views.index)


def _amounts_added(places: Places, shapes: Shapes, others: Shapes) -> Floats:
    is_seen = np.zeros(len(places.shapes), dtype=bool)
    is_seen[places.near(others)[1]] = True
    shape, place = places.near(shapes)
    shape, place = shape[~is_seen[place]], place[~is_seen[place]]
    return np.column_stack([totals(shape, way[place], n=len(shapes)) for way in places.amounts.T])


def _street_added_m(streets: Streets, shapes: Shapes, others: Shapes) -> Floats:
    near = np.unique(streets.tree.query(shapes, predicate="intersects")[1])
    touched = streets.take(near)
    shape, piece, share = shares_added(touched.pieces, touched.tree, shapes, others)
    return totals(shape, share * touched.length_m[piece], n=len(shapes))


def _area_added_m2(city: shapely.Geometry, shapes: Shapes, others: Shapes) -> Floats:
    shape, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    left = shapes.copy()
    for place, near in _grouped(shape, other):
        left[place] = reduce(shapely.difference, others[near], shapes[place])
    # only what lies in the city counts; few views reach beyond it
    shapely.prepare(city)
    is_cut = ~shapely.covers(city, left)
    left[is_cut] = shapely.intersection(left[is_cut], city)
    area: Floats = shapely.area(left)
    return area


def _grouped(group: Integers, member: Integers) -> list[tuple[int, Integers]]:
    order = np.argsort(group, kind="stable")
    numbers, first = np.unique(group[order], return_index=True)
    ends = [*first[1:].tolist(), len(order)]
    return [
        (number, member[order[start:end]])
        for number, start, end in zip(numbers.tolist(), first.tolist(), ends, strict=False)
    ]
