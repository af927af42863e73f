"""Money as a planner writes it: millions where a unit of the currency is little."""

from __future__ import annotations

import math

from babel.numbers import get_currency_precision

from dashboard.texts import Texts


def unit(currency: str) -> int:
    """Give what amounts are counted in: a million where the currency has no cents, else one.

    Examples
    --------
    >>> unit("VND"), unit("EUR")
    (1000000, 1)
    """
    return 1 if get_currency_precision(currency) else 1_000_000


def unit_name(say: Texts, currency: str) -> str:
    """Name the unit.

    Examples
    --------
    >>> unit_name(Texts("en"), "VND"), unit_name(Texts("en"), "EUR")
    ('million VND', 'EUR')
    """
    if unit(currency) == 1:
        return currency
    return say("plan_page.millions", currency=currency)


def column_name(say: Texts, currency: str) -> str:
    """Name the unit at the head of a column or beside a field.

    Examples
    --------
    >>> column_name(Texts("en"), "VND")
    'Million VND'
    """
    name = unit_name(say, currency)
    return name[:1].upper() + name[1:]


def heading(say: Texts, currency: str) -> str:
    """Name the unit at the head of a narrow column.

    Examples
    --------
    >>> heading(Texts("en"), "VND"), heading(Texts("en"), "EUR")
    ('Million', 'EUR')
    """
    return currency if unit(currency) == 1 else say("plan_page.millions_brief")


def money(say: Texts, amount: float, currency: str) -> str:
    """Write an amount with its unit.

    Examples
    --------
    >>> money(Texts("en"), 889_400_000, "VND"), money(Texts("en"), 6_500_000, "VND")
    ('889 million VND', '6.5 million VND')
    >>> money(Texts("en"), 1250, "EUR"), money(Texts("en"), float("nan"), "EUR")
    ('1,250 EUR', '–')
    """
    if not math.isfinite(amount):
        return "–"
    units = amount / unit(currency)
    decimals = 1 if unit(currency) > 1 and 0 < abs(units) < 100 and units != round(units) else 0
    return f"{say.number(units, decimals)} {unit_name(say, currency)}"
