"""One step of an import on a thread of its own, so that it can be watched and cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard import import_progress
from dashboard.background import Task
from dashboard.import_progress import Listener
from dashboard.importing_page.mends import Line
from dashboard.importing_page.steps import Progress
from data.importing.errors import ImportCancelledError
from data.progress import Step

Kind = Literal["reading", "checking", "writing"]

STEPS: Mapping[Kind, tuple[Step, ...]] = {
    "reading": import_progress.READING,
    "checking": import_progress.CHECKING,
    "writing": import_progress.WRITING,
}


@dataclass(kw_only=True, eq=False)
class Work(Task):
    """A step that is being taken, or was.

    Cancelled, it ends where the step tells next how far it is, and nothing of it is kept; checking
    or writing that comes to its end before that is taken.

    Parameters
    ----------
    kind
        Reading the file, checking its rows, or writing them.
    before
        The import as it stands, and stays if the step is cancelled.
    do
        Takes the step; run on the work's own thread, so it must touch neither page nor visit.
    mended
        Lines over refused rows that it takes, by the number of the row.
    after
        The import when the step is taken; None before, and when it was cancelled.
    heard
        How far it is.
    """

    kind: Kind
    before: Progress
    do: Callable[[], Progress]
    mended: Mapping[int, Line] = field(default_factory=dict)
    after: Progress | None = None
    heard: Listener = field(init=False)

    def __post_init__(self) -> None:
        """Get ready to hear how far it is."""
        self.heard = Listener(
            steps=STEPS[self.kind],
            is_dry_run=self.kind == "checking",
            is_cancelled=lambda: self.is_cancelled,
        )

    def cancel(self) -> None:
        """Ask it to stop; nobody waits for a file that is only being read."""
        super().cancel()
        if self.kind == "reading":  # its thread ends by itself where it tells next how far it is
            self.is_over = True

    def work(self) -> None:
        """Take the step, and wait for the end."""
        with self.heard.listening():
            taken = self.do()
        if not isinstance(taken.error, ImportCancelledError):
            self.after = taken
