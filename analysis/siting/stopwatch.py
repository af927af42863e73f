"""When to stop: the time given, or the person who asked to cancel.

METHODS.md, section Siting.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.errors import InvalidValueError

PATIENCE = 2.0
"""On a busy machine a search may take so many times its limit by the clock on the wall."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where the search stands: what the best plan so far is worth, and what none can exceed.

    ``value`` is None as long as there is no plan, ``bound`` as long as none is proven.
    """

    value: float | None
    bound: float | None
    elapsed_s: float


def fair_clock() -> Callable[[], float]:
    """Give a clock that stands at 0 and counts the seconds this thread works.

    A machine that others keep busy gives it less of each second on the wall; counted in work, the
    search does as much as on an idle one. For the person who waits it never runs slower than the
    wall's clock divided by ``PATIENCE``. To be read on the thread that made it.
    """
    work, wall = time.thread_time(), time.monotonic()

    def seconds() -> float:
        return max(time.thread_time() - work, (time.monotonic() - wall) / PATIENCE)

    return seconds


@dataclass(kw_only=True)
class Stopwatch:
    """The time a search has, how it says where it stands, and how it hears that it shall stop.

    Every loop of the search asks the same watch, or a part of it, so that no step has more time
    than is left of the whole.
    """

    time_limit_s: float | None = None
    progress: Callable[[Progress], None] | None = None
    cancel: Callable[[], bool] | None = None
    clock: Callable[[], float] = field(default_factory=fair_clock)
    started_at: float = field(init=False)

    def __post_init__(self) -> None:
        """Refuse a time that is none, and begin."""
        if self.time_limit_s is not None and not self.time_limit_s >= 0:
            raise InvalidValueError(column="time_limit_s", value=self.time_limit_s)
        self.started_at = self.clock()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started_at

    @property
    def left_s(self) -> float:
        """Seconds that are left, from 0; infinite without a limit."""
        if self.time_limit_s is None:
            return float("inf")
        return max(0.0, self.time_limit_s - self.elapsed_s)

    def is_over(self) -> bool:
        """Tell whether to stop now."""
        return (self.cancel is not None and self.cancel()) or self.left_s <= 0

    def part(self, share: float = 1.0, *, most_s: float = float("inf")) -> Stopwatch:
        """Give a watch for a step that may take a share of the time left, and says nothing."""
        left_s = min(share * self.left_s, most_s)
        return Stopwatch(
            time_limit_s=None if left_s == float("inf") else left_s,
            cancel=self.cancel,
            clock=self.clock,
        )

    def say(self, value: float | None, bound: float | None) -> None:
        """Say where the search stands."""
        if self.progress is not None:
            self.progress(Progress(value=value, bound=bound, elapsed_s=self.elapsed_s))
