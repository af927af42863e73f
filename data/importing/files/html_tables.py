"""The tables of a web page, which is what web systems write when they *export to Excel*.

Nothing is fetched, run or looked up: tags give the place of a cell, and the rest is its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from data.importing.errors import DamagedFileError
from data.importing.files import limits
from data.importing.files.grids import Grid

_STEP = 2**18
_LONGEST = 2**20
"""Letters of a tag, or of a style sheet; the parser looks through them again at each step."""
_LONGEST_OPEN = 2**12
"""Letters of a tag that is never closed; the parser looks through them at each of its signs."""

_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"script", "style"})


def tables(text: str, *, name: str) -> list[Grid]:
    """Read the tables of a page, in the order in which they begin; blank ones are left out.

    A cell that spans several is in the first one, and its block among the merged ones. A table
    inside a cell is a table of its own.

    Parameters
    ----------
    text
        The whole page.
    name
        The file's name, for errors.

    Raises
    ------
    DamagedFileError
        The page ends in the middle of a table, or of a tag.
    FileTooLargeError
        A table has too many rows, columns or cells.

    Examples
    --------
    >>> page = "<table><tr><th>Ngày<th colspan=2>Nơi</tr><tr><td>8/3<td>a<br>b<td>&lt;c</table>"
    >>> tables(page, name="a.xls")[0].rows
    [['Ngày', 'Nơi'], ['8/3', 'a b', '<c']]
    """
    reader = _Reader(name)
    for start in range(0, len(text), _STEP):
        reader.feed(text[start : start + _STEP])
        if len(reader.rawdata) > _LONGEST:
            raise DamagedFileError(file=name)
    if len(reader.rawdata) > _LONGEST_OPEN:
        raise DamagedFileError(file=name)
    reader.close()
    if reader.is_open:
        raise DamagedFileError(file=name)
    return [grid for grid in reader.found if grid.rows]


@dataclass
class _Open:
    """A table that is being read, and where in it."""

    grid: Grid
    row: int = -1
    column: int = 0
    span: tuple[int, int] = (1, 1)
    texts: list[str] | None = None
    held: dict[int, int] = field(default_factory=dict)
    """Column to the last row that a cell above takes there."""

    def begin_row(self) -> None:
        self.end_cell()
        self.row += 1
        self.column = 0

    def begin_cell(self, span: tuple[int, int]) -> None:
        self.end_cell()
        self.row = max(self.row, 0)
        while self.held.get(self.column, -1) >= self.row:
            self.column += 1
        self.span = span
        self.texts = []

    def end_cell(self) -> None:
        if self.texts is None:
            return
        n_rows, n_columns = self.span
        place, until = (self.row, self.column), (self.row + n_rows - 1, self.column + n_columns - 1)
        self.grid.put(place, " ".join("".join(self.texts).split()), until=until)
        if n_rows > 1:
            self.held |= dict.fromkeys(range(self.column, until[1] + 1), until[0])
        self.column += n_columns
        self.texts = None


class _Reader(HTMLParser):
    """Puts the cells of tables where they belong."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Grid] = []
        self._name = name
        self._open: list[_Open] = []
        self._is_silent = False
        self._is_over = False

    @property
    def is_open(self) -> bool:
        """Tell whether a table was not closed, nor the page."""
        return bool(self._open) and not self._is_over

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.found.append(Grid(self._name))
            self._open.append(_Open(self.found[-1]))
            limits.check_shape(self._name, n_rows=1, n_columns=len(self._open))
        elif tag in _SILENT:
            self._is_silent = True
        elif self._open:
            table = self._open[-1]
            if tag == "tr":
                table.begin_row()
            elif tag in {"td", "th"}:
                table.begin_cell(_span(dict(attrs)))
            elif tag in _BREAKS and table.texts is not None:
                table.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a table or a cell."""
        if tag in _SILENT:
            self._is_silent = False
        elif tag in {"body", "html"}:
            self._is_over = True
            for table in self._open:
                table.end_cell()
        elif self._open and tag in {"td", "th", "tr", "table"}:
            self._open[-1].end_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._open and not self._is_silent and self._open[-1].texts is not None:
            self._open[-1].texts.append(data)


def _span(attributes: dict[str, str | None]) -> tuple[int, int]:
    """Give over how many rows and columns a cell goes; never more than a sheet has."""
    n_rows, n_columns = (attributes.get(name) or "1" for name in ("rowspan", "colspan"))
    return _number(n_rows, limits.MAX_ROWS), _number(n_columns, limits.MAX_COLUMNS)


def _number(text: str, most: int) -> int:
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return min(max(int(text), 1), most) if is_number else 1
