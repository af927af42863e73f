"""Who saw it: cameras worth asking, the request sheet, requests and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.arguments import check_one_of, parse_day
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

if TYPE_CHECKING:
    from analysis.escapes import Mode
    from dashboard.footage_arguments import Where
    from dashboard.questions.footage import FootageRequest
    from data.requests import Outcome, Written
    from data.store import Store

app = typer.Typer(help="Who saw it: the cameras worth asking, and what footage was worth.")

MODES: tuple[Mode, ...] = ("foot", "motorbike", "car")
OUTCOMES: tuple[Outcome, ...] = ("found", "partly", "not_found", "overwritten", "broken")
AtOption = Annotated[str | None, typer.Option("--at", help="The place, LON,LAT.")]
NearOption = Annotated[
    str | None, typer.Option("--near", help="The place by name: a street, a crossing, a school.")
]
IncidentOption = Annotated[
    str | None, typer.Option("--incident", help="The number of an incident: its place and time.")
]
FromOption = Annotated[
    str | None, typer.Option("--from", help="When it began, as 2024-11-23T12:00.")
]
ToOption = Annotated[
    str | None, typer.Option("--to", help="When it ended, as 2024-11-23T12:30, or 12:30.")
]


@app.callback(invoke_without_command=True)
def footage(
    context: typer.Context,
    at: AtOption = None,
    near: NearOption = None,
    incident: IncidentOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    purpose: Annotated[
        str, typer.Option(help="What the footage is for; written into the audit. Required.")
    ] = "",
    minutes: Annotated[
        float, typer.Option(help="How long somebody may have fled; 0: only direct views.")
    ] = 3.0,
    mode: Annotated[str, typer.Option(help="foot, motorbike or car.")] = "motorbike",
    everything: Annotated[
        bool, typer.Option("--all", help="Print every camera on the ways out, not the first 30.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option(help="Write the request sheet to a .pdf file.")
    ] = None,
    asked_by: Annotated[
        str, typer.Option("--asked-by", help="Who asks, for the sheet; else a line to write on.")
    ] = "",
    legal_basis: Annotated[
        str, typer.Option("--legal-basis", help="On what ground, for the sheet; else a line.")
    ] = "",
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which cameras had a place in view at a time, and which stood on the ways out."""
    if context.invoked_subcommand is not None:
        return
    from dashboard import footage_arguments, footage_lines
    from dashboard.questions import footage as question
    from dashboard.questions import looks
    from data.store import current_actor

    opened = open_store(store)
    question.check_purpose(purpose)
    where = footage_arguments.where(opened, at=at, near=near, incident=incident)
    request = _request(opened, where, (from_, to), purpose, (minutes, mode), today)
    question.check(request)
    question.record(opened, request, actor=current_actor())
    seeing = looks.answer(
        opened, question.looks_request(opened, request), ground=looks.ground(opened)
    )
    graph = question.streets(opened) if request.minutes else None
    found = question.answer(opened, request, seeing=seeing, graph=graph)
    if sheet is not None:
        from dashboard.reports import request_sheet

        filled = request_sheet.Filled(
            where=footage_lines.where_words(words(opened), where),
            asked_by=asked_by,
            legal_basis=legal_basis,
            case_id=incident or "",
        )
        request_sheet.write_sheet(
            opened, words(opened), found, sheet, filled=filled, actor=current_actor()
        )
    if as_json:
        print_json(question.as_json(found))
    else:
        footage_lines.print_answer(words(opened), found, where=where, is_all=everything)


def _request(
    opened: Store,
    where: Where,
    typed: tuple[str | None, str | None],
    purpose: str,
    fled: tuple[float, str],
    today: str | None,
) -> FootageRequest:
    from dashboard import footage_arguments
    from dashboard.questions.footage import FootageRequest
    from data import clock

    starts_at, ends_at = footage_arguments.interval(*typed, where)
    minutes, mode = fled
    chosen = check_one_of(mode, MODES)
    return FootageRequest(
        longitude=where.longitude,
        latitude=where.latitude,
        starts_at=starts_at,
        ends_at=ends_at,
        purpose=purpose,
        today=clock.today(opened.properties, asked=parse_day(today)),
        minutes=minutes,
        mode=chosen or "motorbike",
    )


