"""The Plan page in a real browser: a plan for the demo city, and a choice clicked on the map."""

import pytest
from playwright.sync_api import expect

from dashboard.texts import Texts

SAY = Texts("en")
WAIT_MS = 240_000


def click_choice(seen, rank):
    """Click where the map shows the choice of this rank."""
    x, y = seen.map_frame().evaluate(
        f"(() => {{ const c = map.vl.choices.find(c => c.id === '{rank}');"
        " const p = map.latLngToContainerPoint(c.at); return [p.x, p.y]; })()"
    )
    corner = seen.page.locator("iframe[title*=st_folium]").bounding_box()
    seen.page.mouse.click(corner["x"] + x, corner["y"] + y)


@pytest.mark.browser
def test_a_plan_is_made_and_a_choice_clicked_on_the_map_is_looked_at_and_explained(
    demo_address, visit
):
    seen = visit()
    seen.go(f"{demo_address}/ke-hoach?lang=en&count=12")
    page = seen.page
    page.get_by_role("button", name=SAY("plan_page.go"), exact=True).click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=WAIT_MS)
    frame = seen.map_frame()
    frame.wait_for_function("map.vl.choices.length === 12", timeout=WAIT_MS)
    shapes = frame.evaluate("document.querySelectorAll('.vl-choice').length")
    assert shapes == 12
    click_choice(seen, 1)  # the best lies on top of all others
    expect(page.get_by_text(SAY("plan_page.pick_one"))).not_to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("newly sees")).to_be_visible(timeout=WAIT_MS)
    frame = seen.map_frame()
    frame.wait_for_function("document.querySelectorAll('.vl-choice.is-picked').length === 1")
    assert frame.evaluate("document.querySelector('.vl-choice.is-picked').textContent") == "1"
    frame.wait_for_function(  # the map has gone there: a few hundred metres wide
        "map.distance(map.getBounds().getNorthWest(), map.getBounds().getNorthEast()) < 3000"
    )
    assert frame.evaluate("map.getBounds().contains(map.vl.choices.find(c => c.id === '1').at)")
    assert page.locator("[data-testid=stException]").count() == 0
