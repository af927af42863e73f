"""Copy a store to a file, and put such a file in its place, while others use it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption
from dashboard.printing import print_json, print_lines
from data.locations import chosen_store

ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Replace what is there under this name.")
]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, as backup-2025-01.db.")],
    replace: ReplaceOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the store to a file; nobody who is using it has to stop."""
    from data import backups
    from data.store import current_actor

    opened = open_store(store)
    made = backups.back_up(opened, file, actor=current_actor(), replace=replace)
    if as_json:
        print_json(
            {
                "file": str(made.path),
                "n_bytes": made.n_bytes,
                "sha256": made.sha256,
                "version": made.version,
            }
        )
    else:
        say = words(opened)
        size = say.number(made.n_bytes / 2**20, 1)
        print_lines(say("cli.backed_up", file=made.path, size=size, sha256=made.sha256))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that the backup command wrote.")],
    replace: ReplaceOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the store; with --replace what stood there is kept beside."""
    from data import backups
    from data.store import Store, current_actor

    done = backups.restore(file, chosen_store(store), actor=current_actor(), replace=replace)
    if as_json:
        print_json({"store": str(done.path), "kept": None if done.kept is None else str(done.kept)})
        return
    say = words(Store.open(done.path))
    print_lines(say("cli.restored", file=file, store=done.path))
    if done.kept is not None:
        print_lines(say("cli.kept_aside", file=done.kept))
