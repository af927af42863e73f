"""Rows that may say where, by a point, by a ward, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.importing.errors import NoWardsLoadedError
from data.importing.locating import places, placing
from data.importing.locating.places import Division, Gazetteer, UnknownWardError
from data.importing.locating.placing import Placement
from data.importing.records import Draft, EarlyRows, Row, RowRefusedError
from data.rows import Rejection

NOWHERE: Mapping[str, Any] = {
    "longitude": None, "latitude": None, "division": None, "ward_code": None,
}  # fmt: skip

_COORDINATES = ("longitude", "latitude", "x_north", "y_east", "position")


@dataclass(frozen=True, kw_only=True)
class Told:
    """A row that is right in itself, and the day on which its ward's name has its meaning."""

    row: Row
    content: Mapping[str, Any]
    day: date


def check_wards_loaded(draft: Draft, gazetteer: Gazetteer, *, today: date) -> None:
    """Check that there are wards where the file names some.

    Raises
    ------
    NoWardsLoadedError
        It names wards, and the store has none.
    """
    if not gazetteer.divisions and {"ward", "ward_code"} & draft.mapping.keys():
        raise NoWardsLoadedError(layer=draft.layer, day=today)


def named_ward(
    row: Row, gazetteer: Gazetteer, day: date, *, has_point: bool = False
) -> tuple[Division | None, str | None]:
    """Find the ward that a row names, and the division in which it means something.

    The ward of a division that is not loaded, or of a day for which none is, means nothing here: a
    point alone tells then.

    Raises
    ------
    RowRefusedError
        ``unknown_ward``; ``unknown_division`` where a ward of it is all that the row says.
    """
    if not gazetteer.divisions:
        return None, None
    among = gazetteer.asked(row.text("division"), day=day)
    if not among:
        if has_point or not names_ward(row):
            return gazetteer.on(day), None
        raise unknown_division(row)
    name = "ward_code" if row.text("ward_code") else "ward"
    text = row.text(name)
    if text is None:
        return among[0], None
    try:
        return gazetteer.named(text, among=among)
    except UnknownWardError as error:
        raise row.refuse("unknown_ward", name) from error


def names_ward(row: Row) -> bool:
    """Tell whether a row names a ward, by code or by name."""
    return bool(row.text("ward_code") or row.text("ward"))


def unknown_division(row: Row) -> RowRefusedError:
    """Make the refusal of a row whose ward is of no loaded division; it blames what the row says.

    Its division where it names one, else its ward.
    """
    named = (name for name in ("division", "ward_code", "ward") if row.text(name))
    return row.refuse("unknown_division", next(named, "ward"))


def early(told: Iterable[tuple[Row, date]], gazetteer: Gazetteer) -> EarlyRows | None:
    """Count the rows that name a ward of a day before the first division; None without any.

    Parameters
    ----------
    told
        Rows, each with the day on which its ward's name has its meaning.
    gazetteer
        The loaded divisions.
    """
    if not gazetteer.divisions:
        return None
    first = min(gazetteer.divisions, key=lambda division: division.valid_from)
    found = [
        (day, any(row.get(name) is not None for name in _COORDINATES))
        for row, day in told
        if day < first.valid_from and row.text("division") is None and names_ward(row)
    ]
    if not found:
        return None
    n_by_point = sum(has_point for _, has_point in found)
    return EarlyRows(
        division=first.name,
        valid_from=first.valid_from,
        oldest_on=min(day for day, _ in found),
        n_refused=len(found) - n_by_point,
        n_by_point=n_by_point,
    )


def locate(
    told: Sequence[Told], draft: Draft, gazetteer: Gazetteer
) -> tuple[list[dict[str, Any]], list[Rejection]]:
    """Add point, division and ward to rows; refuse points far from all wards or from their own."""
    accepted: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    for one in told:
        try:
            accepted.append({**one.content, **_where(one, draft, gazetteer)})
        except RowRefusedError as error:
            refused.append(error.rejection)
    return accepted, refused


def _where(one: Told, draft: Draft, gazetteer: Gazetteer) -> Mapping[str, Any]:
    position = places.parse_position(one.row)
    division, named = named_ward(one.row, gazetteer, one.day, has_point=position is not None)
    if position is None:
        if division is None or named is None:
            return NOWHERE
        return {**NOWHERE, "division": division.name, "ward_code": named}
    (placement,) = placing.place(
        [position],
        [named],
        division=division,
        crs=draft.crs or gazetteer.metric_crs,
        metric_crs=gazetteer.metric_crs,
    )
    point = {"longitude": placement.longitude, "latitude": placement.latitude}
    if division is None:
        return {**NOWHERE, **point}
    return {**point, "division": division.name, "ward_code": _settled(one.row, placement, named)}


def _settled(row: Row, placement: Placement, named: str | None) -> str:
    placing.check_near(row, placement)
    ward = placement.settle(named)
    if ward is None:
        raise row.refuse("ward_mismatch", "ward_code" if row.text("ward_code") else "ward")
    return ward
