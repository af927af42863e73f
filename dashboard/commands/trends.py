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
    from dashboard.questions.month import MonthAnswer
    from data.store import Store


def trends(
    month: Annotated[str | None, typer.Option(help="The month, as 2024-11.")] = None,
    category: CategoryOption = None,
    ward: WardOption = None,
    division: Annotated[
        str | None, typer.Option(help="Count in this ward division, not the one in force then.")
    ] = None,
    clear: Annotated[
        str | None,
        typer.Option(help="Clear this alert of the month: WARD:TYPE, all for a sum."),
    ] = None,
    reopen: Annotated[
        str | None, typer.Option(help="Open a cleared alert again: WARD:TYPE.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept with the name of who cleared it.")] = "",
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count a month by ward and type, with intervals, against last month and last year."""
    from dashboard import answer_words, month_series_words
    from dashboard.alert_words import print_alerts
    from dashboard.questions import city, month_alerts, month_known, month_series
    from dashboard.questions import month as month_question
    from data import clock

    opened = open_store(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    name = parse_month(month) or newest_month(opened, day)
    city.check_month(opened, name, today=day)
    last = month_known.last_day(opened, name, today=day)
    known = month_known.read(opened, on=last, today=day, division=division)
    found = month_question.answer(
        opened,
        month_question.MonthRequest(
            month=name,
            today=day,
            categories=once(category),
            ward_codes=once(ward),
            division=division,
        ),
        known=known,
    )
    for row, is_cleared in ((clear, True), (reopen, False)):
        if row is not None:
            _keep(opened, found, row, reason=reason, is_cleared=is_cleared)
    alerts = month_alerts.listed(opened, found)
    sensed = month_alerts.sensitivity(found)
    ahead = month_series.forecast(known, found)
    if as_json:
        print_json(
            {
                **month_question.as_json(found),
                **month_alerts.as_json(alerts, sensed),
                **month_series.as_json(month_series.control(known, found), ahead),
            }
        )
        return
    answer_words.print_month(words(opened), found)
    print_alerts(words(opened), alerts, sensed, zone=opened.properties.timezone)
    month_series_words.print_forecast(words(opened), ahead)


def _keep(store: Store, found: MonthAnswer, row: str, *, reason: str, is_cleared: bool) -> None:
    from dashboard.questions import month_alerts
    from data.store import current_actor

    ward_code, _, category = row.partition(":")
    month_alerts.clear(
        store,
        found,
        ward_code=ward_code.strip(),
        category=category.strip(),
        reason=reason,
        actor=current_actor(),
        is_cleared=is_cleared,
    )


def newest_month(store: Store, day: date) -> date:
    """Give the month in which the records end."""
    from dashboard.questions import city, months

    span = city.record_span(store, day)
    newest = span[1] if span else day
    return months.name_of(newest, reporting_day=store.properties.reporting_day)
