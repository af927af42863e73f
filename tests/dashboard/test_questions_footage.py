"""Who saw it, on a hand-drawn street. Metres from the south-west corner of a square kilometre:

the street runs from (0, 500) to (1000, 500). The place asked about is (550, 500), at noon on
2023-07-01 unless said. E looks east over 90° as far as 100 m from (500, 500): it has the place in
view from 50 m. F, all round as far as 40 m, stands at (800, 500), far from the place and on the
way out: somebody who runs (8 km/h) comes into its view at 760 m, 210 m on. G stands where nobody
comes past. Each test puts up what else it needs.
"""

from datetime import date, datetime, timedelta

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from analysis.errors import InvalidValueError
from dashboard.questions import footage, looks
from data import tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

CORNER, METRIC = (582_000, 2_191_000), "EPSG:5897"
NOON = datetime.fromisoformat("2023-07-01T12:00")
RUN_M_S = 8 / 3.6


def lonlat(east_m, north_m):
    point = gpd.GeoSeries.from_xy([CORNER[0] + east_m], [CORNER[1] + north_m], crs=METRIC)
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def put(store, layer, *rows):
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="drawing")).batch


def shape(drawn):
    return shape_columns(gpd.GeoSeries([drawn], crs=METRIC).translate(*CORNER))[0]


def camera(camera_id, at, **facts):
    told = {"kind": "fixed", "bearing_deg": None, "fov_deg": None, "range_m": 40.0,
            "installed_on": date(2022, 1, 1), "retention_days": 30, **facts}  # fmt: skip
    return {"row_key": camera_id, "camera_id": camera_id, **lonlat(*at), **told}


def state(camera_id, word, first, last=None):
    return {"row_key": f"{camera_id}|{first}", "camera_id": camera_id, "state": word,
            "valid_from": first, "valid_to": last}  # fmt: skip


@pytest.fixture
def bare(tmp_path):
    """One ward of a square kilometre, and nothing in it."""
    properties = StoreProperties(
        city="Drawn", timezone="Asia/Ho_Chi_Minh", metric_crs=METRIC, language="vi"
    )
    store = Store.create(tmp_path / "city.db", properties)
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(division="only", valid_from=date(2020, 1, 1))
        )
    ward = {"row_key": "only|101", "division": "only", "code": "101", "name": "Phường Một",
            "population": 9, "population_source": "made up"}  # fmt: skip
    put(store, "wards", ward | shape(shapely.box(0, 0, 1000, 1000)))
    yield store
    store.close()


@pytest.fixture
def street(bare):
    """The ward with its street and the cameras E, F and G."""
    line = shape(shapely.LineString([(0, 500), (1000, 500)]))
    put(bare, "streets", {"row_key": "1", "kind": "street", "name": "Lê Lợi", **line})
    put(
        bare,
        "cameras",
        camera("E", (500, 500), bearing_deg=90.0, fov_deg=90.0, range_m=100.0),
        camera("F", (800, 500)),
        camera("G", (800, 100)),
    )
    return bare


def asked(**changed):
    told = {**lonlat(550, 500), "starts_at": NOON, "ends_at": NOON, "purpose": "theft",
            "today": date(2023, 7, 10), "minutes": 3.0, "mode": "foot"}  # fmt: skip
    return footage.FootageRequest(**told | changed)


def look(store, **changed):
    request = asked(**changed)
    footage.check(request)
    seeing = looks.answer(store, footage.looks_request(store, request), ground=looks.ground(store))
    return footage.answer(store, request, seeing=seeing, graph=footage.streets(store))


def test_the_camera_that_looks_there_saw_it_and_the_one_down_the_street_was_passed(street):
    found = look(street)
    assert found.direct["camera_id"].tolist() == ["E"]
    row = found.direct.iloc[0]
    assert (row["reason"], row["distance_m"], row["days_down"]) == ("view", 50.0, 0)
    assert row["bearing_deg"] == pytest.approx(90.0, abs=0.1)
    assert row["looks_deg"] == 90.0
    assert found.route["camera_id"].tolist() == ["F"]
    after = (found.route["passes_at"].iloc[0] - NOON).total_seconds()
    assert after == pytest.approx(210 / RUN_M_S, abs=10 / RUN_M_S)  # street points stand 10 m apart
    assert found.n_down == 0
    assert found.has_streets
    assert not found.is_off_street


