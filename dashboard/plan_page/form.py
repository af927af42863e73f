"""The wishes: what is to be planned, from one line to the last ward's quota."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analysis import optics
from analysis.siting.problem import Objective
from dashboard import cache, inputs, layout, session
from dashboard.plan_page import amounts, fields, funding
from dashboard.plan_page import places as drawn_places
from dashboard.questions import plan_offers
from dashboard.questions.plan_choices import PlanChoices
from dashboard.questions.plan_request import (
    ALL,
    DEFAULT_MIX,
    OBJECTIVES,
    PLACES,
    PlanRequest,
)

COUNT, BUDGET_UNITS, TARGET = 40, 1000, 20
PARTS = ("incident", "street", "gate", "junction", "population", "asked")
SECONDS = 10
STEPS_DEG = ("15", "10", "30", "5")


CSS = """<style>
/* a stretched container does not scroll by itself */
.st-key-grow_form{overflow:auto}
/* the map gives way to the curve below it, and its legend to the map */
.stMainBlockContainer .st-key-map_plan{min-height:13rem!important}
.st-key-plan_legend [data-testid=stButtonGroup]{gap:.2rem}
.st-key-plan_legend [data-testid=stButtonGroup] button{padding:.05rem .5rem;min-height:1.7rem}
.st-key-plan_legend [data-testid=stButtonGroup] button *{font-size:.8rem}
</style>"""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the form may offer: what the store has, and the wards' names by code."""

    choices: PlanChoices
    wards: pd.Series[str]


def draw(offer: Offer) -> PlanRequest:
    """Draw the form; what it asks for.

    The first lines are enough for a plan; the rest is folded away.
    """
    say = session.say()
    wishes: dict[str, Any] = {**_aim(), **_means(offer)}
    with st.expander(say("plan_page.mix"), icon=":material/equalizer:"):
        wishes |= _demand()
    with st.expander(
        say("plan_page.musts"), icon=":material/push_pin:", expanded=drawn_places.is_begun()
    ):
        wishes |= _places(offer.choices)
    with st.expander(say("plan_page.quotas"), icon=":material/balance:"):
        wishes |= _quotas(offer.wards)
    with st.expander(say("plan_page.funding"), icon=":material/account_balance:"):
        wishes |= {"funding": funding.draw(offer.wards)}
    with st.expander(say("plan_page.seeing"), icon=":material/visibility:"):
        wishes |= _seeing()
    return PlanRequest(**wishes)


def day_asked(*, last: date) -> date:
    """Give the day that the form, drawn later, will ask for."""
    asked = st.session_state.get("on")
    return asked if isinstance(asked, date) else inputs.opening_day(last=last)


def _aim() -> dict[str, Any]:
    """Ask for the objective, and how much there is to spend."""
    say = session.say()
    chosen = inputs.choose(
        "objective",
        list(OBJECTIVES),
        label=say("plan_page.objective"),
        say_option=lambda word: say(f"plan_page.objective_{word}"),
        width="stretch",
        is_labelled=True,
    )
    objective: Objective = next(word for word in OBJECTIVES if word == chosen)
    if objective == "least_cost":
        target = fields.share("target", label=say("plan_page.target"), default=TARGET, low=5)
        return {"objective": objective, "target_share": target}
    limit = inputs.switch(
        "limit",
        ["count", "budget"],
        label=say("plan_page.limit"),
        say_option=lambda word: say(f"plan_page.limit_{word}"),
        is_labelled=True,
    )
    if limit == "count":
        count = fields.number(
            "count", label=say("plan_page.count"), default=COUNT, limits=(0, 2000)
        )
        return {"objective": objective, "count": None if count is None else int(count)}
    currency = session.properties().currency
    budget = fields.number(
        "budget",
        label=say("plan_page.budget", unit=amounts.unit_name(say, currency)),
        default=BUDGET_UNITS,
        step=50,
    )
    unit = amounts.unit(currency)
    return {"objective": objective, "budget": None if budget is None else budget * unit}


