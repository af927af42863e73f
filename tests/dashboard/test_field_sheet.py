"""The field sheet of a plan for the drawn city: a round camera at S2 (800, 500), the repair of B1
(200, 500), and W1 turned to the west. The street runs along the middle, from west to east."""

import io
import re
from datetime import date

import geopandas as gpd
import pypdf
import pytest
import shapely
import sqlalchemy as sa

from dashboard.ground import Stored
from dashboard.questions import field, looks, plan, plan_basis
from dashboard.questions.plan_request import PlanRequest, as_plain
from dashboard.reports import field_sheet
from dashboard.texts import LANGUAGES, texts
from data import adoption, scenarios, tables
from data.rows import Source, write_batch
from data.scenarios import ScenarioNotFoundError
from data.shapes import shape_columns

DAY = date(2023, 12, 31)
CORNER = (582_000, 2_191_000)


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def _lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


@pytest.fixture
def street(drawn_city):
    (line,) = shape_columns(
        gpd.GeoSeries([shapely.LineString([(780, 400), (780, 600)])], crs="EPSG:5897").translate(
            *CORNER
        )
    )
    _put(drawn_city, "streets", [
        {"row_key": "2", "kind": "alley", "name": "Ngõ 5 Hàng Đồng", **line},
    ])  # fmt: skip
    _put(drawn_city, "schools", [
        {"row_key": "T1", "school_id": "T1", "name": "Trường Tiểu học Một", **_lonlat(810, 510)},
        {"row_key": "T2", "school_id": "T2", "name": "Trường Hai", **_lonlat(900, 900)},
    ])  # fmt: skip
    _put(drawn_city, "places", [
        {"row_key": "P", "place_id": "P", "name": "Chợ Vườn Hoa", **_lonlat(840, 530)},
    ])  # fmt: skip
    _put(drawn_city, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
    ])  # fmt: skip
    _put(drawn_city, "sites", [
        {"row_key": "S2", "site_id": "S2", **_lonlat(800, 500), "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    _put(drawn_city, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken", "fault": "power",
         "valid_from": date(2023, 6, 1), "repair_cost": 3},
    ])  # fmt: skip
    return drawn_city


@pytest.fixture
def saved(street):
    blank = {"site_id": None, "camera_id": None, "ward_code": "101", "ward": "Phường Một",
             "model": None, "bearing_deg": None, "fov_deg": 360.0, "range_m": 50.0}  # fmt: skip
    choices = [
        blank | {"rank": 1, "kind": "install", "site_id": "S2", "model": "ROUND", "cost": 5e6,
                 **_lonlat(800, 500)},
        blank | {"rank": 2, "kind": "repair", "camera_id": "B1", "cost": None,
                 **_lonlat(200, 500)},
        blank | {"rank": 3, "kind": "reaim", "camera_id": "W1", "bearing_deg": 270.0,
                 "fov_deg": 90.0, "range_m": 100.0, "cost": 1e6, **_lonlat(500, 500)},
    ]  # fmt: skip
    request = PlanRequest(on=DAY, count=3, mix=(("street", 1.0),), height_m=6.0)
    return scenarios.save(
        street, "Đợt 1", request=as_plain(request), result={"choices": choices}, actor="Lan"
    )


def tasks(store, number):
    return field.of_saved(store, number, today=DAY, ground=looks.ground(store))


def sheet(store, number, language):
    place = field_sheet.Place(properties=store.properties, ground=Stored(store), made_on=DAY)
    return field_sheet.sheet(texts(language), tasks(store, number), place=place)


def pages(pdf):
    read = pypdf.PdfReader(io.BytesIO(pdf))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in read.pages]


def test_a_task_tells_what_the_camera_must_see(street, saved):
    install, repair, turn = tasks(street, saved).tasks
    assert (install.easting_m, install.northing_m) == pytest.approx((582_800, 2_191_500), abs=0.01)
    # from 6 m up the 50 m reach a disc on the ground; 20 m beside its middle lies the alley
    assert dict(install.streets) == {
        "Ngõ 5 Hàng Đồng": pytest.approx(2 * (50**2 - 6**2 - 20**2) ** 0.5, abs=0.1)
    }
    assert install.gates == ("Trường Tiểu học Một",)
    assert install.n_junctions == 1  # where the alley crosses the street
    assert (install.place, install.place_m) == ("Chợ Vườn Hoa", pytest.approx(50, abs=0.01))
    assert (install.model, install.height_m, install.bearing_deg) == ("ROUND", 6, None)
    assert (repair.place_id, repair.fault, repair.since) == ("B1", "power", date(2023, 6, 1))
    assert repair.view.area == pytest.approx(3.1416 * 50**2, rel=1e-3)
    assert (turn.before_deg, turn.bearing_deg) == (90, 270)
    east, _, _, _ = turn.view.bounds
    assert east == pytest.approx(582_400, abs=0.5)  # it sees to the west by then


def test_a_new_camera_is_called_by_its_id_once_the_plan_is_adopted(street, saved):
    assert tasks(street, saved).tasks[0].camera_id is None
    adoption.adopt(street, saved, planned_on=date(2024, 3, 1), today=DAY, actor="Lan")
    found = tasks(street, saved)
    assert found.tasks[0].camera_id == f"KH{saved}-01"
    assert found.planned_on == date(2024, 3, 1)


