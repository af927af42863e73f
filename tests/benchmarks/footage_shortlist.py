"""Who saw it: 100,000 incidents and 2,000 views, and one query along the streets of a city.

Run it by hand:

    .venv/bin/python tests/benchmarks/footage_shortlist.py
"""

from __future__ import annotations

import statistics
import sys
import time

import geopandas as gpd
import numpy as np
import shapely

from analysis import escapes, shortlist

N_INCIDENTS, N_CAMERAS, SIDE_M, BLOCK_M = 100_000, 2_000, 12_000, 110


def main() -> None:
    """Time both and print CPU seconds."""
    rng = np.random.default_rng(1)
    crs = "EPSG:5897"
    points = gpd.GeoSeries(gpd.points_from_xy(*rng.uniform(0, SIDE_M, (2, N_INCIDENTS))), crs=crs)
    places = rng.uniform(0, SIDE_M, (N_CAMERAS, 2))
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = rng.uniform(20, 60, (N_CAMERAS, 60))
    rings = places[:, None] + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=-1)
    views = gpd.GeoSeries(shapely.polygons(rings), crs=crs)

    seconds = []
    for _ in range(7):
        start = time.process_time()
        found = shortlist.seen_from(points, views=views)
        seconds.append(time.process_time() - start)
    sys.stdout.write(
        f"{N_INCIDENTS:,} incidents x {N_CAMERAS:,} views: {statistics.median(seconds):.3f} CPU s, "
        f"{len(found[0]):,} pairs\n"
    )

    lines = [
        line
        for k in range(SIDE_M // BLOCK_M + 1)
        for line in (
            shapely.LineString([(k * BLOCK_M, 0), (k * BLOCK_M, SIDE_M)]),
            shapely.LineString([(0, k * BLOCK_M), (SIDE_M, k * BLOCK_M)]),
        )
    ]
    streets = gpd.GeoDataFrame({"kind": ["street"] * len(lines)}, geometry=lines, crs=crs)
    start = time.process_time()
    graph = escapes.street_graph(streets)
    sys.stdout.write(
        f"graph of {graph.length_m.sum() / 1000:,.0f} km, {len(graph.xy):,} points: "
        f"{time.process_time() - start:.2f} CPU s, once\n"
    )
    for mode in ("foot", "motorbike", "car"):
        seconds = []
        for _ in range(7):
            start = time.process_time()
            times = escapes.arrivals_s(graph, (6_000, 6_000), minutes=10, mode=mode)
            escapes.first_seen_s(graph, times, views=views)
            seconds.append(time.process_time() - start)
        sys.stdout.write(
            f"10 minutes, {mode}: {statistics.median(seconds) * 1000:.0f} ms CPU, "
            f"{np.isfinite(times).sum():,} points reached\n"
        )


if __name__ == "__main__":
    main()
