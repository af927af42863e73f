"""How long a city's footprints and streets take to come in, and how much memory.

Run it as ``python tests/benchmarks/import_footprints.py``; it writes two GeoPackages of made-up
rectangles and lines, imports them into a new store, imports them once more (all duplicates), and
prints CPU seconds and the peak of memory. It ends with an error when a bound is broken.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

N_BUILDINGS, N_STREETS = 300_000, 50_000
MOST_CPU_S, MOST_GB = 60.0, 2.0


def write_files(folder: Path) -> None:
    """Write the two layers, with the columns that such files have."""
    rng = np.random.default_rng(1)
    west, south = 575_000 + 20_000 * rng.random((2, N_BUILDINGS)) + [[0], [1_610_000]]
    width, depth = 5 + 15 * rng.random((2, N_BUILDINGS))
    angle = rng.random(N_BUILDINGS) * np.pi
    along = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=1)
    corner = np.stack([west, south], axis=1)
    a, b = along * width[:, None], across * depth[:, None]
    rings = np.stack([corner, corner + a, corner + a + b, corner + b, corner], axis=1)
    gpd.GeoDataFrame(
        {
            "name": None,
            "building": "yes",
            "height": np.where(rng.random(N_BUILDINGS) < 0.3, 3 + 20 * rng.random(N_BUILDINGS), -1),
            "building:levels": np.where(rng.random(N_BUILDINGS) < 0.3, "3", None),
        },
        geometry=shapely.polygons(rings),
        crs="EPSG:5897",
    ).to_file(folder / "buildings.gpkg")
    start = 20_000 * rng.random((N_STREETS, 2)) + (575_000, 2_185_000)
    steps = 40 * rng.standard_normal((N_STREETS, 8, 2))
    lines = shapely.linestrings(start[:, None, :] + np.cumsum(steps, axis=1))
    kinds = rng.choice(["primary", "residential", "service"], N_STREETS)
    names = [f"Đường {i % 900}" for i in range(N_STREETS)]
    gpd.GeoDataFrame(
        {"osm_id": np.arange(N_STREETS).astype(str), "name": names, "highway": kinds},
        geometry=lines,
        crs="EPSG:5897",
    ).to_file(folder / "streets.gpkg")


def import_files(folder: Path) -> None:
    """Import both twice, in this process, and print what it took."""
    from data import importing
    from data.store import Store, StoreProperties

    store = Store.create(
        folder / "city.db",
        StoreProperties(
            city="Bench", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="en"
        ),
    )
    for turn in ("first", "again"):
        for layer, n in (("buildings", N_BUILDINGS), ("streets", N_STREETS)):
            before = time.process_time()
            report = importing.import_file(
                store,
                folder / f"{layer}.gpkg",
                layer=layer,
                actor="benchmark",
                today=date(2025, 6, 30),
            )
            took = time.process_time() - before
            counted = report.n_accepted if turn == "first" else report.n_duplicates
            sys.stdout.write(f"{turn:6} {layer:10} {counted:7,} of {n:,} rows {took:6.1f} CPU s\n")
        if turn == "first":
            cpu_s = time.process_time()
            peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            sys.stdout.write(f"whole process {cpu_s:.1f} CPU s, peak {peak_gb:.2f} GB\n")
            assert cpu_s <= MOST_CPU_S, cpu_s
            assert peak_gb <= MOST_GB, peak_gb
    store.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import_files(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as name:
            write_files(Path(name))
            subprocess.run([sys.executable, __file__, name], check=True)
