"""What a sheet would take in memory is known before anything parses it, in every format."""

import io
import struct
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter
from awkward import formats

from analysis.errors import VongLauError
from data import importing
from data.errors import UnreadableFileError
from data.importing import errors
from data.importing.files import extents, limits, sheet_xml, stray_cells

SMALL = [["a", "b", 1.0], ["c"]]


def _refused(city, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(errors.FileTooLargeError) as refused:
        importing.import_file(city, path, layer="incidents", actor="Lan", today=date(2025, 12, 31))
    return refused.value.facts


def test_an_ods_of_a_kilobyte_that_repeats_itself_into_gigabytes_is_refused(city, tmp_path):
    cell = (
        '<table:table-cell table:number-columns-repeated="600" office:value-type="float" '
        'office:value="1"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    content = formats.ods_of(f'<table:table table:name="T">{row}</table:table>')
    assert len(content) < 2_000
    assert _refused(city, tmp_path, "bomb.ods", content)["n"] == 600_000_000


def test_blank_cells_and_rows_that_are_repeated_to_the_end_of_an_ods_count_for_nothing():
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    rest = '<table:table-cell table:number-columns-repeated="16383"/>'
    last = f'<table:table-row table:number-rows-repeated="1048575">{rest}</table:table-row>'
    table = f"<table:table><table:table-row>{cell}{rest}</table:table-row>{last}</table:table>"
    text = table.encode()
    assert extents.of_ods([text]) == (1, 1)
    assert extents.of_ods([text[i : i + 11] for i in range(0, len(text), 11)]) == (1, 1)


@pytest.mark.parametrize("place", [(65_535, 0), (0, 65_535)])
def test_one_cell_in_the_last_corner_of_an_xls_is_refused(city, tmp_path, place):
    content = formats.xls({"T": SMALL})
    number = struct.pack("<HHHHH", 0x0203, 14, 0, 2, 0)  # the cell with 1.0, row 0, column 2
    assert content.count(number) == 1
    moved = content.replace(number, struct.pack("<HHHHH", 0x0203, 14, *place, 0))
    assert extents.of_xls(content)[-1] == (2, 3)
    if place[1]:
        assert _refused(city, tmp_path, "corner.xls", moved)["n"] == 65_536
    else:
        assert extents.of_xls(moved)[-1] == (65_536, 2)


def test_one_cell_in_the_last_corner_of_an_xlsb_is_refused(city, tmp_path):
    wide = [[*[None] * 16_383, "x"]]
    assert _refused(city, tmp_path, "corner.xlsb", formats.xlsb({"T": wide}))["n"] == 16_384


STRAY = {
    "corner of all": ([(1_048_575, 16_383)], "XFD1048576"),
    "far column": ([(1, 16_383)], "XFD2"),
    "far row and far column": ([(900_000, 0), (0, 800)], "A900001"),
    "far corner": ([(900_000, 600)], "WC900001"),
}


@pytest.mark.parametrize(("places", "cell"), STRAY.values(), ids=STRAY)
def test_a_stray_cell_far_from_a_small_table_is_named(city, tmp_path, places, cell):
    path = tmp_path / "stray.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sổ vụ")
        for row, line in enumerate(SMALL):
            sheet.write_row(row, 0, line)
        for place in places:
            sheet.write(*place, "x")
    with pytest.raises(errors.StrayCellError) as refused:
        importing.import_file(city, path, layer="incidents", actor="Lan", today=date(2025, 12, 31))
    facts = refused.value.facts
    assert (facts["cell"], facts["n_cells"]) == (f"Sổ vụ!{cell}", len(places))
    assert f"{facts['column']}{facts['row']}" == cell


@pytest.mark.parametrize("kind", ["xlsb", "ods"])
def test_a_stray_cell_is_named_in_other_formats_too(city, tmp_path, kind):
    rows = [*SMALL, [*[None] * 900, "x"]]
    path = tmp_path / f"stray.{kind}"
    path.write_bytes(getattr(formats, kind)({"T": rows}))
    with pytest.raises(errors.StrayCellError) as refused:
        importing.import_file(city, path, layer="incidents", actor="Lan", today=date(2025, 12, 31))
    assert refused.value.facts["cell"] == "AHQ3"


def test_what_is_large_without_any_stray_cell_has_none():
    def small(rows, columns):
        return rows * columns <= 1_000

    table = [(row, column) for row in range(1, 51) for column in range(1, 41)]
    assert stray_cells.find(table, fits=small) is None
    assert stray_cells.find([*table, (9_000, 1)], fits=small) is None
    assert stray_cells.find([(9_000, 1)], fits=small) is None
    spread = [(row, 1) for row in range(1, 20_000, 500)]
    assert stray_cells.find(spread, fits=small) is None
    assert stray_cells.find([(1, 1, stray_cells.MOST_FILLED), (9_000, 1)], fits=small) is None
    assert stray_cells.find([*table[:80], (9_000, 1)], fits=small) == stray_cells.Stray(9_000, 1, 1)


@pytest.mark.parametrize("name", ["corner.xlsb", "corner.xls", "corner.csv"])
def test_a_sheet_of_an_xlsb_is_measured_whatever_it_is_called_and_linked_as(city, tmp_path, name):
    content = formats.xlsb({"T": [[*[None] * 16_383, "x"]]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    links = "xl/_rels/workbook.bin.rels"
    parts[links] = (
        parts[links]
        .replace(b"worksheets/sheet1.bin", b"media/image1.png")
        .replace(b"relationships/worksheet", b"relationships/image")
    )
    parts["xl/media/image1.png"] = parts.pop("xl/worksheets/sheet1.bin")
    assert _refused(city, tmp_path, name, formats.packed(parts))["n"] == 16_384


@pytest.mark.parametrize("name", ["bomb.xls", "bomb.csv", "bomb.xlsb", "bomb.ods", "bomb.txt"])
def test_a_wrong_name_helps_no_bomb(city, tmp_path, monkeypatch, name):
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 1_000_000)
    content = formats.xlsx({"T": SMALL})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    bomb = formats.packed({**parts, "xl/big.xml": b" " * 2_000_000})
    assert len(bomb) < 20_000
    assert _refused(city, tmp_path, name, bomb)["what"] == "unpacked"


SPANS = "<tr><td>x</td><td colspan=999>y</td>" + "<td>z</td>" * 3
XML = '<Workbook><Worksheet Name="T"><Table>{}</Table></Worksheet></Workbook>'
ROW = '<Row Index="{}"><Cell Index="{}"><Data>x</Data></Cell></Row>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (f"<table>{SPANS}</table>", "columns"),
        ("<table>" + "<tr><td>x" * 1_101 + "</table>", "rows"),
        ("<table>" * 800, "columns"),
        (XML.format(ROW.format(1_048_577, 1)), "rows"),
        (XML.format(ROW.format(1, 16_384)), "columns"),
        (XML.format(ROW.format(1_000, 600)), "cells"),
        ("a;" * 800, "columns"),
    ],
    ids=["wide page", "long page", "deep page", "far row", "far column", "far corner", "wide text"],
)
def test_tables_that_are_written_have_the_same_limits(city, tmp_path, monkeypatch, content, what):
    monkeypatch.setattr(limits, "MAX_CELLS", 500_000)
    monkeypatch.setattr(limits, "MAX_ROWS", 1_100)
    assert _refused(city, tmp_path, "far.xls", content.encode())["what"] == what


