"""Cells that say together what is usually written in one: hours and minutes, the parts of a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from data.importing.files.cell import Cell
from data.importing.tables import day_columns, minute_columns, one_column


def joined(
    cells: Mapping[str, Sequence[Cell]],
    headings: Sequence[str],
    columns: Mapping[str, int],
    taken: Callable[[Mapping[str, int]], Mapping[str, Sequence[Cell]]],
) -> dict[str, Sequence[Cell]]:
    """Put what stands beside mapped columns to their cells.

    Parameters
    ----------
    cells
        Of the mapped columns, by field.
    headings, columns
        The headings, and the columns that are mapped.
    taken
        Gives the cells of other columns in the same rows, by whatever names they are asked for.

    Examples
    --------
    >>> joined({"time": [20]}, ("Giờ", "Phút"), {"time": 0}, lambda names: {"time": [15]})
    {'time': ['20:15']}
    """
    found = dict(cells)
    for name, minutes in taken(minute_columns.beside(headings, columns)).items():
        found[name] = minute_columns.joined(found[name], minutes)
    parts = day_columns.beside(headings, columns)
    if parts:
        said = taken(parts)
        found["date"] = day_columns.joined(found["date"], said["month"], said.get("year"))
    beside = columns.get("position", len(headings)) + 1
    if headings[beside : beside + 1] == ("",):  # one heading over two columns
        found["position"] = one_column.joined(found["position"], taken({"": beside})[""])
    return found


def columns_of(headings: Sequence[str], columns: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give each field with its column, and with those that :func:`joined` puts to it.

    Examples
    --------
    >>> columns_of(("Ngày", "Giờ", "Phút"), {"date": 0, "time": 1})
    [('date', 0), ('time', 1), ('time', 2)]
    """
    found = [*columns.items(), *minute_columns.beside(headings, columns).items()]
    found += [("date", i) for i in day_columns.beside(headings, columns).values()]
    beside = columns.get("position", len(headings)) + 1
    return [*found, ("position", beside)] if headings[beside : beside + 1] == ("",) else found


def read_too(
    headings: Sequence[str], columns: Mapping[str, int], rows: Sequence[Sequence[Cell]]
) -> set[str]:
    """Give the headings of columns that are not mapped and nevertheless read.

    ``rows`` are the first below the headings.

    Examples
    --------
    >>> sorted(read_too(("Ngày", "Tháng", "Giờ", "Phút"), {"date": 0, "time": 2}, [[3, 11, 7, 30]]))
    ['Phút', 'Tháng']
    """
    found = [*minute_columns.beside(headings, columns).values()]
    parts = day_columns.beside(headings, columns)
    if parts:
        i = columns["date"]
        if day_columns.are_of_a_month([row[i] if i < len(row) else None for row in rows]):
            found += parts.values()
    return {headings[i] for i in found}
