"""A before/after comparison under stable keys, for scripts and spreadsheets."""

from __future__ import annotations

import dataclasses
from typing import Any

from analysis import evaluation
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.questions.evaluation_request import as_plain


def as_json(found: EvaluationAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    request, ring = found.request, found.displacement_ratio
    return {
        "kind": request.kind,
        "wave": request.wave,
        "camera_ids": list(request.camera_ids),
        "ward_codes": list(request.ward_codes),
        "programme_id": request.programme_id,
        "plan": request.plan,
        "area": request.area,
        "installed_on": found.installed_on,
        "installed_until": found.installed_until,
        "categories": list(found.categories),
        "n_cameras": found.n_cameras,
        "n_excluded_cameras": found.n_excluded_cameras,
        "n_control_cameras": found.n_control_cameras,
        "n_excluded_before": found.n_excluded_before,
        "n_excluded_after": found.n_excluded_after,
        "population_source": found.population_source,
        **dataclasses.asdict(found.comparison),
        "displacement_rirr": ring.ratio if ring else None,
        "displacement_rirr_low": ring.low if ring else None,
        "displacement_rirr_high": ring.high if ring else None,
        "local": _plain(found.local),
        "badge": _plain(found.badge),
        "false_alarm_rate": None if found.badge is None else found.badge.false_alarm_rate,
        "power": _plain(found.power),
        "permutation": _plain(found.permutation),
        "raw_change": _plain(found.raw_change),
        "wdq": _plain(found.wdq),
        "harm_wdd": _plain(found.harm_wdd),
        "two_way": _two_way(found.two_way),
        "group_time": _plain(found.group_time),
        "history": [_plain(year) for year in found.history],
        "series": found.series.to_dict("records"),
        "months": found.months.to_dict("records"),
        "grid": None if found.grid is None else _grid(found.grid),
        "units": _units(found),
        "cautions": [{"code": caution.code, **caution.facts} for caution in found.cautions],
        "registered": _plain(found.registered),
        "request": as_plain(request),
    }


def _plain(record: Any) -> dict[str, Any] | None:  # noqa: ANN401  any of the records
    return None if record is None else dataclasses.asdict(record)


def _two_way(fit: evaluation.TwoWayFit | None) -> dict[str, Any] | None:
    """Give the one term's numbers instead of arrays of one."""
    if fit is None:
        return None
    return {
        name: (None if len(value) == 0 else float(value[0])) if hasattr(value, "shape") else value
        for name, value in dataclasses.asdict(fit).items()
    }


def _grid(grid: evaluation.Grid) -> dict[str, Any]:
    return {
        "cells": [
            {
                **dataclasses.asdict(cell.choice),
                "is_chosen": cell.is_registered,
                "change": cell.compared.change if cell.compared else None,
                "low": cell.compared.low if cell.compared else None,
                "high": cell.compared.high if cell.compared else None,
                "p": cell.compared.p if cell.compared else None,
                "outcome": cell.outcome,
                "reasons": list(cell.reasons),
            }
            for cell in grid.cells
        ],
        "n_agreeing": grid.n_agreeing,
        "lowest": grid.lowest,
        "highest": grid.highest,
    }


def _units(found: EvaluationAnswer) -> list[dict[str, Any]]:
    """List the places with their middles; treated and comparison places have numbers."""
    middles = found.units.geometry.representative_point()
    table = found.units[["role", "is_by_hand", "n_before", "n_after", "weight"]].assign(
        longitude=middles.x.round(6), latitude=middles.y.round(6)
    )
    rows: list[dict[str, Any]] = table.reset_index().to_dict("records")
    return rows
