"""How a month is named: by its name, and where it is not the calendar's by its days."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts


def spoken_month(say: Texts, month: date) -> str:
    """Write a month as a sentence of the language has it.

    Examples
    --------
    >>> spoken_month(Texts("en"), date(2024, 2, 1)), spoken_month(Texts("vi"), date(2024, 2, 1))
    ('February 2024', '02/2024')
    """
    return format_date(month, say("month.pattern"), locale=say.locale)


def month_heading(say: Texts, found: MonthAnswer) -> str:
    """Name the month, and where it is not the calendar's its first and last day."""
    month = spoken_month(say, found.request.month)
    if found.reporting_day == 1:
        return say("month.heading", month=month)
    return say("month.heading_days", month=month, days=month_days(say, found))


def month_days(say: Texts, found: MonthAnswer) -> str:
    """Write the first and the last day of a month, without their year.

    Examples
    --------
    15 October to 14 November are written 15/10–14/11 in Vietnamese and French.
    """
    pattern = say("month.day_pattern")
    first, last = (
        format_date(day, pattern, locale=say.locale) for day in (found.first_day, found.last_day)
    )
    return f"{first}–{last}"
