"""Bounds, compiled: the planes over what options see, and the Lagrangian bound."""

from __future__ import annotations

import numpy as np

from analysis.siting.compiling import Cover, Flags, Floats, Ints, Rows, compiled

WHOLE_SLACK = 1e-9
WHOLE = 1 - WHOLE_SLACK

KEPT = -2
"""Marks an option that is so already: it holds unless another takes its place."""


@compiled
def _plane(rows: Rows, shares: Floats, span: tuple[int, int],
           found: tuple[Ints, Floats, Flags, Floats], at: int) -> tuple[float, int]:  # fmt: skip
    """Lay a plane on the worth of some rows, where the options are chosen by ``shares``.

    Behind the options stand the shares of the places. A row's first view is worth first − second,
    and any view beside up to two is worth second; to the first view the options of one place bring
    no more together than the place is paid for. Writes the plane's columns from ``at`` on and their
    slopes; gives its constant and where the columns end.
    """
    row_start, row_options, first, second, place = rows
    n = len(place)
    at_place = found[3]
    constant = 0.0
    for i in range(span[0], span[1]):
        once, seen = _views(i, rows, shares, at_place)
        slope, more = first[i] - second[i], second[i]
        if once >= WHOLE:
            constant += slope
            slope = 0.0
        if seen >= 1 + WHOLE:
            constant += 2 * more
            more = 0.0
        for b in range(row_start[i], row_start[i + 1]):
            j = row_options[b]
            p = place[j]
            if p >= 0 and at_place[p] != 0.0:
                if at_place[p] == -1.0:
                    at = _lean(n + p, slope, found, at)
                    at_place[p] = -2.0
                at = _lean(j, more, found, at)
            else:
                at = _lean(j, slope + more, found, at)
        for b in range(row_start[i], row_start[i + 1]):
            if place[row_options[b]] >= 0:
                at_place[place[row_options[b]]] = 0.0
    return constant, at


@compiled
def _views(i: int, rows: Rows, shares: Floats, at_place: Floats) -> tuple[float, float]:
    """Give what the shares see of a row, of each place no more than it is paid for; and all.

    Marks with −1 the places that are not paid for as much as their options see the row.
    """
    row_start, row_options, _first, _second, place = rows
    once, seen = 0.0, 0.0
    for b in range(row_start[i], row_start[i + 1]):
        j = row_options[b]
        seen += shares[j]
        if place[j] < 0:
            once += shares[j]
        else:
            at_place[place[j]] += shares[j]
    for b in range(row_start[i], row_start[i + 1]):
        p = place[row_options[b]]
        if p >= 0 and at_place[p] > 0.0:
            paid = shares[len(place) + p]
            once += min(at_place[p], paid)
            at_place[p] = 0.0 if at_place[p] <= paid + WHOLE_SLACK else -1.0
    return once, seen


@compiled
def _lean(column: int, slope: float, found: tuple[Ints, Floats, Flags, Floats], at: int) -> int:
    """Add a slope to a column of a plane."""
    columns, slopes, is_met, _at_place = found
    if slope == 0.0:
        return at
    if not is_met[column]:
        is_met[column] = True
        columns[at] = column
        at += 1
    slopes[column] += slope
    return at


@compiled
def cuts(rows: Rows, group_start: Ints, shares: Floats, theta: Floats,
         tolerance: float, out: tuple[Ints, Ints, Ints, Floats, Floats]) -> int:  # fmt: skip
    """Find, group of rows by group, the plane through what ``shares`` of the options see.

    ``shares`` are those of the options and then of the places; an option's place stands in
    ``rows``, −1 where none is paid for.

    Rows are sorted by group. Writes the planes θ_g ≤ constant + Σ slope·x that ``theta`` violates
    into ``out`` (groups, starts, options, slopes, constants), and gives how many.
    """
    groups, starts, options, slopes_out, constants = out
    slopes = np.zeros(len(shares))
    is_met = np.zeros(len(shares), dtype=np.bool_)
    found = (options, slopes, is_met, np.zeros(len(shares) - len(rows[4])))
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
def lagrangian(cover: Cover, choice: tuple[int, Ints, Ints, Ints], walk: tuple[Floats, Floats,
               Floats], n_steps: int, target: float, state: Floats) -> bool:  # fmt: skip
    """Lower the Lagrangian bound by deflected subgradients.

    The rows' "seen only if an option is chosen" is relaxed with 0 ≤ λ ≤ first. ``choice`` is how
    many options may be chosen, the group of each (−1: none), how many of each group, and the kept
    option that each takes the place of (−1: none; ``KEPT``: it is one). ``walk`` is the best
    multipliers met, where the walk stands and which way it goes, ``state`` the bound, the size of a
    step and how long nothing came of it, to go on with later. True when more steps would bring
    nothing, or the bound fell to ``target``.
    """
    first = cover[4]
    multipliers, at, direction = walk
    worth, n_seen = np.zeros(len(cover[2]) - 1), np.zeros(len(first))
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
