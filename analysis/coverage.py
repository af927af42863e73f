"""What the working cameras together see: their union, and each ward's share of what matters.

Shares of street length and of incidents stand before square metres: in a real city a few per cent
of the ground holds most of both. METHODS.md, section Coverage.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import GOOD_STATES, WORKING_STATES, check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]

SUMMED = (
    "area_m2",
    "covered_area_m2",
    "street_length_m",
    "covered_street_length_m",
    "n_incidents",
    "n_incidents_located",
    "n_incidents_covered",
    "n_cameras_installed",
    "n_cameras_working",
    "n_cameras_good",
)
"""Columns of a ward table that add up to the city's."""

SHARES = {
    "covered_area_share": ("covered_area_m2", "area_m2"),
    "covered_street_share": ("covered_street_length_m", "street_length_m"),
    "covered_incident_share": ("n_incidents_covered", "n_incidents_located"),
}
"""Shares, and the two columns each is the ratio of."""


def covered_area(views: gpd.GeoSeries) -> shapely.Geometry:
    """Give the ground that at least one camera sees.

    Parameters
    ----------
    views
        What each camera sees, in a metric system; empty ones count for nothing.

    Returns
    -------
    shapely.Geometry
        The union of the views; an empty polygon when there is none.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The views are not in metres.

    Examples
    --------
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)],
    ...                       crs="EPSG:5897")
    >>> covered_area(views).area
    150.0
    """
    check_metric(views, name="views")
    shapes = _present(views)
    if len(shapes) == 0:
        return shapely.Polygon()
    return shapely.disjoint_subset_union_all(shapes)


