"""The before/after question against counts made by hand from the raw tables of the store."""

import csv
import json
import math
import sqlite3
import sys
from datetime import date, timedelta
from importlib import resources

import geopandas as gpd
import numpy as np
import pytest

from analysis.errors import InvalidValueError
from dashboard import cli
from dashboard.printing import plain
from dashboard.questions import evaluation, waves
from dashboard.questions.city import UnknownChoiceError
from dashboard.questions.evaluation import (
    EvaluationRequest,
    NoIncidentsError,
    NoInstallDateError,
    NoTreatmentError,
)
from data import demo
from data.store import Store, StoreProperties

WARDS = ("14764", "14770", "14785")
ON = date(2023, 7, 1)
BEFORE = (date(2022, 7, 1), date(2023, 7, 1))
AFTER = (date(2023, 7, 1), date(2024, 7, 1))
IN_FORCE = (
    "superseded_by IS NULL AND batch_id IN (SELECT batch_id FROM batches WHERE status = 'active')"
)


def rows_of(store, query, values=()):
    """Read straight from the file; ``IN_FORCE`` in the query is what holds."""
    connection = sqlite3.connect(f"file:{store.location}?mode=ro", uri=True)
    rows = connection.execute(query.replace("IN_FORCE", IN_FORCE), values).fetchall()
    connection.close()
    return rows


def place_based():
    with (resources.files("data") / "reference" / "offences.csv").open(encoding="utf-8") as file:
        return {row["category"] for row in csv.DictReader(file) if row["is_place_based"] == "1"}


def raw_incidents(store, period):
    """Rows of the period: category, ward, longitude, latitude; days are those of UTC+7."""
    rows = rows_of(
        store,
        "SELECT category, ward_code, longitude, latitude FROM incidents WHERE IN_FORCE"
        " AND datetime(starts_at, '+7 hours') >= ? AND datetime(starts_at, '+7 hours') < ?",
        [f"{day} 00:00:00" for day in period],
    )
    kept = place_based()
    return [row for row in rows if row[0] in kept]


def of_wards(rows, codes):
    return sum(row[1] in codes for row in rows)


def ask(store, **options):
    """Ask without placebo sets and grid, which these counts do not need."""
    quick = {"n_placebos": 0, "is_grid_wanted": False}
    return evaluation.answer(
        store, EvaluationRequest(today=date(2024, 12, 31), **{**quick, **options})
    )


@pytest.fixture(scope="module")
def by_wards(demo_store):
    return ask(demo_store, ward_codes=WARDS, installed_on=ON)


def test_the_counts_of_wards_are_those_of_the_ledger(demo_store, by_wards):
    before, after = raw_incidents(demo_store, BEFORE), raw_incidents(demo_store, AFTER)
    compared = by_wards.comparison
    assert compared.treated.n_before == of_wards(before, WARDS) > 100
    assert compared.treated.n_after == of_wards(after, WARDS) > 100
    assert compared.control.n_before == len(before) - of_wards(before, WARDS)
    assert compared.control.n_after == len(after) - of_wards(after, WARDS)
    assert compared.n_unlocated_before == sum(row[2] is None for row in before) > 0


def test_rates_of_wards_are_per_ten_thousand_inhabitants_and_year(demo_store, by_wards):
    ((population,),) = rows_of(
        demo_store,
        "SELECT SUM(population) FROM wards WHERE IN_FORCE AND code IN (?, ?, ?)",
        WARDS,
    )
    n = of_wards(raw_incidents(demo_store, AFTER), WARDS)
    days = (AFTER[1] - AFTER[0]).days
    treated = by_wards.comparison.treated
    assert treated.population == population
    assert treated.rate_per_10k_after == pytest.approx(n / population * 10_000 * 365.25 / days)
    assert by_wards.population_source == "census 2019"


