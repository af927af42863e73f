"""The notebook runs from top to bottom, and what it finds is what the store and the truth hold."""

import ast
import hashlib
import inspect
import json
import sqlite3
from pathlib import Path

import nbformat
import pytest
import sqlalchemy as sa
from nbclient import NotebookClient

from data import demo, tables

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "from_demo_to_verdict.ipynb"


def fingerprints(store):
    """Give a digest of every row's key and content, by table."""
    with store.read() as connection:
        rows = {
            name: sorted(map(tuple, connection.execute(sa.select(t.c.row_key, t.c.content_hash))))
            for name, t in tables.LAYERS.items()
        }
    return {name: hashlib.sha256(repr(own).encode()).hexdigest() for name, own in rows.items()}


LOOK = f"""
import hashlib
import sqlalchemy as sa
from data import tables
{inspect.getsource(fingerprints)}
fingerprints_there = fingerprints(store)
"""
ASK = """
import json
print(json.dumps({
    "month": {name: float(month.city[name]) for name in ("n", "low", "high")},
    "gap": covered.gaps[["n_incidents_per_year", "longitude", "latitude"]].iloc[0].tolist(),
    "n_working": len(working),
    "street_crime": list(street_crime),
    "fingerprints": fingerprints_there,
    "truth": truth,
    "verdicts": json.loads(verdicts.to_json(orient="index")),
}))
"""


def execute(folder):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.insert(-1, nbformat.v4.new_code_cell(LOOK))  # the last cell removes the store
    notebook.cells.append(nbformat.v4.new_code_cell(ASK))
    NotebookClient(notebook, timeout=240, kernel_name="python3").execute()
    nbformat.write(notebook, folder / NOTEBOOK.name)


@pytest.fixture(scope="module")
def executed(once_a_run):
    return nbformat.read(once_a_run("notebook", execute) / NOTEBOOK.name, as_version=4)


@pytest.fixture(scope="module")
def found(executed):
    return json.loads(executed.cells[-1].outputs[0]["text"])


def count(store, query, values):
    connection = sqlite3.connect(f"file:{store.location}?mode=ro", uri=True)
    ((n,),) = connection.execute(query, values).fetchall()
    connection.close()
    return n


def test_the_notebook_is_stored_without_outputs():
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert len(code) > 5
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_its_own_process_made_the_same_city_of_the_same_seed(found, demo_store):
    truth = json.loads(demo.truth_path(demo_store.location).read_text(encoding="utf-8"))
    assert found["truth"] == truth
    assert found["fingerprints"] == fingerprints(demo_store)


def test_its_month_is_the_count_of_the_ledger(found, demo_store):
    n = count(
        demo_store,
        "SELECT COUNT(*) FROM incidents WHERE datetime(starts_at, '+7 hours') >= ?"
        " AND datetime(starts_at, '+7 hours') < ?",
        ["2024-11-01 00:00:00", "2024-12-01 00:00:00"],
    )
    assert found["month"]["n"] == n
    assert found["month"]["low"] < n < found["month"]["high"]


def test_its_cameras_are_those_that_work_on_the_last_day(found, demo_store):
    standing = count(demo_store, "SELECT COUNT(*) FROM cameras WHERE removed_on IS NULL", [])
    down = count(
        demo_store,
        "SELECT COUNT(DISTINCT camera_id) FROM camera_states WHERE state IN ('broken', 'offline')"
        " AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)",
        [str(demo_store.properties.last_day)] * 2,
    )
    assert found["n_working"] == standing - down


def test_nobody_sees_its_gap_and_things_happen_there(found, demo_store):
    per_year, longitude, latitude = found["gap"]
    assert per_year >= 1
    west, east, south, north = longitude - 2e-3, longitude + 2e-3, latitude - 2e-3, latitude + 2e-3
    around = count(
        demo_store,
        "SELECT COUNT(*) FROM incidents WHERE longitude BETWEEN ? AND ? AND latitude BETWEEN ?"
        " AND ? AND datetime(starts_at, '+7 hours') >= '2024-01-01 00:00:00'",
        [west, east, south, north],
    )
    assert around >= per_year


def test_it_ends_with_estimates_beside_the_planted_truth(executed, found, demo_store):
    truth = json.loads(demo.truth_path(demo_store.location).read_text(encoding="utf-8"))
    planted = {w["wave"]: w["rate_ratio"] for w in truth["waves"] if w["installed_on"]}
    last = ast.literal_eval(executed.cells[-2].outputs[0]["data"]["text/plain"])
    assert last["truth"] == planted
    assert set(last["estimate"]) == set(planted)
    assert min(planted.values()) < 1 == max(planted.values())
    for wave, row in found["verdicts"].items():
        assert row["low"] < row["ratio"] < row["high"]
        assert row["holds_truth"] == (row["low"] <= planted[wave] <= row["high"])
        if row["verdict"] == "fell":
            assert row["high"] < 1


def test_its_counts_of_a_whole_wave_lie_within_those_of_the_city(found, demo_store):
    marks = ", ".join(f"'{category}'" for category in found["street_crime"])
    everywhere = count(
        demo_store,
        f"SELECT COUNT(*) FROM incidents WHERE category IN ({marks})",  # noqa: S608
        [],
    )
    for row in found["verdicts"].values():
        assert 0 < row["before"] + row["after"] < everywhere
