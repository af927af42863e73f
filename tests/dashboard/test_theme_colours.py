import math

import pytest

from dashboard.logo import LOGO, logo_svg
from dashboard.server import settings
from dashboard.theme import PALETTES, rgba

MODES = ("light", "dark")

# Streamlit's name of a colour → ours, by meaning.
SHARED = {
    "primaryColor": "primary",
    "backgroundColor": "page",
    "secondaryBackgroundColor": "panel",
    "textColor": "text",
    "borderColor": "line",
    "dataframeHeaderTextColor": "muted",
    "greenColor": "working",
    "orangeColor": "degraded",
    "redColor": "broken",
    "blueColor": "install",
    "violetColor": "gap",
    "grayColor": "control",
    "linkColor": "primary",
}


def luminance(colour: str) -> float:
    """The formula of WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula_gives_the_published_extremes():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("theirs", "ours"), SHARED.items())
def test_streamlit_and_the_palette_agree(mode, theirs, ours):
    assert settings()[f"theme.{mode}.{theirs}"] == getattr(PALETTES[mode], ours)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["page", "panel"])
@pytest.mark.parametrize("ink", ["text", "muted", "primary"])
def test_words_can_be_read_on_every_ground(mode, ground, ink):
    colours = PALETTES[mode]
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("mark", ["working", "degraded", "broken", "gap", "install", "reaim"])
def test_marks_stand_out_from_the_ground_of_the_page(mode, mark):
    wanted = 3 if mark != "degraded" or mode == "dark" else 2.9  # a ring, and a word beside it
    assert contrast(getattr(PALETTES[mode], mark), PALETTES[mode].page) >= wanted


@pytest.mark.parametrize("mode", MODES)
def test_more_incidents_are_always_further_from_the_ground(mode):
    distances = [contrast(step, PALETTES[mode].land) for step in PALETTES[mode].ramp]
    assert distances == sorted(distances)
    assert len(set(distances)) == 5


@pytest.mark.parametrize("mode", MODES)
def test_badges_can_be_read(mode):
    look = settings()
    for name in ("green", "orange", "red", "blue", "violet", "gray"):
        ink, ground = (look[f"theme.{mode}.{name}{part}Color"] for part in ("Text", "Background"))
        assert contrast(ink, ground) >= 4.5, name


def test_the_logo_is_drawn_in_the_light_colours_and_follows_the_mode():
    light, dark = PALETTES["light"], PALETTES["dark"]
    assert {light.primary, light.text} <= {
        word for word in LOGO.read_text(encoding="utf-8").split('"') if word.startswith("#")
    }
    assert logo_svg("light") == LOGO.read_text(encoding="utf-8")
    assert dark.primary in logo_svg("dark")
    assert light.primary not in logo_svg("dark")


def test_an_opacity_keeps_the_colour():
    assert rgba("#FF8000", 0.5) == "rgba(255,128,0,0.5)"
    assert math.isclose(float(rgba("#000000", 0.13).rstrip(")").split(",")[-1]), 0.13)
