"""Every awkward file comes to what stands beside it, and every row of it is accounted for."""

from collections import Counter
from datetime import date

import pytest
from awkward import files

from data import importing
from data.importing import EveryRowFailedError, Options

TODAY = date(2025, 12, 31)
OF_READING = ("letters_", "sheets_", "tables_", "year_", "really_", "formulas_", "rows_above",
              "unexplained")  # fmt: skip
"""Notes that tell how a file was read."""

FINE = [case for case in files.CASES if case.refused in {None, EveryRowFailedError}]
REFUSED = [case for case in files.CASES if case.refused is not None]


def _read(case, folder):
    path = folder / case.name
    path.write_bytes(case.content())
    return importing.read(path, layer=case.layer, **case.asked)


def _counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


@pytest.mark.parametrize("case", FINE, ids=lambda case: case.name)
def test_an_awkward_file_loses_no_row_and_invents_none(town, tmp_path, case):
    draft = _read(case, tmp_path)
    checked = importing.check(draft, town, today=TODAY, options=Options())
    try:
        report = importing.commit(checked, town, actor="Lan", dry_run=True)
    except EveryRowFailedError as error:
        report = error.report
    assert _counts(report) == case.counts
    assert sum(_counts(report)) == report.n_rows == draft.n_rows
    assert Counter(r.reason for r in report.rejected) >= Counter(case.reasons)
    told = {code: n for code, n in report.notes.items() if code.startswith(OF_READING)}
    assert told == case.notes
    written = checked.rows
    if case.wards is not None:
        assert tuple(row["ward_code"] for row in written) == case.wards
    if case.days is not None:
        assert tuple(str(row["starts_at"].date()) for row in written) == case.days
    if case.damage is not None:
        assert tuple(row["damage"] for row in written) == case.damage
    if case.categories is not None:
        assert tuple(row["category"] for row in written) == case.categories
    if case.sheet is not None:
        assert report.sheet == case.sheet
    if case.skipped is not None:
        assert report.n_skipped == case.skipped


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_an_awkward_file_that_cannot_be_read_is_refused_with_its_reason(town, tmp_path, case):
    version = town.version
    path = tmp_path / case.name
    path.write_bytes(case.content())
    asked = Options(**case.asked)
    with pytest.raises(case.refused) as refused:
        importing.import_file(town, path, layer=case.layer, actor="Lan", today=TODAY, options=asked)
    assert refused.value.facts["file"] == case.name
    assert town.version == version


def test_there_are_at_least_forty_awkward_files_and_no_two_have_one_name():
    names = [case.name for case in files.CASES]
    assert len(set(names)) == len(names) >= 40


def test_the_ward_of_merged_rows_gets_a_heading_under_which_it_comes_back(town, tmp_path):
    (case,) = (case for case in files.CASES if case.name == "wards as merged rows between.xlsx")
    draft = _read(case, tmp_path)
    assert draft.mapping["ward"] == "Phường/xã"
    assert draft.cells["ward"] == ("Phường Đông Thọ", "Phường Đông Thọ", "Phường Hàm Rồng")
