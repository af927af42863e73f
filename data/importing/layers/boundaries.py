"""Wards of a division, outline by outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import sqlalchemy as sa

from data import borders, geofiles, tables
from data.borders import BorderFinding
from data.importing import cells
from data.importing.errors import NoIdColumnError, NoNameColumnError, NoPlaceColumnError
from data.importing.records import Checked, Draft, Options, Row, RowRefusedError
from data.importing.values.moments import EARLIEST
from data.rows import Rejection, in_force
from data.shapes import shape_columns
from data.store import Store

FIRST_DIVISION = "first"
"""The name of the first division when nobody says since when it is in force."""


def check(draft: Draft, store: Store, *, today: date, options: Options) -> Checked:
    """Check wards outline by outline.

    Outlines are mended, flattened, and reduced to their surfaces; narrow gaps and overlaps between
    them are closed, and all are told (:mod:`data.borders`). Without ``options.division`` the
    wards are of the division in force that has exactly their codes, else of a new one. A new
    division is in force from ``options.valid_from``; without it, from the earliest day there is
    when it is the store's first division, and from ``today`` when it follows another. A division
    ends where the next begins, so it needs no last day of its own.

    Raises
    ------
    NoIdColumnError, NoNameColumnError
        No column holds the codes, or the names.
    NoPlaceColumnError
        The file has no outlines.
    """
    for name, error in (("code", NoIdColumnError), ("name", NoNameColumnError)):
        if name not in draft.mapping:
            raise error(file=draft.file_name, field=name, headings=list(draft.headings))
    if draft.shapes is None:
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))
    surfaces = geofiles.polygons_only(draft.shapes)
    accepted: dict[str, dict[str, Any]] = {}
    refused: list[Rejection] = []
    for i, row in enumerate(draft.rows()):
        try:
            content = _ward(row, surfaces.iloc[i])
            if content["code"] in accepted:
                raise row.refuse("repeated_id", "code")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            accepted[content["code"]] = {**content, "i": i}
    division = _division(store, frozenset(accepted), today=today, options=options)
    name = division["division"]
    kept = surfaces.iloc[[content.pop("i") for content in accepted.values()]]
    kept, findings = _fitted(kept.set_axis(list(accepted)), store)
    return Checked(
        draft=draft,
        rows=tuple(
            {**content, "row_key": f"{name}|{content['code']}", "division": name, **shape}
            for content, shape in zip(accepted.values(), shape_columns(kept), strict=True)
        ),
        rejections=tuple(refused),
        division=division,
        findings=findings,
    )


def _fitted(
    outlines: gpd.GeoSeries, store: Store
) -> tuple[gpd.GeoSeries, tuple[BorderFinding, ...]]:
    """Close narrow gaps and overlaps; outlines that fit stay as they are, to the last digit."""
    fitted, findings = borders.fit(outlines.to_crs(store.properties.metric_crs))
    return (fitted if any(found.is_closed for found in findings) else outlines), findings


@dataclass(frozen=True)
class _Known:
    """Divisions by name, and codes by division: of wards in force, and of all there ever were."""

    lines: Mapping[str, sa.Row[tuple[object, ...]]]
    codes: Mapping[str, frozenset[str]]
    former_codes: Mapping[str, frozenset[str]]
    with_incidents: frozenset[str]


def _division(
    store: Store, codes: frozenset[str], *, today: date, options: Options
) -> dict[str, Any]:
    """Choose the division of these wards; one without wards in force is as good as unknown."""
    known = _known_divisions(store)
    name = options.division or _same_wards(known, codes, start=options.valid_from)
    old = known.lines[name] if name is not None and name in known.codes else None
    start = options.valid_from
    if start is None:
        start = old.valid_from if old is not None else today if known.codes else EARLIEST
    return {
        "division": name or _new_name(known, codes, start),
        "valid_from": start,
        "valid_to": None if old is None else old.valid_to,
    }


def _known_divisions(store: Store) -> _Known:
    wards, incidents = tables.wards, tables.incidents
    with store.read() as connection:
        lines = connection.execute(sa.select(tables.divisions)).all()
        ever = sa.select(wards.c.division, wards.c.code)
        codes = _by_division(connection.execute(ever.where(in_force(wards))))
        former_codes = _by_division(connection.execute(ever))
        used = connection.scalars(
            sa.select(incidents.c.division).where(in_force(incidents)).distinct()
        ).all()
    return _Known({line.division: line for line in lines}, codes, former_codes, frozenset(used))


def _by_division(pairs: Iterable[sa.Row[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for division, code in pairs:
        found.setdefault(division, set()).add(code)
    return {division: frozenset(codes) for division, codes in found.items()}


def _same_wards(known: _Known, codes: frozenset[str], *, start: date | None) -> str | None:
    """Name the division in force with these codes.

    A day asked for may bring its beginning forward. It does not put it off, which would leave the
    days before without wards: then the wards begin anew on that day.
    """
    begins = {
        name: known.lines[name].valid_from for name, own in known.codes.items() if own == codes
    }
    if start is None:
        return max(begins, key=lambda name: begins[name], default=None)
    later = [name for name, day in begins.items() if day >= start]
    return min(later, key=lambda name: begins[name], default=None)


def _new_name(known: _Known, codes: frozenset[str], start: date) -> str:
    """Make a name that is free; one left without wards is, unless incidents mean its wards."""
    first = FIRST_DIVISION if start == EARLIEST else start.isoformat()
    for name in chain([first], (f"{first}-{n}" for n in count(2))):
        is_meant = name in known.with_incidents and known.former_codes.get(name) != codes
        if name not in known.codes and not is_meant:
            return name
    raise AssertionError  # the numbers do not end


def _ward(row: Row, surface: shapely.Geometry | None) -> dict[str, Any]:
    code, name = row.text("code"), row.text("name")
    if code is None:
        raise row.refuse("no_id", "code")
    if name is None:
        raise row.refuse("no_name", "name")
    if surface is None or not np.isfinite(shapely.bounds(surface)).all():
        raise row.refuse("no_outline")
    population = cells.read_whole(row, "population")
    return {
        "file_row": row.file_row,
        "code": code,
        "name": name,
        "population": population,
        "population_source": None if population is None else _source(row),
    }


def _source(row: Row) -> str:
    """Tell where a number of inhabitants is from: what the row says, else the column's heading."""
    return row.text("population_source") or row.draft.mapping["population"]
