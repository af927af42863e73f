from datetime import UTC, date, datetime

import pytest
from small_city import put_wards

from data import layers
from data.rows import Source, undo_batch, write_batch
from data.store import Store, StoreProperties

FILE = Source(file_name="made by hand")


def _write(store, layer, *rows):
    with store.begin(actor="me") as transaction:
        return write_batch(transaction, layer, rows, source=FILE).batch


def _camera(name, **more):
    return {"row_key": name, "camera_id": name, "longitude": 105.78, "latitude": 19.8, **more}


def _state(name, state, since, until=None):
    return {
        "row_key": f"{name}|{since}", "camera_id": name, "state": state,
        "valid_from": since, "valid_to": until,
    }  # fmt: skip


def _incident(key, starts_at, **more):
    return {
        "row_key": key, "source": "101", "category": "theft", "starts_at": starts_at,
        "ends_at": starts_at, "time_is_known": True, "location_quality": "ward",
        "division": "2024", "ward_code": "101", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2023-12-31", "working"),  # nothing known yet
        ("2024-01-01", "broken"),
        ("2024-01-31", "broken"),  # the last day of the period
        ("2024-02-01", "working"),
        ("2024-03-01", "offline"),
        ("2030-01-01", "offline"),  # no end
    ],
)
def test_a_camera_has_the_state_of_the_day_asked_for(city, day, state):
    _write(city, "cameras", _camera("C1"))
    _write(
        city, "camera_states",
        _state("C1", "broken", date(2024, 1, 1), date(2024, 1, 31)),
        _state("C1", "offline", date(2024, 3, 1)),
    )  # fmt: skip
    cameras = layers.read_cameras(city, on=date.fromisoformat(day))
    assert cameras["state"].to_dict() == {"C1": state}


def test_a_camera_carries_the_fault_and_the_price_of_its_repair_while_they_last(city):
    _write(city, "cameras", _camera("C1"), _camera("C2"))
    broken = _state("C1", "broken", date(2024, 1, 1), date(2024, 1, 31))
    _write(city, "camera_states", broken | {"fault": "power", "repair_cost": 1_200_000})
    during = layers.read_cameras(city, on=date(2024, 1, 31)).loc["C1"]
    assert (during["fault"], during["repair_cost"]) == ("power", 1_200_000)
    assert during["state_since"] == date(2024, 1, 1)
    after = layers.read_cameras(city, on=date(2024, 2, 1))
    assert after[["fault", "repair_cost", "state_since"]].isna().all(axis=None)


def test_a_register_gives_its_moments_in_the_time_of_the_city(city):
    tip = {"row_key": "T1", "tip_id": "T1", "received_at": datetime(2024, 1, 1, 20, tzinfo=UTC)}
    _write(city, "tips", tip)
    (received,) = layers.read_register(city, "tips")["received_at"]
    assert received.isoformat() == "2024-01-02T03:00:00+07:00"
    assert layers.read_register(city, "programmes").empty


def test_of_two_periods_that_overlap_the_later_one_counts(city):
    _write(city, "cameras", _camera("C1"))
    _write(
        city, "camera_states",
        _state("C1", "offline", date(2024, 3, 1)), _state("C1", "working", date(2024, 1, 1)),
    )  # fmt: skip
    on = {
        d: layers.read_cameras(city, on=d)["state"]["C1"]
        for d in (date(2024, 2, 1), date(2025, 1, 1))
    }
    assert list(on.values()) == ["working", "offline"]


def test_a_camera_stands_from_its_installation_until_the_day_before_its_removal(city):
    _write(
        city, "cameras",
        _camera("C1", installed_on=date(2024, 1, 10), removed_on=date(2024, 2, 10)), _camera("C2"),
    )  # fmt: skip
    standing = {
        day: list(layers.read_cameras(city, on=date(2024, *day)).index)
        for day in ((1, 9), (1, 10), (2, 9), (2, 10))
    }
    assert standing == {
        (1, 9): ["C2"], (1, 10): ["C1", "C2"], (2, 9): ["C1", "C2"], (2, 10): ["C2"],
    }  # fmt: skip


