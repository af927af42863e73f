"""The ``vonglau`` command: everything a page can do to data, a command can do.

Every reading command has ``--json`` and ``--store``; bad input gets one sentence and exit code 1
(2 when the command line itself is wrong). What a command needs is loaded in the command, so that
help and errors come at once.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.errors import VongLauError
from dashboard import messages
from dashboard.arguments import (
    BadMappingError,
    NoSuchMappingError,
    UnknownLanguageError,
    check_one_of,
    parse_day,
    parse_month,
    parse_weight,
)
from dashboard.printing import print_json, print_lines
from dashboard.texts import LANGUAGES, Texts, system_language, texts
from data.locations import STORE_VARIABLE, chosen_store, city_store, demo_store

if TYPE_CHECKING:
    from data.store import Store

LANGUAGE_VARIABLE = "VONGLAU_LANG"

app = typer.Typer(
    name="vonglau", add_completion=False, pretty_exceptions_enable=False, no_args_is_help=False
)

StoreOption = Annotated[
    str | None, typer.Option("--store", envvar=STORE_VARIABLE, help="Store: a file or a URL.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
TodayOption = Annotated[
    str | None, typer.Option("--today", help="The day that counts as today, as 2024-11-30.")
]
CategoryOption = Annotated[
    list[str] | None, typer.Option("--category", help="Only this incident type; repeatable.")
]
WardOption = Annotated[
    list[str] | None, typer.Option("--ward", help="Only this ward code; repeatable.")
]


def main() -> None:
    """Run the command, and say an error in one sentence."""
    try:
        app()
    except VongLauError as error:
        sys.stderr.write(messages.sentence(_texts(), error) + "\n")
        sys.exit(1)


@app.callback(invoke_without_command=True)
def vonglau(context: typer.Context) -> None:
    """Plan where a city's cameras stand, and measure honestly what they did."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="First port to try.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the dashboard on this machine; on first run, make the demo city."""
    from dashboard import server
    from data import demo
    from data.store import Store

    location = chosen_store(store)
    if location == str(demo_store()) and not demo_store().exists():
        sys.stderr.write(_texts()("cli.making_demo", store=location) + "\n")
        demo.write_demo(demo_store()).close()
    Store.open(location).close()
    say = _texts()
    server.serve(
        location,
        host=host,
        port=port,
        open_browser=browser,
        on_start=lambda address: print_lines(say("cli.serving", address=address)),
    )


@app.command("demo")
def write_demo(
    store: StoreOption = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another city.")] = 2024,
) -> None:
    """Write the demo city into a new store."""
    from data import demo

    location = store or os.environ.get(STORE_VARIABLE) or str(demo_store())
    demo.write_demo(location, seed=seed).close()
    print_lines(_texts()("cli.demo_made", store=location))


@app.command()
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
            mapping=_read_mapping(mapping),
            crs=wards_crs,
            division=division,
            valid_from=parse_day(valid_from),
        ),
    )
    if as_json:
        print_json(city_words.founding_as_json(found))
    else:
        city_words.print_founding(_texts(found.store), found)


@app.command()
def stores(as_json: JsonOption = False) -> None:
    """List the stores in your own folder."""
    from dashboard import city_words
    from dashboard.questions import holdings as holdings_question

    found = holdings_question.known_stores()
    if as_json:
        print_json(city_words.stores_as_json(found))
    else:
        city_words.print_stores(_texts(), found)


