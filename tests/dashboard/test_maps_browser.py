"""The map in a real browser: what is drawn, what a click tells, and that nothing gets out."""

import re

import pytest

from dashboard.server import CONTENT_SECURITY_POLICY
from dashboard.theme import PALETTES

pytestmark = pytest.mark.browser

WEST, SOUTH, STEP = 105.76, 19.80, 0.01

# Four square wards, two by two: A is south-west, B north-west, C south-east, D north-east.
PAGE = """
import geopandas as gpd
import pandas as pd
import streamlit as st
from shapely import LineString, Point, box

from dashboard import ground, map_layers, maps

W, S, D = 105.76, 19.80, 0.01
EVIL = "<img src=x onerror=window.top.evil=1><script>window.top.evil=1</script>"


def frame(shapes, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, index=index, crs="EPSG:4326")


def city():
    squares = [box(W + i * D, S + j * D, W + (i + 1) * D, S + (j + 1) * D)
               for i in (0, 1) for j in (0, 1)]
    return maps.City(
        wards=frame(squares, list("ABCD"), name=[EVIL, "Bắc", "Nam", "Đông Thọ"]),
        ground=ground.Frames("drawing", {
            "streets": frame([LineString([(W, S + D / 2), (W + 2 * D, S + D / 2)])],
                             kind=["artery"]),
            "land_cover": frame([box(W, S + D, W + 2 * D, S + 1.1 * D)], kind=["water"]),
            "buildings": frame([box(W + 0.9 * D, S + 0.2 * D, W + 0.91 * D, S + 0.21 * D)]),
        }),
    )


wards = city().wards
st.toggle("filter", key="filter")
chosen = st.query_params.get("ward")
camera = frame([Point(W + D / 2, S + D / 4)], ["cam-1"], state=["working"])
gap = frame([Point(W + D / 2, S + 0.75 * D).buffer(D / 10)], rank=[1])
layers = [
    map_layers.cameras(camera, tips=pd.Series({"cam-1": EVIL})),
    map_layers.gaps(gap),
    map_layers.ward_tips({"C": "Nam: 12"}),
]
if st.session_state["filter"]:
    layers = layers[:1]
view = maps.View.of(chosen or "city", wards.loc[[chosen]] if chosen else wards)
click = maps.render("t", maps.base("test", city), layers, view=view, height=500,
                    words={"map": "Bản đồ", "zoom_in": "Phóng to", "zoom_out": "Thu nhỏ"})
if click:
    st.session_state["n"] = st.session_state.get("n", 0) + 1
    st.session_state["last"] = f"{click.kind} {click.id} {click.longitude:.4f} {click.latitude:.4f}"
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
said = [f"{name}: {st.session_state.get(name)}" for name in ("n", "last", "runs")]
st.text(" ".join(said))
"""


@pytest.fixture(scope="module")
def url(serve_dashboard, tmp_path_factory):
    script = tmp_path_factory.mktemp("page") / "page.py"
    script.write_text(PAGE, encoding="utf-8")
    with serve_dashboard(script.with_name("none.db"), script=script) as address:
        yield address


def at(seen, longitude, latitude):
    """The place of the screen where a place of the world is drawn."""
    point = seen.map_frame().evaluate(
        f"(() => {{ const p = map.latLngToContainerPoint([{latitude}, {longitude}]);"
        " return [p.x, p.y]; })()"
    )
    corner = seen.page.locator("iframe[title*=st_folium]").bounding_box()
    return corner["x"] + point[0], corner["y"] + point[1]


def rgb(css_colour):
    red, green, blue = (int(part) for part in re.findall(r"\d+", css_colour)[:3])
    return f"#{red:02X}{green:02X}{blue:02X}"


def click_at(seen, longitude, latitude, *, wanted):
    seen.page.mouse.click(*at(seen, longitude, latitude))
    seen.page.get_by_text(re.compile(wanted)).wait_for(timeout=10_000)


