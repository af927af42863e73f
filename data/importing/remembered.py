"""Columns as a person confirmed them, kept for the next file of the same shape.

A ward sends the same kind of sheet month after month. What its columns stand for, and what words
for offences mean, is asked once: the next file with the same headings, whatever their order, starts
from the last answer. Of headings that are not stored nothing is kept but their part in a
fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from data import tables
from data.folding import fold
from data.importing.records import Draft, Options
from data.importing.stored_fields import STORED_FIELDS
from data.importing.tables.headings import is_personal
from data.masking import mask
from data.store import Store, Transaction

_TABLE = tables.remembered_columns


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What a person said of a file of the same shape.

    Parameters
    ----------
    mapping
        Field to heading; an empty heading leaves the field out. Empty where nobody confirmed the
        columns, and only words were told.
    conventions
        Field to order of days or sign of decimals, where the person chose it for this source.
    crs
        The system of coordinates, where the person chose it for this source.
    actor, remembered_at
        Who said so, and when.
    offences
        Words for offences that no rule knows, to category.
    """

    mapping: Mapping[str, str]
    conventions: Mapping[str, str]
    crs: str | None
    actor: str
    remembered_at: datetime
    offences: Mapping[str, str] = field(default_factory=dict)


def fingerprint(headings: Iterable[str]) -> str:
    """Give one name to a set of headings, however they are ordered, cased or accented.

    Examples
    --------
    >>> fingerprint(["Ngày", "Phường/xã", ""]) == fingerprint(["PHUONG XA", "ngay"])
    True
    >>> fingerprint(["Ngày"]) == fingerprint(["Ngày", "Giờ"])
    False
    """
    folded = sorted(fold(heading) for heading in headings if heading)
    return hashlib.sha256("\n".join(folded).encode()).hexdigest()


def recall(
    store: Store, layer: str, headings: Iterable[str], *, source: str | None = None
) -> Remembered | None:
    """Give what was said last of a file with these headings; None where nobody ever did.

    Thirty-four wards may fill in one form and each write days in its own way: what columns stand
    for holds for all of them, how a column is read only for the source it was said of.

    Parameters
    ----------
    store
        The store that remembers.
    layer
        What the file is to become.
    headings
        All its headings.
    source
        Whose file it is, where that is told: then its own answer wins over that of others.
    """
    with store.read() as connection:
        lines = connection.execute(
            sa.select(_TABLE)
            .where(_TABLE.c.layer == layer, _TABLE.c.headings_sha256 == fingerprint(headings))
            .order_by(_TABLE.c.remembered_id.desc())
        ).all()
    if not lines:
        return None
    own = [line for line in lines if line.source == (source or "")]
    words = (own or lines)[0]
    confirmed = [line for line in (*own, *lines) if line.mapping]
    if not confirmed:  # nobody looked at the columns
        return Remembered(
            mapping={},
            conventions={},
            crs=None,
            actor=words.actor,
            remembered_at=words.remembered_at,
            offences=words.offences or {},
        )
    line = confirmed[0]
    is_own = line.source == (source or "")
    return Remembered(
        mapping=line.mapping,
        conventions=line.conventions if is_own and source else {},
        crs=line.crs if is_own else None,
        actor=line.actor,
        remembered_at=line.remembered_at,
        offences=words.offences or {},
    )


def filled(
    options: Options, remembered: Remembered, headings: Iterable[str], *, layer: str
) -> Options:
    """Fill what was not told this time with what was told the last time.

    A field that the layer has no more, and a heading that is one of personal data by now, are not
    asked for.

    Examples
    --------
    >>> last = Remembered(mapping={"date": "Ngày", "time": ""}, conventions={}, crs="EPSG:5897",
    ...                   actor="An", remembered_at=datetime.now(UTC))
    >>> options = filled(Options(crs="EPSG:4326"), last, ["NGÀY"], layer="incidents")
    >>> options.mapping, options.crs
    ({'date': 'NGÀY', 'time': ''}, 'EPSG:4326')
    """
    written = {fold(heading): heading for heading in headings if heading}
    mapping = {
        name: written.get(fold(heading), "") if heading else ""
        for name, heading in remembered.mapping.items()
        if name in STORED_FIELDS[layer] and not is_personal(heading, layer=layer)
    }
    return replace(
        with_offences(options, remembered),
        mapping=options.mapping or mapping,
        conventions={**remembered.conventions, **options.conventions},
        crs=options.crs or remembered.crs,
    )


