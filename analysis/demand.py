"""What deserves watching, as weighted points: incidents, streets, gates, junctions, people, places.

Each part is brought to a total of its own first, so that a mix of 0.5 incidents, 0.3 streets and
0.2 gates means just that, whatever is counted in metres and whatever in cases. METHODS.md, section
Demand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import coverage
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

STREET_STEP_M = 10.0
"""Longest piece of street that one point stands for."""

GROUND_STEP_M = 50.0
"""Distance between points of population where no buildings are known."""


@dataclass(frozen=True, kw_only=True)
class Mix:
    """How much each part of the demand counts.

    Parameters
    ----------
    incident, street, gate, junction, population, asked
        Not negative, not all nought; only their ratios matter.

    Raises
    ------
    InvalidValueError
        One is negative or not a number, or all are nought.

    Examples
    --------
    >>> Mix(incident=1, street=1, gate=0).shares()["street"]
    0.5
    """

    incident: float = 0.5
    street: float = 0.3
    gate: float = 0.2
    junction: float = 0.0
    population: float = 0.0
    asked: float = 0.0

    def __post_init__(self) -> None:
        """Check the values."""
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value >= 0):
                raise InvalidValueError(column=name, value=value)
        if sum(vars(self).values()) <= 0:
            raise InvalidValueError(column="mix", value=0)

    def shares(self) -> dict[str, float]:
        """Give each part's share of the whole."""
        whole = sum(vars(self).values())
        return {name: value / whole for name, value in vars(self).items()}


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Weighted points of what deserves watching.

    Parameters
    ----------
    points
        ``subject`` (a part of the mix), ``ward_code``, ``amount`` (incidents by their weight,
        metres of street, gates, junctions, inhabitants, requests in vain), ``weight`` (all together
        1) and the point.
    shares
        What share of the weight each part has in the end.
    missing
        Parts that the mix asks for but of which nothing is known or nothing is there; the others
        share their weight.
    """

    points: gpd.GeoDataFrame
    shares: dict[str, float]
    missing: tuple[str, ...]


def points(
    layers: coverage.Layers,
    mix: Mix | None = None,
    *,
    asked: gpd.GeoSeries | None = None,
    street_step_m: float = STREET_STEP_M,
) -> Demand:
    """Turn layers into weighted points.

    Parameters
    ----------
    layers
        What there is to see. ``incidents`` and ``gates`` count by their ``weight`` where they have
        one (``weights.of_incidents``). What lies in no ward is left out.
    mix
        How much each part counts; the default mix when None.
    asked
        Places for which footage was asked in vain, a point each time.
    street_step_m
        Longest piece of street that one point stands for.

    Returns
    -------
    Demand
        Nothing in it where nothing the mix asks for is known.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.
    InvalidValueError
        The step is not positive, a weight is negative or missing, or the layers are not in one
        system.

    Examples
    --------
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 100)], index=["W1"],
    ...                          crs="EPSG:5897")
    >>> street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 50), (20, 50)])],
    ...                           crs="EPSG:5897")
    >>> gates = gpd.GeoSeries([shapely.Point(9, 9)], crs="EPSG:5897")
    >>> found = points(coverage.Layers(wards=wards, streets=street, gates=gates),
    ...                Mix(incident=0.5, street=0.3, gate=0.2))
    >>> [(p.subject, round(p.weight, 6)) for p in found.points.itertuples()]
    [('street', 0.3), ('street', 0.3), ('gate', 0.4)]
    >>> found.missing
    ('incident',)
    """
    if not (math.isfinite(street_step_m) and street_step_m > 0):
        raise InvalidValueError(column="street_step_m", value=street_step_m)
    wards = layers.wards
    for name, layer in (vars(layers) | {"asked": asked}).items():
        if layer is not None:
            check_metric(layer, name=name)
            if layer.crs != wards.crs:
                raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    wanted = {name: share for name, share in (mix or Mix()).shares().items() if share > 0}
    parts = {}
    for name in wanted:
        found = _each(asked) if name == "asked" else _part(name, layers, street_step_m)
        part = _located(found, wards)
        if part is not None and part["amount"].sum() > 0:
            parts[name] = part.assign(subject=name)
    whole = sum(wanted[name] for name in parts)
    shares = {name: wanted[name] / whole for name in parts}
    weighted = [
        part.assign(weight=shares[name] * part["amount"] / part["amount"].sum())
        for name, part in parts.items()
    ]
    columns = ["subject", "ward_code", "amount", "weight", "geometry"]
    empty = gpd.GeoDataFrame(
        {"subject": [], "ward_code": [], "amount": [], "weight": []}, geometry=[], crs=wards.crs
    )
    joined = pd.concat(weighted, ignore_index=True) if weighted else empty
    return Demand(
        points=gpd.GeoDataFrame(joined[columns], crs=wards.crs),
        shares=shares,
        missing=tuple(name for name in wanted if name not in parts),
    )


def weight_seen(demand: gpd.GeoDataFrame, *, views: gpd.GeoSeries) -> float:
    """Sum the weight of the points that at least one camera sees.

    Parameters
    ----------
    demand
        Points with ``weight``, in a metric system.
    views
        What each camera sees, in the same system.

    Examples
    --------
    >>> demand = gpd.GeoDataFrame({"weight": [0.75, 0.25]}, crs="EPSG:5897",
    ...                           geometry=[shapely.Point(1, 1), shapely.Point(9, 9)])
    >>> weight_seen(demand, views=gpd.GeoSeries([shapely.box(0, 0, 5, 5)], crs="EPSG:5897"))
    0.75
    """
    is_seen = coverage.covered(demand.geometry, views=views)
    return float(demand["weight"].where(is_seen, 0.0).sum())


def _part(name: str, layers: coverage.Layers, street_step_m: float) -> tuple[Shapes, Floats] | None:
    """Give the points of a part and their amounts, None where it is not known."""
    if name == "population":
        return _people(layers)
    if name == "street":
        return None if layers.streets is None else _along(layers.streets.geometry, street_step_m)
    layer = {"incident": layers.incidents, "gate": layers.gates, "junction": layers.junctions}[name]
    if layer is None:
        return None
    amounts = np.ones(len(layer))
    if isinstance(layer, gpd.GeoDataFrame) and "weight" in layer.columns:
        amounts = np.asarray(pd.to_numeric(layer["weight"]), dtype=float)
        is_wrong = ~(np.isfinite(amounts) & (amounts >= 0))
        if is_wrong.any():
            ids = layer.index[is_wrong].tolist()
            raise InvalidValueError(column="weight", value=float(amounts[is_wrong][0]), ids=ids)
    return np.asarray(layer.geometry.array, dtype=object), amounts


def _each(places: gpd.GeoSeries | None) -> tuple[Shapes, Floats] | None:
    if places is None:
        return None
    return np.asarray(places.array, dtype=object), np.ones(len(places))


def _located(
    part: tuple[Shapes, Floats] | None, wards: gpd.GeoDataFrame
) -> gpd.GeoDataFrame | None:
    if part is None:
        return None
    shapes, amounts = part
    kept = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & (amounts > 0)
    places = gpd.GeoSeries(shapes[kept], crs=wards.crs)
    codes = coverage.wards_of(places, wards=wards)
    table = gpd.GeoDataFrame({"ward_code": codes, "amount": amounts[kept]}, geometry=places)
    return table[codes.notna()]


def _along(streets: gpd.GeoSeries, step_m: float) -> tuple[Shapes, Floats]:
    """Give points in the middle of equal pieces of each line, and the length of their piece."""
    lines = shapely.get_parts(np.asarray(streets.array, dtype=object))
    lengths = shapely.length(lines)
    n_pieces = np.ceil(lengths / step_m - 1e-9).astype(int)
    line = np.repeat(np.arange(len(lines)), n_pieces)
    number = np.arange(len(line)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    piece_m = lengths[line] / n_pieces[line]
    middles: Shapes = shapely.points(_at(lines, line, (number + 0.5) * piece_m))
    return middles, piece_m


def _at(lines: Shapes, line: npt.NDArray[np.int64], along_m: Floats) -> Floats:
    """Give the coordinates some way along each line named, all of them in one go."""
    corners, owner = shapely.get_coordinates(lines, return_index=True)
    step_m = np.hypot(*np.diff(corners, axis=0).T)
    step_m[owner[1:] != owner[:-1]] = 0.0
    gone_m = np.concatenate([[0.0], np.cumsum(step_m)])
    first = np.searchsorted(owner, line)
    aim_m = gone_m[first] + along_m
    before = np.searchsorted(gone_m, aim_m, side="right") - 1
    share = (aim_m - gone_m[before]) / step_m[before]
    found: Floats = corners[before] + share[:, None] * (corners[before + 1] - corners[before])
    return found


def _people(layers: coverage.Layers) -> tuple[Shapes, Floats] | None:
    """Spread each ward's people over its buildings by ground area, or over a grid of points."""
    wards = layers.wards
    if "population" not in wards.columns:
        return None
    if layers.buildings is not None:
        footprints = layers.buildings.geometry
        places = footprints.representative_point()
        areas = np.asarray(footprints.area, dtype=float)
    else:
        places = _grid(wards)
        areas = np.ones(len(places))
    code = coverage.wards_of(places, wards=wards)
    share = areas / pd.Series(areas).groupby(code.to_numpy()).transform("sum").to_numpy()
    people = code.map(pd.to_numeric(wards["population"])).to_numpy(dtype=float)
    return np.asarray(places.array, dtype=object), np.nan_to_num(share * people)


def _grid(wards: gpd.GeoDataFrame) -> gpd.GeoSeries:
    west, south, east, north = wards.total_bounds
    easting, northing = np.meshgrid(
        np.arange(west + GROUND_STEP_M / 2, east, GROUND_STEP_M),
        np.arange(south + GROUND_STEP_M / 2, north, GROUND_STEP_M),
    )
    return gpd.GeoSeries.from_xy(easting.ravel(), northing.ravel(), crs=wards.crs)
