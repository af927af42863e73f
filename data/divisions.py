"""Ward divisions that followed one another: the crosswalks between them, and what they carry over.

A code has a meaning only inside its division (14758 was Đông Thọ and is Hàm Rồng). The store keeps
*steps* from one division to the next; longer ways are composed when they are asked for.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from analysis import apportion
from analysis.apportion import UnknownWardsError
from analysis.columns import check_columns
from analysis.errors import VongLauError
from data import layers, tables
from data.rows import BatchCounts, Source, in_force, write_batch
from data.store import Store, Transaction

SHIPPED = "crosswalk_2024_2025.csv"
"""Thanh Hoa: 34 wards (division ``2021``), 47 from 1 January 2025, 7 from 1 July 2025."""

SHARE_DECIMALS = 12
"""To what shares are kept: as much as a table carries out and in again."""

Steps = dict[tuple[str, str], pd.DataFrame]


class NoCrosswalkError(VongLauError, LookupError):
    """No crosswalk leads from one division to another."""

    code = "no_crosswalk"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Incidents of several divisions, counted in one.

    Parameters
    ----------
    incidents
        As ``data.layers.read_incidents``; where there are several divisions, with ``share``,
        ``is_placed`` and ``is_apportioned`` of ``analysis.apportion.reassign`` and with
        ``recorded_ward_code``. ``division`` stays the one they were recorded in.
    outside
        For each other division, the wards of this one that it did not have in full: its incidents
        say too little about them. For a division that no crosswalk connects, all wards.
    n_left_out
        Incidents of divisions that no crosswalk connects, and whose point lies in no ward.
    """

    incidents: gpd.GeoDataFrame
    outside: Mapping[str, tuple[str, ...]]
    n_left_out: int


def shipped_crosswalk() -> pd.DataFrame:
    """Read the crosswalk that comes with the program, step by step, names included.

    Only two wards of 2024 were really split; their shares come from approximate outlines and are
    not normalised here. All others are taken whole.

    Examples
    --------
    >>> shipped_crosswalk().groupby("to_division")["from_code"].nunique().to_dict()
    {'2025-01': 48, '2025-07': 49}
    """
    text = (resources.files("data") / "reference" / SHIPPED).read_text(encoding="utf-8")
    texts = ["from_division", "from_code", "to_division", "to_code"]
    return pd.read_csv(io.StringIO(text), dtype=dict.fromkeys(texts, str))


def load_shipped_crosswalk(
    store: Store, *, actor: str, names: Mapping[str, str] | None = None
) -> BatchCounts:
    """Bring the shipped crosswalk into a store.

    Parameters
    ----------
    store
        The store.
    actor
        Who does it, for the audit.
    names
        What this store calls a shipped division, where it calls it something else.

    Raises
    ------
    UnknownWardsError
        The store has the wards of one of these divisions, and they are others.
    """
    steps = shipped_crosswalk()
    called = dict(names or {})
    for column in ("from_division", "to_division"):
        steps[column] = steps[column].replace(called)
    digest = hashlib.sha256(steps.to_csv(index=False).encode()).hexdigest()
    return write_crosswalk(
        store, steps, actor=actor, source=Source(file_name=SHIPPED, file_sha256=digest)
    )


def write_crosswalk(
    store: Store, steps: pd.DataFrame, *, actor: str, source: Source
) -> BatchCounts:
    """Check the steps of a crosswalk and bring them into force; the same steps before are replaced.

    Parameters
    ----------
    store
        The store.
    steps
        ``from_division``, ``from_code``, ``to_division``, ``to_code`` and ``share``.
    actor
        Who does it, for the audit.
    source
        The file it came from.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    SharesError
        The shares of an old ward do not sum to about 1.
    UnknownWardsError
        A ward that a loaded division does not have, or a ward of a loaded division from which the
        crosswalk does not lead on.
    """
    columns = ["from_division", "from_code", "to_division", "to_code", "share"]
    check_columns(steps, columns, name="ward_crosswalk")
    rows = []
    with store.begin(actor=actor) as transaction:
        for (old, new), step in _by_step(steps).items():
            parts = apportion.normalised(step).round({"share": SHARE_DECIMALS})
            _check_wards(transaction.connection, parts, from_division=old, to_division=new)
            ends = {"from_division": old, "to_division": new}
            rows += [
                {
                    **ends,
                    **part,
                    "row_key": f"{old}|{part['from_code']}|{new}|{part['to_code']}",
                }
                for part in parts.to_dict("records")
            ]
        counts = write_batch(transaction, "ward_crosswalk", rows, source=source)
        if counts.batch is not None:
            _retire_others(transaction, rows, batch=counts.batch)
    return counts


