import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import optics, reach, visibility
from analysis.errors import InvalidValueError
from analysis.reach import Conditions

DETECT = Conditions()


def _camera(**more):
    return pd.DataFrame({"range_m": [np.nan], "fov_deg": [90.0], **more}, index=["C"])


def _sheet(**more):
    return pd.DataFrame({name: [value] for name, value in more.items()}, index=["M"])


def test_the_stated_range_wins_over_the_sheet_and_the_sheet_over_pixels():
    sheet = _sheet(detect_m=50.0, pixels_across=2000)
    stated = reach.reach(
        _camera(model_id=["M"]).assign(range_m=60.0), models=sheet, conditions=DETECT
    )
    printed = reach.reach(_camera(model_id=["M"]), models=sheet, conditions=DETECT)
    computed = reach.reach(
        _camera(model_id=["M"]), models=_sheet(pixels_across=2000), conditions=DETECT
    )
    unknown = reach.reach(_camera(), conditions=DETECT)
    assert stated.loc["C", ["range_m", "source"]].tolist() == [60.0, "stated"]
    assert printed.loc["C", ["range_m", "source"]].tolist() == [50.0, "printed"]
    assert computed.loc["C", "source"] == "computed"
    # 90° is wide: pixels over the arc; the conservative 2000 / (2·tan 45°·25) stands beside it
    assert computed.loc["C", "range_m"] == pytest.approx(2000 / (np.pi / 2 * 25))
    assert computed.loc["C", "conservative_m"] == pytest.approx(40.0)
    assert unknown.loc["C", "source"] == "unknown"
    assert np.isnan(unknown.loc["C", "range_m"])


def test_a_printed_level_is_taken_as_printed_and_one_of_2025_is_scaled_from_detection():
    sheet = _sheet(detect_m=68.0, recognise_m=13.0)
    cameras = _camera(model_id=["M"])
    old = reach.reach(cameras, models=sheet, conditions=Conditions(level="recognise"))
    new = reach.reach(
        cameras, models=sheet, conditions=Conditions(level="validate", edition="2025")
    )
    assert old.loc["C", "range_m"] == 13.0
    assert new.loc["C", "range_m"] == pytest.approx(68 / 20)


def test_by_night_nothing_is_seen_beyond_the_lamp_and_by_day_the_lamp_does_not_matter():
    cameras = _camera(model_id=["M"]).assign(range_m=60.0)
    sheet = _sheet(lamp_m=30.0)
    day = reach.reach(cameras, models=sheet, conditions=DETECT)
    night = reach.reach(cameras, models=sheet, conditions=Conditions(is_night=True))
    dark = reach.reach(cameras, conditions=Conditions(is_night=True))
    assert (day.loc["C", "range_m"], night.loc["C", "range_m"]) == (60.0, 30.0)
    assert (dark.loc["C", "range_m"], bool(dark.loc["C", "is_lamp_known"])) == (60.0, False)


def test_on_a_mast_the_ground_is_nearer_than_the_line_of_sight():
    found = reach.reach(_camera(height_m=[3.0]).assign(range_m=5.0), conditions=DETECT)
    assert found.loc["C", "range_m"] == 4.0
    short = reach.reach(_camera(height_m=[6.0]).assign(range_m=5.0), conditions=DETECT)
    assert short.loc["C", "range_m"] == 0.0


def test_the_tilt_limits_are_those_of_the_single_camera_formula():
    sheet = _sheet(vertical_fov_deg=30.0)
    cameras = _camera(model_id=["M"], height_m=[4.0], tilt_deg=[30.0]).assign(range_m=60.0)
    found = reach.reach(cameras, models=sheet, conditions=DETECT).loc["C"]
    near, far = optics.ground_limits_m(height_m=4, tilt_deg=30, vertical_fov_deg=30)
    assert (found["near_m"], found["range_m"]) == pytest.approx((near, far))
    assert found["is_tilt_limited"]
    level = reach.reach(cameras.assign(tilt_deg=11.31), models=_sheet(vertical_fov_deg=55.0),
                        conditions=DETECT).loc["C"]  # fmt: skip
    assert level["near_m"] == pytest.approx(4 / 3 * 3.73, abs=0.01)  # worked number for 3 m: 3.73
    assert level["range_m"] == pytest.approx(np.sqrt(60**2 - 4**2))


