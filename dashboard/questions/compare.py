"""Two saved plans side by side, measured on one ground: what, where, what for, and for how much.

Each plan answered its own request on its own day, so that their values do not compare. Here both
are carried out in the city of one day, and what deserves watching is weighed in one way for both:
the way they share, else once as the first plan asked and once as the second did.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Literal

import geopandas as gpd
import pandas as pd

from analysis.crs import WGS84
from analysis.errors import VongLauError
from dashboard.questions import plan_measures, plan_request
from dashboard.questions.looks import Ground
from dashboard.questions.plan_request import PlanRequest
from data import scenarios
from data.scenarios import Scenario
from data.store import Store

GROUND = (
    "mix",
    "months",
    "categories",
    "category_weights",
    "half_life_months",
    "hours",
    "level",
    "edition",
    "night",
    "occlusion",
)
"""Wishes that say what deserves watching and what seeing means."""

Asker = Literal["both", "first", "second"]


class SamePlanError(VongLauError, ValueError):
    """A plan is to be compared with itself."""

    code: ClassVar[str] = "same_plan"


@dataclass(frozen=True, kw_only=True)
class CompareRequest:
    """Which plans, by number, and the day on which both are measured."""

    first: int
    second: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Side:
    """A saved plan.

    Parameters
    ----------
    scenario
        As it was saved.
    request
        What it asked.
    choices
        As ``plan.CHOICE_COLUMNS``, with ``lost``: why it can no longer be carried out, else empty.
    views
        What each choice would see, WGS84, on the index of ``choices``.
    changes
        By layer, imports and takings back since it was saved.
    """

    scenario: Scenario
    request: PlanRequest
    choices: pd.DataFrame
    views: gpd.GeoSeries
    changes: Mapping[str, int]

    @property
    def cost(self) -> float | None:
        """What the choices cost together when it was saved; None where one is not known."""
        cost: float | None = self.scenario.result["cost"]
        return cost

    @property
    def is_known(self) -> bool:
        """Whether nothing has come into the store or left it since."""
        return not self.changes

    def count_by(self, column: str) -> dict[str, int]:
        """Count the choices by kind, or those with a model by model, the most first."""
        counts = self.choices[column].dropna().value_counts()
        return {str(name): int(n) for name, n in counts.items()}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is seen of what deserves watching, weighed in one way for both.

    Parameters
    ----------
    asked_by
        Whose way of weighing it is.
    request
        That way, on the day of the comparison.
    share_before, share_first, share_second
        Of the city: with what works, and with each plan carried out beside it.
    wards
        By code: ``name`` and the same three.
    missing
        Parts of the mix of which the store knows nothing.
    """

    asked_by: Asker
    request: PlanRequest
    share_before: float
    share_first: float
    share_second: float
    wards: pd.DataFrame
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CompareAnswer:
    """Two plans side by side.

    Parameters
    ----------
    request
        What was asked.
    first, second
        The plans.
    measures
        One where both weigh alike, else two: as the first asked, and as the second did.
    differences
        Wishes that differ: name, the first plan's, the second's.
    places
        A row a place and camera: see ``PLACE_COLUMNS``.
    """

    request: CompareRequest
    first: Side
    second: Side
    measures: tuple[Measure, ...]
    differences: tuple[tuple[str, Any, Any], ...]
    places: pd.DataFrame


PLACE_COLUMNS = (
    "where",
    "kind",
    "place_id",
    "ward_code",
    "ward",
    "longitude",
    "latitude",
    "rank_first",
    "rank_second",
    "model_first",
    "model_second",
    "bearing_first",
    "bearing_second",
    "cost_first",
    "cost_second",
)
"""``where``: same, other (the same place, another model or direction), first, second."""


def answer(store: Store, request: CompareRequest, *, ground: Ground) -> CompareAnswer:
    """Compare two saved plans.

    Raises
    ------
    SamePlanError
        They are one plan.
    ScenarioNotFoundError
        One of them is not saved, or was taken back.
    NoWardsForDayError
        No ward division is loaded for the day.
    """
    if request.first == request.second:
        raise SamePlanError(scenario=str(request.first))
    plans = [scenarios.read(store, number) for number in (request.first, request.second)]
    asked = [plan_request.from_plain(plan.request) for plan in plans]
    is_alike = all(getattr(asked[0], name) == getattr(asked[1], name) for name in GROUND)
    ways: list[tuple[Asker, PlanRequest]] = [("both" if is_alike else "first", asked[0])]
    if not is_alike:
        ways.append(("second", asked[1]))
    standings = [
        plan_measures.stand(store, replace(way, on=request.on), ground=ground) for _, way in ways
    ]
    sides = [_side(store, plan, own, standings[0]) for plan, own in zip(plans, asked, strict=True)]
    measures = [
        _measure(way[0], standing, sides) for way, standing in zip(ways, standings, strict=True)
    ]
    return CompareAnswer(
        request=request,
        first=sides[0],
        second=sides[1],
        measures=tuple(measures),
        differences=_differences(*asked),
        places=_places(sides[0].choices, sides[1].choices),
    )


def _side(
    store: Store, plan: Scenario, request: PlanRequest, standing: plan_measures.Standing
) -> Side:
    choices = choices_of(plan)
    views = plan_measures.views(standing, choices, height_m=request.height_m)
    return Side(
        scenario=plan,
        request=request,
        choices=choices.assign(lost=plan_measures.lost(standing, choices)),
        views=views.to_crs(WGS84),
        changes=scenarios.changes_since(store, plan),
    )


def choices_of(plan: Scenario) -> pd.DataFrame:
    """Give the choices of a saved plan as a table, numbers as numbers."""
    return as_table(pd.DataFrame(plan.result["choices"]))


