"""Greedy and swaps, compiled. ``n_seen`` counts the chosen options that see a row of demand."""

from __future__ import annotations

import numpy as np

from analysis.siting.compiling import Cover, Flags, Floats, Ints, Limits, compiled

EPS = 1e-9
BLOCK = 128


@compiled
def _fits(into: int, out: int, limits: Limits, used: Floats) -> bool:
    """Tell whether an option may come in, while another (none: −1) goes out."""
    start, rows, shares, _low, high, place, _fee_start, _fee_rows, _fees = limits
    for a in range(start[into], start[into + 1]):
        after = used[rows[a]] + shares[a]
        if out >= 0:
            for b in range(start[out], start[out + 1]):
                if rows[b] == rows[a]:
                    after -= shares[b]
        if place[into] >= 0 or (out >= 0 and place[out] >= 0):
            after += _fee_change(into, out, rows[a], limits, used)
        if after > high[rows[a]] + EPS * max(1.0, abs(high[rows[a]])):
            return False
    if place[into] >= 0 and not _has_room(into, out, limits, used):
        return False
    return out < 0 or _may_go(into, out, limits, used)


@compiled
def _has_room(into: int, out: int, limits: Limits, used: Floats) -> bool:
    """Tell whether an option's place may be used, by the limits that are about places alone."""
    start, rows, shares, _low, high, place, fee_start, fee_rows, _fees = limits
    p = place[into]
    if used[len(high) + p] > 0.0:
        return True
    for a in range(fee_start[p], fee_start[p + 1]):
        limit = fee_rows[a]
        is_own = False
        for b in range(start[into], start[into + 1]):
            is_own = is_own or rows[b] == limit
        if is_own:
            continue  # looked at with the option's share
        after = used[limit] + _fee_change(into, out, limit, limits, used)
        if out >= 0:
            for b in range(start[out], start[out + 1]):
                if rows[b] == limit:
                    after -= shares[b]
        if after > high[limit] + EPS * max(1.0, abs(high[limit])):
            return False
    return True


@compiled
def _fee_change(into: int, out: int, limit: int, limits: Limits, used: Floats) -> float:
    """Give how much more a limit pays for places when an option comes in and another goes out.

    How many are chosen at each place stands in ``used`` behind the limits.
    """
    _start, _rows, _shares, _low, high, place, fee_start, fee_rows, fees = limits
    p, q = place[into], (place[out] if out >= 0 else -1)
    if p == q:
        return 0.0
    change = 0.0
    if p >= 0 and used[len(high) + p] == 0.0:
        for a in range(fee_start[p], fee_start[p + 1]):
            if fee_rows[a] == limit:
                change += fees[a]
    if q >= 0 and used[len(high) + q] == 1.0:
        for a in range(fee_start[q], fee_start[q + 1]):
            if fee_rows[a] == limit:
                change -= fees[a]
    return change


@compiled
def _may_go(into: int, out: int, limits: Limits, used: Floats) -> bool:
    """Tell whether the minima still hold when one goes out and another comes in."""
    start, rows, shares, low, _high, _place, _fee_start, _fee_rows, _fees = limits
    for b in range(start[out], start[out + 1]):
        if low[rows[b]] <= 0:
            continue
        after = used[rows[b]] - shares[b]
        for a in range(start[into], start[into + 1]):
            if rows[a] == rows[b]:
                after += shares[a]
        if after < low[rows[b]] - EPS:
            return False
    return True


@compiled
def _use(j: int, step: int, limits: Limits, used: Floats) -> None:
    start, rows, shares, _low, high, place, fee_start, fee_rows, fees = limits
    for a in range(start[j], start[j + 1]):
        used[rows[a]] += step * shares[a]
    p = place[j]
    if p >= 0:
        before = used[len(high) + p]
        used[len(high) + p] = before + step
        if before == 0.0 or before + step == 0.0:
            for a in range(fee_start[p], fee_start[p + 1]):
                used[fee_rows[a]] += step * fees[a]


