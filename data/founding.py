"""A store for one's own city: its properties settled, its wards imported, in one go.

If the wards fail, nothing is left behind.
"""

from __future__ import annotations

import difflib
import zoneinfo
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from babel.core import get_global
from babel.localtime import get_localzone
from babel.numbers import get_territory_currencies, list_currencies

from analysis.errors import MissingCrsError, VongLauError
from data import clock, importing, metric_systems, tables
from data.errors import StoreExistsError
from data.importing import Draft, ImportReport, Options
from data.importing.errors import NoPlaceColumnError
from data.locations import file_of, remove_files
from data.metric_systems import MetricSystem
from data.store import Store, StoreProperties

LAST_REPORTING_DAY = 28
"""No later day comes in every month."""

VIETNAM_TIME = "Asia/Ho_Chi_Minh"
VIETNAM_LANGUAGE = "vi"
NO_CURRENCY = "XXX"
DOUBTFUL_HOURS = 3.5
"""A clock this far from the sun's is hardly the place's own; no country's is."""


class UnknownTimezoneError(VongLauError, ValueError):
    """A name that stands for no time zone."""

    code = "unknown_timezone"


class UnknownCurrencyError(VongLauError, ValueError):
    """Letters that stand for no currency."""

    code = "unknown_currency"


class BadReportingDayError(VongLauError, ValueError):
    """A day on which not every month can begin."""

    code = "bad_reporting_day"


class WardsWithoutCrsError(VongLauError, ValueError):
    """The file of wards does not say its coordinate system, and nobody else did."""

    code = "wards_without_crs"


