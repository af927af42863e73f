"""Did it work? Comparisons of before and after that do not flatter.

METHODS.md, section Before and after.
"""

from analysis.evaluation.comparison import (
    Comparison,
    Counts,
    compare_before_after,
    compare_wards,
)
from analysis.evaluation.effects import Rirr, Wdd, dispersion, rirr, wdd
from analysis.evaluation.local import LocalComparison, compare
from analysis.evaluation.verdicts import Verdict, verdict
from analysis.evaluation.windows import Period, Window, window
from analysis.evaluation.zones import Zones, zones_around

__all__ = [
    "Comparison",
    "Counts",
    "LocalComparison",
    "Period",
    "Rirr",
    "Verdict",
    "Wdd",
    "Window",
    "Zones",
    "compare",
    "compare_before_after",
    "compare_wards",
    "dispersion",
    "rirr",
    "verdict",
    "wdd",
    "window",
    "zones_around",
]
