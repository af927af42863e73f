from data import inventory
from data.rows import Source, write_batch


def _camera(name, **more):
    return {"row_key": name, "camera_id": name, "longitude": 105.78, "latitude": 19.8, **more}


def test_only_cameras_that_look_one_way_lack_a_bearing(city):
    rows = [
        _camera("unknown"),
        _camera("fixed", kind="fixed", fov_deg=90.0),
        _camera("turns", kind="ptz", fov_deg=58.0),  # drawn as seeing nothing, not as a disc
        _camera("fisheye", kind="fisheye", fov_deg=360.0),  # sees all round
        _camera("known", kind="fixed", fov_deg=90.0, bearing_deg=0.0),
    ]
    with city.begin(actor="me") as transaction:
        write_batch(transaction, "cameras", rows, source=Source(file_name="made by hand"))
    found = {each.code: each for each in inventory.shortfalls(city)}
    assert found["cameras_without_bearing"].n == 2
