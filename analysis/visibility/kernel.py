"""The sweep, compiled. Imported only when a view is first asked for: numba is slow to import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from analysis.visibility.pieces import ANGLE_APART, EQUAL_SHARE, OPEN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Direction = tuple[float, float]
Span = tuple[float, float, Direction, Direction]
Grid = tuple[float, float, float]
Piece = tuple[float, float, float, float, float]

compiled = numba.njit(nogil=True, error_model="numpy")


def compiled_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile the whole and keep it on disk (its parts are within it), where there is a place."""
    kept: Callable[..., Any]
    try:
        kept = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # neither beside the code nor in the person's folder may one write
        kept = compiled(function)
    return kept


@compiled
def _grown(table: Floats) -> Floats:
    larger = np.empty((2 * table.shape[0], table.shape[1]))
    for row in range(table.shape[0]):
        for column in range(table.shape[1]):
            larger[row, column] = table[row, column]
    return larger


@compiled
def _order(keys: Floats) -> Ints:
    """Give the order that sorts keys (Shell's sort: much less to compile than numpy's)."""
    order = np.arange(len(keys))
    gap = 1
    while gap < len(keys) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, len(keys)):
            moved = order[k]
            place = k
            while place >= gap and keys[order[place - gap]] > keys[moved]:
                order[place] = order[place - gap]
                place -= gap
            order[place] = moved
        gap //= 3
    return order


@compiled
def _walls_in_view(
    camera: Floats, window: Ints, grid: Grid, cell_start: Ints, walls: Floats, found: Floats
) -> tuple[int, Floats]:
    """Gather the walls that face a camera within reach and field: u0, u1, gx, gy, number."""
    east, north, start, width, reach, height = camera
    n_columns, first_column, last_column, first_row, last_row = window
    west, south, cell_m = grid
    left_x, left_y = np.sin(start), np.cos(start)
    right_x, right_y = np.sin(start + width), np.cos(start + width)
    n = 0
    n_rows, n_across = last_row - first_row + 1, last_column - first_column + 1
    for cell in range(n_rows * n_across):
        row, column = first_row + cell // n_across, first_column + cell % n_across
        here = row * n_columns + column
        for k in range(cell_start[here], cell_start[here + 1]):
            ax, ay = walls[k, 0] - east, walls[k, 1] - north
            bx, by = walls[k, 2] - east, walls[k, 3] - north
            cross = ax * by - ay * bx
            if cross >= 0.0 or walls[k, 4] < height:
                continue  # the back of a wall, or a roof that the camera looks over
            across = int((min(walls[k, 0], walls[k, 2]) - west) / cell_m)
            up = int((min(walls[k, 1], walls[k, 3]) - south) / cell_m)
            if column != max(across, first_column) or row != max(up, first_row):
                continue  # it counts in the first cell that it and the window have in common
            if width < 3.0 and (
                (left_x * ay - left_y * ax > 0.0 and left_x * by - left_y * bx > 0.0)
                or (right_x * ay - right_y * ax < 0.0 and right_x * by - right_y * bx < 0.0)
            ):
                continue  # all of it left or right of a field of less than half a turn
            dx, dy = bx - ax, by - ay
            a2, b2 = ax * ax + ay * ay, bx * bx + by * by
            if cross * cross <= ANGLE_APART * ANGLE_APART * a2 * b2:
                continue  # seen edge-on
            along = -(ax * dx + ay * dy) / (dx * dx + dy * dy)
            along = min(max(along, 0.0), 1.0)
            nx, ny = ax + along * dx, ay + along * dy
            if nx * nx + ny * ny >= reach * reach:
                continue
            u0 = np.arctan2(ax, ay) - start
            u1 = np.arctan2(bx, by) - start
            u0 += 2 * np.pi if u0 < 0.0 else 0.0
            u1 += 2 * np.pi if u1 < 0.0 else 0.0
            if n + 2 > found.shape[0]:
                found = _grown(found)
            for part in range(2):
                # a wall across the left limit comes in two: what ends, and what begins there
                low = u0 if part == 0 else 0.0
                high = u1 if part == 1 or u1 > u0 else width
                if (part == 1 and u1 > u0) or low >= width:
                    continue
                found[n, 0], found[n, 1] = low, min(high, width)
                found[n, 2], found[n, 3] = dy / cross, -dx / cross
                found[n, 4] = walls[k, 5]
                n += 1
    return n, found


