"""The waves in which cameras came: which there are, and which can be judged."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis import evaluation
from data import layers
from data.store import Store


def waves(store: Store) -> list[str]:
    """List the waves in which cameras came, oldest first."""
    return list(wave_table(store).index)


def wave_table(store: Store) -> pd.DataFrame:
    """List the waves in which cameras came, oldest first.

    Returns
    -------
    pandas.DataFrame
        Indexed by wave: ``installed_on`` and ``installed_until`` (first and last day, missing where
        no day is known) and ``n_cameras``.
    """
    register = pd.DataFrame(layers.read_camera_register(store).drop(columns="geometry"))
    came = register.dropna(subset="wave").assign(day=pd.to_datetime(register["installed_on"]))
    return (
        came.groupby("wave")
        .agg(
            installed_on=("day", "min"),
            installed_until=("day", "max"),
            n_cameras=("camera_id", "size"),
        )
        .sort_values("installed_on", na_position="first")
    )


def newest_full_wave(table: pd.DataFrame, *, known: tuple[date, date]) -> str | None:
    """Name the newest wave with a year of records before it and after it, else the newest.

    Parameters
    ----------
    table
        As :func:`wave_table` gives it.
    known
        First and last day that the records cover.

    Examples
    --------
    >>> day = pd.to_datetime(["2022-01-01", "2023-01-01", "2023-07-01"])
    >>> waves = pd.DataFrame({"installed_on": day, "installed_until": day}, index=["A", "B", "C"])
    >>> newest_full_wave(waves, known=(date(2022, 1, 1), date(2023, 12, 31)))
    'B'
    """
    if table.empty:
        return None
    year = pd.DateOffset(months=evaluation.windows.FULL_MONTHS)
    first, end = pd.Timestamp(known[0]), pd.Timestamp(known[1]) + pd.Timedelta(days=1)
    is_full = (table["installed_on"] - year >= first) & (table["installed_until"] + year <= end)
    return str((table[is_full] if is_full.any() else table).index[-1])


def wave_or_cameras(store: Store, words: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Read what a person named: a wave, several waves, or camera ids, with commas between.

    Several waves are the cameras of all of them.
    """
    if not words:
        return None, ()
    known = waves(store)
    if words in known:
        return words, ()
    named = tuple(word.strip() for word in words.split(",") if word.strip())
    if named and set(named) <= set(known):
        register = layers.read_camera_register(store)
        return None, tuple(register.index[register["wave"].isin(named)])
    return None, named
