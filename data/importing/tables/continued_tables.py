"""Rows above or below the best known headings that are of the same table.

A list goes on under headings that say more, or the same in other words: page 2 names a column that
page 1 left blank, a section has one column more, the first page came without its headings. All
that stands under headings that fit is one table, under what all of them say together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.files.limits import TOP_ROWS
from data.importing.files.sheets import Sheet
from data.importing.tables import (
    count_columns,
    day_rows,
    heading_lines,
    page_lines,
    stacked_tables,
)
from data.importing.tables.heading_fit import are_said_again, fields_of, fit, key_columns
from data.importing.tables.heading_lines import Header
from data.importing.tables.headings import is_personal, recognise, unique_headings
from data.importing.tables.key_fields import DAYS, TELLING, keys
from data.importing.tables.merged import label_of
from data.importing.values import money

_FEWEST_CELLS = 3
_DAY = re.compile(r"(?<!\d)\d{1,2}[-/.]\d{1,2}(?!\d)|\d{4}-\d\d?-\d\d?")
_FIGURE = re.compile(r"\d(?![^()]*\))")  # but for those in brackets
_SET_ASIDE = re.compile(
    r"\b(?:khong co vu|khong xay ra|khong phai vu|tin bao sai|bao sai|tin gia|bao gia|da co o tren"
    r"|chuyen sang thang sau|ky truoc chuyen|thang truoc chuyen|da huy|huy bo|trung lap"
    r"|dien tap|gia dinh|tinh huong gia|kich ban|(?<!theo )(?<!hien )(?<!trien khai )phuong an"
    r"|(?<!theo )(?<!hien )(?<!trien khai )ke hoach|du kien|chi tieu|khong co that|mo phong"
    r"|minh hoa|vi du|cach ghi|(?:dong|bieu|ban) mau|huong dan|planned|drill|example|exemple"
    r"|exercice|specimen)\b|^mau$"
)
"""Titles, folded, of lists that are not to be counted, or not again."""
_MOST_TITLES = 5
_LONGEST_DAY = 40
_OF_A_FORM = (["ngay"], ["in"], ["lap"], ["ky"], ["tu"], ["den"], ["luc"], ["date"])
"""First words of labels: *Ngày lập*, *In lúc*."""
_SHORTEST_LABEL = 3  # shorter ones are marks in a column: X, Y, TT


@dataclass(frozen=True)
class Continued:
    """A sheet in which every table has one line of headings.

    Parameters
    ----------
    sheet
        Without the headings that say again, in other words or in fewer, what others say.
    header
        The best known headings, with what the others add; over the first row of their table.
    above, below
        Headings of the other tables above and below it, from top to bottom.
    """

    sheet: Sheet
    header: Header
    above: tuple[Header, ...] = ()
    below: tuple[Header, ...] = ()


def joined(sheet: Sheet, header: Header, layer: str) -> Continued:
    """Join what stands under headings that fit those that are known best.

    Parameters
    ----------
    sheet, header
        The cells, and where the best known headings are.
    layer
        What the file is to become.

    Examples
    --------
    >>> rows = [["Ngày", "Phường"], ["8/3/2025", "A"], ["Ngày", "Phường", "Giờ"],
    ...         ["9/3/2025", "B", "7h"], ["Phường", "Ngày"], ["C", "10/3/2025"]]
    >>> found = joined(Sheet(rows), heading_lines.find(rows, "incidents"), "incidents")
    >>> found.header, found.above
    (Header(first=0, n_lines=1, headings=('Ngày', 'Phường', 'Giờ'), n_known=3), ())
    >>> found.sheet.rows[2:4], [table.headings for table in found.below]
    ([[], ['9/3/2025', 'B', '7h']], [('Phường', 'Ngày')])
    """
    own = [header]
    upper = [own]
    for other in reversed(_above(sheet, header, layer)):
        said = _union(upper[-1], layer)
        is_other = _is_of_another_list(sheet, other, said, layer) or _names_unnamed(
            sheet, said, other, layer
        )
        if not is_other and fit(said.headings, other.headings, layer):
            upper[-1].append(other)
        else:
            upper.append([other])
    lower = _below(sheet, own, layer)
    above, below = (tuple(_union(table, layer) for table in part) for part in (upper[1:], lower))
    whole = _union(own, layer)
    taken_out = [
        place
        for table in (*upper, *lower)
        for line in sorted(table, key=lambda line: line.first)[1:]
        for place in range(line.first, line.last + 1)
    ]
    start = _first_row_without_headings(sheet, whole, layer) if not above else None
    if start is not None:
        taken_out += range(whole.first, whole.last + 1)
        whole = replace(whole, first=start, n_lines=0)
    if taken_out:
        rows: list[Sequence[Cell]] = list(sheet.rows)
        for place in taken_out:
            rows[place] = []
        sheet = replace(sheet, rows=rows, columns=None)
    return Continued(sheet, whole, above[::-1], below)


def rows_above(sheet: Sheet, header: Header, layer: str) -> list[int]:
    """Give the places of rows above a table that have a day and are neither title nor form.

    Examples
    --------
    >>> rows = [["In ngày", "9/3/2025"], ["1", "8/3/2025", "A", "x"], ["Ngày", "Phường"]]
    >>> rows_above(Sheet(rows), Header(2, 1, ("Ngày", "Phường"), 2), "incidents")
    [1]
    """
    days = _keys(header.headings, layer)
    return [
        place
        for place, row in enumerate(sheet.rows[: header.first])
        if any(
            day_rows.is_day(cell)
            and not _is_label(row[:i], layer)
            and _n_filled(row) >= (2 if i in days else _FEWEST_CELLS)
            for i, cell in enumerate(row)
        )
    ]


def _above(sheet: Sheet, header: Header, layer: str) -> list[Header]:
    """Give the headings above, from top to bottom, under each of which there is a row."""
    found: list[Header] = []
    stop = header.first
    for place in range(min(stop, TOP_ROWS) - 1, -1, -1):
        if place >= stop or not stacked_tables.is_heading_line(sheet.rows[place], layer):
            continue
        whole = heading_lines.find(sheet.rows[:stop], layer, merged=sheet.merged)
        if whole is None or not whole.first <= place <= whole.last:
            whole = _one_line(sheet, place, layer)
        if _has_rows(sheet.rows[whole.last + 1 : stop], whole, layer):
            found.append(whole)
            stop = whole.first
    return found[::-1]


def _below(sheet: Sheet, own: list[Header], layer: str) -> list[list[Header]]:
    """Give the headings of each table below, from top to bottom; add to its own what fits it.

    Headings that only say again what stands above them are none, nor is a line that no row with a
    day follows before the next.
    """
    header = own[0]
    key = min(_keys(header.headings, layer), default=None)
    top = {tuple(row) for row in sheet.rows[header.first : header.last + 1]}
    tables = [own]
    said = _union(own, layer)
    reached = header.last
    lines: list[Header] = []
    is_below_summary, n_looked_at = False, 0
    for place in stacked_tables.may_begin(sheet, header.last + 1, key, layer):
        if len(lines) > n_looked_at:
            is_below_summary = _is_summary(sheet, lines[-1], place, layer)
            n_looked_at = len(lines)
        is_printed_again = tuple(sheet.rows[place]) in top and not _is_set_aside(sheet, place)
        if place > reached and (is_below_summary or not is_printed_again):
            lines.append(_lines_from(sheet, place, layer))
            reached = lines[-1].last
    stops = [*(line.first for line in lines), len(sheet.rows)][1:]
    is_below_summary = False
    for line, stop in zip(lines, stops, strict=True):
        is_own = is_below_summary
        is_below_summary = _is_summary(sheet, line, stop, layer)
        if is_own or is_below_summary:
            tables.append([line])
            said = said if is_below_summary else line
            continue
        is_other = _is_of_another_list(sheet, line, said, layer) or _names_unnamed(
            sheet, line, said, layer
        )
        if not is_other and are_said_again(said.headings, line.headings):
            continue
        if not is_other and fit(said.headings, line.headings, layer):
            tables[-1].append(line)
        elif _has_rows(sheet.rows[line.last + 1 : stop], line, layer):
            tables.append([line])
        else:
            continue
        said = _union(tables[-1], layer)
    return tables[1:]


def _names_unnamed(sheet: Sheet, line: Header, said: Header, layer: str) -> bool:
    """Tell whether headings name a column in which something stood that nobody had named."""
    unnamed = [
        i
        for i in fields_of(line.headings, layer)
        if i >= len(said.headings) or not said.headings[i]
    ]
    above = sheet.rows[said.last + 1 : line.first] if unnamed else ()
    return any(
        i < len(row) and row[i] is not None and _n_filled(row) > 1 for row in above for i in unnamed
    )


def _is_of_another_list(sheet: Sheet, line: Header, said: Header, layer: str) -> bool:
    """Tell whether headings under a title of their own are of other things than those above.

    The title says so, or the headings lack what the list above tells of a case.
    """
    if _is_set_aside(sheet, line.first):
        return True
    if _title_above(sheet, line.first) is None:
        return False
    mine, theirs = (set().union(*fields_of(each.headings, layer).values()) for each in (line, said))
    return bool(theirs & TELLING) and not mine & TELLING


def _is_set_aside(sheet: Sheet, place: int) -> bool:
    """Tell whether the titles right above a line are of no cases, or tell another unit of money.

    A unit that was told before is printed again.
    """
    if any(
        _SET_ASIDE.search(fold(label)) or page_lines.is_plan(label)
        for label in _labels_above(sheet, place)
    ):
        return True
    title = _title_above(sheet, place)
    if title is None:
        return False
    unit = money.unit_in(title)
    return unit > 1 and unit not in {
        money.unit_in(cell)
        for row in sheet.rows[: min(place - 1, TOP_ROWS)]
        if _n_filled(row) == 1
        for cell in row
        if isinstance(cell, str)
    }


def _title_above(sheet: Sheet, place: int) -> str | None:
    """Give what the line above says, where that is one text and no period nor number of a table."""
    above = next((i for i in range(place - 1, -1, -1) if _n_filled(sheet.rows[i])), None)
    label = None if above is None else label_of(sheet.rows[above])
    if label is None or page_lines.is_period(label) or page_lines.is_title(label):
        return None
    return label


def _labels_above(sheet: Sheet, place: int) -> list[str]:
    """Give what the lines of one text say that stand right above a line, the last first."""
    found: list[str] = []
    for row in reversed(sheet.rows[max(0, place - _MOST_TITLES) : place]):
        label = label_of(row)
        if label is None and _n_filled(row):
            break
        found += [] if label is None else [label]
    return found


def _lines_from(sheet: Sheet, place: int, layer: str) -> Header:
    """Give the headings that begin with a line, over as many lines as make more of them known."""
    rows = sheet.rows[place : place + heading_lines.MOST_LINES + 1]
    merged = [
        ((top - place, left), (bottom - place, right))
        for (top, left), (bottom, right) in sheet.merged
        if place <= top < place + len(rows)
    ]
    found = heading_lines.find(rows, layer, merged=merged, told=0)
    return _one_line(sheet, place, layer) if found is None else replace(found, first=place)


def _has_rows(rows: Sequence[Sequence[Cell]], header: Header, layer: str) -> bool:
    """Tell whether rows stand under headings: with a day; of layers without one, with an id."""
    own = _keys(header.headings, layer)
    if DAYS.isdisjoint(keys(layer)):
        return any(
            _n_filled(row) > 1 and any(i < len(row) and row[i] is not None for i in own or {0})
            for row in rows
        )
    return any(
        _n_filled(row) > 1 and (_has_figure(row, own) or any(map(_tells_day, row))) for row in rows
    )


def _is_summary(sheet: Sheet, header: Header, stop: int, layer: str) -> bool:
    """Tell whether headings without a day stand over counts: of each ward, of each offence."""
    if DAYS.isdisjoint(keys(layer)) or _keys(header.headings, layer):
        return False
    rows = sheet.rows[header.last + 1 : stop]
    return not _has_rows(rows, header, layer) and count_columns.is_summary(header.headings, rows)


def _one_line(sheet: Sheet, place: int, layer: str) -> Header:
    row = sheet.rows[place]
    names = unique_headings(["" if cell is None else str(cell) for cell in row])
    return Header(place, 1, names, len(fields_of(row, layer)))


def _union(lines: Sequence[Header], layer: str) -> Header:
    """Put headings together: where several name a column, the first of the lines does."""
    width = max(len(line.headings) for line in lines)
    names = [
        next(
            (line.headings[i] for line in lines if line.headings[i : i + 1] not in {(), ("",)}), ""
        )
        for i in range(width)
    ]
    top = min(lines, key=lambda line: line.first)
    if len(lines) == 1:
        return top
    known = sum(bool(name) and bool(recognise(name, layer)[0]) for name in names)
    return Header(top.first, top.n_lines, unique_headings(names), known)


def _first_row_without_headings(sheet: Sheet, header: Header, layer: str) -> int | None:
    """Give the first of rows above all headings that fit them, as on a page that lost its own.

    One alone may be of a form. None where any line there looks like headings of another list, and
    where rows have no days.
    """
    if DAYS.isdisjoint(keys(layer)):
        return None
    start = None
    n_rows = 0
    fields = fields_of(header.headings, layer)
    days = _keys(header.headings, layer)
    for place, row in enumerate(sheet.rows[: min(header.first, TOP_ROWS)]):
        if _may_be_of_another(row, layer):
            return None
        n_under = sum(i < len(row) and row[i] is not None for i in fields)
        is_wide = _n_filled(row) >= min(_FEWEST_CELLS, len(fields)) and 2 * n_under > len(fields)
        is_day = any(
            i < len(row) and _tells_day(row[i]) and not _is_label(row[:i], layer) for i in days
        )
        is_form = any(isinstance(cell, str) and recognise(cell, layer)[0] for cell in row)
        if is_wide and is_day and not is_form:
            start = place if start is None else start
            n_rows += 1
    return start if n_rows >= day_rows.FEWEST_ROWS else None


def _may_be_of_another(row: Sequence[Cell], layer: str) -> bool:
    """Tell whether a line is three texts or more, one a heading or personal.

    None has a figure, but for those in brackets.
    """
    texts = [cell for cell in row if cell is not None]
    return (
        len(texts) >= _FEWEST_CELLS
        and all(isinstance(text, str) and not _FIGURE.search(text) for text in texts)
        and any(is_personal(str(text)) or recognise(str(text), layer)[0] for text in texts)
    )


def _keys(headings: Sequence[Cell], layer: str) -> set[int]:
    return key_columns(fields_of(headings, layer), layer)


def _n_filled(row: Sequence[Cell]) -> int:
    return len(row) - row.count(None)


def _has_figure(row: Sequence[Cell], columns: set[int]) -> bool:
    cells = (row[i] for i in columns if i < len(row) and row[i] is not None)
    return any(not isinstance(cell, str) or re.search(r"\d", cell) for cell in cells)


def _tells_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) <= _LONGEST_DAY and _DAY.search(cell) is not None
    return isinstance(cell, date)


def _is_label(before: Sequence[Cell], layer: str) -> bool:
    """Tell whether a cell is what a form says beside its label, as in *Ngày: 8/3/2025*."""
    left = next((cell for cell in reversed(before) if cell is not None), None)
    if not isinstance(left, str):
        return False
    is_heading = len(left) >= _SHORTEST_LABEL and bool(recognise(left, layer)[0])
    is_of_form = fold(left).split()[:1] in _OF_A_FORM and not re.search(r"\d", left)
    return is_heading or is_of_form or left.rstrip().endswith(":")
