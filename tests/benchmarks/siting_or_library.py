"""Least cost on set covering files of the OR-Library, beside the optima published for them.

The files are not part of the project. Fetch some from the OR-Library (Beasley 1990) and name their
folder:

    .venv/bin/python tests/benchmarks/siting_or_library.py FOLDER

A file holds the number of rows and columns, the cost of each column, and for each row how many
columns cover it and which, counted from 1.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from analysis import siting

OPTIMA = {"scp41": 429, "scp51": 253, "scpa1": 253}
"""Proven in Beasley 1987 and by many since."""


def read(path: Path) -> siting.Problem:
    """Read a file as the question for the cheapest columns that cover every row."""
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64)
    n_rows, n_columns = numbers[:2]
    cost, at = numbers[2 : 2 + n_columns].astype(float), 2 + int(n_columns)
    starts, columns = [0], []
    for _ in range(n_rows):
        n = int(numbers[at])
        columns.append(numbers[at + 1 : at + 1 + n] - 1)
        starts.append(starts[-1] + n)
        at += 1 + n
    if at != len(numbers):
        raise ValueError(path)
    found = np.concatenate(columns)
    cover = sp.csr_array(
        (np.ones(len(found), dtype=np.int8), found, np.array(starts)), shape=(n_rows, n_columns)
    )
    return siting.Problem(
        cover=cover, weight=np.ones(n_rows), cost=cost, objective="least_cost", target_share=1.0
    )


def main() -> None:
    """Solve every file of the folder whose optimum is known."""
    siting.warm_up()
    for path in sorted(Path(sys.argv[1]).glob("scp*.txt")):
        if path.stem not in OPTIMA:
            continue
        before = time.process_time()
        plan = siting.solve(read(path))
        spent_s = time.process_time() - before
        is_same = plan.status == "optimal" and plan.value == OPTIMA[path.stem]
        sys.stdout.write(
            f"{path.stem}: {plan.value:g} ({plan.status}), published {OPTIMA[path.stem]}, "
            f"{spent_s:.2f} CPU s, same: {is_same}\n"
        )


if __name__ == "__main__":
    main()
