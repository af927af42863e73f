"""The last step: checked rows into the store, in one transaction, and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from analysis.columns import LOCATION_QUALITIES
from data import rows, tables
from data.fingerprints import content_hash
from data.history import MOST_CHANGES, RowChange, changes_of_batch
from data.importing import remembered
from data.importing.cases import retold, same_cases, same_events
from data.importing.cases.keeping import with_what_stands
from data.importing.corrections import only_rows
from data.importing.errors import EveryRowFailedError, KnownOtherwiseError, StoreChangedError
from data.importing.files.uncollected import uncollected
from data.importing.locating import remembered_places
from data.importing.records import Checked, Draft, ImportReport, Options
from data.planned import first_days
from data.progress import tell
from data.row_columns import ColumnRows
from data.rows import BatchCounts, Source, in_force
from data.store import Store, Transaction


def commit(
    checked: Checked,
    store: Store,
    *,
    actor: str,
    dry_run: bool = False,
    told: Options | None = None,
    is_confirmed: bool = True,
    recheck: Callable[[], Checked] | None = None,
) -> ImportReport:
    """Write checked rows as one batch, and say what became of every row of the file.

    Parameters
    ----------
    checked
        What :func:`data.importing.check` gave.
    store
        The store to change.
    actor
        Who does it, for the batch and the audit.
    dry_run
        Count everything and keep nothing.
    told
        How a person understood the file, to be remembered for the next one with the same headings;
        None where nobody said anything.
    is_confirmed
        The person looked at the columns; else only what words for offences mean is remembered.
    recheck
        Checks anew where the store has changed since; nobody else writes meanwhile.

    Returns
    -------
    ImportReport
        Accepted, updated, duplicate and rejected rows sum to the rows of the file.

    Raises
    ------
    EveryRowFailedError
        No row is good; nothing is changed. Carries the report.
    KnownOtherwiseError
        The new rows seem to be known by other keys, and nobody said whether they are; nothing is
        changed. Carries the report, as of a dry run.
    StoreChangedError
        Somebody changed the store since the rows were checked, and nobody checks them anew.
    """
    if not checked.rows and not checked.same_events:
        raise EveryRowFailedError(_report(checked, _nothing_written(checked)))
    tell("write", 0, len(checked.rows))
    with (
        uncollected(),
        store.begin(actor=actor) as transaction,
        transaction.connection.begin_nested() as savepoint,
    ):
        if not dry_run and checked.as_of not in {
            None,
            store.version,
        }:  # what is new, and asked, may be otherwise
            if recheck is None:
                raise StoreChangedError(file=checked.draft.file_name)
            checked = recheck()
        is_held = any(question.holds_back for question in checked.numbers)
        written, changes = _write(transaction, checked)
        if told is not None:
            keep = remembered.remember if is_confirmed else remembered.remember_offences
            keep(transaction, checked.draft, told)
        if dry_run or is_held:
            savepoint.rollback()
    report = replace(_report(checked, written), changes=changes)
    if dry_run or is_held:
        report = replace(report, batch=None, is_dry_run=True)
    if is_held and not dry_run:
        raise KnownOtherwiseError(report)
    return report


def _write(transaction: Transaction, checked: Checked) -> tuple[BatchCounts, tuple[RowChange, ...]]:
    draft = checked.draft
    layer = checked.table or draft.layer
    source = Source(file_name=draft.file_name, file_sha256=draft.file_sha256, mapping=draft.mapping)
    if checked.division is not None:
        _put_division(transaction, checked.division)
    kept = with_what_stands(
        transaction.connection,
        layer,
        checked.rows,
        fields=frozenset(draft.mapping),
    )
    checked = replace(checked, rows=kept)
    changed, known = _changed_states(transaction, checked)
    n_state_only = _n_known(transaction, checked, {state["camera_id"] for state in changed})
    counts = rows.write_unrecorded(
        transaction,
        layer,
        checked.rows,
        source=source,
        rejections=checked.rejections,
        n_skipped=draft.n_skipped,
    )
    counts = _with_what_was_told(transaction, checked, counts, source)
    rows.record(transaction, layer, source, counts)
    changes: tuple[RowChange, ...] = ()
    if counts.batch is not None:
        if counts.n_updated:
            changes = changes_of_batch(transaction.connection, layer, counts.batch)
        if draft.sheet_starts:  # the history of a row tells its sheet
            transaction.record("read_sheets", batch=counts.batch, starts=dict(draft.sheet_starts))
        if counts.n_duplicates:
            retold.remember(transaction, layer, _keys(checked), batch=counts.batch)
        if checked.replaces:
            _retire_other_parts(transaction, checked.rows, batch=counts.batch)
    if not changed:
        _keep_corrected(transaction, draft, counts.batch)
        return counts, changes
    states = rows.write_batch(
        transaction, "camera_states", changed, source=source, part_of=counts.batch
    )
    batch = counts.batch if counts.batch is not None else states.batch
    _keep_corrected(transaction, draft, batch)
    counts = replace(
        counts,
        batch=batch,
        n_updated=counts.n_updated + n_state_only,
        n_duplicates=counts.n_duplicates - n_state_only,
    )
    return counts, (*changes, *_state_changes(checked, changed, known))


def _keys(checked: Checked) -> list[str]:
    told = checked.rows
    if isinstance(told, ColumnRows):
        return told.values("row_key")
    return [row["row_key"] for row in told]


def _with_what_was_told(
    transaction: Transaction, checked: Checked, counts: BatchCounts, source: Source
) -> BatchCounts:
    """Keep who said what of places and reports, and count the rows that tell a known event.

    What a person said of rows that were kept meanwhile takes them out of force: of reports of one
    event, which count as updated then, and of cases of one number.
    """
    same_events.remember(transaction, checked.events)
    remembered_places.remember(transaction, checked.places)
    layer = checked.draft.layer
    if checked.same_cases:
        counts, batch = rows.with_batch(transaction, layer, source=source, counts=counts)
        same_cases.remember(transaction, checked.same_cases, batch=batch)
    n_same = len(checked.same_events)
    if not n_same and not checked.retired:
        return counts
    counts = replace(
        counts, n_rows=counts.n_rows + n_same, n_duplicates=counts.n_duplicates + n_same
    )
    counts, n_kept_before = rows.supersede(
        transaction, layer, checked.same_events.keys(), source=source, counts=counts
    )
    counts = replace(
        counts,
        n_updated=counts.n_updated + n_kept_before,
        n_duplicates=counts.n_duplicates - n_kept_before,
    )
    counts, _ = rows.supersede(
        transaction, layer, set(checked.retired), source=source, counts=counts
    )
    if counts.batch is not None:
        table = tables.batches
        transaction.connection.execute(
            sa.update(table)
            .where(table.c.batch_id == counts.batch)
            .values(
                n_rows=counts.n_rows, n_updated=counts.n_updated, n_duplicates=counts.n_duplicates
            )
        )
    return counts


def _keep_corrected(transaction: Transaction, draft: Draft, batch: int | None) -> None:
    """Write down which cells a person set right; what stood there is not kept."""
    if batch is None or not draft.corrected:
        return
    transaction.connection.execute(
        sa.insert(tables.corrected_cells),
        [
            {"batch_id": batch, "file_row": file_row, "column": draft.mapping[name]}
            for file_row, name in draft.corrected
        ],
    )


def _retire_other_parts(transaction: Transaction, parts: Sequence[Any], *, batch: int) -> None:
    """Take out of force what a crosswalk said of the same old wards and does not say any more."""
    table = tables.ward_crosswalk
    keys = {part["row_key"] for part in parts}
    told = {(p["from_division"], p["from_code"], p["to_division"]) for p in parts}
    lines = transaction.connection.execute(sa.select(table).where(in_force(table))).all()
    gone = [
        line.row_id
        for line in lines
        if (line.from_division, line.from_code, line.to_division) in told
        and line.row_key not in keys
    ]
    transaction.connection.execute(
        sa.update(table).where(table.c.row_id.in_(gone)).values(superseded_by=batch)
    )


def _put_division(transaction: Transaction, division: Any) -> None:  # noqa: ANN401  a row's values
    table = tables.divisions
    known = transaction.connection.execute(
        sa.select(table).where(table.c.division == division["division"])
    ).one_or_none()
    if known is None:
        transaction.connection.execute(sa.insert(table).values(**division))
    elif (known.valid_from, known.valid_to) != (division["valid_from"], division["valid_to"]):
        transaction.connection.execute(
            sa.update(table).where(table.c.division == division["division"]).values(**division)
        )
        transaction.record(
            "change_division",
            division=division["division"],
            valid_from=division["valid_from"].isoformat(),
        )


def _changed_states(
    transaction: Transaction, checked: Checked
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Give the states that differ from what is known for their day, and what is known.

    Of one camera the last counts. A list that says once more what is known adds nothing, on
    whatever day it comes; a camera about which nothing is known counts as working anyhow.
    """
    if not checked.states:
        return [], {}
    day: date = checked.states[0]["valid_from"]
    table = tables.camera_states
    known = {
        line.camera_id: line.state
        for line in transaction.connection.execute(
            sa.select(table.c.camera_id, table.c.state)
            .where(in_force(table), table.c.valid_from <= day)
            .where(sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= day))
            .order_by(table.c.valid_from)
        )
    }
    # one that was only planned is standing from its first state on, so that one is never left out
    unseen = {name for name, day in first_days(transaction.connection).items() if day is None}
    told = {state["camera_id"]: dict(state) for state in checked.states}
    changed = [
        state
        for name, state in told.items()
        if name in unseen or known.get(name, "working") != state["state"]
    ]
    return changed, known


