"""A ward code that first meant the western ward and then the eastern one.

Two squares of a kilometre side by side. Until 30 June 2025 the western one is ward 1 and the
eastern one ward 2; from 1 July 2025 the codes are the other way round. In each month of 2024 and
2025 there are three thefts in the west and one in the east, whatever the codes are.
"""

import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from analysis.trends import ALL
from dashboard.questions import coverage, evaluation, month, overview, places, rhythm, waves
from data import divisions, tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

SOURCE = Source(file_name="drawing")
EAST, NORTH = 582_000, 2_191_000
CHANGE = date(2025, 7, 1)
LAST = date(2025, 12, 31)
N_WEST, N_EAST = 3, 1


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=SOURCE)


def _metres(*shapes):
    return gpd.GeoSeries(shapes, crs="EPSG:5897").translate(EAST, NORTH)


def _lonlat(east_m, north_m):
    point = _metres(shapely.Point(east_m, north_m)).to_crs("EPSG:4326").iloc[0]
    return {"longitude": point.x, "latitude": point.y}


def _put_wards(store, division, codes, *, valid_from):
    squares = [shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(2)]
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(division=division, valid_from=valid_from)
        )
    _put(store, "wards", [
        {"row_key": f"{division}|{code}", "division": division, "code": code,
         "name": f"{name} {division}", "population": 10_000, "population_source": "census",
         **shape}
        for code, name, shape in zip(
            codes, ("West", "East"), shape_columns(_metres(*squares)), strict=True)
    ])  # fmt: skip


def _thefts(west, east):
    """Of every month of two years: by the codes in force, at noon of its third day."""
    for first in pd.date_range("2024-01-01", "2025-12-01", freq="MS"):
        noon = datetime(first.year, first.month, 3, 5, tzinfo=UTC)
        is_old = first.date() < CHANGE
        for place, n in ((west, N_WEST), (east, N_EAST)):
            for i in range(n):
                case = f"{first:%Y-%m} {place['name']} {i}"
                yield {
                    "row_key": f"|{case}", "source": "", "case_id": case, "category": "theft",
                    "starts_at": noon, "ends_at": noon, "time_is_known": True,
                    "location_quality": "exact" if "at" in place else "ward",
                    "division": "old" if is_old else "new",
                    "ward_code": place["old"] if is_old else place["new"], **place.get("at", {}),
                }  # fmt: skip


def _city(path, *, has_points):
    store = Store.create(
        path,
        StoreProperties(
            city="Two", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="en",
            last_day=LAST,
        ),
    )  # fmt: skip
    _put_wards(store, "old", ("1", "2"), valid_from=date(2020, 1, 1))
    _put_wards(store, "new", ("2", "1"), valid_from=CHANGE)
    steps = [("old", "1", "new", "2", 1.0), ("old", "2", "new", "1", 1.0)]
    columns = ["from_division", "from_code", "to_division", "to_code", "share"]
    divisions.write_crosswalk(
        store, pd.DataFrame(steps, columns=columns), actor="tester", source=SOURCE
    )
    west = {"name": "west", "old": "1", "new": "2"}
    east = {"name": "east", "old": "2", "new": "1"}
    if has_points:
        west["at"], east["at"] = _lonlat(500, 500), _lonlat(1500, 500)
    _put(store, "incidents", list(_thefts(west, east)))
    # both cameras stand in the west; W1 was registered under the old code, W2 under the new one
    _put(store, "cameras", [
        {"row_key": name, "camera_id": name, **_lonlat(500, 480), "kind": "fixed", "wave": wave,
         "bearing_deg": 0.0, "fov_deg": 90.0, "range_m": 50.0, "ward_code": code,
         "installed_on": day}
        for name, code, wave, day in (("W1", "1", "A", date(2025, 1, 1)),
                                      ("W2", "2", "B", date(2025, 8, 1)))
    ])  # fmt: skip
    return store


