"""A city cut into units that can be compared, and what happened on each.

METHODS.md, section Before and after, Units.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError
from analysis.evaluation.windows import FULL_MONTHS, Period
from analysis.evaluation.zones import Zones

CELL_M = 300.0
"""Side of the squares."""

LEAST_INSIDE = 0.5
"""Squares with less of them in the city are left out."""

LARGE_ZONE = 2.0
"""Treated ground in one piece is cut by the squares from so many squares' size on."""

MOST_YEARS = 3

_FEW = 16


def lay_units(
    zones: Zones, *, disturbed: shapely.Geometry | None = None, cell_m: float = CELL_M
) -> gpd.GeoDataFrame:
    """Cut a city into treated pieces and squares of comparison ground.

    A treated unit is a connected piece of the treated ground, cut along the squares where it is
    larger than two of them. Comparison units are squares with at least half their ground in the
    city and none in the treated ground, cut to the three grounds: what other new cameras see is no
    part of them. Those that reach into the displacement ring or disturbed ground stay, since they
    belong to the order of heat, but are not available.

    Parameters
    ----------
    zones
        Treated ground, ring and comparison, together the city (see ``zones_around``; ground around
        other new cameras is in none of them, so that nothing on it counts).
    disturbed
        More ground that cannot serve as comparison.
    cell_m
        Side of the squares, in metres: near the width of a camera's zone.

    Returns
    -------
    geopandas.GeoDataFrame
        Units in the zones' system, with ``is_treated``, ``is_available`` and their middles
        ``easting_widths``, ``northing_widths`` in sides of a square.

    Raises
    ------
    InvalidValueError
        The side is not positive, or there is no treated ground.

    Examples
    --------
    >>> zones = Zones(treated=shapely.box(0, 0, 300, 300),
    ...               displacement=shapely.box(300, 0, 310, 300),
    ...               control=shapely.box(310, 0, 1200, 300), crs="EPSG:5897")
    >>> laid = lay_units(zones)
    >>> laid["is_treated"].tolist(), laid["is_available"].tolist()
    ([True, False, False, False], [False, False, True, True])
    """
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise InvalidValueError(column="cell_m", value=cell_m)
    if zones.treated.is_empty:
        raise InvalidValueError(column="treated", value=0)
    treated = _pieces(zones.treated, cell_m)
    city = shapely.union_all([zones.treated, zones.displacement, zones.control])
    squares = _squares(city.bounds, cell_m)
    cut = _cut(squares, city)
    is_kept = shapely.area(cut) >= LEAST_INSIDE * cell_m**2
    is_kept[is_kept] = _share_inside(squares[is_kept], zones.treated) == 0
    squares, cut = squares[is_kept], cut[is_kept]
    spoilt = _share_inside(squares, zones.displacement)
    if disturbed is not None:
        spoilt += _share_inside(squares, disturbed)
    middles = shapely.get_coordinates(shapely.centroid(np.concatenate([treated, squares]))) / cell_m
    shapes = np.concatenate([treated, cut])
    return gpd.GeoDataFrame(
        {
            "is_treated": np.arange(len(shapes)) < len(treated),
            "is_available": np.concatenate([np.zeros(len(treated), dtype=bool), spoilt < 1e-6]),
            "easting_widths": middles[:, 0],
            "northing_widths": middles[:, 1],
        },
        geometry=shapes,
        crs=zones.crs,
    )


def count_units(
    incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame, *, periods: Sequence[Period]
) -> npt.NDArray[np.float64]:
    """Count incidents by period and unit, each once.

    Parameters
    ----------
    incidents
        Points in the units' system, with ``starts_at`` (local time); those without a point are in
        no unit. All categories count: select before.
    units
        From ``lay_units``. A point on a common edge belongs to the unit that comes first.
    periods
        When.

    Returns
    -------
    numpy.ndarray
        (period, unit).

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        The incidents have no ``starts_at`` or are not in the units' system.

    Examples
    --------
    >>> zones = Zones(treated=shapely.box(0, 0, 300, 300), displacement=shapely.Polygon(),
    ...               control=shapely.box(300, 0, 600, 300), crs="EPSG:5897")
    >>> incidents = gpd.GeoDataFrame({"starts_at": pd.to_datetime(["2022-05-01", "2023-05-01"])},
    ...     geometry=gpd.points_from_xy([10, 500], [10, 10], crs="EPSG:5897"))
    >>> years = [Period(start_on=date(y, 1, 1), end_before=date(y + 1, 1, 1)) for y in (2023, 2022)]
    >>> count_units(incidents, lay_units(zones), periods=years).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    starts_at, unit = _placed(incidents, units)
    return np.stack(
        [
            np.bincount(
                unit[(unit >= 0) & period.holds(starts_at).to_numpy()], minlength=len(units)
            ).astype(float)
            for period in periods
        ]
    )


def address_shares(
    incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame, *, period: Period
) -> npt.NDArray[np.float64]:
    """Tell for each unit which share of its incidents lies at its busiest single point.

    A market or a station that opens or closes at one address can carry a whole site.

    Parameters
    ----------
    incidents, units
        As for ``count_units``. Points that round to the same metre are taken to be one.
    period
        When.

    Returns
    -------
    numpy.ndarray
        0 to 1, NaN without incidents, (unit,).

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        As for ``count_units``.

    Examples
    --------
    >>> zones = Zones(treated=shapely.box(0, 0, 300, 300), displacement=shapely.Polygon(),
    ...               control=shapely.box(300, 0, 600, 300), crs="EPSG:5897")
    >>> incidents = gpd.GeoDataFrame({"starts_at": pd.to_datetime(["2022-05-01"] * 4)},
    ...     geometry=gpd.points_from_xy([10, 10, 10, 50], [10, 10, 10, 10], crs="EPSG:5897"))
    >>> year = Period(start_on=date(2022, 1, 1), end_before=date(2023, 1, 1))
    >>> address_shares(incidents, lay_units(zones), period=year).tolist()
    [0.75, nan]
    """
    starts_at, unit = _placed(incidents, units)
    is_counted = (unit >= 0) & period.holds(starts_at).to_numpy()
    places = np.round(shapely.get_coordinates(incidents.geometry.array[is_counted]))
    busiest = (
        pd.DataFrame({"unit": unit[is_counted], "x": places[:, 0], "y": places[:, 1]})
        .value_counts()
        .groupby(level="unit")
        .max()
        .reindex(range(len(units)), fill_value=0)
    )
    total = np.bincount(unit[is_counted], minlength=len(units)).astype(float)
    return np.asarray(busiest.to_numpy() / np.where(total > 0, total, np.nan))


def _placed(
    incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> tuple[pd.Series[pd.Timestamp], npt.NDArray[np.int64]]:
    """Give each incident's local time and the number of its unit, −1 for none."""
    check_columns(incidents, ["starts_at"], name="incidents")
    check_metric(incidents, name="incidents")
    if incidents.crs != units.crs:
        raise InvalidValueError(column="crs", value=str(incidents.crs), layer="incidents")
    points = np.asarray(incidents.geometry.array, dtype=object)
    unit = np.full(len(points), -1, dtype=np.int64)
    shapes = np.asarray(units.geometry.array, dtype=object)
    shapely.prepare(shapes)
    which, where = shapely.STRtree(points).query(shapes, predicate="intersects")
    unit[where[::-1]] = which[::-1]  # the first unit is written last
    return pd.to_datetime(incidents["starts_at"]).dt.tz_localize(None), unit


