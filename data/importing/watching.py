"""A folder into which files are put, and taken in without anybody at the keyboard.

A file is read once it has lain still: one that is being copied is not half a file, it is not
there yet. What was taken in goes to ``done``, what was refused as a whole to ``refused``, and so
does what a person has to look at first (:mod:`data.importing.unattended`); a file that was
interrupted half way is taken up again, and nothing comes in twice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal

from analysis.errors import VongLauError
from data import importing
from data.errors import StoreLockedError, StoreUnwritableError
from data.importing.errors import (
    EveryRowFailedError,
    FolderShutError,
    KnownOtherwiseError,
    NoSuchFileError,
    NothingToWatchError,
    NoWardsLoadedError,
)
from data.importing.records import ImportReport, Options
from data.store import Store

DONE, REFUSED = "done", "refused"

Status = Literal["done", "refused", "postponed"]

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download")
_NOT_THE_FILE = (StoreLockedError, StoreUnwritableError, NoWardsLoadedError)


@dataclass(frozen=True)
class Found:
    """A file that waits, and what it is to become."""

    path: Path
    layer: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a file.

    Parameters
    ----------
    found
        The file as it was found.
    status
        ``done``; ``refused`` as a whole; ``postponed`` where the store, not the file, is to blame.
    report
        What became of its rows, where it could be read.
    error
        Why it was refused or postponed.
    moved_to
        Where it lies now.
    """

    found: Found
    status: Status
    report: ImportReport | None = None
    error: VongLauError | None = None
    moved_to: Path | None = None


@dataclass
class Stillness:
    """Tells whether a file has lain still, by its size and the moment of its last change.

    Parameters
    ----------
    settle_s
        For how many seconds nothing may have happened to it.
    """

    settle_s: float
    _seen: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)

    def is_still(self, path: Path) -> bool:
        """Tell whether nothing has happened to a file for long enough; False if it is gone."""
        try:
            facts = path.stat()
            with path.open("rb"):  # who writes it may have it locked
                pass
        except OSError:
            self._seen.pop(path, None)
            return False
        now = (facts.st_size, facts.st_mtime_ns)
        before, since = self._seen.get(path, (None, 0.0))
        if before != now:
            self._seen[path] = (now, time.monotonic())
            is_first_look = before is None
            return is_first_look and self.settle_s <= time.time() - facts.st_mtime
        return time.monotonic() - since >= self.settle_s


def waiting(folder: str | Path, *, layer: str | None = None) -> list[Found]:
    """List the files that wait, by name.

    Parameters
    ----------
    folder
        Of a layer where one is named, else a folder of folders that are called like layers.
    layer
        What all files become.

    Raises
    ------
    NoSuchFileError
        There is no such folder.
    NothingToWatchError
        No layer is named, and no folder in it is called like one.
    FolderShutError
        A folder may not be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NoSuchFileError(file=str(folder))
    layers = [*importing.STORED_FIELDS, importing.OSM]
    places = {layer: folder} if layer else {each: folder / each for each in layers}
    places = {each: place for each, place in places.items() if place.is_dir()}
    if not places:
        raise NothingToWatchError(folder=str(folder), known=layers)
    return [
        Found(path, each)
        for each, place in places.items()
        for path in _listed(place)
        if path.is_file() and _is_finished(path.name)
    ]


def take(
    store: Store,
    found: Found,
    *,
    actor: str,
    today: date,
    options: Options | None = None,
    write_report: Callable[[Outcome, Path], None],
) -> Outcome:
    """Bring one file in, write its report, and move it out of the way.

    Parameters
    ----------
    store
        The store to change.
    found
        A file that lies still.
    actor, today, options
        As for :func:`data.importing.import_file`.
    write_report
        Writes what became of it beside the name that the file will have; called before it moves,
        so that no file lies there without its report.

    Returns
    -------
    Outcome
        A postponed file stays where it is; one that another process has taken in meanwhile is gone,
        and its report is with it.

    Raises
    ------
    FolderShutError
        The file could not be moved afterwards: nothing is read.
    """
    _check_may_move(found.path.parent)
    outcome = _brought_in(store, found, actor=actor, today=today, options=options or Options())
    if outcome.status == "postponed" or not found.path.exists():
        return outcome
    target = _free_name(found.path.parent / outcome.status, found.path.name)
    outcome = replace(outcome, moved_to=target)
    write_report(outcome, target)
    with suppress(FileNotFoundError):  # another process took it in at the same moment
        os.replace(found.path, target)
    return outcome


def _brought_in(
    store: Store, found: Found, *, actor: str, today: date, options: Options
) -> Outcome:
    try:
        report = importing.import_file(
            store,
            found.path,
            layer=found.layer,
            actor=actor,
            today=today,
            options=replace(options, is_unattended=True),
        )
    except _NOT_THE_FILE as error:
        return Outcome(found=found, status="postponed", error=error)
    except (EveryRowFailedError, KnownOtherwiseError) as error:
        return Outcome(found=found, status="refused", error=error, report=error.report)
    except VongLauError as error:
        return Outcome(found=found, status="refused", error=error)
    return Outcome(found=found, status="done", report=report)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except PermissionError as error:
        raise FolderShutError(folder=str(folder)) from error


def _check_may_move(folder: Path) -> None:
    """See whether files can be written into the folders that what was read goes to, by doing so."""
    for name in (DONE, REFUSED):
        try:
            (folder / name).mkdir(exist_ok=True)
            with TemporaryFile(dir=folder / name):
                pass
        except OSError as error:
            raise FolderShutError(folder=str(folder / name)) from error


def _is_finished(name: str) -> bool:
    """Tell by its name whether a file is one of its own: no leftover, lock or part of a download.

    Examples
    --------
    >>> [_is_finished(name) for name in ("so.xlsx", "~$so.xlsx", ".so.xlsx", "so.xlsx.part")]
    [True, False, False, False]
    """
    return not name.startswith((".", "~$")) and not name.casefold().endswith(_UNFINISHED)


def _free_name(folder: Path, name: str) -> Path:
    """Give a name that nothing in a folder has."""
    target, n = folder / name, 1
    while target.exists():
        n += 1
        target = folder / f"{Path(name).stem} ({n}){Path(name).suffix}"
    return target
