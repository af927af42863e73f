"""Draw one busy junction three times: cameras as circles, as sectors, and as what they really see.

Run it from the project's folder; it makes the demo city, takes the junction where most happens
in most views, and prints the shares that stand under the panels:

    .venv/bin/python notebooks/one_junction.py notebooks/pictures/one_junction.png
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import shapely

from analysis import visibility
from analysis.columns import WORKING_STATES
from analysis.junctions import junctions
from dashboard.questions import looks
from data import demo, layers

DAY = date(2024, 12, 31)
HALF_SIDE_M = 160
NEAR_M = 120
GROUND, HOUSE, STREET, SEEN, EYE = "#F6F4EF", "#B9B2A6", "#FFFFFF", "#1F7A5C", "#0B3B2E"


def draw(path: Path) -> None:
    """Draw the three panels into a file."""
    with tempfile.TemporaryDirectory() as folder:
        store = demo.write_demo(Path(folder) / "demo.db")
        metric = store.properties.metric_crs
        ground = looks.ground(store)
        seeing = looks.answer(store, looks.LooksRequest(on=DAY), ground=ground)
        streets = layers.read_shapes(store, "streets").to_crs(metric).geometry
        incidents = layers.read_incidents(
            store, since=date(2024, 1, 1), until=DAY
        ).to_crs(metric)  # fmt: skip
        store.close()
    cameras = seeing.cameras[seeing.cameras["state"].isin(WORKING_STATES)]
    views = seeing.looks.views[cameras.index]
    turns = cameras["kind"].eq("ptz").to_numpy(dtype=bool)
    sees = cameras[~(turns & cameras["bearing_deg"].isna().to_numpy())]
    panels = {
        "As circles": visibility.viewsheds(sees.assign(bearing_deg=np.nan)),
        "As sectors": visibility.viewsheds(sees),
        "What the houses leave of them": views,
    }
    places = junctions(gpd.GeoDataFrame(geometry=streets))
    middle = _busiest(places.geometry, views, incidents.geometry)
    frame = middle.buffer(HALF_SIDE_M, cap_style="square")
    here = shapely.union_all(shapely.intersection(streets.array, frame))
    points = shapely.MultiPoint(
        [p for p in incidents.geometry if p is not None and frame.covers(p)]
    )
    figure, axes = plt.subplots(1, 3, figsize=(13.2, 5.1), layout="constrained")
    for axis, (title, drawn) in zip(axes, panels.items(), strict=True):
        seen = shapely.intersection(shapely.union_all(np.asarray(drawn.array)), frame)
        _panel(axis, frame, streets, ground.buildings.geometry, seen, cameras.geometry, points)
        street = shapely.intersection(here, seen).length / here.length
        share = sum(shapely.covers(seen, p) for p in points.geoms) / len(points.geoms)
        axis.set_title(title, fontsize=13, loc="left")
        line = f"streets seen {street:.0%}   incidents seen {share:.0%} of {len(points.geoms)}"
        axis.set_xlabel(line, fontsize=11, loc="left")
        print(f"{title}: ground {seen.area / frame.area:.1%}, {line}")
    figure.savefig(path, dpi=80)


def _busiest(
    places: gpd.GeoSeries, views: gpd.GeoSeries, incidents: gpd.GeoSeries
) -> shapely.Point:
    """Give the place with the most views times incidents near it."""
    near = shapely.buffer(np.asarray(places.array), NEAR_M)
    counts = [
        np.bincount(
            shapely.STRtree(np.asarray(layer.array)).query(near, predicate="intersects")[0],
            minlength=len(near),
        )
        for layer in (views, incidents)
    ]
    return places.iloc[int((counts[0] * counts[1]).argmax())]


def _panel(
    axis: plt.Axes,
    frame: shapely.Polygon,
    streets: gpd.GeoSeries,
    houses: gpd.GeoSeries,
    seen: shapely.Geometry,
    eyes: gpd.GeoSeries,
    points: shapely.MultiPoint,
) -> None:
    west, south, east, north = frame.bounds
    axis.set(xticks=[], yticks=[], aspect="equal")
    axis.set_facecolor(GROUND)
    near = {"ax": axis, "aspect": None}
    streets[streets.intersects(frame)].plot(color=STREET, linewidth=5, **near)
    houses[houses.intersects(frame)].plot(color=HOUSE, **near)
    gpd.GeoSeries([seen], crs=streets.crs).plot(color=SEEN, alpha=0.45, **near)
    eyes[eyes.intersects(frame)].plot(color=EYE, markersize=18, zorder=4, **near)
    at = shapely.get_coordinates(points)
    axis.scatter(at[:, 0], at[:, 1], s=10, color="#B3361E", zorder=3, linewidths=0)
    axis.set(xlim=(west, east), ylim=(south, north), ylabel="")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
