from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from analysis.errors import VongLauError
from dashboard import (
    cache,
    charts,
    effect_workbook,
    inputs,
    layout,
    map_layers,
    maps,
    messages,
    session,
    theme,
    verdict_words,
)
from dashboard.figures import effect as figures
from dashboard.figures import effect_table
from dashboard.questions import waves
from dashboard.questions.evaluation import EvaluationAnswer, EvaluationRequest

REACHES_M = (50, 25, 100)
SPANS = (12, 6)
ROW_PX = 32
CHART_PX = 226


def draw() -> None:
    say = session.say()
    layout.head(say("effect.title"))
    if cache.wards().empty or cache.record_span() is None:
        st.info(say("common.no_wards" if cache.wards().empty else "common.no_incidents"))
        return
    with layout.filter_line():
        by = choose_kind()
        request = choose_request(by)
        st.space("stretch")
        download = st.container(width="content")
    if request is None:
        st.info(say("effect.no_waves" if by == "wave" else f"effect.no_treatment_{by}"))
        return
    try:
        found = cache.evaluation_answer(request)
    except VongLauError as error:
        st.info(refusal(error))
        return
    with download:
        offer_download(found)
    draw_answer(found)
    layout.foot(*foot(found))


def draw_answer(found: EvaluationAnswer) -> None:
    left, right = st.columns([1.55, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        draw_lead(found)
    with right.container(border=True, height="stretch"):
        draw_ratios(found)
    left, right = st.columns([1.55, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        draw_months(found)
    with right.container(border=True, height="stretch"):
        draw_map(found)
    parts = [draw_left_out, draw_counts]
    if not found.request.ward_codes:  # whole wards have no reach to choose otherwise
        parts.append(draw_choices)
    widths = [1.2, 0.95, 1][: len(parts)]
    for column, draw_part in zip(st.columns(widths, gap="small"), parts, strict=True):
        with column.container(border=True, height="stretch"):
            draw_part(found)


def choose_kind() -> str:
    say = session.say()
    return inputs.choose(
        "by",
        ["wave", "wards", "cameras"],
        label=say("effect.by"),
        say_option=lambda word: say(f"effect.by_{word}"),
        width=130,
    )


def choose_request(by: str) -> EvaluationRequest | None:
    """Read the filter line; None when nothing is chosen whose effect could be asked about."""
    wave: str | None = None
    ward_codes: tuple[str, ...] = ()
    camera_ids: tuple[str, ...] = ()
    if by == "wave":
        wave = choose_wave()
    elif by == "wards":
        ward_codes = choose_wards()
    else:
        camera_ids = choose_cameras()
    months = choose_months()
    reach_m = choose_reach() if by != "wards" else REACHES_M[0]
    categories = inputs.choose_categories(cache.categories())
    if not (wave or ward_codes or camera_ids):
        return None
    return EvaluationRequest(
        today=session.today(),
        wave=wave,
        camera_ids=camera_ids,
        ward_codes=ward_codes,
        categories=categories,
        months=months,
        division=session.division(),
        grow_m=float(reach_m),
    )


def choose_wave() -> str | None:
    say = session.say()
    table = cache.waves()
    days = cache.record_span()
    if table.empty or days is None:
        return None
    known = days
    return inputs.choose(
        "wave",
        list(table.index[::-1]),
        label=say("effect.by_wave"),
        say_option=lambda wave: verdict_words.wave_option(say, wave, table),
        default=waves.newest_full_wave(table, known=known),
        width=320,
    )


def choose_wards() -> tuple[str, ...]:
    say = session.say()
    names = cache.wards()["name"].sort_values()
    return inputs.choose_several(
        "treated",
        list(names.index),
        label=say("effect.by_wards"),
        nothing_chosen=say("effect.choose_wards"),
        say_option=lambda code: str(names[code]),
        width=320,
    )


def choose_cameras() -> tuple[str, ...]:
    say = session.say()
    return inputs.choose_several(
        "cameras",
        list(cache.cameras(session.today()).index),
        label=say("effect.by_cameras"),
        nothing_chosen=say("effect.choose_cameras"),
        say_option=str,
        width=320,
    )


def choose_months() -> int:
    say = session.say()
    chosen = inputs.choose(
        "span",
        [str(months) for months in SPANS],
        label=say("effect.months_label"),
        say_option=lambda word: say("effect.months", n=int(word)),
        width=185,
    )
    return int(chosen)


def choose_reach() -> int:
    say = session.say()
    chosen = inputs.choose(
        "reach",
        [str(metres) for metres in REACHES_M],
        label=say("effect.reach_label"),
        say_option=lambda word: say("effect.reach", metres=int(word)),
        width=170,
    )
    return int(chosen)


def refusal(error: VongLauError) -> str:
    """Say why a choice cannot be compared, in the words of this page where it has some."""
    say = session.say()
    key = f"effect.{error.code}"
    return say(key) if say.has(key) else messages.sentence(say, error)


def draw_lead(found: EvaluationAnswer) -> None:
    say = session.say()
    st.caption(verdict_words.scope(say, found, cache.wards()["name"].to_dict()))
    layout.lead(verdict_words.lead(say, found))
    facts = verdict_words.facts(say, found)
    for column, fact in zip(st.columns(len(facts), gap="small"), facts, strict=True):
        column.metric(
            fact.name,
            fact.figure,
            fact.beside,
            delta_color="gray",
            delta_arrow="off",
            help=fact.help,
        )
    st.caption(verdict_words.expected(say, found))
    for warning in verdict_words.warnings(say, found):
        st.markdown(f":orange[:material/warning: {warning}]")


def draw_ratios(found: EvaluationAnswer) -> None:
    say = session.say()
    compared = found.comparison
    layout.section(say("effect.ratio_title"), say("effect.ratio_note"))
    if compared.rirr is None:
        st.caption(say("effect.no_ratio"))
    else:
        charts.show(
            figures.ratios(say, found, mode=theme.mode(), height=figures.ratios_height(found)),
            alt=verdict_words.ratios_in_words(say, found),
            key="effect_ratios",
        )
        st.markdown(verdict_words.p_line(say, compared))
    if compared.calibration_status == "not_measured":
        st.markdown(
            f":orange-badge[:material/warning: {say('effect.badge')}]", help=say("effect.badge_why")
        )


def draw_months(found: EvaluationAnswer) -> None:
    say = session.say()
    layout.section(say("effect.months_title"), say("effect.months_note"))
    if found.months.empty:
        st.info(say("effect.no_months"))
        return
    charts.show(
        figures.months(say, found, mode=theme.mode(), height=CHART_PX),
        alt=verdict_words.months_in_words(say, found),
        key="effect_months",
    )


def draw_map(found: EvaluationAnswer) -> None:
    say = session.say()
    title = "effect.map_title_wards" if found.request.ward_codes else "effect.map_title"
    layout.section(say(title), figures.legend(say, found, mode=theme.mode()))
    treated = found.zones[found.zones.index == "treated"]
    request = found.request
    place = (request.wave, request.camera_ids, request.ward_codes)
    maps.render(
        "effect",
        cache.base(compared_on(found)),
        [map_layers.zones(found.zones)],
        view=maps.View.of(f"effect {place}", treated),
        height=CHART_PX - 6,
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def compared_on(found: EvaluationAnswer) -> date:
    """Give the day whose wards were compared: wards that are chosen are those of today."""
    request, span = found.request, cache.record_span()
    if request.ward_codes or span is None:
        return request.today
    return min(request.today, max(span[0], found.installed_until))


def draw_left_out(found: EvaluationAnswer) -> None:
    say = session.say()
    layout.section(say("effect.left_out_title"))
    lines = [*verdict_words.left_out(say, found), *verdict_words.cautions(say, found)]
    st.markdown("\n".join(f"- {line}" for line in lines))


def draw_choices(found: EvaluationAnswer) -> None:
    """Ask the same question for every reach and length, so that one choice is not the answer."""
    say = session.say()
    request = found.request
    layout.section(say("effect.choices_title"))
    answers = cache.evaluation_choices(request, spans=SPANS, reaches_m=REACHES_M)
    charts.show(
        figures.choices(
            say, answers, chosen=(request.months, round(request.grow_m)), mode=theme.mode()
        ),
        alt=verdict_words.choices_in_words(say, answers),
        key="effect_choices",
    )
    st.caption(say("effect.choices_note"))


def draw_counts(found: EvaluationAnswer) -> None:
    say = session.say()
    layout.section(say("effect.table_title"))
    st.dataframe(
        effect_table.written(say, effect_table.counts(say, found)),
        hide_index=True,
        row_height=ROW_PX,
        column_config=effect_table.columns(say),
        alt=say("effect.table_alt"),
    )


def offer_download(found: EvaluationAnswer) -> None:
    say = session.say()
    names = cache.wards()["name"].to_dict()
    notes = verdict_words.sheet_notes(say, found, names)
    st.download_button(
        say("effect.download"),
        partial(
            effect_workbook.export_comparison,
            session.store(),
            say,
            found,
            name=verdict_words.treated_name(say, found, names),
            notes=notes,
        ),
        file_name=effect_workbook.file_name(found),
        mime=effect_workbook.XLSX,
        type="primary",
        icon=":material/table_view:",
        on_click="ignore",
    )


def foot(found: EvaluationAnswer) -> list[str]:
    say = session.say()
    return [say("effect.foot_method"), *verdict_words.population(say, found)]


draw()
