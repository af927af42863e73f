"""Whole files that are refused, and the many ways a good one can be written."""

import codecs
import struct
import zipfile
import zlib
from datetime import date

import pytest
import xlsxwriter

from data import importing, layers
from data.errors import OpenQuoteError, UnreadableFileError, UnsupportedFormatError
from data.importing import EveryRowFailedError, Options, errors
from data.importing.files import limits

TODAY = date(2025, 12, 31)


def _import(store, path, layer="incidents", **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=TODAY, options=Options(**options)
    )


def _png():
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" + bytes(6) + b"\x00" + bytes(6))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _zip(**parts):
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


GOOD = "Ngày,Phường/xã\n08/03/2025,Đông Thọ\n"


@pytest.mark.parametrize(
    ("name", "contents", "error"),
    [
        ("ledger.xlsx", b"", errors.EmptyFileError),
        ("ledger.csv", b"", errors.EmptyFileError),
        ("ledger.csv", b"\n , \n\n", errors.EmptyFileError),
        ("picture.xlsx", _png(), UnreadableFileError),
        ("picture.csv", _png(), UnreadableFileError),
        ("letter.xlsx", _zip(word="<xml/>"), UnreadableFileError),
        ("cut.xlsx", _zip(word="<xml/>" * 99)[:60], UnreadableFileError),
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(600), UnreadableFileError),
        ("open.csv", GOOD.encode() + '08/03/2025,"Đông'.encode(), UnreadableFileError),
        ("report.pdf", b"%PDF-1.7", UnsupportedFormatError),
        ("wards.geojson", b"{}", UnsupportedFormatError),  # no format for incidents
        ("head.csv", "Ngày,Phường/xã\n".encode(), errors.NoRowsError),
        ("totals.csv", "Ngày,Phường/xã\nCộng,\n".encode(), errors.NoRowsError),
        ("note.csv", b"hello\n", errors.NoHeaderError),
        (
            "nodate.csv",
            "Phường/xã,Tội danh\nĐông Thọ,Trộm cắp\n".encode(),
            errors.NoDateColumnError,
        ),
        ("strange.csv", b"a,b\n1,2\n", errors.NoDateColumnError),
        ("noplace.csv", "Ngày,Tội danh\n08/03/2025,Trộm cắp\n".encode(), errors.NoPlaceColumnError),
        ("all.csv", "Ngày,Phường/xã\n32/01/2025,Đông Thọ\n".encode(), EveryRowFailedError),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_and_nothing_changes(city, tmp_path, name, contents, error):
    version = city.version
    path = tmp_path / name
    path.write_bytes(contents)
    with pytest.raises(error) as refused:
        _import(city, path)
    assert refused.value.facts["file"] == name
    assert city.version == version


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["Ngày,Phường/xã", '8/3,"Đông Thọ', "9/3,Hàm Rồng"], 2),
        (["Ngày,Phường/xã", '8/3,"Đông\nThọ"', '9/3,"Hàm Rồng', '10/3,"Nam Ngạn"'], 4),
        (["Ngày,Phường/xã", '"8/3\n","Đông Thọ', "9/3,Hàm Rồng"], 3),
        (["sep=;", "Ngày;Phường/xã", '8/3;"Đông" Thọ";x', "9/3;Hàm Rồng"], 3),
        (["Ngày;Phường/xã", '8/3;"Đông ""Thọ""', "9/3;Hàm Rồng"], 2),
    ],
    ids=["in a row", "behind a cell of two lines", "below it", "and text behind it", "doubled"],
)
def test_the_line_is_told_in_which_a_quotation_mark_opens_and_does_not_close(
    city, tmp_path, lines, line
):
    path = tmp_path / "open.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(OpenQuoteError) as refused:
        _import(city, path)
    assert refused.value.facts == {"file": "open.csv", "line": line}


@pytest.mark.parametrize("layer", ["cameras", "sites", "wards"])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "zip", "parquet", "kml"])
def test_a_picture_under_the_name_of_a_map_file_is_refused(city, tmp_path, layer, suffix):
    path = tmp_path / f"picture.{suffix}"
    path.write_bytes(_png())
    with pytest.raises(UnreadableFileError):
        _import(city, path, layer)


def test_a_map_file_that_only_points_at_other_files_is_not_followed(city, tmp_path):
    (tmp_path / "secret.csv").write_text("code,name,x,y\n1,A,105,19\n")
    path = tmp_path / "wards.kml"
    path.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource relativeToVRT="1">secret.csv'
        '</SrcDataSource><GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    )
    with pytest.raises(UnreadableFileError):
        _import(city, path, "wards")


def test_a_file_that_is_not_there_and_a_layer_that_is_none_are_refused(city, tmp_path):
    with pytest.raises(errors.NoSuchFileError):
        _import(city, tmp_path / "none.csv")
    with pytest.raises(errors.UnknownLayerError):
        _import(city, tmp_path / "none.csv", "people")


