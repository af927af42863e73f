"""Reports that may tell one event: two books have it, or two files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import check_columns

MOST_MINUTES = 30.0
MOST_METRES = 100.0

_MOMENTS = ("starts_at", "ends_at")
COLUMNS = ("category", "starts_at", "ends_at", "easting", "northing", "ward", "place", "book")


@dataclass(frozen=True, kw_only=True)
class Nearness:
    """How near two reports must be to be asked about.

    Parameters
    ----------
    minutes
        Between the end of one and the start of the other; overlapping times are 0 apart.
    metres
        Between two exact places.
    """

    minutes: float = MOST_MINUTES
    metres: float = MOST_METRES


def pairs(
    reports: pd.DataFrame, others: pd.DataFrame, *, nearness: Nearness | None = None
) -> pd.DataFrame:
    """Pair each report with those that may tell the same event.

    A pair has the same category, times at most so many minutes apart, and either two exact places
    at most so many metres apart, or, where one of the two has none, the same ward and the same
    words for the place. Reports of one book are no pair where both have a number in it: whoever
    keeps the book has counted two. METHODS.md, section Reports of one event.

    Parameters
    ----------
    reports
        ``category``; ``starts_at`` and ``ends_at``, moments; ``easting`` and ``northing`` in
        metres, missing where the place is not exact; ``ward``; ``place``, its words in one
        spelling, empty without any; ``book``, empty where the report has no number.
    others
        The same, to be paired with.
    nearness
        How near; None takes 30 minutes and 100 metres.

    Returns
    -------
    pandas.DataFrame
        ``report`` and ``other`` (places in the two frames), ``apart_m`` (missing where words
        alone say it), ``apart_min``; the nearest first for each report.

    Raises
    ------
    MissingColumnsError
        A frame lacks a column.

    Examples
    --------
    >>> theft = {"category": "theft", "ward": "101", "place": "", "book": ""}
    >>> at = pd.Timestamp("2025-03-08 20:00")
    >>> one = pd.DataFrame([theft | {"starts_at": at, "ends_at": at,
    ...                              "easting": 0.0, "northing": 0.0}])
    >>> later = at + pd.Timedelta(minutes=20)
    >>> two = pd.DataFrame([theft | {"starts_at": later, "ends_at": later,
    ...                              "easting": 30.0, "northing": 40.0}])
    >>> pairs(one, two)[["apart_m", "apart_min"]].to_numpy().tolist()
    [[50.0, 20.0]]
    """
    nearness = nearness or Nearness()
    for frame, name in ((reports, "reports"), (others, "others")):
        check_columns(frame, COLUMNS, name=name)
    reports, others = _of_one_clock(reports), _of_one_clock(others)
    left, right = _days(reports, nearness.minutes), _days(others, 0.0)
    found = pd.concat(
        [
            _by_point(reports, others, left, right, nearness.metres),
            _by_words(reports, others, left, right),
        ]
    ).drop_duplicates(["report", "other"])
    i, k = found["report"].to_numpy(dtype=np.intp), found["other"].to_numpy(dtype=np.intp)
    apart = _minutes_apart(reports.iloc[i], others.iloc[k])
    first, second = (f["book"].to_numpy(dtype=object) for f in (reports.iloc[i], others.iloc[k]))
    is_counted_twice = (first == second) & (first != "")
    kept = (apart <= nearness.minutes) & ~is_counted_twice
    near: pd.DataFrame = found.assign(apart_min=apart)[kept]
    return near.sort_values(["report", "apart_min", "apart_m", "other"]).reset_index(drop=True)


def _of_one_clock(frame: pd.DataFrame) -> pd.DataFrame:
    """Write moments as UTC without a zone."""
    moments = {n: pd.to_datetime(frame[n], utc=True).dt.tz_localize(None) for n in _MOMENTS}
    return frame.assign(**moments)


def _days(frame: pd.DataFrame, minutes: float) -> pd.DataFrame:
    """List the days that each report touches."""
    margin = pd.Timedelta(minutes=minutes)
    first = (frame["starts_at"] - margin).dt.floor("D")
    last = (frame["ends_at"] + margin).dt.floor("D")
    n = ((last - first).dt.days + 1).to_numpy(dtype=np.intp)
    row = np.repeat(np.arange(len(frame)), n)
    step = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    day = first.to_numpy()[row] + step * np.timedelta64(1, "D")
    return pd.DataFrame({"row": row, "day": day, "category": frame["category"].to_numpy()[row]})


def _by_point(
    reports: pd.DataFrame,
    others: pd.DataFrame,
    left: pd.DataFrame,
    right: pd.DataFrame,
    metres: float,
) -> pd.DataFrame:
    """Pair exact places of one day and category through squares as wide as the distance."""
    ours, theirs = _squares(reports, left, metres), _squares(others, right, metres)
    around = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    spread = pd.concat([ours.assign(x=ours["x"] + dx, y=ours["y"] + dy) for dx, dy in around])
    met = spread.merge(theirs, on=["day", "category", "x", "y"], suffixes=("", "_other"))
    i, k = met["row"].to_numpy(dtype=np.intp), met["row_other"].to_numpy(dtype=np.intp)
    apart = np.hypot(
        *(
            reports[axis].to_numpy(dtype=float)[i] - others[axis].to_numpy(dtype=float)[k]
            for axis in ("easting", "northing")
        )
    )
    found: pd.DataFrame = pd.DataFrame({"report": i, "other": k, "apart_m": apart})[apart <= metres]
    return found


def _squares(frame: pd.DataFrame, days: pd.DataFrame, metres: float) -> pd.DataFrame:
    row = days["row"].to_numpy()
    east, north = (frame[axis].to_numpy(dtype=float)[row] for axis in ("easting", "northing"))
    is_placed = ~(np.isnan(east) | np.isnan(north))
    placed: pd.DataFrame = days[is_placed]
    return placed.assign(
        x=np.floor(east[is_placed] / metres).astype(np.int64),
        y=np.floor(north[is_placed] / metres).astype(np.int64),
    )


def _by_words(
    reports: pd.DataFrame, others: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame
) -> pd.DataFrame:
    """Pair reports of one day, category, ward and place in words, of which one is not exact."""
    ours, theirs = _told(reports, left), _told(others, right)
    met = ours.merge(theirs, on=["day", "category", "ward", "place"], suffixes=("", "_other"))
    met = met[~(met["is_placed"] & met["is_placed_other"])]
    return pd.DataFrame(
        {
            "report": met["row"].to_numpy(dtype=np.intp),
            "other": met["row_other"].to_numpy(dtype=np.intp),
            "apart_m": np.nan,
        }
    )


def _told(frame: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    row = days["row"].to_numpy()
    told = days.assign(
        ward=frame["ward"].to_numpy(dtype=object)[row],
        place=frame["place"].to_numpy(dtype=object)[row],
        is_placed=frame["easting"].notna().to_numpy()[row],
    )
    named: pd.DataFrame = told[told["place"] != ""]
    return named


def _minutes_apart(one: pd.DataFrame, other: pd.DataFrame) -> npt.NDArray[np.float64]:
    start = np.maximum(one["starts_at"].to_numpy(), other["starts_at"].to_numpy())
    end = np.minimum(one["ends_at"].to_numpy(), other["ends_at"].to_numpy())
    apart: npt.NDArray[np.float64] = np.maximum((start - end) / np.timedelta64(60, "s"), 0.0)
    return apart
