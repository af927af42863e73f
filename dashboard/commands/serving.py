"""Open the dashboard, and make the demo city it opens with."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from dashboard.commands.opening import words
from dashboard.commands.options import StoreOption
from dashboard.printing import print_lines
from data.locations import STORE_VARIABLE, chosen_store, demo_store


def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="First port to try.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the dashboard on this machine; on first run, make the demo city."""
    from dashboard import server
    from data import demo
    from data.store import Store

    location = chosen_store(store)
    if location == str(demo_store()) and not demo_store().exists():
        sys.stderr.write(words()("cli.making_demo", store=location) + "\n")
        demo.write_demo(demo_store()).close()
    Store.open(location).close()
    say = words()
    server.serve(
        location,
        host=host,
        port=port,
        open_browser=browser,
        on_start=lambda address: print_lines(say("cli.serving", address=address)),
    )


def write_demo(
    store: StoreOption = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another city.")] = 2024,
) -> None:
    """Write the demo city into a new store."""
    from data import demo

    location = store or os.environ.get(STORE_VARIABLE) or str(demo_store())
    demo.write_demo(location, seed=seed).close()
    print_lines(words()("cli.demo_made", store=location))
