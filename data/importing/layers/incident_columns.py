"""The usual rows of a ledger of incidents, all at once and column by column.

A row is usual when every cell of it can be read, its ward is known, and its point lies where it
says or there is none. What it says is what :mod:`data.importing.layers.incident_rows` makes of it:
of each different cell, or combination of cells, once. All other rows are left to that module, which
knows why a row is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.columns import LOCATION_QUALITIES
from data.importing.cell_codes import CellCodes, together
from data.importing.files.cell import as_text
from data.importing.files.cell_columns import floats_of
from data.importing.layers import empty_days, interval_columns
from data.importing.layers.incident_rows import CONTENT, Ledger, Reader, named_ward
from data.importing.layers.interval_columns import Intervals
from data.importing.locating import placing, told_places
from data.importing.locating.places import Gazetteer
from data.importing.locating.position_columns import Positions, read_positions
from data.importing.records import Draft, Row, RowRefusedError
from data.progress import tell
from data.row_columns import Coded, Column, Listed, Moments, Numbers

AT_ONCE = 250_000
"""Points that are held against the wards between two words of how far it is."""

_EXACT = 2.0**53
"""Up to here a float is one whole number."""

_Truth = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Usual:
    """The usual rows of a draft.

    Parameters
    ----------
    is_usual
        One a row of the draft.
    columns
        The content of the rows by column, over all rows; of rows that are not usual they say
        nothing.
    is_of_other_division
        Rows of a division that was not in force on their day.
    is_in_other_ward
        Rows whose point lies near the ward that they name, and in another.
    """

    is_usual: _Truth
    columns: Mapping[str, Column]
    is_of_other_division: _Truth
    is_in_other_ward: _Truth


@dataclass(frozen=True)
class _Wards:
    """The ward that each row names, and its division, by their places; −1 for no ward."""

    is_read: _Truth
    divisions: _Places
    named: _Places


def read(draft: Draft, ledger: Ledger) -> Usual:
    """Read the usual rows of a draft.

    Parameters
    ----------
    draft
        A file mapped as incidents.
    ledger
        What it is read against.
    """
    codes = CellCodes(draft)
    intervals = interval_columns.read(codes, ledger)
    wards = _named_wards(codes, intervals, ledger)
    is_usual = intervals.is_read & wards.is_read & ~_has_days_in_lines(codes)
    is_usual &= intervals.is_time_known | ~empty_days.are_empty(codes)
    columns: dict[str, Column] = {}
    for n_done, (name, (fields, read_one)) in enumerate(CONTENT.items()):
        tell("check", draft.n_rows * n_done // len(CONTENT), draft.n_rows)
        if name == "case_id":
            columns[name] = _case_ids(draft)
            continue
        columns[name], is_read = codes.read(fields, partial(_ask, read_one, ledger))
        is_usual &= is_read
    positions = read_positions(draft)
    is_usual &= positions.is_read
    is_usual &= positions.has_one | (_says_nothing_of_place(codes) & (wards.named >= 0))
    placed = _place(positions, wards, is_usual, draft, ledger)
    is_usual &= placed.is_placed
    columns |= _where(codes, placed, wards, positions, ledger)
    columns |= {
        "starts_at": Moments(intervals.start_s, ledger.zone),
        "ends_at": Moments(intervals.end_s, ledger.zone),
        "time_is_known": Coded(intervals.is_time_known.astype(np.intp), (False, True)),
    }
    is_in_other_ward = is_usual & (wards.named >= 0) & (placed.wards != wards.named)
    return Usual(
        is_usual, columns, _is_of_other_division(intervals, wards, ledger), is_in_other_ward
    )


def _ask(read_one: Reader, ledger: Ledger, row: Row) -> Any:  # noqa: ANN401  any value of a column
    return read_one(row, ledger)


def _named_wards(codes: CellCodes, intervals: Intervals, ledger: Ledger) -> _Wards:
    """Find the ward that each row names: it hangs on the division of the row's day, not the day."""
    of_day = [_in_force(ledger.gazetteer, day) for day in intervals.days]
    day_of = dict(zip(of_day[::-1], intervals.days[::-1], strict=True))
    place_of = {name: i for i, name in enumerate(day_of)}
    places = np.array([place_of[name] for name in of_day], dtype=np.intp)
    said_on = Coded(places[intervals.day_codes], list(day_of.values()))
    fields = ("division", "ward", "ward_code")
    said = together([said_on, *(codes.of(name) for name in fields)], codes.draft.n_rows)
    found = []
    for day, *cells in said.different:
        row = Row(0, dict(zip(fields, cells, strict=True)), codes.draft)
        found.append(_named_ward(row, ledger, day))
    table = np.array(found, dtype=np.intp).reshape(-1, 2)[said.codes]
    return _Wards(table[:, 0] >= 0, np.maximum(table[:, 0], 0), table[:, 1])


def _in_force(gazetteer: Gazetteer, day: date) -> str | None:
    """Name the division in force on a day; None where there is none."""
    division = gazetteer.on(day)
    return division.name if division.is_in_force(day) else None


