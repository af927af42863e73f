"""Columns as a person confirmed them: found again by the headings, never by a guess."""

from datetime import date

import sqlalchemy as sa

from data import importing, tables
from data.importing import Options, remembered

TODAY = date(2025, 12, 31)
ODD = {"date": "Cột A", "ward": "Cột B", "offence": "Cột C"}


def _import(city, path, *, layer="incidents", **options):
    return importing.import_file(
        city, path, layer=layer, actor="An", today=TODAY, options=Options(**options)
    )


def _lines(city):
    with city.read() as connection:
        return connection.execute(sa.select(tables.remembered_columns)).all()


def test_the_next_file_with_the_same_headings_needs_no_mapping(city, write_csv):
    first = write_csv("Cột A;Cột B;Cột C", "8/3/2025;Đông Thọ;Trộm cắp", name="t3.csv")
    assert _import(city, first, mapping=ODD).n_accepted == 1
    turned = write_csv("COT C;cột a;Cột B", "Trộm cắp;9/4/2025;Hàm Rồng", name="t4.csv")
    report = _import(city, turned)
    assert (report.n_accepted, report.n_rejected) == (1, 0)
    assert report.mapping == {"date": "cột a", "ward": "Cột B", "offence": "COT C"}


def test_other_headings_are_not_taken_for_those_that_were_confirmed(city, write_csv):
    _import(city, write_csv("Cột A;Cột B;Cột C", "8/3/2025;Đông Thọ;Trộm cắp"), mapping=ODD)
    draft, options, last = importing.read_remembering(
        city,
        write_csv("Ngày;Phường;Cột C", "8/3/2025;Đông Thọ;abc", name="other.csv"),
        layer="incidents",
        options=Options(),
    )
    assert last is None
    assert options == Options()
    assert draft.mapping == {"date": "Ngày", "ward": "Phường"}


def test_what_nobody_confirmed_is_not_remembered(city, write_csv):
    _import(city, write_csv("Ngày;Phường", "8/3/2025;Đông Thọ"))
    assert _lines(city) == []


def test_a_field_that_was_left_out_stays_out(city, write_csv):
    lines = ("Ngày;Phường;Giờ", "8/3/2025;Đông Thọ;20h")
    _import(city, write_csv(*lines), mapping={"time": ""})
    again = write_csv(lines[0], "9/3/2025;Đông Thọ;21h", name="next.csv")
    assert "time" not in _import(city, again).mapping


def test_what_is_told_this_time_wins_and_is_what_is_remembered_next(city, write_csv):
    head = "Cột A;Cột B;Cột C"
    _import(city, write_csv(head, "8/3/2025;Đông Thọ;Trộm cắp"), mapping=ODD)
    other = {**ODD, "offence": "", "place": "Cột C"}
    _import(city, write_csv(head, "9/3/2025;Đông Thọ;Chợ", name="b.csv"), mapping=other)
    report = _import(city, write_csv(head, "10/3/2025;Đông Thọ;Ga", name="c.csv"))
    assert report.mapping == {"date": "Cột A", "ward": "Cột B", "place": "Cột C"}


def test_what_a_word_for_an_offence_means_is_asked_once(city, write_csv):
    head = "Cột A;Cột B;Cột C"
    row = "8/3/2025;Đông Thọ;Đánh nhau"
    first = write_csv(head, row, "9/3/2025;Đông Thọ;Đánh anh Lê Văn Tám")
    told = {"Đánh nhau": "public_disorder", "Đánh anh Lê Văn Tám": "injury"}
    assert _import(city, first, mapping=ODD, offences=told).n_unclassified == 0
    assert _lines(city)[0].offences == {"Đánh nhau": "public_disorder"}  # the other names a person
    once_more = write_csv(head, row, "9/4/2025;Đông Thọ;DANH NHAU", name="next.csv")
    for mapping in ({}, ODD):
        report = _import(city, once_more, mapping=mapping, dry_run=True)
        assert (report.n_accepted, report.n_updated, report.n_duplicates) == (1, 0, 1)
        assert report.n_unclassified == 0
    changed = _import(city, once_more, offences={"đánh nhau": "injury"}, dry_run=True)
    assert (changed.n_accepted, changed.n_duplicates) == (2, 0)  # rows without a number


