"""The streets, junctions, schools and places of a city, found by what a ledger calls them.

A name is matched word by word, with or without diacritics, and where no name fits, with a slip of
the pen that can be no other name of the city. What fits two things as well, or nothing well, is
not guessed: then there are candidates, and a person chooses. data/README.md, section *Places told
in words*.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.crs import check_metric
from data.addresses import Address, Name, Reading, name_of, parse
from data.likeness import Likeness
from data.place_words import spelled
from data.street_parts import GAP_M, Part, clusters, part_of

Kind = Literal["crossing", "school", "place", "site", "street"]
Quality = Literal["exact", "street"]
Doubt = Literal["unknown", "several", "unsure", "elsewhere", "meets_not"]
"""Why a text has no place: no name is like it; several fit as well; one is like it, but it may be
another; it lies in another ward; the two streets do not meet here."""

BORDER_M = 30.0
"""Streets along a border belong to both wards."""
NEAR_M = 200.0
"""How far outside the ward that a row names a place may lie: outlines are coarse."""
MEETING_M = 15.0
"""Streets that come as near as this meet: drawn ends miss each other."""
ONE_JUNCTION_M = 60.0
"""Crossings of the same two streets within this distance are one junction."""
MOST_CANDIDATES = 5

EVERYWHERE = ""
"""The area of a row that names no ward."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Something in the city that a text may mean.

    Parameters
    ----------
    key
        Says which it is, as long as the layers stay the same.
    kind, name
        What it is, and how its layer writes it.
    quality
        ``exact`` for a point, ``street`` for somewhere along a street.
    easting, northing
        Metres; of a street its middle, of a chosen one a place along it, the same for the same
        address.
    length_m
        Of a street, how much of it there is in the ward; 0 for a point.
    likeness
        0 to 1; 1 means the same name.
    part
        How the street is drawn.
    """

    key: str
    kind: Kind
    name: str
    quality: Quality
    easting: float = math.nan
    northing: float = math.nan
    length_m: float = 0.0
    likeness: float = 1.0
    part: Part | None = field(default=None, repr=False, compare=False)

    def at(self, share: float) -> Candidate:
        """Give it at a share of its length; a point is where it is."""
        if self.part is None:
            return self
        easting, northing = self.part.along(share)
        return replace(self, easting=easting, northing=northing)


@dataclass(frozen=True)
class Finding:
    """What was found for a text: the one it means, or why there is none, and what it may be."""

    chosen: Candidate | None
    doubt: Doubt | None = None
    candidates: tuple[Candidate, ...] = ()
    share: float = 0.5


@dataclass(frozen=True)
class _Point:
    kind: Kind
    key: str
    name: str
    marked: str
    at: tuple[float, float]


_Street = tuple[str, str]  # marked name, number of the alley
_Pieces = dict[int, list[shapely.Geometry]]  # of several streets of one name


class Directory:
    """The names of a city, ready for many questions.

    Parameters
    ----------
    streets
        Lines in a metric system with ``name``.
    points
        Points in the same system with ``kind``, ``key`` and ``name``.
    areas
        The outline of each ward in the same system, by any key of the caller's.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        Streets or points are not in metres.

    Examples
    --------
    >>> streets = gpd.GeoDataFrame({"name": ["Trần Phú", "Lê Lợi"]}, crs="EPSG:5897",
    ...     geometry=[shapely.LineString([(0, 50), (100, 50)]),
    ...               shapely.LineString([(40, 0), (40, 100)])])
    >>> none = gpd.GeoDataFrame({"kind": [], "key": [], "name": []}, geometry=[], crs="EPSG:5897")
    >>> known = Directory(streets, none, areas={"101": shapely.box(0, 0, 100, 100)})
    >>> found = known.find(parse("ngã tư Tran Phu - Le Loi"), area="101").chosen
    >>> found.kind, found.easting, found.northing
    ('crossing', 40.0, 50.0)
    """

    def __init__(
        self,
        streets: gpd.GeoDataFrame,
        points: gpd.GeoDataFrame,
        *,
        areas: Mapping[str, shapely.Geometry],
    ) -> None:
        check_metric(streets, name="streets")
        check_metric(points, name="points")
        named = streets[streets["name"].notna() & streets.geometry.notna()]
        self._lines: npt.NDArray[np.object_] = np.asarray(named.geometry.array, dtype=object)
        self._line_street: list[_Street] = []
        self._written: dict[_Street, str] = {}
        self._alleys: dict[str, set[str]] = {}
        for written in named["name"].astype(str):
            street = _street_of(written)
            self._line_street.append(street)
            self._written.setdefault(street, written)
            self._alleys.setdefault(street[0], set()).add(street[1])
        self._line_number = _number_streets(self._lines, self._line_street)
        self._tree = shapely.STRtree(self._lines)
        self._areas = dict(areas)
        self._street_names = Likeness(_folds(self._alleys))
        self._points: dict[str, list[_Point]] = {}
        self._meetings: dict[frozenset[str], list[_Point]] = {}
        self._put_points(points)
        self._point_names = Likeness((key, [key]) for key in self._points)
        self._pieces: dict[str, Mapping[_Street, _Pieces]] = {}
        self._parts: dict[tuple[str, _Street], tuple[Part, ...]] = {}
        self._streets: dict[tuple[str, _Street], tuple[Candidate, ...]] = {}
        self._crossings: dict[tuple[str, ...], tuple[tuple[float, float], ...]] = {}

    def _put_points(self, points: gpd.GeoDataFrame) -> None:
        for kind, key, written, point in zip(
            points["kind"], points["key"], points["name"], points.geometry, strict=True
        ):
            if not isinstance(written, str) or point is None or point.is_empty:
                continue
            name = spelled(name_of(written))
            found = _Point(kind, f"{kind}:{key}", written, name.marked, (point.x, point.y))
            if kind == "site" and name.marked in self._alleys:
                continue  # a site that is called like its street says no more than the street
            self._points.setdefault(name.folded, []).append(found)
            for reading in parse(written).readings:
                if reading.kind == "crossing" and len(reading.names) == 2 and reading.is_sure:
                    both = frozenset(name.folded for name in reading.names)
                    self._meetings.setdefault(both, []).append(found)
                    break

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no name at all."""
        return not self._points and not self._written

    def find(self, address: Address, *, area: str = EVERYWHERE, salt: str = "") -> Finding:
        """Find what an address means inside a ward.

        Parameters
        ----------
        address
            As :func:`data.addresses.parse` gives it.
        area
            The key of the ward that the row names; ``EVERYWHERE`` where it names none.
        salt
            Spreads rows that name a street and no house along it.
        """
        doubts: list[Finding] = []
        for reading in address.readings:
            finding = self._read(reading, area, salt)
            if finding.chosen is not None:
                return finding
            if finding.doubt is not None:
                doubts.append(finding)
                if reading.is_sure and finding.doubt != "unknown":
                    break
        if not doubts:
            return Finding(None, "unknown")
        return _strongest(doubts)

    def _read(self, reading: Reading, area: str, salt: str) -> Finding:
        if reading.kind == "named":
            return self._named(reading.names[0], area)
        if reading.kind == "crossing":
            return self._crossing(reading, area)
        return self._street(reading, area, salt)

    def _named(self, asked: Name, area: str) -> Finding:
        name = spelled(asked)
        match = self._point_names.match(name.folded)
        found = [point for key in match.keys for point in self._points[key]]
        alike = [point for point in found if point.marked == name.marked]
        if match.is_same and asked.is_marked and alike:
            found = alike
        if not match.is_sure:
            maybe = [self._candidate(p, match.likeness) for p in found]
            near = [c for c in maybe if self._is_near(c, area)]
            return Finding(None, "unsure" if near else None, tuple(near[:MOST_CANDIDATES]))
        return self._one_of([self._candidate(p, match.likeness) for p in found], area)

    def _candidate(self, point: _Point, likeness: float) -> Candidate:
        return Candidate(
            key=point.key, kind=point.kind, name=point.name, quality="exact",
            easting=point.at[0], northing=point.at[1], likeness=likeness,
        )  # fmt: skip

    def _is_near(self, candidate: Candidate, area: str) -> bool:
        if area == EVERYWHERE:
            return True
        point = shapely.Point(candidate.easting, candidate.northing)
        return bool(shapely.dwithin(self._areas[area], point, NEAR_M))

    def _one_of(self, found: Sequence[Candidate], area: str) -> Finding:
        """Take the one that lies in the ward; none where several do, or all lie elsewhere."""
        here = [c for c in found if self._is_near(c, area)]
        if len(here) == 1:
            return Finding(here[0])
        if here:
            return Finding(None, "several", tuple(here[:MOST_CANDIDATES]))
        return Finding(None, "elsewhere" if found else None, tuple(found[:MOST_CANDIDATES]))

    def _crossing(self, reading: Reading, area: str) -> Finding:
        if len(reading.names) == 1:
            return self._unseparated(reading.names[0], area)
        one, other = (self._street_names.match(name.folded) for name in reading.names)
        if not (one.is_sure and other.is_sure):
            return Finding(None, "unknown" if reading.is_sure else None)
        likeness = min(one.likeness, other.likeness)
        pairs = [
            (a, b)
            for a in self._marked_like(one.keys, reading.names[0])
            for b in self._marked_like(other.keys, reading.names[1])
            if a != b
        ]
        found = [c for pair in pairs for c in self._meeting(pair, area, likeness)]
        if found:
            return self._one_of(found, area)
        return Finding(None, "meets_not" if reading.is_sure else None, ())

    def _unseparated(self, name: Name, area: str) -> Finding:
        """Read two streets with nothing between them: every way to cut the words in two."""
        folded, marked = name.folded.split(), name.marked.split()
        for i in range(1, len(folded)):
            halves = (" ".join(folded[:i]), " ".join(folded[i:]))
            if all(self._street_names.match(half).is_same for half in halves):
                names = (
                    Name(halves[0], " ".join(marked[:i])),
                    Name(halves[1], " ".join(marked[i:])),
                )
                return self._crossing(Reading(kind="crossing", names=names, is_sure=True), area)
        return Finding(None, "unknown")

    def _meeting(self, pair: tuple[str, str], area: str, likeness: float) -> list[Candidate]:
        drawn = self._meetings.get(frozenset(_folded(name) for name in pair), [])
        named = [self._candidate(point, likeness) for point in drawn]
        here = [c for c in named if self._is_near(c, area)]
        if here:
            return here
        key = (area, *sorted(pair))
        if key not in self._crossings:
            self._crossings[key] = tuple(self._cross(pair, area))
        name = " × ".join(self._written[name, self._first_alley(name)] for name in pair)
        return [
            Candidate(
                key=f"crossing:{'+'.join(sorted(map(_folded, pair)))}:{i}", kind="crossing",
                name=name, quality="exact", easting=x, northing=y, likeness=likeness,
            )
            for i, (x, y) in enumerate(self._crossings[key])
        ] or named  # fmt: skip

    def _cross(self, pair: tuple[str, str], area: str) -> Iterator[tuple[float, float]]:
        lines = [
            shapely.multilinestrings([line for part in own for line in part.lines])
            for own in (self._parts_of(area, (name, "")) for name in pair)
            if own
        ]
        if len(lines) < 2 or shapely.distance(*lines) > MEETING_M:
            return
        met = shapely.get_parts(shapely.intersection(*lines))
        if not len(met):
            met = np.array([shapely.shortest_line(*lines)])
        points = shapely.get_coordinates(shapely.centroid(met))
        for cluster in clusters(shapely.points(points), ONE_JUNCTION_M):
            x, y = points[cluster].mean(axis=0)
            yield float(x), float(y)

    def _street(self, reading: Reading, area: str, salt: str) -> Finding:
        name = reading.names[0]
        match = self._street_names.match(name.folded)
        bases = self._marked_like(match.keys, name)
        share = _share_along(reading, salt)
        here = [c for base in bases for c in self._drawn(base, area, reading, match.likeness)]
        if match.is_sure:
            if len(here) == 1:
                return Finding(here[0].at(share))
            if here:
                return Finding(None, "several", tuple(here[:MOST_CANDIDATES]), share)
            if match.is_same or area == EVERYWHERE:
                drawn = (self._drawn(b, EVERYWHERE, reading, match.likeness) for b in bases)
                far = tuple(c for found in drawn for c in found)
                return Finding(None, "elsewhere", far[:MOST_CANDIDATES], share)
        if here:
            return Finding(None, "unsure", tuple(here[:MOST_CANDIDATES]), share)
        return Finding(None, None)

    def _marked_like(self, keys: Iterable[str], name: Name) -> list[str]:
        """Of names that differ in diacritics alone take the one that is written so, if there is."""
        bases = list(keys)
        if name.is_marked and name.marked in bases:
            return [name.marked]
        return bases

    def _drawn(
        self, base: str, area: str, reading: Reading, likeness: float
    ) -> tuple[Candidate, ...]:
        """Give the streets of this name in the ward: its alley, if there is one."""
        for street in self._asked(base, reading):
            found = self._streets_in(area, street)
            if found:
                return tuple(replace(c, likeness=likeness) for c in found if likeness < 1) or found
        return ()

    def _streets_in(self, area: str, street: _Street) -> tuple[Candidate, ...]:
        key = (area, street)
        if key not in self._streets:
            self._streets[key] = tuple(
                Candidate(
                    key=f"street:{_folded(' '.join(street))}:{i}",
                    kind="street",
                    name=self._written[street],
                    quality="street",
                    length_m=part.length_m,
                    part=part,
                ).at(0.5)
                for i, part in enumerate(self._parts_of(area, street)[:MOST_CANDIDATES])
            )
        return self._streets[key]

    def _asked(self, base: str, reading: Reading) -> Iterator[_Street]:
        """List the streets of a name that are meant, the alley first, then where it begins."""
        known = self._alleys[base]
        if reading.alley:
            for alley in (reading.alley, reading.alley.partition(" ")[0]):  # 45/3 goes off 45
                if alley in known:
                    yield base, alley
                    break
        elif len(reading.numbers) > 1 and reading.numbers[0] in known:
            yield base, reading.numbers[0]  # 45/3 is house 3 in alley 45
        if "" in known:
            yield base, ""

    def _first_alley(self, base: str) -> str:
        return min(self._alleys[base])

    def _parts_of(self, area: str, street: _Street) -> tuple[Part, ...]:
        key = (area, street)
        if key not in self._parts:
            pieces = self._pieces_in(area).get(street, {})
            found = (part_of(pieces[number]) for number in sorted(pieces))
            self._parts[key] = tuple(part for part in found if part is not None)
        return self._parts[key]

    def _pieces_in(self, area: str) -> Mapping[_Street, _Pieces]:
        """Cut the streets at a ward's border, once a ward."""
        if area not in self._pieces:
            which, lines = np.arange(len(self._lines)), self._lines
            if area != EVERYWHERE:
                ground = shapely.buffer(self._areas[area], BORDER_M)
                shapely.prepare(ground)
                which = np.sort(self._tree.query(ground, predicate="intersects"))
                lines = lines[which]
                is_cut = ~shapely.contains_properly(ground, lines)
                lines[is_cut] = shapely.intersection(ground, lines[is_cut])
            pieces: dict[_Street, _Pieces] = {}
            for i, line in zip(which.tolist(), lines, strict=True):
                own = pieces.setdefault(self._line_street[i], {})
                own.setdefault(self._line_number[i], []).append(line)
            self._pieces[area] = pieces
        return self._pieces[area]


