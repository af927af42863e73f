"""Simulated cities in which nothing was done, unless an effect is planted.

Units are squares of a grid. A city has quarters and single hot places; a trend; a season that is
stronger where it is hot; luck that neighbouring units share, anew each year and partly carried on;
hot places that cool or heat for good; a yearly shock that hot places share; and near repeats, so
that a month's count varies more than Poisson. The strengths are set so that the change from one
year to the next has a dispersion φ of 1.5 to 2, as real cities have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How strong everything is; logarithms of rates, standard deviations unless said otherwise."""

    side: int = 40
    n_years: int = 8
    n_a_year: float = 25_000.0
    quarter_sd: float = 0.8
    place_sd: float = 0.9
    trend_sd: float = 0.05
    season: float = 0.15
    hot_season: float = 0.05
    shared_sd: float = 0.06
    shared_width: float = 2.5
    carried: float = 0.5
    own_sd: float = 0.08
    jump_share: float = 0.01
    jump_sd: float = 0.4
    hot_shock_sd: float = 0.02
    near_repeats: float = 1.35  # variance of a month's count over its mean
    upheavals: float = 0.0  # quarters a year whose level shifts, a market moved, a road dug up
    upheaval_sd: float = 0.4
    upheaval_radius: tuple[float, float] = (2.5, 6.0)  # widths


@dataclass(frozen=True)
class City:
    """Counts by month and unit, and the middles of the units in widths."""

    months: np.ndarray
    xy: np.ndarray

    def years(self, start: int, n_history: int = 3) -> tuple[np.ndarray, np.ndarray]:
        """Give the 12 months from ``start`` on, and the 12 months before, latest first."""
        ends = [start - YEAR * k for k in range(n_history + 1)]
        windows = [self.months[end : end + YEAR].sum(axis=0).astype(float) for end in ends]
        return windows[0], np.array(windows[1:])


def city(seed, recipe: Recipe | None = None) -> City:
    """Simulate one city."""
    recipe = recipe or Recipe()
    rng = np.random.default_rng(seed)
    side, n = recipe.side, recipe.side**2
    quarter = _field(rng, side, 4.0) * recipe.quarter_sd
    usual = quarter + rng.normal(0, recipe.place_sd, n)
    heat = (usual - usual.mean()) / usual.std()
    phase = rng.uniform(0, 2 * np.pi)
    shared, own, hot, trend = np.zeros(n), np.zeros(n), 0.0, 0.0
    xy = np.stack(np.divmod(np.arange(n), side), axis=-1).astype(float)
    apart = np.random.default_rng([seed, 77])  # so that cities without upheavals stay as they are
    months = []
    for _ in range(recipe.n_years):
        fresh = np.sqrt(1 - recipe.carried**2)
        shared = recipe.carried * shared + fresh * recipe.shared_sd * _field(
            rng, side, recipe.shared_width
        )
        shared = shared + _upheavals(apart, recipe, xy)
        jumps = (rng.random(n) < recipe.jump_share) * rng.normal(0, recipe.jump_sd, n)
        own = own + rng.normal(0, recipe.own_sd, n) + jumps
        hot += rng.normal(0, recipe.hot_shock_sd)
        trend += rng.normal(0, recipe.trend_sd)
        level = np.exp(usual + shared + own + hot * heat + trend)
        for month in range(YEAR):
            swing = np.sin(2 * np.pi * month / YEAR + phase)
            months.append(level * np.exp(swing * (recipe.season + recipe.hot_season * heat)))
    rate = np.array(months)
    rate *= recipe.n_a_year * recipe.n_years / rate.sum()
    phi = recipe.near_repeats
    counts = rng.negative_binomial(rate / (phi - 1), 1 / phi)
    return City(counts, xy)


def _upheavals(rng, recipe: Recipe, xy) -> np.ndarray:
    """Shift the level of some round quarters, all units within by the same."""
    shift = np.zeros(len(xy))
    for _ in range(rng.poisson(recipe.upheavals)):
        middle, radius = rng.uniform(0, recipe.side, 2), rng.uniform(*recipe.upheaval_radius)
        is_inside = np.hypot(*(xy - middle).T) <= radius
        shift += is_inside * rng.normal(0, recipe.upheaval_sd)
    return shift


def _field(rng, side, width) -> np.ndarray:
    """Draw a smooth field of variance 1."""
    rough = rng.normal(size=(3 * side, 3 * side))
    smooth = ndimage.gaussian_filter(rough, width)[side : 2 * side, side : 2 * side]
    return (smooth * 2 * np.sqrt(np.pi) * width).ravel()
