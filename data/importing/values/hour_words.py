"""Hours told in words as well, put into figures: *8 giờ rưỡi*, *9 giờ kém 15*, *8h toi*."""

from __future__ import annotations

import re

_HALF = re.compile(r"(?<![\d/.-])(?P<h>\d{1,2})\s*(?:giờ|gio|h|g)?\s*(?:rưỡi|rưởi|ruoi)(?!\w)")
_POINT = re.compile(r"(?<![\d.])(?P<h>\d{1,2})\.(?P<m>\d\d)(?=\s*(?:[ap]\.?m|sa|ch)(?!\w))")
_LESS = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})\s*(?:giờ|gio|h|g)\s*(?:kém|kem)\s*(?P<m>\d{1,2})(?!\d)"
    r"(?:\s*(?:phút|phut|ph)(?!\w))?"
)
_WITHOUT_MARKS = re.compile(
    r"(?P<hour>\d\s*(?:gio|h|g|:)\s*(?:\d\d)?\s*)(?P<word>toi|sang)(?!\w)"
    r"(?P<number>\s*,?\s*(?:ngay\s*)?\d{1,2}(?P<is_hour>\s*(?:gio|[:hg]))?)?"
)
_MARKED = {"toi": "tối", "sang": "sáng"}
WORDS = frozenset(
    {"rưỡi", "rưởi", "ruoi", "kém", "kem", "am", "pm", "a", "p", "sa", "ch", *_MARKED}
)
"""Runs of letters without which a text has nothing to put into figures."""

_OPEN = re.compile(r"(?<!\w)(?:rưỡi|rưởi|ruoi|kém|kem)(?!\w)")


class UnclearHourError(ValueError):
    """Words beside an hour that leave it open which one is meant."""


def in_figures(text: str) -> str:
    """Write the half hours of a text, and hours told by the minutes that they lack, in figures.

    Parameters
    ----------
    text
        Lower case, NFC.

    Raises
    ------
    UnclearHourError
        It says *half* or *less*, and not of which hour or by how much in figures; or *toi* before
        a day, which without its marks is both *in the evening* and *until*.

    Examples
    --------
    >>> in_figures("8 giờ rưỡi tối"), in_figures("9 giờ kém 15"), in_figures("20h30")
    ('8h30 tối', '8h45', '20h30')
    >>> in_figures("8h toi"), in_figures("20h toi 22h"), in_figures("8.30 pm")
    ('8h tối', '20h toi 22h', '8:30 pm')
    """
    if text.isascii():
        text = _WITHOUT_MARKS.sub(_marked, text)
    text = _POINT.sub(r"\g<h>:\g<m>", text)
    found = _LESS.sub(_less, _HALF.sub(r"\g<h>h30", text))
    if _OPEN.search(found):
        raise UnclearHourError(text)
    return found


def _less(match: re.Match[str]) -> str:
    minutes = int(match["h"]) * 60 - int(match["m"])
    if not 0 < int(match["m"]) < 60 or minutes < 0:
        raise UnclearHourError(match.group())
    return f"{minutes // 60}h{minutes % 60:02d}"


def _marked(match: re.Match[str]) -> str:
    if match["is_hour"]:
        return match.group()
    if match["number"]:
        raise UnclearHourError(match.group())
    return f"{match['hour']}{_MARKED[match['word']]}"
