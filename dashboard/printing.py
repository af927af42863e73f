"""What the command prints: one JSON object for scripts, short lines and a table for people."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object; a number that does not exist is null."""
    json.dump(plain(answer), sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911  a JSON value can be anything
    """Turn records, days and numpy numbers into what JSON knows; NaN and infinity become None.

    Examples
    --------
    >>> plain({"on": date(2024, 1, 31), "share": float("nan"), "n": np.int64(3)})
    {'on': '2024-01-31', 'share': None, 'n': 3}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or type(value).__name__ == "NAType":
        return None
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, Sequence | np.ndarray | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def print_lines(*lines: str) -> None:
    """Print sentences, one a line."""
    sys.stdout.write("\n".join(lines) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
