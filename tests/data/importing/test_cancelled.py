"""A long import tells how far it is, and one that is stopped leaves the store as it was."""

from datetime import date

import pytest
import sqlalchemy as sa

from data import importing, rows, tables
from data.importing.errors import ImportCancelledError
from data.progress import watched
from data.rows import Source

N_ROWS = 11_000  # more than are written at once


def content_of(store):
    """Every row of every table, but for the order in which a table gives them."""
    with store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in tables.metadata.sorted_tables
        }


def test_rows_that_are_stopped_in_the_middle_of_writing_leave_no_trace(drawn_city):
    sites = [
        {"row_key": f"S{i}", "site_id": f"S{i}", "longitude": 105.8, "latitude": 19.8}
        for i in range(N_ROWS)
    ]
    with drawn_city.begin(actor="An") as transaction:
        rows.write_batch(transaction, "sites", sites[:2], source=Source(file_name="a.csv"))
    before = content_of(drawn_city)
    changed = [{**sites[0], "name": "Chợ"}, *sites[1:]]
    written = []

    def stop(step, done, total):
        written.append((step, done, total))
        if done:
            raise ImportCancelledError

    with (
        watched(stop),
        pytest.raises(ImportCancelledError),
        drawn_city.begin(actor="An") as transaction,
    ):
        rows.write_batch(transaction, "sites", changed, source=Source(file_name="b.csv"))
    step, done, total = written[-1]
    assert step == "write"
    assert 0 < done < total == N_ROWS - 1  # one is known already
    assert content_of(drawn_city) == before
    with drawn_city.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    with drawn_city.begin(actor="An") as transaction:  # and nothing stays locked
        counts = rows.write_batch(transaction, "sites", changed, source=Source(file_name="b.csv"))
    assert (counts.n_accepted, counts.n_updated, counts.n_duplicates) == (N_ROWS - 2, 1, 1)


def test_an_import_tells_its_steps_and_never_more_rows_than_the_file_has(drawn_city, tmp_path):
    lines = [f"V{n},15/11/2023,Phường Một,Trộm cắp tài sản" for n in range(30)]
    path = tmp_path / "so.csv"
    path.write_text("\n".join(["Mã vụ việc,Ngày xảy ra,Phường,Tội danh", *lines]), encoding="utf-8")
    told = []

    def bring_in():
        return importing.import_file(
            drawn_city, path, layer="incidents", actor="An", today=date(2023, 12, 31)
        )

    with watched(lambda *facts: told.append(facts)):
        assert bring_in().n_accepted == 30
    steps = [step for step, _, _ in told]
    assert (steps[0], steps[-1]) == ("read", "write")
    assert "check" in steps
    assert all(0 <= done <= total <= len(lines) + 1 for _, done, total in told if total is not None)
    n_told = len(told)
    bring_in()  # nobody listens
    assert len(told) == n_told
