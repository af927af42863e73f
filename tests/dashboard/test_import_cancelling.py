"""A long import on the page and on the command line: how far it is, and how it is cancelled."""

import json
import signal
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cli
from dashboard.commands import import_line
from dashboard.import_progress import CHECKING, WHOLE, Listener
from dashboard.importing_page import state
from dashboard.texts import Texts
from data import importing, tables
from data.progress import tell, watched
from data.rows import in_force

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
SAY = Texts("en")
SOON_S = 30
SHEET = "Mã vụ việc,Ngày xảy ra,Phường,Tội danh\n" + "".join(
    f"V{n},15/11/2023,Phường Một,Trộm cắp tài sản\n" for n in range(5)
)


@pytest.fixture
def city(drawn_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    return drawn_city


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "so.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def n_incidents(store):
    with store.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).where(in_force(tables.incidents)))


def held(monkeypatch, name, n_done, n_rows):
    """Have a step of the import tell how far it is and wait; gives the gate that lets it go on."""
    gate, step = threading.Event(), getattr(importing, name)

    def slow(*args, **kwargs):
        if not (name == "commit" and kwargs.get("dry_run")):
            tell("write" if name == "commit" else "check", n_done, n_rows)
            gate.wait(SOON_S)
        return step(*args, **kwargs)

    monkeypatch.setattr(importing, name, slow)
    return gate


def run(page):
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def press(page, label):
    next(b for b in page.button if b.label == label).click()
    return run(page)


def opened():
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    run(page).file_uploader[0].upload("so.csv", SHEET.encode(), "text/csv")
    return run(page)


def finished(page, gate):
    """Let the step that waits go on, and draw the page when it is over."""
    work = page.session_state[state.KEY].work
    gate.set()
    work.join(SOON_S)
    return run(page)


def bar(page):
    return page.get("progress")[0].proto


def test_a_check_that_takes_long_shows_how_far_it_is_and_is_cancelled(city, monkeypatch):
    page = opened()
    monkeypatch.setattr(state, "PATIENCE_S", 0.3)
    gate = held(monkeypatch, "check", 240_000, 1_000_000)
    press(page, "Next: check 5 rows")
    assert bar(page).text.startswith("Checked 240,000 of 1,000,000 rows · ")
    press(page, SAY("imports.progress.stop"))
    assert bar(page).text == SAY("imports.progress.stopping")
    finished(page, gate)
    assert page.info[0].value == SAY("imports.progress.was_stopped")
    assert n_incidents(city) == 3  # those of the drawing

    monkeypatch.setattr(state, "PATIENCE_S", SOON_S)
    press(page, "Next: check 5 rows")  # the file is still there, and the gate is open
    assert any(m.value.startswith("## **5** rows read") for m in page.markdown)


def test_writing_that_is_cancelled_keeps_nothing_and_can_be_done_again(city, monkeypatch):
    page = press(press(opened(), "Next: check 5 rows"), "Next: see on the map")
    before = city.version
    monkeypatch.setattr(state, "PATIENCE_S", 0.3)
    gate = held(monkeypatch, "commit", 1, 5)
    press(page, "Write 5 rows")
    press(page, SAY("imports.progress.stop"))
    finished(page, gate)
    assert page.info[0].value == SAY("imports.progress.was_stopped")
    assert (city.version, n_incidents(city)) == (before, 3)

    monkeypatch.setattr(state, "PATIENCE_S", SOON_S)
    press(page, "Write 5 rows")
    assert n_incidents(city) == 8


def test_a_file_whose_reading_was_cancelled_is_read_without_being_sent_again(city, monkeypatch):
    gate = held(monkeypatch, "read_remembering", 0, 0)
    monkeypatch.setattr(state, "PATIENCE_S", 0.3)
    page = opened()
    work = page.session_state[state.KEY].work
    press(page, SAY("imports.progress.stop"))  # nobody waits for the reading to come to its end
    assert page.info[0].value == SAY("imports.progress.was_stopped")
    gate.set()
    work.join(SOON_S)
    assert work.after is None
    monkeypatch.setattr(state, "PATIENCE_S", SOON_S)
    again = SAY("imports.progress.read_again", file="so.csv")
    press(page, next(b.label for b in page.button if b.label.replace("\\", "") == again))
    assert "Next: check 5 rows" in [b.label for b in page.button]


def test_the_share_of_an_import_never_falls():
    heard = Listener(steps=CHECKING, is_cancelled=lambda: False)
    shares = []
    with heard.listening():
        for told in [("check", 0, 10), ("check", 10, 10), ("locate", 0, 4), ("write", 5, 10),
                     ("check", 0, 10), ("write", 10, 10), ("read", 1, 9)]:  # fmt: skip
            tell(*told)
            shares.append(heard.share)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, pytest.approx(1.0))


def test_what_is_left_runs_down_while_nothing_is_told_and_is_then_not_known():
    now = [0.0]
    heard = Listener(steps=("write",), is_cancelled=lambda: False, clock=lambda: now[0])
    with heard.listening():
        now[0] = 10.0
        tell("write", 50, 100)  # half of it in 10 s: 10 s more
        left = []
        for now[0] in (10.0, 11.0, 14.0, 60.0):
            tell("write", 50, 100)
            left.append(heard.left_s())
        tell("write", 75, 100)  # three quarters in 60 s
    assert left == [10.0, 9.0, 6.0, None]
    assert heard.left_s() == pytest.approx(20.0)


def test_every_step_of_a_check_is_told_with_its_own_words(city, sheet):
    seen = []
    with watched(lambda *told: seen.append(told[0])):
        importing.import_file(city, sheet, layer="incidents", actor="An", today=date(2024, 1, 1))
    assert list(dict.fromkeys(seen)) == list(WHOLE)
    words = [SAY(f"imports.progress.{step}") for step in WHOLE]
    assert len(set(words)) == len(WHOLE)


def command(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["vonglau", "import", "incidents", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    return left.value.code or 0, said.out, said.err


@pytest.mark.parametrize("during", ["read", "check", "write"])
def test_ctrl_c_ends_the_command_with_a_sentence_and_nothing_changed(
    city, sheet, monkeypatch, capsys, during
):
    before, hear = city.version, Listener._hear

    def heard(listener, step, done, total):
        hear(listener, step, done, total)
        if step == during:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Listener, "_hear", heard)
    handler = signal.getsignal(signal.SIGINT)
    code, out, err = command(monkeypatch, capsys, sheet)
    assert (code, out, err) == (130, "", "The import was cancelled; the store was not changed.\n")
    assert (city.version, n_incidents(city)) == (before, 3)
    assert signal.getsignal(signal.SIGINT) is handler


def test_progress_is_told_when_asked_and_never_among_the_json(city, sheet, monkeypatch, capsys):
    monkeypatch.setattr(import_line, "FIRST_AFTER_S", 0.0)
    code, out, err = command(monkeypatch, capsys, sheet, "--json")
    assert (code, json.loads(out)["n_accepted"], err) == (0, 5, "")
    code, out, err = command(monkeypatch, capsys, sheet, "--json", "--progress")
    assert (code, json.loads(out)["n_duplicates"]) == (0, 5)
    assert "s so far" in err
