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

from analysis import coverage, demand, junctions, siting_bearings, siting_options, weights
from analysis.columns import WORKING_STATES
from analysis.demand import Demand, Mix
from analysis.errors import InvalidValueError, VongLauError
from dashboard.questions import city, footage_funnel, looks, plan_offers, plan_ordered, plan_zones
from dashboard.questions.coverage import DAYS_A_MONTH
from dashboard.questions.looks import Ground, Seeing
from dashboard.questions.plan_offers import STAY
from dashboard.questions.plan_request import ALL, KINDS, OWN, PlanRequest
from data import catalogue, layers
from data.store import Store

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


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
        As ``plan_offers.offers`` gives them, and of kind ``stay`` one for each camera that may be
        turned, at the end.
    cover
        (demand point, option) 0/1.
    n_seen
        How many working devices see each point now.
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
    payers
        The sources of money that may pay for each option; empty where no funding was asked.
    n_outside, n_without_cost, n_private, n_unfunded
        Places outside all wards, and options left out because their cost is not known, because they
        would see private ground, because no source may pay for them.
    n_needless
        Directions left out because another of the same model and place sees all that they see.
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
    n_unfunded: int = 0
    n_needless: int = 0
    payers: tuple[tuple[str, ...], ...] = ()

    @property
    def is_stay(self) -> Flags:
        """Flag the options of a camera to stay as it is."""
        return np.asarray(self.options["kind"] == STAY, dtype=bool)

    def stays_beside(self, options: gpd.GeoDataFrame) -> Ints:
        """Give the number of the option that each of some turns takes the place of, else −1."""
        stays = self.options[self.is_stay]
        number = pd.Series(np.flatnonzero(self.is_stay), index=stays["place_id"].to_numpy())
        found = options["place_id"].map(number).where(options["kind"].eq("reaim"))
        return np.asarray(found.fillna(-1), dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known already of a basis, from another one of the same state of the store.

    Parameters
    ----------
    seeing
        As ``looks.answer`` gives it for ``request.looks``.
    demand
        As ``demand_points`` gives it for ``request.for_demand``.
    """

    seeing: Seeing | None = None
    demand: Demand | None = None


def build(
    store: Store, request: PlanRequest, *, ground: Ground, known: Known | None = None
) -> Basis:
    """Read the layers and make options, demand and what sees what.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A model, site, camera, ward or category that the store does not have.
    NoFixedViewError, NoModelsError, NoPlacesError, NoCostsError
        There is nothing to choose from.
    InvalidValueError
        A number that cannot be.
    """
    known = known or Known()
    wards = city.wards_on(store, request.on)
    _check_names(store, request, wards)
    seeing = known.seeing or looks.answer(store, request.looks, ground=ground)
    height_m = plan_offers.mast(seeing, request)
    sites = city.stand_in(plan_offers.candidates(store, request), wards)
    cameras = seeing.cameras
    open_cameras = ~cameras["state"].isin(WORKING_STATES) | plan_offers.can_turn(seeing)
    named = pd.Index([*sites.index, *cameras.index[open_cameras]])
    city.check_choices("site", (*request.must, *request.forbid), named)
    inside = sites[sites["ward_code"].notna()]
    offers = plan_offers.offers(store, request, seeing, sites=inside, wards=wards)
    offers = plan_ordered.without(store, offers)
    zones = plan_zones.zones(store, request)
    reason = _reasons(offers, zones, request, seeing, height_m)
    if request.needs_cost and (reason == "cost").any() and not (reason == "").any():
        raise NoCostsError
    kept = reason == ""
    stays = _stays(offers[kept], seeing)
    options = gpd.GeoDataFrame(pd.concat([offers[kept], stays], ignore_index=True), crs=cameras.crs)
    points = known.demand or demand_points(store, request, wards, ground)
    heads = plan_offers.heads(inside)
    cover = _cover(options, points, seeing, height_m)
    pays = _that_pay(options, cover, heads)
    musts, blocked = _numbered(_wished(offers, zones, request, seeing), reason, pays)
    ordered = plan_ordered.n_seen(store, seeing, demand=points.points.geometry)
    return Basis(
        request=request,
        wards=wards,
        demand=points,
        options=options[pays].reset_index(drop=True),
        cover=sp.csr_array(cover[:, pays]),
        n_seen=_n_seen(seeing, points) + (ordered if request.planned else 0),
        heads=heads,
        musts=musts,
        blocked=blocked,
        seeing=seeing,
        height_m=height_m,
        n_outside=len(sites) - len(inside),
        n_without_cost=int((reason == "cost").sum()),
        n_private=int((reason == "private").sum()),
        n_unfunded=int((reason == "unfunded").sum()),
        n_needless=int((~pays).sum()),
        payers=tuple(plan_offers.payers(options[pays], request, seeing)) if request.funding else (),
    )


def _check_names(store: Store, request: PlanRequest, wards: city.Wards) -> None:
    codes = [code for code, _ in (*request.ward_min, *request.ward_max)]
    codes += [word for *_, scope in request.funding for word in scope]
    named = tuple(code for code in codes if code not in (ALL, OWN, *KINDS))
    city.check_choices("ward", named, wards.outlines.index)
    city.check_choices("model", request.models, catalogue.read_models(store).index)
    kinds = (*request.categories, *(category for category, _ in request.category_weights))
    city.check_choices("category", kinds, pd.Index(layers.categories_in_use(store)))


def _stays(offers: gpd.GeoDataFrame, seeing: Seeing) -> gpd.GeoDataFrame:
    """Give each camera that may be turned the option to stay as it is."""
    turns = offers[offers["kind"] == "reaim"].drop_duplicates("place_id")
    cameras = seeing.cameras.loc[turns["place_id"]]
    return turns.assign(
        kind=STAY, bearing_deg=cameras["bearing_deg"].to_numpy(dtype=float), cost=0.0,
        ward_code=None,
    )  # fmt: skip


def _numbered(
    wished: dict[str, Ints], reason: npt.NDArray[np.object_], pays: Flags
) -> tuple[dict[str, Ints], dict[str, str]]:
    """Give each must its options among those left; and say why one has none.

    Of ``pays`` only the first are offers, as many as are not left out for a ``reason``.
    """
    kept = reason == ""
    kept[kept] = pays[: int(kept.sum())]
    number = np.cumsum(kept) - 1
    musts = {name: number[own[kept[own]]] for name, own in wished.items()}
    told = {"forbid", "private"}
    blocked = {
        name: next((why for why in reason[wished[name]] if why in told), "empty")
        for name, own in musts.items()
        if len(own) == 0
    }
    return musts, blocked


def _that_pay(options: gpd.GeoDataFrame, cover: sp.csr_array, heads: dict[str, int]) -> Flags:
    """Leave out directions that another one of the same place can stand in for."""
    is_single = options["kind"].eq("reaim") | (
        options["kind"].eq("install") & options["place_id"].map(heads).eq(1)
    )
    return siting_bearings.that_pay(options, cover, has_one_head=is_single.to_numpy(dtype=bool))


def _reasons(
    offers: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    request: PlanRequest,
    seeing: Seeing,
    height_m: float,
) -> npt.NDArray[np.object_]:
    """Tell of each option why it is left out: forbid, private, cost, unfunded; "" for none."""
    reason = np.full(len(offers), "", dtype=object)
    if request.funding:
        pays = [bool(own) for own in plan_offers.payers(offers, request, seeing)]
        reason[~np.array(pays, dtype=bool)] = "unfunded"
    if request.needs_cost:
        reason[offers["cost"].isna().to_numpy()] = "cost"
    private = zones.geometry[zones["kind"] == "private"]
    if len(private):
        is_drawn = (offers["kind"] != "repair").to_numpy()
        is_private = np.zeros(len(offers), dtype=bool)
        for own in _by_mast(offers):
            is_private[own] = siting_options.sees_into(
                _with_mast(offers.iloc[own], height_m), zones=private, buildings=seeing.footprints
            )
        views = seeing.looks.views.reindex(offers.loc[~is_drawn, "place_id"])
        whole = shapely.union_all(np.asarray(private.array, dtype=object))
        shared = shapely.area(shapely.intersection(np.asarray(views.array, dtype=object), whole))
        is_private[~is_drawn] = shared > siting_options.INTO_M2
        reason[is_private] = "private"
    is_forbidden = offers["place_id"].isin(request.forbid).to_numpy()
    reason[is_forbidden | _stands_in(offers, zones[zones["kind"] == "forbid"])] = "forbid"
    return reason


def _by_mast(options: gpd.GeoDataFrame) -> list[Ints]:
    """Give the options whose views are drawn: those on new masts, and cameras that are turned."""
    kinds = options["kind"].to_numpy()
    found = [np.flatnonzero(kinds == kind) for kind in ("install", "reaim")]
    return [own for own in found if len(own)]


def _with_mast(options: gpd.GeoDataFrame, height_m: float) -> gpd.GeoDataFrame:
    is_new = options["kind"].eq("install")
    return options.assign(height_m=options["height_m"].astype(float).where(~is_new, height_m))


def _wished(
    offers: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, request: PlanRequest, seeing: Seeing
) -> dict[str, Ints]:
    """Give the options that would meet each must; a zone where a camera works has it met."""
    wished = {f"place:{name}": np.flatnonzero(offers["place_id"] == name) for name in request.must}
    is_new = offers["kind"].ne("reaim").to_numpy()
    working = seeing.cameras[seeing.cameras["state"].isin(WORKING_STATES)]
    for row in range(len(zones)):
        zone = zones.iloc[[row]]
        if zone["kind"].iloc[0] == "must" and not _stands_in(working, zone).any():
            stands = _stands_in(offers, zone) & is_new
            wished[f"zone:{zone['zone_id'].iloc[0]}"] = np.flatnonzero(stands)
    return wished


def _stands_in(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Flags:
    is_in = np.zeros(len(points), dtype=bool)
    if len(zones) and len(points):
        tree = shapely.STRtree(np.asarray(points.geometry.array, dtype=object))
        is_in[tree.query(np.asarray(zones.geometry.array, dtype=object), "intersects")[1]] = True
    return is_in


def _cover(
    options: gpd.GeoDataFrame, points: Demand, seeing: Seeing, height_m: float
) -> sp.csr_array:
    """Tell which points each option would see."""
    places = points.points.geometry
    parts = []
    for own in _by_mast(options):
        cover = siting_options.cover_of_installs(
            _with_mast(options.iloc[own], height_m), demand=places, buildings=seeing.footprints
        )
        parts.append((own, cover))
    own = np.flatnonzero(options["kind"].isin(["repair", STAY]).to_numpy())
    views = seeing.looks.views.reindex(options["place_id"].iloc[own])
    parts.append((own, siting_options.cover_of_views(views, demand=places)))
    order = np.argsort(np.concatenate([own for own, _ in parts]), kind="stable")
    cover = sp.hstack([cover for _, cover in parts], format="csc")
    return sp.csr_array(cover[:, order])


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
            hours=request.hours,
        )
    )
    if request.hours is not None and len(gates):
        gates = gates.assign(weight=weights.of_gates(gates, hours=request.hours))
    asked = None
    if mix.asked > 0:
        asked = footage_funnel.places_in_vain(
            store, since=city.months_before(request.on, request.months), until=request.on
        ).to_crs(metric)
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
        asked=asked,
    )


def _mix(request: PlanRequest) -> Mix:
    parts = dict.fromkeys(Mix.__dataclass_fields__, 0.0) | dict(request.mix)
    unknown = sorted(set(parts) - set(Mix.__dataclass_fields__))
    if unknown:
        raise InvalidValueError(column="mix", value=", ".join(unknown))
    return Mix(**parts)
