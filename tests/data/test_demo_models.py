"""The catalogue of printed data sheets, and the demo city's models that take over its optics."""

import numpy as np
import pytest

from data.catalogue import shipped_models
from data.demo import models


def test_every_printed_sheet_has_distances_that_follow_its_detection_distance():
    """Observation, recognition and identification stand at a 2.5th, a 5th and a 10th of it."""
    sheets = shipped_models()
    for name, part in (("observe_m", 2.5), ("recognise_m", 5), ("identify_m", 10)):
        assert (sheets[name] - sheets["detect_m"] / part).abs().max() <= 1.0, name


def test_the_sheet_with_the_misprint_is_not_in_the_catalogue():
    assert "DS-2CD2T47G2-L 2.8 mm" not in shipped_models().index
    assert "DS-2CD2T47G2-L 4 mm" in shipped_models().index


def test_printed_detection_distances_are_what_the_lens_can_do_within_a_fifth():
    """f-theta over 70 degrees, rectilinear below: pixels over width at 25 pixels per metre."""
    sheets = shipped_models()
    angle = np.radians(sheets["fov_deg"])
    width = np.where(sheets["fov_deg"] > 70, angle, 2 * np.tan(angle / 2))
    ratio = sheets["pixels_across"] / (25 * width) / sheets["detect_m"]
    assert ((ratio - 1).abs() < 0.2).mean() >= 0.95


def test_a_model_takes_over_the_optics_of_its_sheet():
    catalogue, sheets = models.read_models(), shipped_models()
    for model in models.MODELS:
        if model.sheet is not None:
            own = catalogue.loc[model.model_id, list(models.OPTICS)].astype(float)
            assert own.equals(sheets.loc[model.sheet, list(models.OPTICS)].astype(float))


def test_a_turning_camera_reaches_the_rectilinear_distance_and_a_fisheye_the_ground_below_it():
    catalogue = models.read_models()
    ptz, fisheye = catalogue.loc["VL-PTZ"], catalogue.loc["VL-FE"]
    assert ptz["detect_m"] == pytest.approx(2560 / (2 * np.tan(np.radians(29)) * 25), abs=1)
    # circle pixels over pi per radian, seen from 5 m up: 3000/pi/25 = 38.2 m in the line of sight
    assert np.hypot(fisheye["detect_m"], 5) == pytest.approx(3000 / np.pi / 25, abs=1)


def test_no_model_bears_a_real_maker_s_name():
    catalogue = models.read_models()
    assert not set(catalogue["maker"]) & set(shipped_models()["maker"])
    assert catalogue.index.is_unique
