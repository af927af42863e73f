"""Numbers and switches of the form, each with its label, kept in the address like other choices."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import inputs

MOST_LETTERS = 60


def number(
    key: str,
    *,
    label: str,
    default: float | None,
    limits: tuple[float, float | None] = (0, None),
    step: float = 1,
    help_: str | None = None,
    empty: str | None = None,
) -> float | None:
    """Ask for a number; None where the field is left empty, which says ``empty`` then.

    One in the address that is none, or beyond the limits, counts as the default.
    """
    low, high = limits
    is_whole = all(isinstance(value, int) for value in (low, step))
    read = int if is_whole else float
    inputs.seed(key, lambda word: _read(word, read, low, high))
    st.session_state.setdefault(key, default)
    chosen = st.number_input(
        label,
        min_value=low,
        max_value=high,
        value=None,
        step=step,
        format="%d" if is_whole else None,
        key=key,
        help=help_,
        placeholder=empty,
        persist_state="session",
    )
    inputs.publish(key, "" if chosen is None else f"{chosen:.12g}", is_default=chosen == default)
    return chosen


def share(key: str, *, label: str, default: int, low: int = 0, help_: str | None = None) -> float:
    """Ask for a share on a slider that shows per cent; it is given from 0 to 1."""
    inputs.seed(key, lambda word: _read(word, int, low, 100))
    st.session_state.setdefault(key, default)
    chosen: int = st.slider(
        label, low, 100, step=5, format="%d %%", key=key, help=help_, persist_state="session"
    )
    inputs.publish(key, str(chosen), is_default=chosen == default)
    return chosen / 100


def flag(key: str, *, label: str, default: bool = False, help_: str | None = None) -> bool:
    """Ask for yes or no."""
    inputs.seed(key, {"0": False, "1": True}.get)
    st.session_state.setdefault(key, default)
    chosen = st.checkbox(label, key=key, help=help_, persist_state="session")
    inputs.publish(key, str(int(chosen)), is_default=chosen == default)
    return chosen


def words(key: str, *, label: str) -> str:
    """Ask for a few words."""
    inputs.seed(key, lambda word: word[:MOST_LETTERS])
    st.session_state.setdefault(key, "")
    chosen: str = st.text_input(
        label, key=key, max_chars=MOST_LETTERS, persist_state="session"
    ).strip()
    inputs.publish(key, chosen, is_default=not chosen)
    return chosen


def several(
    key: str, options: list[str], *, label: str, nothing: str, say: Callable[[str], str]
) -> tuple[str, ...]:
    """Ask for any number of codes."""
    return inputs.choose_several(
        key,
        options,
        label=label,
        nothing_chosen=nothing,
        say_option=say,
        width="stretch",
        is_labelled=True,
    )


def _read(word: str, read: Callable[[str], float], low: float, high: float | None) -> float | None:
    """Read a number from the address.

    Examples
    --------
    >>> [_read(word, int, 1, None) for word in ("40", "0", "many")]
    [40, None, None]
    """
    try:
        value = read(word)
    except ValueError:
        return None
    return value if low <= value <= (float("inf") if high is None else high) else None
