"""What a later import told again goes with the earlier one that is taken back, and that is said."""

from datetime import date

from data import adoption, importing
from data.importing.cases import retold

TODAY = date(2025, 12, 31)
HEAD = "Số vụ;Ngày;Tội danh;Phường"


def test_who_takes_an_import_back_is_told_what_a_later_one_told_again(city, write_csv):
    def bring(name, *lines):
        return importing.import_file(
            city, write_csv(HEAD, *lines, name=name), layer="incidents", actor="An", today=TODAY
        )

    first = bring("first.csv", "1;21/10/2024;Đánh bạc;Đông Thọ", "2;22/10/2024;Đánh bạc;Đông Thọ")
    again = "2;22/10/2024;Đánh bạc;Đông Thọ"
    second = bring("second.csv", again, "3;23/10/2024;Đánh bạc;Đông Thọ")
    assert retold.later(city, first.batch) == (
        retold.Retold(batch=second.batch, file_name="second.csv", n_rows=1),
    )
    assert retold.later(city, second.batch) == ()
    adoption.undo(city, second.batch, actor="An")
    assert retold.later(city, first.batch) == ()  # it is not in force any more
