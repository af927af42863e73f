"""How long coverage takes in a made city of 20,000 cameras, and whether it is right.

Run it by hand, one process, one thread of our own, some minutes for the check:

    .venv/bin/python tests/benchmarks/city_coverage.py

CPU seconds (user and system) are printed beside the bars they are held to: ward table and gaps from
cameras and footprints, 4 s for area alone and 8 s for every share; one what-if 50 ms at the 95th
percentile; under 1 GB. Compiled code is loaded before the clock starts. ``--check`` compares with
the slow way, one union of all views a ward, and with unions of pairs and triples for depth.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely

from analysis import coverage, demand, gaps, junctions, outages, visibility
from analysis.columns import WORKING_STATES

CRS = "EPSG:5897"
N_BLOCKS = 170
BLOCK_M = 71.0
STREET_M = 14.0
N_WARDS = 34
ORIGIN = np.array([575_000.0, 2_185_000.0])
TURNED_DEG = 17.0

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class City:
    """Layers of a made city, 12 km by 12 km, in a metric system."""

    wards: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    buildings: gpd.GeoSeries
    incidents: gpd.GeoDataFrame
    gates: gpd.GeoSeries
    cameras: gpd.GeoDataFrame


def build_city(*, n_cameras: int, n_incidents: int, seed: int) -> City:
    """Lay out blocks of two rows of houses between crooked streets, crowded in some places."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(*[np.arange(N_BLOCKS + 1) * BLOCK_M] * 2, indexing="ij"), -1)
    corners += rng.uniform(-4, 4, corners.shape)
    crossings = corners.reshape(-1, 2)
    size = N_BLOCKS * BLOCK_M
    hot = rng.uniform(0, size, (25, 2))
    pull = np.exp(-np.hypot(*(crossings - size / 2).T) / 2500)
    pull += sum(np.exp(-((np.hypot(*(crossings - spot).T) / 400) ** 2)) for spot in hot)
    pull /= pull.sum()

    def busy(n: int, spread_m: float) -> np.ndarray:
        chosen = rng.choice(len(crossings), n, p=pull)
        return turned(crossings[chosen] + rng.normal(0, spread_m, (n, 2)))

    sides = np.concatenate(
        [
            np.stack([corners[:-1], corners[1:]], 2).reshape(-1, 2, 2),
            np.stack([corners[:, :-1], corners[:, 1:]], 2).reshape(-1, 2, 2),
        ]
    )
    sides = sides[rng.permutation(len(sides))[:50_000]]
    cameras = gpd.GeoDataFrame(
        {
            "bearing_deg": rng.uniform(0, 360, n_cameras),
            "fov_deg": rng.choice(
                [60.0, 80, 90, 110, 360], n_cameras, p=[0.2, 0.3, 0.25, 0.15, 0.1]
            ),
            "range_m": 60.0,
            "state": rng.choice(
                ["working", "degraded", "broken", "offline"], n_cameras, p=[0.75, 0.1, 0.1, 0.05]
            ),
        },
        geometry=gpd.points_from_xy(*busy(n_cameras, 2.0).T, crs=CRS),
        index=[f"C{i:05d}" for i in range(n_cameras)],
    )
    wards = _wards(rng, size)
    incidents = gpd.GeoDataFrame(
        {"weight": rng.choice([1.0, 2.0, 3.0], n_incidents)},
        geometry=gpd.points_from_xy(*busy(n_incidents, 25.0).T, crs=CRS),
    )
    incidents["ward_code"] = coverage.wards_of(incidents.geometry, wards=wards)
    return City(
        wards=wards,
        streets=gpd.GeoDataFrame(
            geometry=shapely.linestrings(turned(sides.reshape(-1, 2)).reshape(-1, 2, 2)), crs=CRS
        ),
        buildings=_houses(rng, corners),
        incidents=incidents,
        gates=gpd.GeoSeries(gpd.points_from_xy(*busy(150, 30.0).T), crs=CRS),
        cameras=cameras,
    )


def turned(points: np.ndarray) -> np.ndarray:
    """Turn the plan, so that no wall runs along an axis, and put it where the city lies."""
    angle = np.radians(TURNED_DEG)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ turn + ORIGIN


