"""Ledgers without coordinates into the small city: what is placed, what is asked, what is kept.

Metres from the city's south-west corner: Trần Phú runs along north 500 through all three wards, Lê
Lợi along east 300 of the first, Nguyễn Trãi along east 1500 of the second; Hàng Đồng is two pieces
of the first, 700 m apart. Chợ Vườn Hoa stands at (400, 400), Trường THPT Hàm Rồng at (1200, 800).
"""

from datetime import date

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from data import exporting, importing, layers, tables
from data.importing import EveryRowFailedError, Options
from data.importing.open_questions import AT_WARD
from data.rows import Source, write_batch
from data.shapes import shape_columns

TODAY = date(2025, 12, 31)
CORNER = (582_000, 2_191_000)
STREETS = [
    ("Trần Phú", [(0, 500), (3000, 500)]),
    ("Lê Lợi", [(300, 0), (300, 1000)]),
    ("Nguyễn Trãi", [(1500, 0), (1500, 1000)]),
    ("Hàng Đồng", [(50, 50), (100, 50)]),
    ("Hàng Đồng", [(800, 50), (900, 50)]),
]
HEAD = "Số vụ việc,Ngày,Giờ,Phường/xã,Địa điểm,Tội danh"


@pytest.fixture
def named_city(city, lonlat):
    lines = gpd.GeoSeries([shapely.LineString(at) for _, at in STREETS], crs="EPSG:5897")
    shapes = shape_columns(lines.translate(*CORNER))
    points = {
        "places": ("place_id", "Chợ Vườn Hoa", (400, 400)),
        "schools": ("school_id", "Trường THPT Hàm Rồng", (1200, 800)),
    }
    with city.begin(actor="tester") as transaction:
        write_batch(
            transaction,
            "streets",
            [
                {"row_key": str(i), "kind": "street", "name": name, **shape}
                for i, ((name, _), shape) in enumerate(zip(STREETS, shapes, strict=True))
            ],
            source=Source(file_name="drawing"),
        )
        for layer, (key, name, at) in points.items():
            longitude, latitude = lonlat(*at)
            row = {"row_key": "1", key: "1", "name": name, "longitude": longitude,
                   "latitude": latitude}  # fmt: skip
            write_batch(transaction, layer, [row], source=Source(file_name="drawing"))
    return city


def bring(store, path, **options):
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=TODAY, options=Options(**options)
    )


def counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def kept(store):
    """The incidents in metres from the corner, by case number."""
    found = layers.read_incidents(store).to_crs("EPSG:5897")
    found["at"] = [
        None if p is None else (round(p.x - CORNER[0]), round(p.y - CORNER[1]))
        for p in found.geometry
    ]
    return found.set_index("case_id")


def test_rows_are_placed_by_crossing_school_place_and_street_within_their_ward(
    named_city, write_csv
):
    path = write_csv(
        HEAD,
        "1,08/03/2025,20h30,Đông Thọ,ngã tư Tran Phu - Le Loi,Trộm cắp",
        "2,08/03/2025,20h30,Hàm Rồng,trước cổng trường cấp 3 Hàm Rồng,Trộm cắp",
        "3,08/03/2025,20h30,Đông Thọ,gần chợ Vườn Hoa,Trộm cắp",
        "4,08/03/2025,20h30,Nam Ngạn,SN 12 đ. Trần Phú,Trộm cắp",
        "5,08/03/2025,20h30,Đông Thọ,,Trộm cắp",
    )
    report = bring(named_city, path)
    assert counts(report) == (5, 0, 0, 0)
    assert report.n_by_quality == {"exact": 3, "street": 1, "ward": 1}
    assert dict(report.places.n_by_kind) == {"crossing": 1, "school": 1, "place": 1, "street": 1}
    found = kept(named_city)
    assert found.loc[["1", "2", "3"], "at"].tolist() == [(300, 500), (1200, 800), (400, 400)]
    east, north = found.loc["4", "at"]
    assert (2000 - 30 <= east <= 3000, north) == (True, 500)
    assert found["ward_code"].tolist() == ["101", "102", "101", "103", "101"]
    assert found.loc["5", "at"] is None


