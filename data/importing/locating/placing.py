"""Points against wards: in which one each lies, and how far it is from the one that it names.

A point outside every ward but within ``NEAR_M`` of one belongs to the nearest: outlines are drawn
more coarsely than addresses. A named ward and a point are two witnesses. Where they are within
``NEAR_M`` of agreeing, the point decides, since every map and every view works with it; farther
apart one of the two is wrong, nobody here can say which, and the row is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from analysis.crs import WGS84
from data.importing.locating.places import Division, Position
from data.importing.records import Row

NEAR_M = 500.0
"""How far outside a ward a point may lie and still be counted to it, in metres."""

_SAME_M = 10.0  # within it a point on a border agrees with either ward
_DECIMALS = 7  # about a centimetre, as much as the store's shapes keep


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


@dataclass(frozen=True)
class Placements:
    """Where many positions lie among the wards of a division, one a row.

    Parameters
    ----------
    points
        Longitude and latitude, 7 decimals; shape (n, 2).
    wards
        The place of the ward among the division's, or of the nearest one within ``NEAR_M``; −1
        where there is none.
    named_distance_m, is_near_swapped
        As of a :class:`Placement`.
    """

    points: npt.NDArray[np.float64]
    wards: npt.NDArray[np.intp]
    named_distance_m: npt.NDArray[np.float64]
    is_near_swapped: npt.NDArray[np.bool_]

    def settled(self, named: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Give the places of the wards that count, as :meth:`Placement.settle` does.

        −1 where the two disagree, or there is none.
        """
        has_name = named >= 0
        with np.errstate(invalid="ignore"):  # no distance where none is named
            is_there = has_name & (self.named_distance_m <= _SAME_M)
            is_near = ~has_name | (self.named_distance_m <= NEAR_M)
        return np.where(is_there, named, np.where(is_near, self.wards, -1))


def check_near(row: Row, placement: Placement) -> None:
    """Check that a position lies in or near a ward.

    Raises
    ------
    RowRefusedError
        ``swapped_coordinates`` where exchanging the two would bring it home, else
        ``far_from_wards``.
    """
    if placement.code is None:
        reason = "swapped_coordinates" if placement.is_near_swapped else "far_from_wards"
        raise row.refuse(reason, to_blame(row))


def to_blame(row: Row) -> str:
    """Name the field in which a row tells how far north its point lies."""
    filled = (name for name in ("latitude", "x_north") if row.get(name) is not None)
    return next(filled, "position")


def to_degrees(positions: Sequence[Position], *, crs: str) -> npt.NDArray[np.float64]:
    """Turn positions into longitude and latitude, rounded to 7 decimals; shape (n, 2).

    Parameters
    ----------
    positions
        Degrees stay as they are.
    crs
        The system of positions in metres; those outside its domain come out infinite.
    """
    return _to_degrees(*_as_arrays(positions), crs=crs)


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
    if division is None:
        return [
            Placement(longitude=longitude, latitude=latitude, code=None, named_distance_m=np.nan)
            for longitude, latitude in to_degrees(positions, crs=crs).tolist()
        ]
    place_of = {code: i for i, code in enumerate(division.codes)}
    wards = np.array([-1 if code is None else place_of[code] for code in named], dtype=np.intp)
    found = place_all(
        *_as_arrays(positions), wards, division=division, crs=crs, metric_crs=metric_crs
    )
    return [
        Placement(
            longitude=longitude,
            latitude=latitude,
            code=division.codes[i] if i >= 0 else None,
            named_distance_m=distance,
            is_near_swapped=swap,
        )
        for (longitude, latitude), i, distance, swap in zip(
            found.points.tolist(),
            found.wards.tolist(),
            found.named_distance_m.tolist(),
            found.is_near_swapped.tolist(),
            strict=True,
        )
    ]


def place_all(
    points: npt.NDArray[np.float64],
    is_metric: npt.NDArray[np.bool_],
    named: npt.NDArray[np.intp],
    *,
    division: Division,
    crs: str,
    metric_crs: str,
) -> Placements:
    """Tell where each of many positions lies.

    Parameters
    ----------
    points
        Longitude and latitude, or easting and northing; shape (n, 2).
    is_metric
        Whether a position is in metres.
    named
        The place of the ward that a row names among the division's; −1 where it names none.
    division, crs, metric_crs
        As of :func:`place`.
    """
    degrees = _to_degrees(points, is_metric, crs=crs)
    metric = _moved(degrees, WGS84, metric_crs)
    wards, is_inside = _nearest(metric, division)
    lost = np.flatnonzero(wards < 0)
    is_near_swapped = np.full(len(points), fill_value=False)
    if len(lost):
        turned = _to_degrees(points[lost][:, ::-1], is_metric[lost], crs=crs)
        turned[np.abs(turned[:, 1]) > 90] = np.inf
        is_near_swapped[lost] = _nearest(_moved(turned, WGS84, metric_crs), division)[0] >= 0
    distances = np.full(len(metric), np.nan)
    is_there = is_inside & (wards == named)
    distances[is_there] = 0.0
    asked = np.flatnonzero((named >= 0) & ~is_there & np.isfinite(metric).all(axis=1))
    if len(asked):
        distances[asked] = shapely.distance(
            shapely.points(metric[asked]), division.shapes[named[asked]]
        )
    return Placements(degrees, wards, distances, is_near_swapped)


def _as_arrays(
    positions: Sequence[Position],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    points = np.array([(p.first, p.second) for p in positions], dtype=float).reshape(-1, 2)
    return points, np.array([p.is_metric for p in positions], dtype=bool)


def _to_degrees(
    points: npt.NDArray[np.float64], is_metric: npt.NDArray[np.bool_], *, crs: str
) -> npt.NDArray[np.float64]:
    degrees = points.copy()
    if is_metric.any():
        degrees[is_metric] = _moved(points[is_metric], crs, WGS84)
    return degrees.round(_DECIMALS)


def _nearest(
    metric: npt.NDArray[np.float64], division: Division
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Give the place of the nearest ward within ``NEAR_M`` of each point, and whether it is inside.

    −1 where there is none.
    """
    found = np.full(len(metric), -1, dtype=np.intp)
    usable = np.flatnonzero(np.isfinite(metric).all(axis=1))
    if not len(usable):
        return found, found >= 0
    points = shapely.points(metric[usable])
    boxed, wards = division.tree.query(points)
    is_in = shapely.intersects(division.shapes[wards], points[boxed])  # the shapes are prepared
    _first_wins(found, usable[boxed[is_in]], wards[is_in])
    is_inside = found >= 0
    outside = found[usable] < 0
    near, wards = division.tree.query_nearest(
        points[outside], max_distance=NEAR_M, all_matches=True
    )
    _first_wins(found, usable[outside][near], wards)
    return found, is_inside


def _first_wins(
    found: npt.NDArray[np.intp], rows: npt.NDArray[np.intp], wards: npt.NDArray[np.intp]
) -> None:
    """Write wards into rows; a point on a border gets the first ward of the list."""
    order = np.lexsort((wards, rows))[::-1]
    found[rows[order]] = wards[order]


def _moved(points: npt.NDArray[np.float64], source: str, target: str) -> npt.NDArray[np.float64]:
    return np.column_stack(_transformer(source, target).transform(points[:, 0], points[:, 1]))


@functools.lru_cache(maxsize=16)  # to make one takes longer than to move a thousand points
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
