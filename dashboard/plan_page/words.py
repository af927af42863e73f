"""What the page says of a plan: what it brings, how sure that is, and which wishes are in force."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.siting import Conflict
from dashboard import layout, plan_words
from dashboard.level_words import level_assumptions
from dashboard.plan_page import amounts
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_request import ALL, ZONES, PlanRequest
from dashboard.texts import Texts
from data.folding import short_ward_name

LOW_FLOOR = "floor_out_of_reach"
MOST_TROUBLES = 3
"""More wards than this that cannot be seen far enough are told in one sentence."""

LEAST_RISE = 0.001
"""A smaller rise is written with more decimals, so that it can be seen."""

ORDER = ("incident", "street", "gate", "junction", "population", "asked")


def lead(say: Texts, found: PlanAnswer, *, currency: str) -> str:
    """Say in a sentence or two what the plan brings, and how far from the best it can be."""
    choices = found.choices
    if choices.empty:
        is_enough = found.basis.request.objective == "least_cost"
        key = "plan_page.lead_empty" if is_enough else "plan_page.lead_nothing"
        return say(key, share=say.percent(found.share_before, 1))
    if found.cost is None:
        known = amounts.money(say, float(choices["cost"].sum()), currency)
        cost = say("plan_page.cost_unknown", n=int(choices["cost"].isna().sum()), cost=known)
    else:
        cost = amounts.money(say, found.cost, currency)
    decimals = 1 if found.share_after - found.share_before >= LEAST_RISE else 3
    words = [
        say(
            "plan_page.lead",
            n=len(choices),
            cost=cost,
            before=say.percent(found.share_before, decimals),
            after=say.percent(found.share_after, decimals),
        )
    ]
    if found.basis.request.objective == "worst_ward" and found.value is not None:
        words.append(say("plan_page.lead_worst", share=say.percent(found.value, 1)))
    return " ".join([*words, certainty(say, found)])


def certainty(say: Texts, found: PlanAnswer) -> str:
    """Say how sure it is that no plan is better."""
    if found.basis.request.objective == "worst_ward":
        return plan_words.certainty(say, found) or say("plan_page.no_bound")
    if found.plan.status == "optimal":
        return say("plan_page.proven")
    if found.gap is None:
        return say("plan_page.no_bound")
    is_cost = found.basis.request.objective == "least_cost"
    return say("plan_page.gap_cost" if is_cost else "plan_page.gap", gap=surplus(say, found))


def surplus(say: Texts, found: PlanAnswer) -> str:
    """Write how much better the best possible plan can be at most, beside this one."""
    return plan_words.better_by(say, found.gap or 0.0, found.basis.request)


def figures(say: Texts, found: PlanAnswer, *, currency: str) -> str:
    """Say the plan's figures: what is newly seen by subject, and what repairs do alone."""
    amounts_seen = pd.DataFrame(found.choices["newly_seen"].tolist()).sum()
    parts = [
        newly_seen(say, subject, float(amounts_seen[subject]), found.basis.request)
        for subject in ORDER
        if amounts_seen.get(subject, 0.0) > 0
    ]
    words = [say("plan_page.figures", parts=", ".join(parts))] if parts else []
    doubled = float(found.choices["doubled"].sum())
    if doubled > 0:
        words.append(say("plan_page.doubled", share=say.percent(doubled, 1)))
    mended = found.choices[found.choices["kind"] != "install"]
    gained = float(found.choices["newly_covered"].sum())
    if 0 < len(mended) < len(found.choices) and gained > 0:
        share = float(mended["newly_covered"].sum()) / gained
        spent = float(mended["cost"].sum(skipna=False))
        cost = ""
        if math.isfinite(spent):
            cost = say("plan_page.mended_cost", cost=amounts.money(say, spent, currency))
        words.append(say("plan_page.mended", n=len(mended), share=say.percent(share), cost=cost))
    return " · ".join(words)


def newly_seen(say: Texts, subject: str, amount: float, request: PlanRequest) -> str:
    """Say how much of one subject is newly seen."""
    if subject == "street":
        return say("plan_page.seen_street", km=say.number(amount / 1000, 1 if amount < 1e5 else 0))
    is_weighted = subject == "incident" and (
        request.half_life_months is not None
        or bool(request.category_weights)
        or request.hours is not None
    )
    key = "incident_weighted" if is_weighted else subject
    decimals = 1 if amount < 10 and amount != round(amount) else 0
    return say(
        f"plan_page.seen_{key}",
        n=round(amount, decimals),
        amount=say.number(amount, decimals),
        months=request.months,
    )


