"""What is made of each cell before anything looks at it: no blanks around, no split seconds."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data import formulas
from data.importing.files.cell import Cell

CLEAN = frozenset({float, int, bool, date, time, timedelta, type(None)})
"""Kinds of cells in which there is nothing to clean."""

_MIDNIGHT = time()


class Said(dict[Any, Cell]):
    """The texts of a table, cleaned.

    A ledger says the same few thousand things again and again: each is cleaned once, and held in
    memory once.

    Examples
    --------
    >>> said = Said()
    >>> said[" Đông Thọ"], len(said)
    ('Đông Thọ', 1)
    """

    def __missing__(self, text: Any) -> Cell:  # noqa: ANN401  a text, of a kind known to the caller
        self[text] = cell = clean_cell(text)
        return cell


def clean_cells(cells: Sequence[Cell], said: Said) -> list[Cell]:
    """Clean some cells, each text as it was the first time."""
    return [
        said[cell]
        if cell.__class__ is str
        else cell
        if cell.__class__ in CLEAN
        else clean_cell(cell)
        for cell in cells
    ]


def clean_cell(value: Cell) -> Cell:
    r"""Strip texts, make blank ones None, and take back the mark that defuses formulas.

    Spreadsheets keep a moment as a fraction of days, which is off by some microseconds; with no
    fraction it is a day.

    Examples
    --------
    >>> [clean_cell(text) for text in ("  ", " Đông Thọ\xa0", "'=1+1", "'quoted'")]
    [None, 'Đông Thọ', '=1+1', "'quoted'"]
    >>> clean_cell(datetime(2025, 3, 8)), clean_cell(datetime(2025, 3, 8, 7, 29, 59, 999_600))
    (datetime.date(2025, 3, 8), datetime.datetime(2025, 3, 8, 7, 30))
    """
    if isinstance(value, str):
        text = value.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return formulas.restored(text) or None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime):
        if value.timetz() == _MIDNIGHT:
            return value.date()
        if value.microsecond:
            return (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return value
