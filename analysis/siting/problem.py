"""The question a planner asks: which of these options, under which wishes.

METHODS.md, section Siting.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.errors import InvalidValueError, VongLauError
from analysis.siting.checking import (
    Flags,
    Floats,
    Ints,
    Labels,
    check_length,
    check_range,
    check_whole,
    columns_of,
    members,
    number_of,
)
from analysis.siting.money import Places, Pot, pots, read_places, spent

if TYPE_CHECKING:
    from analysis.siting.sides import Sides

Objective = Literal["most", "least_cost", "worst_ward"]


class NoDemandError(VongLauError, ValueError):
    """No demand point has a weight: there is nothing to watch."""

    code = "no_demand"


class NoOptionsError(VongLauError, ValueError):
    """There is no place to choose."""

    code = "no_options"


class UnlimitedError(VongLauError, ValueError):
    """Neither a count nor a budget says how much may be chosen."""

    code = "unlimited"


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    r"""Options to choose from, the demand they see, and the planner's wishes.

    With x_j = 1 for a chosen option j, y_i = 1 for a demand point that is seen, z_i = 1 for one
    that is seen twice and W = Σ_i w_i, the objectives are

    - ``most`` (MCLP, Church and ReVelle 1974): max Σ w_i (y_i + backup·z_i)
    - ``least_cost`` (partial LSCP): min Σ c_j x_j with Σ w_i y_i ≥ target_share·W
    - ``worst_ward``: max min_k Σ_{i in k} w_i y_i / W_k, and then Σ w_i (y_i + backup·z_i)

    with y_i + z_i ≤ seen_i + Σ_j a_ij x_j, where seen_i is what working cameras see already.
    METHODS.md, section Siting.

    Parameters
    ----------
    cover
        (demand, option) sparse; where it is not 0 the option sees the demand point.
    weight
        (demand,) worth of seeing each point, not negative.
    count
        How many options may be chosen, at most.
    budget
        How much the chosen may cost together, at most.
    cost
        (option,) positive cost of each; 1 each when not given.
    must, forbid
        Options (column numbers, or one flag an option) that are chosen, or not, in any plan.
    group, per_group
        (option,) the head or pole of each, missing where it has none, and how many of one may be
        chosen: one number for all, or a number for each label.
    covered
        (demand,) how many working cameras (or whether one) see a point now.
    objective, target_share, backup
        See above; shares from 0 to 1.
    option_ward, ward_min, ward_max
        (option,) ward of each, and how many may or must be chosen there (as ``per_group``).
    apart
        (n, 2) pairs of options that are too close to each other (see ``too_close``).
    source, source_budget
        (option,) who pays for each, a name or a tuple of names that may share it, and how much a
        source has.
    places_apart
        Pairs of places (labels of ``place``) that are too close: options are chosen at one of them.
    demand_ward, floor
        (demand,) ward of each point, and the share of its weight that must be seen in the end: one
        number for all wards, or a number for each of some.
    kept
        Options that are so already (a working camera as it stands): they cost nothing, count
        nowhere, and hold unless another option of their group is chosen, of which such a group
        takes one. What they see is not in ``covered``.
    place, place_cost
        (option,) place of each, missing where it has none, and what it costs to make a place ready,
        paid once for all options chosen there.

    Raises
    ------
    InvalidValueError
        A number is out of its range, a size does not match, a column number does not exist.
    NoDemandError, NoOptionsError
        All weights are zero; there is no option.
    UnlimitedError
        ``most`` or ``worst_ward`` without count and budget.

    Examples
    --------
    Three places in a row; the middle one sees both points.

    >>> problem = Problem(cover=sp.csr_array([[1, 1, 0], [0, 1, 1]]), weight=[5, 3], count=1)
    >>> problem.n_demand, problem.n_options
    (2, 3)
    """

    cover: Any
    weight: npt.ArrayLike
    count: int | None = None
    budget: float | None = None
    cost: npt.ArrayLike | None = None
    must: npt.ArrayLike = ()
    forbid: npt.ArrayLike = ()
    group: Labels | None = None
    per_group: int | Mapping[Any, int] = 1
    covered: npt.ArrayLike | None = None
    objective: Objective = "most"
    target_share: float | None = None
    backup: float = 0.0
    option_ward: Labels | None = None
    ward_min: int | Mapping[Any, int] = 0
    ward_max: int | Mapping[Any, int] | None = None
    apart: npt.ArrayLike = ()
    source: Labels | None = None
    source_budget: Mapping[Any, float] | None = None
    demand_ward: Labels | None = None
    floor: float | Mapping[Any, float] = 0.0
    kept: npt.ArrayLike = ()
    place: Labels | None = None
    place_cost: Mapping[Any, float] | None = None
    places_apart: Sequence[tuple[Any, Any]] = ()

    def __post_init__(self) -> None:
        """Check what can be told without solving."""
        if self.n_options == 0:
            raise NoOptionsError
        check_length("weight", self.weights, self.n_demand)
        if self.cost is not None:
            check_length("cost", self.cost, self.n_options)
        check_length("covered", self.n_seen, self.n_demand)
        for name, labels, n in (
            ("group", self.group, self.n_options),
            ("option_ward", self.option_ward, self.n_options),
            ("source", self.source, self.n_options),
            ("place", self.place, self.n_options),
            ("demand_ward", self.demand_ward, self.n_demand),
        ):
            if labels is not None:
                check_length(name, labels, n)
        check_range("weight", self.weights, low=0)
        check_range("cost", self.costs[~self.is_kept], low=np.nextafter(0, 1))
        check_range("backup", self.backup, low=0, high=1)
        check_whole("count", self.count)
        check_range("budget", self.budget, low=0)
        check_range("target_share", self.target_share, low=0, high=1)
        check_range("floor", list(self.floors.values()), low=0, high=1)
        with np.errstate(over="ignore"):
            total = self.weights.sum()
        check_range("weight", total, low=0)
        if total <= 0:
            raise NoDemandError
        self._check_objective()
        _ = self.musts, self.forbidden, self.pairs, self.caps, self.kept_beside
        _ = self.places, self.pots

    def _check_objective(self) -> None:
        if self.objective not in {"most", "least_cost", "worst_ward"}:
            raise InvalidValueError(column="objective", value=self.objective)
        if self.objective == "least_cost":
            if self.target_share is None:
                raise InvalidValueError(column="target_share", value=None)
        elif self.count is None and self.budget is None and not self.source_budget:
            raise UnlimitedError
        if self.objective == "worst_ward" and not self.demand_wards:
            raise InvalidValueError(column="demand_ward", value=None)

    @property
    def n_demand(self) -> int:
        """How many demand points there are."""
        return int(self.cover.shape[0])

    @property
    def n_options(self) -> int:
        """How many options there are."""
        return int(self.cover.shape[1])

    @cached_property
    def matrix(self) -> sp.csr_array:
        """The cover as 0/1 rows, without doubled or empty entries."""
        matrix = sp.csr_array(self.cover)
        if not (matrix.has_canonical_format and (matrix.data != 0).all()):
            matrix = matrix.copy()
            matrix.sum_duplicates()
            matrix.eliminate_zeros()
        ones = np.ones(len(matrix.data), dtype=np.int8)
        return sp.csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)

    @cached_property
    def columns(self) -> sp.csc_array:
        """The same by option."""
        return sp.csc_array(self.matrix)

    @cached_property
    def weights(self) -> Floats:
        """The weight of each demand point."""
        return np.asarray(self.weight, dtype=float)

    @cached_property
    def costs(self) -> Floats:
        """The cost of each option, without its place; 0 for what is so already."""
        costs = np.ones(self.n_options) if self.cost is None else np.asarray(self.cost, dtype=float)
        return np.where(self.is_kept, 0.0, costs) if self.is_kept.any() else costs

    @cached_property
    def n_seen(self) -> Ints:
        """How many see each point now: working cameras and the kept options."""
        if not self.is_kept.any():
            return self.n_seen_anyway
        now: Ints = self.n_seen_anyway + self.matrix @ self.is_kept.astype(np.int64)
        return now

    @cached_property
    def n_seen_anyway(self) -> Ints:
        """How many working cameras see each point whatever is chosen."""
        if self.covered is None:
            return np.zeros(self.n_demand, dtype=np.int64)
        seen = np.asarray(self.covered)
        check_whole("covered", seen)
        return seen.astype(np.int64)

    @cached_property
    def musts(self) -> Ints:
        """The options that any plan has."""
        return columns_of("must", self.must, self.n_options)

    @cached_property
    def forbidden(self) -> Ints:
        """The options that no plan has."""
        return columns_of("forbid", self.forbid, self.n_options)

    @cached_property
    def pairs(self) -> Ints:
        """Pairs of options that stand too close, the lower number first, each once."""
        given = np.asarray(self.apart).reshape(-1, 2)
        check_whole("apart", given, high=self.n_options - 1)
        pairs = given.astype(np.int64)
        if (pairs[:, 0] == pairs[:, 1]).any():
            raise InvalidValueError(
                column="apart", value=pairs[pairs[:, 0] == pairs[:, 1]].tolist()
            )
        stays = self.is_kept[pairs].any(axis=1)
        if stays.any():
            raise InvalidValueError(column="apart", value=pairs[stays].tolist())
        return np.unique(np.sort(pairs, axis=1), axis=0)

    @cached_property
    def caps(self) -> tuple[tuple[str, Hashable, Ints, int, int | None], ...]:
        """Groups and wards: kind, label, their options, and how many at least and at most."""
        found: list[tuple[str, Hashable, Ints, int, int | None]] = []
        for label, options in members(self.group).items():
            most = number_of(self.per_group, label, column="per_group")
            if most is not None:
                found.append(("group", label, options, 0, most))
        wards = members(self.option_ward)
        for name, quota in (("ward_min", self.ward_min), ("ward_max", self.ward_max)):
            if isinstance(quota, Mapping):
                unknown = set(quota) - set(wards)
                wards.update({label: np.empty(0, dtype=np.int64) for label in unknown})
            elif quota and not wards:
                raise InvalidValueError(column="option_ward", value=None, needed_by=name)
        for label, own in wards.items():
            options = own[~self.is_kept[own]]
            least = number_of(self.ward_min, label, column="ward_min") or 0
            most = number_of(self.ward_max, label, column="ward_max")
            if least > 0 or most is not None:
                found.append(("ward", label, options, least, most))
        return tuple(found)

    @cached_property
    def places(self) -> Places:
        """The places that cost something to make ready."""
        return read_places(self)

    @cached_property
    def pots(self) -> tuple[Pot, ...]:
        """What sources of money have together, and what only they can pay for."""
        return pots(self)

    def spent(self, chosen: npt.ArrayLike) -> float:
        """Give what a choice costs, each place made ready once."""
        return spent(self, np.asarray(chosen, dtype=np.int64))

    @cached_property
    def is_kept(self) -> Flags:
        """Whether an option is so already."""
        flags = np.zeros(self.n_options, dtype=bool)
        flags[columns_of("kept", self.kept, self.n_options)] = True
        return flags

    @cached_property
    def kept_beside(self) -> Ints:
        """The kept option that an option takes the place of, −1 where there is none."""
        beside = np.full(self.n_options, -1, dtype=np.int64)
        for label, options in members(self.group).items():
            kept = options[self.is_kept[options]]
            if len(kept) == 0:
                continue
            if len(kept) > 1 or number_of(self.per_group, label, column="per_group") != 1:
                raise InvalidValueError(column="kept", value=kept.tolist(), label=label)
            beside[options] = kept[0]
        beside[self.is_kept] = -1
        return beside

    def completed(self, chosen: npt.ArrayLike) -> Flags:
        """Flag what is chosen, and the kept options that no choice takes the place of."""
        flags = np.zeros(self.n_options, dtype=bool)
        flags[np.asarray(chosen, dtype=np.int64)] = True
        if self.is_kept.any():
            gone = self.kept_beside[flags]
            stays = self.is_kept.copy()
            stays[gone[gone >= 0]] = False
            flags |= stays
        return flags

    @cached_property
    def demand_wards(self) -> dict[Hashable, Ints]:
        """The demand points of each ward that has weight."""
        wards = members(self.demand_ward)
        return {label: rows for label, rows in wards.items() if self.weights[rows].sum() > 0}

    @cached_property
    def floors(self) -> dict[Hashable, float]:
        """The share of a ward's weight that must be seen, where there is such a floor."""
        if isinstance(self.floor, Mapping):
            floors: dict[Hashable, float] = {k: float(v) for k, v in self.floor.items()}
        else:
            floors = dict.fromkeys(self.demand_wards, float(self.floor))
        if self.demand_ward is None and (floors or self.floor):
            raise InvalidValueError(column="demand_ward", value=None, needed_by="floor")
        unknown = set(floors) - set(members(self.demand_ward))
        if unknown:
            raise InvalidValueError(column="floor", value=sorted(map(str, unknown)))
        return {label: share for label, share in floors.items() if share != 0}

    def known_columns(self, columns: npt.ArrayLike) -> Ints:
        """Check the numbers of a choice made elsewhere, and sort them."""
        return columns_of("start", columns, self.n_options)

    @cached_property
    def sides(self) -> Sides:
        """The wishes on the choice itself as limits."""
        from analysis.siting.sides import limits

        return limits(self)

    def keeps_limits(self, chosen: Ints) -> bool:
        """Tell whether a choice keeps all wishes on the choice itself (not on what it sees)."""
        flags = np.zeros(self.n_options, dtype=bool)
        flags[chosen] = True
        has_musts = bool(self.completed(chosen)[self.musts].all())
        return has_musts and not flags[self.forbidden].any() and self.sides.are_met(flags)

    @cached_property
    def open_options(self) -> Flags:
        """Whether an option is not forbidden."""
        is_open = np.ones(self.n_options, dtype=bool)
        is_open[self.forbidden] = False
        return is_open
