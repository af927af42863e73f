"""What each installed camera sees as of a day: the layers behind it, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from analysis import coverage, levels, looking, optics, reach, visibility
from analysis.columns import WORKING_STATES
from analysis.looking import Assumption, Looks
from analysis.reach import Conditions
from data import catalogue, layers
from data.store import Store


@dataclass(frozen=True, kw_only=True)
class LooksRequest:
    """What to compute.

    Parameters
    ----------
    on
        The day: cameras that stood on it.
    until
        Also those that came later, up to this day, each in its state of its first one.
    level, edition
        Level of detail and edition of IEC 62676-4.
    night
        Without daylight: as far as the lamps reach.
    occlusion
        Let buildings hide what lies behind them, where buildings are loaded.
    """

    on: date
    until: date | None = None
    level: str = optics.RANGE_LEVEL
    edition: str = optics.RANGE_EDITION
    night: bool = False
    occlusion: bool = True

    @property
    def conditions(self) -> Conditions:
        """Level, edition, day or night."""
        return Conditions(level=self.level, edition=self.edition, is_night=self.night)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What stands between a camera and the ground, in metres, ready for many questions.

    ``footprints`` is None where no building is loaded.
    """

    buildings: gpd.GeoDataFrame
    footprints: visibility.Footprints | None


@dataclass(frozen=True, kw_only=True)
class Seeing:
    """What the installed cameras see, or would see if they worked.

    Parameters
    ----------
    request
        What was asked.
    cameras
        All installed cameras in metres, with their state, ``range_m`` as reached on the ground.
    looks
        Views, tours and reach of each.
    footprints
        What hid the ground; None when nothing did.
    """

    request: LooksRequest
    cameras: gpd.GeoDataFrame
    looks: Looks
    footprints: visibility.Footprints | None
    models: pd.DataFrame

    def view_of(self, camera_id: str, camera: coverage.Camera) -> shapely.Geometry:
        """Draw a camera that was added, moved or turned, with its own mast and blind foot.

        One of unknown range sees nothing, and neither does one that turns and has no home position,
        wherever it is put.
        """
        is_aimless = math.isnan(camera.bearing_deg) or math.isnan(camera.fov_deg)
        is_turning = self.cameras["kind"].get(camera_id) == looking.PTZ
        if math.isnan(camera.range_m) or (is_turning and is_aimless):
            return shapely.Polygon()
        row = gpd.GeoDataFrame(
            {
                "bearing_deg": [camera.bearing_deg],
                "fov_deg": [camera.fov_deg],
                "range_m": [camera.range_m],
                "height_m": [self.cameras["height_m"].get(camera_id)],
            },
            geometry=[shapely.Point(camera.easting_m, camera.northing_m)],
            index=[camera_id],
            crs=self.cameras.crs,
        )
        view = visibility.viewsheds(row, buildings=self.footprints)
        near_m = self.looks.reach["near_m"].reindex([camera_id]).fillna(0.0)
        return reach.without_near(view, cameras=row, near_m=near_m).iloc[0]

    def again(self, assume: Assumption) -> Looks:
        """Draw the same cameras under another assumption of what is not known."""
        return looking.look(
            self.cameras.assign(range_m=self.cameras["stated_range_m"]),
            conditions=self.request.conditions,
            models=self.models,
            buildings=self.footprints,
            assume=assume,
        )


@dataclass(frozen=True, kw_only=True)
class Doubts:
    """How many working cameras are known less well than they should be.

    Parameters
    ----------
    n_without_range
        Nobody says how far they see: counted as seeing nothing.
    n_all_round
        The direction is unknown: drawn as a disc, which flatters them.
    n_bearing_error
        The direction is known only within some degrees.
    n_computed
        The range is computed from pixels and field of view, not stated and not printed.
    n_turning, n_without_home
        Cameras that turn, and those of them without a known home position, which count as seeing
        nothing.
    n_without_lamp
        By night: the lamp's reach is unknown, the day's range stands.
    n_snapped, n_inside
        Cameras moved to the wall of the house they stood in, and those too deep inside one to see.
    """

    n_without_range: int = 0
    n_all_round: int = 0
    n_bearing_error: int = 0
    n_computed: int = 0
    n_turning: int = 0
    n_without_home: int = 0
    n_without_lamp: int = 0
    n_snapped: int = 0
    n_inside: int = 0


FACTS = ("range_m", "near_m", "source", "conservative_m", "is_lamp_known", "is_tilt_limited")
"""What ``analysis.reach.reach`` tells of each camera."""


