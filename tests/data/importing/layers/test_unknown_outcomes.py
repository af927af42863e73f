"""What became of cases: plain words are known, and others are left out and named."""

from datetime import date

import pytest

from data import importing, layers
from data.importing import Options

HEAD = "Ngày;Phường;Tội danh;Kết quả"
KNOWN = {
    "cleared": ("Đã rõ", "Rõ", "Đã làm rõ đối tượng", "ĐÃ BẮT ĐƯỢC ĐỐI TƯỢNG"),
    "not_cleared": ("Chưa rõ", "Chưa bắt được đối tượng", "Chưa rõ đối tượng"),
    "prosecuted": ("Khởi tố vụ án, bị can", "Đã khởi tố", "Khởi tố vụ án, khởi tố bị can"),
    "not_prosecuted": ("Quyết định không khởi tố",), "investigating": ("ĐXM", "Đang XM"),
    "fined": ("XPHC", "Xử phạt VPHC"), "suspended": ("Tạm đình chỉ điều tra",),
}  # fmt: skip
OPEN = ["Chuyển CATP", "Chuyển  CATP", "Hòa giải", "Chưa", "x", "Giao ông Nguyễn Văn An xử lý"]


@pytest.fixture
def report(city, write_csv):
    """Bring in a case of each outcome."""

    def brought(outcomes):
        rows = [f"{n + 1:02}/05/2024;Đông Thọ;Trộm cắp tài sản;{each}"
                for n, each in enumerate(outcomes)]  # fmt: skip
        draft = importing.read(write_csv(HEAD, *rows), layer="incidents")
        checked = importing.check(draft, city, today=date(2025, 1, 10), options=Options())
        return importing.commit(checked, city, actor="Lan")

    return brought


def test_plain_words_for_what_became_of_a_case_are_known(report, city):
    told = [(word, code) for code, words in KNOWN.items() for word in words]
    found = report([word for word, _ in told])
    assert layers.read_incidents(city)["outcome"].tolist() == [code for _, code in told]
    assert (found.n_unknown_outcomes, dict(found.unknown_outcomes)) == (0, {})


def test_outcomes_that_are_left_out_are_named_without_persons(report):
    found = report([*OPEN, "Đã rõ", ""])
    assert found.n_unknown_outcomes == len(OPEN)
    named = dict(found.unknown_outcomes)
    assert sum(named.values()) == len(OPEN)
    assert next(iter(named.items())) == ("Chuyển CATP", 2)
    assert not any("Nguyễn" in text for text in named)
