"""How a file is to be read, where it does not say so itself: sheet, system, source, division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.importing_page import labels, preview, state, steps
from dashboard.importing_page.steps import Progress
from dashboard.names import category_name
from dashboard.texts import Texts
from data import offences
from data.folding import fold_ward
from data.geofiles import known_crs
from data.importing import DATE_ORDERS, DECIMAL_SIGNS, Draft, Options
from data.importing.files.limits import MAX_ROWS
from data.importing.layers import named_offences
from data.importing.locating.places import LEAST_METRES
from data.importing.locating.systems import are_metres
from data.importing.tables import book_wards
from data.importing.tables.found_tables import ALL_ALIKE
from data.importing.values import moments
from data.importing.values.conventions import DATE_FIELDS, Convention
from data.importing.values.moments import EARLIEST

WORLDWIDE = ("EPSG:4326", "EPSG:3857")
VIETNAMESE = ("EPSG:5897", "EPSG:9210", "EPSG:3405", "EPSG:32648")
VIETNAM_DATUM = "VN-2000"
MOST_OFFENCES = 12
"""Unknown offences that are asked about here; the rest the command can tell."""
N_LOOKED_AT = 1_000
"""Cells of a column that are looked at for days without a year, or for metres."""


def systems(metric_crs: str) -> list[str]:
    """List what files of a city are usually in; any other can be typed.

    Examples
    --------
    >>> systems("EPSG:32634")
    ['EPSG:4326', 'EPSG:32634', 'EPSG:3857']
    """
    is_here = known_crs(metric_crs).name.startswith(VIETNAM_DATUM)
    first, *others = WORLDWIDE
    return list(dict.fromkeys([first, metric_crs, *(VIETNAMESE if is_here else ()), *others]))


def draw(progress: Progress) -> None:
    """Show the choices that this file leaves open; a change reads the file again."""
    draft = progress.draft
    if draft is None:
        return
    if len(draft.sheets) > 1:
        _choose_sheet(progress)
    if draft.header_row:
        _choose_header_row(progress)
    if (
        {"x_north", "y_east"} & draft.mapping.keys()
        or progress.options.crs is not None
        or _has_metres_as_degrees(draft)
        or any(map(are_metres, draft.cells.get("position", ())[:N_LOOKED_AT]))
    ):
        choose_crs(progress)
    if progress.layer == "incidents" and "case_id" in draft.mapping:
        _choose_source(progress)
    if progress.layer == "incidents" and (
        draft.is_ward_of_book or book_wards.is_missing(draft.mapping)
    ):
        _choose_book_ward(progress)
    if progress.layer == "wards":
        _choose_division(progress)
    if progress.options.year is not None or _has_days_without_year(draft):
        _choose_year(progress)
    _name_offences(progress)
    for name, convention in draft.conventions.date_orders.items():
        _choose_convention(progress, name, convention, "date_order", DATE_ORDERS)
    for name, convention in draft.conventions.decimals.items():
        _choose_convention(progress, name, convention, "decimal", DECIMAL_SIGNS)


def _choose_convention(
    progress: Progress, name: str, convention: Convention, what: str, known: Sequence[str]
) -> None:
    """Show how a column's days or decimals are read and why, to be changed."""
    say = session.say()
    draft = progress.draft
    heading = name if draft is None else draft.mapping.get(name, name)
    told = progress.options.conventions
    is_exchanged = draft is not None and name in draft.conventions.exchanged
    shown = None if convention.basis == "doubt" or is_exchanged else convention.value
    words = say(f"imports.{what}", column=heading)
    chosen = labels.above(words).selectbox(
        words,
        known,
        index=None if shown is None else known.index(shown),
        key=f"{_key(progress)}_{what}_{name}_{convention.basis}_{shown}",
        format_func=lambda value: say(f"imports.reading.{value}"),
        placeholder=say("imports.convention_ask"),
        label_visibility="collapsed",
    )
    if convention.basis == "doubt":
        st.caption(say("imports.basis_doubt", n=convention.n_against))
    elif is_exchanged:
        st.caption(say("imports.basis_exchanged"))
    else:
        st.caption(say(f"imports.basis_{convention.basis}", n=convention.n_for))
        if convention.n_against:
            st.caption(say("imports.against", n=convention.n_against))
    if chosen is not None and chosen != shown:
        _reread(progress, replace(progress.options, conventions={**told, name: chosen}))


