"""How far an import is, for the command's line and the page's bar: a share, and words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from dashboard.texts import Texts
from data.importing.errors import ImportCancelledError
from data.progress import Step, watched

WEIGHTS: Mapping[Step, float] = {
    "read": 0.3,
    "check": 0.2,
    "locate": 0.05,
    "match": 0.15,
    "write": 0.3,
}
"""About which share of the time each step takes, between what was measured of a plain ledger of
300,000 rows and of one full of faults."""

READING: tuple[Step, ...] = ("read",)
CHECKING: tuple[Step, ...] = ("check", "locate", "match", "write")
"""With a dry run of writing, which compares the rows with those of the store."""
WRITING: tuple[Step, ...] = ("write",)
WHOLE: tuple[Step, ...] = ("read", "check", "locate", "match", "write")

ESTIMATE_FROM_S, ESTIMATE_FROM_SHARE = 3.0, 0.08
"""Before both of them, what is left is not known well enough to be told."""
STANDS_UP_TO_S = 5.0
"""When nothing is told for longer, what was reckoned before says nothing any more."""
_MINUTE_S = 60
_SECONDS_UP_TO_S = 90


@dataclass(kw_only=True, eq=False)
class Listener:
    """Hears how far an import is, and stops it when somebody asked for that.

    Parameters
    ----------
    steps
        What is going to be done, in order; others that are told of are left out.
    is_dry_run
        Whether nothing is kept: then "written" is the wrong word.
    is_cancelled
        Asked whenever a step tells how far it is.
    clock
        Gives seconds.
    step, done, total
        What was told last; ``total`` is None where nobody knows.
    share
        How much of the whole is done, 0 to 1; never falls.
    moved_at
        When the share rose last.
    """

    steps: tuple[Step, ...]
    is_dry_run: bool = False
    is_cancelled: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    step: Step | None = None
    done: int = 0
    total: int | None = None
    share: float = 0.0
    moved_at: float = field(init=False)
    started_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Look at the clock."""
        self.started_at = self.moved_at = self.clock()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started_at

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to what is done in the block.

        Raises
        ------
        ImportCancelledError
            Somebody asked to stop, and the block had not come to its end.
        """
        with watched(self._hear):
            yield

    def left_s(self) -> float | None:
        """Seconds that are left by what was done so far; None where that is not known.

        While nothing more is told, what was left when the share rose last runs down; when that is
        over, or the share stands too long, it was wrong, and nobody knows.
        """
        if self.seconds < ESTIMATE_FROM_S or self.share < ESTIMATE_FROM_SHARE:
            return None
        stands_s = self.clock() - self.moved_at
        left_s = (self.moved_at - self.started_at) * (1 - self.share) / self.share - stands_s
        return left_s if left_s > 0 and stands_s < STANDS_UP_TO_S else None

    def _hear(self, step: Step, done: int, total: int | None) -> None:
        if self.is_cancelled():
            raise ImportCancelledError
        if step not in self.steps:
            return
        self.step, self.done, self.total = step, done, total
        share = self._share()
        if share > self.share:
            self.share, self.moved_at = share, self.clock()

    def _share(self) -> float:
        weights = [WEIGHTS[step] for step in self.steps]
        now = self.steps.index(self.step) if self.step in self.steps else 0
        part = min(self.done / self.total, 1.0) if self.total else 0.0
        return (sum(weights[:now]) + part * weights[now]) / sum(weights)


def sentence(say: Texts, heard: Listener) -> str:
    """Say what is being done, how many rows of how many, since when, and for how long still.

    Examples
    --------
    >>> seconds = iter([0.0, 30.0, 30.0, 30.0, 30.0])
    >>> heard = Listener(steps=WRITING, is_cancelled=lambda: False, clock=lambda: next(seconds))
    >>> heard.step, heard.done, heard.total, heard.share = "write", 240_000, 1_000_000, 0.24
    >>> heard.moved_at = 30.0
    >>> sentence(Texts("en"), heard)
    'Wrote 240,000 of 1,000,000 rows · 30 s so far, about 2 min more'
    """
    gone = say("imports.progress.gone", n=int(heard.seconds))
    left = heard.left_s()
    times = gone if left is None else f"{gone}, {_left(say, left)}"
    return f"{rows(say, heard)} · {times}"


def rows(say: Texts, heard: Listener) -> str:
    """Say what is being done, and how many rows of how many are done."""
    step = heard.step or heard.steps[0]
    word = "compare" if step == "write" and heard.is_dry_run else step
    if not heard.total:
        return say(f"imports.progress.{word}")
    return say(f"imports.progress.{word}_of", done=heard.done, n=heard.total)


def _left(say: Texts, seconds: float) -> str:
    if seconds > _SECONDS_UP_TO_S:
        return say("imports.progress.left_min", n=round(seconds / _MINUTE_S))
    every = 5 if seconds > 2 * 5 else 1
    return say("imports.progress.left_s", n=max(round(seconds / every) * every, 1))