def as_table(choices: pd.DataFrame) -> pd.DataFrame:
    """Give choices with their usual columns: numbers as numbers, words or None."""
    choices = choices.reindex(columns=list(_COLUMNS))
    numbers = ["longitude", "latitude", "bearing_deg", "fov_deg", "range_m", "cost"]
    words = ["kind", "site_id", "camera_id", "ward_code", "ward", "model"]
    known = choices[words].astype(object)
    return choices.assign(
        **{name: pd.to_numeric(choices[name]).astype(float) for name in numbers},
        **{name: known[name].where(known[name].notna(), None) for name in words},
    )


_COLUMNS = (
    "rank", "kind", "site_id", "camera_id", "longitude", "latitude", "ward_code", "ward", "model",
    "bearing_deg", "fov_deg", "range_m", "cost", "newly_covered", "doubled", "newly_seen",
    "nearest_camera_id", "nearest_camera_m",
)  # fmt: skip


def _measure(asked_by: Asker, standing: plan_measures.Standing, sides: list[Side]) -> Measure:
    now = plan_measures.seen_now(standing)
    first, second = (
        plan_measures.seen(standing, side.choices, height_m=side.request.height_m) for side in sides
    )
    return Measure(
        asked_by=asked_by,
        request=standing.request,
        share_before=plan_measures.share(standing, now),
        share_first=plan_measures.share(standing, first),
        share_second=plan_measures.share(standing, second),
        wards=pd.DataFrame(
            {
                "name": standing.wards.outlines["name"],
                "share_before": plan_measures.ward_shares(standing, now),
                "share_first": plan_measures.ward_shares(standing, first),
                "share_second": plan_measures.ward_shares(standing, second),
            }
        ),
        missing=tuple(standing.demand.missing),
    )


def _differences(first: PlanRequest, second: PlanRequest) -> tuple[tuple[str, Any, Any], ...]:
    pairs = (
        (field.name, getattr(first, field.name), getattr(second, field.name))
        for field in dataclasses.fields(PlanRequest)
    )
    return tuple((name, a, b) for name, a, b in pairs if a != b)


def _places(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Pair the choices: those that agree in all, then those of one place, then what is left."""
    sides = (_listed(first), _listed(second))
    pairs: list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]] = []
    left = [list(side) for side in sides]
    for where, key in (("same", "exact"), ("other", "place")):
        waiting: dict[Any, list[dict[str, Any]]] = {}
        for row in left[1]:
            waiting.setdefault(row[key], []).append(row)
        unpaired = []
        for row in left[0]:
            if waiting.get(row[key]):
                pairs.append((where, row, waiting[row[key]].pop(0)))
            else:
                unpaired.append(row)
        left = [unpaired, [row for rows in waiting.values() for row in rows]]
    pairs += [("first", row, None) for row in left[0]]
    pairs += [("second", None, row) for row in left[1]]
    return pd.DataFrame([_place(*pair) for pair in pairs], columns=list(PLACE_COLUMNS))


def _listed(choices: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in choices.to_dict("records"):
        at = (round(row["longitude"], 6), round(row["latitude"], 6))
        place = (row["kind"], *at) if row["camera_id"] is None else (row["kind"], row["camera_id"])
        aim = None if math.isnan(row["bearing_deg"]) else round(row["bearing_deg"], 3)
        rows.append(
            {str(k): v for k, v in row.items()}
            | {"place": place, "exact": (*place, row["model"], aim)}
        )
    return rows


def _place(
    where: str, first: Mapping[str, Any] | None, second: Mapping[str, Any] | None
) -> dict[str, Any]:
    one = first or second or {}
    sides = {"first": first or {}, "second": second or {}}
    told = {
        f"{name}_{side}": row.get(column)
        for side, row in sides.items()
        for name, column in (
            ("rank", "rank"), ("model", "model"), ("bearing", "bearing_deg"), ("cost", "cost"),
        )
    }  # fmt: skip
    return {
        "where": where,
        "place_id": one["site_id"] or one["camera_id"],
        **{name: one[name] for name in ("kind", "ward_code", "ward", "longitude", "latitude")},
        **told,
    }


def as_json(found: CompareAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    return {
        "on": found.request.on,
        "first": _side_json(found.first),
        "second": _side_json(found.second),
        "measured": [_measure_json(measure) for measure in found.measures],
        "differences": [
            {"wish": name, "first": first, "second": second}
            for name, first, second in found.differences
        ],
        "places": found.places.to_dict("records"),
    }


def _side_json(side: Side) -> dict[str, Any]:
    result, is_lost = side.scenario.result, side.choices["lost"].ne("")
    return {
        "scenario_id": side.scenario.scenario_id,
        "name": side.scenario.name,
        "created_at": side.scenario.created_at.isoformat(),
        "actor": side.scenario.actor,
        "asked_on": side.request.on,
        **{name: result[name] for name in ("status", "objective", "value", "bound", "gap_share")},
        "cost": side.cost,
        "n_choices": len(side.choices),
        "kinds": side.count_by("kind"),
        "models": side.count_by("model"),
        "changes": dict(side.changes),
        "lost": [
            {"rank": row["rank"], "reason": row["lost"]}
            for row in side.choices[is_lost].to_dict("records")
        ],
    }


def _measure_json(measure: Measure) -> dict[str, Any]:
    return {
        "asked_by": measure.asked_by,
        **{name: getattr(measure.request, name) for name in GROUND},
        "mix": dict(measure.request.mix),
        "missing": list(measure.missing),
        **{
            name: getattr(measure, name) for name in ("share_before", "share_first", "share_second")
        },
        "wards": measure.wards.reset_index(names="code").to_dict("records"),
    }
