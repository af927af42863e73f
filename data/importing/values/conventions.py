"""How the columns of a file write days and decimals: told, else seen in the cells, else as here.

03/04/2024 is the third of April in one file and the fourth of March in another, and 1.234 over a
thousand or a little over one. One cell cannot tell, its column can: 25/12/2024 is day first, 12,5
has a decimal comma. A column in which no cell tells is read as the store's country writes. It is
read otherwise where more cells tell so, at least two, and at least a quarter of those that depend
on it.

Between the two lies doubt: one 12/25/2024 above thirty days like 12/09/2024, and no 25/12/2024. Of
a month's days 18 in 30 can be read in one order only. The thirty that cannot say nothing, for they
are as likely in either order. The one is a slip in a column of day first, or the only clear day of
a column of month first; a spreadsheet set to another country writes thousands of those. Neither is
rare enough to be left out of account, and to be wrong would put thirty cases into other months
without a word. So days of a column in doubt are refused until a person tells its order, which is
one choice for all of them, and none is swapped. A slip among days that are clear the usual way,
one in three hundred or one in two, is no doubt: it alone is refused. Nor is there doubt where the
open days tell by all of them: 8/3, 9/3 and 10/3 are three days of March, and 12/3, 12/5 and 12/9
three of December, whichever the one clear day agrees with.

A spreadsheet set to another country does worse when days are typed or pasted into it: it takes
08/12/2024 for the twelfth of August and leaves 25/12/2024 a text. A column in which all days in
figures are clear texts, and all days of the spreadsheet's own have a number that could be a month,
is such a one: by chance three of each come so once in seventy columns. Those days are refused too,
with the exchanged ones suggested, until a person tells the order of the column.

A heading that tells an order, *(mm/dd/yyyy)*, stands in for the country. Where more cells speak
against it than for it the column is in doubt, however many they are: either the heading was left
from another form or the cells were pasted from another file, and nobody but a person knows which.

Where every hour of a column is midnight, of three days or more, a programme has written it behind
days that had none: those hours are left out.

The same holds for numbers like 1.234. What is clear in a cell, 12,5 and 1.234.567, is read as it is
written whatever its column does, and amounts of money, degrees and metres of surveys are clear.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from data.folding import fold
from data.importing.files.cell_columns import kinds_of
from data.store import StoreProperties

if TYPE_CHECKING:
    from data.importing.files.cell import Cell

DateOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]
DecimalSign: TypeAlias = Literal["comma", "point"]

DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
DECIMAL_SIGNS: tuple[DecimalSign, ...] = ("comma", "point")

DATE_FIELDS = frozenset(
    {
        "date", "datetime", "end_date", "end_datetime", "date_reported", "installed_on",
        "removed_on", "until", "started_on", "ended_on", "received_at", "received_on",
        "requested_at", "asked_from", "asked_until", "answered_on",
    }
)  # fmt: skip
"""Fields whose cells hold days."""

NUMBER_FIELDS = frozenset(
    {
        "x_north", "y_east", "bearing_deg", "bearing_error_deg", "tilt_deg", "fov_deg",
        "vertical_fov_deg", "range_m", "height_m", "resolution_mp", "focal_mm", "retention_days",
        "population", "share", "cost", "repair_cost", "damage", "n_heads", "n_members",
        "pixels_across", "detect_m", "observe_m", "recognise_m", "identify_m", "lamp_m",
    }
)  # fmt: skip
"""Fields whose cells hold numbers; degrees of a place are not among them, both signs start their
decimals."""

MONEY_FIELDS = frozenset({"cost", "repair_cost", "damage"})
"""Fields whose cells hold money, which has no three decimals."""

ENOUGH = 2
ENOUGH_SHARE = 0.25
"""Cells, and their share of those that depend on it, that overturn what is usual here."""

FEWEST_TOGETHER = 3
"""Different days that tell their order together, where each alone is open."""

_TRIPLE = re.compile(
    r"(?:(?<![\d/.-])|(?<=[/.]\d-)|(?<=[/.]\d\d-))"  # behind the dash of 30/9-2/10/2024 too
    r"(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?![\d]|\2)"
)
_HOUR = re.compile(r"\d\s*(?:[:hg]|giờ|[ap]\.?m\b)", re.IGNORECASE)
_MIDNIGHT = re.compile(
    r"\d[T ]\s*(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*(?:AM|SA))\s*$", re.IGNORECASE
)
_BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
_LETTERS = re.compile(r"(?:dd|jj|mm|yyyy|yy|aaaa|aa)+|[djmya]")
_HOURS = re.compile(
    r"\b(?:h|hh|hh24|gio|heures?|hours?)(?: (?:m|mm|mi|min|phut|minutes?))?(?: (?:s|ss|giay))?\b"
)
_SIGN_OF = {"j": "d", "a": "y"}
_WORDS = {
    "ngay": "d", "day": "d", "jour": "d", "thang": "m", "month": "m", "mois": "m",
    "nam": "y", "year": "y", "annee": "y",
}  # fmt: skip
_ORDERS: Mapping[str, DateOrder] = {
    "dm": "dmy", "md": "mdy", "dmy": "dmy", "mdy": "mdy", "ymd": "ymd",
}  # fmt: skip
_NOT_THE_DAY = tuple(word for word, sign in _WORDS.items() if sign != "d")
_OF_AN_ORDER = frozenset(
    {
        "truoc", "sau", "dau", "roi", "den", "dinh", "dang", "kieu", "theo", "thu", "tu", "viet",
        "ghi", "mau", "first", "then", "before", "format", "puis", "d", "abord", "avant",
    }
)  # fmt: skip
"""What stands beside the words of an order and says nothing else: *tháng trước, ngày sau*."""
_FIGURES = re.compile(r"\d[\d.,]*")
_GROUPS = {".": re.compile(r"\d{1,3}(\.\d{3}){2,}"), ",": re.compile(r"\d{1,3}(,\d{3}){2,}")}
_SIGN: Mapping[str, DecimalSign] = {",": "comma", ".": "point"}
_OTHER: Mapping[DecimalSign, DecimalSign] = {"comma": "point", "point": "comma"}


@dataclass(frozen=True, kw_only=True)
class Convention:
    """How one column is read, and why.

    Parameters
    ----------
    value
        dmy, mdy or ymd; comma or point.
    n_for, n_against
        Cells that can be read in this way only, and cells that can be read in another only.
    basis
        ``told`` by a person, seen in the ``cells``, as the ``heading`` says, or as the ``store``'s
        country writes; ``doubt`` where more cells tell another thing, and too few to follow them.
    """

    value: str
    n_for: int = 0
    n_against: int = 0
    basis: Literal["told", "cells", "heading", "store", "doubt"] = "store"


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """How the columns of a file are read, by field; only those where it makes a difference."""

    date_orders: Mapping[str, Convention] = field(default_factory=dict)
    decimals: Mapping[str, Convention] = field(default_factory=dict)
    exchanged: frozenset[str] = frozenset()
    """Fields in whose days a spreadsheet has likely taken the month for the day."""
    bare: frozenset[str] = frozenset()
    """Fields whose texts tell no other hour than midnight, of many days: they tell none."""
    currency: str = field(default="", compare=False)
    """The store's, ISO 4217: amounts of another one are refused; empty where it is not known."""

    def date_order(self, name: str) -> DateOrder:
        """Give the order of a field's days, day first where nothing is known."""
        found = self.date_orders.get(name)
        return "dmy" if found is None else found.value  # type: ignore[return-value]

    def is_date_order_shown(self, name: str) -> bool:
        """Tell whether the order of a field's days is told or seen, not taken from the store."""
        found = self.date_orders.get(name)
        return found is not None and found.basis not in {"store", "doubt"}

    def is_date_order_in_doubt(self, name: str) -> bool:
        """Tell whether the cells of a field speak against the usual order, and too few do."""
        found = self.date_orders.get(name)
        return found is not None and found.basis == "doubt"

    def decimal(self, name: str) -> DecimalSign:
        """Give the sign that starts a field's decimals, the comma where nothing is known."""
        found = self.decimals.get(name)
        return "comma" if found is None else found.value  # type: ignore[return-value]

    def is_decimal_in_doubt(self, name: str) -> bool:
        """Tell whether the cells of a field speak against the usual sign, and too few do."""
        found = self.decimals.get(name)
        return found is not None and found.basis == "doubt"


