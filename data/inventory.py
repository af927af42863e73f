"""What a store holds, layer by layer: rows in force, the newest batch, and what rows leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from analysis import looking, reach
from analysis.columns import WORKING_STATES
from data import catalogue, clock, divisions, layers, planned, tables
from data.rows import in_force
from data.store import Store


@dataclass(frozen=True, kw_only=True)
class LayerHolding:
    """What is loaded of one layer.

    Parameters
    ----------
    layer
        A name of ``tables.LAYERS``.
    n_rows
        Rows in force.
    n_batches
        Batches that still have rows in force.
    loaded_at
        When the newest of them was committed, in the store's time zone; None without rows.
    file_name
        Its file.
    first_on, last_on
        The days that the rows speak of, the first and the last; None for a layer without days, and
        where none is known.
    """

    layer: str
    n_rows: int
    n_batches: int = 0
    loaded_at: datetime | None = None
    file_name: str | None = None
    first_on: date | None = None
    last_on: date | None = None


DAYS: Mapping[str, tuple[str, str]] = {
    "cameras": ("installed_on", "installed_on"),
    "camera_states": ("valid_from", "valid_from"),
    "incidents": ("starts_at", "starts_at"),
    "programmes": ("started_on", "started_on"),
    "tips": ("received_at", "received_at"),
    "footage_requests": ("requested_at", "requested_at"),
}
"""The columns of a layer's first and last day, where it has days."""


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Rows in force that lack something a figure needs.

    Parameters
    ----------
    code
        What is lacking, as ``cameras_without_bearing``.
    n
        Rows that lack it; never 0.
    n_rows
        Rows that could lack it: those of the layer in force, or the cameras at work.
    """

    code: str
    n: int
    n_rows: int


def layer_holdings(store: Store) -> dict[str, LayerHolding]:
    """Count the rows in force of every layer, and find the newest batch among them."""
    zone = ZoneInfo(store.properties.timezone)
    batches = tables.batches
    found = {}
    with store.read() as connection:
        for layer, table in tables.LAYERS.items():
            count, n_batches, newest = connection.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.count(table.c.batch_id.distinct()),
                    sa.func.max(table.c.batch_id),
                ).where(_counts(table))
            ).one()
            holding = LayerHolding(layer=layer, n_rows=count)
            if newest is not None:
                batch = connection.execute(
                    sa.select(batches.c.committed_at, batches.c.file_name).where(
                        batches.c.batch_id == newest
                    )
                ).one()
                holding = LayerHolding(
                    layer=layer,
                    n_rows=count,
                    n_batches=n_batches,
                    loaded_at=batch.committed_at.astimezone(zone),
                    file_name=batch.file_name,
                    **_days(connection, table, zone),
                )
            found[layer] = holding
    return found


def _counts(table: sa.Table) -> sa.ColumnElement[bool]:
    """Tell which rows of a layer count: a camera that is only planned does not."""
    if table is tables.cameras:
        return sa.and_(in_force(table), ~planned.unseen())
    return in_force(table)


def _days(connection: sa.Connection, table: sa.Table, zone: ZoneInfo) -> dict[str, date | None]:
    """Give the first and the last day that the rows in force speak of."""
    if table.name == "wards":
        known = connection.execute(
            sa.select(sa.func.min(tables.divisions.c.valid_from)).where(
                tables.divisions.c.division.in_(sa.select(table.c.division).where(in_force(table)))
            )
        ).scalar()
        return {"first_on": known, "last_on": None}
    if table.name not in DAYS:
        return {}
    first, last = DAYS[table.name]
    days = connection.execute(
        sa.select(sa.func.min(table.c[first]), sa.func.max(table.c[last])).where(_counts(table))
    ).one()
    first_on, last_on = (
        day.astimezone(zone).date() if isinstance(day, datetime) else day for day in days
    )
    return {"first_on": first_on, "last_on": last_on}


def shortfalls(store: Store, *, today: date | None = None) -> list[Shortfall]:
    """Count the rows that lack something a figure needs; what nothing lacks is left out.

    ``wards_without_population``, ``cameras_without_range``, ``cameras_without_bearing``,
    ``cameras_without_install_day``, ``incidents_without_point`` and
    ``divisions_without_crosswalk`` (changes of wards that no crosswalk spans), in this order.
    Ranges and bearings are those of the cameras that work today, by the rule with which they are
    drawn; a bearing without a field of view lacks as well.

    Parameters
    ----------
    store
        The store; it is only read.
    today
        The day; None takes the store's own.
    """
    wards, cameras, incidents = tables.wards, tables.cameras, tables.incidents
    with store.read() as connection:
        listed = [
            _lacking(connection, "wards_without_population", wards.c.population),
            *_undrawn(store, clock.today(store.properties, asked=today)),
            _lacking(connection, "cameras_without_install_day", cameras.c.installed_on),
            _lacking(connection, "incidents_without_point", incidents.c.longitude),
        ]
    spanned = divisions.changes(store).values()
    listed.append(
        Shortfall(
            code="divisions_without_crosswalk",
            n=sum(not is_spanned for is_spanned in spanned),
            n_rows=len(spanned),
        )
    )
    return [shortfall for shortfall in listed if shortfall.n]


def _lacking(connection: sa.Connection, code: str, column: sa.Column[Any]) -> Shortfall:
    """Count the rows in force in whose column nothing stands."""
    n_rows, n = connection.execute(
        sa.select(sa.func.count(), sa.func.count() - sa.func.count(column)).where(
            _counts(column.table)
        )
    ).one()
    return Shortfall(code=code, n=n, n_rows=n_rows)


def _undrawn(store: Store, day: date) -> list[Shortfall]:
    """Count the cameras at work whose range, or whose direction, nobody knows."""
    standing = layers.read_cameras(store, on=day)
    working = standing[standing["state"].isin(WORKING_STATES)]
    models = catalogue.read_models(store)
    lenses = looking.with_lenses(working, models=models)
    reached = reach.reach(lenses, models=models, conditions=reach.Conditions())
    return [
        Shortfall(code=code, n=int(is_lacking.sum()), n_rows=len(working))
        for code, is_lacking in (
            ("cameras_without_range", reached["source"] == "unknown"),
            ("cameras_without_bearing", looking.is_all_round(lenses)),
        )
    ]


@dataclass(frozen=True, kw_only=True)
class StoreSummary:
    """A store in one line; the last day is that of its newest incident, if it has any."""

    city: str
    is_simulated: bool
    language: str
    n_wards: int
    n_cameras: int
    n_incidents: int
    last_day: date | None


def summary(store: Store) -> StoreSummary:
    """Sum up a store: wards of the division in force today, all cameras and incidents."""
    properties = store.properties
    division = layers.division_on(store, clock.today(properties))
    days = layers.incident_days(store)
    with store.read() as connection:

        def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
            query = sa.select(sa.func.count()).where(_counts(table), *conditions)
            return int(connection.execute(query).scalar_one())

        return StoreSummary(
            city=properties.city,
            is_simulated=properties.is_simulated,
            language=properties.language,
            n_wards=count(tables.wards, tables.wards.c.division == division),
            n_cameras=count(tables.cameras),
            n_incidents=count(tables.incidents),
            last_day=days[1] if days else None,
        )
