"""Answers as tables that a page shows: columns in the reader's words, numbers as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from analysis import rates
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.what_if import WhatIf
from dashboard.texts import Texts
from data.folding import short_ward_name

ROW_PX = 30


def ward_coverage(say: Texts, found: CoverageAnswer) -> pd.DataFrame:
    """Give the wards, the least seen incidents first: shares in per cent, cameras, incidents.

    Wards with too few located incidents for a percentage stand after the others.
    """
    table = found.table
    shown = pd.DataFrame(
        {
            "ward": table["name"].map(short_ward_name),
            "incidents_seen": 100 * table["covered_incident_share"],
            "streets_seen": 100 * table["covered_street_share"],
            "if_all_worked": 100 * table["covered_installed_incident_share"],
            "gates_seen": 100 * table["covered_gate_share"],
            "people_seen": 100 * table["covered_population_share"],
            "cameras": [
                say("coverage.working_of", working=int(working), installed=int(installed))
                for working, installed in zip(
                    table["n_cameras_working"], table["n_cameras_installed"], strict=True
                )
            ],
            "per_year": table["n_incidents"] * 12 / found.request.months,
        },
        index=table.index,
    )
    shown = shown.sort_values(["incidents_seen", "per_year"], ascending=[True, False])
    is_small = rates.is_small_base(table["n_incidents_located"].reindex(shown.index))
    return pd.concat([shown[~is_small], shown[is_small]])


def ward_coverage_columns(say: Texts, listed: pd.DataFrame) -> Mapping[str, Any]:
    """Say the columns of :func:`ward_coverage`."""
    config = st.column_config

    def share(name: str, color: str, *, help: str | None = None) -> Any:  # noqa: A002, ANN401
        return config.ProgressColumn(
            say(f"coverage.{name}"),
            color=color,
            format=_percent_format(listed[name]),
            min_value=0,
            max_value=100,
            width=108,
            help=help,
        )

    return {
        "ward": config.TextColumn(say("common.ward"), width=150),
        "incidents_seen": share(
            "incidents_seen",
            "primary",
            help=say("coverage.incidents_seen_help", least=rates.SMALL_BASE),
        ),
        "streets_seen": share("streets_seen", "gray"),
        "if_all_worked": share("if_all_worked", "gray"),
        "gates_seen": share("gates_seen", "gray"),
        "people_seen": share("people_seen", "gray"),
        "cameras": config.TextColumn(
            say("coverage.cameras"), width=92, help=say("coverage.cameras_help")
        ),
        "per_year": config.NumberColumn(say("coverage.per_year"), width=66, format="%.0f"),
    }


def _percent_format(percents: pd.Series[float]) -> str:
    """Write per cents whole, or with two figures where whole ones would turn a little into 0."""
    return "%.2g %%" if ((percents > 0) & (percents < 0.5)).any() else "%.0f %%"


def ward_changes(say: Texts, tried: WhatIf) -> pd.DataFrame:
    """Give the wards that a change touches: what is seen afterwards, and what it adds, in words.

    Indexed by ward code; the ward in which most changes first.
    """
    change = tried.change.sort_values(
        "covered_street_length_m", key=lambda metres: -metres.abs(), kind="stable"
    )
    after = tried.table.loc[change.index]

    def share(value: float) -> str:
        return say.percent(value, 2) if math.isfinite(value) else "–"

    def gain(value: float) -> str:
        return say.signed(value) if math.isfinite(value) else "–"

    return pd.DataFrame(
        {
            "ward": after["name"].map(short_ward_name),
            "streets_seen": after["covered_street_share"].map(share),
            "streets": change["covered_street_length_m"].map(gain),
            "incidents_seen": after["covered_incident_share"].map(share),
            "incidents": change["n_incidents_covered"].map(gain),
        },
        index=after.index,
    )


def ward_changes_columns(say: Texts) -> Mapping[str, Any]:
    """Say the columns of :func:`ward_changes`."""
    config = st.column_config
    return {
        "ward": config.TextColumn(say("common.ward"), width=110),
        "streets_seen": config.TextColumn(
            say("coverage.streets_seen"), width=84, alignment="right"
        ),
        "streets": config.TextColumn(say("what_if.change_m"), width=84, alignment="right"),
        "incidents_seen": config.TextColumn(
            say("coverage.incidents_seen"), width=84, alignment="right"
        ),
        "incidents": config.TextColumn(say("what_if.change"), width=76, alignment="right"),
    }


def ranked_gaps(found: CoverageAnswer, *, ward: str | None) -> pd.DataFrame:
    """Give the gaps, of one ward or of the city, the worst first, indexed by ward code."""
    gaps = found.gaps if ward is None else found.gaps[found.gaps["ward_code"] == ward]
    return pd.DataFrame(
        {
            "rank": gaps["rank"],
            "ward": found.table["name"].map(short_ward_name).reindex(gaps["ward_code"]).to_numpy(),
            "per_year": gaps["n_incidents_per_year"],
            "area_m2": gaps["area_m2"].round(-2),
            "nearest_m": gaps["nearest_camera_m"].to_numpy(dtype=float),
            "closed_by": gaps["closed_by"].map("; ".join).to_numpy(),
            "latitude": gaps["latitude"],
            "longitude": gaps["longitude"],
        }
    ).set_index(gaps["ward_code"])


def ranked_gaps_columns(say: Texts) -> Mapping[str, Any]:
    """Say the columns of :func:`ranked_gaps`."""
    config = st.column_config
    return {
        "rank": config.NumberColumn("#", width=34),
        "ward": config.TextColumn(say("common.ward"), width=150),
        "per_year": config.NumberColumn(say("coverage.per_year"), width=66, format="%.0f"),
        "area_m2": config.NumberColumn("m²", width=66, format="%d"),
        "nearest_m": config.NumberColumn(say("coverage.nearest"), width=92, format="%.0f"),
        "closed_by": config.TextColumn(say("coverage.closed_by"), width=110),
        "latitude": config.NumberColumn(say("scene.latitude"), width=84, format="%.5f"),
        "longitude": config.NumberColumn(say("scene.longitude"), width=90, format="%.5f"),
    }


def outages(say: Texts, found: CoverageAnswer, *, ward: str | None) -> pd.DataFrame:
    """Give the cameras out of order, those first whose repair would show most, by ward code."""
    chosen = found.outages if ward is None else found.outages[found.outages["ward_code"] == ward]
    return pd.DataFrame(
        {
            "camera": chosen.index,
            "ward": chosen["ward"].map(short_ward_name, na_action="ignore").to_numpy(),
            "incidents": chosen["n_incidents_per_year"].to_numpy(),
            "in_vain": chosen["n_asked_in_vain"].to_numpy(),
            "streets": chosen["street_length_m"].to_numpy(),
            "repair": chosen["repair_cost"].to_numpy(),
            "fault": [say(f"fault.{word}") if pd.notna(word) else "" for word in chosen["fault"]],
            "since": pd.to_datetime(chosen["state_since"]).to_numpy(),
        }
    ).set_index(chosen["ward_code"])


def outages_columns(say: Texts, *, currency: str) -> Mapping[str, Any]:
    """Say the columns of :func:`outages`."""
    config = st.column_config
    return {
        "camera": config.TextColumn(say("map.camera"), width=98),
        "ward": config.TextColumn(say("common.ward"), width=120),
        "incidents": config.NumberColumn(say("coverage.adds_incidents"), width=84, format="%.0f"),
        "in_vain": config.NumberColumn(
            say("footage.outage_in_vain"), width=84, help=say("footage.outage_in_vain_help")
        ),
        "streets": config.NumberColumn(say("coverage.adds_streets"), width=84, format="%.0f"),
        "repair": config.NumberColumn(
            say("coverage.repair", currency=currency), width=110, format="localized"
        ),
        "fault": config.TextColumn(say("coverage.fault"), width=104),
        "since": config.DateColumn(say("coverage.since"), width=84, format="DD/MM/YYYY"),
    }


def camera_list(
    say: Texts, cameras: gpd.GeoDataFrame, names: pd.Series[str], *, ward: str | None
) -> pd.DataFrame:
    """Give the cameras as a list, those that do not work first."""
    chosen = cameras if ward is None else cameras[cameras["ward_code"] == ward]
    order = chosen["state"].map({"offline": 0, "broken": 0, "degraded": 1, "working": 2})
    chosen = chosen.assign(order=order).sort_values("order", kind="stable")
    return pd.DataFrame(
        {
            "camera": chosen["camera_id"],
            "state": [[say(f"state.{state}")] for state in chosen["state"]],
            "kind": chosen["kind"].map(lambda kind: say(f"kind.{kind}") if kind else ""),
            "ward": names.map(short_ward_name).reindex(chosen["ward_code"]).to_numpy(),
            "installed": pd.to_datetime(chosen["installed_on"]),
        }
    )


def camera_list_columns(say: Texts) -> Mapping[str, Any]:
    """Say the columns of :func:`camera_list`."""
    config = st.column_config
    states = ("working", "degraded", "broken", "offline")
    return {
        "camera": config.TextColumn(say("map.camera"), width=98),
        "state": config.MultiselectColumn(
            say("map.state"),
            options=[say(f"state.{state}") for state in states],
            color=["green", "orange", "red", "red"],
            width=96,
        ),
        "kind": config.TextColumn(say("map.kind"), width=74),
        "ward": config.TextColumn(say("common.ward"), width=128),
        "installed": config.DateColumn(say("map.installed"), width=84, format="DD/MM/YYYY"),
    }
