"""Large sheets read by column say in every cell what they say when they are read cell by cell."""

# ruff: noqa: DTZ001  the moments of a spreadsheet have no zone

import random
import zipfile
from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pytest
import xlsxwriter

from data import importing
from data.importing import Options
from data.importing.files import large_sheets, sheet_xml, sheets
from data.importing.files.cell_columns import CellColumn, RowsByColumn, picked
from data.row_columns import Coded, Numbers

N_FIRST, N_LAST = 4, 2
TODAY = date(2025, 12, 31)
DAY, HOUR, MOMENT, LENGTH = "dd/mm/yyyy", "hh:mm", "dd/mm/yyyy hh:mm:ss", "[h]:mm"
WORDS = ("Đông Thọ", " Hàm Rồng ", "8/3/2025", "12,5", "  ", "'=1+1", "Pha\u0302n")


@pytest.fixture
def _small_ones_too(monkeypatch):
    monkeypatch.setattr(large_sheets, "LEAST_BYTES", 0)
    monkeypatch.setattr(large_sheets, "N_FIRST", N_FIRST)
    monkeypatch.setattr(large_sheets, "N_LAST", N_LAST)


def _write(path, rows, *, merged=(), is_1904=False, first_row=0, first_column=0):
    """Write rows; a pair is a number and its format, a text in angle brackets an error."""
    with xlsxwriter.Workbook(str(path), {"date_1904": is_1904}) as book:
        formats = {
            each: book.add_format({"num_format": each}) for each in (DAY, HOUR, MOMENT, LENGTH)
        }
        sheet = book.add_worksheet("T")
        for i, row in enumerate(rows, start=first_row):
            for j, cell in enumerate(row, start=first_column):
                if isinstance(cell, tuple):
                    sheet.write_number(i, j, cell[0], formats[cell[1]])
                elif isinstance(cell, str) and cell.startswith("<"):
                    sheet.write_formula(i, j, "=1", None, cell.strip("<>"))
                elif isinstance(cell, str):
                    sheet.write_string(i, j, cell)
                elif isinstance(cell, bool):
                    sheet.write_boolean(i, j, cell)
                elif cell is not None:
                    sheet.write_number(i, j, cell)
        for block in merged:
            sheet.merge_range(*block, "gộp")
    return path


def _read(path):
    return next(iter(sheets.open_workbook(path).sheets.values()))()


def _said(sheet):
    rows = [[(type(cell), repr(cell)) for cell in row] for row in sheet.rows]
    columns = [list(map(repr, column)) for column in sheet.columns or ()]
    return rows, columns, sheet.merged, sheet.letters, sheet.n_repaired


def _both_ways(path, monkeypatch):
    """Read a file by cell, and as it is read otherwise."""
    found = _read(path)
    monkeypatch.setattr(large_sheets, "LEAST_BYTES", 2**62)
    by_cell = _read(path)
    assert not isinstance(by_cell.rows, RowsByColumn)
    return by_cell, found


@pytest.mark.usefixtures("_small_ones_too")
def test_what_was_written_is_read_by_column(tmp_path):
    rows = [["Số", "Ngày", "Giờ", "Lúc", "Phường", "Có", None, "Tiền"]]
    rows += [
        [
            i + 0.5, (45_724 + i, DAY), (i / 24, HOUR), (45_724 + i / 1_440, MOMENT),
            "Đông Thọ" if i % 2 else " Hàm Rồng", bool(i % 3), None, None if i == 7 else i,
        ]
        for i in range(9)
    ]  # fmt: skip
    found = _read(_write(tmp_path / "plain.xlsx", rows))
    assert isinstance(found.rows, RowsByColumn)
    assert [type(column.below).__name__ for column in found.columns] == [
        "Numbers", "Coded", "Coded", "Coded", "Coded", "Coded", "Coded", "Numbers",
    ]  # fmt: skip
    assert [list(row) for row in found.rows[1:]] == [
        [
            i + 0.5, date(2025, 3, 8 + i), time(i),
            datetime(2025, 3, 8, 0, i) if i else date(2025, 3, 8),
            "Đông Thọ" if i % 2 else "Hàm Rồng", bool(i % 3), None, None if i == 7 else float(i),
        ]
        for i in range(9)
    ]  # fmt: skip


