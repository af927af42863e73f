"""Which lines of a sheet are rows of its table: not its titles, sums, signatures, nor headings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import CellColumn, are_no_texts, kinds_of, where
from data.importing.files.sheets import Sheet
from data.importing.tables import crowded_rows, day_sections, footers, merged, page_lines
from data.importing.tables.footers import footer_start
from data.importing.tables.heading_lines import Header
from data.importing.tables.headings import recognise
from data.row_columns import Numbers

_OF_NUMBERS = frozenset({"row_no", "case_id"})

Line: TypeAlias = tuple[tuple[int, str], ...]
"""What a line of texts says: places of its filled cells, and their folded texts."""


def places(
    sheet: Sheet,
    header: Header,
    *,
    taken: Sequence[int],
    own: Sequence[int],
    groups: Iterable[int] = (),
    has_dates: bool,
) -> Sequence[int]:
    """Give the places of the rows of a table.

    A day or an id that is no text tells a row, whatever else stands there but the word of a sum;
    only where there is none a line is looked at.

    Parameters
    ----------
    sheet, header
        The cells, and where the headings are.
    taken
        Columns that are mapped.
    own
        Of these the ones that every row has: its day, its id.
    groups
        Places of lines that are headings of the rows below them.
    has_dates
        Whether every row has a day.

    Examples
    --------
    >>> rows = [["Ngày", "Phường"], ["8/3", "A"], ["Cộng trang", None], ["Ngày", "Phường"], ["9/3"]]
    >>> places(Sheet(rows), Header(0, 1, ("Ngày", "Phường"), 2), taken=[0, 1], own=[0],
    ...        has_dates=True)
    [1, 4]
    """
    rows, last = sheet.rows, header.last
    end = footer_start(rows, last, own or taken)
    is_numbered = last + 1 < end and _is_column_numbers(rows[last + 1])
    start = last + 1 + is_numbered
    is_row = np.zeros(end - start, dtype=bool)
    if sheet.columns is not None:
        for i in own:
            column = sheet.columns[i][start:end]
            is_row |= are_no_texts(column)
            if is_numbered:  # printed again on every page, and no texts either
                is_row &= _are_other_than(column, rows[start - 1][i])
        if has_dates:
            for i in own:
                is_row &= ~_are_counts(sheet.columns[i][start:end])
    left_out = frozenset(
        place for place in groups if not (has_dates and crowded_rows.is_crowded(rows[place]))
    )
    sums = frozenset[int]()
    if has_dates:
        sums = _sums(sheet, header, range(start, end), taken=taken, own=own)
    not_rows = left_out | sums
    is_row[[place - start for place in not_rows if start <= place < end]] = False
    if not is_row.all():
        top = _Top.of(rows, header, taken, own, has_dates=has_dates, is_numbered=is_numbered)
        others = (np.flatnonzero(~is_row) + start).tolist()
        signatures = footers.between(rows, others)
        for place in others:
            is_known = place in not_rows or place in signatures
            is_row[place - start] = not is_known and top.is_row(rows[place])
        for first, stop in top.plans(rows, others) if has_dates else ():
            if is_row[: first - start].any():
                is_row[first - start : stop - start] = False
    found: list[int] = (np.flatnonzero(is_row) + start).tolist()
    if found and found[-1] - found[0] == len(found) - 1:
        return range(found[0], found[-1] + 1)
    return found


def unexplained(
    sheet: Sheet,
    header: Header,
    places: Sequence[int],
    *,
    taken: Sequence[int],
    own: Sequence[int],
    groups: Iterable[int] = (),
) -> list[int]:
    """Give the places of lines below the headings of a list that are no rows, and not surely none.

    They tell a day or a case in one cell, as a title may, or have several cells, none in a column
    that is mapped; or they stand below the signatures and have a figure, which no name has.

    Parameters
    ----------
    sheet, header, taken, own, groups
        As for :func:`places`, of a table with days.
    places
        What that gave.

    Examples
    --------
    >>> rows = [["Ngày", "Phường", "Ghi chú"], ["8/3", "A"], ["CÁC VỤ NGÀY 9/3"], ["Tháng 3"],
    ...         [None, None, None], [None, None, "x", "y"]]
    >>> unexplained(Sheet(rows), Header(0, 1, ("Ngày", "Phường", "Ghi chú"), 2), [1], taken=[1],
    ...             own=[])
    [2, 5]
    """
    rows, start = sheet.rows, header.last + 1
    if len(places) == len(rows) - start:
        return []
    known, end = set(places), footer_start(rows, header.last, own or taken)
    is_numbered = start < end and _is_column_numbers(rows[start])
    top = _Top.of(rows, header, taken, own, has_dates=True, is_numbered=is_numbered)
    others = [place for place in range(start, len(rows)) if place not in known]
    signatures = footers.between(rows, others)
    labels = frozenset(groups)
    is_below = (places[-1] if places else header.last).__lt__
    found = [
        place
        for place in others
        if place not in signatures
        and top.is_unexplained(rows[place], is_group=place in labels, is_signed=place >= end)
        and not (is_below(place) and _is_of_report(rows[place]))
    ]
    return _without_day_lines(found, rows, places, labels=labels, below=header.last, own=own)


def _without_day_lines(
    found: Sequence[int],
    rows: Sequence[Sequence[Cell]],
    places: Sequence[int],
    *,
    labels: Container[int],
    below: int,
    own: Sequence[int],
) -> list[int]:
    """Leave out the lines that tell the day of the rows below them."""
    if not any(place in labels for place in found):
        return list(found)
    days = day_sections.find(rows, below=below)
    told = {day for place in places for day in _cells_of(rows[place], own)}
    return [place for place in found if place not in labels or days.get(place) not in told]


def _cells_of(row: Sequence[Cell], columns: Sequence[int]) -> list[Cell]:
    return [row[i] for i in columns if i < len(row) and row[i] is not None]


@dataclass(frozen=True)
class _Top:
    """What stands above the rows of a table, and may be printed again on each page.

    Parameters
    ----------
    lines
        The titles and the headings.
    headings
        The headings, one a column.
    taken, own
        Columns that are mapped; of these the ones that every row has.
    has_dates
        Whether a row has a day, so that no title can be one.
    is_numbered
        Whether the columns are numbered below the headings.
    """

    lines: frozenset[Line]
    headings: tuple[str, ...]
    taken: Sequence[int]
    own: Sequence[int]
    has_dates: bool
    is_numbered: bool

    @classmethod
    def of(
        cls,
        rows: Sequence[Sequence[Cell]],
        header: Header,
        taken: Sequence[int],
        own: Sequence[int],
        *,
        has_dates: bool,
        is_numbered: bool,
    ) -> _Top:
        """Look at the lines above a table."""
        lines = frozenset(filter(None, map(_line, rows[: header.last + 1])))
        headings = tuple(map(fold, header.headings))
        return cls(lines, headings, taken, own, has_dates, is_numbered)

    def is_row(self, row: Sequence[Cell]) -> bool:
        """Tell whether a line is no blank, no sum, nor what stands above the table."""
        width = len(row)
        if row.count(None) == width:
            return False
        if self.is_numbered and _is_column_numbers(row):
            return False
        if self.has_dates and page_lines.is_total(row, own=self.own):
            return False
        for i in self.own:
            if i < width and row[i] is not None and not isinstance(row[i], str):
                return True  # a day or an id that is no text
        if all(i >= width or row[i] is None for i in (self.taken or range(width))):
            return self.has_dates and crowded_rows.is_crowded(row)
        return not self._is_above(row) and not page_lines.is_between(
            row, taken=self.taken, own=self.own
        )

    def is_unexplained(self, row: Sequence[Cell], *, is_group: bool, is_signed: bool) -> bool:
        """Tell whether a line that is no row may be one all the same."""
        if row.count(None) == len(row) or (is_signed and footers.is_of_signatures(row)):
            return False
        label = merged.label_of(row)
        line = [label] if label is not None else row  # I | Đánh bạc
        if crowded_rows.kind_of(line) is not crowded_rows.Kind.TITLE:
            return not self._is_above(row)
        return not (
            is_group
            or len(row) - row.count(None) == 1
            or label is not None
            or (self.is_numbered and _is_column_numbers(row))
            or page_lines.is_total(row, own=self.own)
            or self._is_above(row)
            or page_lines.is_between(row, taken=range(len(row)), own=self.own)
        )

    def plans(
        self, rows: Sequence[Sequence[Cell]], places: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Give where plans begin and stop among some lines: at headings, or at a month's own rows.

        A month right below the title of a plan is the plan's.
        """
        first: int | None = None
        for place in places:
            label = merged.label_of(rows[place])
            if first is None:
                first = place if label is not None and page_lines.is_plan(label) else None
            elif self._is_above(rows[place]) or (
                label is not None
                and page_lines.is_period(label)
                and any(len(row) - row.count(None) > 1 for row in rows[first:place])
            ):
                yield first, place
                first = None
        if first is not None:
            yield first, len(rows)

    def _is_above(self, row: Sequence[Cell]) -> bool:
        line = _line(row)
        if len(line) > 1 and all(
            i < len(self.headings) and text == self.headings[i] for i, text in line
        ):
            return True
        if line not in self.lines:
            return False
        return len(line) > 1 or self.has_dates or line[0][0] not in self.own


