"""Rows that count several cases each: no list, though every one has a day, a ward and an offence.

*Số vụ* over a column may be the number of a case or how many there were. A number stands before
what it is of and runs on; a count stands behind what it counts, comes again, or is 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from data import offences
from data.folding import fold
from data.importing.files.cell import Cell

LOOKED_AT = 500
"""Rows of a table."""

MOST = 99
"""Of one kind on one day in one ward; larger numbers are numbers of cases, or amounts."""

FITTING_SHARE = 0.9
"""Of the filled cells of a column of counts are whole and small."""

RUNNING_SHARE = 0.9
"""Of the steps in a column of running numbers lead to the next, or back to 1."""

_CASES = r"(?:vu viec|vu an|vu|su viec|truong hop|tin bao|tin)"
_MAY_BE_NUMBER = re.compile(r"so (?:vu|vu viec|vu an|su viec)")
_OF_A_CASE = re.compile(r"vu")
_OF_CASES = re.compile(
    rf"(?:tong|tong so|so luong|tong so luong|sl|so|tong cong) {_CASES}"
    r"(?: (?:xay ra|phat sinh|phat hien|tiep nhan|trong ngay|trong thang|trong ky|da xay ra))?"
    r"|(?:number|no|nb|count|total)(?: of)? (?:cases|incidents|offences|offenses|crimes|reports)"
    r"|so lan|lan"
    r"|(?:cases|incidents|crime|case|incident) counts?|n (?:cases|incidents)"
    r"|(?:nombre|nb|nbre|total)(?: total)? (?:de |des |d )?"
    r"(?:faits|cas|infractions|incidents|delits|affaires)"
)
_OF_ANYTHING = re.compile(
    r"so luong|sl|tong|tong so|tong cong|cong|count|counts|total|quantity|qty|nombre|nb|quantite"
)
_COUNT = re.compile(r"(?:(\d{1,3})(?:[.,]0)?(?: ?(?:vụ việc|vụ án|vụ|cases?|faits?|cas))?|[-–])")

_COUNTED_BY = frozenset(
    {
        "date", "datetime", "end_date", "ward", "ward_code", "division", "unit", "offence",
        "article", "damage", "outcome", "is_cleared", "date_reported",
    }
)  # fmt: skip
"""What a summary tells; of a single case a list tells more: an hour, a place, a summary."""

_COUNTED = frozenset({"date", "datetime", "ward", "ward_code", "offence", "article"})


def may_count(headings: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Tell whether a heading can stand over counts, before any cell is looked at.

    Examples
    --------
    >>> may_count(["Ngày", "Số vụ"], {"date": 0, "case_id": 1})
    True
    >>> may_count(["Ngày", "Tội danh"], {"date": 0, "offence": 1})
    False
    """
    return any(_is_of_counts(heading) for heading in headings) or bool(
        _named_by_offences(headings, columns)
    )


def find(
    headings: Sequence[str], rows: Sequence[Sequence[Cell]], columns: Mapping[str, int]
) -> str | None:
    """Give the heading of a column that counts cases; None where each row is one.

    Parameters
    ----------
    headings
        Of all columns.
    rows
        Those of the table, without sums; the first ones are looked at.
    columns
        Field to column, as mapped.

    Examples
    --------
    >>> headings, columns = ["Ngày", "Tội danh", "Số vụ"], {"date": 0, "offence": 1, "case_id": 2}
    >>> find(headings, [["8/3", "Trộm cắp", 2], ["9/3", "Đánh bạc", 5]], columns)
    'Số vụ'
    >>> find(headings, [["8/3", "Trộm cắp", 1], ["9/3", "Đánh bạc", 2]], columns) is None
    True
    """
    for i, heading in enumerate(headings):
        if _is_of_counts(heading):
            counts = _small_numbers(rows, i)
            if counts and _is_count(fold(heading), i, counts, columns):
                return heading
    among = _named_by_offences(headings, columns)
    counting = [i for i in among if _small_numbers(rows, i)]
    return headings[counting[0]] if counting and len(counting) == len(among) else None


def is_summary(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a column of counts begins in the first row below some headings.

    Examples
    --------
    >>> is_summary(["TT", "Phường", "Số vụ"], [[1, "Đông Thọ", 2], [2, "Ba Đình", 1]])
    True
    >>> is_summary(["TT", "Phường", "Số vụ"], [[1, "Đông Thọ", "12/2024"]])
    False
    """
    first = next((row for row in rows if len(row) > row.count(None)), ())
    return any(
        _is_of_counts(heading) and i < len(first) and _small_number(first[i]) is not None
        for i, heading in enumerate(headings)
    )


def _is_of_counts(heading: str) -> bool:
    text = fold(heading)
    return any(
        kind.fullmatch(text) is not None
        for kind in (_MAY_BE_NUMBER, _OF_A_CASE, _OF_CASES, _OF_ANYTHING)
    )


def _is_count(text: str, column: int, counts: list[int], columns: Mapping[str, int]) -> bool:
    others = {name: i for name, i in columns.items() if i != column}
    comes_again = len(set(counts)) < len(counts)
    is_behind = all(i < column for name, i in others.items() if name in _COUNTED)
    if _MAY_BE_NUMBER.fullmatch(text) is None and _OF_CASES.fullmatch(text) is not None:
        return set(counts) != {1} and not _are_running(counts)  # no number of a case is called so
    is_told = set(counts) != {1} and not _are_running(counts)
    if _OF_A_CASE.fullmatch(text) is not None:
        return is_told and is_behind  # a number of a case stands before what it is of
    if _MAY_BE_NUMBER.fullmatch(text) is not None and is_told and is_behind and comes_again:
        return True
    if not others.keys() <= _COUNTED_BY or not others.keys() & {"date", "datetime"}:
        return False
    if _MAY_BE_NUMBER.fullmatch(text) is None and set(counts) == {1}:
        return False
    return (is_behind and not _are_running(counts)) or (comes_again and 0 in counts)


def _are_running(counts: Sequence[int]) -> bool:
    """Tell whether numbers run on from 1, however often they start again.

    Examples
    --------
    >>> [_are_running(n) for n in ([1, 2, 3, 1, 2], [2, 3, 4], [1, 1, 1], [1])]
    [True, False, False, True]
    """
    if counts[0] != 1:
        return False
    steps = [
        after == before + 1 or (after == 1 and before > 1) for before, after in pairwise(counts)
    ]
    return sum(steps) >= RUNNING_SHARE * len(steps)


def _named_by_offences(headings: Sequence[str], columns: Mapping[str, int]) -> list[int]:
    """Give the columns that are called after an offence, where none tells the offence."""
    if columns.keys() & {"offence", "article"}:
        return []
    taken = set(columns.values())
    return [
        i
        for i, heading in enumerate(headings)
        if heading and i not in taken and offences.classify(heading) != offences.UNCLASSIFIED
    ]


def _small_numbers(rows: Sequence[Sequence[Cell]], column: int) -> list[int]:
    """Give the numbers of a column, without blanks; none where it holds anything else."""
    filled = [
        row[column] for row in rows[:LOOKED_AT] if column < len(row) and row[column] is not None
    ]
    numbers = [number for number in map(_small_number, filled) if number is not None]
    return numbers if len(numbers) >= FITTING_SHARE * len(filled) else []


def _small_number(cell: Cell) -> int | None:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    if isinstance(cell, str):
        found = _COUNT.fullmatch(cell.strip())
        if found is None:
            return None
        cell = int(found[1] or 0)
    return int(cell) if 0 <= cell <= MOST and float(cell).is_integer() else None
