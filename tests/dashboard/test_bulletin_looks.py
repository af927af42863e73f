import functools
import io
from datetime import UTC, date, datetime
from itertools import combinations

import geopandas as gpd
import pandas as pd
import pypdf
import pytest
import shapely
import sqlalchemy as sa
from pptx import Presentation

from dashboard.questions import bulletin as question
from dashboard.questions import month_alerts
from dashboard.questions.bulletin import BulletinRequest
from dashboard.reports import bulletin, bulletin_letter, bulletin_pictures, bulletin_words
from dashboard.reports.bulletin_letter import Letterhead
from dashboard.reports.bulletin_slides import Box, fitting_size
from dashboard.texts import LANGUAGES, Texts
from data import tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

EN, VI = Texts("en"), Texts("vi")
HEAD = Letterhead(office=("Tỉnh Một", "Thành phố Hai"), signer=("Trưởng phòng", "Người Ký"))
DAY = date(2024, 12, 5)


@pytest.fixture(scope="module")
def november(demo_store):
    return question.answer(demo_store, BulletinRequest(month=date(2024, 11, 1), today=DAY))


@pytest.fixture(scope="module")
def november_letter(demo_store, november):
    """Set the letter of November once in each language."""

    @functools.cache
    def made(language):
        return letter(demo_store, Texts(language), november)

    return made


@pytest.fixture(scope="module")
def november_slides(demo_store, november):
    """Write the slides of November once in each language."""

    @functools.cache
    def made(language):
        content = bulletin.made(demo_store, Texts(language), november, form="pptx")
        return Presentation(io.BytesIO(content))

    return made


@pytest.fixture
def two_wards(tmp_path):
    """Make a city of two squares, the second without inhabitants; a theft at noon of each day.

    Rubbish is dumped at noon of other days. All is in the first square.
    """
    made = []

    def make(days, *, is_placed=True, dumped_on=()):
        store = Store.create(
            tmp_path / f"two{len(made)}.db",
            StoreProperties(
                city="Hai", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
            ),
        )
        made.append(store)
        corner = (582_000, 2_191_000)
        squares = gpd.GeoSeries(
            [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)], crs="EPSG:5897"
        ).translate(*corner)
        with store.begin(actor="tester") as transaction:
            transaction.connection.execute(
                sa.insert(tables.divisions).values(division="only", valid_from=date(2015, 1, 1))
            )
            wards = [
                {"row_key": f"only|{code}", "division": "only", "code": code, "name": name,
                 "population": people, "population_source": "census 2019", **outline}
                for code, name, people, outline in zip(
                    ("101", "102"), ("Phường Một", "Phường Hai"), (20_000, None),
                    shape_columns(squares), strict=True,
                )
            ]  # fmt: skip
            write_batch(transaction, "wards", wards, source=Source(file_name="drawing"))
            centre = squares.centroid.to_crs("EPSG:4326").iloc[0]
            place = {"longitude": centre.x, "latitude": centre.y} if is_placed else {}
            rows = []
            known = [("theft", day) for day in days]
            known += [("illegal_dumping", day) for day in dumped_on]
            for number, (category, day) in enumerate(known):
                moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
                rows.append(
                    {"row_key": f"|{number}", "source": "", "case_id": str(number),
                     "category": category, "starts_at": moment, "ends_at": moment,
                     "time_is_known": True, "division": "only", "ward_code": "101",
                     "location_quality": "exact" if is_placed else "ward", **place}
                )  # fmt: skip
            if rows:
                write_batch(transaction, "incidents", rows, source=Source(file_name="drawing"))
        return store

    yield make
    for store in made:
        store.close()


def asked(store, month, today):
    return question.answer(store, BulletinRequest(month=month, today=today))


def told(store, found, say=EN):
    return bulletin_words.wording(say, found, properties=store.properties)


def letter(store, say, found):
    content = bulletin.made(store, say, found, form="pdf", letterhead=HEAD)
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def squeezed(words):
    """Leave out what line ends and hyphens change."""
    return "".join(words.split()).replace("-", "").replace("\u00ad", "")