def ward_table(
    *,
    wards: gpd.GeoDataFrame,
    views: gpd.GeoSeries,
    cameras: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    incidents: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Count, ward by ward, what there is and what of it the cameras see.

    Ground and streets are cut at the ward's edge. Cameras belong to the ward they stand in;
    incidents to the ward they were recorded in, with or without a point, and are covered when their
    point lies in a view. METHODS.md, section Coverage.

    Parameters
    ----------
    wards
        Polygons that do not overlap, indexed by ward code, with ``name``.
    views
        What each *working* camera sees.
    cameras
        All installed cameras, with their ``state`` on the day.
    streets
        Lines. One that runs exactly along the edge of two wards counts in both.
    incidents
        Points, or none where only the ward is known, with ``ward_code``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ward code: ``name``, the columns of ``SUMMED`` (square metres, metres, counts)
        and those of ``SHARES`` (0 to 1, NaN where there is nothing to share). The incident share is
        of the located ones. What lies in no ward is not counted.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or lacks a column.
    InvalidValueError
        The layers are not all in the same system.

    Examples
    --------
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame({"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)],
    ...                          index=["W1"], crs=crs)
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 50, 100)], crs=crs)
    >>> cameras = gpd.GeoDataFrame({"state": ["working"]}, geometry=[shapely.Point(0, 0)], crs=crs)
    >>> streets = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 50), (200, 50)])], crs=crs)
    >>> incidents = gpd.GeoDataFrame({"ward_code": ["W1"] * 3}, crs=crs,
    ...     geometry=[shapely.Point(10, 10), shapely.Point(90, 90), None])
    >>> table = ward_table(wards=wards, views=views, cameras=cameras, streets=streets,
    ...                    incidents=incidents)
    >>> table.loc["W1", ["covered_area_share", "street_length_m", "covered_street_share"]].tolist()
    [0.5, 100.0, 0.5]
    >>> table.loc["W1", ["n_incidents", "n_incidents_located", "n_incidents_covered"]].tolist()
    [3, 2, 1]
    """
    layers = {
        "wards": wards,
        "views": views,
        "cameras": cameras,
        "streets": streets,
        "incidents": incidents,
    }
    for name, layer in layers.items():
        check_metric(layer, name=name)
        if layer.crs != wards.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    check_columns(wards, ["name"], name="wards")
    check_columns(cameras, ["state"], name="cameras")
    check_columns(incidents, ["ward_code"], name="incidents")
    outlines = np.asarray(wards.geometry.array, dtype=object)
    shapes = _present(views)
    table = pd.DataFrame({"name": wards["name"]}, index=wards.index)
    table["area_m2"] = shapely.area(outlines)
    table["covered_area_m2"] = _covered_m2(outlines, shapes)
    table["street_length_m"], table["covered_street_length_m"] = _street_lengths_m(
        outlines, shapes, streets
    )
    table = table.join(_count_incidents(wards.index, shapes, incidents))
    table = table.join(_count_cameras(wards, cameras))
    for share, (part, whole) in SHARES.items():
        table[share] = table[part] / table[whole].where(table[whole] > 0)
    return table


def total(table: pd.DataFrame) -> pd.Series[float]:
    """Add a ward table up to the city.

    Parameters
    ----------
    table
        What ``ward_table`` gave, or some of its rows.

    Returns
    -------
    pandas.Series
        The sums, and the shares *of the sums* (never a mean of shares); NaN where there is nothing
        to share.

    Raises
    ------
    MissingColumnsError
        The table lacks a column of ``SUMMED``.

    Examples
    --------
    >>> parts = pd.DataFrame({name: [0, 0] for name in SUMMED})
    >>> parts["area_m2"], parts["covered_area_m2"] = [100, 900], [100, 0]
    >>> float(total(parts)["covered_area_share"])
    0.1
    """
    check_columns(table, SUMMED, name="ward table")
    sums = table[list(SUMMED)].sum().astype(float)
    for share, (part, whole) in SHARES.items():
        sums[share] = sums[part] / sums[whole] if sums[whole] > 0 else np.nan
    return sums


def covered(points: gpd.GeoSeries, *, views: gpd.GeoSeries) -> pd.Series[bool]:
    """Tell which points at least one camera sees.

    Parameters
    ----------
    points
        Points in a metric system; missing ones are not covered.
    views
        What each camera sees, in the same system.

    Returns
    -------
    pandas.Series
        True where a view holds the point or its edge touches it, on the points' index.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.

    Examples
    --------
    >>> points = gpd.GeoSeries([shapely.Point(1, 1), shapely.Point(9, 9), None], crs="EPSG:5897")
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 5, 5)], crs="EPSG:5897")
    >>> covered(points, views=views).tolist()
    [True, False, False]
    """
    check_metric(points, name="points")
    check_metric(views, name="views")
    places = np.asarray(points.array, dtype=object)
    return pd.Series(_is_covered(places, _present(views)), index=points.index, name="is_covered")


def _present(views: gpd.GeoSeries) -> Shapes:
    shapes = np.asarray(views.array, dtype=object)
    present: Shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return present


def _is_covered(places: Shapes, shapes: Shapes) -> npt.NDArray[np.bool_]:
    is_covered = np.zeros(len(places), dtype=bool)
    is_covered[shapely.STRtree(places).query(shapes, predicate="intersects")[1]] = True
    return is_covered


def _covered_m2(outlines: Shapes, shapes: Shapes) -> Floats:
    """Measure each ward's part of the union, cutting only the pieces that cross its edge."""
    pieces = shapely.get_parts(shapely.disjoint_subset_union_all(shapes))
    covered_m2 = np.zeros(len(outlines))
    if len(pieces) == 0:
        return covered_m2
    ward, piece = shapely.STRtree(pieces).query(outlines, predicate="intersects")
    shapely.prepare(outlines)
    is_whole = shapely.covers(outlines[ward], pieces[piece])
    area = np.empty(len(ward))
    area[is_whole] = shapely.area(pieces[piece[is_whole]])
    area[~is_whole] = shapely.area(
        shapely.intersection(outlines[ward[~is_whole]], pieces[piece[~is_whole]])
    )
    np.add.at(covered_m2, ward, area)
    return covered_m2


def _street_lengths_m(
    outlines: Shapes, shapes: Shapes, streets: gpd.GeoDataFrame
) -> tuple[Floats, Floats]:
    """Measure each ward's streets, and what of them is in a view.

    Streets are taken apart into straight pieces. On a straight piece each view is a set of
    intervals, so the union is an exact merging of intervals and no union of polygons is needed.
    """
    lines = np.asarray(streets.geometry.array, dtype=object)
    pieces = _straight_pieces(lines[~shapely.is_missing(lines)])
    ward, piece = shapely.STRtree(pieces).query(outlines, predicate="intersects")
    pieces = pieces[piece]
    shapely.prepare(outlines)
    is_cut = ~shapely.covers(outlines[ward], pieces)
    inside, owner = _line_parts(shapely.intersection(outlines[ward[is_cut]], pieces[is_cut]))
    ward = np.concatenate([ward[~is_cut], ward[is_cut][owner]])
    pieces = np.concatenate([pieces[~is_cut], inside])
    lengths = shapely.length(pieces)
    whole, seen = np.zeros(len(outlines)), np.zeros(len(outlines))
    np.add.at(whole, ward, lengths)
    np.add.at(seen, ward, lengths * _seen_share(pieces, shapes))
    return whole, seen


