from datetime import date

import pytest
from playwright.sync_api import expect

from dashboard.app import GROUPS, PAGES
from dashboard.texts import Texts
from data import layers

HARMLESS = "404"  # Streamlit asks for its own health check beside a page's address
DAY = date(2024, 12, 31)
TOOLBARS = "() => [...document.querySelectorAll('.stDataFrame [data-testid=stElementToolbar]')]"
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"


def _at_rest(page, element):
    """Give where an element stands once it has stopped moving."""
    box = None
    for _ in range(60):
        before, box = box, element.bounding_box()
        if box is not None and box == before:
            return box
        page.wait_for_timeout(500)
    pytest.fail("the page does not come to rest")


@pytest.mark.browser
def test_every_page_opens_by_a_click_and_asks_nothing_of_another_machine(demo_address, visit):
    say = Texts("vi")
    seen = visit()
    seen.go(f"{demo_address}/?lang=vi")
    toolbars = []
    for name, _, path in PAGES[1:] + PAGES[:1]:
        group = next(group for group, names in GROUPS.items() if name in names)
        if group:
            menus = seen.page.locator("[data-testid=stTopNavSection][aria-expanded=false]")
            seen.page.keyboard.press("Escape")  # the menu of the page before may still be open
            menus.filter(has_text=say(group)).first.click(timeout=30_000)
        before = seen.page.locator("h1").first.inner_text()
        role = "menuitem" if group else "link"
        seen.page.get_by_role(role, name=say(f"{name}.title")).first.click(timeout=30_000)
        end = "" if name == "overview" else path
        seen.page.wait_for_function(
            f"location.pathname.replaceAll('/', '') === '{end}'", timeout=60_000
        )
        seen.page.wait_for_function(
            "before => ![before, undefined].includes(document.querySelector('h1')?.innerText)",
            arg=before,
            timeout=60_000,
        )
        seen.page.wait_for_selector(AT_REST, timeout=60_000)
        seen.page.wait_for_timeout(300)  # a map that is drawn may run the page once more
        seen.page.wait_for_selector(AT_REST, timeout=60_000)
        broken = seen.page.locator("[data-testid=stException]").all_inner_texts()
        assert broken == [], name
        assert seen.page.locator("[data-testid=stAlertContentError]").count() == 0, name
        toolbars += seen.page.evaluate(f"{TOOLBARS}.map(e => getComputedStyle(e).display)")
    assert set(toolbars) == {"none"}  # a table's own download writes formulas as they came
    assert len(seen.requests) > 20  # the browser really talked to this machine
    assert [text for text in seen.complaints if HARMLESS not in text] == []


@pytest.mark.browser
def test_a_planner_finds_the_worst_gap_by_a_click(demo_address, visit):
    seen = visit()
    seen.go(f"{demo_address}/do-phu?lang=en")
    box = _at_rest(seen.page, seen.page.locator("[data-testid=stDataFrame]").first)
    seen.page.mouse.click(box["x"] + 18, box["y"] + 52)  # the first row's tick box
    seen.page.wait_for_function("location.search.includes('ward=')", timeout=60_000)
    seen.page.wait_for_selector(AT_REST, timeout=60_000)
    lead = seen.page.locator("h2").first.inner_text()
    assert "of the streets" in lead
    assert not lead.startswith("Whole city")


@pytest.mark.browser
def test_a_click_on_the_map_goes_to_that_ward(demo_address, visit, demo_store):
    wards = layers.read_wards(demo_store, division=layers.division_on(demo_store, DAY))
    name, centre = wards.iloc[0]["name"], wards.geometry.iloc[0].representative_point()
    seen = visit()
    seen.go(f"{demo_address}/ban-do?lang=en")
    x, y = seen.map_frame().evaluate(
        f"(() => {{ const p = map.latLngToContainerPoint([{centre.y}, {centre.x}]);"
        " return [p.x, p.y]; })()"
    )
    corner = seen.page.locator("iframe[title*=st_folium]").bounding_box()
    seen.page.mouse.click(corner["x"] + x, corner["y"] + y)
    seen.page.wait_for_function("location.search.includes('ward=')", timeout=60_000)
    seen.page.wait_for_selector(AT_REST, timeout=60_000)
    assert seen.page.locator("h2").first.inner_text().startswith(name)


@pytest.mark.browser
def test_a_choice_stays_and_changes_its_words_with_the_language(demo_address, visit):
    seen = visit()
    seen.go(f"{demo_address}/thang?lang=vi&month=2024-03&rows=wards")
    page = seen.page
    for language in ("en", "fr", "vi"):
        page.get_by_role("radio", name=language.upper(), exact=True).click()
        say = Texts(language)
        shown = say("common.month", month=say.month(date(2024, 3, 1)))
        box = page.locator("[data-testid=stSelectbox] input").first
        expect(box).to_have_value(shown, timeout=20_000)
        page.wait_for_selector(AT_REST, timeout=60_000)
        chosen = page.get_by_role("radio", name=say("month.rows_wards"), exact=True)
        assert chosen.get_attribute("aria-checked") == "true"
        assert "month=2024-03" in page.url
        assert "rows=wards" in page.url
