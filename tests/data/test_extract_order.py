"""OpenStreetMap XML in every order: as extracts, editors and queries write it."""

import numpy as np
import pytest

from data import extract_order, openstreetmap
from data.errors import UnreadableMapError, UnsortedExtractError

BOUNDS = (105.0, 19.0, 106.0, 20.0)


def _node(number, longitude, latitude, tags="", **more):
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<node{attributes} id="{number}" lat="{latitude}" lon="{longitude}">{tags}</node>'


def _way(number, nodes, tags):
    return f'<way id="{number}">{"".join(f"<nd ref={n!r}/>" for n in map(str, nodes))}{tags}</way>'


HIGHWAY = '<tag k="highway" v="primary"/><tag k="name" v="Đại lộ Lê Lợi"/>'
NODES = [_node(number, 105.7 + number / 1000, 19.8) for number in (1, 2, 3)]
HOUSE = [_node(n, 105.71 + x, 19.8 + y) for n, x, y in ((4, 0, 0), (5, 0.001, 0), (6, 0, 0.001))]
WAYS = [_way(7, [1, 2, 3], HIGHWAY), _way(8, [4, 5, 6, 4], '<tag k="building" v="yes"/>')]
LAKE = (
    '<relation id="9"><member type="way" ref="10" role="outer"/>'
    '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>'
)
SHORE = _way(10, [4, 5, 6, 4], "")
ALL = [*NODES, *HOUSE, *WAYS, SHORE, LAKE]


def _write(tmp_path, elements, name="city.osm"):
    path = tmp_path / name
    text = "\n".join(elements)
    path.write_text(f'<?xml version="1.0"?>\n<osm version="0.6">{text}</osm>', encoding="utf-8")
    return path


def _found(path):
    objects = openstreetmap.read_objects(path, bounds=BOUNDS)
    return {
        layer: sorted(zip(frame["key"], frame.geometry.to_wkt(), strict=True))
        for layer, frame in objects.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_a_file_changes_nothing_that_is_read(tmp_path, seed):
    shuffled = [ALL[i] for i in np.random.default_rng(seed).permutation(len(ALL))]
    found = _found(_write(tmp_path, shuffled, "shuffled.osm"))
    assert found == _found(_write(tmp_path, ALL))
    assert [key for key, _ in found["streets"]] == ["way/7"]
    assert [key for key, _ in found["land_cover"]] == ["relation/9"]


def test_what_an_editor_numbers_below_nothing_is_read(tmp_path):
    nodes = [_node(n, 105.7 - n / 1000, 19.8, action="modify") for n in (-1, -2)]
    found = _found(_write(tmp_path, [*nodes, _way(-1, [-1, -2], HIGHWAY)]))
    assert found["streets"] == [("way/-1", "LINESTRING (105.701 19.8, 105.702 19.8)")]


def test_what_an_editor_deleted_is_left_out(tmp_path):
    camera = '<tag k="man_made" v="surveillance"/>'
    elements = [
        _node(2, 105.7, 19.8, camera), _node(1, 105.7, 19.8, camera, action="delete"),
        _node(3, 105.7, 19.8, camera, visible="false"),
    ]  # fmt: skip
    assert [key for key, _ in _found(_write(tmp_path, elements))["cameras"]] == ["node/2"]


def test_of_a_node_that_comes_twice_the_one_with_tags_is_kept(tmp_path):
    camera = _node(2, 105.7, 19.8, '<tag k="man_made" v="surveillance"/>')
    for elements in ([camera, *NODES[:1], _node(2, 105.7, 19.8)], [_node(2, 105.7, 19.8), camera]):
        assert [key for key, _ in _found(_write(tmp_path, elements))["cameras"]] == ["node/2"]


def test_a_sorted_file_is_read_where_it_lies_and_a_copy_is_gone_afterwards(tmp_path):
    path = _write(tmp_path, ALL)
    with extract_order.in_order(path) as (source, is_positive):
        assert (source, is_positive) == (path, True)
    with extract_order.in_order(_write(tmp_path, ALL[::-1])) as (source, _):
        assert source != path
        assert extract_order.order_of(source).is_sorted
    assert not source.exists()


def test_the_order_is_seen_across_the_pieces_in_which_a_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(extract_order, "_CHUNK", 64)
    assert extract_order.order_of(_write(tmp_path, ALL)).is_sorted
    assert not extract_order.order_of(_write(tmp_path, [*NODES[::-1], *WAYS])).is_sorted


def test_an_unsorted_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    path = _write(tmp_path, ALL[::-1])
    monkeypatch.setattr(extract_order, "MAX_SORTED_BYTES", 100)
    with pytest.raises(UnsortedExtractError) as refused:
        _found(path)
    assert refused.value.facts == {"file": "city.osm", "n": path.stat().st_size, "limit": 100}
    assert _found(_write(tmp_path, ALL))["streets"] != []


def test_an_unsorted_file_that_breaks_off_is_damaged(tmp_path):
    path = _write(tmp_path, ALL[::-1])
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(UnreadableMapError):
        _found(path)
