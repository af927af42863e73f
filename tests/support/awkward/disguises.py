"""Files under a wrong name, locked or damaged ones, and lines that printing put into tables."""

import io
import struct
import zipfile

import openpyxl

from awkward import formats
from data.errors import UnreadableFileError
from data.importing import errors

HEAD = ["Số vụ việc", "Ngày xảy ra", "Giờ", "Phường/xã", "Tội danh"]
ONE = ["1", "08/03/2025", "20h30", "Đông Thọ", "Trộm cắp tài sản"]
TWO = ["2", "09/03/2025", "7h", "Hàm Rồng", "Cướp giật tài sản"]
THREE = ["3", "10/03/2025", None, "Nam Ngạn", "Gây rối trật tự công cộng"]
ROWS = [HEAD, ONE, TWO, THREE]
ALL = {"counts": (3, 0, 0, 0), "wards": ("101", "102", "103")}
SPACE = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
SPACE += 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
SPACE += 'xmlns:x="urn:schemas-microsoft-com:office:excel"'


def page(rows, *, before="", tag="td"):
    """Write a web page, as systems export one; a None is held by the cell above it."""
    lines = "".join(
        "<tr>" + "".join(f"<{tag}>{cell or ''}</{tag}>" for cell in row) + "</tr>" for row in rows
    )
    style = "<style>td { color: red } /* <table> */</style><script>var a = '<tr>';</script>"
    return f"<html><head>{style}</head><body>{before}<table>{lines}</table></body></html>"


def merged_page():
    """Write a page with a title over all columns, and a ward over two rows."""
    head = "".join(f"<th>{cell}</th>" for cell in HEAD)
    one = "".join(f"<td>{cell}</td>" for cell in [*ONE[:3], *ONE[4:]])
    one = one.replace("<td>20h30</td>", "<td>20h30</td><td rowspan='2'>Đông&nbsp;Thọ</td>")
    two = "".join(f"<td>{cell}</td>" for cell in [*TWO[:3], *TWO[4:]])
    three = "".join(f"<td>{cell or ''}" for cell in THREE)  # nobody has to close cells
    title = "<tr><td colspan=5>SỔ VỤ VIỆC<br>THÁNG 3</td></tr>"
    return f"{title}<tr>{head}</tr><tr>{one}</tr><tr>{two}</tr><tr>{three}".join(
        ("<table>", "</table>")
    )


def xml(sheets, *, hidden=(), start='<?xml version="1.0"?>'):
    """Write a workbook of plain XML; a number is its kind of cell, a None leaves its place out."""

    def cell(place, value):
        kind = "String" if isinstance(value, str) else "Number"
        return (
            f'<Cell ss:Index="{place}"><Data ss:Type="{kind}">{value}</Data>'
            "<Comment><Data>ghi chú</Data></Comment></Cell>"
        )

    def table(rows):
        return "".join(
            f"<Row>{''.join(cell(i, v) for i, v in enumerate(row, 1) if v is not None)}</Row>"
            for row in rows
        )

    def options(name):
        visible = "<x:Visible>SheetHidden</x:Visible>" if name in hidden else ""
        return f"<x:WorksheetOptions>{visible}</x:WorksheetOptions>"

    inside = "".join(
        f'<Worksheet ss:Name="{name}"><Table>{table(rows)}</Table>{options(name)}</Worksheet>'
        for name, rows in sheets.items()
    )
    return f"{start}<Workbook {SPACE}>{inside}</Workbook>".encode()


def changed(content, change):
    """Change the parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return formats.packed(change(parts))


def locked_ods():
    """Write an .ods as it is with a password: parts nobody can read, and a list that says so."""

    def lock(parts):
        told = parts["META-INF/manifest.xml"].replace(
            b"</manifest:manifest>",
            b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
            b"</manifest:file-entry></manifest:manifest>",
        )
        return {**parts, "content.xml": b"k2 9x 7", "META-INF/manifest.xml": told}

    return changed(formats.ods({"T3": ROWS}), lock)


def locked_xls():
    """Write an .xls with a password: records whose contents nobody can read."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 1997, 0, 0)
    password = struct.pack("<HHHHH", 0x002F, 6, 0, 1, 2)
    noise = struct.pack("<HH14s", 0x0203, 14, b"\xff" * 14)  # a cell far off, if it were one
    return formats.compound("Workbook", begin + password + noise)


