"""Numbers of cases across sheets, months, years and people: no case lost, none doubled."""

from datetime import date

import pytest
import sqlalchemy as sa
import xlsxwriter

from data import adoption, importing, layers, tables
from data.history import read_versions
from data.importing import Options
from data.importing.cases.other_shapes import LIST
from data.importing.errors import KnownOtherwiseError, SameFileOtherBookError
from data.importing.tables.found_tables import ALL_ALIKE

TODAY = date(2025, 12, 31)
HEAD = "Số vụ việc,Ngày,Phường/xã,Tội danh,Thiệt hại"


@pytest.fixture
def bring(city, write_csv):
    def bring(*lines, head=HEAD, name="ledger.csv", **options):
        path = write_csv(head, *lines, name=name)
        return _import(city, path, **options)

    return bring


def _import(city, path, **options):
    return importing.import_file(
        city, path, layer="incidents", actor="Lan", today=TODAY, options=Options(**options)
    )


def counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def stands(city):
    found = layers.read_incidents(city)
    return sorted(
        zip(found["case_id"], found["starts_at"].dt.strftime("%d/%m/%y"), found["category"],
            strict=True)
    )  # fmt: skip


def month(number, *, n=6, shift=0, wards=("Đông Thọ", "Hàm Rồng"), year=2025):
    """A ledger that numbers its cases from 1, day by day."""
    return [
        f"{i},{i + shift:02d}/{number:02d}/{year},{wards[i % len(wards)]},Trộm cắp,{i} triệu"
        for i in range(1, n + 1)
    ]


def test_sheets_that_number_anew_lose_no_case_and_are_one_question(city, tmp_path):
    path = tmp_path / "year.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for number in (9, 10, 11):
            sheet = book.add_worksheet(f"T{number}")
            for i, line in enumerate([HEAD, *month(number)]):
                sheet.write_row(i, 0, line.split(","))
    options = {"sheet": ALL_ALIKE, "source": "CATP"}
    report = _import(city, path, **options)
    assert counts(report) == (18, 0, 0, 0)
    (question,) = report.numbers
    assert (question.is_anew, question.n_rows, question.source) == (True, 12, "CATP")
    assert len(stands(city)) == 18
    again = _import(city, path, **options)
    assert counts(again) == (0, 0, 18, 0)
    assert again.numbers == ()


def test_a_running_number_that_restarts_within_a_sheet_loses_no_case(bring, city):
    report = bring(*month(9), *month(10), source="CATP")
    assert counts(report) == (12, 0, 0, 0)
    assert len(stands(city)) == 12


def test_next_months_numbers_do_not_take_the_place_of_last_months_cases(bring, city):
    wards = ("Đông Thọ",)  # the book of one ward: ward and offence are always the same
    bring(*month(10, wards=wards))
    report = bring(*month(11, wards=wards, n=8), name="b.csv")
    assert counts(report) == (8, 0, 0, 0)
    assert [(q.is_anew, q.n_rows) for q in report.numbers] == [(True, 6)]
    assert len(stands(city)) == 14
    for lines in (month(10, wards=wards), month(11, wards=wards, n=8)):
        assert counts(bring(*lines, name="again.csv")) == (0, 0, len(lines), 0)


def test_next_years_numbers_do_not_either_and_their_corrections_are_updates(bring, city):
    bring(*month(3, year=2024))
    bring(*month(3, year=2025), name="b.csv")
    assert len(stands(city)) == 12
    lines = month(3, year=2025)
    lines[2] = lines[2].replace("3 triệu", "30 triệu")
    assert counts(bring(*lines, name="c.csv")) == (0, 1, 5, 0)
    lines = month(3, year=2024)
    lines[4] = lines[4].replace("Trộm cắp", "Cướp giật")
    assert counts(bring(*lines, name="d.csv")) == (0, 1, 5, 0)
    assert len(stands(city)) == 12


def test_numbers_begun_anew_are_the_same_cases_where_a_person_says_so(bring, city):
    book = {"source": "CATP"}
    bring(*month(10), **book)
    moved = month(10, shift=10)  # all days were wrong
    (question,) = bring(*moved, dry_run=True, **book).numbers
    assert question.is_anew
    report = bring(*moved, number_answers={question.key: True}, **book)
    assert counts(report) == (0, 6, 0, 0)
    assert [(q.is_anew, q.is_same) for q in report.numbers] == [(True, True)]
    assert len(stands(city)) == 6
    assert counts(bring(*moved, **book)) == (0, 0, 6, 0)


