"""When to stop: the time given, or the person who asked to cancel."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.errors import InvalidValueError


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where the search stands: what the best plan so far is worth, and what none can exceed.

    ``value`` is None as long as there is no plan, ``bound`` as long as none is proven.
    """

    value: float | None
    bound: float | None
    elapsed_s: float


@dataclass(kw_only=True)
class Stopwatch:
    """The time a search has, how it says where it stands, and how it hears that it shall stop."""

    time_limit_s: float | None = None
    progress: Callable[[Progress], None] | None = None
    cancel: Callable[[], bool] | None = None
    started_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Refuse a time that is none."""
        if self.time_limit_s is not None and not self.time_limit_s >= 0:
            raise InvalidValueError(column="time_limit_s", value=self.time_limit_s)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started_at

    @property
    def left_s(self) -> float:
        """Seconds that are left; infinite without a limit."""
        return float("inf") if self.time_limit_s is None else self.time_limit_s - self.elapsed_s

    def is_over(self) -> bool:
        """Tell whether to stop now."""
        return self.left_s <= 0 or (self.cancel is not None and self.cancel())

    def say(self, value: float | None, bound: float | None) -> None:
        """Say where the search stands."""
        if self.progress is not None:
            self.progress(Progress(value=value, bound=bound, elapsed_s=self.elapsed_s))
