"""What a visit remembers of its search, and what all visits share: views, streets, names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from analysis.escapes import StreetGraph
from dashboard import houses, session
from dashboard.questions import footage, footage_funnel, footage_places, looks
from dashboard.questions.footage import FootageAnswer, FootageRequest
from dashboard.questions.footage_funnel import FunnelAnswer, FunnelRequest
from dashboard.questions.footage_places import Names
from dashboard.questions.looks import LooksRequest, Seeing
from data import layers
from data.store import Store, current_actor

KEY = "footage_visit"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The search at hand.

    Parameters
    ----------
    answer
        What was found last.
    case_id, source, category
        Of the incident that the place and the time were taken from.
    place
        The place in words, where it was found by a name.
    rank
        The camera looked at.
    n_picks
        How often a camera was picked on the map, so that the table takes it over.
    """

    answer: FootageAnswer | None = None
    case_id: str = ""
    source: str | None = None
    category: str | None = None
    place: str = ""
    rank: int | None = None
    n_picks: int = 0


def visit() -> Visit:
    """Give what the visit remembers."""
    kept: Visit = st.session_state.setdefault(KEY, Visit())
    return kept


def put(**changed: Any) -> None:  # noqa: ANN401  the fields of Visit
    """Remember something else."""
    st.session_state[KEY] = replace(visit(), **changed)


def search(request: FootageRequest) -> None:
    """Write the question into the audit, answer it, and remember the answer.

    Raises
    ------
    VongLauError
        The question cannot be answered: see ``questions.footage.answer``.
    """
    store = session.store()
    footage.check(request)
    footage.record(store, request, actor=current_actor())
    with st.spinner(session.say()("common.computing"), show_time=True):
        found = footage.answer(
            store,
            request,
            seeing=_seeing(store.location, store.version, footage.looks_request(store, request)),
            graph=_graph(store.location, store.version) if request.minutes else None,
        )
    put(answer=found, rank=None)


def has_cameras() -> bool:
    """Tell whether the store has any camera that could be asked."""
    store = session.store()
    return _has_cameras(store.location, store.version)


def names() -> Names:
    """Give the names of streets, schools and places, read once."""
    store = session.store()
    return _names(store.location, store.version)


def funnel(request: FunnelRequest) -> FunnelAnswer:
    """Give what footage was worth, counted once."""
    store = session.store()
    return _funnel(store.location, store.version, request)


def _store(location: str) -> Store:
    return session.open_store(location)


@st.cache_resource(max_entries=4, show_spinner=False)
def _seeing(location: str, version: int, request: LooksRequest) -> Seeing:
    return looks.answer(_store(location), request, ground=houses.prepared(location, version))


@st.cache_resource(max_entries=2, show_spinner=False)
def _graph(location: str, version: int) -> StreetGraph | None:
    del version
    return footage.streets(_store(location))


@st.cache_resource(max_entries=2, show_spinner=False)
def _names(location: str, version: int) -> Names:
    del version
    return footage_places.read_names(_store(location))


@st.cache_data(max_entries=2, show_spinner=False)
def _has_cameras(location: str, version: int) -> bool:
    del version
    return not layers.read_camera_register(_store(location)).empty


@st.cache_data(max_entries=8, show_spinner=False)
def _funnel(location: str, version: int, request: FunnelRequest) -> FunnelAnswer:
    del version
    return footage_funnel.answer(_store(location), request)
