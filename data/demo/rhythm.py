"""When things happen: hours, weekdays, months, the Tết holidays and the slow trend, by offence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = date(2022, 1, 1)
LAST_DAY = date(2024, 12, 31)
N_DAYS = (LAST_DAY - FIRST_DAY).days + 1

TET = (date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10))
"""The first day of the lunar year."""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How one kind of offence is spread over time and space.

    Parameters
    ----------
    per_year
        Expected number in 2022, before trend and holidays.
    pull
        The column of the spots' pulls it follows.
    hours
        Six weights for 0–4, 4–8, 8–12, 12–16, 16–20 and 20–24 o'clock.
    weekend
        Saturdays and Sundays against other days.
    before_tet, at_tet
        Factors for the three weeks before Tết and for its nine days.
    trend
        Factor from one year to the next.
    repeats
        Expected near repeats that one offence draws after it.
    found_later
        The share discovered only after the absence, so that just an interval is known.
    delay_h
        Median hours from discovery to report.
    cleared
        The share cleared up.
    damage
        Median damage in đồng; 0 where there is none.
    """

    per_year: float
    pull: str
    hours: tuple[float, float, float, float, float, float]
    weekend: float = 1.0
    before_tet: float = 1.0
    at_tet: float = 1.0
    trend: float = 1.0
    repeats: float = 0.0
    found_later: float = 0.0
    delay_h: float = 2.0
    cleared: float = 0.5
    damage: float = 0.0


RHYTHMS: dict[str, Rhythm] = {
    "theft": Rhythm(per_year=1460, pull="street", hours=(4, 2, 3, 3, 3.5, 4), before_tet=1.35,
                    at_tet=0.8, trend=0.985, repeats=0.3, found_later=0.45, delay_h=5,
                    cleared=0.34, damage=9e6),
    "snatching": Rhythm(per_year=250, pull="street", hours=(1, 1.5, 2, 2, 4, 5), weekend=1.1,
                        before_tet=1.4, at_tet=0.7, trend=0.96, repeats=0.3, delay_h=0.7,
                        cleared=0.42, damage=7e6),
    "injury": Rhythm(per_year=335, pull="night", hours=(2, 0.5, 1, 1.5, 3, 5), weekend=1.45,
                     at_tet=1.5, trend=1.01, repeats=0.2, delay_h=1.5, cleared=0.7),
    "public_disorder": Rhythm(per_year=285, pull="night", hours=(3, 0.4, 0.6, 1, 2.5, 6),
                              weekend=1.6, at_tet=1.3, trend=1.03, repeats=0.28, delay_h=0.6,
                              cleared=0.66),
    "robbery": Rhythm(per_year=48, pull="street", hours=(4, 1, 1, 1, 2, 5), before_tet=1.4,
                      delay_h=0.6, cleared=0.55, damage=6e6, trend=0.97),
    "criminal_damage": Rhythm(per_year=120, pull="street", hours=(4, 1, 1, 1, 2, 4), repeats=0.1,
                              found_later=0.3, delay_h=8, cleared=0.3, damage=4e6),
    "fraud": Rhythm(per_year=170, pull="dwelling", hours=(0.2, 0.4, 4, 4, 3, 1), weekend=0.7,
                    trend=1.09, delay_h=90, cleared=0.22, damage=35e6),
    "gambling": Rhythm(per_year=215, pull="dwelling", hours=(2, 0.3, 0.8, 2.5, 3, 4), weekend=1.3,
                       before_tet=1.2, at_tet=2.4, delay_h=0.2, cleared=0.97),
    "drug_possession": Rhythm(per_year=225, pull="night", hours=(3, 0.6, 1, 1.5, 2.5, 5),
                              repeats=0.08, delay_h=0.2, cleared=0.97),
    "drug_dealing": Rhythm(per_year=75, pull="night", hours=(2, 0.5, 1.5, 2, 3, 4), delay_h=0.2,
                           cleared=0.98),
    "road_accident": Rhythm(per_year=390, pull="traffic", hours=(1.5, 2, 2.5, 2, 4.5, 3.5),
                            weekend=1.15, before_tet=1.15, at_tet=1.25, trend=0.98, delay_h=0.3,
                            cleared=0.85),
    "traffic_violation": Rhythm(per_year=60, pull="traffic", hours=(2, 1, 2, 2, 4, 5), delay_h=0.3,
                                cleared=0.9),
    "administrative_order": Rhythm(per_year=150, pull="night", hours=(1, 0.6, 2, 2, 3, 4),
                                   weekend=1.2, delay_h=0.5, cleared=0.9),
}  # fmt: skip
"""By category. Invented, with the order of size of a Vietnamese city of 360,000."""

# Index 0 is January. Hot months bring people into the street.
_MONTHS = np.array([0.98, 0.92, 0.96, 1.0, 1.05, 1.08, 1.06, 1.04, 1.0, 0.98, 0.96, 0.97])


def daily_means(rhythm: Rhythm) -> Array:
    """Give the expected number of first offences on each day from ``FIRST_DAY`` on.

    Near repeats come on top; what they add is taken off here, so that the year's sum stays.

    Examples
    --------
    >>> means = daily_means(RHYTHMS["theft"])
    >>> len(means), bool(means[:365].sum() < 1460)
    (1096, True)
    """
    days = [FIRST_DAY + timedelta(days=n) for n in range(N_DAYS)]
    factor = np.array([_MONTHS[day.month - 1] for day in days])
    factor *= [rhythm.weekend if day.weekday() >= 5 else 1.0 for day in days]
    factor /= (5 + 2 * rhythm.weekend) / 7
    factor *= [rhythm.trend ** ((day - FIRST_DAY).days / 365.25) for day in days]
    for tet in TET:
        since = np.array([(day - tet).days for day in days])
        factor *= np.where((since >= -23) & (since < -2), rhythm.before_tet, 1.0)
        factor *= np.where((since >= -2) & (since < 7), rhythm.at_tet, 1.0)
    means: Array = factor * rhythm.per_year / 365.25 * (1 - rhythm.repeats)
    return means


def draw_seconds(rhythm: Rhythm, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw seconds after midnight."""
    share = np.array(rhythm.hours) / sum(rhythm.hours)
    part = rng.choice(6, size=n, p=share)
    return (part * 4 * 3600 + rng.integers(0, 4 * 3600, n)).astype(np.int64)