def test_days_read_with_day_and_month_exchanged_and_then_rightly_are_updates(bring, city):
    bring("1,03/04/2025,Đông Thọ,Trộm cắp,", "2,05/04/2025,Đông Thọ,Trộm cắp,",
          "3,06/04/2025,Đông Thọ,Trộm cắp,", conventions={"date": "mdy"})  # fmt: skip
    report = bring("1,03/04/2025,Đông Thọ,Trộm cắp,", "2,05/04/2025,Đông Thọ,Trộm cắp,",
                   "3,06/04/2025,Đông Thọ,Trộm cắp,", conventions={"date": "dmy"})  # fmt: skip
    assert counts(report) == (0, 3, 0, 0)


def test_one_number_that_comes_twice_is_asked_about_and_neither_row_is_lost(bring, city):
    lines = ("1,08/03/2025,Đông Thọ,Trộm cắp,", "2,09/03/2025,Đông Thọ,Trộm cắp,",
             "2,19/03/2025,Đông Thọ,Cướp giật,", "4,20/03/2025,Đông Thọ,Trộm cắp,")  # fmt: skip
    report = bring(*lines)
    assert counts(report) == (4, 0, 0, 0)
    (question,) = report.numbers
    ((here, there),) = question.pairs
    assert (here.file_row, there.file_row, here.case_id) == (4, 3, "2")
    assert (question.is_anew, question.n_rows, question.is_same) == (False, 1, None)
    assert counts(bring(*lines)) == (0, 0, 4, 0)
    assert len(stands(city)) == 4


def test_one_number_that_comes_twice_is_one_case_where_a_person_says_so(bring, city):
    lines = ("2,09/03/2025,Đông Thọ,Trộm cắp,", "2,19/03/2025,Hàm Rồng,Cướp giật,")
    book = {"source": "CATP"}
    (question,) = bring(*lines, dry_run=True, **book).numbers
    report = bring(*lines, number_answers={question.key: True}, **book)
    assert counts(report) == (1, 1, 0, 0)
    assert stands(city) == [("2", "19/03/25", "snatching")]
    assert [v.status for v in read_versions(city, "CATP|2")] == ["superseded", "in_force"]
    assert counts(bring(*lines, **book)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    "second",
    [
        "7,09/03/2025,Đông Thọ,Trộm cắp,,Chợ Vườn Hoa",
        "7,08/03/2025,Hàm Rồng,Trộm cắp,,Chợ Vườn Hoa",
        "7,08/03/2025,Đông Thọ,Cướp giật,,Chợ Vườn Hoa",
        "7,08/03/2025,Đông Thọ,Trộm cắp,,Ga",
    ],
    ids=["day", "ward", "offence", "place"],
)
def test_in_one_file_another_day_ward_offence_or_place_is_not_the_same_case_by_silence(
    bring, second
):
    first = "7,08/03/2025,Đông Thọ,Trộm cắp,,Chợ Vườn Hoa"
    report = bring(first, second, head=HEAD + ",Địa điểm", source="CATP")
    assert counts(report) == (2, 0, 0, 0)
    assert len(report.numbers) == 1


