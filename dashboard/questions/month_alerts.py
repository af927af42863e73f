"""The month's alerts: their kind, what became of each, and which rises would have been one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from analysis import trends
from analysis.errors import VongLauError
from dashboard.questions.month import MonthAnswer
from data import clearances
from data.clearances import AlertKey, Clearance
from data.store import Store


class NoSuchAlertError(VongLauError, LookupError):
    """Something else than an alert of the month is to be cleared."""

    code: ClassVar[str] = "no_such_alert"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert.

    Parameters
    ----------
    key
        Month, division, ward and type.
    row
        Its row of ``MonthAnswer.alerts``.
    kind
        ``single`` (one ward, one type), ``ward`` (all its types), ``type`` (of all wards) or
        ``all``.
    clearance
        Who cleared it and why; None where nobody did, or it was opened again.
    is_changed
        The count is another than when it was cleared.
    """

    key: AlertKey
    row: pd.Series[Any]
    kind: str
    clearance: Clearance | None
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What the month's alerts would have caught in four cases of five.

    Parameters
    ----------
    by_type
        Types in the whole of what was chosen, the most frequent first: ``category``, ``usual``
        and ``smallest_rise``, how many times the usual count is caught (NaN where nothing is).
    ward_code, ward_name
        The ward in the middle when wards are ordered by what is usual for them; None without any.
    ward_usual, ward_rise
        The same two numbers for all its types together.
    """

    by_type: pd.DataFrame
    ward_code: str | None = None
    ward_name: str | None = None
    ward_usual: float | None = None
    ward_rise: float | None = None


def kind_of(row: pd.Series[Any] | Mapping[str, Any]) -> str:
    """Name what a row sums over.

    Examples
    --------
    >>> kind_of({"ward_code": "101", "category": "all"}), kind_of({"ward_code": "all",
    ...         "category": "theft"})
    ('ward', 'type')
    """
    if row["ward_code"] == trends.ALL:
        return "all" if row["category"] == trends.ALL else "type"
    return "ward" if row["category"] == trends.ALL else "single"


def listed(store: Store, found: MonthAnswer) -> list[Alert]:
    """List the alerts of a month, the most surprising first, with what became of them."""
    held = clearances.of_month(store, found.request.month.replace(day=1))
    alerts = []
    for _, row in found.alerts.iterrows():
        key = _key(found, str(row["ward_code"]), str(row["category"]))
        last = held.get(key) if is_clearable(found, row) else None
        is_cleared = last is not None and last.is_cleared
        alerts.append(
            Alert(
                key=key,
                row=row,
                kind=kind_of(row),
                clearance=last if is_cleared else None,
                is_changed=last is not None and is_cleared and abs(last.n - row["n"]) > 1e-6,
            )
        )
    return alerts


def is_clearable(found: MonthAnswer, row: pd.Series[Any]) -> bool:
    """Tell whether a row means the same whatever is chosen: a sum over a choice does not."""
    wards_mean_all = row["ward_code"] != trends.ALL or not found.request.ward_codes
    types_mean_all = row["category"] != trends.ALL or not found.request.categories
    return bool(wards_mean_all and types_mean_all)


def clear(
    store: Store,
    found: MonthAnswer,
    *,
    ward_code: str,
    category: str,
    reason: str,
    actor: str,
    is_cleared: bool = True,
) -> None:
    """Keep why an alert needs no more looking into, or why it does again.

    Raises
    ------
    NoSuchAlertError
        The row is no alert of the month, or a sum over a choice of wards or types.
    NoReasonError
        The reason is empty or too long.
    """
    alerts = found.alerts
    row = alerts[(alerts["ward_code"] == ward_code) & (alerts["category"] == category)]
    if row.empty or not is_clearable(found, row.iloc[0]):
        raise NoSuchAlertError(ward=ward_code, category=category)
    clearances.add(
        store,
        _key(found, ward_code, category),
        n=float(row["n"].iloc[0]),
        reason=reason,
        actor=actor,
        is_cleared=is_cleared,
    )


def sensitivity(found: MonthAnswer) -> Sensitivity | None:
    """Tell the smallest rises the month would have caught; None where nothing can be judged."""
    table = found.table
    judged = table[table["p_value"].notna()]
    if judged.empty:
        return None
    sums = judged[(judged["ward_code"] == trends.ALL) & (judged["category"] != trends.ALL)]
    by_type = sums.sort_values("usual", ascending=False, kind="stable")[
        ["category", "usual", "smallest_rise"]
    ].reset_index(drop=True)
    wards = judged[(judged["ward_code"] != trends.ALL) & (judged["category"] == trends.ALL)]
    if wards.empty:
        return Sensitivity(by_type=by_type)
    middle = wards.sort_values("usual", kind="stable").iloc[len(wards) // 2]
    return Sensitivity(
        by_type=by_type,
        ward_code=str(middle["ward_code"]),
        ward_name=str(middle["name"]),
        ward_usual=float(middle["usual"]),
        ward_rise=float(middle["smallest_rise"]),
    )


def as_json(alerts: list[Alert], sensed: Sensitivity | None) -> dict[str, Any]:
    """Give alerts and what would have been caught under their stable keys."""
    return {
        "alerts": [{**alert.row.to_dict(), "kind": alert.kind, **_told(alert)} for alert in alerts],
        "smallest_rise": None
        if sensed is None
        else {
            "by_category": sensed.by_type.to_dict("records"),
            "typical_ward": None
            if sensed.ward_code is None
            else {
                "ward_code": sensed.ward_code,
                "usual": sensed.ward_usual,
                "smallest_rise": sensed.ward_rise,
            },
        },
    }


def _told(alert: Alert) -> dict[str, Any]:
    by = alert.clearance
    if by is None:
        return {"clearance": None}
    return {
        "clearance": {
            "actor": by.actor,
            "cleared_at": by.cleared_at.isoformat(),
            "reason": by.reason,
            "n": by.n,
            "is_changed": alert.is_changed,
        }
    }


def _key(found: MonthAnswer, ward_code: str, category: str) -> AlertKey:
    return AlertKey(
        month=found.request.month.replace(day=1),
        division=found.division,
        ward_code=ward_code,
        category=category,
    )
