"""Plans that were saved: each with its whole request and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from analysis.errors import VongLauError
from data import tables
from data.store import Store


class ScenarioNotFoundError(VongLauError, LookupError):
    """No saved plan has this number, or it was taken back."""

    code = "scenario_not_found"


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
    for scenario in list_saved(store):
        if scenario.scenario_id == scenario_id:
            return scenario
    raise ScenarioNotFoundError(scenario=str(scenario_id))


def list_saved(store: Store) -> list[Scenario]:
    """List the saved plans, the newest first."""
    table = tables.scenarios
    names = list(Scenario.__dataclass_fields__)
    query = (
        sa.select(*[table.c[name] for name in names])
        .where(table.c.status == "saved")
        .order_by(table.c.scenario_id.desc())
    )
    with store.read() as connection:
        return [Scenario(**line) for line in connection.execute(query).mappings()]


def undo(store: Store, scenario_id: int, *, actor: str) -> None:
    """Take a saved plan back; its row stays, marked as undone.

    Raises
    ------
    ScenarioNotFoundError
        No saved plan has this number, or it was taken back.
    """
    table = tables.scenarios
    with store.begin(actor=actor) as transaction:
        changed = transaction.connection.execute(
            sa.update(table)
            .where(table.c.scenario_id == scenario_id, table.c.status == "saved")
            .values(status="undone")
        )
        if changed.rowcount == 0:
            raise ScenarioNotFoundError(scenario=str(scenario_id))
        transaction.record("undo_scenario", scenario=scenario_id)
