"""What no file can do: run as a formula later, reach another file, take a row away."""

import csv
from datetime import date

import mutated_files
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import exporting, formulas, importing, layers
from data.importing import Options

TODAY = date(2025, 12, 31)
N_MUTATED = 150


def _import(store, path):
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=TODAY, options=Options()
    )


FORMULAS = (
    '=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", "'=1+1",
    "＝1+1", "-",
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_formula_comes_in_as_text_and_goes_out_as_text(city, tmp_path, suffix):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Ngày", "Phường/xã", "Địa điểm"])
        writer.writerows(["8/3/2025", "Đông Thọ", text] for text in FORMULAS)
    assert _import(city, path).n_accepted == len(FORMULAS)
    kept = layers.read_incidents(city)["place"].tolist()
    out = tmp_path / f"out{suffix}"
    exporting.export_layer(city, "incidents", out, today=TODAY)
    if suffix == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for line in csv.reader(stream) for cell in line]
    else:
        lines = openpyxl.load_workbook(out).active.iter_rows()
        cells = [c.value for line in lines for c in line if isinstance(c.value, str)]
        assert not any(c.data_type == "f" for line in lines for c in line)
    assert [cell for cell in cells if cell.startswith(formulas.STARTS)] == []
    again = _import(city, out)
    assert (again.n_accepted, again.n_updated, again.n_duplicates) == (0, 0, len(kept))


@given(st.text(alphabet="'=+-@＝\t\n aĐ1", max_size=6))
def test_what_is_defused_is_no_formula_and_comes_back_as_it_was(text):
    out = formulas.defused(text)
    assert not out.startswith(formulas.STARTS)
    assert formulas.restored(out) == text or (out == text and text.startswith("'"))


@pytest.mark.parametrize("name", ["..", "../small.db", "..%2f..%2fetc%2fpasswd.csv", "a\x00b.csv"])
def test_a_name_that_leads_elsewhere_reads_nothing_there(city, tmp_path, name):
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises((importing.errors.NoSuchFileError, importing.drafts.UnsupportedFormatError)):
        _import(city, tmp_path / "folder" / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_mutated_files_bring_nothing_down_and_lose_no_row(make_city, tmp_path):
    city = make_city(tmp_path / "city.db")
    said = dict(mutated_files.run(city, range(50_000, 50_000 + N_MUTATED), tmp_path))
    city.close()
    assert len(said) == N_MUTATED
    assert {seed: words for seed, words in said.items() if words.split(" ")[0].isupper()} == {}
    assert list(said.values()).count("read") > N_MUTATED / 4
