"""What one change of the cameras, or several, would do to what is seen: the exact ward table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import shapely

from analysis import coverage
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.errors import VongLauError
from dashboard.questions.coverage import Standing

Kind = Literal["add", "move", "turn", "break", "repair"]
KINDS: tuple[Kind, ...] = ("add", "move", "turn", "break", "repair")

STATES: Mapping[Kind, str] = {"break": "broken", "repair": "working"}

WATCHED = (
    "covered_street_length_m",
    "n_incidents_covered",
    "n_gates_covered",
    "n_junctions_covered",
    "covered_area_m2",
)
"""Columns that a change is told in."""


class NoSuchCameraError(VongLauError, LookupError):
    """A change of a camera that does not stand on the day."""

    code = "no_such_camera"


class BadEditError(VongLauError, ValueError):
    """A change that lacks what it needs, or asks for what cannot be."""

    code = "bad_edit"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change.

    Parameters
    ----------
    kind
        ``add``, ``move``, ``turn``, ``break`` or ``repair``.
    camera_id
        The camera; for a new one, what to call it.
    longitude, latitude
        Degrees, WGS84: for ``add`` and ``move``.
    bearing_deg
        For ``turn``, and for ``add``; None sees all round.
    fov_deg, range_m
        For ``add``: field of view, and reach on the ground at the level asked for.
    """

    kind: Kind
    camera_id: str
    longitude: float | None = None
    latitude: float | None = None
    bearing_deg: float | None = None
    fov_deg: float | None = None
    range_m: float | None = None


FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "add": ("longitude", "latitude", "range_m", "bearing_deg", "fov_deg"),
    "move": ("camera_id", "longitude", "latitude"),
    "turn": ("camera_id", "bearing_deg"),
    "break": ("camera_id",),
    "repair": ("camera_id",),
}
"""What a change is written with, in order; a new camera without the last two sees all round."""


def parse(word: str, *, n: int = 1) -> Edit:
    """Read a change as it is typed: its kind, an equals sign, and what ``FIELDS`` lists.

    Parameters
    ----------
    word
        As ``repair=TH-BD-0006`` or ``add=105.776,19.806,60,90,80``.
    n
        The number of a new camera, which is called ``NEW-n``.

    Raises
    ------
    BadEditError
        It cannot be read so.

    Examples
    --------
    >>> parse("turn=C1,90")
    Edit(kind='turn', camera_id='C1', ..., bearing_deg=90.0, fov_deg=None, range_m=None)
    >>> parse("add=105.776,19.806,60", n=2).camera_id
    'NEW-2'
    """
    name, _, rest = word.partition("=")
    kind = next((known for known in KINDS if known == name.strip()), None)
    parts = [part.strip() for part in rest.split(",")]
    if kind is None:
        raise BadEditError(edit=word, column="kind", value=name)
    fields = FIELDS[kind]
    least = 3 if kind == "add" else len(fields)
    if not least <= len(parts) <= len(fields):
        raise BadEditError(edit=word, column=", ".join(fields), value=rest)
    given: dict[str, Any] = {"camera_id": f"NEW-{n}"}
    for field, part in zip(fields, parts, strict=False):
        try:
            given[field] = part if field == "camera_id" else float(part)
        except ValueError as error:
            raise BadEditError(edit=word, column=field, value=part) from error
    return Edit(kind=kind, **given)


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """What changes would do.

    Parameters
    ----------
    edits
        The changes, in order.
    table
        The ward table after them.
    total
        The city after them.
    change
        After minus before, of ``WATCHED``, for the wards where anything changes, with their
        ``name``.
    total_change
        The same for the city.
    views
        What the changed cameras see afterwards, WGS84, with ``camera_id``; empty for a broken one.
    """

    edits: tuple[Edit, ...]
    table: pd.DataFrame
    total: pd.Series[float]
    change: pd.DataFrame
    total_change: pd.Series[float]
    views: gpd.GeoDataFrame


