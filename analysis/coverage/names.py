"""What a ward table counts, and what its columns are called."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("covered", "covered_twice", "covered_thrice", "covered_good", "covered_installed")
"""Ways to be covered: by at least one, two, three *working* devices; by one that works well; by one
that is installed, as if all of them worked."""


@dataclass(frozen=True)
class Subject:
    """Something that cameras see more or less of.

    Parameters
    ----------
    whole
        Column with how much of it there is.
    part
        Column with how much of that is covered, ``{}`` standing for the kind.
    share
        Column with the one over the other, likewise.
    """

    whole: str
    part: str
    share: str


SUBJECTS = {
    "area": Subject("area_m2", "{}_area_m2", "{}_area_share"),
    "street": Subject("street_length_m", "{}_street_length_m", "{}_street_share"),
    "incident": Subject("n_incidents_located", "n_incidents_{}", "{}_incident_share"),
    "incident_weight": Subject("incident_weight", "{}_incident_weight", "{}_incident_weight_share"),
    "gate": Subject("n_gates", "n_gates_{}", "{}_gate_share"),
    "junction": Subject("n_junctions", "n_junctions_{}", "{}_junction_share"),
    "population": Subject("population", "{}_population", "{}_population_share"),
}
"""Subjects of a full ward table, by name."""

CAMERA_COUNTS = ("n_cameras_installed", "n_cameras_working", "n_cameras_good")

SUMMED = (
    "area_m2",
    "covered_area_m2",
    "street_length_m",
    "covered_street_length_m",
    "n_incidents",
    "n_incidents_located",
    "n_incidents_covered",
    *CAMERA_COUNTS,
)
"""Columns of every ward table that add up to the city's."""

SHARES = {
    "covered_area_share": ("covered_area_m2", "area_m2"),
    "covered_street_share": ("covered_street_length_m", "street_length_m"),
    "covered_incident_share": ("n_incidents_covered", "n_incidents_located"),
}
"""Shares of every ward table, and the two columns each is the ratio of."""

ALL_SHARES = {
    subject.share.format(kind): (subject.part.format(kind), subject.whole)
    for subject in SUBJECTS.values()
    for kind in KINDS
}
"""Shares of a full ward table, and the two columns each is the ratio of."""

ALL_SUMMED = tuple(
    dict.fromkeys(
        [*SUMMED, *(name for part, whole in ALL_SHARES.values() for name in (whole, part))]
    )
)
"""Columns of a full ward table that add up to the city's."""
