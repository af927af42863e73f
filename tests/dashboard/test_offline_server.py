import asyncio
import queue
import socket
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboard import server
from dashboard.questions import looks
from dashboard.server import CONTENT_SECURITY_POLICY, PortsTakenError, SecurityHeaders, free_port


def answer_headers(status_headers):
    """What a browser gets when an app answers with these headers."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": status_headers})
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    called = SecurityHeaders(app)({"type": "http"}, None, send)
    with ThreadPoolExecutor(1) as other_thread:  # a browser test keeps a loop in this one
        other_thread.submit(asyncio.run, called).result()
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


def test_every_answer_carries_the_policy():
    headers = answer_headers([(b"content-type", b"text/html")])
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["content-type"] == "text/html"


def test_a_weaker_policy_of_the_app_is_replaced():
    headers = answer_headers([(b"content-security-policy", b"default-src *")])
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_the_policy_names_no_other_machine():
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    allowed = {source for sources in rules.values() for source in sources.split()}
    assert allowed <= {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}
    assert rules["default-src"] == "'self'"
    assert rules["connect-src"] == "'self'"


def test_streamlit_knows_every_setting():
    assert set(server.settings()) <= set(config._config_options_template)


def test_nothing_is_left_out_of_the_settings():
    def leaves(table):
        return sum(leaves(each) if isinstance(each, dict) else 1 for each in table.values())

    written = tomllib.loads(server.CONFIG.read_text(encoding="utf-8"))
    assert len(server.settings()) == leaves(written)


def test_the_browser_never_calls_home_and_no_outside_address_is_asked_for():
    assert server.settings()["browser.gatherUsageStats"] is False
    assert server.settings()["logger.hideWelcomeMessage"] is True


def test_a_free_port_is_taken_as_wanted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert free_port("127.0.0.1", port) == port


def test_a_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        chosen = free_port("127.0.0.1", wanted)
        assert wanted < chosen < wanted + server.PORTS_TO_TRY
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", chosen))


def test_when_no_port_is_free_it_says_so(monkeypatch):
    monkeypatch.setattr(server, "PORTS_TO_TRY", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortsTakenError):
            free_port("127.0.0.1", taken.getsockname()[1])


def served_with(monkeypatch, **options):
    """The address told, and what Streamlit is started with."""
    started, told = {}, []
    monkeypatch.setattr(server.App, "run", lambda _, *, config: started.update(config))
    monkeypatch.setenv(server.STORE_VARIABLE, "elsewhere.db")
    server.serve("city.db", open_browser=False, on_start=told.append, **options)
    return told, started


def test_only_this_machine_can_reach_it_unless_told_otherwise(monkeypatch):
    _, started = served_with(monkeypatch)
    assert started["server.address"] == "127.0.0.1"
    _, started = served_with(monkeypatch, host="0.0.0.0")  # noqa: S104
    assert started["server.address"] == "0.0.0.0"  # noqa: S104


def test_the_address_told_is_the_one_served(monkeypatch):
    (address,), started = served_with(monkeypatch, port=8765)
    assert address == f"http://127.0.0.1:{started['server.port']}"


def test_the_store_is_handed_to_the_page(monkeypatch):
    served_with(monkeypatch)
    assert server.os.environ[server.STORE_VARIABLE] == "city.db"


def test_compiled_code_and_houses_are_loaded_while_the_dashboard_starts(monkeypatch):
    loaded = queue.SimpleQueue()
    monkeypatch.setattr(server, "warm_up", loaded.put)
    served_with(monkeypatch)
    assert loaded.get(timeout=30) == "city.db"


def test_the_first_visitor_does_not_wait_for_the_houses(monkeypatch, drawn_city):
    prepared = []
    read = looks.ground
    monkeypatch.setattr(looks, "ground", lambda store: prepared.append(store) or read(store))
    server.warm_up(drawn_city.location)
    assert len(prepared) == 1
    page = AppTest.from_file(server.HERE / "views" / "covered.py", default_timeout=60)
    monkeypatch.setenv(server.STORE_VARIABLE, drawn_city.location)
    page.run()
    assert not page.exception
    assert len(prepared) == 1


def test_a_store_that_is_not_there_stops_no_start(tmp_path):
    server.warm_up(str(tmp_path / "none.db"))


def test_what_is_loaded_before_the_start_is_not_the_maps_frame_which_would_then_be_lost(drawn_city):
    words = (
        "import sys; from dashboard import server; server.warm_up(sys.argv[1]);"
        "assert 'streamlit_folium' not in sys.modules"
    )
    command = [sys.executable, "-c", words, drawn_city.location]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