def _share_along(reading: Reading, salt: str) -> float:
    """Tell where along its street an address is put: by lot, the same for the same address."""
    house = " ".join((reading.alley, *reading.numbers))
    text = f"{reading.names[0].folded}|{house if house.strip() else salt}"
    digest = hashlib.blake2b(text.encode(), digest_size=4).digest()
    return (int.from_bytes(digest) + 0.5) / 2**32


def rechosen(finding: Finding, key: str) -> Finding:
    """Take the candidate that a person chose; a key that is none of them changes nothing."""
    for candidate in finding.candidates:
        if candidate.key == key:
            return replace(finding, chosen=candidate.at(finding.share), doubt=None)
    return finding


def _number_streets(
    lines: npt.NDArray[np.object_], streets: Sequence[_Street]
) -> npt.NDArray[np.intp]:
    """Tell the streets of one name apart: pieces that lie near each other are one street."""
    of_name: dict[_Street, list[int]] = {}
    for i, street in enumerate(streets):
        of_name.setdefault(street, []).append(i)
    number = np.zeros(len(lines), dtype=np.intp)
    for places in of_name.values():
        if len(places) > 1:
            own = np.array(places, dtype=np.intp)
            for n, cluster in enumerate(clusters(lines[own], GAP_M)):
                number[own[cluster]] = n
    return number


def _street_of(written: str) -> _Street:
    for reading in parse(written).readings:
        if reading.kind == "street":
            return reading.names[0].marked, reading.alley
    return name_of(written).marked, ""


def _folded(text: str) -> str:
    return name_of(text).folded


def _folds(marked: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    by_fold: dict[str, list[str]] = {}
    for name in sorted(marked):
        by_fold.setdefault(_folded(name), []).append(name)
    yield from by_fold.items()


def _strongest(doubts: Sequence[Finding]) -> Finding:
    """Take the doubt that says most, with the candidates of all."""
    order: tuple[Doubt, ...] = ("several", "elsewhere", "meets_not", "unsure", "unknown")
    first = min(doubts, key=lambda finding: order.index(finding.doubt or "unknown"))
    others = (c for finding in doubts for c in finding.candidates)
    by_key = {c.key: c for c in (*first.candidates, *others)}
    return Finding(None, first.doubt, tuple(by_key.values())[:MOST_CANDIDATES], first.share)
