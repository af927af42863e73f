import numpy as np
import pandas as pd
import pytest

from analysis import optics
from analysis.errors import InvalidValueError


def test_levels_of_the_2014_edition_are_the_printed_ones():
    assert dict(optics.LEVELS["2014"]) == {
        "detect": 25,
        "observe": 62.5,
        "recognise": 125,
        "identify": 250,
    }


def test_distances_at_finer_levels_are_the_detection_range_over_two_and_a_half_five_and_ten():
    ranges = {
        level: optics.range_at_level(68.0, level=level)
        for level in ("detect", "observe", "recognise", "identify")
    }
    assert ranges == pytest.approx(
        {"detect": 68, "observe": 68 / 2.5, "recognise": 68 / 5, "identify": 68 / 10}
    )


def test_a_column_of_ranges_keeps_its_index_and_is_not_changed():
    ranges = pd.Series([50.0, 100.0], index=["A", "B"])
    shorter = optics.range_at_level(ranges, level="observe")
    assert shorter.to_dict() == {"A": 20.0, "B": 40.0}
    assert ranges.tolist() == [50.0, 100.0]


@pytest.mark.parametrize(
    ("level", "edition"), [("see", "2014"), ("detect", "1999"), ("validate", "2014")]
)
def test_an_unknown_level_or_edition_is_refused(level, edition):
    with pytest.raises(InvalidValueError):
        optics.range_at_level(60.0, level=level, edition=edition)


def test_the_2025_edition_has_its_seven_levels_and_only_validate_is_confirmed():
    levels = optics.LEVELS["2025"]
    assert list(levels.values()) == [20, 40, 80, 125, 250, 500, 1500]
    confirmed = [level for level in levels if optics.is_confirmed(level, edition="2025")]
    assert confirmed == ["validate"]
    assert all(optics.is_confirmed(level, edition="2014") for level in optics.LEVELS["2014"])


def test_a_misprinted_sheet_is_refused_with_the_level_and_what_would_follow():
    printed = {"detect": 58, "observe": 23, "recognise": 11, "identify": 2}
    with pytest.raises(optics.InconsistentSheetError) as caught:
        optics.check_sheet(printed)
    assert caught.value.facts == {
        "level": "identify", "value": 2.0, "expected": 5.8, "detect": 58.0,
    }  # fmt: skip
    optics.check_sheet(printed | {"identify": 5})
    optics.check_sheet({"detect": None, "identify": 2})
    optics.check_sheet({"detect": 190, "observe": 75.4, "recognise": 38, "identify": 19})


@pytest.mark.parametrize("level", ["plate_car", "plate_motorbike"])
def test_a_plate_fills_the_pixels_asked_for_at_the_distance_given(level):
    distance = optics.distance_m(2560, fov_deg=30.0, level=level, edition="plates")
    plate = optics.PLATES[level]
    width_of_the_image_m = 2 * distance * np.tan(np.radians(15))
    assert plate.width_m / width_of_the_image_m * 2560 == pytest.approx(plate.n_pixels)


def test_the_plates_are_those_of_the_manual_and_not_confirmed():
    plates = {name: (plate.width_m, plate.n_pixels) for name, plate in optics.PLATES.items()}
    assert plates["plate_car"] == (0.52, 170)
    stroke_m, pixels_a_stroke = 0.007, 2.7
    assert plates["plate_motorbike"] == (0.19, np.ceil(pixels_a_stroke * 0.19 / stroke_m))
    assert not any(optics.is_confirmed(name, edition="plates") for name in plates)
    assert {optics.edition_of(name) for name in plates} == {"plates"}


def test_the_levels_cannot_be_changed():
    with pytest.raises(TypeError):
        optics.LEVELS["2014"]["detect"] = 1.0


# model, pixels across, field of view, detection distance: printed in the makers' data sheets
WIDE_LENSES = [
    ("DS-2CD1B47G3H-LIU 4 mm", 2560, 89.3, 68),
    ("DS-2CD1047G3H-LIU/SRB 2.8 mm", 2560, 104.0, 61),
    ("DS-2CD1047G2H-LIU 4 mm", 2560, 94.0, 77),
]


@pytest.mark.parametrize(("model", "n_pixels", "fov_deg", "printed_m"), WIDE_LENSES)
def test_wide_lenses_reach_their_printed_distance_within_a_fifth(
    model, n_pixels, fov_deg, printed_m
):
    computed = optics.distance_m(n_pixels, fov_deg=fov_deg, level="detect", projection="f_theta")
    assert computed == pytest.approx(printed_m, rel=0.2), model


@pytest.mark.parametrize("fov_deg", [1, 30, 90, 150, 179])
def test_the_rectilinear_distance_is_the_conservative_one(fov_deg):
    straight = optics.distance_m(2560, fov_deg=fov_deg, level="detect")
    centre = optics.distance_m(2560, fov_deg=fov_deg, level="detect", projection="f_theta")
    assert straight < centre


def test_a_sensor_twice_as_wide_as_the_focal_length_sees_a_right_angle():
    assert optics.horizontal_fov_deg(sensor_width_mm=5.6, focal_mm=2.8) == pytest.approx(90)


def test_ground_limits_are_the_published_ones():
    near, far = optics.ground_limits_m(height_m=3, tilt_deg=11.31, vertical_fov_deg=55)
    assert near == pytest.approx(3.73, abs=0.01)
    assert far == np.inf
    near, far = optics.ground_limits_m(height_m=4, tilt_deg=30, vertical_fov_deg=30)
    assert (near, far) == pytest.approx((4.00, 14.93), abs=0.005)


def test_impossible_optics_are_refused():
    with pytest.raises(InvalidValueError):
        optics.horizontal_fov_deg(sensor_width_mm=5, focal_mm=0)
    with pytest.raises(InvalidValueError):
        optics.distance_m(2560, fov_deg=180, level="detect")
    with pytest.raises(InvalidValueError):
        optics.ground_limits_m(height_m=1, tilt_deg=10, vertical_fov_deg=30, target_m=2)
