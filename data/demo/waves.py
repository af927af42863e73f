"""The waves in which cameras came: where each went, when, and what effect is planted with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.rhythm import FIRST_DAY
from data.demo.spots import PATCH_M, Spots
from data.demo.streams import stream

Array = npt.NDArray[np.float64]

STREET_CRIME = (
    "theft",
    "snatching",
    "injury",
    "public_disorder",
    "robbery",
    "criminal_damage",
)
"""What a camera on a street can make rarer."""

EFFECT_RADIUS_M = 120.0
"""How far from a camera of its wave a planted effect reaches."""

RING_M = (120.0, 350.0)
"""How far from the wave's cameras displaced offences reappear."""


@dataclass(frozen=True, kw_only=True)
class Wave:
    """A wave of cameras and the effect planted with it.

    Parameters
    ----------
    wave
        Its name.
    installed_on
        The day all its cameras began to work; None for the stock put up before the data begin.
    n_cameras
        How many cameras.
    n_places
        Over how many 300 m patches they are spread; for a wave of whole wards, their number is a
        consequence.
    rule
        How the places were chosen: ``stock`` (spread over the wards), ``spread``,
        ``random_busy`` (by lot among busy places, with no look at last year's counts),
        ``hottest_last_year``, ``whole_wards``.
    rate_ratio
        What remains of street crime in the treated zone after installation; 1 is no effect.
    displacement
        The share of what was prevented that reappears in the ring around.
    ward_codes
        The wards of a wave that covers whole wards.
    """

    wave: str
    installed_on: date | None
    n_cameras: int
    n_places: int
    rule: str
    rate_ratio: float = 1.0
    displacement: float = 0.0
    ward_codes: tuple[str, ...] = ()


WAVES = (
    Wave(wave="2023-4", installed_on=date(2023, 12, 1), n_cameras=170, n_places=0,
         rule="whole_wards", rate_ratio=0.65, ward_codes=("14764", "14770", "14785")),
    Wave(wave="2023-3", installed_on=date(2023, 9, 1), n_cameras=120, n_places=20,
         rule="hottest_last_year"),
    Wave(wave="2023-1", installed_on=date(2023, 3, 1), n_cameras=252, n_places=34,
         rule="random_busy", rate_ratio=0.60),
    Wave(wave="2024-1", installed_on=date(2024, 1, 1), n_cameras=182, n_places=26,
         rule="random_busy", rate_ratio=0.60, displacement=0.35),
    Wave(wave="2023-2", installed_on=date(2023, 6, 1), n_cameras=120, n_places=18,
         rule="random_busy"),
    Wave(wave="2024-2", installed_on=date(2024, 6, 1), n_cameras=72, n_places=10,
         rule="random_busy", rate_ratio=0.75),
    Wave(wave="2021", installed_on=None, n_cameras=708, n_places=190, rule="stock"),
    Wave(wave="2022-1", installed_on=date(2022, 3, 15), n_cameras=140, n_places=38, rule="spread"),
    Wave(wave="2022-2", installed_on=date(2022, 10, 15), n_cameras=160, n_places=42,
         rule="spread"),
)  # fmt: skip
"""In the order in which they choose their places: 1,924 cameras."""

MEASURED = ("random_busy", "hottest_last_year", "whole_wards")
"""Rules of the waves whose effect is to be measured."""

BUSY_PATCHES = 260
"""Among how many of the busiest patches the lots of ``random_busy`` are drawn."""

LISTING_WARDS = ("14782", "14794", "14803", "14806")
"""Đông Vệ, Đông Hương, Quảng Thắng and Quảng Thành, whose hottest places of last year are taken.
The lots are drawn from the other wards."""

LONG_KNOWN = 110
"""How many of the busiest patches, hot every year, are not on those wards' list: on it are places
that can *become* hot, which is where the return to the ordinary misleads most."""