def years_before(
    installed_on: date, *, known: tuple[date, date], months: int = FULL_MONTHS
) -> tuple[Period, ...]:
    """Lay the whole periods before an installation, most recent first, at most three.

    Parameters
    ----------
    installed_on
        Day of the (first) installation.
    known
        First and last day that the records cover.
    months
        Length of each period.

    Returns
    -------
    tuple of Period
        Those that the records cover wholly; none where not even one is.

    Raises
    ------
    InvalidValueError
        ``months`` is under 1.

    Examples
    --------
    >>> found = years_before(date(2024, 7, 1), known=(date(2022, 1, 1), date(2024, 12, 31)))
    >>> [str(period.start_on) for period in found]
    ['2023-07-01', '2022-07-01']
    """
    if months < 1:
        raise InvalidValueError(column="months", value=months)
    edges = [
        (pd.Timestamp(installed_on) - pd.DateOffset(months=months * k)).date()
        for k in range(MOST_YEARS + 1)
    ]
    first, last = known
    return tuple(
        Period(start_on=start, end_before=end)
        for end, start in pairwise(edges)
        if start >= first and (pd.Timestamp(end) - pd.Timedelta(days=1)).date() <= last
    )


def _squares(bounds: tuple[float, float, float, float], cell_m: float) -> npt.NDArray[np.object_]:
    """Cover a box with squares of a fixed grid."""
    west, south, east, north = np.asarray(bounds) / cell_m
    columns = np.arange(np.floor(west), np.ceil(east)) * cell_m
    rows = np.arange(np.floor(south), np.ceil(north)) * cell_m
    x, y = (edge.ravel() for edge in np.meshgrid(columns, rows))
    return np.asarray(shapely.box(x, y, x + cell_m, y + cell_m))


def _pieces(treated: shapely.Geometry, cell_m: float) -> npt.NDArray[np.object_]:
    parts = shapely.get_parts(treated)
    parts = parts[shapely.area(parts) > 0]
    is_large = shapely.area(parts) > LARGE_ZONE * cell_m**2
    large = shapely.union_all(parts[is_large])
    if large.is_empty:
        return np.asarray(parts)
    cut = _shared(_squares(large.bounds, cell_m), large)
    return np.concatenate([parts[~is_large], cut[shapely.area(cut) > 0]])


def _cut(squares: npt.NDArray[np.object_], ground: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Leave of each square what lies on the ground."""
    shapely.prepare(ground)
    kept = squares.copy()
    is_near = shapely.intersects(ground, squares)
    kept[~is_near] = shapely.Polygon()
    is_partly = is_near & ~shapely.covers(ground, squares)
    kept[is_partly] = _shared(squares[is_partly], ground)
    return kept


def _shared(squares: npt.NDArray[np.object_], ground: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Cut each square with the ground, halving both until few squares are left.

    A city's ground has many corners: cutting every square with all of it would look at them all.
    """
    if len(squares) <= _FEW:
        return np.asarray(shapely.intersection(squares, ground))
    bounds = shapely.bounds(squares)
    axis = int(np.ptp(bounds[:, 1]) > np.ptp(bounds[:, 0]))
    order = np.argsort(bounds[:, axis], kind="stable")
    shared = np.empty(len(squares), dtype=object)
    for half in np.array_split(order, 2):
        part = shapely.intersection(ground, shapely.box(*shapely.total_bounds(squares[half])))
        shared[half] = _shared(squares[half], part)
    return shared


def _share_inside(
    squares: npt.NDArray[np.object_], ground: shapely.Geometry
) -> npt.NDArray[np.float64]:
    shapely.prepare(ground)
    share = np.zeros(len(squares))
    whole = shapely.covers(ground, squares)
    partly = ~whole & shapely.intersects(ground, squares)
    share[whole] = 1.0
    share[partly] = shapely.area(_shared(squares[partly], ground)) / shapely.area(squares[partly])
    return share