def thrice_a_month(first, last):
    return [
        date(month.year, month.month, day)
        for month in pd.period_range(first, last, freq="M")
        for day in (5, 12, 25)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_two_to_four_pages_with_all_that_it_must_say(
    language, demo_store, november, november_letter
):
    say = Texts(language)
    reader = november_letter(language)
    assert 2 <= len(reader.pages) <= 4
    bare = squeezed(words_of(reader))
    said = told(demo_store, november, say)
    for sentence in (said.headline, said.simulated, *said.summary, *said.alerts, *said.where,
                     *said.cameras, *said.cannot, *said.method):  # fmt: skip
        assert squeezed(sentence).removesuffix(".") in bare
    for page in reader.pages:
        assert squeezed(said.foot) in squeezed(page.extract_text())
    assert str(reader.root_object["/Lang"]) == language
    assert reader.metadata.title == said.title


def alternatives(node):
    """Collect the words given for pictures in the tree of a tagged file."""
    node = node.get_object()
    if isinstance(node, list):
        return [words for part in node for words in alternatives(part)]
    if not hasattr(node, "get"):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (alternatives(node["/K"]) if "/K" in node else [])


def test_the_map_and_every_chart_are_told_in_words(november, november_letter):
    reader = november_letter("vi")
    given = alternatives(reader.root_object["/StructTreeRoot"])
    n_hot = int(november.hot_spots.cells["is_hot"].sum())
    assert len(given) == 6
    assert sum(f"{n_hot} ô nóng" in words for words in given) == 1
    assert sum("303 vụ" in words or "(303)" in words for words in given) >= 1


def test_a_vietnamese_letter_has_the_order_of_the_decree(november_letter):
    text = squeezed(words_of(november_letter("vi")))
    order = [
        "THÀNH PHỐ HAI", VI("bulletin.number").split()[0], "BÁO CÁO",
        "Tình hình an ninh, trật tự", "1. Tóm tắt", "10. Phương pháp", "./.", "Nơi nhận:",
        "TRƯỞNG PHÒNG", "Người Ký",
    ]  # fmt: skip
    places = [text.index(squeezed(part)) for part in order]
    assert places == sorted(places)
    top = squeezed("BÁO CÁO")
    for part in (VI("bulletin.nation"), VI("bulletin.motto"), "ngày 05 tháng 12 năm 2024"):
        assert text.index(squeezed(part)) < text.index(top)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_other_letters_have_their_own_order_and_no_vietnamese_frame(language, november_letter):
    say = Texts(language)
    text = squeezed(words_of(november_letter(language)))
    order = [
        "Thành phố Hai", say("bulletin.re"), say("bulletin.summary"), say("bulletin.method"),
        "Trưởng phòng", say("bulletin.recipients_title"),
    ]  # fmt: skip
    places = [text.rindex(squeezed(part)) for part in order]
    assert places == sorted(places)
    assert squeezed(VI("bulletin.nation")) not in text
    assert squeezed(say("bulletin.nation")) not in text


def test_outside_vietnam_no_letter_names_the_nation(demo_store):
    properties = StoreProperties(
        city="Lyon", timezone="Europe/Paris", metric_crs="EPSG:2154", language="vi"
    )
    facts = bulletin_letter.facts(VI, HEAD, properties=properties, month=DAY, dated_on=DAY)
    assert facts["nation"] == facts["motto"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_shape_of_a_slide_leaves_it_or_lies_on_another(language, november_slides):
    made = november_slides(language)
    for slide in made.slides:
        boxes = {
            shape.shape_id: shapely.box(
                shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
            )
            for shape in slide.shapes
        }
        page = shapely.box(0, 0, made.slide_width, made.slide_height)
        assert all(page.covers(box) for box in boxes.values())
        for one, other in combinations(boxes.values(), 2):
            assert shapely.intersection(one, other).area == 0


def test_every_picture_table_and_chart_of_the_slides_is_told_in_words(november_slides):
    made = november_slides("vi")
    drawn = [
        shape
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or shape.shape_type == 13  # a picture
    ]
    assert len(drawn) >= 9
    for shape in drawn:
        assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 20
    assert all(slide.shapes.title.text_frame.text for slide in made.slides)


def test_the_rows_of_a_slides_table_are_high_enough_for_its_letters(november_slides):
    made = november_slides("en")
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_table:
                size = shape.table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size
                assert all(row.height >= 1.4 * size for row in shape.table.rows)


def test_more_words_never_get_larger_letters():
    box = Box(x=0, y=0, width=120, height=40)
    sizes = [fitting_size(["chữ " * n], box) for n in (1, 10, 40, 80, 160, 320)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 18
    assert sizes[-1] < sizes[0]


def test_each_count_has_one_colour_on_the_map(november):
    steps = bulletin_pictures.ramp_steps(november)
    most = int(november.hot_spots.cells["n"].max())
    held = [n for low, high in steps for n in range(low, high + 1)]
    assert held == list(range(1, most + 1))


def test_the_year_to_date_stops_both_years_at_the_same_day(two_wards):
    # three a month, in November one of them by the 10th
    store = two_wards([*thrice_a_month("2023-01", "2024-10"), date(2024, 11, 5)])
    found = asked(store, date(2024, 11, 1), date(2024, 11, 10))
    assert found.year.n == 10 * 3 + 1
    assert found.year.n_last_year == 10 * 3 + 1


def test_a_year_that_the_records_do_not_hold_is_not_compared(two_wards):
    store = two_wards(thrice_a_month("2023-03", "2024-11"))
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    assert (found.year.n, found.year.n_last_year) == (33, None)
    assert any(
        "no records of the same time last year" in line for line in told(store, found).summary
    )


def test_an_unfinished_month_says_at_which_day_it_is_cut(two_wards):
    store = two_wards(thrice_a_month("2023-01", "2024-11"))
    found = asked(store, date(2024, 11, 1), date(2024, 11, 15))
    said = told(store, found)
    assert EN("month.cut", day="15/11/2024") in said.summary
    assert "through 15/11/2024" in said.headline
    assert "15/11/2024" in words_of(letter(store, EN, found))


def test_a_month_without_incidents_is_a_bulletin_that_says_so(two_wards):
    days = [
        day for day in thrice_a_month("2023-01", "2024-12") if (day.year, day.month) != (2024, 6)
    ]
    store = two_wards(days)
    found = asked(store, date(2024, 6, 1), date(2024, 12, 31))
    said = told(store, found)
    assert EN("bulletin.cannot_none") in said.cannot
    assert said.where == (EN("bulletin.no_points"),)
    for form in bulletin.FORMS:
        assert bulletin.made(store, EN, found, form=form, letterhead=HEAD)


def test_a_month_that_nobody_sent_in_is_not_read_as_a_fall(two_wards):
    days = [day.date() for day in pd.date_range("2023-01-01", "2024-11-30", freq="2D")]
    store = two_wards([day for day in days if (day.year, day.month) != (2024, 6)])
    found = asked(store, date(2024, 6, 1), date(2024, 11, 30))
    # fifteen thefts a month; the other ward never had any
    assert found.month.silent_wards == ("Phường Một",)
    assert EN("month.silent") in told(store, found).summary
    november = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    assert november.month.silent_wards == ()


def test_records_that_begin_amid_a_month_say_so_there_and_of_the_year(two_wards):
    days = [day.date() for day in pd.date_range("2024-03-20", "2024-11-30", freq="2D")]
    store = two_wards(days)
    march = told(store, asked(store, date(2024, 3, 1), date(2024, 11, 30))).summary
    assert EN("month.begins", day="20/03/2024") in march
    found = asked(store, date(2024, 4, 1), date(2024, 11, 30))
    said = told(store, found).summary
    assert not any(line.startswith(EN("month.begins", day="")[:17]) for line in said)
    # every other day: six from the 20th of March, fifteen in April
    assert found.year.n == 21
    assert EN("bulletin.year_since", since="20/03/2024", day="30/04/2024", n="21") in said


def test_one_incident_gives_no_percentage_and_says_that_it_is_one(two_wards):
    store = two_wards([date(2024, 11, 5)])
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    assert EN("bulletin.cannot_few", n=1) in told(store, found).cannot
    reader = letter(store, EN, found)
    assert len(reader.pages) >= 1
    row = next(
        line for page in reader.pages for line in page.extract_text().splitlines()
        if line.startswith("Theft 1")
    )  # fmt: skip
    assert "%" not in row


def test_a_ward_without_inhabitants_has_no_rate_and_is_named(two_wards):
    store = two_wards(thrice_a_month("2024-01", "2024-11"), is_placed=False)
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    said = told(store, found)
    assert EN("bulletin.cannot_population", wards="Phường Hai") in said.cannot
    rows = {row["ward_code"]: row for row in question.as_json(found)["table"]["rows"]}
    # three thefts on 20,000 inhabitants
    assert rows["101"]["rate_per_10k"] == pytest.approx(1.5)
    assert pd.isna(rows["102"]["rate_per_10k"])
    assert pd.isna(rows["all"]["rate_per_10k"])


@pytest.mark.parametrize(
    ("month", "words"),
    [("2031-01", "01/2031"), ("2020-01", "01/2020"), ("2024-13", "2024-13")],
)
def test_a_month_that_cannot_be_is_one_sentence(month, words, two_wards, run, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    store = two_wards(thrice_a_month("2024-01", "2024-11"))
    code, out, err = run("report", "--month", month, "--today", "2024-11-30", store=store)
    assert (code, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--out", "x.docx"), ".pptx"), (("--lang", "de"), "de"), ((), "no incidents")],
    ids=["another ending", "another language", "no incident"],
)
def test_what_cannot_be_written_is_one_sentence(options, words, two_wards, run, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    store = two_wards([])
    code, out, err = run("report", "--today", "2024-11-30", *options, store=store)
    assert (code, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_a_type_that_begins_amid_the_records_is_said_as_a_break(two_wards):
    late = [day for day in thrice_a_month("2024-06", "2024-11") if day >= date(2024, 6, 12)]
    store = two_wards(thrice_a_month("2022-01", "2024-11"), dumped_on=late)
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    said = told(store, found).summary
    assert any("12/06/2024" in line and "dumping" in line.lower() for line in said)
    assert squeezed("12/06/2024") in squeezed(words_of(letter(store, EN, found)))


def test_a_month_of_alerts_names_each_with_what_was_done(two_wards):
    many = [date(2024, 11, 1 + number % 28) for number in range(40)]
    store = two_wards([*thrice_a_month("2022-11", "2024-10"), *many])
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    # the ward's thefts, and three sums that they are all of
    assert len(found.alerts) == 4
    month_alerts.clear(
        store, found.month, ward_code="101", category="theft", reason="counted twice", actor="ann"
    )
    found = asked(store, date(2024, 11, 1), date(2024, 11, 30))
    reader = letter(store, EN, found)
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    rows = [line for line in lines if "40 ▲" in line and ("open" in line or "cleared" in line)]
    assert len(rows) == 4
    assert [row for row in rows if "cleared: counted twice" in row] == [
        row for row in rows if row.startswith("Phường Một Theft")
    ]
    assert bulletin_words.alert_wards(found) == {"101": "above"}
    made = Presentation(io.BytesIO(bulletin.made(store, EN, found, form="pptx")))
    bold = [
        cell.text
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
        for cell in row.cells
        if "▲" in cell.text and cell.text_frame.paragraphs[0].runs[0].font.bold
    ]
    # twice in types, four times in ward by type, four times among the alerts
    assert bold == ["40 ▲"] * 10


def test_the_command_reads_the_month_aloud(two_wards, run):
    store = two_wards(thrice_a_month("2023-01", "2024-11"))
    code, out, err = run(
        "report", "--month", "2024-11", "--lang", "fr", "--today", "2024-11-30", store=store
    )
    assert code == 0, err
    assert "3 faits" in out
    assert "33 faits" in out
