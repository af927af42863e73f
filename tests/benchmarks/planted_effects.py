"""How often the local comparison finds what is planted in demo cities, and lets placebos go.

Run it by hand, some 12 CPU seconds a seed:

    .venv/bin/python tests/benchmarks/planted_effects.py --seeds 100 --rows planted.csv

Rows are kept seed by seed: a run that was stopped goes on with the seeds that are missing, and
``--seeds 0`` prints the tables of those that are there.

Each seed's city is made as ``data.demo`` makes it, without a store, and every wave with a year on
both sides is asked about by the road that the product takes: zones around views, units, counts,
``evaluation.compare``. Placebo sets of as many units are drawn from the same squares by every rule
of ``evaluation.badge``. Two of the waves have no effect and are placebos themselves.

*Truth on the ground* is what a planted ratio ρ amounts to on the ground that is measured (views
grown by 50 m): B / (B_near/ρ + B_far), B_near the incidents after within the radius, or the wards,
that the truth names, B_far the others.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import evaluation, visibility
from analysis.evaluation.placebo import BadgeOptions, Rule
from data.demo.cameras import build_cameras, curb_points
from data.demo.city import build_city
from data.demo.fabric import build_fabric
from data.demo.footage import keep_watch
from data.demo.happenings import build_happenings
from data.demo.incidents import build_incidents
from data.demo.rhythm import FIRST_DAY, LAST_DAY
from data.demo.spots import build_spots
from data.demo.states import build_states, working_days
from data.demo.treatment import treat
from data.demo.truth import WaveTruth, tell_truth
from data.demo.waves import STREET_CRIME, place_waves

KNOWN = (FIRST_DAY, LAST_DAY)
PLACEBO_SETS = 50  # a rule, wave and seed
COLUMNS = (
    "seed", "what", "n_treated", "expected", "on_ground", "change", "raw_change", "holds",
    "outcome", "reasons", "detectable", "p", "n_sets", "n_judged", "n_alarms", "n_alarms_ratio",
    "n_alarms_difference",
)  # fmt: skip
"""Of the file of rows; a wave has the first, placebo sets the last."""


@dataclass(frozen=True)
class Made:
    """What an evaluation needs of a demo city, in EPSG:5897."""

    wards: gpd.GeoDataFrame
    register: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    waves: tuple[WaveTruth, ...]


def made(seed: int) -> Made:
    """Make the cameras and incidents of one seed, as ``data.demo.build`` does, and no more."""
    city = build_city()
    fabric = build_fabric(city, seed)
    spots = build_spots(city, fabric, seed)
    happenings = build_happenings(spots, seed)
    cameras = build_cameras(
        city,
        spots,
        places=place_waves(spots, happenings, seed),
        curbs=curb_points(city, fabric, spots, seed),
        seed=seed,
    )
    watch = keep_watch(cameras, working_days(build_states(cameras, seed), cameras))
    remaining, effects = treat(happenings, spots, cameras, seed)
    incidents = build_incidents(city, spots, remaining, watch, seed)
    told = tell_truth(seed, cameras, effects, n_incidents=len(incidents), totals={})
    incidents = incidents[incidents["category"].isin(STREET_CRIME)]
    starts_at = incidents["starts_at"].dt.tz_localize(None)
    return Made(
        wards=gpd.GeoDataFrame(geometry=city.wards, crs="EPSG:5897"),
        register=cameras.set_index("camera_id", drop=False),
        incidents=incidents.assign(starts_at=starts_at),
        waves=told.waves,
    )


def study(seed: int) -> pd.DataFrame:
    """Ask about every wave of one demo city, and about placebos; a row a question."""
    city = made(seed)
    rows = [row for wave in city.waves if wave.installed_on for row in _wave_rows(city, wave)]
    return pd.DataFrame(rows).assign(seed=seed)


def _wave_rows(city, wave):
    """Ask about one wave, and about placebo sets on the day that it came."""
    treated = city.register[city.register["wave"] == wave.wave]
    window = evaluation.window(wave.installed_on, known=KNOWN)
    if window.reasons or not evaluation.years_before(wave.installed_on, known=KNOWN):
        return []
    asked, laid = _question(city, treated, wave.installed_on)
    found = evaluation.compare(**asked)
    truth = _on_ground(city, laid, treated, wave, window.after)
    what = f"{wave.wave}, {wave.rule.replace('_', ' ')}, planted {wave.rate_ratio - 1:.0%}"
    parts = evaluation.raw_change(found)
    row = {
        "what": what,
        "n_treated": found.n_treated,
        "expected": found.expected,
        "on_ground": truth,
        "change": found.change,
        "raw_change": parts.raw_change,
        "holds": found.low <= truth - 1 <= found.high,
        "outcome": found.verdict.outcome,
        "reasons": " ".join(found.cannot_tell),
        "detectable": found.smallest_detectable_fall,
        "p": found.p,
    }
    return [row, *(_placebos(asked, rule) for rule in get_args(Rule))]


def _placebos(asked, rule):
    """Count the alarms of placebo sets drawn by one rule."""
    cried = evaluation.badge(**asked, options=BadgeOptions(rule=rule, n_sets=PLACEBO_SETS))
    return {
        "what": f"placebo sets, {rule}",
        "n_treated": len(asked["treated"]),
        "n_sets": cried.n_sets,
        "n_judged": cried.n_judged,
        "n_alarms": round((cried.false_alarm_rate or 0.0) * cried.n_judged),
        "n_alarms_ratio": (cried.false_alarm_rate_ratio or 0.0) * cried.n_sets,
        "n_alarms_difference": (cried.false_alarm_rate_difference or 0.0) * cried.n_sets,
    }


def _question(city, treated, day):
    """Lay units and count on them, by the road that the product takes."""
    years = evaluation.years_before(day, known=KNOWN)
    after = evaluation.window(day, known=KNOWN).after
    others = city.register.drop(treated.index)
    came = others[_came(others, years[-1].start_on, after.end_before)]
    zones = evaluation.zones_around(
        visibility.viewsheds(treated[treated["range_m"].notna()]),
        wards=city.wards,
        others=visibility.viewsheds(came[came["range_m"].notna()]),
    )
    laid = evaluation.lay_units(zones)
    counts = evaluation.count_units(city.incidents, laid, periods=(after, *years))
    asked = {
        "after": counts[0],
        "history": counts[1:],
        "xy": laid[["easting_widths", "northing_widths"]],
        "treated": np.flatnonzero(laid["is_treated"]),
        "available": laid["is_available"],
    }
    return asked, laid


def _came(cameras, first, end):
    """Tell which cameras came or went from one day until before another."""
    days = [pd.to_datetime(cameras[c]) for c in ("installed_on", "removed_on") if c in cameras]
    return np.any([(d >= pd.Timestamp(first)) & (d < pd.Timestamp(end)) for d in days], axis=0)


def _on_ground(city, laid, treated, wave, after):
    """Say what the planted ratio amounts to on the ground that was measured."""
    incidents = city.incidents[after.holds(city.incidents["starts_at"])]
    incidents = incidents[incidents.geometry.notna()]
    ground = shapely.union_all(laid.geometry[laid["is_treated"]].to_numpy())
    inside = incidents[incidents.within(ground)]
    if wave.rate_ratio == 1 or len(inside) == 0:
        return 1.0
    if wave.ward_codes:
        is_near = inside["ward_code"].isin(wave.ward_codes)
    else:
        reach = shapely.buffer(shapely.union_all(treated.geometry.to_numpy()), wave.radius_m)
        is_near = inside.within(reach)
    n_near = int(is_near.sum())
    return len(inside) / (n_near / wave.rate_ratio + len(inside) - n_near)


def wave_table(rows: pd.DataFrame) -> str:
    """Write what was said of the waves as a Markdown table."""
    heads = (
        "wave", "asked", "units", "expected", "truth on the ground", "median change", "raw",
        "refused", "fell", "rose", "95 % holds the truth", "of the judged",
        "median detectable fall",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for what, group in rows.dropna(subset="change").groupby("what"):
        judged = group[group["reasons"] == ""]
        outcome = group["outcome"].value_counts()
        lines.append(
            f"| {what} | {len(group)} | {group['n_treated'].median():.0f}"
            f" | {group['expected'].median():.0f} | {group['on_ground'].median() - 1:+.0%}"
            f" | {group['change'].median():+.0%} | {group['raw_change'].median():+.0%}"
            f" | {len(group) - len(judged)} | {outcome.get('fell', 0)} | {outcome.get('rose', 0)}"
            f" | {int(group['holds'].sum())} of {len(group)}"
            f" | {int(judged['holds'].sum())} of {len(judged)}"
            f" | {group['detectable'].median():.0%} |"
        )
    return "\n".join(lines)


def placebo_table(rows: pd.DataFrame) -> str:
    """Write how often placebo sets were called a change as a Markdown table."""
    lines = ["| rule | sets | refused | ours | ratio with φ | WDD |", "|---|--:|--:|--:|--:|--:|"]
    for what, group in rows.dropna(subset="n_sets").groupby("what"):
        n_sets, n_judged = group["n_sets"].sum(), group["n_judged"].sum()
        ours = f"{group['n_alarms'].sum() / n_judged:.1%}" if n_judged else "none"
        lines.append(
            f"| {what} | {n_sets:,.0f} | {1 - n_judged / n_sets:.1%} | {ours}"
            f" | {group['n_alarms_ratio'].sum() / n_sets:.1%}"
            f" | {group['n_alarms_difference'].sum() / n_sets:.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rows", type=Path, help="CSV file to keep the rows in, seed by seed")
    asked = parser.parse_args()
    parts = [kept_rows(asked.rows)] if asked.rows and asked.rows.exists() else []
    known = set(parts[0]["seed"]) if parts else set()
    seeds = [s for s in range(asked.first, asked.first + asked.seeds) if s not in known]
    with ProcessPoolExecutor(asked.processes) as pool:
        for part in pool.map(study, seeds):
            parts.append(part)
            if asked.rows:
                rows = part.reindex(columns=COLUMNS)
                rows.to_csv(asked.rows, mode="a", header=not asked.rows.exists(), index=False)
    rows = pd.concat(parts, ignore_index=True)
    n = rows["seed"].nunique()
    sys.stdout.write(f"{n} seeds\n\n{wave_table(rows)}\n\n{placebo_table(rows)}\n")


def kept_rows(path: Path) -> pd.DataFrame:
    """Read the rows of a run that was stopped."""
    rows = pd.read_csv(path)
    return rows.assign(reasons=rows["reasons"].fillna("").where(rows["change"].notna()))


if __name__ == "__main__":
    main()
