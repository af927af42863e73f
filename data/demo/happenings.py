"""What would have happened without any camera: offences in time and space, before any treatment.

First offences follow the rhythms and the spots' pulls. Two things make the city less regular than
dice: near repeats (an offence draws others nearby in the following days) and moods (each patch has
better and worse half years). Together they give the overdispersion of a real city.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial

from data.demo.rhythm import N_DAYS, RHYTHMS, Rhythm, daily_means, draw_seconds
from data.demo.spots import Spots
from data.demo.streams import stream

Array = npt.NDArray[np.float64]

HALF_YEAR_DAYS = 183
MOOD_DISPERSION = 0.45
"""What the moods add to variance/mean of a patch's counts, the same in hot and quiet patches."""

REPEAT_DISTANCE_M = 45.0
REPEAT_DAYS = 5.0


def build_happenings(spots: Spots, seed: int) -> pd.DataFrame:
    """Let three years happen.

    Returns
    -------
    pandas.DataFrame
        ``category``, ``day`` (since the first day), ``second`` of the day, ``spot``; in order of
        category, not of time.
    """
    rng = stream(seed, "happenings")
    moods = _moods(spots, stream(seed, "moods"))
    xy = spots.table[["easting", "northing"]].to_numpy()
    tree = scipy.spatial.cKDTree(xy)
    return pd.concat(
        [
            _happen(category, rhythm, spots, moods=moods, tree=tree, rng=rng)
            for category, rhythm in RHYTHMS.items()
        ],
        ignore_index=True,
    )


def _moods(spots: Spots, rng: np.random.Generator) -> Array:
    """Draw a factor with mean 1 for every half year and patch, shape (half year, patch)."""
    means = np.zeros(len(spots.patches))
    for rhythm in RHYTHMS.values():
        means += spots.patch_pulls(rhythm.pull) * rhythm.per_year / 2
    variance = np.minimum(MOOD_DISPERSION / means, 0.6)
    n_halves = N_DAYS // HALF_YEAR_DAYS + 1
    factors: Array = rng.gamma(1 / variance, variance, (n_halves, len(means)))
    return factors


def _happen(
    category: str,
    rhythm: Rhythm,
    spots: Spots,
    *,
    moods: Array,
    tree: scipy.spatial.cKDTree,
    rng: np.random.Generator,
) -> pd.DataFrame:
    per_day = rng.poisson(daily_means(rhythm))
    day = np.repeat(np.arange(N_DAYS), per_day)
    spot = np.empty(len(day), dtype=np.int64)
    pull, patch = spots.pulls[rhythm.pull].to_numpy(), spots.table["patch"].to_numpy()
    for half, mood in enumerate(moods):
        now = day // HALF_YEAR_DAYS == half
        weight = pull * mood[patch]
        spot[now] = rng.choice(len(pull), size=int(now.sum()), p=weight / weight.sum())
    generations = [(day, spot)]
    while len(generations[-1][0]) and rhythm.repeats:
        generations.append(_repeat(*generations[-1], rhythm.repeats, tree=tree, rng=rng))
    day = np.concatenate([g[0] for g in generations])
    spot = np.concatenate([g[1] for g in generations])
    return pd.DataFrame(
        {
            "category": category,
            "day": day,
            "second": draw_seconds(rhythm, len(day), rng),
            "spot": spot,
        }
    )


def _repeat(
    day: npt.NDArray[np.int64],
    spot: npt.NDArray[np.int64],
    mean: float,
    *,
    tree: scipy.spatial.cKDTree,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Draw what follows on each offence, nearby and within days."""
    n = rng.poisson(mean, len(day))
    later = np.repeat(day, n) + np.ceil(rng.exponential(REPEAT_DAYS, int(n.sum()))).astype(int)
    source = tree.data[np.repeat(spot, n)]
    turn = rng.uniform(0, 2 * np.pi, len(later))
    reach = rng.exponential(REPEAT_DISTANCE_M, len(later))
    there = source + np.column_stack([np.sin(turn), np.cos(turn)]) * reach[:, None]
    in_time = later < N_DAYS
    return later[in_time], tree.query(there[in_time])[1].astype(np.int64)
