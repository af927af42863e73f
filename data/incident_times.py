"""When incidents were, where and of what kind, without their places: what counting needs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data import tables
from data.rows import in_force
from data.store import Store

MOMENTS = ("starts_at", "ends_at", "reported_at")
NAMES = ("category", "division", "ward_code")


def read_incident_times(store: Store) -> pd.DataFrame:
    """Read the moments, type and ward of all incidents.

    As ``layers.read_incidents``, a small part of its time and without what counting does not need.

    Parameters
    ----------
    store
        The store.

    Returns
    -------
    pandas.DataFrame
        One row an incident: ``starts_at``, ``ends_at``, ``reported_at`` (missing where not known)
        in local time without a zone, ``time_is_known``; ``category``, ``division`` and
        ``ward_code`` as categories.
    """
    table = tables.incidents
    kind = sa.String if store.engine.dialect.name == "sqlite" else sa.DateTime
    # the moments as the store keeps them (UTC): one by one they take longer than all else together
    moments = [sa.type_coerce(table.c[name], kind).label(name) for name in MOMENTS]
    names = [table.c[name] for name in NAMES]
    query = sa.select(*moments, table.c.time_is_known, *names).where(in_force(table))
    with store.read() as connection:
        rows = connection.execute(query).cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * (len(MOMENTS) + 1 + len(NAMES))
    zone = ZoneInfo(store.properties.timezone)
    frame = {
        name: _local(pd.Series(column, dtype=object), zone)
        for name, column in zip(MOMENTS, columns, strict=False)
    }
    frame["time_is_known"] = pd.Series(columns[len(MOMENTS)], dtype=bool)
    for name, column in zip(NAMES, columns[len(MOMENTS) + 1 :], strict=True):
        frame[name] = pd.Series(pd.Categorical(column), dtype="category")
    return pd.DataFrame(frame)


def _local(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    aware = pd.to_datetime(moments, format="ISO8601", utc=True)
    return aware.dt.tz_convert(zone).dt.tz_localize(None)
