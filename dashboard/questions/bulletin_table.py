"""Ward by type as one page can hold it: what does not fit is summed, never left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import trends
from dashboard.questions.month import MonthAnswer

OTHER = "other"
"""The column of all types, and the code of the row of all wards, that have none of their own."""

MOST_TYPES = 6
MOST_WARDS = 40


@dataclass(frozen=True, kw_only=True)
class CrossTable:
    """A month's counts, wards down and types across.

    Parameters
    ----------
    categories
        The types that have a column, those of the alerts and the most frequent ones, in the order
        of the month's table.
    n_other_categories, n_other_wards
        How many types and wards are summed into ``other``.
    rows
        One row a ward, then ``other`` where wards are summed, then ``all``: ``ward_code``,
        ``name``, a count for each of ``categories`` (and ``other``) and for ``all``,
        ``n_same_month_last_year``, ``usual_low`` and ``usual_high`` of all types (NaN where not
        known, and for summed wards), ``rate_per_10k`` likewise.
    marks
        By ward code and type: ``above`` or ``below``, where the row is an alert.
    """

    categories: tuple[str, ...]
    n_other_categories: int
    n_other_wards: int
    rows: pd.DataFrame
    marks: dict[tuple[str, str], str]

    @property
    def columns(self) -> tuple[str, ...]:
        """The types across: those with a column, ``other`` where some have none, and ``all``."""
        other = (OTHER,) if self.n_other_categories else ()
        return (*self.categories, *other, trends.ALL)


def crossed(
    found: MonthAnswer, *, most_types: int = MOST_TYPES, most_wards: int = MOST_WARDS
) -> CrossTable:
    """Lay a month's table out, wards down and types across.

    Parameters
    ----------
    found
        The month.
    most_types, most_wards
        So many columns and rows at most; the rest is summed. One more is shown rather than a sum
        of one.

    Examples
    --------
    A drawn month of one ward and two types, of which one fits:

    >>> table = pd.DataFrame({"ward_code": ["W", "W", "W", "all", "all", "all"],
    ...     "category": ["theft", "fraud", "all"] * 2, "n": [5, 1, 6] * 2})
    >>> _kept(table, "category", 1, set())  # the other one is shown rather than called "other"
    ['theft', 'fraud']
    >>> _kept(pd.DataFrame({"ward_code": "all", "category": ["a", "b", "c", "all"],
    ...                     "n": [1, 5, 2, 8]}), "category", 1, set())
    ['b']
    """
    table = found.table
    codes, categories = _all_of(table, "ward_code"), _all_of(table, "category")
    alerts = found.alerts
    shown = _kept(table, "category", most_types, set(alerts["category"]))
    wards = _kept(table, "ward_code", most_wards, set(alerts["ward_code"]))
    counts = table.pivot_table(
        index="ward_code", columns="category", values="n", aggfunc="sum", observed=True
    ).loc[[*codes, trends.ALL], [*categories, trends.ALL]]
    if len(shown) < len(categories):
        counts[OTHER] = counts[[name for name in categories if name not in shown]].sum(axis=1)
    sums = table[table["category"] == trends.ALL].set_index("ward_code")
    told = ["name", "n_same_month_last_year", "usual_low", "usual_high", "rate_per_10k"]
    rows = counts.join(sums[told]).rename_axis("ward_code")
    summed = [code for code in codes if code not in wards]
    return CrossTable(
        categories=tuple(shown),
        n_other_categories=len(categories) - len(shown),
        n_other_wards=len(summed),
        rows=_with_sum_of(rows, summed, list(counts.columns)).reset_index(),
        marks={
            (str(row["ward_code"]), str(row["category"])): str(row["direction"])
            for row in alerts.to_dict("records")
        },
    )


def _all_of(table: pd.DataFrame, column: str) -> list[str]:
    return [str(code) for code in table[column].unique() if code != trends.ALL]


def _kept(table: pd.DataFrame, column: str, most: int, first: set[str]) -> list[str]:
    """Choose what gets a row or column: where alerts are, then where most happens; in order."""
    known = _all_of(table, column)
    if len(known) <= most + 1:
        return known
    other = "ward_code" if column == "category" else "category"
    sums = table[table[other] == trends.ALL].set_index(column)["n"]
    ranked = sorted(known, key=lambda code: (code not in first, -float(sums[code])))
    kept = set(ranked[:most])
    return [code for code in known if code in kept]


def _with_sum_of(rows: pd.DataFrame, summed: list[str], counted: list[Any]) -> pd.DataFrame:
    """Put the sum of some wards in their place, before the city."""
    if not summed:
        return rows
    columns = [*counted, "n_same_month_last_year"]
    total = rows.loc[summed, columns].sum(skipna=False).to_frame(OTHER).T
    own = rows.drop(index=summed)
    joined = pd.concat([own.iloc[:-1], total, own.iloc[-1:]]).rename_axis("ward_code")
    return joined.astype({name: rows[name].dtype for name in columns})
