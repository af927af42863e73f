"""The linear programme over the options alone: what they see enters as planes (Benders cuts).

Rows of demand are gathered in groups; θ_g, what group g brings, lies under every plane
constant + Σ slope·x that touches the concave worth of the group somewhere. METHODS.md, section
Siting.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting import heuristic
from analysis.siting.reduction import Core
from analysis.siting.sides import Sides
from analysis.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    import highspy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Outcome = Literal["solved", "infeasible", "stopped"]

N_GROUPS = 100
PIVOTS_MOST = 5000
PAID_SLACK = 1e-6


def silent_solver() -> highspy.Highs:
    """Give a HiGHS that says nothing and uses one thread."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


class Master:
    """The linear programme, which grows as planes are found.

    Worth is of the live rows alone (without the core's offset).
    """

    def __init__(self, core: Core, *, multipliers: Floats | None = None) -> None:
        import highspy

        self.core = core
        self.n = core.n_options
        used, self.place = np.unique(core.sides.place, return_inverse=True)
        if len(used) and used[0] < 0:
            used, self.place = used[1:], self.place - 1
        self._places, self.n_places = used, len(used)
        self._gather()
        self.solver = silent_solver()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("simplex_strategy", 1)
        self.solver.setOptionValue("simplex_iteration_limit", PIVOTS_MOST)
        self._infinity = highspy.kHighsInf
        self._done = highspy.HighsModelStatus
        none_i, none_f = np.empty(0, dtype=np.int32), np.empty(0)
        n_groups = len(self.group_start) - 1
        self.n_groups = n_groups
        # minimise −Σθ
        self.solver.addCols(self.n, np.zeros(self.n), np.zeros(self.n), np.ones(self.n), 0,
                            none_i, none_i, none_f)  # fmt: skip
        self.solver.addCols(n_groups, -np.ones(n_groups), np.zeros(n_groups), self.group_worth, 0,
                            none_i, none_i, none_f)  # fmt: skip
        self._add_sides()
        self.age = np.zeros(0, dtype=np.int64)
        self.lower, self.upper = np.zeros(self.n), np.ones(self.n)
        self._everything = np.arange(self.n, dtype=np.int32)
        if multipliers is not None:
            self._add_prices(multipliers[self.order])

    def _add_sides(self) -> None:
        """Write the limits, with a column u for each place that has to be paid for apart."""
        sides = self.core.sides
        self.first_place = self.n + self.n_groups
        used = self._places
        none_i, none_f = np.empty(0, dtype=np.int32), np.empty(0)
        if self.n_places:
            self.solver.addCols(self.n_places, np.zeros(self.n_places), np.zeros(self.n_places),
                                np.ones(self.n_places), 0, none_i, none_i, none_f)  # fmt: skip
        nothing = sp.csr_array((len(sides.low), self.n_groups))
        rows = sp.hstack([sides.shares, nothing, sides.fees[:, used]], format="csr")
        self.solver.addRows(
            len(sides.low), np.where(sides.low > 0, sides.low, -self._infinity), sides.high,
            rows.nnz, rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32),
            rows.data.astype(float),
        )  # fmt: skip
        self.n_sides = len(sides.low)
        self._crowds, self._most, place = sides.crowded
        self._place_of_crowd = np.searchsorted(used, place)

    def turn_round(self, cost: Floats, place_cost: Floats, *, least: float) -> None:
        """Ask for the least cost of what brings so much, instead of the most; before any plane.

        ``bound`` then is the least cost with its sign turned.
        """
        columns = np.arange(self.first_place + self.n_places, dtype=np.int32)
        costs = np.concatenate([cost, np.zeros(self.n_groups), place_cost[self._places]])
        self.solver.changeColsCost(len(columns), columns, costs)
        groups = np.arange(self.n, self.first_place, dtype=np.int32)
        self.solver.addRows(
            1, np.array([least]), np.array([self._infinity]), self.n_groups,
            np.zeros(1, dtype=np.int32), groups, np.ones(self.n_groups),
        )  # fmt: skip
        self.n_sides += 1

    def _gather(self) -> None:
        """Sort the rows into groups by place: those that the same option was first to see."""
        core = self.core
        n_rows = core.rows.shape[0]
        label = _places(core)
        self.order = np.argsort(label, kind="stable")
        label = label[self.order]
        rows = core.rows[self.order]
        self.rows = (
            rows.indptr.astype(np.int64), rows.indices.astype(np.int64),
            core.first[self.order], core.second[self.order], self.place.astype(np.int64),
        )  # fmt: skip
        _, first = np.unique(label, return_index=True)
        self.group_start = np.append(first, n_rows).astype(np.int64)
        worth = (core.first + core.second)[self.order]
        self.group_worth = np.add.reduceat(worth, first) if n_rows else np.empty(0)
        # a view can lean on its option and on its place
        nnz = len(self.rows[1]) * (2 if core.second.any() and self.n_places else 1)
        n_groups = len(first)
        self._out = (
            np.empty(n_groups, dtype=np.int64), np.empty(n_groups + 1, dtype=np.int64),
            np.empty(nnz, dtype=np.int64), np.empty(nnz), np.empty(n_groups),
        )  # fmt: skip

    def _add_prices(self, multipliers: Floats) -> None:
        """Start with the plane in each group that the Lagrangian's prices are."""
        start, options, first, second, _place = self.rows
        constants = np.maximum(first - multipliers, 0) + np.maximum(second - multipliers, 0)
        group = np.repeat(np.arange(self.n_groups), np.diff(self.group_start))
        slopes = sp.csr_array(
            (np.repeat(multipliers, np.diff(start)), (np.repeat(group, np.diff(start)), options)),
            shape=(self.n_groups, self.n),
        )
        self._add(
            np.arange(self.n_groups), slopes.indptr.astype(np.int64), slopes.indices, slopes.data,
            np.bincount(group, constants, minlength=self.n_groups).astype(float),
        )  # fmt: skip

    def _add(self, groups: Ints, starts: Ints, options: Ints, slopes: Floats,
             constants: Floats) -> None:  # fmt: skip
        n = len(groups)
        lengths = np.diff(starts)
        at = np.arange(starts[-1]) + np.repeat(np.arange(n), lengths)
        indices = np.empty(starts[-1] + n, dtype=np.int32)
        values = np.empty(starts[-1] + n)
        columns = options[: starts[-1]]
        # places stand behind the groups
        indices[at] = np.where(columns < self.n, columns, columns + self.n_groups)
        values[at] = -slopes[: starts[-1]]
        self.age = np.append(self.age, np.zeros(n, dtype=np.int64))
        ends = starts[1:] + np.arange(n)
        indices[ends], values[ends] = self.n + groups, 1.0
        begins = (starts[:-1] + np.arange(n)).astype(np.int32)
        self.solver.addRows(n, np.full(n, -self._infinity), constants.copy(), len(indices), begins,
                            indices, values)  # fmt: skip

    def bound_options(self, lower: Floats, upper: Floats) -> None:
        """Set between which limits each option's share lies (a node of the search)."""
        changed = np.flatnonzero((lower != self.lower) | (upper != self.upper)).astype(np.int32)
        if len(changed):
            self.solver.changeColsBounds(len(changed), changed, lower[changed], upper[changed])
            self.lower, self.upper = lower.copy(), upper.copy()

    def solve(self, watch: Stopwatch) -> Outcome:
        """Solve the programme as it stands; ``stopped`` when it ends without an answer."""
        status = self._run(watch)
        if status not in {self._done.kOptimal, self._done.kInfeasible, self._done.kTimeLimit}:
            # the simplex method went astray from where it stood: once more from the beginning
            self.solver.clearSolver()
            self.solver.setOptionValue("simplex_iteration_limit", 100 * PIVOTS_MOST)
            status = self._run(watch)
            self.solver.setOptionValue("simplex_iteration_limit", PIVOTS_MOST)
        if status == self._done.kOptimal:
            self._read()
            return "solved"
        if status == self._done.kInfeasible:
            return "infeasible"
        # the time is over, or the numbers are too far apart: what was proven before holds
        return "stopped"

    def _run(self, watch: Stopwatch) -> highspy.HighsModelStatus:
        """Run the simplex method, no longer than the time that is left."""
        while not watch.is_over():
            if np.isfinite(watch.left_s):
                # the solver counts the seconds of all its runs together
                limit_s = self.solver.getRunTime() + watch.left_s
                self.solver.setOptionValue("time_limit", limit_s)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status != self._done.kTimeLimit:
                return status
        return self._done.kTimeLimit

    def _read(self) -> None:
        solution = self.solver.getSolution()
        values = np.asarray(solution.col_value)
        self.x, self.theta = values[: self.n], values[self.n : self.first_place]
        self.paid = values[self.first_place :]
        self.reduced_cost = -np.asarray(solution.col_dual)[: self.n]
        is_idle = np.asarray(solution.row_dual)[self.n_sides :] == 0
        self.age = np.where(is_idle, self.age + 1, 0)
        self.bound = -float(self.solver.getInfo().objective_function_value)

    def cut(self, *, tolerance: float) -> int:
        """Add the planes that the last solution violates; give how many."""
        from analysis.siting import bound_kernels

        shares = np.clip(np.concatenate([self.x, self.paid]), 0, 1)
        n: int = bound_kernels.cuts(
            self.rows, self.group_start, shares, self.theta, tolerance, self._out
        )
        if n:
            groups, starts, options, slopes, constants = self._out
            self._add(groups[:n], starts[: n + 1], options, slopes, constants[:n])
        return n + self._pay()

    def _pay(self) -> int:
        """Add, for options that are chosen more than their place is paid for, that they may not.

        One by one, and the place's heads all together.
        """
        if self.n_places == 0:
            return 0
        paid = np.append(self.paid, np.inf)[self.place]  # −1: nothing to pay for
        short = np.flatnonzero(self.x > paid + PAID_SLACK)
        together = self._crowds @ self.x
        crowded = np.flatnonzero(
            together > self._most * self.paid[self._place_of_crowd] + PAID_SLACK
        )
        n_short, n_crowded = len(short), len(crowded)
        n = n_short + n_crowded
        if n == 0:
            return 0
        ones = sp.csr_array(
            (np.ones(n_short), short, np.arange(n_short + 1)), shape=(n_short, self.n)
        )
        fees = sp.csr_array(
            (
                np.concatenate([-np.ones(n_short), -self._most[crowded]]),
                np.concatenate([self.place[short], self._place_of_crowd[crowded]]),
                np.arange(n + 1),
            ),
            shape=(n, self.n_places),
        )
        nothing = sp.csr_array((n, self.n_groups))
        rows = sp.hstack([sp.vstack([ones, self._crowds[crowded]]), nothing, fees], format="csr")
        self.solver.addRows(
            n, np.full(n, -self._infinity), np.zeros(n), rows.nnz,
            rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32),
            rows.data.astype(float),
        )  # fmt: skip
        self.age = np.append(self.age, np.zeros(n, dtype=np.int64))
        return n

    def purge(self, *, age: int) -> None:
        """Drop planes that have not counted in that many solutions."""
        loose = np.flatnonzero(self.age >= age)
        if len(loose):
            self.solver.deleteRows(len(loose), (loose + self.n_sides).astype(np.int32))
            self.age = np.delete(self.age, loose)


