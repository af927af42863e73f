"""Where the next camera goes: the plan, its proof, and the reason for each choice."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.spatial import KDTree

from analysis import siting, siting_musts, siting_options
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.siting import Conflict, Plan, Problem, Progress
from analysis.siting.plan import gap_share
from dashboard.questions.plan_basis import Basis
from dashboard.questions.plan_request import ALL, as_plain

SCALE = 1e6
"""The solver counts the demand as a million, so that no weight is lost among its tolerances."""

LEAST_COST = 1.0
"""What an option costs at least: the solver knows nothing that is free."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class PlanAnswer:
    """A plan.

    Parameters
    ----------
    basis
        What it was made of.
    plan
        As the solver gave it, in its own scale; or the wishes that contradict each other.
    value, bound, gap
        What the objective counts: the share of the demand newly seen, with the worth of second
        views (``most``); the cost (``least_cost``);
        the share seen in the worst ward (``worst_ward``). None where there is none.
    cost
        What the choices cost together, each site made ready once; None where one is not known.
    choices
        A row each in order of help: see ``CHOICE_COLUMNS``.
    curve
        ``n``, ``cost``, ``value``: share of the demand newly seen by the first n, from 0.
    wards
        By code: ``name``, ``share_before`` and ``share_after`` of the ward's demand seen.
    share_before, share_after
        The same for the city.
    """

    basis: Basis
    plan: Plan
    value: float | None
    bound: float | None
    gap: float | None
    cost: float | None
    choices: pd.DataFrame
    curve: pd.DataFrame
    wards: pd.DataFrame
    share_before: float
    share_after: float


CHOICE_COLUMNS = (
    "rank",
    "kind",
    "site_id",
    "camera_id",
    "longitude",
    "latitude",
    "ward_code",
    "ward",
    "model",
    "bearing_deg",
    "fov_deg",
    "range_m",
    "cost",
    "newly_covered",
    "no_longer_covered",
    "doubled",
    "lost_if_dropped",
    "newly_seen",
    "ward_share_before",
    "ward_share_after",
    "nearest_camera_id",
    "nearest_camera_m",
    "is_turning",
    "tour_covered",
)
"""``newly_covered`` and ``doubled`` are shares of all demand, beside what ranks above, and so is
``no_longer_covered``, what a camera that is turned saw and nobody sees then; ``newly_seen`` are the
amounts newly seen by subject (incidents by weight, metres of street, gates). ``tour_covered`` is
what the plan leaves unseen and a camera that turns could look at: it is never counted as seen."""


