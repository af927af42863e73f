import itertools
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from data import tables
from data.errors import BatchNotFoundError
from data.fingerprints import content_hash
from data.history import changes_of_batch, read_versions
from data.rows import Rejection, Source, in_force, undo_batch, write_batch
from data.store import Store, StoreProperties

FILE = Source(file_name="sites.csv", file_sha256="abc", mapping={"site_id": "Mã điểm"})


@pytest.fixture
def store(tmp_path):
    made = Store.create(
        tmp_path / "rows.db",
        StoreProperties(
            city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    yield made
    made.close()


def _sites(*pairs):
    return [
        {"row_key": key, "site_id": key, "name": name, "longitude": 105.0, "latitude": 19.0}
        for key, name in pairs
    ]


def _write(store, *pairs, rejections=()):
    with store.begin(actor="me") as transaction:
        return write_batch(transaction, "sites", _sites(*pairs), source=FILE, rejections=rejections)


def _undo(store, batch):
    with store.begin(actor="me") as transaction:
        return undo_batch(transaction, batch)


def _names(store, prefix=""):
    with store.read() as connection:
        lines = connection.execute(
            sa.select(tables.sites.c.site_id, tables.sites.c.name).where(in_force(tables.sites))
        ).all()
    assert len({line.site_id for line in lines}) == len(lines), "two rows in force for one key"
    return {line.site_id: line.name for line in lines if line.site_id.startswith(prefix)}


def test_of_a_key_that_comes_twice_the_earlier_row_is_kept_as_superseded(store):
    _write(store, ("A", "zero"))
    told = _write(store, ("A", "one"), ("B", "two"), ("A", "three"), ("A", "three"))
    assert (told.n_accepted, told.n_updated, told.n_duplicates) == (1, 2, 1)
    assert _names(store) == {"A": "three", "B": "two"}
    versions = read_versions(store, "A")
    assert [(v.content["name"], v.status) for v in versions] == [
        ("zero", "superseded"), ("one", "superseded"), ("three", "in_force"),
    ]  # fmt: skip
    with store.read() as connection:
        changes = changes_of_batch(connection, "sites", told.batch)
    assert [each.cells["name"] for each in changes] == [("zero", "three"), ("one", "three")]
    _undo(store, told.batch)
    assert _names(store) == {"A": "zero"}


def test_the_same_rows_again_add_nothing(store):
    first = _write(store, ("A", "one"), ("B", "two"))
    assert (first.n_rows, first.n_accepted) == (2, 2)
    again = _write(store, ("A", "one"), ("B", "two"))
    assert (again.batch, again.n_rows, again.n_duplicates) == (None, 2, 2)


def test_other_content_under_a_known_key_is_an_update_and_the_old_row_stays(store):
    _write(store, ("A", "one"))
    second = _write(store, ("A", "better"), ("B", "new"))
    assert (second.n_accepted, second.n_updated, second.n_duplicates) == (1, 1, 0)
    assert _names(store) == {"A": "better", "B": "new"}
    with store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.sites)) == 3


def test_a_file_that_contradicts_itself_adds_nothing_the_second_time(store):
    first = _write(store, ("A", "one"), ("A", "two"))
    assert (first.n_accepted, first.n_updated) == (1, 1)
    again = _write(store, ("A", "one"), ("A", "two"))
    assert (again.batch, again.n_updated, again.n_duplicates) == (None, 0, 2)
    assert _names(store) == {"A": "two"}


def test_undoing_the_middle_of_a_chain_keeps_the_end_and_then_returns_to_the_start(store):
    one, two, three = (_write(store, ("A", name)).batch for name in ("one", "two", "three"))
    assert _undo(store, two) == "sites"
    assert _names(store) == {"A": "three"}
    _undo(store, three)
    assert _names(store) == {"A": "one"}
    _undo(store, one)
    assert _names(store) == {}


def test_a_file_that_was_undone_can_be_imported_again(store):
    batch = _write(store, ("A", "one")).batch
    _undo(store, batch)
    assert _write(store, ("A", "one")).n_accepted == 1
    assert _names(store) == {"A": "one"}


