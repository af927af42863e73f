import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from analysis import coverage, demand
from analysis.errors import InvalidValueError, NotMetricCrsError

METRIC = "EPSG:5897"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=METRIC)


def layers(**changes):
    """Two wards of 100 m by 100 m; 120 m of street in them; weights and people to be read off."""
    everything = {
        "wards": frame(
            [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
            name=["West", "East"],
            population=[300, 100],
        ).set_axis(["W", "E"]),
        "streets": frame(
            [shapely.LineString([(0, 50), (100, 50)]), shapely.LineString([(150, 0), (150, 20)])]
        ),
        "incidents": frame(
            [shapely.Point(10, 10), shapely.Point(150, 10), None, shapely.Point(500, 500)],
            ward_code=["W", "E", "W", "E"],
            weight=[1.0, 3.0, 50.0, 50.0],
        ),
        "gates": frame(shapely.points([20, 120], [20, 20])),
        "junctions": frame(shapely.points([50], [50])),
        "buildings": frame([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 50, 10),
                            shapely.box(110, 0, 120, 10)]),
    }  # fmt: skip
    return coverage.Layers(**everything | changes)


def test_each_part_has_its_share_of_the_weight_and_its_own_amounts():
    mix = demand.Mix(incident=0.3, street=0.3, gate=0.1, junction=0.1, population=0.1, asked=0.1)
    asked = frame(shapely.points([30, 30, 900], [30, 30, 900])).geometry
    found = demand.points(layers(), mix, asked=asked)
    assert found.missing == ()
    by_subject = found.points.groupby("subject")
    assert by_subject["weight"].sum().to_dict() == pytest.approx(mix.shares())
    # what lies in no ward, or has no point, counts in no part
    assert by_subject["amount"].sum().to_dict() == pytest.approx(
        {"incident": 4, "street": 120, "gate": 2, "junction": 1, "population": 400,
         "asked": 2}
    )  # fmt: skip
    incident = found.points[found.points["subject"] == "incident"]
    assert incident["weight"].tolist() == pytest.approx([0.075, 0.225])
    assert incident["ward_code"].tolist() == ["W", "E"]


def test_people_live_in_the_buildings_by_their_ground():
    found = demand.points(layers(), demand.Mix(incident=0, street=0, gate=0, population=1)).points
    assert found["amount"].tolist() == pytest.approx([75, 225, 100])


def test_without_buildings_people_are_spread_over_the_ground():
    mix = demand.Mix(incident=0, street=0, gate=0, population=1)
    found = demand.points(layers(buildings=None), mix).points
    assert found.groupby("ward_code")["amount"].sum().to_dict() == pytest.approx(
        {"W": 300, "E": 100}
    )
    assert found.groupby("ward_code")["amount"].nunique().tolist() == [1, 1]


def test_a_street_becomes_points_in_the_middle_of_equal_pieces():
    mix = demand.Mix(incident=0, street=1, gate=0)
    found = demand.points(layers(), mix, street_step_m=40).points
    assert found["amount"].tolist() == pytest.approx([100 / 3] * 3 + [20])
    assert found.geometry.x.tolist() == pytest.approx([100 / 6, 50, 500 / 6, 150])


def test_what_is_not_known_is_named_and_the_others_share_its_weight():
    found = demand.points(
        layers(gates=None, streets=layers().streets.iloc[:0]),
        demand.Mix(incident=0.5, street=0.2, gate=0.2, junction=0.1),
    )
    assert found.missing == ("street", "gate")
    assert found.shares == pytest.approx({"incident": 5 / 6, "junction": 1 / 6})
    assert found.points["weight"].sum() == pytest.approx(1)
    nothing = demand.points(coverage.Layers(wards=layers().wards))
    assert len(nothing.points) == 0
    assert nothing.missing == ("incident", "street", "gate")
    assert nothing.points.crs == METRIC


@given(st.lists(st.floats(0, 10), min_size=5, max_size=5).filter(lambda values: sum(values) > 1e-3))
def test_only_the_ratios_of_a_mix_matter(values):
    names = ("incident", "street", "gate", "junction", "population")
    one = demand.Mix(**dict(zip(names, values, strict=True))).shares()
    double = demand.Mix(**{name: 2 * v for name, v in zip(names, values, strict=True)}).shares()
    assert sum(one.values()) == pytest.approx(1)
    assert one == pytest.approx(double)


def test_the_weight_seen_is_that_of_the_points_in_a_view():
    mix = demand.Mix(incident=1, street=0, gate=0)
    found = demand.points(layers(), mix).points
    west = gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs=METRIC)
    assert demand.weight_seen(found, views=west) == pytest.approx(0.25)


def test_bad_input_is_refused():
    for values in ({"incident": -1}, {"street": np.inf}, {"incident": 0, "street": 0, "gate": 0}):
        with pytest.raises(InvalidValueError):
            demand.Mix(**values)
    with pytest.raises(InvalidValueError):
        demand.points(layers(), street_step_m=0)
    with pytest.raises(InvalidValueError):
        demand.points(layers(incidents=layers().incidents.assign(weight=-1.0)))
    with pytest.raises(NotMetricCrsError):
        demand.points(layers(gates=layers().gates.to_crs("EPSG:4326")))
    with pytest.raises(InvalidValueError):
        demand.points(layers(gates=layers().gates.to_crs("EPSG:32648")))
