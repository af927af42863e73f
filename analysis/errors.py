"""Broken preconditions, as domain errors that are also the builtin error a caller expects.

Each error carries facts (attributes), never a sentence for a reader: the sentences stand in the
catalogues of the dashboard, under the error's ``code``.
"""

from __future__ import annotations

from typing import ClassVar


class VongLauError(Exception):
    """Any error that Vọng Lâu raises on purpose.

    Parameters
    ----------
    **facts
        What the sentence for the reader needs: names, numbers, places. Also readable as attributes
        of ``facts``.

    Examples
    --------
    >>> error = MissingColumnsError(table="cameras", columns=["range_m"])
    >>> error.code, error.facts["columns"]
    ('missing_columns', ['range_m'])
    """

    code: ClassVar[str] = "error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}" if facts else self.code)


class MissingCrsError(VongLauError, ValueError):
    """A layer that has no coordinate reference system."""

    code = "missing_crs"


class NotMetricCrsError(VongLauError, ValueError):
    """A layer in degrees, or in feet, where metres are needed."""

    code = "not_metric_crs"


class MissingColumnsError(VongLauError, KeyError):
    """A table without a column that the method needs."""

    code = "missing_columns"


class InvalidValueError(VongLauError, ValueError):
    """A value outside what its meaning allows (a negative range, a field of view of 400°)."""

    code = "invalid_value"
