"""The exact search: branch on options, bound by the linear programme, best node first."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.siting import heuristic, lagrange
from analysis.siting.master import PIVOTS_MOST, Master
from analysis.siting.reduction import Core, settled
from analysis.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    import highspy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EARLY_ROUNDINGS = (8, 16, 32, 64, 128)
"""After how many rounds of planes a plan is looked for, so that there is one when time is short."""


@dataclass(kw_only=True)
class Best:
    """The best plan so far, in the problem's column numbers, and the proven bound."""

    chosen: Ints
    value: float
    bound: float
    is_whole: bool
    """Whether every weight is a whole number, so that a better plan is better by 1."""

    @property
    def cutoff(self) -> float:
        """What a plan must be worth to be better."""
        slack = 1e-7 * max(1.0, abs(self.value))
        return self.value + (1 - min(0.5, slack) if self.is_whole else slack)

    def take(self, core: Core, is_chosen: Flags) -> bool:
        """Keep a choice of live options if it keeps the limits and is better."""
        value = core.value(is_chosen)
        if value > self.value + 1e-9 * max(1.0, abs(value)) and core.sides.are_met(is_chosen):
            self.value = value
            self.chosen = np.concatenate([core.taken, core.options[is_chosen]])
            return True
        return False


@dataclass(frozen=True, kw_only=True, eq=False)
class _Node:
    """A part of the search: limits of each option's share, and what it cannot exceed."""

    lower: Floats
    upper: Floats
    bound: float


def prove(core: Core, best: Best, watch: Stopwatch) -> None:
    """Close the gap between ``best`` and its bound, as far as the time goes.

    ``best`` gets better plans and lower bounds as they are found.
    """
    started = _narrowed(core, best, watch)
    if started is None:
        return
    core, multipliers = started
    while not watch.is_over():
        master = Master(core, multipliers=multipliers)
        if not _root(master, best, watch):
            return
        is_out, is_in = _beaten(master, best)
        if (is_out.sum() + is_in.sum()) < 0.1 * core.n_options or core.n_options < 40:
            _Tree(master, best, watch).search()
            return
        core, multipliers = settled(core, is_in, is_out), None
        if core.n_options == 0:
            best.take(core, np.zeros(0, dtype=bool))
            best.bound = best.value
            return


def _narrowed(core: Core, best: Best, watch: Stopwatch) -> tuple[Core, Floats | None] | None:
    """Rule out by the Lagrangian bound what no better plan has; None when none is better."""
    while True:
        if core.n_options == 0:
            best.take(core, np.zeros(0, dtype=bool))
            best.bound = best.value
            return None
        found = lagrange.prices(core, target=best.cutoff - core.offset, watch=watch)
        best.bound = max(best.value, min(best.bound, found.bound + core.offset))
        watch.say(best.value, best.bound)
        if found.bound + core.offset < best.cutoff:
            best.bound = best.value
            return None
        is_out, is_in = lagrange.ruled_out(core, found, cutoff=best.cutoff - core.offset)
        if is_out.sum() + is_in.sum() < 0.1 * core.n_options or watch.is_over():
            return core, found.multipliers
        core = settled(core, is_in, is_out)


def _root(master: Master, best: Best, watch: Stopwatch) -> bool:
    """Solve the relaxation at the root and round it; False when nothing, or no time, is left."""
    offset = master.core.offset
    last, n_idle, n_rounds = np.inf, 0, 0
    while True:
        outcome = master.solve(watch)
        if outcome == "stopped":
            return False
        if outcome == "infeasible":
            best.bound = best.value
            return False
        bound = master.bound + offset
        best.bound = max(best.value, min(best.bound, bound))
        if bound < best.cutoff:
            best.bound = best.value
            return False
        n_idle = n_idle + 1 if last - bound < 1e-5 * max(1.0, abs(bound)) else 0
        last = bound
        n_rounds += 1
        if watch.is_over() or n_idle == 3 or master.cut(tolerance=_tolerance(master, best)) == 0:
            break
        if n_rounds % 5 == 0:
            master.purge(age=5)
        if n_rounds in EARLY_ROUNDINGS:
            _rounded(master, best, watch, n_tries=4, n_steps=300, seed=n_rounds)
            watch.say(best.value, best.bound)
    master.purge(age=3)
    for seed in range(4):
        if not watch.is_over():
            _rounded(master, best, watch, n_tries=10, n_steps=300, seed=seed)
    watch.say(best.value, best.bound)
    if best.bound < best.cutoff:
        best.bound = best.value
        return False
    return True


