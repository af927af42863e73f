"""Counts by ward, category and day: what any month, week or year of a city is summed from.

Incidents are looked at once; whatever is chosen afterwards is a sum of slices. METHODS.md, section
The month.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import check_columns
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """Incidents by ward, category and day.

    Parameters
    ----------
    n
        Wards × categories × days; fractions where incidents were shared out.
    ward_codes, categories
        What the first two sides are, in order.
    first_day
        The day that the third side begins with.
    began
        Categories that were not recorded from the beginning, and the first day of each
        (``analysis.breaks``).
    """

    n: Floats
    ward_codes: tuple[str, ...]
    categories: tuple[str, ...]
    first_day: date
    began: Mapping[str, date] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        """The last day counted, incidents or not."""
        return self.first_day + timedelta(days=self.n.shape[2] - 1)

    def chosen(
        self, *, ward_codes: Sequence[str] = (), categories: Sequence[str] = ()
    ) -> DayCounts:
        """Keep some wards and categories, in the order given; none given keeps all.

        Raises
        ------
        InvalidValueError
            One of them was not counted.
        """
        is_all = tuple(ward_codes or self.ward_codes) == self.ward_codes
        if is_all and tuple(categories or self.categories) == self.categories:
            return self
        wards = _places("ward_code", ward_codes or self.ward_codes, self.ward_codes)
        types = _places("category", categories or self.categories, self.categories)
        return DayCounts(
            n=self.n[np.ix_(wards, types)],
            ward_codes=tuple(self.ward_codes[i] for i in wards),
            categories=tuple(self.categories[i] for i in types),
            first_day=self.first_day,
            began=self.began,
        )

    def between(self, first: date, last: date) -> Floats:
        """Give wards × categories × days of a stretch of days; days never counted are nought."""
        n_days = max((last - first).days + 1, 0)
        found = np.zeros((*self.n.shape[:2], n_days))
        shift = (self.first_day - first).days
        begin, end = max(shift, 0), min(shift + self.n.shape[2], n_days)
        if begin < end:
            found[..., begin:end] = self.n[..., begin - shift : end - shift]
        return found

    def in_spans(self, spans: Sequence[tuple[date, date]]) -> Floats:
        """Sum stretches of days, first and last day included: wards × categories × stretches."""
        n_days = self.n.shape[2]
        begins = [min(max((first - self.first_day).days, 0), n_days) for first, _ in spans]
        ends = [min(max((last - self.first_day).days + 1, 0), n_days) for _, last in spans]
        return self._running[..., ends] - self._running[..., np.minimum(begins, ends)]

    @functools.cached_property
    def _running(self) -> Floats:
        """Give the sums up to each day, nought first: any stretch is a difference of two."""
        running = np.zeros((*self.n.shape[:2], self.n.shape[2] + 1))
        np.cumsum(self.n, axis=2, out=running[..., 1:])
        return running


def count(
    incidents: pd.DataFrame, *, ward_codes: Sequence[str], categories: Sequence[str]
) -> DayCounts:
    """Count incidents by ward, category and the day on which they began.

    Parameters
    ----------
    incidents
        With ``ward_code``, ``category`` and ``starts_at`` (local time); ``share`` tells what part
        of an incident a row is.
    ward_codes, categories
        What to count; other incidents are left out.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        A ward or category is named twice.

    Examples
    --------
    >>> incidents = pd.DataFrame({"ward_code": ["W1", "W1", "W2"], "category": "theft",
    ...     "starts_at": pd.to_datetime(["2024-11-03", "2024-11-05", "2024-11-05"])})
    >>> found = count(incidents, ward_codes=["W1", "W2"], categories=["theft"])
    >>> found.n[:, 0].tolist(), found.first_day
    ([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], datetime.date(2024, 11, 3))
    """
    check_columns(incidents, ["ward_code", "category", "starts_at"], name="incidents")
    for name, labels in {"ward_code": ward_codes, "category": categories}.items():
        if len(set(labels)) < len(labels):
            raise InvalidValueError(column=name, value=str(list(labels)))
    ward = pd.Index(ward_codes).get_indexer(pd.Index(incidents["ward_code"]))
    category = pd.Index(categories).get_indexer(pd.Index(incidents["category"]))
    moments = pd.to_datetime(incidents["starts_at"]).dt.tz_localize(None)
    is_counted = (ward >= 0) & (category >= 0) & moments.notna().to_numpy()
    days = moments.to_numpy().astype("datetime64[D]").astype(np.int64)[is_counted]
    share = incidents["share"].to_numpy(dtype=float)[is_counted] if "share" in incidents else None
    oldest, n_days = (int(days.min()), int(np.ptp(days)) + 1) if len(days) else (0, 0)
    shape = (len(ward_codes), len(categories), n_days)
    cell = (ward[is_counted] * shape[1] + category[is_counted]) * n_days + days - oldest
    counts = np.bincount(cell, weights=share, minlength=shape[0] * shape[1] * n_days)
    return DayCounts(
        n=counts.astype(float).reshape(shape),
        ward_codes=tuple(ward_codes),
        categories=tuple(categories),
        first_day=date(1970, 1, 1) + timedelta(days=oldest),
    )


def _places(name: str, asked: Sequence[str], known: tuple[str, ...]) -> list[int]:
    order = {label: i for i, label in enumerate(known)}
    unknown = [label for label in asked if label not in order]
    if unknown:
        raise InvalidValueError(column=name, value=unknown[0])
    return [order[label] for label in asked]
