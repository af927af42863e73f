"""How the columns of the month's table are named, explained and written."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pandas as pd
from pandas.io.formats.style import Styler
from streamlit.column_config import (
    ImageColumn,
    MultiselectColumn,
    NumberColumn,
    TextColumn,
)
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import sentences
from dashboard.glyphs import WIDTH_PX
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts


def columns(
    say: Texts, found: MonthAnswer, *, largest: int
) -> dict[str, ColumnConfig | str | None]:
    """Name each column, and say what it holds.

    Parameters
    ----------
    say
        The reader's language.
    found
        The month.
    largest
        The right end of the drawings' scale.
    """
    month = found.request.month.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    return {
        "alert": MultiselectColumn(
            say("month.col_alert"),
            options=[say("month.above_badge"), say("month.below_badge")],
            color=["red", "green"],
            width=66,
        ),
        "ward": TextColumn(say("month.col_ward"), width=124),
        "type": TextColumn(say("month.col_type"), width=134),
        "n": NumberColumn(say("month.col_n"), help=say("month.help_n"), width=32),
        "interval": TextColumn(
            say("month.col_interval"), help=say("month.help_interval"), width=56
        ),
        "glyph": ImageColumn(say("month.col_scale", largest=largest), width=WIDTH_PX),
        "last_month": NumberColumn(
            say.month(last_month), help=say("month.help_last_month"), width=56
        ),
        "last_year": NumberColumn(
            say.month(sentences.year_before(month)), help=say("month.help_last_year"), width=56
        ),
        "rate": NumberColumn(say("month.col_rate"), help=say("month.help_rate"), width=74),
        "end": TextColumn(say("month.col_end"), help=say("month.help_end"), width=70),
    }


def order(frame: pd.DataFrame) -> list[str]:
    """Tell which columns to show: alerts only where there is one, late reports where any is due."""
    is_empty = {
        "alert": not bool(frame["alert"].str.len().gt(0).any()),
        "end": bool(frame["end"].isna().all()),
    }
    return [name for name in frame.columns if not is_empty.get(name, False)]


def written(say: Texts, frame: pd.DataFrame) -> Styler:
    """Write the numbers as the language does; they still sort as numbers.

    Streamlit's own formats follow the browser's language instead, or none.
    """

    def whole(value: object) -> str:
        return say.number(cast("int", value))

    def with_decimal(value: object) -> str:
        return say.number(cast("float", value), 1)

    return frame.style.format(
        {"n": whole, "last_month": whole, "last_year": whole, "rate": with_decimal}, na_rep=""
    )
