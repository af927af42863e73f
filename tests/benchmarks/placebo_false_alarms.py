"""How often before/after cries wolf where nothing was done: simulated cities, thousands of sets.

Run it by hand; 200 cities take some minutes:

    .venv/bin/python tests/benchmarks/placebo_false_alarms.py --cities 200 --processes 2

Every city differs in size, in events a year and in how much luck neighbours share. In each of five
years sets of 10, 20 and 30 units are chosen by each rule from what was known before, and asked what
changed. A false alarm is p < 0.05 of a set that is not refused; for the textbook, of all sets.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import spatial

sys.path.insert(0, str(Path(__file__).parent))

import placebo_cities as cities

from analysis.evaluation import clusters, dispersion, placebo
from analysis.evaluation.textbook import textbook_sets
from analysis.evaluation.units import units

SIZES = (10, 20, 30)
STARTS = (36, 48, 60, 72, 84)
ALARM = 0.05
LEAST_SETS = 100  # sets of a city's year that make a rate of its own


def varied(seed: int, *, is_harsh: bool = False) -> cities.Recipe:
    """Give each city a character of its own; twice as much shared and lasting luck if asked."""
    rng = np.random.default_rng([seed, 1])
    if is_harsh:
        return cities.Recipe(
            side=int(rng.integers(34, 46)),
            n_a_year=float(np.exp(rng.uniform(np.log(15_000), np.log(50_000)))),
            shared_sd=float(rng.uniform(0.08, 0.14)),
            shared_width=float(rng.uniform(1.5, 5.0)),
            carried=0.7,
            own_sd=0.1,
            jump_share=0.03,
            hot_shock_sd=0.05,
            trend_sd=0.1,
        )
    return cities.Recipe(
        side=int(rng.integers(34, 46)),
        n_a_year=float(np.exp(rng.uniform(np.log(15_000), np.log(50_000)))),
        shared_sd=float(rng.uniform(0.04, 0.08)),
        shared_width=float(rng.uniform(1.5, 4.0)),
        near_repeats=float(rng.uniform(1.2, 1.5)),
        season=float(rng.uniform(0.05, 0.25)),
    )


def study(
    seed: int,
    n_sets: int,
    *,
    is_harsh: bool = False,
    upheavals: float = 0.0,
    sizes: tuple[int, ...] = SIZES,
) -> pd.DataFrame:
    """Ask every rule in every year of one city; a row a set."""
    made = cities.city(seed, replace(varied(seed, is_harsh=is_harsh), upheavals=upheavals))
    rows = []
    for start in STARTS:
        after, history = made.years(start)
        every = np.ones(len(after), dtype=bool)
        phi = dispersion(history[0], after)
        city = units(history, xy=made.xy)
        neighbourhood = clusters.Neighbourhood(city)
        for n_treated in sizes:
            sets_by_rule = chosen_sets(made, history, n_treated, n_sets, seed=[seed, start])
            for rule, sets in sets_by_rule.items():
                ours = placebo.run_sets(city, sets, after, neighbourhood=neighbourhood)
                theirs = textbook_sets(history[0], after, sets=sets, available=every)
                rows.append(
                    pd.DataFrame(
                        {
                            "rule": rule,
                            "seed": seed,
                            "year": STARTS.index(start) + 1,
                            "n_treated": n_treated,
                            "phi_city": phi,
                            "observed": ours.observed,
                            "expected": ours.expected,
                            "z": ours.statistic,
                            "p": ours.p,
                            "log_ratio": ours.log_ratio,
                            "margin": ours.margin,
                            "near": ours.near_share,
                            "refused": ours.is_refused,
                            "p_ratio": theirs.ratio_p,
                            "p_difference": theirs.difference_p,
                            "raw": ours.observed / history[0][sets].sum(axis=1),
                        }
                    )
                )
    return pd.concat(rows)


def chosen_sets(made, history, n_treated, n_sets, *, seed):
    """Choose sets by every rule, from what was known before."""
    rng = np.random.default_rng([*seed, n_treated])
    mean = np.array([0.5, 0.3, 0.2]) @ history
    last = history[0] + rng.random(len(mean)) / 100

    def top(heat, share):
        pool = np.argsort(-heat)[: round(share * len(heat))]
        size = min(n_treated, len(pool) - 2)
        return np.stack([rng.choice(pool, size, replace=False) for _ in range(n_sets)])

    def groups(size):
        chance, tree = mean / mean.sum(), spatial.cKDTree(made.xy)
        sets = []
        for _ in range(n_sets):
            members: dict[int, None] = {}
            while len(members) < n_treated:
                middle = made.xy[rng.choice(len(mean), p=chance)]
                members |= dict.fromkeys(tree.query(middle, k=size)[1].tolist())
            sets.append(list(members)[:n_treated])
        return np.array(sets)

    busy = np.flatnonzero(mean > 0)
    return {
        "random": np.stack([rng.choice(busy, n_treated, replace=False) for _ in range(n_sets)]),
        "top 5 %": top(mean, 0.05),
        "top 5 % of last year": top(last, 0.05),
        "top 2 %": top(mean, 0.02),
        "top 2 % of last year": top(last, 0.02),
        "groups of 3": groups(3),
        "groups of 5": groups(5),
        "two groups": groups(n_treated // 2),
        "one group": groups(n_treated),
    }


def table(rows: pd.DataFrame) -> str:
    """Write the false alarms as a Markdown table, a line a rule."""
    years = sorted(rows["year"].unique())
    heads = ["rule", "sets", "refused", "ours", *(f"year {y}" for y in years)]
    heads += ["city-years over 8 %", "worst city-year"]
    heads += ["95 % holds no change", "bias", "raw change", "ratio with φ", "WDD"]
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for rule, group in rows.groupby("rule", sort=False):
        judged = group[~group["refused"]]
        cells = [rule, f"{len(group):,}", f"{group['refused'].mean():.1%}"]
        cells.append(_rate(judged["p"]))
        cells += [_rate(judged.loc[judged["year"] == y, "p"]) for y in years]
        single = (
            (judged["p"] < ALARM).groupby([judged["seed"], judged["year"]]).agg(["mean", "size"])
        )
        single = single.loc[single["size"] >= LEAST_SETS, "mean"]
        cells.append(f"{(single > 0.08).mean():.0%} of {len(single)}" if len(single) else "")
        cells.append(f"{single.max():.0%}" if len(single) else "")
        holds = judged["log_ratio"].abs() <= judged["margin"]
        cells.append(f"{holds.mean():.1%}" if len(judged) else "none")
        bias = judged["observed"].sum() / max(judged["expected"].sum(), 1) - 1
        cells.append(f"{bias:+.1%}" if len(judged) else "none")
        cells.append(f"{np.exp(np.log(group['raw'].clip(0.01)).mean()) - 1:+.1%}")
        cells += [_rate(group["p_ratio"]), _rate(group["p_difference"])]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _rate(p) -> str:
    return f"{(p.dropna() < ALARM).mean():.1%}" if len(p.dropna()) else "none"


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cities", type=int, default=200)
    parser.add_argument("--sets", type=int, default=4, help="a rule, size, year and city")
    parser.add_argument("--first", type=int, default=1, help="seed of the first city")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="+", help="units a set, instead of 10, 20, 30")
    parser.add_argument("--harsh", action="store_true", help="cities of twice as much luck")
    parser.add_argument("--upheavals", type=float, default=0.0, help="quarters that shift, a year")
    parser.add_argument("--rows", help="file to keep the rows in (Parquet)")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.cities)
    with ProcessPoolExecutor(asked.processes) as pool:
        found = pool.map(
            partial(
                study,
                n_sets=asked.sets,
                is_harsh=asked.harsh,
                upheavals=asked.upheavals,
                sizes=tuple(asked.sizes) if asked.sizes else SIZES,
            ),
            seeds,
        )
        rows = pd.concat(found, ignore_index=True)
    if asked.rows:
        rows.to_parquet(asked.rows)
    phi = rows.groupby(["seed", "year"])["phi_city"].first()
    low, middle, high = phi.quantile([0.05, 0.5, 0.95])
    sys.stdout.write(
        f"{asked.cities} cities, {len(rows):,} sets; φ from year to year {middle:.2f}"
        f" ({low:.2f} to {high:.2f} in nine of ten)\n\n{table(rows)}\n"
    )


if __name__ == "__main__":
    main()
