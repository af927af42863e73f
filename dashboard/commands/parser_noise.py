"""What the parser of spreadsheets says by itself does not reach the terminal.

Where it breaks off over a damaged file it writes its own words, and where in its code that was,
straight to the error stream of the process. The file is refused in a sentence; those words help
nobody. What Python writes there meanwhile, progress and errors, comes through as always.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ERRORS = 2
"""The error stream of a process."""


@contextmanager
def kept_away() -> Iterator[None]:
    """Let nobody but Python write to the error stream in the block.

    For a command, which has the process to itself. Where Python's own error stream goes elsewhere,
    all stays as it is.
    """
    ours = sys.stderr
    if not _is_plain():
        yield
        return
    ours.flush()
    terminal = os.dup(ERRORS)
    with (
        open(os.devnull, "wb") as nowhere,
        os.fdopen(
            os.dup(terminal), "w", encoding=ours.encoding, errors=ours.errors, buffering=1
        ) as direct,
    ):
        os.dup2(nowhere.fileno(), ERRORS)
        sys.stderr = direct
        try:
            yield
        finally:
            sys.stderr = ours
            os.dup2(terminal, ERRORS)
            os.close(terminal)


def _is_plain() -> bool:
    """Tell whether Python writes its errors where the process does."""
    try:
        return os.path.sameopenfile(sys.stderr.fileno(), ERRORS)
    except (AttributeError, OSError, ValueError):  # no stream, or one in memory
        return False
