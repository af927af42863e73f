"""No search for rings of garbage while millions of cells are being made.

Python looks for objects that hold each other whenever many new ones have come, and looks through
all that there are. The cells and rows of a table hold nobody, and it takes as long as reading them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the search for rings of garbage to the end of the block.

    It is one switch for the whole process: of two blocks at a time the first to end puts it back.

    Examples
    --------
    >>> with uncollected():
    ...     rows = [[n] for n in range(100)]
    >>> len(rows)
    100
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
