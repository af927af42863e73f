"""What plans are made of, built behind the page before it is asked for, and kept.

A basis takes seconds to build and serves every request that differs in what only the search is
about: number, money, objective, quotas, time. It is kept for all visits, by store and version.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Lock

import streamlit as st

from analysis import siting
from analysis.demand import Demand
from dashboard import houses, session
from dashboard.questions import city, looks, plan_basis
from dashboard.questions.looks import LooksRequest, Seeing
from dashboard.questions.plan_basis import Basis, Known
from dashboard.questions.plan_request import ALL, PlanRequest


class Preparation:
    """A basis that is built once, by whoever comes first.

    Parameters
    ----------
    build
        Builds it.
    """

    def __init__(self, build: Callable[[], Basis]) -> None:
        self._build = build
        self._lock = Lock()
        self._future: Future[Basis] | None = None

    def begin(self, executor: Executor) -> None:
        """Have it built behind, when its turn comes; once is enough."""
        with self._lock:
            if self._future is None:
                self._future = executor.submit(self._build)

    def drop(self) -> None:
        """Take it out of the queue, unless its turn has come."""
        with self._lock:
            if self._future is not None and self._future.cancel():
                self._future = None

    def wait(self) -> Basis:
        """Give it; one whose turn has not come is built here. One that failed is tried again."""
        with self._lock:
            future = self._future
            is_own = future is None or future.cancel() or _has_failed(future)
            if is_own:
                future = self._future = Future()
                future.set_running_or_notify_cancel()  # from here on nobody else drops it
        assert future is not None  # noqa: S101  it is a new one then
        if is_own:
            try:
                future.set_result(self._build())
            # whoever else waits for it is told as well
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()


def _has_failed(future: Future[Basis]) -> bool:
    return future.done() and future.exception() is not None


@st.cache_resource(show_spinner=False)
def _behind() -> Executor:
    """Build one at a time, so that the pages stay quick."""
    return ThreadPoolExecutor(1, thread_name_prefix="plan basis")


@st.cache_resource(max_entries=4, show_spinner=False)
def _preparation(location: str, version: int, request: PlanRequest) -> Preparation:
    def build() -> Basis:
        siting.warm_up()
        store, ground = session.open_store(location), houses.prepared(location, version)
        known = Known(
            seeing=_seeing(location, version, request.looks),
            demand=_demand(location, version, request.for_demand),
        )
        return plan_basis.build(store, request, ground=ground, known=known)

    return Preparation(build)


@st.cache_resource(max_entries=2, show_spinner=False)
def _seeing(location: str, version: int, request: LooksRequest) -> Seeing:
    """Give what the cameras see, for all bases that see alike."""
    ground = houses.prepared(location, version)
    return looks.answer(session.open_store(location), request, ground=ground)


@st.cache_resource(max_entries=2, show_spinner=False)
def _demand(location: str, version: int, request: PlanRequest) -> Demand:
    """Give what deserves watching, for all bases that ask for the same."""
    store, ground = session.open_store(location), houses.prepared(location, version)
    wards = city.wards_on(store, request.on)
    return plan_basis.demand_points(store, request, wards, ground)


def of(location: str, version: int, request: PlanRequest) -> Preparation:
    """Give the preparation of the basis that a request would have."""
    return _preparation(location, version, request.for_basis)


def prepare(location: str, version: int, request: PlanRequest) -> Preparation:
    """Begin to build the basis that a request would have, behind."""
    preparation = of(location, version, request)
    preparation.begin(_behind())
    return preparation


def basis(location: str, version: int, request: PlanRequest) -> Basis:
    """Give the basis of a request, as ``plan_basis.build`` would, and raising the same."""
    found = of(location, version, request).wait()
    quotas = (*request.ward_min, *request.ward_max)
    named = tuple(code for code, _ in quotas if code != ALL)
    city.check_choices("ward", named, found.wards.outlines.index)
    return dataclasses.replace(found, request=request)
