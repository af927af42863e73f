"""A bare number is no day where its workbook counts from another one than most."""

from datetime import date

import pytest
from awkward import formats

from data import importing, layers
from data.importing import Options

HEAD = ["STT", "Ngày", "Phường", "Tội danh"]
DAYS = [43890.0, "43890", "05/03/2024", 45000.0]
ROWS = [HEAD, *([n, day, "Đông Thọ", "Trộm cắp tài sản"] for n, day in enumerate(DAYS, start=1))]
FROM_1900 = ["2020-02-29", "2020-02-29", "2023-03-15", "2024-03-05"]
TO_1904 = date(1904, 1, 1) - date(1899, 12, 30)
OFFICE = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><ExcelWorkbook'
    ' xmlns="urn:schemas-microsoft-com:office:excel">{said}</ExcelWorkbook>'
    '<Worksheet Name="T"><Table>{rows}</Table></Worksheet></Workbook>'
)


def _xml(rows, *, is_1904):
    cells = (
        "".join(
            f'<Cell><Data Type="{"String" if isinstance(c, str) else "Number"}">{c}</Data></Cell>'
            for c in row
        )
        for row in rows
    )
    lines = "".join(f"<Row>{each}</Row>" for each in cells)
    return OFFICE.format(said="<Date1904/>" if is_1904 else "", rows=lines).encode()


def _import(city, path, content):
    path.write_bytes(content)
    report = importing.import_file(
        city, path, layer="incidents", actor="Lan", today=date(2025, 6, 1), options=Options()
    )
    starts = layers.read_incidents(city)["starts_at"].dt.tz_convert("Asia/Ho_Chi_Minh")
    return sorted(f"{at:%Y-%m-%d}" for at in starts), report


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "xlsb", "ods", "xml.xls"])
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_bare_number_is_a_day_only_where_days_count_from_1900(city, tmp_path, suffix, is_1904):
    content = (
        _xml(ROWS, is_1904=is_1904)
        if suffix == "xml.xls"
        else getattr(formats, suffix)({"T": ROWS}, is_1904=is_1904)
    )
    found, report = _import(city, tmp_path / f"t.{suffix}", content)
    assert found == (["2024-03-05"] if is_1904 else FROM_1900)
    told = [(r.file_row, r.reason) for r in report.rejected]
    assert told == ([(row, "count_in_doubt") for row in (2, 3, 5)] if is_1904 else [])


def test_a_refused_number_shows_both_days(city, tmp_path):
    _, report = _import(city, tmp_path / "t.xlsx", formats.xlsx({"T": ROWS}, is_1904=True))
    told = report.rejected[0].value
    first, second = (date(2020, 2, 29), date(2020, 2, 29) + TO_1904)
    assert told == f"43890 ({first}? {second}?)"


def test_days_with_their_format_are_read_in_either_workbook(city, tmp_path):
    rows = [HEAD, [1, date(2024, 3, 5), "Đông Thọ", "Trộm cắp tài sản"]]
    found, report = _import(city, tmp_path / "t.xlsx", formats.xlsx({"T": rows}, is_1904=True))
    assert (found, report.n_rejected) == (["2024-03-05"], 0)
