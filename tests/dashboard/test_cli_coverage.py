import json
import math

import pytest

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
