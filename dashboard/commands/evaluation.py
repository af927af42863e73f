"""Compare before and after."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.arguments import parse_day
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


def evaluate(
    cameras: Annotated[
        str | None, typer.Option(help="A wave, or camera ids with commas between.")
    ] = None,
    ward: WardOption = None,
    installed_on: Annotated[
        str | None, typer.Option("--installed-on", help="Day of the change, for wards.")
    ] = None,
    category: CategoryOption = None,
    months: Annotated[int, typer.Option(min=1, max=600, help="Months before and after.")] = 12,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare before and after at cameras, a wave or wards with the rest of the city."""
    from dashboard import answer_words
    from dashboard.questions import evaluation as evaluation_question
    from dashboard.questions import waves
    from data import clock

    opened = open_store(store)
    wave, camera_ids = waves.wave_or_cameras(opened, cameras)
    found = evaluation_question.answer(
        opened,
        evaluation_question.EvaluationRequest(
            today=clock.today(opened.properties, asked=parse_day(today)),
            wave=wave,
            camera_ids=camera_ids,
            ward_codes=once(ward),
            installed_on=parse_day(installed_on),
            categories=once(category),
            months=months,
        ),
    )
    if as_json:
        print_json(evaluation_question.as_json(found))
    else:
        answer_words.print_evaluation(words(opened), found)
