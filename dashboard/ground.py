"""What the map's ground is drawn from: streets, land cover and buildings, square by square."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from data import extents
from data.store import Store

LAYERS = ("streets", "land_cover", "buildings")

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class Ground(Protocol):
    """A city's streets, land cover and buildings."""

    @property
    def state(self) -> str:
        """What tells one state of one city from another."""

    def within(
        self, layer: str, bounds: Bounds, *, kinds: tuple[str, ...] = (), at_most: int
    ) -> gpd.GeoDataFrame:
        """Give the shapes whose box meets the bounds, WGS84, with ``kind`` where there are kinds.

        Parameters
        ----------
        layer
            One of ``LAYERS``.
        bounds
            West, south, east, north in degrees.
        kinds
            Only these; empty means all.
        at_most
            Where there are more, the largest boxes win.
        """


@dataclass(frozen=True)
class Frames:
    """A ground in memory: frames by layer, in WGS84.

    Examples
    --------
    >>> from shapely import box
    >>> houses = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(5, 5, 6, 6)], crs="EPSG:4326")
    >>> len(Frames("x", {"buildings": houses}).within("buildings", (0, 0, 2, 2), at_most=9))
    1
    """

    state: str
    frames: Mapping[str, gpd.GeoDataFrame]

    def within(
        self, layer: str, bounds: Bounds, *, kinds: tuple[str, ...] = (), at_most: int
    ) -> gpd.GeoDataFrame:
        """Give the shapes whose box meets the bounds."""
        frame = self.frames.get(layer, _NOTHING).reset_index(drop=True)
        boxes = frame.geometry.bounds.set_axis(list(extents.SIDES), axis=1)
        if "kind" in frame:
            boxes["kind"] = frame["kind"]
        return frame.loc[_chosen(boxes, bounds, kinds=kinds, at_most=at_most)]


@dataclass(frozen=True)
class Stored:
    """The ground of a store: boxes are kept, shapes are read when they are asked for."""

    store: Store
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _boxes: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def state(self) -> str:
        """The store and the batches of its ground."""
        return f"{self.store.location} {extents.layer_state(self.store, LAYERS)}"

    def within(
        self, layer: str, bounds: Bounds, *, kinds: tuple[str, ...] = (), at_most: int
    ) -> gpd.GeoDataFrame:
        """Give the shapes whose box meets the bounds."""
        boxes = self._read_boxes(layer)
        chosen = _chosen(boxes, bounds, kinds=kinds, at_most=at_most)
        shapes = extents.read_rows(self.store, layer, chosen)
        columns = boxes.loc[chosen, ["kind"]] if "kind" in boxes else pd.DataFrame(index=chosen)
        return gpd.GeoDataFrame(columns, geometry=shapes)

    def _read_boxes(self, layer: str) -> pd.DataFrame:
        with self._lock:  # squares are asked for several at a time
            if layer not in self._boxes:
                self._boxes[layer] = extents.read_boxes(self.store, layer)
            return self._boxes[layer]


_NOTHING = gpd.GeoDataFrame({"kind": []}, geometry=[], crs="EPSG:4326")


def _chosen(
    boxes: pd.DataFrame, bounds: Bounds, *, kinds: tuple[str, ...], at_most: int
) -> pd.Index[int]:
    west, south, east, north = bounds
    is_chosen = (
        (boxes["west"].to_numpy() <= east)
        & (boxes["east"].to_numpy() >= west)
        & (boxes["south"].to_numpy() <= north)
        & (boxes["north"].to_numpy() >= south)
    )
    if kinds:
        is_chosen &= boxes["kind"].isin(kinds).to_numpy()
    (found,) = np.nonzero(is_chosen)
    if len(found) > at_most:
        some = boxes.iloc[found]
        width, height = some["east"] - some["west"], some["north"] - some["south"]
        size = np.hypot(width.to_numpy(), height.to_numpy())
        found = np.sort(found[np.argsort(-size, kind="stable")[:at_most]])
    return boxes.index[found]
