"""Layers out of the store, as frames in the vocabulary of ``analysis.columns``.

Geometry is WGS84; callers that measure change it to ``store.properties.metric_crs``. Moments come
in the store's time zone. Every reader gives an empty frame with the right columns when the layer
has no rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from analysis.crs import WGS84
from data import planned, tables
from data.fingerprints import OWN_COLUMNS
from data.rows import in_force
from data.store import Store

MOMENTS = ("starts_at", "ends_at", "reported_at")


def division_on(store: Store, day: date) -> str | None:
    """Name the ward division in force on a day, None when no loaded division covers it."""
    table, wards = tables.divisions, tables.wards
    is_loaded = sa.exists().where(wards.c.division == table.c.division, in_force(wards))
    with store.read() as connection:
        return connection.execute(
            sa.select(table.c.division)
            .where(is_loaded, table.c.valid_from <= day)
            .where(sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= day))
            .order_by(*newest_first())
        ).scalar()


def loaded_divisions(store: Store) -> list[str]:
    """Name the ward divisions that have wards in force in the store, newest first."""
    table, wards = tables.divisions, tables.wards
    is_loaded = sa.exists().where(wards.c.division == table.c.division, in_force(wards))
    with store.read() as connection:
        found = connection.scalars(
            sa.select(table.c.division).where(is_loaded).order_by(*newest_first())
        ).all()
    return [str(name) for name in found]


def newest_first() -> tuple[sa.ColumnElement[Any], ...]:
    """Order divisions by their first day, the last to begin first; on one day the last loaded."""
    table, wards = tables.divisions, tables.wards
    loaded = sa.select(sa.func.min(wards.c.batch_id)).where(wards.c.division == table.c.division)
    return table.c.valid_from.desc(), loaded.scalar_subquery().desc()


def read_wards(store: Store, *, division: str | None) -> gpd.GeoDataFrame:
    """Read the wards of a division, indexed by code: name, population, population_source, area."""
    table = tables.wards
    frame = _read(store, table, [table.c.division == division])
    return _with_shapes(frame).set_index("code", drop=False).sort_index()


def read_ward_names(store: Store) -> dict[tuple[str, str], str]:
    """Read what each ward of each loaded division is called, by division and code."""
    table = tables.wards
    with store.read() as connection:
        found = connection.execute(
            sa.select(table.c.division, table.c.code, table.c.name).where(in_force(table))
        ).all()
    return {(division, code): name for division, code, name in found}


def read_cameras(store: Store, *, on: date) -> gpd.GeoDataFrame:
    """Read the cameras that stand on a day, indexed by camera_id, with their ``state`` that day.

    Beside the state, the ``fault`` behind it, the ``repair_cost`` and ``state_since``, its first
    day; these three are missing where nothing is known. A camera stands from its installation (or
    always, when the day is unknown) until the day before its removal. A camera about whose state
    nothing is known for that day counts as working. One that an adopted plan only planned does not
    stand yet: see ``data.planned``.
    """
    return read_cameras_of_days(store, [on])[on]


def read_cameras_of_days(store: Store, days: Sequence[date]) -> dict[date, gpd.GeoDataFrame]:
    """Read the cameras that stand on each of some days, as ``read_cameras``, asking once."""
    table, states = tables.cameras, tables.camera_states
    first, last = min(days), max(days)
    cameras = _cameras(
        store,
        [
            sa.or_(table.c.installed_on.is_(None), table.c.installed_on <= last),
            sa.or_(table.c.removed_on.is_(None), table.c.removed_on > first),
        ],
    )
    periods = _read(
        store,
        states,
        [
            states.c.valid_from <= last,
            sa.or_(states.c.valid_to.is_(None), states.c.valid_to >= first),
        ],
    )
    return {day: _standing(cameras, periods, day) for day in days}


def _standing(cameras: gpd.GeoDataFrame, periods: pd.DataFrame, on: date) -> gpd.GeoDataFrame:
    """Choose the cameras that stand on a day, and give each its state of that day."""
    stands = [
        (come is None or come <= on) and (gone is None or gone > on)
        for come, gone in zip(cameras["installed_on"], cameras["removed_on"], strict=True)
    ]
    cameras = cameras[np.array(stands, dtype=bool)].copy()
    is_now = [
        since <= on and (until is None or until >= on)
        for since, until in zip(periods["valid_from"], periods["valid_to"], strict=True)
    ]
    now = periods[np.array(is_now, dtype=bool)]
    latest = now.sort_values(["valid_from", "camera_id"]).drop_duplicates("camera_id", keep="last")
    known = latest.set_index("camera_id").reindex(cameras.index)
    cameras["state"] = known["state"].astype(object).where(known["state"].notna(), "working")
    cameras["fault"] = known["fault"].astype(object)
    cameras["repair_cost"] = known["repair_cost"].astype(float)
    cameras["state_since"] = known["valid_from"]
    return cameras


def read_camera_register(store: Store) -> gpd.GeoDataFrame:
    """Read all cameras that ever stood, indexed by camera_id, without their state.

    Those that are only planned have never stood.
    """
    return _cameras(store, [])


def read_planned_cameras(store: Store) -> gpd.GeoDataFrame:
    """Read the cameras that adopted plans have planned and nobody has found standing yet."""
    cameras = _with_points(_read(store, tables.cameras, [planned.unseen()]))
    return cameras.set_index("camera_id", drop=False).sort_index()


def read_sites(store: Store) -> gpd.GeoDataFrame:
    """Read the extension sites, indexed by site_id."""
    sites = _with_points(_read(store, tables.sites, []))
    return sites.set_index("site_id", drop=False).sort_index()


def read_incidents(
    store: Store,
    *,
    since: date | None = None,
    until: date | None = None,
    categories: Sequence[str] = (),
    ward_codes: Sequence[str] = (),
) -> gpd.GeoDataFrame:
    """Read incidents that began in a period, in the order they began.

    Parameters
    ----------
    store
        The store.
    since, until
        First and last day, both included, in the store's time zone.
    categories, ward_codes
        Only these; empty means all.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an incident, indexed by row_id; the point is missing where only the ward is known.
        ``happened_on`` is the day on which it began.
    """
    table = tables.incidents
    zone = ZoneInfo(store.properties.timezone)
    conditions: list[sa.ColumnElement[bool]] = []
    if since is not None:
        conditions.append(table.c.starts_at >= datetime.combine(since, time.min, zone))
    if until is not None:
        conditions.append(table.c.starts_at < datetime.combine(until, time.max, zone))
    if categories:
        conditions.append(table.c.category.in_(categories))
    if ward_codes:
        conditions.append(table.c.ward_code.in_(ward_codes))
    frame = _read(store, table, conditions)
    for name in MOMENTS:
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone)
    incidents = _with_points(frame.sort_values(["starts_at", "row_id"])).set_index("row_id")
    incidents["happened_on"] = incidents["starts_at"].dt.tz_localize(None).dt.normalize()
    return incidents


def read_shapes(
    store: Store, layer: str, *, bounds: tuple[float, float, float, float] | None = None
) -> gpd.GeoDataFrame:
    """Read a context layer: ``streets``, ``buildings`` or ``land_cover``.

    Parameters
    ----------
    store
        The store.
    layer
        Its name.
    bounds
        West, south, east, north in degrees: only shapes whose box meets it; None reads all.
    """
    table = tables.LAYERS[layer]
    conditions = []
    if bounds is not None:
        west, south, east, north = bounds
        conditions = [
            table.c.west <= east,
            table.c.east >= west,
            table.c.south <= north,
            table.c.north >= south,
        ]
    return _with_shapes(_read(store, table, conditions))


def read_points(store: Store, layer: str) -> gpd.GeoDataFrame:
    """Read a layer of points: ``schools`` or ``places``."""
    return _with_points(_read(store, tables.LAYERS[layer], []))


def read_register(store: Store, layer: str) -> pd.DataFrame:
    """Read a register: ``camera_models``, ``programmes``, ``camera_states``, ``tips``, and so on.

    Parameters
    ----------
    store
        The store.
    layer
        Its name. Points, where the layer has them, stay a longitude and a latitude.

    Returns
    -------
    pandas.DataFrame
        One row an entry, in the order they were brought in; moments in the store's time zone.
    """
    table = tables.LAYERS[layer]
    frame = _read(store, table, [])
    zone = ZoneInfo(store.properties.timezone)
    for column in table.columns:
        if isinstance(column.type, tables.Moment):
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True).dt.tz_convert(zone)
    return frame


def read_row_keys(store: Store, layer: str) -> pd.Series[str]:
    """Read what each row of a layer is known by, indexed by row_id."""
    table = tables.LAYERS[layer]
    with store.read() as connection:
        found = connection.execute(
            sa.select(table.c.row_id, table.c.row_key).where(in_force(table))
        ).all()
    return pd.Series([key for _, key in found], index=[row for row, _ in found], dtype=object)


def read_batches(store: Store) -> pd.DataFrame:
    """Read who imported what, newest first."""
    with store.read() as connection:
        result = connection.execute(
            sa.select(tables.batches).order_by(tables.batches.c.batch_id.desc())
        )
        return pd.DataFrame(result.mappings().all(), columns=list(result.keys()))


def incident_days(store: Store) -> tuple[date, date] | None:
    """Tell the days of the oldest and the newest incident, None when there is none."""
    table = tables.incidents
    with store.read() as connection:
        first, last = connection.execute(
            sa.select(sa.func.min(table.c.starts_at), sa.func.max(table.c.starts_at)).where(
                in_force(table)
            )
        ).one()
    if first is None or last is None:
        return None
    zone = ZoneInfo(store.properties.timezone)
    return first.astimezone(zone).date(), last.astimezone(zone).date()


def count_incidents(store: Store) -> int:
    """Count the incidents in force."""
    table = tables.incidents
    with store.read() as connection:
        count = sa.select(sa.func.count()).select_from(table).where(in_force(table))
        return int(connection.execute(count).scalar() or 0)


def categories_in_use(store: Store) -> list[str]:
    """List the incident types that occur, the most frequent first."""
    table = tables.incidents
    with store.read() as connection:
        found = connection.execute(
            sa.select(table.c.category)
            .where(in_force(table))
            .group_by(table.c.category)
            .order_by(sa.func.count().desc(), table.c.category)
        ).scalars()
        return list(found)


def _cameras(store: Store, conditions: Sequence[sa.ColumnElement[bool]]) -> gpd.GeoDataFrame:
    """Read cameras that stand or stood; of a planned one the first day that it was seen."""
    table = _read(store, tables.cameras, [~planned.unseen(), *conditions])
    with store.read() as connection:
        first_days = planned.first_days(connection)
    if first_days:
        table["installed_on"] = [
            day if day is not None else first_days.get(camera_id)
            for day, camera_id in zip(table["installed_on"], table["camera_id"], strict=True)
        ]
    cameras = _with_points(table)
    return cameras.set_index("camera_id", drop=False).sort_index()


def _read(
    store: Store, table: sa.Table, conditions: Sequence[sa.ColumnElement[bool]]
) -> pd.DataFrame:
    hidden = OWN_COLUMNS - {"row_id"}
    columns = [column for column in table.columns if column.name not in hidden]
    with store.read() as connection:
        result = connection.execute(
            sa.select(*columns).where(in_force(table), *conditions).order_by(table.c.row_id)
        )
        rows = [tuple(row) for row in result]  # pandas asks plain tuples far fewer questions
    return pd.DataFrame.from_records(rows, columns=[column.name for column in columns])


def _with_points(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    longitude = frame["longitude"].to_numpy(dtype=float)
    latitude = frame["latitude"].to_numpy(dtype=float)
    points = np.full(len(frame), None, dtype=object)
    has_point = ~(np.isnan(longitude) | np.isnan(latitude))
    points[has_point] = shapely.points(longitude[has_point], latitude[has_point])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(points, index=frame.index, crs=WGS84))


def _with_shapes(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.from_wkb(frame["geometry"].to_numpy(dtype=object))
    frame = frame.drop(columns=["geometry", "west", "south", "east", "north"])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=WGS84))
