"""Places told in words, on drawn streets: what is found, what stays in doubt, and why.

In EPSG:5897 metres. Two wards of a kilometre side by side, A from east 0 and B from east 1000:

- Trần Phú runs along north 500 through both; in A Lê Lợi along east 300, Lê Lai along east 700;
- Hàng Đồng is in A two pieces 800 m apart: two streets of one name;
- Nguyễn Trãi along east 1500 in B; Ngõ 45 Nguyễn Trãi goes off it, 60 m to the east;
- Quốc lộ 47 along the northern edge of A.
"""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.addresses import parse
from data.directory import Directory
from data.folding import fold

STREETS = {
    "Đường Trần Phú": [[(0, 500), (2000, 500)]],
    "Lê Lợi": [[(300, 0), (300, 1000)]],
    "Lê Lai": [[(700, 0), (700, 1000)]],
    "Hàng Đồng": [[(50, 50), (100, 50)], [(900, 50), (950, 50)]],
    "Nguyễn Trãi": [[(1500, 0), (1500, 1000)]],
    "Ngõ 45 Nguyễn Trãi": [[(1500, 200), (1560, 200)]],
    "Quốc lộ 47": [[(0, 990), (900, 990)]],
}
POINTS = [
    ("school", "T1", "Trường THPT Hàm Rồng", (200, 800)),
    ("school", "T2", "Trường Tiểu học Ba Đình", (1300, 800)),
    ("place", "P1", "Chợ Vườn Hoa", (400, 400)),
    ("place", "P2", "Ngã tư Bưu điện", (600, 600)),
    ("place", "P3", "Nhà văn hóa khu phố", (100, 900)),
    ("place", "P4", "Nhà văn hóa khu phố", (800, 900)),
    ("place", "P5", "UBND phường Ba Đình", (1800, 200)),
    ("site", "S1", "Cột đèn quảng trường", (50, 950)),
    ("site", "S2", "Trần Phú", (10, 10)),
]


@pytest.fixture(scope="module")
def city():
    streets = [
        (name, shapely.LineString(line)) for name, lines in STREETS.items() for line in lines
    ]
    kinds, keys, names, at = zip(*POINTS, strict=True)
    return Directory(
        gpd.GeoDataFrame(
            {"name": [name for name, _ in streets]},
            geometry=[line for _, line in streets],
            crs="EPSG:5897",
        ),
        gpd.GeoDataFrame(
            {"kind": kinds, "key": keys, "name": names},
            geometry=[shapely.Point(p) for p in at],
            crs="EPSG:5897",
        ),
        areas={"A": shapely.box(0, 0, 1000, 1000), "B": shapely.box(1000, 0, 2000, 1000)},
    )


def found(city, text, area="A", salt=""):
    return city.find(parse(text), area=area, salt=salt)


@pytest.mark.parametrize(
    "text",
    ["Trần Phú", "12 Trần Phú", "số 12 Trần Phú", "SN 12/5 đ. Trần Phú, P. A, TP Thanh Hoá",
     "Đg. Tran Phu", "TRẦN PHÚ", "trần phú", "TrầnPhú", "Số nhà 12A, đường Trần Phú",
     "trước số nhà 12 Trần Phú", "Trần Phú đoạn gần cầu Cốc", "phố Trần Phú phường A TX X"],
)  # fmt: skip
def test_a_street_is_found_however_it_is_written(city, text):
    chosen = found(city, text).chosen
    assert (chosen.kind, chosen.name, chosen.quality) == ("street", "Đường Trần Phú", "street")
    assert chosen.northing == 500
    assert 0 <= chosen.easting <= 1000 + 30  # in the ward, or along its border


@pytest.mark.parametrize(
    "text",
    ["Ngã tư Trần Phú – Lê Lợi", "ngã 4 Tran Phu - Le Loi", "giao Trần Phú và Lê Lợi",
     "Lê Lợi x Trần Phú", "Trần Phú giao Lê Lợi", "nga tu tran phu le loi",
     "Ngã tư Trần Phú - Lê Lợi - P. A", "góc đường Lê Lợi/Trần Phú",
     "tại ngã ba Trần Phú – Lê Lợi"],
)  # fmt: skip
def test_two_streets_are_found_where_they_cross(city, text):
    chosen = found(city, text).chosen
    assert (chosen.kind, chosen.quality) == ("crossing", "exact")
    assert (chosen.easting, chosen.northing) == pytest.approx((300, 500))


@pytest.mark.parametrize(
    ("text", "key"),
    [("ngã tư Bưu điện", "place:P2"), ("Nga 4 Buu Dien", "place:P2"),
     ("trước cổng trường THPT Hàm Rồng", "school:T1"), ("trường cấp 3 Hàm Rồng", "school:T1"),
     ("Trường PTTH Ham Rong", "school:T1"), ("chợ Vườn Hoa, P. A", "place:P1"),
     ("gần chợ vuon hoa", "place:P1"), ("cột đèn quảng trường", "site:S1")],
)  # fmt: skip
def test_schools_places_and_sites_are_found_by_name(city, text, key):
    chosen = found(city, text).chosen
    assert (chosen.key, chosen.quality) == (key, "exact")


def test_an_office_that_is_called_like_a_ward_is_a_place(city):
    assert found(city, "UBND P. Ba Đình", "B").chosen.key == "place:P5"


