import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis import junctions
from analysis.errors import InvalidValueError, MissingCrsError

METRIC = "EPSG:5897"


def places(lines, **options):
    streets = gpd.GeoSeries([shapely.LineString(line) for line in lines], crs=METRIC)
    found = junctions.junctions(streets, **options)
    return sorted((round(p.x, 3), round(p.y, 3)) for p in found)


def test_a_grid_of_streets_has_all_its_nodes_but_the_four_corners():
    lines = [[(100 * i, 0), (100 * i, 400)] for i in range(5)]
    lines += [[(0, 100 * i), (400, 100 * i)] for i in range(5)]
    corners = {(0, 0), (0, 400), (400, 0), (400, 400)}
    expected = {(100 * i, 100 * j) for i in range(5) for j in range(5)} - corners
    assert set(places(lines)) == expected


def test_streets_cut_into_pieces_have_the_same_junctions_as_whole_ones():
    whole = [[(0, 50), (200, 50)], [(100, 0), (100, 100)]]
    pieces = [
        [(0, 50), (60, 50)], [(60, 50), (100, 50)], [(100, 50), (200, 50)],
        [(100, 0), (100, 50)], [(100, 100), (100, 50)],
    ]  # fmt: skip
    assert places(whole) == places(pieces) == [(100, 50)]


def test_a_bend_or_a_street_that_goes_on_is_no_junction():
    assert places([[(0, 0), (50, 0), (50, 50)], [(50, 50), (90, 90)]]) == []


def test_ends_that_just_miss_each_other_or_a_street_meet_within_the_snap():
    missed = [[(0, 0), (50, 0)], [(50.4, 0), (100, 0)], [(50.2, 0.4), (50, 90)]]
    found = places(missed)
    assert len(found) == 1
    assert np.hypot(found[0][0] - 50.2, found[0][1] - 0.133) < 0.01
    assert places(missed, snap_m=0.1) == []
    assert places([[(0, 0), (100, 0)], [(50, 0.5), (50, 90)]]) == [(50, 0.5)]


def test_a_loop_that_begins_on_a_street_makes_a_junction_there():
    loop = [(50, 0), (80, 40), (20, 40), (50, 0)]
    assert places([[(0, 0), (100, 0)], loop]) == [(50, 0)]


def test_no_streets_have_no_junctions_and_bad_ones_are_refused():
    assert places([]) == []
    with pytest.raises(MissingCrsError):
        junctions.junctions(gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])]))
    with pytest.raises(InvalidValueError):
        places([[(0, 0), (1, 0)]], snap_m=0)