def test_what_is_in_doubt_stays_at_its_ward_and_is_one_question_for_equal_words(
    named_city, write_csv
):
    path = write_csv(
        HEAD,
        "1,08/03/2025,20h30,Đông Thọ,5 Hàng Đồng,Trộm cắp",
        "2,09/03/2025,20h30,Đông Thọ,số 7 Hang Dong,Trộm cắp",
        "3,09/03/2025,20h30,Hàm Rồng,12 Lê Lợi,Trộm cắp",
        "4,09/03/2025,20h30,Hàm Rồng,nhà hàng xóm,Trộm cắp",
    )
    report = bring(named_city, path)
    assert report.n_by_quality == {"exact": 0, "street": 0, "ward": 4}
    asked = [(q.doubt, q.ward_code, q.file_rows, len(q.choices)) for q in report.places.questions]
    assert asked == [
        ("several", "101", (2, 3), 2),
        ("elsewhere", "102", (4,), 1),
        ("unknown", "102", (5,), 0),
    ]


def test_an_answer_places_all_rows_that_ask_and_ward_leaves_them(named_city, write_csv):
    path = write_csv(
        HEAD,
        "1,08/03/2025,20h30,Đông Thọ,5 Hàng Đồng,Trộm cắp",
        "2,09/03/2025,20h30,Đông Thọ,số 7 Hang Dong,Trộm cắp",
    )
    (question,) = bring(named_city, path, dry_run=True).places.questions
    eastern = max(question.choices, key=lambda one: one.longitude)
    report = bring(named_city, path, place_answers={question.key: eastern.key})
    assert report.n_by_quality == {"exact": 0, "street": 2, "ward": 0}
    assert all(800 <= east <= 900 for east, _ in kept(named_city)["at"])
    assert report.places.questions[0].answer == eastern.key
    left = bring(named_city, path, place_answers={question.key: AT_WARD})
    assert counts(left) == (0, 2, 0, 0)
    assert kept(named_city)["at"].tolist() == [None, None]


def test_a_row_without_ward_takes_it_from_its_words_or_from_its_place(named_city, write_csv):
    path = write_csv(
        "Số vụ việc,Ngày,Địa điểm,Tội danh",
        "1,08/03/2025,Nguyễn Trãi,Trộm cắp",
        '2,08/03/2025,"12 Trần Phú, P. Nam Ngạn",Trộm cắp',
        '3,08/03/2025,"không rõ, P. Nam Ngạn",Trộm cắp',
        "4,08/03/2025,Hàng Đồng,Trộm cắp",
        "5,08/03/2025,đâu đó,Trộm cắp",
    )
    report = bring(named_city, path)
    assert counts(report) == (3, 0, 0, 2)
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (5, "place_not_found", "Hàng Đồng"),
        (6, "place_not_found", "đâu đó"),
    ]
    found = kept(named_city)
    assert found["ward_code"].to_dict() == {"1": "102", "2": "103", "3": "103"}
    assert found["location_quality"].to_dict() == {"1": "street", "2": "street", "3": "ward"}


def test_the_same_file_again_adds_nothing_though_it_was_placed_by_words(named_city, write_csv):
    path = write_csv(
        HEAD,
        "1,08/03/2025,20h30,Đông Thọ,12 Trần Phú,Trộm cắp",
        ",08/03/2025,20h30,Đông Thọ,14 Trần Phú,Trộm cắp",
        ",08/03/2025,20h30,Đông Thọ,14 Trần Phú,Trộm cắp",
        ",08/03/2025,20h30,Đông Thọ,chợ Vườn Hoa,Trộm cắp",
    )
    assert counts(bring(named_city, path)) == (4, 0, 0, 0)
    assert counts(bring(named_city, path)) == (0, 0, 4, 0)


def test_rows_kept_before_the_streets_came_are_placed_and_not_doubled(city, write_csv, lonlat):
    path = write_csv(HEAD, ",08/03/2025,20h30,Đông Thọ,chợ Vườn Hoa,Trộm cắp")
    assert counts(bring(city, path)) == (1, 0, 0, 0)
    longitude, latitude = lonlat(400, 400)
    market = {"row_key": "1", "place_id": "1", "name": "Chợ Vườn Hoa", "longitude": longitude,
              "latitude": latitude}  # fmt: skip
    with city.begin(actor="tester") as transaction:
        write_batch(transaction, "places", [market], source=Source(file_name="drawing"))
    assert counts(bring(city, path)) == (0, 1, 0, 0)
    assert layers.read_incidents(city)["location_quality"].tolist() == ["exact"]


