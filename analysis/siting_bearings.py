"""Of the directions in which one model can look from one place, those that pay.

METHODS.md, section Siting.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def that_pay(options: pd.DataFrame, cover: sp.sparray, *, has_one_head: Flags) -> Flags:
    """Tell which options no other direction of the same model at the same place can stand in for.

    Such a direction sees all that this one does, for the same money. Where a place has room for one
    camera, to leave it out takes no plan away that another is not as good as. Directions are
    compared with the next ones to the left and right: what two of them both see, all see that lie
    between.

    Parameters
    ----------
    options
        ``place_id`` and ``model_id``; the directions of one model at one place stand one after the
        other, in their order round the place.
    cover
        (demand, option) 0/1.
    has_one_head
        (option,) whether its place has room for one camera; the others are all kept.

    Returns
    -------
    numpy.ndarray
        (option,) whether to keep it. Of neighbours that see the same the first is kept.

    Examples
    --------
    The second sees what the first does and more, the third the same as the second.

    >>> options = pd.DataFrame({"place_id": ["S"] * 4, "model_id": ["F"] * 4})
    >>> cover = sp.csr_array([[1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]])
    >>> that_pay(options, cover, has_one_head=np.ones(4, dtype=bool)).tolist()
    [False, True, False, True]
    """
    if len(options) == 0:
        return np.ones(0, dtype=bool)
    first, after = _rounds(options)
    before = np.empty_like(after)
    before[after] = np.arange(len(after))
    columns = sp.csc_array(cover, dtype=np.int32)
    size = np.diff(columns.indptr)
    both = np.asarray(columns.multiply(columns[:, after]).sum(axis=0)).ravel()
    is_in_next, is_in_last = both == size, both[before] == size
    same_as_next = is_in_next & (size == size[after])
    same_as_last = same_as_next[before]
    is_beaten = (is_in_next & ~same_as_next) | (is_in_last & ~same_as_last)
    while True:  # what one of equal neighbours loses to, all of them lose to
        spread = is_beaten | (same_as_next & is_beaten[after]) | (same_as_last & is_beaten[before])
        if (spread == is_beaten).all():
            break
        is_beaten = spread
    pays: Flags = ~is_beaten & ~same_as_last
    pays[first[np.logical_and.reduceat(same_as_next, first)]] = True  # the same all round
    pays |= ~np.asarray(has_one_head, dtype=bool)
    return pays


def _rounds(options: pd.DataFrame) -> tuple[Ints, Ints]:
    """Give where the directions of each model at each place begin, and the next of each, round."""
    place, _ = pd.factorize(options["place_id"])
    model, _ = pd.factorize(options["model_id"])
    changes = (np.diff(place) != 0) | (np.diff(model) != 0)
    first = np.concatenate([[0], np.flatnonzero(changes) + 1])
    after = np.arange(1, len(options) + 1)
    after[np.append(first[1:], len(options)) - 1] = first
    return first, after