@pytest.mark.parametrize(
    ("column", "value"),
    [("range_m", -1.0), ("fov_deg", 0.0), ("fov_deg", 400.0), ("height_m", -2.0),
     ("tilt_deg", 95.0)],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_camera(column, value):
    cameras = _camera(height_m=[4.0], tilt_deg=[10.0]).assign(**{column: value})
    with pytest.raises(InvalidValueError) as caught:
        reach.reach(cameras, conditions=DETECT)
    assert caught.value.facts["ids"] == ["C"]
    assert caught.value.facts["column"] == column


def test_the_blind_foot_of_the_mast_is_a_smaller_sector():
    cameras = gpd.GeoDataFrame(
        {"bearing_deg": [350.0], "fov_deg": [90.0], "range_m": [60.0]},
        geometry=[shapely.Point(0, 0)], crs="EPSG:5897", index=["C"],
    )  # fmt: skip
    views = visibility.viewsheds(cameras)
    left = reach.without_near(views, cameras=cameras, near_m=pd.Series([6.0], index=["C"]))
    assert left["C"].area == pytest.approx(np.pi * (60**2 - 6**2) / 4, rel=1e-4)
    assert left["C"].is_valid
    assert not left["C"].intersects(shapely.Point(0, 1))
    assert left["C"].covers(shapely.Point(0, 30))


def test_no_camera_at_all_gives_an_empty_table():
    empty = pd.DataFrame({"range_m": [], "fov_deg": []}, dtype=float)
    assert reach.reach(empty, conditions=DETECT).empty


def test_a_fisheye_whose_field_is_all_round_reaches_as_far_as_its_circle_of_pixels_says():
    camera = _camera(kind=["fisheye"], height_m=[3.0]).assign(fov_deg=360.0)
    sheet = pd.DataFrame({"pixels_across": [2000.0]}, index=["M"])
    found = reach.reach(camera.assign(model_id="M"), models=sheet, conditions=DETECT)
    assert found["source"].tolist() == ["computed"]
    # the density of an image circle at ground distance r: (circle / π) / √(r² + h²)
    assert 2000 / np.pi / np.hypot(found["range_m"].iloc[0], 3.0) == pytest.approx(25.0)
    assert found["conservative_m"].isna().all()  # a lens of half a turn has no straight one
    high = reach.reach(
        camera.assign(model_id="M", height_m=9.0),
        models=sheet,
        conditions=Conditions(level="identify"),
    )
    assert high["range_m"].tolist() == [0.0]  # 2.5 m in the line of sight, from a mast of 9 m


def test_the_conservative_distance_stands_under_the_same_mast_lamp_and_tilt():
    sheet = _sheet(pixels_across=2000, detect_m=80.0, lamp_m=30.0, vertical_fov_deg=30.0)
    camera = _camera(model_id=["M"], height_m=[3.0])  # 90°: 2000 / (2·tan 45°·25) = 40 m
    by_day = reach.reach(camera, models=sheet, conditions=DETECT).loc["C"]
    assert by_day["range_m"] == pytest.approx(np.sqrt(80**2 - 3**2))
    assert by_day["conservative_m"] == pytest.approx(np.sqrt(40**2 - 3**2))
    by_night = reach.reach(camera, models=sheet, conditions=Conditions(is_night=True)).loc["C"]
    assert by_night["conservative_m"] == pytest.approx(np.sqrt(30**2 - 3**2))
    tilted = reach.reach(camera.assign(tilt_deg=30.0), models=sheet, conditions=DETECT).loc["C"]
    assert tilted["conservative_m"] == pytest.approx(3 / np.tan(np.radians(15)))


def test_a_plate_is_read_no_farther_than_pixels_allow_whatever_the_register_states():
    plate = Conditions(level="plate_car", edition="plates")
    density = 170 / 0.52
    cameras = _camera(model_id=["M"]).assign(range_m=100.0)
    bounded = reach.reach(cameras, models=_sheet(pixels_across=2000), conditions=plate)
    assert bounded.loc["C", "range_m"] == pytest.approx(2000 / (2 * density))  # tan 45° is 1
    ample = reach.reach(cameras, models=_sheet(pixels_across=8000), conditions=plate)
    assert ample.loc["C", "range_m"] == pytest.approx(100 * 25 / density)
    alone = reach.reach(cameras, conditions=plate)
    assert alone.loc["C", "range_m"] == pytest.approx(100 * 25 / density)


@pytest.mark.parametrize("share", [0.8, 1.2, 3.0])
def test_a_computed_distance_taken_longer_still_ends_where_lamp_mast_and_image_end(share):
    # 60° is narrow: 1500 / (2·tan 30°·25) = 52 m
    sight = 1500 / (2 * np.tan(np.radians(30)) * 25) * share
    camera = _camera(model_id=["M"], height_m=[4.0]).assign(fov_deg=60.0)
    sheet = _sheet(pixels_across=1500, lamp_m=50.0, vertical_fov_deg=30.0)
    day = reach.reach(camera, models=sheet, conditions=DETECT, computed_share=share)
    night = reach.reach(
        camera, models=sheet, conditions=Conditions(is_night=True), computed_share=share
    )
    tilted = reach.reach(
        camera.assign(tilt_deg=20.0), models=sheet, conditions=DETECT, computed_share=share
    )
    assert day.loc["C", "range_m"] == pytest.approx(np.sqrt(sight**2 - 4**2))
    assert night.loc["C", "range_m"] == pytest.approx(np.sqrt(min(sight, 50) ** 2 - 4**2))
    far = 4 / np.tan(np.radians(5))
    assert tilted.loc["C", "range_m"] == pytest.approx(min(np.sqrt(sight**2 - 4**2), far))
    stated = reach.reach(
        camera.assign(range_m=60.0), models=sheet, conditions=DETECT, computed_share=share
    )
    assert stated.loc["C", "range_m"] == pytest.approx(np.sqrt(60**2 - 4**2))
