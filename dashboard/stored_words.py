"""Values of the store in a reader's words: codes, money, moments, wards; the columns they stand in.

What the store keeps as a code is never shown as one: each column of each layer is either a text
that is written as its file wrote it, or has words in every language, or is a number, a day, a
moment or a yes and no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.texts import NBSP, Texts
from data.store import Store

FIELDS: Mapping[str, str] = {
    "category": "offence",
    "starts_at": "datetime",
    "ends_at": "end_datetime",
    "reported_at": "date_reported",
    "time_is_known": "is_time_known",
    "ward_code": "ward",
    "valid_from": "date",
    "valid_to": "until",
    "source": "unit",
}
"""Columns of the store that stand under the name of another field."""

FIELDS_OF: Mapping[tuple[str, str], str] = {
    ("tips", "category"): "category",
    ("footage_requests", "category"): "category",
    ("footage_requests", "starts_at"): "asked_from",
    ("footage_requests", "ends_at"): "asked_until",
}
"""Those that are called otherwise in one layer."""

CODES: Mapping[str, str] = {
    "category": "category.",
    "state": "state.",
    "fault": "fault.",
    "location_quality": "imports.quality.",
    "received_from": "stored.sender_",
    "answer": "footage.answer_",
}
"""Columns whose values are codes, and how the keys of their words begin."""

CODES_OF: Mapping[tuple[str, str], str] = {
    ("incidents", "outcome"): "stored.outcome_",
    ("tips", "outcome"): "stored.tip_",
    ("cameras", "kind"): "kind.",
    ("camera_models", "kind"): "kind.",
    ("programmes", "kind"): "programmes.kind_",
    ("streets", "kind"): "stored.street_",
    ("land_cover", "kind"): "stored.cover_",
    ("zones", "kind"): "stored.zone_",
}
"""Columns whose codes mean something else in each layer."""

AS_WRITTEN = frozenset(
    {
        "article", "camera_id", "camera_ids", "case_id", "closes_at", "code", "device_id",
        "division", "found_on", "from_code", "from_division", "funding", "maker", "model_id",
        "name", "opens_at", "owner", "place", "place_id", "population_source", "programme_id",
        "request_id", "school_id", "site_id", "status", "summary", "tip_id", "to_code",
        "to_division", "wave", "zone_id",
    }
)  # fmt: skip
"""Texts that are kept as their file wrote them."""

AS_WRITTEN_IN = frozenset({("sites", "kind"), ("places", "kind")})

WARD_COLUMNS = frozenset({"ward_code", "source"})
"""Codes of wards; a book whose unit nobody named is its ward's."""

MONEY = frozenset({"cost", "damage", "repair_cost"})

_MOST_DECIMALS = 7


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What values of a store are written with.

    Parameters
    ----------
    zone
        Of moments; as stored where nobody told.
    currency
        ISO 4217 code of all money.
    wards
        Division and code to the ward's name.
    """

    zone: ZoneInfo | None = None
    currency: str = ""
    wards: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Setting:
        """Read it from a store."""
        from data import layers

        known = store.properties
        return cls(
            zone=ZoneInfo(known.timezone),
            currency=known.currency,
            wards=layers.read_ward_names(store),
        )

    def ward(self, code: str, division: str | None = None) -> str:
        """Name a ward; its code where that means several wards, or none.

        Examples
        --------
        >>> setting = Setting(wards={("A", "1"): "Ba Đình", ("B", "1"): "Hạc Thành"})
        >>> setting.ward("1", "B"), setting.ward("1"), setting.ward("2")
        ('Hạc Thành', '1', '2')
        """
        if division is not None:
            return self.wards.get((division, code), code)
        names = {name for (_, known), name in self.wards.items() if known == code}
        return names.pop() if len(names) == 1 else code


NOWHERE = Setting()
"""Where no store is told: moments as they are kept, and no currency."""


def column_name(say: Texts, layer: str, name: str) -> str:
    """Name a column of the store as the page names the field.

    Examples
    --------
    >>> column_name(Texts("en"), "incidents", "starts_at")
    'Date and time'
    """
    return say(f"imports.field.{FIELDS_OF.get((layer, name), FIELDS.get(name, name))}")


def code_words(layer: str, name: str) -> str | None:
    """Give how the keys of a column's words begin; None where its values are no codes."""
    return CODES_OF.get((layer, name), CODES.get(name))


