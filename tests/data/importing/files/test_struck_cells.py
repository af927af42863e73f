"""Which cells of a workbook are struck through, however it is written."""

import re
import time
import zipfile

import pytest
import xlsxwriter
from awkward import formats

from data.importing.files import large_sheets, sheets, struck_cells, struck_texts, struck_xlsx
from data.importing.files.limits import check_zip


def _rich(path, *, n=3):
    """Write shared texts of several fonts: struck in part, struck wholly, and struck by the cell.

    Give the struck cells, counted from 0, with what is left of each in part.
    """
    with xlsxwriter.Workbook(str(path)) as book:
        strike = book.add_format({"font_strikeout": True})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("T")
        for i in range(n):
            sheet.write_row(i, 0, [f"chữ {i}", i, "như nhau"])
        sheet.write_rich_string(n, 1, strike, "Lê Lai", bold, "Trần Phú &")
        sheet.write_rich_string(n + 1, 1, strike, "Lê", strike, " Lai")
        sheet.write_rich_string(n + 2, 1, "Lê ", bold, "Lai")
        sheet.write_rich_string(n + 3, 1, "Lê ", bold, "Lai", strike)
        sheet.write(n + 4, 28, 5, strike)
        sheet.write_blank(n + 5, 0, None, strike)
    return {
        n: ((1,), "Trần Phú &"),
        n + 1: ((1,), None),
        n + 3: ((1,), "Lai"),
        n + 4: ((28,), None),
    }


def _struck_of(path):
    found = struck_cells.finder(path, "xlsx", check_zip(path))("T")
    return {
        row: (columns, found.rests.get((row, columns[0]))) for row, columns in found.columns.items()
    }


def test_shared_texts_are_struck_as_their_fonts_say_and_else_as_their_cell_is(tmp_path):
    drawn = _rich(tmp_path / "rich.xlsx")

    assert _struck_of(tmp_path / "rich.xlsx") == drawn


