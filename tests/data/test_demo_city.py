"""The demo city as it stands in its store, measured from the stored rows alone."""

import json
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import scipy.spatial
import shapely
import sqlalchemy as sa

from data import demo, layers, tables
from data.errors import StoreExistsError

CRS = "EPSG:5897"
LAST_DAY = date(2024, 12, 31)
NAMED_TYPES = ("theft", "snatching", "injury", "public_disorder")


class Town:
    """The stored layers, read once; metric ones in EPSG:5897."""

    def __init__(self, store):
        self.store = store
        self.wards = layers.read_wards(store, division="2021").to_crs(CRS)
        self.cameras = layers.read_cameras(store, on=LAST_DAY).to_crs(CRS)
        self.sites = layers.read_sites(store).to_crs(CRS)
        self.incidents = layers.read_incidents(store)
        self.streets = layers.read_shapes(store, "streets").to_crs(CRS)
        self.buildings = layers.read_shapes(store, "buildings").to_crs(CRS)
        cover = layers.read_shapes(store, "land_cover").to_crs(CRS)
        self.water = cover.geometry[cover["kind"] == "water"].to_numpy()
        self.cover = cover


@pytest.fixture(scope="module")
def town(demo_store):
    return Town(demo_store)


@pytest.fixture(scope="module")
def truth(demo_store):
    place = Path(demo_store.location)
    return json.loads(place.with_suffix(".truth.json").read_text(encoding="utf-8"))


def listed_wards():
    facts = pd.read_csv("data/reference/wards_2024.csv", dtype={"code": str}).set_index("code")
    points = gpd.points_from_xy(facts["longitude"], facts["latitude"], crs="EPSG:4326")
    return facts.assign(centroid=points.to_crs(CRS)).sort_index()


# -- the whole -----------------------------------------------------------------------------------


def test_the_store_says_that_it_is_simulated_and_when_its_time_ends(town):
    properties = town.store.properties
    assert properties.is_simulated
    assert (properties.city, properties.last_day) == ("Thanh Hóa", LAST_DAY)
    assert layers.division_on(town.store, LAST_DAY) == "2021"
    assert layers.division_on(town.store, date(2025, 1, 1)) is None


def test_the_totals_are_the_published_ones(town):
    assert len(town.wards) == 34
    assert 1900 < len(town.cameras) < 1950
    assert len(town.sites) == 287
    assert 10_000 <= len(town.incidents) <= 12_000
    assert 30_000 <= len(town.buildings) <= 65_000
    helped = town.incidents[town.incidents["is_camera_used"].astype(bool)]
    assert (helped["reported_at"].dt.year == 2024).sum() == 152


def test_a_store_that_exists_is_refused_and_left_alone(town):
    before = town.store.version
    with pytest.raises(StoreExistsError):
        demo.write_demo(town.store.location)
    assert town.store.version == before
    assert Path(town.store.location).exists()


def test_a_city_that_fails_midway_leaves_no_file(tmp_path, monkeypatch):
    def fail(seed):
        raise InterruptedError

    monkeypatch.setattr(demo, "build", fail)
    with pytest.raises(InterruptedError):
        demo.write_demo(tmp_path / "half.db")
    assert list(tmp_path.iterdir()) == []


def fingerprints(store):
    """Every row's key and content, by table."""
    with store.read() as connection:
        return {
            name: sorted(
                tuple(row)
                for row in connection.execute(sa.select(table.c.row_key, table.c.content_hash))
            )
            for name, table in tables.LAYERS.items()
        }


def test_it_was_written_in_under_thirty_cpu_seconds(demo_store):
    took_s = float(Path(demo_store.location).with_name("cpu_s").read_text())
    assert 1 < took_s < 30


def test_another_seed_gives_other_rows_in_the_same_wards(town, other_demo_store):
    mine, theirs = fingerprints(town.store), fingerprints(other_demo_store)
    assert mine["wards"] == theirs["wards"]
    for layer in ("streets", "buildings", "cameras", "camera_states", "sites", "incidents"):
        same = {content for _, content in mine[layer]} & {content for _, content in theirs[layer]}
        assert len(same) < 0.2 * len(mine[layer]), layer


# -- wards ---------------------------------------------------------------------------------------


def test_every_ward_has_its_listed_area_within_ten_per_cent(town):
    ratio = town.wards.area / (listed_wards()["area_km2"] * 1e6)
    assert ratio.between(0.9, 1.1).all(), ratio.sort_values()


def test_every_ward_contains_its_own_centroid_and_carries_its_census(town):
    listed = listed_wards()
    inside = town.wards.geometry.contains(gpd.GeoSeries(listed["centroid"], crs=CRS))
    assert inside.all()
    assert (town.wards["population"] == listed["population_2019"]).all()
    assert (town.wards["name"] == listed["name"]).all()
    assert set(town.wards["population_source"]) == {"census 2019"}


