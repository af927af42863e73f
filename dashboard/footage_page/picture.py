"""The search on the map: the place, the views that held it, the streets that lead away."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.crs import WGS84
from dashboard import cache, footage_words, map_layers, maps, session
from dashboard.footage_page import listing
from dashboard.map_layers import Layer
from dashboard.maps import Click, View
from dashboard.questions.footage import FootageAnswer

THIN_M = 25.0
"""Of the street points that can be reached one is drawn in each square so wide."""

MOST_REACHED = 5_000
MOST_ROUTE = 30
NEAR_DEG = 0.0016
"""How far round the place the map looks at least, about 170 m."""


def draw(found: FootageAnswer | None, place: tuple[float, float] | None) -> Click | None:
    """Draw the map; what was clicked is told once."""
    say = session.say()
    day = session.today() if found is None else found.request.starts_at.date()
    drawn = [] if found is None else _layers(found)
    if place is not None:
        drawn.append(map_layers.spot(*place))
    view = View.of("city", cache.wards(day)) if place is None else _around(found, place)
    return maps.render(
        "footage",
        cache.base(day),
        drawn,
        view=view,
        height="stretch",
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def thinned(places: gpd.GeoSeries) -> gpd.GeoSeries:
    """Keep one point of each small square, and not more than can be drawn."""
    xy = shapely.get_coordinates(places.to_numpy())
    _, first = np.unique(np.floor(xy / THIN_M).astype(np.int64), axis=0, return_index=True)
    step = max(1, -(-len(first) // MOST_REACHED))
    return places.iloc[np.sort(first)[::step]]


def _layers(found: FootageAnswer) -> list[Layer]:
    say = session.say()
    shown = listing.numbered(found).head(len(found.direct) + MOST_ROUTE)
    views = found.views.reindex(found.direct["camera_id"]).to_crs(WGS84)
    rows: list[dict[Any, Any]] = shown.to_dict("records")
    tips = pd.Series(
        [
            f"{row['rank']}. {row['camera_id']}\n"
            f"{footage_words.reason(say, row, starts_at=found.request.starts_at)}\n"
            f"{footage_words.kept_until(say, row)}"
            for row in rows
        ],
        index=shown.index,
        dtype=object,
    )
    cameras = gpd.GeoDataFrame(
        {"rank": shown["rank"], "kind": shown["reason"]},
        geometry=gpd.points_from_xy(shown["longitude"], shown["latitude"]),
        crs=WGS84,
    )
    drawn = [map_layers.reached(thinned(found.reached).to_crs(WGS84))]
    if len(views):
        frame = gpd.GeoDataFrame({"state": "working"}, index=views.index, geometry=views)
        drawn.append(map_layers.views(frame))
    return [*drawn, map_layers.choices(cameras, tips=tips)]


def _around(found: FootageAnswer | None, place: tuple[float, float]) -> View:
    """Look at the place and the cameras that had it in view."""
    east, north = place
    reach = NEAR_DEG
    if found is not None and len(found.direct):
        away = np.abs(found.direct[["longitude", "latitude"]].to_numpy() - np.array(place))
        reach = max(reach, float(away.max()) * 1.25)
    elif found is not None and len(found.route):
        near = found.route.head(8)[["longitude", "latitude"]].to_numpy() - np.array(place)
        reach = max(reach, float(np.abs(near).max()) * 1.1)
    name = f"place {east:.5f} {north:.5f} {reach:.5f}"
    return View(name, east - reach, north - reach, east + reach, north + reach)
