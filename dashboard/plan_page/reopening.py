"""A saved request put back into the form, by the words that its address has."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.plan_page import amounts
from dashboard.questions.plan_request import ALL, DEFAULT_MIX, PlanRequest

OPENED = "plan_opened"
FIXED_KEYS = (
    "objective", "target", "limit", "count", "budget", "models", "repair", "reaim", "reaim_of",
    "reaim_cost", "months", "types", "half_life", "places", "points", "place_cost", "must",
    "forbid", "zones", "floor", "quota_wards", "sources", "on", "level", "light", "walls", "backup",
    "spacing", "step", "height", "seconds", "planned", "areas", "hours_from", "hours_until",
)  # fmt: skip
PREFIXES = ("mix_", "least_", "most_", "source", "counts")


def put_back(request: PlanRequest, currency: str) -> None:
    """Have the form show a request on the next run, instead of what it shows now."""
    old = [str(key) for key in st.session_state if _is_of_form(str(key))]
    for key in old:
        st.session_state.pop(key, None)
    for key in [key for key in st.query_params if _is_of_form(key)]:
        st.query_params.pop(key)
    for key, word in address(request, currency).items():
        st.query_params[key] = word
    st.session_state[OPENED] = request


def is_only_in_part(request: PlanRequest) -> bool:
    """Tell, once, whether the form could not take all of the request put back."""
    opened = st.session_state.pop(OPENED, None)
    return opened is not None and opened != request


def _is_of_form(key: str) -> bool:
    return key in FIXED_KEYS or key.startswith(PREFIXES)


def address(request: PlanRequest, currency: str) -> dict[str, str]:
    """Give the words by which the form reads a request.

    Examples
    --------
    >>> from datetime import date
    >>> found = address(PlanRequest(on=date(2024, 12, 31), budget=5e8, repair=False), "VND")
    >>> found["limit"], found["budget"], found["repair"], found["on"]
    ('budget', '500', '0', '2024-12-31')
    """
    unit = amounts.unit(currency)
    words = {
        "on": request.on.isoformat(),
        "objective": request.objective,
        "limit": "count" if request.budget is None else "budget",
        "models": ",".join(request.models),
        "repair": _flag(request.repair),
        "reaim": _flag(bool(request.reaim)),
        "reaim_of": ",".join(word for word in request.reaim if word != ALL),
        "reaim_cost": _number(request.reaim_cost / unit),
        "months": str(request.months),
        "types": ",".join(request.categories),
        "places": ",".join(request.places),
        "points": ";".join(f"{east:.5f},{north:.5f}" for east, north in request.points),
        "areas": ";".join(map(_area, request.areas)),
        "place_cost": _number(request.new_place_cost / unit),
        "must": ",".join(request.must),
        "forbid": ",".join(request.forbid),
        "zones": _flag(request.zones),
        "floor": _percent(request.floor),
        "level": request.level,
        "light": "night" if request.night else "day",
        "walls": "hidden" if request.occlusion else "open",
        "backup": _percent(request.backup),
        "spacing": _number(request.spacing_m),
        "step": _number(request.bearing_step_deg),
        "planned": _flag(request.planned),
    }
    known = {
        "count": request.count,
        "budget": None if request.budget is None else request.budget / unit,
        "half_life": request.half_life_months,
        "height": request.height_m,
        "seconds": request.time_limit_s,
    }
    if request.hours is not None:
        known |= dict(zip(("hours_from", "hours_until"), request.hours, strict=True))
    words |= {key: _number(value) for key, value in known.items() if value is not None}
    words["counts"] = ",".join(code for code, _ in request.category_weights)
    words |= {f"counts_{code}": _number(weight) for code, weight in request.category_weights}
    if request.target_share is not None:
        words["target"] = _percent(request.target_share)
    words |= _mix(request.mix) | _quotas(request) | _funding(request.funding, unit)
    return {key: word for key, word in words.items() if word}


def _mix(mix: Sequence[tuple[str, float]]) -> dict[str, str]:
    """Give each part's share; the usual parts that are left out are told to be none."""
    shares = dict.fromkeys(dict(DEFAULT_MIX), 0.0) | dict(mix)
    return {f"mix_{part}": _percent(share) for part, share in shares.items()}


def _quotas(request: PlanRequest) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, pairs in (("least", request.ward_min), ("most", request.ward_max)):
        found |= {f"{word}_{code}": str(n) for code, n in pairs}
    own = dict.fromkeys(code for code, _ in (*request.ward_min, *request.ward_max) if code != ALL)
    return {**found, "quota_wards": ",".join(own)}


def _funding(funding: Sequence[tuple[str, float, tuple[str, ...]]], unit: float) -> dict[str, str]:
    found = {"sources": str(len(funding)) if funding else ""}
    for k, (name, money, scope) in enumerate(funding, start=1):
        found |= {
            f"source{k}": name,
            f"source{k}_money": _number(money / unit),
            f"source{k}_for": ",".join(scope),
        }
    return found


def _area(area: tuple[str, float, float, float]) -> str:
    kind, east, north, radius_m = area
    return f"{kind}={east:.5f},{north:.5f},{_number(radius_m)}"


def _flag(value: bool) -> str:
    return str(int(value))


def _percent(share: float) -> str:
    return str(round(100 * share))


def _number(value: float) -> str:
    return f"{value:.12g}"
