"""Hand out a sample file of a layer, in one of the three languages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.arguments import UnknownLanguageError, check_one_of
from dashboard.commands.opening import open_store, words
from dashboard.commands.options import JsonOption, StoreOption
from dashboard.printing import print_json, print_lines
from dashboard.texts import LANGUAGES, texts


def template(
    layer: Annotated[
        str, typer.Argument(help="incidents, cameras, states, wards, … as for import; not osm.")
    ],
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; else one here, named by the layer.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--lang", help="vi, en or fr; else that of the command.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a sample file with the right headings and two rows of wards of the store."""
    from dashboard.importing_page import examples, templates
    from data import clock, layers
    from data.errors import FileTakenError, UnsupportedFormatError
    from data.importing import STORED_FIELDS

    if language is not None and language not in LANGUAGES:
        raise UnknownLanguageError(value=language)
    check_one_of(layer, tuple(STORED_FIELDS))
    opened = open_store(store)
    today = clock.today(opened.properties)
    say = texts(language) if language else words(opened)
    cameras = layers.read_cameras(opened, on=today).index[: examples.N_ROWS]
    made = templates.template(
        say,
        layer,
        wards=layers.read_wards(opened, division=layers.division_on(opened, today)),
        today=today,
        cameras=[str(name) for name in cameras],
    )
    target = file or Path(say("imports.template_name", layer=layer) + made.suffix)
    if target.suffix.casefold() != made.suffix:
        raise UnsupportedFormatError(file=target.name, suffix=target.suffix, allowed=[made.suffix])
    if target.exists():
        raise FileTakenError(file=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made.content)
    if as_json:
        print_json({"layer": layer, "file": str(target), "language": say.language})
    else:
        print_lines(words(opened)("cli.template", file=target))