def test_what_is_asked_for_is_the_time_and_on_the_way_out_also_the_minutes_after(street):
    found = look(street, ends_at=NOON + timedelta(minutes=20))
    direct, route = found.direct.iloc[0], found.route.iloc[0]
    assert (direct["from_at"], direct["until_at"]) == (NOON, NOON + timedelta(minutes=20))
    assert route["from_at"] == NOON + timedelta(minutes=1)  # 94.5 s on, in whole minutes
    assert route["until_at"] == NOON + timedelta(minutes=23)


def test_two_minutes_on_foot_reach_267_m_and_one_minute_no_camera(street):
    assert look(street, minutes=2.0).route["camera_id"].tolist() == ["F"]
    assert look(street, minutes=1.0).route.empty
    assert look(street, minutes=1.0, mode="motorbike").route["camera_id"].tolist() == ["F"]
    assert look(street, minutes=0.0).route.empty


def test_a_wall_between_hides_the_place(street):
    put(street, "buildings", {"row_key": "1", **shape(shapely.box(520, 490, 530, 510))})
    found = look(street)
    assert found.direct.empty
    # E still sees the 20 m of street before the wall, from 510 to 520 m: passed, if one goes west
    assert found.route["camera_id"].tolist() == ["E", "F"]


def test_a_camera_that_was_broken_that_day_is_counted_and_not_listed(street):
    put(street, "camera_states", state("E", "broken", date(2023, 7, 1), date(2023, 7, 1)))
    found = look(street)
    assert found.direct.empty
    assert found.n_down == 1
    assert look(street, starts_at=NOON - timedelta(days=1), ends_at=NOON).direct[
        ["camera_id", "days_down"]
    ].to_numpy().tolist() == [["E", 1]]
    day_before = NOON - timedelta(days=1)
    assert len(look(street, starts_at=day_before, ends_at=day_before).direct) == 1


def test_a_camera_that_worked_badly_is_listed_as_such(street):
    put(street, "camera_states", state("E", "degraded", date(2023, 6, 1)))
    assert look(street).direct["is_worn"].tolist() == [True]


def test_a_camera_installed_the_day_after_saw_nothing(street):
    late = camera("L", (560, 500), installed_on=date(2023, 7, 2))
    put(street, "cameras", late)
    assert look(street).direct["camera_id"].tolist() == ["E"]
    next_day = NOON + timedelta(days=1)
    later = look(street, starts_at=next_day, ends_at=next_day)
    assert later.direct["camera_id"].tolist() == ["L", "E"]  # the nearer sees it better
    both = look(street, ends_at=next_day).direct.set_index("camera_id")
    assert both["days_down"].to_dict() == {"L": 1, "E": 0}  # it may have seen the second day


@pytest.mark.parametrize(
    ("today", "word"),
    [
        (date(2023, 8, 1), "gone"),  # kept until 31 July: overwritten yesterday
        (date(2023, 7, 31), "soon"),
        (date(2023, 7, 28), "soon"),
        (date(2023, 7, 27), "kept"),
    ],
)
def test_the_recording_is_overwritten_thirty_days_after(street, today, word):
    row = look(street, today=today).direct.iloc[0]
    assert (row["overwritten_on"], row["keeping"]) == (date(2023, 7, 31), word)


@pytest.mark.parametrize(
    ("today", "day", "word"),
    [
        (date(2023, 7, 27), date(2023, 7, 31), "kept"),  # what is before midnight goes first
        (date(2023, 7, 31), date(2023, 7, 31), "soon"),
        (date(2023, 8, 1), date(2023, 8, 1), "soon"),  # what is after midnight is still there
        (date(2023, 8, 2), date(2023, 8, 1), "gone"),
    ],
    ids=["whole", "last day", "half gone", "gone"],
)
def test_a_recording_over_midnight_is_overwritten_in_two_parts(street, today, day, word):
    late = NOON + timedelta(hours=11, minutes=50)
    model = {"row_key": "M", "model_id": "M", "fov_deg": 360.0, "detect_m": 80.0, "lamp_m": 80.0}
    put(street, "camera_models", model)
    put(street, "cameras", camera("N", (550, 530), range_m=None, model_id="M", fov_deg=360.0))
    found = look(street, starts_at=late, ends_at=late + timedelta(minutes=20), today=today)
    row = found.direct.set_index("camera_id").loc["N"]
    assert (row["overwritten_on"], row["keeping"]) == (day, word)


