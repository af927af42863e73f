"""How far a long change is: its steps tell, and whoever wants to know listens.

The steps of an import call :func:`tell` every few thousand rows. When nobody listens, that costs a
look at one variable. A watcher may raise: the step ends there, and with it the transaction it is
in, so that nothing is kept. That is how a person cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, TypeVar

T = TypeVar("T")

Step = Literal["read", "check", "locate", "match", "write"]
Watcher = Callable[[Step, int, int | None], None]
"""Gets the step, how many rows are done and of how many; None where nobody knows yet."""

EVERY = 2_000
"""After how many rows :func:`told` tells: often enough to stop within a second."""

_WATCHER: ContextVar[Watcher | None] = ContextVar("who is told how far a change is", default=None)


def tell(step: Step, done: int, total: int | None = None) -> None:
    """Tell how far a step is.

    Parameters
    ----------
    step
        What is being done.
    done, total
        Rows done, and of how many; None where that is not known yet.

    Raises
    ------
    Exception
        Whatever the watcher raises, to stop the change.
    """
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(step, done, total)


def told(step: Step, items: Iterable[T], total: int | None = None) -> Iterable[T]:
    """Go through items and tell along the way, at the start and after every ``EVERY``.

    Parameters
    ----------
    step
        What is being done with them.
    items
        One a row; given back as they are where nobody listens.
    total
        How many there are.

    Examples
    --------
    >>> with watched(lambda step, done, total: print(step, done, "of", total)):
    ...     kept = [row for row in told("check", range(5_000), 5_000)]
    check 0 of 5000
    check 2000 of 5000
    check 4000 of 5000
    >>> len(kept)
    5000
    """
    return items if _WATCHER.get() is None else _telling(step, items, total)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Listen to what is done in the block, on this thread alone.

    Parameters
    ----------
    watcher
        Called again and again by the steps; should be quick. What it raises stops the change.

    Examples
    --------
    >>> with watched(lambda step, done, total: print(step, done, total)):
    ...     tell("read", 0)
    read 0 None
    >>> tell("read", 1)
    """
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def _telling(step: Step, items: Iterable[T], total: int | None) -> Iterator[T]:
    for n, item in enumerate(items):
        if n % EVERY == 0:
            tell(step, n, total)
        yield item
