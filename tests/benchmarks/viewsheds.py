"""How fast views are, how true, and whether all are valid.

Run it as ``uv run python tests/benchmarks/viewsheds.py``; it takes some two minutes. All is done in
this process on one thread and counted in CPU seconds; it ends with an error when a bound is broken.

2,000 cameras of 60 m stand by lot outside 50,000 turned rectangles on 5 × 5 km. The peers are what
one writes with shapely, each given its tree. *The loop* takes from each camera's sector the
footprints in it and the ground behind each of their walls; it serves any footprint. *House by
house* draws one shadow a house, the convex hull of the house and its far copy, which serves convex
houses only. *Vectorised* is the same with one call of shapely a step for all cameras. Peers do one
camera in ten, and their time is multiplied. The area error is against a sector whose arc has a
chord every 0.05°, per camera of at least 1 m².
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis import visibility
from analysis.visibility import sectors, sweep

N_CAMERAS, N_FOOTPRINTS, SIDE_M, RANGE_M = 2_000, 50_000, 5_000.0, 60.0
ONE_IN = 10
CORNER = (582_000.0, 2_191_000.0)
CRS = "EPSG:5897"

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


def footprints(n: int, seed: int) -> gpd.GeoDataFrame:
    """Draw turned rectangles of 5 to 15 m, 3 to 20 m high, a third of unknown height."""
    rng = np.random.default_rng(seed)
    middle = CORNER + rng.uniform(0, SIDE_M, (n, 2))
    size, turn = rng.uniform(5, 15, (n, 1, 2)), rng.uniform(0, np.pi, n)
    corner = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * size
    turned = np.stack([np.cos(turn), -np.sin(turn), np.sin(turn), np.cos(turn)], axis=1)
    rings = np.einsum("nij,nkj->nki", turned.reshape(n, 2, 2), corner) + middle[:, None]
    height = np.where(rng.random(n) < 1 / 3, np.nan, rng.uniform(3, 20, n))
    return gpd.GeoDataFrame({"height_m": height}, geometry=shapely.polygons(rings), crs=CRS)


def cameras(n: int, seed: int, *, outside: visibility.Footprints | None) -> gpd.GeoDataFrame:
    """Place cameras by lot; outside the footprints if these are given."""
    rng = np.random.default_rng(seed)
    places = CORNER + rng.uniform(0, SIDE_M, (2 * n, 2))
    if outside is not None:
        within, _ = outside.tree.query(shapely.points(places), predicate="dwithin", distance=0.01)
        places = np.delete(places, np.unique(within), axis=0)
    return gpd.GeoDataFrame(
        {
            "bearing_deg": rng.uniform(0, 360, n),
            "fov_deg": rng.choice([60.0, 90.0, 110.0, 360.0], n),
            "range_m": RANGE_M,
        },
        geometry=gpd.points_from_xy(*places[:n].T, crs=CRS),
    )


def loop(fields: Shapes, eyes: Floats, houses: Shapes, tree: Any) -> Shapes:
    """Draw each camera's view by itself, taking the ground behind each wall."""
    views = []
    for field, eye in zip(fields, eyes, strict=True):
        near = houses[tree.query(field, predicate="intersects")]
        points, house = shapely.get_coordinates(near, return_index=True)
        walls = np.stack([points[:-1], points[1:]], axis=1)[house[1:] == house[:-1]]
        away = walls - eye
        toward = away / np.hypot(away[..., 0], away[..., 1])[..., None]
        middle = toward.sum(axis=1)
        middle /= np.hypot(*middle.T)[:, None]
        far = 4 * RANGE_M
        corners = [away[:, 0], away[:, 1], toward[:, 1] * far, middle * far, toward[:, 0] * far]
        shadows = shapely.polygons(np.stack(corners, axis=1) + eye)
        views.append(field.difference(shapely.union_all(np.concatenate([near, shadows]))))
    return np.asarray(views, dtype=object)


def house_by_house(fields: Shapes, eyes: Floats, houses: Shapes, tree: Any) -> Shapes:
    """Draw each camera's view by itself, taking one hull a house."""
    views = []
    for field, eye in zip(fields, eyes, strict=True):
        near = houses[tree.query(field, predicate="intersects")]
        shadows = hulls(near, np.broadcast_to(eye, (len(near), 2)))
        views.append(field.difference(shapely.union_all(shadows)))
    return np.asarray(views, dtype=object)


def vectorised(fields: Shapes, eyes: Floats, houses: Shapes, tree: Any) -> Shapes:
    """Draw all views with one call of shapely a step."""
    camera, house = tree.query(fields, predicate="intersects")
    order = np.argsort(camera, kind="stable")
    camera, house = camera[order], house[order]
    some, number = np.unique(camera, return_inverse=True)
    shadows = shapely.geometrycollections(hulls(houses[house], eyes[camera]), indices=number)
    views = fields.copy()
    views[some] = shapely.difference(fields[some], shapely.union_all(shadows[:, None], axis=1))
    return views


def hulls(houses: Shapes, eyes: Floats) -> Shapes:
    """Draw convex houses with the ground behind them."""
    corners, house = shapely.get_coordinates(houses, return_index=True)
    away = corners - eyes[house]
    far = away * (4 * RANGE_M / np.hypot(*away.T))[:, None] * 4
    both = np.stack([corners, eyes[house] + far], axis=1).reshape(-1, 2)
    drawn: Shapes = shapely.convex_hull(shapely.multipoints(both, indices=np.repeat(house, 2)))
    return drawn


