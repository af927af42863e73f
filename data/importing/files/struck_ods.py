"""Cells of .ods that are struck through, by their style or by that of some of their words."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

from data.importing.files import sheet_xml
from data.importing.files.limits import MAX_COLUMNS
from data.importing.files.struck_texts import Found, Run, Struck

_CONTENT, _STYLES = "content.xml", "styles.xml"
_CHUNK = 2**20
_MOST_STYLES = 2**26
_BODY = b"<office:body"
_THROUGH = b"line-through"

_STYLE = re.compile(rb"<style:style(?=\s)")
_STYLE_END = b"</style:style>"
_LINE = re.compile(rb'style:text-line-through-(?:style|type)="([^"]*)"')
_STYLE_NAME = re.compile(rb'\sstyle:name="([^"]*)"')
_PARENT = re.compile(rb'\sstyle:parent-style-name="([^"]*)"')
_OF_CELLS = b'style:family="table-cell"'

_ROW_END = re.compile(rb"</table:table-row\s*>")
_TAG = re.compile(
    rb"<table:(table|table-column|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>"
)
_CELL_END = re.compile(rb"</table:(?:covered-)?table-cell\s*>")
_SHEET_NAME = re.compile(rb'\stable:name="([^"]*)"')
_OWN_STYLE = re.compile(rb'\stable:style-name="([^"]*)"')
_DEFAULT_STYLE = re.compile(rb'\stable:default-cell-style-name="([^"]*)"')
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,7})"')
_IS_TEXT = re.compile(rb'value-type="string"')

_PIECE = re.compile(
    rb"<(/?)(text:(?:p|span|s|tab|line-break)|office:annotation)(?=[\s/>])([^<>]*)>"
    rb"|<[^<>]*>|([^<]+)"
)
_SPAN_STYLE = re.compile(rb'\stext:style-name="([^"]*)"')
_N_BLANKS = re.compile(rb'\stext:c="(\d{1,4})"')
_SIGNS = {b"text:tab": "\t", b"text:line-break": "\n"}


@dataclass(frozen=True)
class Styles:
    """Which styles strike what is written in them, and which say that they do not.

    Parameters
    ----------
    of_cells, of_words
        Name of a style to what it says.
    """

    of_cells: Mapping[bytes, bool]
    of_words: Mapping[bytes, bool]

    @property
    def strikes(self) -> bool:
        """Tell whether any does."""
        return any(self.of_cells.values()) or any(self.of_words.values())


def read_styles(path: Path) -> Styles:
    """Read the styles of an .ods of which the sizes are checked."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        told = b"".join(
            _before_body(archive, name) for name in (_STYLES, _CONTENT) if name in names
        )
    return _styles(told)


def find(path: Path, styles: Styles, sheet: str) -> Struck:
    """Look through a sheet.

    Parameters
    ----------
    path
        An .ods of which the sizes are checked.
    styles
        What :func:`read_styles` gave.
    sheet
        Its name.
    """
    with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as stream:
        return _find(iter(partial(stream.read, _CHUNK), b""), styles, sheet)


def _before_body(archive: zipfile.ZipFile, name: str) -> bytes:
    """Give the styles of a part, which stand before its contents."""
    told = b""
    with archive.open(name) as stream:
        while len(told) < _MOST_STYLES and (chunk := stream.read(_CHUNK)):
            told += chunk
            if _BODY in told[-len(chunk) - len(_BODY) :]:
                return told.partition(_BODY)[0]
    return told


def _styles(told: bytes) -> Styles:
    """Read which styles strike; one that does not say does as the one that it goes by.

    Examples
    --------
    >>> through = b'<style:text-properties style:text-line-through-style="%s"/></style:style>'
    >>> cell = b'<style:style style:name="%s" style:family="table-cell"%s>'
    >>> _styles(cell % (b"a", b"") + through % b"solid" + cell % (b"b", b"") + through % b"none"
    ...         + cell % (b"c", b' style:parent-style-name="a"') + b"</style:style>").of_cells
    {b'a': True, b'b': False, b'c': True}
    """
    own: dict[tuple[bool, bytes], bool] = {}
    parents: dict[tuple[bool, bytes], tuple[bool, bytes]] = {}
    if _THROUGH not in told:
        return Styles({}, {})
    for style in _STYLE.split(told)[1:]:
        attributes, _, inside = style.partition(_STYLE_END)[0].partition(b">")
        name, parent = _STYLE_NAME.search(attributes), _PARENT.search(attributes)
        if name is None:
            continue
        key = (_OF_CELLS in attributes, name[1])
        lines = _LINE.findall(inside)
        if lines:
            own[key] = any(line != b"none" for line in lines)
        elif parent is not None:
            parents[key] = (key[0], parent[1])
    for key in parents:
        above, seen = key, set[tuple[bool, bytes]]()
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above in own:
            own[key] = own[above]
    by_kind = {is_cell: {n: s for (c, n), s in own.items() if c == is_cell} for is_cell in (0, 1)}
    return Styles(by_kind[1], by_kind[0])


