"""One heading for a column under several lines of them: the word of a group is part of it.

*Giờ* under *Tiếp nhận* is the hour of the report, *Người* under *Thiệt hại* a count of people. The
word of a group is left out only where it says nothing of its own, as *Thời gian* over *Ngày* and
*Giờ*; else a column is known by its group and itself together, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables.case_life import is_in_life, names_the_deed
from data.importing.tables.headings import is_personal, recognise

_OF_THE_DEED = re.compile(
    r"(?:(?:thoi gian|thoi diem|ngay|gio|dia diem|dia ban|dia chi|noi|khu vuc|vi tri|toa do"
    r"|hien truong|xay ra|gay an|pham toi|vu viec|su viec|vu an|vu|hanh vi|thong tin|noi dung"
    r"|tinh hinh|dien bien|dac diem|chung|co ban|chi tiet|ve|cua|cac"
    r"|when|where|what|time|date|place|location|position|coordinates|occurred|occurrence|incident"
    r"|offence|crime|details|information|general|and|of|the"
    r"|quand|moment|heure|lieu|coordonnees|faits?|infraction|informations|generales|et|du|des|de"
    r"|la|le|les) ?)+"
)
_LEFT_OUT = re.compile(
    r"^(?:thông tin|thong tin|thời gian|thoi gian|thời điểm|thoi diem|địa điểm|dia diem|nơi|noi"
    r"|về|ve)\s+(?=\S)",
    re.IGNORECASE,
)
"""What a group says besides, and *Ngày* or *Địa chỉ* below it says too."""
_ALIKE = (
    frozenset({"place", "street", "house_no", "hamlet", "ward", "ward_code", "district",
               "longitude", "latitude", "x_north", "y_east", "position"}),
    frozenset({"offence", "article"}),
)  # fmt: skip
"""Under the word of one of these another is itself: *Tên xã* under *Phường, xã*."""
_TITLE = re.compile(r"^(?:so|bang|danh sach|bao cao|thong ke|tong hop|phu luc|bieu|mau)\b")
_MOST_WORDS = 4


def name(column: Sequence[Cell], layer: str, is_known: Callable[[str], bool]) -> str:
    """Make one heading of the lines over a column, in the way in which it is known.

    Under a word for a person all is about that person: *Bị hại* over *Địa chỉ* is no place.

    Parameters
    ----------
    column
        What stands over the column, from top to bottom.
    layer
        What the file is to become.
    is_known
        Tells whether a heading is one.

    Examples
    --------
    >>> def is_known(text):
    ...     return bool(recognise(text, "incidents")[0])
    >>> name(["Thời gian", "Giờ"], "incidents", is_known)
    'Giờ'
    >>> name(["Tiếp nhận", "Giờ"], "incidents", is_known)
    'Tiếp nhận Giờ'
    >>> name(["Thông tin tiếp nhận", "Ngày"], "incidents", is_known)
    'Ngày tiếp nhận'
    """
    if len(column) == 1:
        return "" if column[0] is None else str(column[0])
    texts = [" ".join(cell.split()) for cell in column if isinstance(cell, str)]
    texts = list(dict.fromkeys(texts))
    whole = " ".join(texts)
    if len(texts) < 2 or any(is_personal(text, layer=layer) for text in texts):
        return whole
    *groups, last = texts
    told = [group for group in groups if not _says_nothing(group, last, layer)]
    shorter = [" ".join((last, _LEFT_OUT.sub("", group))) for group in groups]
    alone = [" ".join((*told, last)), " ".join((last, *reversed(told)))] if told else [last]
    is_more = bool(told) or any(map(names_the_deed, groups))
    ways = [
        whole,
        " ".join(reversed(texts)),
        *((*shorter, *alone) if is_more else (*alone, *shorter)),
    ]
    if layer != "incidents":
        ways.append(last)
    return next((way for way in ways if is_known(way)), whole)


def is_event(text: str) -> bool:
    """Tell whether a text is the group of what happens to a case, and no title of a list.

    Examples
    --------
    >>> is_event("Lập biên bản"), is_event("Sổ tiếp nhận tin báo"), is_event("Thời gian")
    (True, False, False)
    """
    folded = fold(text)
    return len(folded.split()) <= _MOST_WORDS and is_in_life(text) and not _TITLE.match(folded)


def _says_nothing(group: str, last: str, layer: str) -> bool:
    if _OF_THE_DEED.fullmatch(fold(group)):
        return True
    mine, below = ({known.field for known in recognise(text, layer)[0]} for text in (group, last))
    return any(mine and below and mine <= alike and below <= alike for alike in _ALIKE)
