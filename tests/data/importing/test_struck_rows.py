"""Rows and words that a clerk struck through are no cases, and no words of a case."""

import zipfile
from datetime import date

import openpyxl
import pytest
from awkward import formats
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from data import importing
from data.importing import EveryRowFailedError, Options, refused

TODAY = date(2025, 6, 20)
HEAD = ["STT", "Ngày xảy ra", "Địa điểm", "Hành vi", "Phường", "Bị hại"]
ROWS = [
    [1, "02/05/2025", "Lê Lai", "Trộm cắp tài sản", "Đông Thọ", "Nguyễn Văn An"],
    [2, "04/05/2025", "Chợ Vườn Hoa", "Cướp giật tài sản", "Hàm Rồng", "Lê Thị Hoa"],
    [3, "05/05/2025", "Trần Phú", "Trộm cắp tài sản", "Nam Ngạn", "Trần Văn Ba"],
]
STRIKE = Font(strike=True)
MENDED = CellRichText(TextBlock(InlineFont(strike=True), "Lê Lai"), "Trần Phú")
"""Words that were struck, and the ones that were written behind them."""


@pytest.fixture
def write(tmp_path):
    """Write the three cases, some cells struck and some others in their place."""

    def xlsx(struck=(), *, cells=(), rows=ROWS, font=STRIKE, merged=(), head=HEAD):
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (head, *rows):
            sheet.append(row)
        for name, value in dict(cells).items():
            sheet[name] = value
        for name in struck:
            sheet[name].font = font
        for block in merged:
            sheet.merge_cells(block)
        book.save(tmp_path / "t5.xlsx")
        return tmp_path / "t5.xlsx"

    return xlsx


def _report(path, store, *, corrections=None):
    """Check a file without writing: its rows that are kept, why others are not, the report."""
    options = Options(corrections=corrections or {})
    draft = importing.read(path, layer="incidents")
    checked = importing.check(draft, store, today=TODAY, options=options)
    try:
        report = importing.commit(checked, store, actor="Lan", dry_run=True)
    except EveryRowFailedError as error:
        report = error.report
    kept = {row["file_row"]: row for row in checked.rows}
    return kept, {r.file_row: r.reason for r in checked.rejections}, report


def _row(number):
    """Name the cells of a row of the sheet."""
    return [f"{letter}{number}" for letter in "ABCDEF"]


def test_a_row_that_is_struck_is_refused_and_counted_and_the_others_come_in(write, town):
    kept, reasons, report = _report(write(_row(3)), town)

    assert (sorted(kept), reasons) == ([2, 4], {3: "struck_out"})
    assert (report.n_rows, report.n_rejected, report.n_accepted) == (3, 1, 2)
    assert report.rejected[0].column == "Ngày xảy ra"


@pytest.mark.parametrize(
    ("struck", "refused_rows"),
    [
        (["C3"], {3}),
        (["A3", "F3"], set()),  # nothing is taken from them
        (["B2", "E4"], {2, 4}),
        (["A7", "B7"], set()),  # blank cells with a format
        (["B1"], set()),
    ],
)
def test_a_row_is_struck_where_a_cell_is_from_which_something_is_taken(
    write, town, struck, refused_rows
):
    kept, reasons, _ = _report(write(struck), town)

    assert reasons == dict.fromkeys(refused_rows, "struck_out")
    assert kept.keys() == {2, 3, 4} - refused_rows


def test_a_font_that_says_it_does_not_strike_strikes_nothing(write, town):
    path = write(_row(3), font=Font(strike=False, bold=True))

    assert "strike" in zipfile.ZipFile(path).read("xl/styles.xml").decode()
    assert _report(path, town)[1] == {}


def test_words_that_are_struck_and_set_right_are_refused_and_only_those_that_stand_are_read(
    write, town
):
    path = write(cells={"C3": MENDED})

    kept, reasons, report = _report(path, town)

    assert (sorted(kept), reasons) == ([2, 4], {3: "struck_out"})
    assert (report.rejected[0].column, report.rejected[0].value) == ("Địa điểm", "Trần Phú")
    kept, reasons, _ = _report(path, town, corrections={3: {"place": "Lê Hoàn"}})
    assert (reasons, kept[3]["place"]) == ({}, "Lê Hoàn")
    assert _report(path, town, corrections={3: {"offence": "Đánh bạc"}})[1] == {3: "struck_out"}


def test_a_row_that_is_struck_as_a_whole_comes_in_when_one_of_its_cells_is_typed_again(write, town):
    kept, reasons, _ = _report(write(_row(3)), town, corrections={3: {"date": "04/05/2025"}})

    assert (reasons, sorted(kept), kept[3]["ward_code"]) == ({}, [2, 3, 4], "102")


def test_each_struck_cell_of_a_row_that_stands_is_typed_again(write, town):
    path = write(["B3"], cells={"C3": MENDED})

    one = _report(path, town, corrections={3: {"date": "06/05/2025"}})
    both = _report(path, town, corrections={3: {"date": "06/05/2025", "place": "Trần Phú"}})

    assert (one[1], one[2].rejected[0].column) == ({3: "struck_out"}, "Địa điểm")
    assert (both[1], sorted(both[0])) == ({}, [2, 3, 4])


def test_the_file_of_refused_rows_brings_them_in(write, town, tmp_path):
    report = _report(write(_row(2), cells={"C3": MENDED}), town)[2]
    handed = tmp_path / "refused.xlsx"
    lines = [list(cells) for _, cells in refused.rows(report.refused)]
    handed.write_bytes(formats.xlsx({"T": [list(refused.headings(report.refused)), *lines]}))

    kept, reasons, _ = _report(handed, town)

    assert reasons == {}
    assert [row["place"] for row in kept.values()] == ["Lê Lai", "Trần Phú"]
    assert [row["starts_at"].day for row in kept.values()] == [2, 4]


def test_all_rows_may_be_struck(write, town):
    kept, reasons, _ = _report(write([*_row(2), *_row(3), *_row(4)]), town)

    assert (kept, reasons) == ({}, dict.fromkeys((2, 3, 4), "struck_out"))


def test_a_struck_ward_that_is_merged_over_rows_strikes_them_all(write, town):
    rows = [*ROWS[:1], [*ROWS[1][:4], None, None], ROWS[2]]

    assert _report(write(["E2"], rows=rows, merged=["E2:E3"]), town)[1] == {
        2: "struck_out",
        3: "struck_out",
    }
    assert _report(write(["E3"], rows=rows, merged=["E2:E3"]), town)[1] == {}  # nothing is in it


def test_lists_beside_each_other_have_their_own_strikes(write, town):
    beside = [[*row, None, *row] for row in ROWS]
    path = write(["J3"], rows=beside, head=[*HEAD, None, *HEAD])
    names = importing.read(path, layer="incidents").sheets
    struck = {
        name: dict(importing.read(path, layer="incidents", sheet=name).struck) for name in names
    }

    assert len(names) == 2
    left, right = struck.values()
    assert left == {}
    assert {row: each.fields for row, each in right.items()} == {3: ("place",)}


def test_a_struck_row_of_xls_is_refused(tmp_path, town):
    struck = {"T": {(2, column) for column in range(len(HEAD))}}
    (tmp_path / "t.xls").write_bytes(formats.xls({"T": [HEAD, *ROWS]}, struck=struck))

    kept, reasons, _ = _report(tmp_path / "t.xls", town)

    assert (sorted(kept), reasons) == ([2, 4], {3: "struck_out"})