def test_in_one_file_what_became_of_a_case_is_its_second_row(bring, city):
    head = HEAD + ",Kết quả"
    report = bring("7,08/03/2025,Đông Thọ,Trộm cắp,,Đang điều tra",
                   "7,08/03/2025,Đông Thọ,Trộm cắp,2 triệu,Khởi tố", head=head)  # fmt: skip
    assert counts(report) == (1, 1, 0, 0)
    assert report.numbers == ()
    (row,) = layers.read_incidents(city).to_dict("records")
    assert (row["outcome"], row["damage"]) == ("prosecuted", 2_000_000)


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("3,03/10/2025,Hàm Rồng,Trộm cắp,9 triệu", (0, 1, 5, 0)),  # damage
        ("3,03/10/2025,Hàm Rồng,Cướp giật,3 triệu", (0, 1, 5, 0)),  # offence
        ("3,03/10/2025,Nam Ngạn,Cướp giật,3 triệu", (0, 1, 5, 0)),  # ward and offence, same day
        ("3,13/10/2025,Hàm Rồng,Trộm cắp,3 triệu", (0, 1, 5, 0)),  # day
        ("3,13/10/2025,Nam Ngạn,Cướp giật,3 triệu", (1, 0, 5, 0)),  # day, ward and offence
        ("3,13/10/2025,Hàm Rồng,Cướp giật,3 triệu", (1, 0, 5, 0)),  # day and offence
    ],
)
def test_a_row_of_a_known_list_is_an_update_unless_its_day_and_more_differ(bring, line, outcome):
    lines = month(10)
    bring(*lines, source="CATP")
    lines[2] = line
    report = bring(*lines, source="CATP", name="b.csv")
    assert counts(report) == outcome
    assert [q.is_anew for q in report.numbers] == [False] * outcome[0]


def test_an_older_list_again_is_what_the_store_knew_once_and_no_new_case(bring, city):
    lines = ("1,08/03/2025,Đông Thọ,Trộm cắp,", "2,09/03/2025,Đông Thọ,Trộm cắp,")
    bring(*lines, source="CATP")
    newer = (lines[0], "2,19/04/2025,Hàm Rồng,Cướp giật,")
    (question,) = bring(*newer, source="CATP", dry_run=True).numbers
    bring(*newer, source="CATP", number_answers={question.key: True})
    report = bring(*lines, source="CATP")
    assert counts(report) == (0, 1, 1, 0)
    assert report.numbers == ()
    assert len(stands(city)) == 2


def test_a_case_of_its_own_keeps_its_key_when_the_first_is_taken_back(bring, city):
    first = bring(*month(10))
    bring(*month(11), name="b.csv")
    adoption.undo(city, first.batch, actor="Lan")
    assert counts(bring(*month(11), name="b.csv")) == (0, 0, 6, 0)
    assert counts(bring(*month(10), name="c.csv")) == (6, 0, 0, 0)
    assert len(stands(city)) == 12


def test_a_list_that_grows_month_by_month_adds_what_is_new(bring, city):
    bring(*month(10))
    report = bring(*month(10, n=9), name="b.csv")
    assert counts(report) == (3, 0, 6, 0)
    assert report.numbers == ()


def test_keys_stay_those_of_book_and_number_where_nothing_contradicts(bring, city):
    bring(*month(10), source="CATP")
    with city.read() as connection:
        keys = connection.scalars(sa.select(tables.incidents.c.row_key)).all()
    assert sorted(keys) == [f"CATP|{i}" for i in range(1, 7)]


def test_a_line_put_in_and_all_numbers_shifted_adds_that_line_alone(bring, city):
    lines = [f"{i},{i:02d}/03/2025,Đông Thọ,Trộm cắp,{i} triệu" for i in range(1, 11)]
    bring(*lines)
    cells = [line.partition(",")[2] for line in lines]
    cells.insert(1, "01/03/2025,Đông Thọ,Cướp giật,77 triệu")
    longer = [f"{i},{rest}" for i, rest in enumerate(cells, start=1)]
    report = bring(*longer, name="b.csv")
    assert (counts(report), report.numbers) == ((1, 9, 1, 0), ())
    assert len(stands(city)) == 11
    assert counts(bring(*longer, name="c.csv")) == (0, 0, 11, 0)
    longer[2] = longer[2].replace("2 triệu", "5 triệu")
    assert counts(bring(*longer, name="d.csv")) == (0, 1, 10, 0)
    assert counts(bring(*lines, name="a.csv"))[0] == 0
    assert len(stands(city)) == 11


def test_a_list_sorted_otherwise_and_numbered_anew_adds_nothing(bring, city):
    cells = [f"{i:02d}/03/2025,Đông Thọ,Trộm cắp,{i} triệu" for i in range(1, 10)]
    bring(*(f"{i},{rest}" for i, rest in enumerate(cells, start=1)))
    turned = [f"{i},{rest}" for i, rest in enumerate(reversed(cells), start=1)]
    report = bring(*turned, name="b.csv")
    assert (counts(report), report.numbers) == ((0, 8, 1, 0), ())
    assert counts(bring(*turned, name="c.csv")) == (0, 0, 9, 0)
    assert len(stands(city)) == 9


