"""What a refused row may have meant, for a person to take or leave; none is ever taken by itself.

A suggestion follows from the cell and the store: the one ward whose name is nearly the same, the
day read in another order than its column, a letter O among figures. What would be a guess (which
day was meant by 31/02, which of two wards) is not suggested.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, TypeAlias

import sqlalchemy as sa

from data import tables
from data.folding import fold, fold_ward
from data.importing import known
from data.importing.files.cell import Cell
from data.importing.records import Draft, Row
from data.importing.values import moments, written_points
from data.importing.values.conventions import DATE_FIELDS, DATE_ORDERS, DECIMAL_SIGNS, NUMBER_FIELDS
from data.importing.values.moments import UnreadableMomentError
from data.importing.values.quantities import UnreadableQuantityError, parse_degrees, parse_number
from data.importing.values.written_points import UnreadablePointError
from data.rows import Rejection, in_force
from data.store import Store

LIKE_ENOUGH = 0.8
"""Likeness of names, 0 to 1, from which one is suggested."""
LEAD = 0.06
"""By so much the second name must be less like."""

Basis: TypeAlias = Literal[
    "like", "other_order", "other_sign", "letters", "swapped", "spelling", "no_point"
]

AXES = (("longitude", "latitude"), ("x_north", "y_east"))
"""Fields that make a point together."""

_PLACES = ("ward", "ward_code", "place", "street")
_TIMES = frozenset({"time", "end_time", "received_time"})
_DEGREES = frozenset({"longitude", "latitude"})
_UNREADABLE = frozenset(
    {
        "bad_date", "other_date_order", "other_weekday", "bad_time", "bad_number",
        "bad_coordinate", "date_order_in_doubt", "day_may_be_month",
    }
)  # fmt: skip
_LOOK_ALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What could stand in a refused row.

    Parameters
    ----------
    file_row
        The spreadsheet's own row number.
    cells
        Field to what could stand there.
    basis
        ``like`` a name in the store; a day in ``other_order``; a number with the ``other_sign``;
        ``letters`` where figures belong; longitude and latitude ``swapped``; the ``spelling`` of
        an id; ``no_point``, where 0 and 0 or half a point stand and the row tells its place
        otherwise.
    share
        How like the names are, 0 to 1; None where likeness is not the ground.
    """

    file_row: int
    cells: Mapping[str, Cell]
    basis: Basis
    share: float | None = None


def suggest(draft: Draft, rejections: Sequence[Rejection], store: Store) -> dict[int, Suggestion]:
    """Suggest what refused rows may have meant, by the spreadsheet's own row number.

    Parameters
    ----------
    draft
        The refused rows, or the whole file, with its conventions settled.
    rejections
        Why rows were refused.
    store
        Whose wards and cameras are known.
    """
    wanted = {rejection.file_row: rejection for rejection in rejections}
    fields = {heading: name for name, heading in draft.mapping.items()}
    reasons = {rejection.reason for rejection in rejections}
    names = _ward_names(store) if "unknown_ward" in reasons else ()
    ids = known.cameras(store) if "unknown_camera" in reasons else frozenset()
    likeness = _Likeness(names)
    spelling = _by_spelling(ids)
    found: dict[int, Suggestion] = {}
    for row in draft.rows():
        rejection = wanted.get(row.file_row)
        name = None if rejection is None else fields.get(rejection.column or "")
        if rejection is None or name is None:
            continue
        made = _suggest(row, name, rejection.reason, likeness, spelling)
        if made is not None:
            found[row.file_row] = made
    return found


def _suggest(
    row: Row, name: str, reason: str, likeness: _Likeness, spelling: Mapping[str, str]
) -> Suggestion | None:
    if reason == "unknown_ward":
        ward, share = likeness.nearest(row.text(name) or "") if name == "ward" else (None, 0.0)
        return _one(row, name, ward, "like", share)
    if reason == "unknown_camera":
        return _one(row, name, spelling.get(_bare(row.text(name) or "")), "spelling")
    if reason == "swapped_coordinates":
        return _swapped(row, name)
    if reason in {"other_decimal_sign", "decimal_in_doubt"}:
        return _one(row, name, _with_another_sign(row, name), "other_sign")
    if reason not in _UNREADABLE:
        return None
    in_other = _exchanged if reason == "day_may_be_month" else _in_another_order
    other = _one(row, name, in_other(row, name), "other_order")
    mended = other or _one(row, name, _in_figures(row, name), "letters")
    return _without_point(row) if mended is None and reason == "bad_coordinate" else mended


def _one(
    row: Row, name: str, cell: Cell, basis: Basis, share: float | None = None
) -> Suggestion | None:
    if cell is None:
        return None
    return Suggestion(file_row=row.file_row, cells={name: cell}, basis=basis, share=share)


