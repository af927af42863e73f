"""One line that tells how far an import is, and Ctrl-C that ends it with nothing changed."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dashboard import import_progress
from dashboard.import_progress import Listener
from dashboard.texts import Texts
from data.importing.errors import ImportCancelledError

FIRST_AFTER_S = 2.0
"""What takes less is over before anybody wonders."""
EVERY_S = 0.5
LOG_EVERY_S = 5.0
"""Where no terminal is, each time is a line of its own."""


def is_shown(asked: bool | None, *, as_json: bool) -> bool:
    """Tell whether to show how far it is: as asked, else where a person reads along."""
    return asked if asked is not None else sys.stderr.isatty() and not as_json


@contextmanager
def importing(say: Texts, *, shown: bool, is_dry_run: bool) -> Iterator[None]:
    """Watch the import in the block.

    Ctrl-C ends it at once as long as nothing is being written. From then on it is a wish to stop,
    which the import fulfils where it tells next how far it is, and not any more once it is
    written: so what is then said of the store is true. Pressed again, it ends the command.

    Parameters
    ----------
    say
        The words.
    shown
        Whether to write how far it is to the error stream.
    is_dry_run
        Whether nothing is kept anyhow.

    Raises
    ------
    ImportCancelledError
        Ctrl-C was pressed; nothing was changed.
    """
    stop = threading.Event()
    heard = Listener(steps=import_progress.WHOLE, is_dry_run=is_dry_run, is_cancelled=stop.is_set)
    with _interruptible(stop, heard), _line(say, heard, stop=stop, shown=shown), heard.listening():
        yield


@contextmanager
def _interruptible(stop: threading.Event, heard: Listener) -> Iterator[None]:
    """Make the first Ctrl-C a cancelled import; only the main thread hears of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hear(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if heard.step != "write":
            raise ImportCancelledError

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _line(say: Texts, heard: Listener, *, stop: threading.Event, shown: bool) -> Iterator[None]:
    """Write how far it is from another thread, so that it goes on while a long call is awaited."""
    if not shown:
        yield
        return
    over = threading.Event()
    writer = threading.Thread(target=_write, args=(say, heard, stop, over), daemon=True)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def _write(say: Texts, heard: Listener, stop: threading.Event, over: threading.Event) -> None:
    is_terminal = sys.stderr.isatty()
    every = EVERY_S if is_terminal else LOG_EVERY_S
    n_before = 0
    pause = FIRST_AFTER_S
    while not over.wait(pause):
        pause = every
        words = (
            say("imports.progress.stopping")
            if stop.is_set()
            else import_progress.sentence(say, heard)
        )
        if is_terminal:
            n_before = _rewrite(words, n_before)
        else:
            sys.stderr.write(words + "\n")
            sys.stderr.flush()
    if n_before:
        _rewrite("", n_before)


def _rewrite(words: str, n_before: int) -> int:
    """Write over the line that stands there; give how long the new one is."""
    words = words[: shutil.get_terminal_size().columns - 1]
    blank = " " * (n_before - len(words))
    end = "" if words else "\r"
    sys.stderr.write(f"\r{words}{blank}{end}")
    sys.stderr.flush()
    return len(words)
