"""What adopted plans have ordered, and what of it was found done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from analysis.columns import WORKING_STATES
from analysis.errors import VongLauError
from data import catalogue, layers, planned, scenarios, tables
from data.rows import in_force
from data.scenarios import Scenario
from data.store import Store

SAME_BEARING_DEG = 0.5
"""A camera whose bearing is so near the one ordered was turned."""

SAME_PLACE = 6
"""Decimals of a degree to which two places agree: about a tenth of a metre."""


class AdoptionNotFoundError(VongLauError, LookupError):
    """The plan is not adopted."""

    code: ClassVar[str] = "adoption_not_found"


@dataclass(frozen=True, kw_only=True)
class Work:
    """One thing to do.

    Parameters
    ----------
    rank
        Of the choice in its plan.
    kind
        install, repair or reaim.
    camera_id
        The camera to install, to repair or to turn.
    site_id
        Where it is installed.
    bearing_deg
        Which way it is to look; None: all round, or as it does.
    cost
        As the plan had it; None where it is not known.
    is_done
        Whether the store knows that it was done: the camera was found standing, found working
        after the adoption, or is registered with the new bearing.
    done_on
        The day on which it was found so, where one is told.
    """

    rank: int
    kind: str
    camera_id: str
    site_id: str | None
    bearing_deg: float | None
    cost: float | None
    is_done: bool = False
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A plan that was adopted.

    Parameters
    ----------
    adoption_id, scenario_id
        Its number, and that of the plan.
    wave
        What its cameras are called together.
    planned_on
        The day on which all is to be done.
    adopted_on
        The store's day when it was adopted.
    adopted_at, actor
        When, and by whom.
    registration_id
        The evaluation that was fixed with it.
    works
        What it orders, in order of rank.
    """

    adoption_id: int
    scenario_id: int
    wave: str
    planned_on: date
    adopted_on: date
    adopted_at: datetime
    actor: str
    registration_id: int | None
    works: tuple[Work, ...] = ()


def read(store: Store, scenario_id: int) -> Adoption:
    """Read the adoption of a plan.

    Raises
    ------
    AdoptionNotFoundError
        The plan is not adopted, or was and it was taken back.
    """
    for adoption in list_adoptions(store):
        if adoption.scenario_id == scenario_id:
            return adoption
    raise AdoptionNotFoundError(scenario=str(scenario_id))


