from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from analysis.apportion import SharesError, UnknownWardsError
from analysis.errors import MissingColumnsError
from data import divisions, tables
from data.rows import Source, undo_batch, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

SOURCE = Source(file_name="made up.csv")
COLUMNS = ["from_division", "from_code", "to_division", "to_code", "share"]


@pytest.fixture
def store(tmp_path):
    properties = StoreProperties(
        city="Thanh Hoá", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
    )
    store = Store.create(tmp_path / "city.db", properties)
    yield store
    store.close()


def _load(store, *rows):
    steps = pd.DataFrame(rows, columns=COLUMNS)
    return divisions.write_crosswalk(store, steps, actor="tester", source=SOURCE)


def _put_wards(store, division, populations, *, valid_from=date(2021, 1, 1), valid_to=None):
    square = shape_columns(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:4326"))[0]
    rows = [
        {"row_key": f"{division}|{code}", "division": division, "code": code, "name": code,
         "population": n, "population_source": "census" if n else None, **square}
        for code, n in populations.items()
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(
                division=division, valid_from=valid_from, valid_to=valid_to
            )
        )
        write_batch(transaction, "wards", rows, source=SOURCE)


def _read(store, old, new):
    found = divisions.read_crosswalk(store, from_division=old, to_division=new)
    return {(r.from_code, r.to_code): r.share for r in found.itertuples()}


def test_the_shipped_crosswalk_says_how_many_wards_each_division_had():
    steps = divisions.shipped_crosswalk()
    first = steps[steps["to_division"] == "2025-01"]
    second = steps[steps["to_division"] == "2025-07"]
    # 34 wards and the 14 of Đông Sơn district, one merged: 47; with 2 of Thiệu Hoá they became 7
    assert first.groupby("from_division")["from_code"].nunique().to_dict() == {
        "2021": 34,
        "dong-son-district": 14,
    }
    assert first["to_code"].nunique() == 47
    assert set(second.loc[second["from_division"] == "2025-01", "from_code"]) == set(
        first["to_code"]
    )
    assert second["to_code"].nunique() == 7


def test_the_demo_s_wards_are_those_of_the_shipped_crosswalk(demo_store):
    with demo_store.read() as connection:
        codes = set(connection.scalars(sa.select(tables.wards.c.code)))
    steps = divisions.shipped_crosswalk()
    assert set(steps.loc[steps["from_division"] == "2021", "from_code"]) == codes


def test_34_wards_become_7_and_only_two_of_them_in_parts(store):
    divisions.load_shipped_crosswalk(store, actor="tester")
    shares = _read(store, "2021", "2025-07")
    sums = pd.Series(shares).groupby(level=0).sum()
    assert len(sums) == 34
    assert sums.tolist() == pytest.approx([1] * 34)
    assert {old for (old, _), share in shares.items() if share < 1} == {"14758", "16435"}
    assert shares["16435", "16417"] == pytest.approx(926 / 985)
    assert shares["16435", "14797"] == pytest.approx(59 / 985)
    assert shares["14758", "14758"] == pytest.approx(0.488)
    assert shares["14758", "14797"] == pytest.approx(0.512)


def test_tan_son_went_into_phu_son_and_with_it_into_hac_thanh(store):
    divisions.load_shipped_crosswalk(store, actor="tester")
    assert _read(store, "2021", "2025-01")["14788", "14770"] == 1
    assert _read(store, "2021", "2025-07")["14788", "14797"] == 1


def test_wards_that_took_in_other_land_are_named(store):
    divisions.load_shipped_crosswalk(store, actor="tester")

    def outside(old, new):
        return divisions.partly_outside(store, from_division=old, to_division=new)

    assert len(outside("2021", "2025-01")) == 14
    # Đông Tiến took in two communes of Thiệu Hoá, the other two the district of Đông Sơn
    assert outside("2025-01", "2025-07") == ("15853",)
    assert outside("2021", "2025-07") == ("15853", "16378", "16417")


def test_loading_leaves_an_audit_row_and_twice_changes_nothing(store):
    first = divisions.load_shipped_crosswalk(store, actor="an")
    again = divisions.load_shipped_crosswalk(store, actor="binh")
    assert (first.n_accepted, again.n_accepted, again.batch) == (99, 0, None)
    with store.read() as connection:
        actors = connection.scalars(
            sa.select(tables.audit.c.actor).where(tables.audit.c.action == "import")
        ).all()
    assert actors == ["an"]


def test_a_store_may_call_a_division_something_else(store):
    divisions.load_shipped_crosswalk(store, actor="tester", names={"2025-07": "seven"})
    assert len(_read(store, "2021", "seven")) == 36
    with pytest.raises(divisions.NoCrosswalkError) as refusal:
        _read(store, "2021", "2025-07")
    assert refusal.value.facts == {"from_division": "2021", "to_division": "2025-07"}


def test_a_crosswalk_leads_forward_only(store):
    _load(store, ("old", "A", "new", "X", 1))
    with pytest.raises(divisions.NoCrosswalkError):
        _read(store, "new", "old")


def test_three_steps_multiply_their_shares(store):
    _load(
        store,
        ("a", "1", "b", "1", 0.5), ("a", "1", "b", "2", 0.5),
        ("b", "1", "c", "1", 0.5), ("b", "1", "c", "2", 0.5), ("b", "2", "c", "2", 1),
        ("c", "1", "d", "9", 1), ("c", "2", "d", "1", 0.2), ("c", "2", "d", "9", 0.8),
    )  # fmt: skip
    # 1 → 9: ½·½·1 + (½·½ + ½)·0.8 = 0.85
    assert _read(store, "a", "d") == pytest.approx({("1", "9"): 0.85, ("1", "1"): 0.15})


def test_a_direct_crosswalk_is_preferred_to_a_longer_way(store):
    _load(store, ("a", "1", "b", "1", 1), ("b", "1", "c", "1", 1), ("a", "1", "c", "2", 1))
    assert _read(store, "a", "c") == {("1", "2"): 1}


def test_a_corrected_crosswalk_replaces_the_first_and_can_be_undone(store):
    _load(store, ("a", "1", "b", "X", 0.5), ("a", "1", "b", "Y", 0.5))
    corrected = _load(store, ("a", "1", "b", "X", 0.25), ("a", "1", "b", "Z", 0.75))
    assert _read(store, "a", "b") == {("1", "X"): 0.25, ("1", "Z"): 0.75}
    with store.begin(actor="tester") as transaction:
        undo_batch(transaction, corrected.batch)
    assert _read(store, "a", "b") == {("1", "X"): 0.5, ("1", "Y"): 0.5}


def test_shares_that_do_not_sum_to_1_are_refused_and_nothing_is_kept(store):
    with pytest.raises(SharesError) as refusal:
        _load(
            store,
            ("a", "1", "b", "X", 1), ("b", "X", "c", "Y", 0.5), ("b", "X", "c", "Z", 0.4),
        )  # fmt: skip
    assert refusal.value.facts["values"] == ["X"]
    with pytest.raises(divisions.NoCrosswalkError):
        _read(store, "a", "b")


def test_a_crosswalk_of_unknown_wards_is_refused(store):
    _put_wards(store, "old", {"1": 10, "2": 20})
    for rows in (
        [("old", "1", "new", "X", 1), ("old", "2", "new", "X", 1), ("old", "3", "new", "X", 1)],
        [("old", "1", "new", "X", 1)],  # where did 2 go?
        [("older", "1", "old", "7", 1)],
    ):
        with pytest.raises(UnknownWardsError):
            _load(store, *rows)
    with pytest.raises(MissingColumnsError):
        divisions.write_crosswalk(
            store, pd.DataFrame({"from_code": ["1"]}), actor="tester", source=SOURCE
        )


def test_a_missing_population_is_summed_where_all_parts_have_one(store):
    _put_wards(store, "old", {"1": 100, "2": 300, "3": None, "4": 50})
    _put_wards(store, "new", {"1": None, "2": None, "3": 7, "4": None}, valid_from=date(2025, 1, 1))
    _load(
        store,
        ("old", "1", "new", "2", 1), ("old", "2", "new", "2", 0.5), ("old", "2", "new", "1", 0.5),
        ("old", "3", "new", "1", 1), ("old", "4", "new", "4", 1),
        ("elsewhere", "9", "new", "4", 1),
    )  # fmt: skip
    wards = divisions.read_wards_with_population(store, division="new")
    assert wards["population"]["2"] == 250
    assert wards["population_source"]["2"] == "census"
    assert wards["population"]["3"] == 7  # its own
    assert pd.isna(wards["population"]["1"])  # the old 3 has none
    assert pd.isna(wards["population"]["4"])  # took in a ward nobody counted


def test_a_division_ends_when_it_says_so_or_the_next_begins(store):
    _put_wards(store, "old", {"1": 1}, valid_to=date(2024, 12, 31))
    _put_wards(store, "middle", {"1": 1}, valid_from=date(2025, 1, 1))
    _put_wards(store, "new", {"1": 1}, valid_from=date(2025, 7, 1))
    assert divisions.last_day_of(store, "old") == date(2024, 12, 31)
    assert divisions.last_day_of(store, "middle") == date(2025, 6, 30)
    assert divisions.last_day_of(store, "new") is None
    assert divisions.last_day_of(store, "never heard of") is None


def test_a_division_whose_wards_were_taken_back_ends_no_other(store):
    _put_wards(store, "old", {"1": 1})
    _put_wards(store, "mistaken", {"1": 1}, valid_from=date(2024, 3, 1))
    _put_wards(store, "new", {"1": 1}, valid_from=date(2025, 7, 1))
    assert divisions.last_day_of(store, "old") == date(2024, 2, 29)
    with store.begin(actor="tester") as transaction:
        undo_batch(transaction, 2)
    assert divisions.last_day_of(store, "old") == date(2025, 6, 30)


def test_a_change_of_wards_is_spanned_by_one_step_or_by_several(store):
    _put_wards(store, "old", {"1": 1})
    _put_wards(store, "new", {"3": 1}, valid_from=date(2025, 7, 1))
    assert divisions.changes(store) == {("old", "new"): False}
    _load(store, ("old", "1", "between", "2", 1), ("between", "2", "new", "3", 1))
    assert divisions.changes(store) == {("old", "new"): True}
