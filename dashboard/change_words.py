"""What an import changes of rows that were there: old and new, in words and for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboard import stored_words
from dashboard.row_names import row_name
from dashboard.stored_words import Setting
from dashboard.texts import Texts
from data.history import RowChange
from data.importing import ImportReport

TABLES: Mapping[str, str] = {
    "states": "camera_states",
    "models": "camera_models",
    "crosswalk": "ward_crosswalk",
    "footage": "footage_requests",
    "population": "wards",
}
"""Tables of the store that are not called like what is imported into them."""

MOST_PAIRS = 5
"""Rows with the number of an earlier one that are named."""


def change(
    say: Texts, layer: str, name: str, changed: Mapping[str, tuple[Any, Any]], *, setting: Setting
) -> str:
    """Say one change of those of a row; of an outline no more than that it is another one.

    Examples
    --------
    >>> change(Texts("en"), "cameras", "owner", {"owner": (None, "An")}, setting=Setting())
    'Owner: – → An'
    """
    if name == "geometry":
        return say("change.outline")
    before, after = both(say, layer, name, changed, setting=setting)
    column = stored_words.column_name(say, layer, name)
    return say("change.one", column=column, before=before, after=after)


def both(
    say: Texts, layer: str, name: str, changed: Mapping[str, tuple[Any, Any]], *, setting: Setting
) -> tuple[str, str]:
    """Write what stood in a column and what stands there now, beside the other changes of its row.

    Examples
    --------
    >>> first, second = datetime(2024, 12, 1), datetime(2024, 12, 1, 8, 30)
    >>> cells = {"starts_at": (first, second), "time_is_known": (False, True)}
    >>> both(Texts("en"), "incidents", "starts_at", cells, setting=Setting())
    ('01/12/2024', '01/12/2024 08:30')
    """
    before, after = (
        stored_words.value(say, layer, name, changed[name][place], setting=setting,
                           row={other: pair[place] for other, pair in changed.items()})
        for place in (0, 1)
    )  # fmt: skip
    return before, after


def told(
    say: Texts, layer: str, changed: Mapping[str, tuple[Any, Any]], *, setting: Setting
) -> list[str]:
    """List the columns whose change is worth a line: an end that reads like the beginning is not.

    Examples
    --------
    >>> first, second = datetime(2024, 12, 1, 8), datetime(2024, 12, 1, 9)
    >>> cells = {"starts_at": (first, second), "ends_at": (first, second), "place": ("A", "B")}
    >>> told(Texts("en"), "incidents", cells, setting=Setting())
    ['starts_at', 'place']
    """
    if not {"starts_at", "ends_at"} <= changed.keys():
        return list(changed)
    first, last = (
        both(say, layer, name, changed, setting=setting) for name in ("starts_at", "ends_at")
    )
    return [name for name in changed if name != "ends_at" or first != last]


def row(say: Texts, layer: str, changed: RowChange, *, setting: Setting) -> str:
    """Say what changes of a row."""
    cells = changed.cells
    names = told(say, layer, cells, setting=setting)
    return say("stored.then").join(
        change(say, layer, name, cells, setting=setting) for name in names
    )


def in_row(say: Texts, changed: RowChange, words: str, *, sheet_starts: Mapping[str, int]) -> str:
    """Add in which row it stood, where that is one of the same file."""
    if changed.instead_of is None:
        return words
    return say("change.in_row", row=row_name(changed.instead_of, sheet_starts), value=words)


def lines(say: Texts, report: ImportReport, *, most: int, setting: Setting) -> list[str]:
    """Say the first updates of an import, a line each."""
    layer = layer_of(report)
    said = [_line(say, layer, each, report.sheet_starts, setting) for each in report.changes[:most]]
    n_left = report.n_updated - len(said)
    return [*said, say("change.more", n=n_left)] if said and n_left > 0 else said


def layer_of(report: ImportReport) -> str:
    """Name the store's table that a report's changes are of."""
    return TABLES.get(report.layer, report.layer)


def _line(
    say: Texts,
    layer: str,
    changed: RowChange,
    sheet_starts: Mapping[str, int],
    setting: Setting,
) -> str:
    facts = {
        "row": row_name(changed.file_row, sheet_starts) if changed.file_row else "–",
        "key": changed.row_key.rpartition("|")[2],
        "changes": row(say, layer, changed, setting=setting),
    }
    if changed.instead_of is None:
        return say("change.line", **facts)
    return say("change.line_instead", earlier=row_name(changed.instead_of, sheet_starts), **facts)


def repeated(say: Texts, report: ImportReport) -> list[str]:
    """Say how many rows took the place of an earlier one of their own file, and which."""
    found = [each for each in report.changes if each.instead_of is not None]
    if not found:
        return []
    pairs = [
        " → ".join(
            row_name(row or 0, report.sheet_starts) for row in (each.instead_of, each.file_row)
        )
        for each in found[:MOST_PAIRS]
    ]
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
