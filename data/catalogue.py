"""Camera models: the data sheets shipped with the program, and what the store adds to them."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data import tables
from data.rows import in_force
from data.store import Store

NUMBERS = (
    "pixels_across",
    "focal_mm",
    "fov_deg",
    "vertical_fov_deg",
    "detect_m",
    "observe_m",
    "recognise_m",
    "identify_m",
    "lamp_m",
)
"""What a sheet tells in numbers."""

COLUMNS = ("model_id", "maker", "name", "kind", *NUMBERS, "cost")


@functools.cache
def _shipped() -> tuple[Mapping[str, Any], ...]:
    path = resources.files("data") / "reference" / "camera_models.csv"
    with path.open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    return tuple(
        {
            name: float(line[name]) if name in NUMBERS and line.get(name) else line.get(name)
            for name in COLUMNS
        }
        for line in lines
    )


def shipped_models() -> pd.DataFrame:
    """Give the shipped data sheets, indexed by model_id: 26 lenses, as printed by the maker.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS`` but for the id. Distances in metres, angles in degrees; ``lamp_m`` and ``cost``
        are missing, no sheet gives them.

    Examples
    --------
    >>> sheets = shipped_models()
    >>> len(sheets), float(sheets.loc["DS-2CD1321G2-LIU 4 mm", "detect_m"])
    (26, 55.0)
    """
    return _as_frame(_shipped())


def model_rows(store: Store) -> list[Mapping[str, Any]]:
    """Give the shipped sheets and the store's own as rows; of one id, the store's alone."""
    table = tables.camera_models
    query = sa.select(*[table.c[name] for name in COLUMNS]).where(in_force(table))
    with store.read() as connection:
        own = {line["model_id"]: dict(line) for line in connection.execute(query).mappings()}
    return [line for line in _shipped() if line["model_id"] not in own] + list(own.values())


def read_models(store: Store) -> pd.DataFrame:
    """Read every camera model that a store's cameras may name, indexed by model_id.

    Parameters
    ----------
    store
        The store.

    Returns
    -------
    pandas.DataFrame
        As ``shipped_models``, and the models that were imported; where one of them has the id of a
        shipped sheet, the imported one stands.
    """
    return _as_frame(model_rows(store))


def _as_frame(rows: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS)).set_index("model_id")
    return frame.astype(dict.fromkeys((*NUMBERS, "cost"), float))
