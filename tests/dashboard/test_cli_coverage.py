import json
import math
from datetime import date

import pytest

from dashboard.texts import Texts
from data.rows import Source, write_batch

DISC = math.pi * 50**2


def test_a_repair_tried_on_the_command_line_shows_the_disc_of_the_broken_camera(run, drawn_city):
    code, out, _ = run(
        "coverage", "--as-of", "2023-12-31", "--what-if", "repair=B1", "--json", store=drawn_city
    )
    tried = json.loads(out)["what_if"]
    assert code == 0
    assert tried["change"]["covered_area_m2"] == pytest.approx(DISC, rel=1e-3)
    assert [ward["code"] for ward in tried["wards"]] == ["101"]
    again = json.loads(run("coverage", "--as-of", "2023-12-31", "--json", store=drawn_city)[1])
    assert again["total"]["n_cameras_working"] == 1  # nothing was stored


def test_changes_are_made_one_after_the_other_and_printed_by_ward(run, drawn_city):
    code, out, _ = run(
        "coverage", "--as-of", "2023-12-31", "--what-if", "repair=B1", "--what-if", "break=B1",
        "--what-if", "turn=W1,0", store=drawn_city,
    )  # fmt: skip
    assert code == 0
    assert "−1" in out  # the theft east of W1


def test_the_outages_are_told_with_their_keys(run, drawn_city):
    _, out, _ = run("coverage", "--as-of", "2023-12-31", "--json", store=drawn_city)
    answer = json.loads(out)
    (outage,) = answer["outages"]
    assert (outage["camera_id"], outage["state"], outage["ward_code"]) == ("B1", "broken", "101")
    assert answer["gaps"][0]["nearest_camera_id"] == "W1"
    assert answer["certain"]["covered_street_share"] == answer["possible"]["covered_street_share"]


def test_a_weight_ranks_and_a_level_of_the_new_edition_says_that_it_is_not_confirmed(
    run, drawn_city
):
    _, out, _ = run(
        "coverage", "--as-of", "2023-12-31", "--weight", "theft=3", "--level", "discern",
        "--json", store=drawn_city,
    )  # fmt: skip
    answer = json.loads(out)
    assert (answer["edition"], answer["is_level_confirmed"]) == ("2025", False)
    assert {gap["weight"] for gap in answer["gaps"]} == {3.0}


def test_each_camera_is_told_with_its_reach_the_conservative_one_and_the_plates(run, drawn_city):
    with drawn_city.begin(actor="tester") as transaction:
        # 90° and 2000 pixels: 40 m to detection in the worst part of the image
        models = [{"row_key": "M", "model_id": "M", "pixels_across": 2000, "detect_m": 80.0}]
        write_batch(transaction, "camera_models", models, source=Source(file_name="drawing"))
        known = {"camera_id": "P1", "kind": "fixed", "ward_code": "101", "bearing_deg": 90.0,
                 "fov_deg": 90.0, "model_id": "M", "installed_on": date(2023, 1, 1),
                 "longitude": 105.7868, "latitude": 19.8133}  # fmt: skip
        rows = [{"row_key": "P1", **known}]
        write_batch(transaction, "cameras", rows, source=Source(file_name="drawing"))
    _, out, _ = run("coverage", "--as-of", "2023-12-31", "--json", store=drawn_city)
    cameras = {camera["camera_id"]: camera for camera in json.loads(out)["cameras"]}
    assert set(cameras) == {"W1", "B1", "P1"}
    assert cameras["B1"]["state"] == "broken"
    stated, printed = cameras["W1"], cameras["P1"]
    assert (stated["range_m"], stated["source"], stated["conservative_m"]) == (100, "stated", None)
    assert stated["plate_car_m"] == pytest.approx(100 * 25 / (170 / 0.52))
    assert (printed["range_m"], printed["source"]) == (80, "printed")
    assert printed["conservative_m"] == pytest.approx(40)
    assert printed["plate_car_m"] == pytest.approx(1000 / (170 / 0.52))
    assert printed["plate_motorbike_m"] == pytest.approx(1000 / (74 / 0.19))
    _, said, _ = run("coverage", "--as-of", "2023-12-31", store=drawn_city)
    assert Texts("vi")("coverage.plates", n="2", car="2", motorbike="2") in said


def test_a_number_plate_is_a_level_and_says_which(run, drawn_city):
    _, out, _ = run(
        "coverage", "--as-of", "2023-12-31", "--level", "plate_car", "--json", store=drawn_city
    )
    answer = json.loads(out)
    assert (answer["edition"], answer["is_level_confirmed"]) == ("plates", False)
    reach = 100 * 25 / (170 / 0.52)  # W1 stands on the street of a kilometre and looks along it
    assert answer["total"]["covered_street_share"] == pytest.approx(reach / 1000, rel=1e-3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--what-if", "repair=nobody"], "nobody"),
        (["--what-if", "paint=B1"], "paint"),
        (["--what-if", "turn=W1"], "turn=W1"),
        (["--what-if", "turn=W1,north"], "north"),
        (["--what-if", "add=19.8,105.77,60"], "latitude"),
        (["--what-if", "add=105.77,19.8,-60"], "place"),
        (["--weight", "theft"], "theft=2"),
        (["--weight", "theft=-1"], "theft=2"),
        (["--half-life", "0"], "half_life"),
        (["--level", "validate", "--edition", "2014"], "validate"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run, drawn_city, monkeypatch, words, said):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    code, out, err = run("coverage", "--as-of", "2023-12-31", *words, store=drawn_city)
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_a_share_too_small_for_the_table_is_not_written_as_nothing(
    run, drawn_city, monkeypatch, language
):
    monkeypatch.setenv("VONGLAU_LANG", language)
    _, out, _ = run("coverage", "--as-of", "2023-12-31", "--level", "recognise", store=drawn_city)
    (city,) = [line for line in out.splitlines() if line.startswith(Texts(language)("common.city"))]
    # a quarter of a disc of 20 m in a square kilometre: 314 m², 0.03 %
    assert math.pi * 20**2 / 4 / 1000**2 < 0.0005
    assert Texts(language).share(0.0003, 1) in city
    assert Texts(language)("coverage.gap_reach", m=20) in out


def test_outages_that_would_show_nothing_are_said_instead_of_ranked(run, drawn_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    on_a_mast = {"row_key": "B1", "camera_id": "B1", "kind": "fixed", "ward_code": "101",
                 "range_m": 50.0, "height_m": 5.0, "installed_on": date(2022, 1, 1),
                 "longitude": 105.7868, "latitude": 19.8133}  # fmt: skip
    with drawn_city.begin(actor="tester") as transaction:
        write_batch(transaction, "cameras", [on_a_mast], source=Source(file_name="mast"))
    _, out, _ = run("coverage", "--as-of", "2023-12-31", "--level", "scrutinise", store=drawn_city)
    assert "1 camera is out of order; at this level its repair would show nothing more." in out
    assert "ranked" not in out
