"""Who did what."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.arguments import parse_day
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, once
from dashboard.printing import print_json, print_lines, print_table


def audit(
    since: Annotated[str | None, typer.Option(help="First day, as 2024-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    actor: Annotated[list[str] | None, typer.Option(help="Only this user; repeatable.")] = None,
    action: Annotated[
        list[str] | None, typer.Option(help="Only this action, as import; repeatable.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List who imported, exported, searched and planned what, the newest first."""
    from dashboard import audit_words
    from dashboard.questions import audit as question

    opened = open_store(store)
    request = question.AuditRequest(
        since=parse_day(since),
        until=parse_day(until),
        actors=once(actor),
        actions=once(action),
        most=most,
    )
    found = question.answer(opened, request)
    say = words(opened)
    if as_json:
        print_json(question.as_json(found))
    elif found.entries.empty:
        print_lines(say("audit.nothing"))
    else:
        shown = audit_words.table(say, found)
        shown["happened_at"] = [say.moment(moment) for moment in shown["happened_at"]]
        print_table([say(f"audit.{name}") for name in shown.columns], shown.to_numpy().tolist())
