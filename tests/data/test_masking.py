"""Personal data out of texts, and nothing else out of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.masking import MARK, mask

NAMES = ["Nguyễn Văn An", "Trần Thị Bích Hằng", "Lê Hoàng", "PHẠM VĂN ĐỨC", "Đỗ Ý", "H'Hen Niê"]


@st.composite
def phones(draw):
    """A telephone number of Vietnam, in any of the ways in which people write one."""
    kind = draw(st.sampled_from(["mobile", "landline", "old"]))
    first = {"mobile": "35789", "landline": "2", "old": "1"}[kind]
    rest = {"mobile": 8, "landline": 9, "old": 9}[kind]
    digits = draw(st.sampled_from(first))
    if kind == "old":
        digits += draw(st.sampled_from("2689"))
        rest -= 1
    digits += draw(st.text("0123456789", min_size=rest, max_size=rest))
    prefix = draw(
        st.sampled_from(["0", "+84", "+84 ", "(+84) ", "0084", "0084 ", "(0)", "+84 (0)"])
    )
    if prefix in {"0", "(0)"} or draw(st.booleans()):
        separator = draw(st.sampled_from(["", " ", ".", "-"]))
    else:
        separator = ""
    size = draw(st.sampled_from([2, 3, 4]))
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    return prefix + separator.join(groups)


@settings(deadline=None)
@given(phones(), st.sampled_from(["gọi {p}", "ĐT: {p}.", "sđt {p}, 12 Trần Phú", "({p})"]))
def test_a_telephone_number_is_taken_out_however_it_is_written(phone, around):
    masked = mask(around.format(p=phone))
    assert masked.counts["phone"] == 1, masked
    left = masked.text.replace("12 Trần Phú", "")
    assert not any(letter.isdigit() for letter in left), masked


@settings(deadline=None)
@given(
    st.sampled_from(["ông", "bà", "Anh", "chị", "cháu", "đối tượng", "bị hại:", "Mr", "Mme", "M."]),
    st.sampled_from(NAMES),
)
def test_a_name_after_a_title_is_taken_out(title, name):
    masked = mask(f"Trước nhà {title} {name}, 12 Trần Phú")
    assert masked.counts["name"] == 1, masked
    assert masked.text == f"Trước nhà {title} {MARK}, 12 Trần Phú"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CCCD 038095001234", "number"),
        ("CMND 171 234 567", "number"),
        ("STK 19031234567890", "number"),
        ("hộ chiếu C1234567", "number"),
        ("BKS 36-B1 234.56", "plate"),
        ("xe 36A-123.45 đỗ", "plate"),
        ("36b1 23456", "plate"),
        ("29H-1234", "plate"),
        ("an.nguyen@gmail.com", "email"),
        ("không chín một hai ba bốn năm sáu bảy tám", "phone"),
        ("anh le van tam mat xe", "name"),
    ],
)
def test_other_personal_data_is_taken_out_and_counted_by_kind(text, kind):
    masked = mask(text)
    assert dict(masked.counts) == {kind: 1}
    assert MARK in masked.text


def test_all_that_is_taken_out_is_counted():
    masked = mask("Ông An 0912 345 678, bà Bình 0987654321, xe 36A-12345 và 36A-54321")
    assert masked.counts == {"phone": 2, "name": 2, "plate": 2}
    assert masked.text == f"Ông {MARK} {MARK}, bà {MARK} {MARK}, xe {MARK} và {MARK}"


@pytest.mark.parametrize(
    "text",
    [
        "Điều 173", "khoản 1 Điều 318 BLHS", "k1 Đ173", "144/2021/NĐ-CP",
        "SN 12/5/7 ngõ 345 Trần Phú",
        "12 Bà Triệu", "đường Bà Huyện Thanh Quan giao Bà Triệu", "phường Ba Đình", "chợ Bà Chiểu",
        "Đào Duy Anh, P. Ba Đình", "đường N. T. M. Khai", "ngày 08-03-2025 09h30",
        "2024-11-15 20:30:45", "thiệt hại 350000000 đồng", "1.900.000.000", "trị giá 350000000",
        "19.8051234, 105.7812345", "QL1A km 325", "trẻ em chơi", "bà con khu phố", "lô 36A 2024",
        "kiot 09 chợ Vườn Hoa", "TH-2024-000123", "Ngã tư Trần Phú – Lê Lợi",
    ],
)  # fmt: skip
def test_articles_addresses_days_and_amounts_stay(text):
    assert mask(text).text == text


def test_a_street_of_the_city_that_is_called_like_a_person_stays():
    text = "gần Cô Ba Sài Gòn"
    assert mask(text).counts["name"] == 1
    assert mask(text, known={"co ba sai gon"}).text == text


@settings(deadline=None)
@given(st.text(max_size=80))
def test_what_is_taken_out_once_is_not_taken_out_again(text):
    once = mask(text).text
    assert mask(once).text.count(MARK) >= once.count(MARK)


@settings(deadline=None)
@given(st.integers(1, 999), st.sampled_from(["Trần Phú", "Bà Triệu", "Lê Lợi", "Đào Duy Anh"]))
def test_a_house_number_is_no_personal_number(n, street):
    for text in (f"{n} {street}", f"SN {n}/{n} đường {street}", f"ngõ {n} {street}"):
        assert mask(text).text == text


def test_a_figure_written_onto_a_name_goes_with_it_and_one_beside_it_stays():
    said = {
        "Ông Nguyễn Văn A0 ở số 3": f"Ông {MARK} ở số 3",
        "bà Lê Thị B2, 15 Yết Kiêu": f"bà {MARK}, 15 Yết Kiêu",
        "ông Hai 12 Trần Phú": f"ông {MARK} 12 Trần Phú",
        "ngõ Bà Triệu2": "ngõ Bà Triệu2",
    }
    assert {text: mask(text).text for text in said} == said