def test_a_list_that_goes_on_over_a_new_count_adds_what_is_new(bring, city):
    bring(*month(3))
    report = bring(*month(3), *month(4, n=3), name="b.csv", source=None)
    assert counts(report) == (3, 0, 6, 0)
    assert counts(bring(*month(3), *month(4, n=3), name="b.csv")) == (0, 0, 9, 0)
    assert len(stands(city)) == 9


def test_rows_without_a_number_are_not_doubled_when_their_offence_gets_a_name(bring, city):
    head = "Ngày,Phường/xã,Tội danh,Thiệt hại"
    lines = ["08/03/2025,Đông Thọ,Đánh nhau,", "08/03/2025,Đông Thọ,Đánh nhau,",
             "09/03/2025,Đông Thọ,Trộm cắp,1 triệu"]  # fmt: skip
    bring(*lines, head=head)
    told = {"offences": {"Đánh nhau": "public_disorder"}}
    assert counts(bring(*lines, head=head, **told)) == (0, 2, 1, 0)
    assert counts(bring(*lines, head=head, **told)) == (0, 0, 3, 0)
    assert len(stands(city)) == 3
    other = bring(lines[0].replace("Đánh nhau", "Cướp giật"), head=head, name="c.csv")
    assert counts(other) == (1, 0, 0, 0)  # another file: it may be another case


def test_a_ward_set_right_in_a_list_without_a_book_is_asked_about_and_can_be_an_update(bring, city):
    lines = month(10)
    bring(*lines)
    lines[2] = lines[2].replace("Hàm Rồng", "Nam Ngạn")
    trial = bring(*lines, name="b.csv", dry_run=True)
    assert counts(trial) == (1, 0, 5, 0)
    (question,) = trial.numbers
    ((here, there),) = question.pairs
    assert (here.ward_code, there.ward_code, question.is_anew) == ("103", "102", False)
    report = bring(*lines, name="b.csv", number_answers={question.key: True})
    assert counts(report) == (0, 1, 5, 0)
    assert counts(bring(*lines, name="b.csv")) == (0, 0, 6, 0)
    assert len(stands(city)) == 6


def test_a_ward_set_right_may_be_answered_after_both_were_kept(bring, city):
    lines = month(10)
    bring(*lines)
    lines[2] = lines[2].replace("Hàm Rồng", "Nam Ngạn")
    (question,) = bring(*lines, name="b.csv").numbers
    assert len(stands(city)) == 7
    report = bring(*lines, name="b.csv", number_answers={question.key: True})
    assert counts(report) == (0, 1, 5, 0)
    assert len(stands(city)) == 6
    adoption.undo(city, report.batch, actor="Lan")
    assert len(stands(city)) == 7


def test_another_wards_list_with_the_same_numbers_is_not_asked_about(bring, city):
    bring(*month(10, wards=["Đông Thọ"]))
    bring(*month(10, n=2, wards=["Hàm Rồng"]), name="b.csv")
    both = [*month(10, wards=["Đông Thọ"]), *month(10, n=4, wards=["Hàm Rồng"])]
    report = bring(*both, name="c.csv")
    assert (counts(report), report.numbers) == ((2, 0, 8, 0), ())


def test_a_number_spelled_otherwise_is_the_same_case_where_all_else_is_alike(bring, city):
    bring("012,08/03/2025,Đông Thọ,Trộm cắp,", "V-07,09/03/2025,Đông Thọ,Trộm cắp,",
          "5,10/03/2025,Đông Thọ,Trộm cắp,")  # fmt: skip
    other = ("１２,08/03/2025,Đông Thọ,Trộm cắp,", "v-7,09/03/2025,Đông Thọ,Trộm cắp,",
             "50,10/03/2025,Đông Thọ,Trộm cắp,")  # fmt: skip
    assert counts(bring(*other, name="b.csv")) == (1, 2, 0, 0)  # 50 is not 5
    assert counts(bring(*other, name="b.csv")) == (0, 0, 3, 0)
    assert len(stands(city)) == 4


