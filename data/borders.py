"""Where the outlines of wards do not fit: gaps and overlaps, the narrow ones closed, all reported.

Outlines digitised one by one leave slivers along their common borders. A sliver in which no circle
of ``NARROW_M`` has room is a drawing error, and the two lines become one. Anything wider may be
meant (a lake that is of no ward, ground that two wards claim): it is left as it is, and told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.crs import WGS84, check_metric

NARROW_M = 2.0
"""Gaps and overlaps up to this width are closed."""

SOUGHT_M = 100.0
"""Gaps that are open at an end, as between two wards at the city's edge, are seen up to this."""

DUST_M = 0.05
"""What is thinner than this is the rounding of a file, and no finding."""

_ROUNDS = 4
_TOUCH_M = 0.01
_HAIR_M = 0.001
_SLENDER = 5.0  # an open gap is this many times longer than wide; less is a bay in the outline
_MITRE = {"join_style": "mitre", "mitre_limit": 5.0}

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class BorderFinding:
    """A place where the outlines of wards overlap, or leave a gap.

    Parameters
    ----------
    kind
        ``overlap`` or ``gap``.
    codes
        The wards that overlap, or that lie around the gap, in the order of the outlines.
    area_m2
        Its area.
    width_m
        The diameter of the largest circle inside it.
    is_closed
        Whether the outlines were changed here; only where it is at most ``NARROW_M`` wide.
    longitude, latitude
        A point inside it, in degrees (WGS84).
    """

    kind: str
    codes: tuple[str, ...]
    area_m2: float
    width_m: float
    is_closed: bool
    longitude: float
    latitude: float


@dataclass(frozen=True)
class _Sliver:
    shape: shapely.Polygon
    members: tuple[int, ...]  # the wards that it is of, or that it lies between, by border length
    width_m: float
    kind: str

    @property
    def is_narrow(self) -> bool:
        return self.width_m <= NARROW_M + _TOUCH_M


def fit(wards: gpd.GeoSeries) -> tuple[gpd.GeoSeries, tuple[BorderFinding, ...]]:
    """Close the narrow gaps and overlaps between wards, and tell of all there are.

    Outlines that need no change come back as they were, point by point.

    Parameters
    ----------
    wards
        Valid outlines in a metric system, indexed by ward code.

    Returns
    -------
    geopandas.GeoSeries
        The outlines, none of them lost, on the same index; where something was closed, neighbours
        share every point of their border.
    tuple
        What was found: the wide ones first, then by area.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The outlines are not in metres.

    Examples
    --------
    A gap of one metre is closed; an overlap of 50 m is left, and told.

    >>> wards = gpd.GeoSeries(
    ...     [shapely.box(0, 0, 100, 100), shapely.box(101, 0, 200, 100),
    ...      shapely.box(150, 0, 300, 100)],
    ...     index=["A", "B", "C"], crs="EPSG:5897")
    >>> fitted, findings = fit(wards)
    >>> [round(area) for area in fitted.area]
    [10100, 9900, 15000]
    >>> [(f.kind, f.codes, round(f.area_m2), round(f.width_m, 1), f.is_closed) for f in findings]
    [('overlap', ('B', 'C'), 5000, 50.0, False), ('gap', ('A', 'B'), 100, 1.0, True)]
    """
    check_metric(wards, name="wards")
    with np.errstate(divide="ignore", invalid="ignore"):  # GEOS leaves such flags behind
        fitted, slivers, n_closed = _fitted(wards.to_numpy().copy())
    codes = [str(code) for code in wards.index]
    inside = gpd.GeoSeries(
        [shapely.point_on_surface(sliver.shape) for sliver in slivers], crs=wards.crs
    ).to_crs(WGS84)
    findings = [
        BorderFinding(
            kind=sliver.kind,
            codes=tuple(codes[i] for i in sorted(sliver.members)),
            area_m2=sliver.shape.area,
            width_m=sliver.width_m,
            is_closed=i < n_closed,
            longitude=round(point.x, 7),
            latitude=round(point.y, 7),
        )
        for i, (sliver, point) in enumerate(zip(slivers, inside, strict=True))
    ]
    findings.sort(key=lambda found: (found.is_closed, -found.area_m2, found.codes))
    return gpd.GeoSeries(fitted, index=wards.index, crs=wards.crs), tuple(findings)


def _fitted(shapes: Shapes) -> tuple[Shapes, list[_Sliver], int]:
    """Close what is narrow; give the outlines, all slivers, and how many of the first are closed.

    Where a gap ends at the city's edge, closing it can leave a thinner one: hence the rounds.
    """
    closed: list[_Sliver] = []
    for _ in range(_ROUNDS):
        slivers = [*_overlaps(shapes), *_gaps(shapes)]
        narrow = [sliver for sliver in slivers if sliver.is_narrow]
        fitted = _closed(shapes, slivers) if narrow else shapes
        if not narrow or shapely.is_empty(fitted).any():  # a ward that is nothing but overlap
            return shapes, closed + slivers, len(closed)
        shapes, closed = fitted, closed + narrow
    wide = [sliver for sliver in [*_overlaps(shapes), *_gaps(shapes)] if not sliver.is_narrow]
    return shapes, closed + wide, len(closed)


def _overlaps(shapes: Shapes) -> list[_Sliver]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_pair = first < second
    first, second = first[is_pair], second[is_pair]
    common = shapely.intersection(shapes[first], shapes[second])
    found = []
    for i, j, shape in zip(first.tolist(), second.tolist(), common, strict=True):
        for part in _surfaces(shape):
            width_m = _width(part)
            if width_m >= DUST_M:
                found.append(_Sliver(part, (i, j), width_m, "overlap"))
    return found


