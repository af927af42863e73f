"""What plans are made of, built behind the page: once for all that only the search is about."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from dashboard.plan_page import bases
from dashboard.plan_page.bases import Preparation
from dashboard.questions import looks, plan_basis
from dashboard.questions.city import UnknownChoiceError
from dashboard.questions.plan_request import PlanRequest
from data.rows import Source, write_batch

DAY = date(2023, 12, 31)
ASKED = PlanRequest(on=DAY, count=1)
SOON_S = 60


@pytest.fixture
def street(drawn_city):
    """The drawn street with a model that looks all round."""
    row = {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0,
           "cost": 4e6, "kind": "fisheye", "pixels_across": None}  # fmt: skip
    with drawn_city.begin(actor="tester") as transaction:
        write_batch(transaction, "camera_models", [row], source=Source(file_name="drawing"))
    return drawn_city


@pytest.fixture
def built(monkeypatch):
    """The requests for which a basis was built."""
    requests, build = [], plan_basis.build

    def told(store, request, **known):
        requests.append(request)
        return build(store, request, **known)

    monkeypatch.setattr(plan_basis, "build", told)
    return requests


def basis(store, request):
    return bases.basis(store.location, store.version, request)


SEARCH_ONLY = [
    {"count": 7},
    {"backup": 0.3},
    {"floor": 0.1, "objective": "worst_ward"},
    {"ward_min": (("101", 1),), "ward_max": (("all", 3),)},
    {"spacing_m": 80.0},
    {"time_limit_s": 3.0},
]


def test_requests_that_differ_in_what_the_search_is_about_share_a_basis(street, built):
    first = basis(street, ASKED)
    for wishes in SEARCH_ONLY:
        request = replace(ASKED, **wishes)
        found = basis(street, request)
        assert found.request == request
        assert found.cover is first.cover
    assert len(built) == 1


def test_bases_that_differ_in_what_may_be_chosen_share_demand_and_views(street):
    first = basis(street, ASKED)
    other = basis(street, replace(ASKED, repair=False, forbid=("B1",)))
    assert other.demand is first.demand
    assert other.seeing is first.seeing
    assert len(other.options) < len(first.options)
    assert basis(street, replace(ASKED, hours=(6.0, 18.0))).demand is not first.demand
    assert basis(street, replace(ASKED, night=True)).seeing is not first.seeing


@pytest.mark.parametrize(
    "wishes",
    [*SEARCH_ONLY, {"budget": 5e6}, {"repair": False}, {"night": True}, {"months": 3}],
)
def test_a_basis_that_was_kept_is_that_which_would_be_built(wishes, street):
    request = replace(ASKED, **wishes)
    fresh = plan_basis.build(street, request, ground=looks.ground(street))
    kept = basis(street, request)
    assert kept.options.drop(columns="geometry").equals(fresh.options.drop(columns="geometry"))
    assert (kept.cover != fresh.cover).nnz == 0
    np.testing.assert_array_equal(kept.n_seen, fresh.n_seen)
    assert kept.n_without_cost == fresh.n_without_cost


def test_money_another_day_and_another_state_of_the_store_have_a_basis_of_their_own(street, built):
    basis(street, ASKED)
    basis(street, replace(ASKED, budget=5e6))
    basis(street, replace(ASKED, budget=6e6, count=None))  # as the one before
    basis(street, replace(ASKED, on=date(2023, 11, 30)))
    assert len(built) == 3
    row = {"row_key": "S9", "site_id": "S9", "longitude": 105.79, "latitude": 19.81}
    with street.begin(actor="tester") as transaction:
        write_batch(transaction, "sites", [row], source=Source(file_name="drawing"))
    basis(street, ASKED)
    assert len(built) == 4


def test_a_quota_for_a_ward_that_there_is_not_is_refused_by_a_kept_basis_too(street):
    basis(street, ASKED)
    with pytest.raises(UnknownChoiceError):
        basis(street, replace(ASKED, ward_max=(("nowhere", 1),)))


def test_a_basis_that_waits_for_its_turn_is_built_by_who_needs_it():
    gate, builders = threading.Event(), []
    with ThreadPoolExecutor(1) as executor:
        executor.submit(gate.wait, SOON_S)  # the one before
        waiting = Preparation(lambda: builders.append(threading.current_thread()) or "basis")
        waiting.begin(executor)
        assert waiting.wait() == "basis"
        gate.set()
    assert builders == [threading.current_thread()]


def test_a_basis_nobody_wants_any_more_is_not_built():
    gate, builders = threading.Event(), []
    with ThreadPoolExecutor(1) as executor:
        executor.submit(gate.wait, SOON_S)
        stale = Preparation(lambda: builders.append(1))
        stale.begin(executor)
        stale.drop()
        gate.set()
    assert builders == []


def test_two_who_need_a_basis_at_once_have_it_built_once():
    is_building, gate, builders = threading.Event(), threading.Event(), []

    def build():
        builders.append(1)
        is_building.set()
        gate.wait(SOON_S)
        return object()

    shared = Preparation(build)
    with ThreadPoolExecutor(2) as executor:
        first = executor.submit(shared.wait)
        is_building.wait(SOON_S)
        second = executor.submit(shared.wait)
        shared.drop()  # what somebody waits for is not dropped
        gate.set()
        assert first.result(SOON_S) is second.result(SOON_S)
    assert builders == [1]


def test_a_basis_that_failed_is_tried_again():
    tries = []

    def build():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk was away")
        return "basis"

    preparation = Preparation(build)
    with pytest.raises(OSError, match="away"):
        preparation.wait()
    assert preparation.wait() == "basis"