@pytest.fixture(params=[True, False], ids=["points", "wards only"])
def store(tmp_path, request):
    store = _city(tmp_path / "city.db", has_points=request.param)
    yield store
    store.close()


@pytest.fixture
def located(tmp_path):
    store = _city(tmp_path / "located.db", has_points=True)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("asked", "codes", "n"),
    [
        (date(2025, 12, 1), (), N_WEST + N_EAST),
        (date(2025, 12, 1), ("2",), N_WEST),
        (date(2025, 12, 1), ("1",), N_EAST),
        (date(2025, 6, 1), ("1",), N_WEST),
        (date(2025, 6, 1), ("2",), N_EAST),
    ],
)
def test_the_overviews_months_are_of_one_place_across_the_change(store, asked, codes, n):
    found = overview.answer(
        store, overview.OverviewRequest(month=asked, today=LAST, ward_codes=codes)
    )
    assert found.monthly["n"].tolist() == [n] * 13
    # per day of the month, so not quite n; both wards mixed would be a third off or more
    assert found.monthly["usual"].dropna().to_numpy() == pytest.approx(n, rel=0.1)
    assert found.monthly["n_outside"].tolist() == [0] * 13


def test_the_overviews_last_month_is_the_months_own_sum(store):
    for codes in ((), ("1",), ("2",)):
        chosen = {"today": LAST, "ward_codes": codes}
        asked = date(2025, 9, 1)
        past = overview.answer(store, overview.OverviewRequest(month=asked, **chosen))
        found = month.answer(store, month.MonthRequest(month=asked, **chosen))
        assert past.monthly["n"].iloc[-1] == found.city["n"]


def test_the_overviews_cameras_stand_where_they_stand(store):
    chosen = overview.OverviewRequest(month=date(2025, 12, 1), today=LAST, ward_codes=("2",))
    assert overview.answer(store, chosen).cameras["n_installed"].tolist() == [0] + 7 * [1] + 5 * [2]
    east = overview.OverviewRequest(month=date(2025, 12, 1), today=LAST, ward_codes=("1",))
    assert overview.answer(store, east).cameras["n_installed"].tolist() == [0] * 13


@pytest.mark.parametrize(
    ("until", "codes", "division", "n"),
    [
        (LAST, (), None, 12 * (N_WEST + N_EAST)),
        (LAST, ("2",), None, 12 * N_WEST),
        (LAST, ("1",), None, 12 * N_EAST),
        (date(2025, 6, 30), ("2",), None, 12 * N_EAST),
        (date(2025, 6, 30), ("2",), "new", 12 * N_WEST),
    ],
)
def test_the_weeks_rhythm_is_of_one_place_across_the_change(store, until, codes, division, n):
    found = rhythm.answer(
        store, rhythm.RhythmRequest(until=until, ward_codes=codes, division=division)
    )
    assert found.counts.to_numpy().sum() == n
    assert found.counts[12].sum() == n  # all at noon
    assert found.n_left_out == 0


def test_waves_are_cameras_and_not_codes(store):
    assert waves.wave_table(store)["n_cameras"].to_dict() == {"A": 1, "B": 1}


def test_the_map_places_everything_in_the_wards_of_its_day(located):
    new = places.answer(located, places.PlacesRequest(on=LAST))
    assert new.incidents["ward_code"].value_counts().to_dict() == {"2": 36, "1": 12}
    assert new.cameras["ward_code"].to_dict() == {"W1": "2", "W2": "2"}
    old = places.answer(located, places.PlacesRequest(on=date(2025, 6, 30)))
    assert old.incidents["ward_code"].value_counts().to_dict() == {"1": 36, "2": 12}
    assert old.cameras["ward_code"].to_dict() == {"W1": "1"}