def test_nobody_knows_how_long_a_camera_of_unknown_retention_keeps(street):
    put(street, "cameras", camera("U", (550, 520), retention_days=None))
    rows = look(street).direct.set_index("camera_id")
    assert rows.loc["U", "keeping"] == "unknown"
    assert rows.loc["U", "overwritten_on"] is None


def test_a_turning_camera_may_have_looked_and_comes_after_those_that_did(street):
    turning = camera("P", (560, 520), kind="ptz", bearing_deg=0.0, fov_deg=60.0, range_m=60.0)
    put(street, "cameras", turning)
    found = look(street).direct
    assert found[["camera_id", "reason"]].to_numpy().tolist() == [["E", "view"], ["P", "tour"]]


def test_by_night_a_camera_sees_as_far_as_its_lamp(street):
    model = {"row_key": "M", "model_id": "M", "fov_deg": 360.0, "detect_m": 80.0, "lamp_m": 20.0}
    put(street, "camera_models", model)
    lamp = camera("N", (550, 530), range_m=None, model_id="M", fov_deg=360.0)
    put(street, "cameras", lamp)
    by_day = look(street)
    assert not by_day.is_night
    assert "N" in by_day.direct["camera_id"].tolist()  # 30 m away
    night = NOON + timedelta(hours=10)
    by_night = look(street, starts_at=night, ends_at=night)
    assert by_night.is_night
    assert "N" not in by_night.direct["camera_id"].tolist()


def test_without_streets_only_direct_views_are_told_and_it_says_so(bare):
    put(bare, "cameras", camera("E", (530, 500)), camera("F", (800, 500)))
    found = look(bare)
    assert found.direct["camera_id"].tolist() == ["E"]
    assert found.route.empty
    assert not found.has_streets


def test_a_place_on_no_street_has_direct_views_only_and_it_says_so(street):
    put(street, "cameras", camera("H", (550, 900)))
    found = look(street, **lonlat(560, 900))  # 400 m from the street
    assert found.direct["camera_id"].tolist() == ["H"]
    assert found.route.empty
    assert found.is_off_street


def test_with_no_camera_or_outside_the_city_there_is_no_answer(bare):
    with pytest.raises(footage.NoCamerasError):
        look(bare)
    put(bare, "cameras", camera("E", (530, 500)))
    with pytest.raises(footage.OutsideCityError):
        look(bare, **lonlat(-10, 500))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"purpose": "  "}, footage.NoPurposeError),
        ({"starts_at": NOON + timedelta(days=10), "ends_at": NOON + timedelta(days=10)},
         footage.FutureFootageError),
        ({"starts_at": NOON + timedelta(days=9), "ends_at": NOON + timedelta(days=10)},
         footage.FutureFootageError),
        ({"ends_at": NOON - timedelta(minutes=1)}, footage.BadIntervalError),
        ({"ends_at": NOON + timedelta(days=4)}, footage.BadIntervalError),
        ({"minutes": -1.0}, InvalidValueError),
        ({"minutes": float("nan")}, InvalidValueError),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_before_anything_is_computed(changed, error):
    with pytest.raises(error):
        footage.check(asked(**changed))


def test_each_question_is_in_the_audit_with_its_purpose_and_who_asked(street):
    footage.record(street, asked(purpose=" theft of a bicycle "), actor="Lan")
    with street.read() as connection:
        last = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc()).limit(1)
        ).one()
    assert (last.action, last.actor) == ("shortlist", "Lan")
    assert last.subject["purpose"] == "theft of a bicycle"
    assert last.subject["starts_at"] == NOON.isoformat()


def test_the_audit_keeps_a_purpose_without_whom_it_concerns(street):
    told = "mất xe của ông Nguyễn Văn An, đt 0912 345 678"
    footage.record(street, asked(purpose=told), actor="Lan")
    with street.read() as connection:
        subjects = connection.scalars(sa.select(tables.audit.c.subject)).all()
    assert [row["purpose"] for row in subjects if "purpose" in row] == [
        "mất xe của ông [•], đt [•]"
    ]


def test_the_json_ranks_all_cameras_and_keeps_its_keys(street):
    told = footage.as_json(look(street))
    assert [(row["rank"], row["camera_id"], row["reason"]) for row in told["cameras"]] == [
        (1, "E", "view"), (2, "F", "route"),
    ]  # fmt: skip
    assert {"level", "distance_m", "overwritten_on"} <= set(told["cameras"][0])
