"""One search for a plan, on a thread of its own, so that the page stays at hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis import siting
from analysis.siting import Progress
from dashboard.background import Task
from dashboard.questions import plan
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_basis import Basis
from dashboard.questions.plan_request import PlanRequest

Stage = Literal["reading", "searching"]


@dataclass(kw_only=True, eq=False)
class Search(Task):
    """A search that runs, or is over.

    Cancelled while it reads, it stops at the first plan; later, the best plan so far is the answer.

    Parameters
    ----------
    request
        What is planned.
    build
        From the request to its basis; run on the search's own thread.
    known
        Choices of a plan that is known already: the answer is at least as good.
    stage
        Reading the layers, or searching.
    progress
        Where the search stands; None before the first plan.
    answer
        The plan, when it is over and nothing went wrong.
    first_plan_s
        Seconds on the clock from the start to the first plan.
    """

    request: PlanRequest
    build: Callable[[PlanRequest], Basis]
    known: Sequence[Mapping[str, Any]] = ()
    stage: Stage = "reading"
    progress: Progress | None = None
    answer: PlanAnswer | None = None
    first_plan_s: float | None = None

    def work(self) -> None:
        """Search, and wait for the end."""
        siting.warm_up()  # so that the time limit is the search's own
        basis = self.build(self.request)
        self.stage = "searching"
        self.answer = plan.answer(
            basis,
            start=self.known,
            progress=self._hear,
            cancel=lambda: self.is_cancelled,
        )

    def _hear(self, progress: Progress) -> None:
        if self.first_plan_s is None and progress.value is not None:
            self.first_plan_s = time.monotonic() - self.started_at
        self.progress = progress
