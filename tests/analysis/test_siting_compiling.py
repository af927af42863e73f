"""The inner loops without a compiler, and that nothing is left to compile after the warm-up."""

import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import scipy.sparse as sp

from analysis import siting
from analysis.siting import bound_kernels, choice_kernels

OBJECTIVES = {
    "most": {"count": 6},
    "money, places paid for, heads": {"budget": 15.0, "is_dear": True, "backup": 0.3},
    "least cost": {"objective": "least_cost", "target_share": 0.5, "is_dear": True},
    "worst ward": {"objective": "worst_ward", "count": 6},
    "floors and quotas": {"count": 6, "floor": 0.1, "ward_min": {0: 1}},
    "turns": {"count": 5, "has_turns": True},
}


def drawn(*, is_dear=False, has_turns=False, **wishes):
    """Draw places in a unit square with the demand that they see, and the wishes of a case."""
    rng = np.random.default_rng(8)
    at, home = rng.random((24, 2)), rng.random((90, 2))
    near = np.hypot(*(home[:, None] - at[None]).transpose(2, 0, 1)) < 0.24
    if is_dear:
        place = np.repeat(np.arange(8), 3)
        wishes |= {
            "cost": 1 + rng.random(24) * 3, "place": place, "group": place, "per_group": 2,
            "place_cost": dict(enumerate(rng.random(8) * 2)),
        }  # fmt: skip
    if has_turns:
        wishes |= {"kept": [0, 3], "group": [0, 0, 0, 1, 1, 1] + [None] * 18}
    if "ward_min" in wishes:
        wishes["option_ward"] = (at[:, 0] > 0.5).astype(int)
    ward = (home[:, 0] > 0.5).astype(int)
    return siting.Problem(
        cover=sp.csr_array(near), weight=rng.integers(1, 50, 90), demand_ward=ward, **wishes
    )


def signatures():
    """Count what each inner loop that is called from outside is compiled, or loaded, for."""
    return {
        f"{module.__name__}.{name}": len(found.signatures)
        for module in (bound_kernels, choice_kernels)
        for name, found in vars(module).items()
        if hasattr(found, "signatures") and not name.startswith("_")
    }


def test_after_the_warm_up_nothing_is_left_to_compile():
    pytest.importorskip("numba")
    siting.warm_up()
    before = signatures()
    assert len(before) == 4
    assert min(before.values()) > 0
    for wishes in OBJECTIVES.values():
        siting.solve(drawn(**wishes))
    assert signatures() == before


WITHOUT = """
    import json, sys
    sys.modules["numba"] = None  # as where there is no wheel for the machine
    sys.path.insert(0, sys.argv[1])
    import test_siting_compiling as cases
    from analysis.siting import choice_kernels
    assert type(choice_kernels.greedy).__name__ == "function"
    found = {name: cases.siting.solve(cases.drawn(**wishes)) for name, wishes in
             cases.OBJECTIVES.items()}
    print(json.dumps({name: [p.status, p.value, p.chosen.tolist()] for name, p in found.items()}))
"""


def test_without_a_compiler_the_plans_are_the_same():
    pytest.importorskip("numba")
    here = __file__.rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WITHOUT), here],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    plain = json.loads(done.stdout)
    for name, wishes in OBJECTIVES.items():
        plan = siting.solve(drawn(**wishes))
        assert plan.status == "optimal"
        assert plain[name] == [plan.status, plan.value, plan.chosen.tolist()], name
