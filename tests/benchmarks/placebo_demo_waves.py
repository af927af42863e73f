"""What the local comparison says of the waves of demo cities, whose truth is written down.

Run it by hand, some 20 CPU seconds a seed:

    .venv/bin/python tests/benchmarks/placebo_demo_waves.py --seeds 20 --processes 2

Every wave with twelve months before and after is asked about on the incidents that an effect could
touch. *Truth on the ground* is the planted ratio, where it holds, on the ground that is measured
(views grown by 50 m): B / (B_near/ρ + B_far), B_near the incidents after within the radius that the
truth file names, ρ the planted ratio.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from analysis import evaluation, visibility
from data import demo, layers

FIRST_KNOWN = date(2022, 1, 1)


def study(seed: int) -> pd.DataFrame:
    """Ask about every wave of one demo city; a row a wave."""
    with tempfile.TemporaryDirectory() as folder:
        store = demo.write_demo(Path(folder) / "demo.db", seed=seed)
        truth = json.loads(demo.truth_path(store.location).read_text(encoding="utf-8"))
        categories = next(tuple(w["categories"]) for w in truth["waves"] if w["categories"])
        crs = store.properties.metric_crs
        register = layers.read_camera_register(store).to_crs(crs)
        incidents = layers.read_incidents(store, categories=categories).to_crs(crs)
        incidents = incidents.assign(starts_at=incidents["happened_on"])
        known = (FIRST_KNOWN, store.properties.last_day)
        rows = [
            _row(store, register, incidents, wave, known)
            for wave in truth["waves"]
            if wave["installed_on"]
        ]
        store.close()
    return pd.DataFrame([row for row in rows if row]).assign(seed=seed)


def _row(store, register, incidents, wave, known):
    treated = register[register["wave"] == wave["wave"]]
    came = pd.to_datetime(treated["installed_on"])
    first, last = came.min().date(), came.max().date()
    window = evaluation.window(first, known=known, installed_until=last)
    years = evaluation.years_before(first, known=known)
    if window.reasons or not years:
        return None
    zones = _zones(store, register, treated, since=years[-1].start_on, window=window)
    laid = evaluation.lay_units(zones)
    counts = evaluation.count_units(incidents, laid, periods=(window.after, *years))
    asked = {
        "xy": laid[["easting_widths", "northing_widths"]],
        "treated": np.flatnonzero(laid["is_treated"]),
        "available": laid["is_available"],
    }
    found = evaluation.compare(counts[0], counts[1:], **asked)
    badge = evaluation.badge(counts[0], counts[1:], **asked)
    on_ground = _on_ground(incidents, laid, treated, wave, window)
    parts = evaluation.raw_change(found)
    return {
        "what": f"{wave['wave']} {wave['rule']}, planted {wave['rate_ratio']:g}",
        "n_treated": found.n_treated,
        "on_ground": on_ground,
        "change": found.change,
        "raw_change": parts.raw_change,
        "expected_change": parts.expected_change,
        "holds": found.low <= on_ground - 1 <= found.high,
        "outcome": found.verdict.outcome,
        "refused": bool(found.cannot_tell),
        "detectable": found.smallest_detectable_fall,
        "badge": badge.false_alarm_rate,
        "badge_ratio": badge.false_alarm_rate_ratio,
    }


def _zones(store, register, treated, *, since, window):
    others = register.drop(treated.index)
    days = pd.to_datetime(others["installed_on"])
    came = (days >= pd.Timestamp(since)) & (days < pd.Timestamp(window.after.end_before))
    division = layers.division_on(store, window.after.start_on)
    return evaluation.zones_around(
        visibility.viewsheds(treated[treated["range_m"].notna()]),
        wards=layers.read_wards(store, division=division).to_crs(register.crs),
        others=visibility.viewsheds(others[came & others["range_m"].notna()]),
    )


def _on_ground(incidents, laid, treated, wave, window):
    after = incidents[window.after.holds(incidents["happened_on"])]
    after = after[after.geometry.notna()]
    ground = shapely.union_all(laid.geometry[laid["is_treated"]].to_numpy())
    inside = after[after.within(ground)]
    if wave["rate_ratio"] == 1 or len(inside) == 0:
        return 1.0
    if wave["ward_codes"]:
        near = inside["ward_code"].isin(wave["ward_codes"])
    else:
        reach = shapely.buffer(shapely.union_all(treated.geometry.to_numpy()), wave["radius_m"])
        near = inside.within(reach)
    n_near = int(near.sum())
    return len(inside) / (n_near / wave["rate_ratio"] + len(inside) - n_near)


def table(rows: pd.DataFrame) -> str:
    """Write the answers as a Markdown table, a line a wave."""
    heads = (
        "wave", "seeds", "units", "truth on the ground", "median change", "raw", "to be expected",
        "truth in 95 %", "fell", "rose", "refused", "median detectable fall", "badge, ours",
        "badge, ratio with φ",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * (len(heads) - 1) + "|"]
    for what, group in rows.groupby("what"):
        outcome = group["outcome"].value_counts()
        lines.append(
            f"| {what} | {len(group)} | {group['n_treated'].median():.0f}"
            f" | {group['on_ground'].median() - 1:+.0%} | {group['change'].median():+.0%}"
            f" | {group['raw_change'].median():+.0%} | {group['expected_change'].median():+.0%}"
            f" | {int(group['holds'].sum())} | {outcome.get('fell', 0)} | {outcome.get('rose', 0)}"
            f" | {int(group['refused'].sum())} | {group['detectable'].median():.0%}"
            f" | {group['badge'].dropna().mean():.1%} | {group['badge_ratio'].mean():.1%} |"
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
