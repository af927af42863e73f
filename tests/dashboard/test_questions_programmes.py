import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa
from scipy import stats

from analysis.errors import InvalidValueError
from dashboard.patrol_words import BadPatrolHoursError, parse_hours, write_hours
from dashboard.questions import audit, footage, footage_funnel, gates, looks, patrols, programmes
from dashboard.questions.city import UnknownChoiceError
from data import layers, tables
from data.rows import Source, write_batch

ON = date(2024, 12, 31)
MONDAY = (2023, 7, 3)
SATURDAY = (2023, 7, 8)


def _lonlat(east_m, north_m):
    spot = gpd.GeoSeries([shapely.Point(582_000 + east_m, 2_191_000 + north_m)], crs="EPSG:5897")
    moved = spot.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def _local(day, hour, minute=0):
    """A moment of the drawn city's clock, seven hours ahead of UTC."""
    moment = datetime(*day, hour, minute, tzinfo=UTC)
    return datetime.fromtimestamp(moment.timestamp() - 7 * 3600, UTC)


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def _accident(case, at, place, until=None):
    return {
        "row_key": f"|{case}", "source": "", "case_id": case, "category": "road_accident",
        "starts_at": at, "ends_at": until or at, "time_is_known": until is None, **place,
        "location_quality": "exact" if place else "ward", "division": "only", "ward_code": "101",
    }  # fmt: skip


@pytest.fixture
def school_city(drawn_city):
    """The drawn city with a gate in W1's view and one far from every camera."""
    _put(drawn_city, "programmes", [
        {"row_key": "M1", "programme_id": "M1", "name": "Gate one", "kind": "school_gate",
         "division": "only", "ward_code": "101", "started_on": date(2023, 1, 1)},
        {"row_key": "M2", "programme_id": "M2", "name": "Ended", "kind": "mediation",
         "division": "only", "ward_code": "101", "started_on": date(2022, 1, 1),
         "ended_on": date(2023, 2, 1)},
    ])  # fmt: skip
    hours = {"opens_at": "06:45", "closes_at": "16:30", "ward_code": "101"}
    _put(drawn_city, "schools", [
        {"row_key": "G1", "school_id": "G1", "name": "Seen", **_lonlat(550, 500), **hours,
         "programme_id": "M1"},
        {"row_key": "G2", "school_id": "G2", "name": "Unseen", **_lonlat(200, 200), **hours},
    ])  # fmt: skip
    near, far = _lonlat(560, 500), _lonlat(900, 900)
    _put(drawn_city, "incidents", [
        _accident("in", _local(MONDAY, 6, 50), near),
        _accident("out", _local(MONDAY, 12), near),
        _accident("saturday", _local(SATURDAY, 6, 50), near),
        _accident("far", _local(MONDAY, 6, 50), far),
        _accident("nowhere", _local(MONDAY, 6, 50), {}),
        _accident("anytime", _local(MONDAY, 6), near, until=_local(MONDAY, 9)),
    ])  # fmt: skip
    return drawn_city


def _gates(store, **options):
    request = gates.GatesRequest(on=date(2023, 7, 31), months=1, **options)
    return gates.answer(store, request, ground=looks.ground(store))


def test_a_gate_is_seen_where_a_working_camera_looks(school_city):
    found = _gates(school_city).gates
    assert found["is_seen"].to_dict() == {"G1": True, "G2": False}
    assert found["has_model"].to_dict() == {"G1": True, "G2": False}


def test_accidents_count_for_the_nearest_gate_on_school_days_in_and_out_of_its_hours(school_city):
    found = _gates(school_city)
    assert found.gates.loc["G1", ["n_in", "n_out"]].tolist() == [1, 1]
    assert found.gates.loc["G2", ["n_in", "n_out"]].tolist() == [0, 0]
    assert found.groups.loc["elsewhere", ["n_in", "n_out"]].tolist() == [1, 0]
    assert found.n_left_out == 2


def test_the_rate_is_of_gate_hours_and_its_interval_exact(school_city):
    found = _gates(school_city)
    row = found.groups.loc["near"]
    assert found.n_days == 21  # July 2023 begins on a Saturday
    assert row["rate_in"] == pytest.approx(1000 / (21 * 2 * 2))  # two gates, two hours a day each
    assert row["rate_out"] == pytest.approx(1000 / (21 * 2 * 22))
    assert row["ratio"] == pytest.approx(11)
    half = stats.binomtest(1, 2).proportion_ci(method="exact")
    assert row["low"] == pytest.approx(half.low / (1 - half.low) * 11)
    assert row["high"] == pytest.approx(half.high / (1 - half.high) * 11)


def test_a_wider_circle_takes_the_far_accident_in(school_city):
    assert _gates(school_city, radius_m=1000).groups.loc["near", "n_in"] == 2


def test_a_gate_of_no_metres_is_refused(school_city):
    with pytest.raises(InvalidValueError):
        _gates(school_city, radius_m=0)


def test_at_midsummer_no_gate_is_dark_at_its_hours_and_at_four_all_are(school_city):
    assert not _gates(school_city).gates["is_dark"].any()
    assert _gates(school_city, minutes=165).gates["is_dark"].all()  # from 04:00


def test_a_city_without_schools_has_no_gates(drawn_city):
    found = _gates(drawn_city)
    assert found.gates.empty
    assert found.groups["n_in"].sum() == 0


