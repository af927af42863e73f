import json
import sys

import geopandas as gpd
import pytest
import shapely

from dashboard import cli
from dashboard.texts import LANGUAGES


def run(capsys, *words):
    """Run the command as a shell would; its exit code, and what it said."""
    before, sys.argv = sys.argv, ["vonglau", *map(str, words)]
    try:
        cli.main()
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        sys.argv = before
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.delenv("VONGLAU_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "vonglau"


@pytest.fixture
def wards(tmp_path):
    """One ward in Almaty, Kazakhstan."""
    path = tmp_path / "wards.geojson"
    gpd.GeoDataFrame(
        {"code": ["A"], "name": ["Алмалы"]},
        geometry=[shapely.box(76.90, 43.24, 76.94, 43.26)],
        crs="EPSG:4326",
    ).to_file(path)
    return path


def test_init_without_a_place_makes_the_persons_own_city(capsys, home, wards):
    code, out, _ = run(
        capsys, "init", "--wards", wards, "--city", "Алматы", "--timezone", "Asia/Almaty",
        "--language", "fr", "--reporting-day", "15", "--division", "2024",
        "--valid-from", "2024-01-01", "--json",
    )  # fmt: skip
    assert code == 0
    answer = json.loads(out)
    assert answer["store"] == str(home / "city.db")
    assert answer["city"] == "Алматы"
    assert answer["metric_crs"] == "EPSG:32643"  # zone 43 reaches from 72° to 78° E
    assert answer["metric_crs_reason"] == "utm"
    assert (answer["timezone"], answer["timezone_reason"]) == ("Asia/Almaty", "asked")
    assert (answer["language"], answer["reporting_day"]) == ("fr", 15)
    assert answer["is_simulated"] is False
    assert answer["wards"]["n_accepted"] == 1


def test_init_says_each_property_with_its_reason(capsys, wards, tmp_path):
    code, out, _ = run(
        capsys, "init", "--wards", wards, "--store", tmp_path / "a.db", "--reporting-day", "15"
    )
    assert code == 0
    assert "EPSG:32643, WGS 84 / UTM zone 43N (the UTM zone of the place)" in out
    assert "Reporting month: from day 15" in out
    assert "not used by the month" in out
    assert "vonglau import cameras FILE" in out


def test_a_computer_in_utc_is_told_that_the_hours_would_be_off(capsys, wards, monkeypatch):
    from data import founding

    monkeypatch.setattr(founding, "get_localzone", object)  # a zone without a name
    _, out, _ = run(capsys, "init", "--wards", wards)
    assert "UTC is hardly the time zone of this place" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_init_speaks_every_language(capsys, wards, tmp_path, monkeypatch, language):
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, out, _ = run(capsys, "init", "--wards", wards, "--store", tmp_path / "a.db")
    assert code == 0
    assert "{" not in out
    assert "vonglau import incidents" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--timezone", "Almaty"], "no time zone “Almaty”"),
        (["--crs", "EPSG:3857"], "such as EPSG:32643"),
        (["--crs", "EPSG:1"], "not a known coordinate system"),
        (["--reporting-day", "29"], "Choose 1 to 28"),
        (["--language", "ru"], "no language “ru”"),
        (["--valid-from", "1/7/2025"], "is not a date"),
        (["--sheet", "nothing"], "nothing"),
    ],
)
def test_a_wrong_word_gets_one_sentence_and_no_store(capsys, home, wards, words, sentence):
    code, out, err = run(capsys, "init", "--wards", wards, *words)
    assert (code, out) == (1, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert not home.exists()


def test_a_second_init_is_refused_and_changes_nothing(capsys, home, wards):
    run(capsys, "init", "--wards", wards, "--city", "First")
    code, _, err = run(capsys, "init", "--wards", wards, "--city", "Second")
    assert code == 1
    assert "already exists" in err
    _, out, _ = run(capsys, "stores", "--json")
    assert [store["city"] for store in json.loads(out)["stores"]] == ["First"]


def test_stores_lists_what_is_in_the_persons_folder(capsys, home, wards):
    run(capsys, "init", "--wards", wards, "--city", "Алматы")
    run(capsys, "init", "--wards", wards, "--city", "Second", "--store", home / "second.db")
    (home / "broken.db").write_text("no store at all, only a text of some length" * 30)
    code, out, _ = run(capsys, "stores", "--json")
    assert code == 0
    listed = {store["store"]: store for store in json.loads(out)["stores"]}
    own = listed[str(home / "city.db")]
    assert (own["kind"], own["city"], own["n_wards"]) == ("city", "Алматы", 1)
    assert (own["n_incidents"], own["last_day"], own["is_simulated"]) == (0, None, False)
    assert listed[str(home / "second.db")]["kind"] == "other"
    assert listed[str(home / "broken.db")]["error"] == "not_a_store"


def test_stores_are_a_table_for_people(capsys, home, wards):
    run(capsys, "init", "--wards", wards, "--city", "Алматы")
    (home / "broken.db").write_text("no store at all, only a text of some length" * 30)
    code, out, _ = run(capsys, "stores")
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("Алматы"))
    assert row.split() == ["Алматы", "real", "1", "0", "0", "–", str(home / "city.db")]
    assert "broken.db is not a store" in out


def test_a_folder_without_stores_says_how_to_make_one(capsys):
    code, out, _ = run(capsys, "stores")
    assert code == 0
    assert "vonglau init --wards" in out
