"""The month's table as the page shows it: which rows, in which order, with which drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis import trends
from dashboard import glyphs
from dashboard.glyphs import Glyph
from dashboard.layout import category_name
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode

Kind = Literal["cells", "wards", "types"]
KINDS: tuple[Kind, ...] = ("cells", "wards", "types")
"""Ward by type, or the sums of each ward, or the sums of each type."""

VERDICTS = {"above": "rose", "below": "fell"}
BADGES = {"above": "month.above_badge", "below": "month.below_badge"}


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """The rows to show.

    Parameters
    ----------
    frame
        One row each, alerts first, then by count: ``alert`` (a list with its word, or empty),
        ``ward``, ``type``, ``n``, ``interval``, ``glyph``, ``last_month``, ``last_year``,
        ``rate`` and ``end`` (what late reports may make of ``n``).
    largest
        What stands at the right end of the drawings' scale.
    n_hidden
        Rows of this kind left out: nothing happened, and usually under one does.
    """

    frame: pd.DataFrame
    largest: int
    n_hidden: int


def shown_table(say: Texts, found: MonthAnswer, *, kind: Kind, mode: Mode) -> ShownTable:
    """Choose and order the rows of one kind; an alert of any kind always comes first.

    Parameters
    ----------
    say
        The reader's language.
    found
        The month.
    kind
        Which rows.
    mode
        Light or dark: the drawings' colours.
    """
    table = found.table.assign(
        direction=found.alerts["direction"].reindex(found.table.index),
        order=found.alerts["p_value"].reindex(found.table.index),
    )
    is_kind = _is_of_kind(table, kind)
    is_empty = (table["n"] == 0) & ~(table["usual"] >= 1) & table["direction"].isna()
    rows = table[(is_kind & ~is_empty) | table["direction"].notna()]
    rows = rows.sort_values(["order", "n"], ascending=[True, False], kind="stable")
    own = rows[is_kind.reindex(rows.index)]
    ends = own[["n", "usual_high"]].max().max()
    largest = 1 if pd.isna(ends) else max(int(np.ceil(ends)), 1)
    return ShownTable(
        frame=_frame(say, rows, largest=largest, mode=mode),
        largest=largest,
        n_hidden=int((is_kind & is_empty).sum()),
    )


def _is_of_kind(table: pd.DataFrame, kind: Kind) -> pd.Series[bool]:
    is_ward_sum = table["category"] == trends.ALL
    is_type_sum = table["ward_code"] == trends.ALL
    if kind == "wards":
        return is_ward_sum & ~is_type_sum
    if kind == "types":
        return is_type_sum & ~is_ward_sum
    return ~is_ward_sum & ~is_type_sum


def _frame(say: Texts, rows: pd.DataFrame, *, largest: int, mode: Mode) -> pd.DataFrame:
    drawings = [
        glyphs.interval(
            Glyph(
                n=row["n"],
                low=row["usual_low"],
                high=row["usual_high"],
                middle=row["usual"],
                verdict=VERDICTS.get(row["direction"], "unsure"),
            ),
            largest=largest,
            mode=mode,
        )
        if row["n"] <= largest
        else None  # a sum among single rows: off their scale
        for row in rows.to_dict("records")
    ]
    whole = say("common.city")
    return pd.DataFrame(
        {
            "alert": [[say(BADGES[d])] if d in BADGES else [] for d in rows["direction"]],
            "ward": [
                whole if code == trends.ALL else str(name)
                for code, name in zip(rows["ward_code"], rows["name"], strict=True)
            ],
            "type": [category_name(say, category) for category in rows["category"]],
            "n": rows["n"].to_numpy(),
            "interval": _intervals(say, rows),
            "glyph": drawings,
            "last_month": rows["n_last_month"].array,
            "last_year": rows["n_same_month_last_year"].array,
            "rate": rows["rate_per_10k"].to_numpy(),
            "end": [_in_the_end(say, row) for row in rows.to_dict("records")],
        }
    )


def _intervals(say: Texts, rows: pd.DataFrame) -> list[str]:
    """Write the intervals; most rows share their few ends, each of which is written once."""
    low, high = rows["low"].round(), rows["high"].round()
    words = {end: say.number(end) for end in {*low, *high}}
    return [f"{words[one]}–{words[other]}" for one, other in zip(low, high, strict=True)]


def _in_the_end(say: Texts, row: Mapping[Any, Any]) -> str | None:
    """Write what a row will count once late reports are in; None where no more are to come."""
    if pd.isna(row["n_in_the_end"]) or row["in_the_end_high"] <= row["n"]:
        return None
    low, high = say.number(row["in_the_end_low"]), say.number(row["in_the_end_high"])
    return low if low == high else f"{low}–{high}"
