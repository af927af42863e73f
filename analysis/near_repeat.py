"""Near repeats: whether an incident makes others near it, soon after, more likely (Knox).

The pairs that lie near each other are listed once; then the days are dealt anew, again and again,
and the same pairs are counted. METHODS.md, section Hot spots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Knox:
    """Pairs near in space and time, beside what chance brings.

    Parameters
    ----------
    table
        A row each band of distance and days: ``from_m``, ``to_m`` (the first band holds its lower
        end, all hold their upper), ``from_days``, ``to_days`` (alike), ``n_pairs``, ``expected``
        (mean of the deals), ``ratio`` (None without any expected) and one-sided ``p``:
        (1 + deals with at least as many) / (1 + deals).
    n
        Incidents.
    n_deals
        How often the days were dealt anew.
    """

    table: pd.DataFrame
    n: int
    n_deals: int


def knox(
    xy: npt.ArrayLike,
    days: npt.ArrayLike,
    *,
    distances_m: npt.ArrayLike = (100.0, 200.0, 400.0),
    spans_days: npt.ArrayLike = (7.0, 14.0, 28.0),
    n_deals: int = 99,
    seed: int = 0,
) -> Knox:
    """Count pairs by band of distance and of days, against days dealt at random.

    Parameters
    ----------
    xy
        Places × 2, in metres.
    days
        A moment each, in days.
    distances_m, spans_days
        Upper ends of the bands, growing.
    n_deals
        How often the days are dealt anew among the places.
    seed
        The same seed gives the same deals.

    Raises
    ------
    InvalidValueError
        Places and days are not as many, or one is not finite; bands do not grow from above nought;
        there is no deal.

    Notes
    -----
    Knox 1964. Dealing the days keeps both the hot places and the busy days, so only their meeting
    is tested; it does not keep places whose *own* rhythm changed over the years.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> first = rng.uniform(0, 5_000, (200, 2)); day = rng.uniform(0, 365, 200)
    >>> again = knox(np.vstack([first, first + 20]), np.concatenate([day, day + 3]),
    ...              distances_m=[100], spans_days=[7])
    >>> again.table["n_pairs"].item() >= 200, again.table["p"].item()
    (True, 0.01)
    """
    places, moments = np.asarray(xy, dtype=float), np.asarray(days, dtype=float)
    far, long = _bands("distances_m", distances_m), _bands("spans_days", spans_days)
    if len(places) != len(moments):
        raise InvalidValueError(column="days", value=len(moments))
    if not (np.isfinite(places).all() and np.isfinite(moments).all()):
        raise InvalidValueError(column="xy", value="nan")
    if n_deals < 1:
        raise InvalidValueError(column="n_deals", value=n_deals)
    one, other, band = _near_pairs(places, far)
    shape = (len(far), len(long))
    found = _count(moments, one, other, band, long=long, shape=shape)
    rng = np.random.default_rng(seed)
    total, n_reached = np.zeros(shape), np.zeros(shape)
    for _ in range(n_deals):
        dealt = _count(rng.permutation(moments), one, other, band, long=long, shape=shape)
        total += dealt
        n_reached += dealt >= found
    return Knox(
        table=_table(found, total / n_deals, (1 + n_reached) / (1 + n_deals), far=far, long=long),
        n=len(places),
        n_deals=n_deals,
    )


def _bands(name: str, ends: npt.ArrayLike) -> Floats:
    bands = np.asarray(ends, dtype=float)
    if not len(bands) or bands[0] <= 0 or (np.diff(bands) <= 0).any():
        raise InvalidValueError(column=name, value=str(bands.tolist()))
    return bands


def _near_pairs(places: Floats, far: Floats) -> tuple[Integers, Integers, Integers]:
    """List the pairs within the longest distance, by band of distance."""
    pairs = KDTree(places).query_pairs(far[-1], output_type="ndarray")
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    band = np.minimum(np.searchsorted(far, apart, side="left"), len(far) - 1)
    order = np.argsort(band, kind="stable")  # pairs of a band beside each other
    return pairs[order, 0], pairs[order, 1], band[order]


def _count(
    moments: Floats,
    one: Integers,
    other: Integers,
    band: Integers,
    *,
    long: Floats,
    shape: tuple[int, int],
) -> Floats:
    apart = np.abs(moments[one] - moments[other])
    is_near = apart <= long[-1]
    cell = band[is_near] * len(long) + np.searchsorted(long, apart[is_near], side="left")
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _table(
    found: Floats, expected: Floats, p: Floats, *, far: Floats, long: Floats
) -> pd.DataFrame:
    near_m, near_days = np.concatenate([[0.0], far[:-1]]), np.concatenate([[0.0], long[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, found / expected, np.nan)
    return pd.DataFrame(
        {
            "from_m": np.repeat(near_m, len(long)),
            "to_m": np.repeat(far, len(long)),
            "from_days": np.tile(near_days, len(far)),
            "to_days": np.tile(long, len(far)),
            "n_pairs": found.ravel().astype(int),
            "expected": expected.ravel(),
            "ratio": ratio.ravel(),
            "p": p.ravel(),
        }
    )
