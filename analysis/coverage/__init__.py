"""What the working cameras together see: their union, and each ward's share of what matters.

Shares of street length and of incidents stand before square metres: in a real city a few per cent
of the ground holds most of both. METHODS.md, section Coverage.
"""

from analysis.coverage.ground import covered_area
from analysis.coverage.points import covered, wards_of
from analysis.coverage.tables import SHARES, SUMMED, total, ward_table

__all__ = ["SHARES", "SUMMED", "covered", "covered_area", "total", "ward_table", "wards_of"]
