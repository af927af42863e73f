"""When placebo sets speak against a verdict."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import evaluation
from analysis.evaluation.placebo import BadgeOptions

COMMON = evaluation.Badge(
    rule="alike",
    n_sets=500,
    n_judged=400,
    false_alarm_rate=0.12,
    false_alarm_rate_ratio=0.3,
    false_alarm_rate_difference=0.4,
    bias=0.0,
    p_calibrated=0.2,
    p_calibrated_ratio=0.5,
    level=0.95,
)


def test_a_change_that_is_common_among_placebo_sets_is_no_verdict():
    assert COMMON.against == ("placebos_strayed_as_far",)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"p_calibrated": 0.04},
        {"p_calibrated": None},
        {"n_judged": 99},
        {"level": 0.75},
    ],
    ids=["a rare change", "no statistic", "few sets judged", "a level it is rare at"],
)
def test_placebo_sets_are_silent_where(otherwise):
    assert replace(COMMON, **otherwise).against == ()


def test_in_a_city_whose_places_jump_a_middling_change_is_held_back_and_a_huge_one_is_not():
    # a third of all places shift by a factor, hot and mild alike, more than their past lets expect
    rng = np.random.default_rng(4)
    side = 30
    usual = rng.gamma(4, 10, side * side)
    xy = np.stack(np.divmod(np.arange(side * side), side), axis=-1).astype(float) * 10
    history = rng.poisson(usual, (3, side * side))
    quarter = (xy[:, 0] // 100).astype(int)
    after = rng.poisson(usual * np.array([0.6, 1.0, 1.4])[quarter])
    treated = np.flatnonzero(quarter == 1)[::20]
    options = BadgeOptions(rule="clustered", n_sets=200)
    asked = {"xy": xy, "treated": treated, "options": options}
    plain = evaluation.badge(after, history, **asked)
    assert plain.false_alarm_rate > 0.08
    after[treated] = after[treated] * 8 // 10
    middling = evaluation.badge(after, history, **asked)
    after[treated] = 0
    huge = evaluation.badge(after, history, **asked)
    assert middling.against == ("placebos_strayed_as_far",)
    assert huge.against == ()
