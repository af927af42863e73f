"""Plans that were adopted: what they order, and what of it was found done.

The installs of a plan become cameras that are planned and in no count until an inspection finds
them (``data.planned``); its repairs and re-aims become orders, which change no state and no bearing
until an import says so. Adopting and taking it back are each one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import numpy as np
import sqlalchemy as sa

from analysis.errors import VongLauError
from data import catalogue, layers, planned, scenarios, tables
from data.orders import Adoption, AdoptionNotFoundError, Work, list_adoptions, lost_choices, read
from data.rows import Source, in_force, undo_batch, write_batch
from data.scenarios import Scenario
from data.store import Store, Transaction


class AlreadyAdoptedError(VongLauError, ValueError):
    """The plan is adopted already."""

    code: ClassVar[str] = "already_adopted"


class AlreadyInstalledError(VongLauError, ValueError):
    """An adoption whose cameras are standing cannot be taken back."""

    code: ClassVar[str] = "already_installed"


class LostChoicesError(VongLauError, ValueError):
    """Choices of the plan can no longer be carried out; ``values`` are their ranks."""

    code: ClassVar[str] = "lost_choices"


class PlannedInPastError(VongLauError, ValueError):
    """The day on which the cameras are to come is over."""

    code: ClassVar[str] = "planned_in_past"


def adopt(
    store: Store,
    scenario_id: int,
    *,
    planned_on: date,
    today: date,
    actor: str,
    registration_id: int | None = None,
    dry_run: bool = False,
) -> Adoption:
    """Adopt a saved plan.

    Parameters
    ----------
    store
        The store.
    scenario_id
        The plan's number.
    planned_on
        The day on which all is to be done.
    today
        The store's day.
    actor
        Who adopts it.
    registration_id
        The evaluation that was fixed for it.
    dry_run
        Tell what it would order, and keep nothing.

    Raises
    ------
    ScenarioNotFoundError, AlreadyAdoptedError
        There is no such plan, or it is adopted.
    PlannedInPastError
        The day is over.
    LostChoicesError
        A site, camera or model of the plan is gone, works by now, or is ordered already.
    """
    plan = scenarios.read(store, scenario_id)
    if planned_on < today:
        raise PlannedInPastError(day=planned_on, today=today)
    if any(found.scenario_id == scenario_id for found in list_adoptions(store)):
        raise AlreadyAdoptedError(scenario=str(scenario_id))
    lost = lost_choices(store, plan, on=today)
    if lost:
        raise LostChoicesError(scenario=str(scenario_id), values=list(lost), n=len(lost))
    cameras, works = _drafted(store, plan, on=today)
    with (
        store.begin(actor=actor) as transaction,
        transaction.connection.begin_nested() as savepoint,
    ):
        facts = {
            "planned_on": planned_on,
            "adopted_on": today,
            "registration_id": registration_id,
        }
        adoption = _written(transaction, plan, cameras, works, facts=facts)
        if dry_run:
            savepoint.rollback()
    return adoption


def unadopt(store: Store, scenario_id: int, *, actor: str) -> None:
    """Take an adoption back, with its planned cameras and its orders.

    Raises
    ------
    AdoptionNotFoundError
        The plan is not adopted.
    AlreadyInstalledError
        One of its cameras was found standing.
    """
    adoption = read(store, scenario_id)
    _check_none_stands(adoption)
    table = tables.adoptions
    with store.begin(actor=actor) as transaction:
        changed = transaction.connection.execute(
            sa.update(table)
            .where(table.c.adoption_id == adoption.adoption_id, table.c.status == "active")
            .values(status="undone")
            .returning(table.c.batch_id)
        ).one_or_none()
        if changed is None:
            raise AdoptionNotFoundError(scenario=str(scenario_id))
        if changed.batch_id is not None:
            undo_batch(transaction, changed.batch_id)
        transaction.record("unadopt", adoption=adoption.adoption_id, scenario=scenario_id)


def undo(store: Store, batch: int, *, actor: str) -> str:
    """Take an import back; that of an adoption's cameras takes the adoption back with it.

    Returns
    -------
    str
        The layer it belonged to.

    Raises
    ------
    BatchNotFoundError
        No batch has this number, or it was undone before.
    AlreadyInstalledError
        It holds the cameras of an adoption, and one of them was found standing.
    """
    table = tables.adoptions
    with store.read() as connection:
        scenario_id = connection.scalar(
            sa.select(table.c.scenario_id).where(table.c.batch_id == batch, planned.is_active())
        )
    if scenario_id is not None:
        _check_none_stands(read(store, scenario_id))
    with store.begin(actor=actor) as transaction:
        return undo_batch(transaction, batch)


def _check_none_stands(adoption: Adoption) -> None:
    standing = [w.camera_id for w in adoption.works if w.kind == planned.INSTALL and w.is_done]
    if standing:
        number = str(adoption.scenario_id)
        raise AlreadyInstalledError(scenario=number, values=standing, n=len(standing))


def _drafted(
    store: Store, plan: Scenario, *, on: date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make the rows of the cameras to come, and of all works."""
    models = {str(row["model_id"]): row for row in catalogue.model_rows(store)}
    standing = layers.read_cameras(store, on=on)
    heights = standing["height_m"].astype(float)
    mast_m = plan.request.get("height_m") or (
        float(np.nanmedian(heights)) if heights.notna().any() else None
    )
    taken = set(layers.read_camera_register(store).index)
    taken |= set(layers.read_planned_cameras(store).index)
    cameras, works = [], []
    for choice in plan.result["choices"]:
        camera_id = choice["camera_id"]
        if choice["kind"] == planned.INSTALL:
            camera_id = _free_id(f"KH{plan.scenario_id}-{choice['rank']:02d}", taken)
            model = models[choice["model"]]
            cameras.append(
                {
                    "row_key": camera_id,
                    "camera_id": camera_id,
                    "name": choice["site_id"],
                    **{n: choice[n] for n in ("longitude", "latitude", "bearing_deg", "ward_code")},
                    "kind": model["kind"],
                    "fov_deg": model["fov_deg"],
                    "range_m": model["detect_m"],
                    "height_m": mast_m,
                    "model_id": choice["model"],
                    "cost": None if choice["cost"] is None else round(choice["cost"]),
                }
            )
        works.append(
            {
                "camera_id": camera_id,
                **{n: choice[n] for n in ("rank", "kind", "site_id", "bearing_deg", "cost")},
            }
        )
    return cameras, works


