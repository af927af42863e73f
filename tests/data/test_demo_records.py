"""Programmes, tips, requests, equipment and places of two demo cities, from their stored rows."""

import json
from datetime import date, time, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import columns
from data import demo, divisions, layers

CRS = "EPSG:5897"
LAST_DAY = date(2024, 12, 31)
WORKS = {"working", "degraded"}


class Records:
    """What one store holds, read once; points in EPSG:5897."""

    def __init__(self, store):
        self.store = store
        self.wards = layers.read_wards(store, division="2021").to_crs(CRS)
        self.cameras = layers.read_camera_register(store).to_crs(CRS)
        self.incidents = layers.read_incidents(store).to_crs(CRS)
        self.sites = layers.read_sites(store).to_crs(CRS)
        self.schools = layers.read_points(store, "schools").to_crs(CRS)
        self.places = layers.read_points(store, "places").to_crs(CRS)
        self.zones = layers.read_shapes(store, "zones").to_crs(CRS)
        self.streets = layers.read_shapes(store, "streets").to_crs(CRS)
        self.cover = layers.read_shapes(store, "land_cover").to_crs(CRS)
        self.models = layers.read_register(store, "camera_models").set_index("model_id")
        self.states = layers.read_register(store, "camera_states")
        self.programmes = layers.read_register(store, "programmes").set_index("programme_id")
        self.tips = _located(layers.read_register(store, "tips"))
        self.requests = _located(layers.read_register(store, "footage_requests"))
        self.truth = json.loads(demo.truth_path(store.location).read_text(encoding="utf-8"))

        names = ["state", "valid_from", "valid_to"]
        self.history = {
            camera: own[names].to_numpy().tolist()
            for camera, own in self.states.groupby("camera_id")
        }

    def is_working(self, camera_id, day):
        """Whether a camera stood and worked on a day, looked up in its periods."""
        return any(
            state in WORKS and first <= day and (pd.isna(last) or day <= last)
            for state, first, last in self.history[camera_id]
        )


def _located(register):
    points = gpd.points_from_xy(register["longitude"], register["latitude"], crs="EPSG:4326")
    frame = gpd.GeoDataFrame(register, geometry=points).to_crs(CRS)
    frame.loc[register["longitude"].isna(), "geometry"] = None
    return frame


@pytest.fixture(
    scope="module",
    params=["demo_store", "other_demo_store"],
    ids=["the usual seed", "seed 7"],
)
def records(request):
    return Records(request.getfixturevalue(request.param))


def per_year(moments):
    return moments.dt.year.value_counts().to_dict()


# -- the published totals ------------------------------------------------------------------------


def test_there_are_over_nineteen_hundred_devices_and_287_sites(records):
    devices = records.cameras["device_id"].fillna(records.cameras["camera_id"])
    assert 1900 < devices.nunique() < len(records.cameras) < 1950
    assert len(records.sites) == 287


def test_there_are_66_models_of_which_34_have_cameras_and_14_a_school_gate(records):
    kinds = records.programmes["kind"].value_counts()
    assert (kinds.sum(), kinds["camera"], kinds["school_gate"]) == (66, 34, 14)
    assert set(kinds.index) == set(columns.PROGRAMME_KINDS)
    by_kind = records.programmes.groupby("kind")["ward_code"]
    assert (by_kind.nunique() == kinds.sort_index()).all()  # never two of a kind in a ward
    cameras = records.programmes[records.programmes["kind"] == "camera"]
    assert set(cameras["ward_code"]) == set(records.wards.index)


def test_32_tips_came_in_2024_of_which_12_were_usable_and_none_before(records):
    assert per_year(records.tips["received_at"]) == {2024: 32}
    assert records.tips["is_usable"].astype(bool).sum() == 12