def _tolerance(master: Master, best: Best) -> float:
    return 1e-8 * max(1.0, abs(best.value)) / max(1, master.n_groups) + 1e-9


def _rounded(
    master: Master, best: Best, watch: Stopwatch, *, n_tries: int, n_steps: int, seed: int
) -> None:
    """Look for plans among the options that the relaxation uses: greedily with luck, then by tabu.

    There are few of them, so that a try costs little; and what is best lies among them more often
    than a long search over all finds it.
    """
    support = np.flatnonzero(master.x > 1e-6)
    core = master.core.of(support)
    if core.n_options == 0:
        return
    rng = np.random.default_rng(seed)
    costs = heuristic.all_prices(core)
    for k in range(n_tries):
        if watch.is_over():
            return
        luck = 0.05 + 0.2 * rng.random(core.n_options) if k else 0.05
        price = costs[k % len(costs)] / (master.x[support] + luck)
        start = heuristic.greedy(core, price=price)
        best.take(core, heuristic.searched(core, start, n_steps=n_steps, seed=seed + k))


def _beaten(master: Master, best: Best) -> tuple[Flags, Flags]:
    """Tell by reduced costs which options cannot come in, or cannot go out, in a better plan."""
    room = master.bound + master.core.offset - best.cutoff
    slack = 1e-7 * max(1.0, abs(best.value))
    cost = master.reduced_cost
    is_out = (master.x < 0.5) & (-cost > room + slack) & (master.upper > 0.5)
    is_in = (master.x > 0.5) & (cost > room + slack) & (master.lower < 0.5)
    return is_out, is_in


