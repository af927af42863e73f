"""A table of a sheet: its headings, what its columns stand for, and its rows."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from data.importing.files.cell import Cell
from data.importing.files.cell_columns import picked
from data.importing.files.formula_cells import n_without_value
from data.importing.files.sheets import Sheet
from data.importing.stored_fields import STORED_FIELDS
from data.importing.tables import columns_beside, count_columns, merged, table_rows
from data.importing.tables.column_map import ColumnMap
from data.importing.tables.heading_lines import Header
from data.importing.tables.key_fields import ESSENTIAL, OF_EACH_ROW
from data.importing.tables.merged import Group


@dataclass(frozen=True)
class FoundTable:
    """A table of a sheet: its headings, what they stand for, and its rows.

    Parameters
    ----------
    name
        The sheet's, and the columns behind an exclamation mark where it holds several tables.
    sheet_name
        The sheet's alone.
    sheet
        The cells; what a merged block says is written into all of its rows.
    header, found
        The headings, and what they were mapped to.
    groups
        Rows that are one merged cell over the rows below.
    n_above
        Rows with a day that stand above all tables of the sheet, and are in none.
    beside
        The names of other tables above and below it in the sheet.
    titles_from
        Where its own titles begin, of a table below another.
    """

    name: str
    sheet_name: str
    sheet: Sheet
    header: Header
    found: ColumnMap
    groups: tuple[Group, ...] = ()
    n_above: int = 0
    beside: tuple[str, ...] = ()
    titles_from: int = 0

    def is_enough(self, layer: str) -> bool:
        """Tell whether the columns are mapped that a layer cannot do without."""
        return all(group & self.found.columns.keys() for group in ESSENTIAL[layer])

    def is_called_so(self, layer: str) -> bool:
        """Tell whether the headings say so, and not only the cells under them."""
        return all(group & self.found.by_heading for group in ESSENTIAL[layer])

    def places(self) -> Sequence[int]:
        """Give the places of rows that are no blank, total, group, signature, nor headings."""
        return table_rows.places(
            self.sheet, self.header, **self._known(), has_dates=self._has_dates
        )

    def unexplained(self, places: Sequence[int]) -> list[int]:
        """Give the places of lines that are none of these rows, and may be some all the same."""
        if not self._has_dates:
            return []
        return table_rows.unexplained(self.sheet, self.header, places, **self._known())

    @property
    def _has_dates(self) -> bool:
        return bool(self.found.columns.keys() & {"date", "datetime"})

    def _known(self) -> dict[str, list[int]]:
        columns = self.found.columns
        return {
            "taken": sorted(columns.values()),
            "own": [i for name, i in columns.items() if name in OF_EACH_ROW],
            "groups": [group.row for group in self.groups],
        }

    def cells(self, places: Sequence[int]) -> dict[str, Sequence[Cell]]:
        """Give the cells of mapped columns, by field."""
        return columns_beside.joined(
            self._taken(places, self.found.columns),
            self.header.headings,
            self.found.columns,
            lambda names: self._taken(places, names),
        )

    def _taken(self, places: Sequence[int], names: Mapping[str, int]) -> dict[str, Sequence[Cell]]:
        """Give the cells of some columns in some rows, by name."""
        columns = self.sheet.columns
        if columns is None:
            return _columns([self.sheet.rows[place] for place in places], names)
        return {name: picked(columns[i], places) for name, i in names.items()}

    def counts(self) -> str | None:
        """Give the heading of a column that counts cases; None where each row is one."""
        headings, columns = self.header.headings, self.found.columns
        if not count_columns.may_count(headings, columns):
            return None
        end = self.header.last + 1 + count_columns.LOOKED_AT
        top = replace(
            self,
            sheet=replace(self.sheet, rows=self.sheet.rows[:end], columns=None),
            groups=tuple(group for group in self.groups if group.row < end),
        )
        rows = [self.sheet.rows[place] for place in top.places()]
        return count_columns.find(headings, rows, columns)

    def n_formulas_without_value(self, places: Sequence[int]) -> int:
        """Count the formulas in mapped columns of which the file stores no result."""
        count = self.sheet.formulas
        if count is None:
            return 0
        rows = self.sheet.rows
        by_column = self.sheet.columns
        columns: dict[int, Sequence[Cell]] = {
            i: [rows[place][i] if i < len(rows[place]) else None for place in places]
            if by_column is None
            else picked(by_column[i], places)
            for i in self.found.columns.values()
        }
        return n_without_value(count, columns, below=self.header.last)

    def n_filled(self) -> int:
        """Count rows from the top to the last that is filled."""
        rows = self.sheet.rows
        return next((i + 1 for i in range(len(rows) - 1, -1, -1) if not is_blank(rows[i])), 0)

    def own_titles(self) -> list[str]:
        """Give what stands right above the headings, below the table before."""
        if not self.titles_from:
            return []
        rows = self.sheet.rows[self.titles_from : self.header.first]
        return [str(cell) for row in rows for cell in row if cell is not None]

    def titles(self) -> list[str]:
        """Give what stands above the headings, and the sheet's name."""
        said = [cell for row in self.sheet.rows[: self.header.first] for cell in row]
        return [str(cell) for cell in (*said, self.name) if cell is not None]

    def label_above(self) -> str | None:
        """Give what the line right above the headings says, where that is one text."""
        return label_above(self.sheet, self.header)


def label_above(sheet: Sheet, header: Header) -> str | None:
    """Give what the line right above the headings says, where that is one text."""
    above = (row for row in reversed(sheet.rows[: header.first]) if not is_blank(row))
    return merged.label_of(next(above, ()))


def lacks_ward(layer: str, columns: Container[str]) -> bool:
    """Tell whether a layer has wards, and no column tells them."""
    is_told = "ward" in columns or "ward_code" in columns
    return "ward" in STORED_FIELDS[layer] and not is_told


def _columns(
    rows: Sequence[Sequence[Cell]], places: Mapping[str, int]
) -> dict[str, Sequence[Cell]]:
    """Turn rows into columns by field; a row that is too short has nothing there."""
    shortest = min(map(len, rows), default=0)
    return {
        name: [row[i] for row in rows]
        if i < shortest
        else [row[i] if i < len(row) else None for row in rows]
        for name, i in places.items()
    }


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether nothing stands in a row."""
    return all(cell is None for cell in row)
