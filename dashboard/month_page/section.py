"""A chart's name on the Month page, with its table twin one click away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.texts import Texts

Table = Callable[[], tuple[pd.DataFrame, ...]]
"""Gives a chart's numbers: one table, or several."""


def section(title: str, note: str | None, *, key: str, table: Table) -> None:
    """Draw a section's name, what its signs mean, and a button that opens its numbers.

    Parameters
    ----------
    title, note
        The name, and in small what the signs mean.
    key
        Streamlit's name for the button.
    table
        Gives the numbers, headings and all, once they are asked for.
    """
    with heading(title):
        if note:
            st.caption(note, width="stretch")
        else:
            st.space("stretch")
        twin(title, key=key, table=table)


def heading(title: str) -> DeltaGenerator:
    """Draw a section's name, and give the line that it stands on."""
    line = st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False)
    line.subheader(title, anchor=False, width="content")
    return line


def twin(title: str, *, key: str, table: Table) -> None:
    """Draw the button that opens a chart's numbers."""
    say = session.say()
    opened = st.popover(
        say("month.table_of"),
        type="tertiary",
        icon=":material/table_rows:",
        key=f"table {key}",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            for part in table():
                st.dataframe(written(say, part), hide_index=True, placeholder="–", alt=title)


def written(say: Texts, frame: pd.DataFrame) -> Styler:
    """Write a table's numbers as the language does; they still sort as numbers."""

    def number(value: object) -> str:
        n = float(cast("float", value))
        return say.number(n, 0 if n.is_integer() else 2 if abs(n) < 2 else 1)

    numbers = frame.select_dtypes("number").columns
    return frame.reset_index(drop=True).style.format(dict.fromkeys(numbers, number), na_rep="")


def renamed(say: Texts, frame: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Keep some columns, under the headings of the catalogue."""
    return frame[list(headings)].rename(columns={name: say(key) for name, key in headings.items()})
