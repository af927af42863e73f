"""Days of the week beside a day: *Thứ bảy, 08/03/2025*; a second witness of which day was meant.

Where the two disagree one of them is wrong, often month and day are exchanged, and nobody here can
say which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from babel import Locale

_VIETNAMESE = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}
_NAMES: dict[str, int] = {
    **{
        name.casefold(): number
        for language in ("en", "fr")
        for number, name in Locale.parse(language).days["format"]["wide"].items()
    },
    **{f"thứ {name}": number for name, number in _VIETNAMESE.items()},
    "chủ nhật": 6, "chúa nhật": 6, "chu nhat": 6, "cn": 6,
}  # fmt: skip
WORDS = frozenset(word for name in _NAMES for word in name.split()) | {"thu", "t"}
"""Runs of letters without which a text names no day of the week."""

_NAME = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_WEEKDAY = re.compile(
    rf"(?<![\w/.-])(?:(?P<name>{_NAME})(?!\w)"
    r"|(?:thứ|thu)\s*(?P<number>[2-7])(?![\w/:-]|\.\d)|t(?P<short>[2-7])(?![\w/:-]|\.\d))"
)


class OtherWeekdayError(ValueError):
    """A day that is no such day of the week."""


def taken_out(text: str) -> tuple[str, tuple[int, ...]]:
    """Take the days of the week out of a text; Monday is 0.

    Parameters
    ----------
    text
        Lower case, NFC.

    Examples
    --------
    >>> taken_out("thứ 7, 08/03/2025")
    (' , 08/03/2025', (5,))
    >>> taken_out("sunday, 8 december 2024")[1], taken_out("t2 9/12/2024")[1]
    ((6,), (0,))
    """
    found = tuple(_number(match) for match in _WEEKDAY.finditer(text))
    return (_WEEKDAY.sub(" ", text), found) if found else (text, ())


def check(days: Sequence[date], weekdays: Sequence[int]) -> None:
    """Check that one day is of the one day of the week that is named with it.

    Raises
    ------
    OtherWeekdayError
        It is of another.

    Examples
    --------
    >>> check([date(2025, 3, 8)], [5])
    """
    if len(days) == len(weekdays) == 1 and days[0].weekday() != weekdays[0]:
        raise OtherWeekdayError(str(days[0]))


def _number(match: re.Match[str]) -> int:
    if match["name"]:
        return _NAMES[match["name"]]
    return int(match["number"] or match["short"]) - 2
