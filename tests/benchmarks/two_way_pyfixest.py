"""Two-way fixed effects of 300 units and 60 periods: CPU time beside pyfixest, both warm.

Run it by hand:

    .venv/bin/python tests/benchmarks/two_way_pyfixest.py

``process_time`` counts all threads; set OPENBLAS_NUM_THREADS=1 to compare single ones.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pyfixest

from analysis import evaluation

REPEATS = 15


def panel():
    """Make counts with cameras that come in three waves, and the same as a long table."""
    rng = np.random.default_rng(1)
    n_units, n_periods = 300, 60
    usual = rng.gamma(1, 3, (n_units, 1))
    first = np.where(np.arange(n_units) < 90, rng.choice([24, 36, 48], n_units), n_periods)
    treated = (np.arange(n_periods) >= first[:, None]).astype(float)
    period = np.exp(rng.normal(0, 0.1, n_periods))
    luck = rng.gamma(5, 1 / 5, (n_units, 1))
    counts = rng.poisson(usual * period * 0.8**treated * luck)
    table = pd.DataFrame(
        {
            "y": counts.ravel(),
            "treated": treated.ravel(),
            "unit": np.repeat(np.arange(n_units), n_periods),
            "period": np.tile(np.arange(n_periods), n_units),
        }
    )
    return counts, treated, table


def timed(call):
    """Call once to warm up, then give the median CPU seconds, and the last answer."""
    call()
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        answer = call()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), answer


def main() -> None:
    """Time both and print coefficients, errors and seconds."""
    warnings.simplefilter("ignore")
    counts, treated, table = panel()
    own_s, fit = timed(lambda: evaluation.two_way(counts, treated))
    peer_s, other = timed(
        lambda: pyfixest.fepois("y ~ treated | period + unit", table, vcov={"CRV1": "unit"})
    )
    sys.stdout.write(
        f"coefficient {fit.log_ratio[0]:.10f} here, {other.coef().iloc[0]:.10f} by pyfixest\n"
        f"error       {fit.se[0]:.10f} here, {other.se().iloc[0]:.10f} by pyfixest\n"
        f"CPU seconds {own_s:.5f} here, {peer_s:.5f} by pyfixest: {peer_s / own_s:.1f} times\n"
    )


if __name__ == "__main__":
    main()
