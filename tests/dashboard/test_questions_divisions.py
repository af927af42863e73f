import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from analysis.trends import ALL
from dashboard import cli, sentences
from dashboard.questions import city, month
from dashboard.questions.month import MonthRequest
from dashboard.texts import Texts
from data import divisions, tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

SOURCE = Source(file_name="made up")
JULY, AUGUST = date(2025, 7, 1), date(2025, 8, 31)
OLD = sorted(
    {
        code: name
        for division, code, name in divisions.shipped_crosswalk()[
            ["from_division", "from_code", "from_name"]
        ].itertuples(index=False)
        if division == "2021"
    }.items()
)
NEW = ("14758", "14797", "15853", "15925", "16378", "16417", "16522")


def _write(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=SOURCE)


def _put_division(store, name, wards, *, valid_from, valid_to=None, population=None):
    """Wards as squares of a hundredth of a degree, side by side from 105° east, in their order."""
    boxes = [shapely.box(105 + i / 100, 19, 105 + (i + 1) / 100, 19.01) for i in range(len(wards))]
    shapes = shape_columns(gpd.GeoSeries(boxes, crs="EPSG:4326"))
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(
                division=name, valid_from=valid_from, valid_to=valid_to
            )
        )
    _write(store, "wards", [
        {"row_key": f"{name}|{code}", "division": name, "code": code, "name": ward,
         "population": population, "population_source": "census" if population else None, **shape}
        for (code, ward), shape in zip(wards, shapes, strict=True)
    ])  # fmt: skip


