"""The days of a column, settled by what titles and lines tell of them.

A bare *5* under *Tháng 3/2024* is the fifth of March, and a day without its year has that of the
days that are told. What may as well be of another month or year gets both, and is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from data.folding import fold
from data.importing.cell_codes import coded, together
from data.importing.files.cell import Cell, as_text
from data.importing.files.cell_columns import CellColumn, coded_once, texts_in
from data.importing.tables import day_columns
from data.importing.tables.period_lines import Period, Section
from data.importing.values import days_in_doubt, moments
from data.importing.values.moments import MoreThanADayMomentError, UnreadableMomentError
from data.row_columns import Coded

LEAST_WRAPPED = 2
"""Rows before and after the first of a month, from which on a list goes over it."""

LATE, EARLY, MOST_BEFORE = 25, 7, 3
"""From which day on, and how many different ones, are left of the month before at the head of a
list, where the rest begins with such an early one."""

LEAST_IN_A_RUN = 4
"""Rows in a run on average, from which on a list is sorted by what its rows share."""

_DAY_AND_MONTH = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}(?![\d/.-])")
_NUMBERED = re.compile(r"\s*(?:[IVX]+|[A-Z]|\d\d?)\s*[.)/:-]\s*[^\W\d_]{2}")
_IN_TIME = re.compile(
    r"\b(?:truoc|chuyen|ton|cu|moi|phat sinh|ky|sang|con lai|thang|quy|nam|tuan|ngay|trang)\b"
)
"""Words of a line, folded, by which rows below it may be of another time."""


def days_settled(
    column: Sequence[Cell],
    places: Sequence[int],
    told_from: Sequence[Section],
    *,
    lines: Mapping[int, str] | None = None,
    sorted_by: Sequence[Sequence[Cell]] = (),
) -> tuple[Sequence[Cell], int]:
    """Write the days of a month in full, where the column holds no other day; tell how many.

    Days that are written in full already stay, and have to be of the month that is told. A list
    that goes over the first of a month (15 to 29, then 1 to 14) is of two months, and is left as it
    is. Where most of it comes behind the first of the month (30, then 1, 2, 3), the days at its
    head are rather of the month before, and get both; not where the rows go on under a line of
    their own (*II. Trộm cắp*), or the list is sorted by something else.

    Parameters
    ----------
    column, places, told_from
        The days, the places of their rows, and what is told of them.
    lines
        What lines between the rows say, by place.
    sorted_by
        Columns by which rows may be sorted before their days: their wards.

    Examples
    --------
    >>> march = [Section(0, 2024, ((date(2024, 3, 1), date(2024, 3, 31)),))]
    >>> days_settled([5, "07", 31.0], [1, 2, 3], march)
    (['2024-03-05', '2024-03-07', '2024-03-31'], 3)
    >>> days_settled([5, "12/3/2024"], [1, 2], march), days_settled([5, "12/4/2024"], [1, 2], march)
    ((['2024-03-05', '12/3/2024'], 1), ([5, '12/4/2024'], 0))
    >>> days_settled([29, 1, 2], [1, 2, 3], march)[0]
    ['29 (2024-02-29? 2024-03-29?)', '2024-03-01', '2024-03-02']
    >>> days_settled([28, 29, 1, 2], [1, 2, 3, 4], march)[1]
    0
    >>> days_settled([5, "x"], [1, 2], march)[1]
    0
    """
    months = [section.month() for section in told_from]
    said = coded(column)
    if not any(months) or not any(day_columns.whole(cell) for cell in said.different):
        return column, 0
    at = _section_of(places, told_from)
    of_section = Coded(at, range(len(told_from)))
    pairs = together([of_section, said], len(said))
    days = [_day_in(cell, months[i]) for i, cell in pairs.different]
    if None in days:
        return column, 0
    of_row = np.array(days, dtype=int)[pairs.codes]
    is_before = np.zeros(len(said), dtype=bool)
    is_open = []
    for i, month in enumerate(months):
        mine = np.flatnonzero((at == i) & (of_row > 0))
        n_before = 0 if month is None else _n_before(of_row[mine], month)
        is_explained = n_before and _is_explained(mine, n_before, places, lines or {}, sorted_by)
        is_before[mine[: 0 if is_explained else n_before]] = True
        is_open.append(not n_before and _goes_over(of_row[mine]))
    heads = Coded(is_before.astype(np.intp), (False, True))
    rows = together([of_section, said, heads], len(said))
    found: list[Cell] = []
    is_written = []
    for i, cell, is_head in rows.different:
        month, day = months[i], day_columns.whole(cell)
        is_day = month is not None and day is not None and day <= month[1].day and not is_open[i]
        is_written.append(is_day and not is_head)
        if month is None or day is None or not is_day:
            found.append(cell)
        elif is_head:
            before = (month[0] - timedelta(days=1)).replace(day=day)
            found.append(days_in_doubt.with_days(cell, before, month[0].replace(day=day)))
        else:
            found.append(f"{month[0]:%Y-%m}-{day:02d}")
    return _again(column, rows.codes, found), int(np.array(is_written)[rows.codes].sum())


def years_settled(
    column: Sequence[Cell], places: Sequence[int], told_from: Sequence[Section]
) -> tuple[Sequence[Cell], int]:
    """Write the year behind days without one where the title tells two; tell how many.

    It is the one in which the day is of those told; a day that is in none is left.

    Examples
    --------
    >>> over = [Section(0, None, ((date(2023, 12, 15), date(2024, 1, 14)),))]
    >>> years_settled(["17/12", "20h ngày 3/1", "2/2", "3/1/2024"], [1, 2, 3, 4], over)
    (['17/12/2023', '20h ngày 3/1/2024', '2/2', '3/1/2024'], 2)
    """
    if all(len(section.years()) < 2 for section in told_from):
        return column, 0
    if not any(map(moments.lacks_year, texts_in(column))):
        return column, 0
    said = coded(column)
    at = _section_of(places, told_from)
    pairs = together([Coded(at, range(len(told_from))), said], len(said))
    found = [_with_year(cell, told_from[i]) for i, cell in pairs.different]
    is_new = [new != cell for new, (_, cell) in zip(found, pairs.different, strict=True)]
    return _again(column, pairs.codes, found), int(np.array(is_new)[pairs.codes].sum())


def _with_year(cell: Cell, section: Section) -> Cell:
    if section.year is not None or not isinstance(cell, str) or not moments.lacks_year(cell):
        return cell
    fitting = []
    for year in section.years():
        try:
            days = moments.find(cell, year=year).days
        except UnreadableMomentError:
            continue
        if days and all(map(section.holds, days)):
            fitting.append((year, days))
    if len(fitting) != 1:
        return cell
    (year, days) = fitting[0]
    written = _DAY_AND_MONTH.sub(rf"\g<0>/{year}", cell, count=1)
    try:
        return written if moments.find(written).days == days else cell
    except UnreadableMomentError:
        return cell


def days_outside(
    column: Sequence[Cell], places: Sequence[int], told_from: Sequence[Section]
) -> tuple[Sequence[Cell], tuple[int, ...]]:
    """Tell which days with their year lie outside of those that the title or line tells.

    Those that would be of them a year on or back get both years, where most days are of them.

    Returns
    -------
    tuple
        The column, and the places of the other rows whose day lies outside.

    Examples
    --------
    >>> january = [Section(0, 2024, ((date(2024, 1, 1), date(2024, 1, 31)),))]
    >>> cells = ["5/1/2024", "6/1/2023", "7/1/2024", "8/1/2024", date(2024, 3, 9)]
    >>> days_outside(cells, [1, 2, 3, 4, 5], january)[0][1]
    '6/1/2023 (2023? 2024?)'
    >>> days_outside(cells, [1, 2, 3, 4, 5], january)[1]
    (5,)
    """
    if not any(section.periods for section in told_from):
        return column, ()
    said = coded(column)
    at = _section_of(places, told_from)
    pairs = together([Coded(at, range(len(told_from))), said], len(said))
    days = [_full_day(cell, told_from[i]) for i, cell in pairs.different]
    held = [
        None if day is None or not told_from[i].periods else told_from[i].holds(day)
        for day, (i, _) in zip(days, pairs.different, strict=True)
    ]
    n_of_pair = np.bincount(pairs.codes, minlength=len(held))
    n_in = sum(int(n) for n, one in zip(n_of_pair, held, strict=True) if one is True)
    n_out = sum(int(n) for n, one in zip(n_of_pair, held, strict=True) if one is False)
    found: list[Cell] = []
    is_outside = []
    for day, one, (i, cell) in zip(days, held, pairs.different, strict=True):
        other = told_from[i].slipped_year(day) if one is False and day and n_in > n_out else None
        is_outside.append(one is False and other is None)
        in_doubt = None if other is None or day is None else (day.year, other)
        found.append(
            cell if in_doubt is None else days_in_doubt.with_years(as_text(cell) or "", *in_doubt)
        )
    rows = np.flatnonzero(np.array(is_outside, dtype=bool)[pairs.codes])
    outside = tuple(places[int(row)] for row in rows)
    return (
        column if found == [c for _, c in pairs.different] else _again(column, pairs.codes, found)
    ), outside


def _full_day(cell: Cell, section: Section) -> date | None:
    """Give the first day of a cell that tells its year; that of the days told where it may be."""
    if isinstance(cell, datetime):
        return cell.date()
    if not isinstance(cell, str) or moments.lacks_year(cell):
        return cell if isinstance(cell, date) else None
    read: list[date] = []
    for order in ("dmy", "mdy", "ymd"):
        try:
            read += moments.find(cell, order=order).days[:1]
        except UnreadableMomentError:
            continue
    return next((day for day in read if section.holds(day)), next(iter(read), None))


def years_doubted(
    column: Sequence[Cell], places: Sequence[int], told_from: Sequence[Section]
) -> Sequence[Cell]:
    """Write both years behind days without one that may be of another than their title's.

    Examples
    --------
    >>> january = [Section(0, 2024, ((date(2024, 1, 1), date(2024, 1, 31)),))]
    >>> years_doubted(["5/1", "30/12", "30/12/2023", "2/2"], [1, 2, 3, 4], january)
    ['5/1', '30/12 (2023? 2024?)', '30/12/2023', '2/2']
    """
    if not any(section.periods and section.year for section in told_from):
        return column
    if not any(map(moments.lacks_year, texts_in(column))):
        return column
    said = coded(column)
    at = _section_of(places, told_from)
    pairs = together([Coded(at, range(len(told_from))), said], len(said))
    found = [_doubted(cell, told_from[i]) for i, cell in pairs.different]
    return _again(column, pairs.codes, found)


def _doubted(cell: Cell, section: Section) -> Cell:
    if not isinstance(cell, str) or section.year is None or not moments.lacks_year(cell):
        return cell
    try:
        days = moments.find(cell, year=section.year).days
    except UnreadableMomentError:
        return cell
    other = section.other_year(days[0]) if days else None
    return cell if other is None else days_in_doubt.with_years(cell, days[0].year, other)


def _again(
    column: Sequence[Cell], codes: np.typing.NDArray[np.intp], cells: Sequence[Cell]
) -> Sequence[Cell]:
    """Put a column together again, as it was kept."""
    found = CellColumn((), coded_once(codes, cells))
    return found if isinstance(column, CellColumn) else list(found)


def _section_of(places: Sequence[int], told_from: Sequence[Section]) -> np.typing.NDArray[np.intp]:
    starts = np.array([section.start for section in told_from])
    found = np.searchsorted(starts, np.array(places, dtype=np.intp), side="left") - 1
    return np.maximum(found, 0)


def _day_in(cell: Cell, month: Period | None) -> int | None:
    """Give the day of a month that a cell tells, bare or in full; 0 of a blank, None of others."""
    day = 0 if cell is None else day_columns.whole(cell)
    if day is not None or month is None:
        return day
    try:
        days = moments.find(cell, year=month[0].year).days
    except MoreThanADayMomentError:  # it is refused for its words
        return 0
    except UnreadableMomentError:
        return None
    return days[0].day if days and all(month[0] <= each <= month[1] for each in days) else None


def _n_before(days: np.typing.NDArray[np.int_], month: Period) -> int:
    """Tell how many rows at the head are rather of the month before: few, and then most go up."""
    falls = np.flatnonzero(np.diff(days) < 0)
    if len(falls) != 1:
        return 0
    before, after = np.split(days, falls + 1)
    last = (month[0] - timedelta(days=1)).day
    is_end = before[0] >= LATE and before[-1] <= last and len(np.unique(before)) <= MOST_BEFORE
    is_rest = after[0] <= EARLY and after[0] < after[-1] and len(after) > len(before)
    return len(before) if is_end and is_rest else 0


def _is_explained(
    rows: np.typing.NDArray[np.intp],
    n_before: int,
    places: Sequence[int],
    lines: Mapping[int, str],
    sorted_by: Sequence[Sequence[Cell]],
) -> bool:
    """Tell whether days fall behind the head of a list for another reason than a new month."""
    last, following = places[int(rows[n_before - 1])], places[int(rows[n_before])]
    above = [text for place, text in lines.items() if place < following]
    between = [text for place, text in lines.items() if last < place < following]
    is_new = any(_NUMBERED.match(text) for text in between)
    if is_new and not any(_IN_TIME.search(fold(text)) for text in above):
        return True
    return any(
        _is_sorted_by([as_text(column[int(row)]) for row in rows], n_before) for column in sorted_by
    )


def _is_sorted_by(told: Sequence[str | None], n_before: int) -> bool:
    """Tell whether rows are in runs of what they tell, and those at the head are one of them.

    A list by days has the same ward again and again; it is one run by chance where
    nearly all is of one kind, so that the rows behind the head have to be many to a run.

    Examples
    --------
    >>> _is_sorted_by(["An Hưng", *["Ba Đình"] * 4], 1), _is_sorted_by(["An Hưng", "Ba Đình"], 1)
    (True, False)
    >>> _is_sorted_by(["A", "B", "B", "B", "B", "A"], 1)
    False
    """
    if None in told:
        return False
    names = [fold(each or "") for each in told]
    head, rest = names[:n_before], names[n_before:]
    n_runs = 1 + sum(first != second for first, second in pairwise(rest))
    is_in_runs = n_runs == len(set(rest)) and len(rest) >= LEAST_IN_A_RUN * n_runs
    return len(set(head)) == 1 and head[0] not in rest and is_in_runs


def _goes_over(days: np.typing.NDArray[np.int_]) -> bool:
    """Tell whether days go up, once fall below all that came before, and go up again."""
    falls = np.flatnonzero(np.diff(days) < 0)
    if len(falls) != 1:
        return False
    before, after = np.split(days, falls + 1)
    return min(len(before), len(after)) >= LEAST_WRAPPED and bool(before.min() > after.max())
