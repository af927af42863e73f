"""Saved plans as a list, and what adopting one orders."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from dashboard.questions import registration
from dashboard.questions.evaluation_request import EvaluationRequest
from data import adoption, orders, scenarios
from data.orders import Adoption
from data.store import Store


def adopt(
    store: Store,
    scenario_id: int,
    *,
    planned_on: date,
    today: date,
    actor: str,
    read_out_on: date | None = None,
    dry_run: bool = False,
) -> Adoption:
    """Adopt a saved plan, and fix its evaluation beforehand where a read-out day is given.

    Nothing is written unless the plan can be adopted; an evaluation that cannot be fixed leaves the
    plan as it was.

    Parameters
    ----------
    store, scenario_id, planned_on, today, actor, dry_run
        As ``data.adoption.adopt``.
    read_out_on
        The day on which the result is to be read; None fixes no evaluation.

    Raises
    ------
    VongLauError
        As ``data.adoption.adopt`` and ``registration.register``.
    """
    trial = adoption.adopt(
        store, scenario_id, planned_on=planned_on, today=today, actor=actor, dry_run=True
    )
    if dry_run:
        return trial
    number = None
    if read_out_on is not None:
        number = registration.register(
            store,
            EvaluationRequest(today=today, plan=scenario_id, installed_on=planned_on),
            read_out_on=read_out_on,
            actor=actor,
            scenario_id=scenario_id,
        )
    return adoption.adopt(
        store,
        scenario_id,
        planned_on=planned_on,
        today=today,
        actor=actor,
        registration_id=number,
    )


def list_plans(store: Store, *, is_undone: bool = False) -> list[dict[str, Any]]:
    """List the saved plans, or those taken back, the newest first, with what became of each.

    Returns
    -------
    list of dict
        ``scenario_id``, ``name``, ``created_at``, ``actor``, ``parent_id``, ``objective``,
        ``status``, ``n_choices``, ``cost``, ``share_before``, ``share_after``; ``planned_on`` and
        ``n_done`` of the works where it is adopted, else None.
    """
    adopted = {found.scenario_id: found for found in orders.list_adoptions(store)}
    plans = scenarios.list_undone(store) if is_undone else scenarios.list_saved(store)
    rows = []
    for plan in plans:
        own = adopted.get(plan.scenario_id)
        names = ("objective", "status", "cost", "share_before", "share_after")
        rows.append(
            {
                "scenario_id": plan.scenario_id,
                "name": plan.name,
                "created_at": plan.created_at.isoformat(),
                "actor": plan.actor,
                "parent_id": plan.parent_id,
                "n_choices": len(plan.result.get("choices", ())),
                **{name: plan.result.get(name) for name in names},
                "planned_on": None if own is None else own.planned_on,
                "n_done": None if own is None else sum(work.is_done for work in own.works),
            }
        )
    return rows


def as_json(found: Adoption) -> dict[str, Any]:
    """Give an adoption under its stable keys."""
    told = {
        field.name: getattr(found, field.name)
        for field in dataclasses.fields(found)
        if field.name not in {"works", "adopted_at"}
    }
    return told | {
        "adopted_at": found.adopted_at.isoformat(),
        "works": [dataclasses.asdict(work) for work in found.works],
    }