@app.command()
def request(
    camera: Annotated[list[str], typer.Option(help="A camera that is asked; repeatable.")],
    at: AtOption = None,
    near: NearOption = None,
    incident: IncidentOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    requested_at: Annotated[
        str | None, typer.Option("--asked-at", help="When it is asked for; else today at noon.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="The incident's type.")] = None,
    place: Annotated[str | None, typer.Option(help="The place in words.")] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register a request for footage: a batch of its own, which undo takes back."""
    from datetime import datetime, time

    from dashboard import footage_arguments
    from dashboard.questions import city, footage
    from data import clock, requests
    from data.store import current_actor

    opened = open_store(store)
    where = footage_arguments.where(opened, at=at, near=near, incident=incident)
    starts_at, ends_at = footage_arguments.interval(from_, to, where)
    day = clock.today(opened.properties, asked=parse_day(today))
    footage.check_time(starts_at, ends_at, today=day)
    footage.check_place(where.longitude, where.latitude, city.wards_on(opened, starts_at.date()))
    asked_at = (
        datetime.combine(day, time(12))
        if requested_at is None
        else footage_arguments.parse_moment(requested_at)
    )
    case = where.incident
    written = requests.register(
        opened,
        requests.Draft(
            longitude=where.longitude,
            latitude=where.latitude,
            starts_at=starts_at,
            ends_at=ends_at,
            requested_at=asked_at,
            camera_ids=once(camera),
            category=category or (case.category if case else None),
            case_id=case.case_id if case else None,
            source=case.source if case else None,
            place=place or (where.place.name if where.place else None),
        ),
        actor=current_actor(),
    )
    _say_written(opened, written, "footage.registered", as_json=as_json)


@app.command()
def answer(
    request_id: Annotated[str, typer.Argument(help="The number of a request.")],
    outcome: Annotated[
        str, typer.Argument(help="found, partly, not_found, overwritten or broken.")
    ],
    found_on: Annotated[
        list[str] | None, typer.Option("--found-on", help="A camera that showed it; repeatable.")
    ] = None,
    clarified: Annotated[
        bool | None, typer.Option("--clarified/--not-clarified", help="Whether it cleared a case.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down what came of a request; undo takes it back."""
    from data import clock, requests
    from data.store import current_actor

    opened = open_store(store)
    told = requests.Answer(
        outcome=check_one_of(outcome, OUTCOMES) or "found",
        answered_on=clock.today(opened.properties, asked=parse_day(today)),
        found_on=once(found_on),
        is_clarified=clarified,
    )
    written = requests.answer(opened, request_id, told, actor=current_actor())
    _say_written(opened, written, "footage.answered", as_json=as_json)


@app.command()
def funnel(
    months: Annotated[int, typer.Option(min=1, max=600, help="Months of requests.")] = 12,
    category: CategoryOption = None,
    ward: WardOption = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what footage was worth: requests, found, clarified, by ward, type, camera and so on."""
    from dashboard import footage_lines
    from dashboard.questions import footage_funnel as question
    from data import clock

    opened = open_store(store)
    found = question.answer(
        opened,
        question.FunnelRequest(
            on=clock.today(opened.properties, asked=parse_day(today)),
            months=months,
            categories=once(category),
            ward_codes=once(ward),
        ),
    )
    if as_json:
        print_json(question.as_json(found))
    else:
        footage_lines.print_funnel(words(opened), found)


def _say_written(opened: Store, written: Written, key: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"request_id": written.request_id, "batch": written.batch})
    elif written.batch is None:
        print_lines(words(opened)("footage.known_already", request=written.request_id))
    else:
        print_lines(words(opened)(key, request=written.request_id, batch=str(written.batch)))
