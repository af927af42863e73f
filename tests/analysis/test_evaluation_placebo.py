import time

import numpy as np
import placebo_cities as cities
import pytest

from analysis import evaluation
from analysis.errors import InvalidValueError
from analysis.evaluation import placebo
from analysis.evaluation.textbook import textbook_sets
from analysis.evaluation.units import units


@pytest.fixture(scope="module")
def quiet_city():
    """A city of 1,600 squares in which nothing was done: a year after and three before."""
    made = cities.city(7)
    after, history = made.years(48)
    return after, history, made.xy


def hot(history, start, n, step):
    return np.argsort(-history.sum(axis=0), kind="stable")[start : start + n * step : step]


def test_the_textbook_for_many_sets_is_the_textbook_for_each():
    rng = np.random.default_rng(2)
    before, after = rng.poisson(rng.gamma(2, 8, (1, 80)).repeat(2, axis=0)).astype(float)
    available = rng.random(80) < 0.8
    sets = np.stack([rng.choice(80, 9, replace=False) for _ in range(10)])
    found = textbook_sets(before, after, sets=sets, available=available)
    for k, chosen in enumerate(sets):
        others = available.copy()
        others[chosen] = False
        phi = evaluation.dispersion(before[others], after[others])
        sums = {
            "treated_before": before[chosen].sum(),
            "treated_after": after[chosen].sum(),
            "control_before": before[others].sum(),
            "control_after": after[others].sum(),
        }
        ratio = evaluation.rirr(**sums, dispersion=phi)
        assert found.ratio_p[k] == pytest.approx(ratio.p, rel=1e-9)
        difference = evaluation.wdd(
            treated=(sums["treated_before"], sums["treated_after"]),
            control=(sums["control_before"], sums["control_after"]),
            area_weights=(1, sums["control_before"] / sums["treated_before"], 1, 1),
        )
        assert found.difference_statistic[k] == pytest.approx(difference.estimate / difference.se)


def test_a_set_without_events_has_no_ratio_and_no_alarm():
    found = textbook_sets(
        np.array([0.0, 5, 5, 5]),
        np.array([0.0, 5, 4, 6]),
        sets=np.array([[0]]),
        available=np.ones(4, dtype=bool),
    )
    assert np.isnan(found.ratio_p[0])


def test_sets_are_drawn_from_available_units_only_and_none_twice(quiet_city):
    _, history, xy = quiet_city
    available = np.random.default_rng(1).random(len(xy)) < 0.6
    city = units(history, xy=xy, available=available)
    like = hot(history, 5, 15, 4)
    for rule in ("random", "hottest", "clustered", "alike"):
        sets = placebo.draw_sets(
            city, like=like, options=placebo.BadgeOptions(rule=rule, n_sets=50, seed=3)
        )
        assert sets.shape == (50, 15)
        assert available[sets].all()
        assert all(len(set(row)) == 15 for row in sets.tolist())
        assert len({tuple(sorted(row)) for row in sets.tolist()}) == 50


def test_each_rule_chooses_what_its_name_says(quiet_city):
    _, history, xy = quiet_city
    city = units(history, xy=xy)
    like = hot(history, 100, 12, 2)

    def drawn(rule, **options):
        return placebo.draw_sets(
            city, like=like, options=placebo.BadgeOptions(rule=rule, n_sets=60, **options)
        )

    ranks = city.rank[drawn("hottest", top_share=0.05)]
    assert ranks.max() < 0.05 * len(xy)
    assert city.rank[drawn("random")].mean() == pytest.approx(len(xy) / 2, rel=0.1)
    apart = np.sort(city.rank[drawn("alike")], axis=1) - np.sort(city.rank[like])
    assert np.abs(apart).max() <= 2 * placebo.ALIKE_RANKS
    for row in drawn("clustered", cluster_size=4):
        distance = np.hypot(*(xy[row][:, None] - xy[row][None]).transpose(2, 0, 1))
        assert (np.sort(distance, axis=1)[:, 1] <= 1.5).all()