def test_footage_was_asked_for_over_a_thousand_times_in_2024_and_clarified_152_cases(records):
    asked = per_year(records.requests["requested_at"])
    assert asked[2022] < asked[2023] < asked[2024]
    assert 1000 < asked[2024] < 1100
    clarified = records.requests[records.requests["is_clarified"].fillna(value=False).astype(bool)]
    in_2024 = clarified["requested_at"].dt.year == 2024
    assert clarified.loc[in_2024, "case_id"].nunique() == 152
    helped = records.incidents[records.incidents["is_camera_used"].astype(bool)]
    assert set(clarified["case_id"]) == set(helped["case_id"])
    assert (helped["reported_at"].dt.year == 2024).sum() == 152


def test_the_truth_file_counts_what_the_store_holds(records):
    totals = records.truth["totals"]
    assert totals["cameras"]["views"] == len(records.cameras) == records.truth["n_cameras"]
    assert totals["programmes"] == records.programmes["kind"].value_counts().to_dict()
    requests = records.requests
    years = {str(year): n for year, n in per_year(requests["requested_at"]).items()}
    assert totals["requests"] == years
    assert totals["answers"] == requests["answer"].fillna("open").value_counts().to_dict()
    assert (totals["tips"], totals["usable_tips"]) == ({"2024": 32}, {"2024": 12})
    assert totals["clarified_cases"]["2024"] == 152


# -- what refers to what -------------------------------------------------------------------------


def test_every_camera_is_of_a_model_and_belongs_to_its_ward_s_programme(records):
    cameras, programmes = records.cameras, records.programmes
    assert cameras["model_id"].isin(records.models.index).all()
    own = programmes.loc[cameras["programme_id"]]
    assert (own["kind"] == "camera").all()
    assert (own["ward_code"].to_numpy() == cameras["ward_code"].to_numpy()).all()
    assert (own["started_on"].to_numpy() <= cameras["installed_on"].to_numpy()).all()


def test_schools_of_the_fourteen_wards_belong_to_their_gate_model_and_no_others(records):
    gates = records.programmes[records.programmes["kind"] == "school_gate"]
    schools = records.schools
    model_of = dict(zip(gates["ward_code"], gates.index, strict=True))
    expected = schools["ward_code"].map(model_of)
    assert (schools["programme_id"].fillna("") == expected.fillna("")).all()
    assert schools["programme_id"].nunique() == 14


def test_requests_and_tips_name_cases_cameras_and_wards_that_exist(records):
    incidents = records.incidents.set_index("case_id")
    requests, tips = records.requests, records.tips
    own = incidents.loc[requests["case_id"]]
    for name in ("category", "starts_at", "ends_at", "ward_code", "source", "division"):
        assert (own[name].to_numpy() == requests[name].to_numpy()).all(), name
    asked = requests["camera_ids"].str.split("; ").explode()
    assert asked.isin(records.cameras.index).all()
    assert tips["case_id"].dropna().isin(incidents.index).all()
    watch = records.programmes.loc[tips["programme_id"]]
    assert (watch["kind"] == "street_watch").all()
    assert (watch["ward_code"].to_numpy() == tips["ward_code"].to_numpy()).all()
    assert (watch["started_on"].to_numpy() <= tips["received_at"].dt.date.to_numpy()).all()


def test_every_point_lies_in_the_ward_that_its_row_names(records):
    for name in ("cameras", "sites", "schools", "tips", "requests"):
        frame = getattr(records, name)
        located = frame[frame.geometry.notna()]
        wards = records.wards.geometry.loc[located["ward_code"]].set_axis(located.index)
        assert (located.distance(wards) < 0.05).all(), name  # a centimetre of rounding
        assert len(located) > 0.5 * len(frame)


# -- requests ------------------------------------------------------------------------------------


def test_an_answer_is_broken_just_where_no_camera_asked_worked_on_the_days_of_the_case(records):
    answered = records.requests[records.requests["answer"].notna()]
    for case in answered.itertuples():
        worked = any(
            records.is_working(camera, day)
            for camera in case.camera_ids.split("; ")
            for day in (case.starts_at.date(), case.ends_at.date())
        )
        assert worked == (case.answer != "broken"), case.request_id
    assert (answered["answer"] == "broken").any()


