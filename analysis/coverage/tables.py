"""Each ward's share of what matters that the cameras see, and the city's."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import check_columns
from analysis.coverage.names import ALL_SHARES, ALL_SUMMED, SHARES, SUMMED
from analysis.coverage.scene import Layers, prepare
from analysis.coverage.shapes import present
from analysis.coverage.sums import sum_up, ward_frame
from analysis.coverage.views import Views
from analysis.crs import check_metric
from analysis.errors import InvalidValueError


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
    >>> import shapely
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
    check_metric(views, name="views")
    check_metric(cameras, name="cameras")
    check_columns(cameras, ["state"], name="cameras")
    for name, layer in {"views": views, "cameras": cameras}.items():
        if layer.crs != wards.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    scene = prepare(Layers(wards=wards, streets=streets, incidents=incidents))
    shapes = present(views)
    alike = Views(shapes, np.zeros(len(shapes), dtype=np.intp), np.arange(len(shapes)))
    table = ward_frame(scene, sum_up(scene, alike, cameras, with_depth=False))
    return table[["name", *SUMMED, *SHARES]]


def total(table: pd.DataFrame) -> pd.Series[float]:
    """Add a ward table up to the city.

    Parameters
    ----------
    table
        What ``ward_table`` or ``State.ward_table`` gave, or some of its rows.

    Returns
    -------
    pandas.Series
        The sums, and the shares *of the sums* (never a mean of shares); NaN where there is nothing
        to share, or where no ward's number is known.

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
    summed = [column for column in ALL_SUMMED if column in table.columns]
    sums = table[summed].astype(float).sum(min_count=1)
    shares = {}
    for share, (part, whole) in ALL_SHARES.items():
        if part in sums.index and whole in sums.index:
            # a ward of which one is not known counts in neither
            is_known = table[part].notna() & table[whole].notna()
            of = table[whole].where(is_known).sum()
            shares[share] = table[part].where(is_known).sum() / of if of > 0 else np.nan
    city: pd.Series[float] = pd.concat([sums, pd.Series(shares, dtype=float)])
    return city
