"""What can be chosen: places × models × bearings, repairs and turns, each with what it would see.

An option is a row: ``kind`` (install, repair, reaim), ``place_id`` (the site, or the camera),
``model_id``, ``bearing_deg`` (missing where it looks all round), ``fov_deg``, ``range_m`` and
``near_m`` on the ground, ``cost`` (missing where not known) and the point where it stands.
METHODS.md, section Siting.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
import shapely

from analysis import reach, visibility
from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError
from analysis.visibility.sectors import FULL_CIRCLE_DEG

COLUMNS = (
    "kind",
    "place_id",
    "model_id",
    "bearing_deg",
    "fov_deg",
    "range_m",
    "near_m",
    "cost",
    "geometry",
)

INTO_M2 = 0.01
"""A view that shares less ground with a zone than this only touches it."""

BEYOND_SHARE = 1e-3
"""By how much a disc is drawn too large, so that its chords lie outside the true circle."""

ANGLE_SLACK_DEG = 1e-9

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def bearings(step_deg: float) -> list[float]:
    """Give the bearings of a full turn, from north.

    Raises
    ------
    InvalidValueError
        The step does not go into 360° a whole number of times.

    Examples
    --------
    >>> bearings(90)
    [0.0, 90.0, 180.0, 270.0]
    """
    n = 360 / step_deg if step_deg > 0 else 0.0
    if not (n >= 1 and abs(n - round(n)) < 1e-9):
        raise InvalidValueError(column="bearing_step_deg", value=step_deg)
    return [k * 360.0 / round(n) for k in range(round(n))]


def installs(
    sites: gpd.GeoDataFrame, *, lenses: pd.DataFrame, bearing_step_deg: float = 15.0
) -> gpd.GeoDataFrame:
    """List every model at every site in every direction.

    Parameters
    ----------
    sites
        Points in a metric system, indexed by their id, with ``cost`` of making the place ready
        where it is known.
    lenses
        Indexed by model id: ``fov_deg``, ``range_m``, ``near_m`` on the ground; ``cost`` of the
        camera where it is known.
    bearing_step_deg
        Degrees between two directions; a lens that sees all round has none.

    Returns
    -------
    geopandas.GeoDataFrame
        ``COLUMNS``; ``cost`` is that of the site and of the camera. A site of unknown cost adds
        nothing to it.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        The sites are not in metres, the lenses lack a column, the step does not go into 360°.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"cost": [5.0]}, geometry=gpd.points_from_xy([0], [0]),
    ...                          index=["S1"], crs="EPSG:5897")
    >>> lenses = pd.DataFrame({"fov_deg": [90.0, 360.0], "range_m": [60.0, 20.0],
    ...                        "near_m": [0.0, 0.0], "cost": [9.0, None]}, index=["F", "D"])
    >>> installs(sites, lenses=lenses, bearing_step_deg=120)[
    ...     ["model_id", "bearing_deg", "cost"]].to_numpy().tolist()
    [['F', 0.0, 14.0], ['F', 120.0, 14.0], ['F', 240.0, 14.0], ['D', nan, nan]]
    """
    check_metric(sites, name="sites")
    check_columns(lenses, ["fov_deg", "range_m", "near_m"], name="lenses")
    turns = bearings(bearing_step_deg)
    models: list[int] = []
    aims: list[float] = []
    for k, fov_deg in enumerate(lenses["fov_deg"]):
        own = [np.nan] if fov_deg >= FULL_CIRCLE_DEG else turns
        models += [k] * len(own)
        aims += own
    site = np.repeat(np.arange(len(sites)), len(models))
    lens = np.tile(np.array(models, dtype=np.int64), len(sites))
    ready = _numbers(sites, "cost")
    table = pd.DataFrame(
        {
            "kind": "install",
            "place_id": np.asarray(sites.index, dtype=object)[site],
            "model_id": np.asarray(lenses.index, dtype=object)[lens],
            "bearing_deg": np.tile(np.array(aims, dtype=float), len(sites)),
            **{name: _numbers(lenses, name)[lens] for name in ("fov_deg", "range_m", "near_m")},
            "cost": np.nan_to_num(ready)[site] + _numbers(lenses, "cost")[lens],
        }
    )
    points = np.asarray(sites.geometry.array, dtype=object)[site]
    return gpd.GeoDataFrame(table, geometry=points, crs=sites.crs)[list(COLUMNS)]


def repairs(cameras: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """List the repair of every camera given.

    Parameters
    ----------
    cameras
        Those out of order, in a metric system, indexed by their id: ``bearing_deg``, ``fov_deg``,
        ``range_m``; ``model_id`` and ``repair_cost`` where known.

    Returns
    -------
    geopandas.GeoDataFrame
        ``COLUMNS``.

    Examples
    --------
    >>> broken = gpd.GeoDataFrame({"bearing_deg": [90.0], "fov_deg": [80.0], "range_m": [55.0],
    ...     "repair_cost": [2.0]}, geometry=gpd.points_from_xy([0], [0]), index=["C1"],
    ...     crs="EPSG:5897")
    >>> repairs(broken)[["kind", "place_id", "cost"]].to_numpy().tolist()
    [['repair', 'C1', 2.0]]
    """
    check_metric(cameras, name="cameras")
    table = pd.DataFrame(
        {
            "kind": "repair",
            "place_id": np.asarray(cameras.index, dtype=object),
            "model_id": _known(cameras, "model_id"),
            **{name: _numbers(cameras, name) for name in ("bearing_deg", "fov_deg", "range_m")},
            "near_m": 0.0,
            "cost": _numbers(cameras, "repair_cost"),
        }
    )
    points = np.asarray(cameras.geometry.array, dtype=object)
    return gpd.GeoDataFrame(table, geometry=points, crs=cameras.crs)[list(COLUMNS)]


def reaims(
    cameras: gpd.GeoDataFrame, *, cost: float, bearing_step_deg: float = 15.0
) -> gpd.GeoDataFrame:
    """List every direction to which each camera given can be turned.

    Parameters
    ----------
    cameras
        Those that look one way, in a metric system, indexed by their id: ``fov_deg``, ``range_m``
        and ``near_m`` on the ground; ``model_id`` and ``height_m`` where known.
    cost
        Of turning one.
    bearing_step_deg
        Degrees between two directions.

    Returns
    -------
    geopandas.GeoDataFrame
        ``COLUMNS`` and ``height_m``, the rows of one camera one after the other.

    Examples
    --------
    >>> cameras = gpd.GeoDataFrame({"fov_deg": [80.0], "range_m": [55.0], "near_m": [0.0]},
    ...     geometry=gpd.points_from_xy([0], [0]), index=["C1"], crs="EPSG:5897")
    >>> reaims(cameras, cost=1.0, bearing_step_deg=180)[
    ...     ["kind", "place_id", "bearing_deg"]].to_numpy().tolist()
    [['reaim', 'C1', 0.0], ['reaim', 'C1', 180.0]]
    """
    check_metric(cameras, name="cameras")
    check_columns(cameras, ["fov_deg", "range_m", "near_m"], name="cameras")
    turns = bearings(bearing_step_deg)
    camera = np.repeat(np.arange(len(cameras)), len(turns))
    model = _known(cameras, "model_id")
    table = pd.DataFrame(
        {
            "kind": "reaim",
            "place_id": np.asarray(cameras.index, dtype=object)[camera],
            "model_id": model[camera],
            "bearing_deg": np.tile(np.array(turns), len(cameras)),
            **{
                name: _numbers(cameras, name)[camera]
                for name in ("fov_deg", "range_m", "near_m", "height_m")
            },
            "cost": float(cost),
        }
    )
    points = np.asarray(cameras.geometry.array, dtype=object)[camera]
    return gpd.GeoDataFrame(table, geometry=points, crs=cameras.crs)[[*COLUMNS, "height_m"]]


def views_of(
    options: gpd.GeoDataFrame,
    *,
    height_m: float | None = None,
    buildings: visibility.Footprints | None = None,
) -> gpd.GeoSeries:
    """Draw what each option would see, on the options' index.

    Parameters
    ----------
    options
        As ``installs`` or ``reaims`` gives them.
    height_m
        Height of the masts of options without ``height_m`` of their own; None: not known, a camera
        looks over no roof.
    buildings
        What hides the ground; None: nothing.
    """
    cameras = _on_masts(options, height_m)
    views = visibility.viewsheds(cameras, buildings=buildings)
    return reach.without_near(views, cameras=cameras, near_m=options["near_m"])


def cover_of_views(views: gpd.GeoSeries, *, demand: gpd.GeoSeries) -> sp.csr_array:
    """Tell which points each view covers: (demand, view) 0/1.

    Examples
    --------
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 5, 5), shapely.box(4, 0, 9, 5)])
    >>> cover_of_views(views, demand=gpd.GeoSeries.from_xy([1, 4.5], [1, 1])).toarray().tolist()
    [[1, 0], [1, 1]]
    """
    points = np.asarray(demand.array, dtype=object)
    view, point = shapely.STRtree(points).query(
        np.asarray(views.array, dtype=object), predicate="intersects"
    )
    return _matrix(point, view, shape=(len(points), len(views)))


def cover_of_installs(
    options: gpd.GeoDataFrame,
    *,
    demand: gpd.GeoSeries,
    height_m: float | None = None,
    buildings: visibility.Footprints | None = None,
) -> sp.csr_array:
    """Tell which points each option would see: (demand, option) 0/1.

    One disc is drawn for each place, as far as its farthest model sees; its points are then shared
    out by distance and direction. That is exact, because what a wall hides does not depend on where
    a camera looks. Places on or in a house, from where the facade depends on the bearing, are drawn
    option by option.

    Parameters
    ----------
    options
        As ``installs`` or ``reaims`` gives them, those of one place one after the other.
    demand
        Points in the options' system.
    height_m, buildings
        As for ``views_of``.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), index=["S"],
    ...                          crs="EPSG:5897")
    >>> lens = pd.DataFrame({"fov_deg": [90.0], "range_m": [60.0], "near_m": [0.0]}, index=["F"])
    >>> demand = gpd.GeoSeries.from_xy([0, 40, 0], [50, 0, 70], crs="EPSG:5897")
    >>> cover_of_installs(installs(sites, lenses=lens, bearing_step_deg=90),
    ...                   demand=demand).toarray().tolist()
    [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    """
    check_metric(options, name="options")
    points = np.asarray(demand.array, dtype=object)
    shape = (len(points), len(options))
    if not (len(options) and len(points)):
        return _matrix(np.empty(0, int), np.empty(0, int), shape=shape)
    is_plain = _stand_free(options, height_m=height_m, buildings=buildings)
    tree = shapely.STRtree(points)
    xy = shapely.get_coordinates(points)
    walled = np.flatnonzero(~is_plain)
    views = views_of(options.iloc[walled], height_m=height_m, buildings=buildings)
    option, point = tree.query(np.asarray(views.array, dtype=object), predicate="intersects")
    found = [(point, walled[option])]
    plain = options[is_plain]
    if len(plain):
        numbers = np.flatnonzero(is_plain)
        for points_seen, options_seeing in _by_disc(
            plain, tree, xy, height_m=height_m, buildings=buildings
        ):
            found.append((points_seen, numbers[options_seeing]))
    rows, columns = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
    return _matrix(rows, columns, shape=shape)


def sees_into(
    options: gpd.GeoDataFrame,
    *,
    zones: gpd.GeoSeries,
    height_m: float | None = None,
    buildings: visibility.Footprints | None = None,
) -> Flags:
    """Tell which options would see ground of a zone.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), index=["S"],
    ...                          crs="EPSG:5897")
    >>> lens = pd.DataFrame({"fov_deg": [90.0], "range_m": [60.0], "near_m": [0.0]}, index=["F"])
    >>> court = gpd.GeoSeries([shapely.box(-5, 40, 5, 50)], crs="EPSG:5897")
    >>> sees_into(installs(sites, lenses=lens, bearing_step_deg=90), zones=court).tolist()
    [True, False, False, False]
    """
    is_into = np.zeros(len(options), dtype=bool)
    if not (len(options) and len(zones)):
        return is_into
    whole = shapely.union_all(np.asarray(zones.array, dtype=object))
    shapely.prepare(whole)
    reach_m = options["range_m"].to_numpy(dtype=float) * (1 + BEYOND_SHARE)
    places = np.asarray(options.geometry.array, dtype=object)
    near = np.flatnonzero(shapely.dwithin(places, whole, reach_m))
    views = views_of(options.iloc[near], height_m=height_m, buildings=buildings)
    shared = shapely.area(shapely.intersection(np.asarray(views.array, dtype=object), whole))
    is_into[near] = shared > INTO_M2
    return is_into


def _stand_free(
    options: gpd.GeoDataFrame, *, height_m: float | None, buildings: visibility.Footprints | None
) -> Flags:
    """Tell which options stand at a place that is free whichever way its cameras look."""
    if buildings is None:
        return np.ones(len(options), dtype=bool)
    cameras = _on_masts(options, height_m)
    is_free = visibility.mount_status(cameras, buildings=buildings).eq("free")
    plain: Flags = is_free.groupby(options["place_id"].to_numpy()).transform("all").to_numpy()
    return plain


def _by_disc(
    options: gpd.GeoDataFrame,
    tree: shapely.STRtree,
    xy: Floats,
    *,
    height_m: float | None,
    buildings: visibility.Footprints | None,
) -> list[tuple[Ints, Ints]]:
    """Give points and the options that see them, first of the first option of each place."""
    place, _ = pd.factorize(options["place_id"])
    first = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
    farthest = options.groupby(place, sort=True)["range_m"].max().to_numpy()
    discs = options.iloc[first].assign(
        bearing_deg=np.nan, fov_deg=360.0, near_m=0.0, range_m=farthest * (1 + BEYOND_SHARE)
    )
    views = views_of(discs, height_m=height_m, buildings=buildings)
    at, point = tree.query(np.asarray(views.array, dtype=object), predicate="intersects")
    east, north = (xy[point] - shapely.get_coordinates(discs.geometry.array)[at]).T
    away_m, bearing = np.hypot(east, north), np.degrees(np.arctan2(east, north))
    aim, half_deg = _numbers(options, "bearing_deg"), _numbers(options, "fov_deg") / 2
    range_m, near_m = _numbers(options, "range_m"), _numbers(options, "near_m")
    n_of_place = np.diff(np.append(first, len(options)))
    found = []
    for k in range(int(n_of_place.max())):
        hits = np.flatnonzero(n_of_place[at] > k)
        option = first[at[hits]] + k
        is_in = (away_m[hits] <= range_m[option]) & (away_m[hits] >= near_m[option])
        off = np.abs((bearing[hits] - aim[option] + 180.0) % 360.0 - 180.0)
        # without an aim it looks all round; what stands under the mast has no direction
        is_in &= ~(off > half_deg[option] + ANGLE_SLACK_DEG) | (away_m[hits] == 0)
        found.append((point[hits[is_in]], option[is_in]))
    return found


def _on_masts(options: gpd.GeoDataFrame, height_m: float | None) -> gpd.GeoDataFrame:
    if "height_m" in options.columns:
        return options
    return options.assign(height_m=np.nan if height_m is None else height_m)


def _matrix(rows: Ints, columns: Ints, *, shape: tuple[int, int]) -> sp.csr_array:
    ones = np.ones(len(rows), dtype=np.int8)
    return sp.csr_array((ones, (rows, columns)), shape=shape)


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    if column not in table.columns:
        return np.full(len(table), np.nan)
    return np.asarray(pd.to_numeric(table[column]), dtype=float)


def _known(table: pd.DataFrame, column: str) -> npt.NDArray[np.object_]:
    if column not in table.columns:
        return np.full(len(table), None, dtype=object)
    return np.asarray(table[column], dtype=object)
