"""Rows that tell their place in words: streets, junctions, schools and places of the loaded layers.

What the words mean, :mod:`data.addresses` reads and :mod:`data.directory` finds, inside the ward
that the row names. What stays in doubt stays at its ward, and becomes a question with candidates;
rows that ask the same are one question.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from weakref import WeakKeyDictionary

import geopandas as gpd
import pandas as pd
from pyproj import Transformer

from analysis.crs import WGS84
from data import layers
from data.addresses import Address, parse, without_number
from data.directory import EVERYWHERE, Candidate, Directory, Finding, Kind, Quality, rechosen
from data.folding import fold
from data.importing.locating import placing
from data.importing.locating.places import Division, Gazetteer, Position, UnknownWardError
from data.importing.locating.remembered_places import RememberedPlace
from data.importing.open_questions import Choice, Located, PlaceQuestion, Places
from data.importing.records import Row
from data.store import Store

SAME_PLACE_M = 100.0
"""Within it a candidate is the one that was chosen before, though the layers have changed."""

_DECIMALS = 7
_GONE = "then:"
_POINT_LAYERS = {"schools": "school", "places": "place", "sites": "site"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A row without coordinates: what it says of its place, and the ward it names.

    Parameters
    ----------
    file_row
        Its number in the file.
    texts
        What says where, the most telling first.
    division
        In which the ward has its meaning.
    named
        The code of the ward, or None.
    salt
        Tells rows apart that name a street and no house.
    """

    file_row: int
    texts: tuple[str, ...]
    division: Division
    named: str | None
    salt: str = ""


def texts(row: Row) -> tuple[str, ...]:
    """Give what a row says of its place in words, the most telling first."""
    street, place = row.text("street"), row.text("place")
    number = row.text("house_no") or ""
    said = [f"{number} đường {street}".strip()] if street else []
    if place:
        said.append(f"{number} {place}" if number and not street else place)
    return tuple(said)


def kept_text(row: Row) -> str | None:
    """Give what is stored of the place in words: a house number only from a column of its own.

    An address of an incident is a place; but to whose house it leads, nobody needs to keep.
    """
    place, street = row.text("place"), row.text("street")
    if place is not None:
        return without_number(place)
    address = " ".join(filter(None, (row.text("house_no"), street)))
    return ", ".join(filter(None, (address, row.text("hamlet")))) or None


def read_directory(store: Store, gazetteer: Gazetteer) -> Directory:
    """Read the names of the city: streets, schools, places, and sites that have a name.

    A file is checked again and again while it is set right: as long as the store stays as it is,
    they are read once.
    """
    version = store.version
    known = _READ.get(store)
    if known is None or known[0] != version:
        known = _READ[store] = (version, _read_directory(store, gazetteer))
    return known[1]


_READ: WeakKeyDictionary[Store, tuple[int, Directory]] = WeakKeyDictionary()


def _read_directory(store: Store, gazetteer: Gazetteer) -> Directory:
    crs = store.properties.metric_crs
    parts = [
        layers.read_points(store, layer)
        .assign(kind=kind)
        .rename(columns={f"{kind}_id": "key"})[["kind", "key", "name", "geometry"]]
        for layer, kind in _POINT_LAYERS.items()
        if layer != "sites"
    ]
    sites = layers.read_sites(store).reset_index(drop=True)
    parts.append(sites.assign(kind="site", key=sites["site_id"])[[*parts[0].columns]])
    points = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=WGS84)
    return Directory(
        layers.read_shapes(store, "streets").to_crs(crs),
        points.to_crs(crs),
        areas={
            _area(division, code): shape
            for division in gazetteer.divisions
            for code, shape in zip(division.codes, division.shapes, strict=True)
        },
    )


def locate(
    told: Sequence[Told],
    directory: Directory,
    gazetteer: Gazetteer,
    *,
    answers: Mapping[str, str],
    remembered: Mapping[str, RememberedPlace] | None = None,
) -> Places:
    """Place rows by what they say of their place.

    Parameters
    ----------
    told
        Rows without coordinates.
    directory
        The names of the city.
    gazetteer
        The wards.
    answers
        What a person chose, by the key of the question.
    remembered
        What was chosen for earlier files, by the key of the question; ``answers`` win.

    Returns
    -------
    Places
        The rows that were placed, by row; and the questions, those first that most rows ask.
    """
    settled: list[tuple[Told, Candidate]] = []
    doubtful: dict[str, list[tuple[Told, Finding]]] = {}
    known = _Known(answers, remembered or {}, gazetteer.metric_crs)
    for row in told:
        asked = _ask(row, directory, gazetteer)
        if asked is None:
            continue
        one, finding = asked
        if finding.chosen is None:
            key = _key(one)
            finding = known.with_remembered(key, finding)
            doubtful.setdefault(key, []).append((one, finding))
            answer = known.answer(key)
            finding = rechosen(finding, answer) if answer else finding
        if finding.chosen is not None:
            settled.append((one, finding.chosen))
    located = _located(settled, gazetteer)
    to_degrees = Transformer.from_crs(gazetteer.metric_crs, WGS84, always_xy=True)
    questions = [
        replace(
            _question(key, rows, to_degrees), answer=known.answer(key), remembered=known.said(key)
        )
        for key, rows in doubtful.items()
    ]
    questions.sort(key=lambda q: (not q.choices, -len(q.file_rows), q.file_rows[0]))
    return Places(located, tuple(questions))