def list_adoptions(store: Store) -> list[Adoption]:
    """List the adopted plans with what was done of each, the newest first."""
    adoptions, works = tables.adoptions, tables.adopted_works
    names = [name for name in Adoption.__dataclass_fields__ if name != "works"]
    with store.read() as connection:
        lines = (
            connection.execute(
                sa.select(*[adoptions.c[name] for name in names])
                .where(planned.is_active())
                .order_by(adoptions.c.adoption_id.desc())
            )
            .mappings()
            .all()
        )
        ordered = connection.execute(sa.select(works).order_by(works.c.rank)).mappings().all()
        facts = _Facts.read(connection)
    return [
        Adoption(
            **line,
            works=tuple(
                facts.told(work, adopted_on=line["adopted_on"])
                for work in ordered
                if work["adoption_id"] == line["adoption_id"]
            ),
        )
        for line in lines
    ]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What adopted plans have laid hands on.

    Parameters
    ----------
    sites
        Sites of the store with a camera that was planned, installed by now or not.
    places
        Longitude and latitude of these cameras, to ``SAME_PLACE`` decimals.
    cameras
        Cameras whose repair or turn is ordered and not done.
    """

    sites: frozenset[str]
    places: frozenset[tuple[float, float]]
    cameras: frozenset[str]

    def has_place(self, site_id: str | None, longitude: float, latitude: float) -> bool:
        """Tell whether a camera was planned there."""
        at = (round(longitude, SAME_PLACE), round(latitude, SAME_PLACE))
        return site_id in self.sites or at in self.places


def taken(store: Store) -> Taken:
    """Tell what adopted plans have laid hands on."""
    works = [work for adoption in list_adoptions(store) for work in adoption.works]
    new = {work.camera_id: work.site_id for work in works if work.kind == planned.INSTALL}
    sites, cameras = tables.sites, tables.cameras
    with store.read() as connection:
        known = set(connection.scalars(sa.select(sites.c.site_id).where(in_force(sites))))
        places = connection.execute(
            sa.select(cameras.c.camera_id, cameras.c.longitude, cameras.c.latitude).where(
                in_force(cameras)
            )
        ).all()
    return Taken(
        sites=frozenset(site for site in new.values() if site is not None and site in known),
        places=frozenset(
            (round(row.longitude, SAME_PLACE), round(row.latitude, SAME_PLACE))
            for row in places
            if row.camera_id in new
        ),
        cameras=frozenset(
            w.camera_id for w in works if w.kind != planned.INSTALL and not w.is_done
        ),
    )


def lost_choices(store: Store, plan: Scenario, *, on: date) -> dict[int, str]:
    """Tell which choices of a plan can no longer be carried out, by rank, and why.

    ``site``, ``model``, ``camera``: the store has it no more. ``works``: the camera to repair works
    by now. ``ordered``: another adopted plan has the site, or ordered the same.
    """
    cameras = layers.read_cameras(store, on=on)
    working = set(cameras.index[cameras["state"].isin(WORKING_STATES)])
    models = set(catalogue.read_models(store).index)
    lost_sites = scenarios.lost_sites(store)
    hands_on = taken(store)
    found: dict[int, str] = {}
    for choice in plan.result["choices"]:
        rank, kind, camera_id = choice["rank"], choice["kind"], choice["camera_id"]
        if kind == planned.INSTALL:
            if choice["site_id"] in lost_sites:
                found[rank] = "site"
            elif choice["model"] not in models:
                found[rank] = "model"
            elif hands_on.has_place(choice["site_id"], choice["longitude"], choice["latitude"]):
                found[rank] = "ordered"
        elif camera_id not in cameras.index:
            found[rank] = "camera"
        elif kind == "repair" and camera_id in working:
            found[rank] = "works"
        elif camera_id in hands_on.cameras:
            found[rank] = "ordered"
    return found


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What the store knows of cameras: first inspections, working states, bearings."""

    first_days: Mapping[str, date | None]
    installed_on: Mapping[str, date | None]
    bearings: Mapping[str, float | None]
    working_from: Mapping[str, Sequence[date]]

    @classmethod
    def read(cls, connection: sa.Connection) -> _Facts:
        cameras, states = tables.cameras, tables.camera_states
        rows = connection.execute(
            sa.select(cameras.c.camera_id, cameras.c.installed_on, cameras.c.bearing_deg).where(
                in_force(cameras)
            )
        ).all()
        working: dict[str, list[date]] = {}
        for camera_id, day in connection.execute(
            sa.select(states.c.camera_id, states.c.valid_from)
            .where(in_force(states), states.c.state.in_(WORKING_STATES))
            .order_by(states.c.valid_from)
        ):
            working.setdefault(camera_id, []).append(day)
        return cls(
            first_days=planned.first_days(connection),
            installed_on={row.camera_id: row.installed_on for row in rows},
            bearings={row.camera_id: row.bearing_deg for row in rows},
            working_from=working,
        )

    def told(self, work: Mapping[Any, Any], *, adopted_on: date) -> Work:
        names = ("rank", "kind", "camera_id", "site_id", "bearing_deg", "cost")
        own = {name: work[name] for name in names}
        is_done, done_on = self._done(work, adopted_on)
        return Work(**own, is_done=is_done, done_on=done_on)

    def _done(self, work: Mapping[Any, Any], adopted_on: date) -> tuple[bool, date | None]:
        camera_id = work["camera_id"]
        if work["kind"] == planned.INSTALL:
            day = self.installed_on.get(camera_id) or self.first_days.get(camera_id)
            return day is not None, day
        if work["kind"] == "repair":
            since = [day for day in self.working_from.get(camera_id, ()) if day > adopted_on]
            return bool(since), since[0] if since else None
        now, wanted = self.bearings.get(camera_id), work["bearing_deg"]
        if now is None or wanted is None:
            return False, None
        return abs((now - wanted + 180) % 360 - 180) <= SAME_BEARING_DEG, None
