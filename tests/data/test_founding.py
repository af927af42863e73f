import zoneinfo
from datetime import date

import geopandas as gpd
import pyproj
import pytest
import shapely
import sqlalchemy as sa

from data import founding, layers, metric_systems, tables
from data.errors import BadCrsError, NotAStoreError, StoreExistsError, SwappedAxesError
from data.founding import Plan, found_city
from data.importing import EveryRowFailedError, Options
from data.importing.errors import NoIdColumnError, NoSuchFileError
from data.locations import known_stores
from data.store import Store

GREEK = {"1": "Άνω Πόλη", "2": "Λαδάδικα"}
HERE = (22.94, 40.64)  # Thessaloniki
CITIES = {  # longitude and latitude, from the gazetteer
    "in": {
        "Hà Nội": (105.85, 21.03), "Thành phố Hồ Chí Minh": (106.70, 10.78),
        "Đà Nẵng": (108.20, 16.07), "Huế": (107.58, 16.46), "Cà Mau": (105.15, 9.18),
        "Phú Quốc": (103.98, 10.22), "Điện Biên Phủ": (103.02, 21.39), "Lào Cai": (103.97, 22.48),
        "Hà Giang": (104.98, 22.82), "Móng Cái": (107.97, 21.53), "Lao Bảo": (106.60, 16.62),
        "Côn Đảo": (106.60, 8.69), "Nha Trang": (109.19, 12.24), "Mường Lát": (104.60, 20.52),
    },
    "out": {
        "Phnom Penh": (104.92, 11.56), "Vientiane": (102.60, 17.97), "Nanning": (108.37, 22.82),
        "Savannakhet": (104.75, 16.57), "Pakse": (105.80, 15.12), "Haikou": (110.35, 20.04),
        "Xam Neua": (104.05, 20.42), "Kampot": (104.18, 10.60), "Thakhek": (104.83, 17.40),
        "Banlung": (106.99, 13.74), "Mengzi": (103.39, 23.37), "Thessaloniki": HERE,
    },
}  # fmt: skip


@pytest.fixture
def wards(tmp_path):
    """Two square wards side by side, a hundredth of a degree wide."""
    west, south = HERE
    squares = [
        shapely.box(west + i / 100, south, west + (i + 1) / 100, south + 0.01) for i in (0, 1)
    ]
    path = tmp_path / "polis.gpkg"
    gpd.GeoDataFrame(
        {"code": list(GREEK), "name": list(GREEK.values())}, geometry=squares, crs="EPSG:4326"
    ).to_file(path)
    return path


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_city_is_founded_with_its_wards_and_what_was_asked(wards, tmp_path):
    plan = Plan(
        city="Πόλη", language="fr", timezone="Europe/Athens", metric_crs="EPSG:2100",
        reporting_day=15,
    )  # fmt: skip
    found = found_city(tmp_path / "a.db", wards, plan=plan, actor="tester")
    found.store.close()
    store = Store.open(tmp_path / "a.db")
    properties = store.properties
    assert (properties.city, properties.language, properties.reporting_day) == ("Πόλη", "fr", 15)
    assert (properties.timezone, properties.metric_crs) == ("Europe/Athens", "EPSG:2100")
    assert not properties.is_simulated
    division = layers.division_on(store, date(2026, 1, 1))
    assert layers.read_wards(store, division=division)["name"].to_dict() == GREEK
    with store.read() as connection:
        audit = connection.execute(sa.select(tables.audit.c.action, tables.audit.c.actor)).all()
    assert ("import", "tester") in [tuple(row) for row in audit]


def test_what_is_not_said_is_taken_from_file_place_and_computer(wards, tmp_path, monkeypatch):
    monkeypatch.setattr(founding, "get_localzone", lambda: zoneinfo.ZoneInfo("Europe/Athens"))
    found = found_city(tmp_path / "a.db", wards, plan=Plan(computer_language="fr"), actor="t")
    assert found.properties.city == "polis"
    assert found.properties.language == "fr"
    assert found.properties.metric_crs == "EPSG:32634"  # 22.94° E lies in zone 34, 18° to 24° E
    assert found.metric_system.reason == "utm"
    assert (found.timezone.name, found.timezone.reason) == ("Europe/Athens", "computer")
    assert not found.timezone.is_doubtful


