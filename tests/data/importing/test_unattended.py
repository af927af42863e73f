"""What nobody looks at must be plain by its headings, or confirmed before."""

from datetime import date

import pytest

from data import importing
from data.importing import Options, unattended, watching
from data.importing.errors import NothingToldError, UnconfirmedColumnsError

TODAY = date(2025, 12, 31)
GUESSED = (
    "Ngày xảy ra;Phường/xã;Loại",
    "8/3/2025;Đông Thọ;Trộm cắp",
    "9/3/2025;Nam Ngạn;Cướp giật",
)
OF_SOMETHING = ("Ngày xảy ra;Phường/xã;Nội dung chi", "8/3/2025;Đông Thọ;mua ghế")
PLAIN = ("Ngày xảy ra;Phường/xã;Tội danh", "8/3/2025;Đông Thọ;Trộm cắp")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "incidents").mkdir()
    return tmp_path


def _taken(city, folder, lines):
    (folder / "incidents" / "t3.csv").write_text("\n".join(lines), encoding="utf-8")
    (found,) = watching.waiting(folder)
    return watching.take(city, found, actor="An", today=TODAY, write_report=lambda *_: None)


@pytest.mark.parametrize(
    ("lines", "error"), [(GUESSED, UnconfirmedColumnsError), (OF_SOMETHING, NothingToldError)]
)
def test_what_a_person_has_to_look_at_waits_until_it_was_confirmed_once(city, folder, lines, error):
    outcome = _taken(city, folder, lines)
    assert (outcome.status, type(outcome.error)) == ("refused", error)
    importing.import_file(
        city,
        outcome.moved_to,
        layer="incidents",
        actor="An",
        today=TODAY,
        options=Options(mapping={"date": "Ngày xảy ra"}),
    )
    later = _taken(city, folder, [line.replace("/3/", "/4/") for line in lines])
    assert (later.status, later.report.n_accepted) == ("done", len(lines) - 1)


def test_what_headings_tell_goes_through(city, folder):
    outcome = _taken(city, folder, PLAIN)
    assert (outcome.status, outcome.report.n_accepted) == ("done", 1)
    assert unattended.tells_what(outcome.report)


def test_a_person_may_bring_in_what_no_column_tells_and_is_told_so(city, write_csv):
    report = importing.import_file(
        city, write_csv(*OF_SOMETHING), layer="incidents", actor="An", today=TODAY
    )
    assert (report.n_accepted, unattended.tells_what(report)) == (1, False)


def test_what_is_not_shown_before_it_is_written_must_tell_what_happened(city, write_csv):
    path = write_csv(*OF_SOMETHING)

    def bring(**options):
        told = Options(must_tell_what=True, **options)
        return importing.import_file(
            city, path, layer="incidents", actor="An", today=TODAY, options=told
        )

    with pytest.raises(NothingToldError):
        bring()
    seen = bring(dry_run=True)
    assert (seen.n_accepted, seen.batch) == (1, None)
    assert bring(mapping=dict(seen.mapping)).n_accepted == 1
    assert bring().n_duplicates == 1  # confirmed once
