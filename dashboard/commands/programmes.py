"""The people's programmes, tips and patrol hours, school gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.arguments import parse_day
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption, TodayOption, WardOption, once
from dashboard.printing import print_json, print_lines, print_table

if TYPE_CHECKING:
    from dashboard.questions.gates import GatesAnswer
    from dashboard.questions.patrols import PatrolsAnswer
    from dashboard.questions.programmes import ProgrammesAnswer
    from dashboard.texts import Texts


def programmes(
    ward: WardOption = None,
    months: Annotated[int, typer.Option(min=1, help="Whole months up to today.")] = 12,
    patrol: Annotated[
        str | None, typer.Option(help="Hours of patrol, as 16:00-20:30,03:00-07:00.")
    ] = None,
    radius: Annotated[float, typer.Option(help="Metres around a school gate.")] = 150.0,
    minutes: Annotated[int, typer.Option(help="Minutes before and after a gate's times.")] = 30,
    store: StoreOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what the people's programmes report, what became of tips, and of school gates."""
    from dashboard import patrol_words
    from dashboard.questions import gates, looks, patrols
    from dashboard.questions import programmes as question
    from data import clock
    from data.patrol_hours import usual

    windows = usual() if patrol is None else patrol_words.parse_hours(patrol)
    opened = open_store(store)
    day = clock.today(opened.properties, asked=parse_day(today))
    codes = once(ward)
    models = question.answer(
        opened, question.ProgrammesRequest(on=day, months=months, ward_codes=codes)
    )
    hours = patrols.answer(
        opened, patrols.PatrolsRequest(on=day, months=months, windows=windows, ward_codes=codes)
    )
    asked = gates.GatesRequest(
        on=day, months=months, radius_m=radius, minutes=minutes, ward_codes=codes
    )
    schools = gates.answer(opened, asked, ground=looks.ground(opened))
    if as_json:
        print_json(
            question.as_json(models)
            | {"patrols": patrols.as_json(hours), "gates": gates.as_json(schools)}
        )
    else:
        _print(words(opened), models, hours, schools)


def _print(
    say: Texts, models: ProgrammesAnswer, hours: PatrolsAnswer, schools: GatesAnswer
) -> None:
    from dashboard import programmes_words

    def bare(sentence: str) -> str:
        return sentence.replace("**", "")

    print_lines(bare(programmes_words.models_lead(say, models)))
    counts = ("n_programmes", "n_wards", "n_members", "n_cameras", "n_working", "n_tips",
              "n_usable", "n_gates")  # fmt: skip
    if len(models.kinds):
        print_table(
            [say("programmes.kind"), *(say(f"programmes.{name}") for name in counts)],
            [
                [
                    programmes_words.kind_name(say, str(kind)),
                    *(say.number(row[name]) for name in counts),
                ]
                for kind, row in models.kinds.iterrows()
            ],
        )
    print_lines(
        bare(programmes_words.tips_lead(say, models)),
        bare(programmes_words.met(say, hours)),
        bare(programmes_words.gates_lead(say, schools)),
    )
    if len(schools.gates):
        print_lines(bare(programmes_words.ratio_words(say, schools)))
