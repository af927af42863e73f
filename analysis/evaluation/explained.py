"""What a raw before/after figure is made of.

METHODS.md, section Before and after, The raw change.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import InvalidValueError
from analysis.evaluation.local import LocalComparison


@dataclass(frozen=True, kw_only=True)
class RawChange:
    """The raw fall of treated places in three parts, in events; they add up to ``n_fewer``.

    Attributes
    ----------
    raw_change
        After over before, less 1: what a report would claim. None when there was nothing before.
    expected_change
        The same of what was to be expected without any treatment.
    n_fewer
        Events before less events after; below 0 a rise.
    n_by_city
        Fewer because the comparison places as a whole had fewer.
    n_by_regression
        Fewer because places that were unusually hot or cold return to their usual level, and
        because of the year's luck of such places.
    n_left
        What is left for the treatment, noise included.
    regression_share
        ``n_by_regression`` over ``n_fewer``; None unless there was a raw fall. May exceed 1.
    expected_share
        Share of the raw fall that was to be expected anyway, the city's part and regression.
    """

    raw_change: float | None
    expected_change: float | None
    n_fewer: float
    n_by_city: float
    n_by_regression: float
    n_left: float
    regression_share: float | None
    expected_share: float | None


def raw_change(compared: LocalComparison) -> RawChange:
    """Split the raw fall of treated places into city, regression to the mean, and the rest.

    Parameters
    ----------
    compared
        A local comparison.

    Returns
    -------
    RawChange
        The parts.

    Raises
    ------
    InvalidValueError
        The comparison units had no events before.

    Examples
    --------
    From 100 to 70, where 80 were to be expected and the rest of the city lost a tenth:

    >>> from dataclasses import replace
    >>> from analysis import evaluation
    >>> compared = evaluation.compare([1] * 9, [[1] * 9], xy=[[k, 0] for k in range(9)],
    ...                               treated=[0, 4, 8])
    >>> parts = raw_change(replace(compared, before=100.0, observed=70.0, expected=80.0,
    ...                            control_before=1000.0, control_after=900.0))
    >>> parts.n_fewer, parts.n_by_city, parts.n_by_regression, parts.n_left
    (30.0, 10.0, 10.0, 10.0)
    >>> round(parts.regression_share, 3)
    0.333
    """
    before, observed, expected = compared.before, compared.observed, compared.expected
    if compared.control_before <= 0:
        raise InvalidValueError(column="control_before", value=compared.control_before)
    like_city = before * compared.control_after / compared.control_before
    fell = before - observed
    return RawChange(
        raw_change=observed / before - 1 if before > 0 else None,
        expected_change=expected / before - 1 if before > 0 else None,
        n_fewer=fell,
        n_by_city=before - like_city,
        n_by_regression=like_city - expected,
        n_left=expected - observed,
        regression_share=(like_city - expected) / fell if fell > 0 else None,
        expected_share=(before - expected) / fell if fell > 0 else None,
    )
