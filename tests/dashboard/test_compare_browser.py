"""What only a browser shows of the Compare page: the plans' places on the map, and the sheet."""

import shutil
from datetime import date

import pytest

from data import layers, scenarios
from data.store import Store

DAY = date(2024, 12, 31)


@pytest.fixture
def two_plans(demo_store, tmp_path):
    """A copy of the demo city with two plans of the repair of a camera and the same install."""
    path = tmp_path / "demo.db"
    demo_store.engine.dispose()
    shutil.copy(demo_store.location, path)
    store = Store.open(path)
    cameras = layers.read_cameras(store, on=DAY)
    broken = cameras[cameras["state"] == "broken"].iloc[:2]
    site = layers.read_sites(store).iloc[0]
    blank = {"site_id": None, "camera_id": None, "model": None, "bearing_deg": None, "cost": None,
             "fov_deg": None, "range_m": None, "ward": None, "ward_code": None}  # fmt: skip
    new = blank | {"rank": 1, "kind": "install", "site_id": site["site_id"], "model": "VL-4-4",
                   "bearing_deg": 90.0, "longitude": site["longitude"],
                   "latitude": site["latitude"]}  # fmt: skip
    for plan, camera in zip("AB", broken.to_dict("records"), strict=True):
        own = {name: camera[name] for name in ("camera_id", "longitude", "latitude")}
        repair = blank | {"rank": 2, "kind": "repair", **own}
        result = {"status": "feasible", "objective": "most", "value": None, "bound": None,
                  "gap_share": None, "cost": None, "choices": [new, repair]}  # fmt: skip
        request = {"on": DAY.isoformat(), "count": 2}
        scenarios.save(store, plan, request=request, result=result, actor="Lan")
    store.close()
    return path


@pytest.mark.browser
def test_both_plans_are_on_the_map_and_a_sheet_is_taken_along(
    two_plans, serve_dashboard, visit, tmp_path
):
    with serve_dashboard(two_plans) as url:
        seen = visit()
        seen.go(f"{url}/so-sanh?lang=en")
        frame = seen.map_frame()
        assert sorted(frame.evaluate("window.map.vl.choices.map(c => c.id)")) == ["A2", "AB", "B2"]
        seen.page.get_by_text("Saved plans").click()
        with seen.page.expect_download(timeout=180_000) as download:
            seen.page.get_by_text("Field sheet (PDF)").click()
        path = tmp_path / "sheet.pdf"
        download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
