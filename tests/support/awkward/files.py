"""Awkward files, each with what must become of it.

The city they come into has three wards: Đông Thọ 101, Hàm Rồng 102, Nam Ngạn 103.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from awkward import as_above, continued, disguises, formats, passed_over, wordings
from data.errors import UnreadableFileError, UnsupportedFormatError
from data.importing import errors


@dataclass(frozen=True, kw_only=True)
class Awkward:
    """A file and what must become of it.

    ``counts`` are accepted, updated, duplicate and rejected rows; ``refused`` the whole file's
    error instead of them.
    """

    name: str
    content: Callable[[], bytes]
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    reasons: tuple[str, ...] = ()
    wards: tuple[str, ...] | None = None
    days: tuple[str, ...] | None = None
    damage: tuple[int | None, ...] | None = None
    categories: tuple[str, ...] | None = None
    notes: dict[str, int] = field(default_factory=dict)
    asked: dict[str, object] = field(default_factory=dict)
    sheet: str | None = None
    skipped: int | None = None
    refused: type[Exception] | None = None
    layer: str = "incidents"


HEAD = ["Số vụ việc", "Ngày xảy ra", "Giờ", "Phường/xã", "Tội danh"]
ONE = ["1", "08/03/2025", "20h30", "Đông Thọ", "Trộm cắp tài sản"]
TWO = ["2", "09/03/2025", "7h", "Hàm Rồng", "Cướp giật tài sản"]
THREE = ["3", "10/03/2025", None, "Nam Ngạn", "Gây rối trật tự công cộng"]
ROWS = [HEAD, ONE, TWO, THREE]
ALL = {"counts": (3, 0, 0, 0), "wards": ("101", "102", "103")}
BLANK = [None] * 5


def _typed(rows, type_):
    return [[type_(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def _months(*names):
    return {
        name: [HEAD, ["7", f"0{i}/0{i}/2025", None, "Đông Thọ", "Trộm cắp tài sản"]]
        for i, name in enumerate(names, start=1)
    }


def _csv(*rows, **options):
    return lambda: formats.text([list(row) for row in rows], **options)


def _xlsx(*rows, merged=(), **options):
    return lambda: formats.xlsx({"T3": [list(r) for r in rows]}, merged={"T3": merged}, **options)


TEXTS = [
    Awkward(name="utf-8.csv", content=_csv(*ROWS), **ALL),
    Awkward(name="utf-8 with its mark.csv", content=_csv(*ROWS, encoding="utf-8-sig"), **ALL),
    Awkward(name="utf-16.csv", content=_csv(*ROWS, encoding="utf-16"), **ALL),
    Awkward(name="utf-16 without its mark.txt", content=_csv(*ROWS, encoding="utf-16-be"), **ALL),
    Awkward(
        name="cp1258.csv", content=lambda: formats.cp1258(formats.text(ROWS).decode()), **ALL
    ),
    Awkward(
        name="tcvn3.csv",
        content=lambda: formats.text(_typed(ROWS, formats.tcvn3), encoding="latin-1"),
        notes={"letters_tcvn3": 11},
        **ALL,
    ),
    Awkward(
        name="vni.csv",
        content=lambda: formats.text(_typed(ROWS, formats.vni), encoding="latin-1"),
        notes={"letters_vni": 11},
        **ALL,
    ),
    Awkward(
        name="utf-8 read as cp1252.csv",
        content=lambda: formats.text(_typed(ROWS, formats.garbled)),
        notes={"letters_utf8_as_cp1252": 11},
        **ALL,
    ),
    Awkward(name="commas.csv", content=_csv(*ROWS, sep=","), **ALL),
    Awkward(name="tabs.tsv", content=_csv(*ROWS, sep="\t"), **ALL),
    Awkward(name="bars.txt", content=_csv(*ROWS, sep="|"), **ALL),
    Awkward(name="carets.txt", content=_csv(*ROWS, sep="^"), **ALL),
    Awkward(
        name="separator told in the first line.csv",
        content=lambda: b"sep=;\r\n" + formats.text(ROWS, end="\r\n"),
        skipped=1,
        **ALL,
    ),
    Awkward(name="lines of an old Mac.csv", content=_csv(*ROWS, end="\r"), **ALL),
    Awkward(
        name="line breaks in cells.csv",
        content=_csv(HEAD, [*ONE[:3], '"Phường\nĐông Thọ"', ONE[4]], TWO),
        counts=(2, 0, 0, 0),
        wards=("101", "102"),
    ),
    Awkward(
        name="quotation marks that are letters.csv",
        content=_csv([*HEAD, "Địa điểm"], [*ONE, '"Sáu" Lý'], [*TWO, "chợ"]),
        counts=(2, 0, 0, 0),
    ),
    Awkward(
        name="a quotation mark that never closes.csv",
        content=_csv(HEAD, [*ONE[:4], '"Trộm cắp'], TWO, THREE),
        refused=UnreadableFileError,
    ),
    Awkward(name="no bytes.csv", content=lambda: b"", refused=errors.EmptyFileError),
    Awkward(name="blank lines only.csv", content=lambda: b";;\n\n", refused=errors.EmptyFileError),
    Awkward(name="headings only.csv", content=_csv(HEAD), refused=errors.NoRowsError),
    Awkward(name="a picture.csv", content=lambda: b"\x89PNG\r\n\x1a\n\x00\x01",
            refused=UnreadableFileError),
    Awkward(name="a picture.xlsx", content=lambda: b"\x89PNG\r\n\x1a\n\x00\x01",
            refused=UnreadableFileError),
    Awkward(name="a document.pdf", content=lambda: b"%PDF-1.7", refused=UnsupportedFormatError),
    Awkward(
        name="a letter.xls",
        content=lambda: formats.compound("WordDocument", b"Dear"),
        refused=UnreadableFileError,
    ),
    Awkward(
        name="locked with a password.xlsx",
        content=lambda: formats.compound("EncryptedPackage", b"secret"),
        refused=errors.PasswordProtectedError,
    ),
]  # fmt: skip

SHEETS = [
    Awkward(name="excel.xlsx", content=_xlsx(*ROWS), sheet="T3", **ALL),
    Awkward(name="excel 97.xls", content=lambda: formats.xls({"T3": ROWS}), sheet="T3", **ALL),
    Awkward(name="binary.xlsb", content=lambda: formats.xlsb({"T3": ROWS}), sheet="T3", **ALL),
    Awkward(name="open document.ods", content=lambda: formats.ods({"T3": ROWS}), sheet="T3", **ALL),
    Awkward(
        name="a cover first.xlsx",
        content=lambda: formats.xlsx({"Bìa": [["Công an thành phố"], ["2025"]], "T3": ROWS}),
        sheet="T3",
        **ALL,
    ),
    Awkward(
        name="a hidden copy.xlsx",
        content=lambda: formats.xlsx({"T3": ROWS, "cũ": ROWS}, hidden=["cũ"]),
        sheet="T3",
        notes={"sheets_hidden": 1},
        **ALL,
    ),
    Awkward(
        name="twelve months, one read.xlsx",
        content=lambda: formats.xlsx(_months(*[f"T{i}" for i in range(1, 10)])),
        counts=(1, 0, 0, 0),
        sheet="T1",
        notes={"sheets_alike": 8},
    ),
    Awkward(
        name="three months, all read.xls",
        content=lambda: formats.xls(_months("T1", "T2", "T3")),
        asked={"sheet": "*"},
        counts=(3, 0, 0, 0),  # a unit that numbers its cases anew each month has three
        days=("2025-01-01", "2025-02-02", "2025-03-03"),
        sheet="*",
    ),
    Awkward(
        name="three months without numbers, all read.ods",
        content=lambda: formats.ods(
            {name: [row[1:] for row in rows] for name, rows in _months("T1", "T2", "T3").items()}
        ),
        asked={"sheet": "*"},
        counts=(3, 0, 0, 0),
        days=("2025-01-01", "2025-02-02", "2025-03-03"),
        sheet="*",
    ),
    Awkward(
        name="the second month asked for.xlsb",
        content=lambda: formats.xlsb(_months("T1", "T2", "T3")),
        asked={"sheet": "T2"},
        counts=(1, 0, 0, 0),
        days=("2025-02-02",),
        notes={"sheets_alike": 2},
    ),
    Awkward(
        name="a sheet that is not there.xlsx",
        content=_xlsx(*ROWS),
        asked={"sheet": "T9"},
        refused=errors.NoSuchSheetError,
    ),
    Awkward(
        name="titles above.xlsx",
        content=_xlsx(["CÔNG AN PHƯỜNG"], ["SỔ VỤ VIỆC THÁNG 3/2025"], [], *ROWS,
                      merged=[(0, 0, 0, 4), (1, 0, 1, 4)]),
        skipped=3,
        **ALL,
    ),
    Awkward(
        name="headings far down.xlsx",
        content=_xlsx(*[["Lời nói đầu"]] * 20, *ROWS),
        skipped=20,
        **ALL,
    ),
    Awkward(
        name="headings where a person says.csv",
        content=_csv(["Ngày", "Phường", "Tội danh", "Giờ", "Điều"], *ROWS),
        asked={"header_row": 2},
        skipped=1,
        **ALL,
    ),
    Awkward(
        name="a row of headings that is not there.csv",
        content=_csv(*ROWS),
        asked={"header_row": 99},
        refused=errors.NoHeaderError,
    ),
    Awkward(
        name="two lines of headings.xlsx",
        content=_xlsx(
            ["Số vụ", "Thời gian", None, "Địa bàn", None, "Tội danh"],
            [None, "Ngày", "Giờ", "Phường", "Đường", None],
            ["1", "08/03/2025", "20h30", "Đông Thọ", "Lê Lợi", "Trộm cắp tài sản"],
            merged=[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4), (0, 5, 1, 5)],
        ),
        counts=(1, 0, 0, 0),
        wards=("101",),
        days=("2025-03-08",),
        skipped=0,
    ),
    Awkward(
        name="two lines of headings.csv",
        content=_csv(
            ["Số vụ", "Thời gian", "", "Địa bàn", "", "Tội danh"],
            ["", "Ngày", "Giờ", "Phường", "Đường", ""],
            ["1", "08/03/2025", "20h30", "Đông Thọ", "Lê Lợi", "Trộm cắp tài sản"],
        ),
        counts=(1, 0, 0, 0),
        wards=("101",),
        skipped=0,
    ),
    Awkward(
        name="a person's address under two lines.xlsx",
        content=_xlsx(
            ["Ngày", "Phường/xã", "Bị hại", None],
            [None, None, "Họ tên", "Địa chỉ"],
            ["08/03/2025", "Đông Thọ", "Nguyễn Văn A", "12 Lê Lợi"],
            merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)],
        ),
        counts=(1, 0, 0, 0),
        skipped=0,
    ),
    Awkward(
        name="numbered columns.xlsx",
        content=_xlsx(HEAD, [1, 2, 3, 4, 5], ONE, TWO, THREE),
        skipped=1,
        **ALL,
    ),
    Awkward(
        name="a total below.xls",
        content=lambda: formats.xls({"T3": [*ROWS, ["Tổng cộng", None, None, None, 3.0]]}),
        skipped=1,
        **ALL,
    ),
    Awkward(
        name="signatures below.ods",
        content=lambda: formats.ods(
            {"T3": [*ROWS, [], ["Người lập biểu", None, "Thủ trưởng"], ["Nguyễn Văn A"]]}
        ),
        skipped=3,
        **ALL,
    ),
    Awkward(
        name="headings again on the next page.csv",
        content=_csv(HEAD, ONE, HEAD, TWO, BLANK, THREE),
        skipped=2,
        **ALL,
    ),
    Awkward(
        name="a ward merged over its rows.xlsx",
        content=_xlsx(HEAD, ONE, [*TWO[:3], None, TWO[4]], THREE, merged=[(1, 3, 2, 3)]),
        counts=(3, 0, 0, 0),
        wards=("101", "101", "103"),
    ),
    Awkward(
        name="a ward merged over its rows.xls",
        content=lambda: formats.xls(
            {"T3": [HEAD, ONE, [*TWO[:3], None, TWO[4]], THREE]}, merged={"T3": [(1, 3, 2, 3)]}
        ),
        counts=(3, 0, 0, 0),
        wards=("101", "101", "103"),
    ),
    Awkward(
        name="a case merged over two people.xlsx",
        content=_xlsx(
            [*HEAD, "Thiệt hại", "Bị can"],
            [*ONE, 5_000_000, "A"],
            [*BLANK, None, "B"],
            [*TWO, 1_000_000, "C"],
            merged=[(1, column, 2, column) for column in range(6)],
        ),
        counts=(2, 0, 1, 0),
        damage=(5_000_000, 5_000_000, 1_000_000),
    ),
    Awkward(
        name="an amount merged over two cases.xlsx",
        content=_xlsx([*HEAD, "Thiệt hại"], [*ONE, 5_000_000], [*TWO, None], [*THREE, 2],
                      merged=[(1, 5, 2, 5)]),
        counts=(3, 0, 0, 0),
        damage=(5_000_000, None, 2),
    ),
    Awkward(
        name="wards as merged rows between.xlsx",
        content=_xlsx(
            ["Số vụ", "Ngày", "Tội danh"],
            ["I. Phường Đông Thọ"],
            ["1", "08/03/2025", "Trộm cắp tài sản"],
            ["2", "09/03/2025", "Trộm cắp tài sản"],
            ["II. Phường Hàm Rồng"],
            ["1", "08/03/2025", "Trộm cắp tài sản"],
            merged=[(1, 0, 1, 2), (4, 0, 4, 2)],
        ),
        counts=(3, 0, 0, 0),
        wards=("101", "101", "102"),
        skipped=2,
    ),
    Awkward(
        name="two tables side by side.xlsx",
        content=_xlsx(
            [*HEAD, None, *HEAD],
            [*ONE, None, *TWO],
            [*BLANK, None, *THREE],
        ),
        counts=(1, 0, 0, 0),
        wards=("101",),
        notes={"sheets_alike": 1},
        sheet="T3!A:E",
    ),
    Awkward(
        name="two tables side by side, all read.xlsx",
        content=_xlsx([*HEAD, None, *HEAD], [*ONE, None, *TWO], [*BLANK, None, *THREE]),
        asked={"sheet": "*"},
        **ALL,
    ),
    Awkward(
        name="the second of two tables asked for.csv",
        content=_csv([*HEAD, *HEAD], [*ONE, *TWO], [*[""] * 5, *THREE]),
        asked={"sheet": "F:J"},
        counts=(2, 0, 0, 0),
        wards=("102", "103"),
        notes={"sheets_alike": 1},
    ),
    Awkward(
        name="a list beside a summary.xlsx",
        content=_xlsx(
            [*HEAD, None, "Phường/xã", "Số lượng"],
            [*ONE, None, "Đông Thọ", 1],
            [*TWO, None, "Hàm Rồng", 1],
            [*THREE, None, "Nam Ngạn", 1],
            [*BLANK, None, "Quảng Thắng", 0],
        ),
        notes={"sheets_unheaded": 1},
        skipped=0,
        **ALL,
    ),
    Awkward(
        name="an empty column for the eye.xlsx",
        content=_xlsx([*HEAD[:3], None, *HEAD[3:]], *[[*r[:3], None, *r[3:]] for r in ROWS[1:]]),
        **ALL,
    ),
    Awkward(
        name="a summary by month.xlsx",
        content=_xlsx(["Phường/xã", "Tháng 1", "Tháng 2", "Tháng 3"], ["Đông Thọ", 3, 0, 7]),
        refused=errors.CrossTabError,
    ),
    Awkward(
        name="a summary by year.csv",
        content=_csv(["Tội danh", 2022, 2023, 2024], ["Trộm cắp tài sản", 3, 0, 7]),
        refused=errors.CrossTabError,
    ),
    Awkward(
        name="a pivot table.xlsx",
        content=_xlsx(["Count of ngày", "Column Labels"], ["Row Labels", "Trộm cắp", "Grand Total"],
                      ["Đông Thọ", 3, 3]),
        refused=errors.CrossTabError,
    ),
    Awkward(
        name="a summary before the list.xlsx",
        content=lambda: formats.xlsx(
            {"Tổng hợp": [["Phường/xã", "T1", "T2", "T3"], ["Đông Thọ", 3, 0, 7]], "T3": ROWS}
        ),
        sheet="T3",
        **ALL,
    ),
]  # fmt: skip

VALUES = [
    Awkward(
        name="days as numbers.xlsb",
        content=lambda: formats.xlsb({"T3": [HEAD[:4], ["1", 45724.0, None, "Đông Thọ"]]}),
        counts=(1, 0, 0, 0),
        days=("2025-03-08",),
        notes={},
    ),
    Awkward(
        name="days in every way.csv",
        content=_csv(
            ["Ngày", "Phường/xã"],
            *[
                [day, "Đông Thọ"]
                for day in (
                    "8/3/2025", "08-03-2025", "08.03.2025", "ngày 08 tháng 3 năm 2025", "8/3/25",
                    "45724", "2025-03-08", "đêm 08 rạng sáng 09/3/2025",
                )
            ],
        ),
        counts=(8, 0, 0, 0),
        days=("2025-03-08",) * 8,
    ),
    Awkward(
        name="days of Excel.xlsx",
        content=_xlsx(["Ngày", "Phường/xã"], [dt.date(2025, 3, 8), "Đông Thọ"]),
        counts=(1, 0, 0, 0),
        days=("2025-03-08",),
    ),
    Awkward(
        name="months before days.csv",
        content=_csv(["Ngày", "Phường/xã"], ["03/08/2025", "Đông Thọ"], ["03/25/2025", "Đông Thọ"],
                     ["04/30/2025", "Hàm Rồng"]),
        counts=(3, 0, 0, 0),
        days=("2025-03-08", "2025-03-25", "2025-04-30"),
    ),
    Awkward(
        name="a night without a year under a title.csv",
        content=_csv(["SỔ VỤ VIỆC THÁNG 3 NĂM 2025", ""], ["Thời gian", "Phường/xã"],
                     ["đêm 07 rạng sáng 08/3", "Đông Thọ"], ["khoảng 20h30 ngày 8/3", "Đông Thọ"]),
        counts=(2, 0, 0, 0),
        days=("2025-03-07", "2025-03-08"),
        notes={"year_from_title": 2},
    ),
    Awkward(
        name="days that are none.csv",
        content=_csv(["Ngày", "Phường/xã"], ["8/3/2025", "Đông Thọ"], ["31/02/2025", "Đông Thọ"],
                     ["hôm qua", "Đông Thọ"], ["1/1/2031", "Đông Thọ"], ["8/3", "Đông Thọ"],
                     ["", "Đông Thọ"], ["1/1/1903", "Đông Thọ"]),
        counts=(1, 0, 0, 6),
        reasons=("bad_date", "bad_date", "date_in_future", "no_year", "no_date", "impossible_date"),
    ),
    Awkward(
        name="money in every way.csv",
        content=_csv(
            ["Ngày", "Phường/xã", "Thiệt hại"],
            *[
                ["8/3/2025", "Đông Thọ", said]
                for said in ("15 triệu", "15tr", "1,5 tỷ", "15.000.000đ", "1.900", "500k", "nhiều")
            ],
        ),
        counts=(6, 0, 0, 1),
        damage=(15_000_000, 15_000_000, 1_500_000_000, 15_000_000, 1_900, 500_000),
        reasons=("bad_number",),
    ),
    Awkward(
        name="coordinates that are wrong.csv",
        content=_csv(
            ["Ngày", "Vĩ độ", "Kinh độ"],
            ["8/3/2025", "19.8127", "105.7881"],
            ["8/3/2025", "105.7881", "19.8127"],
            ["8/3/2025", "0", "0"],
            ["8/3/2025", "19.8127", ""],
            ["8/3/2025", "21.0", "105.8"],
            ["8/3/2025", "2191500", "582500"],
        ),
        counts=(1, 0, 0, 5),
        wards=("101",),
        reasons=("swapped_coordinates", "bad_coordinate", "bad_coordinate", "far_from_wards",
                 "metres_not_degrees"),
    ),
    Awkward(
        name="x north and y east.csv",
        content=_csv(["Ngày", "X (m)", "Y (m)", "Phường/xã"],
                     ["8/3/2025", "2.191.500", "582.500", "Đông Thọ"],
                     ["8/3/2025", "2191500,5", "583500,25", "Hàm Rồng"],
                     ["8/3/2025", "582500", "2191500", "Đông Thọ"],
                     ["8/3/2025", "2191500", "582500", "Nam Ngạn"]),
        counts=(2, 0, 0, 2),
        wards=("101", "102"),
        reasons=("swapped_coordinates", "ward_mismatch"),
    ),
    Awkward(
        name="offences by article and by name.csv",
        content=_csv(["Ngày", "Phường/xã", "Tội danh", "Điều"],
                     ["8/3/2025", "Đông Thọ", "Trộm cắp xe máy", ""],
                     ["8/3/2025", "Đông Thọ", "", "k1 Đ173"],
                     ["8/3/2025", "Đông Thọ", "Đánh nhau", ""]),
        counts=(3, 0, 0, 0),
    ),
    Awkward(
        name="equal rows without numbers.csv",
        content=_csv(HEAD[1:], ONE[1:], ONE[1:], TWO[1:]),
        counts=(3, 0, 0, 0),
    ),
    Awkward(
        name="the same case twice and once more changed.csv",
        content=_csv(HEAD, ONE, ONE, TWO, [*TWO[:4], "Trộm cắp tài sản"]),
        counts=(3, 0, 1, 0),  # another offence: nobody said that it is the same case
    ),
    Awkward(
        name="a formula as text.xlsx",
        content=_xlsx(["Ngày", "Phường/xã", "Địa điểm"], ["8/3/2025", "Đông Thọ", "=1+1"]),
        counts=(1, 0, 0, 0),
    ),
    Awkward(
        name="letters apart from their marks.xlsx",
        content=lambda: formats.xlsx(
            {"T3": _typed(ROWS, lambda cell: unicodedata.normalize("NFD", cell))}
        ),
        **ALL,
    ),
    Awkward(
        name="typed with a tcvn3 font.xlsx",
        content=lambda: formats.xlsx({"T3": _typed(ROWS, formats.tcvn3)}),
        notes={"letters_tcvn3": 11},
        **ALL,
    ),
    Awkward(
        name="typed with a vni font.xls",
        content=lambda: formats.xls({"T3": _typed(ROWS, formats.vni)}),
        notes={"letters_vni": 11},
        **ALL,
    ),
    Awkward(
        name="some cells with a tcvn3 font.ods",
        content=lambda: formats.ods({"T3": [HEAD, *_typed(ROWS[1:3], formats.tcvn3), THREE]}),
        notes={"letters_tcvn3": 4},
        **ALL,
    ),
    Awkward(
        name="columns of personal data.csv",
        content=_csv([*HEAD, "Bị hại", "Số CCCD", "SĐT"], [*ONE, "Nguyễn Văn A", "038", "0912"]),
        counts=(1, 0, 0, 0),
    ),
    Awkward(
        name="the same heading twice.csv",
        content=_csv([*HEAD, "Ngày xảy ra"], [*ONE, "1/1/2024"]),
        counts=(1, 0, 0, 0),
        days=("2025-03-08",),
    ),
    Awkward(
        name="wards that are none.csv",
        content=_csv(HEAD, ONE, [*TWO[:3], "Đông Tiến", TWO[4]], [*THREE[:3], "", THREE[4]]),
        counts=(1, 0, 0, 2),
        reasons=("unknown_ward", "no_place"),
    ),
    Awkward(
        name="nothing right.csv",
        content=_csv(HEAD, ["1", "32/1/2025", "", "Đông Thọ", ""], ["2", "", "", "Đông Thọ", ""]),
        counts=(0, 0, 0, 2),
        reasons=("bad_date", "no_date"),
        refused=errors.EveryRowFailedError,
    ),
    Awkward(
        name="states of cameras that are not there.csv",
        content=_csv(["Mã camera", "Tình trạng"], ["C1", "Hỏng"], ["C2", "đẹp"]),
        layer="states",
        counts=(0, 0, 0, 2),
        refused=errors.EveryRowFailedError,
    ),
]  # fmt: skip

CASES = [*TEXTS, *SHEETS, *VALUES]
CASES += [
    each
    for module in (disguises, wordings, passed_over, as_above, continued)
    for each in module.cases(Awkward)
]
