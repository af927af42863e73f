"""Bounds, compiled: the planes over what options see, and the Lagrangian bound."""

from __future__ import annotations

import numpy as np

from analysis.siting.compiling import Cover, Flags, Floats, Ints, compiled

WHOLE = 1 - 1e-9

KEPT = -2
"""Marks an option that is so already: it holds unless another takes its place."""


@compiled
def _plane(rows: tuple[Ints, Ints, Floats, Floats], shares: Floats, span: tuple[int, int],
           found: tuple[Ints, Floats, Flags], at: int) -> tuple[float, int]:  # fmt: skip
    """Lay a plane on the worth of some rows, where the options are chosen by ``shares``.

    Writes its options from ``at`` on and their slopes; gives its constant and where the options
    end.
    """
    row_start, row_options, first, second = rows
    options, slopes, is_met = found
    constant = 0.0
    for i in range(span[0], span[1]):
        seen = 0.0
        for b in range(row_start[i], row_start[i + 1]):
            seen += shares[row_options[b]]
        if seen >= 1 + WHOLE or (second[i] == 0.0 and seen >= WHOLE):
            constant += first[i] + second[i]
            continue
        slope = first[i]
        if seen >= WHOLE:
            slope = second[i]
            constant += first[i] - second[i]
        for b in range(row_start[i], row_start[i + 1]):
            j = row_options[b]
            if not is_met[j]:
                is_met[j] = True
                options[at] = j
                at += 1
            slopes[j] += slope
    return constant, at


@compiled
def cuts(rows: tuple[Ints, Ints, Floats, Floats], group_start: Ints, shares: Floats, theta: Floats,
         tolerance: float, out: tuple[Ints, Ints, Ints, Floats, Floats]) -> int:  # fmt: skip
    """Find, group of rows by group, the plane through what ``shares`` of the options see.

    Rows are sorted by group. Writes the planes θ_g ≤ constant + Σ slope·x that ``theta`` violates
    into ``out`` (groups, starts, options, slopes, constants), and gives how many.
    """
    groups, starts, options, slopes_out, constants = out
    slopes = np.zeros(len(shares))
    is_met = np.zeros(len(shares), dtype=np.bool_)
    found = (options, slopes, is_met)
    n, at = 0, 0
    starts[0] = 0
    for g in range(len(group_start) - 1):
        begin = at
        constant, at = _plane(rows, shares, (group_start[g], group_start[g + 1]), found, at)
        total = constant
        for k in range(begin, at):
            j = options[k]
            total += slopes[j] * shares[j]
            slopes_out[k] = slopes[j]
            slopes[j] = 0.0
            is_met[j] = False
        if theta[g] > total + tolerance:
            groups[n], constants[n] = g, constant
            n += 1
            starts[n] = at
        else:
            at = begin
    return n


@compiled
def _net(worth: Floats, instead_of: Ints, cover: Cover, n_seen: Floats) -> tuple[Floats, float]:
    """Give what each choice is worth beyond the kept option it takes the place of.

    And what these are worth together; they count as seeing.
    """
    net, stays = worth.copy(), 0.0
    for j in range(len(worth)):
        if instead_of[j] == KEPT:
            net[j] = -1.0
            stays += worth[j]
            _see(j, 1.0, cover, n_seen)
        elif instead_of[j] >= 0:
            net[j] -= worth[instead_of[j]]
    return net, stays


@compiled
def _relaxed(cover: Cover, choice: tuple[int, Ints, Ints, Ints], at: Floats, worth: Floats,
             n_seen: Floats) -> float:  # fmt: skip
    """Solve the relaxed problem at some multipliers; give the bound and how often rows are seen."""
    _row_start, _row_options, start, rows, first, second = cover
    count, group, group_most, instead_of = choice
    bound = 0.0
    for i in range(len(first)):
        bound += max(first[i] - at[i], 0.0) + max(second[i] - at[i], 0.0)
        n_seen[i] = 0.0
    for j in range(len(worth)):
        total = 0.0
        for a in range(start[j], start[j + 1]):
            total += at[rows[a]]
        worth[j] = total
    net, stays = _net(worth, instead_of, cover, n_seen)
    bound += stays
    n_of_group = np.zeros(len(group_most), dtype=np.int64)
    n_taken = 0
    for j in np.argsort(-net):
        if n_taken == count or net[j] <= 0.0:
            break
        if group[j] >= 0:
            if n_of_group[group[j]] == group_most[group[j]]:
                continue
            n_of_group[group[j]] += 1
        n_taken += 1
        bound += net[j]
        _see(j, 1.0, cover, n_seen)
        if instead_of[j] >= 0:
            _see(instead_of[j], -1.0, cover, n_seen)
    return float(bound)


@compiled
def _see(j: int, times: float, cover: Cover, n_seen: Floats) -> None:
    _row_start, _row_options, start, rows, _first, _second = cover
    for a in range(start[j], start[j + 1]):
        n_seen[rows[a]] += times


@compiled
def _turn(cover: Cover, at: Floats, n_seen: Floats, direction: Floats) -> float:
    """Bring the deflected subgradient up to date; give its squared length."""
    first, second = cover[4], cover[5]
    square = 0.0
    for i in range(len(first)):
        slope = n_seen[i]
        if first[i] > at[i]:
            slope -= 1.0
        if second[i] > at[i]:
            slope -= 1.0
        # at an edge the box lets it go only inwards
        if (at[i] <= 0.0 and slope > 0.0) or (at[i] >= first[i] and slope < 0.0):
            slope = 0.0
        direction[i] = slope + 0.5 * direction[i]
        square += direction[i] * direction[i]
    return square


@compiled
def lagrangian(cover: Cover, choice: tuple[int, Ints, Ints, Ints], multipliers: Floats,
               n_steps: int, target: float, state: Floats) -> bool:  # fmt: skip
    """Lower the Lagrangian bound by deflected subgradients; ``multipliers`` become the best met.

    The rows' "seen only if an option is chosen" is relaxed with 0 ≤ λ ≤ first. ``choice`` is how
    many options may be chosen, the group of each (−1: none), how many of each group, and the kept
    option that each takes the place of (−1: none; ``KEPT``: it is one). ``state`` is the bound, the
    size of a step and how long nothing came of it, to go on with later. True when more steps would
    bring nothing, or the bound fell to ``target``.
    """
    first = cover[4]
    worth = np.zeros(len(cover[2]) - 1)
    direction, n_seen = np.zeros(len(first)), np.zeros(len(first))
    at = multipliers.copy()
    for _step in range(n_steps):
        bound = _relaxed(cover, choice, at, worth, n_seen)
        is_news = state[0] == np.inf or bound < state[0] - 1e-6 * abs(state[0])
        state[2] = 0.0 if is_news else state[2] + 1.0
        if bound < state[0]:
            state[0] = bound
            multipliers[:] = at
        if state[0] <= target:
            return True
        if state[2] >= 12.0:
            state[2] = 0.0
            state[1] *= 0.6
            if state[1] < 0.005:
                return True
            at[:] = multipliers
            direction[:] = 0.0
            continue
        square = _turn(cover, at, n_seen, direction)
        if square == 0.0:
            return True
        pace = state[1] * (bound - target) / square
        for i in range(len(first)):
            at[i] = min(max(at[i] - pace * direction[i], 0.0), first[i])
    return False
