"""What the command says of the cameras worth asking."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import footage_words
from dashboard.footage_arguments import Where
from dashboard.printing import print_lines, print_table
from dashboard.questions.footage import FootageAnswer
from dashboard.questions.footage_funnel import FunnelAnswer
from dashboard.texts import Texts

FIRST = 30
"""So many of the cameras on the ways out are printed unless all are asked for."""


def print_answer(say: Texts, found: FootageAnswer, *, where: Where, is_all: bool) -> None:
    """Print the answer in words, and the cameras with a reason each."""
    if where.place is not None:
        print_lines(say("footage.place_taken", place=footage_words.place(say, where.place)))
    print_lines(footage_words.lead(say, found).replace("**", ""))
    for note in footage_words.notes(say, found):
        print_lines(note)
    if len(found.direct):
        print_lines("", say("footage.direct_title"))
        _print_rows(say, found, found.direct, first=1)
    if len(found.route):
        shown = found.route if is_all else found.route.head(FIRST)
        print_lines("", say("footage.route_title"))
        _print_rows(say, found, shown, first=len(found.direct) + 1)
        if len(shown) < len(found.route):
            print_lines(say("footage.more", n=len(found.route) - len(shown)))
    print_lines("", *footage_words.assumptions(say, found))


def print_funnel(say: Texts, found: FunnelAnswer) -> None:
    """Print what footage was worth, and the counts by ward."""
    print_lines(footage_words.funnel_lead(say, found).replace("**", ""))
    if not found.total["n_requests"]:
        return
    counts = ("n_requests", "n_found", "n_clarified", "n_not_found", "n_overwritten", "n_broken")
    unknown = say("footage.place_unknown")
    print_table(
        [say("footage.by_ward"), *(say(f"footage.{name}") for name in counts)],
        [
            [
                row["name"] if isinstance(row["name"], str) else unknown,
                *(say.number(row[name]) for name in counts),
            ]
            for row in found.by_ward.to_dict("records")
        ],
    )


def where_words(say: Texts, where: Where) -> str:
    """Write the place by its name where it was found by one, else by its coordinates."""
    lonlat = f"{where.latitude:.5f}, {where.longitude:.5f}"
    if where.place is None:
        return lonlat
    return f"{footage_words.place(say, where.place)} · {lonlat}"


def _print_rows(say: Texts, found: FootageAnswer, table: pd.DataFrame, *, first: int) -> None:
    rows: list[dict[Any, Any]] = table.to_dict("records")
    for rank, row in enumerate(rows, start=first):
        print_lines(
            say(
                "footage.row",
                rank=rank,
                camera=row["camera_id"],
                name=row["name"] if isinstance(row["name"], str) else "–",
                looks=footage_words.looking(say, row),
                why=footage_words.reason(say, row, starts_at=found.request.starts_at),
                window=footage_words.span(say, row["from_at"], row["until_at"]),
                kept=footage_words.kept_until(say, row),
            )
        )
