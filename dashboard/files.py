"""Data handed out as files: each with its notice when simulated, and an audit row."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import ClassVar

import geopandas as gpd

from analysis.crs import WGS84
from analysis.errors import VongLauError
from dashboard.questions import city
from dashboard.questions.coverage import CoverageAnswer, CoverageRequest
from dashboard.texts import Texts
from data.store import Store


class CannotWriteError(VongLauError, OSError):
    """The file cannot be written at this place."""

    code: ClassVar[str] = "cannot_write"


def notice(store: Store, texts: Texts) -> str | None:
    """Give the sentence that must go with simulated data; None for real ones."""
    properties = store.properties
    if not properties.is_simulated:
        return None
    return texts("common.simulated_foot", city=properties.city)


def write_layer(store: Store, layer: str, path: Path, *, on: date, actor: str, texts: Texts) -> int:
    """Write a layer to a file, and record who took it; the number of rows.

    Raises
    ------
    CannotWriteError
        The place cannot be written.
    InvalidValueError, UnsupportedFormatError
        See :func:`data.exporting.export_layer`.
    """
    from data import exporting

    try:
        n_rows = exporting.export_layer(
            store, layer, path, today=on, language=texts.language, notice=notice(store, texts)
        )
    except OSError as error:
        if isinstance(error, VongLauError):
            raise
        raise CannotWriteError(file=str(path)) from error
    with store.begin(actor=actor) as transaction:
        transaction.record("export", layer=layer, file=path.name, n_rows=n_rows)
    return n_rows


def write_coverage(
    store: Store, found: CoverageAnswer, path: Path, *, actor: str, texts: Texts
) -> None:
    """Write wards with their shares, views and gaps to one GeoPackage, and record who took it.

    Every row says the day, the level and the edition, the light and the walls that it was asked
    with: ``as_of``, ``level``, ``edition``, ``night``, ``occlusion``, ``months``.

    Raises
    ------
    CannotWriteError
        The place cannot be written, or is no GeoPackage.
    """
    from data import geofiles

    if path.suffix.casefold() != ".gpkg":
        raise CannotWriteError(file=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
            target = Path(folder) / path.name
            for name, features in _coverage_layers(store, found, texts).items():
                geofiles.write_features(features, target, sublayer=name)
            target.replace(path)
    except OSError as error:
        raise CannotWriteError(file=str(path)) from error
    with store.begin(actor=actor) as transaction:
        transaction.record("export", layer="coverage", file=path.name, as_of=str(found.request.on))


def coverage_bytes(store: Store, found: CoverageAnswer, *, actor: str, texts: Texts) -> bytes:
    """Give the same GeoPackage as bytes, for a page to hand out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.gpkg"
        write_coverage(store, found, path, actor=actor, texts=texts)
        return path.read_bytes()


def _coverage_layers(
    store: Store, found: CoverageAnswer, texts: Texts
) -> dict[str, gpd.GeoDataFrame]:
    outlines = city.wards_on(store, found.request.on).outlines.to_crs(WGS84)
    wards = gpd.GeoDataFrame(found.table.reset_index(), geometry=outlines.geometry.to_numpy())
    views = found.views.reset_index()
    said = notice(store, texts)
    gaps = found.gaps.assign(closed_by=found.gaps["closed_by"].map("; ".join))
    outages = found.outages.reset_index(names="camera_id")
    layers = {
        "wards": wards.set_crs(WGS84),
        "views": views,
        "gaps": gaps,
        "outages": gpd.GeoDataFrame(
            outages,
            geometry=gpd.points_from_xy(outages["longitude"], outages["latitude"]),
            crs=WGS84,
        ),
    }
    return {name: _asked(frame, found.request, said) for name, frame in layers.items()}


def _asked(frame: gpd.GeoDataFrame, request: CoverageRequest, said: str | None) -> gpd.GeoDataFrame:
    """Say in every row what was asked: a layer that is passed on leaves the others behind."""
    asked = frame.assign(
        as_of=request.on.isoformat(),
        level=request.level,
        edition=request.edition,
        night=request.night,
        occlusion=request.occlusion,
        months=request.months,
    )
    return asked if said is None else asked.assign(notice=said)
