"""The corrections of a visit that no check took yet: they outlast the grid they were typed in.

Streamlit forgets what stands in a grid that is not drawn. Whoever types and goes to another view or
step finds all of it again, and nothing is written before it is checked or dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.importing_page import mends, state
from dashboard.importing_page.mends import Mends
from dashboard.importing_page.steps import Progress


def begin(
    progress: Progress, fresh: pd.DataFrame, file_rows: Sequence[int], *, language: str
) -> tuple[str, pd.DataFrame]:
    """Give the name of a grid of refused rows, and what it begins with.

    A grid that stands goes on with what it began with; Streamlit keeps what is typed into it.
    """
    told = of(progress)
    stem = f"import_mend_{progress.ticket.name}_{language}"
    name = f"{stem}_{told.n_grids}"
    if told.grid == name and name in st.session_state:
        lines = dict(zip(told.file_rows, told.begun, strict=True))
        return name, _with(progress, fresh, file_rows, told=replace(told, lines=lines))
    grid = _with(progress, fresh, file_rows, told=told)
    begun = tuple(
        {str(name): cell for name, cell in line.items()}
        for line in grid[list(mends.SAID)].to_dict("records")
    )
    told = replace(
        told,
        n_grids=told.n_grids + 1,
        grid=f"{stem}_{told.n_grids + 1}",
        begun=begun,
        file_rows=tuple(file_rows),
    )
    state.put(mends=told)
    return told.grid, grid


def keep(name: str) -> None:
    """Keep what was just said in a grid; the page may be a step further already."""
    told = state.current().mends
    if told.grid == name:
        state.put(mends=told.with_edits(st.session_state[name]["edited_rows"]))


def edited(progress: Progress, fresh: pd.DataFrame, file_rows: Sequence[int]) -> pd.DataFrame:
    """Give the grid as it stands now, whether it is drawn or not."""
    return _with(progress, fresh, file_rows, told=of(progress))


def drop() -> None:
    """Forget what was said and not checked."""
    told = state.current().mends
    state.put(mends=replace(told, lines={}, grid=""))


def of(progress: Progress) -> Mends:
    """Give what was said of a file; in another table the rows have other numbers."""
    told, draft = state.current().mends, progress.draft
    if draft is None:
        return Mends(n_grids=told.n_grids)
    table = (draft.layer, draft.file_sha256, draft.sheet or "", str(draft.header_row))
    return told if told.table == table else Mends(table=table, n_grids=told.n_grids)


def _with(
    progress: Progress, fresh: pd.DataFrame, file_rows: Sequence[int], *, told: Mends
) -> pd.DataFrame:
    headings = () if progress.draft is None else progress.draft.mapping.values()
    return mends.put_into(fresh, told.lines, file_rows, headings=headings)