def _sums(
    sheet: Sheet, header: Header, places: range, *, taken: Sequence[int], own: Sequence[int]
) -> frozenset[int]:
    """Give the places of lines with a day that say beside it that they are sums.

    Where rows have their numbers nothing else begins like a sum; elsewhere cases may. What stands
    to the right of all columns that are mapped is no sum of a line that tells a case there: it may
    be one of a small table beside the list.
    """
    rows, found, outside = sheet.rows, set[int](), set[int]()
    last = max(taken, default=len(header.headings))
    lines = () if sheet.columns is not None else rows[places.start : places.stop]
    for i, heading in enumerate(header.headings):
        fields = {known.field for known in recognise(heading, "incidents")[0]}
        test = page_lines.is_sum_beside
        if fields & _OF_NUMBERS:
            test = page_lines.is_sum_for_a_number
        if i in own:
            continue
        here = outside if i > last else found
        if sheet.columns is not None:
            column = sheet.columns[i][places.start : places.stop]
            here.update((np.flatnonzero(where(column, test)) + places.start).tolist())
            continue
        words = set(filter(test, {row[i] for row in lines if i < len(row)}))
        if words:
            here.update(n for n in places if i < len(rows[n]) and rows[n][i] in words)
    beside = set(taken) - set(own)
    found |= {n for n in outside if not any(map(_tells, _cells_of(rows[n], sorted(beside))))}
    days = {n: [rows[n][i] for i in own if i < len(rows[n])] for n in found}
    return frozenset(n for n, cells in days.items() if _is_dated(cells))


