"""Count a month."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.arguments import parse_day, parse_month
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import (
    CategoryOption,
    JsonOption,
    StoreOption,
    TodayOption,
    WardOption,
    once,
)
from dashboard.printing import print_json

if TYPE_CHECKING:
    from data.store import Store


def trends(
    month: Annotated[str | None, typer.Option(help="The month, as 2024-11.")] = None,
    category: CategoryOption = None,
    ward: WardOption = None,
    division: Annotated[
        str | None, typer.Option(help="Count in this ward division, not the one in force then.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count a month by ward and type, with intervals, against last month and last year."""
    from dashboard import answer_words
    from dashboard.questions import month as month_question
    from data import clock

    opened = open_store(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    found = month_question.answer(
        opened,
        month_question.MonthRequest(
            month=parse_month(month) or _newest_month(opened, day),
            today=day,
            categories=once(category),
            ward_codes=once(ward),
            division=division,
        ),
    )
    if as_json:
        print_json(month_question.as_json(found))
    else:
        answer_words.print_month(words(opened), found)


def _newest_month(store: Store, day: date) -> date:
    """Give the month in which the records end."""
    from dashboard.questions import city

    span = city.record_span(store, day)
    return (span[1] if span else day).replace(day=1)
