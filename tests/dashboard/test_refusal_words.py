"""Why a row is refused fits its column, in every language."""

import pytest

from dashboard.importing_page import refusals
from dashboard.texts import LANGUAGES, _catalogue, texts

FITS = 27
"""Letters that the column of reasons holds on a screen 1,024 pixels wide."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_fits_the_column_of_the_grid_and_has_its_whole_sentence(language):
    say = texts(language)
    reasons = [key.partition(".")[2] for key in _catalogue(language) if key.startswith("reason.")]
    assert len(reasons) > 30
    assert [r for r in reasons if len(refusals.brief(say, r)) > FITS] == []
    briefs = [k.partition(".")[2] for k in _catalogue(language) if k.startswith("reason_brief.")]
    assert set(briefs) <= set(reasons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_a_column_is_fits_its_badge(language):
    keys = [k for k in _catalogue(language) if k.startswith("imports.sure_")]
    say = texts(language)
    words = [say(key, share=say.percent(1)) for key in (*keys, "imports.personal_badge")]
    assert [w for w in words if len(w) > 19] == []