def _tells(cell: Cell) -> bool:
    """Tell whether a cell says something in words."""
    return isinstance(cell, str) and any(map(str.isalpha, cell))


def _is_dated(cells: Sequence[Cell]) -> bool:
    return not all(map(page_lines.may_be_of_total, cells))


def _is_of_report(row: Sequence[Cell]) -> bool:
    label = merged.label_of(row)
    return label is not None and crowded_rows.is_of_report(label)


def _line(row: Sequence[Cell]) -> Line:
    """Say what a line of texts says; nothing of one that has anything else."""
    filled = [(i, cell) for i, cell in enumerate(row) if cell is not None]
    if not all(isinstance(cell, str) for _, cell in filled):
        return ()
    return tuple((i, fold(str(cell))) for i, cell in filled)


def _are_other_than(column: Sequence[Cell], cell: Cell) -> npt.NDArray[np.bool_]:
    return np.array([other != cell for other in column], dtype=bool)


def _are_counts(column: Sequence[Cell]) -> npt.NDArray[np.bool_]:
    """Tell of each cell of a column of days whether it is a number that is none, but may count."""
    if isinstance(column, CellColumn):
        below = column.below
        if isinstance(below, Numbers):
            are_below = np.abs(below.numbers) <= page_lines.MOST_COUNTED
        else:
            are_below = _are_counts(below.different)[below.codes]
        return np.concatenate((_are_counts(column.top), are_below, _are_counts(column.end)))
    if not kinds_of(column) & {int, float}:
        return np.zeros(len(column), dtype=bool)
    return np.array(list(map(page_lines.is_count, column)), dtype=bool)


def _is_column_numbers(row: Sequence[Cell]) -> bool:
    """Tell whether a row numbers the columns, (1) (2) (3), as printed forms do."""
    filled = [str(cell).strip("() ") for cell in row if cell is not None]
    numbers = [text.removesuffix(".0") for text in filled]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
