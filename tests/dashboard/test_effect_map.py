import geopandas as gpd
import pandas as pd
from shapely import box

from analysis.crs import WGS84
from dashboard import map_layers


def test_places_of_a_comparison_come_with_their_look_their_name_and_their_words():
    units = gpd.GeoDataFrame(
        {"look": ["serving", "dropped"]},
        geometry=[box(105, 19, 106, 20), box(106, 19, 107, 20)],
        index=["a", "b"],
        crs=WGS84,
    )
    drawn = map_layers.units(units, tips=pd.Series({"b": "left out"})).content["units"]
    assert [(unit["id"], unit["look"], unit["tip"]) for unit in drawn] == [
        ("a", "serving", None),
        ("b", "dropped", "left out"),
    ]
    assert drawn[0]["shape"] == map_layers.polygon_wires(units.geometry)[0]
