"""Whether rows in metres are in the system they were taken for: the wards they name are witnesses.

VN-2000 in zones of 3° and 6° and UTM differ by under a kilometre here, and cannot be told apart by
the size of their numbers. So the system is asked for; where nobody told it, the report says which
was taken, and in any case each row's point is held against the ward that the row names.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data import geofiles
from data.importing import known
from data.importing.cell_codes import coded
from data.importing.files.cell import Cell
from data.importing.locating import places, placing
from data.importing.locating.places import Division, Gazetteer, Position, UnknownWardError
from data.importing.records import Draft, Row, RowRefusedError
from data.importing.values import written_points
from data.store import Store

VIETNAMESE = ("EPSG:5897", "EPSG:3405", "EPSG:9210", "EPSG:9208", "EPSG:32648")
"""Systems in which Vietnamese surveys of this meridian come, the likeliest first."""

DATUM = "VN-2000"

LOOKED_AT = 2_000
"""Rows that are held against the wards they name."""

CLEARLY_MORE_SHARE = 0.2
"""Of the rows looked at: by so much another system must fit more rows to be worth a word."""

FEWEST = 2


def notes(draft: Draft, store: Store) -> dict[str, int]:
    """Tell what is worth knowing of the system of a draft's coordinates in metres.

    Parameters
    ----------
    draft
        A table with its columns mapped.
    store
        The store whose wards and metric system count.

    Returns
    -------
    dict
        ``crs_assumed``: rows in metres whose system nobody told, taken for the store's.
        ``crs_fits_NUMBER``: rows that lie in the ward they name in another system, EPSG:NUMBER,
        and not in the one that was taken. Empty where nothing is in doubt.
    """
    n_metric = _n_metric(draft)
    if not n_metric:
        return {}
    told = known.some({"crs_assumed": n_metric if draft.crs is None else 0})
    metric = store.properties.metric_crs
    if not geofiles.known_crs(metric).name.startswith(DATUM):
        return told
    gazetteer = places.load(store)
    return {**told, **_fits(draft, gazetteer, draft.crs or metric)}


def _n_metric(draft: Draft) -> int:
    """Count the rows that tell a point in metres."""
    n = 0
    if {"x_north", "y_east"} <= draft.mapping.keys():
        n = sum(
            x is not None and y is not None
            for x, y in zip(draft.cells["x_north"], draft.cells["y_east"], strict=True)
        )
    if "position" in draft.cells:
        n += sum(coded(draft.cells["position"]).each(are_metres))
    return n


def are_metres(cell: Cell) -> bool:
    """Tell whether a cell holds a point in metres.

    Examples
    --------
    >>> are_metres("2190123 581456"), are_metres("19.807, 105.776"), are_metres(None)
    (True, False, False)
    """
    point = written_points.told(cell)
    return point is not None and point.is_metric


def _fits(draft: Draft, gazetteer: Gazetteer, taken: str) -> dict[str, int]:
    witnesses = _witnesses(draft, gazetteer)
    if len(witnesses) < FEWEST:
        return {}
    inside = {
        crs: _inside(witnesses, gazetteer, crs) for crs in dict.fromkeys((taken, *VIETNAMESE))
    }
    best = max(inside, key=lambda crs: int(inside[crs].sum()))
    n_more = int(inside[best].sum() - inside[taken].sum())
    if n_more < max(FEWEST, CLEARLY_MORE_SHARE * len(witnesses)):
        return {}
    n_only_there = int((inside[best] & ~inside[taken]).sum())
    return {f"crs_fits_{best.removeprefix('EPSG:')}": n_only_there}


def _witnesses(draft: Draft, gazetteer: Gazetteer) -> list[tuple[Position, Division, str]]:
    """Give the first rows that have both a point in metres and a ward of one loaded division."""
    found = []
    for row in draft.rows():
        try:
            position = places.parse_position(row)
        except RowRefusedError:
            continue
        ward = _ward(row, gazetteer)
        if position is not None and position.is_metric and ward is not None:
            found.append((position, *ward))
        if len(found) == LOOKED_AT:
            break
    return found


def _ward(row: Row, gazetteer: Gazetteer) -> tuple[Division, str] | None:
    name = row.text("ward_code") or row.text("ward")
    if name is None or not gazetteer.divisions:
        return None
    try:
        return gazetteer.named(name, among=gazetteer.divisions)
    except UnknownWardError:
        return None


def _inside(
    witnesses: Sequence[tuple[Position, Division, str]], gazetteer: Gazetteer, crs: str
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each row whether its point lies in the ward it names, read in a system."""
    inside = np.zeros(len(witnesses), dtype=bool)
    for division in gazetteer.divisions:
        mine = [i for i, (_, other, _) in enumerate(witnesses) if other is division]
        placed = placing.place(
            [witnesses[i][0] for i in mine],
            [witnesses[i][2] for i in mine],
            division=division,
            crs=crs,
            metric_crs=gazetteer.metric_crs,
        )
        inside[mine] = [one.named_distance_m == 0 for one in placed]
    return inside
