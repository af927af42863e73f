"""What working cameras see, the gaps that matter, what outages cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import parse_day, parse_weight
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import CategoryOption, JsonOption, StoreOption, TodayOption, once
from dashboard.printing import print_json


def coverage(
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day, as 2024-11-30.")] = None,
    level: Annotated[
        str | None,
        typer.Option(
            help="detect (unless told), observe, recognise, identify; 2025: validate, …; "
            "plate_car, plate_motorbike: where a number plate can be read."
        ),
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="Edition of IEC 62676-4; else the one that has the level.")
    ] = None,
    night: Annotated[bool, typer.Option("--night", help="As far as the lamps reach.")] = False,
    occlusion: Annotated[
        bool, typer.Option(help="Let buildings hide what is behind them, where there are any.")
    ] = True,
    months: Annotated[int, typer.Option(min=1, max=600, help="Months of incidents to weigh.")] = 12,
    category: CategoryOption = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="What a type counts, as theft=2; repeatable.")
    ] = None,
    half_life: Annotated[
        float | None, typer.Option(help="Months after which an incident counts half.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            help="A change to try: repair=ID, break=ID, turn=ID,BEARING, move=ID,LON,LAT or "
            "add=LON,LAT,RANGE[,BEARING,FOV]; repeatable, nothing is stored."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write wards, views, gaps and outages to this GeoPackage.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what working cameras see by ward, the gaps that matter, and what outages cost."""
    from analysis import optics
    from dashboard import answer_words, files
    from dashboard.questions import coverage as coverage_question
    from dashboard.questions import looks
    from dashboard.questions import what_if as what_if_question
    from data import clock
    from data.store import current_actor

    opened = open_store(store)
    chosen = level or optics.RANGE_LEVEL
    request = coverage_question.CoverageRequest(
        on=parse_day(as_of) or clock.today(opened.properties, asked=parse_day(today)),
        level=chosen,
        edition=edition or optics.edition_of(chosen),
        months=months,
        night=night,
        categories=once(category),
        category_weights=tuple(parse_weight(word) for word in weight or ()),
        half_life_months=half_life,
        occlusion=occlusion,
    )
    edits = [what_if_question.parse(word, n=n) for n, word in enumerate(what_if or (), start=1)]
    standing = coverage_question.stand(opened, request, ground=looks.ground(opened))
    tried = what_if_question.answer(standing, edits) if edits else None
    found = coverage_question.answer(opened, request, standing=standing)
    if out is not None:
        files.write_coverage(opened, found, out, actor=current_actor(), texts=words(opened))
    if as_json:
        answer = coverage_question.as_json(found)
        if tried is not None:
            answer["what_if"] = what_if_question.as_json(tried)
        print_json(answer)
    else:
        answer_words.print_coverage(words(opened), found)
        if tried is not None:
            answer_words.print_what_if(words(opened), tried)
