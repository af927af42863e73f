from datetime import UTC, date

import pytest
import sqlalchemy as sa

from data import registrations, tables
from data.registrations import Draft, RegistrationNotFoundError
from data.scenarios import ScenarioNotFoundError

DRAFT = Draft(
    read_out_on=date(2025, 1, 31),
    installed_on=date(2024, 1, 1),
    installed_until=date(2024, 1, 3),
    request={"wave": "2024-1"},
    treated=b"ground",
    unit_ids=["1-1", "1-2"],
)


def test_a_registration_comes_back_as_it_was_fixed(city):
    number = registrations.save(city, DRAFT, actor="Lan")
    found = registrations.read(city, number)
    for name in Draft.__dataclass_fields__:
        assert getattr(found, name) == getattr(DRAFT, name)
    assert (found.actor, found.registration_id) == ("Lan", number)
    assert found.registered_at.tzinfo is UTC


def test_registering_is_in_the_audit_with_the_person(city):
    number = registrations.save(city, DRAFT, actor="Lan")
    with city.read() as connection:
        line = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc())
        ).first()
    assert (line.action, line.actor) == ("register_evaluation", "Lan")
    assert line.subject["registration"] == number


def test_one_that_replaces_another_names_it_and_leaves_it_alone(city):
    first = registrations.save(city, DRAFT, actor="Lan")
    before = registrations.read(city, first)
    assert registrations.superseding(city, first) is None
    second = registrations.save(city, Draft(**{**vars(DRAFT), "parent_id": first}), actor="Minh")
    assert registrations.superseding(city, first) == second
    assert registrations.read(city, first) == before
    assert [r.registration_id for r in registrations.list_registered(city)] == [second, first]


def test_what_is_not_there_can_be_neither_read_nor_named(city):
    with pytest.raises(RegistrationNotFoundError):
        registrations.read(city, 7)
    with pytest.raises(RegistrationNotFoundError):
        registrations.save(city, Draft(**{**vars(DRAFT), "parent_id": 7}), actor="Lan")
    with pytest.raises(ScenarioNotFoundError):
        registrations.save(city, Draft(**{**vars(DRAFT), "scenario_id": 7}), actor="Lan")
    assert registrations.list_registered(city) == []