def test_a_click_on_a_ward_tells_its_code_and_the_place(url, visit):
    seen = visit()
    seen.go(url)
    click_at(seen, WEST + 1.5 * STEP, SOUTH + 0.3 * STEP, wanted="last: ward C 105.77")
    assert "n: 1 " in seen.page.inner_text("[data-testid=stText]")


def test_a_click_on_a_camera_or_a_gap_tells_which_and_not_the_ward_below(url, visit):
    seen = visit()
    seen.go(url)
    click_at(seen, WEST + STEP / 2, SOUTH + STEP / 4, wanted="last: camera cam-1")
    click_at(seen, WEST + STEP / 2, SOUTH + 0.8 * STEP, wanted="last: gap 1 ")


def test_a_click_outside_every_ward_tells_only_the_place(url, visit):
    seen = visit()
    seen.go(url)
    click_at(seen, WEST - STEP / 2, SOUTH + STEP, wanted="last: ground None")


def test_a_click_is_told_once_though_the_page_runs_again(url, visit):
    seen = visit()
    seen.go(url)
    click_at(seen, WEST + 1.5 * STEP, SOUTH + 0.3 * STEP, wanted="n: 1")
    seen.page.get_by_text("filter").click()
    seen.page.wait_for_timeout(800)
    assert "n: 1 " in seen.page.inner_text("[data-testid=stText]")


def test_moving_the_map_does_not_run_the_page(url, visit):
    seen = visit()
    seen.go(url)
    before = seen.page.inner_text("[data-testid=stText]")
    seen.map_frame().evaluate("map.setZoom(15)")
    seen.page.mouse.move(*at(seen, WEST + STEP, SOUTH + STEP))
    seen.page.wait_for_timeout(1_000)
    assert re.search(r"runs: \d+", before)
    assert seen.page.inner_text("[data-testid=stText]") == before


def squares(seen):
    asked = [request.split("/")[-3:] for request in seen.requests if "/map-squares/" in request]
    return [(level, int(column), int(row)) for level, column, row in asked]


def test_only_squares_in_view_are_asked_for_and_each_once(url, visit):
    seen = visit()
    seen.go(url)
    frame = seen.map_frame()
    frame.evaluate("void map.setZoom(14, {animate: false})")
    frame.wait_for_function("map.vl.isWhole")
    shown = "[...map.vl.ground.squares].filter(([, s]) => s.isOn).map(([, s]) => s.level)"
    assert set(frame.evaluate(shown)) == {"near"}  # no buildings of a city
    frame.evaluate(f"void map.setView([{SOUTH + 0.002}, {WEST + 0.009}], 18, {{animate: false}})")
    frame.wait_for_function("map.vl.isWhole")
    # at zoom 18 a square of zoom 15 is 2,048 pixels wide: a view touches at most four
    assert 1 <= frame.evaluate(shown).count("houses") <= 4
    drawn = frame.evaluate(
        "[...map.vl.ground.squares].filter(([, s]) => s.isOn && s.level === 'houses')"
        ".flatMap(([, s]) => s.paths.map((p) => p.path.getLatLngs().length))"
    )
    assert sum(drawn) == 1  # the one house of the drawing
    frame.evaluate("void map.panBy([10, 0], {animate: false})")
    frame.evaluate("void map.panBy([-10, 0], {animate: false})")
    frame.wait_for_function("map.vl.isWhole")
    assert len(set(squares(seen))) == len(squares(seen))


def test_a_square_that_no_map_has_is_not_handed_out(url, visit):
    seen = visit()
    seen.go(url)
    for path in ("map-squares/guessed/far/0/0", "map-squares/guessed/houses/1/99999999"):
        assert seen.page.request.get(f"{url}/{path}").status == 404


def test_names_from_the_data_are_text_and_never_markup(url, visit):
    seen = visit()
    seen.go(url)
    frame = seen.map_frame()
    assert frame.locator(".vl-label", has_text="<img src=x").count() == 1
    seen.page.mouse.move(*at(seen, WEST + STEP / 2, SOUTH + STEP / 4))
    tooltip = frame.locator(".leaflet-tooltip")
    tooltip.wait_for()
    assert tooltip.inner_text().startswith("<img src=x onerror")
    assert frame.locator("img[src=x]").count() == 0
    assert seen.page.evaluate("window.evil") is None


