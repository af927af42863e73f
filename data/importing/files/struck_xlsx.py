"""Cells of .xlsx that are struck through, by their style or by the font of some of their words."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from data.importing.files import sheet_xml, workbook_parts
from data.importing.files.sheet_xml import Part
from data.importing.files.struck_texts import Found, Run, Struck

Finder: TypeAlias = Callable[[], Struck]
"""Looks through a sheet."""

_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedstrings.xml"
_CHUNK = 2**20
_MOST_STYLES = 2**26
_STRIKE = b"strike"
_NO = frozenset({b"0", b"false", b"off"})
_PREFIX = rb"<(?:[^\s<>/:]*:)?"
_END = rb"</(?:[^\s<>/:]*:)?"

_FONT = re.compile(_PREFIX + rb"font(?=[\s/>])")
_FORMAT = re.compile(_PREFIX + rb"xf(?=[\s/>])([^<>]*)")
_FONT_OF = re.compile(rb"""\bfontId\s*=\s*["'](\d{1,9})["']""")
_STRUCK = re.compile(_PREFIX + rb"strike(?=[\s/>])([^<>]*)")
_VALUE = re.compile(rb"""\bval\s*=\s*["']([^"']*)["']""")

_TEXT = re.compile(_PREFIX + rb"si(?=[\s/>])[^<>]*>")
_TEXT_END = re.compile(_END + rb"si\s*>")
_RUN = re.compile(_PREFIX + rb"r(?=[\s>])[^<>]*>")
_RUN_END = re.compile(_END + rb"r\s*>")
_RUN_FONT = re.compile(_PREFIX + rb"rPr(?=[\s/>])")
_WORDS = re.compile(_PREFIX + rb"t(?=[\s>])[^<>]*>([^<]*)")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_ROW_END = re.compile(_END + rb"row\s*>")
_ROW = re.compile(_PREFIX + rb"row(?=[\s/>])([^<>]*)>")
_TAG = re.compile(_PREFIX + rb"(row|c)(?=[\s/>])([^<>]*)>")
_CELL_END = re.compile(_END + rb"c\s*>")
_ATTRIBUTE = re.compile(rb"""(?<!\S)(r|s|t)\s*=\s*["']([^"']*)["']""")
_NAME = re.compile(rb"([A-Za-z]{0,3})(\d{1,7})")
_CONTENT = re.compile(_PREFIX + rb"v(?=[\s>])[^<>]*>\s*([^<]*)")
_SHARED = re.compile(rb't="s"[^<>]*>\s*' + _PREFIX + rb"v(?=[\s>])[^<>]*>\s*(\d+)")
_UNUSUAL = (b"='", b" =", b"= ")
"""An attribute as few programs write it."""


@dataclass(frozen=True)
class _Marks:
    """What strikes cells in a book: numbers of styles, and the words of shared texts with fonts."""

    styles: frozenset[bytes] = frozenset()
    texts: Mapping[bytes, Sequence[Run]] = field(default_factory=dict)

    def pattern(self) -> re.Pattern[bytes] | None:
        """Write what a cell of a struck style has."""
        if not self.styles:
            return None
        return re.compile(rb's="(?:' + b"|".join(sorted(self.styles)) + rb')"')


def finders(path: Path, parts: Mapping[str, Part]) -> dict[str, Finder]:
    """Give for each sheet in which cells may be struck how to find them.

    Parameters
    ----------
    path
        An .xlsx of which the sizes are checked.
    parts
        What was seen of its sheets.
    """
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        styles = struck_styles(_beginning(archive, names[_STYLES])) if _STYLES in names else []
        marks = _Marks(frozenset(b"%d" % number for number in styles))
        if _TEXTS in names and _says_strike(archive, names[_TEXTS], is_enough=bool(styles)):
            with archive.open(names[_TEXTS]) as stream:
                told = dict(_texts(iter(partial(stream.read, _CHUNK), b"")))
            marks = _Marks(marks.styles, told if styles else _with_strike(told))
    if not (marks.styles or marks.texts or any(part.has_strikes for part in parts.values())):
        return {}
    return {
        sheet: partial(_find, path, name, marks)
        for sheet, name in workbook_parts.part_names(path).items()
        if name in parts and (marks.styles or marks.texts or parts[name].has_strikes)
    }


def struck_styles(styles: bytes) -> list[int]:
    """Give the numbers of the styles of cells that strike.

    Parameters
    ----------
    styles
        The part of the workbook with its styles.

    Examples
    --------
    >>> struck_styles(b'<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>'
    ...               b'<cellXfs><xf fontId="0"/><xf fontId="2"/><xf fontId="1"/></cellXfs>')
    [2]
    """
    fonts = _FONT.split(_section(styles, b"fonts"))[1:]
    struck = {number for number, font in enumerate(fonts) if _strikes(font)}
    if not struck:
        return []
    formats = (_FONT_OF.search(inside) for inside in _FORMAT.findall(_section(styles, b"cellXfs")))
    return [n for n, font in enumerate(formats) if (0 if font is None else int(font[1])) in struck]


def _section(styles: bytes, name: bytes) -> bytes:
    """Give what stands in a list of styles."""
    start = re.search(_PREFIX + name + rb"(?=[\s>])", styles)
    end = None if start is None else re.compile(_END + name + rb"\s*>").search(styles, start.end())
    return b"" if start is None or end is None else styles[start.end() : end.start()]


def _strikes(font: bytes) -> bool:
    """Tell whether a font strikes what is written in it."""
    found = _STRUCK.search(font)
    value = None if found is None else _VALUE.search(found[1])
    return found is not None and (value is None or value[1].strip().lower() not in _NO)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_MOST_STYLES)


