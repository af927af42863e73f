"""What the city would see with the choices of a saved plan carried out, as of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
import shapely

from analysis import looking, siting_options
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.demand import Demand
from dashboard.questions import city, looks, plan_basis
from dashboard.questions.looks import Ground, Seeing
from dashboard.questions.plan_request import PlanRequest
from data import scenarios
from data.store import Store

NEEDED = ("kind", "site_id", "camera_id", "longitude", "latitude", "model", "bearing_deg")
"""What is read of a choice."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A day's city, ready to be asked what choices would see.

    Parameters
    ----------
    request
        What deserves watching, on which day, and what seeing means.
    wards
        The wards in force.
    demand
        Weighted points, in metres.
    seeing
        What the installed cameras see, or would see.
    working
        Which of them work.
    cover
        (demand point, working camera) 0/1.
    lost_sites
        Sites that the store had and has no more.
    """

    request: PlanRequest
    wards: city.Wards
    demand: Demand
    seeing: Seeing
    working: pd.Index[str]
    cover: sp.csc_array
    lost_sites: frozenset[str]


def stand(store: Store, request: PlanRequest, *, ground: Ground) -> Standing:
    """Read a day's city as a plan's request sees it.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    InvalidValueError
        A number that cannot be.
    """
    wards = city.wards_on(store, request.on)
    seeing = looks.answer(store, request.looks, ground=ground)
    points = plan_basis.demand_points(store, request, wards, ground)
    cameras = seeing.cameras
    working = cameras.index[cameras["state"].isin(WORKING_STATES)]
    cover = siting_options.cover_of_views(
        seeing.looks.views.reindex(working), demand=points.points.geometry
    )
    return Standing(
        request=request,
        wards=wards,
        demand=points,
        seeing=seeing,
        working=working,
        cover=sp.csc_array(cover),
        lost_sites=frozenset(scenarios.lost_sites(store)),
    )


def lost(standing: Standing, choices: pd.DataFrame) -> pd.Series[str]:
    """Tell why a choice can no longer be carried out, on the choices' index; empty where it can.

    ``site``: the store has the site no more; ``camera``: the camera stands no more; ``model``: the
    model is not in the catalogue; ``works``: the camera to repair works by now.
    """
    is_install = choices["kind"].eq("install")
    cameras = standing.seeing.cameras.index
    found = pd.Series("", index=choices.index, dtype=object)
    found[choices["kind"].eq("repair") & choices["camera_id"].isin(standing.working)] = "works"
    found[~is_install & ~choices["camera_id"].isin(cameras)] = "camera"
    found[is_install & ~choices["model"].isin(standing.seeing.models.index)] = "model"
    found[is_install & choices["site_id"].isin(standing.lost_sites)] = "site"
    return found


def views(
    standing: Standing, choices: pd.DataFrame, *, height_m: float | None = None
) -> gpd.GeoSeries:
    """Draw what each choice would see, as ``views_of`` does."""
    return views_of(standing.seeing, choices, height_m=height_m)


def see(store: Store, request: PlanRequest, *, on: date, ground: Ground) -> Seeing:
    """Read what the cameras of a day see, as a plan's request sees it."""
    return looks.answer(store, replace(request, on=on).looks, ground=ground)


