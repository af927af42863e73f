"""Write the month's bulletin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import UnknownLanguageError, parse_day, parse_month
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, TodayOption
from dashboard.commands.trends import newest_month
from dashboard.printing import print_json, print_lines
from dashboard.texts import LANGUAGES, Texts, texts


def report(
    month: Annotated[
        str | None, typer.Option(help="The month, as 2024-11; the newest when not given.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="vi, en or fr; the store's own when not given.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file: .pdf, .pptx or .xlsx.")
    ] = None,
    office: Annotated[
        str | None,
        typer.Option(envvar="VONGLAU_OFFICE", help="Who writes: the office above; then your own."),
    ] = None,
    signer: Annotated[
        str | None,
        typer.Option(envvar="VONGLAU_SIGNER", help="Who signs: the position; then the name."),
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the month's bulletin: a letter to sign, slides, or a workbook."""
    from dashboard.questions import bulletin as question
    from dashboard.reports import bulletin, bulletin_words
    from dashboard.reports.bulletin_letter import Letterhead
    from data import clock
    from data.store import current_actor

    if out is not None:
        bulletin.form_of(out)
    opened = open_store(store)
    say = _language(lang) or words(opened)
    day = clock.today(opened.properties, asked=parse_day(today))
    asked = parse_month(month) or newest_month(opened, day)
    found = question.answer(opened, question.BulletinRequest(month=asked, today=day))
    if out is not None:
        bulletin.write(
            opened,
            say,
            found,
            out,
            letterhead=Letterhead.asked_for(office=office, signer=signer),
            actor=current_actor(),
        )
    if as_json:
        print_json(question.as_json(found))
        return
    said = bulletin_words.wording(say, found, properties=opened.properties)
    print_lines(said.title, *([said.simulated] if said.simulated else []), said.headline)
    print_lines(*said.summary)
    if out is not None:
        print_lines(say("bulletin.written", month=say.month(asked), file=str(out)))


def _language(asked: str | None) -> Texts | None:
    if asked is not None and asked not in LANGUAGES:
        raise UnknownLanguageError(value=asked)
    return None if asked is None else texts(asked)
