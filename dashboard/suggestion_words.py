"""What a refused row may have meant, in words: on the page, in the command and in files."""

from __future__ import annotations

from datetime import date, datetime

from dashboard.texts import Texts
from data.importing.files.cell import Cell
from data.importing.suggestions import Suggestion

CLEARED = "-"
"""What a person types to leave a cell blank."""


def cell_words(say: Texts, cell: Cell) -> str:
    """Write a cell as a person would type it.

    Examples
    --------
    >>> cell_words(Texts("vi"), date(2024, 4, 3)), cell_words(Texts("vi"), 1250.0)
    ('03/04/2024', '1250')
    """
    if isinstance(cell, datetime):
        return say.moment(cell)
    if isinstance(cell, date):
        return say.day(cell)
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return "" if cell is None else str(cell)


def value(say: Texts, suggestion: Suggestion) -> str:
    """Give what could stand there; of two cells both, longitude first; a dash for a blank one.

    Examples
    --------
    >>> both = Suggestion(file_row=2, cells={"longitude": 105.7, "latitude": 19.8}, basis="swapped")
    >>> value(Texts("en"), both)
    '105.7; 19.8'
    """
    return "; ".join(cell_words(say, cell) or CLEARED for cell in suggestion.cells.values())


def why(say: Texts, suggestion: Suggestion) -> str:
    """Say on what ground it is suggested.

    Examples
    --------
    >>> like = Suggestion(file_row=2, cells={"ward": "Đông Thọ"}, basis="like", share=0.94)
    >>> why(Texts("en"), like)
    '94% like it'
    """
    share = say.percent(suggestion.share) if suggestion.share is not None else ""
    return say(f"suggestion.{suggestion.basis}", share=share)


def brief(say: Texts, suggestion: Suggestion | None) -> str:
    """Say it as shortly as a column of a grid needs; nothing where nothing is suggested.

    Examples
    --------
    >>> like = Suggestion(file_row=2, cells={"ward": "Đông Thọ"}, basis="like", share=0.94)
    >>> brief(Texts("en"), like)
    'Đông Thọ (94%)'
    """
    if suggestion is None:
        return ""
    if suggestion.basis == "no_point":
        return say("suggestion.no_point_brief")
    words = value(say, suggestion)
    return words if suggestion.share is None else f"{words} ({say.percent(suggestion.share)})"


def sentence(say: Texts, suggestion: Suggestion | None) -> str:
    """Give both in one, for a column of a file; nothing where nothing is suggested."""
    if suggestion is None:
        return ""
    if suggestion.basis == "no_point":  # nothing stands there then
        return why(say, suggestion)
    return f"{value(say, suggestion)} ({why(say, suggestion)})"