@pytest.mark.parametrize(
    "start", ["<", "<!--", "<td a=", '<td a="', "</", "<![CDATA[", "<script></scrip", "&#", "<td "]
)
def test_a_page_of_tags_that_never_close_is_refused_at_once(tmp_path, start):
    path = tmp_path / "open.xls"
    path.write_text("<table>" + start * (200_000 // len(start)), encoding="utf-8")
    began = time.process_time()
    with pytest.raises((UnreadableFileError, errors.NoHeaderError)):
        importing.read(path, layer="incidents")
    assert time.process_time() - began < 5


def test_the_extent_of_a_plain_sheet_is_its_last_filled_row_and_column():
    def part(content, name):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(name)

    sheet = part(formats.xlsx({"T": SMALL}), "xl/worksheets/sheet1.xml")
    assert sheet_xml.extent([sheet]) == (2, 3)
    assert extents.of_xlsb(part(formats.xlsb({"T": SMALL}), "xl/worksheets/sheet1.bin")) == (2, 3)
    assert extents.of_ods([part(formats.ods({"T": SMALL}), "content.xml")]) == (2, 3)
    assert extents.of_xls(formats.xls({"T": SMALL, "U": [["x"]]}))[-2:] == [(2, 3), (1, 1)]


@pytest.mark.parametrize(
    ("cell", "is_modest"),
    [
        ("A1", True), ("AL1048576", True), ("Z999999", True), ("H1048576", True),
        ("AM1", False), ("BA7", False), ("AAA1", False), ("ALL1", False), ("A1048577", False),
        ("AL1048600", False), ("Z1049000", False), ("B1050000", False), ("C1100000", False),
        ("D2000000", False), ("AL9999999", False), ("A104857600", False),
    ],
)  # fmt: skip
def test_the_quick_look_at_a_sheet_passes_over_nothing_that_is_large(cell, is_modest):
    chunks = [b'<row r="1"><c r="B2"/><c r="', f'{cell}"><v>1</v></c></row>'.encode()]
    n_rows, n_columns = sheet_xml.extent(chunks)
    assert sheet_xml.look(chunks).is_modest is is_modest
    assert is_modest is (n_rows <= sheet_xml.MODEST[0] and n_columns <= sheet_xml.MODEST[1])


def test_no_sheet_within_the_modest_extent_is_too_large():
    n_rows, n_columns = sheet_xml.MODEST
    limits.check_shape("ledger.xlsx", n_rows=n_rows, n_columns=n_columns)


FAR = {
    "long number": '<row r="104857600"><c r="A104857600"><v>1</v></c></row>',
    "row alone": '<row r="99999999"><c><v>1</v></c></row>',
    "rows without a name": '<row r="1048576"/><row><c><v>1</v></c></row>',
    "cells without a name": f'<row r="3">{"<c><v>1</v></c>" * 703}</row>',
    "behind a named one": '<row r="3"><c r="ZZ3"/><c><v>1</v></c></row>',
    "other quotes": "<row r='3'><c r='A3000000'><v>1</v></c></row>",
    "blanks": '<row r="3"><c\n r = "A3000000"><v>1</v></c></row>',
    "small letters": '<row r="3"><c r="zzz3"><v>1</v></c></row>',
    "another attribute first": '<row r="3"><c s="1>0" r="A3000000"><v>1</v></c></row>',
    "a prefix": '<x:row r="3"><x:c r="AAB3"><v>1</v></x:c></x:row>',
}


@pytest.mark.parametrize("cells", FAR.values(), ids=FAR.keys())
def test_a_cell_far_off_is_refused_in_whatever_way_its_place_is_written(city, tmp_path, cells):
    content = _with_cells(cells)
    assert _refused(city, tmp_path, "far.xlsx", content)["what"] in {"rows", "columns"}


def test_a_sheet_with_another_name_in_another_folder_is_measured_too(city, tmp_path):
    with zipfile.ZipFile(io.BytesIO(_with_cells(FAR["small letters"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"worksheets/sheet1.xml", b"media/image1.png")
    parts["xl/media/image1.png"] = parts.pop("xl/worksheets/sheet1.xml")
    _refused(city, tmp_path, "elsewhere.xlsx", formats.packed(parts))


def test_more_shared_texts_than_cells_are_refused(city, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 1_000)
    content = formats.xlsx({"T": [[f"t{i}" for i in range(701)], [f"u{i}" for i in range(300)]]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cells = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = cells[: cells.index(b"<sheetData>") + 11] + (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    )
    facts = _refused(city, tmp_path, "texts.xlsx", formats.packed(parts))
    assert (facts["what"], facts["n"]) == ("cells", 1_001)


def test_a_list_of_texts_that_says_it_has_billions_is_refused(city, tmp_path):
    with zipfile.ZipFile(io.BytesIO(formats.xlsx({"T": SMALL}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = parts["xl/sharedStrings.xml"]
    assert texts.count(b'uniqueCount="3"') == 1
    parts["xl/sharedStrings.xml"] = texts.replace(b'uniqueCount="3"', b'uniqueCount="4000000000"')
    assert _refused(city, tmp_path, "liar.xlsx", formats.packed(parts))["n"] == 4_000_000_000


def test_rows_and_blank_cells_that_only_have_a_format_count_for_nothing(tmp_path):
    path = tmp_path / "formatted.xlsx"
    path.write_bytes(_with_cells('<row r="9"><c r="ZZZ9" s="1"/></row><row r="1048577" ht="3"/>'))
    assert not limits.check_zip(path)["xl/worksheets/sheet1.xml"].is_modest


def _with_cells(cells):
    """Write a workbook that has more cells in its sheet."""
    with zipfile.ZipFile(io.BytesIO(formats.xlsx({"T": SMALL}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    end = b"</sheetData>"
    assert sheet.count(end) == 1
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(end, cells.encode() + end)
    return formats.packed(parts)


@pytest.mark.parametrize("at", [40, 44, 64, 72])
def test_a_compound_file_that_claims_billions_of_sectors_is_refused(city, tmp_path, at):
    content = bytearray(formats.xls({"T": SMALL}))
    struct.pack_into("<I", content, at, 0xFFFFFFFF)
    path = tmp_path / "liar.xls"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        importing.read(path, layer="incidents")


def test_a_binary_workbook_that_is_cut_in_the_middle_is_refused(tmp_path):
    with zipfile.ZipFile(io.BytesIO(formats.xlsb({"T": SMALL}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    refused = 0
    for name in ("xl/workbook.bin", "xl/worksheets/sheet1.bin"):
        for end in range(1, len(parts[name]), 3):
            path = tmp_path / "cut.xlsb"
            path.write_bytes(formats.packed({**parts, name: parts[name][:end]}))
            try:
                importing.read(path, layer="incidents")
            except VongLauError:
                refused += 1
    assert refused > 20


def test_a_small_workbook_in_shared_sectors_is_walked_through_too():
    stream = struct.pack("<HHHHHHd", 0x0203, 14, 9, 4, 0, 0, 1.0)[:18]
    whole = bytearray(formats.compound("Workbook", stream))
    # the stream is the root's, cut into sectors of 64 bytes, the first of which is all of it
    folder = 512 * 2
    struct.pack_into("<IQ", whole, folder + 116, 2, 64)
    struct.pack_into("<IQ", whole, folder + 128 + 116, 0, len(stream))
    struct.pack_into("<II", whole, 60, 10, 1)
    whole += struct.pack("<I", 0xFFFFFFFE).ljust(512, b"\xff")
    struct.pack_into("<I", whole, 512 + 4 * 10, 0xFFFFFFFE)
    assert extents.of_xls(bytes(whole))[-1] == (10, 5)
