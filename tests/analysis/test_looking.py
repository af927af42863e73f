import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import visibility
from analysis.looking import look, with_lenses
from analysis.reach import Conditions

DAY = Conditions()
DISC = np.pi * 60**2


def _cameras(**columns):
    n = len(next(iter(columns.values())))
    given = {"bearing_deg": [0.0] * n, "fov_deg": [90.0] * n, "range_m": [60.0] * n, **columns}
    return gpd.GeoDataFrame(
        given, geometry=gpd.points_from_xy([1000.0 * i for i in range(n)], [0.0] * n),
        crs="EPSG:5897", index=[f"C{i}" for i in range(n)],
    )  # fmt: skip


def _shares(looks):
    return (looks.views.area / DISC).round(6).tolist()


def test_a_bearing_known_within_fifteen_degrees_gives_a_certain_and_a_possible_view():
    cameras = _cameras(bearing_error_deg=[15.0, np.nan])
    certain, stated, possible = (
        _shares(look(cameras, conditions=DAY, assume=assume))
        for assume in ("certain", "stated", "possible")
    )
    quarter = 90 / 360
    assert certain == [pytest.approx(60 / 360, abs=1e-6), quarter]
    assert stated == [quarter, quarter]
    assert possible == [pytest.approx(120 / 360, abs=1e-6), quarter]


def test_every_bearing_within_the_error_sees_the_certain_ground_and_only_the_possible_ground():
    cameras = _cameras(bearing_error_deg=[20.0])
    certain = look(cameras, conditions=DAY, assume="certain").views["C0"]
    possible = look(cameras, conditions=DAY, assume="possible").views["C0"]
    for turn in np.linspace(-20, 20, 9):
        view = visibility.viewsheds(cameras.assign(bearing_deg=turn))["C0"]
        assert certain.difference(view).area < 0.01 * DISC / 360  # chords of the arc
        assert view.difference(possible).area < 0.01 * DISC / 360


def test_an_unknown_direction_is_drawn_all_round_and_certain_of_nothing():
    cameras = _cameras(bearing_deg=[np.nan], kind=["fixed"])
    found = look(cameras, conditions=DAY)
    assert _shares(found) == [1.0]
    assert found.reach["is_all_round"].tolist() == [True]
    assert look(cameras, conditions=DAY, assume="certain").views["C0"].is_empty


def test_a_lens_that_sees_all_round_needs_no_direction():
    cameras = _cameras(bearing_deg=[np.nan], fov_deg=[360.0], bearing_error_deg=[15.0])
    for assume in ("certain", "stated", "possible"):
        found = look(cameras, conditions=DAY, assume=assume)
        assert _shares(found) == [1.0]
        assert not found.reach["is_all_round"].any()


def test_the_tour_of_a_camera_that_turns_is_never_part_of_what_it_sees_now():
    cameras = _cameras(kind=["ptz", "ptz", "fixed"], bearing_deg=[0.0, np.nan, 0.0])
    found = look(cameras, conditions=DAY)
    assert _shares(found) == [0.25, 0.0, 0.25]
    assert (found.tours.area / DISC).round(6).to_dict() == {"C0": 1.0, "C1": 1.0}


def test_a_computed_range_is_known_within_a_fifth_and_a_stated_one_as_it_is():
    cameras = _cameras(range_m=[60.0, np.nan], model_id=[None, "M"], fov_deg=[90.0, 60.0])
    models = pd.DataFrame({"pixels_across": [1500]}, index=["M"])
    certain, stated, possible = (
        look(cameras, conditions=DAY, models=models, assume=assume).views.area
        for assume in ("certain", "stated", "possible")
    )
    assert certain["C0"] == stated["C0"] == possible["C0"]
    assert certain["C1"] == pytest.approx(stated["C1"] * 0.8**2)
    assert possible["C1"] == pytest.approx(stated["C1"] * 1.2**2)


def test_possible_ground_by_night_ends_where_the_lamp_ends_and_the_tour_too():
    # 60° is narrow: 1500 / (2·tan 30°·25) = 52 m; a fifth farther would be 62
    cameras = _cameras(range_m=[np.nan, np.nan], model_id=["M", "M"], fov_deg=[60.0, 60.0],
                       kind=["fixed", "ptz"])  # fmt: skip
    models = pd.DataFrame({"pixels_across": [1500], "lamp_m": [45.0]}, index=["M"])
    night = Conditions(is_night=True)
    certain, stated, possible = (
        look(cameras, conditions=night, models=models, assume=assume)
        for assume in ("certain", "stated", "possible")
    )
    lit = np.pi * 45**2
    assert possible.views["C0"].area == pytest.approx(lit / 6, rel=1e-6)
    assert stated.views["C0"].area == pytest.approx(lit / 6, rel=1e-6)
    assert possible.tours["C1"].area == pytest.approx(lit, rel=1e-6)
    computed = 1500 / (2 * np.tan(np.radians(30)) * 25)
    assert certain.views["C0"].area == pytest.approx(np.pi * (0.8 * computed) ** 2 / 6, rel=1e-6)


def test_a_camera_without_any_range_sees_nothing_and_is_not_lost():
    found = look(_cameras(range_m=[np.nan, 60.0]), conditions=DAY)
    assert found.views["C0"].is_empty
    assert found.reach["source"].tolist() == ["unknown", "stated"]


def test_a_wall_hides_the_tour_and_the_certain_ground_too():
    wall = gpd.GeoSeries([shapely.box(-100, 20, 100, 25)], crs="EPSG:5897")
    cameras = _cameras(kind=["ptz"], bearing_error_deg=[10.0])
    for assume in ("certain", "stated", "possible"):
        found = look(cameras, conditions=DAY, buildings=wall, assume=assume)
        assert not found.views["C0"].intersects(shapely.Point(0, 30))
        assert not found.tours["C0"].intersects(shapely.Point(0, 30))
        assert found.views["C0"].covers(shapely.Point(0, 15))


def test_the_tilt_of_a_home_position_does_not_bound_the_tour():
    sheet = pd.DataFrame({"vertical_fov_deg": [30.0]}, index=["M"])
    cameras = _cameras(
        kind=["ptz"], bearing_deg=[0.0], fov_deg=[90.0], range_m=[50.0], height_m=[4.0],
        tilt_deg=[30.0], model_id=["M"],
    )  # fmt: skip
    found = look(cameras, conditions=Conditions(), models=sheet)
    far, near = 4 / np.tan(np.radians(15)), 4 / np.tan(np.radians(45))
    home, tour = found.views.area.iloc[0], found.tours.area.iloc[0]
    assert home == pytest.approx(np.pi * (far**2 - near**2) / 4, rel=1e-3)
    assert tour == pytest.approx(np.pi * (50**2 - 4**2), rel=1e-6)


def test_a_camera_without_a_field_of_view_has_that_of_its_model_and_only_then():
    cameras = _cameras(fov_deg=[None, 50.0, None], model_id=["M", "M", "other"],
                       bearing_deg=[0.0] * 3, range_m=[60.0] * 3)  # fmt: skip
    lent = with_lenses(cameras, models=pd.DataFrame({"fov_deg": [90.0]}, index=["M"]))
    assert lent["fov_deg"].fillna(-1).tolist() == [90, 50, -1]
    assert cameras["fov_deg"].isna().tolist() == [True, False, True]
