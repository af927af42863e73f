"""The fingerprint of what a row says, by which it is known again whatever file it comes from.

What is not known is left out, so that a column added later changes no older fingerprint; a whole
number is one however a file wrote it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import repeat
from json.encoder import encode_basestring
from typing import Any

import sqlalchemy as sa

from data import tables
from data.progress import told
from data.row_columns import Coded, Column, ColumnRows, Listed, Moments, Numbers

OWN_COLUMNS = frozenset(
    {"row_id", "row_key", "content_hash", "batch_id", "superseded_by", "file_row"}
)
"""Columns that the store fills by itself; all others of a layer are its content."""

_N_BYTES = 16


def content_hash(layer: str, row: Mapping[str, Any]) -> str:
    """Give the fingerprint of a row's content, whatever file it came from.

    Examples
    --------
    >>> a = content_hash("sites", {"site_id": "S1", "longitude": 105.8, "latitude": 19.8})
    >>> b = content_hash("sites", {"latitude": 19.8, "site_id": "S1", "longitude": 105.8})
    >>> a == b
    True
    """
    content = {
        name: write(value)
        for name, write in _content_columns(layer)
        if (value := row.get(name)) is not None
    }
    return _digest(_json(content))


def content_hashes(layer: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the fingerprints of rows, in their order.

    Of rows kept as columns the text of each column is written for its different values only.

    Parameters
    ----------
    layer
        A name of ``tables.LAYERS``.
    rows
        Mappings, or :class:`data.row_columns.ColumnRows`.
    """
    pieces = _pieces(layer, rows) if isinstance(rows, ColumnRows) else None
    if not isinstance(rows, ColumnRows) or pieces is None:
        return [content_hash(layer, row) for row in rows]
    joined = map("".join, zip(*pieces, strict=True))
    digests = list(map(_digest, told("write", joined)))
    for place, row in rows.others.items():
        digests[place] = content_hash(layer, row)
    return digests


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_N_BYTES).hexdigest()


def _json(content: object) -> str:
    return json.dumps(content, sort_keys=True, default=_plain, ensure_ascii=False)


@functools.cache
def _content_columns(layer: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Give the columns that are a layer's content, and how each is written in a fingerprint."""
    return tuple(
        (column.name, _KINDS.get(type(column.type), _same))
        for column in tables.LAYERS[layer].columns
        if column.name not in OWN_COLUMNS
    )


def _pieces(layer: str, rows: ColumnRows) -> list[Iterable[str]] | None:
    """Give what the JSON text of each row is joined of, in the order of the columns' names.

    Commas stand before what comes after a column that every row fills, and behind what comes
    before it; None where there is no such column.
    """
    writers = dict(_content_columns(layer))
    names = sorted(writers.keys() & rows.columns.keys())
    anchor = next((i for i, name in enumerate(names) if rows.columns[name].is_whole), None)
    if anchor is None:
        return None
    pieces: list[Iterable[str]] = []
    lead = "{"
    for i, name in enumerate(names):
        column = rows.columns[name]
        label = f"{', ' if i > anchor else ''}{encode_basestring(name)}: "
        end = ", " if i < anchor else ""
        plain = _plain_pieces(column)
        if plain is not None:
            pieces += [repeat(lead + label, len(rows)), *plain]
            lead = end
            continue
        write = functools.partial(_fragment, writers[name], lead + label, end, lead)
        if isinstance(column, Coded) and len(column.different) == 1:
            lead = write(column.different[0])
        else:
            pieces.append(column.each(write))
            lead = ""
    return [*pieces, repeat(lead + "}", len(rows))]


def _plain_pieces(column: Column) -> list[Iterable[str]] | None:
    """Give the JSON texts of a column whose values are of one simple kind; None of others."""
    n = len(column)
    if isinstance(column, Moments):
        return [repeat('"', n), column.texts("T", '+00:00"')]
    if isinstance(column, Numbers) and column.is_whole:
        return [column.each(float.__repr__)]
    if isinstance(column, Listed) and set(map(type, column.listed)) == {str}:
        return [column.each(encode_basestring)]
    return None


def _fragment(write: Callable[[Any], Any], start: str, end: str, blank: str, value: object) -> str:
    return blank if value is None else f"{start}{_json(write(value))}{end}"


def _same(value: Any) -> Any:  # noqa: ANN401  any value of a column
    return value


_KINDS: Mapping[type, Callable[[Any], Any]] = {
    sa.Float: float,
    sa.Integer: int,
    sa.BigInteger: int,
    sa.Boolean: bool,
}
"""How a value of a column is written in a fingerprint."""


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
