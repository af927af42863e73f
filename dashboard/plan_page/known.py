"""Plans that are known before a search: a request asked again ends no worse than before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.errors import VongLauError
from dashboard.printing import plain
from dashboard.questions import plan, plan_request
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_request import PlanRequest
from data import scenarios
from data.scenarios import Scenario
from data.store import Store


def saved_before(store: Store, request: PlanRequest) -> Scenario | None:
    """Give the best saved plan that asked the same, but for the time to search; None without one.

    Of plans that are as good as each other the newest.
    """
    found = [kept for kept in scenarios.list_saved(store) if _asks(kept, request)]
    found = [kept for kept in found if kept.result.get("value") is not None]
    sign = -1.0 if request.objective == "least_cost" else 1.0
    return max(found, key=lambda kept: sign * kept.result["value"], default=None)


def start(
    request: PlanRequest, *, parent: Scenario | None, shown: PlanAnswer | None
) -> Sequence[Mapping[str, Any]]:
    """Give the choices to search on from: those shown, where they answer the same, or the parent's.

    Parameters
    ----------
    request
        What is asked now.
    parent
        As ``saved_before`` gives it.
    shown
        The plan that is on the page.
    """
    choices: Sequence[Mapping[str, Any]] = ()
    value = None
    if parent is not None:
        choices, value = parent.result["choices"], parent.result["value"]
    if shown is None or shown.value is None or not _is_same(shown.basis.request, request):
        return choices
    sign = -1.0 if request.objective == "least_cost" else 1.0
    if value is None or sign * shown.value > sign * value:
        own: Sequence[Mapping[str, Any]] = plain(plan.as_json(shown))["choices"]
        return own
    return choices


def _asks(kept: Scenario, request: PlanRequest) -> bool:
    try:
        return _is_same(plan_request.from_plain(kept.request), request)
    except VongLauError:  # of another version of this program
        return False


def _is_same(one: PlanRequest, other: PlanRequest) -> bool:
    return replace(one, time_limit_s=None) == replace(other, time_limit_s=None)
