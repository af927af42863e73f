"""What is said to be proven of a plan, and of which number."""

from datetime import date
from types import SimpleNamespace

import pytest

from analysis.siting import Plan
from dashboard import plan_words
from dashboard.questions.plan_request import PlanRequest
from dashboard.texts import Texts

WORST = PlanRequest(on=date(2024, 12, 31), count=3, objective="worst_ward")


def answer(plan, request=WORST):
    return SimpleNamespace(
        basis=SimpleNamespace(request=request), plan=plan, bound=plan.bound, gap=plan.gap_share
    )


def said(plan, language="en", request=WORST):
    return plan_words.certainty(Texts(language), answer(plan, request))


def test_of_the_worst_ward_each_number_has_its_own_proof():
    both = Plan(status="optimal", value=0.3, bound=0.3, gap_share=0.0, total=80.0, total_bound=80.0)
    ward = Plan(status="feasible", value=0.3, bound=0.3, gap_share=0, total=80.0, total_bound=100.0)
    none = Plan(status="feasible", value=0.3, bound=0.42, gap_share=0.2, total=80.0)
    assert said(both).startswith("Proven: ")
    assert said(ward).startswith("Proven for that ward: ")
    assert "at most 25%" in said(ward)  # 100 is a quarter more than 80
    assert said(none).startswith("Not proven best: ")
    assert "42.0%" in said(none)
    assert said(Plan(status="feasible", value=0.3)) is None


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_the_three_cases_are_told_apart_in_every_language(language):
    plans = [
        Plan(status="optimal", value=0.3, bound=0.3, gap_share=0.0, total=8.0, total_bound=8.0),
        Plan(status="feasible", value=0.3, bound=0.3, gap_share=0.0, total=8.0, total_bound=9.0),
        Plan(status="feasible", value=0.3, bound=0.4, gap_share=0.25, total=8.0),
    ]
    assert len({said(plan, language) for plan in plans}) == 3


def test_a_gap_is_that_of_the_cost_where_the_least_cost_is_asked():
    cheap = PlanRequest(on=date(2024, 12, 31), objective="least_cost", target_share=0.5)
    open_plan = Plan(status="feasible", value=200.0, bound=100.0, gap_share=0.5)
    assert "50% less" in said(open_plan, request=cheap)
    most = PlanRequest(on=date(2024, 12, 31), count=3)
    assert "100% better" in said(Plan(status="feasible", value=1.0, bound=2.0, gap_share=0.5),
                                 request=most)  # fmt: skip