def test_the_same_seed_draws_the_same_badge_and_another_draws_another(quiet_city):
    after, history, xy = quiet_city
    asked = {"xy": xy, "treated": hot(history, 20, 10, 5)}

    def drawn(seed):
        options = evaluation.BadgeOptions(rule="hottest", n_sets=100, seed=seed)
        return evaluation.badge(after, history, **asked, options=options)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_the_badge_counts_what_each_set_says_when_asked_alone(quiet_city):
    after, history, xy = quiet_city
    treated = hot(history, 20, 10, 5)
    options = evaluation.BadgeOptions(rule="hottest", n_sets=40)
    badge = evaluation.badge(after, history, xy=xy, treated=treated, options=options)
    free = np.ones(len(xy), dtype=bool)
    free[treated] = False
    city = units(history, xy=xy, available=free)
    alone = [
        evaluation.compare(after, history, xy=xy, treated=chosen, available=free)
        for chosen in placebo.draw_sets(city, like=treated, options=options)
    ]
    judged = [result for result in alone if not result.cannot_tell]
    assert badge.n_judged == len(judged)
    assert badge.false_alarm_rate == pytest.approx(np.mean([r.p < 0.05 for r in judged]))
    assert badge.bias == pytest.approx(np.mean([r.observed / r.expected - 1 for r in judged]))


def test_treated_units_are_in_no_placebo_set_nor_in_its_comparison(quiet_city):
    after, history, xy = quiet_city
    treated = hot(history, 10, 20, 3)
    spoilt = after.copy()
    spoilt[treated] *= 50
    options = evaluation.BadgeOptions(rule="hottest", n_sets=100)
    one, other = (
        evaluation.badge(counts, history, xy=xy, treated=treated, options=options)
        for counts in (after, spoilt)
    )
    assert one.false_alarm_rate == other.false_alarm_rate
    assert one.false_alarm_rate_ratio == other.false_alarm_rate_ratio
    assert other.p_calibrated == pytest.approx(2 / (other.n_judged + 1))


def test_over_simulated_cities_the_local_comparison_keeps_its_promise_and_the_textbook_does_not():
    """A small run of tests/benchmarks/placebo_false_alarms.py: 12 city-years, 1,200 sets."""
    ours, ratio, judged = 0.0, 0.0, 0
    for seed in range(20, 26):
        made = cities.city(seed)
        for start in (48, 72):
            after, history = made.years(start)
            badge = evaluation.badge(
                after,
                history,
                xy=made.xy,
                treated=hot(history, 10, 20, 3),
                options=evaluation.BadgeOptions(rule="hottest", n_sets=100, top_share=0.05),
            )
            judged += badge.n_judged
            ours += badge.false_alarm_rate * badge.n_judged
            ratio += badge.false_alarm_rate_ratio
    assert judged > 1000
    assert ours / judged < 0.08
    assert ratio / 12 > 0.1


def test_a_badge_of_500_sets_on_150_000_incidents_takes_under_3_seconds():
    made = cities.city(5, cities.Recipe(n_a_year=37_500, n_years=4))
    after, history = made.years(36)
    assert 145_000 < after.sum() + history.sum() < 155_000
    for rule in ("hottest", "clustered"):
        start = time.process_time()
        evaluation.badge(
            after,
            history,
            xy=made.xy,
            treated=hot(history, 10, 20, 3),
            options=evaluation.BadgeOptions(rule=rule),
        )
        assert time.process_time() - start < 3


def test_what_cannot_be_drawn_is_refused(quiet_city):
    after, history, xy = quiet_city
    for wrong in (
        {"rule": "coldest"},
        {"n_sets": 0},
        {"top_share": 2.0},
        {"cluster_size": 0},
        {"level": 95},
    ):
        with pytest.raises(InvalidValueError):
            evaluation.BadgeOptions(**wrong)
    few = np.zeros(len(xy), dtype=bool)
    few[:5] = True
    for rule in ("random", "hottest", "clustered", "alike"):
        with pytest.raises(InvalidValueError):
            evaluation.badge(
                after,
                history,
                xy=xy,
                treated=np.arange(100, 110),
                available=few,
                options=evaluation.BadgeOptions(rule=rule),
            )
