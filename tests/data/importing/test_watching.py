"""Files put into a folder: each taken once, none read half, none lost."""

import os
from datetime import date

import pytest
import sqlalchemy as sa
import xlsxwriter

from data import importing, layers, tables
from data.errors import StoreLockedError
from data.importing import watching
from data.importing.errors import (
    FolderShutError,
    NoSuchFileError,
    NothingToWatchError,
    TablesBesideError,
)

TODAY = date(2025, 12, 31)
HEAD = "Mã vụ việc;Ngày xảy ra;Phường/xã;Tội danh\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in" / "incidents").mkdir(parents=True)
    return tmp_path / "in"


def _put(folder, name, *lines, layer="incidents"):
    path = folder / layer / name
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def _take_all(city, folder, reports=None):
    def write_report(outcome, target):
        assert outcome.found.path.exists()  # the report comes before the move
        if reports is not None:
            reports[target.name] = outcome.status

    return [
        watching.take(city, found, actor="An", today=TODAY, write_report=write_report)
        for found in watching.waiting(folder)
    ]


def test_each_file_is_taken_once_and_moved_with_its_report(city, folder):
    _put(folder, "t3.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp", "V2;31/2/2025;Đông Thọ;Trộm cắp")
    _put(folder, "t4.csv", "V3;x;Đông Thọ;Trộm cắp")
    (folder / "incidents" / "letter.docx").write_bytes(b"PK")
    reports = {}
    outcomes = _take_all(city, folder, reports)
    status = {o.found.path.name: o.status for o in outcomes}
    assert status == {"letter.docx": "refused", "t3.csv": "done", "t4.csv": "refused"}
    assert reports == status
    assert (outcomes[1].report.n_accepted, outcomes[1].report.n_rejected) == (1, 1)
    places = {str(p.relative_to(folder / "incidents")) for p in folder.rglob("*.*")}
    assert places == {"done/t3.csv", "refused/t4.csv", "refused/letter.docx"}
    assert watching.waiting(folder) == []
    assert layers.count_incidents(city) == 1


def test_a_file_left_by_a_crash_between_writing_and_moving_adds_nothing(city, folder):
    path = _put(folder, "t3.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp")
    importing.import_file(city, path, layer="incidents", actor="An", today=TODAY)
    (outcome,) = _take_all(city, folder)
    assert (outcome.status, outcome.report.n_duplicates) == ("done", 1)
    assert layers.count_incidents(city) == 1


def test_a_second_file_of_the_same_name_does_not_cover_the_first(city, folder):
    for day in (8, 9):
        _put(folder, "so.csv", f"V{day};{day}/3/2025;Đông Thọ;Trộm cắp")
        _take_all(city, folder)
    done = sorted(p.name for p in (folder / "incidents" / "done").iterdir())
    assert done == ["so (2).csv", "so.csv"]


def test_a_file_is_left_alone_until_it_lies_still(folder):
    path = _put(folder, "so.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp")
    stillness = watching.Stillness(3600)
    assert not stillness.is_still(path)
    assert not stillness.is_still(path)
    os.utime(path, (0, 0))  # copied with the moment of its last change, years ago
    assert watching.Stillness(3600).is_still(path)
    assert not stillness.is_still(path)  # but this one saw it change just now
    path.unlink()
    assert not stillness.is_still(path)


def test_what_is_no_file_of_its_own_is_passed_over(folder):
    for name in ("~$so.xlsx", ".so.xlsx", "so.xlsx.part", "so.xlsx.crdownload"):
        (folder / "incidents" / name).write_bytes(b"x")
    (folder / "incidents" / "done").mkdir()
    (folder / "another").mkdir()
    assert watching.waiting(folder) == []


def test_a_store_that_is_locked_is_not_the_fault_of_the_file(city, folder, monkeypatch):
    path = _put(folder, "so.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp")

    def locked(*_args, **_options):
        raise StoreLockedError(store="x")

    with monkeypatch.context() as patched:
        patched.setattr(importing, "commit", locked)
        (outcome,) = _take_all(city, folder)
    assert (outcome.status, outcome.moved_to, path.exists()) == ("postponed", None, True)
    (outcome,) = _take_all(city, folder)
    assert outcome.status == "done"


def test_a_file_that_another_process_takes_in_at_the_same_moment_is_no_error(city, folder):
    path = _put(folder, "so.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp")
    (found,) = watching.waiting(folder)
    (first,) = _take_all(city, folder)
    path.write_bytes(first.moved_to.read_bytes())

    def taken_away(_outcome, _target):
        path.unlink()

    told = watching.take(city, found, actor="An", today=TODAY, write_report=taken_away)
    assert (told.status, told.report.n_duplicates) == ("done", 1)


def test_a_folder_of_one_layer_needs_no_folders_in_it(city, tmp_path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    (folder / "so.csv").write_text(HEAD + "V1;8/3/2025;Đông Thọ;x\n", encoding="utf-8")
    (found,) = watching.waiting(folder, layer="incidents")
    watching.take(city, found, actor="An", today=TODAY, write_report=lambda *_: None)
    with city.read() as connection:
        batch = connection.execute(
            sa.select(tables.batches).where(tables.batches.c.layer == "incidents")
        ).one()
    assert (batch.file_name, batch.actor) == ("so.csv", "An")


def test_a_folder_that_is_not_there_or_has_nothing_to_watch_is_said(tmp_path):
    with pytest.raises(NoSuchFileError):
        watching.waiting(tmp_path / "none")
    with pytest.raises(NothingToWatchError):
        watching.waiting(tmp_path)


@pytest.mark.parametrize("name", ["done", "refused"])
def test_nothing_is_read_of_a_file_that_could_not_be_moved_afterwards(city, folder, name):
    path = _put(folder, "t3.csv", "V1;8/3/2025;Đông Thọ;Trộm cắp")
    (folder / "incidents" / name).write_text("a file where the folder should be")
    with pytest.raises(FolderShutError) as caught:
        watching.take(city, watching.Found(path, "incidents"), actor="An", today=TODAY,
                      write_report=lambda *_: None)  # fmt: skip
    assert caught.value.facts["folder"].endswith(name)
    assert path.exists()
    assert layers.count_incidents(city) == 0


def test_a_folder_that_may_not_be_read_is_named(folder, monkeypatch):
    def shut(self):
        raise PermissionError

    monkeypatch.setattr(type(folder), "iterdir", shut)
    with pytest.raises(FolderShutError) as caught:
        watching.waiting(folder)
    assert caught.value.facts["folder"].endswith("incidents")


def test_a_book_of_two_lists_waits_for_a_person(city, folder):
    with xlsxwriter.Workbook(folder / "incidents" / "book.xlsx") as book:
        for name in "AB":
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEAD.strip().split(";"))
            sheet.write_row(1, 0, [f"V-{name}", "8/3/2025", "Đông Thọ", "Trộm cắp"])
    (outcome,) = _take_all(city, folder)
    assert (outcome.status, type(outcome.error)) == ("refused", TablesBesideError)
    assert outcome.error.facts["tables"] == ("B",)
    assert layers.count_incidents(city) == 0