def test_a_recording_is_overwritten_only_after_every_retention_and_then_it_is_never_found(records):
    kept = records.cameras["retention_days"].astype(float)
    n_gone = 0
    for case in records.requests[records.requests["answer"].notna()].itertuples():
        days = (case.requested_at - case.starts_at) / pd.Timedelta(days=1)
        retention = kept[case.camera_ids.split("; ")]
        if case.answer == "overwritten":
            n_gone += 1
            assert (days > retention).all(), case.request_id
        since_end = (case.requested_at - case.ends_at) / pd.Timedelta(days=1)
        if (since_end > retention).all():
            assert case.answer in {"overwritten", "broken"}, case.request_id
    assert n_gone > 20


def test_footage_is_found_on_cameras_that_were_asked_worked_and_still_had_it(records):
    requests = records.requests
    found = requests["answer"].isin(["found", "partly"])
    assert (requests["found_on"].notna() == found).all()
    kept = records.cameras["retention_days"].astype(float)
    for case in requests[found].itertuples():
        cameras = case.found_on.split("; ")
        assert set(cameras) <= set(case.camera_ids.split("; "))
        since_end = (case.requested_at - case.ends_at) / pd.Timedelta(days=1)
        assert not (since_end > kept[cameras]).any(), case.request_id
        for camera in cameras:
            assert records.is_working(camera, case.starts_at.date()), case.request_id


def test_cameras_that_were_asked_stood_on_that_day_and_are_near_or_the_nearest(records):
    incidents = records.incidents.set_index("case_id").geometry
    cameras = records.cameras
    xy = np.column_stack([cameras.geometry.x, cameras.geometry.y])
    row = {camera: k for k, camera in enumerate(cameras.index)}
    for case in records.requests.itertuples():
        place = incidents[case.case_id]
        away = np.hypot(*(xy - [place.x, place.y]).T)
        stood = (cameras["installed_on"] <= case.starts_at.date()).to_numpy()
        asked = [row[camera] for camera in case.camera_ids.split("; ")]
        assert stood[asked].all(), case.request_id
        assert (away[asked] <= max(151, away[stood].min() + 0.1)).all(), case.request_id


def test_requests_follow_the_report_and_are_answered_by_the_last_day_or_open(records):
    requests = records.requests
    reported = records.incidents.set_index("case_id")["reported_at"].loc[requests["case_id"]]
    assert (requests["requested_at"].to_numpy() >= reported.to_numpy()).all()
    is_open = requests["answer"].isna()
    assert (requests["answered_on"].isna() == is_open).all()
    answered = requests[~is_open]
    assert (answered["answered_on"] >= answered["requested_at"].dt.date).all()
    assert (answered["answered_on"] <= LAST_DAY).all()
    assert set(answered["answer"]) == set(columns.REQUEST_ANSWERS)
    clarified = requests["is_clarified"].fillna(value=False).astype(bool)
    assert requests.loc[clarified, "answer"].isin(["found", "partly"]).all()
    assert requests["request_id"].is_unique


# -- tips ----------------------------------------------------------------------------------------


def test_tips_come_from_the_night_shift_and_those_that_clarified_a_case_came_during_it(records):
    tips = records.tips
    assert set(tips["received_from"]) == {"street_cleaner"}
    hour = tips["received_at"].dt.hour
    assert ((hour >= 20) | (hour <= 5)).all()
    assert tips.loc[~tips["is_usable"].astype(bool), "outcome"].isin(["none", "patrol"]).all()
    usable = tips.loc[tips["is_usable"].astype(bool), "outcome"]
    assert set(usable) == {"patrol", "stopped", "clarified"}
    solved = tips[tips["outcome"] == "clarified"]
    assert (tips["case_id"].notna() == (tips["outcome"] == "clarified")).all()
    cases = records.incidents.set_index("case_id").loc[solved["case_id"]]
    assert cases["is_cleared"].astype(bool).all()
    wait = solved["received_at"].to_numpy() - cases["starts_at"].to_numpy()
    assert (wait >= pd.Timedelta(0)).all()
    assert (wait <= pd.Timedelta(minutes=40)).all()
    called_from = gpd.GeoSeries(solved.geometry.to_numpy(), crs=CRS)
    at = gpd.GeoSeries(cases.geometry.to_numpy(), crs=CRS)
    assert (called_from.distance(at).dropna() < 1).all()


