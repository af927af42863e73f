"""Hot spots of a month on hexagons of the city, near repeats, and what last month's were worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import hexgrid, hotspots, near_repeat, reporting_months
from analysis.crs import WGS84
from analysis.hotspots import Caught, HotSpots
from analysis.near_repeat import Knox
from dashboard.questions import city, months
from data import incident_points, layers
from data.store import Store

Floats = npt.NDArray[np.float64]

SIZE_M = 500.0
"""Between two opposite sides of a hexagon."""

MOST_REPEATS = 20_000
"""More incidents than these, and only the newest are looked through for near repeats."""


@dataclass(frozen=True, kw_only=True)
class HotSpotsRequest:
    """What to compute.

    Parameters
    ----------
    month
        The month by its name: any day of the calendar month that it ends in.
    today
        The day that counts as today.
    categories
        Only these; empty means all.
    months_back
        So many months together, the asked one the last, are searched for hot spots.
    size_m
        Width of a hexagon.
    """

    month: date
    today: date
    categories: tuple[str, ...] = ()
    months_back: int = 1
    size_m: float = SIZE_M


@dataclass(frozen=True, kw_only=True)
class HotSpotsAnswer:
    """Where incidents gathered.

    Parameters
    ----------
    request
        What was asked.
    division
        The wards whose ground the hexagons cover.
    cells
        All hexagons that touch a ward, in metres: ``column``, ``row``, ``n``, ``n_before``, ``z``,
        ``p``, ``is_hot``, ``is_cold``, ``standing`` (lasting, emerging, fading, or None), and
        ``ward_code`` of the ward that holds its centre (missing outside all).
    found, before
        The hot spots of the months asked and of as many before them; None where no records are.
    caught
        How well those before caught the asked month's incidents; None likewise.
    knox
        Near repeats of the twelve months up to the asked one's end; None with fewer than two.
    n_located, n_unlocated
        Incidents of the months asked with a point in the city, and without one.
    """

    request: HotSpotsRequest
    division: str
    cells: gpd.GeoDataFrame
    found: HotSpots
    before: HotSpots | None
    caught: Caught | None
    knox: Knox | None
    n_located: int
    n_unlocated: int


def answer(store: Store, request: HotSpotsRequest) -> HotSpotsAnswer:
    """Find the month's hot spots.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the month.
    UnknownChoiceError
        A type that the store does not have.
    NoRecordsError
        The month begins after the last day that the records cover.
    """
    span = city.record_span(store, request.today)
    how = city.calendar(store)
    name = pd.Period(request.month, freq="M")
    first = reporting_months.first_day(
        name - request.months_back + 1, reporting_day=how.reporting_day
    )
    start = months.first_day(request.month, reporting_day=how.reporting_day)
    if span is None or start > span[1]:
        raise city.NoRecordsError(month=request.month, until=span[1] if span else request.today)
    last = months.last_day(request.month, today=span[1], reporting_day=how.reporting_day)
    city.check_choices("category", request.categories, pd.Index(layers.categories_in_use(store)))
    wards = city.wards_on(store, last)
    older = reporting_months.first_day(
        name - 2 * request.months_back + 1, reporting_day=how.reporting_day
    )
    since = min(older, city.months_before(last, 12))
    points = incident_points.read_incident_points(
        store,
        since=since,
        end_before=(pd.Timestamp(last) + pd.Timedelta(days=1)).date(),
        categories=request.categories,
    )
    cells = _cells(wards.outlines, size_m=request.size_m)
    weights = hotspots.hex_weights(cells["column"].to_numpy(), cells["row"].to_numpy())
    n, n_outside = _counts(points, cells, first, last, size_m=request.size_m)
    found = hotspots.hot_spots(n, weights)
    before, caught, n_before = None, None, np.full(len(cells), np.nan)
    if span[0] <= older:
        day_before = (pd.Timestamp(first) - pd.Timedelta(days=1)).date()
        n_before, _ = _counts(points, cells, older, day_before, size_m=request.size_m)
        before = hotspots.hot_spots(n_before, weights)
        caught = hotspots.caught(before.is_hot, before=n_before, after=n)
    return HotSpotsAnswer(
        request=request,
        division=wards.division,
        cells=_described(cells, n, n_before, found, before),
        found=found,
        before=before,
        caught=caught,
        knox=_repeats(points),
        n_located=int(n.sum()),
        n_unlocated=n_outside,
    )


def as_json(asked: HotSpotsAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys: the cells that stand out, or did before."""
    cells = asked.cells
    shown = cells[cells["is_hot"] | cells["is_cold"] | cells["standing"].notna()]
    centres = gpd.GeoSeries(shapely.centroid(shown.geometry.to_numpy()), crs=cells.crs).to_crs(
        WGS84
    )
    listed = shown.drop(columns="geometry").assign(longitude=centres.x.to_numpy(),
                                                   latitude=centres.y.to_numpy())  # fmt: skip
    caught, knox = asked.caught, asked.knox
    return {
        "month": f"{asked.request.month:%Y-%m}",
        "division": asked.division,
        "size_m": asked.request.size_m,
        "months": asked.request.months_back,
        "n_cells": len(cells),
        "n_located": asked.n_located,
        "n_unlocated": asked.n_unlocated,
        "expected_in_reach": asked.found.expected_in_reach,
        "is_sparse": asked.found.is_sparse,
        "cells": listed.sort_values("z", ascending=False).to_dict("records"),
        "caught": None if caught is None else dict(vars(caught)),
        "near_repeats": None
        if knox is None
        else {"n": knox.n, "n_deals": knox.n_deals, "bands": knox.table.to_dict("records")},
    }


