"""Who did what: imports, exports, searches for footage, plans; never more than the user's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data import tables
from data.store import Store

KEPT = (
    "layer", "batch", "file", "n_rows", "n_accepted", "n_updated", "n_duplicates", "n_rejected",
    "n_skipped", "n_columns", "n_places", "starts", "division", "valid_from", "ward_code",
    "scenario", "name", "adoption", "planned_on", "n_works", "n_cameras", "registration", "parent",
    "read_out_on", "installed_on", "month", "as_of", "format", "purpose", "city", "seed",
)  # fmt: skip
"""What of an entry is shown: what was done to which layer, and for what purpose. Places and times
of a search are left out, because they may be somebody's; so is anything not named here."""

MOST = 2000
"""Entries shown at once, the newest."""


@dataclass(frozen=True, kw_only=True)
class AuditRequest:
    """Which entries.

    Parameters
    ----------
    since, until
        First and last day, both included, in the store's time zone; None: no end.
    actors, actions
        Only these; empty means all.
    most
        At most so many, the newest.
    """

    since: date | None = None
    until: date | None = None
    actors: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    most: int = MOST


@dataclass(frozen=True, kw_only=True)
class AuditAnswer:
    """The entries.

    Parameters
    ----------
    request
        What was asked.
    entries
        The newest first: ``happened_at`` (store's time zone), ``actor``, ``action``, ``subject``
        (only ``KEPT``), indexed by audit_id.
    n_found
        Entries that match, shown or not.
    actors, actions
        All that occur in the log, in alphabetical order.
    """

    request: AuditRequest
    entries: pd.DataFrame
    n_found: int
    actors: tuple[str, ...]
    actions: tuple[str, ...]


def answer(store: Store, request: AuditRequest) -> AuditAnswer:
    """Read the log; whoever or whatever does not occur in it has no entries."""
    table = tables.audit
    zone = ZoneInfo(store.properties.timezone)
    where = _conditions(request, zone)
    with store.read() as connection:
        rows = connection.execute(
            sa.select(table).where(*where).order_by(table.c.audit_id.desc()).limit(request.most)
        ).all()
        n_found = connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where))
        actors = connection.scalars(sa.select(table.c.actor).distinct()).all()
        actions = connection.scalars(sa.select(table.c.action).distinct()).all()
    entries = pd.DataFrame(
        {
            "happened_at": [row.happened_at.astimezone(zone) for row in rows],
            "actor": [row.actor for row in rows],
            "action": [row.action for row in rows],
            "subject": [_kept(row.subject) for row in rows],
        },
        index=pd.Index([row.audit_id for row in rows], name="audit_id"),
    )
    return AuditAnswer(
        request=request,
        entries=entries,
        n_found=int(n_found or 0),
        actors=tuple(sorted(actors)),
        actions=tuple(sorted(actions)),
    )


def as_json(found: AuditAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    entries = found.entries.reset_index()
    entries["happened_at"] = [moment.isoformat() for moment in entries["happened_at"]]
    return {"n_found": found.n_found, "entries": entries.to_dict("records")}


def _kept(subject: Mapping[str, Any]) -> dict[str, Any]:
    return {key: subject[key] for key in KEPT if subject.get(key) is not None}


def _conditions(request: AuditRequest, zone: ZoneInfo) -> list[sa.ColumnElement[bool]]:
    table = tables.audit
    where: list[sa.ColumnElement[bool]] = []
    if request.since is not None:
        where.append(table.c.happened_at >= datetime.combine(request.since, time(), zone))
    if request.until is not None:
        after = request.until + timedelta(days=1)
        where.append(table.c.happened_at < datetime.combine(after, time(), zone))
    if request.actors:
        where.append(table.c.actor.in_(request.actors))
    if request.actions:
        where.append(table.c.action.in_(request.actions))
    return where
