"""What if: the ward table after one camera is added, moved, turned, broken or repaired.

Only the neighbours of that camera are looked at again. A state is never changed: each edit gives
another one, which shares with the first all that stayed the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import visibility
from analysis.coverage.cameras import Camera, Installed, See, camera_of, check_state, joined
from analysis.coverage.ground import alone_m2
from analysis.coverage.points import Places
from analysis.coverage.scene import Scene
from analysis.coverage.shapes import Floats, Integers, Shapes
from analysis.coverage.streets import seen_m
from analysis.coverage.sums import Sums, count_cameras, rows_of, sum_up, ward_frame
from analysis.coverage.views import (
    N_RANKS,
    Views,
    check_views,
    device_numbers,
    rank_of,
    shapes_on,
)
from analysis.errors import InvalidValueError

Buildings: TypeAlias = gpd.GeoSeries | gpd.GeoDataFrame | visibility.Footprints


@dataclass(frozen=True, kw_only=True)
class State:
    """What cameras see now, ready to be asked what one change would do. Made by ``measure``."""

    scene: Scene
    cameras: gpd.GeoDataFrame
    buildings: Buildings | None
    views: Views
    tree: shapely.STRtree
    sums: Sums
    edits: dict[str, Installed | None]
    see: See | None = None

    def ward_table(self) -> pd.DataFrame:
        """Give the full ward table.

        Returns
        -------
        pandas.DataFrame
            Indexed by ward code: ``name``, the columns of ``ALL_SUMMED`` (square metres, metres,
            counts) and of ``ALL_SHARES`` (0 to 1; NaN where there is nothing to share or the layer
            is not known).
        """
        return ward_frame(self.scene, self.sums)

    def camera(self, camera_id: str) -> Camera:
        """Give a camera as it is in this state.

        Raises
        ------
        InvalidValueError
            No such camera stands.
        """
        return self._installed(camera_id).camera

    def view(self, camera_id: str) -> shapely.Geometry:
        """Give what a camera sees in this state, or would see if it worked.

        Raises
        ------
        InvalidValueError
            No such camera stands.
        """
        return self._installed(camera_id).shape

    def stands(self, camera_id: str) -> bool:
        """Tell whether a camera of that id is installed in this state."""
        return self._find(camera_id) is not None

    def add(self, camera_id: str, camera: Camera) -> State:
        """Put up a camera.

        Raises
        ------
        InvalidValueError
            A camera of that id stands already, or a value is outside what its meaning allows.
        """
        if self._find(camera_id) is not None:
            raise InvalidValueError(column="camera_id", value=camera_id)
        return self._with(camera_id, self._seeing(camera_id, camera))

    def remove(self, camera_id: str) -> State:
        """Take a camera down."""
        self._installed(camera_id)
        return self._with(camera_id, None)

    def move(self, camera_id: str, *, easting_m: float, northing_m: float) -> State:
        """Put a camera somewhere else; it looks the same way."""
        moved = replace(self.camera(camera_id), easting_m=easting_m, northing_m=northing_m)
        return self._with(camera_id, self._seeing(camera_id, moved))

    def turn(self, camera_id: str, *, bearing_deg: float) -> State:
        """Turn a camera where it stands."""
        turned = replace(self.camera(camera_id), bearing_deg=bearing_deg)
        return self._with(camera_id, self._seeing(camera_id, turned))

    def set_state(self, camera_id: str, state: str) -> State:
        """Break or repair a camera: give it another of ``columns.CAMERA_STATES``.

        Raises
        ------
        InvalidValueError
            No such camera stands, or there is no such state.
        """
        check_state(state)
        now = self._installed(camera_id)
        changed = replace(now.camera, state=state)
        return self._with(
            camera_id, replace(now, camera=changed, rank=int(rank_of(pd.Series([state]))[0]))
        )

    def _find(self, camera_id: str) -> Installed | None:
        if camera_id in self.edits:
            return self.edits[camera_id]
        if camera_id not in self.cameras.index:
            return None
        place = self.cameras.index.get_loc(camera_id)
        return Installed(
            camera_of(self.cameras.iloc[place]),
            self.views.shapes[place],
            int(self.views.rank[place]),
            int(self.views.device[place]),
        )

    def _installed(self, camera_id: str) -> Installed:
        found = self._find(camera_id)
        if found is None:
            raise InvalidValueError(column="camera_id", value=camera_id)
        return found

    def _seeing(self, camera_id: str, camera: Camera) -> Installed:
        """Compute what a new or changed camera sees."""
        check_state(camera.state)
        return Installed(
            camera,
            self._drawn(camera) if self.see is None else self.see(camera_id, camera),
            int(rank_of(pd.Series([camera.state]))[0]),
            self._device_of(camera),
        )

    def _drawn(self, camera: Camera) -> shapely.Geometry:
        row = gpd.GeoDataFrame(
            {
                "bearing_deg": [camera.bearing_deg],
                "fov_deg": [camera.fov_deg],
                "range_m": [camera.range_m],
                "height_m": [camera.height_m],
            },
            geometry=[shapely.Point(camera.easting_m, camera.northing_m)],
            crs=self.cameras.crs,
        )
        return visibility.viewsheds(row, buildings=self.buildings).iloc[0]

    def _device_of(self, camera: Camera) -> int:
        """Find the number of a camera's device, a new one where it shares it with none."""
        edited = [one for one in self.edits.values() if one is not None]
        if camera.device_id is not None:
            for one in edited:
                if one.camera.device_id == camera.device_id:
                    return one.device
            if "device_id" in self.cameras.columns:
                same = np.flatnonzero(self.cameras["device_id"] == camera.device_id)
                if len(same):
                    return int(self.views.device[same[0]])
        used = [one.device for one in edited]
        return max([int(self.views.device.max(initial=-1)), *used]) + 1

    def _with(self, camera_id: str, after: Installed | None) -> State:
        before = self._find(camera_id)
        edits = self.edits | {camera_id: after}
        # neighbours are those of the state without this camera, whichever view it has
        alone = replace(self, edits=self.edits | {camera_id: None})
        sums = _changed(self.sums, alone, before, after)
        return replace(self, edits=edits, sums=sums)

    def near(self, shapes: Shapes, *, reach_m: float = 0.0) -> Views:
        """Give the views that come within a distance of any of some shapes."""
        if reach_m > 0:
            found = self.tree.query(shapes, predicate="dwithin", distance=reach_m)[1]
        else:
            found = self.tree.query(shapes, predicate="intersects")[1]
        places = np.unique(found)
        stale = [self.cameras.index.get_loc(i) for i in self.edits if i in self.cameras.index]
        base = self.views.take(places[~np.isin(places, stale)])
        return joined(base, [one for one in self.edits.values() if one is not None])


