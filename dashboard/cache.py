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
    hot_spots,
    looks,
    month,
    month_known,
    month_series,
    month_wards,
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


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(location: str, version: int, today: date, division: str | None) -> month_known.Known:
    del version
    return month_known.read(_store(location), on=today, today=today, division=division)


@st.cache_data(max_entries=64, show_spinner=False)
def _last_day(location: str, version: int, name: date, today: date) -> date:
    del version
    return month_known.last_day(_store(location), name, today=today)


@st.cache_data(max_entries=64, show_spinner=False)
def _division(location: str, version: int, on: date) -> str | None:
    del version
    return layers.division_on(_store(location), on)


def _known_for(location: str, version: int, request: month.MonthRequest) -> month_known.Known:
    """Give the city's incidents, counted in the division of the month: once for all months."""
    division = request.division
    if division is None:
        last = _last_day(location, version, request.month, request.today)
        division = _division(location, version, last)
        if division is None:
            raise city.no_wards_for(_store(location), last)
    return _known(location, version, request.today, division)


@st.cache_data(max_entries=32, show_spinner=False)
def _month(location: str, version: int, request: month.MonthRequest) -> month.MonthAnswer:
    known = _known_for(location, version, request)
    return month.answer(_store(location), request, known=known)


def month_answer(request: month.MonthRequest) -> month.MonthAnswer:
    """Give a month's counts, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _month(store.location, store.version, request)


@st.cache_data(max_entries=32, show_spinner=False)
def _control(location: str, version: int, request: month.MonthRequest) -> pd.DataFrame:
    known = _known_for(location, version, request)
    return month_series.control(known, _month(location, version, request))


def month_control(request: month.MonthRequest) -> pd.DataFrame:
    """Give each of the last months against what was usual then, computed once."""
    store = session.store()
    return _control(store.location, store.version, request)


@st.cache_data(max_entries=32, show_spinner=False)
def _forecast(
    location: str, version: int, request: month.MonthRequest
) -> month_series.Forecast | None:
    known = _known_for(location, version, request)
    return month_series.forecast(known, _month(location, version, request))


def month_forecast(request: month.MonthRequest) -> month_series.Forecast | None:
    """Give the months ahead with their record, computed once."""
    store = session.store()
    return _forecast(store.location, store.version, request)


def month_panels(request: month.MonthRequest, by: str) -> pd.DataFrame:
    """Give the last months of each ward or type; quick, so it is not kept."""
    store = session.store()
    at = store.location, store.version
    return month_series.panels(_known_for(*at, request), _month(*at, request), by=by)


def month_days(request: month.MonthRequest) -> pd.DataFrame:
    """Give each day of the last twelve months; quick, so it is not kept."""
    store = session.store()
    at = store.location, store.version
    return month_series.each_day(_known_for(*at, request), _month(*at, request))


@st.cache_data(max_entries=32, show_spinner=False)
def _wards_compared(
    location: str, version: int, request: month.MonthRequest, n_months: int
) -> month_wards.WardsAnswer | None:
    known = _known_for(location, version, request)
    return month_wards.answer(known, _month(location, version, request), n_months=n_months)


def month_wards_answer(
    request: month.MonthRequest, n_months: int
) -> month_wards.WardsAnswer | None:
    """Give the wards' rates side by side, computed once."""
    store = session.store()
    return _wards_compared(store.location, store.version, request, n_months)


@st.cache_data(max_entries=16, show_spinner=False)
def _hot_spots(
    location: str, version: int, request: hot_spots.HotSpotsRequest
) -> hot_spots.HotSpotsAnswer:
    del version
    return hot_spots.answer(_store(location), request)


def hot_spots_answer(request: hot_spots.HotSpotsRequest) -> hot_spots.HotSpotsAnswer:
    """Give a month's hot spots, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _hot_spots(store.location, store.version, request)


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
    of_month = month.MonthRequest(month=request.month, today=request.today)
    known = _known_for(location, version, of_month)
    return overview.answer(_store(location), request, known=known)


def overview_answer(request: overview.OverviewRequest) -> overview.OverviewAnswer:
    """Give the past months, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _overview(store.location, store.version, request)


@st.cache_data(max_entries=32, show_spinner=False)
def _rhythm(
    location: str, version: int, request: rhythm.RhythmRequest, today: date
) -> rhythm.RhythmAnswer:
    division = request.division or _division(location, version, request.until)
    known = _known(location, version, today, division)
    return rhythm.answer(_store(location), request, known=known)


def rhythm_answer(request: rhythm.RhythmRequest, *, today: date) -> rhythm.RhythmAnswer:
    """Give the week's rhythm, computed once."""
    store = session.store()
    return _rhythm(store.location, store.version, request, today)


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
