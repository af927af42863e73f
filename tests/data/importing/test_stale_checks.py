"""What was checked before somebody else wrote is checked again before it is written."""

from datetime import date

import pytest

from data import importing, layers
from data.importing.errors import KnownOtherwiseError, StoreChangedError

TODAY = date(2025, 12, 31)
HEAD = "Số vụ;Ngày;Tội danh;Phường"
LINES = [f"{n};{n:02}/03/2025;Trộm cắp;Đông Thọ" for n in (1, 2, 3)]


@pytest.fixture
def checked(city, write_csv):
    def checked(name, head, *lines):
        draft = importing.read(write_csv(head, *lines, name=name), layer="incidents")
        draft = importing.settled(draft, city)
        return draft, importing.check(draft, city, today=TODAY)

    return checked


def test_rows_checked_before_others_were_written_are_not_written(city, checked):
    draft, mine = checked("a.csv", HEAD, *LINES)
    plain = [line.partition(";")[2] for line in LINES]
    importing.commit(checked("b.csv", HEAD.partition(";")[2], *plain)[1], city, actor="Lan")
    with pytest.raises(StoreChangedError):
        importing.commit(mine, city, actor="An")
    with pytest.raises(KnownOtherwiseError):  # checked again, it is asked about
        importing.commit(
            mine, city, actor="An", recheck=lambda: importing.check(draft, city, today=TODAY)
        )
    assert len(layers.read_incidents(city)) == 3


def test_what_nobody_changed_is_not_checked_again(city, checked):
    _, mine = checked("a.csv", HEAD, *LINES)
    report = importing.commit(mine, city, actor="An", recheck=pytest.fail)
    assert report.n_accepted == 3
