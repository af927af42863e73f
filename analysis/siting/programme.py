"""The whole problem as one mixed-integer programme, for HiGHS.

It takes every objective and every wish; for the plain one (most for a count or a budget) the
search in ``branching`` is faster. METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting.goals import goals
from analysis.siting.master import silent_solver
from analysis.siting.problem import Problem
from analysis.siting.reduction import Core
from analysis.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    import highspy
    from highspy.highs import HighsCallbackEvent

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Solved:
    """What the solver found: ``optimal``, ``feasible``, ``infeasible`` or ``unknown``."""

    status: str
    is_chosen: Flags | None
    bound: float


@dataclass(kw_only=True, eq=False)
class Programme:
    """Columns x (options), y (seen rows), z (seen twice), u (places paid for), t (worst ward).

    x is whole; the others then are of themselves.
    """

    problem: Problem
    core: Core
    objective: str
    worst_at_least: float | None = None
    worst_at_most: float = np.inf
    worth_at_least: float | None = None
    rows: list[tuple[sp.csr_array, Floats, Floats]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay out the columns and write the rows."""
        core = self.core
        self.n, self.n_rows = core.n_options, core.rows.shape[0]
        self.twice = np.flatnonzero(core.second > 0)
        self.n_places = len(core.place_cost)
        # what follows x, y and z: u, t
        self.n_columns = self.n + self.n_rows + len(self.twice) + self.n_places + 1
        self._write_cover()
        self._write_sides()
        self._write_places()
        self._write_goals()
        if self.objective == "worst_ward" or self.worst_at_least is not None:
            self._write_wards()
        if self.worth_at_least is not None:
            self._write_worth(self.worth_at_least)

    def _row(self, *parts: sp.csr_array, low: Floats, high: Floats) -> None:
        """Write rows from their parts in x, y, z and t."""
        self.rows.append((sp.csr_array(sp.hstack(parts, format="csr")), low, high))

    def _write_places(self) -> None:
        """x_j ≤ u of its place, and all of a place with so many heads ≤ heads·u."""
        crowds, most, place = self.core.sides.crowded
        m = len(most)
        if m:
            self._row(
                crowds, self._none(m, self.n_rows), self._none(m, len(self.twice)),
                sp.csr_array((-most, (np.arange(m), place)), shape=(m, self.n_places + 1)),
                low=np.full(m, -np.inf), high=np.zeros(m),
            )  # fmt: skip
        options = np.flatnonzero(self.core.sides.place >= 0)
        k = len(options)
        if k == 0:
            return
        ones, numbers = np.ones(k), np.arange(k)
        self._row(
            sp.csr_array((ones, (numbers, options)), shape=(k, self.n)),
            self._none(k, self.n_rows), self._none(k, len(self.twice)),
            sp.csr_array((-ones, (numbers, self.core.sides.place[options])),
                         shape=(k, self.n_places + 1)),
            low=np.full(k, -np.inf), high=np.zeros(k),
        )  # fmt: skip

    def _none(self, n_rows: int, n_columns: int) -> sp.csr_array:
        return sp.csr_array((n_rows, n_columns))

    def _write_cover(self) -> None:
        core, m = self.core, self.n_rows
        z = sp.csr_array(
            (np.ones(len(self.twice)), (self.twice, np.arange(len(self.twice)))),
            shape=(m, len(self.twice)),
        )
        self._row(-core.rows.astype(float), sp.eye_array(m), z, self._none(m, self.n_places + 1),
                  low=np.full(m, -np.inf), high=np.zeros(m))  # fmt: skip

    def _write_sides(self) -> None:
        sides = self.core.sides
        k = len(sides.low)
        low = np.where(sides.low > 0, sides.low, -np.inf)
        self._row(sides.shares, self._none(k, self.n_rows), self._none(k, len(self.twice)),
                  sp.csr_array(sp.hstack([sides.fees, self._none(k, 1)])),
                  low=low, high=sides.high)  # fmt: skip

    def _plain(self, ward: int) -> sp.csr_array:
        """Give the rows' weights in a ward, or in all."""
        plain = self.core.plain
        inside = plain if ward < 0 else np.where(self.core.ward == ward, plain, 0.0)
        return sp.csr_array(inside[None, :])

    def _write_goals(self) -> None:
        for goal in goals(self.problem):
            if goal.missing > 0:
                self._row(self._none(1, self.n), self._plain(goal.ward),
                          self._none(1, len(self.twice)), self._none(1, self.n_places + 1),
                          low=np.array([goal.missing - goal.slack]),
                          high=np.array([np.inf]))  # fmt: skip

    def _write_wards(self) -> None:
        """t·W_k ≤ what is seen in ward k."""
        from analysis.siting.plan import n_seen_surely

        seen = n_seen_surely(self.problem) > 0
        weight = self.problem.weights
        for k, points in enumerate(self.problem.demand_wards.values()):
            total = weight[points].sum()
            self._row(self._none(1, self.n), -self._plain(k) / total,
                      self._none(1, len(self.twice) + self.n_places), sp.csr_array([[1.0]]),
                      low=np.array([-np.inf]),
                      high=np.array([weight[points][seen[points]].sum() / total]))  # fmt: skip

    def _write_worth(self, least: float) -> None:
        """Σ w·(y + backup·z) ≥ what a plan is known to bring."""
        core = self.core
        slack = 1e-9 * max(1.0, abs(least))
        self._row(self._none(1, self.n), sp.csr_array(core.first[None, :]),
                  sp.csr_array(core.second[self.twice][None, :]), self._none(1, self.n_places + 1),
                  low=np.array([least - core.offset - slack]), high=np.array([np.inf]))  # fmt: skip

    def _costs(self) -> tuple[Floats, float]:
        """Give what is minimised, and what to add to it."""
        core = self.core
        costs = np.zeros(self.n_columns)
        if self.objective == "least_cost":
            costs[: self.n] = core.cost
            costs[-1 - self.n_places : -1] = core.place_cost
            return costs, self.problem.spent(core.taken)
        if self.objective == "worst_ward":
            costs[-1] = -1.0
            return costs, 0.0
        if self.objective == "most":
            costs[self.n : self.n + self.n_rows] = -core.first
            costs[self.n + self.n_rows : -1 - self.n_places] = -core.second[self.twice]
            return costs, -core.offset
        return costs, 0.0  # any plan will do

    def solve(
        self, watch: Stopwatch, *, start: Flags | None = None, n_nodes_most: int | None = None
    ) -> Solved:
        """Run HiGHS until it has the proof, or the watch says stop."""
        import highspy

        if watch.is_over():
            return Solved(status="unknown", is_chosen=None, bound=np.inf)
        solver = silent_solver()
        self._pass(solver)
        if np.isfinite(watch.left_s):
            solver.setOptionValue("time_limit", watch.left_s)
        if n_nodes_most is not None:
            solver.setOptionValue("mip_max_nodes", n_nodes_most)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = self._columns_of(start).tolist()
            solver.setSolution(solution)
        sign = 1.0 if self.objective == "least_cost" else -1.0

        def on_interrupt(event: HighsCallbackEvent) -> None:
            if watch.is_over():
                event.interrupt()

        def on_news(event: HighsCallbackEvent) -> None:
            out = event.data_out
            known = [
                sign * v if abs(v) < 1e29 else None
                for v in (out.mip_primal_bound, out.mip_dual_bound)
            ]
            watch.say(known[0], known[1])

        solver.cbMipInterrupt += on_interrupt
        solver.cbSimplexInterrupt += on_interrupt
        solver.cbMipImprovingSolution += on_news
        solver.run()
        return self._answer(solver, sign)

    def _pass(self, solver: highspy.Highs) -> None:
        import highspy

        matrix = sp.vstack([row for row, _, _ in self.rows], format="csr")
        costs, offset = self._costs()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.n_columns, matrix.shape[0]
        model.col_cost_, model.offset_ = costs, offset
        model.col_lower_ = np.zeros(self.n_columns)
        if self.worst_at_least is not None:
            lower = np.zeros(self.n_columns)
            lower[-1] = self.worst_at_least
            model.col_lower_ = lower
        upper = np.ones(self.n_columns)
        upper[-1] = min(1.0, self.worst_at_most)
        model.col_upper_ = upper
        infinity = highspy.kHighsInf
        model.row_lower_ = np.maximum(np.concatenate([low for _, low, _ in self.rows]), -infinity)
        model.row_upper_ = np.minimum(np.concatenate([high for *_, high in self.rows]), infinity)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_ = matrix.indices
        model.a_matrix_.value_ = matrix.data
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * self.n + [kinds.kContinuous] * (
            self.n_columns - self.n
        )
        solver.passModel(model)
        solver.setOptionValue("mip_rel_gap", 1e-9)
        solver.setOptionValue("mip_abs_gap", 1e-9)
        solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.setOptionValue("random_seed", 1)

    def _columns_of(self, is_chosen: Flags) -> Floats:
        n_seen = self.core.rows @ is_chosen.astype(np.int64)
        places = np.zeros(self.n_places + 1)
        places[self.core.sides.place[is_chosen]] = 1.0
        places[-1] = 0.0  # where options without a place left a mark, and t
        columns = np.concatenate([is_chosen, n_seen >= 1, n_seen[self.twice] >= 2, places]).astype(
            float
        )
        if self.objective == "worst_ward" or self.worst_at_least is not None:
            from analysis.siting.plan import worst_share

            taken = np.concatenate([self.core.taken, self.core.options[is_chosen]])
            columns[-1] = worst_share(self.problem, taken)
        return columns

    def _answer(self, solver: highspy.Highs, sign: float) -> Solved:
        import highspy

        status, info = solver.getModelStatus(), solver.getInfo()
        names = highspy.HighsModelStatus
        if status in {names.kInfeasible, names.kUnboundedOrInfeasible}:
            return Solved(status="infeasible", is_chosen=None, bound=np.inf)
        bound = sign * info.mip_dual_bound
        if info.primal_solution_status != 2:  # none that is feasible
            return Solved(status="unknown", is_chosen=None, bound=bound)
        values = np.asarray(solver.getSolution().col_value)[: self.n]
        return Solved(
            status="optimal" if status == names.kOptimal else "feasible",
            is_chosen=values > 0.5,
            bound=bound,
        )
