"""The demo city: Thanh Hóa's 34 wards in outline, everything else made up, from a seed.

Names, codes, areas and the census are real; streets, houses, cameras and incidents are not. The
effect of the cameras is planted and written down, so that an evaluation can be checked against it.
The same seed gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from data import divisions, tables
from data.demo.cameras import build_cameras, curb_points
from data.demo.city import City, build_city
from data.demo.fabric import Fabric, build_fabric
from data.demo.faults import explain_faults
from data.demo.footage import build_requests, keep_watch
from data.demo.happenings import build_happenings
from data.demo.incidents import build_incidents
from data.demo.landmarks import build_places
from data.demo.layers import (
    DIVISION,
    keyed_shape_rows,
    point_rows,
    register_rows,
    shape_rows,
    state_rows,
    ward_rows,
)
from data.demo.models import read_models
from data.demo.programmes import build_programmes, by_ward
from data.demo.rhythm import LAST_DAY
from data.demo.schools import build_schools, find_grounds
from data.demo.sites import build_sites
from data.demo.spots import build_spots
from data.demo.states import build_states, working_days
from data.demo.tips import build_tips
from data.demo.totals import count_totals
from data.demo.treatment import treat
from data.demo.truth import Truth, WaveTruth, tell_truth
from data.demo.waves import place_waves
from data.demo.zones import build_zones
from data.rows import Source, write_batch
from data.store import Store, StoreProperties, Transaction, current_actor

__all__ = ["DemoCity", "Truth", "WaveTruth", "build", "truth", "truth_path", "write_demo"]

DEFAULT_SEED = 2024

PROPERTIES = StoreProperties(
    city="Thanh Hóa",
    timezone="Asia/Ho_Chi_Minh",
    metric_crs="EPSG:5897",
    language="vi",
    is_simulated=True,
    last_day=LAST_DAY,
)


@dataclass(frozen=True, kw_only=True)
class DemoCity:
    """A whole demo city in memory; frames are in EPSG:5897, registers are plain tables."""

    seed: int
    city: City
    fabric: Fabric
    models: pd.DataFrame
    cameras: gpd.GeoDataFrame
    states: list[dict[str, Any]]
    sites: gpd.GeoDataFrame
    schools: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    programmes: pd.DataFrame
    tips: gpd.GeoDataFrame
    requests: gpd.GeoDataFrame
    truth: Truth


def build(seed: int = DEFAULT_SEED) -> DemoCity:
    """Make the demo city of one seed, without storing it (about 7 CPU seconds).

    Parameters
    ----------
    seed
        Not negative; the same seed gives the same city.
    """
    city = build_city()
    fabric = build_fabric(city, seed)
    spots = build_spots(city, fabric, seed)
    happenings = build_happenings(spots, seed)
    curbs = curb_points(city, fabric, spots, seed)
    cameras = build_cameras(
        city, spots, places=place_waves(spots, happenings, seed), curbs=curbs, seed=seed
    )
    programmes = build_programmes(city, cameras, seed).assign(division=DIVISION)
    cameras["programme_id"] = cameras["ward_code"].map(by_ward(programmes, "camera"))
    states = explain_faults(build_states(cameras, seed), cameras, seed)
    watch = keep_watch(cameras, working_days(states, cameras))
    remaining, effects = treat(happenings, spots, cameras, seed)
    incidents = build_incidents(city, spots, remaining, watch, seed)
    incidents["division"] = DIVISION
    sites = build_sites(city, spots, cameras, curbs, seed)
    schools = build_schools(city, find_grounds(city, fabric, spots), curbs, seed)
    schools["programme_id"] = schools["ward_code"].map(by_ward(programmes, "school_gate"))
    zones = build_zones(
        fabric, spots, sites=sites, cameras=cameras, in_use=schools["campus"], seed=seed
    )
    tips = build_tips(spots, programmes, incidents, seed).assign(division=DIVISION)
    requests = build_requests(incidents, watch, seed)
    totals = count_totals(cameras, programmes, tips, requests)
    return DemoCity(
        seed=seed,
        city=city,
        fabric=fabric,
        models=read_models(),
        cameras=cameras,
        states=states,
        sites=sites,
        schools=schools.drop(columns="campus"),
        places=build_places(city, fabric, spots, curbs),
        zones=zones,
        incidents=incidents,
        programmes=programmes,
        tips=tips,
        requests=requests,
        truth=tell_truth(seed, cameras, effects, n_incidents=len(incidents), totals=totals),
    )


def truth(seed: int = DEFAULT_SEED) -> Truth:
    """Tell what is planted in the demo city of one seed."""
    return build(seed).truth


def truth_path(location: str | Path) -> Path | None:
    """Name the truth file of a store: beside a file, None for a database server.

    Examples
    --------
    >>> truth_path("/tmp/x.db")
    PosixPath('/tmp/x.truth.json')
    >>> truth_path("postgresql://host/city") is None
    True
    """
    path = _file_of(location)
    return None if path is None else path.with_suffix(".truth.json")


def write_demo(location: str | Path, *, seed: int = DEFAULT_SEED) -> Store:
    """Write the demo city into a new store, and the planted truth beside it.

    Parameters
    ----------
    location
        A file path, or a SQLAlchemy URL; there must be no store yet.
    seed
        Not negative; the same seed gives the same rows.

    Returns
    -------
    Store
        The store, open.

    Raises
    ------
    StoreExistsError
        There is a store already; it is not touched.
    StoreUnwritableError
        The folder or file cannot be written.
    """
    path = _file_of(location)
    existed = path is not None and path.exists()
    store = Store.create(location, PROPERTIES)
    try:
        demo = build(seed)
        with store.begin(actor=current_actor()) as transaction:
            _write(transaction, demo)
        divisions.load_shipped_crosswalk(store, actor=current_actor())
        beside = truth_path(location)
        if beside is not None:
            demo.truth.write(beside)
    except BaseException:  # also when interrupted: half a city helps nobody
        store.close()
        if path is not None and not existed:
            _remove(path)
        raise
    return store


def _write(transaction: Transaction, demo: DemoCity) -> None:
    transaction.connection.execute(
        sa.insert(tables.divisions).values(
            division=DIVISION, valid_from=date(2021, 1, 1), valid_to=LAST_DAY
        )
    )
    source = Source(file_name=f"demo city, seed {demo.seed}")
    fabric = demo.fabric
    for layer, rows in (
        ("wards", ward_rows(demo.city)),
        ("land_cover", shape_rows("land_cover", fabric.land_cover)),
        ("streets", shape_rows("streets", fabric.streets)),
        ("buildings", shape_rows("buildings", fabric.buildings)),
        ("camera_models", register_rows(demo.models, "model_id")),
        ("programmes", register_rows(demo.programmes, "programme_id")),
        ("cameras", point_rows(demo.cameras, ("camera_id",))),
        ("camera_states", state_rows(demo.states)),
        ("sites", point_rows(demo.sites, ("site_id",))),
        ("schools", point_rows(demo.schools, ("school_id",))),
        ("places", point_rows(demo.places, ("place_id",))),
        ("zones", keyed_shape_rows(demo.zones, "zone_id")),
        ("incidents", point_rows(demo.incidents, ("source", "case_id"))),
        ("tips", point_rows(demo.tips, ("tip_id",))),
        ("footage_requests", point_rows(demo.requests, ("request_id",))),
    ):
        write_batch(transaction, layer, rows, source=source)
    transaction.record("write_demo", seed=demo.seed)


def _file_of(location: str | Path) -> Path | None:
    if isinstance(location, str) and "://" in location:
        url = sa.make_url(location)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    return Path(location)


def _remove(path: Path) -> None:
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