def _straight_pieces(lines: Shapes) -> Shapes:
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    is_piece = (line[1:] == line[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    pieces: Shapes = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[is_piece])
    return pieces


def _seen_share(pieces: Shapes, shapes: Shapes) -> Floats:
    """Give the share of each straight piece that lies in at least one view."""
    view, piece = shapely.STRtree(pieces).query(shapes, predicate="intersects")
    shapely.prepare(shapes)
    is_whole = shapely.covers(shapes[view], pieces[piece])
    share = np.zeros(len(pieces))
    share[piece[is_whole]] = 1.0
    open_still = ~is_whole & (share[piece] < 1)
    view, piece = view[open_still], piece[open_still]
    inside, owner = _line_parts(shapely.intersection(shapes[view], pieces[piece]))
    piece = piece[owner]
    first, last = (shapely.get_coordinates(shapely.get_point(inside, end)) for end in (0, -1))
    start, end = (shapely.get_coordinates(shapely.get_point(pieces[piece], e)) for e in (0, -1))
    along = end - start
    squared = (along**2).sum(axis=1)
    ends = np.stack([((p - start) * along).sum(axis=1) / squared for p in (first, last)])
    np.add.at(share, *_merged(piece, ends.min(axis=0), ends.max(axis=0)))
    return np.minimum(share, 1.0)


def _line_parts(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Split shapes into their lines; where a line only touches, there is none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return parts[is_line], owner[is_line]


def _merged(owner: Integers, start: Floats, end: Floats) -> tuple[Integers, Floats]:
    """Give what each interval adds to those of the same owner that start before it."""
    order = np.lexsort((start, owner))
    owner, start, end = owner[order], start[order], end[order]
    # two units of room for each owner keep the running maximum from reaching the next one's
    room = 2.0 * owner
    reached = np.maximum.accumulate(end + room) - room
    before = np.concatenate([[-np.inf], reached[:-1]])
    is_first = np.concatenate([[True], owner[1:] != owner[:-1]])[: len(owner)]
    before = np.where(is_first, -np.inf, before[: len(owner)])
    return owner, np.maximum(end - np.maximum(start, before), 0.0)


def _count_incidents(
    codes: pd.Index[str], shapes: Shapes, incidents: gpd.GeoDataFrame
) -> pd.DataFrame:
    places = np.asarray(incidents.geometry.array, dtype=object)
    flags = pd.DataFrame(
        {
            "n_incidents": 1,
            "n_incidents_located": ~(shapely.is_missing(places) | shapely.is_empty(places)),
            "n_incidents_covered": _is_covered(places, shapes),
        }
    )
    counts = flags.groupby(incidents["ward_code"].to_numpy()).sum()
    return counts.reindex(codes, fill_value=0).astype(int)


def _count_cameras(wards: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame) -> pd.DataFrame:
    ward = wards_of(cameras.geometry, wards=wards)
    flags = pd.DataFrame(
        {
            "n_cameras_installed": 1,
            "n_cameras_working": cameras["state"].isin(WORKING_STATES),
            "n_cameras_good": cameras["state"].isin(GOOD_STATES),
        },
        index=cameras.index,
    )
    counts = flags.groupby(ward.to_numpy()).sum()
    return counts.reindex(wards.index, fill_value=0).astype(int)


def wards_of(points: gpd.GeoSeries, *, wards: gpd.GeoDataFrame) -> pd.Series[str]:
    """Tell the ward in which each point lies.

    Parameters
    ----------
    points
        Points, missing ones allowed.
    wards
        Polygons in the same system, indexed by ward code.

    Returns
    -------
    pandas.Series
        Ward codes on the points' index, None where a point is missing or in no ward. A point on a
        common edge belongs to the ward that comes first.

    Examples
    --------
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...                          index=["W1", "W2"])
    >>> wards_of(gpd.GeoSeries.from_xy([0.5, 1.0, 1.5, 9], [0.5] * 4), wards=wards).tolist()
    ['W1', 'W1', 'W2', None]
    """
    places = np.asarray(points.array, dtype=object)
    ward, place = shapely.STRtree(places).query(
        np.asarray(wards.geometry.array, dtype=object), predicate="intersects"
    )
    codes = np.full(len(places), None, dtype=object)
    order = np.argsort(-ward, kind="stable")
    codes[place[order]] = np.asarray(wards.index, dtype=object)[ward[order]]
    return pd.Series(codes, index=points.index, name="ward_code", dtype=object)
