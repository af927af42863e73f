"""Options that several commands share, and how the words typed for them are read."""

from __future__ import annotations

from typing import Annotated

import typer

from data.locations import STORE_VARIABLE

StoreOption = Annotated[
    str | None, typer.Option("--store", envvar=STORE_VARIABLE, help="Store: a file or a URL.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
TodayOption = Annotated[
    str | None, typer.Option("--today", help="The day that counts as today, as 2024-11-30.")
]
CategoryOption = Annotated[
    list[str] | None, typer.Option("--category", help="Only this incident type; repeatable.")
]
WardOption = Annotated[
    list[str] | None, typer.Option("--ward", help="Only this ward code; repeatable.")
]


def once(words: list[str] | None) -> tuple[str, ...]:
    """Give each word once, in the order typed."""
    return tuple(dict.fromkeys(words or ()))