def _means(offer: Offer) -> dict[str, Any]:
    """Ask which models may be bought, and whether cameras may be repaired or turned."""
    say = session.say()
    names = {
        str(model): " · ".join(
            [str(model), say(f"kind.{row['kind']}"), *_price(float(row["cost"]))]
        )
        for model, row in offer.choices.models.iterrows()
    }
    models = fields.several(
        "models",
        list(names),
        label=say("plan_page.models"),
        nothing=say("plan_page.all_models"),
        say=names.__getitem__,
    )
    n_idle = len(offer.choices.repairs)
    repair = fields.flag("repair", label=say("plan_page.repair", n=n_idle), default=True)
    wishes: dict[str, Any] = {"models": models, "repair": repair}
    n_working = len(offer.choices.working)
    if not fields.flag(
        "reaim", label=say("plan_page.reaim", n=n_working), help_=say("plan_page.reaim_help")
    ):
        return wishes
    scope = fields.several(
        "reaim_of",
        [*offer.wards.sort_values().index, *offer.choices.working],
        label=say("plan_page.reaim_of"),
        nothing=say("plan_page.reaim_all"),
        say=lambda code: str(offer.wards.get(code, code)),
    )
    cost = _cost("reaim_cost", "plan_page.reaim_cost")
    return {**wishes, "reaim": scope or (ALL,), "reaim_cost": cost}


def _cost(key: str, label: str) -> float:
    """Ask for a price in the units that amounts are written in; nothing where it is left empty."""
    say, currency = session.say(), session.properties().currency
    units = fields.number(
        key,
        label=say(label, unit=amounts.unit_name(say, currency)),
        default=0.0,
        limits=(0.0, None),
        step=0.5,
    )
    return (units or 0.0) * amounts.unit(currency)


def _price(cost: float) -> list[str]:
    if not math.isfinite(cost):
        return []
    return [amounts.money(session.say(), cost, session.properties().currency)]


def _demand() -> dict[str, Any]:
    """Ask what deserves watching, and say what the mix comes to."""
    say = session.say()
    first = dict(DEFAULT_MIX)
    mix = {
        part: fields.share(
            f"mix_{part}",
            label=say(f"plan.part_{part}").capitalize(),
            default=round(100 * first.get(part, 0.0)),
        )
        for part in PARTS
    }
    whole = sum(mix.values())
    if whole > 0:
        made = [
            f"{say(f'plan.part_{part}')} {say.percent(value / whole)}"
            for part, value in mix.items()
            if value > 0
        ]
        st.caption(say("plan_page.mix_made", parts=", ".join(made)))
    else:
        st.caption(say("plan_page.mix_empty"))
    months = inputs.choose_span()
    categories = inputs.choose_categories(cache.categories())
    half_life = fields.number(
        "half_life",
        label=say("plan_page.half_life"),
        default=None,
        limits=(1, 120),
        empty=say("plan_page.half_life_none"),
        help_=say("plan_page.half_life_help"),
    )
    return {
        "mix": tuple((part, value) for part, value in mix.items() if value > 0),
        "months": months,
        "categories": categories,
        "category_weights": _category_weights(),
        "half_life_months": half_life,
        "hours": _hours(),
    }


def _category_weights() -> tuple[tuple[str, float], ...]:
    """Ask which types of incidents count more or less than one."""
    say = session.say()
    chosen = fields.several(
        "counts",
        list(cache.categories()),
        label=say("plan_page.weigh"),
        nothing=say("plan_page.weigh_none"),
        say=lambda code: layout.category_name(say, code),
    )
    weights = [
        fields.number(
            f"counts_{code}",
            label=say("plan_page.weigh_one", category=layout.category_name(say, code)),
            default=2.0,
            limits=(0.0, 100.0),
            step=0.5,
        )
        for code in chosen
    ]
    return tuple(
        (code, weight)
        for code, weight in zip(chosen, weights, strict=True)
        if weight is not None and weight != 1
    )


def _hours() -> tuple[float, float] | None:
    """Ask which hours of the day count; None where they are all."""
    say = session.say()
    asked = []
    for column, word in zip(st.columns(2, gap="xsmall"), ("from", "until"), strict=True):
        with column:
            asked.append(
                fields.number(
                    f"hours_{word}",
                    label=say(f"plan_page.hours_{word}"),
                    default=None,
                    limits=(0, 24),
                    empty=say("plan_page.hours_any"),
                    help_=say("plan_page.hours_help"),
                )
            )
    first, last = asked
    if first is None and last is None:
        return None
    hours = (float(first or 0), 24.0 if last is None else float(last))
    return None if hours[0] % 24 == hours[1] % 24 else hours