def answer(standing: Standing, edits: Sequence[Edit]) -> WhatIf:
    """Make the changes one after the other, and measure again only around them.

    Raises
    ------
    NoSuchCameraError
        A camera does not stand on the day.
    BadEditError
        A change lacks a place, a bearing, a field of view or a range, or one of them cannot be.
    """
    state = standing.state
    for edit in edits:
        state = _changed(state, edit, standing)
    before, table = standing.state.ward_table(), state.ward_table()
    watched = [name for name in WATCHED if name in table]
    change = table[watched] - before[watched]
    touched = change.round(6).fillna(0).ne(0).any(axis=1)  # what is not known does not change
    total = coverage.total(table)
    return WhatIf(
        edits=tuple(edits),
        table=table,
        total=total,
        change=change.assign(name=table["name"])[touched],
        total_change=total[watched] - coverage.total(before)[watched],
        views=_views(state, edits, standing),
    )


def as_json(found: WhatIf) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    return {
        "edits": [vars(edit) for edit in found.edits],
        "change": found.total_change.to_dict(),
        "wards": found.change.reset_index(names="code").to_dict("records"),
        "total": found.total.to_dict(),
    }


def _changed(state: coverage.State, edit: Edit, standing: Standing) -> coverage.State:
    if edit.kind == "add":
        return _added(state, edit, standing)
    if not state.stands(edit.camera_id):
        raise NoSuchCameraError(value=edit.camera_id)
    if edit.kind == "move":
        easting, northing = _place(edit, standing)
        return state.move(edit.camera_id, easting_m=easting, northing_m=northing)
    if edit.kind == "turn":
        return state.turn(edit.camera_id, bearing_deg=_needed(edit, "bearing_deg", 0, 360))
    return state.set_state(edit.camera_id, STATES[edit.kind])


def _added(state: coverage.State, edit: Edit, standing: Standing) -> coverage.State:
    if state.stands(edit.camera_id):
        raise BadEditError(edit="add", column="camera_id", value=edit.camera_id)
    easting, northing = _place(edit, standing)
    is_aimed = edit.bearing_deg is not None
    camera = coverage.Camera(
        easting_m=easting,
        northing_m=northing,
        range_m=_needed(edit, "range_m", 0, 2000),
        bearing_deg=_needed(edit, "bearing_deg", 0, 360) if is_aimed else float("nan"),
        fov_deg=_needed(edit, "fov_deg", 0, 360) if is_aimed else float("nan"),
    )
    return state.add(edit.camera_id, camera)


def _needed(edit: Edit, name: str, least: float, most: float) -> float:
    value = getattr(edit, name)
    is_open_below = name in {"range_m", "fov_deg"}
    if value is None or not (least < value if is_open_below else least <= value) or value > most:
        raise BadEditError(edit=edit.kind, column=name, value=value)
    return float(value)


def _place(edit: Edit, standing: Standing) -> tuple[float, float]:
    longitude = _needed(edit, "longitude", -180, 180)
    latitude = _needed(edit, "latitude", -90, 90)
    point = gpd.GeoSeries([shapely.Point(longitude, latitude)], crs=WGS84)
    moved = point.to_crs(standing.wards.crs).iloc[0]
    if not standing.wards.intersects(moved).any():
        raise BadEditError(edit=edit.kind, column="place", value=f"{latitude:.5f}, {longitude:.5f}")
    return moved.x, moved.y


def _views(state: coverage.State, edits: Sequence[Edit], standing: Standing) -> gpd.GeoDataFrame:
    ids = list(dict.fromkeys(edit.camera_id for edit in edits))
    shapes = [
        state.view(camera_id)
        if state.camera(camera_id).state in WORKING_STATES
        else shapely.Polygon()
        for camera_id in ids
    ]
    return gpd.GeoDataFrame(
        {"camera_id": ids}, geometry=gpd.GeoSeries(shapes, crs=standing.wards.crs)
    ).to_crs(WGS84)
