"""Today, from one place: the day asked for, else the store's own last day, else the clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from data.store import StoreProperties


def today(properties: StoreProperties, *, asked: date | None = None) -> date:
    """Tell which day counts as today.

    Examples
    --------
    >>> demo = StoreProperties(city="X", timezone="Asia/Almaty", metric_crs="EPSG:32643",
    ...                        language="en", last_day=date(2024, 12, 31))
    >>> today(demo), today(demo, asked=date(2024, 6, 1))
    (datetime.date(2024, 12, 31), datetime.date(2024, 6, 1))
    """
    if asked is not None:
        return asked
    if properties.last_day is not None:
        return properties.last_day
    return datetime.now(ZoneInfo(properties.timezone)).date()
