"""Personal data out of the texts of a file, before anything else looks at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import sqlalchemy as sa

from data import tables
from data.folding import fold
from data.importing.cell_codes import coded
from data.importing.files.cell import Cell
from data.importing.records import Draft
from data.masking import mask
from data.rows import in_force
from data.store import Store

TEXT_FIELDS = frozenset({"place", "street", "hamlet", "name", "owner", "summary", "fault"})
"""Fields in which people write sentences, or whom something belongs to."""

_NAMED = (tables.streets, tables.places, tables.schools)


def without(draft: Draft, store: Store) -> tuple[Draft, Mapping[str, int]]:
    """Take telephone numbers, names after titles and so on out of the texts of a draft.

    Parameters
    ----------
    draft
        With its columns mapped.
    store
        Whose streets and places may be called like a person; only read.

    Returns
    -------
    draft
        The same, a mark where something was taken out.
    counts
        How much was taken out, by a kind of ``data.masking.KINDS``.
    """
    fields = TEXT_FIELDS & draft.cells.keys()
    if not fields:
        return draft, {}
    known = frozenset(_called_like_people(store))
    counts: Counter[str] = Counter()

    def clean(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        said = coded(cells)  # each different text is looked through once
        kept = []
        n_rows = np.bincount(said.codes, minlength=len(said.different)).tolist()
        for cell, n in zip(said.different, n_rows, strict=True):
            masked = mask(cell, known=known) if isinstance(cell, str) else None
            kept.append(cell if masked is None else masked.text)
            counts.update({} if masked is None else {k: n * m for k, m in masked.counts.items()})
        return tuple(map(kept.__getitem__, said.codes.tolist()))

    cells = {
        name: clean(column) if name in fields else column for name, column in draft.cells.items()
    }
    return (replace(draft, cells=cells), dict(counts)) if counts else (draft, {})


def _called_like_people(store: Store) -> Iterator[str]:
    """Give the folded names of streets and places of more than one word."""
    with store.read() as connection:
        for table in _NAMED:
            names = connection.scalars(
                sa.select(table.c.name).where(in_force(table), table.c.name.is_not(None)).distinct()
            )
            yield from (folded for name in names if " " in (folded := fold(name)))
