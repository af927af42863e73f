"""Merged cells in the rows of a table: what stands in the first cell holds for the whole block.

A ward merged over five rows is the ward of all five. An amount merged over five is the amount of
all together: it is written into each only where the rows are one record, as the case number merged
over the same rows shows. What the lower rows of one record say besides is never made another one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.files.grids import Merged
from data.importing.tables.headings import recognise
from data.importing.tables.key_fields import OF_EACH_ROW

AMOUNTS = frozenset(
    {
        "damage", "cost", "repair_cost", "population", "n_members", "n_heads", "share",
        "pixels_across",
    }
)  # fmt: skip
"""Fields whose cells are added up."""

IDENTITIES = frozenset({"case_id", "camera_id", "site_id", "tip_id", "request_id", "model_id",
                        "programme_id", "school_id", "place_id", "code"})  # fmt: skip
"""Fields that tell records apart."""

MAX_LABEL_LENGTH = 80

_FEWEST = 3
_FIGURE = re.compile(r"\s*(?:[IVXLC]{1,5}|[A-H])\s*[.):]?\s*")
_COUNTED_FIGURE = re.compile(r"\s*(?:[IVXLC]{1,5}|[A-H]|\d{1,2})\s*[.):]?\s*")
COUNTED = re.compile(
    r"\s*[(:]?\s*\d{1,4}\s*(?:vụ|vu|tin|cases?|faits?|cas)(?:\s*việc)?\s*\)?\s*", re.I
)


@dataclass(frozen=True)
class Group:
    """A row that is one merged cell, and says something of the rows below it."""

    row: int
    label: str


def filled(
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[Merged],
    *,
    below: int,
    columns: Mapping[str, int],
    headings: Sequence[str] = (),
    layer: str = "incidents",
) -> list[Sequence[Cell]]:
    """Write what merged blocks say into all of their rows.

    Rows over which one number of the list is merged are one record: nothing is written into the
    lower ones, which tell a second victim, place or amount of it and are no record of their own.
    Where each has a day or an id of its own, the number is that of a group. So does the number of
    a case, unless the lower rows say nothing else: then they are the same case once more. Without a
    column of numbers, a day and its hour that are merged over the same rows say it.

    Parameters
    ----------
    rows
        Rows of the sheet; unchanged.
    merged
        Its merged blocks.
    below
        The last row of the headings; what is above stays as it is.
    columns
        Field to column; other columns stay as they are.
    headings, layer
        What stands over the columns, and what the file is to become: they tell which column holds
        the numbers of the rows.

    Returns
    -------
    list
        The rows; those in no block are the same objects.

    Examples
    --------
    >>> rows = [["Phường", "Ngày"], ["Đông Thọ", "8/3/2025"], [None, "9/3/2025"]]
    >>> filled(rows, [((1, 0), (2, 0))], below=0, columns={"ward": 0, "date": 1})[2]
    ['Đông Thọ', '9/3/2025']
    >>> rows = [["STT", "Ngày", "Thiệt hại"], [1, "8/3/2025", 500], [None, None, 700]]
    >>> filled(rows, [((1, 0), (2, 0)), ((1, 1), (2, 1))], below=0,
    ...        columns={"date": 1, "damage": 2}, headings=rows[0])[2]
    [None, None, 700]
    """
    field_of = {column: name for name, column in columns.items()}
    same_record = {
        (first, last) for (first, left), (last, _) in merged if field_of.get(left) in IDENTITIES
    }
    whole: list[Sequence[Cell]] = list(rows)
    lower = _lower_rows(rows, merged, columns, _numbers(headings, layer))
    n_left = sum(map(len, rows))  # blocks that overlap, as no program writes them, cost no more
    for (first, left), (last, _) in merged:
        name = field_of.get(left)
        if first <= below or last <= first or name is None or first >= len(rows):
            continue
        value = rows[first][left] if left < len(rows[first]) else None
        if value is None or (name in AMOUNTS and (first, last) not in same_record):
            continue
        end = min(last + 1, len(rows))
        n_left -= end - first
        if n_left < 0:
            break
        for i in range(first + 1, end):
            if i not in lower:
                whole[i] = _with(whole[i], left, value)
    return whole


def _numbers(headings: Sequence[str], layer: str) -> set[int]:
    """Give the columns that hold nothing but the numbers of the rows."""
    return {
        i
        for i, heading in enumerate(headings)
        if any(known.field == "row_no" for known in recognise(heading, layer)[0])
    }


def _lower_rows(
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[Merged],
    columns: Mapping[str, int],
    numbers: Collection[int],
) -> set[int]:
    """Give the rows that go on with the record above them, and say more than it has said."""
    own = [column for name, column in columns.items() if name in OF_EACH_ROW]
    if not own:
        return set()
    case, hour = columns.get("case_id"), columns.get("time")
    of_days = {(first, last) for (first, left), (last, _) in merged if left in own}
    of_cases = {(first, last) for (first, left), (last, _) in merged if left == case}
    found: set[int] = set()
    n_left = sum(map(len, rows))
    for (first, left), (last, _) in merged:
        is_hour = left == hour and not numbers and (first, last) in of_days
        end = min(last + 1, len(rows))
        if end <= first + 1 or not (left in numbers or left == case or is_hour):
            continue
        n_left -= end - first
        if n_left < 0:
            break
        is_known_again = (first, last) in of_cases  # by its number, where it says nothing else
        alone = columns.values() if is_known_again else ()
        found.update(
            i
            for i in range(first + 1, end)
            if not _is_any_in(rows[i], own) and (not is_known_again or _is_any_in(rows[i], alone))
        )
    return found


def _is_any_in(row: Sequence[Cell], columns: Collection[int]) -> bool:
    return any(column < len(row) and row[column] is not None for column in columns)


def groups(
    rows: Sequence[Sequence[Cell]], merged: Sequence[Merged], *, below: int, n_columns: int
) -> list[Group]:
    """Give the rows that are one merged cell over at least half of the columns, and nothing else.

    Examples
    --------
    >>> rows = [["Ngày", "Giờ", "Tội danh"], ["I. Phường Đông Thọ", None, None], ["8/3", 7, "x"]]
    >>> groups(rows, [((1, 0), (1, 2))], below=0, n_columns=3)
    [Group(row=1, label='I. Phường Đông Thọ')]
    """
    found = {}
    for (first, left), (last, right) in merged:
        width = right - left + 1
        if first != last or not below < first < len(rows):
            continue
        if width < max(_FEWEST, (n_columns + 1) // 2):
            continue
        said = [cell for cell in rows[first] if cell is not None]
        if len(said) == 1 and isinstance(said[0], str):
            found[first] = Group(first, said[0])
    return [found[row] for row in sorted(found)]


def label_of(row: Sequence[Cell]) -> str | None:
    """Give what a line says that is nothing but one text, or a Roman figure and one; else None.

    Examples
    --------
    >>> label_of(["I", "TRỘM CẮP TÀI SẢN", None]), label_of([None, "II. Đánh bạc: 02 vụ"])
    ('I. TRỘM CẮP TÀI SẢN', 'II. Đánh bạc: 02 vụ')
    >>> label_of(["8/3/2025", "Trộm cắp"]), label_of([1, "Trộm cắp"])
    (None, None)
    >>> label_of(["II", "Đánh bạc", None, "2 vụ"]), label_of([2, "Phường Ba Đình", "3 vụ"])
    ('II. Đánh bạc', '2. Phường Ba Đình')
    """
    said = [cell for cell in row if cell is not None]
    is_counted = len(said) > 1 and isinstance(said[-1], str) and COUNTED.fullmatch(said[-1])
    if is_counted:
        said.pop()
        if len(said) == 2 and isinstance(said[0], int | float) and float(said[0]).is_integer():
            said[0] = str(int(said[0]))
    if not 1 <= len(said) <= 2 or not all(isinstance(cell, str) for cell in said):
        return None
    *number, text = map(str, said)
    figure_of = _COUNTED_FIGURE if is_counted else _FIGURE
    if len(text) > MAX_LABEL_LENGTH or (number and figure_of.fullmatch(number[0]) is None):
        return None
    parts = [*[figure.strip(" .):") for figure in number], text.strip()]
    return ". ".join(parts)


def ward_of(label: str) -> str | None:
    """Give the ward that a group is called after, without its number; None for other groups.

    Examples
    --------
    >>> ward_of("II. Phường Đông Thọ"), ward_of("1) xã Hoằng Quang"), ward_of("Tháng 3")
    ('Phường Đông Thọ', 'xã Hoằng Quang', None)
    """
    number, stop, rest = label.partition(" ")
    is_numbered = bool(stop) and number.rstrip(".):-/").upper().strip("IVX0123456789") == ""
    name = rest.strip() if is_numbered else label
    return name if fold_ward(name) != fold(name) else None


def _with(row: Sequence[Cell], column: int, value: Cell) -> Sequence[Cell]:
    if column < len(row) and row[column] is not None:
        return row
    cells = list(row) + [None] * (column + 1 - len(row))
    cells[column] = value
    return cells
