"""Knox's count of 20,000 incidents with 99 deals: CPU time beside pointpats, in one process.

Run it by hand (pointpats takes minutes):

    .venv/bin/python tests/benchmarks/knox_pointpats.py
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
from pointpats.spacetime import Knox

from analysis.near_repeat import knox

DISTANCE_M, SPAN_DAYS, N_DEALS = 100, 7, 99


def main() -> None:
    """Time both on the same incidents and print the ratio and both counts."""
    warnings.simplefilter("ignore")
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rng = np.random.default_rng(1)
    xy, days = rng.uniform(0, 12_000, (n, 2)), rng.integers(0, 1_095, n)

    start = time.process_time()
    ours = knox(xy, days, distances_m=[DISTANCE_M], spans_days=[SPAN_DAYS], n_deals=N_DEALS).table
    ours_s = time.process_time() - start

    start = time.process_time()
    theirs = Knox(xy, days[:, None], delta=DISTANCE_M, tau=SPAN_DAYS, permutations=N_DEALS)
    theirs_s = time.process_time() - start
    sys.stdout.write(
        f"{n:,} incidents, {N_DEALS} deals\n"
        f"ours {ours_s:.2f} s, pointpats {theirs_s:.1f} s, ratio {theirs_s / ours_s:.0f}\n"
        f"pairs {ours['n_pairs'].item()} and {theirs.statistic_}\n"
        f"p {ours['p'].item():.2f} and {theirs.p_sim:.2f}\n"
    )


if __name__ == "__main__":
    main()