def read_crosswalk(store: Store, *, from_division: str, to_division: str) -> pd.DataFrame:
    """Read the crosswalk between two divisions, composed along the shortest way of loaded steps.

    Returns
    -------
    pandas.DataFrame
        ``from_code``, ``to_code``, ``share`` (summing to 1 for each old ward) and ``is_split``.

    Raises
    ------
    NoCrosswalkError
        No steps lead from the one to the other.
    """
    steps = _read_steps(store)
    way = _way(steps, from_division, to_division)
    crosswalk = steps[way[0]]
    for step in way[1:]:
        crosswalk = apportion.compose(crosswalk, steps[step])
    return crosswalk


def partly_outside(store: Store, *, from_division: str, to_division: str) -> tuple[str, ...]:
    """List the wards of a division that took in land which an older division did not have.

    Thanh Hoa took in Đông Sơn district in 2025: what the 34 wards of 2024 counted is not all that
    happened where the new ward Đông Sơn now is.

    Raises
    ------
    NoCrosswalkError
        No steps lead from the one to the other.
    """
    steps = _read_steps(store)
    outside: set[str] = set()
    for old, new in _way(steps, from_division, to_division):
        within = {old, *_ancestors(steps, old)}
        step = steps[old, new]
        outside = set(step.loc[step["from_code"].isin(outside), "to_code"])
        for (other, end), joined in steps.items():
            if end == new and other not in within:
                outside |= set(joined["to_code"])
    return tuple(sorted(outside))


def bring_incidents(
    store: Store, incidents: gpd.GeoDataFrame, *, division: str, outlines: gpd.GeoDataFrame
) -> Brought:
    """Count incidents in one division, whichever they were recorded in.

    Incidents of the division itself are given back as they are. An incident of a ward that was
    split is placed by its point where it has one, else shared out. Where no crosswalk leads here,
    only points tell. METHODS.md, section Divisions.

    Parameters
    ----------
    store
        The store with the crosswalks.
    incidents
        With ``division``, ``ward_code`` and points.
    division
        The division to count in.
    outlines
        Its wards, indexed by code.

    Raises
    ------
    UnknownWardsError
        Incidents of a ward that the crosswalk of their division does not know.
    """
    if (incidents["division"] == division).all():
        return Brought(incidents=incidents, outside={}, n_left_out=0)
    shapes = outlines.to_crs(incidents.crs)
    recorded = incidents.assign(recorded_ward_code=incidents["ward_code"])
    same = {"share": 1.0, "is_placed": False, "is_apportioned": False}
    pieces, outside, n_left_out = [], {}, 0
    for name, group in recorded.groupby(recorded["division"].astype(str)):
        if name == division:
            pieces.append(group.assign(**same))
            continue
        try:
            crosswalk = read_crosswalk(store, from_division=name, to_division=division)
        except NoCrosswalkError:
            located = apportion.locate(group, outlines=shapes)
            pieces.append(located)
            outside[name] = tuple(outlines.index)
            n_left_out += len(group) - len(located)
            continue
        outside[name] = partly_outside(store, from_division=name, to_division=division)
        pieces.append(apportion.reassign(group, crosswalk=crosswalk, outlines=shapes))
    brought = pd.concat(pieces).sort_values("starts_at", kind="stable")
    return Brought(incidents=brought, outside=outside, n_left_out=n_left_out)


def read_wards_with_population(store: Store, *, division: str) -> gpd.GeoDataFrame:
    """Read the wards of a division; a missing population is summed from older wards.

    Only a ward whose every part has a population in one older division gets one; it keeps the
    older division's source.

    Returns
    -------
    geopandas.GeoDataFrame
        As ``data.layers.read_wards``.
    """
    wards = layers.read_wards(store, division=division)
    if wards["population"].notna().all():
        return wards
    steps = _read_steps(store)
    for older in _ancestors(steps, division):
        if wards["population"].notna().all():
            break
        known = layers.read_wards(store, division=older)
        if known.empty:
            continue
        crosswalk = read_crosswalk(store, from_division=older, to_division=division)
        sums = apportion.apportion_population(known["population"], crosswalk=crosswalk)
        sums = sums.drop(
            list(partly_outside(store, from_division=older, to_division=division)), errors="ignore"
        )
        is_filled = wards["population"].isna() & wards.index.isin(sums.index[sums.notna()])
        if not is_filled.any():
            continue
        sources = known["population_source"].dropna().unique()
        wards["population"] = wards["population"].astype(float)
        wards.loc[is_filled, "population"] = sums.reindex(wards.index[is_filled]).to_numpy()
        wards["population_source"] = wards["population_source"].astype(object)
        wards.loc[is_filled, "population_source"] = sources[0] if len(sources) == 1 else None
    return wards


