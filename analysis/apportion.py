"""Series of one ward division brought into another: whole wards add up, split ones are shared out.

A *crosswalk* is a table with one row for each part of an old ward: ``from_code``, ``to_code`` and
``share``, the part of the old ward that went there (0 to 1). An old ward with one row went there
whole, with two or more rows it was split. METHODS.md, section Divisions.
"""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.errors import InvalidValueError, VongLauError

TOLERANCE = 0.02
"""How far an old ward's shares may sum from 1; outlines drawn by hand leave that much."""

_COLUMNS = ["from_code", "to_code", "share"]


class SharesError(VongLauError, ValueError):
    """Shares of an old ward that do not sum to 1, a negative one, or a part named twice."""

    code = "crosswalk_shares"


class UnknownWardsError(VongLauError, LookupError):
    """A ward that the crosswalk does not know, or that the division does not have."""

    code = "crosswalk_wards"


def normalised(crosswalk: pd.DataFrame, *, tolerance: float = TOLERANCE) -> pd.DataFrame:
    """Check a crosswalk and make the shares of each old ward sum to 1.

    Parameters
    ----------
    crosswalk
        ``from_code``, ``to_code``, ``share``; other columns are left out.
    tolerance
        How far a sum may be from 1.

    Returns
    -------
    pandas.DataFrame
        Sorted, without shares of nought, and with ``is_split``: the old ward has several parts.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    SharesError
        A share is negative or missing, a part is named twice, or a sum is too far from 1.

    Examples
    --------
    >>> halves = pd.DataFrame({"from_code": ["A", "A"], "to_code": ["X", "Y"],
    ...                        "share": [0.594, 0.396]})
    >>> normalised(halves)["share"].round(6).tolist()
    [0.6, 0.4]
    """
    check_columns(crosswalk, _COLUMNS, name="crosswalk")
    known = crosswalk[_COLUMNS].astype({"share": float})
    is_bad = ~(known["share"] >= 0) | known.duplicated(["from_code", "to_code"])
    sums = known.groupby("from_code")["share"].sum()
    bad = [*known.loc[is_bad, "from_code"], *sums.index[(sums - 1).abs() > tolerance]]
    if bad:
        raise SharesError(values=sorted(set(bad)))
    parts = known[known["share"] > 0].sort_values(["from_code", "to_code"], ignore_index=True)
    by_ward = parts.groupby("from_code")["share"]
    parts["share"] /= by_ward.transform("sum")
    parts["is_split"] = by_ward.transform("size") > 1
    return parts


def identity(codes: Iterable[str]) -> pd.DataFrame:
    """Give the crosswalk under which every ward stays what it is.

    Examples
    --------
    >>> identity(["A"]).to_dict("records")
    [{'from_code': 'A', 'to_code': 'A', 'share': 1.0, 'is_split': False}]
    """
    names = pd.Series(list(codes), dtype=object)
    same = {"from_code": names, "to_code": names, "share": pd.Series(1.0, index=names.index)}
    return normalised(pd.DataFrame(same))


