"""Days, hours, amounts and points as thirty-four wards write them."""

import datetime as dt

from awkward import formats
from data.importing import EveryRowFailedError

WARDS = ["Đông Thọ", "Hàm Rồng", "Nam Ngạn"]


def ledger(heading, *cells):
    """Write a ledger that tells day and ward, and one thing more in a third column."""
    rows = [["Ngày xảy ra", "Phường/xã", heading]]
    rows += [[f"{n + 1}/3/2025", WARDS[n % 3], cell] for n, cell in enumerate(cells)]
    return formats.text(rows)


def days(*cells):
    """Write a ledger that tells days and wards."""
    return [
        ["Ngày xảy ra", "Phường/xã"],
        *([cell, WARDS[n % 3]] for n, cell in enumerate(cells)),
    ]


def cases(make):
    """Give the cases; ``make`` makes one."""
    return (
        make(
            name="months in words.csv",
            content=lambda: formats.text(
                days("8 décembre 2024", "Dec 9, 2024", "ngày 10 tháng mười hai năm 2024",
                     "11-Dec-24", "Chủ nhật, 15/12/2024", "31 novembre 2024", "tháng Mười 2024",
                     "mùng 8 tháng Chạp", "thứ 2, 17/12/2024", "1er août 2024 à 20h30")
            ),
            counts=(6, 0, 0, 4),
            reasons=("bad_date", "bad_date", "lunar_date", "other_weekday"),
            days=("2024-12-08", "2024-12-09", "2024-12-10", "2024-12-11", "2024-12-15",
                  "2024-08-01"),
        ),
        make(
            name="one clear day month first.csv",
            content=lambda: formats.text(days("12/25/2024", "12/09/2024", "9 mars 2024")),
            counts=(1, 0, 0, 2),
            reasons=("date_order_in_doubt", "date_order_in_doubt"),
            days=("2024-03-09",),
        ),
        make(
            name="one slip among clear days.csv",
            content=lambda: formats.text(days("25/11/2024", "12/09/2024", "12/26/2024")),
            counts=(2, 0, 0, 1),
            reasons=("other_date_order",),
            days=("2024-11-25", "2024-09-12"),
        ),
        make(
            name="days a spreadsheet turned round.xlsx",
            content=lambda: formats.xlsx({"T12": days(
                "13/12/2024", "24/12/2024", "31/12/2024",
                dt.date(2024, 8, 12), dt.date(2024, 9, 12), dt.date(2024, 10, 12),
            )}),
            counts=(3, 0, 0, 3),
            reasons=("day_may_be_month",) * 3,
            days=("2024-12-13", "2024-12-24", "2024-12-31"),
        ),
        make(
            name="points in one column.csv",
            content=lambda: ledger(
                "Tọa độ", "19.8107, 105.7893", "POINT (105.7989 19.8107)", None,
                "https://www.google.com/maps/@19.8107,105.7893,17z", "POINT (19.8107 105.7893)",
                "105,8084; 19,8107", "gần chợ",
            ),
            counts=(5, 0, 0, 2),
            reasons=("swapped_coordinates", "bad_coordinate"),
            wards=("101", "102", "103", "101", "103"),
        ),
        make(
            name="points in minutes.csv",
            content=lambda: ledger(
                "Toạ độ GPS", "19°48'38.5\"N 105°47'21.5\"E", "19 48 38.5, 105 47 56",
                "19°48.642'B; 105°48.504'Đ",
            ),
            counts=(3, 0, 0, 0), wards=("101", "102", "103"),
        ),
        make(
            name="northings and eastings in one column.csv",
            content=lambda: ledger("Tọa độ VN-2000", "2191500 582500", "583500; 2191500"),
            counts=(2, 0, 0, 0), wards=("101", "102"),
        ),
        make(
            name="amounts in words.csv",
            content=lambda: ledger(
                "Thiệt hại", "1tr5", "15 triệu đồng", "1 tỷ 200 triệu", "không", "chưa rõ", "7,5",
            ),
            counts=(5, 0, 0, 1), reasons=("bad_number",),
            damage=(1_500_000, 15_000_000, 1_200_000_000, 0, None),
        ),
        make(
            name="nothing but lunar days.csv",
            content=lambda: formats.text(days("10 tháng Giêng năm 2025", "8/12/2024 (âm lịch)")),
            counts=(0, 0, 0, 2), reasons=("lunar_date", "lunar_date"),
            refused=EveryRowFailedError,
        ),
    )  # fmt: skip
