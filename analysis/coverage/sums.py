"""Sums of what cameras see in each ward, and the ward table they make."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import GOOD_STATES, WORKING_STATES
from analysis.coverage.ground import ground_m2
from analysis.coverage.names import ALL_SHARES, CAMERA_COUNTS, KINDS, SUBJECTS
from analysis.coverage.points import wards_of
from analysis.coverage.rows import depth_m2, edges_of
from analysis.coverage.scene import Scene
from analysis.coverage.shapes import Floats, Shapes
from analysis.coverage.streets import seen_m
from analysis.coverage.views import DEPTHS, Views, as_kinds

COUNTED = {
    "incident": ("incidents", 0),
    "incident_weight": ("incidents", 1),
    "gate": ("gates", 0),
    "junction": ("junctions", 0),
}
"""Subjects that are sums over places: which places, and which of their values."""


@dataclass(frozen=True)
class Sums:
    """What is seen in each ward; all arrays begin with the ward.

    ``ground_m2`` (n, 3) are the unions up to each rank, ``rows_m2`` (n, 3) the ground at each depth
    as the rows measure it, ``street_m`` (n, 5) and ``places`` (n, m, 5) are by kind, ``cameras``
    (n, 3) as ``names.CAMERA_COUNTS``.
    """

    ground_m2: Floats
    rows_m2: Floats
    street_m: Floats
    places: dict[str, Floats]
    cameras: Floats


def sum_up(scene: Scene, views: Views, cameras: gpd.GeoDataFrame, *, with_depth: bool) -> Sums:
    """Sum what views see of a scene, and count the cameras by ward."""
    n = scene.n_wards
    rows_m2 = np.zeros((n, len(DEPTHS)))
    if with_depth:
        rows_m2 = rows_of(views.working_devices(), scene)
    street_m = np.zeros((n, len(KINDS)))
    if scene.streets is not None:
        street_m = seen_m(scene.streets, views, n_wards=n)
    return Sums(
        ground_m2=ground_m2(scene.outlines, views),
        rows_m2=rows_m2,
        street_m=street_m,
        places={name: at.seen(views, n_wards=n) for name, at in scene.places.items()},
        cameras=count_cameras(cameras, scene),
    )


def rows_of(devices: Shapes, scene: Scene) -> Floats:
    """Measure the depth of what devices see."""
    edges = edges_of(devices, np.ones(len(devices), dtype=np.intp))
    return depth_m2(edges, scene.ward_edges, n_wards=scene.n_wards)


def count_cameras(cameras: gpd.GeoDataFrame, scene: Scene) -> Floats:
    """Count installed, working and good cameras by the ward they stand in: (n_wards, 3)."""
    code = wards_of(cameras.geometry, wards=scene.wards)
    ward = scene.wards.index.get_indexer(pd.Index(code.to_numpy(), dtype=object))
    state = cameras["state"]
    flags = [np.ones(len(cameras)), state.isin(WORKING_STATES), state.isin(GOOD_STATES)]
    inside = ward >= 0
    return np.column_stack(
        [
            np.bincount(
                ward[inside],
                weights=np.asarray(flag, dtype=float)[inside],
                minlength=scene.n_wards,
            )
            for flag in flags
        ]
    )


def ward_frame(scene: Scene, sums: Sums) -> pd.DataFrame:
    """Write sums as a full ward table; what is not known is NaN."""
    unknown = np.full(scene.n_wards, np.nan)
    columns: dict[str, Floats] = {}
    area = shapely.area(scene.outlines)
    _put(columns, "area", area, ground_by_kind(sums))
    whole = unknown
    if scene.streets is not None:
        whole = scene.streets.whole_m(scene.n_wards)
    _put(columns, "street", whole, sums.street_m if scene.streets is not None else None)
    columns["n_incidents"] = unknown if scene.n_incidents is None else scene.n_incidents
    for subject, (name, way) in COUNTED.items():
        if name in scene.places:
            whole = scene.places[name].whole(way, n_wards=scene.n_wards)
            _put(columns, subject, whole, sums.places[name][:, way])
        else:
            _put(columns, subject, unknown, None)
    _put(columns, "population", scene.population, _population(scene, sums, area))
    columns.update(zip(CAMERA_COUNTS, sums.cameras.T, strict=True))
    for share, (part, whole_name) in ALL_SHARES.items():
        columns[share] = ratio(columns[part], columns[whole_name])
    whole_numbers = {
        name: column.astype(int)
        for name, column in columns.items()
        if name.startswith("n_") and not np.isnan(column).any()
    }
    table = pd.DataFrame(columns | whole_numbers, index=scene.wards.index)
    table.insert(0, "name", scene.wards["name"])
    return table


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide, NaN where there is nothing to share."""
    shared = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shared, where=np.asarray(whole) > 0)
    return shared


def ground_by_kind(sums: Sums) -> Floats:
    """Give covered ground by kind, (n_wards, 5).

    The rows tell which part of the covered ground is seen twice and thrice; the union, which is
    exact, how much covered ground there is.
    """
    good, working, installed = sums.ground_m2.T
    deeper = np.nan_to_num(sums.rows_m2 / np.where(sums.rows_m2[:, :1] > 0, sums.rows_m2[:, :1], 1))
    deeper[:, 0] = 1.0
    return as_kinds(deeper * working[:, None], good, installed)


def _put(columns: dict[str, Floats], name: str, whole: Floats, parts: Floats | None) -> None:
    subject = SUBJECTS[name]
    columns[subject.whole] = whole
    for place, kind in enumerate(KINDS):
        columns[subject.part.format(kind)] = (
            np.full(len(whole), np.nan) if parts is None else parts[:, place]
        )


def _population(scene: Scene, sums: Sums, area: Floats) -> Floats | None:
    """Spread each ward's people evenly over its buildings, or over its ground without them."""
    if scene.population_basis is None:
        return None
    if scene.population_basis == "ground":
        seen, whole = ground_by_kind(sums), area
    else:
        houses = scene.places["buildings"]
        seen = sums.places["buildings"][:, 0]
        whole = houses.whole(0, n_wards=scene.n_wards)
    shares = np.column_stack([ratio(part, whole) for part in seen.T])
    return shares * scene.population[:, None]
