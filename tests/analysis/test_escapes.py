from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidValueError
from analysis.escapes import (
    KINDS,
    SPEED_KM_H,
    OffStreetError,
    arrivals_s,
    first_seen_s,
    street_graph,
)

CRS = "EPSG:5897"


def lines(*shapes: list[tuple[float, float]], kind: str = "street") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"kind": [kind] * len(shapes)}, geometry=[shapely.LineString(s) for s in shapes], crs=CRS
    )


def blocks(n: int, width: float) -> gpd.GeoDataFrame:
    """A city of square blocks, each street one line from edge to edge."""
    side = n * width
    return lines(
        *[[(k * width, 0), (k * width, side)] for k in range(n + 1)],
        *[[(0, k * width), (side, k * width)] for k in range(n + 1)],
    )


def at(graph, x, y):
    return int(graph.tree.query((x, y))[1])


@given(
    st.tuples(st.integers(0, 5), st.integers(0, 5)), st.tuples(st.integers(0, 5), st.integers(0, 5))
)
@settings(max_examples=30, deadline=None)
def test_between_square_blocks_the_way_is_the_sum_of_both_sides(here, there) -> None:
    graph = street_graph(blocks(5, 100))

    times = arrivals_s(graph, (here[0] * 100, here[1] * 100), minutes=60, mode="foot")

    metres = 100 * (abs(here[0] - there[0]) + abs(here[1] - there[1]))
    assert times[at(graph, there[0] * 100, there[1] * 100)] == pytest.approx(metres / (8 / 3.6))


def test_the_faster_street_is_taken_even_when_it_is_longer() -> None:
    direct = lines([(0, 0), (900, 0)], kind="alley")
    round_about = lines([(0, 0), (0, 300), (900, 300), (900, 0)], kind="artery")
    graph = street_graph(gpd.GeoDataFrame(gpd.pd.concat([direct, round_about], ignore_index=True)))

    by_car = arrivals_s(graph, (0, 0), minutes=30, mode="car")
    on_foot = arrivals_s(graph, (0, 0), minutes=30, mode="foot")

    corner = at(graph, 900, 0)
    assert by_car[corner] == pytest.approx(1500 / (SPEED_KM_H["car"][KINDS.index("artery")] / 3.6))
    assert on_foot[corner] == pytest.approx(900 / (8 / 3.6))


def test_ends_drawn_half_a_metre_apart_meet_and_others_do_not() -> None:
    joined = street_graph(lines([(0, 0), (100, 0)], [(100.5, 0), (200, 0)]))
    apart = street_graph(lines([(0, 0), (100, 0)], [(116, 0), (200, 0)]))

    assert np.isfinite(arrivals_s(joined, (0, 0), minutes=9, mode="foot")[at(joined, 200, 0)])
    assert np.isinf(arrivals_s(apart, (0, 0), minutes=9, mode="foot")[at(apart, 200, 0)])


def test_an_alley_that_stops_short_of_a_street_leads_into_it_and_streets_side_by_side_do_not_meet():
    short = street_graph(lines([(0, 0), (400, 0)], [(203, 3), (203, 103)]))  # 4.2 m to (200, 0)
    times = arrivals_s(short, (203, 103), minutes=9, mode="foot")
    gap = np.hypot(3, 3)
    assert times[at(short, 0, 0)] == pytest.approx((100 + gap + 200) / (8 / 3.6))

    ring = [(0, 0), (400, 0), (400, 400), (0, 400), (0, 0)]
    inner = [(8, 8), (392, 8), (392, 392), (8, 392), (8, 8)]  # no dead end anywhere
    beside = street_graph(lines(ring, inner))
    times = arrivals_s(beside, (0, 0), minutes=9, mode="foot")
    assert np.isinf(times[at(beside, 8, 8)])


def test_what_lies_beyond_the_minutes_is_not_reached() -> None:
    graph = street_graph(lines([(0, 0), (2000, 0)]))

    times = arrivals_s(graph, (0, 0), minutes=6, mode="foot")

    assert graph.xy[np.isfinite(times), 0].max() == pytest.approx(800, abs=10)


def test_a_place_beside_the_street_is_left_on_foot() -> None:
    graph = street_graph(lines([(0, 0), (1000, 0)]))

    times = arrivals_s(graph, (0, 40), minutes=6, mode="motorbike")

    assert times[at(graph, 0, 0)] == pytest.approx(40 / (8 / 3.6))


def test_views_are_come_into_at_their_nearest_street_point() -> None:
    graph = street_graph(lines([(0, 0), (1000, 0)]))
    times = arrivals_s(graph, (0, 0), minutes=30, mode="foot")
    views = gpd.GeoSeries(
        [shapely.box(300, -5, 500, 5), shapely.Polygon(), None, shapely.box(0, 9, 50, 20)], crs=CRS
    )

    found = first_seen_s(graph, times, views=views)

    assert found[0] == pytest.approx(300 / (8 / 3.6))
    assert np.isinf(found[1:]).all()


def test_a_city_without_streets_says_so_at_every_place() -> None:
    graph = street_graph(lines())

    with pytest.raises(OffStreetError):
        arrivals_s(graph, (0, 0), minutes=5, mode="foot")


def test_bad_questions_are_named() -> None:
    graph = street_graph(lines([(0, 0), (100, 0)]))
    with pytest.raises(OffStreetError):
        arrivals_s(graph, (0, 500), minutes=5, mode="foot")
    with pytest.raises(InvalidValueError, match="minutes"):
        arrivals_s(graph, (0, 0), minutes=0, mode="foot")
    with pytest.raises(InvalidValueError, match="mode"):
        arrivals_s(graph, (0, 0), minutes=5, mode="boat")  # type: ignore[arg-type]
