import math
from datetime import date

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from analysis.errors import InvalidValueError
from dashboard import files
from dashboard.printing import plain
from dashboard.questions import coverage
from dashboard.questions.city import NoWardsForDayError
from dashboard.texts import Texts
from data.rows import Source, write_batch

YEAR_END = date(2023, 12, 31)


def ask(store, **options):
    return coverage.answer(store, coverage.CoverageRequest(on=YEAR_END, **options))


def test_a_drawn_city_is_seen_as_the_drawing_says(drawn_city):
    ward = ask(drawn_city).table.loc["101"]
    assert ward["covered_area_m2"] == pytest.approx(math.pi * 100**2 / 4, rel=1e-3)
    assert ward["covered_street_share"] == pytest.approx(0.1, rel=1e-3)
    assert (ward["n_incidents"], ward["n_incidents_located"]) == (3, 2)
    assert ward["covered_incident_share"] == 0.5
    assert (ward["n_cameras_installed"], ward["n_cameras_working"]) == (2, 1)


def test_only_what_stood_and_worked_on_the_day_counts(drawn_city):
    def cameras(on):
        found = coverage.answer(drawn_city, coverage.CoverageRequest(on=on)).total
        return found["n_cameras_installed"], found["n_cameras_working"]

    assert cameras(date(2021, 12, 31)) == (0, 0)
    assert cameras(date(2022, 6, 1)) == (1, 1)
    assert cameras(date(2023, 5, 31)) == (2, 2)
    assert cameras(date(2023, 6, 1)) == (2, 1)


def test_a_finer_level_sees_a_fifth_as_far(drawn_city):
    seen = ask(drawn_city, level="recognise").total["covered_street_share"]
    assert seen == pytest.approx(0.02, rel=1e-3)


def test_the_only_gap_is_round_the_theft_that_nobody_saw(drawn_city):
    gaps = ask(drawn_city).gaps
    assert gaps["n_incidents"].tolist() == [1]
    assert gaps["n_incidents_per_year"].tolist() == [1.0]
    metric = gaps.to_crs("EPSG:5897").geometry.iloc[0]
    assert metric.contains(gpd.points_from_xy([582_200], [2_191_200])[0])


def test_a_camera_of_unknown_direction_is_counted_as_such(drawn_city):
    earlier = coverage.CoverageRequest(on=date(2023, 5, 31))
    assert coverage.answer(drawn_city, earlier).doubts.n_all_round == 1


def test_the_json_has_the_promised_keys(drawn_city):
    answer = plain(coverage.as_json(ask(drawn_city)))
    assert {"as_of", "level", "edition", "night", "occlusion", "wards", "total", "gaps"} <= set(
        answer
    )
    assert set(answer["wards"][0]) >= {
        "code", "name", "area_m2", "covered_area_share", "covered_street_share",
        "covered_incident_share", "n_cameras_installed", "n_cameras_working",
    }  # fmt: skip
    assert set(answer["wards"][0]) == set(answer["total"])
    assert set(answer["gaps"][0]) >= {
        "rank", "ward_code", "area_m2", "n_incidents_per_year", "longitude", "latitude",
    }  # fmt: skip


def test_a_day_without_wards_is_said(drawn_city):
    with pytest.raises(NoWardsForDayError):
        coverage.answer(drawn_city, coverage.CoverageRequest(on=date(2019, 1, 1)))


def test_an_unknown_level_is_refused(drawn_city):
    with pytest.raises(InvalidValueError):
        ask(drawn_city, level="admire")


def test_the_geopackage_holds_wards_views_and_gaps_and_leaves_an_audit_row(drawn_city, tmp_path):
    path = tmp_path / "deep" / "coverage.gpkg"
    files.write_coverage(drawn_city, ask(drawn_city), path, actor="planner", texts=Texts("en"))
    names = {name for name, _ in pyogrio.list_layers(path)}
    assert names == {"wards", "views", "gaps", "outages"}
    views = gpd.read_file(path, layer="views")
    assert views.crs.to_epsg() == 4326
    assert views.to_crs("EPSG:5897").area.sum() == pytest.approx(math.pi * 100**2 / 4, rel=1e-3)
    assert {"camera_id", "range_m", "source", "conservative_m", "plate_car_m"} <= set(views)
    assert views.loc[0, ["camera_id", "state", "range_m", "source"]].tolist() == [
        "W1", "working", 100.0, "stated",
    ]  # fmt: skip
    with drawn_city.read() as connection:
        rows = connection.exec_driver_sql("select actor, action from audit").all()
    assert ("planner", "export") in rows


