"""Compare before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import check_one_of, parse_day, parse_weight
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import (
    CategoryOption,
    JsonOption,
    StoreOption,
    TodayOption,
    WardOption,
    once,
)
from dashboard.printing import print_json, print_lines


def evaluate(
    cameras: Annotated[
        str | None, typer.Option(help="A wave, or camera ids with commas between.")
    ] = None,
    ward: WardOption = None,
    programme: Annotated[
        str | None, typer.Option(help="A programme: its cameras or gates.")
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="A drawn area: WKT or GeoJSON in degrees, or a map file.")
    ] = None,
    plan: Annotated[int | None, typer.Option(help="A saved plan, by its number.")] = None,
    installed_on: Annotated[
        str | None, typer.Option("--installed-on", help="Day of the change.")
    ] = None,
    category: CategoryOption = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="Harm of a type, as robbery=5; repeatable.")
    ] = None,
    months: Annotated[
        int | None, typer.Option(min=1, max=600, help="Months before and after (12).")
    ] = None,
    reach: Annotated[
        float | None, typer.Option(min=0, help="Metres around the views that count (50).")
    ] = None,
    ring: Annotated[
        float | None, typer.Option(min=0, help="Width of the displacement ring (150).")
    ] = None,
    control: Annotated[
        str | None, typer.Option(help="Comparison places: apart (unless told), far, no_camera.")
    ] = None,
    drop_unit: Annotated[
        list[str] | None, typer.Option("--drop-unit", help="A comparison place to leave out.")
    ] = None,
    add_unit: Annotated[
        list[str] | None, typer.Option("--add-unit", help="A place to take in as comparison.")
    ] = None,
    placebos: Annotated[
        int | None, typer.Option(min=0, max=20_000, help="Placebo sets (500); 0: none.")
    ] = None,
    placebo_rule: Annotated[
        str | None,
        typer.Option("--placebo-rule", help="random, hottest, clustered or alike."),
    ] = None,
    grid: Annotated[bool, typer.Option(help="Ask in all other ways too.")] = True,
    power: Annotated[
        bool, typer.Option("--power", help="Only tell what could be found out, from the past.")
    ] = False,
    registered: Annotated[
        int | None, typer.Option(help="What was registered, by its number.")
    ] = None,
    register: Annotated[
        bool, typer.Option("--register", help="Fix the question now; needs --read-out.")
    ] = False,
    read_out: Annotated[
        str | None, typer.Option("--read-out", help="Day on which a registration is read.")
    ] = None,
    supersedes: Annotated[
        int | None, typer.Option(help="The registration that the new one replaces.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the result on one page to this PDF.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare before and after at cameras, wards, a programme or an area with like places."""
    from dashboard import evaluation_arguments, evaluation_lines
    from dashboard.questions import evaluation as question
    from dashboard.questions import registration
    from dashboard.reports import pdf_files
    from data import clock
    from data.store import current_actor

    if out is not None:
        pdf_files.check_path(out)
    opened = open_store(store)
    request = evaluation_arguments.request_for(
        opened,
        today=clock.today(opened.properties, asked=parse_day(today)),
        cameras=cameras,
        registered=registered,
        options={
            "ward_codes": once(ward) or None,
            "programme_id": programme,
            "area": evaluation_arguments.read_area(area),
            "plan": plan,
            "installed_on": parse_day(installed_on),
            "categories": once(category) or None,
            "category_weights": tuple(parse_weight(word) for word in weight or ()) or None,
            "months": months,
            "grow_m": reach,
            "ring_m": ring,
            "control": check_one_of(control, question.CONTROLS),
            "drop_units": once(drop_unit) or None,
            "add_units": once(add_unit) or None,
            "n_placebos": placebos,
            "placebo_rule": check_one_of(placebo_rule, question.RULES),
            "is_grid_wanted": grid,
        },
    )
    texts = words(opened)
    if register:
        day = parse_day(read_out)
        if day is None:
            raise evaluation_arguments.NoReadOutDateError()
        number = registration.register(
            opened, request, read_out_on=day, actor=current_actor(), parent_id=supersedes
        )
        if as_json:
            print_json({"registration_id": number, "read_out_on": day})
        else:
            print_lines(texts("cli.registered", number=str(number), day=texts.day(day)))
    elif power:
        foreseen = question.power(opened, request)
        if as_json:
            print_json(question.power_as_json(foreseen))
        else:
            evaluation_lines.print_power(texts, foreseen)
    else:
        found = question.answer(opened, request)
        if out is not None:
            evaluation_arguments.write_page(opened, texts, found, out)
        if as_json:
            print_json(question.as_json(found))
        else:
            evaluation_lines.print_evaluation(texts, found)
