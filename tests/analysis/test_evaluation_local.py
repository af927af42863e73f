"""The local comparison against a plain implementation of its recipe, by hand, and by simulation."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis import evaluation
from analysis.errors import InvalidValueError
from analysis.evaluation import local
from analysis.evaluation.units import units


def plain(after, history, xy, treated, available, level=0.95):  # noqa: C901, PLR0915
    """The recipe of METHODS.md, sentence by sentence, in loops; nothing shared with the code."""
    # long on purpose: one recipe, read from top to bottom
    y = [float(v) for v in after]
    n_units, k = len(y), min(len(history), 3)
    weights = [0.5, 0.3, 0.2][:k]
    mean = [
        sum(w * history[j][i] for j, w in enumerate(weights)) / sum(weights) for i in range(n_units)
    ]

    def apart(i, j):
        return math.dist(xy[i], xy[j])

    around, score = [], []
    for i in range(n_units):
        near = [mean[j] for j in range(n_units) if j != i and apart(i, j) <= 1.5]
        around.append(sum(near) / len(near) if near else mean[i])
        lam = 0.1 * (4 - k)
        score.append((1 - lam) * mean[i] + lam * around[i])
    order = sorted(range(n_units), key=lambda i: (-round(score[i], 9), i))
    rank = {unit: position for position, unit in enumerate(order)}
    control = [i for i in range(n_units) if available[i] and i not in treated]

    big_w, big_ws = dict.fromkeys(control, 0.0), dict.fromkeys(control, 0.0)
    alone, surpassed = False, 0.0
    for t in treated:
        kernel = {}
        for i in control:
            d = abs(rank[t] - rank[i])
            if d < 25:
                kernel[i] = (1 - (d / 25) ** 3) ** 3
        if not kernel:
            alone = True
            continue
        for i, value in kernel.items():
            big_w[i] += value / sum(kernel.values())
            big_ws[i] += score[t] * value / sum(kernel.values())
        if sum(rank[i] < rank[t] for i in kernel) >= 3:
            surpassed += score[t]

    x = []
    for i in range(n_units):
        older = [history[j][i] for j in range(1, k)]
        x.append([1.0, history[0][i], *([sum(older) / len(older)] if older else []), around[i]])
    x = np.array(x, dtype=float)
    p = x.shape[1]
    a, right = np.zeros((p, p)), np.zeros(p)
    g = {}
    for i in control:
        g[i] = (big_w[i] + len(treated) / n_units) / (score[i] + 0.5)
        a += g[i] * np.outer(x[i], x[i])
        right += g[i] * x[i] * y[i]
    b = np.linalg.solve(a, right)
    mu = [max(float(x[i] @ b), 0.25) for i in range(n_units)]
    expected = max(sum(float(x[t] @ b) for t in treated), 0.25 * len(treated))
    observed = sum(y[t] for t in treated)

    total_ws = sum(big_ws.values())
    n_eff = total_ws**2 / sum(v * v for v in big_ws.values())
    phi_c = sum(big_ws[i] * (y[i] - mu[i]) ** 2 / mu[i] for i in control) / total_ws
    df_c = max(n_eff - p, 0.0)
    phi_c = phi_c * n_eff / df_c if df_c > 0 else 0.0
    rho = observed / sum(mu[t] for t in treated)
    total_s = sum(score[t] for t in treated)
    n_t = total_s**2 / sum(score[t] ** 2 for t in treated)
    phi_t, df_t = 0.0, 0.0
    if n_t > 1 and rho > 0:
        df_t = n_t - 1
        phi_t = sum(score[t] * (y[t] - rho * mu[t]) ** 2 / (rho * mu[t]) for t in treated)
        phi_t = phi_t / total_s * n_t / df_t
    phi = max(1.0, (df_c * phi_c + df_t * phi_t) / (df_c + df_t))
    df = max(3.0, df_c + df_t)

    to = np.linalg.solve(a, sum(x[t] for t in treated))
    v_e = sum((g[i] * float(x[i] @ to)) ** 2 * phi * mu[i] for i in control)

    pair_total = sum(score[t] * score[u] for t in treated for u in treated if t != u)
    near_share = (
        sum(score[t] * score[u] for t in treated for u in treated if t != u and apart(t, u) <= 5)
        / pair_total
        if pair_total
        else 0.0
    )
    tau2 = 0.0
    if near_share >= 0.25:
        tau2 = plain_common_variance(y, mu, control, treated, score, apart)
    se0 = math.sqrt(phi / expected + v_e / expected**2 + tau2)
    z = (observed - expected) / (expected * se0)
    t_quantile = stats.t.ppf((1 + level) / 2, df)
    theta = math.log((observed + 0.5) / (expected + 0.5))
    reach = t_quantile * math.sqrt(phi / (observed + 0.5) + v_e / expected**2 + tau2)
    fall = 1 - math.exp(-(t_quantile + 0.84) * se0)
    against = {
        "too_few_places": len(treated) < 3,
        "no_control": alone,
        "control_too_thin": n_eff < 8,
        "control_too_uncertain": v_e / (phi * expected) > 1.5,
        "no_hotter_control": surpassed / total_s < 0.5,
        "one_cluster": near_share >= 0.5,
        "fall_undetectable": fall > 0.5,
        "too_few_events": expected < 50,
    }
    return {
        "observed": observed,
        "expected": expected,
        "change": math.exp(theta) - 1,
        "low": math.exp(theta - reach) - 1,
        "high": math.exp(theta + reach) - 1,
        "p": 2 * stats.t.sf(abs(z), df),
        "dispersion": phi,
        "df": df,
        "smallest_detectable_fall": fall,
        "near_share": near_share,
        "cannot_tell": tuple(code for code, is_true in against.items() if is_true),
    }


def plain_common_variance(y, mu, control, treated, score, apart):
    edges = [1.5, 3, 5, 8, 12, 17]

    def ring(distance):
        return next((k for k, edge in enumerate(edges) if distance <= edge), None)

    control = [i for i in control if mu[i] > 0.25]
    pearson = {i: (y[i] - mu[i]) / math.sqrt(mu[i]) for i in control}
    limit = 4 * math.sqrt(sum(v * v for v in pearson.values()) / max(len(pearson), 1))
    residual = {i: max(-limit, min(limit, v)) * math.sqrt(mu[i]) for i, v in pearson.items()}
    cross, size = [0.0] * 6, [0.0] * 6
    for n, i in enumerate(control):
        for j in control[:n]:
            k = ring(apart(i, j))
            if k is not None:
                cross[k] += residual[i] * residual[j]
                size[k] += mu[i] * mu[j]
    # pool neighbouring rings until no ring shares more than the one inside it
    blocks = [[c, s, 1] for c, s in zip(cross, size, strict=True)]

    def share(block):
        return block[0] / block[1] if block[1] else 0.0

    n = 0
    while n + 1 < len(blocks):
        if share(blocks[n]) < share(blocks[n + 1]):
            joined = [u + v for u, v in zip(blocks[n], blocks[n + 1], strict=True)]
            blocks[n : n + 2] = [joined]
            n = max(n - 1, 0)
        else:
            n += 1
    shared = [max(share(block), 0.0) for block in blocks for _ in range(block[2])]
    total = sum(score[t] for t in treated)
    tau2 = 0.0
    for t in treated:
        for u in treated:
            k = ring(apart(t, u))
            if t != u and k is not None:
                tau2 += score[t] * score[u] / total**2 * shared[k]
    return tau2


def random_city(seed, *, n_years=3, side=14, heat=20.0):
    """Counts of a city whose quarters share their luck, with hot places, on a square grid."""
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2).astype(float)
    usual = rng.gamma(0.6, heat / 0.6, side * side) + 0.2
    quarter = (xy[:, 0] // 5 * 10 + xy[:, 1] // 5).astype(int)
    counts = []
    for _ in range(n_years + 1):
        luck = np.exp(rng.normal(0, 0.15, 100))[quarter]
        counts.append(rng.poisson(usual * luck * rng.gamma(8, 1 / 8, side * side)))
    return np.array(counts[0]), np.array(counts[1:]), xy, usual, rng


@pytest.mark.parametrize("seed", range(24))
def test_the_comparison_is_the_recipe_written_out(seed):
    # every fifth city is so quiet that many places are equally hot
    after, history, xy, usual, rng = random_city(
        seed, n_years=1 + seed % 4, heat=20 if seed % 5 else 4
    )
    kind = seed % 3
    if kind == 0:
        treated = rng.choice(len(after), 6, replace=False)
    elif kind == 1:
        treated = np.argsort(-usual)[2 : 2 + 3 * (seed % 7 + 1) : 3]
    else:  # a loose cluster and some others, so that common luck counts
        middle = xy[rng.integers(len(xy))]
        close = np.argsort(np.hypot(*(xy - middle).T), kind="stable")[:5]
        treated = np.unique(np.append(close, rng.choice(len(after), 4, replace=False)))
    available = rng.random(len(after)) < 0.9
    level = 0.9 if seed % 2 else 0.95
    mine = evaluation.compare(
        after, history, xy=xy, treated=treated, available=available, level=level
    )
    theirs = plain(after, history, xy, [int(t) for t in treated], available, level)
    for name, value in theirs.items():
        if name == "cannot_tell":
            assert mine.cannot_tell == value
        else:
            assert getattr(mine, name) == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_the_random_cases_reach_every_road_of_the_recipe():
    """Guards the test above: common luck is used and refusals of several kinds happen."""
    seen = set()
    for seed in range(2, 24, 3):
        after, history, xy, _, rng = random_city(seed, n_years=1 + seed % 4)
        middle = xy[rng.integers(len(xy))]
        close = np.argsort(np.hypot(*(xy - middle).T), kind="stable")[:5]
        treated = np.unique(np.append(close, rng.choice(len(after), 4, replace=False)))
        result = evaluation.compare(after, history, xy=xy, treated=treated)
        seen.add("shared" if result.near_share >= 0.25 else "apart")
        seen.update(result.cannot_tell)
    assert "shared" in seen
    assert len(seen) >= 3


def test_many_sets_at_once_are_each_what_they_are_alone():
    after, history, xy, _, rng = random_city(3)
    sets = np.stack([rng.choice(len(after), 7, replace=False) for _ in range(12)])
    city = units(history, xy=xy)
    together = local.compare_sets(city, sets, after.astype(float))
    for k, treated in enumerate(sets):
        alone = evaluation.compare(after, history, xy=xy, treated=treated)
        assert together.p[k] == pytest.approx(alone.p, rel=1e-9)
        assert together.expected[k] == pytest.approx(alone.expected, rel=1e-9)
        assert together.is_refused[k] == bool(alone.cannot_tell)


def test_numbering_the_units_otherwise_changes_nothing():
    after, history, xy, usual, rng = random_city(5)
    history = history + rng.random(history.shape) / 100  # no ties in rank
    treated = np.argsort(-usual)[3:40:4]
    shuffled = rng.permutation(len(after))
    place = np.empty_like(shuffled)
    place[shuffled] = np.arange(len(shuffled))
    one = evaluation.compare(after, history, xy=xy, treated=treated)
    other = evaluation.compare(
        after[shuffled], history[:, shuffled], xy=xy[shuffled], treated=place[treated]
    )
    assert (one.p, one.change, one.low) == pytest.approx((other.p, other.change, other.low))
    turned = evaluation.compare(after, history, xy=xy[:, ::-1] * [1, -1] + 7, treated=treated)
    assert turned.p == pytest.approx(one.p)


def test_of_equally_hot_units_the_lower_number_comes_first_whatever_the_last_bit_says():
    # 0.3 · 2 = 0.2 · 3, but not in the computer's fractions
    history = [[0, 0, 0], [2, 0, 2], [0, 3, 0]]
    assert units(history, xy=[[0, 0], [9, 0], [18, 0]]).order.tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(4))
def test_open_country_where_hardly_anything_happens_is_no_common_luck(seed):
    rng = np.random.default_rng(seed)
    xy = np.stack(np.divmod(np.arange(900), 30), axis=-1).astype(float)
    is_town = np.hypot(*(xy - 14.5).T) < 9
    after, *history = rng.poisson(np.where(is_town, rng.gamma(1, 2, 900), 0.01), (4, 900))
    history = np.array(history)
    treated = np.flatnonzero(is_town & (history[0] > 3) & (xy[:, 0] > 14))
    town = np.flatnonzero(is_town)
    shared = [
        local.compare_sets(
            units(history[:, place], xy=xy[place]),
            np.searchsorted(place, treated)[None],
            after[place].astype(float),
        ).shared_variance[0]
        for place in (town, np.arange(900))
    ]
    assert shared[1] == pytest.approx(shared[0], abs=0.015)


def test_what_happened_at_the_treated_changes_no_expectation():
    after, history, xy, usual, _ = random_city(8)
    treated = np.argsort(-usual)[3:40:4]
    halved = after.copy()
    halved[treated] //= 2
    one = evaluation.compare(after, history, xy=xy, treated=treated)
    other = evaluation.compare(halved, history, xy=xy, treated=treated)
    assert one.expected == other.expected
    assert other.change < one.change
    assert other.observed == (after[treated] // 2).sum()


def test_places_no_camera_may_be_compared_with_do_not_count():
    after, history, xy, usual, rng = random_city(9)
    treated = np.argsort(-usual)[3:40:4]
    available = rng.random(len(after)) < 0.7
    spoilt = np.where(available | np.isin(np.arange(len(after)), treated), after, 10_000)
    one = evaluation.compare(after, history, xy=xy, treated=treated, available=available)
    other = evaluation.compare(spoilt, history, xy=xy, treated=treated, available=available)
    assert one == other


def test_a_halving_is_called_a_fall_and_a_doubling_a_rise():
    after, history, xy, usual, _ = random_city(11, side=25, heat=30)
    treated = np.argsort(-usual)[10:70:3]
    for factor, outcome in [(0.5, "fell"), (2, "rose")]:
        changed = after.copy()
        changed[treated] = (changed[treated] * factor).astype(int)
        result = evaluation.compare(changed, history, xy=xy, treated=treated)
        assert result.cannot_tell == ()
        assert result.verdict.outcome == outcome
        assert (result.change < 0) == (factor < 1)


def test_the_hottest_places_of_all_have_nothing_to_be_compared_with():
    after, history, xy, _, _ = random_city(12, side=25, heat=30)
    hottest = np.argsort(-units(history, xy=xy).rank)[::-1][:20]
    result = evaluation.compare(after, history, xy=xy, treated=hottest)
    assert "no_hotter_control" in result.cannot_tell
    assert result.verdict.outcome == "cannot_tell"


def test_sites_that_all_stand_together_are_refused():
    after, history, xy, _, _ = random_city(13, side=25, heat=30)
    result = evaluation.compare(after, history, xy=xy, treated=np.arange(8))
    assert result.near_share > 0.5
    assert "one_cluster" in result.cannot_tell


def test_few_places_few_events_and_no_control_are_said():
    after, history, xy, usual, _ = random_city(14)
    assert (
        "too_few_places" in evaluation.compare(after, history, xy=xy, treated=[4, 90]).cannot_tell
    )
    cold = np.argsort(usual)[:5]
    assert "too_few_events" in evaluation.compare(after, history, xy=xy, treated=cold).cannot_tell
    nobody = evaluation.compare(
        after, history, xy=xy, treated=[4, 90, 140], available=np.zeros(len(after), dtype=bool)
    )
    assert {"no_control", "control_too_thin"} <= set(nobody.cannot_tell)
    nothing = evaluation.compare(after * 0, history * 0, xy=xy, treated=[4, 90, 140])
    assert "too_few_events" in nothing.cannot_tell
    assert nothing.verdict.outcome == "cannot_tell"


def test_a_set_that_already_moved_a_year_earlier_is_warned_of():
    after, history, xy, usual, _ = random_city(15, side=25, heat=30)
    treated = np.argsort(-usual)[10:70:3]
    assert evaluation.compare(after, history, xy=xy, treated=treated).warnings == ()
    history[0, treated] //= 3
    assert evaluation.compare(after, history, xy=xy, treated=treated).warnings == (
        "moved_year_before",
    )


def test_a_verdict_needs_test_and_interval_to_agree():
    after, history, xy, _, _ = random_city(17, side=25, heat=30)
    found = evaluation.compare(after, history, xy=xy, treated=np.arange(40, 600, 40))
    clear = replace(found, cannot_tell=(), change=-0.3, low=-0.5, high=-0.1, p=0.01)
    assert clear.verdict.outcome == "fell"
    assert replace(clear, low=0.1, high=0.5).verdict.outcome == "rose"
    for doubtful in (replace(clear, p=0.06), replace(clear, high=0.1)):
        assert doubtful.verdict.outcome == "cannot_tell"
        assert "test_and_interval_disagree" in doubtful.verdict.reasons
    assert replace(clear, cannot_tell=("one_cluster",)).verdict.reasons == ("one_cluster",)


def test_what_cannot_be_is_refused_by_the_comparison():
    after, history, xy, _, _ = random_city(16)
    fine = {"xy": xy, "treated": [1, 2, 3]}
    for wrong in (
        lambda: evaluation.compare(after[:-1], history, **fine),
        lambda: evaluation.compare(-after - 1, history, **fine),
        lambda: evaluation.compare(after, history[:0], **fine),
        lambda: evaluation.compare(after, history * np.nan, **fine),
        lambda: evaluation.compare(after, history, xy=xy[:-1], treated=[1]),
        lambda: evaluation.compare(after, history, xy=xy, treated=[]),
        lambda: evaluation.compare(after, history, xy=xy, treated=[1, 1]),
        lambda: evaluation.compare(after, history, xy=xy, treated=[len(after)]),
        lambda: evaluation.compare(after, history, xy=xy, treated=[-1]),
        lambda: evaluation.compare(after, history, **fine, level=95),
        lambda: evaluation.compare(after, history, **fine, available=[True]),
    ):
        with pytest.raises(InvalidValueError):
            wrong()
