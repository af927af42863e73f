"""Two books that tell one event: asked about, decided by a person, remembered."""

from datetime import date

import pytest
import sqlalchemy as sa

from data import adoption, importing, layers, tables
from data.importing import Options

TODAY = date(2025, 12, 31)
HEAD = "Đơn vị,Số vụ việc,Ngày,Giờ,Kinh độ,Vĩ độ,Phường/xã,Địa điểm,Tội danh"


@pytest.fixture
def bring(city, write_csv):
    def bring(*lines, head=HEAD, name="ledger.csv", **options):
        path = write_csv(head, *lines, name=name)
        return importing.import_file(
            city, path, layer="incidents", actor="Lan", today=TODAY, options=Options(**options)
        )

    return bring


@pytest.fixture
def row(lonlat):
    def row(unit, case, clock="20h30", at=(500, 500), offence="Trộm cắp"):
        longitude, latitude = lonlat(*at)
        return f"{unit},{case},08/03/2025,{clock},{longitude},{latitude},Đông Thọ,,{offence}"

    return row


def counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def test_a_report_near_one_of_another_book_is_asked_about_and_kept(bring, row, city):
    bring(row("P. Đông Thọ", 1))
    report = bring(row("CATP", 77, "20h50", at=(530, 540)), name="b.csv")
    assert counts(report) == (1, 0, 0, 0)
    (question,) = report.events
    assert (question.report.source, question.report.case_id) == ("CATP", "77")
    assert (question.other.source, question.other.case_id) == ("P. Đông Thọ", "1")
    assert (question.apart_m, question.apart_min) == (pytest.approx(50, abs=0.1), 20.0)
    assert question.is_same is None
    assert len(layers.read_incidents(city)) == 2


def test_other_type_later_or_farther_is_not_asked_about(bring, row):
    bring(row("P. Đông Thọ", 1))
    report = bring(
        row("CATP", 1, offence="Cướp giật"),
        row("CATP", 2, "21h15"),
        row("CATP", 3, at=(500, 620)),
        name="b.csv",
    )
    assert report.events == ()


def test_two_cases_of_one_book_are_two(bring, row):
    bring(row("CATP", 1))
    assert bring(row("CATP", 2), name="b.csv").events == ()


def test_two_books_in_one_file_are_held_against_each_other(bring, row):
    report = bring(row("P. Đông Thọ", 1), row("CATP", 9), row("CATP", 10))
    pairs = [(q.report.file_row, q.other.file_row) for q in report.events]
    assert pairs == [(3, 2), (4, 2)]


def test_without_coordinates_the_same_words_for_the_place_are_asked_about(bring):
    head = "Đơn vị,Số vụ việc,Ngày,Giờ,Phường/xã,Địa điểm,Tội danh"
    bring("P. Đông Thọ,1,08/03/2025,20h30,Đông Thọ,Chợ Vườn Hoa,Trộm cắp", head=head)
    report = bring(
        "CATP,5,08/03/2025,20h45,Đông Thọ,cho vuon hoa,Trộm cắp",
        "CATP,6,08/03/2025,20h45,Hàm Rồng,Chợ Vườn Hoa,Trộm cắp",
        head=head,
        name="b.csv",
    )
    (question,) = report.events
    assert (question.report.case_id, question.apart_m) == ("5", None)


def test_one_event_is_not_written_twice_counts_as_known_and_is_not_asked_again(bring, row, city):
    bring(row("P. Đông Thọ", 1))
    again = (row("CATP", 77, "20h50"), row("CATP", 78, at=(900, 900)))
    (question,) = bring(*again, name="b.csv", dry_run=True).events
    key = question.report.row_key
    report = bring(*again, name="b.csv", event_answers={key: True})
    assert (report.n_rows, *counts(report)) == (2, 1, 0, 1, 0)
    with city.read() as connection:
        batch = connection.execute(
            sa.select(tables.batches).where(tables.batches.c.batch_id == report.batch)
        ).one()
    assert (batch.n_rows, batch.n_accepted, batch.n_duplicates) == (2, 1, 1)
    next_month = bring(*again, name="c.csv")
    assert (next_month.n_rows, *counts(next_month)) == (2, 0, 0, 2, 0)
    assert [q.is_same for q in next_month.events] == [True]
    assert sorted(layers.read_incidents(city)["case_id"]) == ["1", "78"]


def test_a_file_that_tells_known_events_alone_is_no_error(bring, row):
    bring(row("P. Đông Thọ", 1))
    line = row("CATP", 77)
    (question,) = bring(line, name="b.csv", dry_run=True).events
    report = bring(line, name="b.csv", event_answers={question.report.row_key: True})
    assert (report.batch, *counts(report)) == (None, 0, 0, 1, 0)


def test_a_decision_can_be_turned_round(bring, row, city):
    bring(row("P. Đông Thọ", 1))
    line = row("CATP", 77)
    (question,) = bring(line, name="b.csv", dry_run=True).events
    key = question.report.row_key
    bring(line, name="b.csv", event_answers={key: True})
    assert counts(bring(line, name="b.csv", event_answers={key: False})) == (1, 0, 0, 0)
    assert bring(line, name="b.csv").events == ()  # both are in the store: nothing to ask
    assert len(layers.read_incidents(city)) == 2


def test_when_the_other_report_is_taken_back_the_row_counts_again(bring, row, city):
    first = bring(row("P. Đông Thọ", 1))
    line = row("CATP", 77)
    (question,) = bring(line, name="b.csv", dry_run=True).events
    bring(line, name="b.csv", event_answers={question.report.row_key: True})
    from data import adoption

    adoption.undo(city, first.batch, actor="Lan")
    assert counts(bring(line, name="b.csv")) == (1, 0, 0, 0)


def test_an_answer_after_both_were_kept_takes_the_later_report_out_and_undo_puts_it_back(
    bring, row, city
):
    bring(row("P. Đông Thọ", 1))
    line = row("CATP", 77, "20h50", at=(530, 540))
    (question,) = bring(line, name="b.csv").events
    assert len(layers.read_incidents(city)) == 2
    told = {question.report.row_key: True}
    report = bring(line, name="b.csv", event_answers=told)
    assert counts(report) == (0, 1, 0, 0)
    assert list(layers.read_incidents(city)["source"]) == ["P. Đông Thọ"]
    for answers in ({}, told):
        assert counts(bring(line, name="b.csv", event_answers=answers)) == (0, 0, 1, 0)
    adoption.undo(city, report.batch, actor="Lan")
    assert len(layers.read_incidents(city)) == 2


def test_a_report_that_was_kept_is_asked_about_once_more_when_told_to(bring, row, city):
    bring(row("P. Đông Thọ", 1))
    lines = [row("CATP", 77, "20h50", at=(530, 540))]
    (question,) = bring(*lines, name="b.csv").events
    assert bring(*lines, name="b.csv").events == ()
    (again,) = bring(*lines, name="b.csv", asks_again=True).events
    assert (again.report.row_key, again.other.row_key) == (
        question.report.row_key,
        question.other.row_key,
    )
    told = {again.report.row_key: True}
    bring(*lines, name="b.csv", event_answers=told)
    assert len(layers.read_incidents(city)) == 1