PLAIN = [[float(i), "Đông Thọ", (45_724 + i, DAY), (0.25, HOUR)] for i in range(12)]
AT = 9


def _with(cell, column=0):
    rows = [list(row) for row in PLAIN]
    rows[AT][column] = cell
    return rows


@pytest.mark.parametrize(
    ("rows", "options", "is_by_column"),
    [
        (PLAIN, {}, True),
        (_with(None), {}, True),
        (_with(None, 1), {}, True),
        (_with(None, 2), {}, True),
        (_with("  ", 1), {}, True),
        (PLAIN, {"first_row": 2, "first_column": 3}, True),
        (PLAIN, {"merged": [(0, 5, 1, 7)]}, True),
        (PLAIN, {"merged": [(8, 5, 11, 7)]}, True),
        (_with("Tổng cộng"), {}, False),
        (_with("NA"), {}, False),
        (_with("nan"), {}, False),
        (_with("null", 2), {}, False),
        (_with("NaN", 1), {}, True),
        (_with("<#N/A>"), {}, False),
        (_with("<#DIV/0!>", 1), {}, False),
        (_with(True), {}, False),
        (_with(7.0, 1), {}, False),
        (_with((45_724, DAY)), {}, False),
        (_with((45_724.75, MOMENT), 2), {}, True),
        (_with((45_724 + 1e-10, MOMENT), 2), {}, True),
        (_with((45_724.999_999_99, MOMENT), 2), {}, True),
        (_with((0.999_99, HOUR), 3), {}, True),
        (_with((1e8, DAY), 2), {}, False),
        (_with((-3, DAY), 2), {}, False),
        (_with((59.5, MOMENT), 2), {}, False),
        (_with((1.5, LENGTH), 3), {}, False),
        (PLAIN, {"is_1904": True}, False),
        ([row[:3] for row in PLAIN], {"is_1904": True}, True),
        ([*PLAIN, ["Tổng cộng", None, 12.0, "x"]], {}, True),
        ([*PLAIN, [None] * 4, ["Người lập biểu", None, None, True, "x"]], {}, True),
        ([*PLAIN, ["Tổng"], [None] * 4, ["Người lập"]], {}, True),
        ([*PLAIN, ["Tổng"], [None] * 4, ["Ngày 8"], ["Người lập"]], {}, False),
        ([*PLAIN, [None] * 4, ["<#N/A>", (45_724, DAY)]], {"merged": [(13, 2, 13, 5)]}, True),
        (PLAIN[: N_FIRST + N_LAST], {}, True),
        (PLAIN[: N_FIRST + 1], {}, True),
        (PLAIN[:N_FIRST], {}, True),
        (PLAIN[: N_FIRST - 1], {}, False),
        (_with("Phöôøng Ñoâng Veä", 1), {}, False),
    ],
)
@pytest.mark.usefixtures("_small_ones_too")
def test_both_ways_tell_the_same_of_odd_cells(tmp_path, monkeypatch, rows, options, is_by_column):
    by_cell, found = _both_ways(_write(tmp_path / "odd.xlsx", rows, **options), monkeypatch)
    assert isinstance(found.rows, RowsByColumn) is (is_by_column and len(rows) > N_FIRST)
    assert _said(found) == _said(by_cell)


def _moved(sheet):
    """Write the row in the tenth place as if it were the second."""
    return sheet.replace(b'r="10"', b'r="2"').replace(b'A10"', b'A2"')