def briefly_seen(say: Texts, amounts_seen: Mapping[str, float]) -> str:
    """Say in a few signs how much of each subject is newly seen.

    Examples
    --------
    >>> briefly_seen(Texts("en"), {"street": 253.9, "incident": 2.0, "gate": 0.0})
    '2 incidents · 0.25 km'
    """
    said = []
    for subject in ORDER:
        amount = float(amounts_seen.get(subject, 0.0))
        if amount <= 0:
            continue
        if subject == "street":
            said.append(f"{say.number(amount / 1000, 2)} km")
            continue
        decimals = 1 if amount < 10 and amount != round(amount) else 0
        n = round(amount, decimals)
        said.append(say(f"plan_page.brief_{subject}", n=n, amount=say.number(amount, decimals)))
    return " · ".join(said)


def in_force(say: Texts, request: PlanRequest, names: pd.Series[str], *, currency: str) -> str:
    """Write out every wish of a request that is not the usual one, and the usual ones that matter.

    Parameters
    ----------
    say
        The reader's language.
    request
        What was planned.
    names
        Wards' names by code.
    currency
        The store's.
    """
    words = [
        *_limits(say, request, currency),
        say("plan_page.with_models", models=", ".join(map(layout.plain, request.models)))
        if request.models
        else say("plan_page.with_all_models"),
        *_doings(say, request, names),
        *_funding(say, request, currency),
        say("plan_page.mix_made", parts=", ".join(_mix(say, request))),
        *_incidents(say, request),
        *_musts(say, request),
        *_quotas(say, request, names),
        *_seeing(say, request),
    ]
    return " · ".join(words)


def _limits(say: Texts, request: PlanRequest, currency: str) -> list[str]:
    words = []
    if request.objective == "least_cost" and request.target_share is not None:
        words.append(say("plan_page.for_target", share=say.percent(request.target_share)))
    elif request.objective == "worst_ward":
        words.append(say("plan_page.objective_worst_ward"))
    if request.count is not None:
        words.append(say("plan_page.at_most_count", n=request.count))
    if request.budget is not None:
        amount = amounts.money(say, request.budget, currency)
        words.append(say("plan_page.at_most_budget", budget=amount))
    return words


def _doings(say: Texts, request: PlanRequest, names: pd.Series[str]) -> list[str]:
    words = [] if request.repair else [say("plan_page.without_repairs")]
    if request.reaim:
        named = [
            say("plan_page.reaim_all") if code == ALL else layout.plain(str(names.get(code, code)))
            for code in request.reaim
        ]
        words.append(say("plan_page.with_reaim", cameras=", ".join(named)))
    if request.places != ("sites",):
        named = [say(f"plan_page.places_{word}") for word in request.places]
        words.append(say("plan_page.with_places", places=", ".join(named)))
    return words


def _funding(say: Texts, request: PlanRequest, currency: str) -> list[str]:
    return [
        f"{layout.plain(name)} {amounts.money(say, money, currency)}"
        for name, money, _ in request.funding
    ]


def _mix(say: Texts, request: PlanRequest) -> list[str]:
    whole = sum(value for _, value in request.mix) or math.nan
    return [
        f"{say(f'plan.part_{part}')} {layout.share(say, value / whole)}"
        for part, value in request.mix
        if value > 0
    ]


def _incidents(say: Texts, request: PlanRequest) -> list[str]:
    words = [say("common.months", n=request.months)]
    words += [layout.category_name(say, category) for category in request.categories]
    for category, weight in request.category_weights:
        name = layout.category_name(say, category)
        words.append(say("plan_page.weighed", category=name, weight=_briefly(say, weight)))
    if request.half_life_months is not None:
        n = say.number(request.half_life_months)
        words.append(say("plan_page.half_after", n=n))
    if request.hours is not None:
        first, last = (_briefly(say, hour) for hour in request.hours)
        words.append(say("plan_page.in_hours", first=first, last=last))
    return words


def _briefly(say: Texts, value: float) -> str:
    return say.number(value, 0 if float(value).is_integer() else 1)