def facts(seeing: Seeing) -> pd.DataFrame:
    """Tell of each installed camera how far it sees, and how sure that is.

    Returns
    -------
    pandas.DataFrame
        On the cameras' index: ``state``, ``ward_code``; ``bearing_deg``, ``bearing_error_deg`` and
        ``fov_deg`` as known; ``range_m``, ``near_m``, ``source``, ``conservative_m``,
        ``is_lamp_known`` and ``is_tilt_limited`` as ``analysis.reach.reach``; ``is_all_round``: the
        direction is not known and the view was drawn as a disc; and for each of
        ``analysis.levels.PLATES`` how far away on the ground such a plate can be read,
        ``plate_car_m`` and ``plate_motorbike_m``.
    """
    cameras = seeing.cameras
    known = pd.DataFrame(cameras.drop(columns="geometry"))
    columns = ["state", "ward_code", "bearing_deg", "bearing_error_deg", "fov_deg"]
    return pd.concat(
        [
            known[columns],
            seeing.looks.reach[[*FACTS, "is_all_round"]],
            _plates(
                known.assign(range_m=known["stated_range_m"]), seeing.models, seeing.request.night
            ),
        ],
        axis="columns",
    )


def reaches(store: Store, request: LooksRequest) -> pd.DataFrame:
    """Tell how far the cameras of a day see, without drawing what stands in their way.

    Returns
    -------
    pandas.DataFrame
        By camera_id: ``FACTS`` and the plates, as ``facts``.
    """
    cameras = layers.read_cameras(store, on=request.on)
    models = catalogue.read_models(store)
    known = pd.DataFrame(looking.with_lenses(cameras, models=models).drop(columns="geometry"))
    found = reach.reach(known, models=models, conditions=request.conditions)
    return found[list(FACTS)].join(_plates(known, models, request.night))


def _plates(known: pd.DataFrame, models: pd.DataFrame, night: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            f"{plate}_m": reach.reach(
                known,
                models=models,
                conditions=Conditions(level=plate, edition=levels.PLATES_EDITION, is_night=night),
            )["range_m"]
            for plate in levels.PLATES
        },
        index=known.index,
    )


def ground(store: Store) -> Ground:
    """Read the buildings and prepare them; about a CPU second for 58,000."""
    buildings = layers.read_shapes(store, "buildings").to_crs(store.properties.metric_crs)
    footprints = visibility.index(buildings) if len(buildings) else None
    return Ground(buildings=buildings, footprints=footprints)


def answer(store: Store, request: LooksRequest, *, ground: Ground) -> Seeing:
    """Compute what each camera sees that stood on a day.

    Raises
    ------
    InvalidValueError
        An unknown level or edition, or a camera that cannot be.
    """
    cameras = _standing(store, request).to_crs(store.properties.metric_crs)
    models = catalogue.read_models(store)
    cameras = looking.with_lenses(cameras, models=models)
    footprints = ground.footprints if request.occlusion else None
    looks = looking.look(
        cameras, conditions=request.conditions, models=models, buildings=footprints
    )
    reached = cameras.assign(
        stated_range_m=cameras["range_m"], range_m=looks.reach["range_m"].astype(float)
    )
    return Seeing(
        request=replace(request, occlusion=footprints is not None),
        cameras=reached,
        looks=looks,
        footprints=footprints,
        models=models,
    )


def _standing(store: Store, request: LooksRequest) -> gpd.GeoDataFrame:
    """Read the cameras of the day, and of the days after it that are asked about."""
    last = max(request.on, request.until or request.on)
    days = [day.date() for day in pd.date_range(request.on, last)]
    found = layers.read_cameras_of_days(store, days)
    cameras = found[request.on]
    for day in days[1:]:
        came = found[day][~found[day].index.isin(cameras.index)]
        if len(came):
            cameras = gpd.GeoDataFrame(pd.concat([cameras, came]), crs=cameras.crs)
    return cameras


def doubts(seeing: Seeing) -> Doubts:
    """Count what is not known of the working cameras."""
    cameras = seeing.cameras[seeing.cameras["state"].isin(WORKING_STATES)]
    reach = seeing.looks.reach.loc[cameras.index]
    is_turning = cameras["kind"].eq(looking.PTZ).fillna(False).astype(bool)
    is_aimless = cameras["bearing_deg"].isna() | cameras["fov_deg"].isna()
    mounts = pd.Series("free", index=cameras.index)
    if seeing.footprints is not None and len(cameras):
        mounts = visibility.mount_status(cameras, buildings=seeing.footprints)
    return Doubts(
        n_without_range=int((reach["source"] == "unknown").sum()),
        n_all_round=int(reach["is_all_round"].sum()),
        n_bearing_error=int((cameras["bearing_error_deg"].astype(float) > 0).sum()),
        n_computed=int((reach["source"] == "computed").sum()),
        n_turning=int(is_turning.sum()),
        n_without_home=int((is_turning & is_aimless).sum()),
        n_without_lamp=int((~reach["is_lamp_known"]).sum()) if seeing.request.night else 0,
        n_snapped=int((mounts == "snapped").sum()),
        n_inside=int((mounts == "inside").sum()),
    )
