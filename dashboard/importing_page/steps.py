"""An import as a person goes through it: each step gives a new record, the old one stays as it was.

A file that was uploaded is never trusted: it is written under a name of our own, with one of the
endings we read, into a folder that is gone when it has been read.
"""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from analysis.errors import MissingCrsError, VongLauError
from data import adoption, clock, geofiles, importing
from data.errors import BadCrsError, UnsupportedFormatError, WhichAdminLevelError
from data.importing import (
    OSM,
    Checked,
    Draft,
    EveryRowFailedError,
    ImportReport,
    Options,
    Remembered,
    corrections,
    layer_files,
    suggestions,
)
from data.importing.cases.keeping import with_what_stands
from data.importing.errors import HiddenSheetError, StoreChangedError
from data.importing.files.limits import MAX_BYTES
from data.importing.layers import osm
from data.importing.records import Corrections
from data.importing.suggestions import Suggestion
from data.rows import fresh_places
from data.store import Store

Step = Literal["file", "columns", "rows", "map", "done"]

STEPS: tuple[Step, ...] = ("file", "columns", "rows", "map", "done")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "incidents": ("incidents",),
    "equipment": ("cameras", "states", "models", "sites"),
    "city": (
        "wards",
        "population",
        "crosswalk",
        "streets",
        "buildings",
        "land_cover",
        "zones",
        "schools",
        "places",
        OSM,
    ),
    "programmes": ("programmes", "tips", "footage"),
}
"""What can be imported, by what it is about."""

LAYERS = tuple(layer for layers in GROUPS.values() for layer in layers)
WITHOUT_PLACES = frozenset({"states", "models", "population", "crosswalk", "programmes", OSM})
"""Layers whose rows the page does not draw on the map before they are written."""

MAX_UPLOAD_MB = MAX_BYTES // 2**20
MAX_NAME_LENGTH = 120
MAX_REFUSED = 1000
"""Refused rows that the page shows at once, with suggestions."""

_SEVERAL_FILES = frozenset({".shp", ".tab", ".mif"})  # useless without their companions
_MENDABLE = (MissingCrsError, BadCrsError, WhichAdminLevelError, HiddenSheetError)
"""The page then asks for the file's system, the level of its boundaries, or a hidden sheet."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name its owner gave it, and its bytes."""

    name: str
    content: bytes = field(repr=False)


class Ticket:
    """Lets one checked file be written once, however often the button is pressed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.name = uuid.uuid4().hex
        self.report: ImportReport | None = None

    def write(
        self, checked: Checked, store: Store, *, actor: str, told: Options | None = None
    ) -> ImportReport:
        """Write the rows, or give the report of when they were written."""
        return self.once(lambda: importing.commit(checked, store, actor=actor, told=told))

    def once(self, write: Callable[[], ImportReport]) -> ImportReport:
        """Write, or give the report of when it was written."""
        with self._lock:
            if self.report is None:
                self.report = write()
            return self.report


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an import is.

    Parameters
    ----------
    step
        What the page shows.
    layer
        What the file is to become.
    upload
        The file; None before one is chosen, and again when its rows are written.
    options
        Sheet, mapping, system and so on, as far as the person said.
    draft, checked, plan
        What reading, checking and a dry run gave, as far as they were done.
    error
        Why the step after this one cannot be taken.
    remembered
        What was confirmed the last time of a file with these headings, where it was.
    suggestions
        What refused rows may have meant, by the spreadsheet's own row number.
    to_write
        The places of those checked rows that writing would add; None where it is all of them, or
        none is left to write.
    ticket
        Holds the report once the rows are written.
    """

    step: Step = "file"
    layer: str = LAYERS[0]
    upload: Upload | None = None
    options: Options = field(default_factory=Options)
    draft: Draft | None = None
    checked: Checked | None = None
    plan: ImportReport | None = None
    error: VongLauError | None = None
    remembered: Remembered | None = None
    suggestions: Mapping[int, Suggestion] = field(default_factory=dict)
    to_write: tuple[int, ...] | None = None
    ticket: Ticket = field(default_factory=Ticket)

    @property
    def n_to_write(self) -> int:
        """Rows that writing would add or change."""
        return 0 if self.plan is None else self.plan.n_accepted + self.plan.n_updated

    @property
    def has_answers_to_keep(self) -> bool:
        """Whether somebody answered what writing would remember, though no row may change."""
        checked = self.checked
        if checked is None:
            return False
        told = self.options.event_answers
        return bool(
            checked.same_cases
            or checked.retired
            or any(q.answer is not None and q.remembered is None for q in checked.places.questions)
            or any(q.is_same is not None and q.report.row_key in told for q in checked.events)
        )

    @property
    def has_something_to_keep(self) -> bool:
        """Whether writing would change anything: rows, or what the store remembers."""
        return bool(self.n_to_write) or self.has_answers_to_keep

    @property
    def is_going_on(self) -> bool:
        """Whether there is something to keep, or to be asked of cases and reports."""
        plan = self.plan
        is_asked = plan is not None and (
            any(question.is_same is None for question in plan.numbers)
            or any(question.is_same is None for question in plan.events)
        )
        return is_asked or self.has_something_to_keep


