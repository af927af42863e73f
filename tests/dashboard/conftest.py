"""A real browser for the tests that need one, and the dashboard served to it.

Look at a page by hand, with the dashboard running:

    .venv/bin/python -c "import sys; sys.path.insert(0, 'tests/dashboard'); import conftest; \
        conftest.screenshot('http://127.0.0.1:8501', '/tmp/page.png', dark=True)"
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import local_script_runner

NO_BROWSER = "no Chromium: apt-get install chromium (or set VONGLAU_CHROMIUM)"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
THIS_MACHINE = {"127.0.0.1", "localhost"}
START_WITHIN_S = 60

SERVE = """
import sys
from pathlib import Path
from dashboard import server
store, port, script = sys.argv[1:4]
server.serve(store, port=int(port), open_browser=False,
             script=Path(script) if script else server.SCRIPT)
"""


def find_chromium() -> str | None:
    named = os.environ.get("VONGLAU_CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    with sync_playwright() as playwright:
        found.append(playwright.chromium.executable_path)
    return next((path for path in found if path and Path(path).is_file()), None)


@contextmanager
def launched(executable: str):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page) -> None:
    """Wait until the page has run and stays so, its maps drawn."""
    page.wait_for_selector(SETTLED, timeout=180_000)
    page.wait_for_timeout(400)
    page.wait_for_selector(SETTLED, timeout=180_000)
    for frame in page.frames:
        if "st_folium" in frame.url:
            frame.wait_for_function(
                "window.map && window.map.vl && window.map.vl.view", timeout=120_000
            )
    page.wait_for_timeout(400)


def screenshot(
    url: str,
    path: str | Path,
    *,
    width: int = 1366,
    height: int = 768,
    dark: bool = False,
    press: str | None = None,
) -> None:
    """Take a picture of a page that is being served, once a button is pressed if one is named."""
    executable = find_chromium()
    if executable is None:
        raise RuntimeError(NO_BROWSER)
    with launched(executable) as browser:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        page.goto(url)
        settle(page)
        if press is not None:
            page.get_by_role("button", name=press, exact=True).click()
            page.get_by_test_id("stDataFrame").first.wait_for(timeout=180_000)
            settle(page)
        page.screenshot(path=str(path))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(store: str | Path, *, script: str | Path = ""):
    """Serve the dashboard, or another page, on a free port of this machine; gives its address.

    It is started from a foreign folder, as a person may start it: the look must not depend on that.
    """
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(store), str(port), str(script)]
    elsewhere = tempfile.mkdtemp(prefix="vonglau-")
    said = Path(elsewhere) / "said.txt"  # nobody empties a pipe while the dashboard runs
    with said.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=elsewhere)
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                break
        else:
            process.kill()
            process.wait()
            pytest.fail(f"the dashboard did not start:\n{said.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(elsewhere, ignore_errors=True)


@dataclass
class Visit:
    """A page in the browser, and everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, url: str) -> None:
        self.page.goto(url)
        settle(self.page)

    def map_frame(self):
        self.page.wait_for_selector("iframe[title*=st_folium]", timeout=180_000)
        frame = self.page.query_selector("iframe[title*=st_folium]").content_frame()
        frame.wait_for_function(
            "window.map && window.map.vl && window.map.vl.view", timeout=120_000
        )
        return frame

    def outside_requests(self) -> list[str]:
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(url).hostname not in THIS_MACHINE
        ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Let all tests that miss a browser say so together, in one line."""
    report = yield
    if report.skipped and NO_BROWSER in str(report.longrepr):
        report.longrepr = (__file__, 1, f"Skipped: {NO_BROWSER}")
    return report


@pytest.fixture(scope="session")
def browser():
    executable = find_chromium()
    if executable is None:
        if os.environ.get("VONGLAU_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with launched(executable) as started:
        yield started


@pytest.fixture(scope="session", autouse=True)
def _waiting_costs_nothing():
    """Wait for the thread of a page instead of asking a thousand times a second if it is done."""
    complain = local_script_runner.require_widgets_deltas

    def wait(runner, timeout):
        runner._script_thread.join(timeout)
        if not runner.script_stopped():
            complain(runner, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(autouse=True)
def _patient_import_page(monkeypatch):
    """On a busy machine too, what a small file becomes is shown at once, not how far it is."""
    monkeypatch.setattr("dashboard.importing_page.state.PATIENCE_S", 60.0)


@pytest.fixture(scope="session")
def serve_dashboard():
    """Give a context manager: ``with serve_dashboard(store, script=…) as url``."""
    return serving


@pytest.fixture(scope="session")
def demo_address(demo_store):
    """The dashboard on the demo city, for all who look and change nothing; it keeps its work."""
    with serving(demo_store.location) as url:
        yield url


@pytest.fixture
def visit(browser: Browser):
    """Open a fresh page, and check at the end that it asked nothing of another machine."""
    opened: list[Visit] = []

    def open_page(*, dark: bool = False, width: int = 1366, height: int = 768) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        seen = Visit(context.new_page())
        context.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("websocket", lambda socket_: seen.requests.append(socket_.url))
        context.on(
            "console",
            lambda message: (
                seen.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        context.on("weberror", lambda error: seen.complaints.append(str(error.error)))
        opened.append(seen)
        return seen

    yield open_page
    for seen in opened:
        seen.page.context.close()
    asked_outside = [url for seen in opened for url in seen.outside_requests()]
    assert asked_outside == []
