"""Saved plans: the list, taking back, side by side, adopting, and the sheet for the crew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.arguments import parse_day
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, TodayOption
from dashboard.printing import print_json, print_lines, print_table

app = typer.Typer(help="The saved plans: list them, take one back, print its sheets.")

PlanArgument = Annotated[int, typer.Argument(help="The number of a saved plan.")]


@app.callback(invoke_without_command=True)
def plans(
    context: typer.Context,
    undone: Annotated[bool, typer.Option("--undone", help="Those that were taken back.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the saved plans, the newest first, and what became of each."""
    if context.invoked_subcommand is not None:
        return
    from dashboard.questions import adoption

    opened = open_store(store)
    rows = adoption.list_plans(opened, is_undone=undone)
    if as_json:
        print_json({"plans": rows})
        return
    say = words(opened)
    if not rows:
        print_lines(say("compare.none_undone" if undone else "compare.none_saved"))
        return
    print_table(
        [
            say(key)
            for key in ("compare.number", "compare.name", "compare.day", "compare.actor",
                        "compare.row_choices", "plan.col_cost", "compare.adopted")
        ],
        [_plan_row(say, row) for row in rows],
    )  # fmt: skip


@app.command()
def undo(plan: PlanArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Take a saved plan back; it can be put back."""
    from data import scenarios
    from data.store import current_actor

    opened = open_store(store)
    scenarios.undo(opened, plan, actor=current_actor())
    _done(opened, plan, "undone", as_json=as_json)


@app.command()
def redo(plan: PlanArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Put a plan back that was taken back."""
    from data import scenarios
    from data.store import current_actor

    opened = open_store(store)
    scenarios.redo(opened, plan, actor=current_actor())
    _done(opened, plan, "redone", as_json=as_json)


@app.command()
def works(plan: PlanArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List what an adopted plan has ordered, and what of it was found done."""
    from dashboard.questions import adoption
    from data import orders

    opened = open_store(store)
    found = orders.read(opened, plan)
    if as_json:
        print_json(adoption.as_json(found))
        return
    say = words(opened)
    n_done = sum(work.is_done for work in found.works)
    print_lines(say("compare.adopted_for", day=say.day(found.planned_on), done=n_done,
                    n=len(found.works)), "")  # fmt: skip
    print_table(
        [*_work_headings(say), say("compare.work_done")],
        [[*_work_row(say, work), _done_words(say, work)] for work in found.works],
    )


@app.command()
def sheet(
    plan: PlanArgument,
    file: Annotated[Path, typer.Argument(help="The .pdf to write.")],
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the field sheet of a plan: a list of its works, then a page for each."""
    from dashboard.ground import Stored
    from dashboard.questions import field, looks
    from dashboard.reports import field_sheet
    from data import clock
    from data.store import current_actor

    opened = open_store(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    found = field.of_saved(opened, plan, today=day, ground=looks.ground(opened))
    place = field_sheet.Place(properties=opened.properties, ground=Stored(opened), made_on=day)
    say = words(opened)
    field_sheet.write_sheet(opened, say, found, file, place=place, actor=current_actor())
    if as_json:
        print_json({"scenario_id": plan, "file": str(file), "n_works": len(found.tasks)})
    else:
        print_lines(say("field.written", n=len(found.tasks), file=file))


def compare(
    first: Annotated[int, typer.Argument(help="The number of a saved plan.")],
    second: Annotated[int, typer.Argument(help="The number of another.")],
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set two saved plans side by side, measured on one ground."""
    from dashboard import compare_words
    from dashboard.questions import compare as question
    from dashboard.questions import looks
    from data import clock

    opened = open_store(store)
    request = question.CompareRequest(
        first=first, second=second, on=clock.today(opened.properties, asked=parse_day(today))
    )
    found = question.answer(opened, request, ground=looks.ground(opened))
    if as_json:
        print_json(question.as_json(found))
        return
    say, currency = words(opened), opened.properties.currency
    said = [
        *compare_words.lead(say, found, currency=currency),
        *compare_words.grounds(say, found),
        compare_words.differences(say, found),
        *compare_words.changes(say, found),
    ]
    print_lines(*(_unmarked(sentence) for sentence in said), "")
    names = compare_words.labels(found)
    print_table(["", *names], compare_words.figures(say, found, currency=currency))
    print_lines("")
    for measure in found.measures:
        _print_wards(say, compare_words.wards(measure))
    places = compare_words.places(say, found)
    print_table(
        [say(key) for key in ("compare.where", "plan.col_kind", "plan.col_place",
                              "plan.col_ward", "compare.camera_first", "compare.camera_second")],
        places.astype(str).to_numpy().tolist(),
    )  # fmt: skip


def adopt(
    plan: PlanArgument,
    on: Annotated[str, typer.Option("--on", help="The day it is to be done, as 2027-03-01.")],
    read_out: Annotated[
        str | None,
        typer.Option("--read-out", help="Fix its evaluation now, to be read on this day."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell it, and keep nothing.")] = False,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Adopt a saved plan: its cameras become planned, its repairs and turns are ordered."""
    from dashboard.questions import adoption
    from data import clock, scenarios
    from data.store import current_actor

    opened, planned_on = open_store(store), parse_day(on)
    assert planned_on is not None  # noqa: S101  a required option
    found = adoption.adopt(
        opened,
        plan,
        planned_on=planned_on,
        today=clock.today(opened.properties, asked=parse_day(today)),
        actor=current_actor(),
        read_out_on=parse_day(read_out),
        dry_run=dry_run,
    )
    if as_json:
        print_json({**adoption.as_json(found), "dry_run": dry_run})
        return
    say = words(opened)
    name = scenarios.read(opened, plan).name
    key = "compare.would_adopt" if dry_run else "compare.has_adopted"
    print_lines(say(key, name=name, n=len(found.works), day=say.day(planned_on)))
    if found.registration_id is not None:
        print_lines(say("compare.registered", registration=str(found.registration_id)))
    elif not dry_run:
        print_lines(say("compare.not_registered"))
    print_table(_work_headings(say), [_work_row(say, work) for work in found.works])


def unadopt(plan: PlanArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Take the adoption of a plan back, as long as none of its cameras stands."""
    from data import adoption
    from data.store import current_actor

    opened = open_store(store)
    adoption.unadopt(opened, plan, actor=current_actor())
    _done(opened, plan, "unadopted", as_json=as_json)


def _done(opened: Any, plan: int, status: str, *, as_json: bool) -> None:  # noqa: ANN401  a Store
    if as_json:
        print_json({"scenario_id": plan, "status": status})
    else:
        print_lines(words(opened)(f"compare.{status}", scenario=str(plan)))


def _work_headings(say: Any) -> list[str]:  # noqa: ANN401  Texts, loaded later
    return [say(key) for key in ("plan.col_rank", "plan.col_kind", "compare.work_camera",
                                 "plan.col_place", "plan.col_cost")]  # fmt: skip


def _work_row(say: Any, work: Any) -> list[str]:  # noqa: ANN401  Texts and a Work
    return [
        str(work.rank),
        say(f"plan.kind_{work.kind}"),
        work.camera_id,
        work.site_id or "",
        "" if work.cost is None else say.number(work.cost),
    ]


def _done_words(say: Any, work: Any) -> str:  # noqa: ANN401  as above
    if not work.is_done:
        return str(say("compare.not_yet"))
    day = work.done_on
    return str(say("compare.yes") if day is None else say("compare.done_on", day=say.day(day)))


def _plan_row(say: Any, row: dict[str, Any]) -> list[str]:  # noqa: ANN401  Texts, loaded later
    adopted = ""
    if row["planned_on"] is not None:
        adopted = say("compare.adopted_for", day=say.day(row["planned_on"]),
                      done=row["n_done"], n=row["n_choices"])  # fmt: skip
    return [
        str(row["scenario_id"]),
        row["name"],
        row["created_at"][:10],
        row["actor"],
        say.number(row["n_choices"]),
        "" if row["cost"] is None else say.number(row["cost"]),
        adopted,
    ]


def _print_wards(say: Any, wards: Any) -> None:  # noqa: ANN401  Texts and a frame
    print_table(
        [say("common.ward"), say("compare.before"), "A", "B", say("compare.difference")],
        [
            [row["ward"], *(say.number(row[name], 1) for name in ("before", "first", "second")),
             say.signed(row["difference"], 1)]
            for row in wards.to_dict("records")
        ],
    )  # fmt: skip
    print_lines("")


def _unmarked(sentence: str) -> str:
    """Take out the signs by which a page writes bold, and those before signs in names."""
    return re.sub(r"\\(.)", r"\1", sentence.replace("**", ""))