@compiled
def _gain(j: int, cover: Cover, n_seen: Ints) -> float:
    """Give what an option would add."""
    _row_start, _row_options, start, rows, first, second = cover
    gain = 0.0
    for a in range(start[j], start[j + 1]):
        i = rows[a]
        if n_seen[i] == 0:
            gain += first[i]
        elif n_seen[i] == 1:
            gain += second[i]
    return gain


@compiled
def _leader(block: int, most: Floats) -> int:
    """Give the option of most gain in a block of them, so that not all are compared each time."""
    begin = block * BLOCK
    return begin + int(np.argmax(most[begin : begin + BLOCK]))


@compiled
def greedy(cover: Cover, limits: Limits, price: Floats, is_chosen: Flags) -> None:
    """Add, one after another, the option with the most gain for its price (lazily: CELF).

    ``is_chosen`` is what there is, and becomes the answer. Gains only fall, so an option's last
    known gain bounds it: one that stays on top when brought up to date is the best.
    """
    _row_start, _row_options, start, rows, first, _second = cover
    n_options = len(start) - 1
    n_seen = np.zeros(len(first), dtype=np.int64)
    used = np.zeros(len(limits[4]) + len(limits[6]) - 1)
    for j in range(n_options):
        if is_chosen[j]:
            _use(j, 1, limits, used)
            for a in range(start[j], start[j + 1]):
                n_seen[rows[a]] += 1
    most = np.full(n_options, -1.0)
    for j in range(n_options):
        if not is_chosen[j]:
            most[j] = _gain(j, cover, n_seen) / price[j]
    dated = np.zeros(n_options, dtype=np.int64)
    leader = np.zeros((n_options + BLOCK - 1) // BLOCK, dtype=np.int64)
    for block in range(len(leader)):
        leader[block] = _leader(block, most)
    n_taken = 0
    while n_options > 0:
        best = leader[np.argmax(most[leader])]
        if most[best] <= EPS:
            return
        if dated[best] < n_taken:
            most[best] = _gain(best, cover, n_seen) / price[best]
            dated[best] = n_taken
        else:
            most[best] = -1.0  # chosen, or it does not fit: what is full stays full
            if _fits(best, -1, limits, used):
                is_chosen[best] = True
                n_taken += 1
                _use(best, 1, limits, used)
                for a in range(start[best], start[best + 1]):
                    n_seen[rows[a]] += 1
        leader[best // BLOCK] = _leader(best // BLOCK, most)


@compiled
def _added(n: int, first: float, second: float) -> float:
    """Give what one more view of a row is worth that n see."""
    return first if n == 0 else (second if n == 1 else 0.0)


@compiled
def _move(j: int, step: int, cover: Cover, n_seen: Ints, gain: Floats, loss: Floats) -> None:
    """Choose (+1) or drop (−1) an option and bring all gains and losses up to date."""
    row_start, row_options, start, rows, first, second = cover
    for a in range(start[j], start[j + 1]):
        i = rows[a]
        before = n_seen[i]
        n_seen[i] = before + step
        more = _added(before + step, first[i], second[i]) - _added(before, first[i], second[i])
        # what dropping one of n loses is what the n-th view added
        less = _added(before + step - 1, first[i], second[i]) if before + step > 0 else 0.0
        less -= _added(before - 1, first[i], second[i]) if before > 0 else 0.0
        if more != 0.0 or less != 0.0:
            for b in range(row_start[i], row_start[i + 1]):
                gain[row_options[b]] += more
                loss[row_options[b]] += less


@compiled
def _share(o: int, cover: Cover, n_seen: Ints, shared: Floats) -> None:
    """Add up, for each option, what it would bring back of what a chosen one leaves unseen."""
    row_start, row_options, start, rows, first, second = cover
    for a in range(start[o], start[o + 1]):
        i = rows[a]
        if n_seen[i] > 2:
            continue
        back = first[i] - second[i] if n_seen[i] == 1 else second[i]
        for b in range(row_start[i], row_start[i + 1]):
            shared[row_options[b]] += back


@compiled
def _unshare(o: int, cover: Cover, n_seen: Ints, shared: Floats) -> None:
    row_start, row_options, start, rows, _first, _second = cover
    for a in range(start[o], start[o + 1]):
        if n_seen[rows[a]] <= 2:
            for b in range(row_start[rows[a]], row_start[rows[a] + 1]):
                shared[row_options[b]] = 0.0


@compiled
def _best_swap(state: tuple[Flags, Ints, Floats, Floats, Floats, Floats, Ints], cover: Cover,
               limits: Limits, step: int, needed: float) -> tuple[int, int, float]:  # fmt: skip
    """Find the swap of most gain; one that is tabu only if it brings more than ``needed``."""
    is_chosen, n_seen, gain, loss, used, shared, until = state
    out, into, change = -1, -1, -np.inf
    for o in range(len(is_chosen)):
        if not is_chosen[o]:
            continue
        _share(o, cover, n_seen, shared)
        for j in range(len(is_chosen)):
            delta = gain[j] + shared[j] - loss[o]
            if delta <= change or is_chosen[j]:
                continue
            if (until[j] > step or until[o] > step) and delta <= needed:
                continue
            if _fits(j, o, limits, used):
                out, into, change = o, j, delta
        _unshare(o, cover, n_seen, shared)
    return out, into, change


@compiled
def _best_addition(state: tuple[Flags, Ints, Floats, Floats, Floats, Floats, Ints],
                   limits: Limits, step: int) -> int:  # fmt: skip
    """Find the option of most gain that fits beside the others; −1 for none."""
    is_chosen, _n_seen, gain, _loss, used, _shared, until = state
    best = -1
    for j in range(len(is_chosen)):
        is_open = not is_chosen[j] and gain[j] > EPS and until[j] <= step
        if is_open and (best < 0 or gain[j] > gain[best]) and _fits(j, -1, limits, used):
            best = j
    return best


@compiled
def swaps(cover: Cover, limits: Limits, is_chosen: Flags, n_steps: int, seed: int,
          is_descent: bool) -> bool:  # fmt: skip
    """Search by so many swaps of one option for another, with a tabu list.

    ``is_chosen`` becomes the best choice met. A descent stops at the first choice that no swap
    improves. True when there was nothing more to do.
    """
    row_start, row_options, option_start, _rows, first, _second = cover
    n_options = len(option_start) - 1
    n_seen = np.zeros(len(first), dtype=np.int64)
    gain, loss, shared = np.zeros(n_options), np.zeros(n_options), np.zeros(n_options)
    used = np.zeros(len(limits[4]) + len(limits[6]) - 1)
    until = np.zeros(n_options, dtype=np.int64)
    for i in range(len(first)):
        for b in range(row_start[i], row_start[i + 1]):
            gain[row_options[b]] += first[i]
    for j in range(n_options):
        if is_chosen[j]:
            _move(j, 1, cover, n_seen, gain, loss)
            _use(j, 1, limits, used)
    state = (is_chosen, n_seen, gain, loss, used, shared, until)
    best = is_chosen.copy()
    ahead = 0.0  # of the best choice met, behind which the present one stands
    slack = EPS * max(1.0, first.sum())
    luck = seed % 2147483647 + 1
    is_done = False
    for step in range(1, n_steps + 1):
        added = _best_addition(state, limits, step)
        while added >= 0:
            ahead += gain[added]
            is_chosen[added] = True
            _move(added, 1, cover, n_seen, gain, loss)
            _use(added, 1, limits, used)
            added = _best_addition(state, limits, step)
        if ahead > slack:
            ahead = 0.0
            best[:] = is_chosen
        out, into, change = _best_swap(state, cover, limits, step, slack - ahead)
        if out < 0 or (is_descent and change <= slack):
            is_done = True
            break
        for j, way in ((out, -1), (into, 1)):
            is_chosen[j] = way > 0
            _move(j, way, cover, n_seen, gain, loss)
            _use(j, way, limits, used)
        ahead += change
        luck = (luck * 48271) % 2147483647
        until[out] = step + 8 + luck % 9
        luck = (luck * 48271) % 2147483647
        until[into] = step + 2 + luck % 4
        if ahead > slack:
            ahead = 0.0
            best[:] = is_chosen
    is_chosen[:] = best
    return is_done
