"""A row that is right, as it is kept and as it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONTENT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "case_id": ("case_id",),
    "category": ("offence", "article"),
    "article": ("article",),
    "place": ("place", "street", "house_no", "hamlet"),
    "summary": ("summary",),
    "outcome": ("outcome",),
    "is_cleared": ("is_cleared", "outcome"),
    "reported_at": ("date_reported",),
    "is_camera_used": ("is_camera_used",),
    "damage": ("damage",),
}
"""Which fields tell what is kept of a case beside when and where, in the order of looking."""


@dataclass(frozen=True)
class Settled:
    """A row that is right: what is kept of it, and what its file told.

    The two differ where its place was found by words. What is kept then hangs on the streets that
    are loaded; what was told does not, and tells whether the row is known already.
    """

    file_row: int
    content: Mapping[str, Any]
    as_told: Mapping[str, Any]
