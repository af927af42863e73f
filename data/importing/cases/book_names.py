"""Whose book a case number is from: one office, however its name is spelled, and one file once.

A book that is spelled otherwise would bring all its cases a second time, and so would a file that
comes again under the name of another book.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from data import tables
from data.fingerprints import content_hash, content_hashes
from data.folding import fold
from data.importing.errors import SameFileOtherBookError
from data.row_columns import Coded, ColumnRows
from data.rows import in_force
from data.store import Store

MOST_COMPARED = 200
"""Rows of a file that are held against what came with the same file before."""
MOST_NAMED = 3
"""Books that a sentence names."""

_TABLE = tables.incidents
_POLICE = re.compile(r"^(?:cong an|c a|ca(?=p|x|tt|tx|tp|h|q|t| |$))\s*")
_KINDS = {
    "phuong": "p",
    "xa": "x",
    "thi tran": "tt",
    "thi xa": "tx",
    "thanh pho": "tp",
    "huyen": "h",
    "quan": "q",
    "tinh": "t",
}
_KIND = re.compile(rf"^(?:{'|'.join(_KINDS)})\b|^(?:tt|tx|tp|p|x|h|q|t)\b")


def spelled(name: str) -> str:
    """Write the name of a book as it is meant: the police of a ward have many short forms.

    Examples
    --------
    >>> for name in ("Công an phường Đông Thọ", "CAP Đông Thọ", "CA P. Đông Thọ", "C.A.P Đông Thọ"):
    ...     print(spelled(name))
    ca p dong tho
    ca p dong tho
    ca p dong tho
    ca p dong tho
    >>> spelled("Công an xã Đông Thọ"), spelled("CATP"), spelled("Cà Mau")
    ('ca x dong tho', 'ca tp', 'ca mau')
    """
    words = " ".join(re.findall(r"\w+", fold(name)))
    police = _POLICE.match(words)
    if police is None:
        return words
    rest = words[police.end() :]
    kind = _KIND.match(rest)
    if kind is None:
        return f"ca {rest}".strip()
    short = _KINDS.get(kind.group(), kind.group())
    return f"ca {short} {rest[kind.end() :].strip()}".strip()


def as_known(rows: ColumnRows, store: Store) -> dict[str, str]:
    """Give the names of books that the store, or an earlier row, spells otherwise, and how.

    Parameters
    ----------
    rows
        Incidents in the order of the file.
    store
        Only read.
    """
    here = dict.fromkeys(map(str, rows.values("source")))
    if all(name.isdigit() or not name for name in here):
        return {}  # codes of wards
    with store.read() as connection:
        known = connection.scalars(
            sa.select(_TABLE.c.source)
            .where(in_force(_TABLE))
            .group_by(_TABLE.c.source)
            .order_by(sa.func.min(_TABLE.c.row_id))
        ).all()
    written: dict[str, str] = {}
    for name in (*known, *here):
        written.setdefault(spelled(name), name)
    kept = set(known)
    return {
        name: written[spelled(name)]
        for name in here
        if name not in kept and written[spelled(name)] != name
    }


def renamed(rows: ColumnRows, names: Mapping[str, str]) -> ColumnRows:
    """Give the rows with their books named as they are known."""
    if not names:
        return rows
    sources = rows.values("source")
    different = tuple(dict.fromkeys(names.get(source, source) for source in sources))
    code_of = {name: code for code, name in enumerate(different)}
    codes = np.array([code_of[names.get(source, source)] for source in sources], dtype=np.intp)
    others = {place: renamed_row(row, names) for place, row in rows.others.items()}
    columns = {**rows.columns, "source": Coded(codes, different)}
    return replace(rows, columns=columns, others=others)


def renamed_row(row: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """Give one row with its book named as it is known."""
    return {**row, "source": names.get(row["source"], row["source"])}


def refuse_another_book(rows: ColumnRows, store: Store, *, file_sha256: str) -> None:
    """Refuse a file that is in the store already with the same cases under another book.

    Raises
    ------
    SameFileOtherBookError
        It is; the batch is named.
    """
    batches = tables.batches
    of_file = sa.select(batches.c.batch_id).where(
        batches.c.file_sha256 == file_sha256,
        batches.c.file_sha256 != "",
        batches.c.status == "active",
        batches.c.layer == "incidents",
    )
    with store.read() as connection:
        ids = connection.scalars(of_file.order_by(batches.c.batch_id)).all()
        if not ids:
            return
        came = _TABLE.c.batch_id.in_(ids)
        books = connection.scalars(sa.select(_TABLE.c.source).where(came).distinct()).all()
        if set(books) & set(rows.values("source")):
            return
        some = rows.take(np.arange(min(MOST_COMPARED, len(rows)), dtype=np.intp))
        starts = list(dict.fromkeys(some.values("starts_at")))
        lines = connection.execute(
            sa.select(_TABLE).where(came, _TABLE.c.starts_at.in_(starts))
        ).mappings()
        known = {content_hash("incidents", {**line, "source": None}) for line in lines}
    bare = renamed(some, dict.fromkeys(some.values("source")))  # type: ignore[arg-type]
    n_alike = sum(digest in known for digest in content_hashes("incidents", bare))
    if known and 2 * n_alike >= len(some):
        raise SameFileOtherBookError(batch=ids[0], books=sorted(books)[:MOST_NAMED])
