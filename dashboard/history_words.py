"""The history of a row in words: on the page and in the command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard import change_words, stored_words
from dashboard.row_names import row_name
from dashboard.stored_words import Setting
from dashboard.texts import Texts
from data.history import RowVersion
from data.importing.cases.retold import Retold
from data.importing.records import row_in_sheet

COLUMNS = ("batch", "when", "who", "layer", "file", "row", "what", "status")


def table(say: Texts, versions: Sequence[RowVersion], *, setting: Setting) -> pd.DataFrame:
    """Give a line a version, the oldest first, under the headings of ``COLUMNS``."""
    zone = setting.zone
    return pd.DataFrame(
        [
            (
                str(each.batch_id),
                say.moment(each.committed_at.astimezone(zone)),
                each.actor,
                say(f"imports.layer.{each.layer}")
                if say.has(f"imports.layer.{each.layer}")
                else each.layer,
                each.file_name,
                "" if each.file_row is None else row_name(each.file_row, each.sheet_starts),
                what(say, each, setting=setting),
                status(say, each, zone=zone),
            )
            for each in versions
        ],
        columns=[say(f"imports.{name}") for name in COLUMNS],
    )


def told_again(say: Texts, later: Sequence[Retold]) -> list[str]:
    """Say which imports in force told rows again of one that is taken back, a sentence each."""
    return [
        say("imports.undo_told_again", n=one.n_rows, later=str(one.batch), file=one.file_name)
        for one in later
    ]


def what(say: Texts, version: RowVersion, *, setting: Setting) -> str:
    """Say what a version brought: its content if it was the first, else what it changed."""
    layer, content, changed = version.layer, version.content, version.changed
    if changed:
        # what did not change stood there before too
        whole = {**{name: (stored, stored) for name, stored in content.items()}, **changed}
        said = [
            change_words.change(say, layer, name, whole, setting=setting)
            for name in change_words.told(say, layer, whole, setting=setting)
            if name in changed
        ]
    else:
        alone = {name: (stored, stored) for name, stored in content.items()}
        said = [
            say(
                "stored.cell",
                column=stored_words.column_name(say, layer, name),
                value=stored_words.value(
                    say, layer, name, content[name], setting=setting, row=content
                ),
            )
            for name in change_words.told(say, layer, alone, setting=setting)
        ]
    if version.corrected:
        said.append(say("imports.corrected_by_hand", columns=", ".join(version.corrected)))
    return say("stored.then").join(said)


def status(say: Texts, version: RowVersion, *, zone: ZoneInfo | None) -> str:
    """Say whether a version counts, and who took it back."""
    word = say(f"imports.version.{version.status}")
    if version.status != "undone" or version.undone_at is None:
        return word
    when = say.moment(version.undone_at.astimezone(zone))
    return f"{word} ({version.undone_by}, {when})"


def as_json(versions: Sequence[RowVersion]) -> list[dict[str, Any]]:
    """Give the versions for scripts."""
    return [
        {
            "layer": each.layer,
            "row_key": each.row_key,
            "batch": each.batch_id,
            "file": each.file_name,
            **_place_as_json(each),
            "actor": each.actor,
            "committed_at": each.committed_at.isoformat(),
            "status": each.status,
            "undone_by": each.undone_by,
            "undone_at": None if each.undone_at is None else each.undone_at.isoformat(),
            "corrected": list(each.corrected),
            "content": {name: change_words.plain(stored) for name, stored in each.content.items()},
            "changed": {
                name: {"old": change_words.plain(old), "new": change_words.plain(new)}
                for name, (old, new) in each.changed.items()
            },
        }
        for each in versions
    ]


def _place_as_json(version: RowVersion) -> dict[str, Any]:
    """Give the row's own number, and its sheet where several were read together."""
    if version.file_row is None or not version.sheet_starts:
        return {"row": version.file_row}
    sheet, row = row_in_sheet(version.file_row, version.sheet_starts)
    return {"sheet": sheet, "row": row}