def _find(chunks: Iterator[bytes], styles: Styles, sheet: str) -> Struck:
    """Look at every filled cell of a sheet.

    Examples
    --------
    >>> cell = b'<table:table-cell table:style-name="x" office:value-type="float"/>'
    >>> rows = (b'<table:table table:name="T"><table:table-row><table:table-cell/>' + cell +
    ...         b'</table:table-row></table:table>')
    >>> _find(iter([rows]), Styles({b"x": True}, {}), "T").columns
    {0: (1,)}
    """
    found = Found()
    is_meant = False
    rows, column, of_row = range(0), 0, b""
    of_columns: list[bytes] = []
    for text in sheet_xml.to_whole(chunks, _ROW_END):
        tags = list(_TAG.finditer(text))
        stops = [*(tag.start() for tag in tags[1:]), len(text)]
        for tag, stop in zip(tags, stops, strict=False):
            kind, attributes = tag[1], tag[2]
            n = _repeated(attributes)
            if kind == b"table":
                name = _SHEET_NAME.search(attributes)
                is_meant = name is not None and html.unescape(name[1].decode()) == sheet
                rows, of_columns = range(0), []
            elif not is_meant:
                continue
            elif kind == b"table-column":
                n_left = MAX_COLUMNS - len(of_columns)
                of_columns += [_named(_DEFAULT_STYLE, attributes)] * min(n, n_left)
            elif kind == b"table-row":
                rows, column = range(rows.stop, rows.stop + n), 0
                of_row = _named(_DEFAULT_STYLE, attributes)
            else:
                if b"-type=" in attributes:
                    of_column = of_columns[column] if column < len(of_columns) else b""
                    style = _named(_OWN_STYLE, attributes) or of_row or of_column
                    inside = _CELL_END.split(text[tag.end() : stop], maxsplit=1)[0]
                    runs = _runs(inside, styles) if _may_differ(inside, attributes) else []
                    for row, place in product(rows, range(column, column + n)):
                        found.add(row, place, runs, is_struck=styles.of_cells.get(style, False))
                column += n
    return found.struck()


def _may_differ(inside: bytes, attributes: bytes) -> bool:
    """Tell whether the words of a cell may be of other styles than the cell."""
    return b"<text:span" in inside and _IS_TEXT.search(attributes) is not None


def _runs(inside: bytes, styles: Styles) -> list[Run]:
    r"""Part the words of a cell into those of one style each; comments are none of them.

    Examples
    --------
    >>> _runs(b'<text:p>a<text:span text:style-name="T1">b</text:span></text:p><text:p>c</text:p>',
    ...       Styles({}, {b"T1": True}))
    [(None, 'a'), (True, 'b'), (None, '\n'), (None, 'c')]
    """
    found: list[Run] = []
    within: list[bool | None] = [None]
    is_note = False
    for piece in _PIECE.finditer(inside):
        is_end, kind, attributes, words = piece.groups()
        if is_note or kind == b"office:annotation":
            is_note = is_note if kind != b"office:annotation" else not is_end
        elif kind == b"text:span":
            if is_end:
                within = within[:-1] or [None]
            elif not attributes.endswith(b"/"):
                told = styles.of_words.get(_named(_SPAN_STYLE, attributes))
                within.append(within[-1] if told is None else told)
        elif kind == b"text:p":
            if not is_end and found:
                found.append((None, "\n"))
        elif kind == b"text:s":
            n = _N_BLANKS.search(attributes)
            found.append((within[-1], " " * (1 if n is None else int(n[1]))))
        elif kind is not None:
            found.append((within[-1], _SIGNS[kind]))
        elif words is not None:
            found.append((within[-1], html.unescape(words.decode("utf-8", errors="replace"))))
    return found


def _named(attribute: re.Pattern[bytes], attributes: bytes) -> bytes:
    found = attribute.search(attributes)
    return b"" if found is None else found[1]


def _repeated(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return 1 if found is None else int(found[1])