def _gaps(shapes: Shapes) -> list[_Sliver]:
    """Find ground inside the city that is of no ward: holes, and slits between two wards."""
    city = shapely.union_all(shapes)
    outer = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(city)])
    tree = shapely.STRtree(shapes)
    found = [
        _Sliver(part, _around(part, shapes, tree), width_m, "gap")
        for part in _surfaces(shapely.difference(outer, city))
        if (width_m := _width(part)) >= DUST_M
    ]
    for reach_m in (NARROW_M, SOUGHT_M):
        slits = [
            slit
            for part in _surfaces(shapely.difference(_without_bays(outer, reach_m), outer))
            if (slit := _slit(part, shapes, tree)) is not None
        ]
        found += slits
        outer = shapely.union_all([outer, *(_grown(slit.shape) for slit in slits)])
    return found


def _without_bays(city: shapely.Geometry, reach_m: float) -> shapely.Geometry:
    """Fill what is narrower than this between parts of an outline."""
    return shapely.buffer(shapely.buffer(city, reach_m / 2, **_MITRE), -reach_m / 2, **_MITRE)


def _slit(part: shapely.Polygon, shapes: Shapes, tree: shapely.STRtree) -> _Sliver | None:
    """Tell an open gap between two wards from a dent or a bay in the city's outline."""
    if part.area < NARROW_M**2:
        return None
    width_m = _width(part)
    length_m = part.length / 2 - width_m
    if width_m < DUST_M or length_m < _SLENDER * width_m:
        return None
    around = _around(part, shapes, tree, least_m=2 * width_m)
    return _Sliver(part, around, width_m, "gap") if len(around) > 1 else None


def _around(
    part: shapely.Polygon, shapes: Shapes, tree: shapely.STRtree, *, least_m: float = 0.0
) -> tuple[int, ...]:
    """Name the wards along a gap, the one with the longest border first."""
    near = np.sort(tree.query(part, predicate="dwithin", distance=_TOUCH_M))
    lengths = shapely.length(
        shapely.intersection(shapely.boundary(shapes[near]), shapely.buffer(part, _TOUCH_M))
    )
    order = np.lexsort([near, -lengths])
    return tuple(near[order][lengths[order] > max(least_m, 2 * _TOUCH_M)].tolist())


def _closed(shapes: Shapes, slivers: Sequence[_Sliver]) -> Shapes:
    """Close the narrow slivers, and keep the wide overlaps by taking them along as ground apart."""
    filled = _filled(shapes, [s for s in slivers if s.kind == "gap" and s.is_narrow])
    wide = [s.shape for s in slivers if s.kind == "overlap" and not s.is_narrow]
    if not wide:
        return _cleaned(filled)
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all(shapely.boundary(np.array(wide, dtype=object)))])
    )
    inside = shapely.point_on_surface(faces)
    owners = shapely.contains_properly(shapes[:, np.newaxis], inside[np.newaxis, :])
    is_shared = owners.sum(axis=0) > 1
    faces, owners = faces[is_shared], owners[:, is_shared]
    alone = shapely.difference(filled, shapely.union_all(faces))
    is_left = ~shapely.is_empty(alone)
    pieces = _cleaned(np.concatenate([_polygonal(alone[is_left]), faces]))
    ground, shared = np.full(len(shapes), None, dtype=object), pieces[is_left.sum() :]
    ground[is_left] = pieces[: is_left.sum()]
    return np.array(
        [shapely.union_all([ground[i], *shared[owners[i]]]) for i in range(len(shapes))],
        dtype=object,
    )


def _filled(shapes: Shapes, gaps: Sequence[_Sliver]) -> Shapes:
    """Give each narrow gap to the wards along it.

    The ward with the longest border takes what lies along it, then the next takes what is left: of
    a net of slivers through the whole city, each ward gets its own.
    """
    filled = shapes.copy()
    for gap in gaps:
        rest: shapely.Geometry = gap.shape
        for i in gap.members:
            taken = shapely.intersection(rest, shapely.buffer(shapes[i], 1.5 * NARROW_M))
            filled[i] = shapely.union(filled[i], _grown(taken))
            rest = shapely.difference(rest, taken)
            if shapely.is_empty(rest):
                break
    return filled


def _cleaned(shapes: Shapes) -> Shapes:
    """Let neighbours share every point of their border; no two overlap afterwards."""
    return np.asarray(shapely.coverage_clean(_polygonal(shapes), gap_width=NARROW_M), dtype=object)


def _grown(shape: shapely.Geometry) -> shapely.Geometry:
    """Widen by a hair, so that what touches it surely meets it."""
    return shapely.buffer(shape, _HAIR_M, **_MITRE)


def _polygonal(shapes: Shapes) -> Shapes:
    """Leave lines and points out, which cutting can leave behind."""
    result = np.empty(len(shapes), dtype=object)
    for i, shape in enumerate(shapes):
        parts = _surfaces(shape)
        result[i] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return result


def _surfaces(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if shapely.get_dimensions(part) == 2 and not part.is_empty]


def _width(shape: shapely.Polygon) -> float:
    """Measure the diameter of the largest circle inside, to a centimetre or a thousandth.

    By wearing the shape away from all sides: of long slivers that takes a tenth of the time of
    ``shapely.maximum_inscribed_circle`` at this tolerance.
    """
    low, high = 0.0, 2 * math.sqrt(shape.area / math.pi)
    while high - low > max(0.01, low / 1000):
        middle = (low + high) / 2
        if shapely.is_empty(shapely.buffer(shape, -middle / 2)):
            high = middle
        else:
            low = middle
    return (low + high) / 2
