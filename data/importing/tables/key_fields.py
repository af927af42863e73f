"""The fields without which a layer cannot be read, and those that tell one row from another."""

from __future__ import annotations

from collections.abc import Mapping

_POINT = frozenset({"longitude", "y_east", "position"})

ESSENTIAL: Mapping[str, tuple[frozenset[str], ...]] = {
    "incidents": (frozenset({"date", "datetime"}),),
    "cameras": (frozenset({"camera_id"}),),
    "sites": (frozenset({"site_id"}),),
    "wards": (frozenset({"code"}), frozenset({"name"})),
    "schools": (frozenset({"name", "school_id"}), _POINT),
    "places": (frozenset({"name"}), _POINT),
    "population": (frozenset({"ward", "ward_code"}), frozenset({"population"})),
    "states": (frozenset({"camera_id"}), frozenset({"state"})),
    "models": (frozenset({"model_id", "name"}),),
    "programmes": (frozenset({"programme_id"}), frozenset({"name"})),
    "tips": (frozenset({"received_at", "received_on"}),),
    "footage": (frozenset({"requested_at"}),),
    "crosswalk": (frozenset({"from_code"}), frozenset({"to_code"})),
}
"""Of each group one field must be mapped for a sheet to be the one that is meant."""

OF_EACH_ROW = frozenset(
    {
        "date", "datetime", "camera_id", "site_id", "code", "name", "model_id", "programme_id",
        "received_at", "received_on", "requested_at", "from_code",
    }
)  # fmt: skip
"""Fields that every row has: its day, its id."""

DAYS = frozenset({"date", "datetime", "received_at", "received_on", "requested_at"})
"""Fields that tell when something happened or came in."""


TELLING = frozenset({"offence", "article", "category"})
"""Fields that tell what happened."""


def keys(layer: str) -> frozenset[str]:
    """Give the fields of which every row of a layer has one, by which a line is told from others.

    Examples
    --------
    >>> sorted(keys("incidents")), sorted(keys("cameras"))
    (['date', 'datetime'], ['camera_id'])
    """
    return ESSENTIAL[layer][0] if layer in ESSENTIAL else frozenset()
