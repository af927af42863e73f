"""How often before/after tells the truth in demo cities whose truth is known.

Run it by hand, it takes some minutes:

    .venv/bin/python tests/benchmarks/planted_effects.py --seeds 20 --processes 2

For each seed a demo city is made, and each wave asked about as a page would. A wave's truth is said
in two ways: *planted* is the ratio written in the truth file, which holds within 120 m of its
cameras; *on the ground* is what that amounts to on the ground that is measured (views grown by
50 m), B / (B_in/ρ + B_out), where B_in are the incidents after, on that ground, that the effect
could prevent, B_out the others, and ρ the planted ratio.

Placebos are dated 2023-07-01, where nothing was done: sets of three and of eight wards without a
camera of a wave that has an effect; twenty places drawn by lot, more likely where more happens in
all three years; the twenty places that were hottest in the year before. Places lie 200 m and more
from every camera that came or went in those two years, and 600 m from each other.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import evaluation, visibility
from dashboard.questions import evaluation as question
from dashboard.questions import waves
from data import demo, layers

PLACEBO_ON = date(2023, 7, 1)
WARD_SETS = 5
WARDS_A_SET = (3, 8)
PLACE_SETS = 5
PLACES = 20
PLACE_RADIUS_M = 60.0
CELL_M = 300.0
APART_M = 600.0
CLEAR_M = 200.0


def study(seed: int) -> pd.DataFrame:
    """Ask everything of one demo city; a row a question."""
    with tempfile.TemporaryDirectory() as folder:
        store = demo.write_demo(Path(folder) / "demo.db", seed=seed)
        truth = json.loads(demo.truth_path(store.location).read_text(encoding="utf-8"))
        street_crime = next(tuple(w["categories"]) for w in truth["waves"] if w["categories"])
        rows = []
        for types, categories in (
            ("street crime", street_crime),
            ("as the page opens", _types_of_the_page(store)),
        ):
            for wave in truth["waves"]:
                if wave["installed_on"]:
                    rows += _wave_rows(store, wave, categories, street_crime, types=types)
            rows += _ward_placebos(store, truth, categories, seed=seed, types=types)
            rows += _place_placebos(store, categories, seed=seed, types=types)
        store.close()
    return pd.DataFrame(rows).assign(seed=seed)


def _types_of_the_page(store):
    wave = waves.waves(store)[-1]
    request = question.EvaluationRequest(today=store.properties.last_day, wave=wave)
    return question.answer(store, request).categories


def _wave_rows(store, wave, categories, street_crime, *, types):
    ways = {"cameras": {"wave": wave["wave"]}}
    if wave["ward_codes"]:
        ways["wards"] = {
            "ward_codes": tuple(wave["ward_codes"]),
            "installed_on": date.fromisoformat(wave["installed_on"]),
        }
    rows = []
    for way, chosen in ways.items():
        found = question.answer(
            store,
            question.EvaluationRequest(
                today=store.properties.last_day, categories=categories, **chosen
            ),
        )
        rho = wave["rate_ratio"]
        name = f"{wave['wave']} {wave['rule']}, by {way}, planted {rho:g}"
        on_ground = _truth_on_ground(store, wave, found, street_crime) if rho < 1 else 1.0
        rows.append(_row(types, name, found.comparison, planted=rho, on_ground=on_ground))
    return rows


def _truth_on_ground(store, wave, found, street_crime):
    """Say what the planted ratio amounts to on the ground that was measured."""
    after = found.comparison.after
    incidents = layers.read_incidents(
        store, since=after.start_on, until=after.end_before, categories=found.categories
    )
    incidents = incidents[after.holds(incidents["happened_on"])]
    if found.request.ward_codes:
        treated = incidents[incidents["ward_code"].isin(wave["ward_codes"])]
        is_near = pd.Series(data=True, index=treated.index)
    else:
        ground = found.zones["treated"]
        treated = incidents[incidents.geometry.notna() & incidents.within(ground)]
        if wave["ward_codes"]:
            is_near = treated["ward_code"].isin(wave["ward_codes"])
        else:
            crs = store.properties.metric_crs
            cameras = layers.read_camera_register(store).loc[wave["camera_ids"]].to_crs(crs)
            near = shapely.buffer(shapely.union_all(cameras.geometry.to_numpy()), wave["radius_m"])
            is_near = treated.to_crs(crs).within(near)
    could = is_near & treated["category"].isin(street_crime)
    n_in = int(could.sum())
    return len(treated) / (n_in / wave["rate_ratio"] + len(treated) - n_in)


def _ward_placebos(store, truth, categories, *, seed, types):
    register = layers.read_camera_register(store)
    effective = [w["wave"] for w in truth["waves"] if w["rate_ratio"] < 1]
    touched = set(register.loc[register["wave"].isin(effective), "ward_code"])
    touched |= {code for w in truth["waves"] for code in w["ward_codes"]}
    division = layers.division_on(store, PLACEBO_ON)
    free = [c for c in layers.read_wards(store, division=division).index if c not in touched]
    rng = np.random.default_rng([seed, 1])
    rows = []
    for size in [size for size in WARDS_A_SET for _ in range(WARD_SETS) if size <= len(free)]:
        found = question.answer(
            store,
            question.EvaluationRequest(
                today=store.properties.last_day,
                ward_codes=tuple(rng.choice(free, size=size, replace=False).tolist()),
                installed_on=PLACEBO_ON,
                categories=categories,
            ),
        )
        rows.append(_row(types, f"placebo: {size} wards", found.comparison))
    return rows


def _place_placebos(store, categories, *, seed, types):
    """Compare places where nothing came, along the very road that a wave takes."""
    crs = store.properties.metric_crs
    window = evaluation.window(PLACEBO_ON, known=(date(2022, 1, 1), store.properties.last_day))
    incidents = layers.read_incidents(store, categories=categories).to_crs(crs)
    division = layers.division_on(store, PLACEBO_ON)
    wards = layers.read_wards(store, division=division).to_crs(crs)
    register = layers.read_camera_register(store).to_crs(crs)
    days = pd.to_datetime(register["installed_on"])
    came = register[
        (days >= pd.Timestamp(window.before.start_on))
        & (days < pd.Timestamp(window.after.end_before))
    ]
    cells = _cells(incidents, window)
    far = shapely.distance(cells.geometry.to_numpy(), shapely.union_all(came.geometry.to_numpy()))
    cells = cells[far > CLEAR_M]
    rng = np.random.default_rng([seed, 2])
    weight = cells["n"] / cells["n"].sum()
    chosen = [
        ("placebo: 20 places by lot", rng.choice(cells.index, len(cells), replace=False, p=weight))
        for _ in range(PLACE_SETS)
    ]
    hottest = cells.sort_values("n_before", ascending=False, kind="stable").index
    chosen.append(("placebo: 20 hottest of the year before", hottest))
    rows = []
    for name, order in chosen:
        places = _apart(cells.geometry.loc[order])
        zones = evaluation.zones_around(
            places.buffer(PLACE_RADIUS_M),
            wards=wards,
            others=visibility.viewsheds(came[came["range_m"].notna()]),
        )
        compared = evaluation.compare_before_after(incidents, zones=zones, window=window)
        rows.append(_row(types, name, compared))
    return rows


def _cells(incidents, window):
    """Give squares with incidents: how many in all years and in the year before, and the middle."""
    located = incidents[incidents.geometry.notna()]
    x, y = located.geometry.x, located.geometry.y
    square = pd.MultiIndex.from_arrays([x // CELL_M, y // CELL_M])
    is_before = window.before.holds(located["happened_on"])
    table = (
        pd.DataFrame({"x": x, "y": y, "n_before": is_before})
        .groupby(square)
        .agg(x=("x", "median"), y=("y", "median"), n=("x", "size"), n_before=("n_before", "sum"))
    )
    points = gpd.points_from_xy(table["x"], table["y"], crs=incidents.crs)
    return gpd.GeoDataFrame(table[["n", "n_before"]].reset_index(drop=True), geometry=points)


def _apart(points):
    """Keep the first places of an order that stand far enough from each other."""
    kept = []
    for point in points:
        if all(point.distance(other) >= APART_M for other in kept):
            kept.append(point)
        if len(kept) == PLACES:
            break
    return gpd.GeoSeries(kept, crs=points.crs)


def _row(types, name, compared, *, planted=1.0, on_ground=1.0):
    def holds(value):
        if compared.rirr_low is None:
            return None
        return compared.rirr_low <= value <= compared.rirr_high

    return {
        "types": types,
        "what": name,
        "verdict": compared.verdict,
        "ratio": compared.rirr,
        "on_ground": on_ground,
        "holds_planted": holds(planted),
        "holds_on_ground": holds(on_ground),
        "leaves_out_1": None if compared.rirr_low is None else not holds(1.0),
    }


def table(rows: pd.DataFrame) -> str:
    """Write the answers as a Markdown table, a line a wave or placebo."""
    headings = (
        "types", "what", "n", "median ratio", "truth on the ground", "planted in 95 %",
        "on-ground truth in 95 %", "95 % leaves out 1", "fell", "rose", "cannot tell",
    )  # fmt: skip
    lines = [f"| {' | '.join(headings)} |", "|---|---" + "|--:" * (len(headings) - 2) + "|"]
    for (types, what), group in rows.groupby(["types", "what"], sort=False):
        known = group.dropna(subset="ratio")
        verdicts = group["verdict"].value_counts()
        lines.append(
            f"| {types} | {what} | {len(group)} | {known['ratio'].median():.2f}"
            f" | {known['on_ground'].median():.2f}"
            f" | {int(known['holds_planted'].sum())}/{len(known)}"
            f" | {int(known['holds_on_ground'].sum())}/{len(known)}"
            f" | {int(known['leaves_out_1'].sum())}/{len(known)}"
            f" | {verdicts.get('fell', 0)} | {verdicts.get('rose', 0)}"
            f" | {verdicts.get('cannot_tell', 0)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as pool:
        rows = pd.concat(pool.map(study, range(1, asked.seeds + 1)), ignore_index=True)
    sys.stdout.write(f"{asked.seeds} seeds\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