def test_a_computer_whose_zone_has_no_name_counts_as_utc_and_is_doubted(monkeypatch):
    monkeypatch.setattr(founding, "get_localzone", object)
    zone = founding.settle_timezone(None, *HERE)
    assert (zone.name, zone.is_doubtful) == ("UTC", True)


def test_in_vietnam_zone_and_language_are_the_countrys_whatever_the_computer_says(monkeypatch):
    monkeypatch.setattr(founding, "get_localzone", lambda: zoneinfo.ZoneInfo("Europe/Paris"))
    assert founding.settle_timezone(None, 105.78, 19.81).name == "Asia/Ho_Chi_Minh"
    assert founding.settle_timezone("Asia/Bangkok", 105.78, 19.81).name == "Asia/Bangkok"


def test_the_coarse_outline_has_the_countrys_cities_and_none_of_its_neighbours():
    missed = [name for name, at in CITIES["in"].items() if not metric_systems.is_in_vietnam(*at)]
    taken = [name for name, at in CITIES["out"].items() if metric_systems.is_in_vietnam(*at)]
    assert (missed, taken) == ([], [])


@pytest.mark.parametrize(("name", "at"), CITIES["in"].items())
def test_the_system_proposed_in_vietnam_stretches_distances_by_less_than_3_in_10000(name, at):
    proposed = metric_systems.propose(*at)
    assert proposed.name.startswith("VN-2000 / TM-3")
    east = pyproj.Geod(ellps="WGS84").fwd(*at, 90, 1000)
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", proposed.crs, always_xy=True).transform
    start, end = to_metres(*at), to_metres(east[0], east[1])
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    assert abs(length / 1000 - 1) < 3e-4


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4326", "EPSG:2263", "EPSG:32648"])
def test_degrees_feet_web_mercator_and_a_far_zone_are_refused(crs, wards, tmp_path):
    with pytest.raises(metric_systems.UnsuitableCrsError) as refused:
        found_city(tmp_path / "s" / "a.db", wards, plan=Plan(metric_crs=crs), actor="t")
    assert refused.value.facts["proposed"] == "EPSG:32634"
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("name", ["Hanoi", "Asia", "", "/etc/passwd", "../UTC", "UTC+7"])
def test_a_time_zone_that_does_not_exist_is_refused_before_anything_is_made(name, wards, tmp_path):
    with pytest.raises(founding.UnknownTimezoneError):
        found_city(tmp_path / "s" / "a.db", wards, plan=Plan(timezone=name), actor="t")
    assert not (tmp_path / "s").exists()


def test_a_time_zone_written_a_little_wrong_is_answered_with_the_right_one():
    with pytest.raises(founding.UnknownTimezoneError) as refused:
        founding.check_timezone("asia/Ho Chi Minh")
    assert "Asia/Ho_Chi_Minh" in refused.value.facts["similar"]


@pytest.mark.parametrize("day", [0, 29, -1, 31])
def test_a_month_begins_only_on_a_day_that_every_month_has(day, wards, tmp_path):
    with pytest.raises(founding.BadReportingDayError):
        found_city(tmp_path / "a.db", wards, plan=Plan(reporting_day=day), actor="t")


def test_a_store_that_is_there_is_not_touched(wards, tmp_path):
    found_city(tmp_path / "a.db", wards, plan=Plan(city="First"), actor="t").store.close()
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(StoreExistsError):
        found_city(tmp_path / "a.db", wards, plan=Plan(city="Second"), actor="t")
    assert (tmp_path / "a.db").read_bytes() == before


