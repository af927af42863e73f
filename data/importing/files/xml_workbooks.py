"""Workbooks of plain XML, as Excel of 2003 and many reporting systems write them.

Entities and document types are refused: no workbook has them, and they can grow without end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from data.importing.errors import DamagedFileError
from data.importing.files import limits
from data.importing.files.cell import Cell
from data.importing.files.grids import Grid

_OFFICE = "urn:schemas-microsoft-com:office:"
_SPACES = frozenset({"", f"{_OFFICE}spreadsheet", f"{_OFFICE}excel"})
_FIRST_YEAR = 1900
"""An hour without a day is of the day before the first of this year."""


@dataclass
class XmlSheet:
    """A sheet: its name, its cells, and whether Excel shows it."""

    name: str
    grid: Grid
    is_hidden: bool = False


def sheets(contents: bytes, *, name: str) -> list[XmlSheet]:
    """Read the sheets of a workbook.

    Parameters
    ----------
    contents
        The whole file.
    name
        Its name, for errors.

    Raises
    ------
    DamagedFileError
        It is no XML, or ends too early, or has entities of its own.
    FileTooLargeError
        A sheet has too many rows, columns or cells.

    Examples
    --------
    >>> cells = '<Cell Index="2"><Data Type="Number">7</Data></Cell><Cell><Data>x</Data></Cell>'
    >>> table = f"<Table><Row>{cells}</Row></Table>"
    >>> book = f'<Workbook><Worksheet Name="T">{table}</Worksheet></Workbook>'
    >>> [(sheet.name, sheet.grid.rows) for sheet in sheets(book.encode(), name="a.xls")]
    [('T', [[None, 7.0, 'x']])]
    """
    reader = _Reader(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(contents, True)
    except (expat.ExpatError, LookupError) as error:  # an encoding that nobody knows
        raise DamagedFileError(file=name) from error
    return reader.found


@dataclass
class _Reader:
    """Puts the cells of sheets where they belong."""

    file: str
    found: list[XmlSheet] = field(default_factory=list)
    row: int = -1
    column: int = -1
    until: tuple[int, int] = (0, 0)
    kind: str | None = None
    texts: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self.path.append(name if space in _SPACES else tag)
        limits.check_shape(self.file, n_rows=1, n_columns=len(self.path))
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match self.path[2:]:
            case [] if self.path[1:] == ["Worksheet"]:
                n = len(self.found) + 1
                title = told.get("Name", str(n))
                is_again = any(sheet.name == title for sheet in self.found)
                self.found.append(
                    XmlSheet(f"{title} ({n})" if is_again else title, Grid(self.file))
                )
                self.row = -1
            case ["Table", "Row"]:
                self.row = _place(told, self.row)
                self.column = -1
            case ["Table", "Row", "Cell"]:
                self.column = _place(told, self.column)
                self.until = (
                    self.row + _number(told.get("MergeDown")),
                    self.column + _number(told.get("MergeAcross")),
                )
            case ["Table", "Row", "Cell", "Data"]:
                self.kind = told.get("Type", "String")
                self.texts.clear()
            case ["WorksheetOptions", "Visible"]:
                self.kind = "String"
                self.texts.clear()

    def end(self, _tag: str) -> None:
        match self.path[2:]:
            case ["Table", "Row", "Cell", "Data"]:
                cell = _cell(self.kind, "".join(self.texts))
                until = (min(self.until[0], limits.MAX_ROWS), self.until[1])
                self.found[-1].grid.put((self.row, self.column), cell, until=until)
                self.kind = None
            case ["Table", "Row", "Cell"]:
                self.column = self.until[1]
            case ["WorksheetOptions", "Visible"]:
                self.found[-1].is_hidden = "Hidden" in "".join(self.texts)
                self.kind = None
        self.path.pop()

    def text(self, data: str) -> None:
        if self.kind is not None:
            self.texts.append(data)

    def refuse(self, *_: object) -> None:
        raise DamagedFileError(file=self.file)


def _place(told: dict[str, str], before: int) -> int:
    """Give the place of a row or a cell: what it says, or behind the one before."""
    said = _number(told.get("Index"))
    return said - 1 if said else before + 1


def _number(text: str | None) -> int:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number and text is not None else 0


def _cell(kind: str | None, text: str) -> Cell:
    """Read a cell by its kind; what cannot be read is left as it is written.

    Examples
    --------
    >>> _cell("Number", "1.5"), _cell("DateTime", "1899-12-31T20:30:00.000"), _cell("Error", "#N/A")
    (1.5, datetime.time(20, 30), None)
    """
    if kind == "Error":
        return None
    try:
        if kind == "Number":
            number = float(text)
            return number if math.isfinite(number) else text
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment.time() if moment.year < _FIRST_YEAR else moment
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text
