"""The drills of tests/benchmarks, small: many writers at once, and imports that are killed."""

import sys

import concurrent_imports
import killed_imports
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")


def test_processes_that_import_overlapping_files_leave_each_row_once(tmp_path):
    outcome = concurrent_imports.run(tmp_path, n_processes=3, n_files=2, per_file=40)
    assert outcome.n_found == outcome.n_cases == 140  # six ledgers of 40, each half the next's
    assert outcome.n_counted == outcome.n_rows
    assert outcome.n_reads > 0
    assert outcome.integrity == "ok"


def test_an_import_that_is_killed_is_there_in_full_or_not_at_all(tmp_path):
    outcome = killed_imports.run(tmp_path, n_runs=8, per_file=30, seed=2)
    assert (outcome.n_half, outcome.n_lost, outcome.n_damaged) == (0, 0, 0)
    assert outcome.n_whole + outcome.n_none == 8
    assert outcome.n_whole >= outcome.n_told
