from datetime import date

import pytest
import sqlalchemy as sa

from data import clearances, tables
from data.clearances import AlertKey

NOVEMBER = AlertKey(month=date(2024, 11, 1), division="only", ward_code="101", category="theft")


def test_the_newest_word_on_an_alert_holds_and_the_older_ones_stay(drawn_city):
    clearances.add(drawn_city, NOVEMBER, n=12, reason="  a fair \n in the ward ", actor="An")
    clearances.add(
        drawn_city, NOVEMBER, n=14, reason="more came in", actor="Bình", is_cleared=False
    )
    held = clearances.of_month(drawn_city, date(2024, 11, 1))[NOVEMBER]
    assert (held.is_cleared, held.actor, held.n) == (False, "Bình", 14)
    with drawn_city.read() as connection:
        table = tables.clearances
        rows = connection.execute(sa.select(table.c.actor, table.c.reason)).all()
    assert [tuple(row) for row in rows] == [("An", "a fair in the ward"), ("Bình", "more came in")]


def test_an_alert_of_another_month_ward_type_or_division_is_another(drawn_city):
    clearances.add(drawn_city, NOVEMBER, n=12, reason="a fair", actor="An")
    assert clearances.of_month(drawn_city, date(2024, 12, 1)) == {}
    (key,) = clearances.of_month(drawn_city, date(2024, 11, 1))
    assert key == NOVEMBER


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_without_a_reason_nothing_is_cleared(drawn_city, reason):
    version = drawn_city.version
    with pytest.raises(clearances.NoReasonError):
        clearances.add(drawn_city, NOVEMBER, n=12, reason=reason, actor="An")
    assert clearances.of_month(drawn_city, date(2024, 11, 1)) == {}
    assert drawn_city.version == version


def test_clearing_and_opening_are_in_the_audit_with_the_person(drawn_city):
    clearances.add(drawn_city, NOVEMBER, n=12, reason="a fair", actor="An")
    clearances.add(drawn_city, NOVEMBER, n=12, reason="no fair", actor="Bình", is_cleared=False)
    table = tables.audit
    with drawn_city.read() as connection:
        rows = connection.execute(
            sa.select(table.c.actor, table.c.action, table.c.subject)
            .where(table.c.action.in_(["clear_alert", "open_alert"]))
            .order_by(table.c.audit_id)
        ).all()
    assert [(row.actor, row.action, row.subject["reason"]) for row in rows] == [
        ("An", "clear_alert", "a fair"), ("Bình", "open_alert", "no fair")]  # fmt: skip
    assert rows[0].subject["ward_code"] == "101"