def formulas(*, columns):
    """Write formulas without results, as a program does that nobody opened in Excel."""
    book = openpyxl.Workbook()
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            is_formula = i and j in columns
            book.active.cell(i + 1, j + 1, f'="{cell}"' if is_formula else cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cases(case):
    """List the files, each with what must become of it."""

    def xlsx(*rows, merged=()):
        return lambda: formats.xlsx({"T3": [list(row) for row in rows]}, merged={"T3": merged})

    def csv(*rows):
        return lambda: formats.text([list(row) for row in rows])

    return [
        case(name="really xlsx.xls", content=xlsx(*ROWS), notes={"really_xlsx": 1}, **ALL),
        case(name="really xlsx.csv", content=xlsx(*ROWS), notes={"really_xlsx": 1}, **ALL),
        case(name="really ods.xlsx", content=lambda: formats.ods({"T": ROWS}),
             notes={"really_ods": 1}, **ALL),
        case(name="really xlsb.xls", content=lambda: formats.xlsb({"T": ROWS}),
             notes={"really_xlsb": 1}, **ALL),
        case(name="really xls.xlsx", content=lambda: formats.xls({"T": ROWS}),
             notes={"really_xls": 1}, **ALL),
        case(name="really text.xls", content=csv(*ROWS), notes={"really_text": 1}, **ALL),
        case(name="really text of tabs.xlsx", notes={"really_text": 1},
             content=lambda: formats.text(ROWS, sep="\t", encoding="utf-16"), **ALL),
        case(name="really a web page.xls", content=lambda: page(ROWS).encode(),
             notes={"really_html": 1}, **ALL),
        case(name="really a web page of 16 bits.xls", content=lambda: page(ROWS).encode("utf-16"),
             notes={"really_html": 1}, **ALL),
        case(name="really a web page with a menu.xlsx", notes={"really_html": 1}, sheet="2",
             content=lambda: page(ROWS, before="<table><tr><td>Trang chủ</table>").encode(), **ALL),
        case(name="a web page with merged cells.xls", content=lambda: merged_page().encode(),
             counts=(3, 0, 0, 0), wards=("101", "101", "103"), skipped=1,
             notes={"really_html": 1}),
        case(name="a web page behind a warning.xls", notes={"really_html": 1},
             content=lambda: b"Warning: mysql_connect()\n" + page(ROWS).encode(), **ALL),
        case(name="a page with its pictures.xls", refused=UnreadableFileError,
             content=lambda: b"MIME-Version: 1.0\n\n" + page(ROWS).encode()),
        case(name="half a web page.xls", content=lambda: page(ROWS).encode()[:-60],
             refused=errors.DamagedFileError),
        case(name="really xml of 2003.xls", content=lambda: xml({"Bìa": [["x"]], "T3": ROWS}),
             notes={"really_xml": 1}, sheet="T3", **ALL),
        case(name="half an xml of 2003.xls", content=lambda: xml({"T3": ROWS})[:-60],
             refused=errors.DamagedFileError),
        case(name="xml that grows.xls", refused=errors.DamagedFileError,
             content=lambda: xml({"T3": ROWS}, start='<!DOCTYPE a [<!ENTITY b "bb">]>')),
        case(name="a list on a hidden sheet of xml.xls", refused=errors.HiddenSheetError,
             content=lambda: xml({"Bìa": [["x"]], "cũ": ROWS}, hidden=["cũ"])),
        case(name="a document.xls", content=lambda: b"%PDF-1.7 and so on",
             refused=UnreadableFileError),
        case(name="a letter.xlsx", content=lambda: formats.packed({"word/document.xml": "<a/>"}),
             refused=UnreadableFileError),
        case(name="locked.xlsx", refused=errors.PasswordProtectedError,
             content=lambda: formats.compound("EncryptedPackage", b"secret")),
        case(name="locked.ods", content=locked_ods, refused=errors.PasswordProtectedError),
        case(name="locked.xls", content=locked_xls, refused=errors.PasswordProtectedError),
        case(name="half a download.xlsx", content=lambda: xlsx(*ROWS)()[:-300],
             refused=errors.DamagedFileError),
        case(name="half a download.xls", refused=errors.DamagedFileError,
             content=lambda: formats.xls({"T": ROWS * 50})[:-4000]),
        case(name="a list on a hidden sheet.xlsx", refused=errors.HiddenSheetError,
             content=lambda: formats.xlsx({"Bìa": [["x"]], "cũ": ROWS}, hidden=["cũ"])),
        case(name="a hidden list behind a summary.xlsx", refused=errors.HiddenSheetError,
             content=lambda: formats.xlsx(
                 {"Tổng": [["Phường", "T1", "T2", "T3"], ["Đông Thọ", 3, 0, 7]], "cũ": ROWS},
                 hidden=["cũ"])),
        case(name="a hidden list asked for.xlsx", asked={"sheet": "cũ"}, sheet="cũ",
             content=lambda: formats.xlsx({"Bìa": [["x"]], "cũ": ROWS}, hidden=["cũ"]), **ALL),
        case(name="formulas without values.xlsx", content=lambda: formulas(columns=range(5)),
             refused=errors.NoStoredValuesError),
        case(name="days that are formulas without values.xlsx",
             content=lambda: formulas(columns=[1]), refused=errors.EveryRowFailedError,
             counts=(0, 0, 0, 3), reasons=("no_date",) * 3, notes={"formulas_without_value": 3}),
        case(name="hours that are formulas without values.xlsx",
             content=lambda: formulas(columns=[2]), notes={"formulas_without_value": 3}, **ALL),
        case(
            name="printed page by page.csv",
            content=csv(
                ["SỔ VỤ VIỆC"], HEAD, [1, 2, 3, 4, 5], ONE, ["Cộng trang 1", None, None, None, 1],
                ["Trang 1/3"], ["SỔ VỤ VIỆC"], HEAD, [1, 2, 3, 4, 5],
                ["Trang trước mang sang", None, None, None, "1 vụ"], TWO,
                ["Cộng mang sang trang sau"], ["Cộng tháng 3: 2 vụ"], HEAD, THREE,
                ["Tổng tháng 3", None, None, None, "3 vụ việc"], ["Sous-total"], ["À reporter"],
                ["Carried forward", None, None, None, 3], ["Page 3 of 3"],
            ),
            skipped=16,
            **ALL,
        ),
        case(
            name="wards and months on lines of their own.csv",
            content=csv(
                ["Số vụ", "Ngày", "Tội danh"],
                ["I. Phường Đông Thọ", None, None],
                ["Tháng 2/2025", None, None],
                ["1", "08/02/2025", "Trộm cắp tài sản"],
                ["THÁNG 3 NĂM 2025", None, None],
                ["2", "08/03/2025", "Trộm cắp tài sản"],
                ["II. Phường Hàm Rồng", None, None],
                ["3", "09/03/2025", "Trộm cắp tài sản"],
                ["Khác", None, None],
            ),
            counts=(3, 0, 0, 1),
            wards=("101", "101", "102"),
            reasons=("no_date",),
            skipped=4,
        ),
        case(
            name="rows that begin like a sum.csv",
            content=csv(
                HEAD, ["Cộng trang 1", *ONE[1:]], ["Report", *TWO[1:]],
                ["Tổng tháng 11", *THREE[1:]], ["Cộng Hòa 5", None, None, "Nam Ngạn", None],
                ["Cộng trang", None, None, "Nam Ngạn", None],
            ),
            counts=(1, 0, 0, 2),
            wards=("102",),
            reasons=("no_date", "no_date"),
            skipped=2,
            notes={"unexplained": 2},
        ),
        case(
            name="months as merged rows below wards.xlsx",
            content=xlsx(
                ["Số vụ", "Ngày", "Tội danh"], ["I. Phường Đông Thọ"], ["Tháng 2"],
                ["1", "08/02/2025", "Trộm cắp tài sản"], ["Tháng 3"],
                ["2", "08/03/2025", "Trộm cắp tài sản"],
                merged=[(1, 0, 1, 2), (2, 0, 2, 2), (4, 0, 4, 2)],
            ),
            counts=(2, 0, 0, 0),
            wards=("101", "101"),
            skipped=3,
        ),
        case(
            name="sums of printed pages among days of Excel.xlsx",
            content=xlsx(
                [*HEAD, "Thiệt hại"],
                [1, 2, 3, 4, 5, 6],
                ["1", 45724, "20h30", "Đông Thọ", "Trộm cắp", 5e6],
                ["Cộng trang", None, None, None, "1 vụ", 5e6],
                [1, 2, 3, 4, 5, 6],
                ["2", 45725, None, "Hàm Rồng", "Trộm cắp", None],
                ["Lũy kế từ đầu năm: 2 vụ", None, None, None, None, 5e6],
                merged=[(6, 0, 6, 4)],
            ),
            counts=(2, 0, 0, 0),
            wards=("101", "102"),
            skipped=4,
        ),
    ]  # fmt: skip
