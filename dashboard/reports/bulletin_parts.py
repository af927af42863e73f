"""Tables and charts of the bulletin as plain values, before any of its forms writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.texts import Texts

Kind = Literal["text", "count", "tenths", "rate", "share", "signed", "change", "range"]
Value = str | float | tuple[float, float] | None
ChartKind = Literal["lines", "intervals", "heat"]

SIGNS = {"above": "▲", "below": "▼"}
"""The second sign of an alert, beside its colour."""

NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's heading, and how its values are written."""

    title: str
    kind: Kind = "count"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table.

    Parameters
    ----------
    name
        Its code: how a sheet or a shape is called.
    title, note
        Over and under it.
    columns, rows
        Values as numbers, days of a range as a pair; None where there is nothing to tell.
    marks
        By row and column: ``above`` or ``below``, where a number is an alert.
    has_total
        The last row is the sum of those above.
    row_kinds
        How the numbers of each row are written, where the column does not tell.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    has_total: bool = False
    row_kinds: tuple[Kind, ...] = ()

    def kind_at(self, row: int, column: int) -> Kind:
        """Tell how a value is written."""
        own = self.columns[column].kind
        return self.row_kinds[row] if self.row_kinds and own != "text" else own

    def written(self, say: Texts) -> list[list[str]]:
        """Write all values as the language does, alerts with their sign."""
        return [
            [
                _signed(written(say, value, self.kind_at(i, j)), self.marks.get((i, j)))
                for j, value in enumerate(row)
            ]
            for i, row in enumerate(self.rows)
        ]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line, or one row of a heat map; None where a value is missing.

    ``role`` says what it is, and so how it is drawn: ``now``, ``before``, ``usual``, ``low``,
    ``high``, ``installed``, ``working``, ``good``, ``day``.
    """

    name: str
    role: str
    numbers: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart.

    Parameters
    ----------
    name
        Its code.
    kind
        ``lines``; ``intervals``: the series ``now``, ``low`` and ``high`` a category, with
        ``verdicts``; ``heat``: a series a row.
    title, note, alt
        Over it, beside it, and for those who cannot see it.
    categories, series
        What stands along it, and the values.
    verdicts
        ``fell``, ``rose`` or ``unsure`` a category.
    """

    name: str
    kind: ChartKind
    title: str
    note: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    verdicts: tuple[str, ...] = ()

    def of(self, role: str) -> Series:
        """Give the series of a role."""
        return next(line for line in self.series if line.role == role)


def written(say: Texts, value: Value, kind: Kind) -> str:
    r"""Write a value as the language does.

    Examples
    --------
    >>> en = Texts("en")
    >>> [written(en, 1234, "count"), written(en, (3, 12), "range"), written(en, None, "rate")]
    ['1,234', '3–12', '–']
    >>> written(en, -0.25, "change"), written(Texts("vi"), 0.412, "share")
    ('−25%', '41,2\xa0%')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return f"{say.number(value[0])}–{say.number(value[1])}"
    if kind in {"share", "change"}:
        said = say.percent(value, 1 if kind == "share" else 0)
        return f"+{said}" if kind == "change" and round(100 * value) > 0 else said
    if kind == "signed":
        return say.signed(value)
    return say.number(value, {"tenths": 1, "rate": 2}.get(kind, 0))


def _signed(word: str, mark: str | None) -> str:
    return word if mark is None else f"{word} {SIGNS[mark]}"
