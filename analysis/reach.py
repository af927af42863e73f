"""How far and how near each camera sees the ground at a level, by day or by night.

From what is known of a camera: its stated range, the sheet of its model, or pixels and field of
view; then its mast, its tilt and its lamp. METHODS.md, section Reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import optics
from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

SOURCES = ("stated", "printed", "computed", "unknown")
"""Where a range comes from: the camera's own register, its model's data sheet, pixels and field of
view, or nowhere."""

MODEL_COLUMNS = (
    "pixels_across",
    "vertical_fov_deg",
    "detect_m",
    "observe_m",
    "recognise_m",
    "identify_m",
    "lamp_m",
)
"""What is taken from a camera's model, when it is known."""

FISHEYE = "fisheye"
"""The kind of camera that looks down and sees all round."""

COMPUTED_ERROR_SHARE = 0.2
"""How far a computed range may be off: 26 of 27 printed distances lie within it."""

CHORDS_TO_A_QUARTER = 18

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What is asked of the cameras.

    Parameters
    ----------
    level, edition
        Level of detail and edition of IEC 62676-4.
    is_night
        Without daylight: no camera sees farther than its own lamp, where that is known.
    """

    level: str = optics.RANGE_LEVEL
    edition: str = optics.RANGE_EDITION
    is_night: bool = False


def reach(
    cameras: pd.DataFrame,
    *,
    models: pd.DataFrame | None = None,
    conditions: Conditions,
    computed_share: float = 1.0,
) -> pd.DataFrame:
    """Tell between which ground distances each camera reaches a level.

    Parameters
    ----------
    cameras
        ``range_m`` (detection distance in the line of sight, or missing), ``fov_deg``; where they
        are known ``height_m``, ``tilt_deg``, ``model_id`` and ``kind``.
    models
        Data sheets by ``model_id``, with any of ``MODEL_COLUMNS``; None: none is known.
    conditions
        Level, edition, day or night. At a number plate, what pixels and field of view allow in the
        worst part of the image bounds a stated or printed distance too.
    computed_share
        What a computed distance is taken times; lamp, mast and tilt bound it all the same.

    Returns
    -------
    pandas.DataFrame
        On the cameras' index: ``range_m``, the far limit on the ground (NaN where nothing is known,
        0 where the level is reached nowhere); ``near_m``, the near one (0 where tilt, height or
        vertical field of view is missing); ``source``, one of ``SOURCES``; ``conservative_m``, the
        far limit that pixels and a rectilinear lens give, under the same mast, lamp and tilt (NaN
        where they are missing, or the field is half a turn and more); ``is_lamp_known``;
        ``is_tilt_limited``, when the image ends before the range.

    Raises
    ------
    MissingColumnsError
        The cameras lack ``range_m`` or ``fov_deg``.
    InvalidValueError
        An unknown level or edition, or a range, field of view or height that cannot be; the facts
        carry the ids.

    Examples
    --------
    >>> cameras = pd.DataFrame({"range_m": [60.0, None], "fov_deg": [90.0, 90.0],
    ...                         "model_id": ["M", "M"], "height_m": [None, 6.0]}, index=["A", "B"])
    >>> sheet = pd.DataFrame({"detect_m": [68.0], "recognise_m": [13.0], "lamp_m": [30.0]},
    ...                      index=["M"])
    >>> found = reach(cameras, models=sheet, conditions=Conditions(level="recognise"))
    >>> found["range_m"].round(2).tolist(), found["source"].tolist()
    ([12.0, 11.53], ['stated', 'printed'])
    >>> night = reach(cameras, models=sheet, conditions=Conditions(is_night=True))
    >>> night["range_m"].round(2).tolist()
    [30.0, 29.39]
    """
    check_columns(cameras, ["range_m", "fov_deg"], name="cameras")
    known = _with_sheets(cameras, models)
    _check(known)
    density = optics.pixels_per_m(conditions.level, edition=conditions.edition)
    stated = known["range_m"] * (25.0 / density)
    printed = _printed(known, conditions, density)
    computed = _computed(known, density)
    sight = stated.fillna(printed).fillna(computed["usual"] * computed_share)
    source = np.select(
        [stated.notna(), printed.notna(), computed["usual"].notna()], SOURCES[:3], SOURCES[3]
    )
    if conditions.edition == optics.PLATES_EDITION:
        sight = sight.clip(upper=computed["rectilinear"].fillna(np.inf))
    near, far = _tilt_limits(known)
    ground = _on_the_ground(sight, known, conditions)
    careful = _on_the_ground(computed["rectilinear"], known, conditions)
    return pd.DataFrame(
        {
            "range_m": ground.clip(upper=far),
            "near_m": near,
            "source": pd.Series(source, index=cameras.index, dtype=object),
            "conservative_m": careful.clip(upper=far),
            "is_lamp_known": known["lamp_m"].notna(),
            "is_tilt_limited": far < ground,
        },
        index=cameras.index,
    )


def without_near(
    views: gpd.GeoSeries, *, cameras: gpd.GeoDataFrame, near_m: pd.Series[float]
) -> gpd.GeoSeries:
    """Take from each view the blind ground at the foot of the mast.

    Parameters
    ----------
    views
        What each camera sees, in a metric system.
    cameras
        The points, on the views' index.
    near_m
        Near limits in metres, on the same index; 0 takes nothing.

    Returns
    -------
    geopandas.GeoSeries
        On the views' index, valid, never missing.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The views are not in metres.

    Examples
    --------
    >>> here = gpd.GeoSeries([shapely.Point(0, 0)], crs="EPSG:5897")
    >>> views = here.buffer(10, quad_segs=64)
    >>> left = without_near(views, cameras=here.to_frame("geometry"), near_m=pd.Series([5.0]))
    >>> bool(abs(left[0].area / views[0].area - 0.75) < 1e-3)
    True
    """
    check_metric(views, name="views")
    near = near_m.reindex(views.index).to_numpy(dtype=float)
    shapes = np.asarray(views.array, dtype=object).copy()
    is_cut = near > 0
    if is_cut.any():
        points = np.asarray(cameras.geometry.reindex(views.index).array, dtype=object)[is_cut]
        step = np.pi / 2 / CHORDS_TO_A_QUARTER
        # a circle of chords on this radius has the area of the true one
        radius = near[is_cut] * np.sqrt(step / np.sin(step))
        blind = shapely.buffer(points, radius, quad_segs=CHORDS_TO_A_QUARTER)
        shapes[is_cut] = shapely.difference(shapes[is_cut], blind)
    return gpd.GeoSeries(shapes, index=views.index, crs=views.crs, name=views.name)


def _with_sheets(cameras: pd.DataFrame, models: pd.DataFrame | None) -> pd.DataFrame:
    """Give each camera the numbers of its model, all as floats, NaN where unknown."""
    numbers = pd.DataFrame(index=cameras.index)
    kind = cameras["kind"] if "kind" in cameras.columns else pd.Series(None, index=cameras.index)
    for column in ("range_m", "fov_deg", "height_m", "tilt_deg"):
        given = cameras[column] if column in cameras.columns else np.nan
        numbers[column] = pd.to_numeric(pd.Series(given, index=cameras.index), errors="coerce")
    sheets = pd.DataFrame(index=[]) if models is None else models
    model = (
        cameras["model_id"]
        if "model_id" in cameras.columns
        else pd.Series(None, index=cameras.index, dtype=object)
    )
    for column in MODEL_COLUMNS:
        if column in sheets.columns and len(sheets):
            numbers[column] = pd.to_numeric(model.map(sheets[column]), errors="coerce")
        else:
            numbers[column] = np.nan
    # the pixels of a fisheye lie across a circle that shows half a turn, whichever way
    numbers["angle_deg"] = numbers["fov_deg"].mask(kind.eq(FISHEYE).fillna(False), 180.0)
    return numbers.astype(float)


def _check(known: pd.DataFrame) -> None:
    broken = {
        "range_m": (known["range_m"] < 0) | np.isinf(known["range_m"]),
        "fov_deg": (known["fov_deg"] <= 0) | (known["fov_deg"] > 360),
        "height_m": (known["height_m"] < 0) | np.isinf(known["height_m"]),
        "tilt_deg": known["tilt_deg"].abs() > 90,
    }
    for column, is_broken in broken.items():
        if is_broken.any():
            ids = known.index[is_broken].tolist()
            raise InvalidValueError(column=column, value=known.loc[ids[0], column], ids=ids)


def _printed(known: pd.DataFrame, conditions: Conditions, density: float) -> pd.Series[float]:
    """Take the printed distance of the level itself, else scale the detection distance."""
    scaled = known["detect_m"] * (25.0 / density)
    column = f"{conditions.level}_m"
    if conditions.edition == "2014" and column in MODEL_COLUMNS:
        return known[column].fillna(scaled)
    return scaled


def _computed(known: pd.DataFrame, density: float) -> pd.DataFrame:
    angle = np.radians(known["angle_deg"])
    is_straight = known["angle_deg"] < optics.STRAIGHT_DEG
    rectilinear = known["pixels_across"] / (2 * np.tan(angle.where(is_straight) / 2) * density)
    f_theta = known["pixels_across"] / (angle * density)
    usual = f_theta.where(known["angle_deg"] > optics.WIDE_FOV_DEG, rectilinear)
    return pd.DataFrame({"rectilinear": rectilinear, "usual": usual})


def _on_the_ground(
    sight: pd.Series[float], known: pd.DataFrame, conditions: Conditions
) -> pd.Series[float]:
    """Shorten a line of sight to what the lamp lights, and give it along the ground."""
    lit = sight.clip(upper=known["lamp_m"].fillna(np.inf)) if conditions.is_night else sight
    ground: pd.Series[float] = (lit**2 - known["height_m"].fillna(0.0) ** 2).clip(lower=0.0) ** 0.5
    return ground


def _tilt_limits(known: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Give the near and far ground of the image; 0 and endless where it is not known."""
    lower = known["tilt_deg"] + known["vertical_fov_deg"] / 2
    upper = known["tilt_deg"] - known["vertical_fov_deg"] / 2
    height = known["height_m"]
    is_known = lower.notna() & height.notna()
    near: pd.Series[float] = height / np.tan(np.radians(lower))
    far: pd.Series[float] = height / np.tan(np.radians(upper))
    return (
        near.where(is_known & (lower > 0) & (lower < 90), 0.0),
        far.where(is_known & (upper > 0), np.inf),
    )