def test_a_plan_that_was_just_made_has_the_same_tasks_as_when_it_is_saved(street):
    request = PlanRequest(on=DAY, count=2, mix=(("street", 1.0),), models=("ROUND",))
    found = plan.answer(plan_basis.build(street, request, ground=looks.ground(street)))
    fresh = field.of_plan(street, found)
    choices = found.choices.astype(object).where(found.choices.notna(), None)
    result = {"choices": choices.to_dict("records")}
    number = scenarios.save(street, "A", request=as_plain(request), result=result, actor="Lan")
    again = tasks(street, number)
    for one, other in zip(fresh.tasks, again.tasks, strict=True):
        assert (one.place_id, one.kind) == (other.place_id, other.kind)
        assert dict(one.streets) == pytest.approx(dict(other.streets), abs=0.05)
        assert one.view.symmetric_difference(other.view).area == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_has_a_list_and_a_page_for_each_work(street, saved, language):
    told = pages(sheet(street, saved, language))
    assert len(told) == 4
    for place in ("S2", "B1", "W1"):
        assert place in told[0]
    for page, place in zip(told[1:], ("S2", "B1", "W1"), strict=True):
        assert place in page
        assert "91/2025/QH15" in page
        assert "EPSG:5897" in page
    assert "Trường Tiểu học Một" in told[1]
    assert "270°" in told[3]


def test_the_sheet_speaks_vietnamese_as_an_office_would(street, saved):
    told = pages(sheet(street, saved, "vi"))
    assert told[0].startswith("Phiếu hiện trường · 1. Đợt 1".replace("1.", f"{saved}."))
    assert "Tổng" not in told[1]
    for words in ("Lắp camera mới · S2", "cách Chợ Vườn Hoa 50 m", "nhìn mọi hướng", "1 nút giao",
                  "Biển báo có camera đã gắn", "Người nghiệm thu"):  # fmt: skip
        assert words in told[1]
    assert "Mất điện" in told[2]
    assert "270° · tây" in told[3]


def test_the_sheet_says_what_counts_as_seen_in_the_plan(street):
    blank = {"site_id": None, "camera_id": "B1", "ward_code": "101", "ward": "Phường Một",
             "model": None, "bearing_deg": None, "fov_deg": 360.0, "range_m": 50.0}  # fmt: skip
    choices = [blank | {"rank": 1, "kind": "repair", "cost": 3, **_lonlat(200, 500)}]
    request = PlanRequest(on=DAY, count=1, mix=(("street", 1.0),), level="discern",
                          edition="2025", night=True)  # fmt: skip
    saved = scenarios.save(
        street, "Night", request=as_plain(request), result={"choices": choices}, actor="Lan"
    )
    place = field_sheet.Place(properties=street.properties, ground=Stored(street), made_on=DAY)
    scope = field_sheet.facts(texts("en"), tasks(street, saved), place=place)["scope"]
    assert "IEC 62676-4:2025" in scope
    assert "not confirmed" in scope
    assert "as seen by night" in scope


def test_the_sheet_of_simulated_data_says_so_on_every_page(demo_store):
    request = PlanRequest(on=date(2024, 12, 31), count=1, time_limit_s=2.0)
    basis = plan_basis.build(demo_store, request, ground=looks.ground(demo_store))
    found = field.of_plan(demo_store, plan.answer(basis))
    place = field_sheet.Place(
        properties=demo_store.properties, ground=Stored(demo_store), made_on=DAY
    )
    told = pages(field_sheet.sheet(texts("en"), found, place=place))
    assert len(told) == 2
    assert all("Simulated data, not real figures" in page for page in told)


def test_the_command_writes_the_sheet_and_the_audit_says_who_took_it(
    run, street, saved, tmp_path, monkeypatch
):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    path = tmp_path / "field.pdf"
    code, out, err = run("plans", "sheet", str(saved), str(path), "--today", "2023-12-31",
                         store=street)  # fmt: skip
    assert (code, out, err) == (0, f"Field sheet written: 3 works to {path}.\n", "")
    assert path.read_bytes().startswith(b"%PDF-")
    with street.read() as connection:
        line = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc()).limit(1)
        ).one()
    assert (line.action, line.actor) == ("export", "Lan")
    assert (line.subject["scenario"], line.subject["n_rows"]) == (saved, 3)


@pytest.mark.parametrize(("name", "number"), [("field.docx", 1), ("field.pdf", 9)])
def test_another_ending_or_an_unknown_plan_gets_one_sentence(
    run, street, saved, tmp_path, name, number
):
    code, out, err = run("plans", "sheet", str(number), str(tmp_path / name), store=street)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert not (tmp_path / name).exists()
    if number == 9:
        with pytest.raises(ScenarioNotFoundError):
            tasks(street, number)


def test_the_site_command_writes_the_sheet_of_the_plan_it_made(run, street, tmp_path, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    path = tmp_path / "new" / "field.pdf"
    code, _, err = run("site", "--count", "1", "--mix", "street=1", "--model", "ROUND",
                         "--today", "2023-12-31", "--sheet", str(path), store=street)  # fmt: skip
    assert (code, err) == (0, "")
    told = pages(path.read_bytes())
    assert len(told) == 2
    assert "plan not saved" in told[0]