def _cells(wards: gpd.GeoDataFrame, *, size_m: float) -> gpd.GeoDataFrame:
    """List every hexagon that touches a ward, the empty ones too."""
    west, south, east, north = wards.total_bounds
    step = size_m / 2  # close enough that no hexagon lies between
    x, y = np.meshgrid(
        np.arange(west - size_m, east + size_m, step),
        np.arange(south - size_m, north + size_m, step),
    )
    column, row = hexgrid.hex_of(x.ravel(), y.ravel(), size_m=size_m)
    grid = pd.DataFrame({"column": column, "row": row}).drop_duplicates(ignore_index=True)
    shapes = hexgrid.hexagons_at(grid["column"].to_numpy(), grid["row"].to_numpy(), size_m=size_m)
    cells = gpd.GeoDataFrame(grid, geometry=gpd.GeoSeries(shapes, crs=wards.crs))
    ground = wards.geometry.union_all()
    shapely.prepare(ground)
    cells = cells[shapely.intersects(ground, cells.geometry.to_numpy())].reset_index(drop=True)
    centres = gpd.GeoDataFrame(geometry=cells.geometry.centroid)
    held = centres.sjoin(wards[["geometry"]].rename_axis("held"), predicate="within")
    codes = held[~held.index.duplicated()]["held"]
    return cells.assign(ward_code=codes.reindex(cells.index))


def _counts(
    points: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, first: date, last: date, *, size_m: float
) -> tuple[Floats, int]:
    """Count the incidents of some days in each cell, and those that fall in none."""
    day = points["happened_on"]
    chosen = points[(day >= pd.Timestamp(first)) & (day <= pd.Timestamp(last))]
    shapes = chosen.geometry.to_numpy()
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    column, row = hexgrid.hex_of(shapely.get_x(known), shapely.get_y(known), size_m=size_m)
    grid = pd.MultiIndex.from_arrays([cells["column"], cells["row"]])
    place = grid.get_indexer(pd.MultiIndex.from_arrays([column, row]))
    counts = np.bincount(place[place >= 0], minlength=len(cells)).astype(float)
    return counts, len(chosen) - int(counts.sum())


def _described(
    cells: gpd.GeoDataFrame, n: Floats, n_before: Floats, found: HotSpots, before: HotSpots | None
) -> gpd.GeoDataFrame:
    standing = (
        np.full(len(cells), None, dtype=object)
        if before is None
        else hotspots.standing(before.is_hot, found.is_hot)
    )
    return cells.assign(
        n=n.astype(int),
        n_before=n_before,
        z=found.z,
        p=found.p,
        is_hot=found.is_hot,
        is_cold=found.is_cold,
        standing=pd.Series(standing, index=cells.index, dtype=object),
    )


def _repeats(points: gpd.GeoDataFrame) -> Knox | None:
    """Look for near repeats among the newest incidents with a point."""
    shapes = points.geometry.to_numpy()
    is_located = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    known = points[is_located].sort_values("starts_at", kind="stable").tail(MOST_REPEATS)
    if len(known) < 2:
        return None
    moments = known["starts_at"]
    days = ((moments - moments.iloc[0]) / pd.Timedelta(days=1)).to_numpy()
    return near_repeat.knox(shapely.get_coordinates(known.geometry.to_numpy()), days)
