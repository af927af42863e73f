"""Lists of camera ids in one cell: how people write them, and how the store keeps them."""

from __future__ import annotations

import re

LIST_SIGN = "; "
"""Between two ids, as the store keeps them."""

_BETWEEN = re.compile(r"[;,\n|+]+|\s+(?:và|va|and|et)\s+|\s{2,}")


def camera_list(text: str | None) -> list[str]:
    """Take a list of camera ids apart, each once, in the order written.

    Examples
    --------
    >>> camera_list("C-01, C-02; C-01 và C 3")
    ['C-01', 'C-02', 'C 3']
    """
    parts = (part.strip() for part in _BETWEEN.split(text or ""))
    return list(dict.fromkeys(part for part in parts if part))
