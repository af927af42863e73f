"""What a demo city holds, counted, for its truth file."""

from __future__ import annotations

from typing import Any

import pandas as pd


def count_totals(
    cameras: pd.DataFrame, programmes: pd.DataFrame, tips: pd.DataFrame, requests: pd.DataFrame
) -> dict[str, dict[str, int]]:
    """Count devices, models by kind, tips, requests and clarified cases by year, and answers.

    A request that is not yet answered is counted as ``open``.
    """
    clarified = requests[requests["is_clarified"].fillna(value=False).astype(bool)]
    cases = clarified.groupby(clarified["requested_at"].dt.year)["case_id"].nunique()
    devices = cameras["device_id"].fillna(cameras["camera_id"]).nunique()
    return {
        "cameras": {"views": len(cameras), "devices": int(devices)},
        "programmes": _counts(programmes["kind"]),
        "tips": _counts(tips["received_at"].dt.year),
        "usable_tips": _counts(tips["received_at"].dt.year[tips["is_usable"].astype(bool)]),
        "requests": _counts(requests["requested_at"].dt.year),
        "clarified_cases": {str(year): int(n) for year, n in cases.items()},
        "answers": _counts(requests["answer"].fillna("open")),
    }


def _counts(values: pd.Series[Any]) -> dict[str, int]:
    return {str(value): int(n) for value, n in values.value_counts().sort_index().items()}