def _named_ward(row: Row, ledger: Ledger, day: date) -> tuple[int, int]:
    """Give the places of the division and of the ward that a row names; −1 where it is unusual."""
    gazetteer = ledger.gazetteer
    if not gazetteer.asked(row.text("division"), day=day):
        return -1, -1
    try:
        division, code = named_ward(row, ledger, day)
    except RowRefusedError:
        return -1, -1
    place = next(i for i, one in enumerate(gazetteer.divisions) if one is division)
    return place, -1 if code is None else division.codes.index(code)


def _case_ids(draft: Draft) -> Column:
    """Give the case numbers; whole ones, which a spreadsheet makes floats, all at once."""
    cells = draft.cells.get("case_id")
    if cells is None:
        return Coded(np.zeros(draft.n_rows, dtype=np.intp), (None,))
    numbers = floats_of(cells)
    if numbers is not None and (np.abs(numbers) < _EXACT).all() and _are_whole(numbers):
        return Listed(list(map(str, numbers.astype(np.int64).tolist())))
    return Listed(list(map(as_text, cells)))


def _are_whole(numbers: npt.NDArray[np.float64]) -> bool:
    return bool((numbers == np.floor(numbers)).all())


def _has_days_in_lines(codes: CellCodes) -> _Truth:
    """Tell which rows tell their day on several lines, as rows that hold several cases do."""
    found = np.zeros(codes.draft.n_rows, dtype=bool)
    for said in (codes.of("datetime"), codes.of("date")):
        in_lines = [isinstance(cell, str) and "\n" in cell for cell in said.different]
        found |= np.array(in_lines, dtype=bool)[said.codes]
    return found


def _says_nothing_of_place(codes: CellCodes) -> _Truth:
    """Tell which rows say nothing of their place in words that could be looked for."""
    said, _ = codes.read(("street", "place", "house_no"), lambda row: bool(told_places.texts(row)))
    return ~np.array(said.different, dtype=bool)[said.codes]


@dataclass(frozen=True)
class _Placed:
    """Where the rows lie: degrees, the place of the ward that counts, and whether there is one."""

    points: npt.NDArray[np.float64]
    wards: _Places
    is_placed: _Truth


def _place(
    positions: Positions, wards: _Wards, is_usual: _Truth, draft: Draft, ledger: Ledger
) -> _Placed:
    """Hold the points of the usual rows against the wards of their division."""
    gazetteer = ledger.gazetteer
    points = np.full((draft.n_rows, 2), np.nan)
    settled = wards.named.copy()
    mine = np.flatnonzero(is_usual & positions.has_one)
    n_done = 0
    for i, division in enumerate(gazetteer.divisions):
        here = mine[wards.divisions[mine] == i]
        for start in range(0, len(here), AT_ONCE):
            tell("locate", n_done, len(mine))
            rows = here[start : start + AT_ONCE]
            found = placing.place_all(
                positions.points[rows],
                positions.is_metric[rows],
                wards.named[rows],
                division=division,
                crs=draft.crs or gazetteer.metric_crs,
                metric_crs=gazetteer.metric_crs,
            )
            points[rows] = found.points
            settled[rows] = np.where(found.wards < 0, -1, found.settled(wards.named[rows]))
            n_done += len(rows)
    return _Placed(points, settled, settled >= 0)


def _where(
    codes: CellCodes, placed: _Placed, wards: _Wards, positions: Positions, ledger: Ledger
) -> dict[str, Column]:
    """Give the columns that tell where."""
    asked, _ = codes.read(["location_quality"], _quality)
    qualities = [*dict.fromkeys(("ward", *asked.different))]
    place_of = np.array([qualities.index(one) for one in asked.different], dtype=np.intp)
    quality = np.where(positions.has_one, place_of[asked.codes], 0)
    points = np.where((quality == 0)[:, None], np.nan, placed.points)
    divisions = ledger.gazetteer.divisions
    starts = np.cumsum([0, *(len(division.codes) for division in divisions)])[:-1]
    names = [code for division in divisions for code in division.codes]
    ward = Coded(np.maximum(placed.wards, 0) + starts[wards.divisions], names)
    # the ward that the row names, not its point's: to set a point right makes no other case
    book = np.where(wards.named >= 0, wards.named, np.maximum(placed.wards, 0))
    unit, _ = codes.read(["unit"], lambda row: row.text("unit"))
    said = together([unit, Coded(book + starts[wards.divisions], names)], codes.draft.n_rows)
    return {
        "source": Coded(
            said.codes, [ledger.source or u or code or "" for u, code in said.different]
        ),
        "longitude": Numbers(points[:, 0]),
        "latitude": Numbers(points[:, 1]),
        "location_quality": Coded(quality, qualities),
        "division": Coded(wards.divisions, [division.name for division in divisions]),
        "ward_code": ward,
    }


def _quality(row: Row) -> str:
    asked = row.text("location_quality")
    return asked if asked in LOCATION_QUALITIES else "exact"


def _is_of_other_division(intervals: Intervals, wards: _Wards, ledger: Ledger) -> _Truth:
    """Tell which rows name a ward of a division that was not the one of their day."""
    divisions = ledger.gazetteer.divisions
    of_day = [divisions.index(ledger.gazetteer.on(day)) for day in intervals.days]
    expected: _Places = np.array(of_day, dtype=np.intp)[intervals.day_codes]
    return np.not_equal(expected, wards.divisions)
