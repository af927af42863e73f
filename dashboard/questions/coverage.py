"""What the cameras see as of a day, and where the gaps are that matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis import coverage, gaps, optics, visibility
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from dashboard.questions import city
from data import layers
from data.store import Store

GAP_COLUMNS = ("rank", "ward_code", "area_m2", "n_incidents", "n_incidents_per_year")


@dataclass(frozen=True, kw_only=True)
class CoverageRequest:
    """What to compute.

    Parameters
    ----------
    on
        The day: cameras that stood and worked on it count.
    level, edition
        Level of detail and edition of IEC 62676-4.
    months
        Incidents of this many months up to the day are weighed.
    categories
        Only these incident types; empty means all.
    occlusion
        Let buildings hide what lies behind them; several seconds for a city, until the fast sweep.
    """

    on: date
    level: str = optics.RANGE_LEVEL
    edition: str = optics.RANGE_EDITION
    months: int = 12
    occlusion: bool = False
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CoverageAnswer:
    """What the cameras see.

    Parameters
    ----------
    request
        What was asked.
    division
        The ward division in force on the day.
    table
        One row a ward, as ``analysis.coverage.ward_table``.
    total
        The city, from the sums.
    gaps
        Ranked gaps, WGS84, with ``longitude`` and ``latitude`` of a point inside.
    views
        What each working camera sees, WGS84, with its ``state``.
    n_without_range
        Working cameras whose range is unknown: they are counted as seeing nothing.
    n_all_round
        Working cameras whose direction is unknown: drawn as a disc, which flatters them.
    n_left_out
        Incidents recorded in another ward division that have no way into this one.
    """

    request: CoverageRequest
    division: str
    table: pd.DataFrame
    total: pd.Series[float]
    gaps: gpd.GeoDataFrame
    views: gpd.GeoDataFrame
    n_without_range: int
    n_all_round: int
    n_left_out: int = 0


def answer(store: Store, request: CoverageRequest) -> CoverageAnswer:
    """Compute coverage and gaps as of a day.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    InvalidValueError
        An unknown level or edition.
    """
    wards = city.wards_on(store, request.on)
    metric = store.properties.metric_crs
    cameras = layers.read_cameras(store, on=request.on).to_crs(metric)
    streets = layers.read_shapes(store, "streets").to_crs(metric)
    incidents = layers.read_incidents(
        store,
        since=city.months_before(request.on, request.months),
        until=request.on,
        categories=request.categories,
    ).to_crs(metric)
    counted = city.counted_in(store, incidents, wards)
    incidents = counted.incidents
    working = cameras[cameras["state"].isin(WORKING_STATES)]
    seeing = working[working["range_m"].notna()]
    seeing = seeing.assign(
        range_m=optics.range_at_level(
            seeing["range_m"].astype(float), level=request.level, edition=request.edition
        )
    )
    buildings = None
    if request.occlusion:
        buildings = layers.read_shapes(store, "buildings").to_crs(metric)
    views = visibility.viewsheds(seeing, buildings=buildings)
    table = coverage.ward_table(
        wards=wards.outlines, views=views, cameras=cameras, streets=streets, incidents=incidents
    )
    found = gaps.gaps(
        wards=wards.outlines, covered=views, incidents=incidents, years=request.months / 12
    )
    return CoverageAnswer(
        request=request,
        division=wards.division,
        table=table,
        total=coverage.total(table),
        gaps=_with_inner_points(found),
        views=gpd.GeoDataFrame({"state": seeing["state"]}, geometry=views).to_crs(WGS84),
        n_without_range=len(working) - len(seeing),
        n_left_out=counted.n_left_out,
        n_all_round=int((seeing["bearing_deg"].isna() | seeing["fov_deg"].isna()).sum()),
    )


def as_json(found: CoverageAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    wards = [{"code": code, **row} for code, row in found.table.to_dict("index").items()]
    columns = [*GAP_COLUMNS, "longitude", "latitude"]
    return {
        "as_of": found.request.on,
        "division": found.division,
        "level": found.request.level,
        "edition": found.request.edition,
        "night": False,
        "occlusion": found.request.occlusion,
        "months": found.request.months,
        "n_without_range": found.n_without_range,
        "n_all_round": found.n_all_round,
        "n_left_out": found.n_left_out,
        "wards": wards,
        "total": {"code": None, "name": None, **found.total.to_dict()},
        "gaps": found.gaps[columns].to_dict("records"),
    }


def _with_inner_points(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inner = found.geometry.representative_point().to_crs(WGS84)
    return found.assign(longitude=inner.x, latitude=inner.y).to_crs(WGS84)
