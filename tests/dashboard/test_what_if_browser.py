"""What-if with a real browser: a place from the map into the form, a try, a wedge on the map."""

from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.questions import coverage, looks, what_if
from dashboard.texts import Texts
from data import layers

AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
DAY = date(2024, 12, 31)
SAY = Texts("en")
WEDGES = (  # shapes on the map of under 200 m that begin at or around a place
    "Object.values(map._layers).filter(l => l instanceof L.Polygon"
    " && l.getBounds().pad(0.5).contains(PLACE)"
    " && map.distance(l.getBounds().getSouthWest(), l.getBounds().getNorthEast()) < 200).length"
)


def rest(page):
    page.wait_for_timeout(600)
    page.wait_for_selector(AT_REST, timeout=60_000)


def click_map(seen, point):
    x, y = seen.map_frame().evaluate(
        f"(() => {{ const p = map.latLngToContainerPoint([{point.y}, {point.x}]);"
        " return [p.x, p.y]; })()"
    )
    corner = seen.page.locator("iframe[title*=st_folium]").bounding_box()
    seen.page.mouse.click(corner["x"] + x, corner["y"] + y)
    rest(seen.page)


def number(seen, name):
    return seen.page.get_by_role("spinbutton", name=SAY(name), exact=True)


def spot(store):
    """A place in a ward, away from its cameras: what one clicks there is the ward."""
    metric = store.properties.metric_crs
    wards = layers.read_wards(store, division=layers.division_on(store, DAY)).to_crs(metric)
    cameras = layers.read_cameras(store, on=DAY).to_crs(metric)
    sites = layers.read_points(store, "sites").to_crs(metric)
    taken = cameras.buffer(250).union_all().union(sites.buffer(250).union_all())
    free = wards.difference(taken).buffer(-100)
    widest = free.area.idxmax()
    return free.loc[[widest]].representative_point().to_crs("EPSG:4326").iloc[0]


@pytest.mark.browser
def test_a_click_takes_the_place_a_try_shows_the_exact_change_and_the_wedge_is_on_the_map(
    demo_address, visit, demo_store
):
    place = spot(demo_store)
    seen = visit()
    seen.go(f"{demo_address}/do-phu?lang=en&panel=what_if")
    around = f"[{place.y}, {place.x}]"
    wedges = WEDGES.replace("PLACE", around)
    assert seen.map_frame().evaluate(wedges) == 0
    click_map(seen, place)
    latitude, longitude = (
        float(number(seen, f"scene.{field}").input_value()) for field in ("latitude", "longitude")
    )
    assert latitude == pytest.approx(place.y, abs=1e-3)
    assert longitude == pytest.approx(place.x, abs=1e-3)
    seen.page.get_by_role("button", name=SAY("what_if.try")).click()
    rest(seen.page)
    standing = coverage.stand(
        demo_store, coverage.CoverageRequest(on=DAY), ground=looks.ground(demo_store)
    )
    edit = what_if.Edit(kind="add", camera_id="N", longitude=longitude, latitude=latitude,
                        bearing_deg=0, fov_deg=90, range_m=60)  # fmt: skip
    expected = what_if.answer(standing, [edit]).total_change
    area = SAY("what_if.area", area=SAY.signed(float(expected["covered_area_m2"])))
    expect(seen.page.get_by_text(area)).to_be_visible(timeout=30_000)
    seen.map_frame().wait_for_function(f"({wedges}) === 1", timeout=60_000)
    seen.page.get_by_role("button", name=SAY("what_if.clear"), exact=True).click()
    rest(seen.page)
    expect(seen.page.get_by_text(SAY("what_if.hint"))).to_be_visible(timeout=30_000)
    seen.map_frame().wait_for_function(f"({wedges}) === 0", timeout=60_000)
    assert seen.page.locator("[data-testid=stException]").count() == 0


@pytest.mark.browser
def test_swapped_coordinates_are_refused_in_a_sentence_and_nothing_is_tried(demo_address, visit):
    seen = visit()
    seen.go(f"{demo_address}/do-phu?lang=en&panel=what_if")
    number(seen, "scene.latitude").fill("105.776")
    number(seen, "scene.longitude").fill("19.806")
    number(seen, "scene.longitude").press("Tab")
    rest(seen.page)
    seen.page.get_by_role("button", name=SAY("what_if.try")).click()
    rest(seen.page)
    warning = seen.page.locator("[data-testid=stAlert]")
    expect(warning).to_be_visible(timeout=20_000)
    assert "105.776" in warning.inner_text()
    assert seen.page.locator("[data-testid=stException]").count() == 0
    expect(seen.page.get_by_text(SAY("what_if.hint"))).to_be_visible()
