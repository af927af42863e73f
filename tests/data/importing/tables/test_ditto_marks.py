"""A mark for *the same as above* is read as the cell above, where there is one."""

import random
from datetime import date

import pytest

from data import importing
from data.importing import Options
from data.importing.cell_codes import coded
from data.importing.files.cell_columns import CellColumn
from data.importing.tables import ditto_marks

MARKS = ('"', "-nt-", "Idem.")


def _one_by_one(cells, places):
    """Go down a column and write above into each mark, as a person would."""
    found = []
    for i, cell in enumerate(cells):
        is_below = i > 0 and places[i] == places[i - 1] + 1
        above = found[i - 1] if is_below else None
        found.append(above if cell in MARKS and above not in (None, *MARKS) else cell)
    return found


def test_columns_of_all_kinds_are_filled_as_one_goes_down_them():
    rng = random.Random(5)  # noqa: S311  no secret
    for _ in range(200):
        n = rng.randint(1, 12)
        cells = [rng.choice(("a", 1.0, None, *MARKS)) for _ in range(n)]
        places = sorted(rng.sample(range(n + 3), n))
        expected = _one_by_one(cells, places)
        n_written = sum(a is not b for a, b in zip(cells, expected, strict=True))
        n_top = rng.randint(0, n)
        below = coded(cells[n_top:])
        for column in (cells, tuple(cells), CellColumn(cells[:n_top], below)):
            found, n_filled = ditto_marks.filled({"ward": column}, places)
            assert (list(found["ward"]), n_filled) == (expected, n_written)


@pytest.mark.parametrize("field", ["case_id", "longitude", "damage"])
def test_what_is_a_rows_own_is_not_taken_from_the_row_above(field):
    cells = {field: ["7", '"']}
    assert ditto_marks.filled(cells, [1, 2]) == (cells, 0)


@pytest.mark.parametrize("mark", ["như trên", "nt", "-nt-", '"'])
@pytest.mark.parametrize("field", ["time", "datetime", "end_time", "offence", "outcome", "ward"])
def test_what_rows_have_in_common_is_taken_from_the_row_above(field, mark):
    assert ditto_marks.filled({field: ["7", mark]}, [1, 2]) == ({field: ["7", "7"]}, 1)


def test_marks_are_counted_and_told(city, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(
        "Số vụ;Ngày xảy ra;Phường;Tội danh\n1;08/03/2025;Đông Thọ;Trộm cắp tài sản\n"
        '2;"""";nt;Đánh bạc\n3;09/03/2025;Hàm Rồng;idem\n',
        encoding="utf-8",
    )
    report = importing.import_file(
        city, path, layer="incidents", actor="Lan", today=date(2025, 12, 31), options=Options()
    )
    assert (report.n_accepted, report.notes) == (3, {"as_above": 3})