@compiled
def _put(table: Floats, n: int, first: int, piece: Piece) -> tuple[Floats, int]:
    """Add a piece, or lengthen the camera's last one when it is of the same wall."""
    begin, end, gx, gy, wall = piece
    if n > first and table[n - 1, 4] == wall:
        table[n - 1, 1] = end
        return table, n
    if n == table.shape[0]:
        table = _grown(table)
    table[n, 0], table[n, 1] = begin, end
    table[n, 2], table[n, 3] = gx, gy
    table[n, 4] = wall
    return table, n + 1


@compiled
def _greatest(found: Floats, active: Ints, at: Direction, toward: Direction) -> tuple[int, float]:
    """Find the wall nearest in one direction; of equally near ones, the nearest in another."""
    best = -np.inf
    for k in range(len(active)):
        best = max(best, found[active[k], 2] * at[0] + found[active[k], 3] * at[1])
    enough = best - EQUAL_SHARE * abs(best)
    winner, greatest = active[0], -np.inf
    for k in range(len(active)):
        j = active[k]
        if found[j, 2] * at[0] + found[j, 3] * at[1] >= enough:
            ahead = found[j, 2] * toward[0] + found[j, 3] * toward[1]
            if ahead > greatest:
                winner, greatest = j, ahead
    return winner, best


@compiled
def _wait(stack: Floats, n: int, span: Span, left: int, right: int) -> tuple[Floats, int]:
    if n == stack.shape[0]:
        stack = _grown(stack)
    stack[n, 0], stack[n, 1] = span[0], span[1]
    stack[n, 2], stack[n, 3] = span[2]
    stack[n, 4], stack[n, 5] = span[3]
    stack[n, 6], stack[n, 7] = left, right
    return stack, n + 1


@compiled
def _nearest_throughout(found: Floats, active: Ints, at: Direction, to: Direction) -> int:
    """Find a wall that is the nearest at both ends, and so between them too; −1 if none is."""
    best_at, best_to = -np.inf, -np.inf
    for j in active:
        best_at = max(best_at, found[j, 2] * at[0] + found[j, 3] * at[1])
        best_to = max(best_to, found[j, 2] * to[0] + found[j, 3] * to[1])
    best_at -= EQUAL_SHARE * abs(best_at)
    best_to -= EQUAL_SHARE * abs(best_to)
    for j in active:
        if (
            found[j, 2] * at[0] + found[j, 3] * at[1] >= best_at
            and found[j, 2] * to[0] + found[j, 3] * to[1] >= best_to
        ):
            return int(j)
    return -1


@compiled
def _split(
    found: Floats, active: Ints, span: Span, table: Floats, n: int, first: int, stack: Floats
) -> tuple[Floats, int, Floats]:
    """Add the nearest walls of a piece that all active walls span, cut where they change places."""
    left, _ = _greatest(found, active, span[2], span[3])
    right, _ = _greatest(found, active, span[3], span[2])
    stack, waiting = _wait(stack, 0, span, left, right)
    while waiting > 0:
        waiting -= 1
        begin, end = stack[waiting, 0], stack[waiting, 1]
        at, to = (stack[waiting, 2], stack[waiting, 3]), (stack[waiting, 4], stack[waiting, 5])
        left, right = int(stack[waiting, 6]), int(stack[waiting, 7])
        gx, gy = found[left, 2] - found[right, 2], found[left, 3] - found[right, 3]
        ahead, behind = gx * at[0] + gy * at[1], -gx * to[0] - gy * to[1]
        x, y = at[0] * behind + to[0] * ahead, at[1] * behind + to[1] * ahead
        middle = begin + np.arctan2(x * at[1] - y * at[0], x * at[0] + y * at[1])
        if behind <= 0.0:
            right = left  # equally near at the end: the left one is nearer before
        elif ahead <= 0.0 or middle - begin < ANGLE_APART:
            left = right
        elif end - middle < ANGLE_APART:
            right = left
        if left == right:
            piece = (begin, end, found[left, 2], found[left, 3], found[left, 4])
            table, n = _put(table, n, first, piece)
            continue
        length = np.hypot(x, y)
        cut = (x / length, y / length)
        top = found[left, 2] * cut[0] + found[left, 3] * cut[1]
        between, best = _greatest(found, active, cut, to)
        if best <= top + EQUAL_SHARE * abs(top):
            between = right
            stack, waiting = _wait(stack, waiting, (middle, end, cut, to), right, right)
            stack, waiting = _wait(stack, waiting, (begin, middle, at, cut), left, left)
        else:
            stack, waiting = _wait(stack, waiting, (middle, end, cut, to), between, right)
            stack, waiting = _wait(stack, waiting, (begin, middle, at, cut), left, between)
    return table, n, stack