class _Tree:
    """Branch and bound over one master programme."""

    def __init__(self, master: Master, best: Best, watch: Stopwatch) -> None:
        self.master, self.best, self.watch = master, best, watch
        self.offset = master.core.offset
        self.open: list[tuple[float, int, _Node]] = []
        self.counter = itertools.count()
        n = master.n
        self.fall = np.zeros((2, n))  # how much the bound fell for a share moved, down and up
        self.n_fall = np.zeros((2, n))
        self.n_nodes = 0
        self.root_cost, self.root_x = master.reduced_cost.copy(), master.x.copy()
        self.root_bound = master.bound + self.offset

    def search(self) -> None:
        """Look at nodes until none can be better or time is over.

        From a node the search goes on with the likelier child, and from a dead end with the most
        promising node left: so the linear programme changes little from one to the next.
        """
        n = self.master.n
        node: _Node | None = _Node(lower=np.zeros(n), upper=np.ones(n), bound=self.best.bound)
        while node is not None and not self.watch.is_over():
            children = self._look(node)
            self.n_nodes += 1
            for child in children:
                self._push(child)
            if self.n_nodes % 20 == 0:
                self.master.purge(age=40)
            node = self._next(children)
            self._lower_bound(node)
        if node is not None:
            self._push(node)
        self._lower_bound(None)

    def _next(self, children: list[_Node]) -> _Node | None:
        """Go on with the likelier child, else with the most promising node left."""
        while self.open and self.open[0][2].bound < self.best.cutoff:
            heapq.heappop(self.open)
        if not self.open:
            return None
        if children and children[0].bound >= self.best.cutoff:
            self.open = [entry for entry in self.open if entry[2] is not children[0]]
            heapq.heapify(self.open)
            return children[0]
        return heapq.heappop(self.open)[2]

    def _lower_bound(self, node: _Node | None) -> None:
        """Bring the proven bound down to the most promising node that is left."""
        left = [entry[2].bound for entry in self.open[:1]] + ([node.bound] if node else [])
        top = max(left, default=self.best.value)
        bound = max(self.best.value, min(self.best.bound, top))
        if bound < self.best.bound or self.n_nodes % 20 == 0:
            self.best.bound = bound
            self.watch.say(self.best.value, bound)

    def _push(self, node: _Node) -> None:
        heapq.heappush(self.open, (-node.bound, -next(self.counter), node))

    def _ruled_out_at_root(self) -> tuple[Flags, Flags]:
        """Tell which options the root's reduced costs rule out, or in, by what is known now."""
        room = self.root_bound - self.best.cutoff + 1e-7 * max(1.0, abs(self.best.value))
        is_out = (self.root_x < 0.5) & (-self.root_cost > room)
        return is_out, (self.root_x > 0.5) & (self.root_cost > room)

    def _look(self, node: _Node) -> list[_Node]:
        """Solve a node; give its children, none when it holds nothing better."""
        master, best = self.master, self.best
        is_out, is_in = self._ruled_out_at_root()
        lower, upper = np.where(is_in, 1.0, node.lower), np.where(is_out, 0.0, node.upper)
        if (lower > upper).any():
            return []
        master.bound_options(lower, upper)
        last, n_rounds = np.inf, 0
        while True:
            outcome = master.solve(self.watch)
            if outcome == "stopped":
                return [_Node(lower=lower, upper=upper, bound=node.bound)]
            if outcome == "infeasible" or master.bound + self.offset < best.cutoff:
                return []
            bound = min(node.bound, master.bound + self.offset)
            is_whole = np.abs(master.x - np.round(master.x)).max() < 1e-6
            n_rounds += 1
            if is_whole:
                best.take(master.core, master.x > 0.5)
            is_slow = last - bound < 0.02 * (bound - best.value) and not is_whole
            last = bound
            if self.watch.is_over():
                return [_Node(lower=lower, upper=upper, bound=bound)]
            if (n_rounds > 2 and is_slow) or master.cut(tolerance=_tolerance(master, best)) == 0:
                break
        if is_whole:
            return []
        if self.n_nodes % 4 == 3:
            _rounded(master, best, self.watch, n_tries=4, n_steps=300, seed=self.n_nodes)
        is_out, is_in = _beaten(master, best)
        upper[is_out], lower[is_in] = 0.0, 1.0
        master.bound_options(lower, upper)
        j, falls = self._branch_option()
        children = []
        for side in (0, 1):
            low, high = lower.copy(), upper.copy()
            low[j] = high[j] = float(side)
            children.append(_Node(lower=low, upper=high, bound=bound))
        # the likelier side is looked at first
        return children if falls[0] > falls[1] else children[::-1]

    def _branch_option(self) -> tuple[int, tuple[float, float]]:
        """Choose the option whose two sides both lower the bound most, by trying the likeliest."""
        master = self.master
        x = master.x.copy()
        here = master.bound
        fraction = np.minimum(x, 1 - x)
        is_known = np.minimum(self.n_fall[0], self.n_fall[1]) >= 2
        guess = [self._guess(side) for side in (0, 1)]
        score = np.maximum(guess[0] * x, 1e-6) * np.maximum(guess[1] * (1 - x), 1e-6)
        score[fraction < 1e-6] = -1
        order = np.argsort(-score, kind="stable")[:8]
        order = order[fraction[order] > 1e-6]
        basis = master.solver.getBasis()
        top, chosen, falls = -1.0, int(order[0]), (0.0, 0.0)
        for j in order:
            if self.watch.is_over():
                break
            if is_known[j]:
                down, up = guess[0][j] * x[j], guess[1][j] * (1 - x[j])
            else:
                down, up = self._probe(int(j), x[j], here, basis)
            merit = max(down, 1e-6) * max(up, 1e-6)
            if merit > top:
                top, chosen, falls = merit, int(j), (down, up)
        return chosen, falls

    def _guess(self, side: int) -> Floats:
        """Give how much a bound fell for a share moved; the mean where an option was not tried."""
        n = self.n_fall[side]
        mean = self.fall[side] / np.maximum(n, 1)
        return np.where(n > 0, mean, mean[n > 0].mean() if (n > 0).any() else 1.0)

    def _probe(
        self, j: int, share: float, here: float, basis: highspy.HighsBasis
    ) -> tuple[float, float]:
        """Try both sides for a few pivots. What comes out guides the choice; it proves nothing."""
        solver = self.master.solver
        solver.setOptionValue("simplex_iteration_limit", 50)
        falls = []
        for side in (0, 1):
            solver.changeColBounds(j, float(side), float(side))
            solver.run()
            reached = here + float(solver.getInfo().objective_function_value)
            fall = max(0.0, reached) if np.isfinite(reached) else 0.0
            falls.append(fall)
            move = share if side == 0 else 1 - share
            self.fall[side, j] += fall / max(move, 1e-6)
            self.n_fall[side, j] += 1
            solver.changeColBounds(j, self.master.lower[j], self.master.upper[j])
            solver.setBasis(basis)
        solver.setOptionValue("simplex_iteration_limit", PIVOTS_MOST)
        return falls[0], falls[1]
