"""The tables that methods take, and the columns they must have.

A table is a (geo)pandas frame. Names carry their unit: ``_m`` metres, ``_deg`` degrees, ``_m2``
square metres, ``_share`` 0 to 1, ``n_`` a count, ``_at`` an aware moment, ``_on`` a day,
``rate_per_10k`` per ten thousand inhabitants.

===========  ==================================================================================
cameras      point; ``bearing_deg`` clockwise from north (missing: direction unknown),
             ``fov_deg`` horizontal field of view (missing: unknown), ``range_m`` ground distance
             within which a person is detected (25 pixels per metre); ``state`` on the day asked
sites        point of an extension site, where a camera can be added
wards        polygon, indexed by ward ``code``; ``name``, ``population``
streets      line; ``kind`` (artery, street, alley)
incidents    point or none; ``category``, ``starts_at``, ``ends_at``, ``ward_code``,
             ``location_quality`` (exact, street, ward)
===========  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.errors import MissingColumnsError

CAMERA_STATES = ("working", "degraded", "broken", "offline")
"""What a camera can be on a day. A degraded one still works, but not well."""

WORKING_STATES = ("working", "degraded")
"""States in which a camera sees something."""

GOOD_STATES = ("working",)
"""States in which a camera sees what it was bought for."""

LOCATION_QUALITIES = ("exact", "street", "ward")
"""How well an incident's place is known. Only the first two have a point."""

FAULTS = ("power", "network", "device", "lens", "damage", "other")
"""Why a camera does not do what it was bought for. ``lens``: dirty, blinded or out of focus."""

PROGRAMME_KINDS = (
    "camera",
    "school_gate",
    "street_watch",
    "drug_free",
    "fire_safety",
    "mediation",
    "boarding_house",
    "other",
)
"""What a neighbourhood self-management model is about."""

TIP_SENDERS = ("street_cleaner", "guard", "resident", "other")
"""Who sends a tip in. Never who it is, only what they do."""

TIP_OUTCOMES = ("none", "patrol", "stopped", "clarified")
"""What became of a tip: nothing, a patrol went, an act was stopped, a case was clarified."""

REQUEST_ANSWERS = ("found", "partly", "not_found", "overwritten", "broken")
"""What a request for footage brought: seen, partly seen, not seen, the recording gone, no
recording because no camera asked was working."""

ZONE_KINDS = ("must", "forbid", "private")
"""Where a camera has to stand, where none may, and what none may look into."""


def check_columns(table: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Check that a table has the columns a method needs.

    Parameters
    ----------
    table
        The table to check.
    columns
        The columns needed.
    name
        What to call the table in the error.

    Raises
    ------
    MissingColumnsError
        One or more are missing; all are named.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"range_m": [60]}), ["range_m"], name="cameras")
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise MissingColumnsError(table=name, columns=missing)
