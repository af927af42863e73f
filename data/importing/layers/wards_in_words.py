"""The ward of a row, held against the wards that the row's place words name.

The police of a ward mostly tell cases of their own ward, and now and then one of the ward next to
it: *CAP Đông Thọ* beside *Lê Lai, P. Lam Sơn*; and a cell of a column of wards may have slipped by
a row. Where no person says which it was, the row is refused and shows both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from data.addresses import without_number
from data.folding import fold
from data.importing.cell_codes import CellCodes, together
from data.importing.files.cell import Cell
from data.importing.layers import incident_rows
from data.importing.layers.incident_rows import Ledger
from data.importing.locating import told_places, two_wards
from data.importing.locating.places import Division, UnknownWardError
from data.importing.records import Draft, Row, RowRefusedError
from data.importing.tables.book_wards import MOST_WORDS
from data.row_columns import Coded

_WARDS = ("ward", "ward_code")
_FIELDS = (*_WARDS, "street", "place", "house_no")
_POINTS = ("position", "longitude", "latitude", "x_north", "y_east")
_WARD = re.compile(
    r"(?:(?<!\w)(?:phường|phuong|xã|xa|thị\s+trấn|thi\s+tran|p|f|phg?|cap|cax|catt)"
    r"|(?:^|(?<=[,;(])|(?<=[,;(] ))(?:tt|x))(?:\s*[.:,]\s*|\s+)"
    r"(?=(?P<rest>[^\W\d_](?:\.\s*)?[\w\s]*))"
)
_BESIDE = re.compile(
    r"(?<!\w)(?:(?:gần|gan|cạnh|canh|giáp|giap|ranh|sát|kề|đối\s+diện|doi\s+dien|cách|sau)(?!\w)"
    r"[^,;()]*|(?:hướng|về|đi|sang|đến|tới|từ|qua)\s+(?:(?:bên|phía)\s+)?)$"
)
"""Before the word for a ward: a place near it or its town hall, or on the way, is not in it."""


def held(draft: Draft, ledger: Ledger) -> Draft:
    """Write both into the ward of rows whose words name another one than their column or book.

    Parameters
    ----------
    draft
        A ledger; it stays as it is. So do wards that a person told, and those of rows with a point,
        which is held against them by itself.
    ledger
        What it is read against; both wards have to be of one division, that of the row's day first.
    """
    if draft.is_ward_told or not any(name in draft.cells for name in _WARDS):
        return draft
    corrected = {file_row for file_row, name in draft.corrected if name in _WARDS}
    wards: dict[str, list[Cell]] = {}
    words: dict[tuple[str, ...], _Words] = {}
    for place in _may_differ(draft, ledger):
        row = draft.row(place)
        if row.file_row in corrected or any(row.get(name) is not None for name in _POINTS):
            continue
        try:
            day = incident_rows.interval(row, ledger).starts_at.date()
        except RowRefusedError:  # for its day, then
            continue
        among = ledger.gazetteer.asked(row.text("division"), day=day)
        names = tuple(division.name for division in among)
        other = words.setdefault(names, _Words(among)).other(row)
        for name in _WARDS if other is not None else ():
            if row.get(name) is not None:
                both = two_wards.both(_said(row, name), other)
                wards.setdefault(name, list(draft.cells[name]))[place] = both
    return replace(draft, cells={**draft.cells, **{n: tuple(told) for n, told in wards.items()}})


def _may_differ(draft: Draft, ledger: Ledger) -> list[int]:
    """Give the places of rows whose words name another ward in any division.

    A million rows say a few thousand things: whether a text names wards is asked once of each.
    """
    codes = CellCodes(draft)
    names_ward = np.zeros(draft.n_rows, dtype=bool)
    for name in ("street", "place"):
        said = codes.of(name)
        named = [any(_after(str(cell))) for cell in said.different]
        names_ward |= np.array(named, dtype=bool)[said.codes]
    places = np.flatnonzero(names_ward)
    columns = [Coded(of.codes[places], of.different) for of in map(codes.of, _FIELDS)]
    said = together(columns, len(places))
    each = [_Words([division]) for division in ledger.gazetteer.divisions]
    rows = (Row(0, dict(zip(_FIELDS, cells, strict=True)), draft) for cells in said.different)
    differ = [any(words.other(row) is not None for words in each) for row in rows]
    found: list[int] = places[np.array(differ, dtype=bool)[said.codes]].tolist()
    return found


class _Words:
    """Which wards words name among some divisions: what is the same is looked up once."""

    def __init__(self, among: Sequence[Division]) -> None:
        self._among = among
        self._named: dict[str, tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]] = {}
        self._known: dict[str, tuple[str, str] | None] = {}

    def other(self, row: Row) -> str | None:
        """Give the words of a row that name other wards than its own in the same division."""
        texts = (row.text(name) for name in _WARDS)
        told = (self._of(text) for text in texts if text is not None)
        own = next(filter(None, told), None)
        if own is None:
            return None
        for text in told_places.texts(row):
            inside, beside = self._in(text)
            if own not in inside | beside and own[0] in {division for division, _ in inside}:
                return without_number(text)
        return None

    def _in(self, text: str) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
        """Give the wards in which a place is said to lie, and those that it is said to be near."""
        if text not in self._named:
            each = [(self._ward(words), is_beside) for words, is_beside in _after(text)]
            inside, beside = (
                frozenset(ward for ward, is_so in each if ward is not None and is_so is wanted)
                for wanted in (False, True)
            )
            self._named[text] = inside, beside
        return self._named[text]

    def _ward(self, words: str) -> tuple[str, str] | None:
        return self._first(" ".join(fold(words).split()[:MOST_WORDS]))

    def _first(self, head: str) -> tuple[str, str] | None:
        """Find the ward whose name is the longest that folded words begin with."""
        parts = head.split()
        names = (" ".join(parts[:n]) for n in range(len(parts), 0, -1))
        return next(filter(None, map(self._of, names)), None)

    def _of(self, name: str) -> tuple[str, str] | None:
        if name not in self._known:
            self._known[name] = _known(name, self._among)
        return self._known[name]


def _after(text: str) -> Iterator[tuple[str, bool]]:
    """Give what stands behind each word for a ward, and whether a place only lies near it.

    Examples
    --------
    >>> [*_after("Lê Lai, P. Lam Sơn")], [*_after("gần chợ P. Lam Sơn")], [*_after("cầu Đông Thọ")]
    ([('lam sơn', False)], [('lam sơn', True)], [])
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    for match in _WARD.finditer(plain):
        yield match["rest"], _BESIDE.search(plain[: match.start()]) is not None


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


def _said(row: Row, name: str) -> str | None:
    """Give what told the ward of a row: where no column did, its unit if called after the ward."""
    unit, ward = row.text("unit"), row.text(name)
    is_of_unit = row.draft.is_ward_inferred and unit and ward and fold(ward) in fold(unit)
    return unit if is_of_unit else ward