def _rewritten(path, change):
    """Write the XML of a file in another way that means the same."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        parts[name] = change(name, parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _prefixed(_, text):
    return re.sub(r"<(/?)(?!\?)(\w)", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=")


def _single_quoted(_, text):
    return re.sub(r'(\w)="([^"]*)"', r"\1 = '\2'", text)


def _styled_first(name, text):
    if "sheet" not in name:
        return text
    return re.sub(r'<c r="(\w+)"((?: [st]="\w+")+)', r'<c\2 r="\1"', text)


def _without_numbers(name, text):
    return re.sub(r'<row r="\d+"', "<row", text) if "sheet" in name else text


@pytest.mark.parametrize("n_between", [3, 3_000])
@pytest.mark.parametrize(
    "change", [_prefixed, _single_quoted, _styled_first, _without_numbers], ids=lambda f: f.__name__
)
def test_the_same_cells_are_struck_however_the_file_is_written(
    tmp_path, monkeypatch, change, n_between
):
    drawn = _rich(tmp_path / "odd.xlsx", n=n_between)
    _rewritten(tmp_path / "odd.xlsx", change)
    monkeypatch.setattr(struck_xlsx, "_CHUNK", 1_000)

    assert _struck_of(tmp_path / "odd.xlsx") == drawn


def test_a_book_without_strikes_is_not_looked_through(tmp_path):
    rows = [["Ngày", "Phường"], ["02/05/2025", "Đông Thọ"]]
    for kind in ("xlsx", "ods", "xls"):
        path = tmp_path / f"plain.{kind}"
        path.write_bytes(getattr(formats, kind)({"T": rows}))
        parts = check_zip(path) if kind == "xlsx" else {}

        assert struck_cells.finder(path, kind, parts) is None


@pytest.mark.parametrize("letters", [None, "tcvn3"])
def test_a_large_sheet_has_the_same_strikes(tmp_path, monkeypatch, letters):
    """Struck: a day in every tenth row, and words in rows 0, 35 and 59 of the cases."""
    words = "Ph\u00adêng §«ng VÖ" if letters else "Đông Thọ"
    rest = formats.tcvn3("Lê Lai") if letters else "Lê Lai"
    with xlsxwriter.Workbook(str(tmp_path / "large.xlsx")) as book:
        strike = book.add_format({"font_strikeout": True})
        sheet = book.add_worksheet("T")
        sheet.write_row(0, 0, ["Ngày", "Phường"])
        for i in range(1, 61):
            sheet.write_number(i, 0, 45_000 + i, strike if i % 10 == 0 else None)
            if i in {1, 36, 60}:
                sheet.write_rich_string(i, 1, strike, "Cu", rest)
            else:
                sheet.write_string(i, 1, words)
    by_cell = sheets.open_workbook(tmp_path / "large.xlsx").sheets["T"]()
    monkeypatch.setattr(large_sheets, "LEAST_BYTES", 0)
    monkeypatch.setattr(large_sheets, "N_FIRST", 4)
    monkeypatch.setattr(large_sheets, "N_LAST", 2)
    by_column = sheets.open_workbook(tmp_path / "large.xlsx").sheets["T"]()

    assert type(by_cell.rows) is list
    assert letters or type(by_column.rows).__name__ == "RowsByColumn"
    days = dict.fromkeys(range(10, 61, 10), (0,))
    for found in (by_cell, by_column):
        assert dict(found.struck) == {**days, 1: (1,), 36: (1,), 60: (0, 1)}
        assert [row[1] for row in found.rows].count("Lê Lai") == 3
        assert {i for i, row in enumerate(found.rows) if row[1] == "Lê Lai"} == {1, 36, 60}
        assert found.columns is None or [list(c) for c in found.columns] == [
            [row[i] for row in found.rows] for i in range(2)
        ]


STYLES = "<office:automatic-styles>{}</office:automatic-styles><office:body><office:spreadsheet>"
THROUGH = '<style:text-properties style:text-line-through-style="{}"/>'


def _ods(path, tables, *, common=""):
    """Write the three styles: struck cells, words that are, and words that are not."""
    styles = "".join(
        f'<style:style style:name="{name}" style:family="{family}"{parent}>{inside}</style:style>'
        for name, family, parent, inside in (
            ("out", "table-cell", "", THROUGH.format("solid")),
            ("heir", "table-cell", ' style:parent-style-name="out"', ""),
            ("in", "table-cell", ' style:parent-style-name="out"', THROUGH.format("none")),
            ("far", "table-cell", ' style:parent-style-name="common"', ""),
            ("T1", "text", "", THROUGH.format("solid")),
            ("T2", "text", "", THROUGH.format("none")),
        )
    )
    raw = path.with_suffix(".raw")
    raw.write_bytes(formats.ods_of(tables))
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "content.xml":
                text = text.replace(
                    "<office:body><office:spreadsheet>", STYLES.format(styles)
                ).replace(
                    "<office:document-content ",
                    f'<office:document-content xmlns:style="{formats.OASIS}:style:1.0" ',
                )
            archive.writestr(name, text)
        if common:
            archive.writestr("styles.xml", common)
    return path


def _cell(said, style=None, n=1):
    own = f' table:style-name="{style}"' if style else ""
    more = f' table:number-columns-repeated="{n}"' if n > 1 else ""
    inside = said if said.startswith("<") else f"<text:p>{said}</text:p>"
    return f'<table:table-cell{own}{more} office:value-type="string">{inside}</table:table-cell>'


def _line(*cells, n=1, style=None):
    more = f' table:number-rows-repeated="{n}"' if n > 1 else ""
    own = f' table:default-cell-style-name="{style}"' if style else ""
    return f"<table:table-row{more}{own}>{''.join(cells)}</table:table-row>"


def test_cells_of_ods_are_struck_by_their_style_or_that_of_their_row_or_column(tmp_path):
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="out"/>'
    )
    lines = [
        _line(_cell("a"), _cell("b", "out"), _cell("c", "in")),  # 0: b
        _line(_cell("a", "heir", n=2), _cell("c", "in")),  # 1: a and b
        _line(_cell("a"), _cell("b"), _cell("c")),  # 2: c, by its column
        _line(_cell("a"), _cell("b", "in"), n=2, style="out"),  # 3 and 4: a, by the row
        _line('<table:table-cell table:style-name="out"/>', _cell("b")),  # 5: nothing is in it
        _line('<table:covered-table-cell table:style-name="out"/>', _cell("b", "far")),  # 6: b
        _line('<table:table-cell table:style-name="out" office:value-type="float" '
              'office:value="5"/>'),  # 7: a
    ]  # fmt: skip
    path = _ods(
        tmp_path / "t.ods",
        f'<table:table table:name="U">{_line(_cell("x", "out"))}</table:table>'
        f'<table:table table:name="T &amp; M">{columns}{"".join(lines)}</table:table>',
        common='<office:styles><style:style style:name="common" style:family="table-cell">'
        + THROUGH.format("solid") + "</style:style></office:styles>",
    )  # fmt: skip

    found = {name: dict(read().struck) for name, read in sheets.open_workbook(path).sheets.items()}

    assert found == {
        "U": {0: (0,)},
        "T & M": {0: (1,), 1: (0, 1), 2: (2,), 3: (0,), 4: (0,), 6: (1,), 7: (0,)},
    }


def test_words_of_ods_that_are_struck_are_left_out(tmp_path):
    mended = '<text:p><text:span text:style-name="T1">Lê Lai</text:span>Trần<text:s/>Phú</text:p>'
    kept = '<text:p>Lê Lai <text:span text:style-name="T2">Trần Phú</text:span></text:p>'
    note = "<office:annotation><text:p>xem lại</text:p></office:annotation>"
    lines = [
        _line(_cell(mended), _cell("b")),
        _line(_cell(kept, "out"), _cell("b")),
        _line(_cell(kept), _cell("b")),
        _line(_cell(note + mended), _cell("b")),
        _line(_cell(mended.replace("Trần<text:s/>Phú", " ")), _cell("b")),
    ]
    path = _ods(tmp_path / "t.ods", f'<table:table table:name="T">{"".join(lines)}</table:table>')

    sheet = sheets.open_workbook(path).sheets["T"]()

    assert dict(sheet.struck) == {0: (0,), 1: (0,), 3: (0,), 4: (0,)}
    assert [row[0] for row in sheet.rows] == [
        "Trần Phú", "Trần Phú", "Lê Lai Trần Phú", "Trần Phú", "Lê Lai",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        b"<si>" + b"<r><rPr><strike/></rPr>" * 60_000,
        b'<c r="A1" s="1">' * 60_000,
        b"<c " * 60_000,
        b'<c r="A1" t="inlineStr"><is><t>' + b's="1" ' * 500_000,
    ],
    ids=("runs", "cells", "tags", "words"),
)
def test_xml_that_never_ends_what_it_begins_takes_no_longer_than_other(tmp_path, text):
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet", text)
    began = time.process_time()

    list(struck_xlsx._texts(iter([text])))
    struck_xlsx._find(tmp_path / "t.zip", "sheet", struck_xlsx._Marks(frozenset({b"1"})))
    struck_xlsx._look(text, 0, struck_xlsx._Marks(), struck_texts.Found())

    assert time.process_time() - began < 5
