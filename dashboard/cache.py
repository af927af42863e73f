"""Answers and layers, computed once for a state of the store and kept for all visits.

The key is the store's place, its version, and the request: a change of the store forgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard import ground, houses, maps, session
from dashboard.questions import (
    city,
    coverage,
    evaluation,
    holdings,
    looks,
    month,
    overview,
    places,
    rhythm,
    what_if,
)
from dashboard.questions import waves as waves_question
from data import layers
from data.store import Store


def _store(location: str) -> Store:
    return session.open_store(location)


@st.cache_resource(max_entries=4, show_spinner=False)
def _standing(location: str, version: int, request: coverage.CoverageRequest) -> coverage.Standing:
    return coverage.stand(_store(location), request, ground=houses.prepared(location, version))


@st.cache_data(max_entries=16, show_spinner=False)
def _coverage(
    location: str, version: int, request: coverage.CoverageRequest
) -> coverage.CoverageAnswer:
    standing = _standing(location, version, request)
    return coverage.answer(_store(location), request, standing=standing)


def coverage_answer(request: coverage.CoverageRequest) -> coverage.CoverageAnswer:
    """Give coverage, gaps and outages, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _coverage(store.location, store.version, request)


@st.cache_data(max_entries=16, show_spinner=False)
def _reaches(location: str, version: int, request: looks.LooksRequest) -> pd.DataFrame:
    del version
    return looks.reaches(_store(location), request)


def reaches(request: looks.LooksRequest) -> pd.DataFrame:
    """Tell how far the cameras of a day see, by camera_id, computed once."""
    store = session.store()
    return _reaches(store.location, store.version, request)


def what_if_answer(
    request: coverage.CoverageRequest, edits: Sequence[what_if.Edit]
) -> what_if.WhatIf:
    """Give what changes would do; quick, so it is not kept."""
    store = session.store()
    return what_if.answer(_standing(store.location, store.version, request), edits)


@st.cache_data(max_entries=32, show_spinner=False)
def _month(location: str, version: int, request: month.MonthRequest) -> month.MonthAnswer:
    del version
    return month.answer(_store(location), request)


def month_answer(request: month.MonthRequest) -> month.MonthAnswer:
    """Give a month's counts, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _month(store.location, store.version, request)


@st.cache_data(max_entries=48, show_spinner=False)
def _evaluation(
    location: str, version: int, request: evaluation.EvaluationRequest
) -> evaluation.EvaluationAnswer:
    del version
    return evaluation.answer(_store(location), request)


def evaluation_answer(request: evaluation.EvaluationRequest) -> evaluation.EvaluationAnswer:
    """Give a before/after comparison, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _evaluation(store.location, store.version, request)


@st.cache_data(max_entries=16, show_spinner=False)
def _overview(
    location: str, version: int, request: overview.OverviewRequest
) -> overview.OverviewAnswer:
    del version
    return overview.answer(_store(location), request)


def overview_answer(request: overview.OverviewRequest) -> overview.OverviewAnswer:
    """Give the past months, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _overview(store.location, store.version, request)


@st.cache_data(max_entries=32, show_spinner=False)
def _rhythm(location: str, version: int, request: rhythm.RhythmRequest) -> rhythm.RhythmAnswer:
    del version
    return rhythm.answer(_store(location), request)


def rhythm_answer(request: rhythm.RhythmRequest) -> rhythm.RhythmAnswer:
    """Give the week's rhythm, computed once."""
    store = session.store()
    return _rhythm(store.location, store.version, request)


@st.cache_data(max_entries=8, show_spinner=False)
def _waves(location: str, version: int) -> pd.DataFrame:
    del version
    return waves_question.wave_table(_store(location))


def waves() -> pd.DataFrame:
    """List the waves in which cameras came, with their days and cameras."""
    store = session.store()
    return _waves(store.location, store.version)


@st.cache_data(max_entries=8, show_spinner=False)
def _record_span(location: str, version: int, today: date) -> tuple[date, date] | None:
    del version
    return city.record_span(_store(location), today)


def record_span() -> tuple[date, date] | None:
    """Tell the first and the last day that the incidents cover, None when there are none."""
    store = session.store()
    return _record_span(store.location, store.version, session.today())


@st.cache_data(max_entries=8, show_spinner=False)
def _categories(location: str, version: int) -> list[str]:
    del version
    return layers.categories_in_use(_store(location))


def categories() -> list[str]:
    """List the incident types that occur, the most frequent first."""
    store = session.store()
    return _categories(store.location, store.version)


@st.cache_data(max_entries=8, show_spinner=False)
def _wards(location: str, version: int, division: str | None) -> gpd.GeoDataFrame:
    del version
    return layers.read_wards(_store(location), division=division)


def wards(on: date | None = None) -> gpd.GeoDataFrame:
    """Give the wards in force on a day, today when none is given, WGS84."""
    store = session.store()
    return _wards(store.location, store.version, session.division(on))


@st.cache_data(max_entries=8, show_spinner=False)
def _cameras(location: str, version: int, on: date) -> gpd.GeoDataFrame:
    del version
    return layers.read_cameras(_store(location), on=on)


def cameras(on: date) -> gpd.GeoDataFrame:
    """Give the cameras that stand on a day, with their state, WGS84."""
    store = session.store()
    return _cameras(store.location, store.version, on)


@st.cache_data(max_entries=16, show_spinner=False)
def _places(location: str, version: int, request: places.PlacesRequest) -> places.PlacesAnswer:
    del version
    return places.answer(_store(location), request)


def places_answer(request: places.PlacesRequest) -> places.PlacesAnswer:
    """Give cameras, sites and incidents for the map, read once."""
    store = session.store()
    return _places(store.location, store.version, request)


@st.cache_data(max_entries=8, show_spinner=False)
def _holdings(location: str, version: int, today: date) -> holdings.HoldingsAnswer:
    del version
    return holdings.answer(_store(location), today=today)


def holdings_answer() -> holdings.HoldingsAnswer:
    """Give what the store is and holds, counted once."""
    store = session.store()
    return _holdings(store.location, store.version, session.today())


@st.cache_resource(max_entries=4, show_spinner=False)
def _ground(location: str, version: int) -> ground.Stored:
    del version
    return ground.Stored(_store(location))


def base(on: date | None = None) -> maps.Base:
    """Give the map's base: wards of a day (today's), and the ground under them; written once."""
    store = session.store()

    def load() -> maps.City:
        return maps.City(wards=wards(on), ground=_ground(store.location, store.version))

    return maps.base((store.location, store.version, session.division(on)), load)
