"""Plans that were saved: each with its whole request and its result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from analysis.errors import VongLauError
from data import planned, tables
from data.rows import in_force
from data.store import Store


class ScenarioNotFoundError(VongLauError, LookupError):
    """No saved plan has this number, or it was taken back."""

    code = "scenario_not_found"


class ScenarioAdoptedError(VongLauError, ValueError):
    """A plan that is adopted cannot be taken back."""

    code = "scenario_adopted"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A saved plan.

    Parameters
    ----------
    scenario_id, name
        Its number, and what the planner calls it.
    created_at, actor
        When it was saved, and by whom.
    request, result
        What was asked and what was answered, as plain JSON values.
    parent_id
        The scenario that it came from.
    """

    scenario_id: int
    name: str
    created_at: datetime
    actor: str
    request: Mapping[str, Any]
    result: Mapping[str, Any]
    parent_id: int | None = None


def save(
    store: Store,
    name: str,
    *,
    request: Mapping[str, Any],
    result: Mapping[str, Any],
    actor: str,
    parent_id: int | None = None,
) -> int:
    """Keep a plan under a name, and write it into the audit; its number.

    Parameters
    ----------
    store
        The store.
    name
        What to call it; several may have one name.
    request, result
        Plain JSON values.
    actor
        Who saves it.
    parent_id
        The scenario that it came from.

    Raises
    ------
    ScenarioNotFoundError
        There is no such parent.
    """
    if parent_id is not None:
        read(store, parent_id)
    table = tables.scenarios
    with store.begin(actor=actor) as transaction:
        made = transaction.connection.execute(
            sa.insert(table)
            .values(
                name=name,
                created_at=datetime.now(UTC),
                actor=actor,
                request=dict(request),
                result=dict(result),
                parent_id=parent_id,
                status="saved",
            )
            .returning(table.c.scenario_id)
        )
        scenario_id = int(made.scalar_one())
        transaction.record("save_scenario", scenario=scenario_id, name=name)
    return scenario_id


def read(store: Store, scenario_id: int) -> Scenario:
    """Read a saved plan.

    Raises
    ------
    ScenarioNotFoundError
        No saved plan has this number, or it was taken back.
    """
    with store.read() as connection:
        line = (
            connection.execute(_query("saved").where(tables.scenarios.c.scenario_id == scenario_id))
            .mappings()
            .one_or_none()
        )
    if line is None:
        raise ScenarioNotFoundError(scenario=str(scenario_id))
    return Scenario(**line)


def list_saved(store: Store) -> list[Scenario]:
    """List the saved plans, the newest first."""
    return _listed(store, "saved")


def list_undone(store: Store) -> list[Scenario]:
    """List the plans that were taken back, the newest first: each can be put back."""
    return _listed(store, "undone")


def undo(store: Store, scenario_id: int, *, actor: str) -> None:
    """Take a saved plan back; its row stays, marked as undone.

    Raises
    ------
    ScenarioNotFoundError
        No saved plan has this number, or it was taken back.
    ScenarioAdoptedError
        It is adopted; that has to be taken back first.
    """
    table = tables.adoptions
    with store.read() as connection:
        adopted = sa.select(table.c.adoption_id).where(
            planned.is_active(), table.c.scenario_id == scenario_id
        )
        if connection.execute(adopted).first() is not None:
            raise ScenarioAdoptedError(scenario=str(scenario_id))
    _turn(store, scenario_id, actor=actor, before="saved", after="undone", action="undo_scenario")


def redo(store: Store, scenario_id: int, *, actor: str) -> None:
    """Put a plan back that was taken back, as it was saved.

    Raises
    ------
    ScenarioNotFoundError
        No plan with this number was taken back.
    """
    _turn(store, scenario_id, actor=actor, before="undone", after="saved", action="redo_scenario")


def changes_since(store: Store, scenario: Scenario) -> dict[str, int]:
    """Tell what has come into the store, or left it, since a plan was saved.

    Returns
    -------
    dict
        By layer, how many imports and takings back there were; empty when nothing changed.
    """
    table = tables.audit
    query = sa.select(table.c.subject).where(
        table.c.happened_at > scenario.created_at, table.c.action.in_(("import", "undo"))
    )
    with store.read() as connection:
        layers = [str(subject["layer"]) for subject in connection.scalars(query)]
    return dict(Counter(layers))


def lost_sites(store: Store) -> set[str]:
    """Name the sites that the store once had and has no more."""
    table = tables.sites
    with store.read() as connection:
        ever = set(connection.scalars(sa.select(table.c.site_id).distinct()))
        now = set(connection.scalars(sa.select(table.c.site_id).where(in_force(table))))
    return ever - now


def _query(status: str) -> sa.Select[Any]:
    table = tables.scenarios
    return sa.select(*[table.c[name] for name in Scenario.__dataclass_fields__]).where(
        table.c.status == status
    )


def _listed(store: Store, status: str) -> list[Scenario]:
    query = _query(status).order_by(tables.scenarios.c.scenario_id.desc())
    with store.read() as connection:
        return [Scenario(**line) for line in connection.execute(query).mappings()]


def _turn(
    store: Store, scenario_id: int, *, actor: str, before: str, after: str, action: str
) -> None:
    table = tables.scenarios
    with store.begin(actor=actor) as transaction:
        changed = transaction.connection.execute(
            sa.update(table)
            .where(table.c.scenario_id == scenario_id, table.c.status == before)
            .values(status=after)
        )
        if changed.rowcount == 0:
            raise ScenarioNotFoundError(scenario=str(scenario_id))
        transaction.record(action, scenario=scenario_id)
