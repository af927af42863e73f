"""Single cities in single years: how often the local comparison cries wolf, and what holds it back.

Run it by hand; some 40 CPU seconds a city:

    .venv/bin/python tests/benchmarks/placebo_city_years.py --cities 16 --processes 1

Sets of one city and year share its luck and many of their places, so that a test which keeps its
promise over many cities may break it in one. Three verdicts are compared: that of the comparison
alone; the same held back where the placebo sets of the city's own badge are *loud* (more than 8 %
of them false alarms) and the sites' statistic is not rare among them; and the same held back
wherever it is not rare among them. The price is told beside: how many of the planted falls are
still called. Badges are drawn as the product draws them, in groups where sites stand together, else
alike.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
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
VERDICTS = ("alone", "held back where loud", "held back always")


def study(
    seed: int, *, n_sets: int, n_planted: int, n_placebos: int, is_harsh: bool
) -> pd.DataFrame:
    """Ask every rule in every year of one city, without an effect and with one; a row a set."""
    made = cities.city(seed, plain.varied(seed, is_harsh=is_harsh))
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
    is_common = own.p_calibrated is not None and own.p_calibrated >= plain.ALARM
    return {
        "held back where loud": not own.against,
        "held back always": not is_common,
        "p_calibrated": own.p_calibrated,
        "loudness": own.false_alarm_rate,
        "n_judged": own.n_judged,
    }


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
            ),
            range(asked.first, asked.first + asked.cities),
        )
        for part in found:
            parts.append(part)
            if asked.rows:
                pd.concat(parts, ignore_index=True).to_parquet(asked.rows)
    rows = pd.concat(parts, ignore_index=True)
    sys.stdout.write(f"{asked.cities} cities, {len(rows):,} sets\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
