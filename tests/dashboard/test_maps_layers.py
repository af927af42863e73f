import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from streamlit.testing.v1 import AppTest

from analysis.crs import WGS84
from analysis.errors import InvalidValueError, MissingColumnsError
from dashboard import map_layers, maps
from dashboard.ground import Frames
from dashboard.map_layers import GRID_DEG, as_json, point_wire, polygon_wires


def read_wire(wire):
    """The other end: running sums, latitude first. Gives (longitude, latitude) pairs."""
    latitude, longitude, places = 0, 0, []
    for step in range(0, len(wire), 2):
        latitude += wire[step]
        longitude += wire[step + 1]
        places.append((longitude / 1e5, latitude / 1e5))
    return places


def frame(shapes, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=WGS84, index=index)


def places(n, seed=3):
    rng = np.random.default_rng(seed)
    return gpd.points_from_xy(rng.uniform(105.7, 105.9, n), rng.uniform(19.7, 19.9, n), crs=WGS84)


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-85, 85)), min_size=1, max_size=30),
)
def test_places_come_back_within_half_a_step_of_the_grid(pairs):
    series = gpd.GeoSeries([Point(pair) for pair in pairs], crs=WGS84)
    read = np.array(read_wire(point_wire(series)))
    assert abs(read - np.array(pairs)).max() <= GRID_DEG / 2 + 1e-9


def test_a_point_that_is_not_known_is_left_out():
    series = gpd.GeoSeries([Point(105.8, 19.8), None, Point()], crs=WGS84)
    assert read_wire(point_wire(series)) == [(105.8, 19.8)]
    assert point_wire(gpd.GeoSeries([], crs=WGS84)) == []


def test_a_polygon_keeps_its_holes_and_parts():
    holed = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], holes=[[(1, 1), (2, 1), (2, 2), (1, 2)]])
    two = MultiPolygon([box(10, 10, 11, 11), box(12, 12, 13, 13)])
    wires = polygon_wires(gpd.GeoSeries([holed, two, box(5, 5, 6, 6)], crs=WGS84))
    assert [len(rings) for rings in wires] == [2, 2, 1]
    outer, hole = (Polygon(read_wire(ring)) for ring in wires[0])
    assert (outer.area, hole.area) == (16, 1)
    assert sum(Polygon(read_wire(ring)).area for ring in wires[1]) == 2
    assert Polygon(read_wire(wires[2][0])).equals(box(5, 5, 6, 6))


def test_what_an_overlay_leaves_beside_polygons_is_dropped():
    mixed = GeometryCollection([box(0, 0, 1, 1), LineString([(0, 0), (5, 5)]), Point(9, 9)])
    nested = GeometryCollection([MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)])])
    wires = polygon_wires(gpd.GeoSeries([mixed, Polygon(), None, nested], crs=WGS84))
    assert [len(rings) for rings in wires] == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("n_incidents", "step"),
    [(1, 0), (3, 0), (4, 1), (7, 1), (8, 2), (14, 3), (21, 3), (22, 4), (900, 4)],
)
def test_a_cell_takes_the_colour_of_the_highest_break_it_reaches(n_incidents, step):
    cells = frame([box(0, 0, 1, 1)], n_incidents=[n_incidents])
    assert map_layers.cells(cells, breaks=[4, 8, 14, 22]).content["shapes"][0][1] == step


@pytest.mark.parametrize("breaks", [[1, 2, 3], [4, 3, 2, 1], [1, 1, 2, 3]])
def test_breaks_that_do_not_part_five_colours_are_refused(breaks):
    with pytest.raises(InvalidValueError):
        map_layers.cells(frame([box(0, 0, 1, 1)], n_incidents=[3]), breaks=breaks)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.integers(1, 10_000), max_size=200))
def test_chosen_breaks_always_part_five_colours(n_incidents):
    breaks = map_layers.rising_breaks(pd.Series(n_incidents, dtype="int64"))
    assert len(breaks) == 4
    assert breaks == sorted(set(breaks))
    assert breaks[0] >= 2  # a single incident is the first colour


def test_what_does_not_work_is_drawn_last():
    cameras = frame(
        places(4), state=["broken", "working", "degraded", "working"], index=list("abcd")
    )
    marks = map_layers.cameras(cameras).content["marks"]
    assert [mark["id"] for mark in marks] == ["b", "d", "c", "a"]
    assert [mark["state"] for mark in marks] == ["working", "working", "degraded", "broken"]


def test_words_follow_their_camera_whatever_the_order():
    cameras = frame(places(3), state=["broken", "working", "degraded"], index=list("abc"))
    tips = pd.Series({"c": "see", "a": "ay", "b": None})
    said = {
        mark["id"]: mark["tip"] for mark in map_layers.cameras(cameras, tips=tips).content["marks"]
    }
    assert said == {"a": "ay", "b": None, "c": "see"}


def test_gaps_come_by_rank_and_their_number_stands_inside_them():
    horseshoe = Polygon([(0, 0), (9, 0), (9, 9), (6, 9), (6, 3), (3, 3), (3, 9), (0, 9)])
    gaps = frame([box(20, 20, 21, 21), horseshoe], rank=[2, 1])
    first, second = map_layers.gaps(gaps).content["gaps"]
    assert (first["rank"], second["rank"]) == (1, 2)
    assert horseshoe.contains(Point(read_wire(first["at"])[0]))