def views_of(
    seeing: Seeing, choices: pd.DataFrame, *, height_m: float | None = None
) -> gpd.GeoSeries:
    """Draw what each choice would see, in metres, on the choices' index.

    One that cannot be drawn (its camera or model is gone) sees nothing.

    Parameters
    ----------
    seeing
        What the cameras of the day see.
    choices
        Rows with ``NEEDED``, as a plan's answer has them.
    height_m
        Height of new masts; None: the median of the cameras that stand.
    """
    cameras, drawn = seeing.cameras, seeing.looks.views
    kind, camera_id = choices["kind"], choices["camera_id"]
    whole = gpd.GeoSeries([shapely.Polygon()] * len(choices), index=choices.index, crs=cameras.crs)
    is_install = kind.eq("install") & choices["model"].isin(seeing.models.index)
    if is_install.any():
        whole[is_install] = _new_views(seeing, choices[is_install], height_m)
    stands = camera_id.isin(cameras.index)
    is_repair = kind.eq("repair") & stands
    whole[is_repair] = drawn.reindex(camera_id[is_repair]).to_numpy()
    is_turned = kind.eq("reaim") & stands
    if is_turned.any():
        rows = cameras.loc[camera_id[is_turned]].set_axis(choices.index[is_turned])
        turned = rows.assign(
            range_m=rows["stated_range_m"],
            bearing_deg=choices.loc[is_turned, "bearing_deg"].astype(float),
        )
        whole[is_turned] = _look(seeing, turned)
    return whole


def seen(standing: Standing, choices: pd.DataFrame, *, height_m: float | None = None) -> Flags:
    """Tell which demand points would be seen once the choices are carried out.

    What can no longer be carried out counts nothing; a camera that is turned no longer sees what it
    saw.
    """
    still = choices[lost(standing, choices).eq("")]
    turned = still.loc[still["kind"].eq("reaim"), "camera_id"]
    keeps = ~standing.working.isin(turned)
    before = np.asarray(standing.cover[:, np.flatnonzero(keeps)].sum(axis=1)).ravel() > 0
    added = siting_options.cover_of_views(
        views(standing, still, height_m=height_m), demand=standing.demand.points.geometry
    )
    return np.asarray(before | (np.asarray(added.sum(axis=1)).ravel() > 0), dtype=bool)


def seen_now(standing: Standing) -> Flags:
    """Tell which demand points the cameras that work see."""
    return np.asarray(np.asarray(standing.cover.sum(axis=1)).ravel() > 0, dtype=bool)


def share(standing: Standing, is_seen: Flags) -> float:
    """Give the share of the demand that is seen; NaN where nothing deserves watching."""
    weight = standing.demand.points["weight"].to_numpy(dtype=float)
    whole = float(weight.sum())
    return float(weight[is_seen].sum()) / whole if whole else float("nan")


def ward_shares(standing: Standing, is_seen: Flags) -> pd.Series[float]:
    """Give the same for each ward, by code; missing where nothing deserves watching."""
    points = standing.demand.points
    weight, ward = points["weight"].astype(float), points["ward_code"].to_numpy()
    own = weight.where(is_seen, 0.0).groupby(ward).sum()
    shares: pd.Series[float] = (own / weight.groupby(ward).sum()).reindex(
        standing.wards.outlines.index
    )
    return shares


def _new_views(
    seeing: Seeing, choices: pd.DataFrame, height_m: float | None
) -> npt.NDArray[np.object_]:
    models, cameras = seeing.models, seeing.cameras
    model = choices["model"]
    heights = pd.to_numeric(cameras["height_m"]).astype(float)
    places = gpd.GeoSeries.from_xy(
        choices["longitude"].astype(float), choices["latitude"].astype(float), crs=WGS84
    ).to_crs(cameras.crs)
    new = gpd.GeoDataFrame(
        {
            "model_id": model.to_numpy(),
            "kind": model.map(models["kind"]).to_numpy(),
            "bearing_deg": choices["bearing_deg"].astype(float).to_numpy(),
            "fov_deg": pd.to_numeric(model.map(models["fov_deg"])).to_numpy(dtype=float),
            "range_m": np.nan,
            "height_m": float(heights.median()) if height_m is None else height_m,
        },
        geometry=places.to_numpy(),
        crs=cameras.crs,
    )
    return _look(seeing, new)


def _look(seeing: Seeing, cameras: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    found = looking.look(
        cameras,
        conditions=seeing.request.conditions,
        models=seeing.models,
        buildings=seeing.footprints,
    )
    return np.asarray(found.views.array, dtype=object)