def test_coverage_counts_incidents_where_they_were(located):
    # the thefts of the west are 20 m north of the cameras that look there; nobody looks east
    new = coverage.answer(located, coverage.CoverageRequest(on=LAST)).table
    assert new["covered_incident_share"].to_dict() == {"2": 1.0, "1": 0.0}
    assert new["n_cameras_installed"].to_dict() == {"2": 2, "1": 0}
    old = coverage.answer(located, coverage.CoverageRequest(on=date(2025, 6, 30))).table
    assert old["covered_incident_share"].to_dict() == {"1": 1.0, "2": 0.0}


def _evaluate(store, code, **chosen):
    return evaluation.answer(
        store,
        evaluation.EvaluationRequest(today=LAST, ward_codes=(code,), months=6, **chosen),
    )


def test_before_and_after_are_of_one_place_across_the_change(store):
    found = _evaluate(store, "2", installed_on=CHANGE)
    treated, control = found.comparison.treated, found.comparison.control
    assert (treated.n_before, treated.n_after) == (6 * N_WEST, 6 * N_WEST)
    assert (control.n_before, control.n_after) == (6 * N_EAST, 6 * N_EAST)
    assert found.n_cameras == 2
    assert "wards_grew" not in found.comparison.warnings


def test_wards_asked_about_by_name_alone_are_those_of_the_last_day(store):
    found = _evaluate(store, "2")
    assert found.installed_on == date(2025, 1, 1)  # W1, though it is registered as in ward 1
    assert found.comparison.treated.n_before == 6 * N_WEST
    assert _evaluate(store, "1", division="old").comparison.treated.n_before == 6 * N_WEST


def _ask(run, store, *words):
    code, said, _ = run(*words, "--json", store=store)
    assert code == 0
    return json.loads(said)


def test_trends_counts_one_place(store, run):
    for asked, west in (("2025-12", "2"), ("2025-06", "1")):
        found = _ask(run, store, "trends", "--month", asked)
        rows = {row["ward_code"]: row for row in found["rows"] if row["category"] == ALL}
        east = {"1": "2", "2": "1"}[west]
        assert (rows[west]["n"], rows[west]["n_same_month_last_year"]) == (N_WEST, N_WEST)
        assert (rows[east]["n"], rows[east]["n_same_month_last_year"]) == (N_EAST, N_EAST)


def test_coverage_command_counts_one_place(located, run):
    found = _ask(run, located, "coverage", "--as-of", "2025-12-31")
    assert {ward["code"]: ward["covered_incident_share"] for ward in found["wards"]} == {
        "1": 0.0,
        "2": 1.0,
    }
    (gap,) = found["gaps"]
    assert (gap["ward_code"], gap["n_incidents_per_year"]) == ("1", 12)


def test_evaluate_command_counts_one_place(store, run):
    words = ("evaluate", "--ward", "2", "--installed-on", "2025-07-01", "--months", "6")
    found = _ask(run, store, *words)
    assert (found["treated"]["n_before"], found["treated"]["n_after"]) == (18, 18)
    assert (found["control"]["n_before"], found["control"]["n_after"]) == (6, 6)


def test_a_ward_that_took_in_land_is_no_comparison(tmp_path):
    store = _city(tmp_path / "grown.db", has_points=False)
    joined = pd.DataFrame(
        [("elsewhere", "9", "new", "1", 1.0)],
        columns=["from_division", "from_code", "to_division", "to_code", "share"],
    )
    divisions.write_crosswalk(store, joined, actor="tester", source=SOURCE)
    found = _evaluate(store, "2", installed_on=CHANGE)
    assert found.comparison.treated.n_before == 6 * N_WEST
    assert found.comparison.control.n_before == found.comparison.control.n_after == 0
    assert "wards_grew" in found.comparison.warnings
    # what the overview says of the city begins where the wards compare
    past = overview.answer(store, overview.OverviewRequest(month=date(2025, 12, 1), today=LAST))
    assert past.monthly["month"].tolist() == list(pd.date_range(CHANGE, periods=6, freq="MS"))
    assert past.monthly["n"].tolist() == [N_WEST + N_EAST] * 6
    store.close()