def _musts(say: Texts, request: PlanRequest) -> list[str]:
    words = []
    for key, ids in (("must", request.must), ("forbid", request.forbid)):
        if ids:
            named = ", ".join(map(layout.plain, ids))
            words.append(say(f"plan_page.with_{key}", places=named))
    if request.points:
        words.append(say("plan_page.with_points", n=len(request.points)))
    counts = Counter(kind for kind, *_ in request.areas)
    if counts:
        parts = [say(f"plan_page.zones_{kind}", n=counts[kind]) for kind in ZONES if counts[kind]]
        words.append(say("plan_page.with_areas", zones=", ".join(parts)))
    if request.planned:
        words.append(say("plan_page.with_planned"))
    if not request.zones:
        words.append(say("plan_page.without_zones"))
    return words


def _quotas(say: Texts, request: PlanRequest, names: pd.Series[str]) -> list[str]:
    words = []
    for key, pairs in (("least", request.ward_min), ("most", request.ward_max)):
        for code, n in pairs:
            ward = (
                say("plan_page.every_ward") if code == ALL else layout.plain(str(names.get(code)))
            )
            words.append(say(f"plan_page.quota_{key}", ward=ward, number=say.number(n)))
    if request.floor > 0:
        words.append(say("plan_page.with_floor", share=say.percent(request.floor)))
    if request.backup > 0:
        words.append(say("plan_page.with_backup", share=say.percent(request.backup)))
    if request.spacing_m > 0:
        words.append(say("plan_page.with_spacing", m=say.number(request.spacing_m)))
    return words


def _seeing(say: Texts, request: PlanRequest) -> list[str]:
    words = [
        say("plan_page.as_of", day=say.day(request.on)),
        say(f"level.{request.level}"),
        say("coverage.light_night" if request.night else "coverage.light_day"),
    ]
    if not request.occlusion:
        words.append(say("coverage.walls_open"))
    words.append(say("plan_page.every_deg", step=_briefly(say, request.bearing_step_deg)))
    if request.height_m is not None:
        words.append(say("plan_page.with_height", m=say.number(request.height_m, 1)))
    return words


def assumptions(say: Texts, found: PlanAnswer) -> list[str]:
    """Say what the plan rests on, for the foot of the page."""
    basis = found.basis
    n = say.number(len(basis.options) + basis.n_needless)
    words = [
        say("plan_page.of_options", options=n, points=say.number(len(basis.demand.points))),
        *level_assumptions(say, basis.request.level, edition=basis.request.edition),
        *plan_words.notes(say, found),
    ]
    if math.isfinite(basis.height_m):
        words.append(say("plan_page.height_taken", m=say.number(basis.height_m, 1)))
    return words


def troubles(say: Texts, found: PlanAnswer) -> Sequence[str]:
    """Say why there is no plan: each contradiction in a sentence."""
    if found.plan.status == "unknown":
        return [say("plan_page.no_plan_yet")]
    low = [c for c in found.plan.conflicts if c.code == LOW_FLOOR]
    if len(low) <= MOST_TROUBLES:
        return plan_words.troubles(say, found)
    return [_low_floors(say, found, low)]


def _low_floors(say: Texts, found: PlanAnswer, low: Sequence[Conflict]) -> str:
    """Say in one sentence which wards cannot be seen as far as every ward should be."""
    names = found.basis.wards.outlines["name"].map(short_ward_name)
    reached = sorted((float(str(c.facts["reachable_share"])), str(c.facts["label"])) for c in low)
    told = [
        say(
            "plan_page.ward_reaches",
            share=say.percent(share, 1),
            ward=layout.plain(str(names.get(code, code))),
        )
        for share, code in reached
    ]
    asked = say.percent(found.basis.request.floor, 1)
    return say("plan_page.floors_out_of_reach", n=len(low), share=asked, wards=", ".join(told))


def bearing(say: Texts, degrees: float) -> str:
    """Write a direction in degrees and as a compass word; all round where there is none."""
    if not math.isfinite(degrees):
        return say("plan_page.all_round")
    return say("plan_page.bearing", degrees=say.number(degrees), word=compass(say, degrees))


def compass(say: Texts, degrees: float) -> str:
    """Name the nearest of eight directions."""
    names = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
    return say(f"plan_page.compass_{names[round(degrees / 45) % 8]}")
