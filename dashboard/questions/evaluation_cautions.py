"""What should make the reader of an evaluation careful, and by how much."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis import evaluation
from analysis.evaluation.comparison import LOCATED_SHARE_MOVED
from analysis.evaluation.placebo import LEAST_JUDGED
from dashboard.questions.evaluation_answer import Caution, Registered
from dashboard.questions.evaluation_findings import Findings
from dashboard.questions.evaluation_setting import Setting
from data import layers
from data.store import Store

PRACTICE_MOVED = 0.10
"""From this share on a register that is there in one period only, or a habit that moved."""

CITY_MOVED = 0.30
"""From this change of the comparison on, it is more likely the recording that changed."""

ADDRESS_SHARE = 0.5
LEAST_AT_ADDRESS = 10


def find(
    store: Store,
    setting: Setting,
    *,
    comparison: evaluation.Comparison,
    found: Findings,
    registered: Registered | None,
) -> tuple[Caution, ...]:
    """List what should make the reader careful."""
    return (
        *_fixed(setting, registered),
        *_recorded(setting),
        *_moved(setting, comparison),
        *_divided(store, setting),
        *_shared(setting, found),
    )


def _fixed(setting: Setting, registered: Registered | None) -> Iterator[Caution]:
    if registered is None:
        return
    if registered.is_read_early:
        yield Caution(code="read_early", facts={"day": registered.read_out_on})
    if registered.is_late:
        yield Caution(code="registered_late", facts={"day": registered.known_until})
    if registered.changes:
        yield Caution(code="changed_since_registered", facts={"fields": registered.changes})
    if registered.superseded_by is not None:
        yield Caution(code="superseded", facts={"by": str(registered.superseded_by)})
    if registered.n_places_lost:
        yield Caution(code="places_lost", facts={"n": registered.n_places_lost})
    cameras = setting.treatment.cameras
    came = pd.to_datetime(cameras["installed_on"]).dropna()
    if len(came):
        first, last = came.min().date(), came.max().date()
        planned = (setting.treatment.installed_on, setting.treatment.installed_until)
        if (first, last) != planned:
            yield Caution(
                code="installed_otherwise",
                facts={"registered": planned[0], "first": first, "last": last},
            )


def _recorded(setting: Setting) -> Iterator[Caution]:
    """Say where the way incidents are recorded changed between the periods."""
    before, after = _halves(setting)
    if before.empty or after.empty:
        return
    located = [float(part.geometry.notna().mean()) for part in (before, after)]
    if abs(located[1] - located[0]) > LOCATED_SHARE_MOVED:
        yield Caution(code="located_share_moved", facts={"before": located[0], "after": located[1]})
    known = [float(part["time_is_known"].astype(bool).mean()) for part in (before, after)]
    if abs(known[1] - known[0]) > PRACTICE_MOVED:
        yield Caution(code="time_share_moved", facts={"before": known[0], "after": known[1]})
    only_before = float((~before["source"].isin(after["source"].unique())).mean())
    only_after = float((~after["source"].isin(before["source"].unique())).mean())
    if max(only_before, only_after) > PRACTICE_MOVED:
        yield Caution(code="registers_changed", facts={"before": only_before, "after": only_after})


def _moved(setting: Setting, comparison: evaluation.Comparison) -> Iterator[Caution]:
    control, window = comparison.control, setting.window
    if control.n_before > 0 and control.n_after > 0 and window.after.n_days:
        length = window.after.n_days / window.before.n_days
        change = control.n_after / control.n_before / length - 1
        if not 1 / (1 + CITY_MOVED) <= 1 + change <= 1 + CITY_MOVED:
            yield Caution(code="city_moved", facts={"change": change})
    if setting.is_of_wards and setting.n_others:
        yield Caution(code="cameras_elsewhere", facts={"n": setting.n_others})


def _divided(store: Store, setting: Setting) -> Iterator[Caution]:
    """Say where the ward division is not the same in both periods."""
    window = setting.window
    first = layers.division_on(store, window.before.start_on)
    last = layers.division_on(store, max(window.after.start_on, setting.request.today))
    before, after = _halves(setting)
    recorded = {*before["division"].unique(), *after["division"].unique()}
    is_other = first is not None and last is not None and first != last
    if is_other or len(recorded) > 1 or setting.n_left_out:
        yield Caution(
            code="division_changed",
            facts={
                "first": first or "?",
                "last": last or "?",
                "n": setting.n_left_out,
            },
        )
    if setting.unlike_wards:
        names = setting.wards["name"].reindex(sorted(setting.unlike_wards))
        yield Caution(
            code="wards_grew",
            facts={"wards": tuple(names.fillna(pd.Series(names.index, names.index)))},
        )


def _shared(setting: Setting, found: Findings) -> Iterator[Caution]:
    """Say where one year, one address or thin placebo sets carry the answer."""
    if found.local is not None and len(setting.history) == 1:
        yield Caution(code="one_year_known")
    if found.local is not None and "moved_year_before" in found.local.warnings:
        yield Caution(code="moved_year_before")
    n_carried, share = _carried(setting, found.units)
    if n_carried:
        yield Caution(code="one_address", facts={"n": n_carried, "share": share})
    if found.badge is None and found.local is not None and setting.request.n_placebos:
        yield Caution(code="no_placebo_sets")
    elif found.badge is not None and found.badge.n_judged < min(LEAST_JUDGED, found.badge.n_sets):
        yield Caution(
            code="few_placebo_sets",
            facts={"n": found.badge.n_judged, "of": found.badge.n_sets},
        )


def _carried(setting: Setting, units: gpd.GeoDataFrame) -> tuple[int, float]:
    """Count treated places of which one address carries half, and give its greatest share."""
    treated = units[units["is_treated"]]
    shares, heavy = 0.0, np.zeros(len(treated), dtype=bool)
    for period, column in ((setting.window.before, "n_before"), (setting.window.after, "n_after")):
        part = evaluation.address_shares(setting.incidents, treated, period=period)
        is_heavy = (part >= ADDRESS_SHARE) & (treated[column].to_numpy() >= LEAST_AT_ADDRESS)
        heavy |= is_heavy
        shares = max(shares, float(part[is_heavy].max(initial=0.0)))
    return int(heavy.sum()), shares


def _halves(setting: Setting) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    day = setting.incidents["happened_on"]
    window = setting.window
    return (
        setting.incidents[window.before.holds(day)],
        setting.incidents[window.after.holds(day)],
    )
