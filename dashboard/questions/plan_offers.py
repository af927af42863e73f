"""What can be chosen in a city: cameras at places, repairs, turns of working cameras."""

from __future__ import annotations

from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import coverage, junctions, reach, siting_options
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.errors import InvalidValueError, VongLauError
from analysis.visibility.sectors import FULL_CIRCLE_DEG
from dashboard.questions import city
from dashboard.questions.looks import Seeing
from dashboard.questions.plan_request import ALL, KINDS, OWN, PLACES, PlanRequest
from data import catalogue, layers
from data.store import Store

FIXED_KINDS = ("fixed", "dome", "fisheye")
"""Kinds that look one way, or all round, for good: what is tried where no model is named."""

TURNING = "ptz"

STAY = "stay"
"""The option of a camera that may be turned to stay as it is."""

JUNCTION_BESIDE_M = 10.0
"""A junction as near as this to a site is that site's."""


class NoFixedViewError(VongLauError, ValueError):
    """A model of which nobody can say what it would see: it turns, or its lens is not known."""

    code: ClassVar[str] = "no_fixed_view"


class NoModelsError(VongLauError, LookupError):
    """No model in the store can be planned with."""

    code: ClassVar[str] = "no_models"


class NoPlacesError(VongLauError, LookupError):
    """Neither a site within a ward nor a broken camera: nothing to choose from."""

    code: ClassVar[str] = "no_places"


class CannotReaimError(VongLauError, ValueError):
    """Cameras that cannot be turned for good.

    They do not work, look all round, turn by themselves, share a box with other views, or nobody
    knows which way or how far they look.
    """

    code: ClassVar[str] = "cannot_reaim"


