"""What is loaded, from when, what is missing and what that costs; and which stores there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import VongLauError
from data import clock, importing, inventory, layers
from data.geofiles import known_crs
from data.inventory import LayerHolding, Shortfall, StoreSummary
from data.locations import city_store, demo_store
from data.locations import known_stores as store_files
from data.store import Store, StoreProperties

LAYERS = (
    "wards",
    "cameras",
    "camera_states",
    "incidents",
    "sites",
    "streets",
    "buildings",
    "land_cover",
    "schools",
    "zones",
    "places",
    "camera_models",
    "programmes",
    "tips",
    "footage_requests",
    "ward_crosswalk",
)
"""Every layer in the order in which a city needs them."""

_IMPORTED_AS = {
    "camera_states": ("states",),
    "camera_models": ("models",),
    "footage_requests": ("footage",),
    "ward_crosswalk": ("crosswalk",),
}


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One layer of the store, and how it gets in.

    Parameters
    ----------
    loaded
        Rows in force and their newest batch.
    import_as
        What the import calls the layer; None when this version cannot import it.
    """

    loaded: LayerHolding
    import_as: str | None

    @property
    def layer(self) -> str:
        """The layer's name."""
        return self.loaded.layer

    @property
    def is_missing(self) -> bool:
        """Whether nothing of it is in force."""
        return self.loaded.n_rows == 0


@dataclass(frozen=True, kw_only=True)
class HoldingsAnswer:
    """What a store is and holds.

    Parameters
    ----------
    properties
        What is true of the whole store.
    crs_name
        The name of its metric system.
    division
        The ward division in force today, None when none is loaded.
    holdings
        One a layer, in the order of ``LAYERS``.
    shortfalls
        What rows in force lack.
    """

    properties: StoreProperties
    crs_name: str
    division: str | None
    holdings: tuple[Holding, ...]
    shortfalls: tuple[Shortfall, ...]

    @property
    def missing(self) -> tuple[Holding, ...]:
        """The layers of which nothing is loaded."""
        return tuple(holding for holding in self.holdings if holding.is_missing)


def answer(store: Store, *, today: date | None = None) -> HoldingsAnswer:
    """Tell what a store is and holds.

    Parameters
    ----------
    store
        The store; it is only read.
    today
        The day whose ward division is named; None takes the store's own.
    """
    properties = store.properties
    loaded = inventory.layer_holdings(store)
    return HoldingsAnswer(
        properties=properties,
        crs_name=known_crs(properties.metric_crs).name,
        division=layers.division_on(store, clock.today(properties, asked=today)),
        holdings=tuple(
            Holding(loaded=loaded[layer], import_as=imported_as(layer)) for layer in LAYERS
        ),
        shortfalls=tuple(inventory.shortfalls(store, today=today)),
    )


def imported_as(layer: str) -> str | None:
    """Tell what the import calls a layer, None when it cannot import it.

    Examples
    --------
    >>> imported_as("cameras"), imported_as("rumours")
    ('cameras', None)
    """
    names = (*_IMPORTED_AS.get(layer, ()), layer)
    return next((name for name in names if name in importing.STORED_FIELDS), None)


@dataclass(frozen=True, kw_only=True)
class KnownStore:
    """A store in the person's own folder.

    Parameters
    ----------
    path
        Its file.
    kind
        ``city`` and ``demo`` are the two that are opened by themselves, ``other`` any other.
    summary
        What it holds; None when it cannot be opened.
    error
        Why it cannot.
    """

    path: Path
    kind: str
    summary: StoreSummary | None = None
    error: VongLauError | None = None


def known_stores() -> list[KnownStore]:
    """List the stores in the person's own folder; one that cannot be opened says why."""
    kinds = {city_store(): "city", demo_store(): "demo"}
    return [_known(path, kinds.get(path, "other")) for path in store_files()]


def _known(path: Path, kind: str) -> KnownStore:
    try:
        store = Store.open(path)
    except VongLauError as error:
        return KnownStore(path=path, kind=kind, error=error)
    try:
        return KnownStore(path=path, kind=kind, summary=inventory.summary(store))
    finally:
        store.close()
