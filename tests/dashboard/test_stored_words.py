"""Every column of every layer is written in a reader's words, whatever an import changes in it."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from analysis.columns import LOCATION_QUALITIES, ZONE_KINDS
from dashboard import stored_words
from dashboard.stored_words import AS_WRITTEN, AS_WRITTEN_IN, WARD_COLUMNS, Setting
from dashboard.texts import LANGUAGES, texts
from data import offences, tables
from data.fingerprints import OWN_COLUMNS
from data.importing.layers import shapes
from data.importing.values import words

SHAPE = {"geometry", "west", "south", "east", "north"}
COLUMNS = [
    (layer, column)
    for layer, table in tables.LAYERS.items()
    for column in table.columns
    if column.name not in OWN_COLUMNS | SHAPE
]
READ_AS = {
    ("incidents", "category"): offences.names(language="en"),
    ("tips", "category"): offences.names(language="en"),
    ("footage_requests", "category"): offences.names(language="en"),
    ("incidents", "outcome"): words.OUTCOME_OF.values(),
    ("incidents", "location_quality"): LOCATION_QUALITIES,
    ("tips", "outcome"): words.TIP_OUTCOME_OF.values(),
    ("tips", "received_from"): words.TIP_SENDER_OF.values(),
    ("footage_requests", "answer"): words.ANSWER_OF.values(),
    ("camera_states", "state"): words.STATE_OF.values(),
    ("camera_states", "fault"): words.FAULT_OF.values(),
    ("cameras", "kind"): words.CAMERA_KIND_OF.values(),
    ("camera_models", "kind"): words.CAMERA_KIND_OF.values(),
    ("programmes", "kind"): words.PROGRAMME_KIND_OF.values(),
    ("streets", "kind"): shapes._STREET_KIND_OF.values(),
    ("land_cover", "kind"): shapes._COVER_KIND_OF.values(),
    ("zones", "kind"): (*shapes._ZONE_KIND_OF.values(), *ZONE_KINDS),
}
"""Columns of codes, and every code that reading a file can give."""
VIETNAM = Setting(currency="VND", wards={("2024", "101"): "Phường Đông Thọ"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_every_layer_has_a_name(language):
    say = texts(language)
    for layer, column in COLUMNS:
        assert stored_words.column_name(say, layer, column.name).strip()


def test_every_text_of_the_store_is_as_written_or_a_ward_or_a_code_with_words():
    for layer, column in COLUMNS:
        if not isinstance(column.type, sa.Text):
            continue
        place = (layer, column.name)
        ways = (
            column.name in AS_WRITTEN or place in AS_WRITTEN_IN,
            column.name in WARD_COLUMNS,
            place in READ_AS,
        )
        assert sum(ways) == 1, place
        assert (stored_words.code_words(*place) is not None) == (place in READ_AS), place


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_that_an_import_can_store_is_shown_as_a_code(language):
    say = texts(language)
    for (layer, name), codes in READ_AS.items():
        for code in codes:
            assert say.has(f"{stored_words.code_words(layer, name)}{code}"), (layer, name, code)


def test_money_is_grouped_and_has_its_currency_and_numbers_have_their_decimals():
    def said(language, name, stored):
        whole = stored_words.value(texts(language), "incidents", name, stored, setting=VIETNAM)
        return whole.replace("\u00a0", " ").replace("\u202f", " ")

    assert [said(x, "damage", 15_000_000) for x in LANGUAGES] == [
        "15.000.000 VND", "15,000,000 VND", "15 000 000 VND"
    ]  # fmt: skip
    assert [said(x, "longitude", 105.75) for x in LANGUAGES] == ["105,75", "105.75", "105,75"]
    assert said("vi", "longitude", 105.7722596) == "105,7722596"
    assert [said(x, "outcome", "fined") for x in LANGUAGES] == [
        "xử phạt hành chính", "fined", "amende"
    ]  # fmt: skip


def test_every_number_day_moment_and_answer_of_the_schema_can_be_written():
    examples = {
        sa.Boolean: True, sa.Date: date(2024, 4, 3),
        tables.Moment: datetime(2024, 4, 3, tzinfo=UTC), sa.Float: 1.5,
        sa.Integer: 1500, sa.BigInteger: 1500,
    }  # fmt: skip
    raw = {"True", "2024-04-03", "2024-04-03 00:00:00+00:00", "1500"}
    for layer, column in COLUMNS:
        if isinstance(column.type, sa.Text):
            continue
        stored = examples[type(column.type)]
        said = stored_words.value(texts("vi"), layer, column.name, stored, setting=VIETNAM)
        assert said not in raw, (layer, column.name)


def test_a_ward_is_named_and_a_code_of_two_wards_stays_a_code():
    say = texts("en")
    both = Setting(wards={**VIETNAM.wards, ("2025", "101"): "Phường Hạc Thành"})

    def said(setting, **row):
        return stored_words.value(say, "incidents", "ward_code", "101", setting=setting, row=row)

    assert said(VIETNAM) == "Phường Đông Thọ"
    assert said(both) == "101"
    assert said(both, division="2025") == "Phường Hạc Thành"