def test_incidents_need_wards_first(tmp_path, write_csv):
    from data.store import Store, StoreProperties

    store = Store.create(
        tmp_path / "new.db",
        StoreProperties(
            city="New", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    with pytest.raises(errors.NoWardsLoadedError):
        _import(store, write_csv("Ngày,Phường/xã", "08/03/2025,Đông Thọ"))


def test_one_cell_in_the_last_corner_of_a_sheet_is_refused_before_it_is_read(city, tmp_path):
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Ngày")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(errors.FileTooLargeError) as refused:
        _import(city, path)
    assert refused.value.facts["n"] == 16_384


def test_a_file_that_unpacks_to_too_much_is_refused(city, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(_zip(big="0" * 2_000_000))
    assert path.stat().st_size < 10_000
    with pytest.raises(errors.FileTooLargeError):
        _import(city, path)


def test_a_directory_that_lies_about_sizes_does_not_help_a_bomb(tmp_path):
    contents = bytearray(_zip(big="0" * 2_000_000))
    entry = contents.rindex(b"PK\x01\x02")
    contents[entry + 24 : entry + 28] = struct.pack("<I", 10)  # the size it claims to unpack to
    path = tmp_path / "liar.xlsx"
    path.write_bytes(contents)
    with pytest.raises(UnreadableFileError):
        limits.check_zip(path)


def test_a_zip_whose_parts_lie_outside_it_is_unreadable(tmp_path):
    contents = bytearray(_zip(big="0" * 100))
    entry = contents.rindex(b"PK\x01\x02")
    contents[entry + 42 : entry + 46] = struct.pack("<I", 2**31)  # where the part begins
    path = tmp_path / "lost.xlsx"
    path.write_bytes(contents)
    with pytest.raises(UnreadableFileError):
        limits.check_zip(path)


@pytest.mark.parametrize(
    ("name", "limit"), [("MAX_BYTES", 20), ("MAX_ROWS", 1), ("MAX_COLUMNS", 1), ("MAX_CELLS", 3)]
)
def test_a_table_over_any_limit_is_refused(city, write_csv, monkeypatch, name, limit):
    path = write_csv("Ngày,Phường/xã", "08/03/2025,Đông Thọ")
    monkeypatch.setattr(limits, name, limit)
    with pytest.raises(errors.FileTooLargeError) as refused:
        _import(city, path)
    assert refused.value.facts["limit"] == limit


CP1258 = "Ngày,Phường/xã\n08/03/2025,Nam Ngạn\n"


@pytest.mark.parametrize(
    "contents",
    [
        CP1258.encode(),
        codecs.BOM_UTF8 + CP1258.encode(),
        CP1258.encode("utf-16"),
        CP1258.encode("utf-16-le"),
        CP1258.encode("utf-16-be"),
        # what Windows wrote before Unicode: base letter, then the tone as a letter of its own
        "Ngày,Phươ\u0300ng/xa\u0303\n08/03/2025,Nam Nga\u0323n\n".encode("cp1258"),
        CP1258.replace(",", ";").encode(),
        CP1258.replace(",", "\t").encode(),
        CP1258.replace(",", "|").encode(),
        CP1258.replace("\n", "\r\n").encode(),
        CP1258.replace("Nam Ngạn", '"Nam Ngạn"').encode(),
        CP1258.replace("Nam Ngạn", '"Phường Nam\nNgạn"').encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "cp1258", ";", "tab", "|", "crlf",
         "quoted", "line break in a cell"],
)  # fmt: skip
def test_a_text_table_is_read_in_any_encoding_and_with_any_delimiter(city, tmp_path, contents):
    path = tmp_path / "ledger.csv"
    path.write_bytes(contents)
    assert _import(city, path).n_accepted == 1
    assert layers.read_incidents(city)["ward_code"].tolist() == ["103"]


def test_commas_inside_cells_do_not_make_a_semicolon_table_a_comma_table(city, write_csv):
    path = write_csv(
        "Ngày;Phường/xã;Địa điểm;Thiệt hại (tr.đ)",
        "08/03/2025;Đông Thọ;12, Lê Lợi, gần chợ;1,5",
        "09/03/2025;Đông Thọ;Ngã tư;2",
    )
    _import(city, path)
    found = layers.read_incidents(city)
    assert found["place"].tolist() == ["Lê Lợi, gần chợ", "Ngã tư"]  # no house number
    assert found["damage"].tolist() == [1_500_000, 2_000_000]


ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Tháng 3"><table:table-row>{}</table:table-row>'
    "<table:table-row>{}</table:table-row></table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)


def test_an_open_document_sheet_is_read(city, tmp_path):
    def cells(*texts):
        return "".join(
            f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
            for t in texts
        )

    content = ODS.format(cells("Ngày", "Phường/xã"), cells("08/03/2025", "Đông Thọ"))
    path = tmp_path / "ledger.ods"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    path.write_bytes(_zip(**parts))
    report = _import(city, path)
    assert (report.sheet, report.n_accepted) == ("Tháng 3", 1)


def test_of_several_sheets_the_first_that_fits_is_taken_or_the_one_asked_for(city, tmp_path):
    path = tmp_path / "year.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Trang bìa").write(0, 0, "Năm 2025")
        for month in (1, 2):
            sheet = book.add_worksheet(f"T{month}")
            sheet.write_row(0, 0, ["Ngày", "Phường/xã"])
            sheet.write_row(1, 0, [f"08/0{month}/2025", "Đông Thọ"])
        book.add_worksheet("ẩn").hide()
    draft = importing.read(path, layer="incidents")
    assert (draft.sheets, draft.sheet) == (("Trang bìa", "T1", "T2"), "T1")
    assert _import(city, path, sheet="T2").sheet == "T2"
    with pytest.raises(errors.NoSuchSheetError) as refused:
        _import(city, path, sheet="T3")
    assert refused.value.facts["sheets"] == ["Trang bìa", "T1", "T2", "ẩn"]