def _houses(rng: np.random.Generator, corners: np.ndarray) -> gpd.GeoSeries:
    middle = ((corners[:-1, :-1] + corners[1:, 1:]) / 2).reshape(-1, 2)
    half = (BLOCK_M - STREET_M) / 2
    rows = []
    for side in (-1, 1):
        centre = middle + np.array([0.0, side * (half / 2 + 1.5)])
        reach = np.array([half, half / 2]) - rng.uniform([0, 0.5], [4, 3], centre.shape)
        rows.append(np.hstack([centre - reach, centre + reach]))
    boxes = np.concatenate(rows)
    boxes = boxes[rng.permutation(len(boxes))[:50_000]]
    return gpd.GeoSeries(shapely.transform(shapely.box(*boxes.T), turned), crs=CRS)


def _wards(rng: np.random.Generator, size: float) -> gpd.GeoDataFrame:
    outline = shapely.transform(shapely.box(-5, -5, size + 5, size + 5), turned)
    centres = shapely.multipoints(turned(rng.uniform(0, size, (N_WARDS, 2))))
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=outline))
    codes = [f"W{i:02d}" for i in range(N_WARDS)]
    return gpd.GeoDataFrame(
        {"name": codes, "population": rng.integers(5_000, 20_000, N_WARDS)},
        geometry=shapely.intersection(cells, outline),
        index=codes,
        crs=CRS,
    )


def timed(spent: dict[str, float], name: str, compute: Callable[[], Answer]) -> Answer:
    """Compute, and note the CPU seconds under a name."""
    started = time.process_time()
    answer = compute()
    spent[name] = time.process_time() - started
    return answer


def cold(city: City, *, everything: bool) -> tuple[coverage.State, dict[str, float]]:
    """Go from cameras and footprints to ward table and gaps, and tell where the time went."""
    spent: dict[str, float] = {}
    footprints = timed(spent, "footprint index", lambda: visibility.index(city.buildings))
    views = timed(
        spent, "viewsheds", lambda: visibility.viewsheds(city.cameras, buildings=footprints)
    )
    layers = coverage.Layers(wards=city.wards)
    if everything:
        crossings = timed(spent, "junctions", lambda: junctions.junctions(city.streets))
        layers = coverage.Layers(
            wards=city.wards,
            streets=city.streets,
            incidents=city.incidents,
            gates=city.gates,
            junctions=crossings,
            buildings=city.buildings,
        )
    scene = timed(spent, "layers by ward", lambda: coverage.prepare(layers))
    state = timed(
        spent,
        "measure",
        lambda: coverage.measure(scene, cameras=city.cameras, views=views, buildings=footprints),
    )
    timed(spent, "ward table", state.ward_table)
    is_working = city.cameras["state"].isin(WORKING_STATES)
    found = timed(
        spent,
        "gaps",
        lambda: gaps.gaps(
            wards=city.wards, covered=views[is_working], incidents=city.incidents, years=1
        ),
    )
    timed(
        spent,
        "gaps: cameras",
        lambda: gaps.with_cameras(
            found, incidents=city.incidents, cameras=city.cameras, views=views
        ),
    )
    return state, spent


def what_ifs(state: coverage.State, *, n: int, seed: int) -> dict[str, np.ndarray]:
    """Ask for the new ward table of n random edits of each kind; CPU milliseconds."""
    rng = np.random.default_rng(seed)
    ids = rng.choice(state.cameras.index, n, replace=False)

    def moved(camera_id: str) -> coverage.State:
        at = state.camera(camera_id)
        return state.move(camera_id, easting_m=at.easting_m + 8, northing_m=at.northing_m - 5)

    def flipped(camera_id: str) -> coverage.State:
        works = state.camera(camera_id).state in WORKING_STATES
        return state.set_state(camera_id, "broken" if works else "working")

    kinds: dict[str, Callable[[str], coverage.State]] = {
        "add": lambda i: state.add("new", state.camera(i)),
        "move": moved,
        "turn": lambda i: state.turn(i, bearing_deg=float(rng.uniform(0, 360))),
        "break or repair": flipped,
    }
    spent = {}
    for name, edit in kinds.items():
        times = []
        for camera_id in ids:
            started = time.process_time()
            edit(camera_id).ward_table()
            times.append(1000 * (time.process_time() - started))
        spent[name] = np.array(times)
    return spent