def with_offences(options: Options, remembered: Remembered) -> Options:
    """Fill in what words for offences mean; what is told this time wins.

    Examples
    --------
    >>> last = Remembered(mapping={}, conventions={}, crs=None, actor="An",
    ...                   remembered_at=datetime.now(UTC), offences={"fight": "public_disorder"})
    >>> with_offences(Options(offences={"FIGHT": "injury"}), last).offences
    {'FIGHT': 'injury'}
    """
    told = {fold(text) for text in options.offences}
    last = {t: c for t, c in remembered.offences.items() if fold(t) not in told}
    return replace(options, offences={**last, **options.offences})


def remember(transaction: Transaction, draft: Draft, options: Options) -> None:
    """Keep how the columns of a file were understood; the same once more adds nothing.

    Parameters
    ----------
    transaction
        The change in progress.
    draft
        The file as it was read at last: what its mapping has not is left out next time too.
    options
        What the person told besides; of words for offences those about a person are not kept.
    """
    left_out = {name: "" for name, heading in options.mapping.items() if not heading}
    in_file = {name: h for name, h in draft.mapping.items() if h in draft.headings}
    _keep(
        transaction,
        draft,
        options,
        {
            "mapping": {**left_out, **in_file},
            "conventions": dict(options.conventions),
            "crs": options.crs,
        },
    )


def remember_offences(transaction: Transaction, draft: Draft, options: Options) -> None:
    """Keep what words for offences mean, where nobody looked at the columns.

    Of the columns stands what was confirmed of this source last, or nothing.
    """
    columns = transaction.connection.execute(
        sa.select(_TABLE.c.mapping, _TABLE.c.conventions, _TABLE.c.crs)
        .where(*_of_file(draft, options))
        .order_by(_TABLE.c.remembered_id.desc())
        .limit(1)
    ).one_or_none()
    nothing: dict[str, Any] = {"mapping": {}, "conventions": {}, "crs": None}
    _keep(transaction, draft, options, nothing if columns is None else dict(columns._mapping))


def _of_file(draft: Draft, options: Options) -> tuple[sa.ColumnElement[bool], ...]:
    told = (
        ("layer", draft.layer),
        ("headings_sha256", fingerprint(draft.headings)),
        ("source", options.source or ""),
    )
    return tuple(_TABLE.c[name] == value for name, value in told)


def _keep(
    transaction: Transaction, draft: Draft, options: Options, columns: Mapping[str, Any]
) -> None:
    told = {
        **columns,
        "offences": {t: c for t, c in options.offences.items() if not mask(t).counts} or None,
    }
    latest = transaction.connection.execute(
        sa.select(*(_TABLE.c[name] for name in told))
        .where(*_of_file(draft, options))
        .order_by(_TABLE.c.remembered_id.desc())
        .limit(1)
    ).one_or_none()
    nothing: dict[str, Any] = {"mapping": {}, "conventions": {}, "crs": None, "offences": None}
    if told == (nothing if latest is None else dict(latest._mapping)):
        return
    transaction.connection.execute(
        sa.insert(_TABLE).values(
            **told,
            layer=draft.layer,
            headings_sha256=fingerprint(draft.headings),
            source=options.source or "",
            remembered_at=datetime.now(UTC),
            actor=transaction.actor,
        )
    )
    transaction.record(
        "remember_columns",
        layer=draft.layer,
        file=draft.file_name,
        n_columns=sum(map(bool, columns["mapping"].values())),
    )