@pytest.mark.parametrize(
    "change",
    [
        _moved,
        lambda sheet: sheet.replace(b'<c r="A10"', b"<c"),
        lambda sheet: sheet.replace(b'<c r="A7"', b'<c r="E12"'),
        lambda sheet: sheet.replace(b'<c r="A2"', b'<c r="E12"'),
        lambda sheet: sheet.replace(b'<c r="A12"', b'<c r="E7"'),
        lambda sheet: sheet.replace(b'<row r="12"', b'<row r="7"'),
        lambda sheet: sheet.replace(b'<row r="12"', b"<row"),
        lambda sheet: sheet.replace(b'r="12"', b'r="90012"').replace(b'A12"', b'A90012"'),
        lambda sheet: sheet.replace(b'<c r="A2"', b'<c r="A10"'),
        lambda sheet: sheet.replace(b"</sheetData>", b"</sheetData><sheetData></sheetData>"),
        lambda sheet: sheet.replace(b'<row r="3"', b'<!-- </row> --><row r="3"'),
        lambda sheet: sheet.replace(b'<row r="3"', b'<!-- </row></row></row> --><row r="3"'),
        lambda sheet: sheet.replace(b"<row", b"<x:row").replace(b"</row", b"</x:row"),
    ],
)
@pytest.mark.usefixtures("_small_ones_too")
def test_no_cell_is_lost_where_a_sheet_is_not_written_from_top_to_bottom(
    tmp_path, monkeypatch, change
):
    path = _write(tmp_path / "other.xlsx", PLAIN)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    changed = change(parts[name])
    assert changed != parts[name]
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in {**parts, name: changed}.items():
            archive.writestr(each, content)
    by_cell, found = _both_ways(path, monkeypatch)
    assert _said(found) == _said(by_cell)


@pytest.mark.usefixtures("_small_ones_too")
def test_both_ways_tell_the_same_of_ledgers_of_all_kinds(tmp_path, monkeypatch):
    rng = random.Random(7)  # noqa: S311  no secret
    n_by_column = 0
    for _ in range(60):
        rows = _ledger(rng)
        path = _write(
            tmp_path / "random.xlsx",
            rows,
            first_row=rng.choice((0, 0, 2)),
            first_column=rng.choice((0, 0, 3)),
            is_1904=rng.random() < 0.1,
        )
        with monkeypatch.context() as patch:
            by_cell, found = _both_ways(path, patch)
        n_by_column += isinstance(found.rows, RowsByColumn)
        assert _said(found) == _said(by_cell)
    assert 20 <= n_by_column < 60


def _ledger(rng):
    """Make a ledger: most columns of one kind, some blanks, seldom a cell of another kind."""
    makers = (
        lambda: rng.choice((rng.uniform(-200, 200), float(rng.randint(0, 9)), 1e-9, 1e18)),
        lambda: rng.choice(WORDS),
        lambda: f"VV-{rng.random()}",
        lambda: (rng.randint(44_000, 45_800), DAY),
        lambda: (rng.randint(44_000, 45_800) + rng.randint(0, 86_399) / 86_400, MOMENT),
        lambda: (rng.uniform(44_000, 45_800), MOMENT),
        lambda: (rng.randint(0, 1_439) / 1_440, HOUR),
        lambda: rng.random() < 0.5,
        lambda: None,
    )
    kinds = rng.choices(makers, k=rng.randint(1, 6))
    gap, noise = rng.choice((0, 0, 0.2)), rng.choice((0, 0, 0.01))

    def cell(make):
        if rng.random() < gap:
            return None
        return rng.choice(makers)() if rng.random() < noise else make()

    body = [[cell(make) for make in kinds] for _ in range(rng.choice((6, 30)))]
    return [[f"Cột {i}" for i in range(len(kinds))], *body]


