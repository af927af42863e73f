"""Where a printed table ends and its signatures begin: people's names that are never kept.

A book goes on below them where a supplement or the next month was pasted. Then they stand between
its rows, and end at the first line that has a figure or tells a case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables import crowded_rows

_DAY_LINE = (
    r"(?:(?:.* )?ngay\b.*\bthang\b.*\bnam\b[ \d]*|(?:[a-z]+ ){0,4}ngay \d{1,2} \d{1,2} \d{4})"
)
_FIGURE = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_OF_A_DAY = re.compile(_DAY_LINE)
_SIGNED = re.compile(
    rf"(?:{_DAY_LINE} ?)?(?:(?:tm|kt|tl|dai dien) )?"
    r"(?:nguoi lap|nguoi ghi|nguoi viet so|lap bieu|can bo lap|can bo ghi|thu truong|truong cong an"
    r"|pho truong cong an|chi huy truong|ky ten|ky va ghi|ky ghi ro|ky ho ten"
    r"|signature|signataire|signed|prepared by|etabli par)\b.*"
)
_OF_DUTY = (
    r"(?:lap|ghi|viet|tong hop|thong ke|bao cao|ky|duyet|phe duyet|kiem tra|theo doi|soan|nhap|truc"
    r"|phu trach|xac nhan|nhan|giao|cung cap|tham muu|ho so|thu ly|dieu tra|thuc hien)"
)
_DUTY = re.compile(
    r"(?:(?:tm|kt|tl|q|dai dien) )*"
    rf"(?:can bo(?: {_OF_DUTY}\b.*)?|nguoi {_OF_DUTY}\b.*|nguoi|dieu tra vien|kiem sat vien"
    r"|(?:pho )?(?:chi huy|thu truong|doi truong|to truong|truong phong|truong ban|truong don vi"
    r"|truong cong an|truong tram|truong don|truong ca|giam doc|chu tich)\b.*"
    r"|(?:truong|pho)(?: (?:truong|phong|ban|tram|don|ca truc|cong an|doi|giam doc)\b.*)?"
    r"|lanh dao(?: .*)?|truc ban(?: .*)?|truc chi huy|ke toan(?: truong)?|thu ky|thu kho"
    r"|(?:phe )?duyet(?: cua .*)?|(?:nguoi |ky )?xac nhan(?: cua .*)?|noi nhan|thong ke vien)"
)
_RANK = re.compile(
    r"\s*(?:(?:thiếu|trung|thượng|đại)\s+(?:tá|úy|uý|tướng)|thượng\s+sĩ|đ/c)\s+", re.IGNORECASE
)
_FAMILIES = frozenset(
    name
    for line in (
        "nguyễn trần lê phạm hoàng huỳnh vũ võ phan trương bùi đặng đỗ ngô hồ dương đinh đào đoàn",
        "lâm mai trịnh lý lương cao hà lưu tạ chu nghiêm đàm thái quách tống tô triệu lại kiều",
    )
    for name in line.split()
)
_LONGEST_NAME = 5  # words
_LONGEST_DUTY = 8  # words; a sentence that begins with a duty tells something


_MOST_CELLS = 4
"""As many people sign beside each other at most."""


def footer_start(rows: Sequence[Sequence[Cell]], header: int, own: Sequence[int]) -> int:
    """Give the place of the first row of the signatures; the number of rows if there are none.

    They begin with a row that speaks of signing, or the line of the day above it, and nothing below
    has a figure where the table has its days or ids.

    Parameters
    ----------
    rows
        All rows of the sheet.
    header
        The place of the headings; only rows below count.
    own
        Columns where every row of the table has a figure: its day, its id.

    Examples
    --------
    >>> rows = [["Ngày"], ["8/3/2025"], ["Người lập biểu"], ["Nguyễn Văn A"]]
    >>> footer_start(rows, 0, [0])
    2
    """
    below = range(len(rows) - 1, header, -1)
    last = next((i for i in below if _has_figure(rows[i], own)), header)
    start = next((i for i in range(last + 1, len(rows)) if is_signed(rows[i])), None)
    if start is None:
        return len(rows)
    while start - 1 > header and _is_day_line_or_blank(rows[start - 1]):
        start -= 1
    return start


def between(rows: Sequence[Sequence[Cell]], places: Iterable[int]) -> set[int]:
    """Give those of some lines that are signatures.

    Parameters
    ----------
    rows
        All rows of the sheet.
    places
        Those to look at, from the top; what is left out ends the signatures above it.

    Examples
    --------
    >>> rows = [["Thanh Hoá, ngày 31/3/2025"], ["Người lập biểu", "Trưởng công an"], [None],
    ...         ["Nguyễn Văn A", "Trần B"], [3, "cuối tháng", "Ba Đình"], ["Lê Văn C", "x"]]
    >>> sorted(between(rows, range(6)))
    [0, 1, 2, 3]
    """
    found: set[int] = set()
    start, last = 0, -2
    for place in places:
        start = start if place == last + 1 else place
        last, row = place, rows[place]
        if row.count(None) == len(row):  # of a million such rows nothing else is asked
            found |= {place} if place - 1 in found else set()
            continue
        if not is_of_signatures(row) or not (place - 1 in found or is_signed(row)):
            continue
        above = place - 1
        while above >= start and above not in found and _is_day_line_or_blank(rows[above]):
            found.add(above)
            above -= 1
        found.add(place)
    return found


def is_of_signatures(row: Sequence[Cell]) -> bool:
    """Tell whether a line can be of signatures: names, ranks, the day; no figure, and no case.

    Examples
    --------
    >>> rows = (["Thiếu tá Trần B"], ["Thanh Hoá, ngày 31/3/2025", "(Ký, ghi rõ họ tên)"], [None],
    ...         ["–", "22h30", "Ba Đình"], ["–", "Ba Đình", "Trộm cắp"], ["Trộm xe hôm qua"])
    >>> [is_of_signatures(row) for row in rows]
    [True, True, True, False, False, False]
    """
    filled = [cell for cell in row if cell is not None]
    if len(filled) > _MOST_CELLS:
        return False
    if not all(not _is_figure(cell) or _is_day_line(cell) for cell in filled):
        return False
    if len(filled) == 1:
        is_title = crowded_rows.kind_of(filled) is crowded_rows.Kind.TITLE
        return is_title or _is_day_line(filled[0])
    return not any(crowded_rows.tells_case(str(cell)) for cell in filled)


def _has_figure(row: Sequence[Cell], own: Sequence[int]) -> bool:
    """Tell whether a row could be one of the table; a day in words alone on its row does not do."""
    if row.count(None) == len(row):
        return False
    cells = (row[i] for i in own if i < len(row))
    has_figure = any(cell is not None and _is_figure(cell) for cell in cells)
    return has_figure and not is_signed(row) and not _is_day_line_or_blank(row)


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or _FIGURE.search(cell) is not None


def is_signed(row: Sequence[Cell]) -> bool:
    """Tell whether a row speaks of signing; beside figures no other cell may say anything else.

    Examples
    --------
    >>> is_signed(["Người lập biểu", None, "Trưởng Công an"]), is_signed(["8/3/2025", "Người lập"])
    (True, False)
    >>> is_signed(["Cán bộ tổng hợp", None, "Đội trưởng", "Chỉ huy duyệt"])
    True
    >>> is_signed(["Người dân báo", "Ba Đình"]), is_signed(["Phó Đức Chính", "Ba Đình"])
    (False, False)
    """
    if row.count(None) == len(row):  # most of a sheet with something far below
        return False
    for cell in row:  # nearly every row of a table ends here, at its number
        if cell is not None and _is_figure(cell) and not _is_of_signing(cell):
            return False
    texts = [cell for cell in row if cell is not None]
    if not any(map(speaks_of_signing, texts)):
        return False
    return all(map(_is_of_signing, texts)) or not any(map(_is_figure, texts))


def _is_of_signing(cell: Cell) -> bool:
    if not isinstance(cell, str) or _LETTER.search(cell) is None:
        return False
    return speaks_of_signing(cell) or _is_day_line(cell)


def speaks_of_signing(cell: Cell) -> bool:
    """Tell whether a cell says that somebody signs, or the duty of who does.

    Examples
    --------
    >>> [speaks_of_signing(cell) for cell in ("NGƯỜI LẬP BIỂU", "Chỉ huy duyệt", "Lê Lợi", 3.0)]
    [True, True, False, False]
    """
    if not isinstance(cell, str):
        return False
    text = fold(cell)
    if _SIGNED.fullmatch(text) is not None:
        return True
    return (
        _DUTY.fullmatch(text) is not None
        and len(text.split()) <= _LONGEST_DUTY
        and _FIGURE.search(text) is None
        and not crowded_rows.tells_case(cell)
    )


def is_name(text: str) -> bool:
    """Tell whether a text is a Vietnamese name in full, a rank before it or not.

    Streets are called like people: what a text is the name of only its column tells.

    Examples
    --------
    >>> [is_name(text) for text in ("Nguyễn Văn An", "Thiếu tá LÊ THỊ HOA", "Trần B", "Đỗ xe")]
    [True, True, True, False]
    """
    words = _RANK.sub("", unicodedata.normalize("NFC", text)).split()
    return (
        2 <= len(words) <= _LONGEST_NAME
        and words[0].casefold() in _FAMILIES
        and all(word.isalpha() and word in {word.title(), word.upper()} for word in words)
    )


def _is_day_line(cell: Cell) -> bool:
    if not isinstance(cell, str) or _OF_A_DAY.fullmatch(fold(cell)) is None:
        return False
    return not crowded_rows.tells_event(cell)


def _is_day_line_or_blank(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None]
    return len(filled) <= 1 and all(map(_is_day_line, filled))
