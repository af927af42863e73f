"""The counts of a before/after comparison as a table: each ground, and what is on none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.evaluation import Counts
from dashboard import verdict_words
from dashboard.questions.evaluation import EvaluationAnswer
from dashboard.texts import Texts


def counts(say: Texts, found: EvaluationAnswer) -> pd.DataFrame:
    """Give the counts of every ground and what was left out; the rows add up to the last.

    For wards, incidents without a point are counted in their ward: their row is a part of the
    others, not one more.

    Returns
    -------
    pandas.DataFrame
        ``ground`` (named), ``n_before``, ``n_after``, ``change`` (in words; empty for a base under
        ten).
    """
    compared = found.comparison
    grounds: dict[str, Counts | None] = {
        "treated": compared.treated,
        "displacement": compared.displacement,
        "control": compared.control,
    }
    rows = [
        (verdict_words.ground_name(say, found, ground), of.n_before, of.n_after)
        for ground, of in grounds.items()
        if of is not None
    ]
    unlocated = (compared.n_unlocated_before, compared.n_unlocated_after)
    if found.request.ward_codes:
        rows.append(_total(say, rows))
        rows.append((say("effect.row_unlocated_wards"), *unlocated))
    else:
        excluded = (found.n_excluded_before, found.n_excluded_after)
        rows.append((say("effect.row_excluded"), *excluded))
        rows.append((say("effect.row_unlocated"), *unlocated))
        rows.append(_total(say, rows))
    table = pd.DataFrame(rows, columns=["ground", "n_before", "n_after"])
    table["change"] = [
        verdict_words.signed_percent(say, after / before - 1)
        if before >= verdict_words.LEAST_BASE
        else ""
        for _, before, after in rows
    ]
    return table


def written(say: Texts, table: pd.DataFrame) -> pd.DataFrame:
    """Write the numbers of a table of counts as the language does."""
    return table.assign(
        n_before=[say.number(n) for n in table["n_before"]],
        n_after=[say.number(n) for n in table["n_after"]],
    )


def columns(say: Texts) -> dict[str, Any]:
    """Give the headings of the written table's columns."""
    names = {"n_before": "col_before", "n_after": "col_after", "change": "col_change"}
    return {
        "ground": st.column_config.TextColumn(say("effect.col_ground")),
        **{
            column: st.column_config.TextColumn(
                say(f"effect.{name}"), width="small", alignment="right"
            )
            for column, name in names.items()
        },
    }


def _total(say: Texts, rows: list[tuple[str, int, int]]) -> tuple[str, int, int]:
    return say("effect.row_total"), sum(row[1] for row in rows), sum(row[2] for row in rows)