# -- equipment -----------------------------------------------------------------------------------


def test_prices_of_cameras_follow_their_model_and_a_device_is_paid_once(records):
    cameras = records.cameras
    device = cameras["device_id"].fillna(cameras["camera_id"])
    bill = cameras["cost"].groupby(device).agg(lambda own: own.sum(skipna=False)).dropna()
    price = records.models["cost"].loc[cameras.groupby(device)["model_id"].first()[bill.index]]
    ratio = bill.to_numpy(dtype=float) / price.to_numpy(dtype=float)
    assert ((ratio > 0.9) & (ratio < 1.12)).all()
    assert records.models["cost"].between(8e6, 60e6).all()


def test_views_of_one_device_hang_on_one_pole_and_share_its_history(records):
    shared = records.cameras[records.cameras["device_id"].notna()]
    assert (shared["kind"] == "multi").all()
    assert (shared.groupby("device_id").size() >= 2).all()
    first = shared.groupby("device_id").transform("first")
    for name in ("longitude", "latitude", "installed_on", "height_m"):
        assert (first[name] == shared[name]).all(), name
    assert shared.groupby("device_id")["bearing_deg"].agg(np.ptp).min() > 0
    said = ["state", "valid_from", "valid_to", "fault"]
    periods = records.states.set_index("camera_id")[said].fillna("")
    for views in shared.groupby("device_id").groups.values():
        first, *others = (periods.loc[[view]].to_numpy().tolist() for view in views)
        assert all(other == first for other in others)


def test_recorders_keep_a_week_a_fortnight_a_month_or_nobody_knows(records):
    kept = records.cameras["retention_days"]
    assert set(kept.dropna().astype(int)) == {7, 15, 30}
    assert 0.02 < kept.isna().mean() < 0.25
    errors = records.cameras["bearing_error_deg"]
    assert set(errors.dropna()) == {3, 5, 15}
    assert errors.isna().mean() > 0.5
    assert errors[records.cameras["bearing_deg"].isna()].isna().all()


def test_a_tilted_camera_looks_down_and_its_axis_meets_the_ground_within_its_range(records):
    tilted = records.cameras[records.cameras["tilt_deg"].notna()]
    assert tilted["tilt_deg"].between(0.1, 90).all()
    fixed = tilted[tilted["kind"].isin(["fixed", "dome", "multi"])]
    reach = fixed["height_m"] / np.tan(np.radians(fixed["tilt_deg"]))
    assert (reach < fixed["range_m"]).all()


def test_every_period_out_of_order_has_a_fault_and_every_finished_repair_a_price(records):
    states = records.states
    is_faulty = states["state"] != "working"
    assert states.loc[is_faulty, "fault"].isin(columns.FAULTS).all()
    assert states.loc[~is_faulty, ["fault", "repair_cost"]].isna().all(axis=None)
    shared = set(records.cameras.index[records.cameras["device_id"].notna()])
    mended = states[is_faulty & states["valid_to"].notna() & ~states["camera_id"].isin(shared)]
    assert mended["repair_cost"].notna().all()
    days = pd.to_datetime(mended["valid_to"]) - pd.to_datetime(mended["valid_from"])
    assert days.between(pd.Timedelta(0), pd.Timedelta(days=60)).all()
    running = states[is_faulty & states["valid_to"].isna()]
    assert 0.6 < running["repair_cost"].notna().mean() < 0.95
    price = records.models["cost"].loc[records.cameras.loc[states["camera_id"], "model_id"]]
    paid = states["repair_cost"].to_numpy(dtype=float)
    assert not (paid > 0.76 * price.to_numpy() + 10_000).any()