def test_the_ratio_and_its_interval_follow_from_the_ledger(demo_store, by_wards):
    before, after = raw_incidents(demo_store, BEFORE), raw_incidents(demo_store, AFTER)
    a, b = of_wards(before, WARDS), of_wards(after, WARDS)
    c, d = len(before) - a, len(after) - b
    others = {row[1] for row in before + after} - set(WARDS)
    share = d / (c + d)
    squares = spread = 0.0
    for code in others:
        n, m = of_wards(before, {code}), of_wards(after, {code})
        squares += (m - (n + m) * share) ** 2
        spread += (n + m) ** 2
    phi = squares / (share * (1 - share) * (c + d - spread / (c + d)))
    se = math.sqrt(max(phi, 1) * (1 / a + 1 / b + 1 / c + 1 / d))
    compared = by_wards.comparison
    assert compared.rirr == pytest.approx(b * c / (a * d))
    assert compared.rirr_low == pytest.approx(b * c / (a * d) * math.exp(-1.959964 * se), rel=1e-6)
    assert compared.rirr_high == pytest.approx(b * c / (a * d) * math.exp(1.959964 * se), rel=1e-6)


def distances_to_views(cameras, points):
    """Metres from each point to the nearest sector, by the geometry of a circle and its radii.

    ``cameras`` are (easting, northing, bearing, field of view, range) rows.
    """
    best = np.full(len(points), np.inf)
    for east, north, bearing, fov, reach in cameras:
        dx, dy = points[:, 0] - east, points[:, 1] - north
        away = np.hypot(dx, dy)
        beyond = np.maximum(away - reach, 0)
        if bearing is not None and fov is not None and fov < 360:
            turn = (np.degrees(np.arctan2(dx, dy)) - bearing + 180) % 360 - 180
            edges = []
            for side in (-fov / 2, fov / 2):
                way = math.radians(bearing + side)
                along = np.clip(dx * math.sin(way) + dy * math.cos(way), 0, reach)
                edges.append(np.hypot(dx - along * math.sin(way), dy - along * math.cos(way)))
            beyond = np.where(np.abs(turn) <= fov / 2, beyond, np.minimum(*edges))
        best = np.minimum(best, beyond)
    return best


def raw_cameras(store):
    return rows_of(
        store,
        "SELECT wave, installed_on, longitude, latitude, bearing_deg, fov_deg, range_m"
        " FROM cameras WHERE IN_FORCE AND range_m IS NOT NULL",
    )


def metres(rows):
    points = gpd.points_from_xy([r[0] for r in rows], [r[1] for r in rows], crs="EPSG:4326")
    moved = gpd.GeoSeries(points).to_crs("EPSG:5897")
    return np.column_stack([moved.x, moved.y])


def test_the_counts_of_a_wave_are_those_of_circles_drawn_round_its_views(demo_store):
    table = waves.wave_table(demo_store)
    wave = waves.newest_full_wave(table, known=(date(2022, 1, 1), date(2024, 12, 31)))
    found = ask(demo_store, wave=wave)
    on = table["installed_on"][wave].date()
    start = on.replace(year=on.year - 1)
    end = on.replace(year=on.year + 1)

    cameras = raw_cameras(demo_store)
    at = metres([row[2:4] for row in cameras])
    sectors = [(*at[k], *row[4:7]) for k, row in enumerate(cameras)]
    own = [sector for sector, row in zip(sectors, cameras, strict=True) if row[0] == wave]
    moved = [
        sector
        for sector, row in zip(sectors, cameras, strict=True)
        if row[0] != wave and str(found.history[-1].start_on) <= row[1] < str(end)
    ]
    assert len(moved) == found.n_excluded_cameras
    assert len(own) == found.n_cameras

    compared = found.comparison
    for period, counted in (
        ((start, on), [g.n_before for g in (compared.treated, compared.displacement,
                                           compared.control)]),
        ((on, end), [g.n_after for g in (compared.treated, compared.displacement,
                                        compared.control)]),
    ):  # fmt: skip
        located = metres([row[2:4] for row in raw_incidents(demo_store, period) if row[2]])
        to_own = distances_to_views(own, located)
        to_moved = distances_to_views(moved, located)
        # drawn circles are many-sided: a point within half a metre of an edge may fall either way
        for slack in (-0.5, 0.5):
            treated = to_own <= 50 + slack
            quiet = to_moved > 50 - slack
            assert (treated.sum() - counted[0]) * slack >= 0
            reached = treated | (quiet & (to_own <= 200 + slack))
            assert (reached.sum() - counted[0] - counted[1]) * slack >= 0
            assert ((reached | quiet).sum() - sum(counted)) * slack >= 0
        near_an_edge = np.abs(to_own - 50) < 0.5
        assert near_an_edge.sum() < 0.05 * counted[0]


