"""The ground of the map, square by square: everything once, and only what is in view."""

import gzip
import json
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from dashboard import ground, tiles
from dashboard.ground import LAYERS
from dashboard.tiles import LEVELS, Published, UnknownSquareError, bounds_of, write_square
from data import extents, layers
from data.rows import Source, undo_batch, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

WEST, SOUTH = 105.75, 19.75


def frame(shapes, **columns):
    made = gpd.GeoDataFrame(geometry=list(shapes), crs="EPSG:4326")
    return made.assign(**columns)


def square_of(zoom, longitude, latitude):
    """Column and row as OpenStreetMap's wiki gives them (Slippy map tilenames)."""
    radians = math.radians(latitude)
    n = 2**zoom
    row = (1 - math.log(math.tan(radians) + 1 / math.cos(radians)) / math.pi) / 2 * n
    return int((longitude + 180) / 360 * n), int(row)


def squares_over(zoom, bounds):
    west, south, east, north = bounds
    left, top = square_of(zoom, west, north)
    right, bottom = square_of(zoom, east, south)
    return [(c, r) for c in range(left, right + 1) for r in range(top, bottom + 1)]


def read(run, scale):
    """The other end: lines or rings as (longitude, latitude) pairs."""
    places = np.cumsum(np.array(run["at"]).reshape(-1, 2), axis=0)[:, ::-1] / scale
    return np.split(places, np.cumsum(run["n"])[:-1]) if run["n"] else []


def drawn(ground_, name, bounds, kind):
    level = LEVELS[name]
    for column, row in squares_over(level.zoom, bounds):
        square = json.loads(write_square(ground_, level, column, row))
        yield from read(square[kind], square["scale"])


def small_city(n_side=30, step=0.001):
    """A grid of streets, and a house of some ten metres in the middle of each block."""
    lines, houses = [], []
    for i in range(n_side):
        for j in range(n_side):
            x, y = WEST + i * step, SOUTH + j * step
            lines += [LineString([(x, y), (x + step, y)]), LineString([(x, y), (x, y + step)])]
            houses.append(box(x + 0.4 * step, y + 0.4 * step, x + 0.5 * step, y + 0.5 * step))
    return ground.Frames(
        "grid",
        {"streets": frame(lines, kind="street"), "buildings": frame(houses),
         "land_cover": frame([box(WEST, SOUTH, WEST + 0.03, SOUTH + 0.03)], kind="block")},
    )  # fmt: skip


AROUND = (WEST - 0.01, SOUTH - 0.01, WEST + 0.05, SOUTH + 0.05)


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(1, 16), st.floats(-179.9, 179.9), st.floats(-84, 84))
def test_a_place_lies_in_the_square_that_web_maps_put_it_in(zoom, longitude, latitude):
    west, south, east, north = bounds_of(zoom, *square_of(zoom, longitude, latitude))
    assert west - 1e-9 <= longitude <= east + 1e-9
    assert south - 1e-9 <= latitude <= north + 1e-9


@pytest.mark.parametrize("level", ["far", "near"])
def test_the_squares_together_have_the_whole_length_of_the_streets(level):
    city = small_city()
    length = sum(LineString(line).length for line in drawn(city, level, AROUND, "street"))
    assert length == pytest.approx(
        shapely.length(city.frames["streets"].geometry.to_numpy()).sum(), rel=1e-3
    )


def test_every_building_is_in_one_square_and_keeps_its_shape():
    city = small_city()
    houses = [Polygon(ring) for ring in drawn(city, "houses", AROUND, "building")]
    assert len(houses) == 900
    assert {round(house.area, 10) for house in houses} == {1e-8}
    assert len({house.centroid.wkt for house in houses}) == 900


def test_a_square_has_what_lies_in_it_and_nothing_else():
    city, level = small_city(), LEVELS["houses"]
    column, row = square_of(level.zoom, WEST + 0.015, SOUTH + 0.015)
    square = json.loads(write_square(city, level, column, row))
    here = box(*bounds_of(level.zoom, column, row))
    expected = shapely.covers(
        here, shapely.centroid(city.frames["buildings"].geometry.to_numpy())
    ).sum()
    assert 0 < expected < 900
    assert len(square["building"]["n"]) == expected
    assert set(square) == {"scale", "building"}


def test_far_away_there_are_no_alleys_and_buildings_only_close_by():
    assert "alley" not in json.loads(write_square(small_city(), LEVELS["far"], 0, 0))
    has_buildings = {name for name, level in LEVELS.items() if "buildings" in level.kinds}
    assert has_buildings == {"houses"}


def test_a_square_of_the_open_sea_is_empty():
    square = json.loads(write_square(small_city(), LEVELS["near"], 5, 5))
    assert all(not run["n"] for name, run in square.items() if name != "scale")


def test_land_is_cut_at_the_square_with_a_little_over():
    level = LEVELS["near"]
    column, row = square_of(level.zoom, WEST + 0.015, SOUTH + 0.015)
    square = json.loads(write_square(small_city(), level, column, row))
    (ring,) = read(square["block"], square["scale"])
    sides = bounds_of(level.zoom, column, row)
    pixel = 360 / 2**level.zoom / 256
    inside = box(*sides).intersection(box(WEST, SOUTH, WEST + 0.03, SOUTH + 0.03))
    assert Polygon(ring).buffer(1e-9).covers(inside)
    assert box(*sides).buffer(3 * pixel).covers(Polygon(ring))


