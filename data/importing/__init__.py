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
from datetime import date
from pathlib import Path

from data.importing import boundaries, equipment, incidents, landmarks, osm, registers, shapes
from data.importing.commits import commit
from data.importing.drafts import read
from data.importing.errors import EveryRowFailedError
from data.importing.headings import STORED_FIELDS
from data.importing.records import Checked, Draft, ImportReport, Options
from data.store import Store

OSM = "osm"
"""The name of an OpenStreetMap extract among the layers."""

__all__ = [
    "OSM",
    "STORED_FIELDS",
    "Checked",
    "Draft",
    "EveryRowFailedError",
    "ImportReport",
    "Options",
    "check",
    "commit",
    "import_file",
    "read",
]


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
        ``source``, ``division`` and ``valid_from`` are used here.

    Raises
    ------
    NoDateColumnError, NoPlaceColumnError, NoIdColumnError, NoNameColumnError,
    NoPopulationColumnError, NoStateColumnError
        A column that the layer cannot do without is not mapped.
    NoWardsLoadedError
        Incidents have no wards to be placed in, or population no wards to be of.
    """
    return _CHECKS[draft.layer](draft, store, today, options or Options())


_CHECKS: Mapping[str, Callable[[Draft, Store, date, Options], Checked]] = {
    "incidents": lambda d, s, today, o: incidents.check(d, s, today=today, source=o.source),
    "cameras": lambda d, s, today, _: equipment.check_cameras(d, s, today=today),
    "sites": lambda d, s, today, _: equipment.check_sites(d, s, today=today),
    "wards": lambda d, s, today, o: boundaries.check(d, s, today=today, options=o),
    "schools": lambda d, s, today, _: landmarks.check_schools(d, s, today=today),
    "places": lambda d, s, today, _: landmarks.check_places(d, s, today=today),
    "population": lambda d, s, today, o: registers.check_population(d, s, today=today, options=o),
    "states": lambda d, s, today, _: registers.check_states(d, s, today=today),
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
    VongLauError
        The whole file is refused, see :func:`read` and :func:`check`.
    """
    options = options or Options()
    if layer == OSM:
        return osm.import_extract(
            store, Path(path), actor=actor, today=today, dry_run=options.dry_run
        )
    draft = read(path, layer=layer, sheet=options.sheet, mapping=options.mapping, crs=options.crs)
    checked = check(draft, store, today=today, options=options)
    return commit(checked, store, actor=actor, dry_run=options.dry_run)
