"""The shape that the three parts of the page share: two panes, and a table under its name."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import layout, tables


def side_by_side(right: float) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Give two panes down to the bottom of the screen, the right one so many times as wide."""
    with st.container(height="stretch", key="fill"):
        one, other = st.columns([1, right], gap="small", wrap=False)
    return one, other


def draw_table(
    title: str,
    rows: pd.DataFrame,
    columns: dict[str, Any],
    *,
    note: str | None = None,
    is_whole: bool = False,
) -> None:
    """Draw a table under its name: as high as its pane, or as its rows where ``is_whole``."""
    layout.section(title, note)
    st.dataframe(
        rows,
        hide_index=True,
        height="auto" if is_whole else "stretch",
        row_height=tables.ROW_PX,
        column_config=columns,
        placeholder="–",
        alt=title,
    )