def place_waves(
    spots: Spots, happenings: pd.DataFrame, seed: int
) -> dict[str, npt.NDArray[np.int64]]:
    """Choose the patches of every wave.

    Places of the waves that are to be measured share no side of a patch, so that no place is
    treated twice and each has untreated neighbours.

    Returns
    -------
    dict
        Patch numbers by wave.
    """
    pull = spots.patch_pulls("street")
    ward = _main_ward(spots)
    taken = np.zeros(len(pull), dtype=bool)
    chosen: dict[str, npt.NDArray[np.int64]] = {}
    for wave in WAVES:
        if wave.rule == "whole_wards":
            in_wards = np.isin(ward, wave.ward_codes)
            chosen[wave.wave] = np.flatnonzero(in_wards & (pull > np.quantile(pull, 0.35)))
            taken |= _beside(spots.patches, np.flatnonzero(in_wards))
    # Apart from each other: were the hottest taken from all patches, the lots would be drawn from
    # what is left, places with a lucky year that would rebound.
    is_listing = np.isin(ward, LISTING_WARDS)
    is_listed = is_listing & (np.argsort(np.argsort(-pull)) >= LONG_KNOWN)
    lots = [wave for wave in WAVES if wave.rule == "random_busy"]
    for name, dealt in (("first lot", lots[:1]), ("second lot", lots[1:])):
        places = _draw_lots(dealt, spots, pull, taken=taken | is_listing, rng=stream(seed, name))
        chosen |= places
        taken |= _beside(spots.patches, np.concatenate(list(places.values())))
    for wave in WAVES:
        if wave.rule == "hottest_last_year":
            counts = _last_year(wave, spots, happenings)
            order = np.argsort(np.where(is_listed, -counts, 0), kind="stable")
            chosen[wave.wave], taken = _pick_apart(order, wave.n_places, spots, taken=taken)
    for wave in WAVES:
        if wave.rule in {"stock", "spread"}:
            rng = stream(seed, f"places of {wave.wave}")
            chosen[wave.wave] = _spread(wave, ward, np.where(taken, 0, pull), rng=rng)
            taken[chosen[wave.wave]] = True
    return chosen


def _draw_lots(
    waves: list[Wave],
    spots: Spots,
    pull: Array,
    *,
    taken: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> dict[str, npt.NDArray[np.int64]]:
    """Draw busy patches and deal them out by lot, so that each wave gets hot and mild ones."""
    busy: npt.NDArray[np.int64] = np.argsort(np.where(taken, 0, -pull), kind="stable")[
        :BUSY_PATCHES
    ]
    weight = pull[busy] ** 2
    order = rng.choice(busy, size=len(busy), replace=False, p=weight / weight.sum())
    places, _ = _pick_apart(order, sum(wave.n_places for wave in waves), spots, taken=taken)
    by_heat = places[np.argsort(-pull[places], kind="stable")]
    turn = np.concatenate(
        [(np.arange(w.n_places) + rng.random(w.n_places)) / w.n_places for w in waves]
    )
    owner = np.repeat(np.arange(len(waves)), [w.n_places for w in waves])[np.argsort(turn)]
    return {wave.wave: by_heat[owner == k] for k, wave in enumerate(waves)}


def _main_ward(spots: Spots) -> npt.NDArray[np.object_]:
    """Name the ward that most of a patch's spots are in."""
    counts = pd.crosstab(spots.table["patch"], spots.table["ward_code"])
    codes: npt.NDArray[np.object_] = counts.columns.to_numpy(dtype=object)
    ward: npt.NDArray[np.object_] = codes[counts.to_numpy().argmax(axis=1)]
    return ward


def _last_year(wave: Wave, spots: Spots, happenings: pd.DataFrame) -> Array:
    """Count what happened in each patch in the twelve months before a wave."""
    assert wave.installed_on is not None  # noqa: S101  only dated waves look back
    until = (wave.installed_on - FIRST_DAY).days
    recent = happenings["day"].between(until - 365, until - 1) & happenings["category"].isin(
        STREET_CRIME
    )
    patch = spots.table["patch"].to_numpy()[happenings.loc[recent, "spot"]]
    return np.bincount(patch, minlength=len(spots.patches)).astype(float)


def _pick_apart(
    order: npt.NDArray[np.int64],
    n: int,
    spots: Spots,
    *,
    taken: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Pick the first patches of an order, none beside another or beside one that is taken."""
    taken = taken.copy()
    picked: list[int] = []
    for patch in order:
        if len(picked) == n:
            break
        if not taken[patch]:
            picked.append(int(patch))
            taken |= _beside(spots.patches, np.array([patch]))
    return np.array(picked, dtype=np.int64), taken


def _beside(patches: Array, which: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which patches are some given ones, or share a side with one of them."""
    away = np.abs(patches[:, None, :] - patches[which][None, :, :]).sum(axis=2)
    beside: npt.NDArray[np.bool_] = (away <= PATCH_M + 1).any(axis=1)
    return beside


def _spread(
    wave: Wave, ward: npt.NDArray[np.object_], pull: Array, *, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Spread patches over the wards, rather where people are; the stock has two in each ward."""
    weight = pull**0.75
    first: list[int] = []
    if wave.rule == "stock":
        for code in np.unique(ward.astype(str)):
            own = np.where(ward == code, weight, 0)
            if (own > 0).sum() >= 2:
                first += list(rng.choice(len(own), size=2, replace=False, p=own / own.sum()))
    weight[first] = 0
    rest = rng.choice(
        len(weight), size=wave.n_places - len(first), replace=False, p=weight / weight.sum()
    )
    return np.concatenate([np.array(first, dtype=np.int64), rest])
