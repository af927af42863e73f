"""Workbooks of which a table or rows could be passed over without a word."""

from awkward import disguises, formats

HEAD, ONE, TWO, THREE = disguises.ROWS
ROWS, ALL = disguises.ROWS, disguises.ALL
OTHER = [["Ngày xảy ra", "Phường/xã", "Tội danh"], ["11/03/2025", "Nam Ngạn", "Trộm cắp tài sản"]]


TURNED = [["Tội danh", "Phường/xã", "Ngày xảy ra", "Giờ", "Số vụ việc"],
          ["Trộm cắp tài sản", "Nam Ngạn", "11/03/2025", "9h", "4"]]  # fmt: skip


def cases(case):
    """List the files, each with what must become of it."""

    def xlsx(*hidden, **sheets):
        return lambda: formats.xlsx(sheets, hidden=hidden)

    return [
        case(name="a hidden list beside one in sight.xlsx", sheet="T3",
             content=xlsx("cũ", T3=ROWS, cũ=ROWS[:2]), notes={"sheets_hidden": 1}, **ALL),
        case(name="a hidden list of other columns.xlsx", sheet="T3",
             content=xlsx("cũ", T3=ROWS, cũ=OTHER), notes={"sheets_hidden": 1}, **ALL),
        case(name="a hidden list beside one in sight.xls", sheet="T3",
             content=lambda: disguises.xml({"T3": ROWS, "cũ": ROWS[:2]}, hidden=["cũ"]),
             notes={"sheets_hidden": 1, "really_xml": 1}, **ALL),
        case(name="hidden lists of words and of headings alone.xlsx", sheet="T3",
             content=xlsx("Từ", "Mẫu", T3=ROWS, Từ=[["Phường"], ["Đông Thọ"]], Mẫu=[HEAD]), **ALL),
        case(name="all lists in sight and one hidden.xlsx", asked={"sheet": "*"}, sheet="*",
             content=xlsx("cũ", T1=ROWS[:2], T2=[HEAD, TWO, THREE], cũ=ROWS[:2]),
             notes={"sheets_hidden": 1}, **ALL),
        case(name="a hidden list asked for beside another.xlsx", asked={"sheet": "cũ"}, sheet="cũ",
             content=xlsx("cũ", T3=ROWS[:2], cũ=ROWS), notes={"sheets_alike": 1}, **ALL),
        case(name="another list where a person named a column.xlsx", sheet="T3",
             content=xlsx(T3=[["Hôm", *HEAD[2:]], *(row[1:] for row in ROWS[1:])], T4=OTHER),
             asked={"mapping": {"date": "Hôm"}}, notes={"tables_unread": 1}, **ALL),
        case(name="a second table below in another order.xlsx", sheet="T3!1:5", skipped=0,
             content=xlsx(T3=[*ROWS, [], *TURNED]), notes={"sheets_alike": 1}, **ALL),
        case(name="a second table below, read too.xlsx", asked={"sheet": "*"}, sheet="*",
             content=xlsx(T3=[*ROWS, [], *TURNED]), counts=(4, 0, 0, 0),
             wards=("101", "102", "103", "103")),
        case(name="a second table below, asked for.csv", asked={"sheet": "6:7"}, sheet="6:7",
             content=lambda: formats.text([*ROWS, [None] * 5, *TURNED]), notes={"sheets_alike": 1},
             counts=(1, 0, 0, 0), wards=("103",), days=("2025-03-11",)),
        case(name="a second table below the signature.xlsx", sheet="T3!1:5",
             content=xlsx(T3=[*ROWS, ["Người lập biểu"], *OTHER]), notes={"tables_unread": 1},
             **ALL),
        case(name="a table of fewer columns above.xlsx", sheet="T3!4:7",
             content=xlsx(T3=[*OTHER, [], *ROWS]), notes={"tables_unread": 1}, **ALL),
        case(name="rows without headings on another sheet.xlsx", sheet="T3",
             content=xlsx(T3=ROWS, T4=[ONE, TWO]), notes={"sheets_unheaded": 1}, **ALL),
        case(name="a list far below on another sheet.xlsx", sheet="T3",
             content=xlsx(T3=ROWS, T4=[*[["Giải thích"]] * 70, *ROWS]),
             notes={"sheets_unheaded": 1}, **ALL),
        case(name="a list far below whose headings a person told.xlsx", sheet="T4",
             content=xlsx(T3=ROWS, T4=[*[["Giải thích"]] * 70, *ROWS]),
             asked={"sheet": "T4", "header_row": 71}, notes={"tables_unread": 1}, **ALL),
        case(name="a cover with a day in it.xlsx", sheet="T3",
             content=xlsx(Bìa=[["Sổ"], ["Người lập", "A", "Ngày", "08/03/2025"]], T3=ROWS), **ALL),
        case(name="a form above that is no table.xlsx", sheet="T3",
             content=xlsx(T3=[["Ngày lập", "Phường"], ["31/03/2025", "Nam Ngạn"], *ROWS]), **ALL),
    ]  # fmt: skip
