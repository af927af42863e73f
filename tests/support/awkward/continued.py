"""Tables that go on under other headings than they began with, and rows in one cell."""

from awkward import disguises, formats

HEAD, ONE, TWO, THREE = disguises.ROWS
ALL = disguises.ALL
NUMBERED = ["STT", *HEAD[1:]]
IN_ONE_CELL = {"counts": (2, 0, 0, 1), "reasons": ("in_one_cell",)}


def cases(case):
    """List the files, each with what must become of it."""

    def csv(*rows):
        return lambda: formats.text([list(row) for row in rows])

    def xlsx(*rows):
        return lambda: formats.xlsx({"T3": [list(row) for row in rows]})

    def no_ward(row):
        return [*row[:3], *row[4:]]

    def lines(separator, head, *rows):
        """Write numbered rows; what is one text stands in one cell."""
        whole = [[f"{n}", *row] if isinstance(row, list) else [f'"{row}"']
                 for n, row in enumerate(rows, start=1)]  # fmt: skip
        return lambda: formats.text([head, *whole], sep=separator)

    english = ["Case number", "Date of incident", "Time", "Ward / commune",
               "Offence / incident type", "Damage"]  # fmt: skip
    return [
        case(name="a heading more on page 2.csv",
             content=csv(HEAD, ONE, TWO, [*HEAD, "Ghi chú"], [*THREE, "x"]), **ALL),
        case(name="a heading more in each of three sections.xlsx", damage=(None, None, 500_000),
             content=xlsx(["I. QUÝ I"], HEAD[:4], ONE[:4], [], ["II. QUÝ II"], HEAD, TWO, [],
                          ["III. QUÝ III"], [*HEAD, "Thiệt hại"], [*THREE, 500_000]), **ALL),
        case(name="the second section in English with a column more.xlsx",
             damage=(None, 700_000, None),
             content=xlsx(HEAD, ONE, [], english, [*TWO, 700_000], [*THREE, None]), **ALL),
        case(name="a first page without its headings.csv",
             content=csv(ONE, TWO, HEAD, THREE), **ALL),
        case(name="headings below all rows.csv", content=csv(["SỔ VỤ VIỆC"], ONE, TWO, THREE, HEAD),
             **ALL),
        case(name="a heading more far below.csv", damage=(None,) * 4 + (500_000,),
             content=csv(HEAD, *[[f"{n}", *ONE[1:]] for n in range(11, 15)], *[[None] * 5] * 60,
                         [*HEAD, "Thiệt hại"], [*TWO, "500000"]), counts=(5, 0, 0, 0)),
        case(name="a column that is called otherwise on page 2.xlsx", sheet="T3!4:6",
             content=xlsx([*HEAD[:4], "ND vụ việc"], ONE, TWO, HEAD, THREE, TWO),
             counts=(2, 0, 0, 0), notes={"tables_unread": 1}),
        case(name="rows of a list of persons above.xlsx", sheet="T3", notes={"rows_above": 2},
             content=xlsx(["STT", "Họ tên", "Lý do", "Lúc"], ["1", "A", "x", "08/03/2025"],
                          ["2", "B", "y", "09/03/2025"], *disguises.ROWS), **ALL),
        case(name="a form with days above.xlsx", sheet="T3",
             content=xlsx(["Ngày lập:", "31/03/2025", "Phường", "Nam Ngạn"],
                          ["Từ ngày:", "01/03/2025", "Đến ngày:", "31/03/2025"],
                          *disguises.ROWS), **ALL),
        case(name="a row within quotation marks.csv", **IN_ONE_CELL,
             content=lines(",", NUMBERED, ONE[1:], "3,10/03/2025,Nam Ngạn,Cướp", TWO[1:])),
        case(name="a row with commas among semicolons.csv", **IN_ONE_CELL,
             content=lines(";", NUMBERED, ONE[1:], TWO[1:], "3,10/03/2025,Nam Ngạn,Cướp")),
        case(name="a row with tabs among semicolons.csv", **IN_ONE_CELL,
             content=lines(";", NUMBERED, ONE[1:], "3\t10/03/2025\tNam Ngạn\tCướp", TWO[1:])),
        case(name="a row typed into the first column.xlsx", **IN_ONE_CELL,
             content=xlsx(NUMBERED, [1, *ONE[1:]], [2, *TWO[1:]],
                          ["7/ ngày 10/03/2025 trộm cắp tài sản tại phường Nam Ngạn"])),
        case(name="the first ward over the headings.csv", wards=("101", "101", "102"),
             counts=(3, 0, 0, 0),
             content=csv(["SỔ VỤ VIỆC"], ["I. Phường Đông Thọ"], no_ward(HEAD), no_ward(ONE),
                         no_ward(THREE), ["II. Phường Hàm Rồng"], no_ward(HEAD), no_ward(TWO))),
        case(name="the first offence over the headings.csv", wards=("101", "103", "102"),
             counts=(3, 0, 0, 0), categories=("theft", "theft", "gambling"),
             content=csv(["SỔ VỤ VIỆC"], ["I. Trộm cắp tài sản"], HEAD[:4], ONE[:4], THREE[:4],
                         ["II. Đánh bạc"], TWO[:4])),
        case(name="sums of a day among the rows.xlsx", counts=(1, 0, 0, 2), wards=("101",),
             reasons=("a_count", "a_count"),
             content=xlsx(HEAD, ONE, ["2", "09/03/2025", None, "Hàm Rồng", "2 vụ"],
                          ["3", "10/03/2025", None, "Nam Ngạn", "(03 vụ việc)"])),
        case(name="sentences in one cell.xlsx", counts=(2, 0, 0, 5),
             reasons=("in_one_cell",) * 5, wards=("101", "102"),
             content=xlsx(NUMBERED, [1, *ONE[1:]], ["Vụ 3: ngày 10/03/2025, trộm cắp, Nam Ngạn"],
                          ["Bổ sung: 10/03/2025 đánh bạc tại Nam Ngạn"], [2, *TWO[1:]],
                          ["Sáng 10/03/2025 mất trộm xe đạp"], ["3. 10/03/2025 Trộm cắp"],
                          ["Khoảng 22h30 mất xe máy tại chợ Vườn Hoa"])),
        case(name="lines that may be rows.xlsx", counts=(2, 0, 0, 0), notes={"unexplained": 3},
             wards=("101", "102"),
             content=xlsx([*NUMBERED, "Tang vật", "Ghi chú"], [1, *ONE[1:]], ["10/03/2025"],
                          ["BÁO CÁO NHANH NGÀY 10/03/2025"], [2, *TWO[1:]],
                          [3, None, None, None, None, "xe máy", "chưa rõ ngày"])),
        case(name="a sentence below the signatures.xlsx", counts=(2, 0, 0, 0),
             notes={"unexplained": 1}, wards=("101", "102"),
             content=xlsx(NUMBERED, [1, *ONE[1:]], [2, *TWO[1:]],
                          [None, None, None, "Thanh Hoá, ngày 31/03/2025"],
                          [None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG CÔNG AN"],
                          [None, "Nguyễn Văn A", None, "Trần Văn B"],
                          ["Vụ 3: ngày 10/03/2025, trộm cắp, Nam Ngạn"])),
        case(name="signatures between the rows of two books.xlsx", counts=(2, 0, 0, 0), skipped=5,
             wards=("101", "102"),
             content=xlsx(NUMBERED, [1, *ONE[1:]],
                          [None, None, None, "Thanh Hoá, ngày 09 tháng 3 năm 2025"],
                          [None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG CÔNG AN"],
                          [None, None, "(Ký, ghi rõ họ tên)", "(Ký tên, đóng dấu)"], [],
                          [None, None, "Nguyễn Văn Hùng", "Thượng tá Lê Văn Minh"],
                          [2, *TWO[1:]])),
        case(name="rows without a day below the signatures.xlsx", counts=(1, 0, 0, 0),
             notes={"unexplained": 4}, wards=("101",),
             content=xlsx(NUMBERED, [1, *ONE[1:]],
                          [None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG CÔNG AN"],
                          [None, "Nguyễn Văn A", None, "Trần Văn B"],
                          [3, "chưa rõ", None, "Nam Ngạn", "Trộm cắp tài sản"],
                          [4, None, None, "Nam Ngạn", "Trộm cắp tài sản"],
                          ["Bổ sung", None, "22h30", "Nam Ngạn", "Trộm cắp"],
                          ["Ghi chú: còn 01 vụ trộm ngày 10/03/2025 chưa vào sổ"])),
        case(name="cases without a day in one cell.xlsx", counts=(2, 0, 0, 0),
             notes={"unexplained": 4}, wards=("101", "102"),
             content=xlsx(NUMBERED, [1, *ONE[1:]], ["Vụ 3: trộm xe máy, Nam Ngạn, chưa rõ ngày"],
                          ["Bổ sung: trộm xe máy tại phường Nam Ngạn, thiệt hại 20 triệu"],
                          ["Tổng kiểm tra ngày 10/03/2025 bắt vụ đánh bạc tại Nam Ngạn"],
                          [2, *TWO[1:]], ["4. Trộm cắp xe máy tại phường Nam Ngạn hôm qua"])),
        case(name="titles with days between rows.csv", counts=(2, 0, 0, 0), wards=("101", "102"),
             notes={"unexplained": 1},
             content=lines(";", NUMBERED, "I. PHƯỜNG ĐÔNG THỌ (từ 01/03/2025 đến 31/03/2025)",
                           ONE[1:], "2. Trộm cắp tài sản - ngày 09/03", "Ngày 09/03/2025",
                           TWO[1:], "Trang 2/3", "Cộng ngày 09/03/2025: 1 vụ",
                           "Thanh Hoá, ngày 31/03/2025", "Người lập biểu")),
    ]  # fmt: skip
