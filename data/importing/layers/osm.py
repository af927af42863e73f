"""A whole OpenStreetMap extract into the store: six layers, one batch in parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from data import camera_tags, geofiles, openstreetmap
from data.file_digests import sha256_of
from data.importing.errors import ElsewhereError, NoSuchFileError, NoWardsLoadedError
from data.importing.files import limits
from data.importing.layers.shapes import height_m
from data.importing.locating import places, placing
from data.importing.locating.places import Position
from data.importing.records import MAX_VALUE_LENGTH, ImportReport
from data.importing.values.quantities import UnreadableQuantityError, parse_number
from data.openstreetmap import UnreadableDirectionError
from data.rows import BatchCounts, Rejection, Source, write_batch
from data.shapes import shape_columns
from data.store import Store

MARGIN_M = 1000.0
"""How far around the wards' box objects are taken."""

_M_PER_DEG = 111_320.0


@dataclass(frozen=True)
class _Part:
    """What one layer of the store gets."""

    rows: Sequence[dict[str, Any]]
    rejections: Sequence[Rejection] = field(default=())


def import_extract(
    store: Store,
    path: Path,
    *,
    actor: str,
    today: date,
    dry_run: bool = False,
    file_name: str | None = None,
) -> ImportReport:
    """Bring streets, buildings, land cover, schools, places and cameras of an extract into force.

    Parameters
    ----------
    store
        A store with wards: what lies farther than ``MARGIN_M`` from their box is left.
    path
        .osm.pbf or .osm
    actor
        Who does it.
    today
        Schools and cameras belong to the wards of this day.
    dry_run
        Count everything and keep nothing.
    file_name
        What its owner calls the file; None takes its name on disk.

    Returns
    -------
    ImportReport
        Counts of all layers together, and by layer in ``parts``; undoing ``batch`` undoes all.

    Raises
    ------
    NoSuchFileError, EmptyFileError, UnsupportedFormatError, UnreadableMapError,
    UnsortedExtractError
        As their names say.
    NoWardsLoadedError
        Without wards nobody knows where the city is.
    ElsewhereError
        Nothing of the extract lies in the city.
    """
    if not path.is_file():
        raise NoSuchFileError(file=str(path))
    limits.check_bytes(path, is_map=True)
    city = places.city_bounds(store)
    if city is None:
        raise NoWardsLoadedError(layer="osm", day=today)
    box = _widened(city)
    objects = openstreetmap.read_objects(path, bounds=box)
    if not any(len(frame) for frame in objects.values()):
        raise ElsewhereError(file=path.name)
    parts = _parts(objects, box, store, today)
    source = Source(file_name=file_name or path.name, file_sha256=sha256_of(path))
    counts: dict[str, BatchCounts] = {}
    batch: int | None = None
    with (
        store.begin(actor=actor) as transaction,
        transaction.connection.begin_nested() as savepoint,
    ):
        for layer, part in parts.items():
            counts[layer] = write_batch(
                transaction, layer, part.rows,
                source=source, rejections=part.rejections, part_of=batch,
            )  # fmt: skip
            batch = batch if batch is not None else counts[layer].batch
        if dry_run:
            savepoint.rollback()
    rejected = tuple(rejection for part in parts.values() for rejection in part.rejections)
    return _report(path, counts, rejected, batch, dry_run=dry_run)


def _report(
    path: Path,
    counts: dict[str, BatchCounts],
    rejected: tuple[Rejection, ...],
    batch: int | None,
    *,
    dry_run: bool,
) -> ImportReport:
    def total(name: str) -> int:
        return sum(getattr(part, name) for part in counts.values())

    if dry_run:
        counts = {layer: replace(part, batch=None) for layer, part in counts.items()}
    return ImportReport(
        layer="osm",
        file_name=path.name,
        batch=None if dry_run else batch,
        n_rows=total("n_rows"),
        n_accepted=total("n_accepted"),
        n_updated=total("n_updated"),
        n_duplicates=total("n_duplicates"),
        n_rejected=total("n_rejected"),
        n_skipped=0,
        rejected=rejected,
        mapping={},
        dropped_personal=(),
        ignored=(),
        is_dry_run=dry_run,
        parts=counts,
    )


def _parts(
    objects: dict[str, gpd.GeoDataFrame],
    box: tuple[float, float, float, float],
    store: Store,
    today: date,
) -> dict[str, _Part]:
    streets, buildings, covers = (objects[n] for n in ("streets", "buildings", "land_cover"))
    covers = _with_surface(covers, store.properties.metric_crs)
    cameras = objects["cameras"]
    schools, spots = objects["schools"], objects["places"]
    return {
        "streets": _shapes(
            streets,
            [{"name": t.get("name"), "kind": k} for t, k in _tagged(streets)],
            dimension=1,
            box=box,
        ),
        "buildings": _shapes(
            buildings, [{"height_m": _building_height(t)} for t, _ in _tagged(buildings)],
            dimension=2,
        ),
        "land_cover": _shapes(
            covers, [{"kind": kind} for _, kind in _tagged(covers)], dimension=2, box=box
        ),
        "schools": _Part(
            [
                {"row_key": key, "school_id": key, "name": tags.get("name"), **point, "file_row": i}
                for i, key, tags, _, point in _points(schools, store, today)
            ]
        ),
        "places": _Part(
            [
                {"row_key": key, "place_id": key, "name": tags["name"], "kind": kind,
                 "longitude": point["longitude"], "latitude": point["latitude"], "file_row": i}
                for i, key, tags, kind, point in _points(spots, store, today)
            ]
        ),
        "cameras": _cameras(cameras, store, today),
    }  # fmt: skip


