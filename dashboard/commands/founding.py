"""Make a store for your own city, and list the stores there are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import UnknownLanguageError, parse_day, read_mapping
from dashboard.commands.opening import words
from dashboard.commands.options import JsonOption, StoreOption
from dashboard.printing import print_json
from dashboard.texts import LANGUAGES, system_language
from data.locations import STORE_VARIABLE, city_store


def init(
    wards: Annotated[Path, typer.Option(help="Map file of the ward outlines.")],
    city: Annotated[str | None, typer.Option(help="The city's name; else the file's.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name, as Asia/Ho_Chi_Minh.")] = None,
    crs: Annotated[
        str | None, typer.Option(help="System for distances, as EPSG:5897; else the place's.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="vi, en or fr; else the place's or the computer's.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of every amount, as VND; else the country's.")
    ] = None,
    reporting_day: Annotated[
        int, typer.Option("--reporting-day", help="Day on which reporting months begin, 1 to 28.")
    ] = 1,
    division: Annotated[str | None, typer.Option(help="Name of the ward division.")] = None,
    valid_from: Annotated[
        str | None, typer.Option("--valid-from", help="First day of the division, as 2025-07-01.")
    ] = None,
    wards_crs: Annotated[
        str | None, typer.Option("--wards-crs", help="System of the file, when it does not say.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", "--admin-level", help="The layer inside; of an OSM extract the admin_level."
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: field to heading.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a store for your own city, and import its wards."""
    from dashboard import city_words
    from data import founding, importing
    from data.store import current_actor

    if language is not None and language not in LANGUAGES:
        raise UnknownLanguageError(value=language)
    found = founding.found_city(
        store or os.environ.get(STORE_VARIABLE) or city_store(),
        wards,
        plan=founding.Plan(
            city=city,
            timezone=timezone,
            metric_crs=crs,
            currency=currency,
            language=language,
            computer_language=system_language(),
            reporting_day=reporting_day,
        ),
        actor=current_actor(),
        options=importing.Options(
            sheet=sheet,
            mapping=read_mapping(mapping),
            crs=wards_crs,
            division=division,
            valid_from=parse_day(valid_from),
        ),
    )
    if as_json:
        print_json(city_words.founding_as_json(found))
    else:
        city_words.print_founding(words(found.store), found)


def stores(as_json: JsonOption = False) -> None:
    """List the stores in your own folder."""
    from dashboard import city_words
    from dashboard.questions import holdings as holdings_question

    found = holdings_question.known_stores()
    if as_json:
        print_json(city_words.stores_as_json(found))
    else:
        city_words.print_stores(words(), found)
