"""What a store holds as the Data page says it: the layers, what is missing, the properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from babel.numbers import get_currency_name

from dashboard.city_words import reporting_month
from dashboard.layout import plain
from dashboard.questions.holdings import HoldingsAnswer
from dashboard.texts import Texts
from data.founding import NO_CURRENCY
from data.inventory import LayerHolding
from data.locations import file_of

NAMED = 4
"""So many missing layers are named in the lead; of the others only the number is told."""


@dataclass(frozen=True)
class Gap:
    """A layer that is missing: its name, what that costs and how it gets in."""

    label: str
    detail: str
    is_importable: bool


def lead(say: Texts, found: HoldingsAnswer) -> str:
    """Say how much of a city is loaded, and what is missing."""
    city = plain(found.properties.city)
    missing = [layer_name(say, holding.layer) for holding in found.missing]
    if not missing:
        return say("holdings.lead_all", city=city, n=len(found.holdings))
    first = missing[: max(3, min(len(missing), NAMED))]
    # only the first letter of a language's own words changes: names of systems stay as they are
    names = ", ".join(name[0].lower() + name[1:] for name in first)
    n_more = len(missing) - len(first)
    return say(
        "holdings.lead_missing",
        city=city,
        n=len(found.holdings) - len(missing),
        n_all=len(found.holdings),
        missing=say("holdings.lead_more", names=names, n=n_more) if n_more else names,
    )


def layer_name(say: Texts, layer: str) -> str:
    """Give a layer's name."""
    return say(f"holdings.layer_{layer}")


def layers(say: Texts, found: HoldingsAnswer) -> pd.DataFrame:
    """Give the layers: rows in force, the days they speak of, the newest batch, how many."""
    loaded = [holding.loaded for holding in found.holdings]
    return pd.DataFrame(
        {
            "layer": [layer_name(say, holding.layer) for holding in loaded],
            "rows": [say.number(h.n_rows) if h.n_rows else say("holdings.nothing") for h in loaded],
            "period": [_period(say, h) for h in loaded],
            "loaded_on": [say.moment(h.loaded_at) if h.loaded_at else None for h in loaded],
            "file": [h.file_name for h in loaded],
            "imports": pd.array([h.n_batches or None for h in loaded], dtype="Int64"),
        }
    )


def layer_columns(say: Texts) -> Mapping[str, Any]:
    """Say the columns of :func:`layers`."""
    config = st.column_config
    return {
        "layer": config.TextColumn(say("holdings.layer"), width=186),
        "rows": config.TextColumn(say("holdings.rows"), width=74, alignment="right"),
        "period": config.TextColumn(say("holdings.period"), width=158),
        "loaded_on": config.TextColumn(say("holdings.loaded_on"), width=124),
        "file": config.TextColumn(say("holdings.file"), width=140),
        "imports": config.NumberColumn(say("holdings.imports"), width=74),
    }


def _period(say: Texts, loaded: LayerHolding) -> str | None:
    """Say from when to when; a first day alone is said with since."""
    if loaded.first_on is None:
        return None
    first = say.day(loaded.first_on)
    if loaded.last_on is None:
        return say("holdings.since", first=first)
    return say("holdings.from_to", first=first, last=say.day(loaded.last_on))


def gaps(say: Texts, found: HoldingsAnswer) -> list[Gap]:
    """Give the missing layers, each with what that costs and how it gets in."""
    listed = []
    for holding in found.missing:
        name, cost = layer_name(say, holding.layer), say(f"holdings.cost_{holding.layer}")
        if holding.import_as is None:
            listed.append(Gap(name, f"{cost} {say('holdings.not_yet')}", is_importable=False))
            continue
        how = say("holdings.by_command", layer=holding.import_as)
        label = say("holdings.load", layer=name[0].lower() + name[1:])
        listed.append(Gap(label, f"{cost} {how}", is_importable=True))
    return listed


def shortfalls(say: Texts, found: HoldingsAnswer) -> list[str]:
    """Say what rows in force lack, and what that costs."""
    return [
        say(f"holdings.lack_{shortfall.code}", n=shortfall.n, total=shortfall.n_rows)
        for shortfall in found.shortfalls
    ]


def _currency(say: Texts, code: str) -> str:
    """Name a currency in the reader's language, with its code.

    Examples
    --------
    >>> _currency(Texts("en"), "VND")
    'Vietnamese Dong (VND)'
    """
    if code == NO_CURRENCY:
        return say("holdings.none")
    return f"{get_currency_name(code, locale=say.locale)} ({code})"


def properties(say: Texts, found: HoldingsAnswer, location: str) -> list[tuple[str, str]]:
    """Give the store's properties by name; of its place only the file's name."""
    store = found.properties
    last_day = say.day(store.last_day) if store.last_day else say("holdings.no_last_day")
    path = file_of(location)
    return [
        (say("holdings.city"), store.city),
        (say("holdings.timezone"), store.timezone),
        (say("holdings.metric_crs"), f"{store.metric_crs}, {found.crs_name}"),
        (say("holdings.today"), last_day),
        (say("holdings.language"), say(f"holdings.language_{store.language}")),
        (say("holdings.currency"), _currency(say, store.currency)),
        (say("holdings.division"), found.division or say("holdings.none")),
        (say("holdings.reporting_month"), reporting_month(say, store.reporting_day)),
        (say("holdings.file_name"), path.name if path else say("holdings.none")),
    ]