def test_the_words_beside_the_mouse_are_those_of_the_ward_under_it(url, visit):
    seen = visit()
    seen.go(url)
    tooltip = seen.map_frame().locator(".leaflet-tooltip")
    seen.page.mouse.move(*at(seen, WEST + 1.5 * STEP, SOUTH + 0.3 * STEP))
    tooltip.wait_for()
    assert tooltip.inner_text() == "Nam: 12"
    seen.page.mouse.move(*at(seen, WEST + 0.5 * STEP, SOUTH + 1.5 * STEP))
    seen.page.wait_for_timeout(300)
    assert tooltip.inner_text() == "Bắc"


def test_a_filter_keeps_the_zoom_and_another_view_moves_the_map(url, visit):
    seen = visit()
    seen.go(url)
    frame = seen.map_frame()
    city_zoom = frame.evaluate("map.getZoom()")
    seen.page.mouse.move(*at(seen, WEST + STEP, SOUTH + STEP))
    seen.map_frame().locator(".leaflet-control-zoom-in").click()
    chosen = frame.evaluate("map.getZoom()")
    assert chosen > city_zoom
    drawn = "map.vl.gaps.length"
    assert frame.evaluate(drawn) == 1
    seen.page.get_by_text("filter").click()
    frame.wait_for_function(f"{drawn} === 0")
    assert frame.evaluate("map.getZoom()") == chosen
    seen.go(f"{url}?ward=A")
    frame = seen.map_frame()
    west, south, east, north = map(
        float, frame.evaluate("map.getBounds().toBBoxString()").split(",")
    )
    assert west <= WEST
    assert south <= SOUTH
    assert east >= WEST + STEP
    assert north >= SOUTH + STEP
    assert north - south < 2 * STEP  # a ward, not the city


def test_every_mark_is_drawn(url, visit):
    seen = visit()
    seen.go(url)
    frame = seen.map_frame()
    assert frame.evaluate("Object.values(map._layers).filter(l => l._point).length") == 1
    assert frame.locator("svg path[fill='url(#vl-hatch)']").count() == 1
    assert frame.locator("svg #vl-hatch").count() == 1
    assert frame.locator(".vl-number").inner_text() == "1"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_map_follows_the_mode_of_the_browser(url, visit, mode):
    seen = visit(dark=mode == "dark")
    seen.go(url)
    colour = seen.map_frame().evaluate(
        "getComputedStyle(document.querySelector('.leaflet-container')).backgroundColor"
    )
    assert rgb(colour) == PALETTES[mode].outside


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_has_its_look_wherever_it_is_started_from(url, visit, mode):
    seen = visit(dark=mode == "dark")
    seen.go(url)
    ground, letters = seen.page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('[data-testid=stApp]'));"
        " return [s.backgroundColor, s.fontFamily]; })()"
    )
    assert rgb(ground) == PALETTES[mode].page
    assert "Source Sans" in letters


def test_the_controls_speak_the_readers_language(url, visit):
    seen = visit()
    seen.go(url)
    frame = seen.map_frame()
    assert frame.locator(".leaflet-control-zoom-in").get_attribute("aria-label") == "Phóng to"
    assert frame.locator("#map_div").get_attribute("aria-label") == "Bản đồ"


def test_nothing_goes_out_and_nothing_complains(url, visit):
    seen = visit()
    seen.go(url)
    asked = [request for request in seen.requests if "/component/" in request]
    assert any("leaflet.js" in request for request in asked)
    assert any(".woff2" in request for request in seen.requests)
    assert seen.outside_requests() == []
    assert seen.complaints == []


def test_the_browser_itself_refuses_to_fetch_from_elsewhere(url, visit):
    seen = visit()
    response = seen.page.goto(url)
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    refused = seen.page.evaluate(
        "fetch('http://198.51.100.1/').then(() => 'sent', () => 'refused')"
    )
    assert refused == "refused"
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)
    seen.requests.clear()  # Chromium reports the request that the policy stopped
