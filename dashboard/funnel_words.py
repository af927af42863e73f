"""Of so many that came in within a period, what became of them, in one sentence."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.texts import Texts


def became(
    say: Texts, total: pd.Series[int], *, told: str, nothing: str, since: date, until: date
) -> str:
    """Say how many there were and what became of them, or that there were none.

    Parameters
    ----------
    say
        The words.
    total
        Counts called ``n_`` and something; the first is of all.
    told
        The key of the sentence. It may name ``n``, ``since``, ``until``, each count without its
        ``n_``, and the share of each in all, as ``found_share``.
    nothing
        The key of what is said where there are none.
    since, until
        The first and the last day.

    Examples
    --------
    >>> total = pd.Series({"n_tips": 4, "n_usable": 1, "n_clarified": 0, "n_stopped": 1,
    ...                    "n_waiting": 2})
    >>> keys = {"told": "programmes.tips_lead", "nothing": "programmes.no_tips"}
    >>> said = became(Texts("en"), total, **keys, since=date(2024, 1, 1), until=date(2024, 1, 31))
    >>> said.split(",")[0]
    '**4** tips from 01/01/2024 to 31/01/2024: **1** of use (25%)'
    """
    n = int(total.iloc[0])
    period = {"since": say.day(since), "until": say.day(until)}
    if not n:
        return say(nothing, **period)
    counts = {str(name).removeprefix("n_"): int(count) for name, count in total.items()}
    shares = {f"{name}_share": say.percent(count / n) for name, count in counts.items()}
    return say(told, n=n, **period, **counts, **shares)
