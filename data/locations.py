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


def known_stores() -> list[Path]:
    """List the stores in the person's own folder, by name."""
    return sorted(user_folder().glob("*.db"))


def file_of(location: str | Path) -> Path | None:
    """Name the file of a store: a path or a SQLite URL has one, a database server has none.

    Examples
    --------
    >>> file_of("/tmp/x.db")
    PosixPath('/tmp/x.db')
    >>> file_of("postgresql://host/city") is None
    True
    """
    if isinstance(location, str) and "://" in location:
        from sqlalchemy import make_url  # slow to load, and most stores are plain files

        url = make_url(location)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    return Path(location)


def remove_files(path: Path) -> None:
    """Remove a store's file, and what SQLite keeps beside it."""
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
