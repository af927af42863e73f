"""The numbered cases that the store knows, as far as the rows of a file may mean them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data import tables
from data.fingerprints import content_hash, content_hashes
from data.importing.cases import case_likeness
from data.importing.cases.case_likeness import Said
from data.importing.open_questions import Report
from data.offences import UNCLASSIFIED
from data.row_columns import Coded, ColumnRows
from data.rows import in_force
from data.store import Store

_TABLE = tables.incidents
_AT_ONCE = 900


@dataclass
class Case:
    """A case that has a number: its key, what stands of it, and all that was ever said of it.

    Parameters
    ----------
    key
        In the store, or the one that it will have.
    said, report
        What stands.
    digests
        The fingerprints of all that was said.
    has_moved
        It has another number by now: it is known again only word for word.
    is_of_file
        What stands came with the file at hand, in an earlier import.
    is_standing
        It is in force, and not said to be another case since.
    """

    key: str
    said: Said
    report: Report
    digests: set[str] = field(default_factory=set)
    has_moved: bool = False
    is_of_file: bool = False
    is_standing: bool = False


def report_of(row: Mapping[str, Any], key: str | None = None) -> Report:
    """Give a row as a person is shown it; with a key one of the file, else one of the store."""
    return Report(
        row_key=key or str(row["row_key"]),
        source=str(row["source"]),
        case_id=row["case_id"],
        category=str(row["category"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        ward_code=str(row["ward_code"]),
        place=row["place"],
        file_row=row.get("file_row") if key else None,
    )


def read(
    store: Store,
    numbers: Iterable[str],
    later: Mapping[str, Sequence[str]],
    zone: ZoneInfo,
    *,
    file_sha256: str = "",
) -> dict[str, list[Case]]:
    """Read the cases that have these numbers.

    Parameters
    ----------
    store
        Only read.
    numbers
        Books and numbers, as the first case with one has them for its key.
    later
        The keys of cases that came later, by that number.
    zone
        Whose days count.
    file_sha256
        The fingerprint of the file at hand, to know what came with it before.
    """
    bases_of: dict[str, list[str]] = {}  # a case that has another number by now has two
    for base in numbers:
        for key in (base, *later.get(base, ())):
            bases_of.setdefault(key, []).append(base)
    wanted = list(bases_of)
    found: dict[str, dict[str, Case]] = {}
    with store.read() as connection:
        of_file = set(
            connection.scalars(
                sa.select(tables.batches.c.batch_id).where(
                    tables.batches.c.file_sha256 == file_sha256, tables.batches.c.file_sha256 != ""
                )
            )
        )
        for start in range(0, len(wanted), _AT_ONCE):
            lines = connection.execute(
                sa.select(_TABLE)
                .where(_TABLE.c.row_key.in_(wanted[start : start + _AT_ONCE]))
                .where(_is_of_active())
                .order_by(_TABLE.c.row_id)
            )
            for line in map(dict, lines.mappings()):
                key, said = line["row_key"], case_likeness.said(line, zone)
                report = report_of(line)
                for base in bases_of[key]:
                    case = found.setdefault(base, {}).setdefault(key, Case(key, said, report))
                    case.digests.add(line["content_hash"])
                    if line["superseded_by"] is None:
                        case.said, case.report = said, report
                        case.has_moved = f"{line['source']}|{line['case_id']}" != base
                        case.is_of_file = line["batch_id"] in of_file
                        case.is_standing = True
    return {
        base: [case for case in mine.values() if case.is_standing] for base, mine in found.items()
    }


def later_keys(connection: sa.Connection, numbers: Collection[str]) -> dict[str, list[str]]:
    """Give the keys of standing cases that are not known by book and number alone, by these."""
    base = _TABLE.c.source + "|" + _TABLE.c.case_id
    lines = connection.execute(
        sa.select(base, _TABLE.c.row_key)
        .where(in_force(_TABLE), _TABLE.c.case_id.is_not(None), _TABLE.c.row_key != base)
        .order_by(_TABLE.c.row_id)
    )
    found: dict[str, list[str]] = {}
    for number, key in lines:
        if number in numbers:
            found.setdefault(number, []).append(key)
    return found


def are_alike(rows: ColumnRows, keys: Sequence[str], store: Store) -> list[bool]:
    """Tell which rows share a day, and the hour or the offence, with what stands under their keys.

    All at once; an hour that is not told, and an offence that nobody knows, is no other one.
    """
    zone = ZoneInfo(store.properties.timezone)
    names = ("starts_at", "ends_at", "time_is_known", "category")
    known: dict[str, tuple[Any, ...]] = {}
    with store.read() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            lines = connection.execute(
                sa.select(_TABLE.c.row_key, *(_TABLE.c[name] for name in names))
                .where(_TABLE.c.row_key.in_(keys[start : start + _AT_ONCE]))
                .where(_is_of_active(), (_TABLE.c.superseded_by + 0).is_(None))
            ).cursor.fetchall()  # as the driver gives them: moments in UTC
            known |= {key: told for key, *told in lines}
    here = _spans(dict(zip(names, map(rows.values, names), strict=True)), zone)
    standing = zip(*(known[key] for key in keys), strict=True)
    there = _spans(dict(zip(names, standing, strict=True)), zone)
    is_day = (here["first"] <= there["last"]) & (there["first"] <= here["last"])
    is_hour = (here["clock"] == there["clock"]) | ~(here["is_timed"] & there["is_timed"])
    is_kind = here["category"] == there["category"]
    for one in (here, there):
        is_kind |= one["category"] == UNCLASSIFIED
    found: list[bool] = (is_day & (is_hour | is_kind)).tolist()
    return found


def _spans(told: Mapping[str, Sequence[Any]], zone: ZoneInfo) -> pd.DataFrame:
    """Give the days between which cases happened, the hour they began at, and their offences."""
    first, last = (
        pd.DatetimeIndex(pd.to_datetime(told[name], utc=True)).tz_convert(zone)
        for name in ("starts_at", "ends_at")
    )
    return pd.DataFrame(
        {
            "first": first.normalize(),
            "last": last.normalize(),
            "clock": first - first.normalize(),
            "is_timed": np.array(told["time_is_known"], dtype=bool),
            "category": pd.Series(told["category"], dtype=object),
        }
    )


def spelled(number: str) -> str:
    """Write a number as it is meant: spreadsheets drop noughts before it and add one behind.

    Examples
    --------
    >>> spelled("012"), spelled("１２"), spelled("12.0"), spelled("Vụ số 12")
    ('12', '12', '12', '12')
    >>> spelled(" v-007/2025 ")
    'V-7/2025'
    """
    text = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    text = re.sub(r"^(?:VỤ|VIỆC|ÁN|SỐ|STT|NO|N°|Nº|#|[.:])+(?=\d)", "", text)
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def under_other_numbers(
    rows: ColumnRows,
    store: Store,
    *,
    source: str,
    taken: Collection[str],
    is_spelling: bool = False,
) -> dict[int, str]:
    """Find the rows that say, all but the number, what a case of their book says.

    Parameters
    ----------
    rows
        Of one book.
    store
        Only read.
    source
        The book.
    taken
        Keys of cases that other rows mean.
    is_spelling
        Only those whose number is the same, spelled otherwise.

    Returns
    -------
    dict
        From the place of a row to the key of the case; no case for two rows.
    """
    bare = _without_number(rows)
    starts = list(dict.fromkeys(rows.values("starts_at")))
    known: dict[str, dict[str, str]] = {}  # number to key
    with store.read() as connection:
        for start in range(0, len(starts), _AT_ONCE):
            lines = connection.execute(
                sa.select(_TABLE)
                .where(_TABLE.c.starts_at.in_(starts[start : start + _AT_ONCE]))
                .where(_is_of_active(), (_TABLE.c.superseded_by + 0).is_(None))
                .where(_TABLE.c.source == source, _TABLE.c.case_id.is_not(None))
                .order_by(_TABLE.c.row_id)
            )
            for line in lines.mappings():
                if line["row_key"] not in taken:
                    digest = content_hash("incidents", {**line, "case_id": None})
                    known.setdefault(digest, {})[line["case_id"]] = line["row_key"]
    told = zip(rows.values("case_id"), content_hashes("incidents", bare), strict=True)
    others = [  # those that are known as they stand are no others
        (place, number, digest)
        for place, (number, digest) in enumerate(told)
        if known.get(digest, {}).pop(number, None) is None
    ]
    found: dict[int, str] = {}
    for place, number, digest in others:
        mine = known.get(digest, {})
        fits = (n for n in mine if not is_spelling or spelled(n) == spelled(number))
        if (fit := next(fits, None)) is not None:
            found[place] = mine.pop(fit)
    return found


def of_one_day_spelled_otherwise(
    rows: ColumnRows, store: Store, *, source: str, taken: Collection[str]
) -> dict[int, str]:
    """Find the rows of whose day the book has a case with the number, spelled otherwise.

    Of rows that say something else of it, as of a number that is spelled alike.

    Returns
    -------
    dict
        From the place of a row to the key of the case; no case for two rows.
    """
    zone = ZoneInfo(store.properties.timezone)
    here = [(spelled(row["case_id"]), case_likeness.said(row, zone)) for row in rows]
    a_day = timedelta(days=1)
    known: dict[str, list[tuple[str, Said]]] = {}
    with store.read() as connection:
        lines = connection.execute(
            sa.select(_TABLE)
            .where(in_force(_TABLE), _TABLE.c.source == source, _TABLE.c.case_id.is_not(None))
            .where(_TABLE.c.starts_at >= min(rows.values("starts_at")) - a_day)
            .where(_TABLE.c.starts_at <= max(rows.values("ends_at")) + a_day)
            .order_by(_TABLE.c.row_id)
        ).mappings()
        numbers = {number for number, _ in here}
        for line in map(dict, lines):
            number = spelled(line["case_id"])
            if number in numbers and line["row_key"] not in taken:
                told = (line["row_key"], case_likeness.said(line, zone))
                known.setdefault(number, []).append(told)
    found: dict[int, str] = {}
    for place, (number, said) in enumerate(here):
        for key, there in known.get(number, ()):
            is_one = case_likeness.is_same_day(there, said)
            if is_one and key not in found.values() and not case_likeness.contradicts(there, said):
                found[place] = key
                break
    return found


def brought_by(store: Store, keys: Collection[str], file_sha256: str) -> set[str]:
    """Give the keys of cases that stand because this very file brought them as new ones.

    Parameters
    ----------
    store
        Only read.
    keys
        Of the rows of the file.
    file_sha256
        Its fingerprint; empty of what came from no file.
    """
    if not file_sha256:
        return set()
    batches = tables.batches
    wanted = list(dict.fromkeys(keys))
    found: set[str] = set()
    before: set[str] = set()
    with store.read() as connection:
        own = set(
            connection.scalars(
                sa.select(batches.c.batch_id).where(batches.c.file_sha256 == file_sha256)
            )
        )
        for start in range(0, len(wanted) if own else 0, _AT_ONCE):
            lines = connection.execute(
                sa.select(_TABLE.c.row_key, _TABLE.c.batch_id, in_force(_TABLE)).where(
                    _TABLE.c.row_key.in_(wanted[start : start + _AT_ONCE])
                )
            )
            for key, batch, is_in_force in lines:
                if batch not in own:
                    before.add(key)
                elif is_in_force:
                    found.add(key)
    return found - before


def _without_number(rows: ColumnRows) -> ColumnRows:
    none = Coded(np.zeros(len(rows), dtype=np.intp), (None,))
    others = {place: {**row, "case_id": None} for place, row in rows.others.items()}
    return ColumnRows(len(rows), {**rows.columns, "case_id": none}, others)


def has_any(connection: sa.Connection) -> bool:
    """Tell whether there is any incident at all."""
    return connection.execute(sa.select(_TABLE.c.row_id).limit(1)).first() is not None


def _is_of_active() -> sa.ColumnElement[bool]:
    """Tell whether a row is of an active batch; a sum, so that rows are found by their key."""
    active = sa.select(tables.batches.c.batch_id).where(tables.batches.c.status == "active")
    return (_TABLE.c.batch_id + 0).in_(active)
