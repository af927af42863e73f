"""What an error says to a person: one clear sentence that tells what to do."""

from __future__ import annotations

from datetime import date

from analysis.errors import VongLauError
from dashboard.texts import Texts


def sentence(texts: Texts, error: VongLauError, *, among: str = "error") -> str:
    """Say an error in the reader's language.

    Parameters
    ----------
    texts
        The reader's language.
    error
        Any error raised on purpose; its facts fill the sentence.
    among
        Under which keys the sentence stands, where a page has its own.

    Examples
    --------
    >>> from data.errors import StoreNotFoundError
    >>> sentence(Texts("en"), StoreNotFoundError(store="a.db")).startswith("There is no store")
    True
    """
    has_no_suffix = error.code == "unsupported_format" and not error.facts.get("suffix")
    key = f"{among}.{'no_suffix' if has_no_suffix else error.code}"
    return texts(key, **{name: _said(texts, name, value) for name, value in error.facts.items()})


def _said(texts: Texts, name: str, value: object) -> object:
    if name == "batch":  # a number by which something is called is no quantity
        return str(value)
    if isinstance(value, date):
        return texts.month(value) if name == "month" else texts.day(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return value
