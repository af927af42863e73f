"""What the map pages draw: the layers chosen, for the city or for one ward."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from analysis import optics
from dashboard import cache, inputs, layout, map_layers, maps, session
from dashboard.answer_words import LEAST_PLATE_M
from dashboard.level_words import level_assumptions
from dashboard.map_layers import Layer
from dashboard.maps import Click, View
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.looks import LooksRequest
from dashboard.questions.places import PlacesAnswer
from dashboard.texts import Texts

STATES = ("working", "degraded", "broken")
LEAST_DOUBT_SHARE = 0.005
"""Narrower bounds than this are not worth a reader's time."""

NEIGHBOURHOOD_DEG = 0.004
"""How far beyond the ward's box things are still drawn, about 400 m."""


def choose_layers(
    key: str, places: PlacesAnswer, *, offered: Sequence[str], chosen: Sequence[str]
) -> list[str]:
    """Show the legend, which is also the switch of the layers."""
    say = session.say()
    n = _by_state(places.cameras)
    words = {
        "working": f":green[●] {say('state.working')} {say.number(n['working'])}",
        "degraded": f":orange[○] {say('state.degraded')} {say.number(n['degraded'])}",
        "broken": f":red[✕] {say('state.broken')} {say.number(n['broken'])}",
        "planned": f":blue[◻] {say('scene.planned')} {say.number(len(places.planned))}",
        "sites": f"□ {say('scene.sites')} {say.number(len(places.sites))}",
        "incidents": f":orange[⬢] {say('scene.incidents')} {say.number(len(places.incidents))}",
        "views": f":green[◣] {say('scene.views')}",
        "gaps": f":violet[▨] {say('scene.gaps')}",
        "hot": f":red[⬡] {say('scene.hot')}",
    }
    has_planned = len(places.planned) > 0
    if not has_planned:
        offered = [name for name in offered if name != "planned"]
        chosen = [name for name in chosen if name != "planned"]
    return st.pills(
        say("scene.layers"),
        list(offered),
        selection_mode="multi",
        default=list(chosen),
        format_func=words.__getitem__,
        label_visibility="collapsed",
        key=f"{key} {has_planned}",
        wrap=True,
    )


