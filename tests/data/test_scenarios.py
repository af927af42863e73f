from datetime import UTC

import pytest
import sqlalchemy as sa

from data import scenarios, tables
from data.rows import Source, undo_batch, write_batch
from data.scenarios import ScenarioNotFoundError

REQUEST = {"count": 3, "models": ["VL-4-4"], "on": "2024-12-31"}
RESULT = {"status": "optimal", "choices": [{"rank": 1, "site_id": "Đ-1", "cost": None}]}


def _audit(store):
    with store.read() as connection:
        found = connection.execute(sa.select(tables.audit).order_by(tables.audit.c.audit_id)).all()
    return [(line.action, line.actor, line.subject) for line in found]


def test_a_saved_plan_comes_back_with_its_request_and_its_result(city):
    number = scenarios.save(city, "Quý 1", request=REQUEST, result=RESULT, actor="Lan")
    found = scenarios.read(city, number)
    assert (found.name, found.actor, found.parent_id) == ("Quý 1", "Lan", None)
    assert (found.request, found.result) == (REQUEST, RESULT)
    assert found.created_at.tzinfo is UTC


def test_saving_and_taking_back_are_in_the_audit_with_the_person(city):
    number = scenarios.save(city, "A", request=REQUEST, result=RESULT, actor="Lan")
    scenarios.undo(city, number, actor="Minh")
    assert _audit(city)[-2:] == [
        ("save_scenario", "Lan", {"scenario": number, "name": "A"}),
        ("undo_scenario", "Minh", {"scenario": number}),
    ]


def test_the_newest_plan_is_listed_first_and_one_taken_back_is_not(city):
    first = scenarios.save(city, "A", request=REQUEST, result=RESULT, actor="Lan")
    second = scenarios.save(city, "A", request={}, result={}, actor="Lan", parent_id=first)
    assert [s.scenario_id for s in scenarios.list_saved(city)] == [second, first]
    assert scenarios.read(city, second).parent_id == first
    scenarios.undo(city, first, actor="Lan")
    assert [s.scenario_id for s in scenarios.list_saved(city)] == [second]


def test_what_is_not_there_cannot_be_read_taken_back_or_be_a_parent(city):
    number = scenarios.save(city, "A", request={}, result={}, actor="Lan")
    scenarios.undo(city, number, actor="Lan")
    before = len(_audit(city))
    for ask in (
        lambda: scenarios.read(city, number),
        lambda: scenarios.undo(city, number, actor="Lan"),
        lambda: scenarios.save(city, "B", request={}, result={}, actor="Lan", parent_id=number),
    ):
        with pytest.raises(ScenarioNotFoundError):
            ask()
    assert len(_audit(city)) == before


def test_a_plan_that_was_taken_back_can_be_put_back_as_it_was(city):
    number = scenarios.save(city, "A", request=REQUEST, result=RESULT, actor="Lan")
    before = scenarios.read(city, number)
    scenarios.undo(city, number, actor="Minh")
    assert [s.scenario_id for s in scenarios.list_undone(city)] == [number]
    scenarios.redo(city, number, actor="Hoa")
    assert scenarios.read(city, number) == before
    assert scenarios.list_undone(city) == []
    assert _audit(city)[-1] == ("redo_scenario", "Hoa", {"scenario": number})
    with pytest.raises(ScenarioNotFoundError):
        scenarios.redo(city, number, actor="Hoa")


def test_what_came_after_a_plan_was_saved_is_counted_by_layer(city):
    def bring(key):
        site = {"row_key": key, "site_id": key, "longitude": 105.8, "latitude": 19.8}
        with city.begin(actor="tester") as transaction:
            counts = write_batch(transaction, "sites", [site], source=Source(file_name="sites"))
        return counts.batch

    bring("S1")
    number = scenarios.save(city, "A", request=REQUEST, result=RESULT, actor="Lan")
    plan = scenarios.read(city, number)
    assert scenarios.changes_since(city, plan) == {}
    batch = bring("S2")
    assert scenarios.changes_since(city, plan) == {"sites": 1}
    with city.begin(actor="tester") as transaction:
        undo_batch(transaction, batch)
    assert scenarios.changes_since(city, plan) == {"sites": 2}
