import base64
import math
import xml.etree.ElementTree as ET

import pytest

from dashboard import glyphs
from dashboard.glyphs import Glyph
from dashboard.theme import PALETTES

SVG = "{http://www.w3.org/2000/svg}"


def drawn(glyph, *, largest=20, mode="light"):
    address = glyphs.interval(glyph, largest=largest, mode=mode)
    kind, picture = address.split(",")
    assert kind == "data:image/svg+xml;base64"
    return ET.fromstring(base64.b64decode(picture))  # noqa: S314  our own drawing


def test_the_scale_runs_from_nought_at_the_left_edge_to_the_largest_at_the_right():
    left, right = glyphs.EDGE_PX, glyphs.WIDTH_PX - glyphs.EDGE_PX
    assert glyphs.place(0, largest=20) == left
    assert glyphs.place(20, largest=20) == right
    assert glyphs.place(10, largest=20) == (left + right) / 2


def test_dot_bar_and_tick_stand_where_their_numbers_are():
    picture = drawn(Glyph(n=15, low=5, high=10, middle=7))
    (bar,) = picture.findall(f"{SVG}rect")
    (tick,) = picture.findall(f"{SVG}path")
    (dot,) = picture.findall(f"{SVG}circle")
    start, end, middle, at = (glyphs.place(n, largest=20) for n in (5, 10, 7, 15))
    assert float(bar.get("x")) == pytest.approx(start, abs=0.05)
    assert float(bar.get("width")) == pytest.approx(end - start, abs=0.1)
    assert tick.get("d").startswith(f"M{middle:.1f} ")
    assert float(dot.get("cx")) == pytest.approx(at, abs=0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("verdict", ["fell", "rose", "unsure"])
def test_the_dot_has_the_colour_of_its_verdict(verdict, mode):
    (dot,) = drawn(Glyph(n=1, verdict=verdict), mode=mode).findall(f"{SVG}circle")
    assert dot.get("fill") == getattr(PALETTES[mode], verdict)


def test_where_nothing_is_usual_only_the_dot_is_drawn():
    picture = drawn(Glyph(n=4, low=math.nan, high=math.nan, middle=math.nan))
    assert [child.tag for child in picture] == [f"{SVG}circle"]


def test_what_lies_beyond_the_scale_stays_inside_the_picture():
    (dot,) = drawn(Glyph(n=999)).findall(f"{SVG}circle")
    assert float(dot.get("cx")) == glyphs.WIDTH_PX - glyphs.EDGE_PX
