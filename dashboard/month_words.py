"""How a month is named: by its name, and where it is not the calendar's by its days."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from dashboard.questions.late import LateReports
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts

ALL_KNOWN_SHARE = 0.995
"""From here on a share is written as 100 %, and what is missing hardly matters."""


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


def late_line(say: Texts, found: LateReports) -> str:
    """Say how much of the month is known, and how many incidents there will be in the end."""
    now = found.nowcast
    if now.known_share >= ALL_KNOWN_SHARE:
        return say("month.late_none", day=say.day(found.seen_until))
    return say(
        "month.late",
        day=say.day(found.seen_until),
        share=say.percent(now.known_share),
        estimate=say.number(now.estimate),
        low=say.number(now.low),
        high=say.number(now.high),
    )


def began_line(say: Texts, found: MonthAnswer) -> str:
    """Say which types were not recorded from the beginning, and since when."""
    types = [
        say("month.began_one", type=say(f"category.{category}"), day=say.day(day))
        for category, day in found.began.items()
    ]
    return say("month.began", types=", ".join(types))


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
