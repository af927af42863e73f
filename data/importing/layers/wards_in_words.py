"""The ward that a book tells of a row, held against the wards that the row's place words name.

The police of a ward mostly tell cases of their own ward, and now and then one of the ward next to
it: *CAP Đông Thọ* beside *Lê Lai, P. Lam Sơn*. Where no column of wards and no person says which it
was, the row is refused and shows both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from data.addresses import without_number
from data.folding import fold
from data.importing.cell_codes import CellCodes
from data.importing.files.cell import Cell
from data.importing.layers import incident_rows
from data.importing.layers.incident_rows import Ledger
from data.importing.locating import told_places
from data.importing.locating.places import Division, UnknownWardError
from data.importing.records import Draft, Row, RowRefusedError
from data.importing.tables.book_wards import MOST_WORDS

_FIELDS = ("ward", "unit", "street", "place", "house_no")
_POINTS = ("position", "longitude", "latitude", "x_north", "y_east")
_WARD = re.compile(
    r"(?:(?<!\w)(?:phường|phuong|xã|xa|thị\s+trấn|thi\s+tran|p|cap|cax|catt)"
    r"|(?:^|(?<=[,;(])|(?<=[,;(] ))(?:tt|x))(?:\s*\.\s*|\s+)(?=(?P<rest>[^\W\d_][\w\s]*))"
)
_BESIDE = re.compile(
    r"(?<!\w)(?:gần|gan|cạnh|canh|giáp|giap|ranh(?:\s+(?:giới|gioi))?|sát|kề|hướng|về|đi|sang|đến"
    r"|tới|từ|qua)(?:\s+(?:với|voi))?\s+$"
)
"""Before the word for a ward: a place near it, or on the way there, is not in it."""


def held(draft: Draft, ledger: Ledger) -> Draft:
    """Write both into the ward of rows whose words name another one than their book.

    Parameters
    ----------
    draft
        A ledger; it stays as it is. So do wards of a column, those that a person told, and those of
        rows with a point, which is held against them by itself.
    ledger
        What it is read against; both wards have to be of one division, that of the row's day first.
    """
    if not draft.is_ward_inferred:
        return draft
    divisions = ledger.gazetteer.divisions
    said, _ = CellCodes(draft).read(
        _FIELDS, lambda row: any(_other(row, [division]) for division in divisions)
    )
    may_differ = np.array(said.different, dtype=bool)[said.codes]
    corrected = {file_row for file_row, name in draft.corrected if name == "ward"}
    wards: list[Cell] = list(draft.cells["ward"]) if may_differ.any() else []
    for place in np.flatnonzero(may_differ).tolist():
        row = draft.row(place)
        if row.file_row in corrected or any(row.get(name) is not None for name in _POINTS):
            continue
        try:
            day = incident_rows.interval(row, ledger).starts_at.date()
        except RowRefusedError:  # for its day, then
            continue
        other = _other(row, ledger.gazetteer.asked(row.text("division"), day=day))
        if other is not None:
            wards[place] = f"{_book(row)} ≠ {other}"
    return replace(draft, cells={**draft.cells, "ward": tuple(wards)}) if wards else draft


def _other(row: Row, among: Sequence[Division]) -> str | None:
    """Give the words of a row that name other wards than its own in the same division, or None."""
    ward = row.text("ward")
    own = None if ward is None else _known(ward, among)
    if own is None:
        return None
    for text in told_places.texts(row):
        named = {_first(words, among) for words in _after(text)} - {None}
        if own not in named and own[0] in {one[0] for one in named if one is not None}:
            return without_number(text)
    return None


def _after(text: str) -> Iterator[str]:
    """Give what stands behind each word for a ward in which a place is said to lie.

    Examples
    --------
    >>> [*_after("Lê Lai, P. Lam Sơn")], [*_after("gần P. Lam Sơn")], [*_after("đường Đông Thọ")]
    (['lam sơn'], [], [])
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    for match in _WARD.finditer(plain):
        if not _BESIDE.search(plain[: match.start()]):
            yield match["rest"]


def _first(words: str, among: Sequence[Division]) -> tuple[str, str] | None:
    """Find the ward whose name is the longest that words begin with."""
    parts = fold(words).split()[:MOST_WORDS]
    names = (" ".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next(filter(None, (_known(name, among) for name in names)), None)


def _known(name: str, among: Sequence[Division]) -> tuple[str, str] | None:
    """Give the first division that knows a ward, and the ward's code."""
    for division in among:
        try:
            code = division.code_of(name)
        except UnknownWardError:
            continue
        if code is not None:
            return division.name, code
    return None


def _book(row: Row) -> str | None:
    """Give what told the ward of a row: its unit where that is called after the ward."""
    unit, ward = row.text("unit"), row.text("ward")
    return unit if unit and ward and fold(ward) in fold(unit) else ward
