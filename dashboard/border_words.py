"""Where outlines of wards do not fit, in words and under the command's keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from dashboard.texts import Texts
from data.borders import NARROW_M, BorderFinding

MOST_SAID = 20
"""Wide gaps and overlaps that are said one by one."""


def as_json(findings: Sequence[BorderFinding]) -> list[dict[str, Any]]:
    """Give every finding under stable keys, areas to a square metre's tenth."""
    return [
        {
            **dataclasses.asdict(found),
            "area_m2": round(found.area_m2, 1),
            "width_m": round(found.width_m, 2),
        }
        for found in findings
    ]


def lines(texts: Texts, findings: Sequence[BorderFinding]) -> list[str]:
    """Say how many narrow ones were closed, and each wide one that was left.

    Examples
    --------
    >>> gap = BorderFinding(kind="gap", codes=("14758", "14761"), area_m2=5321.0, width_m=12.34,
    ...                     is_closed=False, longitude=105.78, latitude=19.81)
    >>> lines(Texts("en"), [gap])[-1]
    'Gap of 5,321 m², 12.3 m wide, beside wards 14758, 14761 (105.78000, 19.81000)'
    """
    closed = [found for found in findings if found.is_closed]
    wide = [found for found in findings if not found.is_closed]
    said = []
    if closed:
        area_m2 = round(sum(found.area_m2 for found in closed))
        limit_m = texts.number(NARROW_M)
        said.append(texts("borders.closed", n=len(closed), area=area_m2, limit=limit_m))
    if wide:
        said.append(texts("borders.left", n=len(wide)))
        said += [_line(texts, found) for found in wide[:MOST_SAID]]
    if len(wide) > MOST_SAID:
        said.append(texts("borders.more", n=len(wide) - MOST_SAID))
    return said


def _line(texts: Texts, found: BorderFinding) -> str:
    return texts(
        f"borders.{found.kind}",
        area=texts.number(found.area_m2),
        width=texts.number(found.width_m, 1),
        codes=", ".join(found.codes),
        place=f"{found.longitude:.5f}, {found.latitude:.5f}",
    )