def check(state: coverage.State) -> dict[str, float]:
    """Compare with one union a ward, and with all pairs and triples of views; largest errors."""
    table = state.ward_table()
    shapes = state.views.shapes
    tree = shapely.STRtree(shapes)
    ranks = {"covered_good": 1, "covered": 2, "covered_installed": 3}
    worst = dict.fromkeys([*ranks, "covered_twice", "covered_thrice", "street"], 0.0)
    streets = state.scene.streets
    for place, (code, outline) in enumerate(state.scene.wards.geometry.items()):
        near = tree.query(outline, predicate="intersects")
        for kind, below in ranks.items():
            union = shapely.union_all(shapes[near[state.views.rank[near] < below]])
            area_m2 = shapely.intersection(union, outline).area
            error = abs(table.loc[code, f"{kind}_area_m2"] - area_m2) / outline.area
            worst[kind] = max(worst[kind], error)
            if kind == "covered" and streets is not None:
                lines = shapely.union_all(streets.pieces[streets.ward == place])
                seen_m = shapely.intersection(lines, union).length
                error = abs(table.loc[code, "covered_street_length_m"] - seen_m) / lines.length
                worst["street"] = max(worst["street"], error)
        for kind, area_m2 in _deep_m2(shapes[near[state.views.rank[near] < 2]], outline).items():
            error = abs(table.loc[code, f"{kind}_area_m2"] - area_m2) / outline.area
            worst[kind] = max(worst[kind], error)
    return worst


def _deep_m2(shapes: np.ndarray, outline: shapely.Geometry) -> dict[str, float]:
    """Measure what two and three views see, from the shared ground of pairs and of triples."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    pairs = shapely.intersection(shapes[first], shapes[second])
    later: dict[int, set[int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        later.setdefault(one, set()).add(other)
    number = {pair: i for i, pair in enumerate(zip(first.tolist(), second.tolist(), strict=True))}
    triples = [
        (number[one, two], three)
        for one, others in later.items()
        for two, three in itertools.combinations(sorted(others), 2)
        if three in later.get(two, ())
    ]
    index = np.array(triples, dtype=int).reshape(-1, 2)
    thrice = shapely.intersection(pairs[index[:, 0]], shapes[index[:, 1]])
    return {
        "covered_twice": shapely.intersection(shapely.union_all(pairs), outline).area,
        "covered_thrice": shapely.intersection(shapely.union_all(thrice), outline).area,
    }


def main() -> None:
    """Print times, memory and, when asked, errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cameras", type=int, default=20_000)
    parser.add_argument("--incidents", type=int, default=50_000)
    parser.add_argument("--what-ifs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    city = build_city(n_cameras=asked.cameras, n_incidents=asked.incidents, seed=asked.seed)
    visibility.warm_up()
    _, area_only = cold(city, everything=False)
    state, every_share = cold(city, everything=True)
    edits = what_ifs(state, n=asked.what_ifs, seed=asked.seed)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    extra: dict[str, float] = {}
    found = timed(
        extra,
        "demand points",
        lambda: demand.points(
            coverage.Layers(wards=city.wards, streets=city.streets, incidents=city.incidents)
        ),
    )
    views = gpd.GeoSeries(state.views.shapes, index=city.cameras.index, crs=CRS)
    timed(
        extra,
        "outages",
        lambda: outages.outages(
            state.scene, cameras=city.cameras, views=views, years=1, demand=found.points
        ),
    )
    report = {
        "area only, CPU s (bar 4)": {**area_only, "in all": sum(area_only.values())},
        "every share, CPU s (bar 8)": {**every_share, "in all": sum(every_share.values())},
        "what if, CPU ms at the median and 95th percentile (bar 50)": {
            name: np.percentile(times, [50, 95]).round(1).tolist() for name, times in edits.items()
        },
        "beside, CPU s": extra,
        "peak memory, GB (bar 1)": peak_gb,
    }
    if asked.check:
        report["largest error, as a share of the ward"] = check(state)
    write = sys.stdout.write
    if asked.json:
        write(json.dumps(report, indent=1) + "\n")
        return
    for title, values in report.items():
        write(f"{title}\n")
        for name, value in values.items() if isinstance(values, dict) else [("", values)]:
            shown = value if isinstance(value, list) else f"{value:.3g}"
            write(f"  {name:<18} {shown}\n")


if __name__ == "__main__":
    main()