def _state_changes(
    checked: Checked, changed: Sequence[Mapping[str, Any]], known: Mapping[str, str]
) -> Iterator[RowChange]:
    """Tell the new states of cameras that had another one, up to as many as are told at all."""
    file_rows = {row["row_key"]: row.get("file_row") for row in checked.rows}
    for state in changed[:MOST_CHANGES]:
        name = state["camera_id"]
        if name in known:
            yield RowChange(
                row_key=name,
                file_row=file_rows.get(name),
                cells={"state": (known[name], state["state"])},
            )


def _n_known(transaction: Transaction, checked: Checked, cameras: set[str]) -> int:
    """Count rows that add nothing but a new state: their camera is in force just as it is."""
    if not cameras:
        return 0
    table = tables.cameras
    known = {
        line.row_key: line.content_hash
        for line in transaction.connection.execute(
            sa.select(table.c.row_key, table.c.content_hash).where(in_force(table))
        )
    }
    same = {
        row["row_key"]
        for row in checked.rows
        if row["row_key"] in cameras and known.get(row["row_key"]) == content_hash("cameras", row)
    }
    return len(same)


def _nothing_written(checked: Checked) -> BatchCounts:
    return BatchCounts(
        batch=None,
        n_rows=len(checked.rejections),
        n_accepted=0,
        n_updated=0,
        n_duplicates=0,
        n_rejected=len(checked.rejections),
        n_skipped=checked.draft.n_skipped,
    )