def _says_strike(archive: zipfile.ZipFile, name: str, *, is_enough: bool) -> bool:
    """Tell whether a part has fonts that strike; with styles that do, whatever it has matters."""
    if is_enough:
        return True
    rest = b""
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            if _STRIKE in rest + chunk:
                return True
            rest = chunk[-len(_STRIKE) :]
    return False


def _texts(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, Sequence[Run]]]:
    """Give the shared texts whose words have fonts of their own, by number.

    Examples
    --------
    >>> struck = b"<r><rPr><strike/></rPr><t>Lai</t></r><r><t xml:space='preserve'> A</t></r>"
    >>> list(_texts(iter([b"<si><t>a</t></si><si>" + struck, b"</si><si/>"])))
    [(b'1', [(True, 'Lai'), (None, ' A')])]
    """
    number = 0
    for text in sheet_xml.to_whole(chunks, _TEXT_END):
        starts = list(_TEXT.finditer(text))
        ends = [start.start() for start in starts[1:]]
        for start, end in zip(starts, [*ends, len(text)], strict=False):
            inside = text[start.end() : end]
            if _RUN_FONT.search(inside):
                yield b"%d" % number, _runs(inside)
            number += 1


def _with_strike(texts: Mapping[bytes, Sequence[Run]]) -> dict[bytes, Sequence[Run]]:
    return {number: runs for number, runs in texts.items() if any(own for own, _ in runs)}


def _runs(inside: bytes) -> list[Run]:
    """Part a text into words of one font each."""
    return [
        (_strikes(run) if _RUN_FONT.search(run) else None, _words(run))
        for run in (_RUN_END.split(run, maxsplit=1)[0] for run in _RUN.split(inside)[1:])
    ]


def _words(run: bytes) -> str:
    said = html.unescape(b"".join(_WORDS.findall(run)).decode("utf-8", errors="replace"))
    return _CODED.sub(lambda code: chr(int(code[1], 16)), said)


def _find(path: Path, name: str, marks: _Marks) -> Struck:
    """Look through a sheet; in usual pieces at those cells alone that may be struck."""
    found = Found()
    row = 0
    style = marks.pattern()
    with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
        for text in sheet_xml.to_whole(iter(partial(stream.read, _CHUNK), b""), _ROW_END):
            starts = _candidates(text, style, marks.texts)
            if starts is None or not _look_at(text, starts, marks, found):
                row = _look(text, row, marks, found)
            else:
                row = _last_row(text, row)
    return found.struck()


