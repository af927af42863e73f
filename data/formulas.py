"""Texts that a spreadsheet would run as formulas: defused going out, restored coming in."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a cell a formula as its first letter, or after what a program strips before it."""

_MARK = "'"


def defused(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula, by an apostrophe before it.

    Examples
    --------
    >>> defused("=HYPERLINK(1)"), defused("Đông Thọ"), defused("'=1")
    ("'=HYPERLINK(1)", 'Đông Thọ', "''=1")
    """
    return f"{_MARK}{text}" if text.lstrip(_MARK).startswith(STARTS) else text


def restored(text: str) -> str:
    """Take back the mark that defuses formulas.

    Examples
    --------
    >>> restored("'=1+1"), restored("'quoted'"), restored(defused("'=1"))
    ('=1+1', "'quoted'", "'=1")
    """
    is_marked = text.startswith(_MARK) and text.lstrip(_MARK).startswith(STARTS)
    return text.removeprefix(_MARK) if is_marked else text
