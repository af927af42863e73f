"""Where the next cameras go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import check_one_of, parse_day, parse_weight
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import CategoryOption, JsonOption, StoreOption, TodayOption, once


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
            help="What to watch, as incident=0.5,street=0.3,gate=0.2; also junction, population, "
            "asked (places for which footage was asked in vain)."
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
    hours: Annotated[
        str | None,
        typer.Option(help="Hours of the day that count, as 22-6, of incidents and school gates."),
    ] = None,
    must: Annotated[
        list[str] | None, typer.Option(help="A site, or a camera to repair, to choose; repeatable.")
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option(help="A site or a camera not to choose; repeatable.")
    ] = None,
    places: Annotated[
        list[str] | None,
        typer.Option(help="Where cameras may go: sites (unless told), poles, junctions."),
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option(help="A place beside these, LON,LAT; repeatable.")
    ] = None,
    new_place_cost: Annotated[
        float, typer.Option(min=0, help="Price of making a junction or an --at place ready.")
    ] = 0.0,
    reaim: Annotated[
        list[str] | None,
        typer.Option(help="Working cameras that may be turned: ids, ward codes, or all."),
    ] = None,
    reaim_cost: Annotated[float, typer.Option(min=0, help="Price of turning one.")] = 0.0,
    funding: Annotated[
        list[str] | None,
        typer.Option(help="Who pays how much, as city=5e8,ward:14758+install=2e8,old:own=1e7."),
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
    area: Annotated[
        list[str] | None,
        typer.Option(
            help="A zone for this plan, as forbid=LON,LAT,METRES; also must, private; repeatable."
        ),
    ] = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="What adopted plans have planned counts as seen.")
    ] = False,
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
    sheet: Annotated[
        Path | None, typer.Option(help="Write the field sheet of the plan to a .pdf file.")
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

    opened = open_store(store)
    chosen = level or optics.RANGE_LEVEL
    request = plan_request.PlanRequest(
        on=clock.today(opened.properties, asked=parse_day(today)),
        count=count,
        budget=budget,
        objective=check_one_of(objective, plan_request.OBJECTIVES) or "most",
        target_share=target_share,
        backup=backup,
        floor=floor,
        models=once(model),
        bearing_step_deg=bearing_step,
        mix=plan_arguments.parse_mix(mix),
        months=months,
        categories=once(category),
        category_weights=tuple(parse_weight(word) for word in weight or ()),
        half_life_months=half_life,
        hours=plan_arguments.parse_hours(hours),
        level=chosen,
        edition=optics.edition_of(chosen),
        night=night,
        must=once(must),
        forbid=once(forbid),
        places=plan_arguments.parse_words(places) or ("sites",),
        points=plan_arguments.parse_points(at),
        new_place_cost=new_place_cost,
        reaim=plan_arguments.parse_words(reaim),
        reaim_cost=reaim_cost,
        funding=plan_arguments.parse_funding(funding),
        ward_min=plan_arguments.parse_quotas(ward_min),
        ward_max=plan_arguments.parse_quotas(ward_max),
        spacing_m=spacing,
        repair=repair,
        zones=zones,
        areas=plan_arguments.parse_areas(area),
        planned=planned,
        time_limit_s=time_limit or None,
    )
    wanted = plan_command.Wanted(again=again, save=save, out=out, sheet=sheet, as_json=as_json)
    is_planned = plan_command.run(opened, request, wanted=wanted, texts=words(opened))
    if not is_planned:
        raise typer.Exit(1)