class _Likeness:
    """Finds the one name that is nearly the same; asked for a text again, it remembers."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {fold_ward(name): name for name in names}
        self._found: dict[str, tuple[str | None, float]] = {}

    def nearest(self, text: str) -> tuple[str | None, float]:
        """Give the name and how like it is; None where none is, or two are about as like."""
        wanted = fold_ward(text)
        if wanted not in self._found:
            shares = sorted(
                (
                    (difflib.SequenceMatcher(None, wanted, key, autojunk=False).ratio(), name)
                    for key, name in self._names.items()
                ),
                reverse=True,
            )
            self._found[wanted] = self._clear(shares)
        return self._found[wanted]

    @staticmethod
    def _clear(shares: Sequence[tuple[float, str]]) -> tuple[str | None, float]:
        if not shares or shares[0][0] < LIKE_ENOUGH:
            return None, 0.0
        if len(shares) > 1 and shares[1][0] > shares[0][0] - LEAD:
            return None, 0.0
        return shares[0][1], shares[0][0]


def _ward_names(store: Store) -> frozenset[str]:
    with store.read() as connection:
        return frozenset(
            connection.scalars(sa.select(tables.wards.c.name).where(in_force(tables.wards)))
        )


def _by_spelling(ids: Iterable[str]) -> dict[str, str]:
    """Lead from ids without signs and leading zeros to the ids, where only one is written so."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for name in ids:
        bare = _bare(name)
        if bare in found:
            doubtful.add(bare)
        found[bare] = name
    return {bare: name for bare, name in found.items() if bare not in doubtful}


def _bare(name: str) -> str:
    """Leave signs, blanks and leading zeros out of an id.

    Examples
    --------
    >>> _bare("CAM-0012"), _bare("cam 12"), _bare("CAM-120")
    ('cam12', 'cam12', 'cam120')
    """
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"\s", " ", fold(name))).replace(" ", "")


def _swapped(row: Row, name: str) -> Suggestion | None:
    if name == "position":
        point = written_points.told(row.get(name), heading=row.draft.mapping.get(name, ""))
        return _one(row, name, None if point is None else point.exchanged(), "swapped")
    for axes in AXES:
        if name in axes and all(axis in row.draft.mapping for axis in axes):
            cells = dict(zip(axes, [row.get(axis) for axis in reversed(axes)], strict=True))
            return Suggestion(file_row=row.file_row, cells=cells, basis="swapped")
    return None


def _without_point(row: Row) -> Suggestion | None:
    """Leave out what is no point, 0 and 0 or a half, where ward or words tell the place anyhow."""
    if row.draft.layer != "incidents" or not any(row.get(name) is not None for name in _PLACES):
        return None
    if row.get("position") is not None and all(row.get(x) is None for axes in AXES for x in axes):
        return Suggestion(file_row=row.file_row, cells={"position": None}, basis="no_point")
    for axes in AXES:
        said = [row.get(axis) for axis in axes]
        if sum(cell is None for cell in said) == 1 or all(map(_is_nought, said)):
            cells: dict[str, Cell] = dict.fromkeys(axes)
            return Suggestion(file_row=row.file_row, cells=cells, basis="no_point")
    return None


def _is_nought(cell: Cell) -> bool:
    try:
        return parse_degrees(cell) == 0
    except UnreadableQuantityError:
        return False


def _exchanged(row: Row, name: str) -> str | None:
    """Write a spreadsheet's day with day and month exchanged, as a text that it would not turn."""
    cell = row.get(name)
    if not isinstance(cell, date):
        return None
    turned = cell.replace(month=cell.day, day=cell.month)
    is_moment = isinstance(turned, datetime) and turned.time() != time()
    return f"{turned:%Y-%m-%d %H:%M:%S}" if is_moment else f"{turned:%Y-%m-%d}"


def _in_another_order(row: Row, name: str) -> date | datetime | None:
    """Read a day in the one other order in which it makes sense."""
    cell = row.get(name)
    if name not in DATE_FIELDS or not isinstance(cell, str):
        return None
    found = set()
    for order in DATE_ORDERS:
        if order == row.date_order(name):
            continue
        try:
            read = moments.find(cell, order=order)
        except UnreadableMomentError:
            continue
        if len(read.days) == 1 and len(read.times) <= 1 and read.bound is None:
            found.add((read.days[0], read.times))
    if len(found) != 1:
        return None
    day, times = found.pop()
    return datetime.combine(day, times[0]) if times else day


def _with_another_sign(row: Row, name: str) -> float | None:
    for sign in DECIMAL_SIGNS:
        if sign != row.decimal(name):
            try:
                return parse_number(row.get(name), decimal=sign)
            except UnreadableQuantityError:
                return None
    return None


def _in_figures(row: Row, name: str) -> str | None:
    """Put figures where letters stand that look like them, and take doubled signs out."""
    cell = row.get(name)
    if not isinstance(cell, str):
        return None
    mended = re.sub(r"([/.,:-])\1+", r"\1", cell).strip(" .,;:/-")
    mended = re.sub(r"\S*\d\S*", lambda word: word[0].translate(_LOOK_ALIKES), mended)
    return mended if mended != cell and _is_readable(mended, row, name) else None


def _is_readable(text: str, row: Row, name: str) -> bool:
    try:
        if name in DATE_FIELDS:
            found = moments.find(text, order=row.date_order(name))
            return bool(found.days) and found.bound is None
        if name in _TIMES:
            return bool(moments.find_time(text).times)
        if name in NUMBER_FIELDS:
            return parse_number(text, decimal=row.decimal(name)) is not None
        if name == "position":
            return bool(written_points.parse(text))
        return name in _DEGREES and parse_degrees(text) is not None
    except (UnreadableMomentError, UnreadableQuantityError, UnreadablePointError):
        return False