@dataclass(frozen=True)
class Habit:
    """How a place writes days and decimals."""

    date_order: DateOrder
    decimal: DecimalSign


def habit(properties: StoreProperties) -> Habit:
    """Tell how the store's country writes, by its time zone; without one, how its language does.

    A country that puts the year first says nothing about days that end in one: day first then.

    Examples
    --------
    >>> here = dict(city="X", metric_crs="EPSG:32618")
    >>> habit(StoreProperties(timezone="Asia/Ho_Chi_Minh", language="en", **here))
    Habit(date_order='dmy', decimal='comma')
    >>> habit(StoreProperties(timezone="America/New_York", language="en", **here))
    Habit(date_order='mdy', decimal='point')
    >>> habit(StoreProperties(timezone="Europe/London", language="en", **here))
    Habit(date_order='dmy', decimal='point')
    """
    territory = get_global("zone_territories").get(properties.timezone)
    language = {"en": "en_GB"}.get(properties.language, properties.language)
    try:
        locale = Locale.parse(f"und_{territory}" if territory else language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(language)
    letters = re.sub(r"[^dMy]", "", locale.date_formats["short"].pattern)
    sign = locale.number_symbols.get("latn", {}).get("decimal", ",")
    return Habit("mdy" if letters.startswith("M") else "dmy", _SIGN.get(sign, "comma"))


def infer(
    cells: Mapping[str, Sequence[Cell]],
    *,
    here: Habit,
    told: Mapping[str, str] | None = None,
    headings: Mapping[str, str] | None = None,
) -> Conventions:
    """Settle how each column of days or numbers is read.

    Parameters
    ----------
    cells
        Field to cells; other fields than of days and numbers are passed over.
    here
        For columns in which no cell tells, too few, or as many one thing as the other.
    told
        Field to order or sign, where a person said.
    headings
        Field to heading; one that tells the order of its days stands in for ``here``.

    Examples
    --------
    >>> column = {"date": ["03/04/2024", "25/12/2024", "31/01/2024"],
    ...           "range_m": ["1.234", "12.5", "8.25"]}
    >>> found = infer(column, here=Habit("mdy", "comma"))
    >>> found.date_order("date"), found.decimal("range_m")
    ('dmy', 'point')
    >>> infer({"date": ["03/04/2024"]}, here=Habit("mdy", "comma")).date_orders["date"].basis
    'store'
    >>> found = infer({"date": ["03/04/2024"]}, here=Habit("dmy", "comma"),
    ...               headings={"date": "Ngày (mm/dd/yyyy)"})
    >>> found.date_order("date"), found.date_orders["date"].basis
    ('mdy', 'heading')
    """
    said, called = told or {}, headings or {}
    dates: dict[str, Convention] = {}
    exchanged: set[str] = set()
    bare: set[str] = set()
    decimals: dict[str, Convention] = {}
    for name, column in cells.items():
        if name in DATE_FIELDS:
            order = order_in(called.get(name, ""))
            found = _settled(
                column,
                said.get(name),
                _readable_orders,
                order or here.date_order,
                is_called=order is not None,
            )
            if found is not None:
                is_called = order is not None and found.basis == "store"
                dates[name] = replace(found, basis="heading") if is_called else found
            if name not in said and _is_exchanged(column):
                exchanged.add(name)
            if _is_bare(column):
                bare.add(name)
        elif name in NUMBER_FIELDS:
            found = _settled(column, said.get(name), _readable_signs, here.decimal)
            if found is not None:
                decimals[name] = found
    return Conventions(
        date_orders=dates,
        decimals=decimals,
        exchanged=frozenset(exchanged),
        bare=frozenset(bare),
    )


@functools.lru_cache(maxsize=256)
def order_in(heading: str) -> DateOrder | None:
    """Give the order of days that a heading tells: by letters, or in words within brackets.

    A bracket that says anything besides, or has a figure, tells of the days and not how they are
    written; two orders are none.

    Examples
    --------
    >>> [order_in(text) for text in ("Ngày (mm/dd/yyyy)", "Date DD-MM-YY", "Ngày (năm/tháng/ngày)",
    ...                              "Ngày (tháng/ngày)", "Ngày, tháng, năm")]
    ['mdy', 'dmy', 'ymd', 'mdy', None]
    >>> order_in("Ngày xảy ra (trong tháng, ngày)"), order_in("Ngày (tháng 11, ngày 1-30)")
    (None, None)
    """
    said = [fold(part) for part in _BRACKETS.findall(heading)]
    outside = fold(_BRACKETS.sub(" ", heading))
    found = {_order_of_letters(part, are_single=True) or _order_of_words(part) for part in said}
    found.add(_order_of_letters(outside, are_single=False))
    if outside.startswith(_NOT_THE_DAY):  # *Ngày, tháng, năm* is what days are called
        found.add(_order_of_words(outside))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _order_of_letters(folded: str, *, are_single: bool) -> DateOrder | None:
    """Give the order of letters that follow each other, as *mm dd yyyy*, hours beside them."""
    words = _HOURS.sub(" ", folded).split()
    signs = [
        "".join(map(_sign_of, _pieces(word))) if _is_of_letters(word) else " " for word in words
    ]
    runs = "".join(signs).split()
    is_alone = " " not in signs
    if not (are_single and is_alone) and not any(
        len(word) > 1 for word in words if _is_of_letters(word)
    ):
        return None
    orders = {_ORDERS[run] for run in runs if run in _ORDERS}
    return orders.pop() if len(orders) == 1 else None


def _is_of_letters(word: str) -> bool:
    return _LETTERS.fullmatch(word) is not None


def _pieces(word: str) -> list[str]:
    return re.findall(r"dd?|jj?|mm?|y{1,4}|a{1,4}", word)


def _sign_of(piece: str) -> str:
    return _SIGN_OF.get(piece[0], piece[0])


def _order_of_words(folded: str) -> DateOrder | None:
    """Give the order of day, month and year in words; none where anything else stands there."""
    words = _HOURS.sub(" ", folded).split()
    if not all(word in _WORDS or word in _OF_AN_ORDER for word in words):
        return None
    return _ORDERS.get("".join(_WORDS.get(word, "") for word in words))


def is_other_order(cell: Cell, order: DateOrder) -> bool:
    """Tell whether a cell's day can be read, but not in this order.

    Examples
    --------
    >>> is_other_order("12/25/2024", "dmy"), is_other_order("31/02/2024", "dmy")
    (True, False)
    """
    ways = _readable_orders(cell)
    if not ways or order in ways:
        return False
    return not (order == "ymd" and _is_year_first(str(cell)))


def is_either_order(cell: Cell) -> bool:
    """Tell whether a cell's day can be read in more orders than one.

    Examples
    --------
    >>> is_either_order("12/09/2024"), is_either_order("12/25/2024"), is_either_order("9/9/2024")
    (True, False, False)
    >>> is_either_order("24/11/05")
    True
    """
    found = _TRIPLE.search(cell) if isinstance(cell, str) else None
    ways = _readable_orders(cell)
    if found is None or not ways:
        return False
    if _is_year_first(found.group()) and found[1].lstrip("0") != found[4].lstrip("0"):
        return True
    # the ninth of September either way
    return found[1].lstrip("0") != found[3].lstrip("0") and len(ways) > 1


def is_exchangeable(cell: Cell) -> bool:
    """Tell whether a spreadsheet's own day would be another one with day and month exchanged.

    Examples
    --------
    >>> is_exchangeable(date(2024, 8, 12)), is_exchangeable(date(2024, 8, 13))
    (True, False)
    """
    return isinstance(cell, date) and cell.day <= 12 and cell.day != cell.month


def is_either_sign(cell: Cell) -> bool:
    """Tell whether either sign may start the decimals of a number.

    Examples
    --------
    >>> is_either_sign("1.234"), is_either_sign("12.5"), is_either_sign(1.234)
    (True, False, False)
    """
    return len(_readable_signs(cell) or ()) > 1


def is_other_sign(cell: Cell, sign: DecimalSign) -> bool:
    """Tell whether a number's groups show that the other sign starts its decimals.

    Examples
    --------
    >>> is_other_sign("1,234.5", "comma"), is_other_sign("12.5", "comma")
    (True, False)
    """
    ways = _readable_signs(cell) or frozenset(DECIMAL_SIGNS)
    return sign not in ways and len(re.findall(r"[.,]", str(cell))) > 1


def _settled(
    column: Sequence[Cell],
    told: str | None,
    readable: Callable[[Cell], frozenset[str] | None],
    habitual: str,
    *,
    is_called: bool = False,
) -> Convention | None:
    """Count what the cells of a column allow; None where no cell depends on it.

    Where a heading tells what is habitual, cells that speak against it leave the column in doubt.
    """
    is_any = str in kinds_of(column)
    texts = Counter(cell for cell in column if isinstance(cell, str)) if is_any else Counter()
    ways: Counter[frozenset[str]] = Counter()
    for text, n in texts.items():
        if way := readable(text):
            ways[way] += n
    if told is None and not ways:
        return None
    alone = Counter({next(iter(way)): n for way, n in ways.items() if len(way) == 1})
    other, most = max(alone.items(), key=lambda item: item[1], default=(habitual, 0))
    is_more = most > alone[habitual]
    is_clear = is_more and most >= max(ENOUGH, ENOUGH_SHARE * ways.total())
    is_open = told is None and is_more and not is_clear
    if is_called and told is None:
        n_against = sum(n for way, n in ways.items() if habitual not in way)
        by_all = _by_all(text for text in texts if len(readable(text) or ()) > 1)
        is_clear = False
        is_open = n_against > alone[habitual] and by_all != habitual
        is_open |= not alone[habitual] and by_all not in {None, habitual}
    elif is_open:
        by_all = _by_all(text for text in texts if len(readable(text) or ()) > 1)
        is_clear = by_all == other
        is_open = by_all not in {habitual, other}
    value = told if told is not None else other if is_clear else habitual
    return Convention(
        value=value,
        n_for=alone[value],
        n_against=sum(n for way, n in ways.items() if value not in way),
        basis="told" if told is not None else "doubt" if is_open
        else "cells" if alone[value] else "store",
    )  # fmt: skip


def _is_exchanged(column: Sequence[Cell]) -> bool:
    """Tell whether a spreadsheet has likely made days of those texts only that it could misread."""
    if not {str} < kinds_of(column) or not {date, datetime} & kinds_of(column):
        return False
    days = {(cell.month, cell.day) for cell in column if isinstance(cell, date)}
    days = {(month, day) for month, day in days if month != day}
    texts = {cell for cell in column if isinstance(cell, str) and _TRIPLE.search(cell)}
    orders = {_readable_orders(text) for text in texts}
    is_clear = len(orders) == 1 and orders <= {frozenset({"dmy"}), frozenset({"mdy"})}
    is_enough = min(len(days), len(texts)) >= FEWEST_TOGETHER
    return is_enough and is_clear and all(day <= 12 for _, day in days)


def _is_bare(column: Sequence[Cell]) -> bool:
    """Tell whether midnight stands behind days of a column, and no other hour."""
    found = set()
    if str in kinds_of(column):
        for cell in column:
            if isinstance(cell, str) and _HOUR.search(cell):
                if not _MIDNIGHT.search(cell):
                    return False
                found.add(cell)
            elif isinstance(cell, datetime) and cell.time() != time():
                return False
    return len(found) >= FEWEST_TOGETHER


def _by_all(texts: Iterable[str]) -> DateOrder | None:
    """Tell the order of open days by all of them: what stays the same while the other changes.

    None where both change, where there are too few, and of what is no day.
    """
    pairs = {(int(found[1]), int(found[3])) for text in texts if (found := _TRIPLE.search(text))}
    n_first, n_second = (len({pair[i] for pair in pairs}) for i in (0, 1))
    if min(n_first, n_second) != 1 or max(n_first, n_second) < FEWEST_TOGETHER:
        return None
    return "dmy" if n_second == 1 else "mdy"


def _readable_orders(cell: Cell) -> frozenset[str] | None:
    """Give the orders in which the first day of a cell makes sense; None where there is no choice.

    A year in four figures at the front leaves none, whatever the column does.
    """
    if not isinstance(cell, str):
        return None
    found = _TRIPLE.search(cell)
    if found is None:
        return None
    first, second, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) > 2:
        return None
    ways = set()
    if 1 <= first <= 31 and 1 <= second <= 12:
        ways.add("dmy")
    if 1 <= first <= 12 and 1 <= second <= 31:
        ways.add("mdy")
    if not ways and len(found[4]) == 2 and 1 <= second <= 12 and 1 <= last <= 31:
        ways.add("ymd")
    return frozenset(ways) or None