def test_the_wards_tile_the_city_without_overlap_or_hole(town):
    whole = shapely.union_all(town.wards.geometry.to_numpy())
    overlap_m2 = town.wards.area.sum() - whole.area
    assert abs(overlap_m2) < 50  # of 144 km²: what is left of 1 cm coordinates
    closed = whole.buffer(0.1).buffer(-0.1)
    assert closed.geom_type == "Polygon"
    assert len(closed.interiors) == 0


# -- streets, water, houses ----------------------------------------------------------------------


def test_streets_cross_the_water_on_bridges_only(town):
    wet = shapely.union_all(town.water)
    crossing = town.streets[town.streets.intersects(wet)]
    assert set(crossing["kind"]) == {"artery"}
    river = max(town.water, key=lambda shape: shape.area)
    assert town.streets.intersects(river).sum() == 3


def test_every_street_can_be_reached_from_a_main_road(town):
    streets = town.streets[town.streets["kind"] != "alley"].reset_index(drop=True)
    lines = streets.geometry.to_numpy()
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=2.0)
    reached = (streets["kind"] == "artery").to_numpy()
    while True:
        wider = reached.copy()
        wider[other[reached[one]]] = True
        if (wider == reached).all():
            break
        reached = wider
    assert reached.all()


def test_houses_stand_apart_from_street_middles_water_and_each_other(town):
    houses = shapely.STRtree(town.buildings.geometry.to_numpy())
    assert houses.query(town.streets.geometry.to_numpy(), predicate="intersects").size == 0
    assert houses.query(town.water, predicate="intersects").size == 0
    one, other = houses.query(town.buildings.geometry.to_numpy(), predicate="intersects")
    pair = one < other
    shape = town.buildings.geometry.to_numpy()
    shared = shapely.area(shapely.intersection(shape[one[pair]], shape[other[pair]]))
    assert shared.max() < 0.6  # party walls: 1 cm coordinates along 20 m


def test_houses_are_whole_and_as_high_as_houses(town):
    assert town.buildings.is_valid.all()
    assert town.buildings["height_m"].between(3, 80).all()
    assert town.cover.is_valid.all()


def test_the_core_is_denser_than_the_fields(town):
    joined = gpd.sjoin(gpd.GeoDataFrame(geometry=town.buildings.centroid), town.wards[["geometry"]])
    per_km2 = joined.groupby("code").size() / (town.wards.area / 1e6)
    assert per_km2["14779"] > 5 * per_km2["15970"]  # Ngọc Trạo, Hoằng Đại


# -- cameras -------------------------------------------------------------------------------------


def test_cameras_stand_in_their_ward_in_no_house_and_in_no_water(town):
    points = town.cameras.geometry
    assert points.within(
        town.wards.geometry.loc[town.cameras["ward_code"]].set_axis(points.index)
    ).all()
    for obstacles in (town.buildings.geometry.to_numpy(), town.water):
        assert shapely.STRtree(obstacles).query(points.to_numpy(), predicate="intersects").size == 0


def test_a_camera_sees_what_its_model_prints_and_only_turning_ones_have_no_bearing(town):
    models = layers.read_register(town.store, "camera_models").set_index("model_id")
    own = models.loc[town.cameras["model_id"]].set_axis(town.cameras.index)
    assert (town.cameras["kind"] == own["kind"]).all()
    assert (town.cameras["fov_deg"] == own["fov_deg"]).all()
    assert (town.cameras["range_m"] == own["detect_m"]).all()
    is_aimless = town.cameras["bearing_deg"].isna()
    assert set(town.cameras.loc[is_aimless, "kind"]) == {"ptz", "fisheye"}
    assert is_aimless[town.cameras["kind"] == "fisheye"].all()
    home_known = ~is_aimless[town.cameras["kind"] == "ptz"]
    assert 0.7 < home_known.mean() < 0.95  # 85 % of about 138, within five standard errors
    assert town.cameras["bearing_deg"].dropna().between(0, 360, inclusive="left").all()


def test_about_four_in_five_cameras_work_on_the_last_day_and_failures_cluster(town):
    share = town.cameras["state"].value_counts(normalize=True)
    assert 0.75 < share["working"] < 0.81
    assert 0.08 < share["degraded"] < 0.10
    assert 0.11 < share["broken"] + share["offline"] < 0.14
    down = town.cameras["state"].isin(["broken", "offline"])
    by_batch = down.groupby([town.cameras["wave"], town.cameras["ward_code"]]).agg(["sum", "count"])
    in_bad_batches = by_batch.loc[by_batch["sum"] >= 0.6 * by_batch["count"], "sum"].sum()
    assert in_bad_batches > 0.5 * down.sum()  # single failures at 12 % would give next to none