def compose(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Give the crosswalk that does what two do in turn: shares multiply along each way.

    Parameters
    ----------
    first, second
        Crosswalks; the second starts where the first ends.

    Raises
    ------
    MissingColumnsError, SharesError
        As ``normalised``.
    UnknownWardsError
        The first leads to a ward that the second does not know.

    Examples
    --------
    >>> merged = pd.DataFrame({"from_code": ["A", "B"], "to_code": ["B", "B"], "share": 1.0})
    >>> halved = pd.DataFrame({"from_code": "B", "to_code": ["X", "Y"], "share": 0.5})
    >>> compose(merged, halved)[["from_code", "to_code", "share"]].to_numpy().tolist()
    [['A', 'X', 0.5], ['A', 'Y', 0.5], ['B', 'X', 0.5], ['B', 'Y', 0.5]]
    """
    before, after = normalised(first), normalised(second)
    _check_known(before["to_code"], after)
    ways = before.rename(columns={"to_code": "via"}).merge(
        after.rename(columns={"from_code": "via"}), on="via", suffixes=("", "_after")
    )
    ways["share"] *= ways["share_after"]
    sums = ways.groupby(["from_code", "to_code"])["share"].sum()
    return normalised(sums.reset_index())


def apportion(counts: pd.DataFrame, *, crosswalk: pd.DataFrame, value: str = "n") -> pd.DataFrame:
    """Turn counts by old ward into counts by new ward.

    Parameters
    ----------
    counts
        ``ward_code`` of the old division and the value; every other column is a key that is kept
        (category, month). Rows with the same keys add up.
    crosswalk
        From the old division to the new one.
    value
        The column to add up.

    Returns
    -------
    pandas.DataFrame
        The keys, ``ward_code`` of the new division and the value; ``n_apportioned``, the part of
        the value that was shared out and not counted, and ``from_codes``, the old wards it came
        from. Whole numbers stay whole numbers as long as no split ward has any.

    Raises
    ------
    MissingColumnsError, SharesError
        A column is missing; the crosswalk is not one.
    UnknownWardsError
        Counts of a ward that the crosswalk does not know.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"from_code": ["A", "B", "B"], "to_code": ["X", "X", "Y"],
    ...                           "share": [1, 0.25, 0.75]})
    >>> counts = pd.DataFrame({"ward_code": ["A", "B"], "n": [10, 4]})
    >>> apportion(counts, crosswalk=crosswalk).to_dict("records")
    [{'ward_code': 'X', 'n': 11.0, 'n_apportioned': 1.0, 'from_codes': ('B',)},
     {'ward_code': 'Y', 'n': 3.0, 'n_apportioned': 3.0, 'from_codes': ('B',)}]
    """
    check_columns(counts, ["ward_code", value], name="counts")
    parts = normalised(crosswalk)
    _check_known(counts["ward_code"], parts)
    kept = [name for name in counts.columns if name not in {"ward_code", value}]
    moved = counts.merge(parts, left_on="ward_code", right_on="from_code")
    is_shared = moved["is_split"] & (moved[value] != 0)
    if is_shared.any():
        moved[value] = moved[value] * moved["share"]
    moved["n_apportioned"] = moved[value].where(is_shared, 0).astype(float)
    moved["from_codes"] = moved["from_code"].where(is_shared)
    keys = [*kept, "to_code"]
    found = moved.groupby(keys, observed=True, dropna=False, as_index=False).agg(
        {value: "sum", "n_apportioned": "sum", "from_codes": _names}
    )
    return found.rename(columns={"to_code": "ward_code"})


def apportion_population(
    population: pd.Series[float], *, crosswalk: pd.DataFrame
) -> pd.Series[float]:
    """Turn the inhabitants of old wards into those of new ones.

    Parameters
    ----------
    population
        Indexed by old ward code; missing where unknown.
    crosswalk
        From the old division to the new one.

    Returns
    -------
    pandas.Series
        Indexed by new ward code; missing where any part has no population, because a sum of the
        known parts would make every rate too high.

    Raises
    ------
    MissingColumnsError, SharesError
        As ``normalised``.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"from_code": ["A", "B", "C"], "to_code": ["X", "X", "Y"],
    ...                           "share": 1.0})
    >>> apportion_population(pd.Series({"A": 100, "C": 300}), crosswalk=crosswalk).to_dict()
    {'X': nan, 'Y': 300.0}
    """
    parts = normalised(crosswalk)
    known = population.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    by_code = pd.Series(known, index=population.index)
    parts["population"] = by_code.reindex(parts["from_code"]).to_numpy() * parts["share"]
    sums = parts.groupby("to_code")["population"].sum(skipna=False)
    return sums.rename_axis("code").rename("population")


def reassign(
    incidents: pd.DataFrame,
    *,
    crosswalk: pd.DataFrame,
    outlines: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Give incidents of an old division the wards of a new one.

    Those of a whole ward go where it went, whatever their point says. One of a split ward goes to
    the part its point lies in; without a point, or with one outside all parts, it is shared out:
    one row for each part, with its share.

    Parameters
    ----------
    incidents
        ``ward_code`` of the old division; points in ``geometry`` are used when there are outlines.
    crosswalk
        From the old division to the new one.
    outlines
        The new wards, indexed by code, in the incidents' reference system.

    Returns
    -------
    pandas.DataFrame
        The rows in their order, those shared out repeated under the same index, with the new
        ``ward_code``, ``share`` of the incident counted there, ``is_apportioned`` (shared out) and
        ``is_placed`` (of a split ward, told by its point). Shares of an incident sum to 1.

    Raises
    ------
    MissingColumnsError, SharesError
        A column is missing; the crosswalk is not one.
    UnknownWardsError
        Incidents of a ward that the crosswalk does not know.
    InvalidValueError
        Incidents and outlines are in different reference systems.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"from_code": "B", "to_code": ["X", "Y"], "share": [0.25, 0.75]})
    >>> moved = reassign(pd.DataFrame({"ward_code": ["B"]}), crosswalk=crosswalk)
    >>> moved[["ward_code", "share"]].to_numpy().tolist()
    [['X', 0.25], ['Y', 0.75]]
    """
    check_columns(incidents, ["ward_code"], name="incidents")
    parts = normalised(crosswalk)
    _check_known(incidents["ward_code"], parts)
    old = pd.DataFrame({"ward_code": incidents["ward_code"].to_numpy()}).reset_index(names="i")
    ways = old.merge(parts, left_on="ward_code", right_on="from_code").sort_values(["i", "to_code"])
    is_inside = np.zeros(len(ways), dtype=bool)
    if outlines is not None:
        is_inside = _inside(incidents, outlines, ways)
    is_placed = pd.Series(is_inside, index=ways.index).groupby(ways["i"]).transform("any")
    ways["is_placed"] = is_placed.to_numpy(dtype=bool)
    ways = ways[~ways["is_placed"] | is_inside].drop_duplicates(["i", "to_code"])
    # a point on the border of two parts lies in both: the first has it
    ways = ways[~(ways["is_placed"] & ways.duplicated("i"))]
    moved = incidents.iloc[ways["i"].to_numpy()].copy()
    moved["ward_code"] = ways["to_code"].to_numpy()
    moved["share"] = np.where(ways["is_placed"], 1.0, ways["share"])
    moved["is_placed"] = ways["is_placed"].to_numpy()
    moved["is_apportioned"] = (ways["is_split"] & ~ways["is_placed"]).to_numpy()
    return moved


