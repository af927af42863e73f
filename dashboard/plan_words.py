"""What the command says of a plan: the lead, its table, and which wishes contradict each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.siting import Conflict
from analysis.siting.plan import gap_share
from dashboard.level_words import level_sentence
from dashboard.printing import print_lines, print_table
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_request import PlanRequest
from dashboard.texts import Texts

MONEY = ("budget", "cost")
SHARES = ("share", "reachable_share")

COLUMNS = (
    "rank",
    "kind",
    "place",
    "ward",
    "model",
    "bearing_deg",
    "cost",
    "newly_covered",
    "ward_share",
    "nearest_camera",
)
"""Columns of the table that is printed."""


def has_plan(found: PlanAnswer) -> bool:
    """Tell whether there is a plan to show."""
    return found.plan.status in {"optimal", "feasible"}


def print_plan(texts: Texts, found: PlanAnswer) -> None:
    """Print the plan: what it brings, how good it is at most, and its choices."""
    request = found.basis.request
    level = level_sentence(texts, request.level, edition=request.edition)
    print_lines(*lead(texts, found), level, *notes(texts, found), "")
    print_table(
        [texts(f"plan.col_{name}") for name in COLUMNS],
        [_row(texts, row) for row in found.choices.to_dict("records")],
    )


def lead(texts: Texts, found: PlanAnswer) -> list[str]:
    """Say what the plan brings, what it costs, and how far it is from the best at most."""
    said = [
        texts(
            "plan.lead",
            n=len(found.choices),
            before=texts.percent(found.share_before, 1),
            after=texts.percent(found.share_after, 1),
        )
    ]
    if found.basis.request.objective == "worst_ward" and found.value is not None:
        said.append(texts("plan.worst_ward", share=texts.percent(found.value, 1)))
    if found.cost is not None:
        said.append(texts("plan.cost", cost=texts.number(found.cost)))
    else:
        n_unknown = int(found.choices["cost"].isna().sum())
        said.append(texts("plan.cost_unknown", n=n_unknown))
    sure = certainty(texts, found)
    return said if sure is None else [*said, sure]


def certainty(texts: Texts, found: PlanAnswer) -> str | None:
    """Say what is proven of a plan; None where nothing is.

    Of the worst ward first there are two numbers: the share seen in the ward that is seen least
    and, of the plans with the most of that, what is newly seen in all.
    """
    request, plan = found.basis.request, found.plan
    if request.objective == "worst_ward":
        return _certainty_of_the_worst_ward(texts, found)
    if plan.status == "optimal":
        return texts("plan.proven")
    if found.gap is None:
        return None
    is_cost = request.objective == "least_cost"
    gap = better_by(texts, found.gap, request)
    return texts("plan.gap_cost" if is_cost else "plan.gap", gap=gap)


def _certainty_of_the_worst_ward(texts: Texts, found: PlanAnswer) -> str | None:
    plan = found.plan
    if plan.status == "optimal":
        return texts("plan_proof.worst_proven")
    if plan.total is not None and plan.total_bound is not None:
        gap = better_by(texts, gap_share(plan.total, plan.total_bound), found.basis.request)
        return texts("plan_proof.worst_proven_total_open", gap=gap)
    if found.bound is None:
        return None
    return texts("plan_proof.worst_open", share=texts.percent(found.bound, 1))


def better_by(say: Texts, gap: float, request: PlanRequest) -> str:
    """Write a gap, which is a share of the larger of value and bound, as a share of the value.

    Examples
    --------
    A plan worth half of the bound can be bettered by all it is worth; a cost twice the bound, by
    half of it.

    >>> from datetime import date
    >>> most = PlanRequest(on=date(2024, 12, 31))
    >>> better_by(Texts("en"), 0.5, most)
    '100%'
    >>> cheap = PlanRequest(on=date(2024, 12, 31), objective="least_cost")
    >>> better_by(Texts("en"), 0.5, cheap), better_by(Texts("en"), 0.012, cheap)
    ('50%', '1.20%')
    """
    if request.objective != "least_cost":
        gap = gap / (1 - gap) if gap < 1 else math.inf
    if not math.isfinite(gap):
        return "∞"
    return say.percent(max(gap, 0.0001), 2 if gap < 0.1 else 0)


def notes(texts: Texts, found: PlanAnswer) -> list[str]:
    """Say what was left out on the way to the plan."""
    basis = found.basis
    said = []
    if basis.demand.missing:
        parts = ", ".join(texts(f"plan.part_{part}") for part in basis.demand.missing)
        said.append(texts("plan.missing", parts=parts))
    for name in ("n_outside", "n_without_cost", "n_private", "n_unfunded"):
        n = getattr(basis, name)
        if n:
            said.append(texts(f"plan.{name}", n=n))
    return said


def troubles(texts: Texts, found: PlanAnswer) -> list[str]:
    """Say why there is no plan, one sentence for each contradiction."""
    if found.plan.status == "unknown":
        return [texts("plan.no_plan_yet")]
    return [_conflict(texts, found, conflict) for conflict in found.plan.conflicts]


def _conflict(texts: Texts, found: PlanAnswer, conflict: Conflict) -> str:
    if conflict.code == "together":
        wishes = conflict.facts["wishes"]
        assert isinstance(wishes, list)  # noqa: S101  as siting.conflicts writes them
        told = dict.fromkeys(_wish(texts, found, wish) for wish in wishes)
        return texts("plan.conflict.together", wishes="; ".join(told))
    facts = {name: _fact(texts, found, name, value) for name, value in conflict.facts.items()}
    return texts(f"plan.conflict.{conflict.code}", **facts)


def _wish(texts: Texts, found: PlanAnswer, wish: Mapping[str, Any]) -> str:
    kind, label = wish["wish"], wish["label"]
    if kind == "must":
        label = _place(found, label)
    elif isinstance(label, str) and label.startswith(("place:", "zone:")):
        kind, label = "must", label.partition(":")[2]
    return texts(f"plan.wish.{kind}", label=_name(found, label))


def _fact(texts: Texts, found: PlanAnswer, name: str, value: Any) -> object:  # noqa: ANN401
    if name in MONEY:
        return texts.number(value)
    if name in SHARES:
        return texts.percent(value, 1)
    if name == "label":
        return _name(found, value)
    if name == "options":
        return ", ".join(dict.fromkeys(_place(found, option) for option in value))
    if name == "pairs":
        return ", ".join(f"{_place(found, a)} – {_place(found, b)}" for a, b in value)
    return value


def _place(found: PlanAnswer, option: int) -> str:
    return str(found.basis.options["place_id"].iloc[option])


def _name(found: PlanAnswer, label: object) -> str:
    """Name a ward by its name, a place or a zone by its id."""
    names = found.basis.wards.outlines["name"]
    if label in names.index:
        return str(names[label])
    text = str(label)
    return text.partition(":")[2] if text.startswith(("place:", "zone:")) else text


def _row(texts: Texts, row: Mapping[Any, Any]) -> list[str]:
    def known(value: float, decimals: int = 0) -> str:
        return "" if not math.isfinite(value) else texts.number(value, decimals)

    return [
        str(row["rank"]),
        texts(f"plan.kind_{row['kind']}"),
        str(row["site_id"] if row["kind"] == "install" else row["camera_id"]),
        str(row["ward"]),
        "" if pd.isna(row["model"]) else str(row["model"]),
        known(row["bearing_deg"]),
        known(row["cost"]),
        texts.percent(row["newly_covered"], 2),
        texts(
            "plan.from_to",
            before=texts.percent(row["ward_share_before"], 1),
            after=texts.percent(row["ward_share_after"], 1),
        ),
        texts("plan.metres", m=known(row["nearest_camera_m"])),
    ]
