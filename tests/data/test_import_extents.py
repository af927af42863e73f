"""What a sheet would take in memory is known before anything parses it, in every format."""

import importlib.util
import struct
from datetime import date
from pathlib import Path

import pytest

from analysis.errors import VongLauError
from data import importing
from data.errors import UnreadableFileError
from data.importing import errors, extents

SPEC = importlib.util.spec_from_file_location(
    "extents_formats", Path(__file__).parent / "awkward" / "formats.py"
)
formats = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(formats)

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


def test_the_extent_of_a_plain_sheet_is_its_last_filled_row_and_column():
    def part(content, name):
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(name)

    sheet = part(formats.xlsx({"T": SMALL}), "xl/worksheets/sheet1.xml")
    assert extents.of_xlsx([sheet]) == (2, 3)
    assert extents.of_xlsb(part(formats.xlsb({"T": SMALL}), "xl/worksheets/sheet1.bin")) == (2, 3)
    assert extents.of_ods([part(formats.ods({"T": SMALL}), "content.xml")]) == (2, 3)
    assert extents.of_xls(formats.xls({"T": SMALL, "U": [["x"]]}))[-2:] == [(2, 3), (1, 1)]


@pytest.mark.parametrize("at", [40, 44, 64, 72])
def test_a_compound_file_that_claims_billions_of_sectors_is_refused(city, tmp_path, at):
    content = bytearray(formats.xls({"T": SMALL}))
    struct.pack_into("<I", content, at, 0xFFFFFFFF)
    path = tmp_path / "liar.xls"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        importing.read(path, layer="incidents")


def test_a_binary_workbook_that_is_cut_in_the_middle_is_refused(tmp_path):
    import io
    import zipfile

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
