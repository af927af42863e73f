"""Bring layers in, take an import back, write layers out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import check_one_of, parse_day, parse_offence, read_mapping, write_mapping
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, TodayOption
from dashboard.printing import print_json, print_lines

INTERRUPTED = 130
"""What shells give for a command that Ctrl-C ended."""


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
            help="The sheet, or * for all with the same headings; of wards in an OSM extract the "
            "admin_level.",
        ),
    ] = None,
    header_row: Annotated[
        int | None,
        typer.Option("--header-row", min=1, help="The row in which the headings begin."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2100, help="Of days written without a year."),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinate system, as EPSG:5897.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose case numbers these are, when the file does not say.")
    ] = None,
    ward: Annotated[
        str | None,
        typer.Option(help="The ward of a book of incidents whose rows name none, by name or code."),
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
    offence: Annotated[
        list[str] | None,
        typer.Option(help="What an unknown offence is, as fight=public_disorder; repeatable."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; change nothing.")] = False,
    rejected: Annotated[
        Path | None,
        typer.Option(
            help="Write the refused rows with reasons and suggestions to this .xlsx or .csv file; "
            "set right, it can be imported."
        ),
    ] = None,
    save_map: Annotated[
        Path | None,
        typer.Option("--save-map", help="Write which column was taken for what to this JSON file."),
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            help="Write the places, numbers and events that stay in doubt, with candidates, to "
            "this JSON file."
        ),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="That file again, with its answers filled in.")
    ] = None,
    progress: Annotated[
        bool | None,
        typer.Option(
            "--progress/--no-progress",
            help="Tell on the error stream how far it is; else on a terminal only, from 2 s on.",
        ),
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a file into the store: good rows kept, bad rows refused one by one."""
    from dashboard import import_words, located_words, messages
    from dashboard.commands import import_line, parser_noise
    from dashboard.stored_words import Setting
    from data import clock, importing
    from data.importing import suggestions
    from data.importing.errors import ImportCancelledError, KnownOtherwiseError
    from data.store import current_actor

    opened = open_store(store)
    import_words.check_rejected_name(rejected)
    told_before = located_words.read_answers(answers)
    options = importing.Options(
        sheet=sheet,
        header_row=header_row,
        year=year,
        offences=dict(map(parse_offence, offence or ())),
        mapping=read_mapping(mapping),
        crs=crs,
        source=source,
        ward=ward,
        division=division,
        valid_from=parse_day(valid_from),
        date_order=check_one_of(date_order, importing.DATE_ORDERS),
        decimal=check_one_of(decimal, importing.DECIMAL_SIGNS),
        dry_run=dry_run,
        must_tell_what=True,
        asks_again=questions is not None,
        place_answers=told_before.get("place_answers", {}),
        event_answers=told_before.get("event_answers", {}),
        number_answers=told_before.get("number_answers", {}),
    )
    failed = None
    say = words(opened)
    is_shown = import_line.is_shown(progress, as_json=as_json)
    try:
        with (
            parser_noise.kept_away(),
            import_line.importing(say, shown=is_shown, is_dry_run=dry_run),
        ):
            report = importing.import_file(
                opened,
                file,
                layer=layer,
                actor=current_actor(),
                today=clock.today(opened.properties, asked=parse_day(today)),
                options=options,
            )
    except ImportCancelledError as error:
        sys.stderr.write(messages.sentence(say, error) + "\n")
        raise typer.Exit(INTERRUPTED) from error
    except (importing.EveryRowFailedError, KnownOtherwiseError) as error:
        failed, report = error, error.report
    told = {}
    if report.refused is not None:
        told = suggestions.suggest(report.refused, report.rejected, opened)
    if rejected is not None:
        import_words.write_rejected(say, report, rejected, told)
    if questions is not None:
        located_words.write_questions(say, report, questions)
    if save_map is not None:
        write_mapping(save_map, import_words.columns_taken(report))
    setting = Setting.of(opened)
    import_words.print_report(
        say, report, as_json=as_json, suggestions=told, setting=setting, questions=questions
    )
    if failed is not None:
        raise failed


def undo(
    batch: Annotated[int, typer.Argument(help="The batch number that the import printed.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take one import back; the file can then be imported again."""
    from dashboard import history_words
    from data import adoption
    from data.importing.cases import retold
    from data.store import current_actor

    opened = open_store(store)
    told = retold.later(opened, batch)
    layer = adoption.undo(opened, batch, actor=current_actor())
    if as_json:
        again = [asdict(one) for one in told]
        print_json({"batch": batch, "layer": layer, "status": "undone", "told_again": again})
    else:
        say = words(opened)
        print_lines(
            say("cli.undone", batch=str(batch), layer=say(f"imports.layer.{layer}")),
            *history_words.told_again(say, told),
        )


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

    opened = open_store(store)
    n_rows = files.write_layer(
        opened,
        layer,
        file,
        on=clock.today(opened.properties, asked=parse_day(today)),
        actor=current_actor(),
        texts=words(opened),
    )
    if as_json:
        print_json({"layer": layer, "file": str(file), "n_rows": n_rows})
    else:
        print_lines(words(opened)("cli.exported", n=n_rows, layer=layer, file=file))
