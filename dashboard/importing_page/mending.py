"""Refused rows set right on the page: typed, or taken as suggested, and checked once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import session, suggestion_words
from dashboard.importing_page import refusals, state, steps, unapplied_mends
from dashboard.importing_page.steps import Progress
from dashboard.row_names import row_of, shown_row
from dashboard.suggestion_words import CLEARED
from dashboard.texts import Texts
from data.importing import ImportReport
from data.importing.files.cell import Cell
from data.importing.files.cell_cleaning import clean_cell
from data.importing.records import Corrections, Draft
from data.importing.suggestions import AXES, Suggestion
from data.masking import mask
from data.rows import Rejection
from data.store import current_actor

PLACES = ("ward", "place", "longitude", "latitude")
"""Fields one of which a row without a place can be given."""

COLUMNS = ("row", "column", "value", "reason", "becomes", "suggestion", "take")


def grid(
    say: Texts, rejected: Sequence[Rejection], suggestions: Mapping[int, Suggestion], draft: Draft
) -> pd.DataFrame:
    """Give the refused rows with room for what shall stand there.

    Columns as in ``COLUMNS``: the spreadsheet's own row number with its sheet where several were
    read together, the heading to blame, what stood
    there, in few words why it is refused, an empty cell, what is suggested, a box to tick.
    """
    lines = []
    for each in rejected:
        made = suggestions.get(each.file_row)
        words = suggestion_words.brief(say, made)
        why = refusals.brief(say, each.reason)
        row = shown_row(each.file_row, draft.sheet_starts)
        lines.append((row, _column(each, draft), each.value or "", why, "", words, False))
    return pd.DataFrame(lines, columns=list(COLUMNS))


def corrections(
    edited: pd.DataFrame, suggestions: Mapping[int, Suggestion], draft: Draft
) -> dict[int, dict[str, Cell]]:
    """Read what a person typed or ticked; what was typed wins, and a dash leaves the cell blank.

    A dash for one half of a point leaves the other half blank too.

    Examples
    --------
    >>> draft = Draft(layer="incidents", file_name="f", file_sha256="", header_row=1,
    ...               headings=("Ngày",), mapping={"date": "Ngày"}, confidence={}, languages={},
    ...               dropped_personal=(), ignored=(), file_rows=(5,), cells={"date": (None,)})
    >>> line = pd.DataFrame([(5, "Ngày", "31/02", "", " 28/2/2024 ", "", False)], columns=COLUMNS)
    >>> corrections(line, {}, draft)
    {5: {'date': '28/2/2024'}}
    """
    fields = {heading: name for name, heading in draft.mapping.items()}
    found: dict[int, dict[str, Cell]] = {}
    for line in edited.to_dict("records"):
        row = row_of(line["row"], draft.sheet_starts)
        typed = str(line["becomes"] or "").strip()
        name = fields.get(str(line["column"]))
        if typed == CLEARED and name is not None:
            found[row] = dict.fromkeys(_with_other_half(name, draft))
        elif typed and name is not None:
            found[row] = {name: clean_cell(typed)}
        elif line["take"] and row in suggestions:
            found[row] = dict(suggestions[row].cells)
    return found


def _with_other_half(name: str, draft: Draft) -> list[str]:
    """Give a field and, of a coordinate, the other half of the point: half a point is none."""
    axes = next((axes for axes in AXES if name in axes), (name,))
    return [axis for axis in axes if axis in draft.mapping]


def corrected(say: Texts, progress: Progress) -> pd.DataFrame:
    """Give the cells that were set right: row, heading, what stood there, what stands there now."""
    draft = progress.draft
    if draft is None:
        return pd.DataFrame()
    places = {row: i for i, row in enumerate(draft.file_rows)}
    return pd.DataFrame(
        [
            (
                shown_row(row, draft.sheet_starts),
                draft.mapping[name],
                mask(suggestion_words.cell_words(say, draft.cells[name][places[row]])).text,
                suggestion_words.cell_words(say, cell) or CLEARED,
            )
            for row, told in progress.options.corrections.items()
            for name, cell in told.items()
        ],
        columns=[say(f"imports.{name}") for name in ("row", "column", "value", "becomes_cell")],
    )


def unapplied(say: Texts, progress: Progress) -> dict[int, dict[str, Cell]]:
    """Give the corrections that were typed or ticked and that no check took yet."""
    plan, draft = progress.plan, progress.draft
    if plan is None or draft is None or not unapplied_mends.of(progress).lines:
        return {}
    shown = plan.rejected[: steps.MAX_REFUSED]
    fresh = grid(say, shown, progress.suggestions, draft)
    edited = unapplied_mends.edited(progress, fresh, [each.file_row for each in shown])
    return corrections(edited, progress.suggestions, draft)


def draw(say: Texts, progress: Progress, plan: ImportReport) -> None:
    """Draw the refused rows to be set right, and the button that takes all suggestions."""
    draft = progress.draft
    if draft is None:
        return
    shown = plan.rejected[: steps.MAX_REFUSED]
    name, begun = unapplied_mends.begin(
        progress,
        grid(say, shown, progress.suggestions, draft),
        [each.file_row for each in shown],
        language=say.language,
    )
    st.data_editor(
        begun,
        column_config=_columns(say, draft),
        disabled=("row", "value", "suggestion", "reason"),
        hide_index=True,
        height="stretch",
        row_height=32,
        num_rows="fixed",
        alt=say("imports.alt_refused"),
        key=name,
        on_change=unapplied_mends.keep,
        args=(name,),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if progress.suggestions and st.button(
            say("imports.take_all", n=len(progress.suggestions)),
            type="secondary",
            icon=":material/done_all:",
        ):
            told = {**steps.suggested(progress), **unapplied(say, progress)}
            _check(say, progress, told)
        st.caption(say("imports.mend_note"))


def check_again_buttons(say: Texts, progress: Progress) -> None:
    """Draw the button that checks what was typed and not checked yet, and the one that drops it."""
    told = unapplied(say, progress)
    st.button(
        say("imports.drop_unchecked"),
        type="tertiary",
        icon=":material/undo:",
        on_click=unapplied_mends.drop,
    )
    if st.button(
        say("imports.check_again", n=len(told)), type="primary", icon=":material/refresh:"
    ):
        _check(say, progress, told)


def draw_corrected(say: Texts, progress: Progress) -> None:
    """Draw what was set right, and the button that takes it back."""
    st.dataframe(corrected(say, progress), hide_index=True, height="stretch", row_height=32)
    if st.button(say("imports.drop_corrections"), type="secondary", icon=":material/undo:"):
        _check(say, steps.without_corrections(progress), {})


def _check(say: Texts, progress: Progress, told: Corrections) -> None:
    n_rows = 0 if progress.draft is None else progress.draft.n_rows
    correct = partial(
        steps.correct,
        progress,
        told,
        session.store(),
        today=session.today(),
        actor=current_actor(),
    )
    state.begin(
        "checking",
        progress,
        correct,
        words=say("imports.checking", n=n_rows),
        mended=unapplied_mends.of(progress).lines if told else {},
    )


def _column(rejection: Rejection, draft: Draft) -> str:
    """Name the column to set right: the one to blame, else one that could tell the place."""
    if rejection.column:
        return rejection.column
    return next((draft.mapping[name] for name in PLACES if name in draft.mapping), "")


def offered(draft: Draft) -> list[str]:
    """Give the columns in which a row can be set right: the file's, and the ward that a title told.

    Examples
    --------
    >>> draft = Draft(layer="incidents", file_name="f", file_sha256="", header_row=1,
    ...               headings=("STT", "Ngày"), mapping={"ward": "Phường/xã", "date": "Ngày"},
    ...               confidence={}, languages={}, dropped_personal=(), ignored=(), file_rows=(),
    ...               cells={"ward": (), "date": ()})
    >>> offered(draft)
    ['Ngày', 'Phường/xã']
    """
    mapped = draft.mapping.values()
    own = [heading for heading in draft.headings if heading in mapped]
    return list(dict.fromkeys([*own, *mapped]))


def _columns(say: Texts, draft: Draft) -> Mapping[str, ColumnConfig]:
    """Say the columns; on a screen 1,024 pixels wide all are seen, on a wider one all grow."""
    columns = st.column_config
    row = say("imports.row")
    return {
        "row": columns.TextColumn(row, width=76)
        if draft.sheet_starts
        else columns.NumberColumn(row, width=44),
        "column": columns.SelectboxColumn(
            say("imports.column"), options=offered(draft), width=108, required=True
        ),
        "value": columns.TextColumn(say("imports.value"), width=96),
        "reason": columns.TextColumn(say("imports.reason"), width=166),
        "becomes": columns.TextColumn(say("imports.becomes_cell"), width=100),
        "suggestion": columns.TextColumn(say("imports.suggestion"), width=156),
        "take": columns.CheckboxColumn(say("imports.take"), width=76),
    }
