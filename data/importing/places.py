"""Where rows lie: ward names and codes, points, and points against wards.

A point outside every ward but within ``NEAR_M`` of one belongs to the nearest: outlines are drawn
more coarsely than addresses. A named ward and a point are two witnesses. Where they are within
``NEAR_M`` of agreeing, the point decides, since every map and every view works with it; farther
apart one of the two is wrong, nobody here can say which, and the row is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
import sqlalchemy as sa

from analysis.crs import WGS84
from data import layers, tables
from data.folding import fold, fold_ward
from data.importing.quantities import UnreadableQuantityError, parse_degrees, parse_number
from data.importing.records import Cell, Row
from data.rows import in_force
from data.store import Store

NEAR_M = 500.0
"""How far outside a ward a point may lie and still be counted to it, in metres."""

_LEAST_METRES = 1000.0  # of a projected system; no degrees are mistyped so far
_SAME_M = 10.0  # within it a point on a border agrees with either ward
_DECIMALS = 7  # about a centimetre, as much as the store's shapes keep


class UnknownWardError(LookupError):
    """A ward name or code that no loaded division knows, or that stands for several wards."""


@dataclass(frozen=True, kw_only=True)
class Division:
    """The wards of a division, ready to be asked for names and places.

    ``shapes`` are in metres, in the order of ``codes``.
    """

    name: str
    valid_from: date
    valid_to: date | None
    codes: tuple[str, ...]
    by_name: Mapping[str, tuple[str, ...]]
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
        for part in (text, text.partition(",")[0]):
            for key in (fold(part), fold_ward(part)):
                found = self.by_name.get(key, ())
                if len(found) > 1:
                    raise UnknownWardError(text)
                if found:
                    return found[0]
        return None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where one position lies among the wards of a division.

    Parameters
    ----------
    longitude, latitude
        Degrees, 7 decimals.
    code
        The ward, or the nearest one within ``NEAR_M``, or None.
    named_distance_m
        How far from the ward that the row names; 0 inside it, NaN when it names none.
    is_near_swapped
        It is far from all wards, but would not be with its two coordinates exchanged.
    """

    longitude: float
    latitude: float
    code: str | None
    named_distance_m: float
    is_near_swapped: bool = False

    def settle(self, named: str | None) -> str | None:
        """Give the ward that counts, of the one named and the one that lies here.

        The named one on its border; else the one that lies here, when the named one is near or
        none is named; None when the two disagree.
        """
        if named is not None and self.named_distance_m <= _SAME_M:
            return named
        if named is None or self.named_distance_m <= NEAR_M:
            return self.code
        return None


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
    return Division(
        name=line.division,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        codes=tuple(map(str, wards["code"])),
        by_name={name: tuple(codes) for name, codes in by_name.items()},
        shapes=shapes,
        tree=shapely.STRtree(shapes),
    )


def parse_position(row: Row) -> Position | None:
    """Read the coordinates of a row; None when it has none.

    Raises
    ------
    RowRefusedError
        ``bad_coordinate``: one of the two is missing, no number, or outside its range;
        ``metres_not_degrees``: both are far too large for degrees, and nobody told a system;
        ``swapped_coordinates``: longitude and latitude stand in each other's column.
    """
    for east, north, is_metric in (("longitude", "latitude", False), ("y_east", "x_north", True)):
        if row.get(east) is None and row.get(north) is None:
            continue
        parse = partial(parse_number, decimal=row.decimal(east)) if is_metric else parse_degrees
        first, second = (_coordinate(row, name, parse) for name in (east, north))
        if is_metric:
            if min(abs(first), abs(second)) <= 180:  # degrees under a heading of metres
                raise row.refuse("bad_coordinate", east)
        elif min(abs(first), abs(second)) > _LEAST_METRES:
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
    return None


def check_near(row: Row, placement: Placement) -> None:
    """Check that a position lies in or near a ward.

    Raises
    ------
    RowRefusedError
        ``swapped_coordinates`` where exchanging the two would bring it home, else
        ``far_from_wards``.
    """
    if placement.code is None:
        name = "latitude" if row.get("latitude") is not None else "x_north"
        reason = "swapped_coordinates" if placement.is_near_swapped else "far_from_wards"
        raise row.refuse(reason, name)


