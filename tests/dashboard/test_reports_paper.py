from __future__ import annotations

import html
import io
from datetime import date

import geopandas as gpd
import numpy as np
import pypdf
import pytest
import shapely
import typst
from matplotlib import image

from dashboard.ground import Frames
from dashboard.reports import paper, pictures

CRS = "EPSG:32648"
DAY = date(2024, 11, 30)


@pytest.fixture
def wards() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["Hàm Rồng"]}, geometry=[shapely.box(580_000, 2_190_000, 581_000, 2_191_000)],
        crs=CRS,
    )  # fmt: skip


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def points_of(drawn: bytes) -> np.typing.NDArray[np.float64]:
    return image.imread(io.BytesIO(drawn), format="png")[..., :3]


def test_vietnamese_words_can_be_read_back_from_the_file() -> None:
    facts = {"language": "vi", "title": "Phường Hàm Rồng", "lines": ["Ưng, ẵm, kỵ, Ỷ, đường"]}

    found = read(paper.compose("plain", facts, made_on=DAY))

    text = found.pages[0].extract_text()
    assert "Phường Hàm Rồng" in text
    assert "Ưng, ẵm, kỵ, Ỷ, đường" in text


def test_the_file_tells_its_language_its_title_and_its_tags() -> None:
    facts = {"language": "fr", "title": "Été à l'œuvre", "lines": []}

    found = read(paper.compose("plain", facts, made_on=DAY))

    assert str(found.root_object["/Lang"]) == "fr"
    assert "True" in str(found.root_object["/MarkInfo"])
    assert "/StructTreeRoot" in found.root_object
    assert found.metadata is not None
    assert found.metadata.title == "Été à l'œuvre"


def test_markup_in_a_fact_is_set_as_text_and_never_run() -> None:
    line = '#panic("x") *bold* $x$ = heading'
    facts = {"language": "en", "title": "t", "lines": [line]}

    text = read(paper.compose("plain", facts, made_on=DAY)).pages[0].extract_text()

    assert line.replace(" ", "") in text.replace(" ", "")


def test_a_fact_that_is_missing_stops_the_paper() -> None:
    with pytest.raises(typst.TypstError):
        paper.compose("plain", {"language": "en", "title": "t"}, made_on=DAY)


def test_the_same_paper_is_the_same_bytes() -> None:
    facts = {"language": "vi", "title": "một", "lines": ["hai"]}

    assert paper.compose("plain", facts, made_on=DAY) == paper.compose("plain", facts, made_on=DAY)


def test_a_map_keeps_its_shape_and_holds_what_it_must(wards: gpd.GeoDataFrame) -> None:
    frame = pictures.frame_of(wards.geometry, metric_crs=CRS, margin=0.0)

    drawn = pictures.draw_map(
        wards, ground=None, metric_crs=CRS, frame_m=frame, size_mm=(100.0, 50.0),
        marks=[pictures.Mark(shapes=wards.centroid, labels=["Điểm 1"])],
    ).decode()  # fmt: skip

    assert "Điểm 1" in html.unescape(drawn)
    assert 'width="283.464567pt" height="141.732283pt"' in drawn
    # the frame of 1,000 m is 50 mm high, so 100 mm are 2,000 m and the bar is 200 m (a fifth: 400)
    assert ">200 m<" in drawn


def test_the_ground_of_the_place_is_under_the_marks(wards: gpd.GeoDataFrame) -> None:
    road = gpd.GeoDataFrame(
        {"kind": ["artery"]}, crs=CRS,
        geometry=[shapely.LineString([(580_000, 2_190_500), (581_000, 2_190_500)])],
    ).to_crs("EPSG:4326")  # fmt: skip
    frame = pictures.frame_of(wards.geometry, metric_crs=CRS)
    size = (100.0, 100.0)

    bare = pictures.draw_map(
        wards, ground=None, metric_crs=CRS, frame_m=frame, size_mm=size, form="png"
    )
    full = pictures.draw_map(
        wards, ground=Frames("x", {"streets": road}), metric_crs=CRS, frame_m=frame, size_mm=size,
        form="png",
    )  # fmt: skip

    is_other = (points_of(full) != points_of(bare)).any(axis=2)
    n = len(is_other)
    rows = np.flatnonzero(is_other.any(axis=1))
    # 15 m of 1,160 m and an edge, across the middle of the picture
    assert abs(rows.mean() - (n - 1) / 2) <= 1
    assert 15 / 1160 * n <= len(rows) <= 25 / 1160 * n
    assert 1000 / 1160 * n <= is_other.any(axis=0).sum() <= 1030 / 1160 * n


def test_a_courtyard_and_what_two_areas_leave_between_them_stay_open(
    wards: gpd.GeoDataFrame,
) -> None:
    frame = pictures.frame_of(wards.geometry, metric_crs=CRS, margin=0.0)
    ring = shapely.box(200, 200, 800, 800) - shapely.box(400, 400, 600, 600)
    areas = shapely.MultiPolygon([ring, shapely.box(900, 200, 1000, 800)])
    shapes = gpd.GeoSeries([areas], crs=CRS).translate(580_000, 2_190_000)

    drawn = points_of(
        pictures.draw_map(
            wards, ground=None, metric_crs=CRS, frame_m=frame, size_mm=(100.0, 100.0), form="png",
            marks=[pictures.Mark(shapes=shapes, fill="#112233")],
        )
    )  # fmt: skip

    middle, n = drawn[len(drawn) // 2], len(drawn)
    filled = [tuple(middle[round(share * n)] * 255) == (17, 34, 51) for share in
              (0.1, 0.3, 0.5, 0.7, 0.85, 0.95)]  # fmt: skip
    assert filled == [False, True, False, True, False, True]


def test_an_empty_mark_draws_nothing(wards: gpd.GeoDataFrame) -> None:
    frame = pictures.frame_of(wards.geometry, metric_crs=CRS)
    nothing = gpd.GeoSeries([], crs=CRS)

    one = pictures.draw_map(wards, ground=None, metric_crs=CRS, frame_m=frame)
    two = pictures.draw_map(
        wards, ground=None, metric_crs=CRS, frame_m=frame, marks=[pictures.Mark(shapes=nothing)]
    )

    assert one == two
