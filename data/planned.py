"""Which cameras of the register are only planned: adopted with a plan, and not yet found standing.

A planned camera is a row of ``cameras`` without a day of installation whose id an adopted plan
gave. It stands from the day on which its row says so, else from the first day on which an
inspection told any state of it. Until then it is in no count of cameras.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from data import tables
from data.rows import in_force

INSTALL = "install"


def is_active() -> sa.ColumnElement[bool]:
    """Tell which adoptions count: not taken back, and neither is the batch of their cameras."""
    adoptions, batches = tables.adoptions, tables.batches
    kept = sa.exists().where(
        batches.c.batch_id == adoptions.c.batch_id, batches.c.status == "active"
    )
    return sa.and_(adoptions.c.status == "active", sa.or_(adoptions.c.batch_id.is_(None), kept))


def first_days(connection: sa.Connection) -> dict[str, date | None]:
    """Give the first day on which each camera of an adopted plan was inspected, None if never."""
    works, adoptions, states = tables.adopted_works, tables.adoptions, tables.camera_states
    told = (
        sa.select(states.c.camera_id, sa.func.min(states.c.valid_from).label("day"))
        .where(in_force(states))
        .group_by(states.c.camera_id)
        .subquery()
    )
    query = (
        sa.select(works.c.camera_id, told.c.day)
        .join(adoptions, adoptions.c.adoption_id == works.c.adoption_id)
        .outerjoin(told, told.c.camera_id == works.c.camera_id)
        .where(works.c.kind == INSTALL, is_active())
    )
    return {line.camera_id: line.day for line in connection.execute(query)}


def unseen() -> sa.ColumnElement[bool]:
    """Tell which rows of ``cameras`` are planned and not yet found standing."""
    cameras, works = tables.cameras, tables.adopted_works
    adoptions, states = tables.adoptions, tables.camera_states
    is_planned = sa.exists().where(
        works.c.camera_id == cameras.c.camera_id,
        works.c.kind == INSTALL,
        works.c.adoption_id == adoptions.c.adoption_id,
        is_active(),
    )
    is_told = sa.exists().where(states.c.camera_id == cameras.c.camera_id, in_force(states))
    return sa.and_(cameras.c.installed_on.is_(None), is_planned, ~is_told)
