"""Several tables beside each other in one sheet, each with headings of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.files import struck_cells
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import kinds_of
from data.importing.files.grids import Merged
from data.importing.files.sheets import Sheet
from data.importing.tables import heading_lines
from data.importing.tables.heading_lines import Header
from data.importing.tables.headings import recognise
from data.importing.tables.key_fields import TELLING, keys

FEWEST_COLUMNS = 2
_AGAIN = re.compile(r" \(\d+\)$")
_NO_FIELD = frozenset({"row_no"})
_SUMS = ("tong hop", "bang tong hop", "thong ke", "summary", "statistics", "synthese",
         "recapitulatif", "statistiques")  # fmt: skip
_KINDS = frozenset(
    {"loai", "loai vu", "loai vu viec", "loai an", "loai toi", "loai toi pham", "toi", "toi danh",
     "hanh vi", "nhom", "nhom toi", "linh vuc", "chi tieu", "danh muc", "noi dung", "kind", "type",
     "category", "genre"}
)  # fmt: skip
"""What stands over the words of a count of cases by their kind."""
_OF_EACH = re.compile(r" (?:dien bien|noi dung|tinh tiet|thong tin|xu ly|ket qua xu ly)\b")
"""What is told of each case: *Tổng hợp diễn biến* sums up nothing."""
_HOW_MANY = ("so vu", "so luong", "so ca", "tong so", "number of", "count", "nombre")


def parts(sheet: Sheet, header: Header, layer: str) -> list[tuple[int, int]]:
    """Give the first and last column of each table of a sheet, from left to right.

    Blank columns part tables only where both sides tell of the same field: an empty column between
    *Ngày* and *Kinh độ* is for the eye, one between *Ngày* and another *Ngày* parts two tables. So
    do headings that begin again, a day and an offence in the same words or behind another *STT*,
    whatever stands between them. Sums beside the list, *Tổng hợp* and its amounts or *Phường* once
    more and *Số vụ*, are a table of their own whatever stands between.

    Parameters
    ----------
    sheet
        The whole sheet.
    header
        Its headings, as if it were one table.
    layer
        What the file is to become.

    Examples
    --------
    >>> rows = [["Ngày", "Phường", None, "Ngày", "Phường"], ["8/3", "A", None, "9/3", "B"]]
    >>> parts(Sheet(rows), Header(0, 1, ("Ngày", "Phường", "", "Ngày (2)", "Phường (2)"), 2),
    ...       "incidents")
    [(0, 1), (3, 4)]
    >>> rows = [["Ngày", "Phường", "Tổng hợp", "Thiệt hại"], ["8/3", "A", "Trộm cắp", 500]]
    >>> parts(Sheet(rows), Header(0, 1, tuple(rows[0]), 3), "incidents")
    [(0, 1), (2, 3)]
    """
    whole = _runs(sheet, header)
    runs = [part for run in whole for part in _without_sums(header.headings, run, layer)]
    if len(runs) == 1:
        again = _repeated(sheet.rows[header.last], runs[0])
        return again if len(again) > 1 else _begun_again(header.headings, runs[0], layer)
    sums = {run for run in runs if _begins_sums(header.headings, run, layer)}
    found: list[tuple[int, int]] = []
    seen: set[str] = set()
    for run in runs:
        fields = _fields(cut(sheet, run), layer)
        if found and run not in sums and (not fields or not fields & seen):
            found[-1] = (found[-1][0], run[1])
        else:
            found.append(run)
            seen = set()
        seen |= fields
    return [part for each in found for part in _begun_again(header.headings, each, layer)]


def cut(sheet: Sheet, columns: tuple[int, int]) -> Sheet:
    """Cut some columns out of a sheet, its rows and their numbers staying as they are."""
    left, right = columns
    return Sheet(
        [row[left : right + 1] for row in sheet.rows],
        tuple(_moved(block, left, right) for block in sheet.merged if left <= block[0][1] <= right),
        sheet.letters,
        sheet.n_repaired,
        struck=struck_cells.moved(sheet.struck, left, right),
        is_text=sheet.is_text,
    )


def name_of(columns: tuple[int, int]) -> str:
    """Name columns as spreadsheets do.

    Examples
    --------
    >>> name_of((0, 3)), name_of((25, 27))
    ('A:D', 'Z:AB')
    """
    return ":".join(map(_letters, columns))


def _letters(column: int) -> str:
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _moved(block: Merged, left: int, right: int) -> Merged:
    (top, first), (bottom, last) = block
    return (top, first - left), (bottom, min(last, right) - left)


def _runs(sheet: Sheet, header: Header) -> list[tuple[int, int]]:
    """Give the runs of columns between those that are blank from the headings down."""
    below = sheet.rows[header.first :]
    width = max(map(len, below), default=0) if sheet.columns is None else len(sheet.columns)
    headings = header.headings
    blank = [i for i in range(width) if i >= len(headings) or not headings[i]]
    if sheet.columns is None:
        empty = {i for i in blank if all(i >= len(row) or row[i] is None for row in below)}
    else:
        empty = {i for i in blank if kinds_of(sheet.columns[i][header.first :]) <= {type(None)}}
    runs: list[tuple[int, int]] = []
    for i in range(width):
        if i in empty:
            continue
        if runs and runs[-1][1] == i - 1:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs or [(0, 0)]


def _without_sums(
    headings: Sequence[str], run: tuple[int, int], layer: str
) -> list[tuple[int, int]]:
    """Part columns where sums begin to the right of the list."""
    left, right = run
    for i in range(left + 1, min(right + 1, len(headings))):
        if _begins_sums(headings, (i, right), layer):
            return [(left, i - 1), (i, right)]
    return [run]


def _begins_sums(headings: Sequence[str], run: tuple[int, int], layer: str) -> bool:
    """Tell whether columns begin with a word for sums, or with a known one again and how many.

    Or with a kind of cases and how many, to the right of a whole list.
    """
    left = run[0]
    if left == 0 or run[1] == left or left >= len(headings):
        return False
    behind = fold(headings[left + 1]) if left + 1 < len(headings) else ""
    text = fold(headings[left])
    if text.startswith(_SUMS):
        return behind.startswith(_HOW_MANY) or _OF_EACH.search(text) is None
    fields = _fields_of(headings[left], layer)
    before = {name for heading in headings[:left] for name in _fields_of(heading, layer)}
    if not behind.startswith(_HOW_MANY):
        return False
    is_kind = fold(headings[left]) in _KINDS and run[1] == left + 1
    is_list = bool(before & keys(layer)) and bool(before & TELLING)
    return bool(fields & before) or (is_kind and is_list)


def _fields_of(heading: str, layer: str) -> set[str]:
    return {known.field for known in recognise(heading, layer)[0]} - _NO_FIELD


def _repeated(line: Sequence[Cell], run: tuple[int, int]) -> list[tuple[int, int]]:
    """Part headings that say the same again and again."""
    left, right = run
    texts = [fold(str(cell)) if cell is not None else "" for cell in line[left : right + 1]]
    n = len(texts)
    for width in range(FEWEST_COLUMNS, n // 2 + 1):
        is_again = n % width == 0 and texts == texts[:width] * (n // width)
        if is_again and all(texts[:width]) and len(set(texts[:width])) > 1:
            return [(left + i, left + i + width - 1) for i in range(0, n, width)]
    return [run]


def _begun_again(
    headings: Sequence[str], run: tuple[int, int], layer: str
) -> list[tuple[int, int]]:
    """Part columns where the headings begin again: a day and an offence, in the same words.

    Or in others, behind another *STT*. Two days of one list are told by other words than *Ngày*
    and *Ngày*, and it has one offence, whatever it is called.
    """
    left, right = run
    names = [fold(_AGAIN.sub("", heading)) for heading in headings[left : right + 1]]
    meant = [
        {known.field for known in recognise(heading, layer)[0]}
        for heading in headings[left : right + 1]
    ]
    wanted = (keys(layer), TELLING)
    found: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(names)):
        mine, rest = range(start, i), range(i, len(names))
        is_row_no = "row_no" in meant[i] and any("row_no" in meant[j] for j in mine)
        is_same = bool(names[i]) and any(names[j] == names[i] for j in mine)
        if (is_row_no or is_same) and all(
            any(
                meant[j] & group and meant[k] & group and (is_row_no or names[j] == names[k])
                for j in mine
                for k in rest
            )
            for group in wanted
        ):
            found.append((left + start, left + i - 1))
            start = i
    return [*found, (left + start, right)]


def _fields(sheet: Sheet, layer: str) -> set[str]:
    header = heading_lines.find(sheet.rows, layer, merged=sheet.merged)
    if header is None:
        return set()
    return {
        known.field for heading in header.headings for known in recognise(heading, layer)[0]
    } - _NO_FIELD