def suffixes(layer: str) -> tuple[str, ...]:
    """List the endings of files that a layer takes, in order.

    Examples
    --------
    >>> ".xlsx" in suffixes("incidents"), ".gpkg" in suffixes("incidents")
    (True, False)
    >>> ".gpkg" in suffixes("wards"), ".shp" in suffixes("wards")
    (True, False)
    """
    taken = geofiles.EXTRACTS if layer == OSM else layer_files.suffixes(layer)
    return tuple(sorted(set(taken) - _SEVERAL_FILES))


def shown_name(name: str) -> str:
    r"""Take the folder, control characters and excess length off a file's name.

    Examples
    --------
    >>> shown_name("C:\\Users\\An\\sổ tháng 2.xlsx"), shown_name("../../etc/passwd\n")
    ('sổ tháng 2.xlsx', 'passwd')
    """
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    stem, suffix = Path(printable).stem, Path(printable).suffix
    return f"{stem[: MAX_NAME_LENGTH - len(suffix)]}{suffix}"


def take(upload: Upload, layer: str, store: Store, *, today: date) -> Progress:
    """Read a file that was just uploaded; where it cannot be read, say why and stay."""
    return _read(Progress(layer=layer, upload=upload), store, today=today)


def reread(progress: Progress, options: Options, store: Store, *, today: date) -> Progress:
    """Read the file again in another way."""
    return _read(replace(progress, options=options), store, today=today)


def assigned(progress: Progress, heading: str, name: str | None) -> Mapping[str, str]:
    """Give the mapping after one column was made another field, or none.

    A field has one column: whoever had the field before loses it.
    """
    if progress.draft is None:
        return progress.options.mapping
    mapping = dict(progress.options.mapping)
    for old, owner in progress.draft.mapping.items():
        if owner == heading and old != name:
            mapping[old] = ""
    if name:
        mapping[name] = heading
    return mapping


def check(progress: Progress, store: Store, *, today: date, actor: str) -> Progress:
    """Check row by row, and count what writing would do; nothing is written.

    A file that comes again asks once more about rows that it brought while that was open.
    """
    if progress.draft is None:
        return progress
    options = replace(progress.options, asks_again=True)
    try:
        checked = importing.check(progress.draft, store, today=today, options=options)
        plan = importing.commit(checked, store, actor=actor, dry_run=True)
    except EveryRowFailedError as error:
        checked, plan = None, error.report
    except VongLauError as error:
        return replace(progress, error=error)
    shown = plan.rejected[:MAX_REFUSED]
    refused = plan.refused and corrections.only_rows(plan.refused, [r.file_row for r in shown])
    return replace(
        progress,
        step="rows",
        checked=checked,
        plan=plan,
        to_write=None if checked is None else _to_write(checked, plan, store),
        suggestions={} if refused is None else suggestions.suggest(refused, shown, store),
        error=None,
        ticket=Ticket(),
    )


