"""A ward that a book tells, and another one that the words of the place name."""

from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa
from small_city import put_wards

from data import importing, tables
from data.importing import Options
from data.importing import refused as handed_out

TODAY = date(2025, 12, 31)
PLACED = ("Ngày xảy ra", "Tội danh", "Đơn vị", "Nơi xảy ra")
DAY = "08/12/2024"


def _checked(city, folder, rows, **told):
    """Give the ward of each row that is kept, and what the refused ones show."""
    book = openpyxl.Workbook()
    for row in (("SỔ THEO DÕI",), *rows):
        book.active.append(row)
    book.save(folder / "so.xlsx")
    draft, options, _ = importing.read_remembering(
        city, folder / "so.xlsx", layer="incidents", options=Options(**told)
    )
    checked = importing.check(draft, city, today=TODAY, options=options)
    assert len(checked.rows) + len(checked.rejections) == draft.n_rows
    refused = [(r.reason, r.value) for r in checked.rejections]
    return [row["ward_code"] for row in checked.rows], refused, checked


OTHER_WARD = [
    "Lê Lai, P. Hàm Rồng", "Lê Lai, phường Hàm Rồng, TP Thanh Hóa", "Lê Lai - P.Nam Ngạn",
    "tại phường Nam Ngạn", "Lê Lai (p ham rong)", "Trụ sở UBND phường Hàm Rồng",
    "Ngã tư P. Hàm Rồng", "đường Đông Thọ, P. Hàm Rồng", "Cầu Hàm Rồng TP Thanh Hóa, P. Nam Ngạn",
    "Lê Lai, P. H.Rồng", "Lê Lai, F. Hàm Rồng", "Lê Lai ph. Hàm Rồng", "Lê Lai phg Hàm Rồng",
    "Lê Lai P,Hàm Rồng", "Lê Lai P:Hàm Rồng", "gần chợ Vườn Hoa, P. Hàm Rồng",
]  # fmt: skip
NO_OTHER_WARD = [
    "Lê Lai", "Lê Lai, P. Đông Thọ", "đường Hàm Rồng", "Cầu Hàm Rồng", "Chợ Nam Ngạn",
    "12 Hàm Rồng", "Lê Lai, P. Trường Thi", "gần phường Hàm Rồng", "giáp ranh với P. Nam Ngạn",
    "gần UBND phường Hàm Rồng", "Lê Lai, gần trụ sở phường Hàm Rồng", "cách UBND P. Hàm Rồng 50m",
    "đối diện trạm y tế P. Hàm Rồng", "sau trường TH phường Hàm Rồng", "gần chợ P. Hàm Rồng",
    "ngã tư giáp ranh P. Đông Thọ và P. Hàm Rồng", "đầu cầu sang bên phường Hàm Rồng",
    "giữa P. Đông Thọ và P. Hàm Rồng", "KS Sao Mai, P. 102", "Lê Lai x Hàm Rồng",
]  # fmt: skip


@pytest.mark.parametrize("place", OTHER_WARD)
def test_a_place_in_another_ward_than_that_of_the_unit_is_not_placed_in_silence(
    city, tmp_path, place
):
    rows = [PLACED, (DAY, "Cướp", "CAP Đông Thọ", place), (DAY, "Cướp", "CAP Đông Thọ", "Lê Lai")]
    wards, refused, _ = _checked(city, tmp_path, rows)
    assert (wards, refused) == (["101"], [("two_wards", f"CAP Đông Thọ ≠ {place}")])


@pytest.mark.parametrize("place", NO_OTHER_WARD)
def test_what_is_only_called_like_a_ward_or_lies_beside_one_says_nothing_of_it(
    city, tmp_path, place
):
    wards, refused, _ = _checked(city, tmp_path, [PLACED, (DAY, "Cướp", "CAP Đông Thọ", place)])
    assert (wards, refused) == (["101"], [])


@pytest.mark.parametrize("lines", [
    [(*PLACED[:2], "Nơi xảy ra")],
    [("CÔNG AN PHƯỜNG ĐÔNG THỌ",), (*PLACED[:2], "Nơi xảy ra")],
    [(*PLACED[:2], "Nơi xảy ra"), ("I. CAP Đông Thọ",)],
], ids=["told", "title", "line"])  # fmt: skip
def test_the_ward_of_a_book_is_held_against_its_places_unless_a_person_told_it(
    city, tmp_path, lines
):
    rows = [*lines, (DAY, "Cướp", "Lê Lai, P. Hàm Rồng"), (DAY, "Cướp", "Lê Lai, P. Đông Thọ")]
    is_told = len(lines) == 1
    wards, refused, _ = _checked(city, tmp_path, rows, **({"ward": "Đông Thọ"} if is_told else {}))
    both = [("two_wards", "Phường Đông Thọ ≠ Lê Lai, P. Hàm Rồng")]
    assert (wards, refused) == ((["101"] * 2, []) if is_told else (["101"], both))