@pytest.fixture
def store(tmp_path):
    """Thanh Hoá with the 34 wards of 2024, 1,000 inhabitants each, and the 7 of 2025."""
    store = Store.create(
        tmp_path / "city.db",
        StoreProperties(
            city="Thanh Hoá", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    _put_division(
        store, "2021", OLD,
        valid_from=date(2021, 1, 1), valid_to=date(2024, 12, 31), population=1000,
    )  # fmt: skip
    _put_division(store, "2025-07", [(code, f"new {code}") for code in NEW], valid_from=JULY)
    divisions.load_shipped_crosswalk(store, actor="tester")
    yield store
    store.close()


def _happen(store, division, ward_code, day, *, n=1, place=None):
    moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    with store.read() as connection:
        known = connection.execute(
            sa.select(sa.func.count()).select_from(tables.incidents)
        ).scalar()
    _write(store, "incidents", [
        {"row_key": f"|{known + i}", "source": "", "case_id": str(known + i), "category": "theft",
         "starts_at": moment, "ends_at": moment, "time_is_known": True,
         **(dict(zip(("longitude", "latitude"), place, strict=True)) if place else {}),
         "location_quality": "exact" if place else "ward",
         "division": division, "ward_code": ward_code}
        for i in range(n)
    ])  # fmt: skip


def _by_ward(found, column="n"):
    rows = found.table[found.table["category"] == ALL]
    return dict(zip(rows["ward_code"], rows[column], strict=True))


def _ask(store, day, **chosen):
    return month.answer(store, MonthRequest(month=day, today=AUGUST, **chosen))


def test_three_incidents_in_an_hung_are_shared_out_by_normalised_shares(store):
    _happen(store, "2021", "16435", date(2024, 11, 5), n=3)
    found = _ask(store, date(2024, 11, 1), division="2025-07")
    counts = _by_ward(found)
    # 0.926 and 0.059 of the outline, 0.985 together
    assert counts["16417"] == pytest.approx(3 * 0.926 / 0.985)
    assert counts["14797"] == pytest.approx(3 * 0.059 / 0.985)
    assert counts["16378"] == 0
    assert counts[ALL] == pytest.approx(3)
    assert found.n_apportioned == 3
    assert found.carried.apportioned_from == (("2021", "16435"),)
    said = " ".join(sentences.month_warnings(Texts("en"), found))
    assert "3 without one shared out" in said
    assert "15853, 16378, 16417" in said


def test_a_reused_code_is_another_ward_and_gets_its_share_only(store):
    _happen(store, "2021", "14758", date(2024, 11, 5), n=1000)  # Đông Thọ
    _happen(store, "2021", "14755", date(2024, 11, 5), n=7)  # Hàm Rồng as it was
    _happen(store, "2021", "14797", date(2024, 11, 5), n=5)  # Đông Hải, now Hạc Thành
    old = _by_ward(_ask(store, date(2024, 11, 1)))
    assert (old["14758"], old["14755"], old["14797"]) == (1000, 7, 5)
    new = _by_ward(_ask(store, date(2024, 11, 1), division="2025-07"))
    assert new["14758"] == pytest.approx(488 + 7)
    assert new["14797"] == pytest.approx(512 + 5)


def test_last_year_is_counted_in_the_wards_of_this_year(store):
    _happen(store, "2021", "14764", date(2024, 7, 5), n=4)  # Trường Thi, whole into Hạc Thành
    _happen(store, "2021", "14767", date(2024, 7, 6), n=2)  # Điện Biên, whole into Hạc Thành
    _happen(store, "2021", "14797", date(2024, 7, 7), n=1)  # Đông Hải, whole into Hạc Thành
    _happen(store, "2025-07", "14797", date(2025, 7, 8), n=9)
    found = _ask(store, JULY)
    assert found.division == "2025-07"
    assert _by_ward(found)["14797"] == 9
    assert _by_ward(found, "n_same_month_last_year")["14797"] == 7
    assert found.n_apportioned == 0
    assert pd.api.types.is_integer_dtype(found.table["n"])


def test_points_tell_the_part_of_a_split_ward(store):
    def inside(code):
        return 105 + NEW.index(code) / 100 + 0.005, 19.005

    _happen(store, "2021", "14758", date(2024, 11, 5), n=3, place=inside("14797"))
    _happen(store, "2021", "14758", date(2024, 11, 5), n=1, place=inside("14758"))
    _happen(store, "2021", "14758", date(2024, 11, 5), n=10)
    found = _ask(store, date(2024, 11, 1), division="2025-07")
    assert _by_ward(found)["14797"] == pytest.approx(3 + 5.12)
    assert _by_ward(found)["14758"] == pytest.approx(1 + 4.88)
    assert (found.carried.n_placed, found.n_apportioned) == (4, 10)


def test_wards_that_took_in_a_district_are_not_compared_with_the_years_before(store):
    for year in (2023, 2024):
        for number in range(1, 13):
            _happen(store, "2021", "16432", date(year, number, 3), n=2)  # into Đông Sơn
            _happen(store, "2021", "14767", date(year, number, 3), n=3)  # into Hạc Thành
    for number in (7, 8):
        _happen(store, "2025-07", "16378", date(2025, number, 3), n=30)
        _happen(store, "2025-07", "14797", date(2025, number, 3), n=3)
    found = _ask(store, date(2025, 8, 1))
    last_year = _by_ward(found, "n_same_month_last_year")
    assert last_year["14797"] == 3
    assert pd.isna(last_year["16378"])
    assert pd.isna(last_year[ALL])
    # what is usual for a complete ward is learnt from all its months, for the others from none
    assert _by_ward(found, "n_history")["14797"] == 31  # 2023, 2024 and seven months of 2025
    assert pd.isna(_by_ward(found, "usual")["16378"])
    assert found.carried.incomparable_wards == ("15853", "16378", "16417")
    assert [*found.table["ward_code"].unique()] == [*NEW, ALL]


def test_sums_over_complete_wards_are_compared_with_the_years_before(store):
    _happen(store, "2021", "14767", date(2024, 7, 3), n=3)
    _happen(store, "2025-07", "14797", date(2025, 7, 3), n=5)
    found = _ask(store, JULY, ward_codes=("14797", "15925"))
    assert _by_ward(found, "n_same_month_last_year") == {"14797": 3, "15925": 0, ALL: 3}
    assert found.carried.incomplete_wards == ()


def test_months_of_one_division_are_compared_in_another(store):
    _happen(store, "2021", "16432", date(2024, 10, 3), n=2)
    _happen(store, "2021", "16432", date(2024, 11, 3), n=6)
    found = _ask(store, date(2024, 11, 1), division="2025-07")
    assert _by_ward(found, "n_last_month")["16378"] == 2
    assert found.carried.incomplete_wards == ("15853", "16378", "16417")
    assert found.carried.incomparable_wards == ()


def test_a_rate_needs_the_population_of_every_part(store):
    _happen(store, "2021", "14767", date(2024, 11, 3), n=8)
    rates = _by_ward(_ask(store, date(2024, 11, 1), division="2025-07"), "rate_per_10k")
    assert rates["15925"] == 0
    # Hạc Thành: eleven of the 34 wards whole (Trường Thi, Điện Biên, Phú Sơn, Lam Sơn, Ba Đình,
    # Ngọc Trạo, Đông Vệ, Đông Sơn, Tân Sơn, Đông Hương, Đông Hải) and parts of two
    inhabitants = 1000 * (11 + 0.512 + 0.059 / 0.985)
    assert rates["14797"] == pytest.approx(8 / inhabitants * 10_000)
    for code in ("15853", "16378", "16417", ALL):
        assert pd.isna(rates[code])


def test_a_season_of_fractions_sums_to_the_incidents(store):
    for number in (9, 10, 11):
        _happen(store, "2021", "16435", date(2024, number, 3), n=number)
    found = _ask(store, date(2024, 11, 1), division="2025-07")
    assert found.history["n"].tolist() == pytest.approx([9, 10, 11])
    part = _ask(store, date(2024, 11, 1), division="2025-07", ward_codes=("14797",))
    share = 0.059 / 0.985
    assert part.history["n"].tolist() == pytest.approx([9 * share, 10 * share, 11 * share])


def test_one_division_asked_by_its_name_is_the_same_answer(demo_store):
    asked = {"month": date(2024, 11, 1), "today": date(2024, 12, 31)}
    plain = month.as_json(month.answer(demo_store, MonthRequest(**asked)))
    named = month.as_json(month.answer(demo_store, MonthRequest(**asked, division="2021")))
    assert json.dumps(plain, default=str) == json.dumps(named, default=str)
    assert plain["n_apportioned"] == plain["n_placed"] == plain["n_left_out"] == 0


def test_without_a_crosswalk_only_points_tell_and_the_rest_is_said(store):
    _put_division(store, "other", [("14755", "one"), ("b", "two")], valid_from=date(2025, 8, 1))
    _happen(store, "2021", "14755", date(2024, 11, 3), n=2)
    _happen(store, "2021", "14755", date(2024, 11, 3), n=3, place=(105.015, 19.005))
    found = _ask(store, date(2024, 11, 1), division="other")
    assert _by_ward(found) == {"14755": 0, "b": 3, ALL: 3}
    assert (found.carried.n_placed, found.carried.n_left_out) == (3, 2)


def test_a_division_that_is_not_loaded_is_refused(store):
    with pytest.raises(city.UnknownChoiceError) as refusal:
        _ask(store, date(2024, 11, 1), division="2025-01")
    assert refusal.value.facts == {"kind": "division", "values": ["2025-01"]}


def test_the_command_counts_in_a_division(store, capsys, monkeypatch):
    _happen(store, "2021", "16435", date(2024, 11, 5), n=3)
    asked = ["vonglau", "trends", "--month", "2024-11", "--today", "2025-08-31"]
    asked += ["--division", "2025-07", "--store", store.location]
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setattr("sys.argv", [*asked, "--json"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (0, None)
    said = json.loads(capsys.readouterr().out)
    assert said["division"] == "2025-07"
    assert said["n_apportioned"] == 3
    assert said["apportioned_from"] == [{"division": "2021", "code": "16435"}]
    monkeypatch.setattr("sys.argv", asked)
    with pytest.raises(SystemExit):
        cli.main()
    text = capsys.readouterr().out
    assert "3 without one shared out" in text
    assert "15853, 16378, 16417" in text