def _to_write(checked: Checked, plan: ImportReport, store: Store) -> tuple[int, ...] | None:
    """Tell apart what writing would add from what is known already, or repeated in the file."""
    n = plan.n_accepted + plan.n_updated
    if not n or n == len(checked.rows):
        return None
    with store.read() as connection:
        layer = checked.table or checked.draft.layer
        kept = with_what_stands(
            connection, layer, checked.rows, fields=frozenset(checked.draft.mapping)
        )
        places = fresh_places(connection, layer, kept)
    return tuple(places) if len(places) == n else None  # a camera's new state is no row of its own


def correct(
    progress: Progress, told: Corrections, store: Store, *, today: date, actor: str
) -> Progress:
    """Put cells that a person set right in the place of the file's, and check again.

    Earlier corrections stay; the file is not read again.
    """
    options = replace(
        progress.options, corrections=corrections.merged(progress.options.corrections, told)
    )
    return check(replace(progress, options=options), store, today=today, actor=actor)


def without_corrections(progress: Progress) -> Progress:
    """Take all corrections back: the file as it came."""
    return replace(progress, options=replace(progress.options, corrections={}))


def suggested(progress: Progress) -> Corrections:
    """Give all suggestions as corrections."""
    return {row: dict(made.cells) for row, made in progress.suggestions.items()}


def reachable(progress: Progress) -> tuple[Step, ...]:
    """List the earlier steps that can be gone back to; nothing is lost on the way."""
    now = STEPS.index(progress.step)
    if progress.step in {"file", "done"}:
        return ()
    if progress.layer == OSM:
        return ("file",)
    return tuple(
        step for step in STEPS[:now] if not (step == "map" and progress.layer in WITHOUT_PLACES)
    )


def to(progress: Progress, step: Step) -> Progress:
    """Go back to an earlier step, to choosing another file too; elsewhere nothing happens."""
    if step not in reachable(progress):
        return progress
    if step == "file":
        return Progress(layer=progress.layer)
    return replace(progress, step=step, error=None)


def to_map(progress: Progress) -> Progress:
    """Go on to the map, where there is something to keep or to be asked."""
    return replace(progress, step="map") if progress.is_going_on else progress


def write(progress: Progress, store: Store, *, actor: str) -> Progress:
    """Write the rows once; asked again, nothing happens."""
    checked, upload = progress.checked, progress.upload
    try:
        if checked is not None:
            progress.ticket.write(checked, store, actor=actor, told=progress.options)
        elif progress.layer == OSM and upload is not None and progress.plan is not None:
            progress.ticket.once(lambda: _extract(upload, store, progress.options, actor=actor))
        else:
            return progress
    except StoreChangedError as error:
        return _checked_anew(progress, store, actor=actor, error=error)
    except VongLauError as error:
        return replace(progress, error=error)
    return caught_up(progress)


def _checked_anew(
    progress: Progress, store: Store, *, actor: str, error: StoreChangedError
) -> Progress:
    """Check again what was checked before somebody changed the store, and say so."""
    if progress.checked is None or progress.checked.today is None:
        return replace(progress, error=error)
    again = check(progress, store, today=progress.checked.today, actor=actor)
    return replace(again, step=progress.step, error=again.error or error)


def caught_up(progress: Progress) -> Progress:
    """Tell a page that was interrupted that its rows are written; let go of the file."""
    if progress.ticket.report is None or progress.step == "done":
        return progress
    return replace(
        progress,
        step="done",
        upload=None,
        draft=None,
        checked=None,
        to_write=None,
        suggestions={},
        options=Options(),
        error=None,
    )


