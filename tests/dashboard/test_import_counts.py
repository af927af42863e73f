"""The step before writing counts the rows that are written, and the last one says what was left."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.importing_page import preview, steps
from dashboard.texts import LANGUAGES, texts
from data.store import Store

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
TODAY = date(2024, 12, 31)
HEAD = "Mã vụ việc,Ngày xảy ra,Phường,Tội danh"
ONE, TWO, THREE = (f"V{n},{n}/11/2023,Phường Một,Trộm cắp tài sản" for n in (1, 2, 3))
OTHERWISE = "V1,9/11/2023,Phường Một,Trộm cắp tài sản"


def checked(store, *lines):
    upload = steps.Upload("so.csv", "\n".join([HEAD, *lines]).encode())
    taken = steps.take(upload, "incidents", store, today=TODAY)
    return steps.check(taken, store, today=TODAY, actor="An")


@pytest.mark.parametrize(
    ("known", "lines", "written"),
    [
        ((), (ONE, TWO), ["V1", "V2"]),
        ((), (ONE, TWO, ONE), ["V1", "V2"]),
        ((THREE,), (ONE, THREE, TWO, ONE), ["V1", "V2"]),
        ((ONE,), (OTHERWISE, TWO, TWO), ["V1", "V2"]),
        ((), (ONE, OTHERWISE, TWO), ["V1", "V1", "V2"]),
        ((ONE,), (ONE, ONE), None),
    ],
    ids=["all new", "repeated", "known and repeated", "changed", "told twice", "nothing new"],
)
def test_the_counts_of_the_map_are_those_of_the_rows_that_are_written(
    drawn_city: Store, known, lines, written
):
    if known:
        steps.write(checked(drawn_city, *known), drawn_city, actor="An")
    progress = checked(drawn_city, *lines)
    if written is None:  # nothing is written, and all that was read can be looked at
        assert progress.n_to_write == 0
        assert len(preview.to_write(progress)) == len(lines)
        return
    assert [row["case_id"] for row in preview.to_write(progress)] == written
    assert progress.n_to_write == len(written)
    assert preview.by_ward(progress).sum() == len(written)
    assert dict(preview.by_quality(progress))["ward"] == len(written)


def press(page, label):
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_step_says_again_which_tables_were_not_read(drawn_city, monkeypatch, language):
    for name, value in (("ACTOR", "An"), ("STORE", str(drawn_city.location))):
        monkeypatch.setenv(f"VONGLAU_{name}", value)
    book = openpyxl.Workbook()
    book.active.title = "A"
    for sheet, lines in ((book.active, (ONE, TWO)), (book.create_sheet("B"), (THREE,))):
        for line in (HEAD, *lines):
            sheet.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    say = texts(language)
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    page.file_uploader[0].upload("so.xlsx", stream.getvalue(), "application/octet-stream").run()
    press(page, say("imports.next_rows", n=2))
    usable = page.dataframe[0].value
    assert usable[say("imports.field.place")].tolist() == ["", ""]  # not the word None
    press(page, say("imports.next_map"))
    press(page, say("imports.write", n=2))
    warned = [each.value.replace("\\", "") for each in page.warning]
    assert [say("imports.done_unread", tables="B") in each for each in warned] == [True]
