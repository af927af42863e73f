"""Comparison places left out or taken in by hand: kept through the visit and in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import inputs

DROP_KEY, ADD_KEY, OF_KEY = "drop", "add", "effect_places_of"
KEYS = (DROP_KEY, ADD_KEY)


def chosen(subject: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the places left out and those taken in; none any more when another thing is asked about.

    Parameters
    ----------
    subject
        What is asked about, as words that differ where the treated ground does.
    """
    before = st.session_state.get(OF_KEY)
    st.session_state[OF_KEY] = subject
    for key in KEYS:
        if before not in (None, subject):
            st.session_state[key] = ()
        inputs.seed(key, lambda word: tuple(part for part in word.split(",") if part))
        inputs.publish(key, ",".join(_kept(key)), is_default=not _kept(key))
    return _kept(DROP_KEY), _kept(ADD_KEY)


def leave_out(unit_ids: Sequence[str]) -> None:
    """Leave places out of the comparison; those taken in by hand just go back."""
    added = _kept(ADD_KEY)
    _keep(DROP_KEY, [*_kept(DROP_KEY), *(unit for unit in unit_ids if unit not in added)])
    _keep(ADD_KEY, [unit for unit in added if unit not in unit_ids])


def take_in(unit_ids: Sequence[str]) -> None:
    """Take places into the comparison; those left out by hand just come back."""
    dropped = _kept(DROP_KEY)
    _keep(ADD_KEY, [*_kept(ADD_KEY), *(unit for unit in unit_ids if unit not in dropped)])
    _keep(DROP_KEY, [unit for unit in dropped if unit not in unit_ids])


def forget() -> None:
    """Undo every change by hand."""
    for key in KEYS:
        _keep(key, [])


def _kept(key: str) -> tuple[str, ...]:
    kept: tuple[str, ...] = st.session_state.get(key, ())
    return kept


def _keep(key: str, unit_ids: Sequence[str]) -> None:
    st.session_state[key] = tuple(dict.fromkeys(unit_ids))
