"""Sentences of the pages without their Markdown, for paper and slides."""

from __future__ import annotations

import re

ICON = re.compile(r":material/\w+:")
COLOURED = re.compile(r":[a-z-]+\[([^\]]*)\]")
ESCAPED = re.compile(r"\\(\W)")
SPACES = re.compile(r"[ \n]+")


def unmarked(sentence: str) -> str:
    r"""Take the Markdown of the pages out of a sentence.

    Examples
    --------
    >>> unmarked(r":green[▼] **Fell.** :gray[:material/help:] Trần Phú 1\-2")
    '▼ Fell. Trần Phú 1-2'
    """
    bare = COLOURED.sub(r"\1", ICON.sub("", sentence)).replace("**", "")
    return SPACES.sub(" ", ESCAPED.sub(r"\1", bare)).strip()