@pytest.mark.parametrize(
    ("heading", "own", "other"),
    [("Phường", "Đông Thọ", "Lê Lai, P. Hàm Rồng"), ("Mã phường", "101", "Lê Lai, P. Hàm Rồng"),
     ("Phường", "CAP Đông Thọ", "Lê Lai, phường Hàm Rồng")],
)  # fmt: skip
def test_a_column_of_wards_is_held_against_the_words_of_the_place(
    city, tmp_path, heading, own, other
):
    places = (other, "Lê Lai, P. Đông Thọ", "gần P. Hàm Rồng", "Lê Lai")
    head = (*PLACED[:2], heading, PLACED[3])
    rows = [head, *((DAY, "Cướp", own, place) for place in places)]
    wards, refused, _ = _checked(city, tmp_path, rows)
    assert (wards, refused) == (["101"] * 3, [("two_wards", f"{own} ≠ {other}")])


@pytest.mark.parametrize("field", ["Phường", "Mã phường"])
def test_name_and_code_of_one_ward_are_held_against_the_words_whichever_tells(
    city, tmp_path, field
):
    rows = [(*PLACED[:2], "Phường", "Mã phường", PLACED[3]),
            (DAY, "Cướp", "Đông Thọ" if field == "Phường" else None,
             "101" if field != "Phường" else None, "Lê Lai, P. Hàm Rồng"),
            (DAY, "Cướp", "Đông Thọ", "101", "Lê Lai, P. Hàm Rồng")]  # fmt: skip
    wards, refused, _ = _checked(city, tmp_path, rows)
    assert (wards, [reason for reason, _ in refused]) == ([], ["two_wards"] * 2)


def test_a_ward_that_a_person_types_into_such_a_row_counts(city, tmp_path):
    rows = [(*PLACED[:2], "Phường", PLACED[3]), (DAY, "Cướp", "Đông Thọ", "Lê Lai, P. Hàm Rồng")]
    for ward, code in (("Đông Thọ", "101"), ("Hàm Rồng", "102")):
        told = {"corrections": {3: {"ward": ward}}}
        assert _checked(city, tmp_path, rows, **told)[:2] == ([code], [])


def test_a_point_is_held_against_the_ward_by_itself_and_not_by_words(city, tmp_path):
    rows = [(*PLACED[:2], "Phường", PLACED[3], "Kinh độ", "Vĩ độ"),
            (DAY, "Cướp", "Đông Thọ", "Lê Lai, P. Hàm Rồng", 105.7755, 19.8205)]  # fmt: skip
    refused = _checked(city, tmp_path, rows)[1]
    assert "two_wards" not in [reason for reason, _ in refused]


def test_a_person_says_in_which_ward_such_a_row_lies_and_untouched_it_is_refused_again(
    city, tmp_path
):
    rows = [PLACED, (DAY, "Cướp", "CAP Đông Thọ", "Lê Lai, P. Hàm Rồng")]
    checked = _checked(city, tmp_path, rows)[2]
    assert next(handed_out.rows(checked.draft))[1][-1] == "CAP Đông Thọ ≠ Lê Lai, P. Hàm Rồng"
    again = [
        handed_out.headings(checked.draft),
        *(cells for _, cells in handed_out.rows(checked.draft)),
    ]
    assert _checked(city, tmp_path, again)[1] == [
        ("two_wards", "CAP Đông Thọ ≠ Lê Lai, P. Hàm Rồng")
    ]
    for ward, code in (("Đông Thọ", "101"), ("Hàm Rồng", "102")):
        told = {"corrections": {3: {"ward": ward}}}
        assert _checked(city, tmp_path, rows, **told)[:2] == ([code], [])


def test_an_old_name_of_a_place_in_a_ward_of_today_is_no_other_ward(city, tmp_path):
    """Of 2025 is one ward alone; who writes the ward of before it means the same ground."""
    with city.begin(actor="An") as transaction:
        transaction.connection.execute(
            sa.update(tables.divisions).values(valid_to=date(2024, 12, 31))
        )
    put_wards(city, {"9": "Phường Hạc Thành"}, division="2025", valid_from=date(2025, 1, 1))
    day = "08/08/2025"
    rows = [PLACED, (day, "Cướp", "CAP Hạc Thành", "Lê Lai, P. Hàm Rồng"),
            (DAY, "Cướp", "CAP Đông Thọ", "Lê Lai, P. Hàm Rồng")]  # fmt: skip
    wards, refused, _ = _checked(city, tmp_path, rows)
    assert (wards, [reason for reason, _ in refused]) == (["9"], ["two_wards"])