def cpu_s(work: Callable[[], Any], *, times: int = 5) -> float:
    """Give the median CPU seconds of some runs."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return float(np.median(taken))


def fields_with_arc_step(placed: gpd.GeoDataFrame, step_deg: float) -> Shapes:
    """Draw sectors with finer arcs than the project does."""
    kept, sectors.ARC_STEP_DEG = sectors.ARC_STEP_DEG, step_deg
    try:
        return np.asarray(visibility.viewsheds(placed))
    finally:
        sectors.ARC_STEP_DEG = kept


def area_error(placed: gpd.GeoDataFrame, prepared: visibility.Footprints) -> float:
    """Give the greatest relative error of a view's area, of one camera in ten."""
    some = placed.iloc[::ONE_IN]
    eyes = sectors.points_of(some)
    fields = fields_with_arc_step(some, 0.05)
    truth = shapely.area(loop(fields, eyes, prepared.polygons, prepared.tree))
    found = np.asarray(visibility.viewsheds(some, buildings=prepared).area)
    is_large = truth >= 1
    return float(np.max(np.abs(found[is_large] / truth[is_large] - 1)))


def without_numba(work: Callable[[], Any]) -> Callable[[], Any]:
    """Do a piece of work as where numba is missing."""

    def worked() -> None:
        kept, sweep.is_compiled = sweep.is_compiled, lambda: False
        try:
            work()
        finally:
            sweep.is_compiled = kept

    return worked


def report(rows: list[tuple[str, float, str, float | None, bool]]) -> bool:
    """Print a table; tell whether every bound is kept."""
    for what, value, unit, bound, at_least in rows:
        kept = bound is None or (value >= bound if at_least else value <= bound)
        wanted = "" if bound is None else f"{'at least' if at_least else 'at most'} {bound:g}"
        line = f"{what:<58}{value:>12.4g} {unit:<4}{wanted:>16}{'' if kept else '   BROKEN'}"
        sys.stdout.write(f"{line.rstrip()}\n")
    return all(b is None or (v >= b if up else v <= b) for _, v, _, b, up in rows)


def main() -> int:
    """Measure, print, and give 1 when a bound is broken."""
    visibility.warm_up()
    buildings = footprints(N_FOOTPRINTS, 1)
    houses = buildings.geometry
    prepared = visibility.index(houses)
    placed = cameras(N_CAMERAS, 2, outside=prepared)
    anywhere = cameras(N_CAMERAS, 2, outside=None)
    some = placed.iloc[::ONE_IN]
    asked = np.asarray(visibility.viewsheds(some)), sectors.points_of(some)
    peers = [
        ONE_IN * cpu_s(lambda peer=peer: peer(*asked, prepared.polygons, prepared.tree), times=3)
        for peer in (loop, house_by_house, vectorised)
    ]

    def views() -> gpd.GeoSeries:
        return visibility.viewsheds(placed, buildings=prepared)

    fast = cpu_s(views)
    indexing = cpu_s(lambda: visibility.index(houses))
    cold = cpu_s(lambda: visibility.viewsheds(placed, buildings=houses))
    plain = cpu_s(without_numba(views))
    snapping = cpu_s(lambda: visibility.viewsheds(anywhere, buildings=prepared))
    single = [placed.iloc[k : k + 1] for k in range(200)]
    one = cpu_s(lambda: [visibility.viewsheds(c, buildings=prepared) for c in single]) / 200
    many = cameras(20_000, 3, outside=prepared)
    twenty = cpu_s(lambda: visibility.viewsheds(many, buildings=prepared), times=1)
    roofed = visibility.index(buildings)
    high = placed.assign(height_m=5.0)
    over_roofs = cpu_s(lambda: visibility.viewsheds(high, buildings=roofed), times=1)
    crowd = np.asarray(
        visibility.viewsheds(cameras(100_000, 4, outside=None), buildings=prepared), dtype=object
    )
    valid = 100 * float(np.mean(~shapely.is_missing(crowd) & shapely.is_valid(crowd)))
    kept = report(
        [
            ("the loop, 2,000 cameras", peers[0], "s", None, True),
            ("  house by house (convex houses only)", peers[1], "s", None, True),
            ("  vectorised (convex houses only)", peers[2], "s", None, True),
            ("views, index prepared", fast, "s", None, True),
            ("  the index itself", indexing, "s", None, True),
            ("  ratio to the loop", peers[0] / fast, "", 80, True),
            ("  ratio to house by house", peers[1] / fast, "", None, True),
            ("  ratio to vectorised", peers[2] / fast, "", 15, True),
            ("views with the index built: ratio to the loop", peers[0] / cold, "", 25, True),
            ("views without numba", plain, "s", None, True),
            ("  ratio to the loop", peers[0] / plain, "", 4, True),
            ("views, cameras anywhere, in houses too", snapping, "s", None, True),
            ("views at 5 m over roofs, a tenth of them lower", over_roofs, "s", None, True),
            ("one camera alone", 1e6 * one, "µs", None, True),
            ("20,000 cameras, index prepared", twenty, "s", None, True),
            ("greatest relative error of an area", area_error(placed, prepared), "", 1e-4, False),
            ("valid of 100,000 cameras anywhere", valid, "%", 100, True),
        ]
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
