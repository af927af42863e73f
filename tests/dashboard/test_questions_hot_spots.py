import json
from datetime import UTC, date, datetime, timedelta

import pytest
from pyproj import Transformer

from dashboard.questions import hot_spots
from dashboard.questions.city import NoRecordsError, UnknownChoiceError
from data.rows import Source, write_batch

NOVEMBER = date(2024, 11, 1)
TODAY = date(2024, 11, 30)
TO_WGS84 = Transformer.from_crs("EPSG:5897", "EPSG:4326", always_xy=True)


@pytest.fixture
def put(drawn_city):
    """Put thefts at places given in metres from the south-west corner of the ward."""
    with drawn_city.read() as connection:
        from data import layers

        del connection
        west, south = (
            layers.read_wards(drawn_city, division="only").to_crs("EPSG:5897").total_bounds[:2]
        )

    def add(places, day, name):
        rows = []
        for i, (east_m, north_m) in enumerate(places):
            longitude, latitude = TO_WGS84.transform(west + east_m, south + north_m)
            moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC) + timedelta(minutes=i)
            rows.append(
                {"row_key": f"{name}|{i}", "source": "", "case_id": f"{name} {i}",
                 "category": "theft", "starts_at": moment, "ends_at": moment,
                 "time_is_known": True, "location_quality": "exact", "division": "only",
                 "ward_code": "101", "longitude": longitude, "latitude": latitude}
            )  # fmt: skip
        with drawn_city.begin(actor="tester") as transaction:
            write_batch(transaction, "incidents", rows, source=Source(file_name=name))

    return add


def lattice():
    return [(east, north) for east in range(25, 1000, 50) for north in range(25, 1000, 50)]


def crowd(east, north):
    """Thirty thefts in each of three hexagons that all touch each other."""
    return [(east, north), (east + 50, north), (east + 25, north + 43.3)] * 30


def asked(store, **chosen):
    request = hot_spots.HotSpotsRequest(month=NOVEMBER, today=TODAY, size_m=50.0, **chosen)
    return hot_spots.answer(store, request)


def test_hexagons_cover_the_ward_without_gap_or_overlap(drawn_city, put):
    put(lattice(), date(2024, 11, 5), "now")
    cells = asked(drawn_city).cells
    assert cells.geometry.union_all().area == pytest.approx(cells.geometry.area.sum())
    assert cells.geometry.union_all().area > 1_000_000
    assert asked(drawn_city).n_located == len(lattice())


def test_a_crowd_that_stays_is_lasting_one_that_comes_emerges_and_one_that_goes_fades(
    drawn_city, put
):
    stays, comes, goes = crowd(250, 250), crowd(750, 750), crowd(250, 750)
    put(lattice() + stays + goes, date(2024, 10, 5), "before")
    put(lattice() + stays + comes, date(2024, 11, 5), "now")
    found = asked(drawn_city)
    cells = found.cells
    crowded = cells[cells["n"] >= 30]
    assert sorted(crowded["standing"]) == ["emerging"] * 3 + ["lasting"] * 3
    left = cells[(cells["n_before"] >= 30) & (cells["n"] < 30)]
    assert left["standing"].tolist() == ["fading"] * 3
    assert cells.loc[cells["is_hot"], "n"].sum() >= 180
    # of the incidents now, those in last month's hot cells by hand
    hot_before = cells["standing"].isin(["lasting", "fading"])
    assert found.caught.n_caught == cells.loc[hot_before, "n"].sum()
    assert found.caught.hit_share == found.caught.n_caught / found.n_located


def test_a_month_without_a_month_before_it_has_nothing_to_be_scored(drawn_city, put):
    put(lattice(), date(2023, 7, 5), "first")
    request = hot_spots.HotSpotsRequest(
        month=date(2023, 7, 1), today=date(2023, 7, 31), size_m=50.0
    )
    found = hot_spots.answer(drawn_city, request)
    assert found.before is None
    assert found.caught is None
    assert found.cells["standing"].isna().all()
    assert found.n_unlocated == 1  # the drawing's own theft of which only the ward is known


def test_a_month_in_the_future_and_an_unknown_type_are_refused(drawn_city, put):
    put(lattice(), date(2024, 11, 5), "now")
    with pytest.raises(NoRecordsError):
        hot_spots.answer(drawn_city, hot_spots.HotSpotsRequest(month=date(2025, 3, 1), today=TODAY))
    with pytest.raises(UnknownChoiceError):
        asked(drawn_city, categories=("piracy",))


def test_the_command_prints_the_cells_and_their_score(run, drawn_city, put, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    put(lattice() + crowd(250, 250), date(2024, 10, 5), "before")
    put(lattice() + crowd(250, 250), date(2024, 11, 5), "now")
    words = ["hotspots", "--month", "2024-11", "--today", "2024-11-30", "--size-m", "50"]
    code, out, _ = run(*words, "--json", store=drawn_city)
    told = json.loads(out)
    assert code == 0
    assert told["cells"][0]["standing"] == "lasting"
    assert told["n_located"] == 490
    assert told["caught"]["pai"] > 1
    assert told["near_repeats"]["bands"]
    code, out, _ = run(*words, store=drawn_city)
    assert code == 0
    assert "lasting" in out
    assert "PAI" in out