def test_what_was_placed_by_words_goes_out_and_comes_back_as_known(named_city, write_csv, tmp_path):
    path = write_csv(
        HEAD,
        ",08/03/2025,20h30,Đông Thọ,chợ Vườn Hoa,Trộm cắp",
        ",08/03/2025,20h30,Đông Thọ,12 Trần Phú,Trộm cắp",
        "7,08/03/2025,20h30,Đông Thọ,Lê Lợi,Trộm cắp",
    )
    bring(named_city, path)
    out = tmp_path / "out.csv"
    exporting.export_layer(named_city, "incidents", out, today=TODAY)
    assert counts(bring(named_city, out)) == (0, 0, 3, 0)


def test_a_house_number_is_kept_only_from_a_column_of_its_own(named_city, write_csv):
    bring(named_city, write_csv(HEAD, "1,08/03/2025,20h30,Đông Thọ,SN 12/5 Trần Phú,Trộm cắp"))
    own = write_csv(
        "Số vụ việc,Ngày,Phường/xã,Số nhà,Đường,Tội danh",
        "2,08/03/2025,Đông Thọ,12,Trần Phú,Trộm cắp",
        name="own.csv",
    )
    bring(named_city, own)
    found = kept(named_city)
    assert found["place"].to_dict() == {"1": "Trần Phú", "2": "12 Trần Phú"}
    assert found["location_quality"].tolist() == ["street", "street"]


def test_a_row_that_says_it_is_known_by_ward_alone_is_left_there(named_city, write_csv):
    path = write_csv(
        "Số vụ việc,Ngày,Phường/xã,Địa điểm,Độ chính xác vị trí,Tội danh",
        "1,08/03/2025,Đông Thọ,chợ Vườn Hoa,ward,Trộm cắp",
    )
    options = {"mapping": {"location_quality": "Độ chính xác vị trí"}}
    assert bring(named_city, path, **options).n_by_quality["ward"] == 1


def test_personal_data_is_taken_out_of_places_and_counted(named_city, write_csv):
    path = write_csv(
        HEAD,
        "1,08/03/2025,20h30,Đông Thọ,nhà ông Nguyễn Văn An 0912 345 678,Trộm cắp",
        "2,08/03/2025,20h30,Đông Thọ,12 Bà Triệu,Trộm cắp",
        "3,gọi bà Trần Thị Bình 0987654321 ngày 31/02,20h30,Đông Thọ,,Trộm cắp",
    )
    report = bring(named_city, path)
    assert dict(report.masked) == {"name": 1, "phone": 1}
    assert kept(named_city)["place"].to_dict() == {"1": "nhà ông [•] [•]", "2": "Bà Triệu"}
    (refused,) = report.rejected
    with named_city.read() as connection:
        rejected = connection.scalars(sa.select(tables.rejected_rows.c.value)).all()
    for said in [refused.value, *rejected]:
        assert "Bình" not in said
        assert "0987" not in said


def test_free_text_is_left_at_the_door_unless_a_person_maps_it_and_then_masked(
    named_city, write_csv
):
    path = write_csv(
        "Số vụ việc,Ngày,Phường/xã,Nội dung,Tội danh",
        "1,08/03/2025,Đông Thọ,Chị Lan 0912345678 mất xe 36B1-123.45 (Điều 173),Trộm cắp",
    )
    report = bring(named_city, path)
    assert "Nội dung" in report.ignored
    assert kept(named_city).loc["1", "summary"] is None
    asked = bring(named_city, path, mapping={"summary": "Nội dung"})
    assert counts(asked) == (0, 1, 0, 0)
    assert dict(asked.masked) == {"name": 1, "phone": 1, "plate": 1}
    assert kept(named_city).loc["1", "summary"] == "Chị [•] [•] mất xe [•] (Điều 173)"


def test_a_file_with_places_alone_in_a_city_without_names_is_refused_row_by_row(city, write_csv):
    path = write_csv("Số vụ việc,Ngày,Địa điểm,Tội danh", "1,08/03/2025,12 Trần Phú,Trộm cắp")
    with pytest.raises(EveryRowFailedError) as refused:
        bring(city, path)
    assert refused.value.report.rejected[0].reason == "place_not_found"