def choose_crs(progress: Progress) -> None:
    """Choose the file's coordinate system, or type its code."""
    say = session.say()
    chosen = st.selectbox(
        say("imports.crs"),
        systems(session.properties().metric_crs),
        index=None,
        key=f"{_key(progress)}_crs",
        accept_new_options=True,
        placeholder=progress.options.crs or _system_without_answer(say, progress.draft),
        help=say("imports.crs_help"),
    )
    if chosen is not None and chosen != progress.options.crs:
        _reread(progress, replace(progress.options, crs=chosen))


def _system_without_answer(say: Texts, draft: Draft | None) -> str:
    """Say how coordinates are read as long as nobody chose a system."""
    if draft is None:  # a map file that does not say its own: nothing is read before it is told
        return say("imports.crs_choose")
    if {"x_north", "y_east"} & draft.mapping.keys():
        return say("imports.crs_default", crs=draft.crs or session.properties().metric_crs)
    return say("imports.crs_degrees")


def choose_admin_level(progress: Progress, levels: Sequence[str]) -> None:
    """Choose which boundaries of an OpenStreetMap extract are the wards."""
    chosen = st.selectbox(
        session.say()("imports.admin_level"),
        levels,
        index=None,
        key=f"{_key(progress)}_level",
        help=session.say()("imports.admin_level_help"),
    )
    if chosen is not None:
        _reread(progress, replace(progress.options, sheet=chosen))


def choose_hidden_sheet(progress: Progress, names: Sequence[str]) -> None:
    """Choose a hidden sheet, where no other holds a list: nobody reads one unasked."""
    chosen = st.selectbox(
        session.say()("imports.hidden_sheet"),
        names,
        index=None,
        key=f"{_key(progress)}_hidden",
    )
    if chosen is not None:
        _reread(progress, replace(progress.options, sheet=chosen))


def _choose_sheet(progress: Progress) -> None:
    draft = progress.draft
    if draft is None or draft.sheet is None:
        return
    say = session.say()
    is_several = draft.sheet == ALL_ALIKE or "sheets_alike" in draft.notes
    offered = [*draft.sheets, ALL_ALIKE] if is_several else list(draft.sheets)
    chosen = st.selectbox(
        say("imports.sheet"),
        offered,
        index=offered.index(draft.sheet),
        key=f"{_key(progress)}_sheet_{draft.sheet}",
        format_func=partial(_sheet_words, say, draft),
    )
    if chosen != draft.sheet:  # another sheet has other columns
        _reread(progress, replace(progress.options, sheet=chosen, header_row=None, mapping={}))


def _sheet_words(say: Texts, draft: Draft, name: str) -> str:
    if name == ALL_ALIKE:
        return say("imports.all_alike")
    return say("imports.sheet_is_hidden", sheet=name) if name in draft.hidden else name


def _choose_header_row(progress: Progress) -> None:
    draft = progress.draft
    if draft is None:
        return
    say = session.say()
    chosen = st.number_input(
        say("imports.header_line"),
        min_value=1,
        max_value=MAX_ROWS,
        value=draft.header_row,
        key=f"{_key(progress)}_header_{draft.header_row}",
        help=say("imports.header_line_help"),
    )
    if chosen not in {draft.header_row, progress.options.header_row}:
        _reread(progress, replace(progress.options, header_row=int(chosen), mapping={}))


def _has_days_without_year(draft: Draft) -> bool:
    days = [column for name, column in draft.cells.items() if name in DATE_FIELDS]
    return any(moments.lacks_year(cell) for column in days for cell in column[:N_LOOKED_AT])


def _has_metres_as_degrees(draft: Draft) -> bool:
    """Tell whether a column of degrees holds numbers that only metres can be."""
    degrees = [draft.cells.get(name, ()) for name in ("longitude", "latitude")]
    return any(
        isinstance(cell, float) and abs(cell) > LEAST_METRES
        for column in degrees
        for cell in column[:N_LOOKED_AT]
    )