@dataclass(frozen=True, kw_only=True)
class Timezone:
    """A city's time zone, and why it is this one.

    Parameters
    ----------
    name
        IANA name.
    reason
        ``asked``, ``vietnam`` (the place has one zone only) or ``computer``.
    is_doubtful
        The computer's, and it hardly is the place's: UTC, or far from the sun.
    """

    name: str
    reason: str
    is_doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a person says of a new city; None is proposed from the file, the place, the computer.

    Parameters
    ----------
    city
        Its name; else the name of the file.
    language
        vi, en or fr; else Vietnamese in Vietnam, where many computers run in English, and
        ``computer_language`` elsewhere.
    computer_language
        vi, en or fr.
    timezone
        IANA name.
    metric_crs
        The system for distances and areas.
    currency
        ISO 4217 code, as VND; else that of the country whose time zone it is.
    reporting_day
        The day on which reporting months begin, 1 to 28.
    """

    city: str | None = None
    language: str | None = None
    computer_language: str = "en"
    timezone: str | None = None
    metric_crs: str | None = None
    currency: str | None = None
    reporting_day: int = 1


@dataclass(frozen=True, kw_only=True)
class Founding:
    """A new store, and what was settled on the way."""

    store: Store
    properties: StoreProperties
    timezone: Timezone
    metric_system: MetricSystem
    wards: ImportReport


def found_city(
    location: str | Path,
    wards: str | Path,
    *,
    plan: Plan,
    actor: str,
    options: Options | None = None,
) -> Founding:
    """Make a store for a city and import its wards.

    Parameters
    ----------
    location
        A file path, or a SQLAlchemy URL; there must be no store yet.
    wards
        A map file of ward outlines.
    plan
        What is said of the city.
    actor
        Who does it, for the batch and the audit.
    options
        How to read the file: sublayer, mapping, its coordinate system, division, first day.

    Returns
    -------
    Founding
        The store, open, and what was settled.

    Raises
    ------
    StoreExistsError
        There is a store already; it is not touched.
    UnknownTimezoneError, UnknownCurrencyError, BadReportingDayError,
    BadCrsError, UnsuitableCrsError
        What was said cannot be.
    WardsWithoutCrsError, NoPlaceColumnError, EveryRowFailedError
        The wards cannot be used, as any that :func:`data.importing.import_file` raises.
    """
    options = options or Options()
    if not 1 <= plan.reporting_day <= LAST_REPORTING_DAY:
        raise BadReportingDayError(value=plan.reporting_day, last=LAST_REPORTING_DAY)
    if plan.timezone is not None:
        check_timezone(plan.timezone)
    if plan.currency is not None:
        settle_currency(plan.currency, timezone=VIETNAM_TIME)
    draft = _read_wards(wards, options)
    longitude, latitude = _middle(draft)
    timezone = settle_timezone(plan.timezone, longitude, latitude)
    metric_system = (
        metric_systems.propose(longitude, latitude)
        if plan.metric_crs is None
        else metric_systems.check_suits(plan.metric_crs, longitude, latitude)
    )
    properties = StoreProperties(
        city=plan.city or Path(draft.file_name).stem.replace("_", " "),
        timezone=timezone.name,
        metric_crs=metric_system.crs,
        language=plan.language or _usual_language(plan, longitude, latitude),
        currency=settle_currency(plan.currency, timezone=timezone.name),
        reporting_day=plan.reporting_day,
    )
    store, report = _write(location, draft, properties, actor=actor, options=options)
    return Founding(
        store=store,
        properties=properties,
        timezone=timezone,
        metric_system=metric_system,
        wards=report,
    )


def check_timezone(name: str) -> None:
    """Check that a name stands for a time zone.

    Raises
    ------
    UnknownTimezoneError
        It does not; with names like it, if there are any.

    Examples
    --------
    >>> check_timezone("Asia/Almaty")
    >>> check_timezone("Hanoi")
    Traceback (most recent call last):
    ...
    data.founding.UnknownTimezoneError: unknown_timezone: {...}
    """
    known = zoneinfo.available_timezones()
    if name not in known:
        similar = difflib.get_close_matches(name.replace(" ", "_"), sorted(known), n=3)
        raise UnknownTimezoneError(value=name, similar=similar or [VIETNAM_TIME, "Europe/Athens"])


def settle_currency(asked: str | None, *, timezone: str) -> str:
    """Settle a city's currency: the one asked for, else that of its time zone's country.

    Parameters
    ----------
    asked
        ISO 4217 code in capital or small letters, or None.
    timezone
        IANA name.

    Returns
    -------
    str
        ISO 4217 code; ``XXX``, the code for no currency, where the zone has no country.

    Raises
    ------
    UnknownCurrencyError
        The letters stand for no currency.

    Examples
    --------
    >>> settle_currency(None, timezone="Asia/Ho_Chi_Minh")
    'VND'
    >>> settle_currency(None, timezone="Europe/Athens")
    'EUR'
    >>> settle_currency("usd", timezone="Europe/Athens")
    'USD'
    """
    if asked is not None:
        code = asked.strip().upper()
        if code not in list_currencies():
            raise UnknownCurrencyError(value=asked)
        return code
    territory = get_global("zone_territories").get(timezone)
    in_use = get_territory_currencies(territory) if territory else []
    return str(in_use[0]) if in_use else NO_CURRENCY


def settle_timezone(
    asked: str | None, longitude: float, latitude: float, *, computer: str | None = None
) -> Timezone:
    """Settle a place's time zone: the one asked for, Vietnam's in Vietnam, else the computer's.

    Parameters
    ----------
    asked
        A known IANA name, or None.
    longitude, latitude
        Degrees, WGS84.
    computer
        The computer's zone; None looks it up.

    Examples
    --------
    >>> settle_timezone(None, 105.8, 19.8, computer="Europe/Paris").name
    'Asia/Ho_Chi_Minh'
    >>> settle_timezone(None, 22.9, 40.6, computer="Europe/Athens")
    Timezone(name='Europe/Athens', reason='computer', is_doubtful=False)
    >>> settle_timezone(None, 76.9, 43.2, computer="Europe/Paris").is_doubtful
    True
    """
    if asked is not None:
        return Timezone(name=asked, reason="asked")
    if metric_systems.is_in_vietnam(longitude, latitude):
        return Timezone(name=VIETNAM_TIME, reason="vietnam")
    name = computer or _computer_timezone()
    winter = datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo(name)).utcoffset()
    hours = 0.0 if winter is None else winter.total_seconds() / 3600
    is_nobodys = name.removeprefix("Etc/") in {"UTC", "UCT", "GMT", "Universal", "Zulu"}
    is_doubtful = is_nobodys or abs(hours - longitude / 15) > DOUBTFUL_HOURS
    return Timezone(name=name, reason="computer", is_doubtful=is_doubtful)


def _usual_language(plan: Plan, longitude: float, latitude: float) -> str:
    is_here = metric_systems.is_in_vietnam(longitude, latitude)
    return VIETNAM_LANGUAGE if is_here else plan.computer_language


def _computer_timezone() -> str:
    name = getattr(get_localzone(), "key", None)  # a fixed offset has no name
    return name if name in zoneinfo.available_timezones() else "UTC"


def _read_wards(wards: str | Path, options: Options) -> Draft:
    try:
        return importing.read(
            wards, layer="wards", sheet=options.sheet, mapping=options.mapping, crs=options.crs
        )
    except MissingCrsError as error:
        raise WardsWithoutCrsError(file=Path(wards).name) from error


def _middle(draft: Draft) -> tuple[float, float]:
    """Give the middle of the box around all outlines, in degrees."""
    if draft.shapes is not None:
        bounds = draft.shapes.total_bounds
        if np.isfinite(bounds).all():
            west, south, east, north = bounds.tolist()
            return (west + east) / 2, (south + north) / 2
    raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))


def _write(
    location: str | Path, draft: Draft, properties: StoreProperties, *, actor: str, options: Options
) -> tuple[Store, ImportReport]:
    path = file_of(location)
    is_new = path is not None and not path.exists()
    store: Store | None = None
    try:
        store = Store.create(location, properties)
        checked = importing.check(
            draft, store, today=clock.today(properties), options=replace(options, dry_run=False)
        )
        return store, importing.commit(checked, store, actor=actor)
    except StoreExistsError:  # somebody's, also when it came in the meantime
        raise
    except BaseException:  # also when interrupted: a store without wards helps nobody
        if store is not None:
            _empty(store)
            store.close()
        if path is not None and is_new:
            remove_files(path)
        raise


def _empty(store: Store) -> None:
    """Take every table of a store away again: what was there before was no store."""
    with store.engine.begin() as connection:
        tables.metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
