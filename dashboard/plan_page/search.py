"""One search for a plan, on a thread of its own, so that the page stays at hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis import siting
from analysis.errors import VongLauError
from analysis.siting import Progress
from dashboard.questions import plan
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_basis import Basis
from dashboard.questions.plan_request import PlanRequest

Stage = Literal["reading", "searching", "over"]


@dataclass(kw_only=True, eq=False)
class Search:
    """A search that runs, or is over.

    Parameters
    ----------
    request
        What is planned.
    build
        From the request to its basis; run on the search's own thread.
    known
        Choices of a plan that is known already: the answer is at least as good.
    stage
        Reading the layers, searching, or over.
    progress
        Where the search stands; None before the first plan.
    answer
        The plan, when it is over and nothing went wrong.
    error
        Why there is none: a refusal to be told to the reader, or a bug.
    first_plan_s, elapsed_s
        Seconds on the clock from the start to the first plan, and to the end.
    is_cancelled
        Whether somebody asked to stop: the best plan so far is the answer.
    """

    request: PlanRequest
    build: Callable[[PlanRequest], Basis]
    known: Sequence[Mapping[str, Any]] = ()
    stage: Stage = "reading"
    progress: Progress | None = None
    answer: PlanAnswer | None = None
    error: Exception | None = None
    first_plan_s: float | None = None
    elapsed_s: float = 0.0
    is_cancelled: bool = False
    started_at: float = field(default_factory=time.monotonic)
    thread: threading.Thread | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether there is nothing to wait for."""
        return self.stage == "over"

    @property
    def seconds(self) -> float:
        """Seconds since the start, or that it took."""
        return self.elapsed_s if self.is_over else time.monotonic() - self.started_at

    def start(self) -> None:
        """Search, without waiting for the end."""
        self.thread = threading.Thread(target=self.run, daemon=True, name="plan search")
        self.thread.start()

    def cancel(self) -> None:
        """Ask it to stop; while it reads, it stops at the first plan."""
        self.is_cancelled = True

    def join(self, timeout_s: float | None = None) -> None:
        """Wait until it is over."""
        if self.thread is not None:
            self.thread.join(timeout_s)

    def run(self) -> None:
        """Search, and wait for the end."""
        try:
            siting.warm_up()  # so that the time limit is the search's own
            basis = self.build(self.request)
            self.stage = "searching"
            self.answer = plan.answer(
                basis,
                start=self.known,
                progress=self._hear,
                cancel=lambda: self.is_cancelled,
            )
        # a bug must reach the page that asked, which is on another thread
        except Exception as error:  # noqa: BLE001
            self.error = error
        finally:
            self.elapsed_s = time.monotonic() - self.started_at
            self.stage = "over"

    def refusal(self) -> VongLauError | None:
        """Give what is to be told to the reader.

        Raises
        ------
        Exception
            The search ended with a bug.
        """
        if self.error is not None and not isinstance(self.error, VongLauError):
            raise self.error
        return self.error

    def _hear(self, progress: Progress) -> None:
        if self.first_plan_s is None and progress.value is not None:
            self.first_plan_s = time.monotonic() - self.started_at
        self.progress = progress