def _choose_year(progress: Progress) -> None:
    draft = progress.draft
    if draft is None:
        return
    say = session.say()
    chosen = st.number_input(
        say("imports.year"),
        min_value=EARLIEST.year,
        max_value=session.today().year,
        value=draft.year,
        key=f"{_key(progress)}_year_{draft.year}",
        help=say("imports.year_help"),
    )
    if chosen is not None and chosen != draft.year:
        _reread(progress, replace(progress.options, year=int(chosen)))


def _name_offences(progress: Progress) -> None:
    """Ask what the offences are that no rule knows; none is guessed by likeness."""
    draft = progress.draft
    if draft is None or not {*named_offences.FIELDS} & draft.mapping.keys():
        return
    say = session.say()
    told = progress.options.offences
    asked = [*named_offences.unknown(draft)][:MOST_OFFENCES]
    if not asked:
        return
    categories = [c for c in offences.names(language=say.language) if c != offences.UNCLASSIFIED]
    n_open = sum(text not in told for text in asked)
    words = say("imports.offences_ask", n=n_open) if n_open else say("imports.offences_told")
    with st.expander(words, expanded=n_open > 0):  # a question is seen without a click
        chosen = {}
        for text in asked:
            asks = say("imports.offence_asked", text=text)
            category = labels.above(asks).selectbox(
                asks,
                categories,
                index=categories.index(told[text]) if text in told else None,
                key=f"{_key(progress)}_offence_{text}",
                format_func=lambda code: category_name(say, code),
                placeholder=say("imports.offence_leave"),
                label_visibility="collapsed",
            )
            if category is not None:
                chosen[text] = category
    if chosen != {text: told[text] for text in asked if text in told}:
        others = {text: category for text, category in told.items() if text not in asked}
        _reread(progress, replace(progress.options, offences={**others, **chosen}))


def _choose_source(progress: Progress) -> None:
    say = session.say()
    typed = st.text_input(
        say("imports.source"),
        value=progress.options.source or "",
        key=f"{_key(progress)}_source",
        help=say("imports.source_help"),
    ).strip()
    if (typed or None) != progress.options.source:
        _reread(progress, replace(progress.options, source=typed or None))


def _choose_book_ward(progress: Progress) -> None:
    """Choose the ward of a book whose rows name none."""
    say = session.say()
    names = preview.ward_names()
    told = progress.options.ward
    codes = list(names)
    chosen = st.selectbox(
        say("imports.book_ward"),
        codes,
        index=None if told is None or told not in names else codes.index(told),
        key=f"{_key(progress)}_ward_{told}",
        format_func=lambda code: names.get(code, code),
        placeholder=_ward_so_far(say, progress, names),
        help=say("imports.book_ward_help"),
    )
    if chosen != told:
        _reread(progress, replace(progress.options, ward=chosen))


def _ward_so_far(say: Texts, progress: Progress, names: Mapping[str, str]) -> str:
    """Say which ward the book's title or unit told, to be changed."""
    cells = () if progress.draft is None else progress.draft.cells.get("ward", ())
    said = {cell for cell in cells if cell is not None}
    if len(said) != 1 or progress.draft is None or not progress.draft.is_ward_of_book:
        return say("imports.book_ward_ask")
    told = fold_ward(str(said.pop()))
    return next((name for name in names.values() if fold_ward(name) == told), told)


def _choose_division(progress: Progress) -> None:
    say = session.say()
    options = progress.options
    name = st.text_input(
        say("imports.division"),
        value=options.division or "",
        key=f"{_key(progress)}_division",
        help=say("imports.division_help"),
    ).strip()
    day = st.date_input(
        say("imports.valid_from"),
        value=options.valid_from,
        min_value="1900-01-01",
        key=f"{_key(progress)}_valid_from",
        format="DD/MM/YYYY",
    )
    if (name or None, day) != (options.division, options.valid_from):
        _reread(progress, replace(options, division=name or None, valid_from=day))


def _reread(progress: Progress, options: Options) -> None:
    state.begin(
        "reading",
        progress,
        partial(steps.reread, progress, options, session.store(), today=session.today()),
        words=session.say()("imports.reading"),
    )


def _key(progress: Progress) -> str:
    """Name widgets by the file, so that another file starts with its own answers."""
    return f"import_read_{progress.ticket.name}"