def test_a_courtyard_turns_the_other_way_than_its_house():
    house = box(WEST, SOUTH, WEST + 4e-4, SOUTH + 4e-4)
    yard = box(WEST + 1e-4, SOUTH + 1e-4, WEST + 2e-4, SOUTH + 2e-4)
    city = ground.Frames("yard", {"buildings": frame([house.difference(yard)])})
    outer, inner = drawn(city, "houses", (WEST, SOUTH, WEST, SOUTH), "building")
    assert shapely.is_ccw(shapely.linearrings(outer)) != shapely.is_ccw(shapely.linearrings(inner))


def test_of_too_many_the_largest_are_drawn(monkeypatch):
    monkeypatch.setattr(tiles, "MOST_BUILDINGS", 3)
    sizes = [1, 5, 2, 4, 3]
    houses = [box(WEST, SOUTH, WEST + size * 1e-5, SOUTH + size * 1e-5) for size in sizes]
    city = ground.Frames("many", {"buildings": frame(houses)})
    rings = drawn(city, "houses", (WEST, SOUTH, WEST, SOUTH), "building")
    widths = sorted(round(np.ptp(ring[:, 0]) * 1e5) for ring in rings)
    assert widths == [3, 4, 5]


# ---- out of a store


@pytest.fixture
def store(tmp_path):
    store = Store.create(
        tmp_path / "city.db",
        StoreProperties(
            city="Grid", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="en"
        ),
    )
    for layer, shapes in small_city().frames.items():
        put(store, layer, shapes)
    yield store
    store.close()


def put(store, layer, shapes, prefix=""):
    more = [{"kind": kind} for kind in shapes["kind"]] if "kind" in shapes else [{}] * len(shapes)
    rows = [
        {"row_key": f"{prefix}{i}", **shape, **extra}
        for i, (shape, extra) in enumerate(zip(shape_columns(shapes.geometry), more, strict=True))
    ]
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="grid")).batch


@pytest.mark.parametrize("name", LEVELS)
def test_a_stored_city_is_drawn_as_the_same_city_in_memory(store, name):
    level = LEVELS[name]
    square = square_of(level.zoom, WEST + 0.015, SOUTH + 0.015)
    in_memory = ground.Frames("all", {layer: layers.read_shapes(store, layer) for layer in LAYERS})
    text = write_square(ground.Stored(store), level, *square)
    assert text == write_square(in_memory, level, *square)
    assert any(run["n"] for kind, run in json.loads(text).items() if kind != "scale")


def test_only_rows_in_view_are_read(store):
    read_ids = []

    def count(_connection, _cursor, statement, parameters, _context, _many):
        if "buildings.geometry" in statement:
            read_ids.extend(parameters)

    stored = ground.Stored(store)
    sa.event.listen(store.engine, "before_cursor_execute", count)
    block = (WEST, SOUTH, WEST + 0.0019, SOUTH + 0.0009)  # two blocks of the 900
    assert len(stored.within("buildings", block, at_most=99)) == 2
    assert len(read_ids) == 2


def test_rows_come_in_the_order_asked_for_and_only_those_in_force(store):
    boxes = extents.read_boxes(store, "buildings")
    assert len(boxes) == 900
    asked = boxes.index[[5, 2]]
    expected = layers.read_shapes(store, "buildings").geometry.iloc[[5, 2]]
    assert (
        extents.read_rows(store, "buildings", asked)
        .geom_equals(gpd.GeoSeries(expected.to_numpy(), index=asked, crs="EPSG:4326"))
        .all()
    )
    batch = put(store, "buildings", frame([box(0, 0, 1, 1)]), prefix="new ")
    before = extents.layer_state(store, ("buildings",))
    assert len(extents.read_boxes(store, "buildings")) == 901
    with store.begin(actor="tester") as transaction:
        undo_batch(transaction, batch)
    assert len(extents.read_boxes(store, "buildings")) == 900
    assert extents.layer_state(store, ("buildings",)) != before
    assert len(extents.read_boxes(store, "zones")) == 0


# ---- handed out


def test_a_square_is_handed_out_under_a_name_that_changes_with_the_data():
    published = Published()
    name = published.publish(small_city())
    assert published.publish(small_city()) == name
    assert published.publish(ground.Frames("other", {})) != name
    assert Published().publish(small_city()) != name  # nobody guesses it from the data
    column, row = square_of(15, WEST + 0.015, SOUTH + 0.015)
    text = gzip.decompress(published.square(name, "houses", column, row)).decode()
    assert text == write_square(small_city(), LEVELS["houses"], column, row)


@pytest.mark.parametrize(
    ("name", "level", "column", "row"),
    [
        (None, "closest", 0, 0),
        ("guessed", "far", 0, 0),
        (None, "far", 2048, 0),
        (None, "far", 0, -1),
    ],
)
def test_what_no_map_has_is_refused(name, level, column, row):
    published = Published()
    known = published.publish(small_city())
    with pytest.raises(UnknownSquareError):
        published.square(name or known, level, column, row)


def test_old_grounds_and_squares_are_let_go(monkeypatch):
    monkeypatch.setattr(tiles, "MOST_GROUNDS", 2)
    monkeypatch.setattr(tiles, "MOST_SQUARES_KEPT", 3)
    published = Published()
    names = [published.publish(ground.Frames(str(i), {})) for i in range(3)]
    with pytest.raises(UnknownSquareError):
        published.square(names[0], "far", 0, 0)
    for column in range(5):
        published.square(names[2], "far", column, 0)
    assert len(published._kept) == 3


def test_places_are_exact_to_the_scale_of_the_level():
    at = [(WEST + 0.0123456, SOUTH + 0.0065432), (WEST + 0.0133456, SOUTH + 0.0075432)]
    city = ground.Frames("line", {"streets": frame([LineString(at)], kind="alley")})
    (line,) = drawn(city, "near", (*at[0], *at[1]), "alley")
    assert Point(line[0]).distance(Point(at[0])) < 1e-6
