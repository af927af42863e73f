import numpy as np
import pandas as pd
import pytest

from analysis import late_reports
from analysis.errors import InvalidValueError
from analysis.late_reports import LONGEST_DELAY_DAYS, Delays

START = pd.Timestamp("2023-01-01")


def ledger(rng, *, n_days=540, per_day=8.0, chance=0.15, cut=540):
    """Deal incidents with geometric delays, and keep those reported within ``cut`` days."""
    day = np.repeat(np.arange(n_days), rng.poisson(per_day, n_days))
    delay = rng.geometric(chance, len(day)) - 1
    seen = day + delay < cut
    happened = START + pd.to_timedelta(day, unit="D")
    reported = START + pd.to_timedelta(day + delay, unit="D")
    return pd.DataFrame({"happened": happened, "reported": reported, "seen": seen, "day": day})


def test_recent_incidents_known_only_when_reported_soon_do_not_make_delays_look_short():
    frame = ledger(np.random.default_rng(1), per_day=60.0)
    known = frame[frame["seen"]]
    last = START + pd.Timedelta(days=539)
    learned = late_reports.delays(known["happened"], known["reported"], seen_until=last)
    truth = 1 - 0.85 ** (np.arange(LONGEST_DELAY_DAYS + 1) + 1)
    assert np.abs(learned.known_share - truth).max() < 0.01
    recent = known[known["day"] >= 535]
    naive = (recent["reported"] == recent["happened"]).mean()
    assert naive > truth[0] + 0.1  # what a plain share of the last days would have said


def test_a_share_by_hand():
    # four days old: delays 0, 0, 2; seen on day 4. One day old: delay 0 only can be known but 1.
    days = pd.to_datetime(["2024-01-01"] * 300 + ["2024-01-04"] * 100)
    late = pd.to_timedelta([0] * 200 + [2] * 100 + [0] * 100, unit="D")
    learned = late_reports.delays(
        pd.Series(days), pd.Series(days + late), seen_until=pd.Timestamp("2024-01-05")
    )
    # delay 2 among delays up to 2 of the old day: 100 of 300; delay 1: none
    assert learned.known_share[:3].round(9).tolist() == pytest.approx([2 / 3, 2 / 3, 1.0])


def test_nineteen_in_twenty_intervals_hold_the_final_count():
    held, n_runs = 0, 300
    rng = np.random.default_rng(7)
    for _ in range(n_runs):
        frame = ledger(rng, n_days=240, per_day=6.0, cut=240)
        known = frame[frame["seen"]]
        last = START + pd.Timedelta(days=239)
        learned = late_reports.delays(known["happened"], known["reported"], seen_until=last)
        month = np.arange(210, 240)
        counts = np.bincount(known["day"], minlength=240)[210:]
        found = late_reports.nowcast(counts, 239 - month, learned)
        final = (frame["day"] >= 210).sum()
        held += found.low <= final <= found.high
    assert 0.92 * n_runs <= held <= 0.995 * n_runs


def test_a_month_long_ago_is_known_in_full():
    frame = ledger(np.random.default_rng(2))
    known = frame[frame["seen"]]
    learned = late_reports.delays(
        known["happened"], known["reported"], seen_until=START + pd.Timedelta(days=539)
    )
    found = late_reports.nowcast([5, 7], np.array([400, 399]), learned)
    assert (found.n, found.estimate, found.low, found.high) == (12, 12, 12, 12)
    assert found.known_share == 1


def test_an_empty_month_stays_empty():
    learned = Delays(
        known_share=np.full(LONGEST_DELAY_DAYS + 1, 0.5),
        log_variance=np.zeros(LONGEST_DELAY_DAYS + 1),
        n=500,
    )
    found = late_reports.nowcast(np.zeros(30), np.arange(30), learned)
    assert (found.estimate, found.low, found.high, found.known_share) == (0, 0, 0, 1)


def test_from_few_incidents_nothing_is_learned():
    day = pd.Series(pd.date_range("2024-01-01", periods=50))
    assert late_reports.delays(day, day, seen_until=pd.Timestamp("2024-12-31")) is None


def test_incidents_without_a_report_are_left_out_and_reports_before_are_taken_as_at_once():
    day = pd.Series(pd.date_range("2023-01-01", periods=300))
    reported = day - pd.Timedelta(days=1)
    reported.iloc[250:] = pd.NaT
    learned = late_reports.delays(day, reported, seen_until=pd.Timestamp("2024-12-31"))
    assert learned.n == 250
    assert (learned.known_share == 1).all()


def test_counts_and_days_must_be_as_many():
    learned = Delays(known_share=np.ones(121), log_variance=np.zeros(121), n=500)
    with pytest.raises(InvalidValueError):
        late_reports.nowcast([1, 2, 3], np.array([0, 1]), learned)


def test_the_range_of_a_row_holds_what_it_counts_in_the_end():
    # 4,000 rows of which each incident is known by now with a chance of 0.7
    rng = np.random.default_rng(6)
    for mean in (0.5, 4.0, 60.0):
        final = rng.poisson(mean, 4_000)
        known = rng.binomial(final, 0.7)
        estimate, low, high = late_reports.in_the_end(known, known_share=0.7)
        assert ((low <= final) & (final <= high)).mean() >= 0.94
        assert estimate.mean() == pytest.approx(mean, rel=0.06)
        assert (low >= known).all()


def test_when_all_is_known_nothing_more_is_to_come():
    estimate, low, high = late_reports.in_the_end([0, 7], known_share=1.0)
    assert estimate.tolist() == low.tolist() == high.tolist() == [0, 7]


@pytest.mark.parametrize("share", [0.0, 1.1], ids=["nothing", "more than all"])
def test_a_share_that_cannot_be_is_refused(share):
    with pytest.raises(InvalidValueError):
        late_reports.in_the_end([1], known_share=share)