@app.command("import")
def import_layer(
    layer: Annotated[
        str,
        typer.Argument(
            help="incidents, cameras, states, models, sites, wards, population, crosswalk, "
            "streets, buildings, land_cover, zones, schools, places, programmes, tips, footage "
            "or osm."
        ),
    ],
    file: Annotated[Path, typer.Argument(help="The file to bring in.")],
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: field to heading.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            "--admin-level",
            help="The sheet; of wards in an OSM extract the admin_level.",
        ),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinate system, as EPSG:5897.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose case numbers these are, when the file does not say.")
    ] = None,
    division: Annotated[
        str | None, typer.Option(help="Wards and population: the name of the ward division.")
    ] = None,
    valid_from: Annotated[
        str | None, typer.Option("--valid-from", help="Wards: first day in force, as 2025-07-01.")
    ] = None,
    date_order: Annotated[
        str | None,
        typer.Option("--date-order", help="dmy, mdy or ymd; else what each column shows."),
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(help="comma or point; else what each column shows.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; change nothing.")] = False,
    rejected: Annotated[
        Path | None, typer.Option(help="Write the refused rows to this CSV file.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a file into the store: good rows kept, bad rows refused one by one."""
    from dashboard import import_words
    from data import clock, importing
    from data.store import current_actor

    opened = _open(store)
    options = importing.Options(
        sheet=sheet,
        mapping=_read_mapping(mapping),
        crs=crs,
        source=source,
        division=division,
        valid_from=parse_day(valid_from),
        date_order=check_one_of(date_order, importing.DATE_ORDERS),
        decimal=check_one_of(decimal, importing.DECIMAL_SIGNS),
        dry_run=dry_run,
    )
    try:
        report = importing.import_file(
            opened,
            file,
            layer=layer,
            actor=current_actor(),
            today=clock.today(opened.properties, asked=parse_day(today)),
            options=options,
        )
    except importing.EveryRowFailedError as error:
        import_words.print_report(
            _texts(opened), error.report, as_json=as_json, rejected_file=rejected
        )
        raise
    import_words.print_report(_texts(opened), report, as_json=as_json, rejected_file=rejected)


@app.command()
def undo(
    batch: Annotated[int, typer.Argument(help="The batch number that the import printed.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take one import back; the file can then be imported again."""
    from data import rows
    from data.store import current_actor

    opened = _open(store)
    with opened.begin(actor=current_actor()) as transaction:
        layer = rows.undo_batch(transaction, batch)
    if as_json:
        print_json({"batch": batch, "layer": layer, "status": "undone"})
    else:
        print_lines(_texts(opened)("cli.undone", batch=str(batch), layer=layer))


@app.command()
def coverage(
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day, as 2024-11-30.")] = None,
    level: Annotated[
        str | None,
        typer.Option(help="detect (unless told), observe, recognise, identify; 2025: validate, …"),
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

    opened = _open(store)
    chosen = level or optics.RANGE_LEVEL
    request = coverage_question.CoverageRequest(
        on=parse_day(as_of) or clock.today(opened.properties, asked=parse_day(today)),
        level=chosen,
        edition=edition or optics.edition_of(chosen),
        months=months,
        night=night,
        categories=_once(category),
        category_weights=tuple(parse_weight(word) for word in weight or ()),
        half_life_months=half_life,
        occlusion=occlusion,
    )
    edits = [what_if_question.parse(word, n=n) for n, word in enumerate(what_if or (), start=1)]
    standing = coverage_question.stand(opened, request, ground=looks.ground(opened))
    tried = what_if_question.answer(standing, edits) if edits else None
    found = coverage_question.answer(opened, request, standing=standing)
    if out is not None:
        files.write_coverage(opened, found, out, actor=current_actor(), texts=_texts(opened))
    if as_json:
        answer = coverage_question.as_json(found)
        if tried is not None:
            answer["what_if"] = what_if_question.as_json(tried)
        print_json(answer)
    else:
        answer_words.print_coverage(_texts(opened), found)
        if tried is not None:
            answer_words.print_what_if(_texts(opened), tried)


@app.command()
def site(
    count: Annotated[int | None, typer.Option(min=0, help="How many cameras at most.")] = None,
    budget: Annotated[
        float | None, typer.Option(help="What they may cost together, in the store's currency.")
    ] = None,
    objective: Annotated[
        str, typer.Option(help="most, least_cost (for --target-share) or worst_ward.")
    ] = "most",
    target_share: Annotated[
        float | None, typer.Option("--target-share", help="Share to be seen in the end, 0 to 1.")
    ] = None,
    backup: Annotated[float, typer.Option(help="Worth of a second view, 0 to 1.")] = 0.0,
    model: Annotated[
        list[str] | None, typer.Option(help="A camera model to buy; repeatable.")
    ] = None,
    bearing_step: Annotated[
        float, typer.Option("--bearing-step", help="Degrees between two directions.")
    ] = 15.0,
    mix: Annotated[
        str | None,
        typer.Option(
            help="What to watch, as incident=0.5,street=0.3,gate=0.2; also junction, population."
        ),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=600, help="Months of incidents to weigh.")] = 12,
    category: CategoryOption = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="What a type counts, as theft=2; repeatable.")
    ] = None,
    half_life: Annotated[
        float | None, typer.Option(help="Months after which an incident counts half.")
    ] = None,
    must: Annotated[
        list[str] | None, typer.Option(help="A site, or a camera to repair, to choose; repeatable.")
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option(help="A site or a camera not to choose; repeatable.")
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(help="A place beside the sites, LON,LAT, free to make ready; repeatable."),
    ] = None,
    floor: Annotated[float, typer.Option(help="Share to be seen in every ward, 0 to 1.")] = 0.0,
    ward_min: Annotated[
        list[str] | None, typer.Option("--ward-min", help="Least for every ward, 1, or 14758=2.")
    ] = None,
    ward_max: Annotated[
        list[str] | None, typer.Option("--ward-max", help="Most for every ward, 3, or 14758=2.")
    ] = None,
    spacing: Annotated[float, typer.Option(min=0, help="Metres between two choices.")] = 0.0,
    repair: Annotated[bool, typer.Option(help="Let broken cameras be repaired.")] = True,
    zones: Annotated[bool, typer.Option(help="Keep to the zones of the store.")] = True,
    night: Annotated[bool, typer.Option("--night", help="As far as the lamps reach.")] = False,
    level: Annotated[
        str | None, typer.Option(help="detect (unless told), observe, recognise, identify, …")
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0, help="Seconds to search; 0: until proven.")
    ] = 10.0,
    again: Annotated[
        int | None, typer.Option(help="Ask again what a saved plan asked, by its number.")
    ] = None,
    save: Annotated[str | None, typer.Option(help="Save the plan under this name.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the choices to a .gpkg .geojson .xlsx .csv file.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell where the next cameras go, which way they look, and what to repair instead."""
    from analysis import optics
    from dashboard import plan_arguments, plan_command
    from dashboard.questions import plan_request
    from data import clock

    opened = _open(store)
    chosen = level or optics.RANGE_LEVEL
    request = plan_request.PlanRequest(
        on=clock.today(opened.properties, asked=parse_day(today)),
        count=count,
        budget=budget,
        objective=check_one_of(objective, plan_request.OBJECTIVES) or "most",
        target_share=target_share,
        backup=backup,
        floor=floor,
        models=_once(model),
        bearing_step_deg=bearing_step,
        mix=plan_arguments.parse_mix(mix),
        months=months,
        categories=_once(category),
        category_weights=tuple(parse_weight(word) for word in weight or ()),
        half_life_months=half_life,
        level=chosen,
        edition=optics.edition_of(chosen),
        night=night,
        must=_once(must),
        forbid=_once(forbid),
        points=plan_arguments.parse_points(at),
        ward_min=plan_arguments.parse_quotas(ward_min),
        ward_max=plan_arguments.parse_quotas(ward_max),
        spacing_m=spacing,
        repair=repair,
        zones=zones,
        time_limit_s=time_limit or None,
    )
    wanted = plan_command.Wanted(again=again, save=save, out=out, as_json=as_json)
    is_planned = plan_command.run(opened, request, wanted=wanted, texts=_texts(opened))
    if not is_planned:
        raise typer.Exit(1)


@app.command()
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

    opened = _open(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    found = month_question.answer(
        opened,
        month_question.MonthRequest(
            month=parse_month(month) or _newest_month(opened, day),
            today=day,
            categories=_once(category),
            ward_codes=_once(ward),
            division=division,
        ),
    )
    if as_json:
        print_json(month_question.as_json(found))
    else:
        answer_words.print_month(_texts(opened), found)


@app.command()
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

    opened = _open(store)
    wave, camera_ids = waves.wave_or_cameras(opened, cameras)
    found = evaluation_question.answer(
        opened,
        evaluation_question.EvaluationRequest(
            today=clock.today(opened.properties, asked=parse_day(today)),
            wave=wave,
            camera_ids=camera_ids,
            ward_codes=_once(ward),
            installed_on=parse_day(installed_on),
            categories=_once(category),
            months=months,
        ),
    )
    if as_json:
        print_json(evaluation_question.as_json(found))
    else:
        answer_words.print_evaluation(_texts(opened), found)


@app.command()
def export(
    layer: Annotated[str, typer.Argument(help="incidents, cameras, sites, wards, streets, …")],
    file: Annotated[Path, typer.Argument(help=".gpkg .geojson .parquet .kml .zip .xlsx .csv")],
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a layer to a file that a spreadsheet or a map program opens."""
    from dashboard import files
    from data import clock
    from data.store import current_actor

    opened = _open(store)
    n_rows = files.write_layer(
        opened,
        layer,
        file,
        on=clock.today(opened.properties, asked=parse_day(today)),
        actor=current_actor(),
        texts=_texts(opened),
    )
    if as_json:
        print_json({"layer": layer, "file": str(file), "n_rows": n_rows})
    else:
        print_lines(_texts(opened)("cli.exported", n=n_rows, layer=layer, file=file))


def _open(location: str | None) -> Store:
    from data.store import Store

    return Store.open(chosen_store(location))


def _texts(store: Store | None = None) -> Texts:
    """Give the words: asked for by ``VONGLAU_LANG``, else the store's, else the computer's."""
    asked = os.environ.get(LANGUAGE_VARIABLE)
    if asked is not None and asked not in LANGUAGES:
        os.environ.pop(LANGUAGE_VARIABLE)
        raise UnknownLanguageError(value=asked)
    return texts(asked or (store.properties.language if store else system_language()))


def _once(words: list[str] | None) -> tuple[str, ...]:
    """Give each word once, in the order typed."""
    return tuple(dict.fromkeys(words or ()))


def _newest_month(store: Store, day: date) -> date:
    """Give the month in which the records end."""
    from dashboard.questions import city

    span = city.record_span(store, day)
    return (span[1] if span else day).replace(day=1)


def _read_mapping(path: Path | None) -> dict[str, str]:
    """Read a mapping file: a JSON object of field to heading."""
    if path is None:
        return {}
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoSuchMappingError(file=str(path)) from error
    except ValueError as error:
        raise BadMappingError(file=str(path)) from error
    if not isinstance(mapping, dict) or not all(isinstance(v, str) for v in mapping.values()):
        raise BadMappingError(file=str(path))
    return mapping