def test_the_states_of_a_camera_follow_each_other_without_gap_or_overlap(town):
    with town.store.read() as connection:
        periods = pd.DataFrame(
            connection.execute(sa.select(tables.camera_states)).mappings().all()
        ).sort_values(["camera_id", "valid_from"])
    installed = town.cameras["installed_on"]
    for camera_id, own in periods.groupby("camera_id"):
        starts, ends = own["valid_from"].tolist(), own["valid_to"].tolist()
        assert starts[0] == installed[camera_id]
        assert pd.isna(ends[-1])
        for end, following in zip(ends[:-1], starts[1:], strict=True):
            assert following == end + timedelta(days=1), camera_id
    assert set(periods["camera_id"]) == set(town.cameras.index)


def test_sites_stand_free_and_apart_from_cameras(town):
    sites, cameras = (
        np.column_stack([frame.geometry.x, frame.geometry.y])
        for frame in (town.sites, town.cameras)
    )
    assert scipy.spatial.cKDTree(cameras).query(sites)[0].min() > 44.9
    assert scipy.spatial.cKDTree(sites).query_pairs(69) == set()
    assert town.sites["has_power"].mean() > town.sites["has_fibre"].mean()


# -- incidents -----------------------------------------------------------------------------------


def test_incidents_are_the_four_named_types_and_others_of_the_reference_table(town):
    known = set(pd.read_csv("data/reference/offences.csv")["category"])
    found = town.incidents["category"].value_counts()
    assert set(found.index) <= known
    assert found.loc[list(NAMED_TYPES)].min() > 500
    assert len(found) > 8
    assert town.incidents["case_id"].is_unique


def test_thefts_are_found_in_the_morning_and_reports_come_after(town):
    incidents = town.incidents
    assert (incidents["reported_at"] >= incidents["ends_at"]).all()
    assert (incidents["ends_at"] >= incidents["starts_at"]).all()
    spans = incidents["ends_at"] > incidents["starts_at"]
    assert (spans == ~incidents["time_is_known"].astype(bool)).all()
    thefts = incidents["category"] == "theft"
    assert 0.35 < spans[thefts].mean() < 0.55
    assert not spans[incidents["category"] == "snatching"].any()
    assert incidents["reported_at"].max().date() <= LAST_DAY


def test_some_incidents_have_no_point_and_all_have_a_ward(town):
    quality = town.incidents["location_quality"].value_counts(normalize=True)
    assert quality["ward"] == pytest.approx(0.08, abs=0.01)
    assert quality["street"] == pytest.approx(0.10, abs=0.01)
    has_point = town.incidents.geometry.notna()
    assert (has_point == (town.incidents["location_quality"] != "ward")).all()
    located = town.incidents[has_point].to_crs(CRS)
    own = town.wards.geometry.loc[located["ward_code"]].set_axis(located.index)
    assert (located.distance(own) < 0.05).all()


def test_drinking_nights_weekends_and_tet_leave_their_mark(town):
    incidents = town.incidents
    fights = incidents[incidents["category"].isin(["injury", "public_disorder"])]
    hours = fights["starts_at"].dt.hour
    assert (hours >= 20).mean() > 2 * hours.between(8, 11).mean()
    weekend = fights["starts_at"].dt.day_of_week >= 5
    assert weekend.mean() > 2 / 7 * 1.15
    tets = [date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10)]
    gambling = incidents.loc[incidents["category"] == "gambling", "happened_on"].dt.date
    at_tet = sum(
        (t - timedelta(days=2) <= day < t + timedelta(days=7)) for day in gambling for t in tets
    )
    assert at_tet > 1.5 * len(gambling) * 27 / 1096


