"""How long a proven plan takes, beside spopt with its default solver (CBC) on the same cities.

Run it by hand, some cases take minutes:

    .venv/bin/python tests/benchmarks/siting.py --case 300x5000x20 --seeds 11,12,13,14,15 --peer
    .venv/bin/python tests/benchmarks/siting.py --case poles --limit 20 --seeds 11,12

Each run is a process of its own, on one thread. Counted are its CPU seconds, with those of the
solver it calls, from the coordinates to the plan: the cover (for spopt the distances and the
model) and the solving, not the imports and the compiled loops' loading. Cases are candidates ×
demand × p, or ``poles``: 600 poles × 24 bearings of 90° × 20,000, one bearing a pole, p 20.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

PEER_LIMIT_S = 1500


def cpu_s() -> float:
    """Give the CPU seconds of this process and of the solvers it has called."""
    return sum(
        part.ru_utime + part.ru_stime
        for part in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def sizes(case: str) -> tuple[int, int, int]:
    """Give the candidates, the demand points and p of a case."""
    n_sites, n_demand, p = (600, 20_000, 20) if case == "poles" else map(int, case.split("x"))
    return n_sites, n_demand, p


def run_ours(case: str, seed: int, limit_s: float | None) -> dict[str, object]:
    """Plan one city with analysis.siting."""
    from siting_instances import bearings, city, cover

    from analysis import siting

    n_sites, n_demand, p = sizes(case)
    made = city(n_sites=n_sites, n_demand=n_demand, seed=seed)
    siting.warm_up()
    trace = []
    began = cpu_s()
    if case == "poles":
        matrix, pole = bearings(made, n_bearings=24, fov_deg=90.0)
        problem = siting.Problem(cover=matrix, weight=made.weight, count=p, group=pole, per_group=1)
    else:
        problem = siting.Problem(cover=cover(made), weight=made.weight, count=p)
    plan = siting.solve(
        problem,
        time_limit_s=limit_s,
        progress=lambda now: trace.append((cpu_s() - began, now.value, now.bound)),
        clock=cpu_s,
    )
    spent = cpu_s() - began
    close = [at for at, value, bound in trace if bound and (bound - value) / bound <= 0.001]
    return {
        "cpu_s": spent,
        "cpu_s_to_0.1_percent": min([*close, spent]) if plan.gap_share <= 0.001 else None,
        "status": plan.status,
        "value": plan.value,
        "gap_share": plan.gap_share,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def run_peer(case: str, seed: int) -> dict[str, object]:
    """Plan one city with spopt and CBC."""
    import pulp
    from scipy.spatial.distance import cdist
    from siting_instances import city
    from spopt.locate import MCLP

    n_sites, n_demand, p = sizes(case)
    made = city(n_sites=n_sites, n_demand=n_demand, seed=seed)
    began = cpu_s()
    model = MCLP.from_cost_matrix(
        cdist(made.demand_m, made.sites_m), made.weight, service_radius=made.range_m,
        p_facilities=p,
    )  # fmt: skip
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    return {
        "cpu_s": cpu_s() - began,
        "status": pulp.LpStatus[model.problem.status],
        "value": float(model.problem.objective.value()),
    }


def child(case: str, seed: int, limit_s: float | None, *, is_peer: bool) -> dict[str, object]:
    """Run one city in a process of its own."""
    words = [sys.executable, __file__, "--case", case, "--seeds", str(seed), "--child"]
    words += ["--limit", str(limit_s)] if limit_s else []
    words += ["--peer"] if is_peer else []
    one_thread = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        words, env={**os.environ, **one_thread, "PYTHONPATH": path}, capture_output=True,
        text=True, check=True, timeout=PEER_LIMIT_S if is_peer else None,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(case: str, seeds: list[int], limit_s: float | None, *, with_peer: bool) -> None:
    """Run a case on every seed and print a line each, and the medians."""
    ours, peers = [], []
    for seed in seeds:
        ours.append(child(case, seed, limit_s, is_peer=False))
        say(f"{case} {seed} ours {json.dumps(ours[-1])}")
        if with_peer:
            peers.append(child(case, seed, None, is_peer=True))
            same = abs(peers[-1]["value"] - ours[-1]["value"]) < 0.5
            say(f"{case} {seed} spopt {json.dumps(peers[-1])} same value: {same}")
    middle = statistics.median(run["cpu_s"] for run in ours)
    proven = sum(run["status"] == "optimal" for run in ours)
    line = f"{case}: median {middle:.2f} CPU s, proven {proven} of {len(ours)}"
    if peers:
        theirs = statistics.median(run["cpu_s"] for run in peers)
        line += f"; spopt {theirs:.2f} CPU s, ratio {theirs / middle:.1f}"
    say(line)


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the words of the command and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default="300x5000x20")
    parser.add_argument("--seeds", default="11,12,13,14,15")
    parser.add_argument("--limit", type=float, default=None, help="CPU seconds for ours")
    parser.add_argument("--peer", action="store_true", help="run spopt as well")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")]
    if given.child and given.peer:
        say(json.dumps(run_peer(given.case, seeds[0])))
    elif given.child:
        say(json.dumps(run_ours(given.case, seeds[0], given.limit)))
    else:
        report(given.case, seeds, given.limit, with_peer=given.peer)


if __name__ == "__main__":
    main()
