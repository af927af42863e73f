"""Where rows lie: ward names and codes, and the coordinates that rows write.

How points are held against wards, :mod:`data.importing.locating.placing` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa

from data import layers, tables
from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.records import Row
from data.importing.values import written_points
from data.importing.values.quantities import UnreadableQuantityError, parse_degrees, parse_number
from data.importing.values.written_points import SwappedPointError, UnreadablePointError
from data.rows import in_force
from data.store import Store

LEAST_METRES = written_points.LEAST_METRES
"""Of a projected system: no degrees are mistyped so far."""


_POLICE = re.compile(
    r"(?:(?:cong an|ca) (?:f |(?=(?:phuong|xa|thi tran|p|x|tt) ))|(?:cap|caf|cax|catt) )"
)
_WITHIN = re.compile(
    r"(?:tdp|to dan pho|to dp|to|kp|khu pho|khu|pho|thon|xom|ap)(?: so)? \d{1,3}[a-z]? "
)
_OLD_WORD = re.compile(r"f ")
"""*F* was short for *phường*; alone before other words it may count a section."""
_CITY = re.compile(r" (?:tp|thanh pho|tpth|tx|thi xa|huyen|tinh)\b.*")


_WARD_LETTERS = frozenset("pfx")
"""What stands for the word for a ward, and so not for the first word of its name."""


class UnknownWardError(LookupError):
    """A ward name or code that no loaded division knows, or that stands for several wards."""


@dataclass(frozen=True, kw_only=True)
class Division:
    """The wards of a division, ready to be asked for names and places.

    ``names`` and ``shapes`` are in the order of ``codes``; shapes are in metres, and prepared for
    many points.
    """

    name: str
    valid_from: date
    valid_to: date | None
    codes: tuple[str, ...]
    names: tuple[str, ...]
    by_name: Mapping[str, tuple[str, ...]]
    by_initial: Mapping[str, tuple[str, ...]]
    shapes: npt.NDArray[np.object_]
    tree: shapely.STRtree

    def is_in_force(self, day: date) -> bool:
        """Tell whether the division is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def code_of(self, text: str) -> str | None:
        """Give the code of a ward by its name or code; None when there is none.

        Raises
        ------
        UnknownWardError
            Several wards have this name.
        """
        if text in self.codes:
            return text
        if len({code for part in text.split(",") for code in self._named(part)}) > 1:
            return None  # two wards of one row
        for part in (text, text.partition(",")[0], *around_ward(text)):
            for key in (fold(part), fold_ward(part)):
                found = self.by_name.get(key) or self.by_initial.get(key, ())
                if len(found) > 1:
                    raise UnknownWardError(text)
                if found:
                    return found[0]
        return None

    def _named(self, text: str) -> tuple[str, ...]:
        keys = (fold(text), fold_ward(text))
        either = (codes.get(key, ()) for codes in (self.by_name, self.by_initial) for key in keys)
        return next(filter(None, either), ())


def around_ward(text: str) -> tuple[str, ...]:
    """Give what a cell may call a ward by beside its name, folded: its police, a part of it.

    *Công an Đông Sơn* without the word for a ward may be that of a district, and is left.

    Examples
    --------
    >>> [around_ward(text) for text in ("CAP Ba Đình", "Công an phường Lam Sơn", "CA P. Đông Thọ")]
    [('ba dinh',), ('phuong lam son',), ('p dong tho',)]
    >>> around_ward("TDP 5, Đông Thọ"), around_ward("Công an Đông Sơn"), around_ward("Đông Thọ")
    (('dong tho',), (), ())
    >>> around_ward("F. Lam Sơn"), around_ward("CA F Lam Sơn")
    (('lam son',), ('lam son',))
    """
    folded = _CITY.sub("", fold(text))
    for pattern in (_POLICE, _WITHIN, _OLD_WORD):
        found = pattern.match(folded)
        if found is not None and found.end() < len(folded):
            return (folded[found.end() :],)
    return ()


@dataclass(frozen=True)
class Gazetteer:
    """The loaded divisions, newest first, and the way from metres to degrees."""

    divisions: tuple[Division, ...]
    metric_crs: str

    def on(self, day: date) -> Division:
        """Give the division in force on a day, else the one whose first day is nearest."""
        for division in self.divisions:
            if division.is_in_force(day):
                return division
        return min(self.divisions, key=lambda division: abs(division.valid_from - day))

    def asked(self, name: str | None, *, day: date) -> tuple[Division, ...]:
        """List the divisions in which the ward of a row is looked up, the likeliest first.

        Of a row that names its division that one alone, and none where it is not loaded: a code
        has a meaning only inside its division, and so has a name. Else the one of the day, then
        all others; none where no division is loaded for that day.
        """
        if name is not None:
            return tuple(d for d in self.divisions if fold(d.name) == fold(name))
        first = self.on(day)
        if not first.is_in_force(day):
            return ()
        return (first, *(other for other in self.divisions if other is not first))

    def named(self, text: str, *, among: Sequence[Division]) -> tuple[Division, str]:
        """Find a ward by name or code in the first division that knows it.

        Raises
        ------
        UnknownWardError
            None of the divisions knows it, or it stands for several wards.
        """
        for division in among:
            code = division.code_of(text)
            if code is not None:
                return division, code
        raise UnknownWardError(text)