def test_an_answer_about_a_number_brings_the_case_together_after_both_were_kept(bring, city):
    bring(*month(10), source="CATP")
    lines = [*month(10)[:4], "5,20/10/2025,Hàm Rồng,Cướp giật,7 triệu"]
    (question,) = bring(*lines, name="b.csv", source="CATP").numbers
    assert len(stands(city)) == 7
    told = {"source": "CATP", "number_answers": {question.key: True}}
    report = bring(*lines, name="b.csv", **told)
    assert counts(report) == (0, 1, 4, 0)
    assert [one for one in stands(city) if one[0] == "5"] == [("5", "20/10/25", "snatching")]
    assert counts(bring(*lines, name="b.csv", **told)) == (0, 0, 5, 0)
    adoption.undo(city, report.batch, actor="Lan")
    assert len(stands(city)) == 7


def test_an_answer_about_a_book_does_so_for_what_came_with_its_file_alone(bring, city):
    for number in (9, 10, 11):
        questions = bring(*month(number), name=f"{number}.csv", source="CATP").numbers
    assert len(stands(city)) == 18
    told = {questions[0].key: True}
    report = bring(*month(11), name="11.csv", source="CATP", number_answers=told)
    assert counts(report) == (0, 6, 0, 0)
    assert len(stands(city)) == 12
    assert sum(day.endswith("11/25") for _, day, _ in stands(city)) == 6
    adoption.undo(city, report.batch, actor="Lan")
    assert len(stands(city)) == 18


def test_a_number_spelled_otherwise_is_the_case_of_its_day_and_of_no_other(bring, city):
    bring("1,08/03/2025,Đông Thọ,Trộm cắp,", "2,09/03/2025,Đông Thọ,Trộm cắp,")
    other = ("Vụ 01,08/03/2025,Đông Thọ,Cướp giật,", "02,20/03/2025,Đông Thọ,Trộm cắp,")
    assert counts(bring(*other, name="b.csv")) == (1, 1, 0, 0)
    assert len(stands(city)) == 3


def test_a_book_is_one_however_the_name_of_its_office_is_spelled(bring, city):
    head = f"Đơn vị,{HEAD}"
    spellings = ("Công an phường Đông Thọ", "CAP Đông Thọ", "CA P. Đông Thọ")
    for n, unit in enumerate(spellings):
        lines = [f"{unit},{line}" for line in month(10)]
        report = bring(*lines, head=head, name=f"{n}.csv")
        assert counts(report) == ((0, 0, 6, 0) if n else (6, 0, 0, 0))
    other = [f"Công an xã Đông Thọ,{line}" for line in month(10)]
    with pytest.raises(KnownOtherwiseError):  # another book, of the very same cases
        bring(*other, head=head, name="xa.csv")
    bring(*other, head=head, name="xa.csv", number_answers={LIST: False})
    assert len(stands(city)) == 12


def test_the_same_file_under_another_book_is_refused_with_its_batch(bring, city):
    first = bring(*month(10))
    with pytest.raises(SameFileOtherBookError) as refused:
        bring(*month(10), source="CATP")
    assert refused.value.facts["batch"] == first.batch
    assert counts(bring(*month(10))) == (0, 0, 6, 0)
    adoption.undo(city, first.batch, actor="Lan")
    assert counts(bring(*month(10), source="CATP")) == (6, 0, 0, 0)


TOLD = "Số vụ,Ngày,Giờ,Tội danh,Phường,Nơi xảy ra"
FIRST = "1,25/11/2025,20h,Trộm cắp,Đông Thọ,Lê Lợi"


