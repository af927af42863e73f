"""Where stores live when nobody says otherwise: a folder of the person's own.

The city's store and the demo's are two files, so that the demo never mixes with real data.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

STORE_VARIABLE = "VONGLAU_STORE"
"""The environment variable that names the store, as a path or a URL."""


def user_folder() -> Path:
    """Give the person's own data folder; it may not exist yet."""
    return Path(platformdirs.user_data_dir("vonglau", appauthor=False))


def city_store() -> Path:
    """Give the place of the person's own city."""
    return user_folder() / "city.db"


def demo_store() -> Path:
    """Give the place of the demo city."""
    return user_folder() / "demo.db"


def chosen_store(asked: str | None = None) -> str:
    """Tell which store to use.

    The one asked for, else ``VONGLAU_STORE``, else one's own city when there is one, else the demo.
    """
    chosen = asked or os.environ.get(STORE_VARIABLE)
    if chosen:
        return chosen
    return str(city_store() if city_store().is_file() else demo_store())
