"""What a before/after comparison is asked about, and how; what can be wrong with the asking."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, get_args

from analysis import evaluation
from analysis.errors import InvalidValueError, VongLauError
from analysis.evaluation.placebo import N_SETS, Rule

Control = Literal["apart", "far", "no_camera"]
CONTROLS: tuple[Control, ...] = get_args(Control)
"""Comparison places: beyond the ring; at least two squares away from the treated ground; beyond the
ring and never seen by any camera."""

RULES: tuple[Rule, ...] = get_args(Rule)


class NoTreatmentError(VongLauError, ValueError):
    """Nothing was named whose effect could be asked about."""

    code: ClassVar[str] = "no_treatment"


class TwoTreatmentsError(VongLauError, ValueError):
    """More than one of a wave, cameras, wards, a programme, an area and a plan was named."""

    code: ClassVar[str] = "two_treatments"


class NoInstallDateError(VongLauError, LookupError):
    """No day on which the cameras came is known."""

    code: ClassVar[str] = "no_install_date"


class NoViewError(VongLauError, LookupError):
    """Of none of the cameras the range is known, so nobody can tell what they see."""

    code: ClassVar[str] = "no_view"


class NoIncidentsError(VongLauError, LookupError):
    """The store has no incidents to compare."""

    code: ClassVar[str] = "no_incidents"


class InstalledAfterRecordsError(InvalidValueError):
    """The change came after the last day that the records cover: there is no after."""

    code = "installed_after_records"


class BadAreaError(VongLauError, ValueError):
    """A drawn area that is no polygon in degrees."""

    code: ClassVar[str] = "bad_area"


class AreaOutsideCityError(VongLauError, ValueError):
    """What is asked about lies outside the city's wards."""

    code: ClassVar[str] = "area_outside_city"


@dataclass(frozen=True, kw_only=True)
class EvaluationRequest:
    """What to compare: a wave, cameras, wards, a programme, a drawn area or a saved plan.

    Parameters
    ----------
    today
        The last day that incidents can be from.
    wave
        All cameras of this wave.
    camera_ids
        These cameras.
    ward_codes
        Whole wards, against the other wards.
    programme_id
        A programme: its cameras; without any, the gates of its schools; without those, its ward.
    area
        A drawn area as WKT or GeoJSON, in degrees (WGS84).
    plan
        Number of a saved plan: what its choices would see. Needs ``installed_on``.
    installed_on
        The day of the change. Not given, it is that of the cameras themselves; for wards, the day
        on which most of their cameras came; for a programme without cameras, its first day.
    categories
        Only these incident types; empty means all that a camera in a public place can matter for.
    category_weights
        Harm of an incident by type, in any one unit, 1 for types not named; empty means no
        difference in harm is asked.
    months
        Length of both periods.
    division
        The ward division in which ``ward_codes`` mean something. Not given, it is the one in force
        on the day of the change, or, when that is not given either, on the last day.
    grow_m, ring_m
        Metres around what the cameras see that count as treated, and the width of the ring beyond.
    control
        Which places are compared with; see ``CONTROLS``.
    drop_units, add_units
        Comparison places left out by hand, and places taken in that would be left out; ``unit_id``
        of the answer's ``units``. Treated ground never serves.
    placebo_rule
        How placebo sets are chosen. None: in groups where the treated stand together, else places
        about as hot (``alike``).
    n_placebos
        How many placebo sets; 0 for none.
    is_grid_wanted
        Whether to ask in every other reasonable way too.
    registration_id
        The registration whose ground and comparison places are used, as they were fixed.
    """

    today: date
    wave: str | None = None
    camera_ids: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    programme_id: str | None = None
    area: str | None = None
    plan: int | None = None
    installed_on: date | None = None
    categories: tuple[str, ...] = ()
    category_weights: tuple[tuple[str, float], ...] = ()
    months: int = 12
    division: str | None = None
    grow_m: float = evaluation.zones.GROW_M
    ring_m: float = evaluation.zones.RING_M
    control: Control = "apart"
    drop_units: tuple[str, ...] = ()
    add_units: tuple[str, ...] = ()
    placebo_rule: Rule | None = None
    n_placebos: int = N_SETS
    is_grid_wanted: bool = True
    registration_id: int | None = None

    @property
    def kind(self) -> str:
        """What is treated: wave, cameras, wards, programme, area or plan.

        Raises
        ------
        NoTreatmentError, TwoTreatmentsError
            Nothing is named, or more than one thing.
        """
        named = {
            "wave": self.wave is not None,
            "cameras": bool(self.camera_ids),
            "wards": bool(self.ward_codes),
            "programme": self.programme_id is not None,
            "area": self.area is not None,
            "plan": self.plan is not None,
        }
        kinds = [kind for kind, is_named in named.items() if is_named]
        if not kinds:
            raise NoTreatmentError()
        if len(kinds) > 1:
            raise TwoTreatmentsError(kinds=kinds)
        return kinds[0]


def as_plain(request: EvaluationRequest) -> dict[str, Any]:
    """Write a request as plain JSON values.

    Examples
    --------
    >>> request = EvaluationRequest(today=date(2024, 12, 31), wave="2023-1")
    >>> from_plain(as_plain(request)) == request
    True
    """
    return {name: _plain(value) for name, value in dataclasses.asdict(request).items()}


def from_plain(plain: Mapping[str, Any]) -> EvaluationRequest:
    """Read a request back.

    Raises
    ------
    InvalidValueError
        It has a field that this version does not know.
    """
    known = {field.name for field in dataclasses.fields(EvaluationRequest)}
    unknown = sorted(set(plain) - known)
    if unknown:
        raise InvalidValueError(column="request", value=unknown)
    fields: dict[str, Any] = {
        name: tuple(tuple(v) if isinstance(v, list) else v for v in value)
        if isinstance(value, list)
        else value
        for name, value in plain.items()
    }
    for name in ("today", "installed_on"):
        if fields.get(name) is not None:
            fields[name] = date.fromisoformat(fields[name])
    return EvaluationRequest(**fields)


def _plain(value: Any) -> Any:  # noqa: ANN401  a field can be anything plain
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
