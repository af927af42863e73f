"""Work that takes longer than a click may: on a thread of its own, so that the page stays at hand.

The page keeps the task in its visit, draws it again and again until it is over, and may ask it to
stop. The thread itself touches no page and no visit: it only fills in the task.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from analysis.errors import VongLauError


@dataclass(kw_only=True, eq=False)
class Task(ABC):
    """Work that is done behind, or is over.

    Parameters
    ----------
    error
        Why there is no answer: a refusal to be told to the reader, or a bug.
    elapsed_s
        Seconds on the clock from the start to the end; 0 before.
    is_cancelled
        Whether somebody asked to stop.
    is_over
        Whether there is nothing to wait for.
    """

    error: Exception | None = None
    elapsed_s: float = 0.0
    is_cancelled: bool = False
    is_over: bool = False
    started_at: float = field(default_factory=time.monotonic)
    thread: threading.Thread | None = None

    @abstractmethod
    def work(self) -> None:
        """Do it, looking at ``is_cancelled`` now and then."""

    @property
    def seconds(self) -> float:
        """Seconds since the start, or that it took."""
        return self.elapsed_s if self.is_over else time.monotonic() - self.started_at

    def start(self) -> None:
        """Begin, without waiting for the end."""
        self.thread = threading.Thread(target=self.run, daemon=True, name=type(self).__name__)
        self.thread.start()

    def cancel(self) -> None:
        """Ask it to stop; it does at the next place where it can."""
        self.is_cancelled = True

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until it is over, for so many seconds at most."""
        if self.thread is not None:
            self.thread.join(timeout_s)

    def run(self) -> None:
        """Do it, and wait for the end."""
        try:
            self.work()
        # a bug must reach the page that asked, which is on another thread
        except Exception as error:  # noqa: BLE001
            self.error = error
        finally:
            self.elapsed_s = time.monotonic() - self.started_at
            self.is_over = True

    def refusal(self) -> VongLauError | None:
        """Give what is to be told to the reader.

        Raises
        ------
        Exception
            It ended with a bug.
        """
        if self.error is not None and not isinstance(self.error, VongLauError):
            raise self.error
        return self.error
