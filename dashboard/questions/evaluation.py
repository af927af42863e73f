"""Whether crime changed where cameras came, more than it would have without them."""

from __future__ import annotations

import dataclasses

from analysis import evaluation
from analysis.crs import WGS84
from dashboard.questions import (
    evaluation_cautions,
    evaluation_findings,
    evaluation_grid,
    evaluation_places,
    evaluation_setting,
    evaluation_textbook,
    registration,
)
from dashboard.questions.evaluation_answer import Caution, EvaluationAnswer, Registered
from dashboard.questions.evaluation_findings import Findings
from dashboard.questions.evaluation_json import as_json
from dashboard.questions.evaluation_power import PowerAnswer, power, power_as_json
from dashboard.questions.evaluation_request import (
    CONTROLS,
    RULES,
    AreaOutsideCityError,
    BadAreaError,
    EvaluationRequest,
    InstalledAfterRecordsError,
    NoIncidentsError,
    NoInstallDateError,
    NoTreatmentError,
    NoViewError,
    TwoTreatmentsError,
)
from dashboard.questions.evaluation_setting import Setting
from dashboard.questions.evaluation_textbook import GROUNDS
from data.store import Store

__all__ = [
    "CONTROLS",
    "GROUNDS",
    "RULES",
    "AreaOutsideCityError",
    "BadAreaError",
    "Caution",
    "EvaluationAnswer",
    "EvaluationRequest",
    "InstalledAfterRecordsError",
    "NoIncidentsError",
    "NoInstallDateError",
    "NoTreatmentError",
    "NoViewError",
    "PowerAnswer",
    "Registered",
    "TwoTreatmentsError",
    "answer",
    "as_json",
    "power",
    "power_as_json",
    "ring_ratio",
    "treated_ratio",
]


def answer(store: Store, request: EvaluationRequest) -> EvaluationAnswer:
    """Compare before and after.

    Raises
    ------
    NoTreatmentError, TwoTreatmentsError
        Not exactly one of wave, cameras, wards, programme, area and plan is named.
    UnknownChoiceError, ScenarioNotFoundError, RegistrationNotFoundError
        A wave, camera, ward, type, place, plan or registration that the store does not have.
    NoInstallDateError
        The day of the change is not known.
    NoViewError, BadAreaError, AreaOutsideCityError
        The ground that is treated is not known, or not in the city.
    NoIncidentsError, NoWardsForDayError
        There are no incidents, or no wards for the day.
    InstalledAfterRecordsError
        The change came after the last day of the records.
    """
    setting = evaluation_setting.read(store, request)
    zones, base, laid = evaluation_places.divide(setting)
    found = evaluation_findings.find(setting, laid)
    textbook = evaluation_textbook.find(setting, zones)
    registered = registration.state(store, setting, laid)
    sources = setting.wards["population_source"].dropna().unique()
    cameras = setting.treatment.cameras
    return EvaluationAnswer(
        request=setting.request,
        installed_on=setting.treatment.installed_on,
        installed_until=setting.treatment.installed_until,
        categories=setting.categories,
        n_cameras=len(cameras),
        n_excluded_cameras=0 if setting.is_of_wards else setting.n_others,
        n_control_cameras=setting.n_others if setting.is_of_wards else 0,
        n_excluded_before=textbook.n_excluded_before,
        n_excluded_after=textbook.n_excluded_after,
        population_source=sources[0] if setting.is_of_wards and len(sources) == 1 else None,
        comparison=_with_answer(textbook.comparison, found, setting),
        displacement_ratio=textbook.displacement_ratio,
        zones=textbook.zones,
        months=textbook.months,
        history=setting.history,
        verdict=found.verdict,
        local=found.local,
        badge=found.badge,
        power=found.power,
        permutation=found.permutation,
        raw_change=found.raw_change,
        wdq=textbook.wdq,
        harm_wdd=textbook.harm_wdd,
        two_way=found.two_way,
        group_time=found.group_time,
        series=found.series,
        units=found.units.to_crs(WGS84),
        grid=(
            evaluation_grid.ask(setting, zones=zones, laid=base)
            if setting.request.is_grid_wanted
            else None
        ),
        cautions=evaluation_cautions.find(
            store, setting, comparison=textbook.comparison, found=found, registered=registered
        ),
        registered=registered,
    )


def treated_ratio(found: EvaluationAnswer, *, level: float) -> evaluation.Rirr:
    """Give the textbook's ratio of the treated ground with an interval of another confidence."""
    return evaluation_textbook.ratio(found.comparison, found.comparison.treated, level=level)


def ring_ratio(found: EvaluationAnswer, *, level: float) -> evaluation.Rirr | None:
    """Give the ratio of the displacement ring likewise; None without a ring."""
    ring = found.comparison.displacement
    return None if ring is None else evaluation_textbook.ratio(found.comparison, ring, level=level)


def _with_answer(
    comparison: evaluation.Comparison, found: Findings, setting: Setting
) -> evaluation.Comparison:
    """Put the verdict and the badge beside the textbook's numbers."""
    warnings = comparison.warnings
    if setting.n_left_out:
        warnings = (*warnings, "division_changed")
    if setting.unlike_wards:
        warnings = (*warnings, "wards_grew")
    badge = found.badge
    return dataclasses.replace(
        comparison,
        verdict=found.verdict.outcome,
        reasons=found.verdict.reasons,
        warnings=warnings,
        p_calibrated=None if badge is None else badge.p_calibrated,
        false_alarm_rate_textbook=None if badge is None else badge.false_alarm_rate_ratio,
        calibration_status="not_measured" if badge is None else "measured",
    )