@pytest.mark.usefixtures("_small_ones_too")
def test_a_ledger_by_column_is_checked_as_one_by_cell(city, tmp_path):
    headings = ["Số vụ", "Ngày", "Giờ", "Kinh độ", "Vĩ độ", "Phường", "Tội danh", "Thiệt hại"]
    rows = [
        [
            f"A{i}" if i % 2 else f"B{i}", (45_724 + i % 5, DAY), (i % 24 / 24, HOUR),
            None if i % 4 == 3 else 105.7830 + i % 2 * 0.0095, None if i % 4 == 3 else 19.8125,
            ("Đông Thọ", "Hàm Rồng", "Bắc Sơn")[i % 3], ("Trộm cắp", "gì đó", None)[i % 3],
            1e6 * i,
        ]
        for i in range(30)
    ]  # fmt: skip
    title = [["SỔ VỤ VIỆC NĂM 2025", *[None] * 7]]
    foot = [["Tổng cộng: 30 vụ", *[None] * 6, 435e6], [None, "Người lập biểu"]]
    path = _write(
        tmp_path / "ledger.xlsx",
        [*title, headings, *rows, *foot],
        merged=[(0, 1, 0, 7), (33, 4, 33, 6)],
    )
    draft = importing.read(path, layer="incidents")
    assert all(isinstance(cells, CellColumn) for cells in draft.cells.values())
    # neither the title, of two cells here, nor the foot is a row or a heading
    assert (draft.header_row, draft.n_skipped) == (2, 3)
    assert draft.file_rows == tuple(range(3, 33))
    by_cell = replace(draft, cells={name: tuple(cells) for name, cells in draft.cells.items()})
    checked, other = (
        importing.check(one, city, today=TODAY, options=Options()) for one in (draft, by_cell)
    )
    assert 5 < len(checked.rows) < 30
    assert list(checked.rows) == list(other.rows)
    assert checked.rejections == other.rejections
    assert checked.unknown_offences == other.unknown_offences == {"gì đó": 10}


def test_some_rows_of_a_column_are_those_rows():
    cells = [None, 1.0, "a", True, 1, "b", None, 2.5, "a"]
    for n_top in range(len(cells) + 1):
        for n_end in range(len(cells) + 1 - n_top):
            column = _column(cells, n_top, n_end)
            _check_parts(column, cells)


def test_some_rows_of_a_column_of_numbers_are_those_rows():
    cells = ["a", 1.0, 2.5, None, 7.0, None, 3.0]
    for n_end in range(4):
        stop = len(cells) - n_end
        numbers = Numbers(np.array(cells[1:stop], dtype=float))
        column = CellColumn(cells[:1], numbers, cells[stop:])
        _check_parts(column, cells)
        assert column[1:].top == column[1:].end == ()


def _column(cells, n_top, n_end):
    stop = len(cells) - n_end
    different = list(dict.fromkeys((type(c), c) for c in cells[n_top:stop]))
    codes = [different.index((type(c), c)) for c in cells[n_top:stop]]
    below = Coded(np.array(codes, dtype=np.intp), [c for _, c in different])
    return CellColumn(cells[:n_top], below, cells[stop:])


def _check_parts(column, cells):
    def said(some):
        return [(type(cell), cell) for cell in some]

    n = len(cells)
    assert said(column) == said(cells)
    assert said(column[i] for i in range(-n, n)) == said(cells * 2)
    for places in ([], [0], [3, 4, 5], [0, 2, n - 1], list(range(n))):
        assert said(picked(column, places)) == said(cells[place] for place in places)
    for start in range(n):
        for stop in range(start, n + 1):
            assert said(column[start:stop]) == said(cells[start:stop])
            assert said(column.between(start, stop)) == said(cells[start:stop])
    assert said(column[::-2]) == said(cells[::-2])
    assert column.kinds() == set(map(type, cells))
    no_texts = [not isinstance(cell, str | type(None)) for cell in cells]
    assert column.are_no_texts().tolist() == no_texts


def _pieces(*rows):
    return [b"<sheetData>", *(b'<row r="%d"><c r="A%d"/></row>' % pair for pair in rows)]


def test_behind_which_row_no_cell_is_before_the_ending_is_known_only_where_rows_are_in_order():
    many = [(n, n) for n in range(1, 4_000, 7)]
    for out_of_order in (None, (2_003, 3_994), (2_003, 12), (2_003, 2_010)):
        rows = [out_of_order if pair[0] == 2_003 and out_of_order else pair for pair in many]
        text = b"".join(_pieces(*rows)) + b"</sheetData>"
        pieces = [text[i : i + 3_000] for i in range(0, len(text), 3_000)]
        found = sheet_xml.look(pieces)
        assert found.is_modest
        before = text[: -len(b"</sheetData>")].removesuffix(found.ending)
        told = [int(n) for n in sheet_xml.NUMBER.findall(before)]
        if found.most_before is not None:
            assert max(told) <= found.most_before
        assert (found.most_before is None) is (out_of_order == (2_003, 3_994))