@compiled
def _nearest(
    camera: Floats, found: Floats, table: Floats, n: int, stack: Floats
) -> tuple[Floats, int, Floats]:
    """Add a camera's pieces: between critical angles, the nearest of the walls met there."""
    start, width = camera[2], camera[3]
    n_walls = len(found)
    keys = np.empty(2 * n_walls + 2)
    for k in range(n_walls):
        keys[k], keys[n_walls + k] = found[k, 0], found[k, 1]
    keys[2 * n_walls], keys[2 * n_walls + 1] = 0.0, width
    order = _order(keys)
    active = np.empty(n_walls, dtype=np.int64)
    n_active, first = 0, n
    begin = 0.0
    at = (np.sin(start), np.cos(start))
    for k in range(len(order)):
        end = keys[order[k]]
        if k > 0 and end - keys[order[k - 1]] > ANGLE_APART:
            # all that begin or end so far have passed; those that end no later than here are gone
            n_kept = 0
            for j in range(n_active):
                if found[active[j], 1] >= end:
                    active[n_kept] = active[j]
                    n_kept += 1
            n_active = n_kept
            to = (np.sin(start + end), np.cos(start + end))
            if n_active == 0:
                table, n = _put(table, n, first, (begin, end, 0.0, 0.0, float(OPEN)))
            else:
                wall = _nearest_throughout(found, active[:n_active], at, to)
                if wall >= 0:
                    piece = (begin, end, found[wall, 2], found[wall, 3], found[wall, 4])
                    table, n = _put(table, n, first, piece)
                else:
                    span = (begin, end, at, to)
                    table, n, stack = _split(found, active[:n_active], span, table, n, first, stack)
            begin, at = end, to
        if order[k] < n_walls:
            active[n_active] = order[k]
            n_active += 1
    return table, n, stack


@compiled_once
def nearest_walls(
    cameras: Floats, windows: Ints, grid: Grid, cell_start: Ints, walls: Floats
) -> tuple[Floats, Ints]:
    """Sweep all cameras.

    Parameters
    ----------
    cameras
        (camera, 6) easting, northing, start, width, reach, height.
    windows
        (camera, 5) the grid's number of columns; first and last column, first and last row.
    grid, cell_start, walls
        The grid's west, south and side of cells; where each cell's listings begin; the listings.

    Returns
    -------
    tuple
        (piece, 5) begin, end, gx, gy, wall; and (camera + 1,) where each camera's pieces begin.
    """
    table = np.empty((16 * len(cameras) + 64, 5))
    starts = np.zeros(len(cameras) + 1, dtype=np.int64)
    found, stack = np.empty((256, 5)), np.empty((64, 8))
    n = int(starts[0])  # a bare 0 is a type of its own to numba, and compiled for apart
    for c in range(len(cameras)):
        n_found, found = _walls_in_view(cameras[c], windows[c], grid, cell_start, walls, found)
        table, n, stack = _nearest(cameras[c], found[:n_found], table, n, stack)
        starts[c + 1] = n
    return table[:n], starts
