"""Ledgers with marks for *the same as above*, and with titles between their tables."""

from awkward import disguises, formats

HEAD, ONE, TWO, THREE = disguises.ROWS
ALL = disguises.ALL
BLANK = [None] * 5
MARKED = [
    HEAD,
    ONE,
    ["2", '"', "21h", "-nt-", "nt"],
    ["3", "〃", '"', "Như trên", "''"],
    ["4", "10/03/2025", None, "Nam Ngạn", "idem"],
]
LIKE_ONE = {
    "wards": ("101", "101", "101", "103"),
    "days": ("2025-03-08", "2025-03-08", "2025-03-08", "2025-03-10"),
}


def csv(*rows):
    """Write a text table; a quotation mark is written as programs write it."""
    return lambda: formats.text([['""""' if cell == '"' else cell for cell in row] for row in rows])


def cases(case):
    """List the files, each with what must become of it."""
    taken = {"counts": (4, 0, 0, 0)}

    return [
        case(name="marks for the same as above.csv", content=csv(*MARKED),
             skipped=0, **taken, **LIKE_ONE),
        case(name="marks for the same as above.xlsx", skipped=0, **taken, **LIKE_ONE,
             content=lambda: formats.xlsx({"T3": MARKED})),
        case(name="a mark below a blank row.csv", counts=(1, 0, 0, 1), reasons=("unknown_ward",),
             content=csv(HEAD, ONE, BLANK, [*TWO[:3], '"', TWO[4]])),
        case(name="marks with nothing above them.csv", counts=(1, 0, 0, 1),
             content=csv(HEAD, ["1", '"', None, '"', "nt"], TWO)),
        case(name="marks in the place of numbers.csv", counts=(2, 0, 0, 0), wards=("101", "102"),
             content=csv(HEAD, ONE, ['"', *TWO[1:]])),
        case(name="titles between the rows.xlsx", skipped=4, **ALL,
             content=lambda: formats.xlsx({"T3": [
                 HEAD, ONE, ["Bảng 2: Quý II", *BLANK[1:]], HEAD, TWO,
                 [None, "TABLE 3", None, None, None], ["Tableau IV – juin"], THREE]})),
        case(name="a title beside anything else.csv", counts=(2, 0, 0, 1), skipped=0,
             content=csv(HEAD, ONE, ["Bảng 2", None, None, "Hàm Rồng", None], THREE)),
    ]  # fmt: skip
