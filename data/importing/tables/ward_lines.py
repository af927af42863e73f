"""Wards told by lines between the rows: sections of a ledger, and one book pasted below another.

A line that is called after a ward holds for the rows below it: *II. Phường Ba Đình*, *CÔNG AN
PHƯỜNG BA ĐÌNH*. One that names something else ends what the line before said, so that no row takes
the ward of a section that it is not in; sums, periods, pages and notes do not. The sum of a ward
(*Cộng CAP Ba Đình*, or its police named once more below its rows) is of the rows above it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.locating.surroundings import Surroundings
from data.importing.tables import merged, page_lines
from data.importing.tables.book_wards import MOST_WORDS
from data.importing.tables.footers import is_signed

_NUMBER = re.compile(r"^(?:[ivxlc]{1,5}|\d{1,2}|[a-h])\s*[.):/–-]+\s*", re.IGNORECASE)
_HOW_MANY = re.compile(r"\s*[(\[:–-]*\s*\d+\s*(?:vụ|tin|cases?|faits?|cas)\b.*$|\s*:\s*$", re.I)
_WARD = re.compile(r"\b(?:phuong|xa|thi tran|cap|cax|catt|p|f|tt|x)\s+(?=\w)")
_UNIT_WORDS = frozenset(
    {
        "cong", "an", "ca", "cap", "don", "vi", "dia", "ban", "tai", "khu", "vuc", "ubnd", "so",
        "theo", "doi", "vu", "viec", "danh", "sach", "thong", "ke", "bao", "cao", "cua", "cac",
        "bang", "tong", "hop", "phan", "phuong", "xa", "thi", "tran", "p", "x", "tt", "bieu",
    }
)  # fmt: skip
"""Words that may stand before the ward that a section or a book is called after."""
_UNIT = re.compile(r"^(?:cong an|ca|cap|cax|don vi|dia ban|ubnd)\b")
_NAMES_UNIT = re.compile(
    r"^(?:cong an|ca|cap|cax|don vi|dia ban|ubnd|phuong|xa|thi tran|doi(?! tuong)|ngoai (?:dia ban"
    r"|phuong|xa|thanh pho|tinh)|(?:cac )?(?:phuong|xa|don vi|dia ban|noi|khu vuc) khac"
    r"|cac (?:phuong|xa|don vi)|(?:khong|chua) ro (?:dia ban|phuong|xa|noi))\b"
)
_SUM = re.compile(r"(?:tổng(?! hợp)|cộng|tiểu cộng|l[ũu][ỹy] kế)\b")
_NOTE = re.compile(r"^(?:ghi chu|luu y|chu thich|nguon|so lieu|noi nhan|note|source)\b|^$")


def by_row(
    lines: Mapping[int, str],
    places: Sequence[int],
    around: Surroundings,
    *,
    first: str | None,
    ends: Collection[int] = (),
) -> list[Cell]:
    """Give each row the ward of the line above it that is called after one.

    Where lines part the rows by wards, or count units (*I. CAP Ba Đình*), any other line ends a
    section. Where units are named without a number, they are books, one below another: only a line
    that names a unit, or other wards, ends one.

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
    ends
        Of the lines those that :func:`ends_of_wards` gave: they tell nothing of the rows below.

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
        ward_of(label, around) and (_is_numbered(label) or not _UNIT.match(fold(_bare(label))))
        for place, label in lines.items()
        if place not in ends
    )
    found: list[Cell] = []
    starts = iter([*sorted(lines.items()), (max(places, default=0) + 1, "")])
    start, label = next(starts)
    ward: Cell = first
    for place in places:
        while start < place:
            named = ward_of(label, around)
            if named is not None and start in ends:
                ward = first if first == named else None
            elif named is not None:
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


def ends_of_wards(
    lines: Mapping[int, str],
    places: Sequence[int],
    around: Surroundings,
    own: Sequence[Cell] | None = None,
) -> frozenset[int]:
    """Give the lines that name the ward of the rows above them, and not of those below.

    They say that they are sums; or the row above is of the ward by its own unit, and that below is
    not.

    Parameters
    ----------
    lines, places, around
        As for :func:`by_row`.
    own
        The ward that each row's own unit is called after; None where no column tells units.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "ba dinh"}))
    >>> lines = {2: "CAP Đông Thọ", 4: "CAP Ba Đình", 6: "Cộng CAP Ba Đình"}
    >>> sorted(ends_of_wards(lines, [1, 3, 5, 7], here, ["dong tho", None, "ba dinh", "ba dinh"]))
    [2, 6]
    """
    found = set()
    for place, label in lines.items():
        named = ward_of(label, around)
        if named is None:
            continue
        i = bisect_left(places, place)
        is_below = own is not None and i > 0 and own[i - 1] == named
        if _is_sum(label) or (is_below and own is not None and own[i : i + 1] != [named]):
            found.add(place)
    return frozenset(found)


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


def _is_sum(label: str) -> bool:
    """Tell whether a line sums up: with its marks, since *cộng* is *công* without them.

    Examples
    --------
    >>> [_is_sum(text) for text in ("Cộng CAP Ba Đình", "CÔNG AN PHƯỜNG BA ĐÌNH", "TỔNG: 2 vụ")]
    [True, False, True]
    """
    bare = unicodedata.normalize("NFC", _bare(label)).casefold()
    return _SUM.match(bare) is not None or re.match(r"cong(?! an\b)\b", bare) is not None


def _is_numbered(label: str) -> bool:
    return _NUMBER.match(label.strip()) is not None


def _bare(label: str) -> str:
    return _HOW_MANY.sub("", _NUMBER.sub("", label.strip())).strip(" .:-–*+")
