"""Goods and amounts in a column of damage: no case is lost for its goods, no amount is guessed."""

from datetime import date
from itertools import product

import pytest

from data import importing
from data.importing import Options

TODAY = date(2025, 6, 20)
HEAD = "Ngày;Phường;Tội danh;Thiệt hại"
GOODS = (
    "01 xe máy Honda Wave", "01 ĐTDĐ", "01 điện thoại iPhone 12", "2 con gà", "2 chỉ vàng",
    "xe đạp điện", "Hỏng cửa kính", "03 chậu cây cảnh", "01 xe SH 150i và 02 ĐTDĐ",
    "Thương tích nhẹ", "iPhone 12", "01 (một) xe máy", "khoảng 5 bao gạo", "vàng tây", "Xe Wave",
)  # fmt: skip
WORTH = {
    "01 xe máy trị giá 15 triệu": 15_000_000, "xe đạp, trị giá 500.000đ": 500_000,
    "Xe đạp điện - trị giá khoảng 5 triệu đồng": 5_000_000, "3 xe, tổng 45 triệu": 45_000_000,
    "02 xe và 01 ĐTDĐ, tổng trị giá 45tr": 45_000_000, "hơn 3tr": 3_000_000,
    "trên 50 triệu": 50_000_000, "gần 2 triệu": 2_000_000, "khoảng hơn 5 triệu": 5_000_000,
    "1 triệu 2": 1_200_000, "1 tỷ 2": 1_200_000_000,
    "2 triệu rưỡi": 2_500_000, "2 triệu rưỡi đồng": 2_500_000, "1 tỷ 200 triệu": 1_200_000_000,
    "1 triệu 5 đồng": 1_500_000,
}  # fmt: skip
OPEN = (
    "5 triệu (đã thu hồi 2 triệu)", "5 triệu và 01 ĐTDĐ", "2.000.000 + 01 ĐTDĐ", "10-15 triệu",
    "02 xe x 15 triệu", "02 xe trị giá 15 triệu", "mỗi xe trị giá 5 triệu", "xe máy 15000000",
    "xe máy và ĐTDĐ trị giá 5 triệu", "thu hồi 01 xe trị giá 5 triệu", "mười lăm triệu", "5 củ",
    "xe trị giá 5 triệu, điện thoại trị giá 3 triệu", "dưới 2 triệu", "5 triệu 2 chỉ vàng",
    "1 triệu 20", "1 triệu 250", "rất nhiều", "Đã làm rõ", "Trộm cắp tài sản", "15%", "tiền mặt",
    "khoảng 5", "hơn 3", "trên 50", "gần 2", "dưới 5", "trên dưới 5", "5 trở lên", "15 (xe máy)",
    "01 xe máy, 15", "xe máy (15)", "xe máy 15", "xe máy: 15", "01 xe máy trị giá 15",
    "Lê Lai", "Lam Sơn", "Nguyễn Văn A", "Hàng Than", "Cửa Hữu", "Số 5, Lê Lai", "35 Lê Lai",
    "Nguyễn Văn Bình, 35 tuổi", "Bến xe phía Bắc",
)  # fmt: skip


@pytest.fixture
def told(city, write_csv):
    """Give what was stored of each cell in a column of damage, and what was refused."""

    def read(cells, head=HEAD):
        rows = [f"0{n % 9 + 1}/05/2025;Đông Thọ;Trộm cắp tài sản;{each}"
                for n, each in enumerate(cells)]  # fmt: skip
        draft = importing.read(write_csv(head, *rows), layer="incidents")
        checked = importing.check(draft, city, today=TODAY, options=Options())
        assert len(checked.rows) + len(checked.rejections) == len(cells)
        return [row["damage"] for row in checked.rows], checked

    return read


def test_goods_leave_the_amount_blank_and_keep_the_case(told):
    found, checked = told(GOODS)
    assert found == [None] * len(GOODS)
    assert checked.notes["damage_in_words"] == len(GOODS)


def test_what_goods_are_worth_is_their_amount(told):
    found, checked = told(list(WORTH))
    assert found == list(WORTH.values())
    assert "damage_in_words" not in checked.notes


def test_what_can_be_meant_in_two_ways_is_refused(told):
    found, checked = told(OPEN)
    assert found == []
    assert {each.reason for each in checked.rejections} == {"bad_number"}
    assert "damage_in_words" not in checked.notes


@pytest.mark.parametrize(("multiple", "tail"), list(product((1, 2, 30), ("", " đồng"))))
def test_an_amount_behind_goods_is_the_amount_alone(told, multiple, tail):
    alone, behind = f"{multiple} triệu{tail}", f"01 xe máy trị giá {multiple} triệu{tail}"
    assert told([alone, behind])[0] == [multiple * 10**6] * 2


@pytest.mark.parametrize("head", [f"{HEAD} (triệu đồng)", f"ĐVT: triệu đồng\n{HEAD}"])
def test_words_of_roughly_and_a_remark_leave_the_number_in_its_unit(told, head):
    worth = {"khoảng 5": 5, "hơn 3": 3, "gần 2": 2, "trên 50": 50, "~4": 4, "hơn 3,5": 3.5,
             "15 (xe máy)": 15, "01 xe máy trị giá 15": 15}  # fmt: skip
    found, checked = told([*worth, "7"], head)
    assert found == [n * 10**6 for n in (*worth.values(), 7)]
    assert "damage_in_words" not in checked.notes


@pytest.mark.parametrize("head", [f"{HEAD} (triệu đồng)", f"ĐVT: triệu đồng\n{HEAD}"])
def test_a_figure_that_goods_leave_open_is_refused_under_a_unit_too(told, head):
    open_still = ["01 xe máy, 15", "xe máy (15)", "5 trở lên", "Lê Lai"]
    found, checked = told([*open_still, "7", "01 xe máy"], head)
    assert found == [7_000_000, None]
    assert [each.reason for each in checked.rejections] == ["bad_number"] * len(open_still)
