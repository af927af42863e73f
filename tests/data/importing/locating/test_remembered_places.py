"""What the words of a place mean is asked once, and a file that comes again stays as it stands.

Metres from the city's south-west corner: Hàng Đồng is two pieces of the first ward, at east 50 and
east 800.
"""

from datetime import date

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from data import importing, layers, tables
from data.importing import Options
from data.importing.errors import AnswerNotAllowedError
from data.importing.open_questions import AT_WARD
from data.rows import Source, undo_batch, write_batch
from data.shapes import shape_columns

TODAY = date(2025, 12, 31)
CORNER = (582_000, 2_191_000)
HEAD = "Số vụ việc,Ngày,Giờ,Phường/xã,Địa điểm,Tội danh"
WEST, EAST = [(50, 50), (100, 50)], [(800, 50), (900, 50)]


def draw(city, *pieces):
    lines = gpd.GeoSeries([shapely.LineString(at) for at in pieces], crs="EPSG:5897")
    rows = [
        {"row_key": str(i), "kind": "street", "name": "Hàng Đồng", **shape}
        for i, shape in enumerate(shape_columns(lines.translate(*CORNER)))
    ]
    with city.begin(actor="tester") as transaction:
        return write_batch(transaction, "streets", rows, source=Source(file_name="drawing")).batch


@pytest.fixture
def drawn(city):
    return draw(city, WEST, EAST)


@pytest.fixture
def bring(city, write_csv, drawn):
    def bring(*lines, name="ledger.csv", **options):
        return importing.import_file(
            city, write_csv(HEAD, *lines, name=name), layer="incidents", actor="Lan", today=TODAY,
            options=Options(**options),
        )  # fmt: skip

    return bring


def row(case, *, house=5, day="08/03/2025", ward="Đông Thọ"):
    return f"{case},{day},20h30,{ward},{house} Hàng Đồng,Trộm cắp"


def counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def easts(city):
    found = layers.read_incidents(city).to_crs("EPSG:5897").set_index("case_id")
    return {case: None if p is None else int(p.x - CORNER[0]) for case, p in found.geometry.items()}


def chosen(report, which):
    (question,) = report.places.questions
    return {question.key: which(question.choices, key=lambda one: one.longitude).key}


def test_an_answer_holds_for_the_same_file_and_for_next_month(bring, city):
    lines = (row(1), row("", house=7))
    bring(*lines, place_answers=chosen(bring(*lines, dry_run=True), max))
    again = bring(*lines)
    assert counts(again) == (0, 0, 2, 0)
    (question,) = again.places.questions
    assert (question.remembered[0], question.answer) == ("Lan", question.choices[1].key)
    report = bring(row(9, house=31, day="08/04/2025"), name="next.csv")
    assert report.n_by_quality["street"] == 1
    assert all(800 <= east <= 900 for east in easts(city).values())
    other_ward = bring(row(10, ward="Hàm Rồng"), name="c.csv").places.questions
    assert [q.answer for q in other_ward] == [None]  # the words were answered for another ward


def test_what_is_told_this_time_wins_and_is_remembered_next(bring, city):
    asked = bring(row(1), dry_run=True)
    bring(row(1), place_answers=chosen(asked, max))
    assert counts(bring(row(1), place_answers=chosen(asked, min))) == (0, 1, 0, 0)
    assert counts(bring(row(1))) == (0, 0, 1, 0)
    assert 50 <= easts(city)["1"] <= 100
    (key,) = chosen(asked, min)
    assert counts(bring(row(1), place_answers={key: AT_WARD})) == (0, 1, 0, 0)
    assert counts(bring(row(1))) == (0, 0, 1, 0)
    assert easts(city) == {"1": None}


def test_a_trial_and_an_answer_that_is_no_candidate_are_not_remembered(bring, city):
    asked = bring(row(1), dry_run=True)
    bring(row(1), place_answers=chosen(asked, max), dry_run=True)
    (key,) = chosen(asked, max)
    with pytest.raises(AnswerNotAllowedError):
        bring(row(1), place_answers={key: "street:somewhere:9"})
    with city.read() as connection:
        assert connection.execute(sa.select(tables.remembered_places)).all() == []


def test_each_source_has_its_own_answer_first(bring, city):
    asked = bring(row(1), dry_run=True)
    bring(row(1), source="CA 1", place_answers=chosen(asked, max))
    bring(row(1), source="CA 2", place_answers=chosen(asked, min))
    for number, (source, is_east) in enumerate([("CA 1", True), ("CA 2", False), ("CA 3", False)]):
        bring(row(20 + number), source=source, name="b.csv")
        assert (easts(city)[str(20 + number)] > 500) is is_east


def test_an_answer_outlives_other_drawings_of_the_streets(bring, city, drawn):
    bring(row(1), place_answers=chosen(bring(row(1), dry_run=True), max))
    stood = easts(city)["1"]
    with city.begin(actor="tester") as transaction:
        undo_batch(transaction, drawn)
    turned = draw(city, EAST, WEST, [(400, 900), (450, 900)])  # other numbers for the same pieces
    assert counts(bring(row(1))) == (0, 0, 1, 0)
    assert easts(city)["1"] == stood
    with city.begin(actor="tester") as transaction:
        undo_batch(transaction, turned)
    draw(city, WEST, [(400, 900), (450, 900)])  # the piece that was meant is gone
    report = bring(row(2), name="next.csv")
    assert easts(city)["2"] == 850  # the middle of what was chosen
    assert report.places.questions[0].choices[0].name == "Hàng Đồng"


def test_words_about_a_person_are_not_remembered(bring, city):
    line = "1,08/03/2025,20h30,Đông Thọ,Hàng Đồng nhà ông Nguyễn Văn An,Trộm cắp"
    (question,) = bring(line, dry_run=True).places.questions
    bring(line, place_answers={question.key: AT_WARD})
    with city.read() as connection:
        assert connection.execute(sa.select(tables.remembered_places)).all() == []