def test_year_to_year_change_is_one_and_a_half_to_two_times_that_of_dice(town, truth):
    """Squared change of 300 m cells' yearly counts over what Poisson counts would give.

    Ground that a planted effect or its ring can reach is left out in all years.
    """
    located = town.incidents[town.incidents.geometry.notna()].to_crs(CRS)
    is_free = pd.Series(data=True, index=located.index)
    for wave in truth["waves"]:
        if wave["rate_ratio"] == 1:
            continue
        cameras = town.cameras.geometry.loc[wave["camera_ids"]].to_numpy()
        reach = max(wave["ring_m"] or [wave["radius_m"] or 0])
        is_free &= ~located["ward_code"].isin(wave["ward_codes"])
        is_free &= ~located.within(shapely.union_all(shapely.buffer(cameras, reach)))
    free = located[is_free]
    cell = (free.geometry.x // 300) * 1e6 + free.geometry.y // 300
    counts = pd.crosstab(cell.to_numpy(), free["starts_at"].dt.year.to_numpy())
    assert counts.to_numpy().sum() > 4000
    squares = expected = 0.0
    for year in (2022, 2023):
        before, after = counts[year], counts[year + 1]
        growth = after.sum() / before.sum()
        squares += ((after - growth * before) ** 2).sum()
        expected += (after + growth**2 * before).sum()
    assert 1.5 < squares / expected < 2.0


def test_offences_repeat_nearby_within_days_more_often_than_by_chance(town):
    """Knox: pairs within 100 m and 7 days, against the same places with times dealt anew."""
    thefts = town.incidents[
        (town.incidents["category"] == "theft") & (town.incidents["location_quality"] == "exact")
    ].to_crs(CRS)
    day = (thefts["starts_at"] - thefts["starts_at"].min()).dt.days.to_numpy()
    pairs = scipy.spatial.cKDTree(
        np.column_stack([thefts.geometry.x, thefts.geometry.y])
    ).query_pairs(100, output_type="ndarray")

    def close(days):
        return (np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) <= 7).sum()

    rng = np.random.default_rng(1)
    by_chance = [close(rng.permutation(day)) for _ in range(39)]
    assert close(day) > 1.5 * max(by_chance)


# -- the planted truth ---------------------------------------------------------------------------


def test_the_truth_names_every_wave_with_its_cameras_and_their_day(town, truth):
    assert truth["n_cameras"] == len(town.cameras)
    assert truth["n_incidents"] == len(town.incidents)
    named = [camera for wave in truth["waves"] for camera in wave["camera_ids"]]
    assert sorted(named) == sorted(town.cameras.index)
    for wave in truth["waves"]:
        own = town.cameras.loc[wave["camera_ids"]]
        assert set(own["wave"]) == {wave["wave"]}
        if wave["installed_on"] is None:
            assert max(own["installed_on"]) < date(2022, 1, 1)
        else:
            assert set(own["installed_on"]) == {date.fromisoformat(wave["installed_on"])}


def test_the_truth_holds_effects_none_at_all_and_a_trap(truth):
    waves = {wave["rule"]: wave for wave in truth["waves"]}
    assert waves["hottest_last_year"]["rate_ratio"] == 1
    assert waves["whole_wards"]["rate_ratio"] < 1
    lots = [wave for wave in truth["waves"] if wave["rule"] == "random_busy"]
    assert {wave["rate_ratio"] for wave in lots} >= {0.6, 1.0}
    assert any(wave["displacement"] > 0 for wave in lots)
    for wave in truth["waves"]:
        if wave["rate_ratio"] == 1:
            assert wave["n_prevented"] == wave["n_displaced"] == 0
        else:
            n, p = wave["n_expected"], 1 - wave["rate_ratio"]
            assert abs(wave["n_prevented"] - n * p) < 4 * np.sqrt(n * p * (1 - p))


def test_the_planted_fall_shows_in_the_zone_of_the_main_wave(town, truth):
    """Street offences within 120 m of its cameras, 12 months before and after, against the city."""
    wave = next(wave for wave in truth["waves"] if wave["wave"] == "2023-1")
    located = town.incidents[
        town.incidents.geometry.notna() & town.incidents["category"].isin(wave["categories"])
    ].to_crs(CRS)
    zone = shapely.union_all(
        shapely.buffer(town.cameras.geometry.loc[wave["camera_ids"]].to_numpy(), wave["radius_m"])
    )
    inside = located.within(zone)
    day = located["happened_on"].dt.date
    before = (day >= date(2022, 3, 1)) & (day < date(2023, 3, 1))
    after = (day >= date(2023, 3, 1)) & (day < date(2024, 3, 1))
    a, b = (inside & before).sum(), (inside & after).sum()
    c, d = (~inside & before).sum(), (~inside & after).sum()
    log_ratio = np.log(b * c / (a * d))
    spread = np.sqrt(1.75 * (1 / a + 1 / b + 1 / c + 1 / d))
    assert abs(log_ratio - np.log(wave["rate_ratio"])) < 2.5 * spread
    assert log_ratio < -1.5 * spread


def test_the_hottest_places_of_last_year_cool_down_by_themselves(town, truth):
    trap = next(wave for wave in truth["waves"] if wave["rule"] == "hottest_last_year")
    located = town.incidents[town.incidents.geometry.notna()].to_crs(CRS)
    cameras = town.cameras.geometry.loc[trap["camera_ids"]].to_numpy()
    inside = located.within(shapely.union_all(shapely.buffer(cameras, trap["radius_m"])))
    day = located["happened_on"].dt.date
    before = inside & (day >= date(2022, 9, 1)) & (day < date(2023, 9, 1))
    after = inside & (day >= date(2023, 9, 1)) & (day < date(2024, 9, 1))
    assert after.sum() < 0.92 * before.sum()
