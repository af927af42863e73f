"""Where a place is: found by its name, by two streets that cross, or by an incident's number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.crs import WGS84
from analysis.errors import VongLauError
from data import layers
from data.folding import fold
from data.store import Store

Kind = Literal["crossing", "school", "place", "street"]

KINDS: tuple[Kind, ...] = ("crossing", "school", "place", "street")
"""Of two names that fit as well, the first kind comes first."""

MOST = 8
_CROSSING = re.compile(r"^(?:nga (?:ba|tu|nam|sau)|crossing|carrefour|giao(?: lo)?)\b ?")
_SIGNS = re.compile(r"[×&/+–-]")
_BETWEEN = re.compile(r"\b(?:x|giao|voi|va|and|et)\b")
_HOUSE = re.compile(r"^(?:so )?(?:nha )?\d+\w? ")


class PlaceNotFoundError(VongLauError, LookupError):
    """No street, school or place has such a name."""

    code: ClassVar[str] = "place_not_found"


class SeveralPlacesError(VongLauError, LookupError):
    """Several places fit a name as well."""

    code: ClassVar[str] = "several_places"


class IncidentNotFoundError(VongLauError, LookupError):
    """No incident has this number, or several have."""

    code: ClassVar[str] = "incident_not_found"


class IncidentWithoutPlaceError(VongLauError, LookupError):
    """Of the incident only the ward is known."""

    code: ClassVar[str] = "incident_without_place"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place that was found.

    Parameters
    ----------
    kind
        What it is.
    name
        As it is written in the layer.
    longitude, latitude
        WGS84; of a street, the middle of its longest piece.
    length_m
        How long the street is, so that it is seen how rough its middle is; nought for the others.
    fit
        0: the whole name; 1: it begins so; 2: a word of it does; 3: it is somewhere in it.
    """

    kind: Kind
    name: str
    longitude: float
    latitude: float
    length_m: float = 0.0
    fit: int = 0


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Where and when an incident happened, on the wall clock."""

    source: str
    case_id: str
    category: str
    longitude: float
    latitude: float
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Names:
    """All names of a city, folded, ready for many questions.

    Parameters
    ----------
    points
        Schools and places: ``kind``, ``name``, ``folded`` and the point, WGS84.
    streets
        By folded name: ``name`` and the pieces of the street, in metres.
    """

    points: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


def read_names(store: Store) -> Names:
    """Read the names of streets, schools and places."""
    parts = [
        layers.read_points(store, layer)[["name", "geometry"]].assign(kind=kind)
        for layer, kind in (("schools", "school"), ("places", "place"))
    ]
    points = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=WGS84)
    points = points[points["name"].notna() & points.geometry.notna()]
    read = layers.read_shapes(store, "streets").to_crs(store.properties.metric_crs)
    lines = read[read["name"].notna()]
    folded = lines["name"].map(fold)
    pieces = [
        (key, own["name"].iloc[0], shapely.multilinestrings(shapely.get_parts(own.geometry.array)))
        for key, own in lines.groupby(folded, sort=True)
    ]
    return Names(
        points=points.assign(folded=points["name"].map(fold)),
        streets=gpd.GeoDataFrame(
            {"name": [name for _, name, _ in pieces]},
            index=pd.Index([key for key, _, _ in pieces], dtype=object),
            geometry=[shape for *_, shape in pieces],
            crs=read.crs,
        ),
    )


def find(names: Names, text: str, *, most: int = MOST) -> list[Place]:
    """Find places by what a person typed, the best first.

    Diacritics, case and punctuation do not matter. Two streets with a sign or *và* between them,
    or after *ngã tư*, are where they cross; a house number before a street is left out, because no
    layer knows it.

    Parameters
    ----------
    names
        As :func:`read_names`.
    text
        What was typed.
    most
        How many at most.
    """
    asked = fold(text)
    if not asked:
        return []
    found = [*_crossings(names, text), *_named(names, asked)]
    street = _HOUSE.sub("", asked)
    if not found and street != asked:
        found = list(_named(names, street))
    found.sort(key=lambda one: (one.fit, KINDS.index(one.kind), len(one.name), one.name))
    return found[:most]


def find_one(names: Names, text: str) -> Place:
    """Find the one place that a person means.

    Raises
    ------
    PlaceNotFoundError
        No name fits.
    SeveralPlacesError
        Several fit as well; they are named.
    """
    found = find(names, text)
    if not found:
        raise PlaceNotFoundError(value=text)
    best = [one for one in found if one.fit == found[0].fit]
    if len(best) > 1 and (best[0].kind == best[1].kind or best[0].fit > 0):
        raise SeveralPlacesError(value=text, names=[one.name for one in best])
    return best[0]


def of_incident(store: Store, case_id: str) -> Incident:
    """Tell where and when an incident happened.

    Raises
    ------
    IncidentNotFoundError
        No incident has the number, or several of different books have.
    IncidentWithoutPlaceError
        Only its ward is known.
    """
    incidents = layers.read_incidents(store)
    own = incidents[incidents["case_id"] == case_id.strip()]
    if len(own) != 1:
        raise IncidentNotFoundError(value=case_id, n_found=len(own))
    row = own.iloc[0]
    if row.geometry is None:
        raise IncidentWithoutPlaceError(value=case_id)
    zone = ZoneInfo(store.properties.timezone)
    starts, ends = (row[name].astimezone(zone).replace(tzinfo=None) for name in MOMENTS)
    return Incident(
        source=str(row["source"]),
        case_id=str(row["case_id"]),
        category=str(row["category"]),
        longitude=float(row.geometry.x),
        latitude=float(row.geometry.y),
        starts_at=starts.to_pydatetime(),
        ends_at=ends.to_pydatetime(),
    )


MOMENTS = ("starts_at", "ends_at")


def _named(names: Names, asked: str) -> Iterator[Place]:
    for row in names.points.itertuples():
        fit = _fit(row.folded, asked)
        if fit is not None:
            yield Place(
                kind=row.kind, name=row.name, longitude=row.geometry.x, latitude=row.geometry.y,
                fit=fit,
            )  # fmt: skip
    fits = {key: _fit(key, asked) for key in names.streets.index}
    kept = [key for key, fit in fits.items() if fit is not None]
    if not kept:
        return
    own = names.streets.loc[kept]
    middles = gpd.GeoSeries(
        [_middle(shape) for shape in own.geometry], crs=names.streets.crs
    ).to_crs(WGS84)
    rows: Mapping[str, str] = own["name"].to_dict()
    for key, point, length in zip(kept, middles, own.length, strict=True):
        fit = fits[key]
        assert fit is not None  # noqa: S101  only those that fit were kept
        yield Place(
            kind="street", name=rows[key], longitude=point.x, latitude=point.y,
            length_m=round(float(length)), fit=fit,
        )  # fmt: skip


def _fit(name: str, asked: str) -> int | None:
    if name == asked:
        return 0
    if name.startswith(asked):
        return 1
    if f" {asked}" in name:
        return 2
    return 3 if asked in name and not asked[0].isdigit() else None  # 12 is no part of 212


def _crossings(names: Names, text: str) -> Iterator[Place]:
    """Give where two streets cross, when two are named."""
    parts = [part.strip() for part in _BETWEEN.split(fold(_SIGNS.sub(" x ", text)))]
    parts = [_CROSSING.sub("", part) for part in parts]
    pairs = [(parts[0], parts[1])] if len(parts) == 2 else []
    words = _CROSSING.sub("", fold(text)).split()
    if _CROSSING.match(fold(text)):  # no sign between: every way to cut the words in two
        pairs += [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    for one, other in dict.fromkeys(pairs):
        if one in names.streets.index and other in names.streets.index and one != other:
            yield from _meeting(names, one, other)
            return


def _meeting(names: Names, one: str, other: str) -> Iterator[Place]:
    first, second = (names.streets.geometry.loc[key] for key in (one, other))
    points = shapely.get_parts(shapely.intersection(first, second))
    points = shapely.point_on_surface(points[~shapely.is_empty(points)])
    if not len(points):
        return
    both = f"{names.streets['name'].loc[one]} × {names.streets['name'].loc[other]}"
    for point in gpd.GeoSeries(points[:1], crs=names.streets.crs).to_crs(WGS84):
        yield Place(kind="crossing", name=both, longitude=point.x, latitude=point.y)


def _middle(shape: shapely.MultiLineString) -> shapely.Point:
    pieces = shapely.get_parts(shapely.line_merge(shape))
    longest = pieces[int(np.argmax(shapely.length(pieces)))]
    return shapely.line_interpolate_point(longest, 0.5, normalized=True)
