"""The plan on the map: chosen places, what they would see, and what is seen today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from dashboard import cache, map_layers, maps, scene, session
from dashboard.map_layers import Layer
from dashboard.maps import Click, View
from dashboard.plan_page import kept, words
from dashboard.questions import plan, plan_offers
from dashboard.questions.places import PlacesAnswer, PlacesRequest
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_request import PlanRequest
from dashboard.texts import Texts

SIGNS = {"install": ":blue[■]", "repair": ":orange[●]", "reaim": ":green[◆]"}
CLOSE_DEG = 0.0022
"""How far around a choice the map looks, about 230 m."""

LEAST_CHOICES = 2
"""Fewer do not tell where in the city the map is."""


def choose_layers(found: PlanAnswer | None, request: PlanRequest) -> list[str]:
    """Show the legend, which is also the switch of the layers."""
    say = session.say()
    n = {} if found is None else found.choices["kind"].value_counts().to_dict()
    kinds = [kind for kind in SIGNS if kind in n]
    labels = {
        kind: f"{SIGNS[kind]} {say(f'plan.kind_{kind}').capitalize()} {say.number(n[kind])}"
        for kind in kinds
    }
    others = {
        "seen": f":green[◣] {say('plan_page.seen_today')}",
        "sites": f"□ {say('scene.sites')}",
        "incidents": f":orange[⬢] {say('scene.incidents')}",
    }
    n_zones = len(kept.zones(request))
    n_planned = len(_places(request if found is None else found.basis.request).planned)
    if n_planned:
        others["planned"] = f":blue[◻] {say('scene.planned')} {say.number(n_planned)}"
    if n_zones:
        others["zones"] = f":red[◌] {say('plan_page.zones_layer')}"
    first = [*kinds, "incidents"] if kinds else ["sites", "incidents"]
    if n_planned:
        first.append("planned")
    if request.areas:  # what was drawn is to be seen
        first.append("zones")
    return st.pills(
        say("scene.layers"),
        [*kinds, *others],
        selection_mode="multi",
        default=first,
        format_func=(labels | others).__getitem__,
        label_visibility="collapsed",
        wrap=True,
        key=f"plan_layers {list(others)} {first}",
    )


def draw(found: PlanAnswer | None, request: PlanRequest, shown: Sequence[str]) -> Click | None:
    """Draw the map; what was clicked is told once."""
    say, rank = session.say(), kept.visit().rank
    asked = found.basis.request if found is not None else request
    places = _places(asked)
    view = _view(found, rank) or _whole(found) or View.of("city", cache.wards(asked.on))
    drawn = _ground_layers(places, view, shown, is_close=rank is not None)
    if "planned" in shown:
        drawn.append(scene.planned_layer(say, places.planned))
    if "zones" in shown:
        zones = kept.zones(request)
        drawn.append(map_layers.zones(zones.geometry.set_axis(zones["kind"])))
    if request.points:
        drawn.append(_drawn_points(request))
    if found is not None:
        drawn += _plan_layers(say, found, view, shown, rank)
    return maps.render(
        "plan",
        cache.base(asked.on),
        drawn,
        view=view,
        height="stretch",
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def _places(asked: PlanRequest) -> PlacesAnswer:
    return cache.places_answer(
        PlacesRequest(on=asked.on, months=asked.months, categories=asked.categories)
    )


def _view(found: PlanAnswer | None, rank: int | None) -> View | None:
    if found is None or rank is None:
        return None
    row = found.choices.loc[found.choices["rank"] == rank].iloc[0]
    east, north = float(row["longitude"]), float(row["latitude"])
    return View(
        f"choice {row['kind']} {east} {north} {row['bearing_deg']}",
        east - CLOSE_DEG,
        north - CLOSE_DEG,
        east + CLOSE_DEG,
        north + CLOSE_DEG,
    )


def _whole(found: PlanAnswer | None) -> View | None:
    """Look at all choices, with some ground around them."""
    if found is None or len(found.choices) < LEAST_CHOICES:
        return None
    return View.around("plan", found.choices["longitude"], found.choices["latitude"])


def _ground_layers(
    places: PlacesAnswer, view: View, shown: Sequence[str], *, is_close: bool
) -> list[Layer]:
    drawn = []
    if "incidents" in shown and is_close:
        west, south, east, north = _around(view)
        drawn.append(map_layers.points(places.incidents.cx[west:east, south:north]))
    elif "incidents" in shown:
        breaks = map_layers.rising_breaks(places.cells["n_incidents"])
        drawn.append(map_layers.cells(places.cells, breaks=breaks))
    if "sites" in shown or is_close:
        tips = places.sites["site_id"].astype(str)
        drawn.append(map_layers.sites(places.sites, tips=tips))
    return drawn


def _drawn_points(request: PlanRequest) -> Layer:
    """Draw the places beside the sites, as sites."""
    names = [plan_offers.point_name(k) for k in range(1, len(request.points) + 1)]
    easts, norths = zip(*request.points, strict=True)
    points = gpd.GeoDataFrame(index=names, geometry=gpd.points_from_xy(easts, norths), crs=WGS84)
    return map_layers.sites(points, tips=pd.Series(names, index=names))


def _plan_layers(
    say: Texts, found: PlanAnswer, view: View, shown: Sequence[str], rank: int | None
) -> list[Layer]:
    choices = found.choices[found.choices["kind"].isin(shown)]
    views = plan.views(found).loc[choices.index].to_crs(WGS84)
    drawn = []
    if "seen" in shown or rank is not None:
        drawn.append(map_layers.views(_seen_today(found, view if rank is not None else None)))
    drawn.append(map_layers.views(gpd.GeoDataFrame({"state": choices["kind"]}, geometry=views)))
    points = gpd.GeoDataFrame(
        choices[["rank", "kind"]],
        geometry=gpd.points_from_xy(choices["longitude"], choices["latitude"]),
        crs=WGS84,
    )
    tips = pd.Series(
        [_tip(say, row) for row in choices.to_dict("records")], index=choices.index, dtype=object
    )
    drawn.append(map_layers.choices(points, picked=rank, tips=tips))
    return drawn


def _seen_today(found: PlanAnswer, view: View | None) -> gpd.GeoDataFrame:
    seeing = found.basis.seeing
    state = seeing.cameras["state"]
    working = state.index[state.isin(WORKING_STATES)]
    views = gpd.GeoDataFrame(
        {"state": state.loc[working]}, geometry=seeing.looks.views.reindex(working)
    ).to_crs(WGS84)
    if view is None:
        return views
    west, south, east, north = _around(view)
    return views.cx[west:east, south:north]


def _around(view: View) -> tuple[float, float, float, float]:
    """Give the view and as much again on each side."""
    wide, high = view.east - view.west, view.north - view.south
    return view.west - wide, view.south - high, view.east + wide, view.north + high


def _tip(say: Texts, row: Mapping[Any, Any]) -> str:
    place = row["site_id"] if row["kind"] == "install" else row["camera_id"]
    doing = say(f"plan.kind_{row['kind']}").capitalize()
    gain = say.percent(row["newly_covered"], 2)
    words_ = [
        f"{row['rank']}. {doing} {place}",
        words.bearing(say, float(row["bearing_deg"])),
        say("plan_page.tip_adds", gain=gain),
    ]
    return "\n".join(words_)
