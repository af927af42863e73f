"""From the store to what can be chosen and what deserves watching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
import shapely

from analysis import coverage, demand, junctions, reach, siting_options, weights
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.demand import Demand, Mix
from analysis.errors import InvalidValueError, VongLauError
from dashboard.questions import city, looks, plan_ordered
from dashboard.questions.coverage import DAYS_A_MONTH
from dashboard.questions.looks import Ground, Seeing
from dashboard.questions.plan_request import ALL, PlanRequest
from data import catalogue, layers
from data.store import Store

FIXED_KINDS = ("fixed", "dome", "fisheye")
"""Kinds that look one way, or all round, for good: what is tried where no model is named."""

TURNING = "ptz"

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class NoFixedViewError(VongLauError, ValueError):
    """A model of which nobody can say what it would see: it turns, or its lens is not known."""

    code: ClassVar[str] = "no_fixed_view"


class NoModelsError(VongLauError, LookupError):
    """No model in the store can be planned with."""

    code: ClassVar[str] = "no_models"


class NoPlacesError(VongLauError, LookupError):
    """Neither a site within a ward nor a broken camera: nothing to choose from."""

    code: ClassVar[str] = "no_places"


class NoCostsError(VongLauError, ValueError):
    """A budget, or the least cost, of options none of which has a known cost."""

    code: ClassVar[str] = "no_costs"


@dataclass(frozen=True, kw_only=True)
class Basis:
    """All that a plan is made of, in metres.

    Parameters
    ----------
    request
        What was asked.
    wards
        The wards in force.
    demand
        Weighted points.
    options
        As ``siting_options.COLUMNS`` with ``ward_code`` and ``site_cost``, 0 for repairs.
    cover
        (demand point, option) 0/1.
    n_seen
        How many working devices see each point.
    heads
        How many cameras a site can carry.
    musts
        Options of which the plan needs one, by ``place:`` or ``zone:`` and an id.
    blocked
        Each of ``musts`` that has no option left, and why: forbid, private, empty.
    seeing
        What the installed cameras see, or would see.
    height_m
        Height of the new masts; NaN where it is not known.
    n_outside, n_without_cost, n_private
        Sites outside all wards, options left out because their cost is not known, and options left
        out because they would see private ground.
    """

    request: PlanRequest
    wards: city.Wards
    demand: Demand
    options: gpd.GeoDataFrame
    cover: sp.csr_array
    n_seen: Ints
    heads: dict[str, int]
    musts: dict[str, Ints]
    blocked: dict[str, str]
    seeing: Seeing
    height_m: float
    n_outside: int = 0
    n_without_cost: int = 0
    n_private: int = 0


def build(store: Store, request: PlanRequest, *, ground: Ground) -> Basis:
    """Read the layers and make options, demand and what sees what.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A model, site, camera or ward that the store does not have.
    NoFixedViewError, NoModelsError, NoPlacesError, NoCostsError
        There is nothing to choose from.
    InvalidValueError
        A number that cannot be.
    """
    wards = city.wards_on(store, request.on)
    codes = [code for code, _ in (*request.ward_min, *request.ward_max)]
    named = tuple(code for code in codes if code != ALL)
    city.check_choices("ward", named, wards.outlines.index)
    city.check_choices("model", request.models, catalogue.read_models(store).index)
    seeing = looks.answer(store, request.looks, ground=ground)
    height_m = _mast(seeing, request)
    sites = city.stand_in(_sites(store, request), wards)
    idle = seeing.cameras[~seeing.cameras["state"].isin(WORKING_STATES)]
    city.check_choices(
        "site", (*request.must, *request.forbid), pd.Index([*sites.index, *idle.index])
    )
    inside = sites[sites["ward_code"].notna()]
    offers = _offers(store, request, seeing, inside, wards, height_m)
    offers = plan_ordered.without(store, offers)
    zones = layers.read_shapes(store, "zones").to_crs(store.properties.metric_crs)
    if not request.zones:
        zones = zones.iloc[:0]
    kept, blocked_by = _allowed(offers, zones, request, seeing, height_m)
    is_known = offers["cost"].notna().to_numpy()
    if request.needs_cost and kept.any() and not (kept & is_known).any():
        raise NoCostsError
    priced = kept & is_known if request.needs_cost else kept
    options = offers[priced].reset_index(drop=True)
    points = demand_points(store, request, wards, ground)
    wished = _wished(offers, zones, request, seeing)
    number = np.cumsum(priced) - 1
    musts = {name: number[own[priced[own]]] for name, own in wished.items()}
    blocked = {
        name: next(iter(blocked_by[wished[name]][blocked_by[wished[name]] != ""]), "empty")
        for name, own in musts.items()
        if len(own) == 0
    }
    return Basis(
        request=request,
        wards=wards,
        demand=points,
        options=options,
        cover=_cover(options, points, seeing, height_m),
        n_seen=_n_seen(seeing, points)
        + (
            plan_ordered.n_seen(store, seeing, demand=points.points.geometry)
            if request.planned
            else 0
        ),
        heads=_heads(inside),
        musts=musts,
        blocked=blocked,
        seeing=seeing,
        height_m=height_m,
        n_outside=len(sites) - len(inside),
        n_without_cost=int((kept & ~is_known).sum()) if request.needs_cost else 0,
        n_private=int((blocked_by == "private").sum()),
    )


def lenses(store: Store, request: PlanRequest, *, height_m: float) -> pd.DataFrame:
    """Give the models to plan with: those named, else those of the store that do not turn.

    Where the store has no models of its own, the model that most of its cameras have.

    Raises
    ------
    NoFixedViewError, NoModelsError
        A model named cannot be planned with; there is none.
    """
    models = catalogue.read_models(store)
    named = list(request.models)
    if not named:
        own = layers.read_register(store, "camera_models")
        named = own.loc[own["kind"].isin(FIXED_KINDS), "model_id"].tolist()
    if not named:
        used = layers.read_camera_register(store)["model_id"].value_counts()
        named = [str(name) for name in used.index if name in models.index][:1]
    chosen = models.loc[named]
    known = chosen[["fov_deg", "kind"]].assign(
        range_m=np.nan, height_m=height_m, model_id=chosen.index
    )
    reached = reach.reach(known, models=models, conditions=request.looks.conditions)
    is_usable = (
        chosen["fov_deg"].notna() & reached["range_m"].gt(0) & chosen["kind"].ne(TURNING)
    ).astype(bool)
    if request.models and not is_usable.all():
        raise NoFixedViewError(values=chosen.index[~is_usable].tolist())
    if not is_usable.any():
        raise NoModelsError
    table = chosen[["fov_deg", "cost"]].join(reached[["range_m", "near_m"]])
    return table[is_usable]


def _sites(store: Store, request: PlanRequest) -> gpd.GeoDataFrame:
    """Give the sites of the store and the points of the request, in metres."""
    sites = layers.read_sites(store)[["n_heads", "cost", "geometry"]]
    if request.points:
        for longitude, latitude in request.points:
            if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
                raise InvalidValueError(column="longitude, latitude", value=(longitude, latitude))
        drawn = gpd.GeoDataFrame(
            {"n_heads": 1, "cost": 0.0},
            geometry=[shapely.Point(place) for place in request.points],
            index=[f"AT-{k}" for k in range(1, len(request.points) + 1)],
            crs=WGS84,
        )
        sites = gpd.GeoDataFrame(pd.concat([sites.astype({"cost": float}), drawn]), crs=WGS84)
    return sites.to_crs(store.properties.metric_crs)


def _mast(seeing: Seeing, request: PlanRequest) -> float:
    if request.height_m is not None:
        return request.height_m
    return float(pd.to_numeric(seeing.cameras["height_m"]).astype(float).median())


def _offers(
    store: Store,
    request: PlanRequest,
    seeing: Seeing,
    sites: gpd.GeoDataFrame,
    wards: city.Wards,
    height_m: float,
) -> gpd.GeoDataFrame:
    """List installs at sites and repairs of cameras out of order, in the wards."""
    parts = []
    if len(sites):
        found = siting_options.installs(
            sites,
            lenses=lenses(store, request, height_m=height_m),
            bearing_step_deg=request.bearing_step_deg,
        )
        place = found["place_id"]
        site_cost = pd.to_numeric(sites["cost"]).astype(float).fillna(0.0)
        parts.append(
            found.assign(ward_code=place.map(sites["ward_code"]), site_cost=place.map(site_cost))
        )
    cameras = seeing.cameras
    idle = cameras[~cameras["state"].isin(WORKING_STATES) & ~seeing.looks.views.is_empty]
    if request.repair and len(idle):
        found = siting_options.repairs(idle.assign(range_m=idle["range_m"].fillna(0.0)))
        codes = coverage.wards_of(found.geometry, wards=wards.outlines)
        parts.append(found.assign(ward_code=codes, site_cost=0.0)[codes.notna()])
    if not parts:
        raise NoPlacesError(n=len(sites))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=cameras.crs)


def _allowed(
    offers: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    request: PlanRequest,
    seeing: Seeing,
    height_m: float,
) -> tuple[Flags, npt.NDArray[np.object_]]:
    """Tell which options the wishes leave, and of the others which wish forbids them."""
    reason = np.full(len(offers), "", dtype=object)
    private = zones.geometry[zones["kind"] == "private"]
    if len(private):
        is_install = (offers["kind"] == "install").to_numpy()
        is_private = np.zeros(len(offers), dtype=bool)
        is_private[is_install] = siting_options.sees_into(
            offers[is_install], zones=private, height_m=height_m, buildings=seeing.footprints
        )
        views = seeing.looks.views.reindex(offers.loc[~is_install, "place_id"])
        whole = shapely.union_all(np.asarray(private.array, dtype=object))
        shared = shapely.area(shapely.intersection(np.asarray(views.array, dtype=object), whole))
        is_private[~is_install] = shared > siting_options.INTO_M2
        reason[is_private] = "private"
    is_forbidden = offers["place_id"].isin(request.forbid).to_numpy()
    reason[is_forbidden | _stands_in(offers, zones[zones["kind"] == "forbid"])] = "forbid"
    return reason == "", reason


def _wished(
    offers: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, request: PlanRequest, seeing: Seeing
) -> dict[str, Ints]:
    """Give the options that would meet each must; a zone where a camera works has it met."""
    wished = {f"place:{name}": np.flatnonzero(offers["place_id"] == name) for name in request.must}
    working = seeing.cameras[seeing.cameras["state"].isin(WORKING_STATES)]
    for row in range(len(zones)):
        zone = zones.iloc[[row]]
        if zone["kind"].iloc[0] == "must" and not _stands_in(working, zone).any():
            wished[f"zone:{zone['zone_id'].iloc[0]}"] = np.flatnonzero(_stands_in(offers, zone))
    return wished


def _stands_in(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Flags:
    is_in = np.zeros(len(points), dtype=bool)
    if len(zones) and len(points):
        tree = shapely.STRtree(np.asarray(points.geometry.array, dtype=object))
        is_in[tree.query(np.asarray(zones.geometry.array, dtype=object), "intersects")[1]] = True
    return is_in


def _heads(sites: gpd.GeoDataFrame) -> dict[str, int]:
    """Give how many cameras each site can carry; one where nobody says."""
    n_heads = pd.to_numeric(sites["n_heads"]).astype(float).fillna(1.0)
    return {str(site): int(n) for site, n in n_heads.items()}


def _cover(
    options: gpd.GeoDataFrame, points: Demand, seeing: Seeing, height_m: float
) -> sp.csr_array:
    """Tell which points each option would see; installs come first."""
    is_install = (options["kind"] == "install").to_numpy()
    places = points.points.geometry
    installed = siting_options.cover_of_installs(
        options[is_install], demand=places, height_m=height_m, buildings=seeing.footprints
    )
    views = seeing.looks.views.reindex(options.loc[~is_install, "place_id"])
    repaired = siting_options.cover_of_views(views, demand=places)
    return sp.csr_array(sp.hstack([installed, repaired], format="csr"))


def _n_seen(seeing: Seeing, points: Demand) -> Ints:
    """Count the working devices that see each point."""
    cameras = seeing.cameras
    working = cameras.index[cameras["state"].isin(WORKING_STATES)]
    cover = siting_options.cover_of_views(
        seeing.looks.views.reindex(working), demand=points.points.geometry
    ).tocoo()
    device_id = cameras.loc[working, "device_id"]
    own = pd.Series(working, index=working, dtype=object)
    device, _ = pd.factorize(device_id.astype(object).where(device_id.notna(), own))
    n_devices = int(device.max(initial=0)) + 1
    pairs = np.unique(cover.row.astype(np.int64) * n_devices + device[cover.col])
    return np.bincount(pairs // n_devices, minlength=len(points.points)).astype(np.int64)


def demand_points(store: Store, request: PlanRequest, wards: city.Wards, ground: Ground) -> Demand:
    """Read what deserves watching, as weighted points.

    Raises
    ------
    InvalidValueError
        The mix names a part that there is not, or a weight cannot be.
    """
    metric = store.properties.metric_crs
    mix = _mix(request)
    streets = layers.read_shapes(store, "streets").to_crs(metric)
    gates = layers.read_points(store, "schools").to_crs(metric)
    read = layers.read_incidents(
        store,
        since=city.months_before(request.on, request.months),
        until=request.on,
        categories=request.categories,
    ).to_crs(metric)
    incidents = city.counted_in(store, read, wards).incidents
    half_life = request.half_life_months
    weighted = incidents.assign(
        weight=weights.of_incidents(
            incidents,
            categories=dict(request.category_weights),
            half_life_days=None if half_life is None else half_life * DAYS_A_MONTH,
            on=request.on,
        )
    )
    wants_junctions = len(streets) > 0 and mix.junction > 0
    return demand.points(
        coverage.Layers(
            wards=wards.outlines,
            streets=streets if len(streets) else None,
            incidents=weighted,
            gates=gates if len(gates) else None,
            junctions=junctions.junctions(streets) if wants_junctions else None,
            buildings=ground.buildings if len(ground.buildings) else None,
        ),
        mix,
    )


def _mix(request: PlanRequest) -> Mix:
    parts = dict.fromkeys(Mix.__dataclass_fields__, 0.0) | dict(request.mix)
    unknown = sorted(set(parts) - set(Mix.__dataclass_fields__))
    if unknown:
        raise InvalidValueError(column="mix", value=", ".join(unknown))
    return Mix(**parts)
