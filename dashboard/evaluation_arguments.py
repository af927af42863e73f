"""What is typed to compare before and after, read into a request."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pyogrio
import shapely

from analysis.crs import WGS84
from analysis.errors import VongLauError
from dashboard.questions import registration, waves
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.questions.evaluation_request import BadAreaError, EvaluationRequest
from dashboard.reports import pdf_files
from dashboard.texts import Texts
from data.store import Store


class NoReadOutDateError(VongLauError, ValueError):
    """Something is to be registered without the day on which it is read."""

    code: ClassVar[str] = "no_read_out_date"


def read_area(words: str | None) -> str | None:
    """Read a drawn area: WKT or GeoJSON as it is, or the outlines of a map file as WKT in degrees.

    Raises
    ------
    BadAreaError
        The file holds no map, does not say its system, or has no outlines.
    """
    if words is None or not _is_file(words):
        return words
    try:
        shapes = pyogrio.read_dataframe(words, columns=[]).to_crs(WGS84).geometry
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise BadAreaError(value=words) from error
    return str(shapely.union_all(shapes.dropna().to_numpy()).wkt)


def request_for(
    store: Store,
    *,
    today: date,
    cameras: str | None,
    registered: int | None,
    options: Mapping[str, Any],
) -> EvaluationRequest:
    """Make a request of what was typed; of a registration, what was typed otherwise is a change.

    Parameters
    ----------
    store
        The store.
    today
        The last day of incidents.
    cameras
        A wave, waves or camera ids, with commas between.
    registered
        Number of a registration.
    options
        Fields of the request, None where nothing was typed.
    """
    wave, camera_ids = waves.wave_or_cameras(store, cameras)
    named = {"wave": wave, "camera_ids": camera_ids or None, **options}
    typed = {name: value for name, value in named.items() if value is not None}
    if registered is not None:
        return registration.request_of(store, registered, today=today, changes=typed)
    return dataclasses.replace(EvaluationRequest(today=today), **typed)


def _is_file(words: str) -> bool:
    try:
        return Path(words).is_file()
    except OSError:  # too long for a name, so it is no file
        return False


def write_page(store: Store, texts: Texts, found: EvaluationAnswer, path: Path) -> None:
    """Write a result on one page of paper, and into the audit that it was.

    Raises
    ------
    CannotWriteError
        The folder cannot be written.
    """
    # it draws with the pages' words, and these load Streamlit, which only a page on paper needs
    from dashboard.reports import effect_sheet

    place = effect_sheet.place_of(store, on=found.request.today)
    pdf_files.write(effect_sheet.sheet(texts, found, place=place), path)
    effect_sheet.record(store, found)
