"""Refused rows as .csv and as .xlsx mean the same, and the same as in the file they came from."""

from datetime import date, datetime

import openpyxl
import pytest

from dashboard.importing_page import refusals
from dashboard.texts import Texts
from data import importing, layers
from data.importing import EveryRowFailedError

EARLY, LATE = date(2023, 12, 31), date(2024, 12, 31)
HEADINGS = ["Số vụ", "Ngày xảy ra", "Giờ", "Tội danh", "Phường", "Thiệt hại"]
ROWS = [
    [2, datetime(2024, 11, 3), 0.5, "Đánh bạc", None, 1_500_000],  # noqa: DTZ001
    [3, datetime(2024, 11, 4, 7, 15), None, "Đánh bạc", None, "12,5 triệu"],  # noqa: DTZ001
    [4, "5/11/2024", 20, "Đánh bạc", None, "1.500.000"],
    ["12A", 45602, 0.85, 173, None, 2500.4],
]
HOURS = {"2": (3, 12, 0), "3": (4, 7, 15), "4": (5, 20, 0), "12A": (6, 20, 24)}
DAMAGE = {"2": 1_500_000, "3": 12_500_000, "4": 1_500_000, "12A": 2500}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_refused_rows_set_right_are_what_the_whole_file_says(drawn_city, tmp_path, suffix):
    ward = "Phường Một"
    book = openpyxl.Workbook()
    for row in [HEADINGS, *([*row[:4], ward, row[5]] for row in ROWS)]:
        book.active.append(row)
    book.save(tmp_path / "ledger.xlsx")
    asked = {"layer": "incidents", "actor": "An"}
    with pytest.raises(EveryRowFailedError) as caught:  # of days to come
        importing.import_file(drawn_city, tmp_path / "ledger.xlsx", today=EARLY, **asked)
    path = tmp_path / f"refused.{suffix}"
    write = refusals.as_csv if suffix == "csv" else refusals.as_xlsx
    path.write_bytes(write(Texts("vi"), caught.value.report))
    importing.import_file(drawn_city, path, today=LATE, **asked)
    stored = layers.read_incidents(drawn_city)
    stored = stored[stored["case_id"].isin(HOURS)]
    starts = stored.set_index("case_id")["starts_at"].dt.tz_convert("Asia/Ho_Chi_Minh")
    assert {case: (at.day, at.hour, at.minute) for case, at in starts.items()} == HOURS
    assert stored.set_index("case_id")["damage"].to_dict() == DAMAGE
    again = importing.import_file(drawn_city, tmp_path / "ledger.xlsx", today=LATE, **asked)
    assert (again.n_accepted, again.n_updated, again.n_duplicates) == (0, 0, len(ROWS))
