"""Rows of a list that stand in one cell: told from titles, sums and footers, which do too.

A line with other separators than its file, a line in quotation marks as a whole, or a row typed
into the first column leaves every other column blank. It is no title, because it begins like a row
(with its number, its day or its hour) or has a day between separators.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.records import Cell

_SEPARATORS = (";", "\t", "|", ",")
_FEWEST_PARTS = 3
_DAY = r"\d{1,2}[-/.]\d{1,2}(?:[-/.](?:\d\d){1,2})?|\d{4}-\d\d?-\d\d?"
_WHOLE_DAY = re.compile(rf"[\s\"']*(?:{_DAY})[\s\"']*(?:\d{{1,2}}[:hg]\d{{0,2}}.*)?")
_DAYS = re.compile(rf"(?<![\d/.-])(?:{_DAY})(?![\d/-])")
_HOUR = r"\d{1,2}\s*(?:h|g|giờ|gio|:)\s*(?:\d\d)?"
_ANY_DAY = (
    rf"(?:\d{{4}}/\d\d?/\d\d?|\d\d?\s*[-–]\s*\d\d?/\d\d?/(?:\d\d){{1,2}}|{_DAY}"
    r"|\d\d?\s+tháng\s+\d\d?\s+năm\s+\d{4}|\d\d?\s+[^\W\d_]{3,9}\.?\s+\d{4})"
)
_WHEN = re.compile(
    rf"[\s\"']*(?:{_HOUR}\s*,?\s*)?(?:ngày|ngay)?\s*{_ANY_DAY}[\s\"']*(?:{_HOUR}.*)?", re.I
)
_OF_A_SUM = re.compile(r"(?:tong|cong|luy ke|total)\b")
_WHEN_FIRST = re.compile(rf"\s*(?:{_HOUR}\s*,?\s*)?(?:ngày|ngay)?\s*(?:{_DAY})(?![\d/-])", re.I)
_NUMBER = re.compile(r"\s*\d{1,4}\s*(?:[/.):;|-]\s*|\s+)(?=\D|\d{1,2}[-/.]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NO_WORDS = frozenset(
    {"ngay", "thang", "nam", "gio", "phut", "luc", "vao", "khoang", "thu", "h", "g"}
)
_OF_A_NOTE = re.compile(
    r"^(?:tong|cong|luy ke|trang|page|total|in luc)\b|\b(?:ghi chu|so lieu|tinh den)\b"
    r"|\btu(?: ngay)? \d+ \d+(?: \d+)? (?:den|toi)\b"
)
_FEWEST_WORDS = 4
_FEWEST_BEHIND_NUMBER = 6  # 2. Trộm cắp tài sản - ngày 3/11 is a title


def is_crowded(row: Sequence[Cell]) -> bool:
    """Tell whether the one filled cell of a line holds a whole row of a list.

    Examples
    --------
    >>> rows = ("3,05/11/2024,Đánh bạc,Ba Đình", "7/ ngày 8/11/2024 trộm cắp tài sản tại chợ Nam",
    ...         "04/11/2024 đánh bạc ở Ba Đình")
    >>> [is_crowded([row, None]) for row in rows]
    [True, True, True]
    >>> lists = ("3;22h15 ngày 05/11/2024;Đánh bạc;Ba Đình", "3,22:15 05/11/2024,Đánh bạc,Ba Đình",
    ...          "3;12-15/11/2024;Đánh bạc;", "3;2024/11/05;Đánh bạc;theo số liệu phường",
    ...          "4|5 Nov 2024|Đánh bạc", "4;05 tháng 11 năm 2024;Đánh bạc")
    >>> [is_crowded([one, None]) for one in lists]
    [True, True, True, True, True, True]
    >>> titles = ("Thanh Hoá, ngày 30 tháng 11 năm 2024", "2. Trộm cắp tài sản - ngày 3/11",
    ...           "Ngày 03/11/2024", "Trang 2/3", "Từ ngày 1/11/2024, đến ngày 30/11/2024")
    >>> [is_crowded([title]) for title in titles]
    [False, False, False, False, False]
    """
    filled = [cell for cell in row if cell is not None]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    text = filled[0]
    if any(_is_listed(text, each) for each in _SEPARATORS):
        return True
    days = _DAYS.findall(text)
    if not days or _OF_A_NOTE.search(fold(text)):
        return False
    return any(_is_split(text, each) for each in _SEPARATORS) or (
        len(days) == 1 and _begins_like_a_row(text)
    )


def _is_listed(text: str, separator: str) -> bool:
    """Tell whether a text is a line of a list with other separators: its number, then its day."""
    parts = [part.strip(" \"'") for part in text.split(separator) if part.strip(" \"'")]
    if len(parts) < _FEWEST_PARTS or _OF_A_SUM.match(fold(text)):
        return False
    begins = parts[0].isdigit() or _WHEN.fullmatch(parts[0]) is not None
    return begins and any(map(_WHEN.fullmatch, parts))


def _begins_like_a_row(text: str) -> bool:
    """Tell whether a text begins with the number or the day of a row, and tells enough behind."""
    n_words = sum(word not in _NO_WORDS for word in _WORD.findall(fold(text)))
    if _WHEN_FIRST.match(text):
        return n_words >= _FEWEST_WORDS
    number = _NUMBER.match(text)
    if number is None:
        return False
    is_day_next = _WHEN_FIRST.match(text, number.end()) is not None
    return n_words >= (_FEWEST_WORDS if is_day_next else _FEWEST_BEHIND_NUMBER)


def _is_split(text: str, separator: str) -> bool:
    parts = [part for part in text.split(separator) if part.strip()]
    return len(parts) >= _FEWEST_PARTS and any(map(_WHOLE_DAY.fullmatch, parts))
