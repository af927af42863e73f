"""The name and the tower beside it.

The letters of ``logo.svg`` are outlines (of Source Serif, SIL Open Font License): a browser shows a
logo as a picture, which the fonts of the page do not reach.
"""

from __future__ import annotations

from pathlib import Path

from dashboard import theme

LOGO = Path(__file__).parent / "logo.svg"
"""The logo as drawn, in the light colours."""


def logo_svg(mode: theme.Mode | None = None) -> str:
    """Give the logo as SVG in the colours of a mode; what the browser shows when left out.

    Examples
    --------
    >>> "#7FB2E5" in logo_svg("dark"), "#7FB2E5" in logo_svg("light")
    (True, False)
    """
    drawn_in, shown_in = theme.PALETTES["light"], theme.PALETTES[mode or theme.mode()]
    drawing = LOGO.read_text(encoding="utf-8")
    return drawing.replace(drawn_in.primary, shown_in.primary).replace(drawn_in.text, shown_in.text)
