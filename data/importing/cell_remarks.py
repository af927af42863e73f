"""What is worth knowing of single cells that were read as they stand, and may be meant otherwise.

Each different cell is looked at once.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from data import offences
from data.importing import cells, known
from data.importing.cell_codes import CellCodes, together
from data.importing.files.cell import Cell, as_text
from data.importing.files.cell_columns import floats_of
from data.importing.records import Draft, Row
from data.importing.tables.case_life import is_in_life
from data.importing.values.conventions import MONEY_FIELDS
from data.importing.values.moments import Found
from data.importing.values.money import heading_multiple

SMALL = 1000
"""No sum of the currencies below is smaller."""

OF_SMALL_UNITS = frozenset({"VND", "IDR", "KHR", "LAK"})
"""Currencies in which nothing costs less than a thousand."""

N_FIGURES = 3
"""Figures that a smaller amount has at most."""

_BARE_SMALL = re.compile(r"\s*[1-9]\d{0,2}\s*(?:đồng|dong|vnđ|vnd|đ|₫)?\s*", re.IGNORECASE)


def notes(draft: Draft, *, currency: str) -> dict[str, int]:
    """Count cells that are worth a second look, by code.

    Parameters
    ----------
    draft
        A file with its columns mapped.
    currency
        The store's, ISO 4217.

    Returns
    -------
    dict
        ``article_over_words``: rows whose words name another offence than the article they cite.
        ``days_of_report``: rows whose only day is that on which the case was reported or found.
        ``end_hour_alone``: rows that tell an hour at the end and none at the start, which is then
        their day's midnight.
        ``damage_in_words``: cells of a column of damage that tell goods and no amount.
        ``small_amounts``: amounts under :data:`SMALL`, of which no heading tells the unit.
    """
    return known.some(
        {
            "article_over_words": _n_article_over_words(draft),
            "days_of_report": _n_of_report(draft),
            "end_hour_alone": _n_end_alone(draft),
            "damage_in_words": _n_in_words(draft),
            "small_amounts": _n_small(draft) if currency in OF_SMALL_UNITS else 0,
        }
    )


def _n_article_over_words(draft: Draft) -> int:
    if "offence" not in draft.cells:
        return 0
    codes = CellCodes(draft)
    pairs = together([codes.of("offence"), codes.of("article")], draft.n_rows)
    return sum(
        pairs.each(lambda pair: offences.contradicts(as_text(pair[0]), article=as_text(pair[1])))
    )


def _n_of_report(draft: Draft) -> int:
    if draft.layer != "incidents":
        return 0
    days = [name for name in ("datetime", "date") if name in draft.cells]
    headings = [draft.mapping.get(name, "") for name in days]
    if not days or not all(map(is_in_life, headings)):
        return 0
    codes = CellCodes(draft)
    is_filled = np.zeros(draft.n_rows, dtype=bool)
    for said in map(codes.of, days):
        is_filled |= np.array([cell is not None for cell in said.different])[said.codes]
    return int(is_filled.sum())


def _n_end_alone(draft: Draft) -> int:
    if "end_time" not in draft.cells or "is_time_known" in draft.cells:
        return 0
    codes = CellCodes(draft)
    is_alone, is_read = _has_hour(codes, "end_time")
    is_alone = is_alone & is_read
    for name in ("time", "datetime", "date"):
        has_hour, is_read = _has_hour(codes, name)
        is_alone &= ~has_hour & is_read
    return int(is_alone.sum())


def _has_hour(codes: CellCodes, name: str) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell of each row whether a column tells an hour, and whether it can be read."""
    if name not in codes.draft.cells:
        n = codes.draft.n_rows
        return np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    found, is_read = codes.read([name], lambda row: bool(_moment(row, name).times), but=False)
    return np.array(found.different, dtype=bool)[found.codes], is_read


def _moment(row: Row, name: str) -> Found:
    if name not in {"time", "end_time"}:
        return cells.find_moment(row, name)
    return cells.find_hour(row, name)


def _n_in_words(draft: Draft) -> int:
    column = draft.cells.get("damage", ())
    if floats_of(column) is not None:
        return 0
    words = {cell for cell in set(column) if cells.is_in_words(cell)}
    return sum(cell in words for cell in column) if words else 0


def _n_small(draft: Draft) -> int:
    n = 0
    for name in MONEY_FIELDS & draft.cells.keys():
        if heading_multiple(draft.mapping.get(name, "")) > 1:
            continue
        column = draft.cells[name]
        numbers = floats_of(column)
        if numbers is not None:
            n += int(((numbers > 0) & (numbers < SMALL)).sum())
        elif small := {cell for cell in set(column) if _is_small(cell)}:
            n += sum(cell in small for cell in column)
    return n


def _is_small(cell: Cell) -> bool:
    if isinstance(cell, str):
        is_long = len(cell) > N_FIGURES and cell[-1].isdigit()  # most of them, and told at once
        return not is_long and _BARE_SMALL.fullmatch(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < SMALL