def test_sites_carry_as_many_heads_as_their_kind_and_cost_more_without_power_and_fibre(records):
    most = {"wall": 1, "pole": 2, "junction": 4}
    heads = records.sites.groupby("kind")["n_heads"].max().to_dict()
    assert heads == most
    assert (records.sites["n_heads"] >= 1).all()
    ready = records.sites["has_power"].astype(bool) & records.sites["has_fibre"].astype(bool)
    assert records.sites.loc[~ready, "cost"].median() > records.sites.loc[ready, "cost"].median()


# -- schools, places, zones, divisions ------------------------------------------------------------


def test_every_ward_has_schools_with_a_gate_near_a_street_and_hours(records):
    schools = records.schools
    assert (schools.groupby("ward_code").size() >= 2).all()
    assert schools["ward_code"].nunique() == 34
    assert schools["name"].is_unique
    opens, closes = (schools[name].map(time.fromisoformat) for name in ("opens_at", "closes_at"))
    assert opens.between(time(6), time(7, 30)).all()
    assert closes.between(time(16), time(18)).all()
    streets = records.streets[records.streets["kind"] != "alley"].geometry
    gates = schools.geometry.to_numpy()
    assert shapely.STRtree(streets.to_numpy()).query_nearest(
        gates, return_distance=True, all_matches=False
    )[1].max() < 61  # fmt: skip


def test_places_have_names_of_their_own_and_junctions_lie_where_their_streets_meet(records):
    places = records.places
    assert places["name"].is_unique
    assert {"market", "station", "hospital", "junction", "park", "bridge"} <= set(places["kind"])
    junctions = places[places["kind"] == "junction"]
    assert len(junctions) >= 50
    for name, point in zip(junctions["name"], junctions.geometry, strict=True):
        word, _, streets = name.partition(" ")[2].partition(" ")
        assert word in {"ba", "tư", "năm", "sáu"}
        for street in streets.split(" – "):
            lines = records.streets.geometry[records.streets["name"] == street]
            assert lines.distance(point).min() < 2.5, name
    water = records.cover.geometry[records.cover["kind"] == "water"]
    bridges = places[places["kind"] == "bridge"]
    assert len(bridges) == 3
    assert all(water.contains(point).any() for point in bridges.geometry)


def test_zones_can_be_kept_to(records):
    zones, sites, cameras = records.zones, records.sites, records.cameras
    assert zones.geometry.is_valid.all()
    assert set(zones["kind"]) == set(columns.ZONE_KINDS)
    by_kind = {kind: own.geometry for kind, own in zones.groupby("kind")}
    for zone in by_kind["must"]:
        assert sites.within(zone).any()
        assert not by_kind["forbid"].intersects(zone).any()
    for zone in by_kind["forbid"]:
        assert not cameras.intersects(zone).any()
    for zone in by_kind["private"]:
        assert not cameras.intersects(zone).any()
        assert sites.distance(zone).min() < 21


def test_the_crosswalk_leads_from_the_34_wards_to_the_seven(records):
    walk = divisions.read_crosswalk(records.store, from_division="2021", to_division="2025-07")
    assert set(walk["from_code"]) == set(records.wards.index)
    assert walk["to_code"].nunique() == 7
    assert np.allclose(walk.groupby("from_code")["share"].sum(), 1)
    assert layers.division_on(records.store, LAST_DAY) == "2021"


def test_reports_come_hours_to_days_after_and_thefts_later_than_snatches(records):
    incidents = records.incidents
    delay = incidents["reported_at"] - incidents["ends_at"]
    median = delay.groupby(incidents["category"]).median()
    assert median["snatching"] < timedelta(hours=1.5)
    assert timedelta(hours=3) < median["theft"] < timedelta(hours=8)
    assert delay.quantile(0.99) > timedelta(days=3)
