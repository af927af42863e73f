"""Find a month's hot spots."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.arguments import parse_day, parse_month
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import CategoryOption, JsonOption, StoreOption, TodayOption, once
from dashboard.commands.trends import newest_month
from dashboard.printing import print_json


def hotspots(
    month: Annotated[str | None, typer.Option(help="The month, as 2024-11.")] = None,
    category: CategoryOption = None,
    months: Annotated[
        int, typer.Option(min=1, max=36, help="So many months together, the asked one the last.")
    ] = 1,
    size_m: Annotated[
        float, typer.Option("--size-m", min=50, max=5_000, help="Width of a hexagon in metres.")
    ] = 500.0,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find where a month's incidents gathered, if they repeat, and what the last ones caught."""
    from dashboard import hot_spot_words
    from dashboard.questions import hot_spots as question
    from data import clock

    opened = open_store(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    found = question.answer(
        opened,
        question.HotSpotsRequest(
            month=parse_month(month) or newest_month(opened, day),
            today=day,
            categories=once(category),
            months_back=months,
            size_m=size_m,
        ),
    )
    if as_json:
        print_json(question.as_json(found))
    else:
        hot_spot_words.print_hot_spots(words(opened), found)
