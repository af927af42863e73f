"""Which cells of a workbook are struck through; its readers show no formats.

Where no font of the workbook strikes, its sheets are not looked at. Strikes of .xlsb, of web pages
and of conditional formats are not seen, and of .xls those of whole cells alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from data.importing.files import struck_ods, struck_xls, struck_xlsx
from data.importing.files.compound_files import CompoundFile
from data.importing.files.file_kinds import Kind
from data.importing.files.grids import Merged
from data.importing.files.sheet_xml import Part
from data.importing.files.struck_texts import Struck

Finder: TypeAlias = Callable[[str], Struck]
"""Looks through the sheet of a name."""

NOTHING = Struck()


def finder(path: Path, kind: Kind, parts: Mapping[str, Part]) -> Finder | None:
    """Give how to find the struck cells of a workbook; None where it has none.

    Parameters
    ----------
    path
        A workbook of which the sizes are checked.
    kind
        What it is.
    parts
        What was seen of the sheets of an .xlsx.
    """
    if kind == "xlsx":
        found = struck_xlsx.finders(path, parts)
        return partial(_of, found) if found else None
    if kind == "ods":
        styles = struck_ods.read_styles(path)
        return partial(struck_ods.find, path, styles) if styles.strikes else None
    if kind != "xls":
        return None
    stream = CompoundFile(path.read_bytes()).stream("Workbook", "Book")
    numbers = struck_xls.struck_styles(stream)
    return partial(struck_xls.find, stream, numbers) if numbers else None


def _of(found: Mapping[str, Callable[[], Struck]], sheet: str) -> Struck:
    return found[sheet]() if sheet in found else NOTHING


def with_merged(
    struck: Mapping[int, tuple[int, ...]], merged: Sequence[Merged], *, n_rows: int
) -> Mapping[int, tuple[int, ...]]:
    """Strike the first column of merged blocks in all rows, where their first cell is struck.

    Parameters
    ----------
    struck
        Row to columns.
    merged
        The merged blocks of the sheet.
    n_rows
        How many rows it has.

    Examples
    --------
    >>> with_merged({1: (0, 2)}, [((1, 0), (3, 1))], n_rows=3)
    {1: (0, 2), 2: (0,)}
    """
    found = dict(struck)
    n_left = 2 * n_rows + len(merged)  # blocks that overlap, as no program writes them
    for (first, left), (last, _) in merged:
        if left not in struck.get(first, ()):
            continue
        below = range(first + 1, min(last + 1, n_rows))
        n_left -= len(below)
        if n_left < 0:
            break
        for row in below:
            found[row] = tuple(sorted({*found.get(row, ()), left}))
    return found


def moved(
    struck: Mapping[int, tuple[int, ...]], left: int, right: int
) -> dict[int, tuple[int, ...]]:
    """Give the struck cells of some columns of a sheet, as they are counted from the first of them.

    Examples
    --------
    >>> moved({4: (0, 2, 5), 6: (1,)}, 2, 4)
    {4: (0,)}
    """
    rows = (
        (row, tuple(column - left for column in columns if left <= column <= right))
        for row, columns in struck.items()
    )
    return {row: columns for row, columns in rows if columns}
