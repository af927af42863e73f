"""Colours by meaning, light and dark: the same colour always says the same thing.

``.streamlit/config.toml`` gives Streamlit its half of these colours; a test holds them equal.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one mode, each named by what it means.

    Every meaning has a second sign beside its colour (a shape, a dash, a word), so that nothing is
    said by colour alone.

    Parameters
    ----------
    page, panel, line, text, muted
        The page itself: ground, raised ground, thin lines, words, quieter words.
    primary, install, treated
        What one acts on: the main button, a new camera, a place that got one.
    working, degraded, broken
        States of a camera: dot, ring, cross.
    repair, reaim
        What else a plan can do to a camera.
    site, gap
        An extension site (square) and ground that nobody sees (hatch and rank).
    control, displacement
        The lines of a comparison: dashed, dotted.
    fell, rose, unsure
        The three verdicts. A change is coloured only when its interval leaves out "no change".
    ramp
        Five steps from few incidents to many.
    land, outside, river, park, block, building, wall, street, artery, casing, ward,
    label, halo
        The map's ground.
    """

    page: str
    panel: str
    line: str
    text: str
    muted: str
    primary: str
    working: str
    degraded: str
    broken: str
    site: str
    gap: str
    treated: str
    control: str
    displacement: str
    fell: str
    rose: str
    unsure: str
    install: str
    repair: str
    reaim: str
    ramp: tuple[str, str, str, str, str]
    land: str
    outside: str
    river: str
    park: str
    block: str
    building: str
    wall: str
    street: str
    artery: str
    casing: str
    ward: str
    label: str
    halo: str


PALETTES: dict[Mode, Palette] = {
    "light": Palette(
        page="#FFFFFF",
        panel="#F6F7F5",
        line="#DCE0DC",
        text="#111A22",
        muted="#56636E",
        primary="#1C4A7E",
        working="#0F7490",
        degraded="#C68200",
        broken="#B83216",
        site="#111A22",
        gap="#6A3FA0",
        treated="#1C4A7E",
        control="#7F8A94",
        displacement="#C77B30",
        fell="#0F7490",
        rose="#B83216",
        unsure="#6B7680",
        install="#1C4A7E",
        repair="#C68200",
        reaim="#2E9C7C",
        ramp=("#FBEBD3", "#F6CF9D", "#EAA766", "#CF7438", "#96441F"),
        land="#F3F2EC",
        outside="#E9EAE6",
        river="#C9DDE6",
        park="#E3E9DC",
        block="#E4E2D9",
        building="#D8D5C9",
        wall="#C7C3B4",
        street="#FFFFFF",
        artery="#FFFFFF",
        casing="#D3D0C4",
        ward="#8A8F8C",
        label="#3B4650",
        halo="#FFFFFF",
    ),
    "dark": Palette(
        page="#12181E",
        panel="#1A222A",
        line="#313C46",
        text="#E6EBEE",
        muted="#9DABB6",
        primary="#7FB2E5",
        working="#52B8DC",
        degraded="#F5CB5C",
        broken="#F0653F",
        site="#E6EBEE",
        gap="#B795F0",
        treated="#7FB2E5",
        control="#8B97A2",
        displacement="#E9A35B",
        fell="#52B8DC",
        rose="#F0653F",
        unsure="#94A1AC",
        install="#7FB2E5",
        repair="#F5CB5C",
        reaim="#5FD0A0",
        ramp=("#3B2A20", "#64401F", "#9A5F28", "#D08A3E", "#F7C77F"),
        land="#1B232A",
        outside="#12181E",
        river="#20394A",
        park="#1F2B29",
        block="#242E36",
        building="#33414D",
        wall="#43535F",
        street="#303C46",
        artery="#435260",
        casing="#1B232A",
        ward="#6B7986",
        label="#C6D0D8",
        halo="#12181E",
    ),
}


def mode() -> Mode:
    """Tell which half the browser shows; light until it has said."""
    import streamlit as st  # papers take the colours without a page

    return "dark" if st.context.theme.type == "dark" else "light"


def palette() -> Palette:
    """Give the colours of the half that the browser shows."""
    return PALETTES[mode()]


def rgba(colour: str, opacity: float) -> str:
    """Write a colour with an opacity, as CSS and Plotly read it.

    Parameters
    ----------
    colour
        ``#RRGGBB``.
    opacity
        0 (invisible) to 1.

    Examples
    --------
    >>> rgba("#1C4A7E", 0.25)
    'rgba(28,74,126,0.25)'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def ramp_image(mode: Mode) -> str:
    """Draw the five steps from few to many, as the address of a picture for a legend.

    Examples
    --------
    >>> ramp_image("light").startswith("data:image/svg+xml;base64,")
    True
    """
    steps = "".join(
        f"<rect x='{position * 20}' width='20' height='10' fill='{colour}'/>"
        for position, colour in enumerate(PALETTES[mode].ramp)
    )
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' width='100' height='10'>{steps}</svg>"
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
