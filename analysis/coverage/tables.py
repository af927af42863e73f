"""Each ward's share of what matters that the cameras see, and the city's."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import GOOD_STATES, WORKING_STATES, check_columns
from analysis.coverage.ground import covered_m2
from analysis.coverage.points import is_seen, wards_of
from analysis.coverage.shapes import Shapes, present
from analysis.coverage.streets import street_lengths_m
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

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
    shapes = present(views)
    table = pd.DataFrame({"name": wards["name"]}, index=wards.index)
    table["area_m2"] = shapely.area(outlines)
    table["covered_area_m2"] = covered_m2(outlines, shapes)
    table["street_length_m"], table["covered_street_length_m"] = street_lengths_m(
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


def _count_incidents(
    codes: pd.Index[str], shapes: Shapes, incidents: gpd.GeoDataFrame
) -> pd.DataFrame:
    places = np.asarray(incidents.geometry.array, dtype=object)
    flags = pd.DataFrame(
        {
            "n_incidents": 1,
            "n_incidents_located": ~(shapely.is_missing(places) | shapely.is_empty(places)),
            "n_incidents_covered": is_seen(places, shapes),
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