def measure(
    scene: Scene,
    *,
    cameras: gpd.GeoDataFrame,
    views: gpd.GeoSeries,
    buildings: Buildings | None = None,
    see: See | None = None,
) -> State:
    """Measure what installed cameras see, ready to be asked what one change would do.

    Parameters
    ----------
    scene
        What ``prepare`` made of the layers.
    cameras
        All *installed* cameras on the day, indexed by their id, with ``state``; ``device_id`` where
        several views belong to one device. To be moved or turned they need ``bearing_deg``,
        ``fov_deg`` and ``range_m`` too, and ``height_m`` where it is known, as the views were made
        with.
    views
        What each installed camera sees, or would see if it worked, by id. A camera without a view
        sees nothing.
    buildings
        Footprints that hide what lies behind them, best as ``visibility.index`` made them: for the
        views of cameras that are added, moved or turned.
    see
        Draws those views instead, where more is known of the cameras than a bearing, a field of
        view and a range.

    Returns
    -------
    State
        Its ``ward_table`` has every share; ``add``, ``remove``, ``move``, ``turn`` and
        ``set_state`` give the state after that edit.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or the cameras lack ``state``.
    InvalidValueError
        A camera's id comes twice, a view has no camera, or the layers are not in one system.

    Examples
    --------
    >>> from analysis.coverage.scene import Layers, prepare
    >>> wards = gpd.GeoDataFrame({"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)],
    ...                          index=["W1"], crs="EPSG:5897")
    >>> cameras = gpd.GeoDataFrame({"state": ["working", "broken"]}, index=["C1", "C2"],
    ...     geometry=[shapely.Point(0, 0), shapely.Point(100, 0)], crs="EPSG:5897")
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 50, 100), shapely.box(40, 0, 100, 100)],
    ...                       index=["C1", "C2"], crs="EPSG:5897")
    >>> now = measure(prepare(Layers(wards=wards)), cameras=cameras, views=views)
    >>> now.ward_table().loc["W1", ["covered_area_share", "covered_installed_area_share"]].tolist()
    [0.5, 1.0]
    >>> repaired = now.set_state("C2", "working").ward_table().loc["W1"]
    >>> [round(float(repaired[f"{kind}_area_share"]), 9) for kind in ("covered", "covered_twice")]
    [1.0, 0.1]
    """
    check_views(cameras, views)
    if cameras.crs != scene.wards.crs:
        raise InvalidValueError(column="crs", value=str(cameras.crs), layer="cameras")
    shapes = shapes_on(cameras.index, views)
    everything = Views(shapes, rank_of(cameras["state"]), device_numbers(cameras))
    seen = everything.take(~shapely.is_empty(shapes))
    return State(
        scene=scene,
        cameras=cameras,
        buildings=buildings,
        views=everything,
        tree=shapely.STRtree(shapes),
        sums=sum_up(scene, seen, cameras, with_depth=True),
        edits={},
        see=see,
    )


