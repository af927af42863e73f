"""How a file is to be read, where it does not say so itself: sheet, system, source, division."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard import layout, session
from dashboard.importing_page import state, steps
from dashboard.importing_page.steps import Progress
from data.geofiles import known_crs
from data.importing import DATE_ORDERS, DECIMAL_SIGNS, Options
from data.importing.conventions import Convention

WORLDWIDE = ("EPSG:4326", "EPSG:3857")
VIETNAMESE = ("EPSG:5897", "EPSG:9210", "EPSG:3405", "EPSG:32648")
VIETNAM_DATUM = "VN-2000"


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
    if {"x_north", "y_east"} & draft.mapping.keys() or progress.options.crs is not None:
        choose_crs(progress)
    if progress.layer == "incidents" and "case_id" in draft.mapping:
        _choose_source(progress)
    if progress.layer == "wards":
        _choose_division(progress)
    for name, convention in draft.conventions.date_orders.items():
        _choose_convention(progress, name, convention, "date_order", DATE_ORDERS)
    for name, convention in draft.conventions.decimals.items():
        _choose_convention(progress, name, convention, "decimal", DECIMAL_SIGNS)


def _choose_convention(
    progress: Progress, name: str, convention: Convention, what: str, known: Sequence[str]
) -> None:
    """Show how a column's days or decimals are read and why, to be changed."""
    say = session.say()
    heading = name if progress.draft is None else progress.draft.mapping.get(name, name)
    told = progress.options.conventions
    chosen = st.selectbox(
        layout.plain(say(f"imports.{what}", column=heading)),
        known,
        index=known.index(convention.value),
        key=f"{_key(progress)}_{what}_{name}_{convention.value}",
        format_func=lambda value: say(f"imports.reading.{value}"),
    )
    st.caption(say(f"imports.basis_{convention.basis}", n=convention.n_for))
    if convention.n_against:
        st.caption(say("imports.against", n=convention.n_against))
    if chosen != convention.value:
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
        placeholder=progress.options.crs
        or say("imports.crs_default", crs=session.properties().metric_crs),
        help=say("imports.crs_help"),
    )
    if chosen is not None and chosen != progress.options.crs:
        _reread(progress, replace(progress.options, crs=chosen))


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


def _choose_sheet(progress: Progress) -> None:
    draft = progress.draft
    if draft is None:
        return
    chosen = st.selectbox(
        session.say()("imports.sheet"),
        draft.sheets,
        index=draft.sheets.index(draft.sheet) if draft.sheet in draft.sheets else 0,
        key=f"{_key(progress)}_sheet",
    )
    if chosen != draft.sheet:  # another sheet has other columns
        _reread(progress, replace(progress.options, sheet=chosen, mapping={}))


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
    with st.spinner(session.say()("imports.reading"), show_time=True):
        read = steps.reread(progress, options, session.store(), today=session.today())
    state.proceed(read)


def _key(progress: Progress) -> str:
    """Name widgets by the file, so that another file starts with its own answers."""
    return f"import_read_{progress.ticket.name}"
