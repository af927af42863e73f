"""Every browser file of the map, from packages on this machine and from nowhere else.

Streamlit's own server hands out the folder of a declared component. The map's frame lives at
``/component/streamlit_folium.st_folium/index.html``, so a relative address reaches the other
folders under any base path. Streamlit-folium carries the frame that passes clicks and layers
between Leaflet and Python; folium itself, whose pages load from outside, draws nothing here.

The Content-Security-Policy of ``dashboard.server`` is the guarantee; this module is why it holds.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit_folium
from streamlit.components import v1

from analysis.errors import VongLauError
from dashboard.tiles import SQUARES

FOLDERS: dict[str, Path] = {
    "leaflet": Path(str(resources.files("xstatic.pkg.leaflet"))) / "data",
    "map": Path(__file__).parent / "assets",
}
"""Where the files of each package stand on disk."""

for _name, _folder in FOLDERS.items():
    v1.declare_component(f"asset_{_name}", path=str(_folder))


class UnknownAssetError(VongLauError, LookupError):
    """A browser file that no installed package has."""

    code = "unknown_asset"


def asset(package: str, file: str) -> str:
    """Give the address of a browser file, as the map's frame reaches it.

    Raises
    ------
    UnknownAssetError
        No package of that name, or it has no such file: the address of another machine, for one.

    Examples
    --------
    >>> asset("leaflet", "leaflet.js")
    '../dashboard.offline.asset_leaflet/leaflet.js'
    >>> asset("leaflet", "https://cdn.example/leaflet.js")
    Traceback (most recent call last):
    ...
    dashboard.offline.UnknownAssetError: unknown_asset: {...}
    """
    folder = FOLDERS.get(package)
    if folder is None or not _is_inside(folder, folder / file):
        raise UnknownAssetError(package=package, file=file)
    return f"../{__name__}.asset_{package}/{file}"


def font() -> str:
    """Give the address of Streamlit's own text font, as the map's frame reaches it.

    Raises
    ------
    UnknownAssetError
        This Streamlit has no such font.

    Examples
    --------
    >>> font().startswith("../../static/media/SourceSans")
    True
    """
    media = Path(st.__file__).parent / "static" / "static" / "media"
    found = sorted(media.glob("SourceSansVF-Upright*.woff2"))
    if not found:
        raise UnknownAssetError(package="streamlit", file="SourceSansVF-Upright*.woff2")
    return f"../../static/media/{found[0].name}"


def squares(name: str) -> str:
    """Give the address of a published ground's squares, as the map's frame reaches it.

    Examples
    --------
    >>> squares("f00")
    '../../map-squares/f00'
    """
    return f"../../{SQUARES}/{name}"


def show_frame(*, script: str, layers: str, key: str, height: int) -> dict[str, Any] | None:
    """Put the map's frame on the page, with files of this machine alone.

    Parameters
    ----------
    script
        JavaScript that makes the map, as ``map_div``. A frame with the same key runs it once.
    layers
        JavaScript that draws what changes, run whenever it is another text.
    key
        Names the frame. Another key makes another frame.
    height
        Pixels.

    Returns
    -------
    dict or None
        What the script last handed to ``Streamlit.setComponentValue``.
    """
    value = streamlit_folium._component_func(
        script=script,
        header="",
        html="",
        id="map_div",
        key=key,
        height=height,
        width=None,
        # nothing of its own: the script sends clicks itself, and only those rerun the page
        returned_objects=[],
        default={},
        zoom=None,
        center=None,
        feature_group=layers,
        return_on_hover=False,
        layer_control="",
        pixelated=False,
        js_links=[
            asset("leaflet", "leaflet.js"),
            asset("map", "tiles.js"),
            asset("map", "map.js"),
        ],
        css_links=[asset("leaflet", "leaflet.css"), asset("map", "map.css")],
        wrap_longitude=False,
    )
    return value or None


def _is_inside(folder: Path, file: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())
