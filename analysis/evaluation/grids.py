"""The same question asked in every reasonable way: radius by comparison by period.

METHODS.md, section Before and after, A grid, not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from analysis.errors import InvalidValueError
from analysis.evaluation.local import LocalComparison
from analysis.evaluation.verdicts import Outcome


@dataclass(frozen=True, kw_only=True, order=True)
class Choice:
    """One way to ask: how far cameras reach, who is compared, how many months."""

    radius_m: float
    control: str
    months: int


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """What one way of asking found; numbers are None where nothing could be compared.

    Attributes
    ----------
    choice
        The way.
    is_registered
        Whether it is the way fixed beforehand: the only one whose verdict counts.
    compared
        The comparison.
    outcome, reasons
        Its verdict.
    """

    choice: Choice
    is_registered: bool
    compared: LocalComparison | None
    outcome: Outcome
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """All ways of asking, in order of radius, comparison, months.

    Attributes
    ----------
    cells
        One for each way.
    n_agreeing
        Ways, the registered one among them, with the verdict of the registered one.
    lowest, highest
        Least and greatest change among ways that give one and are not refused; None without any.
    """

    cells: tuple[GridCell, ...]
    n_agreeing: int
    lowest: float | None
    highest: float | None

    @property
    def registered(self) -> GridCell:
        """The way fixed beforehand."""
        return next(cell for cell in self.cells if cell.is_registered)


def grid(
    ask: Callable[[Choice], LocalComparison | None],
    *,
    radii_m: Sequence[float],
    controls: Sequence[str],
    months: Sequence[int],
    registered: Choice,
) -> Grid:
    """Ask in every way and mark the one that was fixed beforehand.

    Parameters
    ----------
    ask
        Gives the comparison for one way, or None where its units cannot be laid out (no month, no
        ground): such a cell is ``cannot_tell`` with the reason ``no_data``.
    radii_m, controls, months
        Values of each part of a way; the names of comparisons are the caller's.
    registered
        The way fixed beforehand; it is among them.

    Returns
    -------
    Grid
        Every way with its verdict.

    Raises
    ------
    InvalidValueError
        A value is twice there, or the registered way is not among them.

    Examples
    --------
    >>> table = grid(lambda choice: None, radii_m=[50, 100], controls=["all"], months=[12],
    ...              registered=Choice(radius_m=50, control="all", months=12))
    >>> [cell.is_registered for cell in table.cells], table.registered.reasons
    ([True, False], ('no_data',))
    """
    for column, values in {"radii_m": radii_m, "controls": controls, "months": months}.items():
        if len(set(values)) < len(values):
            raise InvalidValueError(column=column, value=list(values))
    ways = [
        Choice(radius_m=radius_m, control=control, months=n_months)
        for radius_m, control, n_months in product(radii_m, controls, months)
    ]
    if registered not in ways:
        raise InvalidValueError(column="registered", value=registered)
    cells = tuple(_cell(ask(way), way, is_registered=way == registered) for way in ways)
    outcome = next(cell.outcome for cell in cells if cell.is_registered)
    changes = [
        cell.compared.change
        for cell in cells
        if cell.compared is not None and not cell.compared.cannot_tell
    ]
    return Grid(
        cells=cells,
        n_agreeing=sum(cell.outcome == outcome for cell in cells),
        lowest=min(changes, default=None),
        highest=max(changes, default=None),
    )


def _cell(compared: LocalComparison | None, way: Choice, *, is_registered: bool) -> GridCell:
    if compared is None:
        return GridCell(
            choice=way,
            is_registered=is_registered,
            compared=None,
            outcome="cannot_tell",
            reasons=("no_data",),
        )
    found = compared.verdict
    return GridCell(
        choice=way,
        is_registered=is_registered,
        compared=compared,
        outcome=found.outcome,
        reasons=found.reasons,
    )
