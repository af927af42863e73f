"""Single cities in single years: how often the local comparison cries wolf, and what holds it back.

Run it by hand; some 40 CPU seconds a city:

    .venv/bin/python tests/benchmarks/placebo_city_years.py --cities 16 --processes 1

Sets of one city and year share its luck and many of their places, so that a test which keeps its
promise over many cities may break it in one. Two verdicts are compared: that of the comparison
alone, and the same given only where the sites' statistic is also rare among the placebo sets of the
city's own badge (``Badge.against``). The price is told beside: how many of the planted falls are
still called. Badges are drawn as the product draws them, in groups where sites stand together, else
alike.

What is to be expected of a perfect test is printed as well: independent units, their variance known
exactly, the same number of sets from pools as large as the hottest 2 and 5 % of a city.
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
import placebo_false_alarms as plain
import placebo_known_effects as known

from analysis import evaluation
from analysis.evaluation import clusters, placebo
from analysis.evaluation.units import units

RULES = ("random", "top 5 % of last year", "top 2 %", "groups of 3")
SIZE = 15
FALL = 0.2
LEAST_SETS = 60  # judged sets of a city's year that make a rate of its own
OPEN = 0.08
POOLS = (32, 80)  # the hottest 2 and 5 % of 1,600 units
VERDICTS = ("alone", "and rare among placebo sets")


def study(
    seed: int, *, n_sets: int, n_planted: int, n_placebos: int, is_harsh: bool, upheavals: float
) -> pd.DataFrame:
    """Ask every rule in every year of one city, without an effect and with one; a row a set."""
    recipe = replace(plain.varied(seed, is_harsh=is_harsh), upheavals=upheavals)
    made = cities.city(seed, recipe)
    rng = np.random.default_rng([seed, 5])
    near = spatial.cKDTree(made.xy).query_ball_point(made.xy, 1.5)
    rows = []
    for start in plain.STARTS:
        after, history = made.years(start)
        city = units(history, xy=made.xy)
        pairs = clusters.Neighbourhood(city)
        by_rule = plain.chosen_sets(made, history, SIZE, n_sets, seed=[seed, start])
        for rule in RULES:
            sets = by_rule[rule]
            planted = sets[:n_planted]
            falls = np.stack(
                [known._planted(rng, after, chosen, near, 1 - FALL, 0.0) for chosen in planted]
            )
            for is_planted, asked, y in ((False, sets, after), (True, planted, falls)):
                found = placebo.run_sets(city, asked, y, neighbourhood=pairs)
                for k, chosen in enumerate(asked):
                    row = {"rule": rule, "seed": seed, "year": start, "is_planted": is_planted}
                    row |= {"is_refused": bool(found.is_refused[k]), "alone": _is_called(found, k)}
                    own_y = y[k] if is_planted else y
                    if row["alone"]:
                        row |= _held_back(made, own_y, history, chosen, found, k, n_placebos)
                    rows.append(row | {name: row.get(name, False) for name in VERDICTS})
    return pd.DataFrame(rows)


def _is_called(found, k) -> bool:
    is_called = found.p[k] < plain.ALARM and abs(found.log_ratio[k]) > found.margin[k]
    return bool(is_called and not found.is_refused[k])


def _held_back(made, after, history, chosen, found, k, n_placebos):
    """Draw the badge that the product would draw, and let it speak."""
    rule = "clustered" if found.near_share[k] >= clusters.NEAR_FROM else "alike"
    own = evaluation.badge(
        after,
        history,
        xy=made.xy,
        treated=chosen,
        options=placebo.BadgeOptions(rule=rule, n_sets=n_placebos),
    )
    return {
        "and rare among placebo sets": not own.against,
        "p_calibrated": own.p_calibrated,
        "false_alarm_rate": own.false_alarm_rate,
        "n_judged": own.n_judged,
    }


def perfect(pool: int, n_sets: int, *, n_city_years: int = 1500) -> str:
    """Tell what a perfect test would show in single city-years."""
    rng = np.random.default_rng(pool)
    rates = np.empty(n_city_years)
    for k in range(n_city_years):
        luck = rng.normal(size=pool)
        sets = np.argpartition(rng.random((n_sets, pool)), SIZE - 1, axis=1)[:, :SIZE]
        inside = luck[sets].sum(axis=1)
        apart = inside / SIZE - (luck.sum() - inside) / (pool - SIZE)
        rates[k] = (np.abs(apart) > 1.959964 * np.sqrt(1 / SIZE + 1 / (pool - SIZE))).mean()
    return (
        f"a perfect test, sets of {SIZE} from {pool} units: {rates.mean():.1%},"
        f" over 8 % in {(rates > OPEN).mean():.0%} of city-years,"
        f" over {np.quantile(rates, 0.95):.0%} in one of twenty"
    )


def table(rows: pd.DataFrame) -> str:
    """Write false alarms and power as a Markdown table, a line a rule and verdict."""
    heads = (
        "rule", "verdict", "sets", "refused", "called a change", "city-years over 8 %", "worst",
        f"a fall of {FALL:.0%} called",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---|---" + "|--:" * (len(heads) - 2) + "|"]
    for rule, group in rows.groupby("rule", sort=False):
        judged = group[~group["is_refused"]]
        quiet, planted = judged[~judged["is_planted"]], judged[judged["is_planted"]]
        n_sets = int((~group["is_planted"]).sum())
        for verdict in VERDICTS:
            single = quiet.groupby(["seed", "year"])[verdict].agg(["mean", "size"])
            single = single.loc[single["size"] >= LEAST_SETS, "mean"]
            lines.append(
                f"| {rule} | {verdict} | {n_sets:,} | {1 - len(quiet) / n_sets:.1%}"
                f" | {quiet[verdict].mean():.1%} | {(single > OPEN).sum()} of {len(single)}"
                f" | {single.max():.0%} | {planted[verdict].mean():.1%} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cities", type=int, default=16)
    parser.add_argument("--first", type=int, default=7001, help="seed of the first city")
    parser.add_argument("--sets", type=int, default=120, help="a rule, year and city")
    parser.add_argument("--planted", type=int, default=6, help="of them also asked with an effect")
    parser.add_argument("--placebos", type=int, default=200, help="sets of a badge")
    parser.add_argument("--harsh", action="store_true", help="cities of twice as much luck")
    parser.add_argument("--upheavals", type=float, default=0.0, help="quarters that shift, a year")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rows", help="file to keep the rows in (Parquet), city by city")
    asked = parser.parse_args()
    parts = []
    with ProcessPoolExecutor(asked.processes) as pool:
        found = pool.map(
            partial(
                study,
                n_sets=asked.sets,
                n_planted=asked.planted,
                n_placebos=asked.placebos,
                is_harsh=asked.harsh,
                upheavals=asked.upheavals,
            ),
            range(asked.first, asked.first + asked.cities),
        )
        for part in found:
            parts.append(part)
            if asked.rows:
                pd.concat(parts, ignore_index=True).to_parquet(asked.rows)
    rows = pd.concat(parts, ignore_index=True)
    sys.stdout.write(f"{asked.cities} cities, {len(rows):,} sets\n\n{table(rows)}\n\n")
    sys.stdout.write("\n".join(perfect(pool, asked.sets) for pool in POOLS) + "\n")


if __name__ == "__main__":
    main()
