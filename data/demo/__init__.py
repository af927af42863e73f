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
import sqlalchemy as sa

from data import tables
from data.demo.cameras import build_cameras, curb_points
from data.demo.city import City, build_city
from data.demo.fabric import Fabric, build_fabric
from data.demo.happenings import build_happenings
from data.demo.incidents import build_incidents
from data.demo.layers import DIVISION, point_rows, shape_rows, state_rows, ward_rows
from data.demo.rhythm import LAST_DAY
from data.demo.sites import build_sites
from data.demo.spots import build_spots
from data.demo.states import build_states
from data.demo.treatment import treat
from data.demo.truth import Truth, WaveTruth, tell_truth
from data.demo.waves import place_waves
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
    """A whole demo city in memory; frames are in EPSG:5897."""

    seed: int
    city: City
    fabric: Fabric
    cameras: gpd.GeoDataFrame
    states: list[dict[str, Any]]
    sites: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    truth: Truth


def build(seed: int = DEFAULT_SEED) -> DemoCity:
    """Make the demo city of one seed, without storing it (about 5 CPU seconds).

    Parameters
    ----------
    seed
        Not negative; the same seed gives the same city.
    """
    city = build_city()
    fabric = build_fabric(city, seed)
    spots = build_spots(city, fabric, seed)
    happenings = build_happenings(spots, seed)
    places = place_waves(spots, happenings, seed)
    curbs = curb_points(fabric, spots, seed)
    cameras = build_cameras(city, spots, places=places, curbs=curbs, seed=seed)
    remaining, totals = treat(happenings, spots, cameras, seed)
    incidents = build_incidents(city, spots, remaining, cameras, seed)
    incidents["division"] = DIVISION
    return DemoCity(
        seed=seed,
        city=city,
        fabric=fabric,
        cameras=cameras,
        states=build_states(cameras, seed),
        sites=build_sites(spots, cameras, curbs, seed),
        incidents=incidents,
        truth=tell_truth(seed, cameras, totals, n_incidents=len(incidents)),
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
        ("cameras", point_rows(demo.cameras, ("camera_id",))),
        ("camera_states", state_rows(demo.states)),
        ("sites", point_rows(demo.sites, ("site_id",))),
        ("incidents", point_rows(demo.incidents, ("source", "case_id"))),
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
