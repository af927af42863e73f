"""Cameras on poles at the curb: which way each looks, who owns it, which wave brought it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial
import shapely

from data.demo.city import City
from data.demo.equipment import equip
from data.demo.fabric import Fabric
from data.demo.spots import Spots, wards_at
from data.demo.streams import stream
from data.demo.waves import MEASURED, WAVES, Wave

Array = npt.NDArray[np.float64]

CLEAR_OF_M = {"artery": 9.5, "street": 3.6}
"""How far from the middle of a street a pole must be, so as not to stand in its carriageway."""


def build_cameras(
    city: City,
    spots: Spots,
    *,
    places: dict[str, npt.NDArray[np.int64]],
    curbs: Array,
    seed: int,
) -> gpd.GeoDataFrame:
    """Put up the cameras of all waves.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897, in the columns of the store's cameras.
    """
    heads = [
        _heads(wave, places[wave.wave], spots, curbs=curbs, rng=stream(seed, f"poles {wave.wave}"))
        for wave in sorted(WAVES, key=lambda w: w.wave)
    ]
    cameras = pd.concat(heads, ignore_index=True)
    points = cameras[["easting", "northing"]].to_numpy()
    cameras["ward_code"] = wards_at(city, points)
    cameras["camera_id"] = _numbers(cameras["ward_code"], city)
    cameras = equip(cameras, seed)
    names = city.facts["name"].to_dict()
    cameras["owner"] = ["Công an " + uncapitalised(names[code]) for code in cameras["ward_code"]]
    return gpd.GeoDataFrame(
        cameras.drop(columns=["easting", "northing", "spot"]),
        geometry=gpd.points_from_xy(*points.T),
        crs="EPSG:5897",
    )


def curb_points(city: City, fabric: Fabric, spots: Spots, seed: int) -> Array:
    """Give every spot a place for a pole at its curb; missing where none is free.

    A pole stands in no house, in no other street's carriageway, in no water, and in some ward.
    """
    rng = stream(seed, "curbs")
    table = spots.table
    side = np.where(rng.random(len(table)) < 0.5, 90.0, -90.0)
    across = np.radians(table["bearing_deg"].to_numpy() + side)
    reach = table["curb_m"].to_numpy()
    points: Array = table[["easting", "northing"]].to_numpy(dtype=float)
    points = points + np.column_stack([np.sin(across) * reach, np.cos(across) * reach])
    ground = shapely.points(points)
    poles = shapely.STRtree(ground)
    houses = fabric.buildings.geometry.to_numpy()
    in_house = np.unique(poles.query(houses, predicate="dwithin", distance=0.9)[1])
    wet = fabric.land_cover.geometry[fabric.land_cover["kind"] == "water"].to_numpy()
    in_water = np.unique(poles.query(wet, predicate="intersects")[1])
    for kind, free in CLEAR_OF_M.items():
        lines = fabric.streets.geometry[fabric.streets["kind"] == kind].to_numpy()
        points[np.unique(poles.query(lines, predicate="dwithin", distance=free)[1])] = np.nan
    points[in_house] = np.nan
    points[in_water] = np.nan
    points[pd.isna(wards_at(city, points))] = np.nan  # a road along the city's edge has two curbs
    points[table["kind"].to_numpy() == "alley"] = np.nan
    return points


def _heads(
    wave: Wave,
    patches: npt.NDArray[np.int64],
    spots: Spots,
    *,
    curbs: Array,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Place a wave's cameras: poles where most is going on, one to three heads on each."""
    pull = spots.pulls["street"].to_numpy()
    patch = spots.table["patch"].to_numpy()
    bearing = spots.table["bearing_deg"].to_numpy()
    is_junction = spots.table["is_junction"].to_numpy()
    wanted = _deal(wave, spots.patch_pulls("street")[patches], rng)
    rows = []
    for place, n in zip(patches, wanted, strict=True):
        own = np.flatnonzero((patch == place) & ~np.isnan(curbs[:, 0]))
        if not len(own):  # a patch of alleys only: the nearest street serves it
            away = np.linalg.norm(curbs - spots.patches[place], axis=1)
            own = np.argsort(np.where(np.isnan(away), np.inf, away))[:12]
        poles = _poles(own, spots, curbs, pull=pull, n=max(1, round(n / 1.45)))
        for k in range(n):
            pole = poles[k % len(poles)]
            turn = 180.0 * ((k // len(poles) + int(rng.integers(2))) % 2)
            if k >= len(poles) and is_junction[pole]:
                turn += 90.0
            rows.append((pole, *curbs[pole], (bearing[pole] + turn + rng.normal(0, 7)) % 360))
    heads = pd.DataFrame(rows, columns=["spot", "easting", "northing", "bearing_deg"])
    heads["wave"] = wave.wave
    if wave.installed_on is None:
        days = rng.integers(0, 900, len(patches)).repeat(wanted)
        heads["installed_on"] = [date(2019, 5, 1) + timedelta(days=int(d)) for d in days]
    else:
        heads["installed_on"] = wave.installed_on
    heads["name"] = [
        f"{name} {number}"
        for name, number in zip(
            spots.table["name"].to_numpy()[heads["spot"]], heads.index + 1, strict=True
        )
    ]
    heads["is_junction"] = is_junction[heads["spot"]]
    heads["is_artery"] = (spots.table["kind"] == "artery").to_numpy()[heads["spot"]]
    return heads


def _deal(wave: Wave, pull: Array, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Deal a wave's cameras to its places: two to each, the rest by lot, more where more happens.

    Where an effect is to be measured all places get about the same.
    """
    is_measured = wave.rule in MEASURED
    fewest = wave.n_cameras // len(pull) if is_measured else 2
    rest = wave.n_cameras - fewest * len(pull)
    weight = np.ones(len(pull)) if is_measured else pull**0.6
    return fewest + np.bincount(
        rng.choice(len(pull), size=rest, p=weight / weight.sum()), minlength=len(pull)
    )


def _poles(
    own: npt.NDArray[np.int64], spots: Spots, curbs: Array, *, pull: Array, n: int
) -> list[int]:
    """Choose poles one after another, each where most pull within 80 m is not yet served."""
    xy = spots.table[["easting", "northing"]].to_numpy()
    near = np.linalg.norm(curbs[own][:, None, :] - xy[own][None, :, :], axis=2) < 80
    left = pull[own].copy() + 1e-12
    bonus = np.where(spots.table["is_junction"].to_numpy()[own], 1.25, 1.0)
    poles: list[int] = []
    for _ in range(min(n, len(own))):
        best = int(np.argmax((near * left).sum(axis=1) * bonus))
        poles.append(int(own[best]))
        left[near[best]] *= 0.15
        bonus[best] = 0
    return poles


def _numbers(ward_codes: pd.Series[str], city: City) -> list[str]:
    counters: defaultdict[str, int] = defaultdict(int)
    names = city.facts["name"].to_dict()
    numbers = []
    for code in ward_codes:
        short = initials(str(names[code]))
        counters[short] += 1
        numbers.append(f"TH-{short}-{counters[short]:04d}")
    return numbers


def initials(ward_name: str) -> str:
    """Shorten a ward's name to the initials of its own part.

    Examples
    --------
    >>> initials("Phường Ba Đình"), initials("Xã Hoằng Đại")
    ('BD', 'HD')
    """
    plain = unicodedata.normalize("NFD", ward_name.replace("Đ", "D").replace("đ", "d"))
    return "".join(word[0] for word in plain.split()[1:])


def uncapitalised(name: str) -> str:
    """Write a ward's name as it stands inside a sentence.

    Examples
    --------
    >>> uncapitalised("Phường Ba Đình")
    'phường Ba Đình'
    """
    return name[0].lower() + name[1:]


def zone_distance(cameras: gpd.GeoDataFrame, points: Array) -> Array:
    """Give the distance in metres from points to the nearest of some cameras."""
    if not len(cameras):
        return np.full(len(points), np.inf)
    tree = scipy.spatial.cKDTree(shapely.get_coordinates(cameras.geometry.to_numpy()))
    away: Array = tree.query(points)[0]
    return away