def answer(
    basis: Basis,
    *,
    start: Sequence[Mapping[str, Any]] = (),
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> PlanAnswer:
    """Solve, and say why.

    Parameters
    ----------
    basis
        As ``plan_basis.build`` makes it.
    start
        Choices of a plan that is known already, as ``as_json`` writes them: the answer is at least
        as good.
    progress, cancel
        As for ``siting.solve``.

    Raises
    ------
    NoDemandError, NoOptionsError, UnlimitedError, InvalidValueError
        As ``siting.Problem``.
    """
    if basis.blocked:
        conflicts = [
            Conflict(code=f"must_{reason}", facts={"label": name})
            for name, reason in basis.blocked.items()
        ]
        return _told(basis, Plan(status="infeasible", conflicts=tuple(conflicts)), None)
    _compile_once()
    required = siting_musts.require(_problem(basis), basis.musts)
    plan = siting.solve(
        required.problem,
        time_limit_s=basis.request.time_limit_s,
        progress=progress,
        cancel=cancel,
        start=_known(basis, start),
    )
    return _told(basis, plan, required)


@functools.cache
def _compile_once() -> None:
    """Compile before the clock runs: the seconds of a request are for the search alone."""
    siting.warm_up()


def _problem(basis: Basis) -> Problem:
    request, options = basis.request, basis.options
    kind = options["kind"].to_numpy(dtype=object)
    place = options["place_id"].to_numpy(dtype=object)
    site = np.where(kind == "install", place, None)
    camera = "camera " + options["place_id"].astype(str).to_numpy(dtype=object)
    is_stay = basis.is_stay
    may_turn = is_stay | (kind == "reaim")
    quotas = bool(request.ward_min or request.ward_max)
    stand = np.where(kind == "install", place, camera)
    stand[may_turn] = None
    cost = options["cost"].astype(float).clip(lower=LEAST_COST)
    n_fixed = basis.cover @ is_stay.astype(np.int64)
    return Problem(
        cover=basis.cover,
        weight=basis.demand.points["weight"].to_numpy(dtype=float) * SCALE,
        count=request.count,
        budget=request.budget,
        # where money decides every cost is known; else it only tells equal plans apart
        cost=cost.fillna(max(LEAST_COST, cost.max())).to_numpy(),
        group=np.where(may_turn, camera, site),
        per_group={**basis.heads, **dict.fromkeys(camera[is_stay].tolist(), 1)},
        covered=basis.n_seen - n_fixed,
        kept=np.flatnonzero(is_stay),
        place=stand,
        places_apart=_too_close(options, stand, spacing_m=request.spacing_m),
        place_cost=_place_costs(options),
        source=basis.payers or None,
        source_budget={name: money for name, money, _ in request.funding},
        objective=request.objective,
        target_share=request.target_share,
        backup=request.backup,
        option_ward=options["ward_code"].to_numpy(dtype=object) if quotas else None,
        ward_min=_quota(request.ward_min, basis) or 0,
        ward_max=_quota(request.ward_max, basis) or None,
        demand_ward=basis.demand.points["ward_code"].to_numpy(dtype=object),
        floor=request.floor,
    )


def _too_close(
    options: gpd.GeoDataFrame, stand: npt.NDArray[np.object_], *, spacing_m: float
) -> list[tuple[str, str]]:
    """Give the places that stand too close to each other."""
    if spacing_m <= 0:
        return []
    names, first = np.unique(stand[stand != None].astype(str), return_index=True)  # noqa: E711
    at = options.get_coordinates().to_numpy()[stand != None][first]  # noqa: E711
    pairs = siting.too_close(at, spacing_m=spacing_m)
    return [(str(names[a]), str(names[b])) for a, b in pairs.tolist()]


def _place_costs(options: gpd.GeoDataFrame) -> dict[str, float]:
    sites = options[options["kind"] == "install"].drop_duplicates("place_id")
    return dict(zip(sites["place_id"], sites["site_cost"].astype(float), strict=True))


def _quota(pairs: Sequence[tuple[str, int]], basis: Basis) -> dict[str, int]:
    named = dict(pairs)
    codes = basis.wards.outlines.index if ALL in named else [c for c in named if c != ALL]
    return {str(code): named.get(code, named.get(ALL, 0)) for code in codes}


def _known(basis: Basis, start: Sequence[Mapping[str, Any]]) -> list[int]:
    """Find the options of a plan that is known already; those that are no more are left out."""
    if not len(start):
        return []
    options = basis.options
    aims = options["bearing_deg"].round(6).fillna(-1.0)
    numbers = {
        key: k
        for k, key in enumerate(
            zip(options["kind"], options["place_id"], options["model_id"], aims, strict=True)
        )
    }
    found = []
    for choice in start:
        aim = choice["bearing_deg"]
        place = choice["site_id"] if choice["kind"] == "install" else choice["camera_id"]
        key = (choice["kind"], place, choice["model"], -1.0 if aim is None else round(aim, 6))
        if key in numbers:
            found.append(numbers[key])
    return found


def _told(basis: Basis, plan: Plan, required: siting_musts.Required | None) -> PlanAnswer:
    order: Ints = np.empty(0, dtype=np.int64)
    lost: Floats = np.empty(0)
    if required is not None and len(plan.chosen):
        told = siting.explain(required.problem, plan)
        order = told["option"].to_numpy(dtype=np.int64)
        lost = told["lost_if_dropped"].to_numpy(dtype=float) / SCALE
    value, bound = plan.value, plan.bound
    if basis.request.objective == "most" and required is not None:
        value, bound = (
            None if v is None else (v - required.offset) / SCALE for v in (value, bound)
        )
    seen = basis.n_seen + basis.cover[:, order].sum(axis=1, dtype=np.int64)
    gone = basis.stays_beside(basis.options.iloc[order])
    seen = seen - basis.cover[:, gone[gone >= 0]].sum(axis=1, dtype=np.int64)
    choices, worth = _reasons(basis, order)
    choices["lost_if_dropped"] = lost
    choices["tour_covered"] = _tours(basis, basis.options.iloc[order], seen)
    spent = choices["cost"].to_numpy(dtype=float)
    weight = basis.demand.points["weight"].to_numpy(dtype=float)
    whole = weight.sum() or math.nan
    total_cost = float(spent.sum())
    has_plan = plan.status in {"optimal", "feasible"}
    return PlanAnswer(
        basis=basis,
        plan=plan,
        value=value,
        bound=bound,
        gap=_gap(basis, plan, value, bound),
        cost=total_cost if has_plan and math.isfinite(total_cost) else None,
        choices=choices[list(CHOICE_COLUMNS)],
        curve=pd.DataFrame(
            {
                "n": np.arange(len(order) + 1),
                "cost": np.concatenate([[0.0], np.cumsum(spent)]),
                "value": np.concatenate([[0.0], np.cumsum(worth)]),
            }
        ),
        wards=_wards(basis, seen),
        share_before=float(weight[basis.n_seen > 0].sum() / whole),
        share_after=float(weight[seen > 0].sum() / whole),
    )


def _gap(basis: Basis, plan: Plan, value: float | None, bound: float | None) -> float | None:
    """Give the gap between the value and the bound in the numbers of the answer."""
    if value is None or bound is None or basis.request.objective == "worst_ward":
        return plan.gap_share
    return gap_share(value, bound)


def _total_gap(plan: Plan) -> float | None:
    """Give how far what is newly seen in all is from the most, of plans as good for the worst ward.

    None where the worst ward is not proven, and for other objectives.
    """
    if plan.total is None or plan.total_bound is None:
        return None
    return gap_share(plan.total, plan.total_bound)


def _reasons(basis: Basis, order: Ints) -> tuple[pd.DataFrame, Floats]:
    """Say of each choice, beside those before it, what it adds; and what that is worth."""
    points, options = basis.demand.points, basis.options.iloc[order]
    weight = points["weight"].to_numpy(dtype=float)
    amount = points["amount"].to_numpy(dtype=float)
    subject = pd.Categorical(points["subject"], categories=list(basis.demand.shares))
    ward, wards = pd.factorize(points["ward_code"])
    own_ward = wards.get_indexer(options["ward_code"])
    seen = basis.n_seen.copy()
    columns = sp.csc_array(basis.cover[:, order])
    gone = basis.stays_beside(options)
    left = sp.csc_array(basis.cover[:, np.maximum(gone, 0)])
    rows, worth = [], []
    for k, own in enumerate(own_ward):
        at = columns.indices[columns.indptr[k] : columns.indptr[k + 1]]
        is_own = ward == own
        all_own = weight[is_own].sum() or math.nan
        was = seen.copy()
        if gone[k] >= 0:
            seen[left.indices[left.indptr[k] : left.indptr[k + 1]]] -= 1
        doubled = weight[at[seen[at] > 0]].sum()
        seen[at] += 1
        new = (seen > 0) & (was == 0)
        lost = float(weight[(seen == 0) & (was > 0)].sum())
        twice = float(weight[(seen > 1) & (was < 2)].sum() - weight[(seen < 2) & (was > 1)].sum())
        worth.append(float(weight[new].sum()) - lost + basis.request.backup * twice)
        rows.append(
            {
                "newly_covered": float(weight[new].sum()),
                "no_longer_covered": lost,
                "doubled": float(doubled),
                "newly_seen": dict(
                    zip(
                        basis.demand.shares,
                        np.bincount(
                            subject.codes[new], amount[new], len(basis.demand.shares)
                        ).tolist(),
                        strict=True,
                    )
                ),
                "ward_share_before": weight[is_own & (was > 0)].sum() / all_own,
                "ward_share_after": weight[is_own & (seen > 0)].sum() / all_own,
            }
        )
    names = ["newly_covered", "no_longer_covered", "doubled", "newly_seen", "ward_share_before",
             "ward_share_after"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names, index=options.index)
    return table.assign(**_places(basis, options)), np.array(worth, dtype=float)


def _places(basis: Basis, options: gpd.GeoDataFrame) -> dict[str, Any]:
    is_install = options["kind"] == "install"
    again = options["place_id"].duplicated() & is_install  # the site is ready by then
    place = options.geometry.to_crs(WGS84)
    cameras = basis.seeing.cameras
    working = cameras[cameras["state"].isin(WORKING_STATES)]
    near_m, near_id = np.full(len(options), np.nan), np.full(len(options), None, dtype=object)
    if len(working) and len(options):
        # a camera that is turned is not its own neighbour
        n = min(2, len(working))
        apart_m, at = KDTree(working.get_coordinates()).query(
            options.get_coordinates(), k=np.arange(1, n + 1)
        )
        ids = working.index.to_numpy(dtype=object)[at]
        own = (ids[:, 0] == options["place_id"].to_numpy(dtype=object)).astype(np.int64)
        row, own = np.arange(len(options)), np.minimum(own, n - 1)
        near_m, near_id = apart_m[row, own], ids[row, own]
    return {
        "rank": np.arange(1, len(options) + 1),
        "kind": options["kind"],
        "site_id": options["place_id"].where(is_install, None),
        "camera_id": options["place_id"].where(~is_install, None),
        "longitude": place.x.round(7),
        "latitude": place.y.round(7),
        "ward_code": options["ward_code"],
        "ward": options["ward_code"].map(basis.wards.outlines["name"]),
        "model": options["model_id"],
        **{name: options[name] for name in ("bearing_deg", "fov_deg", "range_m", "is_turning")},
        "cost": options["cost"] + options["site_cost"].where(~again, 0.0),
        "nearest_camera_id": near_id,
        "nearest_camera_m": near_m,
    }


def _wards(basis: Basis, seen: Ints) -> pd.DataFrame:
    points = basis.demand.points
    weight = points["weight"].astype(float)
    ward = points["ward_code"].to_numpy()
    whole = weight.groupby(ward).sum()
    before = weight.where(basis.n_seen > 0, 0.0).groupby(ward).sum() / whole
    after = weight.where(seen > 0, 0.0).groupby(ward).sum() / whole
    outlines = basis.wards.outlines
    return pd.DataFrame(
        {
            "name": outlines["name"],
            "share_before": before.reindex(outlines.index),
            "share_after": after.reindex(outlines.index),
        }
    )


def views(found: PlanAnswer) -> gpd.GeoSeries:
    """Draw what each choice would see, in metres, in the order of the choices."""
    basis = found.basis
    options = basis.options.loc[found.choices.index]
    is_repair = options["kind"] == "repair"
    drawn = _drawn(basis, options[~is_repair])
    repaired = basis.seeing.looks.views.reindex(options.loc[is_repair, "place_id"])
    repaired.index = options.index[is_repair]
    return pd.concat([drawn, repaired]).reindex(options.index)


def _drawn(basis: Basis, options: gpd.GeoDataFrame) -> gpd.GeoSeries:
    is_new = options["kind"] == "install"
    height_m = options["height_m"].astype(float).where(~is_new, basis.height_m)
    return siting_options.views_of(
        options.assign(height_m=height_m), buildings=basis.seeing.footprints
    )


def _tours(basis: Basis, options: gpd.GeoDataFrame, seen: Ints) -> Floats:
    """Give what each camera that turns could look at of what the plan leaves unseen."""
    found = np.zeros(len(options))
    turning = np.flatnonzero(options["is_turning"].to_numpy(dtype=bool))
    if len(turning):
        round_ = options.iloc[turning].assign(bearing_deg=np.nan, fov_deg=360.0)
        points = basis.demand.points
        cover = siting_options.cover_of_views(_drawn(basis, round_), demand=points.geometry)
        left = np.where(seen > 0, 0.0, points["weight"].to_numpy(dtype=float))
        found[turning] = left @ cover
    return found


def as_json(found: PlanAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    basis, plan = found.basis, found.plan
    return {
        "status": plan.status,
        "objective": basis.request.objective,
        "value": found.value,
        "bound": found.bound,
        "gap_share": found.gap,
        "total_gap_share": _total_gap(plan),
        "cost": found.cost,
        "share_before": found.share_before,
        "share_after": found.share_after,
        "choices": found.choices.to_dict("records"),
        "curve": found.curve.to_dict("records"),
        "wards": found.wards.reset_index(names="code").to_dict("records"),
        "conflicts": [{"code": c.code, **c.facts} for c in plan.conflicts],
        "mix": basis.demand.shares,
        "missing": list(basis.demand.missing),
        "n_options": int((~basis.is_stay).sum()) + basis.n_needless,
        "n_demand": len(basis.demand.points),
        "n_outside": basis.n_outside,
        "n_without_cost": basis.n_without_cost,
        "n_private": basis.n_private,
        "n_unfunded": basis.n_unfunded,
        "request": as_plain(basis.request),
    }
