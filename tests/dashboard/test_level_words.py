import pytest

from dashboard.level_words import level_assumptions, level_sentence
from dashboard.texts import Texts


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize("level", ["plate_car", "plate_motorbike"])
def test_a_number_plate_is_never_called_a_level_of_the_standard(level, language):
    said = level_sentence(Texts(language), level, edition="plates")
    assert "62676" not in said
    assert Texts(language)(f"level.{level}") in said


@pytest.mark.parametrize(("level", "edition"), [("detect", "2014"), ("validate", "2025")])
def test_a_level_is_named_with_its_edition(level, edition):
    (said,) = level_assumptions(Texts("en"), level, edition=edition)
    assert said == f"level: {Texts('en')(f'level.{level}')} (IEC 62676-4:{edition})"


def test_a_level_of_one_source_only_is_said_not_to_be_confirmed():
    texts = Texts("en")
    assert level_assumptions(texts, "discern", edition="2025")[1:] == [
        texts("coverage.assume_unconfirmed", level=texts("level.discern"))
    ]


def test_a_line_of_its_own_begins_with_a_capital_and_ends_with_a_stop():
    said = level_sentence(Texts("en"), "observe", edition="2014")
    assert said == "Level: Observe clothing (IEC 62676-4:2014)."