def _widened(
    city: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    west, south, east, north = city
    high = MARGIN_M / _M_PER_DEG
    wide = high / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.01)
    return west - wide, south - high, east + wide, north + high


def _tagged(frame: gpd.GeoDataFrame) -> list[tuple[dict[str, str], str]]:
    return list(zip(frame["tags"], frame["kind"], strict=True))


def _shapes(
    frame: gpd.GeoDataFrame,
    content: Sequence[dict[str, Any]],
    *,
    dimension: int,
    box: tuple[float, float, float, float] | None = None,
) -> _Part:
    """Give the rows of shapes, cut at the box where one is given; what is no shape is refused."""
    shapes = frame.geometry
    if box is not None:
        shapes = geofiles.mended(shapes, dimension=dimension).clip_by_rect(*box)
    shapes = geofiles.mended(shapes, dimension=dimension)
    is_shape = (shapes.notna() & ~shapes.is_empty).to_numpy()
    kept = np.flatnonzero(is_shape).tolist()
    keys = frame["key"].tolist()
    rows = [
        {"row_key": keys[i], "file_row": i + 1, **content[i], **columns}
        for i, columns in zip(kept, shape_columns(shapes[is_shape]), strict=True)
    ]
    reason = "no_line" if dimension == 1 else "no_outline"
    lost = np.flatnonzero(~is_shape).tolist() if box is None else []
    return _Part(rows, [Rejection(file_row=i + 1, reason=reason, value=keys[i]) for i in lost])


def _with_surface(covers: gpd.GeoDataFrame, metric_crs: str) -> gpd.GeoDataFrame:
    """Give lines of water the width that they tell; leave those that tell none that can be read."""
    is_line = (shapely.get_dimensions(covers.geometry.to_numpy()) == 1).tolist()
    widths = [
        _width_m(tags) if line else 0.0 for tags, line in zip(covers["tags"], is_line, strict=True)
    ]
    is_kept = np.array([width is not None for width in widths], dtype=bool)
    covers = covers[is_kept]
    half = np.array([width / 2 for width in widths if width is not None])
    metric = covers.geometry.to_crs(metric_crs)
    wide = metric.buffer(half).to_crs(covers.crs).where(half > 0, covers.geometry)
    return covers.set_geometry(wide).reset_index(drop=True)


def _width_m(tags: dict[str, str]) -> float | None:
    try:
        width = parse_number(tags.get("width"), decimal="point")
    except UnreadableQuantityError:
        return None
    return width if width is not None and 0 < width < 5_000 else None


def _building_height(tags: dict[str, str]) -> float | None:
    """Read a height; one that cannot be read is not known, and the footprint still counts."""
    try:
        return height_m(tags.get("height"), tags.get("building:levels"))
    except UnreadableQuantityError:
        return None


def _points(
    frame: gpd.GeoDataFrame, store: Store, today: date
) -> list[tuple[int, str, dict[str, str], str, dict[str, Any]]]:
    """Give row, key, tags, kind and place of each point: longitude, latitude, ward."""
    gazetteer = places.load(store)
    found = placing.place(
        [Position(point.x, point.y, is_metric=False) for point in frame.geometry],
        [None] * len(frame),
        division=gazetteer.on(today),
        crs=gazetteer.metric_crs,
        metric_crs=gazetteer.metric_crs,
    )
    return [
        (
            i,
            key,
            tags,
            kind,
            {"longitude": p.longitude, "latitude": p.latitude, "ward_code": p.code},
        )
        for i, (key, tags, kind, p) in enumerate(
            zip(frame["key"], frame["tags"], frame["kind"], found, strict=True), start=1
        )
    ]


def _cameras(frame: gpd.GeoDataFrame, store: Store, today: date) -> _Part:
    """Give a camera for each direction in which a post looks; they share their device."""
    rows: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    for i, key, tags, kind, point in _points(frame, store, today):
        text = camera_tags.told_direction(tags)
        try:
            directions = openstreetmap.parse_directions(text)
        except UnreadableDirectionError:
            value = (text or "")[:MAX_VALUE_LENGTH]
            refused.append(
                Rejection(file_row=i, reason="bad_bearing", column="camera:direction", value=value)
            )
            continue
        is_several = len(directions) > 1
        for n, (bearing_deg, fov_deg) in enumerate(directions, start=1):
            camera_id = f"osm/{key}" + (f"/{n}" if is_several else "")
            rows.append(
                {
                    "row_key": camera_id, "camera_id": camera_id, "file_row": i,
                    "name": tags.get("name"), "kind": kind or None, **point,
                    "bearing_deg": bearing_deg, "fov_deg": fov_deg,
                    "tilt_deg": camera_tags.tilt_deg(tags),
                    "height_m": _mounting_height(tags),
                    "device_id": f"osm/{key}" if is_several else None,
                    "owner": next((tags[n] for n in camera_tags.OWNER_TAGS if n in tags), None),
                }
            )  # fmt: skip
    return _Part(rows, refused)


def _mounting_height(tags: dict[str, str]) -> float | None:
    try:
        height = parse_number(tags.get("height"), decimal="point")
    except UnreadableQuantityError:
        return None
    return height if height is not None and 0 < height < 500 else None