def test_an_alley_is_found_by_its_number_and_an_unknown_one_where_it_begins(city):
    for text in ("Ngõ 45 Nguyễn Trãi", "số 3 ngõ 45 đường Nguyen Trai", "45/3 Nguyễn Trãi"):
        chosen = found(city, text, "B").chosen
        assert (chosen.name, chosen.northing) == ("Ngõ 45 Nguyễn Trãi", 200)
    other = found(city, "ngõ 47 Nguyễn Trãi", "B").chosen
    assert (other.name, other.easting) == ("Nguyễn Trãi", 1500)


def test_numbered_roads_are_found_in_either_spelling(city):
    for text in ("QL47", "QL 47", "quốc lộ 47", "Quoc lo 47"):
        found_road = found(city, text).chosen
        assert found_road is not None, text
        assert found_road.name == "Quốc lộ 47"
    assert found(city, "QL 45").chosen is None


def test_a_slip_of_the_pen_is_mended_where_it_makes_no_other_word(city):
    assert found(city, "Nguyễm Trãi", "B").chosen.name == "Nguyễn Trãi"
    assert found(city, "Trần Phs").chosen.name == "Đường Trần Phú"
    other = found(city, "Nguyễn Trại Anh", "B")  # a good name that the city does not have
    assert other.chosen is None
    assert found(city, "Nguyễn Trang", "B").doubt == "unsure"
    short = found(city, "Lê Lơa")  # as near to Lê Lợi as to Lê Lai
    assert (short.chosen, short.doubt) == (None, "unsure")
    assert {c.name for c in short.candidates} == {"Lê Lợi", "Lê Lai"}


def test_streets_that_differ_in_one_letter_are_not_taken_for_each_other(city):
    assert found(city, "12 Le Lai").chosen.easting == 700
    assert found(city, "12 Le Loi").chosen.easting == 300


def test_two_streets_of_one_name_in_a_ward_are_a_question(city):
    finding = found(city, "5 Hàng Đồng")
    assert (finding.chosen, finding.doubt) == (None, "several")
    assert [round(c.length_m) for c in finding.candidates] == [50, 50]
    assert len({c.key for c in finding.candidates}) == 2


def test_two_places_of_one_name_are_a_question(city):
    finding = found(city, "nhà văn hóa khu phố")
    assert finding.doubt == "several"
    assert {c.key for c in finding.candidates} == {"place:P3", "place:P4"}


def test_a_street_of_another_ward_is_never_taken(city):
    finding = found(city, "12 Nguyễn Trãi", "A")
    assert (finding.chosen, finding.doubt) == (None, "elsewhere")
    assert [c.name for c in finding.candidates] == ["Nguyễn Trãi"]
    assert found(city, "Trường Tiểu học Ba Đình", "A").chosen is None


def test_streets_that_do_not_meet_in_the_ward_are_no_crossing(city):
    finding = found(city, "ngã tư Lê Lợi – Lê Lai")
    assert (finding.chosen, finding.doubt) == (None, "meets_not")


def test_without_a_ward_a_name_counts_where_the_city_has_it_once(city):
    assert found(city, "Nguyễn Trãi", "").chosen.easting == 1500
    assert found(city, "Hàng Đồng", "").doubt == "several"


def test_a_street_that_leaves_the_ward_and_comes_back_is_one():
    bend = shapely.LineString([(900, 100), (1200, 100), (1200, 900), (900, 900)])
    none = gpd.GeoDataFrame({"kind": [], "key": [], "name": []}, geometry=[], crs="EPSG:5897")
    known = Directory(
        gpd.GeoDataFrame({"name": ["Vành Đai"]}, geometry=[bend], crs="EPSG:5897"),
        none,
        areas={"A": shapely.box(0, 0, 1000, 1000)},
    )
    chosen = found(known, "Vành Đai").chosen
    assert chosen.length_m == pytest.approx(2 * 130)  # a hundred metres each, and the border


@pytest.mark.parametrize("text", ["", "   ", "???", "nhà riêng", "không rõ", "12", "P. Ba Đình"])
def test_words_that_name_nothing_find_nothing(city, text):
    finding = found(city, text)
    assert (finding.chosen, finding.doubt) == (None, "unknown")


def test_one_address_is_always_at_one_place_and_houses_spread_along_the_street(city):
    def at(text, salt):
        return found(city, text, "A", salt).chosen.easting

    assert at("12 Trần Phú", "one case") == at("SN 12 đ. Tran Phu", "another")
    spread = [at(f"{n} Trần Phú", "") for n in range(1, 201)]
    assert len(set(spread)) == 200
    assert min(spread) < 250
    assert max(spread) > 750
    assert at("Trần Phú", "one case") != at("Trần Phú", "another")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    for reading in parse(text).readings:
        assert all(name.folded == fold(name.folded) for name in reading.names)


@settings(deadline=None)
@given(
    st.sampled_from(["Trần Phú", "Lê Lợi", "Lê Lai", "Quốc lộ 47"]),
    st.integers(1, 999),
    st.sampled_from(["{n} {s}", "Số {n}, đường {s}", "SN {n}/7 {s}, P. A", "nhà số {n} đ. {s}"]),
    st.booleans(),
    st.booleans(),
)
def test_a_street_of_the_ward_is_never_taken_for_another(city, street, n, form, bare, upper):
    text = form.format(n=n, s=street)
    text = fold(text) if bare else text
    chosen = found(city, text.upper() if upper else text).chosen
    assert chosen is None or chosen.name.removeprefix("Đường ") == street
