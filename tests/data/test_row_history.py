"""What became of a row, import by import."""

from datetime import date

import pytest
from small_city import put_wards

from data import adoption, history, importing
from data.errors import NoSuchRowError
from data.importing import Options
from data.importing.cases.other_shapes import LIST

TODAY = date(2025, 12, 31)
HEAD = "Mã vụ việc;Ngày xảy ra;Phường/xã;Tội danh;Kết quả"


def _import(city, path, *, layer="incidents", **options):
    return importing.import_file(
        city, path, layer=layer, actor="An", today=TODAY, options=Options(source="CA", **options)
    )


def test_an_update_tells_old_and_new_before_and_after_it_is_written(city, write_csv):
    first = write_csv(HEAD, "V1;8/3/2025;Đông Thọ;Trộm cắp;", "V2;9/3/2025;Đông Thọ;Trộm cắp;",
                      name="a.csv")  # fmt: skip
    assert _import(city, first).changes == ()
    later = write_csv(HEAD, "V2;9/3/2025;Hàm Rồng;Trộm cắp;Đã làm rõ",
                      "V1;8/3/2025;Đông Thọ;Trộm cắp;",
                      "V3;8/3/2025;Đông Thọ;Trộm cắp;", name="b.csv")  # fmt: skip
    for is_dry in (True, False):
        report = _import(city, later, dry_run=is_dry)
        assert (report.n_accepted, report.n_updated, report.n_duplicates) == (1, 1, 1)
        (change,) = report.changes
        assert (change.row_key, change.file_row) == ("CA|V2", 2)
        assert change.cells == {
            "ward_code": ("101", "102"),
            "outcome": (None, "cleared"),
            "is_cleared": (None, True),
        }


def test_a_camera_that_broke_is_an_update_of_its_state(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    head = "Mã camera;Kinh độ;Vĩ độ;Tình trạng"
    _import(city, write_csv(head, f"C1;{x};{y};hỏng"), layer="cameras")
    later = write_csv(head, f"C1;{x};{y};hoạt động", name="later.csv")
    report = _import(city, later, layer="cameras", dry_run=True)
    assert report.n_updated == 1
    assert [(c.row_key, c.cells) for c in report.changes] == [
        ("C1", {"state": ("broken", "working")})
    ]


def test_the_history_of_a_row_tells_every_version_and_who_brought_and_took_it(city, write_csv):
    days = ("8/3/2025", "9/3/2025", "10/3/2025")
    others = ("V2;1/3/2025;Đông Thọ;Trộm cắp;", "V3;2/3/2025;Đông Thọ;Trộm cắp;")
    batches = [
        _import(
            city, write_csv(HEAD, f"V1;{day};Đông Thọ;Trộm cắp;", *others, name=f"{n}.csv")
        ).batch
        for n, day in enumerate(days)
    ]
    adoption.undo(city, batches[2], actor="Bình")
    versions = history.read_versions(city, "V1")
    assert [v.status for v in versions] == ["superseded", "in_force", "undone"]
    assert [v.batch_id for v in versions] == batches
    assert [v.file_name for v in versions] == ["0.csv", "1.csv", "2.csv"]
    assert {v.actor for v in versions} == {"An"}
    assert [v.undone_by for v in versions] == [None, None, "Bình"]
    assert versions[0].changed == {}
    assert set(versions[1].changed) == {"starts_at", "ends_at"}
    assert history.read_versions(city, "CA|V1") == versions  # its key names it too


def test_a_case_that_got_another_number_is_told_whole_by_either(city, write_csv):
    def ledger(spell, offence):
        lines = (f"{spell(n)};{n}/3/2025;Đông Thọ;{offence};" for n in (1, 2, 3))
        return write_csv(HEAD, *lines, name=f"{offence}.csv")

    _import(city, ledger(str, "Trộm cắp"))
    told = {"number_answers": {LIST: True}}
    batch = _import(city, ledger(lambda n: f"{n:03}/2025", "Trộm cắp tài sản"), **told).batch
    versions = history.read_versions(city, "2")
    assert [v.content["case_id"] for v in versions] == ["2", "002/2025"]
    assert [v.status for v in versions] == ["superseded", "in_force"]
    assert versions[1].changed == {"case_id": ("2", "002/2025")}
    assert history.read_versions(city, "002/2025") == versions
    adoption.undo(city, batch, actor="An")
    assert [v.status for v in history.read_versions(city, "002/2025")] == ["in_force", "undone"]


def test_a_cell_set_right_by_hand_is_told_with_its_row(city, write_csv):
    path = write_csv(HEAD, "V1;31/2/2025;Đông Thọ;Trộm cắp;", "V2;8/3/2025;Đông Thọ;Trộm cắp;")
    _import(city, path, corrections={2: {"date": "28/2/2025"}})
    assert history.read_versions(city, "V1")[0].corrected == ("Ngày xảy ra",)
    assert history.read_versions(city, "V2")[0].corrected == ()


def test_an_id_of_several_layers_is_told_in_all_or_in_the_one_asked_for(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    _import(city, write_csv("Mã camera;Kinh độ;Vĩ độ", f"V1;{x};{y}", name="c.csv"),
            layer="cameras")  # fmt: skip
    _import(city, write_csv(HEAD, "V1;8/3/2025;Đông Thọ;Trộm cắp;"))
    assert {v.layer for v in history.read_versions(city, "V1")} == {"cameras", "incidents"}
    (only,) = history.read_versions(city, "V1", layer="cameras")
    assert only.layer == "cameras"


def test_a_row_that_never_was_is_an_error(city):
    with pytest.raises(NoSuchRowError):
        history.read_versions(city, "V404")


def test_of_an_outline_it_is_told_only_that_it_changed(city):
    put_wards(city, {"101": "Phường Đông Thọ"}, division="x", valid_from=date(2024, 1, 1))
    with city.begin(actor="An") as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM divisions WHERE division = 'nowhere'")
    versions = history.read_versions(city, "101", layer="wards")
    assert all("geometry" not in version.content for version in versions)
    assert history._differences(
        {"geometry": b"1", "west": 1.0, "name": "A"}, {"geometry": b"2", "west": 2.0, "name": "A"}
    ) == {"geometry": (None, None)}
