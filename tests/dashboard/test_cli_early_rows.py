"""Incidents older than the wards: what the command says, and that its advice works."""

import json
import re
import shlex
import sys

import geopandas as gpd
import pytest
import shapely

from dashboard import cli
from dashboard.texts import LANGUAGES

ADVICE = re.compile(r"vonglau (import wards \S+ --division .+? --valid-from \d{4}-\d\d-\d\d)")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "city.db"))

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["vonglau", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return command


@pytest.fixture
def wards(tmp_path):
    """Two wards, one hundredth of a degree wide each, where Thanh Hoa is."""
    west, south = 105.76, 19.80
    squares = [
        shapely.box(west + i / 100, south, west + (i + 1) / 100, south + 0.01) for i in (0, 1)
    ]
    path = tmp_path / "wards.geojson"
    gpd.GeoDataFrame(
        {"code": ["14758", "14759"], "name": ["Hàm Rồng", "Hạc Thành"]},
        geometry=squares,
        crs="EPSG:4326",
    ).to_file(path)
    return path


@pytest.fixture
def ledger(tmp_path):
    """Five years of incidents that name their ward by code alone."""
    path = tmp_path / "incidents.csv"
    days = [f"15/{month:02d}/{year}" for year in range(2020, 2025) for month in (3, 9)]
    rows = ["Ngày,Mã xã,Tội danh", *(f"{day},14758,Trộm cắp tài sản" for day in days)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_new_city_without_a_first_day_takes_incidents_of_all_years_and_says_so(
    run, wards, ledger
):
    _, out, _ = run("init", "--wards", wards, "--city", "X")
    assert "Nobody said since when these wards are in force" in out
    assert "On 1 July 2025 wards were merged" in out
    _, out, _ = run("import", "incidents", ledger, "--json")
    assert (json.loads(out)["n_accepted"], json.loads(out)["early"]) == (10, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rows_before_the_first_day_are_refused_with_advice_that_works_as_printed(
    run, wards, ledger, monkeypatch, language
):
    monkeypatch.setenv("VONGLAU_LANG", language)
    _, out, _ = run("init", "--wards", wards, "--division", "of 2025", "--valid-from", "2025-07-01")
    assert "01/07/2025" in out
    code, out, err = run("import", "incidents", ledger)
    assert (code, len(err.strip().splitlines())) == (1, 1)
    assert "15/03/2020" in out
    (advice,) = ADVICE.findall(out)
    words = shlex.split(advice)
    assert words[2] in {"FILE", "TỆP", "FICHIER"}
    assert words[-1] == "2020-03-15"
    words[2] = wards
    assert run(*words)[0] == 0
    _, out, _ = run("import", "incidents", ledger, "--json")
    assert (json.loads(out)["n_accepted"], json.loads(out)["n_rejected"]) == (10, 0)


def test_scripts_are_told_too(run, wards, ledger):
    run("init", "--wards", wards, "--division", "2025", "--valid-from", "2024-07-01")
    _, out, _ = run("import", "incidents", ledger, "--json")
    answer = json.loads(out)
    assert (answer["n_accepted"], answer["n_rejected"]) == (1, 9)  # the last is of 15/09/2024
    assert {row["reason"] for row in answer["rejected"]} == {"unknown_division"}
    assert answer["early"] == {
        "division": "2025",
        "valid_from": "2024-07-01",
        "oldest_on": "2020-03-15",
        "n_refused": 9,
        "n_by_point": 0,
    }


def test_the_only_row_is_no_plural(run, wards, tmp_path):
    run("init", "--wards", wards)
    path = tmp_path / "one.csv"
    head, theft = "Ngày,Mã xã,Tội danh\n", "14758,Trộm cắp tài sản\n"
    path.write_text(f"{head}32/01/2024,{theft}", encoding="utf-8")
    _, _, err = run("import", "incidents", path)
    assert "The only row of one.csv was refused" in err
    path.write_text(f"{head}32/01/2024,{theft}33/01/2024,{theft}", encoding="utf-8")
    _, _, err = run("import", "incidents", path)
    assert "All 2 rows of one.csv were refused" in err
