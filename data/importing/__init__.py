"""Spreadsheets and map files into the store: read → map → check → locate → commit.

:func:`read` finds the table and maps its columns, :func:`check` goes through it row by row, and
:func:`commit` writes what is good in one transaction. Each step hands a record to the next, so that
a page can show it and a person correct it. :func:`import_file` does all three.

No row is lost: every data row is accepted, an update, a duplicate, or rejected with its reason.
None is invented: month and day are not swapped, an offence is not guessed by likeness, a point
that contradicts its ward is refused. Columns that are not mapped are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from data.importing import (
    answers,
    cell_remarks,
    error_cells,
    example_rows,
    known,
    overfull_rows,
    personal,
    remembered,
    struck_rows,
    unattended,
)
from data.importing.cell_codes import coded
from data.importing.commits import commit
from data.importing.corrections import corrected
from data.importing.drafts import read
from data.importing.errors import BadConventionError, EveryRowFailedError
from data.importing.layers import (
    boundaries,
    crosswalks,
    equipment,
    footage,
    incidents,
    landmarks,
    models,
    named_offences,
    osm,
    programmes,
    registers,
    shapes,
)
from data.importing.locating import surroundings, systems
from data.importing.locating.surroundings import Surroundings
from data.importing.records import Checked, Draft, ImportReport, Options
from data.importing.remembered import Remembered
from data.importing.stored_fields import STORED_FIELDS
from data.importing.values import conventions, moments
from data.importing.values.conventions import DATE_FIELDS, DATE_ORDERS, DECIMAL_SIGNS, NUMBER_FIELDS
from data.progress import tell
from data.store import Store

OSM = "osm"
"""The name of an OpenStreetMap extract among the layers."""

__all__ = [
    "DATE_ORDERS",
    "DECIMAL_SIGNS",
    "OSM",
    "STORED_FIELDS",
    "Checked",
    "Draft",
    "EveryRowFailedError",
    "ImportReport",
    "Options",
    "Remembered",
    "check",
    "commit",
    "import_file",
    "read",
    "read_remembering",
    "settled",
]


def settled(draft: Draft, store: Store, *, options: Options | None = None) -> Draft:
    """Settle how the columns of a draft write days and decimals: as told, else as they show.

    Parameters
    ----------
    draft
        What :func:`read` gave.
    store
        A column that does not show it is read as the store's country writes.
    options
        ``date_order``, ``decimal``, ``conventions`` and ``year`` are used here.

    Returns
    -------
    Draft
        The same with its ``conventions``, and the year of days without one.

    Raises
    ------
    BadConventionError
        The options name no order of days, or no sign.
    """
    options = options or Options()
    for value, allowed in (
        (options.date_order, DATE_ORDERS),
        (options.decimal, DECIMAL_SIGNS),
        *((v, (*DATE_ORDERS, *DECIMAL_SIGNS)) for v in options.conventions.values()),
    ):
        if value is not None and value not in allowed:
            raise BadConventionError(value=value, known=list(allowed))
    told = {
        **(dict.fromkeys(DATE_FIELDS, options.date_order) if options.date_order else {}),
        **(dict.fromkeys(NUMBER_FIELDS, options.decimal) if options.decimal else {}),
        **options.conventions,
    }
    here = conventions.habit(store.properties)
    return replace(
        draft,
        conventions=replace(
            conventions.infer(draft.cells, here=here, told=told, headings=draft.mapping),
            currency=store.properties.currency,
        ),
        year=options.year or draft.year,
        notes={**draft.notes, **_of_title(draft)} if options.year is None else draft.notes,
    )


def _of_title(draft: Draft) -> dict[str, int]:
    """Count the days that get their year from the title of the table."""
    if draft.year is None:
        return {}
    days = [coded(column) for name, column in draft.cells.items() if name in DATE_FIELDS]
    n = sum(sum(column.each(moments.lacks_year)) for column in days)
    return known.some({"year_from_title": n})


def check(draft: Draft, store: Store, *, today: date, options: Options | None = None) -> Checked:
    """Check a draft row by row against the store: rows ready to be written, and rows refused.

    Parameters
    ----------
    draft
        What :func:`read` gave.
    store
        The store whose wards, zone and metric system count; it is only read.
    today
        Days after it are refused; states of cameras hold from it on.
    options
        ``source``, ``division``, ``valid_from``, ``corrections`` and what :func:`settled` takes are
        used here.

    Raises
    ------
    BadConventionError
        See :func:`settled`.
    InvalidValueError
        The options name a category of offences that there is not.
    UnknownRowError, UnknownFieldError
        A correction is of a row or a column that the file does not have.
    NoDateColumnError, NoPlaceColumnError, NoIdColumnError, NoNameColumnError,
    NoPopulationColumnError, NoStateColumnError, NoCrosswalkColumnError
        A column that the layer cannot do without is not mapped.
    NoWardsLoadedError
        Incidents have no wards to be placed in, or population no wards to be of.
    """
    options = options or Options()
    tell("check", 0, len(draft.file_rows))
    draft = corrected(settled(draft, store, options=options), options.corrections)
    draft, masked = personal.without(draft, store)
    draft = named_offences.answered(draft, options.offences)
    standing, struck = struck_rows.without(draft)
    standing, overfull = overfull_rows.without(standing)
    own, examples = example_rows.without(standing)
    checked = _CHECKS[draft.layer](own, store, today, options)
    checked = example_rows.put_back(checked, draft, (*struck, *overfull, *examples))
    notes = {
        **systems.notes(standing, store),
        **checked.notes,
        **cell_remarks.notes(standing, currency=store.properties.currency),
    }
    unknown = named_offences.unknown(standing)
    return replace(checked, masked=masked, notes=notes, unknown_offences=unknown)


_CHECKS: Mapping[str, Callable[[Draft, Store, date, Options], Checked]] = {
    "incidents": lambda d, s, today, o: incidents.check(d, s, today=today, options=o),
    "cameras": lambda d, s, today, _: equipment.check_cameras(d, s, today=today),
    "sites": lambda d, s, today, _: equipment.check_sites(d, s, today=today),
    "wards": lambda d, s, today, o: boundaries.check(d, s, today=today, options=o),
    "schools": lambda d, s, today, _: landmarks.check_schools(d, s, today=today),
    "places": lambda d, s, today, _: landmarks.check_places(d, s, today=today),
    "population": lambda d, s, today, o: registers.check_population(d, s, today=today, options=o),
    "states": lambda d, s, today, _: registers.check_states(d, s, today=today),
    "models": lambda d, _s, _day, _o: models.check(d),
    "programmes": lambda d, s, today, _: programmes.check_programmes(d, s, today=today),
    "tips": lambda d, s, today, _: programmes.check_tips(d, s, today=today),
    "footage": lambda d, s, today, _: footage.check(d, s, today=today),
    "crosswalk": lambda d, s, _day, _o: crosswalks.check(d, s),
    **dict.fromkeys(
        ("streets", "buildings", "land_cover", "zones"), lambda d, s, _day, _o: shapes.check(d, s)
    ),
}


def import_file(
    store: Store,
    path: str | Path,
    *,
    layer: str,
    actor: str,
    today: date,
    options: Options | None = None,
) -> ImportReport:
    """Bring a file into the store: read, check and commit.

    Parameters
    ----------
    store
        The store to change.
    path
        The file.
    layer
        A key of ``STORED_FIELDS``, or ``osm``: all layers of an OpenStreetMap extract.
    actor
        Who does it, for the batch and the audit.
    today
        Days after it are refused.
    options
        Sheet, mapping, system, source, division, dry run.

    Returns
    -------
    ImportReport
        What became of every row. A file that was imported before is no error: all its rows are
        duplicates.

    Raises
    ------
    EveryRowFailedError
        No row is good; nothing is changed. Carries the report.
    KnownOtherwiseError
        The new rows seem to be known by other keys; nothing is changed. Carries the report.
    AnswerNotAllowedError, UnknownQuestionError
        The options answer what is not asked, or otherwise than may be answered.
    VongLauError
        The whole file is refused, see :func:`read` and :func:`check`.
    """
    options = options or Options()
    if layer == OSM:
        return osm.import_extract(
            store, Path(path), actor=actor, today=today, dry_run=options.dry_run
        )
    draft, filled, last = read_remembering(store, path, layer=layer, options=options)
    is_confirmed = last is not None and bool(last.mapping)
    unattended.check(draft, options, is_confirmed=is_confirmed)
    checked = check(draft, store, today=today, options=filled)
    answers.check(checked, filled, store)
    return commit(
        checked,
        store,
        actor=actor,
        dry_run=options.dry_run,
        told=filled if options.mapping or options.offences else None,
        is_confirmed=bool(options.mapping),
        recheck=lambda: check(draft, store, today=today, options=filled),
    )


def read_remembering(
    store: Store, path: str | Path, *, layer: str, options: Options
) -> tuple[Draft, Options, Remembered | None]:
    """Read a file; where nobody names its columns, they are what they were the last time.

    Parameters
    ----------
    store
        The store that remembers.
    path, layer
        As for :func:`read`.
    options
        What is told this time; it wins over what was told before.

    Returns
    -------
    draft
        The file.
    options
        With what was remembered filled in; where the columns are named this time, or were confirmed
        by nobody, only what words for offences mean.
    remembered
        What was remembered of the columns of files with these headings; None where nothing was, or
        they are named this time.
    """
    around = surroundings.of(store)
    draft = _read(path, layer, options, around)
    last = remembered.recall(store, layer, draft.headings, source=options.source)
    if last is None:
        return draft, options, None
    if options.mapping or not last.mapping:  # what words mean still holds
        return draft, remembered.with_offences(options, last), None
    options = remembered.filled(options, last, draft.headings, layer=layer)
    # somebody looked at these columns, and saw nothing in what is only now guessed from the cells
    mapping = {**dict.fromkeys(draft.by_contents, ""), **options.mapping}
    options = replace(options, mapping=mapping)
    asked = {name: heading for name, heading in options.mapping.items() if heading}
    is_other = options.crs != draft.crs or asked != {
        name: heading for name, heading in draft.mapping.items() if heading in draft.headings
    }
    return _read(path, layer, options, around) if is_other else draft, options, last


def _read(path: str | Path, layer: str, options: Options, around: Surroundings) -> Draft:
    tell("read", 0)
    draft = read(
        path,
        layer=layer,
        sheet=options.sheet,
        mapping=options.mapping,
        crs=options.crs,
        header_row=options.header_row,
        around=replace(around, book_ward=options.ward),
    )
    n_errors = error_cells.count(Path(path), draft)
    return replace(draft, notes={**draft.notes, **known.some({"error_cells": n_errors})})