@pytest.mark.parametrize("number", [99, 1])
def test_a_batch_that_is_not_there_or_was_undone_cannot_be_undone(store, number):
    batch = _write(store, ("A", "one")).batch
    _undo(store, batch)
    with pytest.raises(BatchNotFoundError):
        _undo(store, number)


def test_a_part_is_undone_with_the_batch_it_came_with(store):
    with store.begin(actor="me") as transaction:
        whole = write_batch(transaction, "sites", _sites(("A", "one")), source=FILE).batch
        part = write_batch(
            transaction, "sites", _sites(("B", "two")), source=FILE, part_of=whole
        ).batch
    _undo(store, whole)
    assert _names(store) == {}
    with pytest.raises(BatchNotFoundError):
        _undo(store, part)


def test_refused_rows_are_kept_beside_the_batch(store):
    refused = Rejection(file_row=7, reason="no_id", column="Mã điểm", value=None)
    counts = _write(store, ("A", "one"), rejections=[refused])
    assert (counts.n_rows, counts.n_rejected) == (2, 1)
    with store.read() as connection:
        (line,) = connection.execute(sa.select(tables.rejected_rows)).all()
    assert (line.batch_id, line.file_row, line.reason, line.column) == (
        counts.batch, 7, "no_id", "Mã điểm",
    )  # fmt: skip


def test_content_hash_does_not_depend_on_where_a_row_stood():
    site = {"row_key": "A", "site_id": "A", "longitude": 1.0, "latitude": 2.0}
    assert content_hash("sites", {**site, "file_row": 3}) == content_hash(
        "sites", {**site, "file_row": 9, "row_key": "else"}
    )
    assert content_hash("sites", {**site, "has_power": False}) != content_hash("sites", site)


@dataclass
class Model:
    """What the store should say: of each key the row of the newest batch that was not undone."""

    batches: dict[int, dict[str, str]] = field(default_factory=dict)

    def in_force(self):
        return {key: name for n in sorted(self.batches) for key, name in self.batches[n].items()}

    def write(self, pairs):
        now, fresh, outcome = self.in_force(), {}, {"new": 0, "updated": 0, "same": 0}
        last = dict(pairs)
        for key, name in pairs:
            old = name if now.get(key) == last[key] else fresh.get(key, now.get(key))
            outcome["new" if old is None else "same" if old == name else "updated"] += 1
            if old != name:
                fresh[key] = name
        return fresh, outcome


WRITES = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), max_size=5)
STEPS = st.lists(st.one_of(WRITES, st.integers(0, 5)), max_size=12)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Store.create(
        tmp_path_factory.mktemp("rows") / "m.db",
        StoreProperties(
            city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    yield made, itertools.count()
    made.close()


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_writing_and_undoing_in_any_order_agrees_with_a_plain_model(shared, steps):
    store, examples = shared
    prefix = f"{next(examples)}-"  # one store for all examples, keys of its own for each
    model = Model()
    for step in steps:
        if isinstance(step, int):
            if not model.batches:
                continue
            batch = sorted(model.batches)[step % len(model.batches)]
            _undo(store, batch)
            del model.batches[batch]
        else:
            pairs = [(prefix + key, name) for key, name in step]
            fresh, outcome = model.write(pairs)
            counts = _write(store, *pairs)
            assert (counts.n_accepted, counts.n_updated, counts.n_duplicates) == (
                outcome["new"], outcome["updated"], outcome["same"],
            )  # fmt: skip
            assert (counts.batch is None) == (not fresh)
            if fresh:
                model.batches[counts.batch] = fresh
        assert _names(store, prefix) == model.in_force()


def test_a_whole_number_is_one_however_a_file_wrote_it():
    as_int = content_hash("camera_models", {"model_id": "M", "pixels_across": 2560, "fov_deg": 90})
    as_float = content_hash(
        "camera_models", {"model_id": "M", "pixels_across": 2560.0, "fov_deg": 90.0}
    )
    assert as_int == as_float
    assert as_int != content_hash("camera_models", {"model_id": "M", "fov_deg": 90})