def test_every_incident_is_on_one_ground_or_left_out_with_a_reason(demo_store):
    table = waves.wave_table(demo_store)
    wave = waves.newest_full_wave(table, known=(date(2022, 1, 1), date(2024, 12, 31)))
    found = ask(demo_store, wave=wave)
    compared, on = found.comparison, found.installed_on
    before = raw_incidents(demo_store, (on.replace(year=on.year - 1), on))
    after = raw_incidents(demo_store, (on, on.replace(year=on.year + 1)))
    grounds = (compared.treated, compared.displacement, compared.control)
    assert len(before) == (
        sum(g.n_before for g in grounds) + found.n_excluded_before + compared.n_unlocated_before
    )
    assert len(after) == (
        sum(g.n_after for g in grounds) + found.n_excluded_after + compared.n_unlocated_after
    )


def test_months_add_up_to_the_periods(by_wards):
    months, compared = by_wards.months, by_wards.comparison
    assert months["offset"].tolist() == [*range(-12, 0), *range(12)]
    is_after = months["offset"] >= 0
    assert months.loc[~is_after, "treated"].sum() == compared.treated.n_before
    assert months.loc[is_after, "control"].sum() == compared.control.n_after


def test_the_ring_is_compared_as_the_treated_ground_is(demo_store):
    wave = waves.wave_table(demo_store).index[-2]
    found = ask(demo_store, wave=wave)
    compared = found.comparison
    ring, control = compared.displacement, compared.control
    assert found.displacement_ratio.ratio == pytest.approx(
        (ring.n_after / ring.n_before) / (control.n_after / control.n_before)
    )
    narrow = evaluation.treated_ratio(found, level=0.8)
    assert compared.rirr_low < narrow.low < compared.rirr < narrow.high < compared.rirr_high


def test_cameras_named_one_by_one_are_the_wave_they_make_up(demo_store):
    wave = waves.wave_table(demo_store).index[-1]
    whole = ask(demo_store, wave=wave)
    ids = rows_of(demo_store, "SELECT camera_id FROM cameras WHERE wave = ?", [wave])
    named = ask(demo_store, camera_ids=tuple(row[0] for row in ids))
    assert named.comparison == whole.comparison


def test_cameras_older_than_the_records_get_an_answer_that_does_not_judge(demo_store):
    oldest = waves.wave_table(demo_store).index[0]
    found = ask(demo_store, wave=oldest)
    assert found.comparison.verdict == "cannot_tell"
    assert "under_12_months_before" in found.comparison.reasons


def test_cameras_that_came_to_other_wards_meanwhile_are_counted(demo_store, by_wards):
    ((n,),) = rows_of(
        demo_store,
        "SELECT COUNT(*) FROM cameras WHERE ward_code NOT IN (?, ?, ?)"
        " AND installed_on >= ? AND installed_on < ?",
        [*WARDS, str(BEFORE[0]), str(AFTER[1])],
    )
    assert by_wards.n_control_cameras == n > 0