def last_day_of(store: Store, division: str) -> date | None:
    """Tell the last day on which a division was in force; None when it is or is not known.

    It ends where the next one begins that has wards: a division whose wards were taken back counts
    for nothing.
    """
    table, wards = tables.divisions, tables.wards
    is_loaded = sa.exists().where(wards.c.division == table.c.division, in_force(wards))
    with store.read() as connection:
        known = {
            line.division: line
            for line in connection.execute(sa.select(table, is_loaded.label("is_loaded")))
        }
    if division not in known:
        return None
    own = known[division]
    later = [d.valid_from for d in known.values() if d.is_loaded and d.valid_from > own.valid_from]
    days = [day - timedelta(days=1) for day in later] + [own.valid_to] * (own.valid_to is not None)
    return min(days, default=None)


def changes(store: Store) -> dict[tuple[str, str], bool]:
    """List the divisions that followed one another, and whether a crosswalk spans the change.

    Divisions without wards in force are left out.
    """
    table, wards = tables.divisions, tables.wards
    with store.read() as connection:
        loaded = connection.scalars(
            sa.select(table.c.division)
            .where(sa.exists().where(wards.c.division == table.c.division, in_force(wards)))
            .order_by(table.c.valid_from, table.c.division)
        ).all()
    steps = _read_steps(store)
    return {(old, new): old in _ancestors(steps, new) for old, new in itertools.pairwise(loaded)}


def _read_steps(store: Store) -> Steps:
    table = tables.ward_crosswalk
    with store.read() as connection:
        lines = connection.execute(
            sa.select(
                table.c.from_division,
                table.c.to_division,
                table.c.from_code,
                table.c.to_code,
                table.c.share,
            ).where(in_force(table))
        ).all()
    columns = ["from_division", "to_division", "from_code", "to_code", "share"]
    steps = pd.DataFrame.from_records(lines, columns=columns)
    return {ends: apportion.normalised(step) for ends, step in _by_step(steps).items()}


def _by_step(steps: pd.DataFrame) -> Steps:
    ends = steps[["from_division", "to_division"]].drop_duplicates()
    return {
        (str(old), str(new)): steps[(steps["from_division"] == old) & (steps["to_division"] == new)]
        for old, new in ends.itertuples(index=False)
    }


def _way(steps: Steps, start: str, end: str) -> list[tuple[str, str]]:
    """Find the fewest steps from a division to a later one, breadth first."""
    queue: deque[tuple[str, list[tuple[str, str]]]] = deque([(start, [])])
    seen = {start}
    while queue:
        here, way = queue.popleft()
        for step in sorted(steps):
            if step[0] != here or step[1] in seen:
                continue
            if step[1] == end:
                return [*way, step]
            seen.add(step[1])
            queue.append((step[1], [*way, step]))
    raise NoCrosswalkError(from_division=start, to_division=end)


def _ancestors(steps: Steps, division: str) -> list[str]:
    """List the divisions from which steps lead to this one, the nearest first."""
    found: list[str] = []
    queue = deque([division])
    while queue:
        here = queue.popleft()
        for old, new in sorted(steps):
            if new == here and old not in found and old != division:
                found.append(old)
                queue.append(old)
    return found


def _check_wards(
    connection: sa.Connection, parts: pd.DataFrame, *, from_division: str, to_division: str
) -> None:
    old, new = (_codes(connection, name) for name in (from_division, to_division))
    unknown = [
        *((from_division, code) for code in (old ^ set(parts["from_code"])) if old),
        *((to_division, code) for code in (set(parts["to_code"]) - new) if new),
    ]
    if unknown:
        raise UnknownWardsError(values=[f"{code} ({name})" for name, code in sorted(unknown)])


def _codes(connection: sa.Connection, division: str) -> set[str]:
    wards = tables.wards
    return set(
        connection.scalars(
            sa.select(wards.c.code).where(in_force(wards), wards.c.division == division)
        )
    )


def _retire_others(transaction: Transaction, rows: list[dict[str, object]], *, batch: int) -> None:
    """Take out of force what the same steps said before and do not say any more."""
    table = tables.ward_crosswalk
    keys = [row["row_key"] for row in rows]
    for old, new in sorted({(str(r["from_division"]), str(r["to_division"])) for r in rows}):
        transaction.connection.execute(
            sa.update(table)
            .where(
                in_force(table),
                table.c.from_division == old,
                table.c.to_division == new,
                table.c.row_key.not_in(keys),
            )
            .values(superseded_by=batch)
        )
