"""Hot spots: where incidents gather more than chance would, and whether that lasts.

Getis and Ord's Gi* on cells of equal size, with control of the false-discovery rate; and how well
one month's hot spots caught the next month's incidents. METHODS.md, section Hot spots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HEX_NEIGHBOURS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
"""Steps from a hexagon to the six around it, in column and row of ``analysis.hexgrid``."""

FEWEST_IN_REACH = 5.0
"""Where a cell and its neighbours hold fewer incidents on average, z is far from normal."""


def hex_weights(column: Integers, row: Integers) -> sp.csr_array:
    """Tell which hexagons count towards which: each one itself, and those that touch it.

    Parameters
    ----------
    column, row
        Hexagons of ``analysis.hexgrid``, each once.

    Returns
    -------
    scipy.sparse.csr_array
        Cells × cells, 1 for a cell itself and for each neighbour that is among them.

    Raises
    ------
    InvalidValueError
        A hexagon is there twice.

    Examples
    --------
    >>> hex_weights(np.array([0, 1, 5]), np.array([0, 0, 0])).toarray().astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    """
    cells = pd.MultiIndex.from_arrays([column, row])
    if not cells.is_unique:
        raise InvalidValueError(column="cells", value=str(cells[cells.duplicated()][0]))
    own = np.arange(len(cells))
    starts, ends = [own], [own]
    for step, shift in HEX_NEIGHBOURS:
        found = cells.get_indexer(pd.MultiIndex.from_arrays([column + step, row + shift]))
        starts.append(own[found >= 0])
        ends.append(found[found >= 0])
    at = (np.concatenate(starts), np.concatenate(ends))
    return sp.csr_array((np.ones(len(at[0])), at), shape=(len(own), len(own)))


def getis_ord(counts: npt.ArrayLike, weights: sp.sparray) -> Floats:
    """Give Gi* of every cell: how far its neighbourhood's sum lies from the city's mean, in errors.

    Parameters
    ----------
    counts
        Cells, or cells × series (months, types): counts, or any other amounts.
    weights
        Cells × cells; what counts towards a cell, itself included.

    Returns
    -------
    numpy.ndarray
        Shaped as ``counts``: about a standard normal deviate when the amounts are dealt at random
        to the cells and a neighbourhood holds more than a few. NaN for a series that is the same in
        every cell, and for a cell whose neighbourhood is the whole city.

    Raises
    ------
    InvalidValueError
        The counts and the weights are not of the same cells; there are fewer than two cells.

    Notes
    -----
    Getis and Ord 1992; Ord and Getis 1995, equation 14, with the variance over all n cells.

    Examples
    --------
    >>> line = sp.csr_array(np.eye(5) + np.eye(5, k=1) + np.eye(5, k=-1))
    >>> getis_ord([0, 0, 0, 9, 9], line).round(2).tolist()
    [-1.33, -2.0, -0.33, 1.33, 2.0]
    """
    x = np.asarray(counts, dtype=float)
    n = x.shape[0]
    if weights.shape != (n, n) or n < 2:
        raise InvalidValueError(column="weights", value=str(weights.shape))
    matrix = sp.csr_array(weights)
    shape = (n,) + (1,) * (x.ndim - 1)
    total = np.asarray(matrix.sum(axis=1), dtype=float).reshape(shape)
    squares = np.asarray(matrix.power(2).sum(axis=1), dtype=float).reshape(shape)
    spread = np.sqrt(np.maximum((n * squares - total**2) / (n - 1), 0.0))
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (matrix @ x - mean * total) / (deviation * spread)
    return np.asarray(np.where(np.isfinite(z), z, np.nan), dtype=float)


@dataclass(frozen=True, kw_only=True)
class HotSpots:
    """Which cells stand out.

    Parameters
    ----------
    z, p
        Gi*, and its two-sided chance if the cells' counts were dealt among the cells anew.
    is_hot, is_cold
        The cells that stand out on either side once the false-discovery rate is held.
    expected_in_reach
        Incidents that a cell and its neighbours hold on average.
    is_sparse
        Fewer than ``FEWEST_IN_REACH`` of them: the chances are rough, and hot cells may be luck.
    """

    z: Floats
    p: Floats
    is_hot: Flags
    is_cold: Flags
    expected_in_reach: float
    is_sparse: bool


def hot_spots(counts: npt.ArrayLike, weights: sp.sparray, *, level: float = 0.05) -> HotSpots:
    """Find the cells that stand out among all, the false-discovery rate held (Benjamini–Hochberg).

    Parameters
    ----------
    counts
        A count for each cell, the empty ones too.
    weights
        As for :func:`getis_ord`.
    level
        Of the cells found, the share that may be false on average.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1; a weight is neither 0 nor 1; as :func:`getis_ord`.

    Notes
    -----
    Counts are skewed, and so is a sum of seven of them: read off the normal curve, as is usual,
    cities without any hot spot showed one two to three times as often as promised. The chance is
    therefore read off the Pearson type III curve with the exact skewness of such a deal.

    Examples
    --------
    >>> column, row = (side.ravel() for side in np.meshgrid(np.arange(20), np.arange(20)))
    >>> counts = np.full(400, 2.0)
    >>> counts[[0, 1, 20]] = 40.0
    >>> np.flatnonzero(hot_spots(counts, hex_weights(column, row)).is_hot).tolist()
    [0, 1, 20]
    """
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
    x = np.asarray(counts, dtype=float)
    if not np.isin(weights.data, (0.0, 1.0)).all():
        raise InvalidValueError(column="weights", value="not 0 or 1")
    z = getis_ord(x, weights)
    p = _two_sided(z, _skewness(x, np.asarray(weights.sum(axis=1), dtype=float)))
    adjusted = np.ones_like(p)
    is_known = np.isfinite(p)
    if is_known.any():
        adjusted[is_known] = stats.false_discovery_control(p[is_known])
    reach = float(x.mean() * weights.sum() / len(x))
    is_found = adjusted <= level
    return HotSpots(
        z=z,
        p=p,
        is_hot=is_found & (z > 0),
        is_cold=is_found & (z < 0),
        expected_in_reach=reach,
        is_sparse=reach < FEWEST_IN_REACH,
    )


def _skewness(x: Floats, n_drawn: Floats) -> Floats:
    """Give the skewness of the sum of so many values drawn from all without putting back."""
    n = len(x)
    deviation = x.std()
    if n < 3 or deviation == 0:
        return np.zeros_like(n_drawn)
    third = float(((x - x.mean()) ** 3).mean())
    left = n - n_drawn
    variance = np.maximum(n_drawn * left / (n - 1), 1e-12) * deviation**2
    moment = third * n_drawn * left * (left - n_drawn) / ((n - 1) * (n - 2))
    return np.asarray(moment / variance**1.5, dtype=float)


def _two_sided(z: Floats, skewness: Floats) -> Floats:
    lower, upper = stats.pearson3.cdf(z, skewness), stats.pearson3.sf(z, skewness)
    return np.asarray(np.minimum(2 * np.minimum(lower, upper), 1.0), dtype=float)


def standing(before: Flags, now: Flags) -> npt.NDArray[np.object_]:
    """Name what became of each cell: ``lasting``, ``emerging``, ``fading``, or None if never hot.

    Examples
    --------
    >>> standing(np.array([True, True, False]), np.array([True, False, True])).tolist()
    ['lasting', 'fading', 'emerging']
    """
    names = np.full(len(before), None, dtype=object)
    names[before & now] = "lasting"
    names[before & ~now] = "fading"
    names[~before & now] = "emerging"
    return names


@dataclass(frozen=True, kw_only=True)
class Caught:
    """How well hot spots of one month caught the next month's incidents.

    Parameters
    ----------
    n, n_caught
        Incidents of the next month, and those in the hot cells.
    area_share
        The share of the area that was hot.
    hit_share
        ``n_caught`` of ``n``; None without incidents.
    pai
        Prediction accuracy index: hit share by area share. 1 is no better than a blind choice.
    pei
        Prediction efficiency index: of what the best choice of as many cells would have caught.
    rri
        Recapture rate index: the hot cells' count against theirs before, by the same for the city.
        1: the hot cells kept their part; less: part of their heat was luck.
    """

    n: int
    n_caught: int
    area_share: float
    hit_share: float | None
    pai: float | None
    pei: float | None
    rri: float | None


def caught(is_hot: Flags, *, before: npt.ArrayLike, after: npt.ArrayLike) -> Caught:
    """Score hot cells against what came after; all cells are of one size.

    Parameters
    ----------
    is_hot
        The cells that were called hot.
    before, after
        Counts of the month they were found in, and of the next.

    Raises
    ------
    InvalidValueError
        The three are not of one length, or there is no cell.

    Examples
    --------
    >>> found = caught(np.array([True, False, False, False]), before=[6, 2, 2, 0],
    ...                after=[4, 2, 1, 1])
    >>> found.hit_share, found.pai, found.pei, round(found.rri, 3)
    (0.5, 2.0, 1.0, 0.833)
    """
    hot = np.asarray(is_hot, dtype=bool)
    old, new = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if not (len(hot) == len(old) == len(new) > 0):
        raise InvalidValueError(column="after", value=len(new))
    n, n_caught, n_hot = new.sum(), new[hot].sum(), int(hot.sum())
    area_share = n_hot / len(hot)
    best = np.sort(new)[::-1][:n_hot].sum()
    hit_share = float(n_caught / n) if n else None
    return Caught(
        n=int(n),
        n_caught=int(n_caught),
        area_share=area_share,
        hit_share=hit_share,
        pai=None if hit_share is None or not n_hot else hit_share / area_share,
        pei=float(n_caught / best) if best else None,
        rri=float((n_caught / old[hot].sum()) / (n / old.sum())) if n and old[hot].sum() else None,
    )
