"""What is typed over refused rows outlasts the grid: through views, steps, and cancelled checks."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
SHEET = """Mã vụ việc,Ngày xảy ra,Phường,Tội danh
V1,15/11/2023,Phường Một,Trộm cắp tài sản
V2,25/11/2023,Phường Một,Trộm cắp tài sản
V3,31/02/2023,Phường Một,Trộm cắp tài sản
V4,11/25/2023,Phường Một,Trộm cắp tài sản
V5,15/11/2023,Phường Mộtt,Trộm cắp tài sản
"""
DAY, WARD = {"0": {"becomes": "28/02/2023"}}, {"2": {"becomes": "Phường Một"}}
CHECK = "Check {} corrected row"


@pytest.fixture
def page(drawn_city, monkeypatch):
    """The rows of a file, of which rows 4, 5 and 6 are refused."""
    for name, value in (("ACTOR", "An"), ("LANG", "en"), ("STORE", str(drawn_city.location))):
        monkeypatch.setenv(f"VONGLAU_{name}", value)
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    page.file_uploader[0].upload("so.csv", SHEET.encode(), "text/csv")
    page.run()
    return press(page, "Next: check 5 rows")


def press(page, label):
    next(button for button in page.button if label in button.label).click()
    page.run()
    assert not page.exception
    return page


def lead(page):
    return next(each.value for each in page.markdown if each.value.startswith("## "))


def grid(page):
    """The grid of refused rows, as the browser shows it before anybody types."""
    return next(each for each in page.dataframe if "becomes" in each.value)


def type_in(page, edits):
    """Type into the grid as the browser tells it: all that was typed since it was drawn."""
    states = page._tree.get_widget_states()
    told = states.widgets.add(id=grid(page).proto.id)
    told.string_value = json.dumps({"edited_rows": edits, "added_rows": [], "deleted_rows": []})
    page._run(states)
    assert not page.exception
    return page


def labels(page):
    return [button.label for button in page.button]


def has(page, label):
    return any(label in each for each in labels(page))


def test_nothing_goes_on_before_what_was_typed_is_checked(page):
    assert has(page, "Next: see on the map")
    type_in(page, {**DAY, **WARD})
    assert not has(page, "Next: see on the map")
    press(page, CHECK.format(2))
    assert "**4** new, **1** refused" in lead(page)  # rows 4 and 6 are right now
    assert has(page, "Next: see on the map")
    assert not has(page, "Drop what was typed")


def test_typing_and_pressing_next_at_once_goes_nowhere(page):
    states = page._tree.get_widget_states()
    told = states.widgets.add(id=grid(page).proto.id)
    told.string_value = json.dumps({"edited_rows": DAY, "added_rows": [], "deleted_rows": []})
    on = next(button for button in page.button if "Next: see" in button.label)
    states.widgets.add(id=on.proto.id).trigger_value = True
    page._run(states)
    assert has(page, CHECK.format(1))
    assert has(page, "Drop what was typed")


def test_what_was_typed_is_there_again_after_other_views(page):
    type_in(page, DAY)
    show = next(c for c in page.button_group if any("Usable" in str(o) for o in c.options))
    show.set_value("usable").run()
    assert not any("becomes" in each.value for each in page.dataframe)
    assert has(page, CHECK.format(1))
    show = next(c for c in page.button_group if any("Usable" in str(o) for o in c.options))
    show.set_value("refused").run()
    assert grid(page).value["becomes"].tolist() == ["28/02/2023", "", ""]
    type_in(page, WARD)  # in the grid that was drawn anew
    press(page, CHECK.format(2))
    assert "**4** new, **1** refused" in lead(page)


def test_what_was_typed_is_there_again_after_the_columns_were_changed(page):
    type_in(page, {**DAY, **WARD})
    press(page, "Columns")
    offence = next(box for box in page.selectbox if box.label == "Tội danh")
    offence.set_value("").run()
    press(page, "Next: check 5 rows")
    assert grid(page).value["becomes"].tolist() == ["28/02/2023", "", "Phường Một"]
    press(page, CHECK.format(2))
    assert "**4** new, **1** refused" in lead(page)


def test_what_was_typed_for_a_column_is_never_put_into_another(page):
    type_in(page, WARD)
    press(page, "Columns")
    ward = next(box for box in page.selectbox if box.label == "Phường")
    ward.set_value("").run()
    assert has(page, "Next: check 5 rows")
    if not next(b for b in page.button if "Next: check" in b.label).disabled:
        press(page, "Next: check 5 rows")
        assert not has(page, "corrected row")


def test_what_was_typed_can_be_taken_back_or_dropped(page):
    type_in(page, DAY)
    type_in(page, {"0": {"becomes": ""}})
    assert has(page, "Next: see on the map")
    type_in(page, {**DAY, "1": {"take": True}})
    assert has(page, CHECK.format(2))
    press(page, "Drop what was typed")
    assert grid(page).value["becomes"].tolist() == ["", "", ""]
    assert has(page, "Next: see on the map")


def test_all_suggestions_are_taken_together_with_what_was_typed(page):
    type_in(page, DAY)
    press(page, "Take 2 suggestions")
    assert "**5** new" in lead(page)
    assert not has(page, "corrected row")


def test_another_file_begins_with_nothing_typed(page):
    type_in(page, DAY)
    press(page, "File")
    page.file_uploader[0].upload("so.csv", SHEET.encode(), "text/csv")
    page.run()
    press(page, "Next: check 5 rows")
    assert grid(page).value["becomes"].tolist() == ["", "", ""]


def test_a_layer_that_is_written_without_a_map_waits_too(page):
    press(page, "File")
    page.selectbox[0].set_value("models").run()
    sheet = b"model_id,maker,fov_deg,detect_m\nM1,A,90,60\nM2,B,wide,60\n"
    page.file_uploader[0].upload("loai.csv", sheet, "text/csv")
    page.run()
    press(page, "Next: check 2 rows")
    assert has(page, "Write 1 row")
    type_in(page, {"0": {"becomes": "60"}})
    assert not has(page, "Write ")
    press(page, CHECK.format(1))
    press(page, "Write 2 rows")
    assert "**2** new" in lead(page)