def locate(incidents: gpd.GeoDataFrame, *, outlines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give incidents the ward their point lies in, where no crosswalk says where to put them.

    Parameters
    ----------
    incidents
        With ``ward_code`` and points.
    outlines
        Wards, indexed by code, in the incidents' reference system.

    Returns
    -------
    geopandas.GeoDataFrame
        Those that lie in a ward, in their order, with the columns of ``reassign``; the others are
        left out.

    Raises
    ------
    InvalidValueError
        Incidents and outlines are in different reference systems.

    Examples
    --------
    >>> wards = gpd.GeoDataFrame({"geometry": [shapely.box(0, 0, 9, 9)]}, index=["X"], crs=32648)
    >>> points = gpd.GeoSeries([shapely.Point(1, 1), None], crs=32648)
    >>> locate(gpd.GeoDataFrame({"ward_code": "B"}, index=[0, 1], geometry=points),
    ...        outlines=wards)["ward_code"].to_dict()
    {0: 'X'}
    """
    _check_same_crs(incidents, outlines)
    points, wards = shapely.STRtree(outlines.geometry.to_numpy()).query(
        incidents.geometry.to_numpy(), predicate="intersects"
    )
    # a point on a border lies in several wards: the first has it
    first = pd.Series(wards).groupby(points).min()
    found = incidents.iloc[first.index.to_numpy(dtype=int)].copy()
    found["ward_code"] = outlines.index.to_numpy()[first.to_numpy(dtype=int)]
    return found.assign(share=1.0, is_placed=True, is_apportioned=False)


def _inside(
    incidents: pd.DataFrame, outlines: gpd.GeoDataFrame, ways: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell for each way of an incident of a split ward whether its point lies in that part."""
    if not isinstance(incidents, gpd.GeoDataFrame):
        return np.zeros(len(ways), dtype=bool)
    _check_same_crs(incidents, outlines)
    points = incidents.geometry.to_numpy()[ways["i"].to_numpy()]
    shapes = outlines.geometry.reindex(ways["to_code"]).to_numpy()
    is_inside = np.zeros(len(ways), dtype=bool)
    asked = ways["is_split"].to_numpy()
    is_inside[asked] = shapely.intersects(
        np.asarray(points, dtype=object)[asked], np.asarray(shapes, dtype=object)[asked]
    )
    return is_inside


def _check_same_crs(incidents: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame) -> None:
    if incidents.crs != outlines.crs:
        raise InvalidValueError(column="crs", value=str(incidents.crs), other=str(outlines.crs))


def _check_known(codes: pd.Series[str], crosswalk: pd.DataFrame) -> None:
    unknown = set(codes) - set(crosswalk["from_code"])
    if unknown:
        raise UnknownWardsError(values=sorted(unknown))


def _names(codes: pd.Series[str]) -> tuple[str, ...]:
    return tuple(sorted(codes.dropna().unique()))
