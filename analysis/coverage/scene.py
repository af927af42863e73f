"""The ground that cameras look at, taken apart once for any number of questions."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.coverage.points import Places, wards_of
from analysis.coverage.rows import Edges, edges_of
from analysis.coverage.shapes import Flags, Floats, Integers, Shapes
from analysis.coverage.streets import Streets, cut_streets
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

BUILDING_REACH_M = 0.5
"""A building is seen when a view comes this near: views end at its walls, up to rounding."""


@dataclass(frozen=True, kw_only=True)
class Layers:
    """What there is to see. A layer that is None is not known, and nothing is said of it.

    Parameters
    ----------
    wards
        Polygons that do not overlap, indexed by ward code, with ``name``; ``population`` if known.
    streets
        Lines. One that runs exactly along the edge of two wards counts in both.
    incidents
        Points, or none where only the ward is known, with ``ward_code``; ``weight`` if they do not
        count alike.
    gates
        Points of school gates.
    junctions
        Points where streets meet, as ``demand.junctions`` finds them.
    buildings
        Footprints. With them a ward's population lives in its buildings, without them all over its
        ground.
    """

    wards: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame | None = None
    incidents: gpd.GeoDataFrame | None = None
    gates: gpd.GeoDataFrame | gpd.GeoSeries | None = None
    junctions: gpd.GeoDataFrame | gpd.GeoSeries | None = None
    buildings: gpd.GeoDataFrame | gpd.GeoSeries | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Layers taken apart by ward, made by ``prepare``.

    ``population_basis`` says where people are taken to live: ``buildings``, ``ground``, or None
    where no ward's population is known.
    """

    wards: gpd.GeoDataFrame
    outlines: Shapes
    ward_edges: Edges
    population: Floats
    population_basis: str | None
    n_incidents: Floats | None
    streets: Streets | None
    places: dict[str, Places]

    @property
    def n_wards(self) -> int:
        """How many wards there are."""
        return len(self.outlines)


def prepare(layers: Layers) -> Scene:
    """Take layers apart by ward, once for any number of questions.

    Parameters
    ----------
    layers
        All in the same metric system.

    Returns
    -------
    Scene
        To be passed to ``measure``.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or lacks a column.
    InvalidValueError
        The layers are not all in the same system, a ward code comes twice, or an incident's weight
        is negative, infinite or missing.

    Examples
    --------
    >>> wards = gpd.GeoDataFrame({"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)],
    ...                          index=["W1"], crs="EPSG:5897")
    >>> scene = prepare(Layers(wards=wards))
    >>> scene.n_wards, scene.population_basis
    (1, None)
    """
    _check(layers)
    wards = layers.wards
    outlines = np.asarray(wards.geometry.array, dtype=object)
    population = np.full(len(wards), np.nan)
    if "population" in wards.columns:
        population = np.asarray(pd.to_numeric(wards["population"]), dtype=float)
    places = _all_places(layers)
    basis = "buildings" if "buildings" in places else "ground"
    incidents, streets = layers.incidents, layers.streets
    return Scene(
        wards=wards[["name", wards.geometry.name]],
        outlines=outlines,
        ward_edges=edges_of(outlines, np.arange(1, len(wards) + 1)),
        population=population,
        population_basis=None if np.isnan(population).all() else basis,
        n_incidents=None if incidents is None else _counted(_recorded_in(incidents, wards), wards),
        streets=None if streets is None else cut_streets(streets, outlines),
        places=places,
    )


def _check(layers: Layers) -> None:
    wards = layers.wards
    for name, layer in vars(layers).items():
        if layer is None:
            continue
        check_metric(layer, name=name)
        if layer.crs != wards.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    check_columns(wards, ["name"], name="wards")
    if not wards.index.is_unique:
        twice = wards.index[wards.index.duplicated()].tolist()
        raise InvalidValueError(column="ward_code", value=twice[0], ids=twice)
    if layers.incidents is not None:
        check_columns(layers.incidents, ["ward_code"], name="incidents")


def _all_places(layers: Layers) -> dict[str, Places]:
    places: dict[str, Places] = {}
    wards, incidents = layers.wards, layers.incidents
    if incidents is not None:
        values = np.column_stack([np.ones(len(incidents)), _weights(incidents)])
        places["incidents"] = _places(incidents.geometry, _recorded_in(incidents, wards), values)
    for name, points in {"gates": layers.gates, "junctions": layers.junctions}.items():
        if points is not None:
            ward = _lying_in(points.geometry, wards)
            places[name] = _places(points.geometry, ward, np.ones((len(points), 1)))
    if layers.buildings is not None:
        footprints = layers.buildings.geometry
        ward = _lying_in(footprints.representative_point(), wards)
        values = np.asarray(footprints.area, dtype=float)[:, None]
        places["buildings"] = _places(footprints, ward, values, reach_m=BUILDING_REACH_M)
    return places


def _weights(incidents: gpd.GeoDataFrame) -> Floats:
    if "weight" not in incidents.columns:
        return np.ones(len(incidents))
    weights = np.asarray(pd.to_numeric(incidents["weight"]), dtype=float)
    is_wrong = ~(np.isfinite(weights) & (weights >= 0))
    if is_wrong.any():
        ids = incidents.index[is_wrong].tolist()
        raise InvalidValueError(column="weight", value=float(weights[is_wrong][0]), ids=ids)
    return weights


def _places(
    shapes: gpd.GeoSeries, ward: Integers, values: Floats, *, reach_m: float = 0.0
) -> Places:
    """Keep what has a place and lies in a ward."""
    array = np.asarray(shapes.array, dtype=object)
    kept: Flags = ~(shapely.is_missing(array) | shapely.is_empty(array)) & (ward >= 0)
    array = array[kept]
    return Places(array, ward[kept], values[kept], shapely.STRtree(array), reach_m)


def _recorded_in(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> Integers:
    return _placed(incidents["ward_code"], wards)


def _lying_in(points: gpd.GeoSeries, wards: gpd.GeoDataFrame) -> Integers:
    return _placed(wards_of(points, wards=wards), wards)


def _placed(codes: pd.Series[str], wards: gpd.GeoDataFrame) -> Integers:
    """Give the place of each code in the table of wards, -1 where it is not one of them."""
    places: Integers = wards.index.get_indexer(pd.Index(codes.to_numpy(), dtype=object))
    return places


def _counted(ward: Integers, wards: gpd.GeoDataFrame) -> Floats:
    return np.bincount(ward[ward >= 0], minlength=len(wards)).astype(float)