def lenses(store: Store, request: PlanRequest, *, height_m: float) -> pd.DataFrame:
    """Give the models to plan with: those named, else those of the store that do not turn.

    Where the store has no models of its own, the model that most of its cameras have. One that
    turns sees what it sees from its home position.

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
    is_usable = (chosen["fov_deg"].notna() & reached["range_m"].gt(0)).astype(bool)
    if request.models and not is_usable.all():
        raise NoFixedViewError(values=chosen.index[~is_usable].tolist())
    if not is_usable.any():
        raise NoModelsError
    table = chosen[["fov_deg", "cost", "kind"]].join(reached[["range_m", "near_m"]])
    return table[is_usable]


def candidates(store: Store, request: PlanRequest) -> gpd.GeoDataFrame:
    """Give the places where cameras may go, in metres: ``n_heads``, ``cost`` of making it ready.

    Raises
    ------
    InvalidValueError
        A kind of place that there is not, or a point that is nowhere.
    """
    unknown = sorted(set(request.places) - set(PLACES))
    if unknown:
        raise InvalidValueError(column="places", value=", ".join(unknown))
    metric = store.properties.metric_crs
    sites = layers.read_sites(store)
    is_asked = np.full(len(sites), "sites" in request.places)
    if "poles" in request.places:
        is_asked |= sites["kind"].isin(["pole"]).to_numpy()
    found = sites[["n_heads", "cost", "geometry"]].astype({"cost": float}).to_crs(metric)
    parts = [found[is_asked]]
    if "junctions" in request.places:
        parts.append(_junctions(store, beside=found.geometry, cost=request.new_place_cost))
    if request.points:
        parts.append(_drawn(request).to_crs(metric))
    return gpd.GeoDataFrame(pd.concat(parts), crs=metric)


def _junctions(store: Store, *, beside: gpd.GeoSeries, cost: float) -> gpd.GeoDataFrame:
    """Give the places where streets meet; each is known by where it is."""
    streets = layers.read_shapes(store, "streets").to_crs(store.properties.metric_crs)
    places = junctions.junctions(streets) if len(streets) else streets.geometry
    if len(beside) and len(places):
        near = shapely.STRtree(np.asarray(beside.array, dtype=object)).query(
            np.asarray(places.array, dtype=object), "dwithin", JUNCTION_BESIDE_M
        )[0]
        places = places.drop(places.index[np.unique(near)])
    at = places.to_crs(WGS84)
    names = pd.Series([f"J-{x:.5f}-{y:.5f}" for x, y in zip(at.x, at.y, strict=True)])
    finer = [f"J-{x:.6f}-{y:.6f}" for x, y in zip(at.x, at.y, strict=True)]
    # two a metre apart may have one name
    names = names.mask(names.duplicated(keep=False), pd.Series(finer, dtype=object))
    return gpd.GeoDataFrame(
        {"n_heads": 1, "cost": cost}, geometry=places.array, index=names.to_list()
    )


def _drawn(request: PlanRequest) -> gpd.GeoDataFrame:
    for longitude, latitude in request.points:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise InvalidValueError(column="longitude, latitude", value=(longitude, latitude))
    return gpd.GeoDataFrame(
        {"n_heads": 1, "cost": request.new_place_cost},
        geometry=[shapely.Point(place) for place in request.points],
        index=[point_name(k) for k in range(1, len(request.points) + 1)],
        crs=WGS84,
    )


def point_name(number: int) -> str:
    """Name a place drawn for a plan, counted from 1.

    Examples
    --------
    >>> point_name(2)
    'AT-2'
    """
    return f"AT-{number}"


def mast(seeing: Seeing, request: PlanRequest) -> float:
    """Give the height of new masts in metres; NaN where it is not known."""
    if request.height_m is not None:
        return request.height_m
    return float(pd.to_numeric(seeing.cameras["height_m"]).astype(float).median())


def heads(sites: gpd.GeoDataFrame) -> dict[str, int]:
    """Give how many cameras each site can carry; one where nobody says."""
    n_heads = pd.to_numeric(sites["n_heads"]).astype(float).fillna(1.0)
    return {str(site): int(n) for site, n in n_heads.items()}


def offers(
    store: Store,
    request: PlanRequest,
    seeing: Seeing,
    *,
    sites: gpd.GeoDataFrame,
    wards: city.Wards,
) -> gpd.GeoDataFrame:
    """List installs at sites, repairs of cameras out of order and turns of working ones.

    Parameters
    ----------
    sites
        Within the wards, as ``candidates`` gives them, with ``ward_code``.

    Returns
    -------
    geopandas.GeoDataFrame
        As ``siting_options.COLUMNS``, with ``ward_code``, ``site_cost`` (0 for what has no site),
        ``height_m`` of cameras that are turned and ``is_turning``.

    Raises
    ------
    NoPlacesError
        There is none.
    """
    parts = []
    if len(sites):
        height_m = mast(seeing, request)
        models = lenses(store, request, height_m=height_m)
        found = siting_options.installs(
            sites.drop(columns="cost"), lenses=models, bearing_step_deg=request.bearing_step_deg
        )
        place = found["place_id"]
        parts.append(
            found.assign(
                ward_code=place.map(sites["ward_code"]),
                site_cost=place.map(sites["cost"].astype(float).fillna(0.0)),
                is_turning=found["model_id"].map(models["kind"].eq(TURNING)).astype(bool),
            )
        )
    cameras = seeing.cameras
    idle = cameras[~cameras["state"].isin(WORKING_STATES) & ~seeing.looks.views.is_empty]
    if request.repair and len(idle):
        parts.append(siting_options.repairs(idle.assign(range_m=idle["range_m"].fillna(0.0))))
    turned = to_turn(seeing, request, wards)
    if len(turned):
        near_m = seeing.looks.reach["near_m"].reindex(turned.index).fillna(0.0)
        parts.append(
            siting_options.reaims(
                turned.assign(near_m=near_m),
                cost=request.reaim_cost,
                bearing_step_deg=request.bearing_step_deg,
            )
        )
    if not parts:
        raise NoPlacesError(n=len(sites))
    table = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    return _completed(gpd.GeoDataFrame(table, geometry="geometry", crs=cameras.crs), wards)


def _completed(table: gpd.GeoDataFrame, wards: city.Wards) -> gpd.GeoDataFrame:
    """Give each option its ward, and leave out what stands in none."""
    names = {"ward_code": None, "site_cost": 0.0, "is_turning": False, "height_m": np.nan}
    table = table.reindex(columns=[*siting_options.COLUMNS, *names])
    is_install = table["kind"].eq("install")
    codes = coverage.wards_of(table.geometry[~is_install], wards=wards.outlines)
    found = table.assign(
        ward_code=table["ward_code"].where(is_install, codes.reindex(table.index)),
        site_cost=table["site_cost"].fillna(0.0).astype(float),
        is_turning=table["is_turning"].isin([True]),
    )
    return found[found["ward_code"].notna()].reset_index(drop=True)


def to_turn(seeing: Seeing, request: PlanRequest, wards: city.Wards) -> gpd.GeoDataFrame:
    """Give the working cameras that may be turned and can be.

    Raises
    ------
    UnknownChoiceError
        One named is neither a camera that stands nor a ward.
    CannotReaimError
        A camera that is named itself cannot be turned.
    """
    cameras = seeing.cameras
    outlines = wards.outlines
    named = [word for word in request.reaim if word != ALL and word not in outlines.index]
    city.check_choices("camera", tuple(named), cameras.index)
    if not request.reaim:
        return cameras.iloc[:0]
    is_able = can_turn(seeing)
    unable = [name for name in named if not is_able[name]]
    if unable:
        raise CannotReaimError(values=unable)
    asked = is_able & cameras.index.isin(named)
    if ALL in request.reaim:
        asked = is_able
    elif len(named) < len(request.reaim):
        asked |= is_able & coverage.wards_of(cameras.geometry, wards=outlines).isin(request.reaim)
    return cameras[asked]


def can_turn(seeing: Seeing) -> pd.Series[bool]:
    """Tell of each camera whether it works, looks one known way, and can look another."""
    cameras = seeing.cameras
    device = cameras["device_id"]
    fov_deg = pd.to_numeric(cameras["fov_deg"]).astype(float)
    is_fixed = ~cameras["kind"].isin([TURNING])
    is_alone = device.isna() | ~device.duplicated(keep=False)
    has_aim = cameras["bearing_deg"].notna() & fov_deg.lt(FULL_CIRCLE_DEG)
    works = cameras["state"].isin(WORKING_STATES)
    able: pd.Series[bool] = works & is_fixed & is_alone & has_aim & ~seeing.looks.views.is_empty
    return able.astype(bool)


def payers(
    options: gpd.GeoDataFrame, request: PlanRequest, seeing: Seeing
) -> list[tuple[str, ...]]:
    """Give the sources of money that may pay for each option."""
    paid_by = seeing.cameras["funding"].reindex(options["place_id"]).to_numpy(dtype=object)
    is_old = (options["kind"] != "install").to_numpy()
    fits = {}
    for name, _money, scope in request.funding:
        wards = [word for word in scope if word not in (*KINDS, OWN)]
        kinds = [word for word in scope if word in KINDS]
        may = np.ones(len(options), dtype=bool)
        if wards:
            may &= options["ward_code"].isin(wards).to_numpy()
        if kinds:
            may &= options["kind"].isin(kinds).to_numpy()
        if OWN in scope:
            may &= is_old & (paid_by == name)
        fits[name] = may
    return [tuple(name for name, may in fits.items() if may[k]) for k in range(len(options))]