def _places(choices: PlanChoices) -> dict[str, Any]:
    """Ask where cameras may go, and which places the plan must have and may not have."""
    say = session.say()
    places = fields.several(
        "places",
        list(PLACES),
        label=say("plan_page.places"),
        nothing=say("plan_page.places_sites"),
        say=lambda word: say(f"plan_page.places_{word}"),
    )
    drawn = drawn_places.draw()
    cost = 0.0
    if drawn.points or "junctions" in places:
        cost = _cost("place_cost", "plan_page.place_cost")
    return {
        "places": places or ("sites",),
        "points": drawn.points,
        "areas": drawn.areas,
        "new_place_cost": cost,
        **_musts(choices, n_points=len(drawn.points)),
    }


def _musts(choices: PlanChoices, *, n_points: int) -> dict[str, Any]:
    say = session.say()
    own = [plan_offers.point_name(k) for k in range(1, n_points + 1)]
    named = [*own, *choices.sites, *choices.repairs]
    must = fields.several(
        "must", named, label=say("plan_page.must"), nothing=say("plan_page.none"), say=str
    )
    forbid = fields.several(
        "forbid", named, label=say("plan_page.forbid"), nothing=say("plan_page.none"), say=str
    )
    counts = [
        say(f"plan_page.zones_{kind}", n=choices.n_zones[kind])
        for kind in ("must", "forbid", "private")
        if choices.n_zones.get(kind)
    ]
    zones = fields.flag("zones", label=say("plan_page.zones"), default=True)
    st.caption(", ".join(counts) if counts else say("plan_page.zones_none"))
    return {"must": must, "forbid": forbid, "zones": zones}


def _quotas(names: pd.Series[str]) -> dict[str, Any]:
    """Ask what each ward gets at least and at most: all of them, and some for themselves."""
    say = session.say()
    floor = fields.share(
        "floor", label=say("plan_page.floor"), default=0, help_=say("plan_page.floor_help")
    )
    least: list[tuple[str, int]] = []
    most: list[tuple[str, int]] = []
    _quota(ALL, say("plan_page.every_ward"), least, most)
    own = fields.several(
        "quota_wards",
        list(names.sort_values().index),
        label=say("plan_page.own_quota"),
        nothing=say("plan_page.none"),
        say=lambda code: str(names[code]),
    )
    for code in own:
        _quota(code, layout.plain(str(names[code])), least, most)
    return {"floor": floor, "ward_min": tuple(least), "ward_max": tuple(most)}


def _quota(code: str, name: str, least: list[tuple[str, int]], most: list[tuple[str, int]]) -> None:
    say = session.say()
    st.caption(name)
    left, right = st.columns(2, gap="xsmall")
    for column, word, pairs in ((left, "least", least), (right, "most", most)):
        with column:
            n = fields.number(
                f"{word}_{code}",
                label=say(f"plan_page.{word}"),
                default=None,
                limits=(0, 2000),
                empty=say("plan_page.any"),
            )
        if n is not None:
            pairs.append((code, int(n)))


def _seeing() -> dict[str, Any]:
    """Ask what seeing means, how fine to try, and how long to search."""
    say = session.say()
    day = inputs.choose_day(last=session.today())
    level = inputs.choose_level()
    night = inputs.choose_night()
    occlusion = inputs.choose_occlusion()
    backup = fields.share(
        "backup", label=say("plan_page.backup"), default=0, help_=say("plan_page.backup_help")
    )
    spacing = fields.number("spacing", label=say("plan_page.spacing"), default=0, step=50)
    step = inputs.choose(
        "step",
        STEPS_DEG,
        label=say("plan_page.step"),
        say_option=lambda word: say("plan_page.step_deg", step=word),
        width="stretch",
        is_labelled=True,
    )
    height = fields.number(
        "height",
        label=say("plan_page.height"),
        default=None,
        limits=(2.0, 60.0),
        step=0.5,
        empty=say("plan_page.height_usual"),
    )
    seconds = fields.number(
        "seconds", label=say("plan_page.seconds"), default=SECONDS, limits=(1, 3600)
    )
    planned = fields.flag(
        "planned", label=say("plan_page.planned"), help_=say("plan_page.planned_help")
    )
    return {
        "on": day,
        "planned": planned,
        "level": level,
        "edition": optics.edition_of(level),
        "night": night,
        "occlusion": occlusion,
        "backup": backup,
        "spacing_m": float(spacing or 0),
        "bearing_step_deg": float(step),
        "height_m": height,
        "time_limit_s": float(seconds or SECONDS),
    }
