"""Where a printed table ends and its signatures begin: people's names that are never kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.records import Cell

_DAY_LINE = (
    r"(?:(?:.* )?ngay\b.*\bthang\b.*\bnam\b[ \d]*|(?:[a-z]+ ){0,4}ngay \d{1,2} \d{1,2} \d{4})"
)
_SIGNED = re.compile(
    rf"(?:{_DAY_LINE} ?)?(?:(?:tm|kt|tl|dai dien) )?"
    r"(?:nguoi lap|nguoi ghi|nguoi viet so|lap bieu|can bo lap|can bo ghi|thu truong|truong cong an"
    r"|pho truong cong an|chi huy truong|ky ten|ky va ghi|ky ghi ro|ky ho ten"
    r"|signature|signataire|signed|prepared by|etabli par)\b.*"
)


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


def _has_figure(row: Sequence[Cell], own: Sequence[int]) -> bool:
    """Tell whether a row could be one of the table; a day in words alone on its row does not do."""
    if row.count(None) == len(row):
        return False
    cells = (row[i] for i in own if i < len(row))
    has_figure = any(cell is not None and _is_figure(cell) for cell in cells)
    return has_figure and not is_signed(row) and not _is_day_line_or_blank(row)


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or re.search(r"\d", cell) is not None


def is_signed(row: Sequence[Cell]) -> bool:
    """Tell whether a row speaks of signing; beside figures no other cell may say anything else.

    Examples
    --------
    >>> is_signed(["Người lập biểu", None, "Trưởng Công an"]), is_signed(["8/3/2025", "Người lập"])
    (True, False)
    """
    if row.count(None) == len(row):  # most of a sheet with something far below
        return False
    texts = [cell for cell in row if cell is not None]
    is_signed = [isinstance(text, str) and _SIGNED.fullmatch(fold(text)) for text in texts]
    if not any(is_signed):
        return False
    is_plain = not any(map(_is_figure, texts))
    return is_plain or all(
        known or _is_day_line(text) for known, text in zip(is_signed, texts, strict=True)
    )


def _is_day_line(cell: Cell) -> bool:
    return isinstance(cell, str) and re.fullmatch(_DAY_LINE, fold(cell)) is not None


def _is_day_line_or_blank(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None]
    return len(filled) <= 1 and all(map(_is_day_line, filled))
