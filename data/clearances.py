"""Alerts that somebody looked into: who cleared them, when and why.

A clearance is never edited and never deleted: opening an alert again, or clearing it anew, adds
another; the newest holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from analysis.errors import VongLauError
from data import tables
from data.store import Store

LONGEST_REASON = 500


class NoReasonError(VongLauError, ValueError):
    """An alert is cleared or opened without a reason, or with one that is too long."""

    code = "no_reason"


@dataclass(frozen=True, kw_only=True)
class AlertKey:
    """Which alert.

    Attributes
    ----------
    month
        The month by its name: the first of the calendar month that it ends in.
    division
        The ward division it was counted in.
    ward_code, category
        The row of the month's table; ``all`` for a sum.
    """

    month: date
    division: str
    ward_code: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Clearance:
    """What was found out about an alert.

    Attributes
    ----------
    key
        Which alert.
    n
        Incidents counted at the time; when the count has changed since, look again.
    is_cleared
        False where it was opened again.
    reason
        In words.
    cleared_at, actor
        When, and by whom.
    """

    key: AlertKey
    n: float
    is_cleared: bool
    reason: str
    cleared_at: datetime
    actor: str


def add(
    store: Store, key: AlertKey, *, n: float, reason: str, actor: str, is_cleared: bool = True
) -> None:
    """Keep that an alert was cleared, or opened again, and write it into the audit.

    Raises
    ------
    NoReasonError
        The reason is empty, or longer than ``LONGEST_REASON`` letters.
    """
    words = " ".join(reason.split())
    if not 0 < len(words) <= LONGEST_REASON:
        raise NoReasonError(longest=LONGEST_REASON)
    subject = {
        "month": f"{key.month:%Y-%m}",
        "division": key.division,
        "ward_code": key.ward_code,
        "category": key.category,
    }
    with store.begin(actor=actor) as transaction:
        transaction.connection.execute(
            sa.insert(tables.clearances).values(
                month=key.month,
                division=key.division,
                ward_code=key.ward_code,
                category=key.category,
                n=n,
                is_cleared=is_cleared,
                reason=words,
                cleared_at=datetime.now(UTC),
                actor=actor,
            )
        )
        transaction.record("clear_alert" if is_cleared else "open_alert", **subject, reason=words)


def of_month(store: Store, month: date) -> dict[AlertKey, Clearance]:
    """Give what holds for the alerts of a month: the newest word on each.

    Parameters
    ----------
    store
        The store.
    month
        The month by its name.
    """
    table = tables.clearances
    query = sa.select(table).where(table.c.month == month).order_by(table.c.clearance_id)
    with store.read() as connection:
        rows = connection.execute(query).all()
    found = [
        Clearance(
            key=AlertKey(
                month=row.month,
                division=row.division,
                ward_code=row.ward_code,
                category=row.category,
            ),
            n=row.n,
            is_cleared=row.is_cleared,
            reason=row.reason,
            cleared_at=row.cleared_at,
            actor=row.actor,
        )
        for row in rows
    ]
    return {clearance.key: clearance for clearance in found}
