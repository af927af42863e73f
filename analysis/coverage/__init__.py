"""What cameras together see: the ground, the streets, what happens in them, ward by ward.

Shares of street length and of incidents stand before square metres: in a real city a few per cent
of the ground holds most of both. ``prepare`` takes the layers apart once, ``measure`` says what the
installed cameras see of them, and the state it gives answers what one change would do. METHODS.md,
section Coverage.
"""

from analysis.coverage.added import added
from analysis.coverage.cameras import Camera
from analysis.coverage.ground import covered_area
from analysis.coverage.names import ALL_SHARES, ALL_SUMMED, KINDS, SHARES, SUBJECTS, SUMMED
from analysis.coverage.points import covered, wards_of
from analysis.coverage.scene import Layers, Scene, prepare
from analysis.coverage.state import State, measure
from analysis.coverage.tables import total, ward_table
from analysis.coverage.views import check_views

__all__ = [
    "ALL_SHARES",
    "ALL_SUMMED",
    "KINDS",
    "SHARES",
    "SUBJECTS",
    "SUMMED",
    "Camera",
    "Layers",
    "Scene",
    "State",
    "added",
    "check_views",
    "covered",
    "covered_area",
    "measure",
    "prepare",
    "total",
    "ward_table",
    "wards_of",
]