def _is_year_first(cell: str) -> bool:
    """Tell whether three pairs of figures can be year, month and day."""
    found = _TRIPLE.search(cell)
    return (
        found is not None
        and len(found[4]) == 2
        and 1 <= int(found[3]) <= 12
        and 1 <= int(found[4]) <= 31
    )


def _readable_signs(cell: Cell) -> frozenset[str] | None:
    """Give the signs that may start the decimals of a cell; None where it has no separator."""
    found = _FIGURES.search(cell) if isinstance(cell, str) else None
    text = found.group().rstrip(".,") if found is not None else ""
    signs = re.findall(r"[.,]", text)
    if not signs:
        return None
    if len(set(signs)) == 2:
        return frozenset({_SIGN[signs[-1]]})
    sign = _SIGN[signs[0]]
    if len(signs) > 1:
        return frozenset({_OTHER[sign]}) if _GROUPS[signs[0]].fullmatch(text) else None
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        return frozenset(DECIMAL_SIGNS)
    return frozenset({sign})


def as_json(conventions: Conventions, mapping: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Give what was settled, by heading: the value, and how many cells show it."""
    found: dict[str, dict[str, Any]] = {}
    for key, columns in (
        ("date_order", conventions.date_orders), ("decimal", conventions.decimals),
    ):  # fmt: skip
        for name, convention in columns.items():
            found[mapping.get(name, name)] = {
                key: convention.value,
                "evidence": convention.n_for,
                "against": convention.n_against,
                "basis": convention.basis,
            }
    return found