def _changed(sums: Sums, alone: State, before: Installed | None, after: Installed | None) -> Sums:
    """Take from sums what one camera counted before, and add what it counts after."""
    scene = alone.scene
    views = [[one] if one is not None else [] for one in (before, after)]
    shapes = np.empty(2, dtype=object)
    shapes[:] = [one[0].shape if one else shapely.Polygon() for one in views]
    others = alone.near(shapes)
    old, new = (joined(others, one) for one in views)
    n = scene.n_wards
    street_m = sums.street_m
    if scene.streets is not None:
        touched = scene.streets.take(_touched(scene.streets.tree, shapes))
        street_m = street_m + seen_m(touched, new, n_wards=n) - seen_m(touched, old, n_wards=n)
    places = {
        name: sums.places[name] + _places_changed(at, alone, shapes, views)
        for name, at in scene.places.items()
    }
    rows_m2 = sums.rows_m2
    rows_m2 = (
        rows_m2 + rows_of(new.working_devices(), scene) - rows_of(old.working_devices(), scene)
    )
    return Sums(
        ground_m2=sums.ground_m2 + _ground_changed(scene, others, before, after),
        rows_m2=rows_m2,
        street_m=street_m,
        places=places,
        cameras=sums.cameras + _counted(scene, after) - _counted(scene, before),
    )


def _touched(tree: shapely.STRtree, shapes: Shapes) -> Integers:
    touched: Integers = np.unique(tree.query(shapes, predicate="intersects")[1])
    return touched


def _ground_changed(
    scene: Scene, others: Views, before: Installed | None, after: Installed | None
) -> Floats:
    changed = np.zeros((scene.n_wards, N_RANKS))
    ranks = np.arange(N_RANKS)
    if before is not None and after is not None and before.shape is after.shape:
        counts = (ranks >= after.rank).astype(float) - (ranks >= before.rank)
        return counts * alone_m2(scene.outlines, after.shape, others)
    for one, sign in ((before, -1.0), (after, 1.0)):
        if one is not None:
            added = alone_m2(scene.outlines, one.shape, others)
            changed += sign * (ranks >= one.rank) * added
    return changed


def _places_changed(
    places: Places, alone: State, shapes: Shapes, views: list[list[Installed]]
) -> Floats:
    touched = places.take(np.unique(places.near(shapes)[1]))
    # a wall may be seen from two sides by views that never meet: ask around the places
    others = alone.near(touched.shapes, reach_m=places.reach_m)
    n = alone.scene.n_wards
    before, after = (touched.seen(joined(others, one), n_wards=n) for one in views)
    return after - before


def _counted(scene: Scene, one: Installed | None) -> Floats:
    if one is None:
        return np.zeros((scene.n_wards, N_RANKS))
    row = gpd.GeoDataFrame(
        {"state": [one.camera.state]},
        geometry=[shapely.Point(one.camera.easting_m, one.camera.northing_m)],
        crs=scene.wards.crs,
    )
    return count_cameras(row, scene)
