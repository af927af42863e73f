"""What adopted plans have ordered, for the plans that come after them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import looking, siting_options
from analysis.crs import WGS84
from dashboard.questions.looks import Seeing
from data import layers, orders
from data.store import Store


def without(store: Store, offers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the options that no adopted plan has laid hands on.

    A place where a camera was planned is not offered again, standing by now or not; a camera whose
    repair or turn is ordered is not offered until an import says that it is done.

    Parameters
    ----------
    store
        The store.
    offers
        ``kind``, ``place_id`` and the point where each stands.
    """
    taken = orders.taken(store)
    if not (taken.sites or taken.places or taken.cameras):
        return offers
    at = offers.geometry.to_crs(WGS84)
    is_install = offers["kind"].eq("install").to_numpy()
    is_taken = [
        taken.has_place(place, longitude, latitude) if installs else place in taken.cameras
        for place, installs, longitude, latitude in zip(
            offers["place_id"], is_install, at.x, at.y, strict=True
        )
    ]
    return offers[~np.array(is_taken, dtype=bool)].reset_index(drop=True)


def n_seen(store: Store, seeing: Seeing, *, demand: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """Count for each point the planned cameras and ordered repairs that would see it."""
    planned = layers.read_planned_cameras(store).to_crs(seeing.cameras.crs)
    parts = [seeing.looks.views.reindex(sorted(_repairs(store) & set(seeing.cameras.index)))]
    if len(planned):
        found = looking.look(
            looking.with_lenses(planned, models=seeing.models),
            conditions=seeing.request.conditions,
            models=seeing.models,
            buildings=seeing.footprints,
        )
        parts.append(found.views)
    views = gpd.GeoSeries(pd.concat(parts), crs=seeing.cameras.crs)
    cover = siting_options.cover_of_views(views, demand=demand)
    return np.asarray(cover.sum(axis=1, dtype=np.int64)).ravel()


def _repairs(store: Store) -> set[str]:
    return {
        work.camera_id
        for adoption in orders.list_adoptions(store)
        for work in adoption.works
        if work.kind == "repair" and not work.is_done
    }
