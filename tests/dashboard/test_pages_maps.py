import math
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import scene, session, tables, what_if_panel
from dashboard.names import MARKDOWN
from dashboard.questions import coverage, looks
from dashboard.questions.coverage import CoverageRequest
from dashboard.texts import LANGUAGES, Texts
from data.rows import Source, write_batch

VIEWS = Path(dashboard.__file__).parent / "views"
WAIT_S = 120


def visit(view, store, monkeypatch, **query):
    monkeypatch.setenv("VONGLAU_STORE", str(store.location))
    page = AppTest.from_file(str(VIEWS / f"{view}.py"), default_timeout=WAIT_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def lead(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["map", "covered"])
def test_a_page_speaks_every_language(view, language, drawn_city, monkeypatch):
    page = visit(view, drawn_city, monkeypatch, lang=language, on="2023-12-31")
    assert page.title[0].value == Texts(language)(f"{view}.title")


def test_the_map_counts_what_the_drawing_has(drawn_city, monkeypatch):
    page = visit("map", drawn_city, monkeypatch, lang="en", on="2023-12-31")
    said = lead(page)
    for words in (
        "of **2** cameras **1** work well and **0** poorly",
        "extension sites: **1**",
        "**2** located incidents",
    ):
        assert words in said


def test_a_camera_with_a_poor_picture_is_not_counted_as_working_well(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        poor = {"camera_id": "W1", "state": "degraded", "valid_from": date(2023, 7, 1)}
        rows = [{"row_key": "W1|2023-07-01", **poor}]
        write_batch(transaction, "camera_states", rows, source=Source(file_name="drawing"))
    page = visit("map", drawn_city, monkeypatch, lang="en", on="2023-12-31")
    assert "of **2** cameras **0** work well and **1** poorly (degraded)" in lead(page)


def test_coverage_leads_with_the_shares_of_the_drawing(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-12-31")
    assert "**10%** of the streets" in lead(page)
    assert "**50%** of the incidents" in lead(page)
    assert "One gap stands out, with **1** incidents a year" in lead(page)


def test_coverage_of_a_city_without_incidents_is_said_in_whole_sentences(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-05-31")  # the first: July
    assert "**20%** of the streets. There are no located incidents" in lead(page)
    assert "–" not in lead(page)
    assert "gap" not in lead(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("streets", [0.5, math.nan])
@pytest.mark.parametrize("incidents", [0.25, math.nan])
def test_the_lead_of_coverage_never_shows_a_dash(language, streets, incidents, monkeypatch):
    say = Texts(language)
    monkeypatch.setattr(session, "say", lambda: say)
    seen = pd.Series({"covered_street_share": streets, "covered_incident_share": incidents})
    none = pd.DataFrame({"ward_code": [], "n_incidents_per_year": []})
    said = scene.coverage_sentence(SimpleNamespace(total=seen, gaps=none), ward=None)
    assert "–" not in said
    assert (say.percent(0.5) in said) == (streets == 0.5)
    assert (say.percent(0.25) in said) == (incidents == 0.25)


def test_wards_of_too_few_incidents_for_a_share_come_after_the_others():
    table = pd.DataFrame(
        {
            "name": ["Few", "Bad", "Good", "None"],
            "covered_incident_share": [0.0, 0.1, 0.9, math.nan],
            "covered_street_share": 0.5,
            "covered_installed_incident_share": 0.95,
            "covered_gate_share": math.nan,
            "covered_population_share": 0.5,
            "n_cameras_working": 1,
            "n_cameras_installed": 1,
            "n_incidents": [30, 10, 20, 5],  # many of Few's have no place
            "n_incidents_located": [9, 10, 20, 0],
        },
        index=["f", "b", "g", "n"],
    )
    found = SimpleNamespace(table=table, request=SimpleNamespace(months=12))
    shown = tables.ward_coverage(Texts("en"), found)
    assert list(shown["ward"]) == ["Bad", "Good", "Few", "None"]
    help_ = tables.ward_coverage_columns(Texts("en"), shown)["incidents_seen"]["help"]
    assert "fewer than 10 located incidents" in help_


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_told_over_the_months_that_were_asked(language, monkeypatch):
    say = Texts(language)
    monkeypatch.setattr(session, "say", lambda: say)
    change = pd.Series(
        {"covered_street_length_m": 12.0, "n_incidents_covered": 3, "covered_area_m2": 90.0}
    )
    told = what_if_panel._effect(SimpleNamespace(total_change=change), months=7)
    assert "+3" in told
    assert " 7 " in told
    assert "12 " not in told.replace("+12 m", "")


def test_a_column_of_wards_with_a_little_in_view_writes_two_figures():
    shares = ["incidents_seen", "streets_seen", "if_all_worked", "gates_seen", "people_seen"]
    listed = pd.DataFrame({name: [41.0, 0.0, math.nan] for name in shares})
    listed["streets_seen"] = [41.0, 0.0, 0.31]
    columns = tables.ward_coverage_columns(Texts("en"), listed)
    formats = {name: columns[name]["type_config"]["format"] for name in shares}
    assert formats.pop("streets_seen") == "%.2g %%"  # 41 %, 0 %, 0.31 %
    assert set(formats.values()) == {"%.0f %%"}


def test_a_page_at_the_level_of_a_plate_says_how_many_pixels_and_that_it_is_not_confirmed(
    drawn_city, monkeypatch
):
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-12-31", level="plate_car")
    foot = " ".join(caption.value for caption in page.caption)
    assert "level: Number plate, car" in foot
    assert "170 pixels over its 0.52 m" in foot
    assert "not confirmed" in foot
    assert "IEC" not in foot


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_camera_is_told_with_its_reach_where_that_comes_from_and_the_careful_one(language):
    say = Texts(language)
    camera = pd.Series({"bearing_deg": 90.0, "installed_on": date(2023, 1, 1)})
    reach = pd.Series(
        {"range_m": 57.9, "source": "printed", "conservative_m": 31.2, "plate_car_m": 4.4,
         "plate_motorbike_m": 3.7}, dtype=object,
    )  # fmt: skip
    said = scene.camera_facts(say, camera, reach)
    assert say("scene.reach", range="57", source=say("scene.source_printed")) in said
    assert say("scene.conservative", range="31") in said
    assert say("scene.plates", car="4", motorbike="3") in said
    high = scene.camera_facts(say, camera, reach.replace({4.4: 0.0, 3.7: 0.0}))
    assert say("scene.no_plates") in high
    unknown = scene.camera_facts(say, camera, pd.Series(math.nan, index=reach.index, dtype=object))
    assert unknown[1:-1] == [say("scene.reach_unknown")]


def _described_camera(level):
    from datetime import date

    from dashboard import cache, scene
    from dashboard.maps import Click
    from dashboard.questions.looks import LooksRequest
    from dashboard.questions.places import PlacesRequest

    day = date(2023, 12, 31)
    scene.describe(
        Click(kind="camera", id="W1", longitude=105.8, latitude=19.8),
        cache.places_answer(PlacesRequest(on=day)),
        cache.wards(day)["name"],
        looks=LooksRequest(on=day, level=level),
    )


@pytest.mark.parametrize(("level", "range_m"), [("detect", 100), ("recognise", 20)])
def test_a_camera_that_is_clicked_tells_its_reach_at_the_level_of_the_page(
    drawn_city, monkeypatch, level, range_m
):
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    page = AppTest.from_function(_described_camera, args=(level,), default_timeout=WAIT_S).run()
    assert not page.exception, page.exception[0].message
    say = Texts("vi")
    (said,) = (m.value for m in page.markdown)
    assert say("scene.reach", range=say.number(range_m), source=say("scene.source_stated")) in said
    car, motorbike = (int(100 * 25 * width / n) for width, n in ((0.52, 170), (0.19, 74)))
    assert say("scene.plates", car=say.number(car), motorbike=say.number(motorbike)) in said


def test_the_reach_told_for_the_map_is_the_one_that_coverage_measures(drawn_city):
    day = date(2023, 12, 31)
    for level in ("detect", "recognise"):
        request = CoverageRequest(on=day, level=level)
        told = looks.reaches(drawn_city, request.looks)
        measured = coverage.answer(drawn_city, request).cameras
        pd.testing.assert_frame_equal(told, measured[told.columns].loc[told.index])


def test_each_panel_of_coverage_has_one_table_and_the_wards_are_one_of_them(
    drawn_city, monkeypatch
):
    for panel, first in (("gaps", "rank"), ("wards", "ward"), ("outages", "camera")):
        page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-12-31", panel=panel)
        (table,) = page.dataframe
        assert table.value.columns[0] == first
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-12-31", panel="what_if")
    assert not page.dataframe


def test_a_repair_tried_shows_the_ward_with_its_shares_afterwards(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-12-31", panel="what_if",
                 change="repair")  # fmt: skip
    page.selectbox(key="what_if_camera").set_value("B1")
    next(button for button in page.button if button.label == "Try it").click()
    page.run()
    assert not page.exception
    (table,) = page.dataframe
    ward = table.value.loc["101"]
    # B1's disc of 50 m holds 100 m of the street, beside the 100 m that W1 sees of its kilometre
    assert (ward["streets"], ward["streets_seen"]) == ("+100", "20.00%")
    assert (ward["incidents"], ward["incidents_seen"]) == ("0", "50.00%")


def test_a_link_opens_the_ward_and_the_day_it_names(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, lang="en", on="2023-05-31", ward="101")
    assert page.selectbox(key="ward").value == "101"
    assert page.date_input(key="on").value == date(2023, 5, 31)


def test_a_link_with_nonsense_opens_the_whole_city(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, ward="<b>", level="x", on="soon", lang="xx")
    assert page.selectbox(key="ward").value == "all"
    assert page.selectbox(key="level").value == "detect"


def test_choosing_a_level_writes_it_into_the_address(drawn_city, monkeypatch):
    page = visit("covered", drawn_city, monkeypatch, on="2023-12-31", lang="en")
    page.selectbox(key="level").select("recognise").run()
    assert page.query_params["level"] == "recognise"
    assert "**2%** of the streets" in lead(page)


@pytest.mark.parametrize("view", ["map", "covered"])
def test_a_store_without_wards_gets_one_sentence(view, tmp_path, monkeypatch):
    from data.store import Store, StoreProperties

    store = Store.create(
        tmp_path / "bare.db",
        StoreProperties(
            city="Bare", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    page = visit(view, store, monkeypatch, lang="en")
    assert [info.value for info in page.info] == [Texts("en")("common.no_wards")]
    store.close()


def test_a_name_with_markup_stays_a_name():
    assert MARKDOWN.sub(r"\\\1", "<b>[x](y)") == r"\<b\>\[x\]\(y\)"


def test_the_demo_says_on_both_pages_that_it_is_simulated(demo_store, monkeypatch):
    for view in ("map", "covered"):
        page = visit(view, demo_store, monkeypatch, lang="en")
        assert any("Simulated data" in m.value for m in page.markdown)
        assert any("not real figures" in c.value for c in page.caption)
