"""Rows for the sample file of each layer: in the store's wards, on its days.

Each has an id that says *example*, by which :mod:`data.importing.example_rows` knows it again when
nobody overwrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.texts import Texts
from data import offences
from data.importing.tables.headings import known_heading

N_ROWS = 2
Rows: TypeAlias = list[dict[str, Any]]
Feature: TypeAlias = tuple[dict[str, Any], shapely.Geometry]

_STEP_DEG = 0.0002


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a sample may be about: places inside wards, a day, cameras that are there."""

    places: list[dict[str, Any]]
    today: date
    wards: gpd.GeoDataFrame
    cameras: tuple[str, ...]


def rows(say: Texts, layer: str, given: Given) -> Rows:
    """Give the rows of a table, by field; headings alone where the store has nothing to name."""
    return _ROWS[layer](say, given)


def features(say: Texts, layer: str, given: Given) -> list[Feature]:
    """Give the features of a map file: what stands beside each, by heading, and its shape."""
    if layer == "wards":
        return _wards(say, given.wards)
    content, extent = _SHAPES[layer]
    places = given.places or [{"longitude": 105.7 + n / 50, "latitude": 19.8} for n in (1, 2)]
    found: list[Feature] = []
    for n, place in enumerate(places, start=1):
        x, y = place["longitude"], place["latitude"]
        shape = (
            shapely.LineString([(x, y), (x + extent, y + extent / 2)])
            if layer == "streets"
            else shapely.box(x, y, x + extent, y + extent)
        )
        values = content(say, n)
        named = {known_heading(layer, key, language=say.language): v for key, v in values.items()}
        found.append((named, shape))
    return found