def test_the_json_has_the_promised_keys(capsys, demo_store, monkeypatch):
    wave = waves.wave_table(demo_store).index[-2]
    monkeypatch.setattr(
        sys,
        "argv",
        ["vonglau", "evaluate", "--cameras", wave, "--json", "--store", demo_store.location],
    )
    asked, answer = [], evaluation.answer

    def told(store, request):
        asked.append((request, answer(store, request)))
        return asked[-1][1]

    monkeypatch.setattr(evaluation, "answer", told)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert not stop.value.code
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) >= {
        "treated", "control", "displacement", "rirr", "rirr_low", "rirr_high", "wdd",
        "p_textbook", "p_calibrated", "false_alarm_rate_textbook", "verdict",
    }  # fmt: skip
    for ground in ("treated", "control", "displacement"):
        assert {"n_before", "n_after"} <= set(printed[ground])
    assert set(printed["wdd"]) >= {"estimate", "se", "low", "high"}
    assert printed["verdict"] in {"fell", "rose", "cannot_tell"}
    assert printed["calibration_status"] == "measured"
    ((request, found),) = asked
    assert request == EvaluationRequest(today=date(2024, 12, 31), wave=wave)
    assert (request.n_placebos, request.is_grid_wanted) == (500, True)
    assert printed == plain(evaluation.as_json(found))


def test_a_camera_in_the_drawing_has_one_theft_after_and_none_before(drawn_city):
    found = evaluation.answer(
        drawn_city, EvaluationRequest(today=date(2023, 12, 31), camera_ids=("W1",))
    )
    compared = found.comparison
    # T1 at (550, 500) is seen; T2 at (200, 200) lies farther than 200 m; T3 has no point
    assert (compared.treated.n_before, compared.treated.n_after) == (0, 1)
    assert compared.displacement.n_after == 0
    assert compared.control.n_after == 1
    assert compared.n_unlocated_after == 1
    assert compared.verdict == "cannot_tell"


def test_the_waves_are_listed_oldest_first_with_days_and_cameras(demo_store):
    table = waves.wave_table(demo_store)
    rows = rows_of(
        demo_store,
        "SELECT wave, COUNT(*), MIN(installed_on), MAX(installed_on) FROM cameras"
        " GROUP BY wave ORDER BY MIN(installed_on)",
    )
    listed = zip(
        table.index,
        table["n_cameras"],
        table["installed_on"].dt.strftime("%Y-%m-%d"),
        table["installed_until"].dt.strftime("%Y-%m-%d"),
        strict=True,
    )
    assert list(listed) == rows


def test_what_cannot_be_asked_is_refused(demo_store, drawn_city, tmp_path):
    with pytest.raises(NoTreatmentError):
        ask(demo_store)
    with pytest.raises(UnknownChoiceError):
        ask(demo_store, wave="no such wave")
    with pytest.raises(UnknownChoiceError):
        ask(demo_store, camera_ids=("nobody",))
    with pytest.raises(UnknownChoiceError):
        ask(demo_store, ward_codes=("00000",), installed_on=ON)
    with pytest.raises(UnknownChoiceError):
        ask(demo_store, ward_codes=WARDS, installed_on=ON, categories=("alchemy",))
    with pytest.raises(InvalidValueError):
        ask(demo_store, ward_codes=WARDS, installed_on=date(2024, 12, 31) + timedelta(days=2))
    with pytest.raises(NoInstallDateError):  # its cameras all came before the first record
        evaluation.answer(
            drawn_city, EvaluationRequest(today=date(2023, 12, 31), ward_codes=("101",))
        )
    bare = Store.create(
        tmp_path / "bare.db",
        StoreProperties(
            city="Bare", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    with pytest.raises(NoIncidentsError):
        ask(bare, wave="any")
    bare.close()


def test_a_planted_effect_is_found_and_places_without_one_are_let_go(demo_store):
    truth = json.loads(demo.truth_path(demo_store.location).read_text(encoding="utf-8"))
    outcomes = {
        wave["wave"]: (wave["rate_ratio"] < 1, ask(demo_store, wave=wave["wave"], n_placebos=500))
        for wave in truth["waves"]
        if wave["installed_on"] and "2023-01-01" <= wave["installed_on"] <= "2024-01-01"
    }
    planted = [found.verdict.outcome for is_planted, found in outcomes.values() if is_planted]
    without = [found.verdict.outcome for is_planted, found in outcomes.values() if not is_planted]
    assert "fell" in planted
    assert "rose" not in planted
    assert set(without) == {"cannot_tell"}