def test_the_division_in_force_on_a_day_is_the_newest_that_has_begun(city):
    new = put_wards(city, {"102": "Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1))
    days = (date(1999, 12, 31), date(2000, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert [layers.division_on(city, day) for day in days] == [None, "2024", "2024", "2025"]
    with city.begin(actor="me") as transaction:
        undo_batch(transaction, new)
    assert layers.division_on(city, date(2025, 7, 1)) == "2024"  # its wards are gone


def test_a_division_is_not_in_force_after_its_last_day(tmp_path):
    store = Store.create(
        tmp_path / "a.db",
        StoreProperties(
            city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    put_wards(
        store, {"1": "A"}, division="old", valid_from=date(2020, 1, 1), valid_to=date(2024, 12, 31)
    )
    assert layers.division_on(store, date(2024, 12, 31)) == "old"
    assert layers.division_on(store, date(2025, 1, 1)) is None


def test_the_same_code_means_another_ward_in_another_division(city):
    put_wards(city, {"102": "Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1))
    assert layers.read_wards(city, division="2024").loc["102", "name"] == "Phường Hàm Rồng"
    assert layers.read_wards(city, division="2025").loc["102", "name"] == "Hạc Thành"


def test_wards_keep_their_area_of_one_square_kilometre(city):
    wards = layers.read_wards(city, division="2024").to_crs("EPSG:5897")
    assert list(wards.index) == ["101", "102", "103"]
    assert wards.area.to_numpy() == pytest.approx(
        [1e6] * 3, rel=1e-4
    )  # 7 decimals are a centimetre


def test_a_period_takes_in_its_first_and_last_day_in_local_time(city):
    # 17:00 UTC is midnight in Vietnam
    _write(
        city, "incidents",
        _incident("a", datetime(2024, 12, 31, 16, 59, 59, tzinfo=UTC)),
        _incident("b", datetime(2024, 12, 31, 17, 0, tzinfo=UTC)),
        _incident("c", datetime(2025, 1, 31, 16, 59, 59, tzinfo=UTC)),
        _incident("d", datetime(2025, 1, 31, 17, 0, tzinfo=UTC)),
    )  # fmt: skip
    found = layers.read_incidents(city, since=date(2025, 1, 1), until=date(2025, 1, 31))
    assert found["starts_at"].dt.strftime("%d %H:%M:%S").tolist() == ["01 00:00:00", "31 23:59:59"]
    assert found["happened_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-01", "2025-01-31"]


def test_incidents_are_narrowed_by_type_and_ward(city):
    noon = datetime(2025, 1, 1, 5, tzinfo=UTC)
    _write(
        city, "incidents",
        _incident("a", noon), _incident("b", noon, category="robbery"),
        _incident("c", noon, ward_code="102", longitude=105.78, latitude=19.8),
    )  # fmt: skip
    assert len(layers.read_incidents(city)) == 3
    assert len(layers.read_incidents(city, categories=["theft"])) == 2
    only = layers.read_incidents(city, categories=["theft"], ward_codes=["102"])
    assert (only.geometry.iloc[0].x, only.geometry.iloc[0].y) == (105.78, 19.8)


@pytest.mark.parametrize(
    "read",
    [
        layers.read_incidents,
        lambda store: layers.read_cameras(store, on=date(2025, 1, 1)),
        layers.read_sites,
        lambda store: layers.read_wards(store, division=None),
        lambda store: layers.read_shapes(store, "streets"),
    ],
    ids=["incidents", "cameras", "sites", "wards", "streets"],
)
def test_an_empty_store_gives_empty_layers_with_a_system(tmp_path, read):
    frame = read(
        Store.create(
            tmp_path / "a.db",
            StoreProperties(
                city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
            ),
        )
    )
    assert len(frame) == 0
    assert frame.crs == "EPSG:4326"
