"""A made-up town in Greece goes from files to coverage, month and verdict without a line of code.

Other alphabet, time zone, metric system, headings and orders of the date than the demo's.
"""

import contextlib
import io
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cli
from dashboard.app import PAGES
from dashboard.texts import LANGUAGES
from data import layers
from data.store import Store

APP = Path(dashboard.__file__).parent / "app.py"
TODAY = "2025-06-30"
ORIGIN = (410_000.0, 4_498_000.0)  # easting and northing in EPSG:2100, near Thessaloniki
WARDS = {"A1": "Άνω Πόλη", "A2": "Λαδάδικα", "A3": "Καλαμαριά", "A4": "Τούμπα"}
SIDE_M = 1000.0


def ward_box(number):
    east, north = ORIGIN[0] + SIDE_M * (number % 2), ORIGIN[1] + SIDE_M * (number // 2)
    return shapely.box(east, north, east + SIDE_M, north + SIDE_M)


def degrees(number, east_m, north_m):
    """Longitude and latitude of a place, metres from the south-west corner of a ward."""
    corner = ward_box(number).bounds
    point = gpd.GeoSeries([shapely.Point(corner[0] + east_m, corner[1] + north_m)], crs="EPSG:2100")
    there = point.to_crs("EPSG:4326").iloc[0]
    return round(there.x, 6), round(there.y, 6)


def write_files(folder):
    """Write wards (Greek grid), cameras (French, dd/mm, comma), sites and incidents (ISO)."""
    gpd.GeoDataFrame(
        {"code": list(WARDS), "name": list(WARDS.values()), "population": [8000, 9000, 10_000, 0]},
        geometry=[ward_box(number) for number in range(4)],
        crs="EPSG:2100",
    ).to_file(folder / "wards.gpkg")
    places = [degrees(0, 500, 500), degrees(0, 600, 500), degrees(1, 500, 500)]
    pd.DataFrame(
        {
            "Identifiant de la caméra": ["C1", "C2", "C3"],
            "Longitude": [f"{x:.6f}".replace(".", ",") for x, _ in places],
            "Latitude": [f"{y:.6f}".replace(".", ",") for _, y in places],
            "Azimut (°)": ["90", "180,5", ""],
            "Portée (m)": ["60", "45,5", ""],
            "Date d'installation": ["13/01/2024", "13/01/2024", "02/03/2024"],
        }
    ).to_excel(folder / "cameras.xlsx", index=False)
    x, y = degrees(2, 500, 500)
    (folder / "sites.csv").write_text(f"site_id,longitude,latitude\nS1,{x},{y}\n")
    lines = ["case_id,date,time,category,ward,longitude,latitude"]
    day, number = date(2023, 1, 1), 0
    while day <= date(2025, 6, 30):
        ward = number % 4
        x, y = degrees(ward, 100 + 7 * number % 800, 500)
        code = list(WARDS)[ward]
        lines.append(f"I{number},{day.isoformat()},00:30,theft,{WARDS[code]},{x},{y}")
        day, number = day + timedelta(days=2), number + 1
    (folder / "incidents.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number


def run(location, *words):
    """Run the command; what its one JSON object says."""
    said, before = io.StringIO(), sys.argv
    sys.argv = ["vonglau", *map(str, words), "--store", str(location), "--json"]
    try:
        with contextlib.redirect_stdout(said), pytest.raises(SystemExit) as stop:
            cli.main()
        assert not stop.value.code, (words, said.getvalue())
    finally:
        sys.argv = before
    return json.loads(said.getvalue())


@pytest.fixture(scope="module")
def polis(tmp_path_factory):
    """Give the town's store, and what each import said of its file."""
    folder = tmp_path_factory.mktemp("polis")
    n_incidents = write_files(folder)
    location = folder / "polis.db"
    said = {
        "init": run(
            location, "init", "--wards", folder / "wards.gpkg", "--city", "Πόλη", "--timezone",
            "Europe/Athens", "--language", "fr", "--division", "2010",
        )
    }  # fmt: skip
    for layer, name in (
        ("cameras", "cameras.xlsx"), ("sites", "sites.csv"), ("incidents", "incidents.csv"),
    ):  # fmt: skip
        said[layer] = run(location, "import", layer, folder / name, "--today", TODAY)
    store = Store.open(location)
    yield store, said, n_incidents
    store.close()


def test_the_files_come_in_whole(polis):
    _, said, n_incidents = polis
    assert said["init"]["metric_crs"] == "EPSG:32634"  # 22.9° E is in UTM zone 34
    assert said["init"]["wards"]["n_accepted"] == 4
    assert {k: said[k]["n_accepted"] for k in ("cameras", "sites", "incidents")} == {
        "cameras": 3, "sites": 1, "incidents": n_incidents,
    }  # fmt: skip
    assert [said[k]["n_rejected"] for k in ("cameras", "sites", "incidents")] == [0, 0, 0]


def test_days_before_months_commas_and_greek_names_are_read_as_they_are_meant(polis):
    store, _, _ = polis
    cameras = layers.read_camera_register(store)
    assert list(cameras["installed_on"]) == [date(2024, 1, 13), date(2024, 1, 13), date(2024, 3, 2)]
    assert cameras.loc["C2", "bearing_deg"] == 180.5
    assert pd.isna(cameras.loc["C3", "bearing_deg"])
    wards = layers.read_wards(store, division="2010")
    assert wards["name"].to_dict() == WARDS


def test_half_past_midnight_stays_on_its_day_in_the_towns_own_time(polis):
    store, _, n_incidents = polis
    incidents = layers.read_incidents(store)
    assert str(incidents["starts_at"].dt.tz) == str(ZoneInfo("Europe/Athens"))
    assert set(incidents["starts_at"].dt.strftime("%H:%M")) == {"00:30"}
    expected = pd.date_range("2023-01-01", periods=n_incidents, freq="2D")
    assert list(incidents["happened_on"]) == list(expected)
    assert (
        incidents["ward_code"].value_counts().max() - incidents["ward_code"].value_counts().min()
        <= 1
    )


def test_coverage_and_gaps_are_in_the_towns_own_metres(polis):
    store, _, _ = polis
    answer = run(store.location, "coverage", "--today", TODAY)
    assert answer["as_of"] == TODAY
    areas = {ward["code"]: ward["area_m2"] for ward in answer["wards"]}
    # UTM shrinks lengths near 22.94° E, 1.94° from its meridian, to 0.99990 at the least
    assert all(abs(area / SIDE_M**2 - 1) < 2e-3 for area in areas.values())
    cameras = {ward["code"]: ward["n_cameras_working"] for ward in answer["wards"]}
    assert cameras == {"A1": 2, "A2": 1, "A3": 0, "A4": 0}
    assert answer["gaps"]
    west, south, east, north = 22.8, 40.5, 23.1, 40.8
    assert all(
        west < gap["longitude"] < east and south < gap["latitude"] < north for gap in answer["gaps"]
    )


def test_a_month_is_counted(polis):
    store, _, n_incidents = polis
    answer = run(store.location, "trends", "--month", "2025-05", "--today", TODAY)
    days = pd.date_range("2023-01-01", periods=n_incidents, freq="2D")
    n_in_may = int(((days >= "2025-05-01") & (days < "2025-06-01")).sum())
    per_ward = [row["n"] for row in answer["rows"] if row["category"] == "theft"
                and row["ward_code"] in WARDS]  # fmt: skip
    assert sum(per_ward) == n_in_may


def test_cameras_of_which_no_view_is_known_are_said_so(polis, monkeypatch, capsys):
    store, _, _ = polis
    monkeypatch.setenv("VONGLAU_LANG", "en")
    words = ["evaluate", "--cameras", "C3", "--today", TODAY, "--store", str(store.location)]
    monkeypatch.setattr(sys, "argv", ["vonglau", *words])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 1
    assert "what they see: C3" in capsys.readouterr().err


def test_before_and_after_is_answered(polis):
    store, _, _ = polis
    answer = run(store.location, "evaluate", "--cameras", "C1,C2", "--today", TODAY)
    assert answer["verdict"] in {"fell", "rose", "cannot_tell"}
    assert answer["treated"]["n_before"] >= 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", [name for name, _, _ in PAGES])
def test_every_page_opens_in_every_language(polis, monkeypatch, tmp_path, view, language):
    store, _, _ = polis
    monkeypatch.setenv("VONGLAU_STORE", store.location)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    page = AppTest.from_file(APP, default_timeout=120)
    page.query_params["lang"] = language
    page.run()
    page.switch_page(f"views/{view}.py").run()
    assert not page.exception, page.exception
    assert not page.error, [error.value for error in page.error]
    assert page.title
    shown = " ".join(e.value for e in [*page.title, *page.markdown, *page.caption])
    assert "Thanh" not in shown
    assert "mô phỏng" not in shown