def _free_id(wanted: str, taken: set[str]) -> str:
    """Give the id, with a letter more where another camera has it already."""
    name = next(
        name
        for name in (wanted, *(f"{wanted}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
        if name not in taken
    )
    taken.add(name)
    return name


def _written(
    transaction: Transaction,
    plan: Scenario,
    cameras: Sequence[dict[str, Any]],
    works: Sequence[dict[str, Any]],
    *,
    facts: Mapping[str, Any],
) -> Adoption:
    connection, table = transaction.connection, tables.cameras
    waves = set(connection.scalars(sa.select(table.c.wave).where(in_force(table)).distinct()))
    wave = plan.name if plan.name not in waves else f"{plan.name} (KH{plan.scenario_id})"
    batch = None
    if cameras:
        batch = write_batch(
            transaction,
            "cameras",
            [{**camera, "wave": wave} for camera in cameras],
            source=Source(file_name=plan.name, mapping={"scenario": str(plan.scenario_id)}),
        ).batch
    facts = {
        **facts,
        "scenario_id": plan.scenario_id,
        "wave": wave,
        "adopted_at": datetime.now(UTC),
        "actor": transaction.actor,
    }
    made = connection.execute(
        sa.insert(tables.adoptions)
        .values(**facts, batch_id=batch, status="active")
        .returning(tables.adoptions.c.adoption_id)
    )
    adoption_id = int(made.scalar_one())
    if works:
        connection.execute(
            sa.insert(tables.adopted_works),
            [{**work, "adoption_id": adoption_id} for work in works],
        )
    transaction.record(
        "adopt",
        adoption=adoption_id,
        scenario=plan.scenario_id,
        planned_on=facts["planned_on"].isoformat(),
        n_works=len(works),
        n_cameras=len(cameras),
    )
    return Adoption(adoption_id=adoption_id, **facts, works=tuple(Work(**work) for work in works))