def back(progress: Progress) -> Progress:
    """Go one step back; from the columns, to choosing another file."""
    earlier = STEPS[max(STEPS.index(progress.step) - 1, 0)]
    if earlier == "file" or progress.layer == OSM:
        return Progress(layer=progress.layer)
    if earlier == "map" and progress.layer in WITHOUT_PLACES:
        earlier = "rows"
    return replace(progress, step=earlier, error=None)


def undo(batch: int, store: Store, *, actor: str) -> None:
    """Take a batch out of force.

    Raises
    ------
    BatchNotFoundError
        It was undone before.
    AlreadyInstalledError
        It holds the cameras of an adopted plan, and one of them was found standing.
    """
    adoption.undo(store, batch, actor=actor)


def _read(progress: Progress, store: Store, *, today: date) -> Progress:
    upload = progress.upload
    if upload is None:
        return progress
    try:
        if progress.layer == OSM:
            plan = _extract(
                upload, store, replace(progress.options, dry_run=True), actor="", today=today
            )
            return replace(progress, step="rows", plan=plan, error=None)
        draft, options, last = _draft(upload, progress.layer, progress.options, store)
    except VongLauError as error:
        if "file" in error.facts:  # the reader knows it by its own name
            error.facts = {**error.facts, "file": upload.name}
        is_kept = progress.draft is not None or isinstance(error, _MENDABLE)
        return replace(progress, error=error, upload=upload if is_kept else None)
    is_same_sheet = progress.draft is not None and _place(progress.draft) == _place(draft)
    options = replace(
        options,
        corrections=corrections.fitting(options.corrections, draft) if is_same_sheet else {},
    )
    draft = importing.settled(draft, store, options=options)
    fresh = replace(
        progress,
        step="columns",
        draft=draft,
        options=options,
        remembered=last or (progress.remembered if is_same_sheet else None),
        checked=None,
        plan=None,
        to_write=None,
    )
    return replace(fresh, error=_column_problem(fresh, store, today=today))


def _place(draft: Draft) -> tuple[str | None, int]:
    """Tell which sheet was read from where on: rows of another have other numbers."""
    return draft.sheet, draft.header_row


def _draft(
    upload: Upload, layer: str, options: Options, store: Store
) -> tuple[Draft, Options, Remembered | None]:
    with _file(upload, layer) as path:
        draft, filled, last = importing.read_remembering(store, path, layer=layer, options=options)
    return replace(draft, file_name=upload.name), filled, last


def _extract(
    upload: Upload, store: Store, options: Options, *, actor: str, today: date | None = None
) -> ImportReport:
    """Import an OpenStreetMap extract, or count what importing it would do."""
    day = today or clock.today(store.properties)
    with _file(upload, OSM) as path:
        report = osm.import_extract(
            store, path, actor=actor, today=day, dry_run=options.dry_run, file_name=upload.name
        )
    return replace(report, file_name=upload.name)


@contextmanager
def _file(upload: Upload, layer: str) -> Iterator[Path]:
    """Write an upload where it can be read, for as long as it takes."""
    suffix = Path(upload.name).suffix.casefold()
    if suffix not in suffixes(layer):
        raise UnsupportedFormatError(
            file=upload.name, suffix=suffix, known=", ".join(suffixes(layer))
        )
    with tempfile.TemporaryDirectory(prefix="vonglau-") as folder:
        path = Path(folder) / f"upload{suffix}"
        path.write_bytes(upload.content)
        yield path


def _column_problem(progress: Progress, store: Store, *, today: date) -> VongLauError | None:
    """Tell at once which column is missing: no row is looked at for that."""
    draft = progress.draft
    if draft is None:
        return None
    headings_only = replace(
        draft,
        file_rows=(),
        cells=dict.fromkeys(draft.cells, ()),
        shapes=None if draft.shapes is None else draft.shapes.iloc[:0],
    )
    try:
        options = replace(progress.options, corrections={})
        importing.check(headings_only, store, today=today, options=options)
    except VongLauError as error:
        return error
    return None