def _coordinate(row: Row, name: str, parse: Callable[[Cell], float | None]) -> float:
    try:
        value = parse(row.get(name))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_coordinate", name) from error
    if value is None:
        raise row.refuse("bad_coordinate", name)
    return value


def to_degrees(positions: Sequence[Position], *, crs: str) -> npt.NDArray[np.float64]:
    """Turn positions into longitude and latitude, rounded to 7 decimals; shape (n, 2).

    Parameters
    ----------
    positions
        Degrees stay as they are.
    crs
        The system of positions in metres; those outside its domain come out infinite.
    """
    points = np.array([(p.first, p.second) for p in positions], dtype=float).reshape(-1, 2)
    is_metric = np.array([p.is_metric for p in positions], dtype=bool)
    if is_metric.any():
        points[is_metric] = _moved(points[is_metric], crs, WGS84)
    return points.round(_DECIMALS)


def place(
    positions: Sequence[Position],
    named: Sequence[str | None],
    *,
    division: Division | None,
    crs: str,
    metric_crs: str,
) -> list[Placement]:
    """Tell where each position lies.

    Parameters
    ----------
    positions
        One a row.
    named
        The code of the ward that the row names, in the same order.
    division
        The wards; without any, no position has a ward.
    crs
        The system of positions in metres.
    metric_crs
        The system of the division's shapes.
    """
    points = to_degrees(positions, crs=crs)
    if division is None:
        return [
            Placement(longitude=longitude, latitude=latitude, code=None, named_distance_m=np.nan)
            for longitude, latitude in points.tolist()
        ]
    metric = _moved(points, WGS84, metric_crs)
    nearest = _nearest(metric, division)
    lost = np.flatnonzero(nearest < 0)
    is_near_swapped = np.full(len(points), fill_value=False)
    if len(lost):
        swapped = [replace(p, first=p.second, second=p.first) for p in positions]
        turned = to_degrees([swapped[i] for i in lost], crs=crs)
        turned[np.abs(turned[:, 1]) > 90] = np.inf
        is_near_swapped[lost] = _nearest(_moved(turned, WGS84, metric_crs), division) >= 0
    return [
        Placement(
            longitude=longitude,
            latitude=latitude,
            code=division.codes[i] if i >= 0 else None,
            named_distance_m=distance,
            is_near_swapped=bool(swap),
        )
        for (longitude, latitude), i, distance, swap in zip(
            points.tolist(),
            nearest.tolist(),
            _distances(metric, named, division),
            is_near_swapped,
            strict=True,
        )
    ]


def _distances(
    metric: npt.NDArray[np.float64], named: Sequence[str | None], division: Division
) -> list[float]:
    place_of = {code: i for i, code in enumerate(division.codes)}
    distances = np.full(len(metric), np.nan)
    is_asked = np.array([code is not None for code in named], dtype=bool)
    asked = np.flatnonzero(is_asked & np.isfinite(metric).all(axis=1))
    if len(asked):
        wards = division.shapes[[place_of[str(named[i])] for i in asked.tolist()]]
        distances[asked] = shapely.distance(shapely.points(metric[asked]), wards)
    return [float(distance) for distance in distances]


def _nearest(metric: npt.NDArray[np.float64], division: Division) -> npt.NDArray[np.intp]:
    """Give the place of the nearest ward within ``NEAR_M`` of each point, −1 where none is."""
    found = np.full(len(metric), -1, dtype=np.intp)
    usable = np.flatnonzero(np.isfinite(metric).all(axis=1))
    if not len(usable):
        return found
    points = shapely.points(metric[usable])
    inside, wards = division.tree.query(points, predicate="intersects")
    _first_wins(found, usable[inside], wards)
    outside = found[usable] < 0
    near, wards = division.tree.query_nearest(
        points[outside], max_distance=NEAR_M, all_matches=True
    )
    _first_wins(found, usable[outside][near], wards)
    return found


def _first_wins(
    found: npt.NDArray[np.intp], rows: npt.NDArray[np.intp], wards: npt.NDArray[np.intp]
) -> None:
    """Write wards into rows; a point on a border gets the first ward of the list."""
    order = np.lexsort((wards, rows))[::-1]
    found[rows[order]] = wards[order]


def _moved(points: npt.NDArray[np.float64], source: str, target: str) -> npt.NDArray[np.float64]:
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
