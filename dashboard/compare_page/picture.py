"""Both plans on one map: where they agree, and where only one of them goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from analysis.crs import WGS84
from dashboard import cache, map_layers, maps, session
from dashboard.map_layers import Layer
from dashboard.maps import View
from dashboard.questions.compare import CompareAnswer
from dashboard.texts import Texts

SIGNS = {"same": ":green[◣]", "other": ":green[◢]", "first": ":blue[◣]", "second": ":orange[◣]"}
COLOURS = {"same": "working", "other": "working", "first": "install", "second": "repair"}
"""The palette's name for the ground that both, or only one, would see."""

LEAST_PLACES = 2
"""Fewer do not tell where in the city the map is."""


def choose_layers(found: CompareAnswer) -> list[str]:
    """Show the legend, which is also the switch of the layers."""
    say = session.say()
    counts = found.places["where"].value_counts()
    offered = [where for where in SIGNS if where in counts.index]
    labels = {
        where: f"{SIGNS[where]} {say(f'compare.where_{where}')} {say.number(int(counts[where]))}"
        for where in offered
    }
    return st.pills(
        say("scene.layers"),
        offered,
        selection_mode="multi",
        default=offered,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key=f"compare_layers {offered}",
    )


def draw(found: CompareAnswer, shown: Sequence[str]) -> None:
    """Draw the places of both plans, with what their cameras would see."""
    say, on = session.say(), found.request.on
    places = found.places[found.places["where"].isin(list(shown))]
    drawn: list[Layer] = [_views(found, places)]
    if len(places):
        drawn.append(_marks(say, places))
    maps.render(
        "compare",
        cache.base(on),
        drawn,
        view=_view(found),
        height="stretch",
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def _view(found: CompareAnswer) -> View:
    """Look at the places of both plans, whichever of them are shown."""
    east, north = found.places["longitude"], found.places["latitude"]
    if len(found.places) < LEAST_PLACES:
        return View.of("city", cache.wards(found.request.on))
    return View.around("plans", east, north)


def _views(found: CompareAnswer, places: pd.DataFrame) -> Layer:
    shapes, states = [], []
    for side, own in (("first", found.first), ("second", found.second)):
        by_rank = pd.Series(own.views.to_numpy(), index=own.choices["rank"])
        ranked = places.dropna(subset=f"rank_{side}")
        if side == "second":  # where both agree, the ground is drawn once
            ranked = ranked[ranked["where"] != "same"]
        shapes += [by_rank[rank] for rank in ranked[f"rank_{side}"]]
        states += [COLOURS[where] for where in ranked["where"]]
    return map_layers.views(gpd.GeoDataFrame({"state": states}, geometry=shapes, crs=WGS84))


def _marks(say: Texts, places: pd.DataFrame) -> Layer:
    points = gpd.GeoDataFrame(
        {"rank": [_number(row) for row in places.to_dict("records")], "kind": places["kind"]},
        geometry=gpd.points_from_xy(places["longitude"], places["latitude"]),
        index=places.index,
        crs=WGS84,
    )
    tips = pd.Series(
        [_tip(say, row) for row in places.to_dict("records")], index=places.index, dtype=object
    )
    return map_layers.choices(points, tips=tips)


def _number(row: Mapping[Any, Any]) -> str:
    """Write a place's rank in the plan that has it, as A3 or B2; AB where both have it."""
    if row["where"] in {"same", "other"}:
        return "AB"
    return (
        f"A{int(row['rank_first'])}" if row["where"] == "first" else f"B{int(row['rank_second'])}"
    )


def _tip(say: Texts, row: Mapping[Any, Any]) -> str:
    doing = say(f"plan.kind_{row['kind']}").capitalize()
    ranks = {"A": row["rank_first"], "B": row["rank_second"]}
    held = [f"{plan}{int(rank)}" for plan, rank in ranks.items() if not pd.isna(rank)]
    where = say(f"compare.where_{row['where']}")
    return f"{doing} {row['place_id']}\n{where} · {' = '.join(held)}"