def _incidents(say: Texts, given: Given) -> list[dict[str, Any]]:
    names = offences.names(language=say.language)
    kinds = (("theft", time(21, 30)), ("public_disorder", time(23, 5)))
    return [
        {
            "case_id": f"{say('imports.example_case')}-{n:03}",
            "date": given.today - timedelta(days=n),
            "time": clock,
            "offence": names[kind],
            "ward": place["ward"],
            "place": say("imports.example_place"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "outcome": say("imports.example_outcome"),
        }
        for n, (place, (kind, clock)) in enumerate(zip(given.places, kinds, strict=False), start=1)
    ] or [dict.fromkeys(("case_id", "date", "time", "offence", "ward", "longitude", "latitude"))]


def _cameras(say: Texts, given: Given) -> list[dict[str, Any]]:
    return [
        {
            "camera_id": f"{say('imports.example_case')}-CAM-{n:03}",
            "name": say("imports.example_site"),
            "kind": say("kind.fixed"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "ward": place["ward"],
            "bearing_deg": 90 * n,
            "fov_deg": 90,
            "range_m": 60,
            "height_m": 5,
            "installed_on": given.today - timedelta(days=30),
            "state": say("state.working"),
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("camera_id", "name", "kind", "longitude", "latitude", "bearing_deg"))]


def _sites(say: Texts, given: Given) -> list[dict[str, Any]]:
    return [
        {
            "site_id": f"{say('imports.example_case')}-S-{n:03}",
            "name": say("imports.example_site"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "ward": place["ward"],
            "has_power": say("common.yes"),
            "has_fibre": say("common.no"),
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("site_id", "name", "longitude", "latitude", "has_power", "has_fibre"))]


def _states(say: Texts, given: Given) -> Rows:
    states = (("working", None), ("broken", 1_500_000))
    return [
        {
            "camera_id": f"{say('imports.example_case')}-CAM-{n:03}",
            "date": given.today,
            "state": say(f"state.{state}"),
            "repair_cost": cost,
        }
        for n, (state, cost) in enumerate(states, start=1)
    ]


def _models(say: Texts, given: Given) -> Rows:
    del given  # a data sheet is of no city
    sheets = ((2.8, 104, 61, 24, 12, 6), (4, 80, 77, 30, 15, 7))
    names = ("focal_mm", "fov_deg", "detect_m", "observe_m", "recognise_m", "identify_m")
    return [
        {
            "model_id": f"{say('imports.example_case')}-M-{n:03}",
            "maker": say("imports.example_maker"),
            "name": say("imports.example_model"),
            "pixels_across": 2560,
            **dict(zip(names, sheet, strict=True)),
        }
        for n, sheet in enumerate(sheets, start=1)
    ]


def _population(say: Texts, given: Given) -> Rows:
    del given
    return [{"ward": say("imports.example_ward", n=n), "population": 10_000} for n in (1, 2)]


def _crosswalk(say: Texts, given: Given) -> Rows:
    del given  # of divisions that no city has
    return [
        {
            "from_division": f"{say('imports.example_case')}-1",
            "from_code": f"0000{n}",
            "to_division": "B",
            "to_code": "00001",
            "share": 1,
        }
        for n in (1, 2)
    ]


def _schools(say: Texts, given: Given) -> Rows:
    return [
        {
            "school_id": f"{say('imports.example_case')}-{n:03}",
            "name": say("imports.example_school"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "opens_at": time(6, 45),
            "closes_at": time(16, 30),
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("school_id", "name", "longitude", "latitude", "opens_at", "closes_at"))]


def _landmarks(say: Texts, given: Given) -> Rows:
    return [
        {
            "place_id": f"{say('imports.example_case')}-{n:03}",
            "name": say("imports.example_place"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("place_id", "name", "longitude", "latitude"))]


def _programmes(say: Texts, given: Given) -> Rows:
    return [
        {
            "programme_id": f"{say('imports.example_case')}-{n:03}",
            "name": say("imports.example_programme"),
            "kind": "camera",
            "ward": place["ward"],
            "started_on": given.today - timedelta(days=365),
            "n_members": 10 + n,
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("programme_id", "name", "kind", "ward", "started_on", "n_members"))]


def _tips(say: Texts, given: Given) -> Rows:
    theft = offences.names(language=say.language)["theft"]
    return [
        {
            "tip_id": f"{say('imports.example_case')}-{n:03}",
            "received_on": given.today - timedelta(days=n),
            "received_time": time(18, 30),
            "received_from": say("imports.example_sender"),
            "ward": place["ward"],
            "category": theft,
            "is_usable": say("common.yes"),
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("tip_id", "received_on", "received_from", "ward", "category"))]


def _footage(say: Texts, given: Given) -> Rows:
    night = datetime.combine(given.today - timedelta(days=3), time(22, 30))
    return [
        {
            "request_id": f"{say('imports.example_case')}-{n:03}",
            "requested_at": given.today - timedelta(days=2),
            "case_id": f"{say('imports.example_case')}-{n:03}",
            "asked_from": night,
            "asked_until": night + timedelta(hours=1),
            "ward": place["ward"],
            "camera_ids": "; ".join(given.cameras) or None,
            "answer": say("imports.example_answer"),
            "answered_on": given.today - timedelta(days=1),
            "is_clarified": say("common.no"),
        }
        for n, place in enumerate(given.places, start=1)
    ] or [dict.fromkeys(("request_id", "requested_at", "case_id", "ward", "camera_ids"))]


def _wards(say: Texts, wards: gpd.GeoDataFrame) -> list[Feature]:
    """Give two wards of the store, or two squares that are nowhere in particular."""
    names = [known_heading("wards", name, language=say.language)
             for name in ("code", "name", "population")]  # fmt: skip
    known = [
        (str(code), str(row["name"]), _whole(row["population"]), row.geometry)
        for code, row in wards.head(N_ROWS).iterrows()
    ]
    squares = [
        (f"0000{n}", say("imports.example_ward", n=n), 10_000, shapely.box(105.7 + n / 50, 19.8,
                                                                          105.72 + n / 50, 19.82))
        for n in range(1, N_ROWS + 1)
    ]  # fmt: skip
    return [
        (dict(zip(names, (code, name, population), strict=True)), shape)
        for code, name, population, shape in known or squares
    ]


def _whole(number: float) -> int | None:
    return None if pd.isna(number) else int(number)


_ROWS: Mapping[str, Callable[[Texts, Given], Rows]] = {
    "incidents": _incidents,
    "cameras": _cameras,
    "sites": _sites,
    "states": _states,
    "models": _models,
    "population": _population,
    "crosswalk": _crosswalk,
    "schools": _schools,
    "places": _landmarks,
    "programmes": _programmes,
    "tips": _tips,
    "footage": _footage,
}

_SHAPES: Mapping[str, tuple[Callable[[Texts, int], dict[str, Any]], float]] = {
    "streets": (
        lambda say, n: {
            "id": n,
            "name": f"{say('imports.example_case')}-{n}",
            "kind": say("imports.example_street"),
        },
        10 * _STEP_DEG,
    ),
    "buildings": (
        lambda say, n: {"id": f"{say('imports.example_case')}-{n}", "height_m": 6.0 + n},
        _STEP_DEG,
    ),
    "land_cover": (
        lambda say, n: {
            "id": f"{say('imports.example_case')}-{n}",
            "kind": say("imports.example_cover"),
        },
        5 * _STEP_DEG,
    ),
    "zones": (
        lambda say, n: {
            "zone_id": f"{say('imports.example_case')}-{n}",
            "name": f"{say('imports.example_case')}-{n}",
            "kind": say("imports.example_zone"),
        },
        5 * _STEP_DEG,
    ),
}
