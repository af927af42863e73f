"""What a cell of a row says, or why the row is refused for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from data import offences
from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.records import Row, RowRefusedError
from data.importing.values import hours_beside, moments, words_beside
from data.importing.values.conventions import (
    MONEY_FIELDS,
    is_either_order,
    is_either_sign,
    is_exchangeable,
    is_other_order,
    is_other_sign,
)
from data.importing.values.goods import is_goods
from data.importing.values.moments import (
    EARLIEST,
    NOTHING,
    CountInDoubtMomentError,
    Found,
    LunarMomentError,
    MonthInDoubtMomentError,
    MoreThanADayMomentError,
    NoYearError,
    OpenHourMomentError,
    OpenSpanMomentError,
    SeveralDaysMomentError,
    TwoEventsMomentError,
    UnreadableMomentError,
    WeekdayMomentError,
    YearInDoubtMomentError,
)
from data.importing.values.money import (
    MAX_LENGTH,
    OtherCurrencyError,
    is_no_money,
    parse_money,
)
from data.importing.values.quantities import (
    UnreadableQuantityError,
    parse_number,
    parse_yes_no,
)
from data.importing.values.words import OUTCOME_OF

_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST = 2**63


def read_word(row: Row, name: str, known: Mapping[str, str], reason: str) -> str | None:
    """Read a word of a list, whatever stands in brackets or after a stroke; None when blank.

    Raises
    ------
    RowRefusedError
        With ``reason``: the list does not have it.
    """
    text = row.text(name)
    if text is None:
        return None
    for part in (text, text.partition("(")[0], text.partition("/")[0]):
        word = known.get(fold(part))
        if word is not None:
            return word
    raise row.refuse(reason, name)


def read_number(
    row: Row, name: str, parse: Callable[..., float | None] = parse_number
) -> float | None:
    """Read a number as its column writes numbers; None when blank.

    Raises
    ------
    RowRefusedError
        ``bad_number``; ``other_decimal_sign`` where its groups contradict the column;
        ``decimal_in_doubt`` where its column leaves the sign open.
    """
    cell = row.cells.get(name)
    if cell is None:
        return None
    decimal = row.decimal(name)
    if isinstance(cell, str) and is_other_sign(cell, decimal):
        raise row.refuse("other_decimal_sign", name)
    is_open = row.draft.conventions.is_decimal_in_doubt(name) and name not in MONEY_FIELDS
    if is_open and is_either_sign(cell):
        raise row.refuse("decimal_in_doubt", name)
    try:
        return parse(cell, decimal=decimal)
    except OtherCurrencyError as error:
        raise row.refuse("other_currency", name) from error
    except UnreadableQuantityError as error:
        raise row.refuse("bad_number", name) from error


def read_measure(row: Row, name: str, reason: str, *, most: float = 100_000) -> float | None:
    """Read a measure over nothing and not over the most it can be; None when blank.

    Raises
    ------
    RowRefusedError
        As :func:`read_number`, or with ``reason``.
    """
    value = read_number(row, name)
    if value is not None and not 0 < value <= most:
        raise row.refuse(reason, name)
    return value


def read_whole(row: Row, name: str) -> int | None:
    """Read a whole number, 0 or more; None when blank.

    Raises
    ------
    RowRefusedError
        As :func:`read_number`.
    """
    value = read_number(row, name)
    if value is None:
        return None
    if not 0 <= value < _MOST or not value.is_integer():
        raise row.refuse("bad_number", name)
    return int(value)


def read_money(row: Row, name: str) -> int | None:
    """Read an amount, 0 or more, with the unit that its heading names; None when blank.

    None too where damage is told in goods, and no amount.

    Raises
    ------
    RowRefusedError
        As :func:`read_number`; ``other_currency`` where it is not the store's.
    """
    if name == "damage" and is_in_words(row.cells.get(name)):
        return None
    heading, currency = row.draft.mapping.get(name, ""), row.draft.conventions.currency
    amount = read_number(
        row,
        name,
        lambda cell, *, decimal: parse_money(
            cell, heading=heading, decimal=decimal, currency=currency
        ),
    )
    if amount is not None and not 0 <= amount < _MOST:
        raise row.refuse("bad_number", name)
    return None if amount is None else int(amount)


def is_in_words(cell: Cell) -> bool:
    """Tell whether a cell of a column of damage tells goods and no amount.

    What says an offence or an outcome is in the wrong column.

    Examples
    --------
    >>> [is_in_words(cell) for cell in ("01 xe máy", "15 triệu", "không", "Trộm cắp tài sản", 5)]
    [True, False, False, False, False]
    """
    if not isinstance(cell, str) or moments.is_unknown(cell) or is_no_money(cell):
        return False
    if len(cell) > MAX_LENGTH or offences.classify(cell) != offences.UNCLASSIFIED:
        return False
    return fold(cell) not in OUTCOME_OF and is_goods(cell)


_REASONS: Mapping[type[UnreadableMomentError], str] = {
    NoYearError: "no_year",
    YearInDoubtMomentError: "year_in_doubt",
    MonthInDoubtMomentError: "month_in_doubt",
    CountInDoubtMomentError: "count_in_doubt",
    LunarMomentError: "lunar_date",
    WeekdayMomentError: "other_weekday",
    OpenSpanMomentError: "open_span",
    SeveralDaysMomentError: "several_days",
    OpenHourMomentError: "open_hour",
    TwoEventsMomentError: "two_events",
}
"""Why a cell of moments is refused; others are ``bad_date``."""


def read_yes_no(row: Row, name: str) -> bool | None:
    """Read a cross, a yes or a no; None when blank.

    Raises
    ------
    RowRefusedError
        ``bad_yes_no``
    """
    try:
        return parse_yes_no(row.get(name))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_yes_no", name) from error


def find_moment(row: Row, name: str, *, zone: ZoneInfo | None = None) -> Found:
    """Find days and times in a cell as its column writes days.

    Raises
    ------
    RowRefusedError
        ``other_date_order`` where it can be read, but not in the order that its column shows or a
        person told; ``date_order_in_doubt`` where its column leaves the order open, see
        :mod:`data.importing.values.conventions`; ``day_may_be_month`` where a
        spreadsheet has likely exchanged the two; ``no_year`` where nobody tells the year;
        ``year_in_doubt`` where it may be that before the title's, ``month_in_doubt`` where its
        month may be; ``count_in_doubt`` of a bare
        number in a workbook that counts its days from 1904;
        ``lunar_date``; ``other_weekday`` where another day of the week stands beside it;
        ``open_span`` of what may be a day or a span of days; ``several_days`` of days that do not
        follow each other; ``open_hour`` where it is open on which day an hour was; ``two_events``
        of days or hours of two things; ``more_than_a_day`` where words beside them tell a place or
        that they are of something else; else ``bad_date``.
    """
    cell = row.cells.get(name)
    if cell is None:
        return NOTHING
    order = row.date_order(name)
    if isinstance(cell, str) and is_other_order(cell, order):
        is_shown = row.draft.conventions.is_date_order_shown(name)
        is_open = row.draft.conventions.is_date_order_in_doubt(name)
        reason = "date_order_in_doubt" if is_open else "other_date_order"
        raise row.refuse(reason if is_shown or is_open else "bad_date", name)
    if row.draft.conventions.is_date_order_in_doubt(name) and is_either_order(cell):
        raise row.refuse("date_order_in_doubt", name)
    if name in row.draft.conventions.exchanged and is_exchangeable(cell):
        raise row.refuse("day_may_be_month", name)
    read = partial(moments.find, zone=zone, order=order, year=row.draft.year)
    try:
        found = _found(row, name, read)
    except MoreThanADayMomentError as error:
        raise _refused_for_more(row, name) from error
    except UnreadableMomentError as error:
        raise row.refuse(_REASONS.get(type(error), "bad_date"), name) from error
    is_bare = name in row.draft.conventions.bare and found.times == (time(),)
    return Found(found.days) if is_bare else found


def find_hour(row: Row, name: str, *, zone: ZoneInfo | None = None) -> Found:
    """Find hours in a cell of a column of hours.

    Raises
    ------
    RowRefusedError
        ``more_than_a_day`` where words beside the hour say more than when; else ``bad_time``.
    """
    try:
        return _found(row, name, partial(moments.find_time, zone=zone))
    except MoreThanADayMomentError as error:
        raise _refused_for_more(row, name) from error
    except UnreadableMomentError as error:
        raise row.refuse("bad_time", name) from error


def _found(row: Row, name: str, read: Callable[[Cell], Found]) -> Found:
    """Read a cell; words that its heading says too are none beside the day or the hour."""
    cell = row.get(name)
    try:
        return read(cell)
    except MoreThanADayMomentError:
        bare = words_beside.without(str(cell), row.draft.mapping.get(name, ""))
        if bare == cell:
            raise
        return read(bare)


def _refused_for_more(row: Row, name: str) -> RowRefusedError:
    """Make the refusal, which shows when and not the other words: they may name a person."""
    shown = words_beside.hidden(row.text(name) or "")
    return replace(row, cells={**row.cells, name: shown}).refuse("more_than_a_day", name)


def read_day(row: Row, name: str, *, latest: date | None = None) -> date | None:
    """Read a day, or a year alone as its first day; None when blank.

    Raises
    ------
    RowRefusedError
        As :func:`find_moment`; ``impossible_date``, or ``date_in_future`` after ``latest``.
    """
    text = row.text(name)
    if text is not None and _YEAR.fullmatch(text):
        day: date | None = date(int(text), 1, 1)
    else:
        found = find_moment(row, name)
        _check_one(row, name, found)
        day = found.days[0] if found.days else None
    if day is not None:
        check_day(row, name, day, latest=latest)
    return day


def read_moment(row: Row, name: str, *, zone: ZoneInfo, latest: date) -> datetime | None:
    """Read a moment of the store's zone, a day alone as its first minute; None when blank.

    Raises
    ------
    RowRefusedError
        As :func:`read_day`; ``bad_date`` too where there is an hour without a day.
    """
    found = find_moment(row, name, zone=zone)
    check_bound(row, name, found)
    if not found.days:
        if found.times:
            raise row.refuse("bad_date", name)
        return None
    _check_one(row, name, found)
    check_day(row, name, found.days[0], latest=latest)
    is_hour_told = bool(found.times) and not found.is_span
    return datetime.combine(found.days[0], found.times[0] if is_hour_told else time(), zone)


def check_bound(row: Row, name: str, found: Found, *, against: Sequence[str] = ()) -> None:
    """Check that a day is no mere bound: *đến 20/11/2024* tells no day on which something was.

    Parameters
    ----------
    row, name, found
        What was found in which cell.
    against
        The columns of the other end, beside which *từ* and *đến* are the ends of a span.

    Raises
    ------
    RowRefusedError
        ``bad_date``
    """
    if found.bound is None:
        return
    is_end = found.bound == ("until" if name.startswith("end_") else "from")
    if not is_end or all(row.get(other) is None for other in against):
        raise row.refuse("bad_date", name)


def _check_one(row: Row, name: str, found: Found) -> None:
    """Check that a cell that has to tell one day tells no span of days."""
    if len(found.days) > 1 and not found.times:
        raise row.refuse("bad_date", name)


def read_moment_of(
    row: Row, names: tuple[str, str, str], *, zone: ZoneInfo, latest: date
) -> datetime | None:
    """Read a moment from a column of moments, or of days with one of times beside it.

    Parameters
    ----------
    names
        The fields of the moment, of the day and of the time.

    Raises
    ------
    RowRefusedError
        As :func:`read_moment`; ``bad_time``; ``two_events`` where both cells tell an hour, and not
        the same.
    """
    moment, day, clock = names
    told = moment if row.get(moment) is not None else day
    found = read_moment(row, told, zone=zone, latest=latest)
    hours = find_hour(row, clock, zone=zone)
    if hours.is_span or hours.shifts:
        raise row.refuse("bad_time", clock)
    try:
        times = hours_beside.agreed(hours, find_moment(row, told, zone=zone)).times
    except UnreadableMomentError as error:
        raise row.refuse("two_events", clock, against=told) from error
    return (
        found.replace(hour=times[0].hour, minute=times[0].minute, second=times[0].second)
        if (found is not None and hours.times)
        else found
    )


def check_day(row: Row, name: str, day: date, *, latest: date | None) -> None:
    """Check that a day is one of this age.

    Raises
    ------
    RowRefusedError
        ``impossible_date``, or ``date_in_future`` after ``latest``.
    """
    if day < EARLIEST:
        raise row.refuse("impossible_date", name)
    if latest is not None and day > latest:
        raise row.refuse("date_in_future", name)
