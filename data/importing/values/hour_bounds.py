"""Hours that bound when something happened, and do not tell it: *trước 6h*, *sau 22h*.

The day, or the part of it that is named beside, goes as far as the hour or begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Literal, TypeAlias

from data.importing.values import parts_of_day
from data.importing.values.parts_of_day import Part, UnclearHourError
from data.importing.values.span_ends import HOUR

Bound: TypeAlias = Literal["until", "before", "after"]

_ABOUT = r"(?:\s+(?:lúc|luc|khoảng|khoang|hồi|hoi|tầm|tam|about|around|vers|environ))*"
_BEFORE = re.compile(
    rf"(?<!\w)(?:trước|truoc|before|by|avant){_ABOUT}\s*{HOUR}"
    rf"|{HOUR}\s*(?:trở|tro)\s+(?:về|ve|lại|lai)\s+(?:trước|truoc)(?!\w)"
)
_UNTIL = re.compile(rf"(?<!\w)(?:đến|den|tới|until|till|jusqu['’]à){_ABOUT}\s*{HOUR}")
_AFTER = re.compile(
    rf"(?<!\w)(?:sau|after|après|apres){_ABOUT}\s*{HOUR}"
    rf"|{HOUR}\s*(?:trở|tro)\s+(?:đi|di|về\s+sau|ve\s+sau|lên|len)(?!\w)"
)
_DAY = (time(0), time(23, 59))


def told(text: str) -> Bound | None:
    """Tell whether something was before or after the one hour of a text; None where at it.

    Parameters
    ----------
    text
        With ¤ in the place of the hour; lower case, NFC.

    Examples
    --------
    >>> told("khoảng trước ¤"), told("đến ¤"), told("sau lúc ¤"), told("¤ trở đi"), told("lúc ¤")
    ('before', 'until', 'after', 'after', None)
    """
    patterns: tuple[tuple[re.Pattern[str], Bound], ...] = (
        (_BEFORE, "before"), (_AFTER, "after"), (_UNTIL, "until"),
    )  # fmt: skip
    return next((bound for pattern, bound in patterns if pattern.search(text)), None)


def span(clock: time, bound: Bound, parts: Sequence[Part]) -> tuple[time, time]:
    """Give the span that an hour bounds, within the day or the part of it that is named.

    Raises
    ------
    UnclearHourError
        The hour leaves nothing of the part.

    Examples
    --------
    >>> span(time(6), "before", [])
    (datetime.time(0, 0), datetime.time(6, 0))
    >>> span(time(22), "after", []), span(time(22), "after", ["night"])[1]
    ((datetime.time(22, 0), datetime.time(23, 59)), datetime.time(6, 0))
    """
    first, last = parts_of_day.SPANS[parts[0]] if parts else _DAY
    found = (clock, last) if bound == "after" else (first, clock)
    is_overnight = bool(parts) and parts[0] == "night" and found[0].hour >= first.hour
    if found[0] >= found[1] and not is_overnight:
        raise UnclearHourError(str(clock))
    return found