class _Known:
    """What a person chose just now, or for an earlier file, by the key of the question."""

    def __init__(
        self, told: Mapping[str, str], remembered: Mapping[str, RememberedPlace], crs: str
    ) -> None:
        self._told = told
        self._remembered = {key: one for key, one in remembered.items() if key not in told}
        self._to_metres = Transformer.from_crs(WGS84, crs, always_xy=True)
        self._names: dict[str, str] = {}  # of what was chosen, as it is called now

    def answer(self, key: str) -> str | None:
        """Give the answer to a question, if there is one."""
        if key in self._told:
            return self._told[key]
        if key not in self._remembered:
            return None
        return self._names.get(key, self._remembered[key].answer)

    def said(self, key: str) -> tuple[str, datetime] | None:
        """Tell who answered an earlier file, and when."""
        one = self._remembered.get(key)
        return None if one is None else (one.actor, one.remembered_at)

    def with_remembered(self, key: str, finding: Finding) -> Finding:
        """Find again, among the candidates, what was chosen for an earlier file.

        Keys hang on the layers that are loaded, places do not: it is the one of the same kind that
        lies there. Where there is none any more, the place stands for itself.
        """
        one = self._remembered.get(key)
        if one is None or one.longitude is None or one.latitude is None:
            return finding
        x, y = self._to_metres.transform(one.longitude, one.latitude)
        near = [
            (c.key != one.answer, math.hypot(c.easting - x, c.northing - y), c.key)
            for c in finding.candidates
            if c.kind == one.kind and math.hypot(c.easting - x, c.northing - y) <= SAME_PLACE_M
        ]
        if near:
            self._names[key] = min(near)[2]
            return finding
        gone = Candidate(
            key=f"{_GONE}{one.answer}", kind=cast("Kind", one.kind), name=str(one.name),
            quality=cast("Quality", one.quality), easting=x, northing=y,
        )  # fmt: skip
        self._names[key] = gone.key
        return replace(finding, candidates=(gone, *finding.candidates))


def _ask(one: Told, directory: Directory, gazetteer: Gazetteer) -> tuple[Told, Finding] | None:
    """Ask for one text after the other; None where the words name nothing but a ward."""
    best: Finding | None = None
    for text in one.texts:
        address = parse(text)
        if one.named is None:
            one = replace(one, named=_ward_of(address, one.division, gazetteer))
        if not address.readings:
            continue
        area = EVERYWHERE if one.named is None else _area(one.division, one.named)
        finding = directory.find(address, area=area, salt=one.salt)
        if finding.chosen is not None:
            return one, finding
        if best is None or (finding.candidates and not best.candidates):
            best = finding
    return None if best is None else (one, best)


def ward_told(row: Row, division: Division, gazetteer: Gazetteer) -> str | None:
    """Give the ward that the words of a row name at their end, where a division has it."""
    for text in texts(row):
        code = _ward_of(parse(text), division, gazetteer)
        if code is not None:
            return code
    return None


def _ward_of(address: Address, division: Division, gazetteer: Gazetteer) -> str | None:
    if address.ward is None:
        return None
    try:
        return gazetteer.named(address.ward, among=[division])[1]
    except UnknownWardError:
        return None


def _located(settled: Sequence[tuple[Told, Candidate]], gazetteer: Gazetteer) -> dict[int, Located]:
    """Turn metres into degrees, and find the ward of rows that name none."""
    found: dict[int, Located] = {}
    for division in gazetteer.divisions:
        mine = [(one, chosen) for one, chosen in settled if one.division is division]
        placements = placing.place(
            [Position(c.easting, c.northing, is_metric=True) for _, c in mine],
            [None] * len(mine),
            division=division,
            crs=gazetteer.metric_crs,
            metric_crs=gazetteer.metric_crs,
        )
        for (one, chosen), at in zip(mine, placements, strict=True):
            ward = one.named or at.code
            if ward is not None:
                found[one.file_row] = Located(
                    longitude=at.longitude,
                    latitude=at.latitude,
                    quality=chosen.quality,
                    ward_code=ward,
                    kind=chosen.kind,
                    is_ward_found=one.named is None,
                )
    return found


def _question(
    key: str,
    rows: Sequence[tuple[Told, Finding]],
    to_degrees: Transformer,
) -> PlaceQuestion:
    first, finding = rows[0]
    return PlaceQuestion(
        key=key,
        text=without_number(first.texts[-1]),
        ward_code=first.named,
        doubt=finding.doubt or "unknown",
        choices=tuple(_choices(finding.candidates, to_degrees)),
        file_rows=tuple(one.file_row for one, _ in rows),
    )


def _choices(candidates: Iterable[Candidate], to_degrees: Transformer) -> Iterable[Choice]:
    for candidate in candidates:
        longitude, latitude = to_degrees.transform(candidate.easting, candidate.northing)
        yield Choice(
            key=candidate.key,
            kind=candidate.kind,
            name=candidate.name,
            quality=candidate.quality,
            longitude=round(longitude, _DECIMALS),
            latitude=round(latitude, _DECIMALS),
            length_m=candidate.length_m,
            likeness=candidate.likeness,
        )


def _key(one: Told) -> str:
    words = " · ".join(map(_asked_words, one.texts))
    return f"{one.division.name}|{one.named or ''}|{words}"


def _asked_words(text: str) -> str:
    """Write what a text asks for, however it is put: *SN 5 đ. Tố Hữu* asks for *to huu*."""
    readings = parse(text).readings
    if not readings:
        return fold(text)
    first = readings[0]
    return " ".join((*(("ngo", first.alley) if first.alley else ()),
                     " x ".join(name.folded for name in first.names)))  # fmt: skip


def _area(division: Division, code: str) -> str:
    return f"{division.name}|{code}"
