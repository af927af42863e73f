"""Wards told by lines between the rows: sections of a ledger, and one book pasted below another.

A line that is called after a ward holds for the rows below it: *II. Phường Ba Đình*, *CÔNG AN
PHƯỜNG BA ĐÌNH*. One that names something else ends what the line before said, so that no row takes
the ward of a section that it is not in; sums, periods, pages and notes do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.locating.surroundings import Surroundings
from data.importing.tables import merged, page_lines
from data.importing.tables.book_wards import MOST_WORDS
from data.importing.tables.footers import is_signed

_NUMBER = re.compile(r"^(?:[ivxlc]{1,5}|\d{1,2}|[a-h])\s*[.):/–-]+\s*", re.IGNORECASE)
_HOW_MANY = re.compile(r"\s*[(\[:–-]*\s*\d+\s*(?:vụ|tin|cases?|faits?|cas)\b.*$|\s*:\s*$", re.I)
_WARD = re.compile(r"\b(?:phuong|xa|thi tran|cap|cax|catt|p|tt|x)\s+(?=\w)")
_UNIT_WORDS = frozenset(
    {
        "cong", "an", "ca", "cap", "don", "vi", "dia", "ban", "tai", "khu", "vuc", "ubnd", "so",
        "theo", "doi", "vu", "viec", "danh", "sach", "thong", "ke", "bao", "cao", "cua", "cac",
        "bang", "tong", "hop", "phan", "phuong", "xa", "thi", "tran", "p", "x", "tt", "bieu",
    }
)  # fmt: skip
"""Words that may stand before the ward that a section or a book is called after."""
_UNIT = re.compile(r"^(?:cong an|ca|cap|cax|don vi|dia ban|ubnd)\b")
_NAMES_UNIT = re.compile(r"^(?:cong an|ca|cap|cax|don vi|dia ban|ubnd|phuong|xa|thi tran)\b")
_NOTE = re.compile(r"^(?:ghi chu|luu y|chu thich|nguon|so lieu|noi nhan|note|source)\b|^$")


def by_row(
    lines: Mapping[int, str],
    places: Sequence[int],
    around: Surroundings,
    *,
    first: str | None,
) -> list[Cell]:
    """Give each row the ward of the line above it that is called after one.

    Where lines part the rows by wards, any other line ends a section. Where none is called after a
    ward but units are, they are books, one below another: only a line that names a unit ends one.

    Parameters
    ----------
    lines
        What the lines that are no rows say, by place.
    places
        The rows, in order.
    around
        The wards there are.
    first
        The ward that holds above the first line.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "ba dinh"}))
    >>> lines = {2: "II. Ba Đình", 4: "III. Không rõ địa bàn"}
    >>> by_row(lines, [1, 3, 5], here, first="dong tho")
    ['dong tho', 'ba dinh', None]
    >>> by_row({2: "CÔNG AN PHƯỜNG LẠ"}, [1, 3], here, first="dong tho")
    ['dong tho', None]
    """
    is_sectioned = any(
        ward_of(label, around) and not _UNIT.match(fold(_bare(label))) for label in lines.values()
    )
    found: list[Cell] = []
    starts = iter([*sorted(lines.items()), (max(places, default=0) + 1, "")])
    start, label = next(starts)
    ward: Cell = first
    for place in places:
        while start < place:
            named = ward_of(label, around)
            if named is not None:
                ward = named
            elif is_sectioned or _NAMES_UNIT.match(fold(_bare(label))):
                ward = None
            start, label = next(starts)
        found.append(ward)
    return found


def ward_of(label: str, around: Surroundings) -> str | None:
    """Give the ward that a line is called after: one of the store's, or one with a ward's word.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "ba dinh"}))
    >>> [ward_of(text, here) for text in ("II. Ba Đình", "CAP Ba Đình (2 vụ)", "2) Phường Quảng",
    ...     "Địa bàn phường Đông Thọ", "Đối tượng ở phường Đông Thọ", "II. Địa bàn khác")]
    ['ba dinh', 'ba dinh', 'Phường Quảng', 'dong tho', None, None]
    """
    bare = _bare(label)
    folded = fold(bare)
    if fold_ward(bare) in around.ward_names:
        return fold_ward(bare)
    for match in _WARD.finditer(folded):
        name = folded[match.end() :]
        before = folded[: match.start()].split()
        if name in around.ward_names and _UNIT_WORDS.issuperset(before):
            return name
    return merged.ward_of(bare) if len(folded.split()) <= MOST_WORDS else None


def in_sheet(
    rows: Sequence[Sequence[Cell]], among: Iterable[int], titles: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Give what the lines say that may be called after something, by place.

    Sums, periods, pages, notes, signatures and titles that are printed again are left out.

    Parameters
    ----------
    rows
        All rows of the sheet.
    among
        Places of lines in which nothing stands where the rows have their day.
    titles
        Folded, what stands above the table.

    Examples
    --------
    >>> rows = [["I. Đông Thọ"], ["Cộng: 2 vụ"], ["II", "Ba Đình", None, "2 vụ"], ["Ghi chú: x"]]
    >>> list(in_sheet(rows, range(4), frozenset()))
    [(0, 'I. Đông Thọ'), (2, 'II. Ba Đình')]
    """
    for place in among:
        label = merged.label_of(rows[place])
        if label is None or fold(label) in titles or _NOTE.match(fold(label)):
            continue
        is_plain = page_lines.is_between(rows[place], taken=range(len(rows[place])), own=[])
        if not is_plain and not page_lines.is_period(label) and not is_signed(rows[place]):
            yield place, label


def _bare(label: str) -> str:
    return _HOW_MANY.sub("", _NUMBER.sub("", label.strip())).strip(" .:-–*+")