@dataclass(frozen=True, slots=True)
class Position:
    """Two coordinates of a row: degrees (longitude, latitude) or metres (easting, northing)."""

    first: float
    second: float
    is_metric: bool


def load(store: Store) -> Gazetteer:
    """Load the divisions that have wards."""
    metric = store.properties.metric_crs
    with store.read() as connection:
        known = connection.execute(
            sa.select(tables.divisions).order_by(*layers.newest_first())
        ).all()
    found = []
    for line in known:
        wards = layers.read_wards(store, division=line.division)
        if len(wards):
            found.append(_division(line, wards.to_crs(metric)))
    return Gazetteer(tuple(found), metric)


def city_bounds(store: Store) -> tuple[float, float, float, float] | None:
    """Give west, south, east, north of all wards in force, in degrees; None without wards."""
    table = tables.wards.c
    query = sa.select(
        sa.func.min(table.west),
        sa.func.min(table.south),
        sa.func.max(table.east),
        sa.func.max(table.north),
    ).where(in_force(tables.wards))
    with store.read() as connection:
        found = connection.execute(query).one()
    if found[0] is None:
        return None
    west, south, east, north = map(float, found)
    return west, south, east, north


def _division(line: sa.Row[tuple[object, ...]], wards: gpd.GeoDataFrame) -> Division:
    by_name: dict[str, list[str]] = {}
    for code, name in zip(wards["code"], wards["name"], strict=True):
        for key in {fold(name), fold_ward(name)}:
            by_name.setdefault(key, []).append(str(code))
    shapes = wards.geometry.to_numpy()
    shapely.prepare(shapes)
    return Division(
        name=line.division,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        codes=tuple(map(str, wards["code"])),
        names=tuple(map(str, wards["name"])),
        by_name={name: tuple(codes) for name, codes in by_name.items()},
        by_initial=_by_initial(by_name),
        shapes=shapes,
        tree=shapely.STRtree(shapes),
    )


def _by_initial(by_name: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Give the wards of two words by the first letter and the second word: *Q.Thắng*.

    Examples
    --------
    >>> _by_initial({"quang thang": ["1"], "dong son": ["2"], "dai son": ["3"], "phu son": ["4"]})
    {'q thang': ('1',), 'd son': ('2', '3')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, codes in by_name.items():
        words = name.split()
        if len(words) == 2 and words[0][0] not in _WARD_LETTERS:
            key = f"{words[0][0]} {words[1]}"
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *codes)))
    return found


def parse_position(row: Row) -> Position | None:
    """Read the coordinates of a row, in two columns or else in one; None when it has none.

    Raises
    ------
    RowRefusedError
        ``bad_coordinate``: one of the two is missing, no number, or outside its range;
        ``metres_not_degrees``: both are far too large for degrees, and nobody told a system;
        ``swapped_coordinates``: longitude and latitude stand in each other's place.
    """
    for east, north, is_metric in (("longitude", "latitude", False), ("y_east", "x_north", True)):
        if row.get(east) is None and row.get(north) is None:
            continue
        parse = partial(parse_number, decimal=row.decimal(east)) if is_metric else parse_degrees
        first, second = (_coordinate(row, name, parse) for name in (east, north))
        if is_metric:
            if min(abs(first), abs(second)) <= 180:  # degrees under a heading of metres
                raise row.refuse("bad_coordinate", east)
        elif min(abs(first), abs(second)) > LEAST_METRES:
            if row.draft.crs is None:
                raise row.refuse("metres_not_degrees", east)
            # under headings of degrees, but somebody told the system
            return Position(first, second, is_metric=True)
        elif 90 < abs(second) <= 180 and abs(first) <= 90:
            raise row.refuse("swapped_coordinates", north)
        elif abs(first) > 180 or first == second == 0:
            raise row.refuse("bad_coordinate", east)
        elif abs(second) > 90:
            raise row.refuse("bad_coordinate", north)
        return Position(first, second, is_metric)
    return None if row.get("position") is None else _in_one_cell(row)


def _in_one_cell(row: Row) -> Position:
    heading = row.draft.mapping.get("position", "")
    try:
        point = written_points.parse(row.get("position"), heading=heading)
    except SwappedPointError as error:
        raise row.refuse("swapped_coordinates", "position") from error
    except UnreadablePointError as error:
        raise row.refuse("bad_coordinate", "position") from error
    return Position(point.east, point.north, point.is_metric)


def _coordinate(row: Row, name: str, parse: Callable[[Cell], float | None]) -> float:
    try:
        value = parse(row.get(name))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_coordinate", name) from error
    if value is None:
        raise row.refuse("bad_coordinate", name)
    return value
