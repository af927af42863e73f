"""Whether the XML of a large sheet is well-formed, told at the speed at which it is unpacked.

The parser of spreadsheets does not look whether tags match, and one that reads by column passes
over bytes that one that reads by cell refuses. An exact parser takes a third of the time that the
whole import takes. But programs write rows in very few ways: those are a regular language, and an
automaton that reads each byte once tells whether some rows are of it. Only what is written in any
other way is given to the parser.
"""

from __future__ import annotations

from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SPACE = r"[ \t\r\n]*"
_LETTERS = r"\t\n\r -%'-;=?-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}"
_NUMBERED = r"#(?:9|10|13|3[2-9]|[4-9]\d|[1-9]\d\d\d?|[1-4]\d{4}|x(?:9|[AaDd]))"
_TEXT = rf"(?:[{_LETTERS}]|&(?:amp|lt|gt|quot|apos|{_NUMBERED});)*"
_VALUE = r'"[!#-%\'-;=?-~ ]*"'
_ROW_ATTRIBUTES = "".join(
    f"(?: {name}={_VALUE})?"
    for name in (
        "r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel",
        "collapsed", "thickTop", "thickBot", "ph", "x14ac:dyDescent",
    )
)  # fmt: skip
_STYLE, _KIND = '(?: s="[0-9]+")', '(?: t="[A-Za-z]+")'
_CELL_ATTRIBUTES = f"(?:{_STYLE}?{_KIND}?|{_KIND}{_STYLE})"
_FORMULA_ATTRIBUTES = "".join(f"(?: {name}={_VALUE})?" for name in ("aca", "t", "ref", "si"))
_PRESERVED = '(?: xml:space="preserve")?'
_INSIDE = (
    rf"(?:<f{_FORMULA_ATTRIBUTES}(?: ?/>|>{_TEXT}</f>))?"
    rf"(?:<v{_PRESERVED}(?: ?/>|>{_TEXT}</v>)|<is><t{_PRESERVED}(?: ?/>|>{_TEXT}</t>)</is>)?"
)
_COLUMN = "(?:[A-Z]|A[A-L])"

_UNPLAIN = (b"<!", b"</sheetData")
"""Behind these, rows may stand where they are none, or where none may stand."""


def are_plain(rows: bytes, numbers: str) -> bool:
    """Tell whether a text is nothing but whole rows as programs write them, each well-formed.

    Parameters
    ----------
    rows
        Some bytes of a sheet part.
    numbers
        A regular expression for the numbers of rows that names of cells may have. Their columns
        are those up to AL.

    Examples
    --------
    >>> row = b'<row r="7" spans="1:2"><c r="A7" s="1"/><c r="B7" t="s"><v>8</v></c></row>'
    >>> are_plain(row, "[7-9]"), are_plain(row, "[8-9]")
    (True, False)
    >>> torn = (row.replace(b"</v>", b"</w>"), row.replace(b"</c>", b""), row[:-1], row + b"<x>")
    >>> [are_plain(each, "[7-9]") for each in torn]
    [False, False, False, False]
    """
    cell = (
        rf'<c r="{_COLUMN}(?:{numbers})"{_CELL_ATTRIBUTES}(?: ?/>|>{_SPACE}{_INSIDE}{_SPACE}</c>)'
    )
    row = rf"<row{_ROW_ATTRIBUTES}(?: ?/>|>{_SPACE}(?:{cell}{_SPACE})*</row>)"
    ends = np.array([0, len(rows)], dtype=np.int32)
    texts = pa.StringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(rows))
    found = pc.match_substring_regex(texts, rf"^(?:{_SPACE}{row})*{_SPACE}$")
    return bool(found[0].as_py())


class Form:
    """Tells whether a sheet part is well-formed, given all of it but rows that are.

    Examples
    --------
    >>> form = Form()
    >>> form.parse(b'<sheetData><row r="1"></row>')
    >>> form.may_leave_rows_out
    True
    >>> form.parse(b"</sheetData>")
    >>> form.is_good()
    True
    >>> other = Form()
    >>> other.parse(b"<sheetData><row></c></sheetData>")
    >>> other.is_good()
    False
    """

    def __init__(self) -> None:
        self.may_leave_rows_out = True
        self._is_good = True
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse

    def parse(self, text: bytes) -> None:
        """Look at some of the part."""
        self.may_leave_rows_out &= not any(map(text.__contains__, _UNPLAIN))
        self._parse(text, is_last=False)

    def is_good(self) -> bool:
        """Tell at the end of the part whether all was well-formed, and nothing is missing."""
        self._parse(b"", is_last=True)
        return self._is_good

    def _parse(self, text: bytes, *, is_last: bool) -> None:
        if self._is_good:
            try:
                self._parser.Parse(text, is_last)
            except (expat.ExpatError, LookupError, ValueError):  # letters of no or another kind
                self._is_good = False

    def _refuse(self, *_: object) -> None:
        """Take a part that declares anything of its own for no good one: no sheet has to."""
        self._is_good = False
