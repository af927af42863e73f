"""Take files in as they are put into a folder, with nobody at the keyboard."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.arguments import check_one_of, parse_day, read_mapping
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, TodayOption
from dashboard.printing import print_json, print_lines

if TYPE_CHECKING:
    from dashboard.texts import Texts
    from data.importing.watching import Outcome
    from data.store import Store

LONGEST_WAIT_S = 60.0
"""With --once: how long to wait for a file that is still being written."""


def watch(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder with folders called incidents, cameras and so on in it."),
    ],
    layer: Annotated[
        str | None, typer.Option(help="All files of the folder itself are of this layer.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what lies there, and end: for a scheduler.")
    ] = False,
    every: Annotated[float, typer.Option(min=1, help="Look again after so many seconds.")] = 60.0,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds a file must have lain still to be read.")
    ] = 5.0,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="JSON file: field to heading.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose case numbers these are, when the files do not say.")
    ] = None,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in each file that is put into a folder, once; a report lies beside each.

    Files go to ``done``, or to ``refused`` where nothing of them could be taken. Ends with 1 when a
    file was refused or had to wait.
    """
    from data import importing
    from data.importing import watching

    known = (*importing.STORED_FIELDS, importing.OSM)
    layer = check_one_of(layer, known)
    opened = open_store(store)
    options = importing.Options(mapping=read_mapping(mapping), source=source)
    stillness = watching.Stillness(settle)
    outcomes: list[Outcome] = []
    n_waiting = 0
    started = time.monotonic()
    try:
        while True:
            waiting = watching.waiting(folder, layer=layer)
            still = [found for found in waiting if stillness.is_still(found.path)]
            n_waiting = len(waiting) - len(still)
            for found in still:
                outcome = _take(opened, found, options, today)
                outcomes.append(outcome)
                if not as_json:
                    print_lines(_line(words(opened), outcome))
            if once and (not n_waiting or time.monotonic() - started > LONGEST_WAIT_S):
                break
            time.sleep(min(every, max(settle, 0.2)) if once else every)
    except KeyboardInterrupt:  # how a person ends it
        pass
    if as_json:
        print_json({"files": [_as_json(each) for each in outcomes], "n_waiting": n_waiting})
    elif n_waiting:
        print_lines(words(opened)("watch.still_written", n=n_waiting))
    if n_waiting or any(each.status != "done" for each in outcomes):
        sys.exit(1)


def _take(store: Store, found: Any, options: Any, today: str | None) -> Outcome:  # noqa: ANN401
    from dashboard.commands import parser_noise
    from data import clock
    from data.importing import suggestions, watching
    from data.store import current_actor

    def write_report(outcome: Outcome, target: Path) -> None:
        from dashboard import import_words, located_words, messages
        from dashboard.stored_words import Setting

        say = words(store)
        lines = [_line(say, outcome)]
        report = outcome.report
        if report is not None:
            told = {}
            if report.refused is not None:
                told = suggestions.suggest(report.refused, report.rejected, store)
            questions = None
            if located_words.asks_about_cases(report):  # the file itself will not ask again
                questions = target.with_name(f"{target.name}.{say('watch.questions')}.json")
                located_words.write_questions(say, report, questions)
            setting = Setting.of(store)
            lines += import_words.report_lines(
                say, report, told, setting=setting, questions=questions
            )
            if report.rejected:
                beside = target.with_name(f"{target.name}.{say('watch.refused_rows')}.xlsx")
                import_words.write_rejected(say, report, beside, told)
        if outcome.error is not None:
            lines.append(messages.sentence(say, outcome.error))
        beside = target.with_name(f"{target.name}.{say('watch.report')}.txt")
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")

    with parser_noise.kept_away():
        return watching.take(
            store,
            found,
            actor=current_actor(),
            today=clock.today(store.properties, asked=parse_day(today)),
            options=options,
            write_report=write_report,
        )


def _line(say: Texts, outcome: Outcome) -> str:
    """Say in one line what became of a file."""
    from dashboard import messages

    found, report = outcome.found, outcome.report
    layer = say(f"imports.layer.{found.layer}")
    if outcome.status == "done" and report is not None:
        counts = say(
            "cli.import_counts",
            n=report.n_rows,
            accepted=report.n_accepted,
            updated=report.n_updated,
            duplicates=report.n_duplicates,
            rejected=report.n_rejected,
        )
        done = say("watch.done", file=found.path.name, layer=layer, counts=counts)
        if not report.unread:
            return done
        return f"{done} {say('watch.unread', tables=', '.join(report.unread))}"
    why = "" if outcome.error is None else messages.sentence(say, outcome.error)
    return say(f"watch.{outcome.status}", file=found.path.name, layer=layer, why=why)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    from dashboard import import_words

    return {
        "file": str(outcome.found.path),
        "layer": outcome.found.layer,
        "status": outcome.status,
        "error": None if outcome.error is None else outcome.error.code,
        "moved_to": None if outcome.moved_to is None else str(outcome.moved_to),
        "report": None if outcome.report is None else import_words.report_as_json(outcome.report),
    }