def _places(core: Core) -> Ints:
    """Give each row the number of a place: of the option, out of about 100 apart, that sees it."""
    n_rows, n = core.rows.shape
    n_places = min(N_GROUPS, n)
    free = Sides(
        shares=sp.csr_array(np.ones((1, n))), low=np.zeros(1), high=np.array([float(n_places)]),
        kinds=("count",), place=np.full(n, -1), fees=sp.csr_array((1, 0)),
    )  # fmt: skip
    centres = np.flatnonzero(heuristic.greedy(replace(core, sides=free)))
    label = np.full(n_rows, -1, dtype=np.int64)
    by_centre = sp.csc_array(core.rows[:, centres])
    for k in range(len(centres) - 1, -1, -1):
        label[by_centre.indices[by_centre.indptr[k] : by_centre.indptr[k + 1]]] = k
    # the others go where most of an option's rows are
    rest = np.flatnonzero(label < 0)
    if len(rest):
        known = np.flatnonzero(label >= 0)
        votes = (
            sp.csr_array((np.ones(len(known)), (label[known], known)), shape=(len(centres), n_rows))
            @ core.rows
        )
        home = np.asarray(votes.toarray()).argmax(axis=0) if len(centres) else np.zeros(n, int)
        label[rest] = home[core.rows.indices[core.rows.indptr[rest]]]
    return label
