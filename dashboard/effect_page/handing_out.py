"""The buttons that hand a result out: one page of paper, and a spreadsheet."""

from __future__ import annotations

import dataclasses
from functools import partial

import streamlit as st

from dashboard import cache, effect_workbook, session, verdict_words
from dashboard.questions import evaluation
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.reports import effect_sheet
from dashboard.texts import Texts
from data.store import Store


def offer(found: EvaluationAnswer) -> None:
    """Offer the page for the report, and the numbers; made when asked for, and in the audit."""
    say = session.say()
    store = session.store()
    names = cache.wards()["name"].to_dict()
    place = effect_sheet.place_of(store, on=session.today())
    with st.popover(say("effect.hand_out"), icon=":material/download:", type="primary"):
        st.download_button(
            say("effect.download"),
            partial(
                effect_workbook.export_comparison,
                store,
                say,
                found,
                name=verdict_words.treated_name(say, found, names),
                notes=verdict_words.sheet_notes(say, found, names),
            ),
            file_name=effect_workbook.file_name(found),
            mime=effect_workbook.XLSX,
            icon=":material/table_view:",
            on_click="ignore",
        )
        st.download_button(
            say("effect.download_sheet"),
            partial(_sheet_with_grid, store, say, found, place),
            file_name=effect_sheet.file_name(found),
            mime=effect_sheet.PDF,
            type="primary",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )


def _sheet_with_grid(
    store: Store, say: Texts, found: EvaluationAnswer, place: effect_sheet.Place
) -> bytes:
    """Set the page with all other ways of asking, which the result itself is shown without.

    It runs beside the visit, when the button is pressed: nothing of the visit is known here.
    """
    ways = dataclasses.replace(found.request, is_grid_wanted=True, n_placebos=0)
    whole = dataclasses.replace(found, grid=evaluation.answer(store, ways).grid)
    return effect_sheet.export_sheet(store, say, whole, place=place)
