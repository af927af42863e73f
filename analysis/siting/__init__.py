"""Where the next camera goes: which options to choose, with a proof of how good the choice is.

METHODS.md, section Siting.
"""

from analysis.siting.curve import curve, explain
from analysis.siting.plan import Conflict, Plan
from analysis.siting.problem import NoDemandError, NoOptionsError, Problem, UnlimitedError
from analysis.siting.solving import solve, warm_up
from analysis.siting.spacing import too_close
from analysis.siting.stopwatch import Progress

__all__ = [
    "Conflict",
    "NoDemandError",
    "NoOptionsError",
    "Plan",
    "Problem",
    "Progress",
    "UnlimitedError",
    "curve",
    "explain",
    "solve",
    "too_close",
    "warm_up",
]
