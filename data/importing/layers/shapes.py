"""Streets, buildings, land cover and zones: whole columns of shapes at once, since a city has many.

A shape is known by the id that its file gives it, and without one by its geometry: the same file
again adds nothing, and a building that changed is a new one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.crs import WGS84
from data import geofiles
from data.folding import fold
from data.importing import known
from data.importing.errors import NoPlaceColumnError
from data.importing.files.cell import Cell, as_text
from data.importing.locating import places
from data.importing.records import MAX_VALUE_LENGTH, Checked, Draft
from data.importing.values.conventions import DecimalSign
from data.importing.values.quantities import UnreadableQuantityError, parse_number
from data.rows import Rejection
from data.shapes import shape_columns
from data.store import Store

STOREY_M = 3.0
"""Metres of height that a storey counts for, where only storeys are known."""

REACH_DEG = 0.5
"""How far from all wards a shape may lie and still be of this city, in degrees."""

_TALLEST_M = 1000
_STREET_KINDS: Mapping[str, tuple[str, ...]] = {
    "artery": (
        "artery", "motorway", "trunk", "primary", "secondary", "quoc lo", "tinh lo", "dai lo",
        "duong chinh", "duong truc chinh", "duong tinh", "highway", "avenue", "boulevard",
        "arterial", "axe", "nationale", "departementale",
    ),
    "street": (
        "street", "tertiary", "unclassified", "residential", "living street", "road", "duong",
        "pho", "duong pho", "duong nhanh", "local", "rue",
    ),
    "alley": (
        "alley", "service", "pedestrian", "track", "footway", "path", "ngo", "ngach", "hem",
        "kiet", "duong ngo", "lane", "ruelle", "allee", "impasse",
    ),
}  # fmt: skip
_ZONE_KINDS: Mapping[str, tuple[str, ...]] = {
    "must": (
        "must", "required", "mandatory", "bat buoc", "phai co", "phai phu", "obligatoire", "requis",
    ),
    "forbid": (
        "forbid", "forbidden", "prohibited", "cam", "cam lap", "cam lap dat", "khong duoc lap",
        "interdit", "interdite",
    ),
    "private": (
        "private", "privacy", "rieng tu", "khu rieng tu", "che", "prive", "privee", "masque",
    ),
}  # fmt: skip
_COVER_KINDS: Mapping[str, tuple[str, ...]] = {
    "water": (
        "water", "river", "riverbank", "lake", "pond", "canal", "reservoir", "basin", "dock",
        "stream", "wetland", "nuoc", "mat nuoc", "song", "ho", "ao", "kenh", "muong", "song ngoi",
        "song suoi", "eau", "riviere", "fleuve", "lac", "etang", "bassin", "plan d eau",
    ),
    "park": (
        "park", "garden", "nature reserve", "forest", "wood", "grass", "recreation ground",
        "village green", "cong vien", "vuon hoa", "cay xanh", "khu cay xanh", "rung", "parc",
        "jardin", "espace vert", "foret", "bois",
    ),
    "block": (
        "block", "residential", "commercial", "retail", "industrial", "built up", "o pho",
        "khu pho", "khu dan cu", "dat o", "dat xay dung", "ilot", "bati", "zone batie",
    ),
}  # fmt: skip


def _by_word(kinds: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {word: kind for kind, words in kinds.items() for word in words}


_STREET_KIND_OF = _by_word(_STREET_KINDS)
_ZONE_KIND_OF = _by_word(_ZONE_KINDS)
_COVER_KIND_OF = _by_word(_COVER_KINDS)


def street_kind(text: str | None) -> str:
    """Tell what kind of street a word means; one that is not known is a plain street.

    Examples
    --------
    >>> street_kind("primary_link"), street_kind("Ngõ"), street_kind(None)
    ('artery', 'alley', 'street')
    """
    word = fold(text or "").removesuffix(" link")
    return _STREET_KIND_OF.get(word, "street")


def height_m(height: Cell, levels: Cell, *, decimal: DecimalSign = "point") -> float | None:
    """Read a height in metres, else storeys times ``STOREY_M``; None where neither is told.

    Nothing and less stands for "not known" in the files that exist. ``decimal`` is the sign that
    starts decimals where one of them stands before exactly three figures.

    Raises
    ------
    UnreadableQuantityError
        It is no number, or taller than anything that stands.

    Examples
    --------
    >>> height_m("12.5 m", 4), height_m(None, "4"), height_m(-1, None)
    (12.5, 12.0, None)
    >>> height_m("9.125", None), height_m("9,125", None, decimal="comma")
    (9.125, 9.125)
    """
    for cell, unit_m in ((height, 1.0), (levels, STOREY_M)):
        number = cell if isinstance(cell, float) else parse_number(cell, decimal=decimal)
        if number is None or number <= 0:
            continue
        if number * unit_m > _TALLEST_M:
            raise UnreadableQuantityError(str(cell))
        return number * unit_m
    return None


def check(draft: Draft, store: Store) -> Checked:
    """Check streets, buildings, land cover or zones.

    Shapes are flattened and mended; what is left without a surface (a street: without a line), and
    what lies farther than ``REACH_DEG`` from all wards, is refused. Shapes that crossed themselves
    are counted in ``notes`` as ``mended``.

    Raises
    ------
    NoPlaceColumnError
        The file has no shapes.
    """
    if draft.shapes is None:
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))
    is_line = draft.layer == "streets"
    rounded = shapely.set_precision(draft.shapes.to_numpy(), 1e-7, mode="pointwise")
    whole = geofiles.mended(gpd.GeoSeries(rounded, crs=WGS84), dimension=1 if is_line else 2)
    shapes = whole.to_numpy()
    was_bad = _is_crossed(rounded, shapes)
    reasons = _misplaced(shapes, store, lost="no_line" if is_line else "no_outline")
    key = {"zones": "zone_id"}.get(draft.layer, "id")
    content, bad = _READERS[draft.layer](draft)
    reasons |= {i: reason for i, reason in bad.items() if i not in reasons}
    kept = np.setdiff1d(np.arange(draft.n_rows), list(reasons))
    columns = shape_columns(whole.iloc[kept])
    keys = _keys(draft, key, kept.tolist(), columns)
    rows = [
        {"row_key": name, "file_row": draft.file_rows[i], **content[i], **shape}
        for i, name, shape in zip(kept.tolist(), keys, columns, strict=True)
    ]
    if draft.layer == "zones":
        rows = [{**row, "zone_id": row["row_key"]} for row in rows]
    rows, repeated = _without_repeats(rows, draft, key)
    refused = [_refusal(draft, i, reason) for i, reason in reasons.items()] + repeated
    return Checked(
        draft=draft,
        rows=tuple(rows),
        rejections=tuple(sorted(refused, key=lambda r: r.file_row)),
        notes=known.some({"mended": int(was_bad[kept].sum())}),
    )


def _is_crossed(
    given: npt.NDArray[np.object_], mended: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    """Tell which shapes crossed themselves, or had a hole outside them, and were made good."""
    is_crossed: npt.NDArray[np.bool_] = ~shapely.is_missing(mended) & ~shapely.is_valid(given)
    return is_crossed


def shape_key(geometry: bytes) -> str:
    """Give the key of a shape that has no id, by the bytes that the store keeps of it."""
    return hashlib.blake2b(geometry, digest_size=10).hexdigest()


def _misplaced(shapes: npt.NDArray[np.object_], store: Store, *, lost: str) -> dict[int, str]:
    """Tell which shapes are none, or lie elsewhere, and why each is refused."""
    reasons = dict.fromkeys(np.flatnonzero(shapely.is_missing(shapes)).tolist(), lost)
    bounds = shapely.bounds(shapes)
    is_there = np.isfinite(bounds).all(axis=1)
    for i in np.flatnonzero(~is_there).tolist():
        reasons.setdefault(i, "bad_coordinate")
    city = places.city_bounds(store)
    if city is not None:
        west, south, east, north = city
        is_far = (
            (bounds[:, 0] > east + REACH_DEG)
            | (bounds[:, 2] < west - REACH_DEG)
            | (bounds[:, 1] > north + REACH_DEG)
            | (bounds[:, 3] < south - REACH_DEG)
        )
        for i in np.flatnonzero(is_far & is_there).tolist():
            reasons.setdefault(i, "far_from_wards")
    return reasons


def _keys(
    draft: Draft, key: str, kept: Sequence[int], columns: Sequence[Mapping[str, Any]]
) -> list[str]:
    given = draft.cells.get(key)
    return [
        (as_text(given[i]) if given is not None else None) or shape_key(shape["geometry"])
        for i, shape in zip(kept, columns, strict=True)
    ]


def _without_repeats(
    rows: list[dict[str, Any]], draft: Draft, key: str
) -> tuple[list[dict[str, Any]], list[Rejection]]:
    """Refuse a row whose id stands before it over another content."""
    counts = Counter(row["row_key"] for row in rows)
    firsts: dict[str, dict[str, Any]] = {}
    kept: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    for row in rows:
        if counts[row["row_key"]] > 1:
            first = firsts.setdefault(row["row_key"], row)
            if {**first, "file_row": None} != {**row, "file_row": None}:
                refused.append(
                    Rejection(
                        file_row=row["file_row"],
                        reason="repeated_id",
                        column=draft.mapping.get(key),
                        value=row["row_key"][:MAX_VALUE_LENGTH],
                    )
                )
                continue
        kept.append(row)
    return kept, refused


_BLAMED = {
    "bad_height": ("height_m", "levels"),
    "unknown_zone": ("kind",),
    "unknown_cover": ("kind",),
}


def _refusal(draft: Draft, i: int, reason: str) -> Rejection:
    for name in _BLAMED.get(reason, ()):
        value = as_text(draft.cells[name][i]) if name in draft.cells else None
        if value is not None:
            return Rejection(
                file_row=draft.file_rows[i],
                reason=reason,
                column=draft.mapping[name],
                value=value[:MAX_VALUE_LENGTH],
            )
    return Rejection(file_row=draft.file_rows[i], reason=reason)


def _texts(draft: Draft, name: str) -> list[str | None]:
    return [as_text(cell) for cell in draft.cells.get(name, (None,) * draft.n_rows)]


def _streets(draft: Draft) -> tuple[list[dict[str, Any]], dict[int, str]]:
    names, kinds = _texts(draft, "name"), _texts(draft, "kind")
    kind_of = {kind: street_kind(kind) for kind in set(kinds)}
    return [
        {"name": name, "kind": kind_of[kind]} for name, kind in zip(names, kinds, strict=True)
    ], {}


def _buildings(draft: Draft) -> tuple[list[dict[str, Any]], dict[int, str]]:
    nothing = (None,) * draft.n_rows
    heights = draft.cells.get("height_m", nothing)
    levels = draft.cells.get("levels", nothing)
    decimal = draft.conventions.decimal("height_m")
    bad: dict[int, str] = {}
    content: list[dict[str, Any]] = []
    for i, (height, n_levels) in enumerate(zip(heights, levels, strict=True)):
        try:
            content.append({"height_m": height_m(height, n_levels, decimal=decimal)})
        except UnreadableQuantityError:
            content.append({})
            bad[i] = "bad_height"
    return content, bad


def _zones(draft: Draft) -> tuple[list[dict[str, Any]], dict[int, str]]:
    names, kinds = _texts(draft, "name"), _texts(draft, "kind")
    content = [
        {"name": name, "kind": _zone_kind(kind)} for name, kind in zip(names, kinds, strict=True)
    ]
    return content, {i: "unknown_zone" for i, row in enumerate(content) if row["kind"] is None}


def _zone_kind(text: str | None) -> str | None:
    """Find the word for a kind of zone at the start of a text, as folders are called.

    Examples
    --------
    >>> _zone_kind("Cấm lắp đặt"), _zone_kind("private (schools)"), _zone_kind("A")
    ('forbid', 'private', None)
    """
    return _ZONE_KIND_OF.get(_word(text))


def _word(text: str | None) -> str:
    """Fold the words before any bracket."""
    return fold(re.sub(r"[(\[].*", "", text or ""))


def _land_cover(draft: Draft) -> tuple[list[dict[str, Any]], dict[int, str]]:
    content = [{"kind": _COVER_KIND_OF.get(_word(kind))} for kind in _texts(draft, "kind")]
    return content, {i: "unknown_cover" for i, row in enumerate(content) if row["kind"] is None}


_READERS: Mapping[str, Callable[[Draft], tuple[list[dict[str, Any]], dict[int, str]]]] = {
    "streets": _streets,
    "buildings": _buildings,
    "land_cover": _land_cover,
    "zones": _zones,
}
