"""Small drawings for the cells of a table: an interval, its middle, and the count beside it.

A table's image column takes addresses of pictures; these hold the whole picture (``data:`` URIs),
so that nothing is fetched.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass

from dashboard.theme import PALETTES, Mode

WIDTH_PX = 176
HEIGHT_PX = 26
EDGE_PX = 8


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """One cell's drawing.

    Parameters
    ----------
    n
        The count: the dot.
    low, high
        Ends of what is usual: the grey bar; NaN where nothing tells what is usual.
    middle
        What is usual: the tick; NaN as well.
    verdict
        fell, rose or unsure: the dot's colour.
    """

    n: float
    low: float = math.nan
    high: float = math.nan
    middle: float = math.nan
    verdict: str = "unsure"


def interval(glyph: Glyph, *, largest: float, mode: Mode) -> str:
    """Draw a count over its usual range, on a scale from nought that all rows share.

    Parameters
    ----------
    glyph
        What to draw.
    largest
        What stands at the right end of the scale; what lies beyond is drawn at the edge.
    mode
        Light or dark.

    Returns
    -------
    str
        A ``data:`` address of an SVG.

    Examples
    --------
    >>> interval(Glyph(n=3), largest=10, mode="light")[:26]
    'data:image/svg+xml;base64,'
    """
    colours = PALETTES[mode]
    dot = {"fell": colours.fell, "rose": colours.rose}.get(glyph.verdict, colours.unsure)
    parts = []
    if not math.isnan(glyph.low):
        left, right = place(glyph.low, largest=largest), place(glyph.high, largest=largest)
        parts.append(
            f"<rect x='{left:.1f}' y='8' width='{max(right - left, 2):.1f}' height='10' rx='2'"
            f" fill='{colours.control}' fill-opacity='.26'/>"
        )
    if not math.isnan(glyph.middle):
        parts.append(
            f"<path d='M{place(glyph.middle, largest=largest):.1f} 6v14'"
            f" stroke='{colours.control}' stroke-width='2'/>"
        )
    parts.append(
        f"<circle cx='{place(glyph.n, largest=largest):.1f}' cy='13' r='5.5' fill='{dot}'"
        f" stroke='{colours.page}' stroke-width='1.5'/>"
    )
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH_PX}' height='{HEIGHT_PX}'"
        f" viewBox='0 0 {WIDTH_PX} {HEIGHT_PX}'>{''.join(parts)}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def place(value: float, *, largest: float) -> float:
    """Tell where a value stands, in pixels from the left; never outside the drawing.

    Examples
    --------
    >>> place(0, largest=10), place(5, largest=10), place(99, largest=10)
    (8.0, 88.0, 168.0)
    """
    share = min(max(value / largest, 0.0), 1.0) if largest > 0 else 0.0
    return EDGE_PX + share * (WIDTH_PX - 2 * EDGE_PX)
