"""Starts the dashboard: Streamlit with our look, on this machine, with nothing from outside.

Every page carries a Content-Security-Policy, so a browser refuses whatever would be fetched from,
or sent to, another machine, even if a library wished to.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import threading
import time
import tomllib
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

from analysis.errors import VongLauError
from dashboard.tiles import PUBLISHED, SQUARES, UnknownSquareError
from data.locations import STORE_VARIABLE

HERE = Path(__file__).parent
CONFIG = HERE / ".streamlit" / "config.toml"
SCRIPT = HERE / "app.py"

THIS_MACHINE = "127.0.0.1"
PORTS_TO_TRY = 50
SQUARE = "{name}/{level}/{column:int}/{row:int}"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit and Plotly write scripts and styles into the page; the map's frame is drawn by
        # a script handed to it. All of it is ours: the page holds no text that a visitor wrote
        # as markup.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)


class PortsTakenError(VongLauError, OSError):
    """Neither the port asked for nor any of those after it is free."""

    code = "ports_taken"


class SecurityHeaders:
    """Sends the policy with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def hand_out_square(request: Request) -> Response:
    """Answer what the map asks for as it moves: a square of its ground, gzipped JSON.

    The name in the address changes with the data, so a browser may keep what it got.
    """
    asked = request.path_params
    try:
        square = PUBLISHED.square(asked["name"], asked["level"], asked["column"], asked["row"])
    except UnknownSquareError:
        return Response(status_code=404)
    return Response(
        square,
        media_type="application/json",
        headers={"Content-Encoding": "gzip", "Cache-Control": "private, max-age=86400, immutable"},
    )


def settings() -> dict[str, Any]:
    """Read how Streamlit is to run and look, by the dotted names it uses.

    Examples
    --------
    >>> settings()["browser.gatherUsageStats"], settings()["theme.dark.primaryColor"]
    (False, '#7FB2E5')
    """
    return _flat(tomllib.loads(CONFIG.read_text(encoding="utf-8")))


def free_port(host: str, wanted: int) -> int:
    """Find a free port: the one wanted, or the next one.

    Raises
    ------
    PortsTakenError
        None of the next fifty is free.

    Examples
    --------
    >>> with socket.socket() as taken:
    ...     taken.bind(("127.0.0.1", 0))
    ...     taken.listen()
    ...     port = taken.getsockname()[1]
    ...     free_port("127.0.0.1", port) > port
    True
    """
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            if os.name != "nt":  # on Windows this would call a taken port free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise PortsTakenError(host=host, port=wanted, n_tried=PORTS_TO_TRY)


def serve(
    store_location: str | Path,
    *,
    host: str = THIS_MACHINE,
    port: int = 8501,
    open_browser: bool = True,
    script: Path = SCRIPT,
    on_start: Callable[[str], None] | None = None,
) -> None:
    """Open the dashboard on a store, until it is stopped.

    Parameters
    ----------
    store_location
        The store, as a path or a URL.
    host
        Who can reach it: this machine alone, unless told otherwise (``0.0.0.0``: everybody).
    port
        Wanted port; the next free one is taken when another program has it.
    open_browser
        Whether to open the person's browser once the dashboard answers.
    script
        The page to run.
    on_start
        Told the dashboard's address before it starts.

    Raises
    ------
    PortsTakenError
        No free port.
    """
    os.environ[STORE_VARIABLE] = str(store_location)
    chosen = free_port(host, port)
    seen_as = THIS_MACHINE if host in {"0.0.0.0", "::"} else host  # noqa: S104  compared only
    address = f"http://[{seen_as}]:{chosen}" if ":" in seen_as else f"http://{seen_as}:{chosen}"
    if on_start is not None:
        on_start(address)
    threading.Thread(target=warm_up, args=(os.environ[STORE_VARIABLE],), daemon=True).start()
    if open_browser:
        threading.Thread(
            target=_open_when_ready, args=(seen_as, chosen, address), daemon=True
        ).start()
    app = App(
        script,
        routes=[Route(f"/{SQUARES}/{SQUARE}", hand_out_square)],
        middleware=[Middleware(SecurityHeaders)],
    )
    app.run(config={**settings(), "server.address": host, "server.port": chosen})


def warm_up(store_location: str) -> None:
    """Load what the first coverage or plan would wait for: compiled code, and the houses.

    A store that cannot be opened is left to the page, which says what is wrong with it.
    """
    # a second of imports that nobody should wait for before the first answer
    from analysis import siting, visibility
    from dashboard import houses

    visibility.warm_up()
    with contextlib.suppress(VongLauError):
        houses.warm_up(store_location)
    siting.warm_up()
    # Streamlit collects garbage after every run of a page; what stays for good (modules, compiled
    # code, houses) need not be walked through each time: 0.2 s in which no other thread runs
    gc.collect()
    gc.freeze()


def _open_when_ready(host: str, port: int, address: str) -> None:
    for _ in range(300):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
