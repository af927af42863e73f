"""What hangs on each pole: model, mounting, recorder and price."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.models import MEGAPIXELS, read_models
from data.demo.streams import stream

SENSORS = np.array(["2", "4", "8"])
LENSES = np.array(["2.8", "4", "6"])
"""Parts of the names of fixed models: megapixels, and focal length in mm."""

NOT_MADE = {"VL-2-6": "VL-2-4", "VL-8-6": "VL-8-4"}
"""Pairs of sensor and lens that no model has, and what is bought instead."""

N_PLATE_READERS = 14
N_VIEWS_SHARED = 14
"""By how many the cameras exceed the devices: a multi-sensor device is one camera a view."""

RETENTION_DAYS = np.array([7, 15, 30, np.nan])
RETENTION_SHARES = (0.15, 0.45, 0.28, 0.12)
"""How long recorders keep pictures; of some nobody knows."""

HOMES_KNOWN_SHARE = 0.85
"""Of how many PTZ cameras the home position is noted."""

BEARING_ERRORS_DEG = np.array([np.nan, 3, 5, 15])
BEARING_ERROR_SHARES = (0.6, 0.2, 0.1, 0.1)
"""How well bearings are known: mostly nobody noted it, some were guessed from a map."""


def equip(cameras: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give each camera its model, and what follows from it.

    ``fov_deg`` and ``range_m`` are the model's; the bearing of a PTZ is that of its home position,
    which of some nobody noted, and its field of view that of one moment. Views of a multi-sensor
    device share ``device_id`` and its price.

    Parameters
    ----------
    cameras
        ``camera_id``, ``easting``, ``northing``, ``bearing_deg``, ``wave``, ``installed_on``,
        ``ward_code``, ``is_junction``, ``is_artery``.
    seed
        The demo city's seed.

    Returns
    -------
    pandas.DataFrame
        The same cameras without the last two columns, with those of the store.
    """
    equipped = cameras.drop(columns=["is_junction", "is_artery"])
    is_new = cameras["wave"].to_numpy() > "2022"
    equipped["model_id"], equipped["device_id"] = _choose(cameras, is_new, seed)
    model = read_models().loc[equipped["model_id"]]
    for name in ("kind", "focal_mm", "fov_deg"):
        equipped[name] = model[name].to_numpy()
    equipped["range_m"] = model["detect_m"].to_numpy()
    equipped["resolution_mp"] = model["pixels_across"].map(MEGAPIXELS).to_numpy()
    equipped = _mount(equipped, stream(seed, "mounting"))
    return _buy(equipped, model["cost"].to_numpy(), is_new, stream(seed, "purchases"))


def _choose(
    cameras: pd.DataFrame, is_new: npt.NDArray[np.bool_], seed: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Choose a model for each camera, and name the devices that have several views."""
    rng = stream(seed, "equipment")
    n = len(cameras)
    lens = rng.choice(3, n, p=[0.28, 0.52, 0.2])
    sensor = np.where(
        is_new, rng.choice(3, n, p=[0.2, 0.6, 0.2]), rng.choice(3, n, p=[0.75, 0.23, 0.02])
    )
    fixed = [f"VL-{mp}-{mm}" for mp, mm in zip(SENSORS[sensor], LENSES[lens], strict=True)]
    model = np.array([NOT_MADE.get(name, name) for name in fixed], dtype=object)
    draw = rng.random(n)
    turning = np.where(cameras["is_junction"], 0.1, 0.04)
    model[draw < turning + 0.04] = "VL-D4-2.8"
    model[draw < turning + 0.015] = "VL-FE"
    model[draw < turning] = "VL-PTZ"
    device = np.full(n, None, dtype=object)
    for heads in _shared_poles(cameras, is_new, rng):
        model[heads] = "VL-MS-4"
        device[heads] = "DA-" + str(cameras["camera_id"].iloc[heads[0]])
    on_road = np.flatnonzero(cameras["is_artery"].to_numpy() & is_new & pd.isna(device))
    model[rng.choice(on_road, N_PLATE_READERS, replace=False)] = "VL-BS-12"
    return model, device


def _shared_poles(
    cameras: pd.DataFrame, is_new: npt.NDArray[np.bool_], rng: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Pick poles whose heads are the views of one device, put up on one day."""
    keys = ["easting", "northing", "wave", "installed_on"]
    poles = cameras[is_new].groupby(keys, sort=True).indices
    at = np.flatnonzero(is_new)
    several = [at[heads] for heads in poles.values() if 2 <= len(heads) <= 4]
    picked: list[npt.NDArray[np.int64]] = []
    n_left = N_VIEWS_SHARED
    for k in rng.permutation(len(several)):
        if len(several[k]) - 1 <= n_left:
            picked.append(several[k])
            n_left -= len(several[k]) - 1
        if not n_left:
            break
    return picked


def _mount(cameras: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Fix the cameras at a height and a tilt; some tilts and many bearings' errors are not noted.

    The axis meets the ground at about two fifths of the range; a fisheye looks straight down.
    """
    n = len(cameras)
    kind = cameras["kind"].to_numpy()
    height = np.where(kind == "ptz", rng.uniform(5, 6, n), rng.uniform(4, 6, n))
    height = np.where(pd.notna(cameras["device_id"]), 5.0, np.where(kind == "fisheye", 5.0, height))
    tilt = np.degrees(np.arctan(height / (0.4 * cameras["range_m"].to_numpy())))
    tilt = tilt * np.exp(rng.normal(0, 0.15, n).clip(-0.4, 0.4))
    tilt = np.select([kind == "fisheye", kind == "ptz"], [90.0, np.nan], tilt)
    tilt[(rng.random(n) < 0.15) & (kind != "fisheye")] = np.nan
    error = rng.choice(BEARING_ERRORS_DEG, n, p=BEARING_ERROR_SHARES)
    is_aimless = (kind == "fisheye") | ((kind == "ptz") & (rng.random(n) >= HOMES_KNOWN_SHARE))
    return cameras.assign(
        height_m=height.round(1),
        tilt_deg=tilt.round(1),
        bearing_deg=np.where(is_aimless, np.nan, cameras["bearing_deg"].round(1) % 360),
        bearing_error_deg=np.where(is_aimless | (kind == "ptz"), np.nan, error),
    )


def _buy(
    cameras: pd.DataFrame,
    price: npt.NDArray[np.int64],
    is_new: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Say who paid, what it cost and how long its recorder keeps; old bills are often lost."""
    n = len(cameras)
    paid_by_state = rng.random(n) < np.where(is_new, 0.42, 0.7)
    views = cameras.groupby("device_id")["camera_id"].transform("size").fillna(1).to_numpy()
    paid = price * rng.uniform(0.92, 1.1, n) / views
    cost = pd.array((paid / 1e5).round().astype(np.int64) * 100_000, dtype="Int64")
    cost[~is_new & ~paid_by_state & (rng.random(n) < 0.5)] = pd.NA
    recorder = (cameras["ward_code"] + " " + cameras["wave"]).to_numpy(dtype=object)
    names, which = np.unique(recorder.astype(str), return_inverse=True)
    kept = rng.choice(RETENTION_DAYS, len(names), p=RETENTION_SHARES)[which]
    return cameras.assign(
        funding=np.where(paid_by_state, "state_budget", "socialised"),
        cost=cost,
        retention_days=pd.array(kept, dtype="Int64"),
    )
