"""The wards side by side: whose rate stands out from the rest, and how sure a ranking is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis import funnels, trends
from analysis.errors import InvalidValueError
from analysis.funnels import Funnel
from dashboard.questions import city
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_known import Known


@dataclass(frozen=True, kw_only=True)
class WardsAnswer:
    """The wards' rates.

    Parameters
    ----------
    first, last
        The days counted.
    funnel
        What rates may be by chance and by how wards differ here.
    wards
        A row each ward, by code: ``name``, ``n``, ``population``, the columns of
        ``analysis.funnels.funnel`` and of ``analysis.funnels.ranks``, and ``is_chosen``.
    n_without
        Wards without inhabitants, which have no rate.
    """

    first: date
    last: date
    funnel: Funnel
    wards: pd.DataFrame
    n_without: int


def answer(known: Known, found: MonthAnswer, *, n_months: int) -> WardsAnswer | None:
    """Compare the rates of all wards, of the types chosen, over the last months.

    None where fewer than three wards have inhabitants, or nothing happened in them.

    Parameters
    ----------
    known
        The city's incidents.
    found
        The month.
    n_months
        So many, the asked one last; 1 is the month itself.
    """
    asked = found.request
    last = min(found.last_day, asked.today)
    first = found.first_day if n_months == 1 else city.months_before(last, n_months)
    if known.span is not None:
        first = max(first, known.span[0])
    counts = known.counts.chosen(categories=asked.categories).between(first, last)
    outlines = known.wards.outlines
    n = counts.sum(axis=(1, 2))
    population = outlines["population"].astype(float).fillna(0.0)
    try:
        funnel, compared = funnels.funnel(n, population)
    except InvalidValueError:  # too few wards or incidents to compare
        return None
    sums = found.table[(found.table["category"] == trends.ALL)]
    phi = sums.loc[sums["ward_code"] != trends.ALL, "usual_phi"].max()
    ranked = funnels.ranks(n, population, dispersion=1.0 if pd.isna(phi) else max(float(phi), 1.0))
    table = pd.concat([compared, ranked.drop(columns="rate_per_10k")], axis=1)
    table.index = outlines.index
    table = table.assign(
        name=outlines["name"],
        n=n,
        population=population,
        is_chosen=outlines.index.isin(asked.ward_codes),
    )
    return WardsAnswer(
        first=first,
        last=last,
        funnel=funnel,
        wards=table,
        n_without=int((population <= 0).sum()),
    )
