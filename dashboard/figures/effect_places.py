"""The places of a comparison: how they look on the map, and their table."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard import theme
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba

TREATED, COMPARISON, DROPPED = "treated", "comparison", "dropped"
CARRIED_SHARE = 0.9
"""Of the weight, by the places that are drawn as those compared with."""

MOST_ROWS = 200
"""Of the comparison places those that weigh most; the rest weigh next to nothing."""

COLUMNS = ("unit", "weight", "before", "after")


def looks(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the places that are not treated with the ``look`` that the map draws them in."""
    others = units[units["role"] != TREATED]
    look = pd.Series("excluded", index=others.index)
    look[others["role"] == DROPPED] = "dropped"
    is_control = others["role"] == COMPARISON
    look[is_control] = "idle"
    look[others.index.isin(carrying(units))] = "serving"
    return others.assign(look=look)


def carrying(units: pd.DataFrame) -> pd.Index[str]:
    """Name the comparison places that together carry nine tenths of the weight, heaviest first.

    Nearly every place of a city weighs a little; these are the ones that the answer rests on.

    Examples
    --------
    >>> places = pd.DataFrame({"role": ["comparison"] * 4, "weight": [0.05, 0.6, -0.33, 0.02]},
    ...                       index=["a", "b", "c", "d"])
    >>> carrying(places).tolist()
    ['b', 'c']
    """
    weight = units.loc[units["role"] == COMPARISON, "weight"].abs()
    weight = weight[weight > 0].sort_values(ascending=False, kind="stable")
    is_needed = weight.cumsum() - weight < CARRIED_SHARE * weight.sum()
    return weight.index[is_needed]


def tips(say: Texts, units: gpd.GeoDataFrame) -> pd.Series[str]:
    """Say beside the mouse what a place is, and what happened there."""
    said = {role: say(f"effect.role_{role}") for role in units["role"].unique()}
    rows = zip(units.index, units["role"], units["n_before"], units["n_after"], strict=True)
    return pd.Series(
        {
            unit: say(
                "effect.unit_tip",
                role=said[role],
                before=counted(say, before),
                after=counted(say, after),
            )
            for unit, role, before, after in rows
        },
        dtype=object,
    )


def heaviest(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the comparison places that the expectation rests on, the heaviest first."""
    serving = units[(units["role"] == COMPARISON) & (units["weight"] != 0)]
    order = serving["weight"].abs().sort_values(ascending=False, kind="stable")
    return serving.loc[order.index[:MOST_ROWS]]


def table(say: Texts, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Write places as rows of words: name, weight, incidents before and after.

    The weight is what one incident more there, afterwards, adds to the expectation of the treated.
    """
    return pd.DataFrame(
        {
            "unit": units.index.astype(str),
            "weight": [say.number(weight, 2) for weight in units["weight"]],
            "before": [counted(say, n) for n in units["n_before"]],
            "after": [counted(say, n) for n in units["n_after"]],
        }
    )


def counted(say: Texts, n: float) -> str:
    """Write a count; a dash where there is none, because no year was compared.

    Examples
    --------
    >>> counted(Texts("en"), 3.0), counted(Texts("en"), float("nan"))
    ('3', '–')
    """
    return "–" if pd.isna(n) else say.number(n)


def columns(say: Texts) -> dict[str, Any]:
    """Give the headings of the table of places."""
    return {
        name: st.column_config.TextColumn(
            say(f"effect.place_{name}"),
            width="small",
            alignment="left" if name == "unit" else "right",
        )
        for name in COLUMNS
    }


def left_out(units: gpd.GeoDataFrame) -> dict[str, int]:
    """Count the places that do not serve, by why, the most frequent first."""
    roles = units["role"][~units["role"].isin([TREATED, COMPARISON])]
    return {str(role): int(n) for role, n in roles.value_counts().items()}


def legend(names: Mapping[str, str], *, mode: Mode) -> str:
    """Write the legend of the map, each name behind a patch of its colour.

    Parameters
    ----------
    names
        Words for ``treated``, ``ring``, ``serving``, ``idle``, ``excluded``, those that are drawn.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    fills = {
        "treated": rgba(colours.treated, 0.75),
        "ring": rgba(colours.displacement, 0.55),
        "serving": rgba(colours.control, 0.7),
        "idle": rgba(colours.control, 0.25),
        "excluded": colours.land,
    }
    return " ".join(
        f"![]({_patch(fills[look], colours.control)}) {word}" for look, word in names.items()
    )


def _patch(fill: str, edge: str) -> str:
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='11' height='11'>"
        f"<rect x='.5' y='.5' width='10' height='10' fill='{fill}' stroke='{edge}'/></svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
