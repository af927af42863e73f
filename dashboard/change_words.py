"""What an import changes of rows that were there: old and new, in words and for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.texts import Texts
from data.history import RowChange
from data.importing import ImportReport

FIELDS: Mapping[str, str] = {
    "category": "offence",
    "starts_at": "datetime",
    "ends_at": "end_datetime",
    "reported_at": "date_reported",
    "time_is_known": "is_time_known",
    "ward_code": "ward_code",
    "valid_from": "date",
    "valid_to": "until",
    "source": "unit",
}
"""Columns of the store that stand under the name of another field."""

WORDS: Mapping[str, str] = {
    "category": "category",
    "state": "state",
    "location_quality": "imports.quality",
}
"""Columns whose values are codes, and where their words stand."""

MOST_PAIRS = 5
"""Rows with the number of an earlier one that are named."""


def column_name(say: Texts, name: str) -> str:
    """Name a column of the store as the page names the field; else as the store does."""
    key = f"imports.field.{FIELDS.get(name, name)}"
    return say(key) if say.has(key) else name


def value(say: Texts, name: str, stored: object, *, zone: ZoneInfo | None = None) -> str:
    """Write a value of the store; a dash where there is none.

    Examples
    --------
    >>> value(Texts("en"), "is_cleared", True), value(Texts("en"), "place", None)
    ('Yes', '–')
    >>> value(Texts("vi"), "installed_on", date(2024, 4, 3))
    '03/04/2024'
    """
    if stored is None:
        return "–"
    if isinstance(stored, bool):
        return say("common.yes" if stored else "common.no")
    if isinstance(stored, datetime):
        return say.moment(stored.astimezone(zone) if zone else stored)
    if isinstance(stored, date):
        return say.day(stored)
    if isinstance(stored, float):
        return f"{stored:.10g}"
    key = f"{WORDS[name]}.{stored}" if name in WORDS else ""
    return say(key) if key and say.has(key) else str(stored)


def change(say: Texts, name: str, old: object, new: object, *, zone: ZoneInfo | None = None) -> str:
    """Say one change; of an outline no more than that it is another one.

    Examples
    --------
    >>> change(Texts("en"), "owner", None, "An")
    'Owner: – → An'
    """
    if name == "geometry":
        return say("change.outline")
    before, after = (value(say, name, each, zone=zone) for each in (old, new))
    return say("change.one", column=column_name(say, name), before=before, after=after)


def row(say: Texts, changed: RowChange, *, zone: ZoneInfo | None = None) -> str:
    """Say what changes of a row."""
    words = (change(say, name, *both, zone=zone) for name, both in changed.cells.items())
    return "; ".join(words)


def stood(say: Texts, changed: RowChange, name: str, *, zone: ZoneInfo) -> str:
    """Write what stood in one column, and in which row where that is one of the same file."""
    words = value(say, name, changed.cells[name][0], zone=zone)
    if changed.instead_of is None:
        return words
    return say("change.in_row", row=str(changed.instead_of), value=words)


def lines(
    say: Texts, report: ImportReport, *, most: int, zone: ZoneInfo | None = None
) -> list[str]:
    """Say the first updates of an import, a line each; moments in a zone, else as stored."""
    said = [_line(say, each, zone) for each in report.changes[:most]]
    n_left = report.n_updated - len(said)
    return [*said, say("change.more", n=n_left)] if said and n_left > 0 else said


def _line(say: Texts, changed: RowChange, zone: ZoneInfo | None) -> str:
    facts = {
        "row": str(changed.file_row or "–"),
        "key": changed.row_key.rpartition("|")[2],
        "changes": row(say, changed, zone=zone),
    }
    if changed.instead_of is None:
        return say("change.line", **facts)
    return say("change.line_instead", earlier=str(changed.instead_of), **facts)


def repeated(say: Texts, report: ImportReport) -> list[str]:
    """Say how many rows took the place of an earlier one of their own file, and which."""
    found = [each for each in report.changes if each.instead_of is not None]
    if not found:
        return []
    pairs = [f"{each.instead_of} → {each.file_row}" for each in found[:MOST_PAIRS]]
    rows = ", ".join(pairs) + (" …" if len(found) > MOST_PAIRS else "")
    return [say("change.repeated", n=len(found), rows=rows)]


def as_json(report: ImportReport) -> list[dict[str, Any]]:
    """Give the first updates for scripts: row of the file, key, and old and new of each column.

    ``instead_of`` is the earlier row of the same file that it took the place of.
    """
    return [
        {
            "row": each.file_row,
            "key": each.row_key,
            "instead_of": each.instead_of,
            "changes": {
                name: {"old": plain(old), "new": plain(new)}
                for name, (old, new) in each.cells.items()
            },
        }
        for each in report.changes
    ]


def plain(stored: object) -> object:
    """Give a value of the store as JSON knows it; days and moments as text.

    Examples
    --------
    >>> plain(date(2024, 4, 3)), plain(5)
    ('2024-04-03', 5)
    """
    return stored.isoformat() if isinstance(stored, date | datetime) else stored
