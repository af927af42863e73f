"""Blank cells in a column of wards: the ward of the row above, or the one in which the place lies.

Some clerks write the ward on the first row of a block alone, others leave it out where they do not
know it. A row whose street lies in the ward that is written above is of that ward either way; where
it lies in another one, nobody here can say which was meant.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.importing.files.cell import Cell
from data.importing.layers.incident_rows import Candidate
from data.importing.locating import told_places, two_wards
from data.importing.locating.places import UnknownWardError
from data.importing.open_questions import Located
from data.importing.records import Draft, row_in_sheet

_FIELDS = ("ward", "ward_code")


class BlankWards:
    """The column of wards of a draft, where it has one.

    Parameters
    ----------
    draft
        As it was read, before its wards were held against the words of places.
    """

    def __init__(self, draft: Draft) -> None:
        is_column = not (draft.is_ward_inferred or draft.is_ward_told or draft.is_ward_of_book)
        self._draft = draft
        self._fields = [name for name in _FIELDS if is_column and name in draft.cells]
        self._above: list[int] | None = None
        self._both: dict[int, str] = {}

    def check(self, place: int, candidate: Candidate, located: Located) -> None:
        """Check that a row lies in the ward that stands next above it, where one does.

        Parameters
        ----------
        place
            Of the row among those of the draft.
        candidate
            The row, which names no ward.
        located
            Where its words were found.

        Raises
        ------
        RowRefusedError
            ``two_wards``: it lies in another; it shows both.
        """
        told = self._told_above(place)
        division = candidate.division
        if told is None:
            return
        try:
            code = division.code_of(told)
        except UnknownWardError:
            code = None
        if code != located.ward_code:
            ward = division.names[division.codes.index(located.ward_code)]
            words = told_places.kept_text(candidate.row)
            both = self._both[place] = two_wards.both(told, f"{words} ({ward})")
            name = self._fields[0]
            shown = replace(candidate.row, cells={**candidate.row.cells, name: both})
            raise shown.refuse("two_wards", name)

    def with_both(self, draft: Draft) -> Draft:
        """Write what was told into the blank cells of the rows that were refused here."""
        if not self._both:
            return draft
        wards: list[Cell] = list(draft.cells[self._fields[0]])
        for place, both in self._both.items():
            wards[place] = both
        return replace(draft, cells={**draft.cells, self._fields[0]: tuple(wards)})

    def _told_above(self, place: int) -> str | None:
        """Give the ward of the next row above, in the same sheet, whose cell is filled."""
        if not self._fields:
            return None
        if self._above is None:
            columns = [self._draft.cells[name] for name in self._fields]
            filled = np.array(
                [any(c is not None for c in row) for row in zip(*columns, strict=True)]
            )
            places = np.where(filled, np.arange(len(filled)), -1)
            self._above = np.maximum.accumulate(places).tolist()
        above = self._above[place]
        if above < 0:
            return None
        rows, starts = self._draft.file_rows, self._draft.sheet_starts
        if row_in_sheet(rows[above], starts)[0] != row_in_sheet(rows[place], starts)[0]:
            return None
        row = self._draft.row(above)
        return next(filter(None, map(row.text, self._fields)), None)
