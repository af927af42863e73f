from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import dashboard
from analysis.crs import WGS84
from analysis.errors import MissingColumnsError
from dashboard import map_layers, month_spots
from dashboard.figures import month_hot_spots
from dashboard.questions import hot_spots
from dashboard.texts import Texts
from data import layers

MAP = Path(dashboard.__file__).parent / "views" / "map.py"


def test_each_cell_of_the_layer_keeps_its_shape_and_its_standing():
    cells = gpd.GeoDataFrame(
        {"standing": ["emerging", "fading"]},
        geometry=[shapely.box(0, 0, 1e-4, 1e-4), shapely.box(1, 1, 1.0001, 1.0001)],
        crs=WGS84,
    )
    shapes = map_layers.hot_spots(cells).content["shapes"]
    assert [standing for _, standing in shapes] == ["emerging", "fading"]
    assert all(len(rings) == 1 for rings, _ in shapes)
    with pytest.raises(MissingColumnsError):
        map_layers.hot_spots(cells.drop(columns="standing"))


def test_without_hot_spots_nothing_is_drawn_over_the_map():
    assert month_spots.layers(None) == []


def test_the_map_opens_with_hot_spots_when_a_reader_was_sent_to_see_them(drawn_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", drawn_city.location)
    said = []
    for is_sent in (True, False):
        page = AppTest.from_file(MAP, default_timeout=120)
        for key, word in {"lang": "en", "on": "2023-07-31", "months": "1"}.items():
            page.query_params[key] = word
        page.session_state[month_spots.WANTED] = is_sent
        page.run()
        assert not page.exception, page.exception
        said.append(" ".join(caption.value for caption in page.caption))
    legend = Texts("en")("month.hot_legend")
    assert legend in said[0]
    assert legend not in said[1]


def test_the_picture_shows_what_stands_out_and_names_what_each_cell_holds(demo_store):
    found = hot_spots.answer(
        demo_store,
        hot_spots.HotSpotsRequest(month=date(2024, 11, 1), today=date(2024, 12, 31)),
    )
    wards = layers.read_wards(demo_store, division=found.division).to_crs(found.cells.crs)
    chart = month_hot_spots.hot_spots(Texts("en"), found.cells, wards, mode="light")
    told = found.cells[(found.cells["n"] > 0) | found.cells["standing"].notna()]
    assert len(chart.data[-1].text) == len(told)
    standing = found.cells["standing"].dropna()
    words = " ".join(chart.data[-1].text)
    for name in ("lasting", "emerging", "fading"):
        assert words.count(Texts("en")(f"month.standing_{name}")) == (standing == name).sum()
