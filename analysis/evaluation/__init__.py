"""Did it work? Comparisons of before and after that do not flatter.

METHODS.md, section Before and after.
"""

from analysis.evaluation.comparison import (
    Comparison,
    Counts,
    compare_before_after,
    compare_wards,
)
from analysis.evaluation.detection import Power, power
from analysis.evaluation.displacement import Wdq, wdq
from analysis.evaluation.effects import Rirr, Wdd, dispersion, harm_wdd, rirr, wdd
from analysis.evaluation.event_series import Series, series
from analysis.evaluation.explained import RawChange, raw_change
from analysis.evaluation.fixed_effects import TwoWayFit, two_way
from analysis.evaluation.grids import Choice, Grid, GridCell, grid
from analysis.evaluation.layout import address_shares, count_units, lay_units, years_before
from analysis.evaluation.local import LocalComparison, compare
from analysis.evaluation.permutations import Permutation, PermutationOptions, permutation
from analysis.evaluation.placebo import Badge, BadgeOptions, badge
from analysis.evaluation.verdicts import Verdict, verdict
from analysis.evaluation.waves import GroupTime, WaveEffect, group_time
from analysis.evaluation.windows import Period, Window, window
from analysis.evaluation.zones import Zones, zones_around

__all__ = [
    "Badge",
    "BadgeOptions",
    "Choice",
    "Comparison",
    "Counts",
    "Grid",
    "GridCell",
    "GroupTime",
    "LocalComparison",
    "Period",
    "Permutation",
    "PermutationOptions",
    "Power",
    "RawChange",
    "Rirr",
    "Series",
    "TwoWayFit",
    "Verdict",
    "WaveEffect",
    "Wdd",
    "Wdq",
    "Window",
    "Zones",
    "address_shares",
    "badge",
    "compare",
    "compare_before_after",
    "compare_wards",
    "count_units",
    "dispersion",
    "grid",
    "group_time",
    "harm_wdd",
    "lay_units",
    "permutation",
    "power",
    "raw_change",
    "rirr",
    "series",
    "two_way",
    "verdict",
    "wdd",
    "wdq",
    "window",
    "years_before",
    "zones_around",
]