def test_another_kind_of_file_at_the_place_is_not_touched(wards, tmp_path):
    (tmp_path / "a.db").write_text("my notes, long enough to be no empty database" * 50)
    with pytest.raises(NotAStoreError):
        found_city(tmp_path / "a.db", wards, plan=Plan(), actor="t")
    assert (tmp_path / "a.db").read_text().startswith("my notes")


def bad_wards(tmp_path, what):
    columns = {"no code": {"colour": ["red"]}, "all refused": {"code": [""], "name": ["A"]}}
    box = shapely.box(22.94, 40.64, 22.95, 40.65)
    path = tmp_path / "bad.gpkg"
    gpd.GeoDataFrame(columns[what], geometry=[box], crs="EPSG:4326").to_file(path)
    return path


@pytest.mark.parametrize(
    ("what", "error"), [("no code", NoIdColumnError), ("all refused", EveryRowFailedError)]
)
def test_wards_that_fail_leave_nothing_behind(what, error, tmp_path):
    path = bad_wards(tmp_path, what)
    place = tmp_path / "stores"
    place.mkdir()
    with pytest.raises(error):
        found_city(place / "a.db", path, plan=Plan(), actor="t")
    assert files_in(place) == []


def test_an_empty_database_that_was_there_stays_empty_when_wards_fail(tmp_path, wards):
    (tmp_path / "a.db").touch()
    with pytest.raises(NoIdColumnError):
        found_city(tmp_path / "a.db", bad_wards(tmp_path, "no code"), plan=Plan(), actor="t")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    found_city(tmp_path / "a.db", wards, plan=Plan(), actor="t").store.close()


def test_an_interrupted_founding_leaves_nothing_behind(wards, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(founding.importing, "commit", interrupted)
    place = tmp_path / "stores"
    place.mkdir()
    with pytest.raises(KeyboardInterrupt):
        found_city(place / "a.db", wards, plan=Plan(), actor="t")
    assert files_in(place) == []


def test_a_file_that_does_not_say_its_system_is_asked_for_it(tmp_path):
    path = tmp_path / "bare.shp"
    box = shapely.box(410_000, 4_498_000, 411_000, 4_499_000)
    with pytest.warns(UserWarning, match="crs"):
        gpd.GeoDataFrame({"code": ["1"], "name": ["A"]}, geometry=[box]).to_file(path)
    with pytest.raises(founding.WardsWithoutCrsError):
        found_city(tmp_path / "a.db", path, plan=Plan(), actor="t")
    options = Options(crs="EPSG:2100", division="2024")
    found = found_city(tmp_path / "a.db", path, plan=Plan(), actor="t", options=options)
    assert found.properties.metric_crs == "EPSG:32634"
    with pytest.raises(BadCrsError):
        found_city(tmp_path / "b.db", path, plan=Plan(), actor="t", options=Options(crs="nowhere"))


def test_a_missing_file_makes_no_store(tmp_path):
    with pytest.raises(NoSuchFileError):
        found_city(tmp_path / "a.db", tmp_path / "none.gpkg", plan=Plan(), actor="t")
    assert files_in(tmp_path) == []


def test_stores_are_found_in_the_persons_own_folder_only(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert known_stores() == []
    (tmp_path / "vonglau").mkdir()
    (tmp_path / "vonglau" / "city.db").touch()
    (tmp_path / "elsewhere.db").touch()
    assert [path.name for path in known_stores()] == ["city.db"]


def test_outlines_with_the_latitude_first_are_told_so_and_make_no_store(tmp_path):
    path = tmp_path / "turned.geojson"
    square = shapely.box(19.80, 105.77, 19.81, 105.78)  # Thanh Hoa lies at 105.8° E, 19.8° N
    gpd.GeoDataFrame({"code": ["1"], "name": ["A"]}, geometry=[square], crs="EPSG:4326").to_file(
        path
    )
    with pytest.raises(SwappedAxesError) as refused:
        found_city(tmp_path / "s" / "a.db", path, plan=Plan(), actor="t")
    assert refused.value.facts == {"file": "turned.geojson", "first": "19.8, 105.77"}
    assert not (tmp_path / "s").exists()
