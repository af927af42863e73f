"""Offences told once over the rows that are of them: *I. TRỘM CẮP TÀI SẢN*, and its cases below.

Where no column tells the offence, such lines become one. A line that names something else ends the
section: its rows are asked about, and never take the offence of the section before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from data import offences
from data.importing.files.cell import Cell
from data.importing.tables import merged, page_lines

_NUMBER = re.compile(r"\s*(?:[IVXLC]{1,5}|\d{1,2}|[A-Za-z])\s*[.):/\-–]+\s*(?=[^\W\d]{2})")
_FIGURE = re.compile(r"(?:\d{1,3}(?:\.0)?|[IVXLC]{1,5})[.)]?")
_HOW_MANY = re.compile(r"\s*[(\[:–-]*\s*\d+\s*(?:vụ|cases?|faits?|cas)\b.*$", re.IGNORECASE)


def name_in(label: str) -> str | None:
    """Give the words of a section without its number and how many it has; None without a number.

    Examples
    --------
    >>> name_in("II. Đánh bạc: 02 vụ"), name_in("a) Lô đề (3 vụ)"), name_in("NGƯỜI LẬP")
    ('Đánh bạc', 'Lô đề', None)
    """
    found = _NUMBER.match(label)
    return None if found is None else _HOW_MANY.sub("", label[found.end() :]).strip()


def offence_in(label: str) -> str | None:
    """Give the words of a section that is called after an offence; None for others.

    Examples
    --------
    >>> offence_in("I. TRỘM CẮP TÀI SẢN"), offence_in("Đánh bạc"), offence_in("I. Phường Đông Thọ")
    ('TRỘM CẮP TÀI SẢN', 'Đánh bạc', None)
    """
    name = name_in(label) or _HOW_MANY.sub("", label).strip()
    return None if offences.classify(name) == offences.UNCLASSIFIED else name


def find(rows: Sequence[Sequence[Cell]], *, below: int) -> dict[int, str]:
    """Give the lines that part the rows of a table, by row; none where none is of an offence.

    Examples
    --------
    >>> rows = [["STT", "Ngày"], ["I. Trộm cắp", None], [1, "8/3/2025"], ["II. Lô đề"], ["Tổng: 1"]]
    >>> find(rows, below=0)
    {1: 'I. Trộm cắp', 3: 'II. Lô đề'}
    """
    found = {}
    for i in range(below + 1, len(rows)):
        label = merged.label_of(rows[i]) or _numbered(rows[i])
        if label is not None and not _is_between(rows[i]):
            found[i] = label
    return found if any(map(offence_in, found.values())) else {}


def _numbered(row: Sequence[Cell]) -> str | None:
    """Give what a line says that is a number, an offence, and perhaps how many.

    Examples
    --------
    >>> _numbered([2, "Đánh bạc", None, 3]), _numbered([2, "8/3/2025", "Đánh bạc"])
    ('2. Đánh bạc', None)
    """
    said = [cell for cell in row if cell is not None]
    if not 2 <= len(said) <= 3 or not isinstance(said[1], str) or offence_in(said[1]) is None:
        return None
    figures = (_FIGURE.fullmatch(str(cell)) for cell in (said[0], *said[2:]))
    return f"{str(said[0]).removesuffix('.0')}. {said[1]}" if all(figures) else None


def by_row(sections: Mapping[int, str], dated: Sequence[int]) -> Iterator[tuple[int, str | None]]:
    """Give each dated row and the offence of the section above it.

    Wards may be parted by offences, or offences by wards: a line of the outer kind, which comes
    first, ends what the inner one said.

    Parameters
    ----------
    sections
        What :func:`find` gave.
    dated
        The rows of the table, in order.

    Examples
    --------
    >>> list(by_row({1: "I. Trộm cắp", 3: "II. Lô đề", 5: "Ghi chú"}, [0, 2, 4, 6]))
    [(0, None), (2, 'Trộm cắp'), (4, 'Lô đề'), (6, None)]
    """
    is_ward_outer = wards_are_outer(sections)
    starts = sorted(sections)
    offence: str | None = None
    n = 0
    for row in dated:
        while n < len(starts) and starts[n] < row:
            label = sections[starts[n]]
            if merged.ward_of(label) is None:
                offence = offence_in(label) or name_in(label)
            elif is_ward_outer:
                offence = None
            n += 1
        yield row, offence


def wards_are_outer(sections: Mapping[int, str]) -> bool:
    """Tell whether a line that names a ward comes before the first that names an offence."""
    for _, label in sorted(sections.items()):
        if merged.ward_of(label) is not None:
            return True
        if offence_in(label) is not None:
            return False
    return False


def _is_between(row: Sequence[Cell]) -> bool:
    return page_lines.is_between(row, taken=range(len(row)), own=[])
