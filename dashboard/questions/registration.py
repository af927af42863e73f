"""Fix an evaluation before its result can be known, and tell later what was changed."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, ClassVar

import geopandas as gpd
import shapely

from analysis.crs import WGS84
from analysis.errors import InvalidValueError, VongLauError
from dashboard.questions import evaluation_ground, evaluation_places, evaluation_setting
from dashboard.questions.evaluation_answer import Registered
from dashboard.questions.evaluation_request import (
    EvaluationRequest,
    NoInstallDateError,
    as_plain,
    from_plain,
)
from dashboard.questions.evaluation_setting import Setting
from data import registrations
from data.store import Store


class AlreadyRegisteredError(VongLauError, ValueError):
    """The same question is fixed already; its number is in the facts."""

    code: ClassVar[str] = "already_registered"


class ReadOutTooEarlyError(InvalidValueError):
    """The result would be read before the change."""

    code = "read_out_too_early"


FREE_FIELDS = {"today", "registration_id", "is_grid_wanted", "n_placebos"}
"""Fields that do not change the answer that was fixed."""


def register(
    store: Store,
    request: EvaluationRequest,
    *,
    read_out_on: date,
    actor: str,
    scenario_id: int | None = None,
    parent_id: int | None = None,
) -> int:
    """Fix the treated ground, the comparison places, the method and the read-out date; its number.

    Parameters
    ----------
    store
        The store.
    request
        What will be asked. A plan, an area or a programme needs the day of the change.
    read_out_on
        The day on which the result is to be read.
    actor
        Who fixes it.
    scenario_id
        The saved plan that it belongs to; of a request for a plan, that plan.
    parent_id
        The registration that this one replaces. The old one stays as it is.

    Raises
    ------
    ReadOutTooEarlyError
        The read-out is not after the change.
    NoInstallDateError
        Nobody says on which day the change is to come.
    AlreadyRegisteredError
        The same question is fixed with the same places already, and nothing has replaced it.
    RegistrationNotFoundError, ScenarioNotFoundError
        There is no such parent or plan.
    VongLauError
        As ``evaluation.answer``.
    """
    request = dataclasses.replace(request, registration_id=None)
    setting = evaluation_setting.read(store, request, is_planned=True)
    if setting.request.installed_on != request.installed_on:  # a day that was only supposed
        raise NoInstallDateError(cameras=[])
    laid = evaluation_places.divide(setting)[2]
    treatment = setting.treatment
    if read_out_on <= treatment.installed_until:
        raise ReadOutTooEarlyError(
            column="read_out_on", value=read_out_on, day=treatment.installed_until
        )
    # whole, not cut to the city: the ring around it is the same when it is read
    whole = gpd.GeoSeries([evaluation_ground.grown(treatment)], crs=laid.crs).to_crs(WGS84)
    asked = dataclasses.replace(setting.request, installed_on=request.installed_on)
    draft = registrations.Draft(
        read_out_on=read_out_on,
        installed_on=treatment.installed_on,
        installed_until=treatment.installed_until,
        request=as_plain(asked),
        treated=shapely.to_wkb(whole.iloc[0]),
        unit_ids=laid.index[laid["role"] == "comparison"].tolist(),
        scenario_id=request.plan if scenario_id is None else scenario_id,
        parent_id=parent_id,
    )
    twin = _twin(store, draft)
    if twin is not None:
        raise AlreadyRegisteredError(registration=str(twin.registration_id))
    return registrations.save(store, draft, actor=actor)


def request_of(
    store: Store, registration_id: int, *, today: date, changes: dict[str, Any] | None = None
) -> EvaluationRequest:
    """Give the request that was registered, as of today, with changes that will be marked.

    Raises
    ------
    RegistrationNotFoundError
        There is none of this number.
    """
    fixed = from_plain(registrations.read(store, registration_id).request)
    return dataclasses.replace(
        fixed, **(changes or {}), today=today, registration_id=registration_id
    )


def state(store: Store, setting: Setting, laid: gpd.GeoDataFrame) -> Registered | None:
    """Tell what was fixed and what became of it; None for a question that was not registered."""
    fixed = setting.fixed
    if fixed is None:
        return None
    own = from_plain(fixed.request)
    # those that another kind of comparison leaves out are a change of the question, not lost
    is_left = laid["role"].isin(["comparison", "near", "seen", "dropped"])
    lost = set(fixed.unit_ids) - set(laid.index[is_left])
    parent = None if fixed.parent_id is None else registrations.read(store, fixed.parent_id)
    return Registered(
        registration_id=fixed.registration_id,
        registered_at=fixed.registered_at,
        actor=fixed.actor,
        read_out_on=fixed.read_out_on,
        is_read_early=setting.request.today < fixed.read_out_on,
        known_until=own.today,
        is_late=own.today >= fixed.installed_until,
        changes=_changes(own, setting.request, on=fixed.installed_on),
        parent_id=fixed.parent_id,
        changes_from_parent=() if parent is None else _between(parent, fixed),
        superseded_by=registrations.superseding(store, fixed.registration_id),
        n_places_lost=len(lost),
    )


def _twin(store: Store, draft: registrations.Draft) -> registrations.Registration | None:
    """Give the registration in force that fixes the same question and places.

    One that is replaced only in its read-out date is another, if the new one says so.
    """
    own = from_plain(draft.request)
    names = ["installed_on", "installed_until", "treated", "unit_ids", "scenario_id"]
    if draft.parent_id is not None:
        names.append("read_out_on")
    for known in registrations.list_registered(store):
        is_same = all(getattr(known, name) == getattr(draft, name) for name in names)
        if (
            is_same
            and not _changes(from_plain(known.request), own, on=draft.installed_on)
            and registrations.superseding(store, known.registration_id) is None
        ):
            return known
    return None


def _between(
    parent: registrations.Registration, fixed: registrations.Registration
) -> tuple[str, ...]:
    names = ("read_out_on", "installed_on", "installed_until", "treated", "unit_ids")
    beside = tuple(name for name in names if getattr(parent, name) != getattr(fixed, name))
    of_request = _changes(
        from_plain(parent.request), from_plain(fixed.request), on=parent.installed_on
    )
    return tuple(dict.fromkeys([*of_request, *beside]))


def _changes(then: EvaluationRequest, now: EvaluationRequest, *, on: date) -> tuple[str, ...]:
    """Name the fields that differ; the day of the change may be said outright now."""
    names = [field.name for field in dataclasses.fields(then) if field.name not in FREE_FIELDS]
    changed = [name for name in names if getattr(then, name) != getattr(now, name)]
    if now.installed_on in (None, on) and "installed_on" in changed:
        changed.remove("installed_on")
    return tuple(changed)
