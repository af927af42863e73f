"""All that an evaluation is made of, read once: who, when, where, and what happened."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from analysis import evaluation, visibility
from dashboard.questions import city
from dashboard.questions import evaluation_ground as ground
from dashboard.questions.evaluation_ground import Treatment
from dashboard.questions.evaluation_request import (
    EvaluationRequest,
    NoIncidentsError,
    NoInstallDateError,
)
from data import incident_points, layers, offences, registrations
from data.registrations import Registration
from data.store import Store

GRID_MONTHS = (6, 12)


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """What an evaluation is made of.

    Attributes
    ----------
    request
        What was asked, its last day no later than the records. Its ``installed_on`` is another than
        the one asked for only where nobody knew a day, and the day after the records was taken.
    known
        First and last day that the records cover.
    categories
        The types that count.
    treatment, window, history
        What is treated; the periods; the years before, the most recent first.
    wards
        The city's wards; those that had other land before are left out when wards are compared.
    unlike_wards, n_left_out
        Which these are, and incidents that could not be brought into the division.
    others
        Other cameras that came or went since the first year of history, whose range is known.
    n_others
        All of them.
    standing
        All other cameras whose range is known.
    incidents
        From ``incident_points.read_incident_points``, in the division when wards are compared.
    fixed
        The registration, if the question was registered.
    """

    request: EvaluationRequest
    known: tuple[date, date]
    categories: tuple[str, ...]
    treatment: Treatment
    window: evaluation.Window
    history: tuple[evaluation.Period, ...]
    wards: gpd.GeoDataFrame
    unlike_wards: frozenset[str]
    n_left_out: int
    others: gpd.GeoDataFrame
    n_others: int
    standing: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    fixed: Registration | None

    @property
    def other_views(self) -> gpd.GeoSeries:
        """What the other cameras that came or went see."""
        return visibility.viewsheds(self.others)

    @property
    def is_of_wards(self) -> bool:
        """Whether whole wards are compared."""
        return bool(self.treatment.ward_codes)


def read(store: Store, request: EvaluationRequest, *, is_planned: bool = False) -> Setting:
    """Read all that an evaluation needs.

    Parameters
    ----------
    store
        The store.
    request
        What is asked.
    is_planned
        Only the past is asked about: the change may come after the records, and is taken to come
        on the day after them where no day is known.

    Raises
    ------
    VongLauError
        As ``evaluation.answer``.
    """
    request, known = _within_records(store, request)
    tomorrow = known[1] + timedelta(days=1)
    categories = chosen_categories(store, request.categories)
    fixed = (
        None
        if request.registration_id is None
        else registrations.read(store, request.registration_id)
    )
    register = layers.read_camera_register(store).to_crs(store.properties.metric_crs)
    try:
        treatment = ground.find(store, request, register=register, first_known=known[0])
    except NoInstallDateError:
        if not is_planned or request.kind in ("wave", "cameras"):  # these stand somewhere already
            raise
        request = dataclasses.replace(request, installed_on=tomorrow)
        treatment = ground.find(store, request, register=register, first_known=known[0])
    start = min(treatment.installed_on, tomorrow)
    window = (
        evaluation.window(start, known=known, months=request.months)
        if is_planned
        else ground.window(request, treatment, first_known=known[0])
    )
    history = evaluation.years_before(start, known=known, months=request.months)
    first = min([window.before.start_on, *(year.start_on for year in history)])
    since, until = _span(treatment, request, known)
    rest = register.drop(treatment.cameras.index)
    others = ground.moved(rest, since=min(first, since), end_before=until)
    division = city.wards_on(
        store, map_day(request, known, treatment.installed_until), division=treatment.division
    )
    incidents = incident_points.read_incident_points(
        store,
        since=max(known[0], min(first, _longest(start, request))),
        end_before=window.after.end_before,
        categories=categories,
    )
    counted = city.Counted(incidents=incidents)
    if treatment.ward_codes:
        counted = city.counted_in(store, incidents, division)
    # a ward that had other land before is no comparison; one that is asked about is warned of
    unlike = counted.unlike_wards - set(treatment.ward_codes)
    return Setting(
        request=request,
        known=known,
        categories=categories,
        treatment=treatment,
        window=window,
        history=history,
        wards=division.outlines.drop(list(unlike)),
        unlike_wards=counted.unlike_wards,
        n_left_out=counted.n_left_out,
        others=ground.seeing(others),
        n_others=len(others),
        standing=ground.seeing(rest),
        incidents=counted.incidents,
        fixed=fixed,
    )


def map_day(request: EvaluationRequest, known: tuple[date, date], installed_until: date) -> date:
    """Give the day whose wards count: that of the installation, if the records reach so far."""
    return min(request.today, max(known[0], installed_until))


def chosen_categories(store: Store, asked: Sequence[str]) -> tuple[str, ...]:
    """Give the types asked for, or all that happen where a camera in public can matter.

    Raises
    ------
    UnknownChoiceError
        A type that does not occur.
    """
    in_use = layers.categories_in_use(store)
    city.check_choices("category", tuple(asked), pd.Index(in_use))
    if asked:
        return tuple(asked)
    is_place_based = offences.categories()["is_place_based"]
    return tuple(category for category in in_use if is_place_based.get(category, default=False))


def _within_records(
    store: Store, request: EvaluationRequest
) -> tuple[EvaluationRequest, tuple[date, date]]:
    known = city.record_span(store, request.today)
    if known is None:
        raise NoIncidentsError()
    return dataclasses.replace(request, today=known[1]), known


def _span(
    treatment: Treatment, request: EvaluationRequest, known: tuple[date, date]
) -> tuple[date, date]:
    """Give the days from which and up to which other cameras spoil their ground.

    They are those of the whole question, also where the records do not yet reach its end: whoever
    fixes the comparison places beforehand gets those that the reading will have.
    """
    end = (pd.Timestamp(treatment.installed_until) + pd.DateOffset(months=request.months)).date()
    whole = (known[0], max(known[1], end))
    window = evaluation.window(treatment.installed_on, known=whole, months=request.months)
    history = evaluation.years_before(treatment.installed_on, known=whole, months=request.months)
    return min([window.before.start_on, *(year.start_on for year in history)]), end


def _longest(installed_on: date, request: EvaluationRequest) -> date:
    """Give the first day that any way of asking looks back to."""
    months = max(request.months, *GRID_MONTHS, 12) * evaluation.layout.MOST_YEARS
    return (pd.Timestamp(installed_on) - pd.DateOffset(months=months)).date()
