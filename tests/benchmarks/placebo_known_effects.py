"""What the local comparison makes of a known effect: simulated cities, thousands of sets.

Run it by hand; 84 cities take some minutes:

    .venv/bin/python tests/benchmarks/placebo_known_effects.py --cities 84 --processes 2

As ``placebo_false_alarms``, with events taken out at random from the treated units, a share of them
put into units next door where they are said to have moved. The truth is the ratio at the treated
units themselves. The last table asks whether the power promised beforehand is kept: the smallest
detectable fall of each set is planted there, and should be called in four cases of five.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import spatial

sys.path.insert(0, str(Path(__file__).parent))

import placebo_cities as cities
import placebo_false_alarms as plain

from analysis import evaluation
from analysis.evaluation import clusters, placebo
from analysis.evaluation.units import units

RULES = ("random", "top 5 %", "groups of 3")
EFFECTS = ((1.0, 0.0), (0.9, 0.0), (0.8, 0.0), (0.6, 0.0), (0.8, 0.5), (0.6, 0.5))
N_REHEARSED = 1


def study(seed: int, n_sets: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant every effect in every year of one city; a row a set."""
    made = cities.city(seed, plain.varied(seed))
    rng = np.random.default_rng([seed, 3])
    near = spatial.cKDTree(made.xy).query_ball_point(made.xy, 1.5)
    rows, rehearsed = [], []
    for start in plain.STARTS:
        after, history = made.years(start)
        city = units(history, xy=made.xy)
        pairs = clusters.Neighbourhood(city)
        for n_treated in plain.SIZES:
            by_rule = plain.chosen_sets(made, history, n_treated, n_sets, seed=[seed, start])
            for rule in RULES:
                sets = by_rule[rule]
                for ratio, moved_share in EFFECTS:
                    y = np.stack([_planted(rng, after, s, near, ratio, moved_share) for s in sets])
                    found = placebo.run_sets(city, sets, y, neighbourhood=pairs)
                    rows.append(_rows(found, rule, ratio, moved_share, n_treated))
                rehearsed += [
                    _rehearsed(rng, made, after, history, chosen, near) | {"rule": rule}
                    for chosen in sets[:N_REHEARSED]
                ]
    return pd.concat(rows), pd.DataFrame(rehearsed)


def _planted(rng, after, treated, near, ratio, moved_share):
    """Take events out of the treated units, and put some of them next door."""
    y = after.copy()
    gone = rng.binomial(after[treated].astype(int), 1 - ratio)
    y[treated] -= gone
    inside = set(treated.tolist())
    for unit, n_moved in zip(treated, rng.binomial(gone, moved_share), strict=True):
        doors = [n for n in near[unit] if n not in inside]
        if doors:
            np.add.at(y, rng.choice(doors, n_moved), 1)
    return y


def _rows(found, rule, ratio, moved_share, n_treated):
    has_changed = (found.p < plain.ALARM) & (np.abs(found.log_ratio) > found.margin)
    return pd.DataFrame(
        {
            "rule": rule,
            "ratio": ratio,
            "moved_share": moved_share,
            "n_treated": n_treated,
            "refused": found.is_refused,
            "fell": has_changed & (found.log_ratio < 0),
            "rose": has_changed & (found.log_ratio > 0),
            "log_error": found.log_ratio - np.log(ratio),
            "holds": np.abs(found.log_ratio - np.log(ratio)) <= found.margin,
            "detectable": found.smallest_detectable_fall,
        }
    )


def _rehearsed(rng, made, after, history, treated, near):
    """Plant the fall that the power promises to show, and look whether it is called one."""
    promised = evaluation.power(history, xy=made.xy, treated=treated)
    fall = promised.smallest_detectable_fall
    y = _planted(rng, after, treated, near, 1 - fall, 0.0)
    found = evaluation.compare(y, history, xy=made.xy, treated=treated)
    return {
        "promised": fall,
        "refused_before": bool(promised.cannot_tell),
        "refused": bool(found.cannot_tell),
        "fell": found.verdict.outcome == "fell",
        "expected_ratio": promised.expected / found.expected,
    }


def table(rows: pd.DataFrame) -> str:
    """Write verdicts, bias and coverage as a Markdown table, a line a rule and effect."""
    heads = (
        "rule", "effect", "moved next door", "sets", "refused", "fell", "rose",
        "bias, points", "95 % holds the truth", "median detectable fall",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for (rule, ratio, moved), group in rows.groupby(["rule", "ratio", "moved_share"], sort=False):
        judged = group[~group["refused"]]
        mean_ratio = float(np.exp(np.log(ratio) + judged["log_error"].mean()))
        lines.append(
            f"| {rule} | {ratio - 1:.0%} | {moved:.0%} | {len(group):,}"
            f" | {group['refused'].mean():.1%} | {judged['fell'].mean():.1%}"
            f" | {judged['rose'].mean():.1%} | {100 * (mean_ratio - ratio):+.1f}"
            f" | {judged['holds'].mean():.1%} | {judged['detectable'].median():.0%} |"
        )
    return "\n".join(lines)


def power_table(rehearsed: pd.DataFrame) -> str:
    """Write how often the fall that was promised to show did show."""
    lines = ["| rule | sets | promised fall | called a fall | events expected, before over after |"]
    lines.append("|---|--:|--:|--:|--:|")
    for rule, group in rehearsed.groupby("rule", sort=False):
        kept = group[~group["refused_before"]]
        lines.append(
            f"| {rule} | {len(kept):,} | {kept['promised'].median():.0%}"
            f" | {kept['fell'].mean():.1%} | {kept['expected_ratio'].median():.3f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cities", type=int, default=84)
    parser.add_argument("--sets", type=int, default=4, help="a rule, size, year and city")
    parser.add_argument("--first", type=int, default=1001, help="seed of the first city")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.cities)
    with ProcessPoolExecutor(asked.processes) as pool:
        parts = list(pool.map(study, seeds, [asked.sets] * len(seeds)))
    rows, rehearsed = (pd.concat(kind, ignore_index=True) for kind in zip(*parts, strict=True))
    sys.stdout.write(f"{asked.cities} cities\n\n{table(rows)}\n\n{power_table(rehearsed)}\n")


if __name__ == "__main__":
    main()