def test_a_number_of_one_day_with_another_hour_offence_and_place_is_asked_about(bring, city):
    bring(FIRST, head=TOLD)
    other = "1,25/11/2025,8h,Cố ý gây thương tích,Đông Thọ,Quán bia"
    report = bring(other, head=TOLD, name="b.csv")
    assert counts(report) == (1, 0, 0, 0)
    assert [q.is_same for q in report.numbers] == [None]
    assert stands(city) == [("1", "25/11/25", "injury"), ("1", "25/11/25", "theft")]
    for line in (FIRST, other):
        assert counts(bring(line, head=TOLD, name="again.csv")) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    "line",
    [
        "1,25/11/2025,8h,Cố ý gây thương tích,Đông Thọ,Lê Lợi",
        "1,25/11/2025,20h,Cố ý gây thương tích,Đông Thọ,Quán bia",
        "1,25/11/2025,8h,Trộm cắp,Đông Thọ,Quán bia",
        "1,25/11/2025,,Cố ý gây thương tích,Đông Thọ,Quán bia",
    ],
    ids=["place stands", "hour stands", "offence stands", "no hour"],
)
def test_a_correction_of_two_of_the_three_is_an_update(bring, city, line):
    bring(FIRST, head=TOLD)
    report = bring(line, head=TOLD, name="b.csv")
    assert (counts(report), report.numbers) == ((0, 1, 0, 0), ())
    assert len(stands(city)) == 1


def test_a_case_with_a_new_number_is_known_beside_one_that_has_its_old_number(bring, city):
    lines = [f"{n},{n:02}/03/2025,Đông Thọ,Trộm cắp," for n in (1, 2, 3, 4)]
    bring(*lines)
    renumbered = [f"0{line.replace(',', '/2025,', 1)}" for line in lines]
    second = [*renumbered, "1,20/04/2025,Đông Thọ,Đánh bạc,"]
    asked = bring(*second, name="b.csv", dry_run=True).numbers
    told = {question.key: question.about == "list" for question in asked}
    bring(*second, name="b.csv", number_answers=told)
    before = stands(city)
    assert len(before) == 5
    assert counts(bring(*second, name="b.csv")) == (0, 0, 5, 0)
    assert counts(bring(*second, name="b.csv", number_answers=told)) == (0, 0, 5, 0)
    assert stands(city) == before


def test_a_file_that_was_kept_asks_once_more_when_it_is_told_to(bring, city):
    bring(*month(9), source="CATP")
    first = bring(*month(10), name="october.csv", source="CATP")
    (question,) = first.numbers
    assert bring(*month(10), name="october.csv", source="CATP").numbers == ()
    again = bring(*month(10), name="october.csv", source="CATP", asks_again=True)
    assert counts(again) == (0, 0, 6, 0)
    (once_more,) = again.numbers
    assert (once_more.key, once_more.n_rows) == (question.key, question.n_rows) == ("CATP|*", 6)
    answers = {once_more.key: True}
    bring(*month(10), name="october.csv", source="CATP", number_answers=answers)
    assert {day[3:5] for _, day, _ in stands(city)} == {"10"}
    assert len(stands(city)) == 6


def test_a_file_that_asked_nothing_asks_nothing_once_more(bring):
    bring(*month(9), source="CATP")
    assert bring(*month(9), source="CATP", asks_again=True).numbers == ()
    bring(*month(9), *month(9, n=8)[6:], name="more.csv", source="CATP")
    assert bring(
        *month(9), *month(9, n=8)[6:], name="more.csv", source="CATP", asks_again=True
    ).numbers == ()  # fmt: skip


def test_numbers_that_all_mean_the_case_before_are_no_corrections(bring, city):
    """One case is left out, and from there on each number is told of the day of the next."""
    days = [f"{n:02d}/09/2025,Đông Thọ,Trộm cắp" for n in range(1, 13)]
    head = "Số vụ việc,Ngày,Phường/xã,Tội danh"
    bring(*(f"{n},{day}" for n, day in enumerate(days, start=1)), head=head)
    left = [*days[:7], *days[8:]]
    lines = [f"{n},{day},Đã khởi tố" for n, day in enumerate(left, start=1)]
    shape = {"head": f"{head},Kết quả", "name": "b.csv"}
    with pytest.raises(KnownOtherwiseError):
        bring(*lines, **shape)
    report = bring(*lines, **shape, number_answers={LIST: True})
    assert counts(report) == (1, 10, 0, 0)  # of the last one the number lies beyond the list
    assert [(q.about, q.n_rows, q.n_others) for q in report.numbers] == [
        ("book", 1, 0),
        ("list", 3, 1),
    ]
    told = {day[:2]: number for number, day, _ in stands(city)}
    assert (told["08"], told["09"], len(told)) == ("8", "8", 12)  # each on its own day, renumbered
