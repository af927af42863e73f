"""Names, as pages and papers write them; nothing of a page is needed to write them."""

from __future__ import annotations

import re

from dashboard.texts import Texts

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:])")


def plain(name: str) -> str:
    r"""Write a name from the data so that Markdown does not read signs into it.

    Examples
    --------
    >>> plain("Trần Phú *1*")
    'Trần Phú \\*1\\*'
    """
    return MARKDOWN.sub(r"\\\1", name)


def category_name(say: Texts, category: str) -> str:
    """Give a category's short name, as tables and filters write it."""
    return say(f"category.{category}")