def value(
    say: Texts,
    layer: str,
    name: str,
    stored: object,
    *,
    setting: Setting,
    row: Mapping[str, Any] | None = None,
) -> str:
    """Write a value of the store; a dash where there is none.

    Parameters
    ----------
    say
        The reader's language.
    layer, name
        A name of ``tables.LAYERS``, and one of its columns.
    stored
        As the store gives it.
    setting
        What it is written with.
    row
        The rest of the row, as far as it is known: of which division a ward is, and whether the
        hour of a moment is known; where it is not, only the day is written.

    Examples
    --------
    >>> of = Setting(currency="VND")
    >>> vi, en = Texts("vi"), Texts("en")
    >>> value(vi, "incidents", "damage", 15000000, setting=of).replace(NBSP, " ")
    '15.000.000 VND'
    >>> value(en, "incidents", "is_cleared", True, setting=of)
    'Yes'
    >>> value(en, "cameras", "bearing_deg", 92.5, setting=of)
    '92.5'
    >>> value(vi, "cameras", "installed_on", date(2024, 4, 3), setting=of)
    '03/04/2024'
    """
    about = row or {}
    if stored is None:
        return "–"
    if isinstance(stored, bool):
        return say("common.yes" if stored else "common.no")
    if isinstance(stored, date):  # a moment is a day too
        is_day = name in {"starts_at", "ends_at"} and about.get("time_is_known") is False
        return _moment(say, stored, setting, is_day=is_day)
    if isinstance(stored, int | float):
        words = number(say, stored)
        return f"{words}{NBSP}{setting.currency}".rstrip() if name in MONEY else words
    if name in WARD_COLUMNS:
        return setting.ward(str(stored), about.get("division"))
    key = f"{code_words(layer, name) or ''}{stored}"
    return say(key) if key != stored and say.has(key) else str(stored)


def _moment(say: Texts, stored: date, setting: Setting, *, is_day: bool) -> str:
    if not isinstance(stored, datetime):
        return say.day(stored)
    local = stored.astimezone(setting.zone) if setting.zone else stored
    return say.day(local) if is_day else say.moment(local)


def span(say: Texts, row: Mapping[str, Any], *, setting: Setting) -> str:
    """Write when an incident was: a moment, from when until when, or its day alone.

    Examples
    --------
    >>> from datetime import UTC
    >>> first, last = datetime(2024, 12, 14, 22, tzinfo=UTC), datetime(2024, 12, 15, 5, tzinfo=UTC)
    >>> row = {"starts_at": first, "ends_at": first, "time_is_known": True}
    >>> span(Texts("en"), row, setting=Setting())
    '14/12/2024 22:00'
    >>> span(Texts("en"), {**row, "ends_at": last}, setting=Setting())
    '14/12/2024 22:00 – 15/12/2024 05:00'
    >>> span(Texts("en"), {**row, "time_is_known": False}, setting=Setting())
    '14/12/2024'
    """
    first, last = (
        value(say, "incidents", name, row[name], setting=setting, row=row)
        for name in ("starts_at", "ends_at")
    )
    if first == last or row["ends_at"] is None:
        return first
    day, _, _ = first.partition(" ")
    if row.get("time_is_known") is not False and last.startswith(f"{day} "):
        return f"{first}–{last.removeprefix(f'{day} ')}"
    return f"{first} – {last}"


def number(say: Texts, stored: float) -> str:
    """Write a number as the language does, with the decimals it has.

    Examples
    --------
    >>> number(Texts("vi"), 105.7722596), number(Texts("vi"), 1250), number(Texts("en"), 60.0)
    ('105,7722596', '1.250', '60')
    """
    decimals = f"{stored:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2]
    return say.number(stored, len(decimals))