def _candidates(
    text: bytes, style: re.Pattern[bytes] | None, texts: Mapping[bytes, Sequence[Run]]
) -> list[int] | None:
    """Give where the cells begin that may be struck; None where each has to be looked at."""
    if _STRIKE in text or any(sign in text for sign in _UNUSUAL):
        return None
    places = [] if style is None else [each.start() for each in style.finditer(text)]
    if texts:
        shared = _SHARED.findall(text)
        if not texts.keys().isdisjoint(shared):
            places += [each.start() for each in _SHARED.finditer(text) if each[1] in texts]
    starts, before = [], 0
    for place in sorted(places):
        start = text.rfind(b"<", before, place)
        starts += [start] if start >= 0 else []
        before = place
    return starts


def _look_at(text: bytes, starts: Sequence[int], marks: _Marks, found: Found) -> bool:
    """Look at the cells that begin at some places; tell whether each has its name."""
    cells = []
    for start in starts:
        tag = _TAG.match(text, start)
        if tag is None or tag[1] == b"row":
            continue
        told = dict(_ATTRIBUTE.findall(tag[2]))
        row, column = _place(told, 0, 0)
        if not row or not column:
            return False
        if not tag[2].endswith(b"/"):
            following = _TAG.search(text, tag.end())
            stop = len(text) if following is None else following.start()
            cells.append((row, column, told, text[tag.end() : stop]))
    for row, column, told, inside in cells:
        _add(row, column, told, inside, marks=marks, found=found)
    return True


def _last_row(text: bytes, row: int) -> int:
    """Give the number of the last row of a piece; one without a number is below the one before."""
    named = sheet_xml.last_row(text)
    if named:
        return named
    for attributes in _ROW.findall(text):
        row = _place(dict(_ATTRIBUTE.findall(attributes)), row, 0)[0] or row + 1
    return row


def _look(text: bytes, row: int, marks: _Marks, found: Found) -> int:
    """Look at each cell of a piece; give the number of its last row."""
    column = 0
    tags = list(_TAG.finditer(text))
    stops = [*(tag.start() for tag in tags[1:]), len(text)]
    for tag, stop in zip(tags, stops, strict=False):
        told = dict(_ATTRIBUTE.findall(tag[2]))
        if tag[1] == b"row":
            row, column = _place(told, 0, 0)[0] or row + 1, 0
            continue
        at, column = _place(told, row, column + 1)
        if not tag[2].endswith(b"/"):
            _add(at, column, told, text[tag.end() : stop], marks=marks, found=found)
    return row


def _add(
    row: int,
    column: int,
    told: Mapping[bytes, bytes],
    inside: bytes,
    *,
    marks: _Marks,
    found: Found,
) -> None:
    """Add a cell where anything of it is struck, and something stands in it."""
    kind = told.get(b"t")
    is_struck = told.get(b"s") in marks.styles
    if not (is_struck or kind in {b"s", b"inlineStr"}):
        return
    inside = _CELL_END.split(inside, maxsplit=1)[0]
    value = _CONTENT.search(inside)
    runs: Sequence[Run] = ()
    if kind == b"inlineStr":
        runs = _runs(inside) or [(None, _words(inside))]
    elif value is None or not value[1].strip():
        return
    elif kind == b"s":
        runs = marks.texts.get(value[1].strip(), ())
    found.add(row - 1, column - 1, runs, is_struck=is_struck)


def _place(told: Mapping[bytes, bytes], row: int, column: int) -> tuple[int, int]:
    """Read the name of a row or cell; without one it is where it was looked for."""
    name = _NAME.fullmatch(told.get(b"r", b""))
    if name is None:
        return row, column
    return int(name[2]), sheet_xml.column_number(name[1])
