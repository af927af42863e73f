"""What a planner may name in a request: models, sites, cameras to repair, zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.columns import WORKING_STATES
from data import catalogue, layers
from data.store import Store


@dataclass(frozen=True, kw_only=True)
class PlanChoices:
    """What there is to choose among on a day.

    Parameters
    ----------
    models
        ``name``, ``kind`` and ``cost`` by model_id, of those whose view is known: of one that turns
        that from its home position. The store's own where it has any, else the data sheets shipped.
    sites, repairs, working
        Ids of extension sites, of cameras that stand but do not work, and of those that do.
    n_zones
        How many zones the store has of each kind: must, forbid, private.
    """

    models: pd.DataFrame
    sites: tuple[str, ...]
    repairs: tuple[str, ...]
    working: tuple[str, ...]
    n_zones: dict[str, int]


def answer(store: Store, on: date) -> PlanChoices:
    """List what can be named on a day."""
    models = catalogue.read_models(store)
    own = layers.read_register(store, "camera_models")["model_id"]
    offered = models.loc[models.index.isin(own)] if len(own) else models
    is_usable = offered["fov_deg"].notna()
    cameras = layers.read_cameras(store, on=on)
    works = cameras["state"].isin(WORKING_STATES)
    kinds = layers.read_shapes(store, "zones")["kind"].value_counts()
    return PlanChoices(
        models=offered.loc[is_usable, ["name", "kind", "cost"]],
        sites=tuple(sorted(str(site) for site in layers.read_sites(store).index)),
        repairs=tuple(sorted(str(camera) for camera in cameras.index[~works])),
        working=tuple(sorted(str(camera) for camera in cameras.index[works])),
        n_zones={str(kind): int(n) for kind, n in kinds.items()},
    )
