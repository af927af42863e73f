"""What a before/after comparison answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import geopandas as gpd
import pandas as pd

from analysis import evaluation
from dashboard.questions.evaluation_request import EvaluationRequest


@dataclass(frozen=True, kw_only=True)
class Caution:
    """Something that should make the reader careful, with its size.

    Attributes
    ----------
    code
        Which, stable.
    facts
        The numbers, days and names that its sentence needs.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What was fixed before the result could be known, and what became of it.

    Attributes
    ----------
    registration_id, registered_at, actor
        Its number, when it was fixed, and by whom.
    read_out_on
        The day on which the result is to be read.
    is_read_early
        Whether that day is still to come.
    known_until
        The last day that the records covered when it was fixed.
    is_late
        Whether they covered days after the change already: the result could have been known.
    changes
        Fields of the request that are not as registered.
    parent_id, changes_from_parent
        The registration that this one replaces, and the fields in which they differ.
    superseded_by
        The registration that replaces this one; None while it stands.
    n_places_lost
        Comparison places fixed then where other cameras came or went since: they no longer serve.
    """

    registration_id: int
    registered_at: datetime
    actor: str
    read_out_on: date
    is_read_early: bool
    known_until: date
    is_late: bool
    changes: tuple[str, ...] = ()
    parent_id: int | None = None
    changes_from_parent: tuple[str, ...] = ()
    superseded_by: int | None = None
    n_places_lost: int = 0


@dataclass(frozen=True, kw_only=True)
class EvaluationAnswer:
    """What was found.

    Parameters
    ----------
    request
        What was asked.
    installed_on, installed_until
        First and last day of installation.
    categories
        The incident types that were counted.
    n_cameras
        Treated cameras; for wards, those that stand in them on the last day; none for an area.
    n_excluded_cameras
        Other cameras that came or went since the first year of history; the ground around them is
        left out.
    n_control_cameras
        Cameras that came or went in the comparison in the same time and could not be left out:
        those of other wards, when whole wards are compared.
    n_excluded_before, n_excluded_after
        Incidents with a point on none of the three grounds: around the excluded cameras, or
        outside the city.
    population_source
        Where the inhabitants of the rates come from; None without rates, or with several sources.
    comparison
        Counts and the textbook: RIRR with φ, WDD with displacement. Its ``verdict`` and ``reasons``
        are those of the local comparison, its ``p_calibrated`` and ``false_alarm_rate_textbook``
        those of the badge.
    displacement_ratio
        The ring against the comparison, as the ratio of the treated ground is; None without ring.
    zones
        The three grounds, WGS84, indexed ``treated``, ``displacement``, ``control``.
    months
        Incidents by month relative to the installation: ``offset`` (0 is the first month after),
        ``treated``, ``displacement``, ``control``.
    history
        The years before that the local comparison learnt from, the most recent first; each as long
        as the period after was meant to be.
    verdict
        Fell, rose or cannot tell, with all reasons: **the** answer.
    local
        The local empirical-Bayes comparison that it rests on; None without one whole year of
        records before.
    badge
        How often ours and the textbook's cry wolf at placebo places of this city; None where no
        placebo sets were asked for or can be drawn.
    power
        What these places could show at all, from the past alone; None without history.
    permutation
        The second opinion by lot.
    raw_change
        The raw fall in parts: city, regression to the mean, what is left.
    wdq, harm_wdd
        Displacement as a quotient (ratio of ring to treated), and the WDD in units of harm; None
        without a ring, or without ``category_weights``.
    two_way, group_time
        Poisson two-way fixed effects over units and months, and effects by wave and by months since
        the cameras came (``by_lag``); None without a month before or after.
    series
        Incidents on the treated units by month: ``offset``, ``observed``, ``expected``, ``low``,
        ``high`` (usual range of ``observed`` were nothing done). Offsets 0 and up are after; the
        expected add up to ``local.expected``. Before, they show how well the comparison follows.
    units
        Every place, WGS84, indexed by ``unit_id``: ``role`` (``evaluation_places.ROLES``),
        ``is_by_hand``, ``n_before`` (last year before), ``n_after``, ``weight`` (what an incident
        more there afterwards adds to the expectation of the treated; 0 for places that do not
        serve), ``score`` (incidents a year, before).
    grid
        The same asked with other radii, comparisons and months; None if not wanted.
    cautions
        What should make the reader careful, with sizes.
    registered
        What was fixed beforehand; None for a question that was not registered.
    """

    request: EvaluationRequest
    installed_on: date
    installed_until: date
    categories: tuple[str, ...]
    n_cameras: int
    n_excluded_cameras: int
    n_control_cameras: int
    n_excluded_before: int
    n_excluded_after: int
    population_source: str | None
    comparison: evaluation.Comparison
    displacement_ratio: evaluation.Rirr | None
    zones: gpd.GeoSeries
    months: pd.DataFrame
    history: tuple[evaluation.Period, ...]
    verdict: evaluation.Verdict
    local: evaluation.LocalComparison | None
    badge: evaluation.Badge | None
    power: evaluation.Power | None
    permutation: evaluation.Permutation | None
    raw_change: evaluation.RawChange | None
    wdq: evaluation.Wdq | None
    harm_wdd: evaluation.Wdd | None
    two_way: evaluation.TwoWayFit | None
    group_time: evaluation.GroupTime | None
    series: pd.DataFrame
    units: gpd.GeoDataFrame
    grid: evaluation.Grid | None
    cautions: tuple[Caution, ...]
    registered: Registered | None
