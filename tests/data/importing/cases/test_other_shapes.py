"""The same ledger in another shape is asked about, and comes twice only where a person says so."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from data import adoption, importing, layers
from data.importing import Options, errors
from data.importing.cases import told_alike
from data.importing.cases.other_shapes import LIST

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = date(2025, 12, 31)
HEAD = "Số vụ;Ngày xảy ra;Tội danh;Phường"
PLAIN = HEAD.partition(";")[2]
CASES = ["21/11/2024;Đánh bạc;Đông Thọ", "22/11/2024;Trộm cắp tài sản;Hàm Rồng",
         "23/11/2024;Đánh bạc;Đông Thọ"]  # fmt: skip
NUMBERED = [f"{n};{case}" for n, case in enumerate(CASES, start=1)]
SHAPES = {
    "numbers": (HEAD, [f"{n:02}/2024;{case}" for n, case in enumerate(CASES, start=1)]),
    "no numbers": (PLAIN, CASES),
    "units": (f"{HEAD};Đơn vị", [f"{line};Đội CSHS" for line in NUMBERED]),
    "hours": (f"{PLAIN};Giờ", [f"{case};20h" for case in CASES]),
    "outcomes": (f"{PLAIN};Kết quả", [f"{case};Đã khởi tố" for case in CASES]),
}


@pytest.fixture
def bring(city, write_csv):
    def bring(head, *lines, name="next.csv", **told):
        report = importing.import_file(
            city,
            write_csv(head, *lines, name=name),
            layer="incidents",
            actor="An",
            today=TODAY,
            options=Options(**told),
        )
        sums = (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)
        assert sum(sums) == report.n_rows
        return sums, report.numbers, report.batch

    return bring


def known(city):
    return layers.read_incidents(city)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("is_unattended", [False, True])
def test_nothing_is_written_before_it_is_answered(city, bring, shape, is_unattended):
    bring(HEAD, *NUMBERED)
    head, lines = SHAPES[shape]
    told = {"mapping": {"date": "Ngày xảy ra"}} if is_unattended else {}
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(head, *lines, is_unattended=is_unattended, **told)
    (question,) = caught.value.report.numbers
    assert (question.key, question.about, question.n_rows) == (LIST, "list", 3)
    days = [[r.starts_at.astimezone(HERE).date() for r in pair] for pair in question.pairs]
    assert all(one == other for one, other in days)
    assert len(known(city)) == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_cases_are_set_right_and_known_from_then_on(city, bring, shape):
    bring(HEAD, *NUMBERED)
    before = known(city)
    head, lines = SHAPES[shape]
    (n_new, n_set_right, n_known, _), *_ = bring(head, *lines, number_answers={LIST: True})
    assert (n_new, n_set_right + n_known) == (0, 3)
    after = known(city)
    assert len(after) == 3
    assert sorted(after["category"]) == sorted(before["category"])
    if shape != "numbers":  # a list that says less takes nothing away
        assert sorted(after["case_id"]) == ["1", "2", "3"]
    assert after["time_is_known"].all() == (shape == "hours")
    again, questions, _ = bring(head, *lines)
    assert (again, questions) == ((0, 0, 3, 0), ())
    more = "24/11/2024;Đánh bạc;Đông Thọ"
    more = {"numbers": f"04/2024;{more}", "units": f"4;{more};Đội CSHS", "hours": f"{more};21h",
            "outcomes": f"{more};Đang xử lý"}.get(shape, more)  # fmt: skip
    assert bring(head, *lines, more)[:2] == ((1, 0, 3, 0), ())


@pytest.mark.parametrize("shape", SHAPES)
def test_cases_of_their_own_are_added_and_not_asked_about_again(city, bring, shape):
    bring(HEAD, *NUMBERED)
    head, lines = SHAPES[shape]
    added, *_ = bring(head, *lines, number_answers={LIST: False})
    assert (added, len(known(city))) == ((3, 0, 0, 0), 6)
    assert bring(head, *lines)[:2] == ((0, 0, 3, 0), ())


@pytest.mark.parametrize("shape", SHAPES)
def test_who_said_that_they_are_others_may_think_better_of_it(city, bring, shape):
    bring(HEAD, *NUMBERED)
    head, lines = SHAPES[shape]
    bring(head, *lines, number_answers={LIST: False})
    (n_new, _, _, _), *_ = bring(head, *lines, number_answers={LIST: True})
    assert (n_new, len(known(city))) == (0, 3)
    assert bring(head, *lines)[:2] == ((0, 0, 3, 0), ())


def test_what_was_said_is_taken_back_with_the_import(city, bring):
    bring(HEAD, *NUMBERED)
    batch = bring(PLAIN, *CASES, number_answers={LIST: True})[2]
    adoption.undo(city, batch, actor="An")
    with pytest.raises(errors.KnownOtherwiseError):
        bring(PLAIN, *CASES)
    assert list(known(city)["case_id"]) == ["1", "2", "3"]


def test_each_row_is_the_case_with_its_number(city, bring):
    same = "21/11/2024;Đánh bạc;Đông Thọ"
    bring(f"{HEAD};Kết quả", f"1;{same};Phạt hành chính", f"2;{same};Khởi tố", f"3;{same};Đình chỉ")
    outcomes = known(city).set_index("case_id")["outcome"]
    assert len(set(outcomes)) == 3
    bring(HEAD, *(f"{n:02}/2024;{same}" for n in (3, 1, 2)), number_answers={LIST: True})
    after = known(city).set_index("case_id")["outcome"]
    assert {f"0{n}/2024": outcome for n, outcome in outcomes.items()} == after.to_dict()


def test_rows_known_by_their_numbers_are_not_asked_about(bring):
    bring(HEAD, *NUMBERED)
    assert bring(HEAD, *NUMBERED)[1] == ()
    changed = [line.replace("Đánh bạc", "Trộm cắp tài sản") for line in NUMBERED]
    assert bring(HEAD, *changed)[:2] == ((0, 2, 1, 0), ())


@pytest.mark.parametrize(
    "lines",
    [
        [line.replace("/11/2024", "/12/2024") for line in NUMBERED],
        [line.replace("Đông Thọ", "Nam Ngạn").replace("Hàm Rồng", "Nam Ngạn") for line in CASES],
    ],
    ids=["next month", "other wards"],
)
def test_other_days_or_wards_are_other_cases(bring, lines):
    bring(HEAD, *NUMBERED)
    (n_new, _, _, _), questions, _ = bring(HEAD if len(lines[0].split(";")) == 4 else PLAIN, *lines)
    assert (n_new, [q for q in questions if q.about == "list"]) == (3, [])


def test_two_cases_of_one_day_and_ward_at_other_hours_are_two(bring):
    head = "Ngày xảy ra;Giờ;Tội danh;Phường"
    early = [f"2{n}/11/2024;7h;Đánh bạc;Đông Thọ" for n in range(4)]
    bring(head, *early)
    assert bring(head, *(line.replace("7h", "22h") for line in early))[:2] == ((4, 0, 0, 0), ())


DETAILED = "Ngày xảy ra;Giờ;Tội danh;Phường;Nơi xảy ra"
LEDGER = ["21/11/2024;7h;Đánh bạc;Đông Thọ;Chợ", "22/11/2024;9h;Đánh bạc;Đông Thọ;Ga",
          "23/11/2024;20h;Trộm cắp tài sản;Hàm Rồng;Bến xe"]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [("9h", "10h"), ("Ga", "Ga tàu"), ("22/11", "12/11"), ("Đánh bạc;Đông Thọ;Ga",
      "Trộm cắp tài sản;Đông Thọ;Ga")],
    ids=["hour", "place", "day", "offence"],
)  # fmt: skip
def test_a_row_without_a_number_that_was_set_right_is_asked_about(city, bring, old, new):
    bring(DETAILED, *LEDGER)
    right = [LEDGER[0], LEDGER[1].replace(old, new), LEDGER[2]]
    first, (question,), _ = bring(DETAILED, *right)  # nobody answers: both stand
    assert (first, question.about, question.n_rows) == ((1, 0, 2, 0), "row", 1)
    assert len(known(city)) == 4
    told = {question.key: True}
    (n_new, n_set_right, _, _), *_ = bring(DETAILED, *right, number_answers=told)
    assert (n_new, n_set_right, len(known(city))) == (0, 1, 3)
    assert bring(DETAILED, *right)[:2] == ((0, 0, 3, 0), ())


def test_a_row_beside_one_that_the_list_still_tells_is_a_new_case(bring):
    bring(DETAILED, *LEDGER)
    assert bring(DETAILED, *LEDGER, LEDGER[1].replace("9h", "10h"))[:2] == ((1, 0, 3, 0), ())


def test_a_list_that_says_no_offence_tells_the_cases_of_its_days(city, bring):
    bring(HEAD, *NUMBERED)
    lines = [line.replace("Đánh bạc", "") + ";20h" for line in CASES]  # a day alone is no case
    with pytest.raises(errors.KnownOtherwiseError):
        bring(f"{PLAIN};Giờ", *lines)
    bring(f"{PLAIN};Giờ", *lines, number_answers={LIST: True})
    assert len(known(city)) == 3


def test_a_crowded_day_pairs_what_tells_all_alike(city, bring, monkeypatch):
    crowd = [f"21/11/2024;Đánh bạc;Đông Thọ;{n}h" for n in range(20)]
    bring(f"{PLAIN};Giờ", *crowd)
    monkeypatch.setattr(told_alike, "_MOST_AT_ONCE", 10)
    numbered = [f"{n};{line}" for n, line in enumerate(crowd)]
    bring(f"{HEAD};Giờ", *numbered, number_answers={LIST: True})
    after = known(city)
    hours = after["starts_at"].dt.hour.astype(str)
    assert dict(zip(after["case_id"], hours, strict=True)) == {str(n): str(n) for n in range(20)}


def day_by_day(n, number="{n}", *, start=0, last=""):
    """One theft a day, with its damage."""
    return [
        f"{number.format(n=k + 1)};{k + 1:02}/10/2024;Trộm cắp;Đông Thọ;{k + 1} triệu{last}"
        for k in range(start, n)
    ]


WORTH = f"{HEAD};Thiệt hại"


def test_a_ledger_that_has_grown_is_asked_about_for_what_it_tells_again(city, bring):
    bring(WORTH, *day_by_day(5))
    grown = day_by_day(25, "{n:03}/2024")
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(WORTH, *grown)
    assert [q.n_rows for q in caught.value.report.numbers] == [5]
    assert bring(WORTH, *grown, number_answers={LIST: True})[0] == (20, 5, 0, 0)


def test_a_case_with_a_number_of_its_own_is_not_swallowed(city, bring):
    bring(WORTH, *day_by_day(5))
    lines = [*day_by_day(3, "{n:03}/2024"), "006/2024;05/10/2024;Trộm cắp;Đông Thọ;99 triệu"]
    assert bring(WORTH, *lines, number_answers={LIST: True})[0] == (1, 3, 0, 0)
    damage = known(city).set_index("case_id")["damage"]
    assert (damage["5"], damage["006/2024"]) == (5_000_000, 99_000_000)


def test_two_that_one_book_numbers_are_two(bring):
    bring(WORTH, *day_by_day(6))
    others = [f"{n + 7};{line.partition(';')[2]}" for n, line in enumerate(day_by_day(4))]
    assert bring(WORTH, *others)[:2] == ((4, 0, 0, 0), ())


def test_of_several_alike_the_damage_tells_which_is_which(city, bring):
    lines = [f"{n};{day:02}/10/2024;Trộm cắp;Đông Thọ;{n} triệu"
             for n, day in ((1, 1), (2, 1), (3, 2), (4, 2))]  # fmt: skip
    bring(WORTH, *lines)
    newest_first = [line.partition(";")[2] for line in reversed(lines)]
    told = {"number_answers": {LIST: True}}
    assert bring(WORTH.partition(";")[2], *newest_first, **told)[0] == (0, 0, 4, 0)


@pytest.mark.parametrize(
    "place", ["3 Lê Lai, P. {ward}", "Đ. Lê Lai", "đường Lê Lai (gần chợ)", "LE LAI"]
)
def test_an_address_in_other_words_is_no_other_place(bring, place):
    head = f"{PLAIN};Giờ;Nơi xảy ra"
    bring(head, *(f"{case};20h;Số 3 đường Lê Lai" for case in CASES))
    with pytest.raises(errors.KnownOtherwiseError):
        bring(head, *(f"{c};20h05;{place.format(ward=c.split(';')[2])}" for c in CASES))
    assert bring(head, *(f"{case};20h;Số 3 đường Lê Lợi" for case in CASES))[0] == (3, 0, 0, 0)


@pytest.mark.parametrize("number", ["{n:02}/2024", "Vụ số {n}/HS"])
def test_one_row_with_its_number_written_otherwise_is_asked_about(city, bring, number):
    bring(WORTH, *day_by_day(1))
    sums, questions, _ = bring(WORTH, *day_by_day(1, number))
    assert (sums, [q.about for q in questions]) == ((1, 0, 0, 0), ["row"])


def test_a_row_of_which_the_ward_was_set_right_is_asked_about(city, bring):
    bring(DETAILED, *LEDGER)
    right = [LEDGER[0], LEDGER[1].replace("Đông Thọ", "Nam Ngạn"), LEDGER[2]]
    (question,) = bring(DETAILED, *right)[1]
    told = {"number_answers": {question.key: True}}
    assert bring(DETAILED, *right, **told)[0] == (0, 1, 2, 0)
    assert len(known(city)) == 3


def test_a_row_set_right_in_a_list_that_was_said_to_be_the_same_is_asked_about(city, bring):
    numbered = [f"{n};{line}" for n, line in enumerate(LEDGER, start=1)]
    bring(f"Số vụ;{DETAILED}", *numbered)
    bring(DETAILED, *LEDGER, number_answers={LIST: True})
    right = [LEDGER[0], LEDGER[1].replace("9h", "11h"), LEDGER[2]]
    sums, questions, _ = bring(DETAILED, *right)
    assert (sums, [q.about for q in questions]) == ((1, 0, 2, 0), ["row"])


@pytest.mark.parametrize("ending", ["24", "T11"])
def test_a_figure_that_all_numbers_share_is_none_of_their_own(city, bring, ending):
    bring(WORTH, *day_by_day(4, "{n:02}/" + ending))
    supplement = [f"{n + 10}/{ending};{n:02}/10/2024;Trộm cắp;Đông Thọ;50 triệu" for n in (1, 2, 3)]
    assert bring(WORTH, *supplement)[:2] == ((3, 0, 0, 0), ())
    again = [f"{n}/{ending}-CAP;{n:02}/10/2024;Trộm cắp;Đông Thọ;{n} triệu" for n in (1, 2, 3)]
    again.append(f"24/{ending}-CAP;04/10/2024;Trộm cắp;Đông Thọ;70 triệu")
    assert bring(WORTH, *again, number_answers={LIST: True})[0] == (1, 3, 0, 0)


def test_numbers_of_a_month_and_numbers_of_the_year_are_the_same_cases(city, bring):
    bring(WORTH, *day_by_day(3))
    november = [line.replace("/10/", "/11/") for line in day_by_day(3)]
    bring(WORTH, *november, number_answers={}, name="november.csv")
    every = [*day_by_day(3), *november]
    year = [f"{n};{line.partition(';')[2]};Đội CSHS" for n, line in enumerate(every, start=1)]
    told = {"number_answers": {LIST: True}}
    assert bring(f"{WORTH};Đơn vị", *year, **told)[0] == (0, 6, 0, 0)


@pytest.mark.parametrize("hour", ["20h", "tối", "từ 19h đến 21h", "20h20"])
def test_an_hour_told_otherwise_is_the_same_hour(bring, hour):
    bring(DETAILED, *(f"{day:02}/10/2024;20h15;Trộm cắp;Đông Thọ;Chợ" for day in (1, 2, 3)))
    head = DETAILED.rpartition(";")[0]
    with pytest.raises(errors.KnownOtherwiseError):
        bring(head, *(f"{day:02}/10/2024;{hour};Trộm cắp;Đông Thọ" for day in (1, 2, 3)))


def test_a_list_that_goes_on_is_asked_about_for_its_old_days(bring):
    bring(WORTH, *day_by_day(3), *(f"{n};0{n}/10/2024;Đánh bạc;Hàm Rồng;" for n in (4, 5, 6, 7)))
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(PLAIN, *(line.partition(";")[2].rpartition(";")[0] for line in day_by_day(20)))
    assert [q.n_rows for q in caught.value.report.numbers] == [3]


def test_two_cases_of_a_list_that_goes_on_are_asked_about_one_by_one(bring):
    bring(WORTH, *day_by_day(2))
    lines = [line.partition(";")[2].rpartition(";")[0] for line in day_by_day(3)]
    sums, questions, _ = bring(PLAIN, *lines)
    assert (sums, [q.about for q in questions]) == ((3, 0, 0, 0), ["row", "row"])


def test_a_mind_changed_twice_adds_nothing_later(city, bring):
    head, lines = SHAPES["units"]
    bring(HEAD, *NUMBERED)
    for answer in (False, True):
        bring(head, *lines, number_answers={LIST: answer})
    assert bring(head, *lines)[0] == (0, 0, 3, 0)
    assert len(known(city)) == 3


FULL = f"Số vụ;{DETAILED};Thiệt hại"
STREETS = [
    "Lê Lai",
    "Hàng Than",
    "Bến Ngự",
    "Cao Thắng",
    "Đội Cung",
    "Tân An",
    "Mật Sơn",
    "Lò Chum",
]


def eight(number=lambda n: n, *, day=0, ward="Đông Thọ", place="Số {n} đường {street}", more=0):
    """Eight thefts, each with a day, an hour, a street and a damage of its own."""
    return [
        f"{number(n)};{n + day:02}/10/2024;{n + 8}h1{n};Trộm cắp;{ward};"
        f"{place.format(n=n, street=street)};{n + more} triệu"
        for n, street in enumerate(STREETS, start=1)
    ]


def without_numbers(lines):
    return [line.partition(";")[2] for line in lines]


def test_answers_that_make_one_row_two_cases_are_refused(city, bring):
    bring(FULL, *eight())
    renumbered = eight(lambda n: n + 2, more=50)
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(FULL, *renumbered)
    (question,) = caught.value.report.numbers  # and none about the numbers of the same rows
    assert (question.key, question.n_rows) == (LIST, 8)
    for other in ("101|*", f"101|{date(2024, 10, 1)}|3"):
        with pytest.raises(errors.ContradictoryAnswersError) as refused:
            bring(FULL, *renumbered, number_answers={LIST: True, other: True})
        assert refused.value.facts["row"] == 2
    assert list(known(city)["case_id"]) == [str(n) for n in range(1, 9)]
    bring(FULL, *renumbered, number_answers={LIST: True})
    assert sorted(known(city)["damage"]) == [(n + 50) * 1e6 for n in range(1, 9)]


def test_a_new_amount_on_a_known_day_is_a_new_case(city, bring):
    bare = "Ngày xảy ra;Tội danh;Phường;Thiệt hại"
    days = [f"{n:02}/10/2024;Trộm cắp;Đông Thọ" for n in range(1, 9)]
    bring(bare, *(f"{day};{n} triệu" for n, day in enumerate(days, start=1)))
    lines = [
        f"{day};{n + (50 if n > 4 else 0)} triệu;Khởi tố" for n, day in enumerate(days, start=1)
    ]
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(f"{bare};Kết quả", *lines)
    (question,) = caught.value.report.numbers
    assert (question.n_rows, question.n_others) == (4, 4)
    assert bring(f"{bare};Kết quả", *lines, number_answers={LIST: True})[0] == (4, 4, 0, 0)
    amounts = sorted(known(city)["damage"] / 1e6)
    assert amounts == [1, 2, 3, 4, 5, 6, 7, 8, 55, 56, 57, 58]


def test_one_number_with_another_place_and_amount_is_another_case(bring):
    bring(FULL, *eight())
    lines = eight(lambda n: f"{n:02}/2024", place="Chợ {n}{n}", more=50)
    lines = [line.replace("h1", "h5") for line in lines]
    assert bring(FULL, *lines)[:2] == ((8, 0, 0, 0), ())


OTHERWISE = {
    "ward": {"ward": "Nam Ngạn"},
    "day of the report": {"day": 1},
    "ward and words": {"ward": "Nam Ngạn", "place": "P. Nam Ngạn, phố {street} (gần số {n})"},
    "part of the ward": {"place": "Tổ dân phố {n}"},
    "day and part of the ward": {"day": 2, "place": "Tổ {n}"},
}


@pytest.mark.parametrize("change", OTHERWISE)
@pytest.mark.parametrize("is_numbered", [False, True])
def test_a_list_set_right_in_all_its_rows_is_asked_about(city, bring, change, is_numbered):
    bring(FULL, *eight())
    lines = eight(**OTHERWISE[change])
    head, lines = (
        (f"{FULL};Đơn vị", [f"{line};Đội CSHS" for line in lines])
        if is_numbered
        else (FULL.partition(";")[2], without_numbers(lines))
    )
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(head, *lines)
    assert [(q.key, q.n_rows, q.n_others) for q in caught.value.report.numbers] == [(LIST, 8, 0)]
    assert bring(head, *lines, number_answers={LIST: True})[0] == (0, 8, 0, 0)
    assert sorted(known(city)["damage"]) == [n * 1e6 for n in range(1, 9)]
    assert bring(head, *lines)[:2] == ((0, 0, 8, 0), ())


@pytest.mark.parametrize("day", ["đêm {n} rạng {m}/10/2024", "{m}/10/2024"])
def test_a_night_is_the_night_in_which_it_ended(bring, day):
    head = "Ngày xảy ra;Tội danh;Phường;Nơi xảy ra;Thiệt hại"
    nights = list(enumerate(STREETS[:5], start=11))
    bring(head, *(f"đêm {n} rạng {n + 1}/10/2024;Trộm cắp;Đông Thọ;{street};{n} triệu"
                  for n, street in nights))  # fmt: skip
    lines = [f"{day.format(n=n, m=n + 1)};Trộm cắp;Đông Thọ;đường {street};{n} triệu;Đội CSHS"
             for n, street in nights]  # fmt: skip
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(f"{head};Đơn vị", *lines)
    assert [q.n_rows for q in caught.value.report.numbers] == [5]


def by_day(gaps, ward):
    """Cases that tell a day, an offence and a ward: so many days after one another."""
    day, lines = date(2024, 9, 1), []
    for n, gap in enumerate(gaps):
        day += timedelta(days=gap)
        lines.append(f"{day:%d/%m/%Y};{('Trộm cắp', 'Đánh bạc', 'Ma túy')[n % 3]};{ward}")
    return lines


UNEVEN = (1, 3, 2, 5, 1, 4, 3, 1, 6, 2)


def test_days_and_offences_alone_tell_a_list_of_which_the_ward_was_set_right(bring):
    bring(PLAIN, *by_day(UNEVEN, "Đông Thọ"))
    with pytest.raises(errors.KnownOtherwiseError):
        bring(PLAIN, *by_day(UNEVEN, "Nam Ngạn"))
    assert bring(PLAIN, *by_day(reversed(UNEVEN), "Nam Ngạn"))[:2] == ((10, 0, 0, 0), ())


def test_what_happens_every_day_in_every_ward_tells_nothing(bring):
    every = [f"{n:02}/10/2024;Trộm cắp;{{}}" for n in range(1, 31)]
    bring(PLAIN, *(line.format("Đông Thọ") for line in every))
    lines = [line.format("Nam Ngạn") for line in every]
    assert bring(PLAIN, *lines)[:2] == ((30, 0, 0, 0), ())


def test_a_list_that_was_added_is_asked_about_once_more_when_told_to(city, bring):
    bring(FULL, *eight())
    shape = (FULL.partition(";")[2], *without_numbers(eight(place="Đ. {street}")))
    bring(*shape, number_answers={LIST: False})
    sums, (question,), _ = bring(*shape, asks_again=True)  # nothing is left to hold back
    assert (sums, question.key, question.n_rows) == ((0, 0, 8, 0), LIST, 8)
    bring(*shape, number_answers={LIST: True})
    assert len(known(city)) == 8
    assert bring(*shape, asks_again=True)[:2] == ((0, 0, 8, 0), ())


def test_a_row_that_was_kept_is_asked_about_once_more_when_told_to(city, bring):
    bring(DETAILED, *LEDGER)
    right = [LEDGER[0], LEDGER[1].replace("9h", "10h"), LEDGER[2]]
    (question,) = bring(DETAILED, *right)[1]
    sums, (again,), _ = bring(DETAILED, *right, asks_again=True)
    assert (sums, again.key, again.about) == ((0, 0, 3, 0), question.key, "row")
    assert bring(DETAILED, *right, number_answers={again.key: True})[0] == (0, 1, 2, 0)
    assert len(known(city)) == 3


@pytest.mark.parametrize("asks_again", [False, True])
def test_a_file_again_with_a_column_more_asks_about_its_row_without_a_number(
    city, bring, asks_again
):
    """The place was left out the first time: six numbers stay, one row is known by its words."""
    bring(f"{HEAD};Đơn vị", "9;03/11/2024;Trộm cắp;Đông Thọ;Đội CSHS", name="other.csv")
    head = f"{HEAD};Địa chỉ xảy ra;Thiệt hại"
    rows = [f"{n};{n:02}/11/2024;Trộm cắp;Đông Thọ;Lê Lai;{n}00.000" for n in range(1, 7)]
    lines = [*rows, ";19/11/2024;Đánh bạc;Đông Thọ;Lê Lai;700.000"]
    assert bring(head, *lines, mapping={"place": ""})[0] == (7, 0, 0, 0)
    sums, questions, _ = bring(head, *lines, mapping={"place": "Địa chỉ xảy ra"},
                               asks_again=asks_again)  # fmt: skip
    (question,) = [each for each in questions if each.pairs[0][0].case_id is None]
    assert (sums, question.about, question.n_rows) == ((1, 6, 0, 0), "row", 1)
    bring(head, *lines, mapping={"place": "Địa chỉ xảy ra"}, asks_again=asks_again,
          number_answers={question.key: True})  # fmt: skip
    assert [*known(city)["place"].dropna()] == ["Lê Lai"] * 7
    assert len(known(city)) == 1 + 7


def test_a_list_of_which_half_was_numbered_anew_is_asked_about(city, bring):
    bring(HEAD, *(f"{n};{day}" for n, day in enumerate(by_day(UNEVEN, "Đông Thọ"), start=1)))
    lines = [
        f"{n if n <= 5 else n + 20};{day}"
        for n, day in enumerate(by_day(UNEVEN, "Đông Thọ"), start=1)
    ]
    with pytest.raises(errors.KnownOtherwiseError) as caught:
        bring(HEAD, *lines)
    assert [(q.key, q.n_rows) for q in caught.value.report.numbers] == [(LIST, 5)]
    assert bring(HEAD, *lines, number_answers={LIST: True})[0] == (0, 5, 5, 0)
    assert sorted(map(int, known(city)["case_id"])) == [1, 2, 3, 4, 5, 26, 27, 28, 29, 30]


def test_a_list_that_goes_on_with_new_numbers_asks_nothing(bring):
    days = [f"{n};{day}" for n, day in enumerate(by_day(UNEVEN, "Đông Thọ"), start=1)]
    bring(HEAD, *days)
    late = [f"{n + 10};{line.partition(';')[2]}" for n, line in enumerate(days[:6], start=1)]
    assert bring(HEAD, *days, *late)[:2] == ((6, 0, 10, 0), ())


SUPPLEMENT = "Ngày xảy ra;Tội danh;Phường;Nơi xảy ra"


def supplement(*numbers):
    """Rows of the ledger again, with neither number, hour nor amount."""
    lines = [line.split(";") for line in eight()]
    return [";".join([lines[n - 1][1], *lines[n - 1][3:6]]) for n in numbers]


def test_rows_that_say_word_for_word_what_one_case_says_are_that_case(city, bring):
    bring(FULL, *eight())
    new = "21/10/2024;Trộm cắp;Đông Thọ;Số 7 đường Tân Long"
    assert bring(SUPPLEMENT, *supplement(2, 5), new)[:2] == ((1, 0, 2, 0), ())
    before = known(city)
    assert bring(SUPPLEMENT, *supplement(*range(1, 9)), name="all.csv")[:2] == ((0, 0, 8, 0), ())
    assert known(city)["starts_at"].equals(before["starts_at"])  # an hour is not taken away


def test_where_two_could_be_meant_nothing_is_taken_for_known(city, bring):
    bring(FULL, *eight(), eight()[1].replace("2;02/", "9;02/", 1).replace("10h12", "22h00"))
    sums = bring(SUPPLEMENT, *supplement(2))[0]  # two of that day in that street
    assert sums == (1, 0, 0, 0)
    twice = bring(SUPPLEMENT, *supplement(5, 5), name="twice.csv")[0]
    assert twice == (2, 0, 0, 0)


def test_a_row_that_denies_what_stands_is_not_taken_for_known(bring):
    bring(FULL, *eight())
    lines = [f"{line};99 triệu" for line in supplement(1, 2)]
    assert bring(f"{SUPPLEMENT};Thiệt hại", *lines)[0] == (2, 0, 0, 0)


def test_a_list_that_begins_later_was_not_numbered_anew(bring):
    every = [f"{n};{1 + n % 28:02}/10/2024;Trộm cắp;Đông Thọ" for n in range(140)]
    bring(HEAD, *every[:120])
    assert bring(HEAD, *every[100:])[:2] == ((20, 0, 20, 0), ())
