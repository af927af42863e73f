"""Tell what became of a row, import by import."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.arguments import check_one_of
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption
from dashboard.printing import print_json, print_table


def history(
    row: Annotated[
        str, typer.Argument(help="Its name in the files: case number, camera id and so on; or key.")
    ],
    layer: Annotated[
        str | None, typer.Option(help="Only in this table of the store, as incidents or cameras.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every version of a row: which import brought it, what it changed, who took it back."""
    from dashboard import history_words
    from dashboard.stored_words import Setting
    from data import history as past
    from data import tables

    opened = open_store(store)
    versions = past.read_versions(opened, row, layer=check_one_of(layer, tuple(tables.LAYERS)))
    if as_json:
        print_json({"row": row, "versions": history_words.as_json(versions)})
        return
    shown = history_words.table(words(opened), versions, setting=Setting.of(opened))
    print_table(list(shown.columns), shown.to_numpy().tolist())