def test_words_told_without_columns_are_remembered_and_the_columns_are_not_confirmed(
    city, write_csv
):
    head, rows = "Số vụ,Ngày,Phường,Tội danh", ("1,8/3/2025,Đông Thọ,Đánh nhau",)
    first = write_csv(head, *rows)
    report = _import(city, first, offences={"đánh nhau": "public_disorder"})
    assert report.n_unclassified == 0
    for lines in (rows, (*rows, "2,9/3/2025,Đông Thọ,Đánh nhau")):
        again = _import(city, write_csv(head, *lines))
        assert (again.n_updated, again.n_unclassified) == (0, 0)
    draft, options, last = importing.read_remembering(
        city, first, layer="incidents", options=Options()
    )
    assert (last, options.mapping) == (None, {})
    mapping = {"case_id": "Số vụ", "date": "Ngày", "ward": "Phường", "offence": "Tội danh"}
    assert draft.mapping == mapping
    _import(city, first, mapping=mapping)  # now somebody did look at them
    _import(city, first, offences={"Trộm chó": "theft"})
    _, options, last = importing.read_remembering(city, first, layer="incidents", options=Options())
    assert last.mapping == mapping
    assert options.offences == {"đánh nhau": "public_disorder", "Trộm chó": "theft"}


def test_rows_without_a_number_are_not_doubled_by_a_longer_file_once_their_offence_is_named(
    city, write_csv
):
    head = "Ngày,Phường,Tội danh"
    rows = ("8/3/2025,Đông Thọ,Đánh nhau", "8/3/2025,Đông Thọ,Đánh nhau")
    _import(city, write_csv(head, *rows))
    named = _import(city, write_csv(head, *rows), offences={"Đánh nhau": "public_disorder"})
    assert (named.n_accepted, named.n_updated) == (0, 2)
    longer = write_csv(head, *rows, rows[0], "9/3/2025,Đông Thọ,Đánh nhau", name="b.csv")
    for n_new in (2, 0):
        report = _import(city, longer)
        told = (report.n_accepted, report.n_updated, report.n_duplicates)
        assert told == (n_new, 0, 4 - n_new)


def test_how_days_are_written_is_remembered_for_its_own_source_only(city, write_csv):
    head, row = "Cột A;Cột B;Cột C", "04/03/2025;Đông Thọ;Trộm cắp"
    _import(city, write_csv(head, row), mapping=ODD, source="CA Hàm Rồng",
            conventions={"date": "mdy"})  # fmt: skip
    path = write_csv(head, row, name="next.csv")

    def read(source):
        return importing.read_remembering(
            city, path, layer="incidents", options=Options(source=source)
        )[1]

    assert read("CA Hàm Rồng").conventions == {"date": "mdy"}
    assert read("CA Đông Thọ").conventions == read(None).conventions == {}
    assert read("CA Đông Thọ").mapping == ODD  # what the columns are holds for all


def test_nothing_of_a_column_that_is_not_stored_is_kept(city, write_csv):
    head = "Cột A;Cột B;Họ tên bị hại;Ghi chú riêng"
    path = write_csv(head, "8/3/2025;Đông Thọ;Bí Mật;xyz")
    _import(city, path, mapping={"date": "Cột A", "ward": "Cột B"})
    (line,) = _lines(city)
    kept = " ".join(map(str, line))
    assert "Họ tên" not in kept
    assert "Ghi chú" not in kept
    assert len(line.headings_sha256) == 64


def test_a_dry_run_and_the_same_answer_again_remember_nothing_more(city, write_csv):
    path = write_csv("Cột A;Cột B;Cột C", "8/3/2025;Đông Thọ;Trộm cắp")
    _import(city, path, mapping=ODD, dry_run=True)
    assert _lines(city) == []
    for _ in range(2):
        _import(city, path, mapping=ODD)
    assert len(_lines(city)) == 1


def test_a_field_that_is_no_more_or_a_heading_that_is_personal_by_now_is_not_asked_for():
    last = remembered.Remembered(
        mapping={"date": "Ngày", "colour": "Màu", "place": "Họ tên bị hại"},
        conventions={}, crs=None, actor="An", remembered_at=None,
    )  # fmt: skip
    headings = ("Ngày", "Màu", "Họ tên bị hại")
    told = remembered.filled(Options(), last, headings, layer="incidents")
    assert told.mapping == {"date": "Ngày"}


def test_the_place_of_a_shape_stands_in_no_column_to_remember(city, tmp_path):
    import geopandas as gpd
    import shapely

    path = tmp_path / "sites.geojson"
    inside = gpd.GeoSeries([shapely.Point(582_500, 2_191_500)], crs="EPSG:5897").to_crs("EPSG:4326")
    path.write_text(gpd.GeoDataFrame({"Cột A": ["S1"]}, geometry=inside).to_json())
    told = {"site_id": "Cột A"}
    assert _import(city, path, layer="sites", mapping=told).n_accepted == 1
    assert _lines(city)[0].mapping == told
    assert _import(city, path, layer="sites").n_duplicates == 1