def _report(checked: Checked, counts: BatchCounts) -> ImportReport:
    draft = checked.draft
    return ImportReport(
        layer=draft.layer,
        file_name=draft.file_name,
        batch=counts.batch,
        n_rows=counts.n_rows,
        n_accepted=counts.n_accepted,
        n_updated=counts.n_updated,
        n_duplicates=counts.n_duplicates,
        n_rejected=counts.n_rejected,
        n_skipped=draft.n_skipped,
        rejected=checked.rejections,
        mapping=draft.mapping,
        dropped_personal=draft.dropped_personal,
        ignored=draft.ignored,
        sheet=draft.sheet,
        header_row=draft.header_row,
        n_unclassified=checked.n_unclassified,
        n_other_division=checked.n_other_division,
        n_unknown_outcomes=checked.n_unknown_outcomes,
        n_ward_only=checked.n_ward_only,
        findings=checked.findings,
        conventions=draft.conventions,
        notes={**draft.notes, **checked.notes},
        sheet_starts=draft.sheet_starts,
        unread=draft.unread,
        hidden=draft.hidden,
        unexplained=draft.unexplained,
        book_wards=checked.book_wards,
        outside_title=draft.outside_title,
        early=checked.early,
        division=checked.division,
        refused=only_rows(draft, [r.file_row for r in checked.rejections]),
        n_corrected=len({file_row for file_row, _ in draft.corrected}),
        n_by_quality=_n_by_quality(checked),
        places=checked.places,
        events=checked.events,
        numbers=checked.numbers,
        masked=checked.masked,
        unknown_offences=checked.unknown_offences,
        unknown_outcomes=checked.unknown_outcomes,
    )


def _n_by_quality(checked: Checked) -> Mapping[str, int]:
    """Count incidents by how well their place is known; empty for other layers."""
    if checked.draft.layer != "incidents":
        return {}
    rows_of_file = checked.rows
    found = Counter(
        rows_of_file.values("location_quality")
        if isinstance(rows_of_file, ColumnRows)
        else (str(row["location_quality"]) for row in rows_of_file)
    )
    return {quality: found[quality] for quality in LOCATION_QUALITIES}