def test_every_layer_of_the_geopackage_says_its_day_its_level_and_its_light(drawn_city, tmp_path):
    path = tmp_path / "coverage.gpkg"
    found = ask(drawn_city, level="discern", edition="2025", night=True, months=6)
    files.write_coverage(drawn_city, found, path, actor="planner", texts=Texts("en"))
    asked = {"as_of": "2023-12-31", "level": "discern", "edition": "2025", "night": True,
             "occlusion": False, "months": 6}  # fmt: skip
    for layer in ("wards", "views", "gaps", "outages"):
        rows = gpd.read_file(path, layer=layer)[list(asked)]
        assert len(rows) > 0
        assert (rows == pd.Series(asked)).all(axis=None), layer


def test_a_gap_is_as_wide_as_one_camera_sees_at_the_level(drawn_city):
    # W1, the only one that works, detects to 100 m and recognises to a fifth of that
    coarse, fine = ask(drawn_city), ask(drawn_city, level="recognise")
    assert (coarse.gap_reach_m, fine.gap_reach_m) == (60, 20)
    far = fine.gaps.to_crs("EPSG:5897").area  # round the theft at (200, 200), far from all views
    assert far.max() == pytest.approx(math.pi * 20**2, rel=0.01)


def test_cameras_whose_repair_would_show_nothing_at_a_level_are_told_so(drawn_city):
    assert not coverage.shows_nothing(ask(drawn_city).outages)
    # B1's 50 m become 0.8 m at 1,500 pixels per metre, less than its own mast of 5 m
    on_a_mast = {"row_key": "B1", "camera_id": "B1", "kind": "fixed", "ward_code": "101",
                 "range_m": 50.0, "height_m": 5.0, "installed_on": date(2022, 1, 1),
                 "longitude": 105.7868, "latitude": 19.8133}  # fmt: skip
    with drawn_city.begin(actor="tester") as transaction:
        write_batch(transaction, "cameras", [on_a_mast], source=Source(file_name="mast"))
    idle = ask(drawn_city, level="scrutinise", edition="2025").outages
    assert list(idle.index) == ["B1"]
    assert coverage.shows_nothing(idle)
    assert not coverage.shows_nothing(idle.head(0))
    assert not coverage.shows_nothing(idle.assign(n_asked_in_vain=1))


def test_a_place_that_cannot_be_written_is_said(drawn_city, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "x.gpkg", tmp_path / "x.txt"):
        with pytest.raises(files.CannotWriteError):
            files.write_coverage(
                drawn_city, ask(drawn_city), path, actor="planner", texts=Texts("en")
            )


def test_the_broken_camera_is_the_only_outage_and_its_repair_shows_its_stretch_of_street(
    drawn_city,
):
    outages = ask(drawn_city).outages
    assert outages.index.tolist() == ["B1"]
    assert outages.loc["B1", "street_length_m"] == pytest.approx(100, rel=1e-3)
    assert outages.loc["B1", "n_incidents_per_year"] == 0


def test_installed_working_and_good_are_three_columns_with_a_share_each(drawn_city):
    total = ask(drawn_city).total
    assert total["covered_street_share"] == pytest.approx(0.1, rel=1e-3)
    assert total["covered_good_street_share"] == pytest.approx(0.1, rel=1e-3)
    assert total["covered_installed_street_share"] == pytest.approx(0.2, rel=1e-3)


def test_what_is_not_loaded_is_not_counted_as_nothing(drawn_city):
    found = ask(drawn_city)
    assert math.isnan(found.total["covered_gate_share"])
    assert found.request.occlusion is False  # no buildings, so nothing can hide
    assert found.population_basis == "ground"
    assert plain(coverage.as_json(found))["total"]["covered_gate_share"] is None


def test_a_direction_that_is_not_known_is_certain_of_nothing_and_possible_all_round(drawn_city):
    found = coverage.answer(drawn_city, coverage.CoverageRequest(on=date(2023, 5, 31)))
    assert found.total["covered_street_share"] == pytest.approx(0.2, rel=1e-3)
    assert found.certain["covered_street_share"] == pytest.approx(0.1, rel=1e-3)
    assert found.possible["covered_street_share"] == pytest.approx(0.2, rel=1e-3)


def test_a_half_life_of_a_month_weighs_the_thefts_of_july_by_how_old_they_are(drawn_city):
    gap = ask(drawn_city, half_life_months=1).gaps.iloc[0]
    months = (date(2023, 12, 31) - date(2023, 7, 1)).days / (365.25 / 12)
    assert gap["n_incidents"] == 1
    assert gap["weight"] == pytest.approx(0.5**months, rel=0.03)  # from noon or midnight
    assert ask(drawn_city, category_weights=(("theft", 3.0),)).gaps.iloc[0]["weight"] == 3.0
