"""The planted truth, to check an evaluation against."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd

from data.demo.waves import EFFECT_RADIUS_M, RING_M, STREET_CRIME, WAVES


@dataclass(frozen=True, kw_only=True)
class WaveTruth:
    """What is true of one wave.

    Parameters
    ----------
    wave
        Its name, as in the cameras' column ``wave``.
    installed_on
        The first day of its effect; None for the stock from before the data, whose cameras have
        dates of their own.
    rule
        How its places were chosen.
    camera_ids
        Its cameras.
    ward_codes
        The treated wards, for a wave that treats whole wards; empty else.
    categories
        What it makes rarer; empty when it makes nothing rarer.
    radius_m
        How far its effect reaches from each of its cameras; None when whole wards are treated.
    rate_ratio
        What remains of these offences in the treated zone; 1 is no effect.
    displacement
        The share of what is prevented that reappears in the ring.
    ring_m
        Where: distances from the nearest camera of the wave; None without displacement.
    n_expected, n_prevented, n_displaced
        Street offences in the zone after installation had there been no effect; how many of them
        were prevented there; how many of these moved to the ring.
    """

    wave: str
    installed_on: date | None
    rule: str
    camera_ids: tuple[str, ...]
    ward_codes: tuple[str, ...]
    categories: tuple[str, ...]
    radius_m: float | None
    rate_ratio: float
    displacement: float
    ring_m: tuple[float, float] | None
    n_expected: int
    n_prevented: int
    n_displaced: int


@dataclass(frozen=True, kw_only=True)
class Truth:
    """All that is planted in the demo city of one seed.

    Parameters
    ----------
    seed
        The seed.
    waves
        What is true of each wave.
    n_incidents, n_cameras
        Rows in the store; a device with several views is one camera a view.
    n_prevented, n_displaced
        Sums over the waves.
    totals
        What was made besides: ``devices``, ``programmes`` by kind, ``tips`` and ``usable_tips``,
        ``requests`` and ``clarified_cases`` by year, ``answers`` by kind, and the rows of the small
        layers.
    """

    seed: int
    waves: tuple[WaveTruth, ...]
    n_incidents: int
    n_cameras: int
    n_prevented: int
    n_displaced: int
    totals: Mapping[str, Mapping[str, int]]

    def wave(self, name: str) -> WaveTruth:
        """Look up one wave.

        Raises
        ------
        KeyError
            There is no such wave.
        """
        return {wave.wave: wave for wave in self.waves}[name]

    def write(self, path: str | Path) -> None:
        """Write the truth as a JSON file."""
        text = json.dumps(dataclasses.asdict(self), default=_plain, ensure_ascii=False, indent=1)
        Path(path).write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    return str(value)


def tell_truth(
    seed: int,
    cameras: gpd.GeoDataFrame,
    effects: Mapping[str, Mapping[str, int]],
    *,
    n_incidents: int,
    totals: Mapping[str, Mapping[str, int]],
) -> Truth:
    """Write down what was planted."""
    waves = []
    for wave in sorted(WAVES, key=lambda w: w.wave):
        numbers = effects.get(wave.wave, {"n_expected": 0, "n_prevented": 0, "n_displaced": 0})
        is_effective = wave.rate_ratio < 1
        waves.append(
            WaveTruth(
                wave=wave.wave,
                installed_on=wave.installed_on,
                rule=wave.rule,
                camera_ids=tuple(cameras.loc[cameras["wave"] == wave.wave, "camera_id"]),
                ward_codes=wave.ward_codes,
                categories=STREET_CRIME if is_effective else (),
                radius_m=None if wave.ward_codes else EFFECT_RADIUS_M,
                rate_ratio=wave.rate_ratio,
                displacement=wave.displacement,
                ring_m=RING_M if wave.displacement else None,
                **numbers,
            )
        )
    return Truth(
        seed=seed,
        waves=tuple(waves),
        n_incidents=n_incidents,
        n_cameras=len(cameras),
        n_prevented=sum(w.n_prevented for w in waves),
        n_displaced=sum(w.n_displaced for w in waves),
        totals=totals,
    )
