"""Labels, numbers and column numbers of a problem: how they are read and what is refused."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InvalidValueError

Labels = Sequence[Any] | npt.NDArray[Any]  # a pandas Series will do as well
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def as_labels(labels: Labels) -> npt.NDArray[Any]:
    """Give labels as an array of their own length, also where some are tuples."""
    if isinstance(labels, np.ndarray):
        return labels
    given = list(labels)
    if not any(isinstance(label, tuple) for label in given):
        return np.asarray(given)
    array = np.empty(len(given), dtype=object)
    array[:] = given
    return array


def members(labels: Labels | None) -> dict[Hashable, Ints]:
    """Give the positions of each label; missing ones belong to none."""
    if labels is None:
        return {}
    codes, names = pd.factorize(as_labels(labels), sort=False)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    return {
        (name.item() if isinstance(name, np.generic) else name): order[bounds[k] : bounds[k + 1]]
        for k, name in enumerate(names)
    }


def number_of(
    numbers: int | Mapping[Any, int] | None, label: Hashable, *, column: str
) -> int | None:
    """Give the number of a label; one number is that of all.

    Raises
    ------
    InvalidValueError
        It is negative or not whole.
    """
    value = numbers.get(label) if isinstance(numbers, Mapping) else numbers
    if value is None:
        return None
    if not 0 <= value < np.inf or value != int(value):
        raise InvalidValueError(column=column, value=value, label=label)
    return int(value)


def columns_of(name: str, columns: npt.ArrayLike, n: int) -> Ints:
    """Give column numbers, ascending, from numbers or one flag a column.

    Raises
    ------
    InvalidValueError
        A column does not exist.
    """
    given = np.asarray(columns)
    if given.dtype == bool:
        check_length(name, given, n)
        return np.flatnonzero(given)
    check_whole(name, given, high=n - 1)
    return np.unique(given.astype(np.int64))


def check_length(name: str, values: Labels | npt.ArrayLike, n: int) -> None:
    """Refuse what does not have one value for each.

    Raises
    ------
    InvalidValueError
        It has another size.
    """
    if isinstance(values, (list, tuple)) and any(isinstance(value, tuple) for value in values):
        shape: tuple[int, ...] = (len(values),)  # labels that are tuples, of any lengths
    else:
        shape = np.shape(values)
    if shape != (n,):
        raise InvalidValueError(column=name, value=shape, expected=(n,))


def check_range(
    name: str, values: npt.ArrayLike | None, *, low: float, high: float = np.inf
) -> None:
    """Refuse numbers out of their range; None is none.

    Raises
    ------
    InvalidValueError
        One is out of the range or no finite number.
    """
    if values is None:
        return
    numbers = np.asarray(values, dtype=float)
    is_bad = ~((numbers >= low) & (numbers <= high) & np.isfinite(numbers))
    if is_bad.any():
        raise InvalidValueError(column=name, value=float(numbers[is_bad].ravel()[0]))


def check_whole(name: str, values: npt.ArrayLike | None, *, high: float = 2.0**53) -> None:
    """Refuse numbers that do not count: negative, too large or not whole; None is none.

    Raises
    ------
    InvalidValueError
        One is out of the range or not whole.
    """
    if values is None:
        return
    numbers = np.asarray(values, dtype=float)
    check_range(name, numbers, low=0, high=high)
    is_part = numbers != np.floor(numbers)
    if is_part.any():
        raise InvalidValueError(column=name, value=float(numbers[is_part].ravel()[0]))
