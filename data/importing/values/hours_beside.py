"""An hour in the cell of the day, and another one in the column of hours beside it.

The two tell one thing twice, or two things: *12/03/2024 14:30* beside *20h* may be the deed and its
report. Nobody can tell which is which, so only what both can mean is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from data.importing.values.moments import Found, TwoEventsMomentError

_MIDNIGHT = (time(),)


def agreed(clock: Found, beside: Found) -> Found:
    """Give whichever of two cells tells the hours of an event more exactly.

    Parameters
    ----------
    clock
        Of the column of hours.
    beside
        Of the cell of the day, where midnight alone is no hour: spreadsheets write it to a day.

    Raises
    ------
    TwoEventsMomentError
        The hours differ by a minute or more, or an hour lies outside of the part of the day.

    Examples
    --------
    >>> at, night = Found((), (time(14, 30),)), Found((), (time(18), time(6)), is_span=True)
    >>> agreed(at, Found()).times, agreed(at, Found((), (time(),))) is at
    ((datetime.time(14, 30),), True)
    >>> agreed(night, Found((), (time(23),))).times, agreed(Found((), (time(23),)), night).times
    ((datetime.time(23, 0),), (datetime.time(23, 0),))
    >>> agreed(night, at)
    Traceback (most recent call last):
    ...
    data.importing.values.moments.TwoEventsMomentError: 18:00 06:00, 14:30
    """
    if not tells_two(clock, beside):
        return clock if clock.times else beside
    said, other = _minutes(clock.times), _minutes(beside.times)
    if not any(clock.shifts):
        if said == other:
            return clock
        if clock.is_span and beside.is_span and _is_of_one_day(beside):
            if are_within(clock.times, beside):
                return clock
        elif clock.is_span != beside.is_span:
            exact, part = (beside, clock) if clock.is_span else (clock, beside)
            if are_within(exact.times, part):
                return exact
        elif said[: len(other)] == other:
            return clock
        elif other[: len(said)] == said:
            return beside
    told = (" ".join(f"{hour:%H:%M}" for hour in one.times) for one in (clock, beside))
    raise TwoEventsMomentError(", ".join(told))


def tells_two(clock: Found, beside: Found) -> bool:
    """Tell whether both cells tell hours, and not midnight for a day.

    Examples
    --------
    >>> evening = Found((), (time(20),))
    >>> tells_two(evening, evening), tells_two(evening, Found((), (time(),)))
    (True, False)
    """
    return bool(clock.times and beside.times) and beside.times != _MIDNIGHT


def is_one_part(clock: Found, beside: Found) -> bool:
    """Tell whether hours stand beside a part of the day, and may have to be read with it.

    Not where they lie within one day's part as they stand.

    Examples
    --------
    >>> evening = Found((), (time(17), time(23, 59)), is_span=True)
    >>> [is_one_part(Found((), (time(hour),)), evening) for hour in (8, 20)]
    [True, False]
    """
    if clock.is_span or any(clock.shifts) or not clock.times:
        return False
    return not (_is_of_one_day(beside) and are_within(clock.times, beside))


def are_within(times: Sequence[time], part: Found) -> bool:
    """Tell whether hours lie in a part of the day; a night goes over midnight.

    Examples
    --------
    >>> night = Found((), (time(18), time(6)), is_span=True)
    >>> [are_within([time(hour)], night) for hour in (2, 14, 23)]
    [True, False, True]
    """
    first, last = part.times[0], part.times[-1]
    if first <= last:
        return all(first <= hour <= last for hour in times)
    return all(hour >= first or hour <= last for hour in times)


def _minutes(times: Sequence[time]) -> list[time]:
    return [hour.replace(second=0, microsecond=0) for hour in times]


def _is_of_one_day(found: Found) -> bool:
    return found.times[0] <= found.times[-1]
