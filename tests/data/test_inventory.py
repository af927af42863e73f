from datetime import date

from analysis import optics
from dashboard.questions import coverage, holdings
from dashboard.questions.coverage import CoverageRequest
from data import inventory
from data.rows import Source, write_batch

TODAY = date(2025, 6, 30)


def _camera(name, **more):
    return {"row_key": name, "camera_id": name, "longitude": 105.7866, "latitude": 19.8082, **more}


def _write(store, layer, rows):
    with store.begin(actor="me") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="made by hand"))


def _found(store):
    return {each.code: each for each in inventory.shortfalls(store, today=TODAY)}


def test_only_cameras_that_look_one_way_lack_a_bearing(city):
    rows = [
        _camera("unknown"),
        _camera("fixed", kind="fixed", fov_deg=90.0),
        _camera("without a field of view", kind="fixed", bearing_deg=90.0),
        _camera("turns", kind="ptz", fov_deg=58.0),  # drawn as seeing nothing, not as a disc
        _camera("fisheye", kind="fisheye", fov_deg=360.0),  # sees all round
        _camera("known", kind="fixed", fov_deg=90.0, bearing_deg=0.0),
    ]
    _write(city, "cameras", rows)
    lacking = _found(city)["cameras_without_bearing"]
    assert (lacking.n, lacking.n_rows) == (3, 6)


def test_a_field_of_view_that_the_model_tells_is_not_lacking(city):
    _write(city, "camera_models", [{"row_key": "M", "model_id": "M", "fov_deg": 90.0}])
    _write(city, "cameras", [_camera("C", kind="fixed", bearing_deg=0.0, model_id="M")])
    assert "cameras_without_bearing" not in _found(city)


def test_the_data_page_and_the_foot_of_coverage_count_the_same_cameras(city):
    """Nine cameras: two lack a bearing or a field of view, three a range; three are out of it."""
    known = {"kind": "fixed", "fov_deg": 90.0, "bearing_deg": 0.0, "range_m": 50.0}
    _write(city, "cameras", [
        _camera("sound", **known),
        _camera("no bearing", **known | {"bearing_deg": None}),
        _camera("no field of view", **known | {"fov_deg": None}),
        *(_camera(f"no range {n}", **known | {"range_m": None}) for n in range(3)),
        _camera("broken", **known | {"bearing_deg": None}),
        _camera("gone", **known | {"bearing_deg": None}, removed_on=date(2024, 1, 1)),
        _camera("to come", **known | {"range_m": None}, installed_on=date(2025, 7, 1)),
    ])  # fmt: skip
    _write(city, "camera_states", [{"row_key": "b", "camera_id": "broken", "state": "broken",
                                    "valid_from": date(2025, 1, 1)}])  # fmt: skip
    found = _found(city)
    drawn = coverage.answer(city, CoverageRequest(on=TODAY, level=optics.RANGE_LEVEL)).doubts
    assert found["cameras_without_bearing"].n == drawn.n_all_round == 2
    assert found["cameras_without_range"].n == drawn.n_without_range == 3
    assert found["cameras_without_range"].n_rows == 6
    assert holdings.answer(city, today=TODAY).shortfalls == tuple(found.values())
