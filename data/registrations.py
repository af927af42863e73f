"""Evaluations fixed before their result can be known.

A registration is never edited and never deleted. One that replaces it names it as its parent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from analysis.errors import VongLauError
from data import scenarios, tables
from data.store import Store


class RegistrationNotFoundError(VongLauError, LookupError):
    """No registration has this number."""

    code = "registration_not_found"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be fixed.

    Attributes
    ----------
    read_out_on
        The day on which the result is to be read.
    installed_on, installed_until
        First and last day of the change.
    request
        All that was asked, as plain JSON values, to ask it again.
    treated
        The treated ground, grown, as WKB in WGS84.
    unit_ids
        The comparison places.
    scenario_id
        The saved plan that it belongs to.
    parent_id
        The registration that it replaces.
    """

    read_out_on: date
    installed_on: date
    installed_until: date
    request: Mapping[str, Any]
    treated: bytes
    unit_ids: Sequence[str]
    scenario_id: int | None = None
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Registration(Draft):
    """What was fixed: its number, when, and by whom."""

    registration_id: int
    registered_at: datetime
    actor: str


def save(store: Store, draft: Draft, *, actor: str) -> int:
    """Keep a registration and write it into the audit; its number.

    Raises
    ------
    RegistrationNotFoundError
        There is no such parent.
    ScenarioNotFoundError
        There is no such plan.
    """
    if draft.parent_id is not None:
        read(store, draft.parent_id)
    if draft.scenario_id is not None:
        scenarios.read(store, draft.scenario_id)
    table = tables.registrations
    with store.begin(actor=actor) as transaction:
        made = transaction.connection.execute(
            sa.insert(table)
            .values(
                registered_at=datetime.now(UTC),
                actor=actor,
                read_out_on=draft.read_out_on,
                installed_on=draft.installed_on,
                installed_until=draft.installed_until,
                request=dict(draft.request),
                treated=draft.treated,
                unit_ids=list(draft.unit_ids),
                scenario_id=draft.scenario_id,
                parent_id=draft.parent_id,
            )
            .returning(table.c.registration_id)
        )
        number = int(made.scalar_one())
        transaction.record(
            "register_evaluation",
            registration=number,
            parent=draft.parent_id,
            scenario=draft.scenario_id,
            read_out_on=draft.read_out_on.isoformat(),
        )
    return number


def read(store: Store, registration_id: int) -> Registration:
    """Read a registration.

    Raises
    ------
    RegistrationNotFoundError
        There is none of this number.
    """
    table = tables.registrations
    found = _read(store, table.c.registration_id == registration_id)
    if not found:
        raise RegistrationNotFoundError(registration=str(registration_id))
    return found[0]


def list_registered(store: Store, *, scenario_id: int | None = None) -> list[Registration]:
    """List the registrations, the newest first; those of one plan where one is named."""
    table = tables.registrations
    is_wanted = sa.true() if scenario_id is None else table.c.scenario_id == scenario_id
    return _read(store, is_wanted)


def superseding(store: Store, registration_id: int) -> int | None:
    """Tell the newest registration that replaces another directly; None while it stands."""
    found = _read(store, tables.registrations.c.parent_id == registration_id)
    return found[0].registration_id if found else None


def _read(store: Store, condition: sa.ColumnElement[bool]) -> list[Registration]:
    table = tables.registrations
    names = list(Registration.__dataclass_fields__)
    query = (
        sa.select(*[table.c[name] for name in names])
        .where(condition)
        .order_by(table.c.registration_id.desc())
    )
    with store.read() as connection:
        return [Registration(**line) for line in connection.execute(query).mappings()]
