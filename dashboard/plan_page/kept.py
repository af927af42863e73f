"""What a visit remembers of its plan: the search at hand, the last answer, the chosen row.

An answer is kept for all visits too, by store, version and request, so that asking the same again
costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import geopandas as gpd
import streamlit as st

from analysis.crs import WGS84
from dashboard import session
from dashboard.plan_page import bases, known
from dashboard.plan_page.search import Search
from dashboard.questions import plan_choices, plan_zones
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_choices import PlanChoices
from dashboard.questions.plan_request import PlanRequest

KEY = "plan_visit"
WANTED = "plan_wanted"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The plan at hand.

    Parameters
    ----------
    search
        The search that runs, or that ended without a plan.
    answer
        The last plan, or the wishes that contradicted each other.
    was_stopped
        Whether somebody stopped the search for it.
    version
        The version of the store that it was made from.
    rank
        The choice that is looked at.
    n_picks
        Counts the choices made on the map, so that the table shows each.
    saved
        Number and name of the plan, once it is saved.
    parent
        The number of the saved plan whose request was asked again.
    """

    search: Search | None = None
    answer: PlanAnswer | None = None
    was_stopped: bool = False
    version: int = -1
    rank: int | None = None
    n_picks: int = 0
    saved: tuple[int, str] | None = None
    parent: int | None = None


@dataclass(eq=False)
class Shelf:
    """Where the answer to one request is put, once it is there."""

    answer: PlanAnswer | None = None


@st.cache_resource(max_entries=4, show_spinner=False)
def _shelf(location: str, version: int, request: PlanRequest) -> Shelf:
    del location, version, request  # they only tell one shelf from another
    return Shelf()


@st.cache_data(max_entries=8, show_spinner=False)
def _choices(location: str, version: int, on: date) -> PlanChoices:
    del version
    return plan_choices.answer(session.open_store(location), on)


def choices(on: date) -> PlanChoices:
    """List what can be named in a request, read once."""
    store = session.store()
    return _choices(store.location, store.version, on)


@st.cache_data(max_entries=16, show_spinner=False)
def _zones(location: str, version: int, request: PlanRequest) -> gpd.GeoDataFrame:
    del version
    return plan_zones.zones(session.open_store(location), request).to_crs(WGS84)


def zones(request: PlanRequest) -> gpd.GeoDataFrame:
    """Give the zones that a request keeps to, in degrees."""
    store = session.store()
    asked = PlanRequest(on=request.on, zones=request.zones, areas=request.areas)
    return _zones(store.location, store.version, asked)


def visit() -> Visit:
    """Give what is remembered; a search that is over becomes its answer."""
    found: Visit = st.session_state.get(KEY, Visit())
    search = found.search
    if search is not None and search.is_over and search.answer is not None:
        if not search.is_cancelled:
            store = session.store()
            _shelf(store.location, found.version, search.request).answer = search.answer
        found = Visit(
            answer=search.answer,
            was_stopped=search.is_cancelled,
            version=found.version,
            parent=found.parent,
        )
        st.session_state[KEY] = found
    return found


def put(**changes: Any) -> None:  # noqa: ANN401  the fields of Visit
    """Remember a change."""
    st.session_state[KEY] = replace(st.session_state.get(KEY, Visit()), **changes)


def prepare(request: PlanRequest) -> None:
    """Have made ready, behind, what a plan for the form as it stands would be made of."""
    store = session.store()
    wanted = bases.prepare(store.location, store.version, request)
    before = st.session_state.get(WANTED)
    if before is not None and before is not wanted:
        before.drop()
    st.session_state[WANTED] = wanted


def begin(request: PlanRequest) -> None:
    """Start to plan, unless the answer is known; a search that runs is stopped first."""
    before = visit()
    if before.search is not None:
        before.search.cancel()
    store = session.store()
    version = store.version
    parent = known.saved_before(store, request)
    number = None if parent is None else parent.scenario_id
    on_shelf = _shelf(store.location, version, request).answer
    if on_shelf is not None:
        st.session_state[KEY] = Visit(answer=on_shelf, version=version, parent=number)
        return
    search = Search(
        request=request,
        build=partial(bases.basis, store.location, version),
        known=known.start(request, parent=parent, shown=before.answer),
    )
    put(search=search, version=version, parent=number)
    search.start()
