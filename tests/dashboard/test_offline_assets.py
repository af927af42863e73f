import re

import pytest

from dashboard import offline
from dashboard.offline import FOLDERS, UnknownAssetError, asset, font


def shown(monkeypatch, **overrides):
    """What the frame is handed when a map is shown."""
    handed = {}
    monkeypatch.setattr(
        offline.streamlit_folium, "_component_func", lambda **given: handed.update(given)
    )
    offline.show_frame(**{"script": "a", "layers": "b", "key": "k", "height": 400, **overrides})
    return handed


def test_every_link_of_the_map_is_a_file_on_this_machine(monkeypatch):
    handed = shown(monkeypatch)
    links = handed["js_links"] + handed["css_links"]
    assert len(links) == 5
    for link in links:
        package, file = re.fullmatch(r"\.\./dashboard\.offline\.asset_(\w+)/(.+)", link).groups()
        assert (FOLDERS[package] / file).is_file()


def test_folium_adds_nothing_of_its_own(monkeypatch):
    handed = shown(monkeypatch)
    assert handed["header"] == ""
    assert handed["html"] == ""
    assert "http" not in str(handed)


@pytest.mark.parametrize(
    ("package", "file"),
    [
        ("leaflet", "no_such_file.js"),
        ("leaflet", "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js"),
        ("leaflet", "../__init__.py"),
        ("leaflet", "/etc/passwd"),
        ("leaflet", ""),
        ("d3", "d3.min.js"),
    ],
)
def test_a_file_that_no_package_has_is_refused(package, file):
    with pytest.raises(UnknownAssetError):
        asset(package, file)


def test_streamlits_own_font_is_found():
    assert re.fullmatch(r"\.\./\.\./static/media/SourceSansVF-Upright[\w.-]*\.woff2", font())


def test_our_own_files_name_no_other_machine():
    for file in FOLDERS["map"].iterdir():
        text = file.read_text(encoding="utf-8")
        addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text))
        assert addresses <= {"http://www.w3.org"}, file.name  # the name of the SVG language