def test_frames_that_are_not_in_degrees_are_refused():
    metric = gpd.GeoDataFrame({"state": ["working"]}, geometry=[Point(5e5, 2e6)], crs="EPSG:5897")
    for draw in (map_layers.cameras, map_layers.sites, map_layers.views, map_layers.points):
        with pytest.raises(InvalidValueError):
            draw(metric)


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="state"):
        map_layers.cameras(frame(places(2)))


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--", "a\u2028b\u2029c", 'quote " \\ back']
)
def test_a_name_from_the_data_cannot_leave_the_script(name):
    text = as_json({"name": name})
    assert "<" not in text
    assert "\u2028" not in text
    assert "\u2029" not in text
    assert json.loads(text) == {"name": name}


def test_the_inputs_are_not_changed():
    cameras = frame(places(3), state=["broken", "working", "degraded"], index=list("abc"))
    before = cameras.copy()
    map_layers.cameras(cameras)
    pd.testing.assert_frame_equal(cameras, before)


def test_wards_come_largest_first_and_their_name_stands_inside():
    wards = frame(
        [box(105.7, 19.7, 105.71, 19.71), box(105.71, 19.7, 105.75, 19.74)],
        index=["1", "2"],
        name=["Nhỏ", "Lớn"],
    )
    written = json.loads(maps.write_base(maps.City(wards=wards)).data)["wards"]
    assert [ward["name"] for ward in written] == ["Lớn", "Nhỏ"]
    assert wards.geometry["2"].contains(Point(read_wire(written[0]["label"])[0]))
    # 0.01° of longitude at 19.7° north is 0.01 · 111.32 km · cos 19.7° ≈ 1,048 m
    assert written[1]["span"] == pytest.approx(1_048, rel=0.005)


def test_the_name_of_a_base_changes_with_its_wards_or_its_ground_and_only_then():
    wards = frame([box(105.7, 19.7, 105.71, 19.71)], index=["1"], name=["Ba Đình"])

    def name(names="Ba Đình", state="a"):
        city = maps.City(wards=wards.assign(name=names), ground=Frames(state, {}))
        return maps.write_base(city).name

    assert name() == name()
    assert len({name(), name(names="Khác"), name(state="b")}) == 3


def test_neighbouring_wards_stay_neighbours_when_bends_are_left_out():
    # one shared border with a bend of a metre on it, which both must keep or both leave out
    bend = [(105.71, 19.70), (105.710005, 19.705), (105.71, 19.71)]
    left = Polygon([(105.70, 19.70), *bend, (105.70, 19.71)])
    right = Polygon([(105.72, 19.70), (105.72, 19.71), *reversed(bend)])
    wards = frame([left, right], index=["1", "2"], name=["a", "b"])
    written = json.loads(maps.write_base(maps.City(wards=wards)).data)["wards"]
    drawn = [Polygon(read_wire(ward["shape"][0])) for ward in written]
    assert drawn[0].intersection(drawn[1]).area == 0
    assert shapely.union_all(drawn).geom_type == "Polygon"


def test_layers_and_view_are_written_as_data():
    view = maps.View("city", 105.7, 19.7, 105.9, 19.9)
    layer = map_layers.sites(frame(places(1), index=["<b>"]))
    script = maps.layer_script([layer], view, {"map": "Bản đồ"})
    assert "<" not in script
    assert '"kind":"sites"' in script
    assert '{"name":"city","bounds":[105.7,19.7,105.9,19.9]}' in script


def test_what_sort_of_ward_it_is_stays_out_of_the_map_but_not_out_of_its_words():
    wards = frame([box(105.7, 19.7, 105.71, 19.71)], index=["1"], name=["Phường Ba Đình"])
    (ward,) = json.loads(maps.write_base(maps.City(wards=wards)).data)["wards"]
    assert (ward["name"], ward["short"]) == ("Phường Ba Đình", "Ba Đình")


def test_a_page_with_a_map_runs_without_a_browser():
    def page():
        import geopandas as gpd
        from shapely import box

        from dashboard import maps

        wards = gpd.GeoDataFrame(
            {"name": ["Ba Đình"]}, geometry=[box(105, 19, 106, 20)], index=["1"], crs=4326
        )
        city = maps.City(wards=wards)
        click = maps.render(
            "m", maps.base(1, lambda: city), [], view=maps.View.of("city", wards), height="stretch"
        )
        assert click is None

    shown = AppTest.from_function(page).run(timeout=30)
    assert list(shown.exception) == []


def test_dots_are_bold_only_where_a_map_shows_nothing_else():
    place = gpd.GeoSeries.from_xy([105.8], [19.8], crs=WGS84)
    soft, bold = map_layers.points(place), map_layers.points(place, is_bold=True)
    assert (soft.content.get("bold"), bold.content.get("bold")) == (None, True)
    assert soft.content["places"] == bold.content["places"]