def draw(
    key: str,
    places: PlacesAnswer,
    *,
    coverage: CoverageAnswer | None,
    ward: str | None,
    shown: Collection[str],
    height: int | None = None,
    over: Sequence[Layer] = (),
) -> Click | None:
    """Draw the map, with more layers over it; what was clicked is told once."""
    say = session.say()
    wards = cache.wards(places.request.on)
    focus = wards.loc[[ward]] if ward else None
    view = View.of(f"ward {ward}", focus) if focus is not None else View.of("city", wards)
    drawn = [map_layers.ward_tips(_ward_tips(say, wards, coverage))]
    if focus is not None:
        drawn.append(map_layers.ward_focus(focus.geometry.iloc[0]))
    drawn += _incident_layers(places, view, is_close=focus is not None, shown=shown)
    if coverage is not None:
        drawn += _coverage_layers(say, coverage, view, is_close=focus is not None, shown=shown)
    drawn += over
    if "sites" in shown:
        drawn.append(map_layers.sites(places.sites, tips=_site_tips(say, places.sites)))
    if "planned" in shown:
        drawn.append(planned_layer(say, places.planned))
    cameras = places.cameras[_legend_state(places.cameras).isin(list(shown))]
    drawn.append(map_layers.cameras(cameras, tips=camera_tips(say, cameras)))
    return maps.render(
        key,
        cache.base(places.request.on),
        drawn,
        view=view,
        height=height or "stretch",
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def follow(click: Click | None, ward: str | None, *, on: date) -> None:
    """Go to the ward that was clicked, of those in force on a day.

    Seen from afar a camera hides its ward, so there any click goes to the ward below it; from
    close by, a click on a camera is about the camera.
    """
    if click is None:
        return
    target = click.id if click.kind == "ward" else None
    if target is None and ward is None:
        place = shapely.Point(click.longitude, click.latitude)
        wards = cache.wards(on)
        below = wards.index[wards.covers(place)]
        target = str(below[0]) if len(below) else None
    if target is not None and target != ward:
        inputs.ask_for(inputs.WARD_KEY, target)


def incident_legend(places: PlacesAnswer, *, is_close: bool) -> None:
    """Say what the colours of the hexagons mean, and what is not on the map."""
    say = session.say()
    words = [say("scene.dot") if is_close else say("scene.hexagons", months=places.request.months)]
    if not is_close:
        breaks = map_layers.rising_breaks(places.cells["n_incidents"])
        words.append(say("scene.breaks", breaks=" · ".join(say.number(b) for b in [1, *breaks])))
    words.append(say("scene.unlocated", n=places.n_unlocated))
    st.caption(" · ".join(words))


def planned_layer(say: Texts, planned: gpd.GeoDataFrame) -> Layer:
    """Draw the cameras that are only planned, each with its plan and its day."""
    tips = pd.Series(
        [
            f"{row.Index} · {say('scene.planned_for', day=say.day(row.planned_on))}\n{row.plan}"
            for row in planned.itertuples()
        ],
        index=planned.index,
        dtype=object,
    )
    return map_layers.cameras(planned.assign(state="planned"), tips=tips)


def camera_tips(say: Texts, cameras: gpd.GeoDataFrame) -> pd.Series[str]:
    """Say of each camera its id, kind and state."""
    kinds = cameras["kind"].map(lambda kind: say(f"kind.{kind}") if kind else "")
    states = cameras["state"].map(lambda state: say(f"state.{state}"))
    tips: pd.Series[str] = cameras["camera_id"] + " · " + kinds + " · " + states
    return tips


def _by_state(cameras: gpd.GeoDataFrame) -> pd.Series[int]:
    counts: pd.Series[int] = _legend_state(cameras).value_counts().reindex(STATES, fill_value=0)
    return counts


def _legend_state(cameras: gpd.GeoDataFrame) -> pd.Series[str]:
    """Show an offline camera as broken: it sees as little."""
    states: pd.Series[str] = cameras["state"].replace({"offline": "broken"})
    return states


def _around(view: View) -> tuple[float, float, float, float]:
    wide = NEIGHBOURHOOD_DEG
    return view.west - wide, view.south - wide, view.east + wide, view.north + wide


def _near(frame: gpd.GeoDataFrame, view: View) -> gpd.GeoDataFrame:
    west, south, east, north = _around(view)
    return frame.cx[west:east, south:north]


def _incident_layers(
    places: PlacesAnswer, view: View, *, is_close: bool, shown: Collection[str]
) -> list[Layer]:
    if "incidents" not in shown:
        return []
    if is_close:
        return [map_layers.points(_near(places.incidents, view))]
    breaks = map_layers.rising_breaks(places.cells["n_incidents"])
    return [map_layers.cells(places.cells, breaks=breaks)]


def _coverage_layers(
    say: Texts, coverage: CoverageAnswer, view: View, *, is_close: bool, shown: Collection[str]
) -> list[Layer]:
    drawn = []
    if "views" in shown:
        views = coverage.views[coverage.views["state"].isin(list(shown))]
        drawn.append(map_layers.views(_near(views, view) if is_close else views))
    if "gaps" in shown:
        gaps = coverage.gaps
        tips = gaps["n_incidents_per_year"].map(
            lambda n: say("scene.gap_tip", n=say.number(n, 0 if n >= 10 else 1))
        )
        drawn.append(map_layers.gaps(gaps, tips=tips))
    return drawn


def _ward_tips(
    say: Texts, wards: gpd.GeoDataFrame, coverage: CoverageAnswer | None
) -> dict[str, str]:
    if coverage is None:
        return {code: str(name) for code, name in wards["name"].items()}
    return {
        str(code): say(
            "scene.ward_tip",
            ward=row["name"],
            incidents=layout.share(say, row["covered_incident_share"]),
            streets=layout.share(say, row["covered_street_share"]),
        )
        for code, row in coverage.table.iterrows()
    }


def _site_tips(say: Texts, sites: gpd.GeoDataFrame) -> pd.Series[str]:
    tips: pd.Series[str] = sites["site_id"].map(lambda site: f"{site} · {say('scene.site')}")
    return tips


def counts(places: PlacesAnswer, *, ward: str | None) -> dict[str, int]:
    """Count what the map shows: cameras, those that work well and poorly, sites, incidents."""

    def own(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame if ward is None else frame[frame["ward_code"] == ward]

    cameras = own(places.cameras)
    return {
        "cameras": len(cameras),
        "working": int((cameras["state"] == "working").sum()),
        "degraded": int((cameras["state"] == "degraded").sum()),
        "sites": len(own(places.sites)),
        "incidents": len(own(places.incidents)),
        "months": places.request.months,
    }


def describe(
    click: Click | None,
    places: PlacesAnswer,
    names: pd.Series[str],
    *,
    looks: LooksRequest | None = None,
) -> None:
    """Say what was clicked: a camera, with how far it sees as asked, or a site."""
    if click is None or click.kind not in {"camera", "site"}:
        return
    say = session.say()
    if click.kind == "site":
        site = places.sites.loc[click.id]
        words = [say("scene.site"), layout.plain(str(names.get(site["ward_code"], "")))]
        words += [say(f"scene.{need}") for need in ("has_power", "has_fibre") if site[need]]
    else:
        camera = places.cameras.loc[click.id]
        words = [say(f"state.{camera['state']}"), layout.plain(str(names.get(camera["ward_code"])))]
        found = cache.reaches(looks or LooksRequest(on=places.request.on))
        words += camera_facts(say, camera, found.T[click.id])
    with st.container(border=True):
        st.markdown(f"**{layout.plain(str(click.id))}** · {' · '.join(words)}")


def coverage_sentence(found: CoverageAnswer, *, ward: str | None) -> str:
    """Say how much is seen, and how bad the worst gap is."""
    say = session.say()
    seen: Any = found.total if ward is None else found.table.loc[ward]
    gaps = found.gaps if ward is None else found.gaps[found.gaps["ward_code"] == ward]
    worst = 0.0 if gaps.empty else float(gaps["n_incidents_per_year"].max())
    known = {
        thing: layout.share(say, float(seen[f"covered_{thing}_share"]))
        for thing in ("street", "incident")
        if math.isfinite(seen[f"covered_{thing}_share"])
    }
    seen_words = {
        (True, True): "coverage.sees",
        (True, False): "coverage.sees_no_incidents",
        (False, True): "coverage.sees_no_streets",
        (False, False): "coverage.sees_nothing_known",
    }["street" in known, "incident" in known]
    sentences = [
        say(
            seen_words,
            place=say("common.city") if ward is None else layout.plain(str(seen["name"])),
            streets=known.get("street", ""),
            incidents=known.get("incident", ""),
        )
    ]
    if len(gaps):
        sentences.append(say("coverage.gaps_stand_out", n=len(gaps), worst=say.number(worst)))
    elif "incident" in known:
        sentences.append(say("coverage.no_gap_here" if ward else "coverage.no_gap"))
    return " ".join(sentences)


def coverage_assumptions(found: CoverageAnswer) -> list[str]:
    """Say what the coverage figures rest on."""
    say = session.say()
    request, doubts = found.request, found.doubts
    words = [
        say("coverage.assume_walls" if request.occlusion else "coverage.assume_open"),
        *level_assumptions(say, request.level, edition=request.edition),
        say("coverage.assume_months", months=request.months),
        say("coverage.gap_reach", m=round(found.gap_reach_m)),
    ]
    words += [
        say(f"coverage.assume_{name}", n=n)
        for name, n in dataclasses.asdict(doubts).items()
        if n and name != "n_turning"
    ]
    if math.isfinite(found.toured_area_share):
        words.append(
            say("coverage.assume_toured", share=layout.share(say, found.toured_area_share))
        )
    if found.population_basis is not None:
        words.append(say(f"coverage.assume_people_{found.population_basis}"))
    return words


def doubt_sentence(found: CoverageAnswer) -> str | None:
    """Say between which shares the truth lies, where the register leaves room for it."""
    say = session.say()
    low, high = (side["covered_incident_share"] for side in (found.certain, found.possible))
    if not (math.isfinite(low) and high - low >= LEAST_DOUBT_SHARE):
        return None
    return say(
        "coverage.doubt", low=layout.share(say, float(low)), high=layout.share(say, float(high))
    )


def follow_row(picked: object, table: pd.DataFrame, ward: str | None) -> None:
    """Go to the ward whose row was picked."""
    rows = picked["selection"]["rows"] if isinstance(picked, dict) else []
    if rows and table.index[rows[0]] != ward:
        inputs.ask_for(inputs.WARD_KEY, str(table.index[rows[0]]))


def camera_facts(say: Texts, camera: pd.Series[Any], reach: pd.Series[Any]) -> list[str]:
    """Say where a camera looks, how far, and how sure that is; ``reach`` as ``looks.reaches``."""
    if pd.isna(camera["bearing_deg"]):
        said = [say("scene.bearing_unknown")]
    else:
        said = [say("scene.bearing", bearing=say.number(float(camera["bearing_deg"])))]
    if pd.isna(reach["range_m"]):
        said.append(say("scene.reach_unknown"))
    else:
        source = say(f"scene.source_{reach['source']}")
        said.append(say("scene.reach", range=_metres(say, reach["range_m"]), source=source))
    if pd.notna(reach["conservative_m"]):
        said.append(say("scene.conservative", range=_metres(say, reach["conservative_m"])))
    said += _plate_facts(say, reach)
    if pd.notna(camera["installed_on"]):
        said.append(say("scene.installed", day=say.day(camera["installed_on"])))
    return said


def _plate_facts(say: Texts, reach: pd.Series[Any]) -> list[str]:
    car, motorbike = (reach[f"{plate}_m"] for plate in optics.PLATES)
    if pd.isna(car):
        return []
    if car < LEAST_PLATE_M:
        return [say("scene.no_plates")]
    return [say("scene.plates", car=_metres(say, car), motorbike=_metres(say, motorbike))]


def _metres(say: Texts, value: float) -> str:
    """Write metres whole, rounded down: a distance promised must be held."""
    return say.number(math.floor(value))
