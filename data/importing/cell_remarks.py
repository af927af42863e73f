"""What is worth knowing of single cells that were read as they stand, and may be meant otherwise.

Each different cell is looked at once.
"""

from __future__ import annotations

import re

from data import offences
from data.importing import known
from data.importing.cell_codes import CellCodes, together
from data.importing.cell_columns import floats_of
from data.importing.conventions import MONEY_FIELDS
from data.importing.money import heading_multiple
from data.importing.records import Cell, Draft, as_text

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
        ``small_amounts``: amounts under :data:`SMALL`, of which no heading tells the unit.
    """
    return known.some(
        {
            "article_over_words": _n_article_over_words(draft),
            "small_amounts": _n_small(draft) if currency in OF_SMALL_UNITS else 0,
        }
    )


def _n_article_over_words(draft: Draft) -> int:
    if "offence" not in draft.cells:
        return 0
    cells = CellCodes(draft)
    pairs = together([cells.of("offence"), cells.of("article")], draft.n_rows)
    return sum(
        pairs.each(lambda pair: offences.contradicts(as_text(pair[0]), article=as_text(pair[1])))
    )


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
