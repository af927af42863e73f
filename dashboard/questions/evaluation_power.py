"""What an evaluation could show at all, before the money is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from analysis import evaluation
from analysis.crs import WGS84
from dashboard.questions import evaluation_places, evaluation_setting, evaluation_textbook
from dashboard.questions.evaluation_request import EvaluationRequest
from data.store import Store


@dataclass(frozen=True, kw_only=True, eq=False)
class PowerAnswer:
    """What these places could show.

    Attributes
    ----------
    request
        What was asked.
    installed_on, installed_until
        First and last day of the change: for places without one, the day after the records.
    is_day_supposed
        Whether that day was only supposed, because nobody said one.
    categories
        The incident types that count.
    n_cameras
        Cameras that stand already and are asked about.
    history
        The years that it was learnt from, the most recent first.
    power
        The smallest fall that would be called one in four cases of five, and what stands against
        any verdict; None without one whole year of records before.
    zones, units
        As those of ``EvaluationAnswer``; what happened afterwards is missing.
    """

    request: EvaluationRequest
    installed_on: date
    installed_until: date
    is_day_supposed: bool
    categories: tuple[str, ...]
    n_cameras: int
    history: tuple[evaluation.Period, ...]
    power: evaluation.Power | None
    zones: gpd.GeoSeries
    units: gpd.GeoDataFrame


def power(store: Store, request: EvaluationRequest) -> PowerAnswer:
    """Tell the smallest change that a comparison of these places could show, from the past alone.

    Raises
    ------
    VongLauError
        As ``evaluation.answer``; a change after the records is fine here.
    """
    setting = evaluation_setting.read(store, request, is_planned=True)
    zones, _, laid = evaluation_places.divide(setting)
    start = min(setting.treatment.installed_on, setting.window.after.start_on)
    years = evaluation.years_before(start, known=setting.known)
    counts = evaluation.count_units(setting.incidents, laid, periods=years) if years else None
    asked = evaluation_places.numbers(laid)
    return PowerAnswer(
        request=setting.request,
        installed_on=setting.treatment.installed_on,
        installed_until=setting.treatment.installed_until,
        is_day_supposed=setting.request.installed_on != request.installed_on,
        categories=setting.categories,
        n_cameras=len(setting.treatment.cameras),
        history=years,
        power=(
            None if counts is None else evaluation.power(counts, months=request.months, **asked)
        ),
        zones=evaluation_textbook.grounds_of(setting, zones),
        units=_weighed(laid, counts, asked).to_crs(WGS84),
    )


def _weighed(
    laid: gpd.GeoDataFrame, counts: npt.NDArray[np.float64] | None, asked: dict[str, Any]
) -> gpd.GeoDataFrame:
    """Give the places with what they will weigh: it follows from the past alone."""
    nothing = np.full(len(laid), np.nan)
    if counts is None:
        return laid.assign(n_before=nothing, n_after=nothing, weight=0.0, score=nothing)
    followed = evaluation.series(counts[:1], counts, **asked, dispersion=1.0)
    return laid.assign(
        n_before=counts[0], n_after=nothing, weight=followed.weight, score=followed.score
    )


def power_as_json(found: PowerAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    power, role = found.power, found.units["role"]
    return {
        "installed_on": found.installed_on,
        "months": found.request.months,
        "categories": list(found.categories),
        "n_cameras": found.n_cameras,
        "n_treated_places": int((role == "treated").sum()),
        "n_comparison_places": int((role == "comparison").sum()),
        "n_years": len(found.history),
        "expected": None if power is None else power.expected,
        "dispersion": None if power is None else power.dispersion,
        "smallest_detectable_fall": None if power is None else power.smallest_detectable_fall,
        "cannot_tell": ["no_year_before"] if power is None else list(power.cannot_tell),
    }
