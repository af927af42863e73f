"""Which old ward became which new one: shares of old wards, from one division to the next."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd
import sqlalchemy as sa

from analysis import apportion
from data import divisions, tables
from data.importing import cells
from data.importing.errors import NoCrosswalkColumnError
from data.importing.records import Checked, Draft, Row, RowRefusedError
from data.rows import Rejection, in_force
from data.store import Store

ENDS = ("from_division", "from_code", "to_division", "to_code")

_SAME_SHARE = 1e-9  # shares that were rounded when they went out stay as they are written
_Step = tuple[str, str]


def check(draft: Draft, store: Store) -> Checked:
    """Check a crosswalk row by row, and the shares of each old ward together.

    A column of shares in percent is one whose cells say so. Without such a column every old ward
    goes whole into one new ward. Wards of divisions that are not loaded are taken as written.

    Raises
    ------
    NoCrosswalkColumnError
        A column of the divisions or codes is not mapped.
    UnknownWardsError
        Wards of a loaded old division that neither the file nor the store leads on from.
    """
    missing = [name for name in ENDS if name not in draft.mapping]
    if missing:
        raise NoCrosswalkColumnError(
            file=draft.file_name, field=missing[0], headings=list(draft.headings)
        )
    codes = _codes(store)
    firsts: dict[tuple[str, ...], float] = {}
    read: list[tuple[Row, dict[str, Any]]] = []
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            part = _part(row, codes)
            ends = tuple(part[name] for name in ENDS)
            if firsts.setdefault(ends, part["share"]) != part["share"]:
                raise row.refuse("repeated_id", "to_code")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            read.append((row, part))
    kept = _with_whole_shares(read, refused)
    _check_complete(store, kept, codes)
    return Checked(
        draft=draft,
        rows=tuple(kept),
        rejections=tuple(sorted(refused, key=lambda rejection: rejection.file_row)),
        table="ward_crosswalk",
        replaces=True,
    )


def _part(row: Row, codes: dict[str, set[str]]) -> dict[str, Any]:
    ends: dict[str, Any] = {}
    for name in ENDS:
        text = row.text(name)
        if text is None:
            raise row.refuse("no_id", name)
        ends[name] = text
    for end in ("from", "to"):
        known = codes.get(ends[f"{end}_division"])
        if known is not None and ends[f"{end}_code"] not in known:
            raise row.refuse("unknown_ward", f"{end}_code")
    share = cells.read_number(row, "share") if "share" in row.cells else 1.0
    if share is not None and "%" in (row.text("share") or ""):
        share /= 100
    if share is None or not 0 < share <= 1:
        raise row.refuse("bad_share", "share")
    return {**ends, "share": share}


def _with_whole_shares(
    read: list[tuple[Row, dict[str, Any]]], refused: list[Rejection]
) -> list[dict[str, Any]]:
    """Make the shares of each old ward sum to 1, and refuse those that are too far from it."""
    by_ward: dict[tuple[_Step, str], list[tuple[Row, dict[str, Any]]]] = defaultdict(list)
    for row, part in read:
        step = (part["from_division"], part["to_division"])
        by_ward[step, part["from_code"]].append((row, part))
    kept: list[dict[str, Any]] = []
    for (step, _), parts in by_ward.items():
        frame = pd.DataFrame([part for _, part in parts]).drop_duplicates(list(ENDS))
        try:
            whole = apportion.normalised(frame).set_index("to_code")
        except apportion.SharesError:
            refused += [row.refuse("shares_not_whole", "share").rejection for row, _ in parts]
            continue
        is_whole = abs(frame["share"].sum() - 1) < _SAME_SHARE
        for row, part in parts:
            settled = whole.loc[part["to_code"]]
            share = part["share"] if is_whole else float(settled["share"])
            kept.append(
                {
                    **part,
                    "share": round(share, divisions.SHARE_DECIMALS),
                    "is_split": bool(settled["is_split"]),
                    "row_key": f"{step[0]}|{part['from_code']}|{step[1]}|{part['to_code']}",
                    "file_row": row.file_row,
                }
            )
    return sorted(kept, key=lambda content: content["file_row"])


def _codes(store: Store) -> dict[str, set[str]]:
    """Give the codes of each loaded division."""
    table = tables.wards
    found: dict[str, set[str]] = defaultdict(set)
    with store.read() as connection:
        for line in connection.execute(
            sa.select(table.c.division, table.c.code).where(in_force(table))
        ):
            found[line.division].add(line.code)
    return dict(found)


def _check_complete(store: Store, kept: list[dict[str, Any]], codes: dict[str, set[str]]) -> None:
    table = tables.ward_crosswalk
    led: dict[_Step, set[str]] = defaultdict(set)
    for part in kept:
        led[part["from_division"], part["to_division"]].add(part["from_code"])
    with store.read() as connection:
        for line in connection.execute(sa.select(table).where(in_force(table))):
            if (line.from_division, line.to_division) in led:
                led[line.from_division, line.to_division].add(line.from_code)
    lost = [
        f"{code} ({old})"
        for (old, _), known in led.items()
        for code in sorted(codes.get(old, set()) - known)
    ]
    if lost:
        raise apportion.UnknownWardsError(values=lost)
