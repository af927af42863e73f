"""What is told of a large sheet's rows at a glance is what an exact parser of XML tells."""

import random
import zipfile
from io import BytesIO
from xml.parsers import expat

import openpyxl
import pytest
import xlsxwriter

from data.importing.files import large_sheets, limits, sheet_xml
from data.importing.files.plain_rows import are_plain

NUMBERS = "[1-9][0-9]*"
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["Số", "Phường", "a&b <c>", 1.5, True], *([i, "Đông Thọ", None, i / 7] for i in range(300))]
AS_EXCEL = (
    b'<row r="8" spans="1:3" s="2" customFormat="1" ht="15.75" customHeight="1" '
    b'x14ac:dyDescent="0.25"><c r="A8" s="1" t="s"><v>0</v></c><c r="B8" s="3"/>'
    b'<c r="C8" t="str"><f t="shared" ref="C8:C9" si="0">A8&amp;"x"</f><v>0x</v></c></row>'
)


def _with_xlsxwriter(path, *, in_line=False, formula=None):
    with xlsxwriter.Workbook(path, {"constant_memory": in_line}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for i, row in enumerate(ROWS):
            sheet.write_row(i, 0, row)
            sheet.write(i, 5, 45_724 + i, day)
            if formula:
                sheet.write_formula(i, 6, formula)


def _with_openpyxl(path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.row_dimensions[7].height = 20
    book.save(path)


def _sheet(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read(SHEET)


def _inside(part):
    return part.partition(b"<sheetData>")[2].partition(b"</sheetData>")[0]


def _is_well_formed(rows):
    try:
        expat.ParserCreate().Parse(b"<x>" + rows + b"</x>", True)
    except expat.ExpatError:
        return False
    return True


@pytest.mark.parametrize(
    "write",
    [
        _with_xlsxwriter,
        lambda path: _with_xlsxwriter(path, in_line=True),
        lambda path: _with_xlsxwriter(path, formula="=A1&B1"),
        _with_openpyxl,
    ],
    ids=["xlsxwriter", "texts in the cells", "formulas", "openpyxl"],
)
def test_rows_as_programs_write_them_are_told_at_a_glance(tmp_path, write):
    write(tmp_path / "a.xlsx")
    assert are_plain(_inside(_sheet(tmp_path / "a.xlsx")), NUMBERS)
    assert are_plain(AS_EXCEL, NUMBERS)


def test_what_is_taken_for_whole_rows_is_well_formed():
    rng = random.Random(3)  # noqa: S311  no secret
    whole = AS_EXCEL + b'<row r="9"><c r="A9" t="inlineStr"><is><t>\xc4\x90&#10;</t></is></c></row>'
    bits = (b"<", b">", b"/", b'"', b"&", b";", b" ", b"]]>", b"\x01", b"\xff", b"c", b"", b"9")
    n_taken = 0
    for _ in range(400):
        at, length = rng.randrange(len(whole)), rng.randrange(4)
        torn = whole[:at] + rng.choice(bits) + whole[at + length :]
        is_taken = are_plain(torn, NUMBERS)
        n_taken += is_taken
        assert not is_taken or _is_well_formed(torn), torn
    assert 15 < n_taken < 200


@pytest.mark.parametrize(
    ("old", "new", "is_cut"),
    [
        (b"", b"", True),
        (b"", b' x:any="1"', True),
        (b"</row>", b"</roP\x82w>", False),
        (b"</c>", b"", False),
        (b"</c>", b"</c></c>", False),
        (b"<v>", b"<w>", False),
        (b"<v>", b"<v>\x01", False),
        (b"<v>", b"<v>\xff", False),
        (b"<v>", b"<v>&nbsp;", False),
        (b'<c r="', b'<c66r="', False),
        (b"<v>", b"<v><!-- -->", True),
        (b"</row>", b"</row><!-- c -->", True),
        (b"</row>", b"</row><!--", False),
        (b"</row>", b"</row></sheetData>", False),
    ],
    ids=[
        "as it was", "an attribute of its own", "a torn end of a row", "a cell that does not end",
        "a cell that ends twice", "a value that ends otherwise", "a letter that XML has not",
        "half a letter", "an entity of no one", "a torn cell", "a remark in a cell",
        "a remark between rows", "a remark that does not end", "an end of the rows",
    ],
)  # fmt: skip
def test_a_sheet_torn_in_its_middle_is_not_read_by_column(tmp_path, monkeypatch, old, new, is_cut):
    monkeypatch.setattr(large_sheets, "LEAST_BYTES", 0)
    monkeypatch.setattr(limits, "_CHUNK", 20_000)
    path = tmp_path / "large.xlsx"
    _with_xlsxwriter(path)
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    upper, row, lower = parts[SHEET].partition(b'<row r="201"')
    if old:
        lower = lower.replace(old, new, 1)
    parts[SHEET] = upper + row + (b"" if old else new) + lower
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    seen = limits.check_zip(path)
    assert seen[SHEET].is_modest
    assert seen[SHEET].is_well_formed is is_cut
    assert (large_sheets.short_copy(path, seen) is not None) is is_cut


@pytest.mark.parametrize("encoding", [b"UTF-88", b"big5", b"hex"])
def test_a_part_in_letters_that_the_parser_does_not_know_is_no_good_one(encoding):
    head = b'<?xml version="1.0" encoding="%s"?>'
    assert sheet_xml.look([head % b"UTF-8", b"<x></x>"]).is_well_formed
    assert not sheet_xml.look([head % encoding, b"<x></x>"]).is_well_formed


def test_a_part_that_declares_its_own_is_no_good_one():
    doctype = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    assert sheet_xml.look([b"<x></x>"]).is_well_formed
    assert not sheet_xml.look([doctype + b"<x>&a;</x>"]).is_well_formed
