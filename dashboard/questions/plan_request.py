"""What a planner asks for, and the same as plain values to keep and to ask again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis import optics
from analysis.errors import InvalidValueError
from analysis.siting.problem import Objective
from dashboard.questions.looks import LooksRequest

ALL = "all"
"""Stands for every ward in a quota."""

PLACES = ("sites", "poles", "junctions")
"""Where cameras may go: all extension sites, those of kind pole, the places where streets meet."""

KINDS = ("install", "repair", "reaim")
"""What can be chosen."""

OWN = "own"
"""A source's scope: cameras that it has paid for, as their register says."""

ZONES = ("must", "forbid", "private")
"""Kinds of zones: one camera at least in it, none in it, none that looks into it."""

OBJECTIVES: tuple[Objective, ...] = ("most", "least_cost", "worst_ward")

DEFAULT_MIX = (("incident", 0.5), ("street", 0.3), ("gate", 0.2))


@dataclass(frozen=True, kw_only=True)
class PlanRequest:
    """What to plan.

    Parameters
    ----------
    on
        The day: what works on it counts as seen, what is broken can be repaired.
    count, budget
        How many options at most, and how much they may cost together, in the store's currency.
    objective, target_share, backup, floor
        As ``analysis.siting.Problem``; ``floor`` holds for every ward.
    models
        Camera models to buy; none named: see ``plan_basis.lenses``.
    bearing_step_deg
        Degrees between two directions.
    mix
        What deserves watching, part and weight.
    months, categories, category_weights, half_life_months
        Which incidents count and how much, as in ``CoverageRequest``.
    hours
        From and until, hours of the day: incidents and school gates count by how far they fall into
        them, as in ``analysis.weights``; past midnight when the first is later. None: all day.
    level, edition, night, occlusion
        What seeing means, as in ``LooksRequest``.
    must, forbid
        Sites, or cameras to repair, that the plan has, and may not have.
    places
        Which of ``PLACES`` are candidates; ``poles`` are sites, and add nothing beside ``sites``.
    points
        Longitude and latitude of places beside these, called AT-1, AT-2 and so on, where one camera
        can stand.
    new_place_cost
        What it costs to make a junction or one of ``points`` ready.
    reaim
        Working cameras that may be turned: camera ids, ward codes, or ``ALL``. None unless asked.
    reaim_cost
        What it costs to turn one.
    ward_min, ward_max
        Pairs of ward code (or ``ALL``) and how many options there at least and at most.
    spacing_m
        Metres between the places of two options, at least.
    funding
        Who pays, each with how much and for what: a name, the money, and words of its scope: ward
        codes, ``KINDS``, ``OWN``. Of wards and kinds named, one of each must fit; no word: it pays
        for everything. Two sources may share the price of one camera.
    repair, zones
        Whether repairs may be chosen, and whether the zones of the store are kept to.
    areas
        Zones drawn for this plan beside these, called AREA-1, AREA-2 and so on: one of ``ZONES``,
        longitude and latitude of the middle, radius in metres.
    planned
        Whether what adopted plans have planned or ordered counts as seen already.
    height_m
        Height of new masts; None: the median of the cameras that stand.
    time_limit_s
        Seconds for the search; None: until it is proven.
    """

    on: date
    count: int | None = None
    budget: float | None = None
    objective: Objective = "most"
    target_share: float | None = None
    backup: float = 0.0
    floor: float = 0.0
    models: tuple[str, ...] = ()
    bearing_step_deg: float = 15.0
    mix: tuple[tuple[str, float], ...] = DEFAULT_MIX
    months: int = 12
    categories: tuple[str, ...] = ()
    category_weights: tuple[tuple[str, float], ...] = ()
    half_life_months: float | None = None
    hours: tuple[float, float] | None = None
    level: str = optics.RANGE_LEVEL
    edition: str = optics.RANGE_EDITION
    night: bool = False
    occlusion: bool = True
    must: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    places: tuple[str, ...] = ("sites",)
    points: tuple[tuple[float, float], ...] = ()
    new_place_cost: float = 0.0
    reaim: tuple[str, ...] = ()
    reaim_cost: float = 0.0
    funding: tuple[tuple[str, float, tuple[str, ...]], ...] = ()
    ward_min: tuple[tuple[str, int], ...] = ()
    ward_max: tuple[tuple[str, int], ...] = ()
    spacing_m: float = 0.0
    repair: bool = True
    zones: bool = True
    areas: tuple[tuple[str, float, float, float], ...] = ()
    planned: bool = False
    height_m: float | None = None
    time_limit_s: float | None = 10.0

    @property
    def looks(self) -> LooksRequest:
        """The part of the request that the views depend on."""
        return LooksRequest(
            on=self.on,
            level=self.level,
            edition=self.edition,
            night=self.night,
            occlusion=self.occlusion,
        )

    @property
    def for_demand(self) -> PlanRequest:
        """A request for the same demand, of all with the same.

        Examples
        --------
        >>> few, cheap = (PlanRequest(on=date(2024, 12, 31), **own)
        ...               for own in ({"count": 3}, {"budget": 1e6, "models": ("F",)}))
        >>> few.for_demand == cheap.for_demand
        True
        """
        return PlanRequest(
            on=self.on,
            mix=self.mix,
            months=self.months,
            categories=self.categories,
            category_weights=self.category_weights,
            half_life_months=self.half_life_months,
            hours=self.hours,
        )

    @property
    def needs_cost(self) -> bool:
        """Whether options of unknown cost cannot be compared."""
        has_money = self.budget is not None or bool(self.funding)
        return has_money or self.objective == "least_cost"

    @property
    def for_basis(self) -> PlanRequest:
        """The same request, of all with one basis: what only the search is about is left open.

        Examples
        --------
        >>> few, many = (PlanRequest(on=date(2024, 12, 31), count=n) for n in (3, 40))
        >>> few.for_basis == many.for_basis
        True

        With money to be kept to, options of unknown cost are left out, however much it is:

        >>> cheap, dear = (PlanRequest(on=date(2024, 12, 31), budget=b) for b in (1e6, 1e9))
        >>> cheap.for_basis == dear.for_basis, cheap.for_basis == few.for_basis
        (True, False)
        """
        return dataclasses.replace(
            self,
            count=None,
            budget=0.0 if self.needs_cost else None,
            objective="most",
            target_share=None,
            backup=0.0,
            floor=0.0,
            ward_min=(),
            ward_max=(),
            spacing_m=0.0,
            time_limit_s=None,
        )


def as_plain(request: PlanRequest) -> dict[str, Any]:
    """Write a request as plain JSON values.

    Examples
    --------
    >>> request = PlanRequest(on=date(2024, 12, 31), count=3, ward_max=(("101", 2),))
    >>> from_plain(as_plain(request)) == request
    True
    """
    plain = dataclasses.asdict(request)
    return {name: _plain(value) for name, value in plain.items()}


def from_plain(plain: Mapping[str, Any]) -> PlanRequest:
    """Read a request back.

    Raises
    ------
    InvalidValueError
        It has a field that this version does not know.
    """
    known = {field.name for field in dataclasses.fields(PlanRequest)}
    unknown = sorted(set(plain) - known)
    if unknown:
        raise InvalidValueError(column="request", value=unknown)
    fields: dict[str, Any] = {name: _frozen(value) for name, value in plain.items()}
    return PlanRequest(**{**fields, "on": date.fromisoformat(plain["on"])})


def _frozen(value: Any) -> Any:  # noqa: ANN401  a field can be anything plain
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:  # noqa: ANN401  a field can be anything plain
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
