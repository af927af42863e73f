"""Offences that no rule knows: asked about, and answered by a person, never guessed by likeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from analysis.errors import InvalidValueError
from data import offences
from data.folding import fold
from data.importing.cell_codes import CellCodes, together
from data.importing.files.cell import Cell, as_text
from data.importing.layers import empty_days
from data.importing.records import MAX_VALUE_LENGTH, Draft
from data.importing.tables import crowded_rows

FIELDS = ("offence", "category")
"""Fields whose cells name an offence."""

MOST = 50
"""Different words that are told; there are as many as people write."""


def unknown(draft: Draft) -> dict[str, int]:
    """Give the words for offences that no rule knows, and how many rows say them, most first.

    Of a row that cites an article of the Penal Code the article decides, and nothing is asked. Nor
    of one whose cells of the day have no figure: it is refused, and may be a line of names;
    nor of one that tells nothing of a case (:mod:`data.importing.layers.empty_days`), or several:
    what counts cases, or is of a sum, is refused, and its words are no offence.

    Parameters
    ----------
    draft
        A table with its columns mapped.
    """
    counted: Counter[str] = Counter()
    cells = CellCodes(draft)
    is_dated = _are_dated(draft, cells)
    if draft.layer == "incidents":
        is_dated &= ~empty_days.are_empty(cells)
    for name in FIELDS:
        if name not in draft.cells:
            continue
        pairs = together([cells.of(name), cells.of("article")], draft.n_rows)
        n_rows = np.bincount(pairs.codes[is_dated], minlength=len(pairs.different)).tolist()
        for (cell, cited), n in zip(pairs.different, n_rows, strict=True):
            text = as_text(cell)
            if not n or text is None or len(text) > MAX_VALUE_LENGTH:
                continue
            if _is_refused(text, draft):
                continue
            if offences.classify(text, article=as_text(cited)) == offences.UNCLASSIFIED:
                counted[" ".join(text.split())] += n
    return dict(counted.most_common(MOST))


def _are_dated(draft: Draft, cells: CellCodes) -> npt.NDArray[np.bool_]:
    """Tell which rows have a figure where their day stands; all of a table without days."""
    days = [cells.of(name) for name in ("datetime", "date") if name in draft.cells]
    if not days:
        return np.ones(draft.n_rows, dtype=bool)
    is_dated = np.zeros(draft.n_rows, dtype=bool)
    for column in days:
        is_told = [_has_figure(cell) for cell in column.different]
        is_dated |= np.array(is_told, dtype=bool)[column.codes]
    return is_dated


def _is_refused(text: str, draft: Draft) -> bool:
    """Tell whether a row is refused for its words; lists of tips may tell several cases in one."""
    reason = crowded_rows.why_no_offence(text)
    return reason == "of_a_sum" or (reason is not None and draft.layer == "incidents")


def _has_figure(cell: Cell) -> bool:
    return any(map(str.isdigit, cell)) if isinstance(cell, str) else cell is not None


def answered(draft: Draft, told: Mapping[str, str]) -> Draft:
    """Write the category that a person told in the place of the words for it.

    Words that count cases stay: what was told of them would make one case of several.

    Parameters
    ----------
    draft
        A table with its columns mapped; it stays as it is.
    told
        Words, as the file writes them, to category; diacritics and case make no difference.

    Raises
    ------
    InvalidValueError
        There is no such category.
    """
    known = set(offences.names(language="en"))
    for category in told.values():
        if category not in known:
            raise InvalidValueError(column="category", value=category)
    if not told:
        return draft
    category_of = {fold(text): category for text, category in told.items()}

    def answer(cell: Cell) -> Cell:
        known = category_of.get(fold(cell)) if isinstance(cell, str) else None
        return cell if known is None or _is_refused(str(cell), draft) else known

    cells = {
        name: tuple(map(answer, column)) if name in FIELDS else column
        for name, column in draft.cells.items()
    }
    return replace(draft, cells=cells)
