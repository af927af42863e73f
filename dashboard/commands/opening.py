"""Open the store a command was asked for, and the words to answer in."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import TYPE_CHECKING

from dashboard.arguments import UnknownLanguageError
from dashboard.texts import LANGUAGES, Texts, system_language, texts
from data.locations import chosen_store

if TYPE_CHECKING:
    from data.store import Store

LANGUAGE_VARIABLE = "VONGLAU_LANG"
OPENED: ContextVar[str | None] = ContextVar("the opened store's language", default=None)


def open_store(location: str | None) -> Store:
    """Open the store asked for with ``--store``, else the one that is chosen for this machine."""
    from data.store import Store

    store = Store.open(chosen_store(location))
    OPENED.set(store.properties.language)  # an error that stops the command speaks it too
    return store


def words(store: Store | None = None) -> Texts:
    """Give the words: asked for by ``VONGLAU_LANG``, else the store's, else the computer's.

    Without a store, that of the store which the command has opened counts.
    """
    asked = os.environ.get(LANGUAGE_VARIABLE)
    if asked is not None and asked not in LANGUAGES:
        os.environ.pop(LANGUAGE_VARIABLE)
        raise UnknownLanguageError(value=asked)
    opened = store.properties.language if store else OPENED.get()
    return texts(asked or opened or system_language())