def test_patrol_hours_meet_what_happens_in_them(school_city):
    request = patrols.PatrolsRequest(
        on=date(2023, 7, 31), months=1, windows=((6.0, 7.0),), categories=("road_accident",)
    )
    found = patrols.answer(school_city, request)
    # four at ten to seven, one at noon, and a third of the one between six and nine
    assert found.within.n == 6
    assert found.within.share == pytest.approx((4 + 1 / 3) / 6)
    assert found.by_hour[12] == pytest.approx(1)
    assert found.n_spread == 1


@pytest.mark.parametrize("words", ["", "16:00", "25:00-26:00", "16:70-18:00", "9-9", "noon"])
def test_words_that_are_no_hours_are_refused(words):
    with pytest.raises(BadPatrolHoursError):
        parse_hours(words)


def test_hours_written_are_read_back():
    assert parse_hours(write_hours(parse_hours("16h-20h30, 22:00-03:15"))) == (
        (16.0, 20.5), (22.0, 3.25),
    )  # fmt: skip


def test_a_programme_that_ended_is_counted_apart(school_city):
    found = programmes.answer(school_city, programmes.ProgrammesRequest(on=date(2023, 7, 31)))
    assert list(found.table.index) == ["M1"]
    assert found.n_ended == 1
    assert found.table.loc["M1", ["n_gates", "n_cameras", "n_tips"]].tolist() == [1, 0, 0]


def test_a_ward_that_is_not_there_is_refused(school_city):
    with pytest.raises(UnknownChoiceError):
        programmes.answer(
            school_city,
            programmes.ProgrammesRequest(on=date(2023, 7, 31), ward_codes=("999",)),
        )


def test_the_demo_has_the_published_programmes_and_tips(demo_store):
    found = programmes.answer(demo_store, programmes.ProgrammesRequest(on=ON))
    assert found.kinds["n_programmes"].sum() == len(found.table) == 66
    assert found.kinds.loc["camera", "n_programmes"] == 34
    assert found.kinds.loc["school_gate", ["n_programmes", "n_wards"]].tolist() == [14, 14]
    assert found.tips[["n_tips", "n_usable"]].tolist() == [32, 12]
    assert found.tips_by_hour["n_tips"].sum() == found.tips_by_place["n_tips"].sum() == 32


def test_the_demo_has_the_published_requests_and_cases(demo_store):
    found = footage_funnel.answer(demo_store, footage_funnel.FunnelRequest(on=ON))
    assert found.total["n_requests"] > 1000
    cleared = layers.read_register(demo_store, "footage_requests")
    cleared = cleared[cleared["is_clarified"].fillna(value=False).astype(bool)]
    cases = cleared[cleared["requested_at"].dt.year == 2024]["case_id"].nunique()
    assert cases == 152
    assert found.total["n_clarified"] == 152


def test_what_programmes_report_adds_up_to_the_registers(demo_store):
    found = programmes.answer(demo_store, programmes.ProgrammesRequest(on=ON))
    cameras = layers.read_cameras(demo_store, on=ON)
    schools = layers.read_register(demo_store, "schools")
    assert found.table["n_cameras"].sum() == cameras["programme_id"].notna().sum()
    assert found.table["n_gates"].sum() == schools["programme_id"].notna().sum()


def _search(store):
    request = footage.FootageRequest(
        longitude=105.78, latitude=19.8, starts_at=datetime.fromisoformat("2023-07-01T12:00"),
        ends_at=datetime.fromisoformat("2023-07-01T13:00"), purpose="Trộm xe máy",
        today=ON, minutes=0, mode="foot",
    )  # fmt: skip
    footage.record(store, request, actor="an")


def test_the_audit_tells_who_searched_and_why_but_never_where(drawn_city):
    _search(drawn_city)
    told = audit.answer(drawn_city, audit.AuditRequest(actors=("an",)))
    assert told.entries["action"].tolist() == ["shortlist"]
    assert told.entries["subject"].tolist() == [{"purpose": "Trộm xe máy"}]


def test_what_no_one_named_stays_out_of_the_audit(drawn_city):
    with drawn_city.begin(actor="an") as transaction:
        transaction.record("export", layer="cameras", reporter="Nguyễn Văn A", phone="0912")
    assert "0912" not in json.dumps(str(audit.as_json(audit.answer(
        drawn_city, audit.AuditRequest()))))  # fmt: skip


def test_the_audit_is_filtered_by_day_person_and_action(drawn_city):
    _search(drawn_city)
    everything = audit.answer(drawn_city, audit.AuditRequest())
    with drawn_city.read() as connection:
        n = connection.scalar(sa.select(sa.func.count()).select_from(tables.audit))
    assert everything.n_found == len(everything.entries) == n
    assert list(everything.entries.index) == sorted(everything.entries.index, reverse=True)
    assert audit.answer(drawn_city, audit.AuditRequest(until=date(2020, 1, 1))).entries.empty
    assert audit.answer(drawn_city, audit.AuditRequest(actors=("nobody",))).n_found == 0
    only = audit.answer(drawn_city, audit.AuditRequest(actions=("shortlist",)))
    assert only.n_found == 1


def test_the_newest_come_first_and_the_rest_is_counted(drawn_city):
    found = audit.answer(drawn_city, audit.AuditRequest(most=1))
    assert len(found.entries) == 1
    assert found.n_found > 1
