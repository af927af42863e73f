"""Amounts of money as ledgers write them: *15.000.000đ*, *15 triệu đồng*, *1tr5*, *không*."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.values.conventions import DecimalSign
from data.importing.values.goods import without_goods
from data.importing.values.moments import is_unknown
from data.importing.values.quantities import GROUPED, UnreadableQuantityError, finite, plain

LEAST_WITH_DECIMALS = 1000
"""A smaller bare amount with decimals is of a unit that nobody told: 7,5 is rarely a sum."""

MOST_BY_HEADING = 10**12
"""More under a heading of millions was written in full: 15.000.000 is not that many millions."""

WRITTEN_OUT = {10**3: 2 * 10**6, 10**6: 10**5, 10**9: 10**3}
"""Multiple to the amount from which on one that ends in three noughts may be written in full.

5.000.000 under *nghìn đồng* is five million or five billion, and 500.000 under *triệu đồng* half a
million or as many million. Up to two billion a loss under *nghìn đồng* is taken as it stands.
"""

MOST_IN_THOUSANDS = 10**10
"""More than ten billion under a heading of thousands is likelier an amount in full."""

MAX_LENGTH = 200
"""Longer texts tell what was taken, and are no amounts."""

_CURRENCIES = {
    "VND": "đồng|dong|vnđ|vnd|đ|₫", "EUR": "eur|euros?|€",
    "USD": "usd|đô la|đôla|đô|do la|dollars?|us\\$|\\$", "GBP": "gbp|£",
    "CNY": "cny|ndt|nhân dân tệ|tệ", "JPY": "jpy", "KRW": "krw", "THB": "thb|baht", "LAK": "lak",
    "KHR": "khr", "CHF": "chf", "CAD": "cad", "AUD": "aud", "SGD": "sgd", "HKD": "hkd",
}  # fmt: skip
_DOLLARS = frozenset({"USD", "CAD", "AUD", "SGD", "HKD", "NZD"})
_OF_CURRENCY = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items())
    + r")(?![^\W\d_])"
)
_CURRENCY = "đồng|dong|vnđ|vnd|đ|₫|eur|euros?|usd|gbp|€|\\$|£"
_BEFORE_MONEY = re.compile(
    r"(?:(?:khoảng|khoang|ước tính|ước|trị giá|tri gia|hơn|trên|tren|gần|gan|xấp xỉ|chừng"
    r"|tầm|about|approx\.?|over|nearly|environ|env\.|plus de|près de)\s+|[~≈]\s*)*"
    r"(?:[€$£]\s*)?(?=\d)"
)
_AFTER_MONEY = re.compile(rf"\s*(?P<unit>{_CURRENCY})?\W*(?:\([^\d()]*\))?\W*")
_AMOUNT = re.compile(r"[\d.,\s]*\d")
_REMARK = re.compile(r"\s*\([^\d()]*[^\W\d_][^\d()]*\)\W*$")
_IN_THOUSANDS = frozenset({"", "VND", "LAK", "KHR"})
"""Currencies of which less than a thousand is worth nothing."""
_STEP = re.compile(
    r"\s*(?P<n>\d[\d.,\s]*?)\s*(?P<multiple>tỷ|tỉ|triệu|trieu|tr\.?đ?|nghìn|ngàn|nghin|ngan|k)(?![^\W\d_])"
    r"(?P<more>\d{1,3}(?![\d.,]|\s*(?:triệu|trieu|tr|nghìn|ngàn|nghin|ngan|k))"
    r"|(?<=\w)\s+\d(?=\s*(?:$|đồng|đ|vnđ|vnd))|\s*(?:rưỡi|rưởi|ruoi)(?!\w))?"
)
_NO_MONEY = frozenset(
    {"khong", "khong co", "ko", "khong thiet hai", "khong dang ke", "none", "nil", "aucun", "neant"}
)
_MULTIPLES = {
    "tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "trieu": 10**6, "tr": 10**6, "trđ": 10**6,
    "nghìn": 10**3, "ngàn": 10**3, "nghin": 10**3, "ngan": 10**3, "k": 10**3,
}  # fmt: skip
_MULTIPLE_WORD = re.compile(r"(?<!\w)(?:tỷ|tỉ|triệu|nghìn|ngàn)(?!\w)")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNIT_IN_BRACKETS = re.compile(
    r"(\d)\s*\(\s*((?:tỷ|tỉ|triệu|trieu|tr\.?đ?|nghìn|ngàn|nghin|ngan|k)(?![^\W\d_])[^\d()]*)\)"
)
_POWER_OF_TEN = re.compile(r"\b10(?:\s*\^\s*(?P<figure>[369])|(?P<raised>[³⁶⁹]))(?!\d)")
_RAISED = {"³": 3, "⁶": 6, "⁹": 9}
_OF_MONEY = r"(?:d|dong|vnd|vn d|dong viet nam|viet nam dong|eur|euros?|usd|dollars?|do la|gbp)"
_WORDS_OF = {
    10**9: r"ty|ti|billions?|bn|milliards?|mrd",
    10**6: r"trieu|tr|millions?|mil|mn|mio",
    10**3: r"nghin|ngan|ng|thousands?|milliers?|k",
}
_POWERS = {
    10**9: r"1 ?000 ?000 ?000", 10**6: r"1 ?000 ?000", 10**3: r"1 ?000",
}  # fmt: skip
_LINKS = r"(?: (?:of|de|d|in|en))?"
_SAID_SO = (
    r"(?:dvt|d v t|dv tinh|don vi tinh|don vi tien(?: te)?|tinh bang|tinh theo|units?|unites?)"
)
_OTHER_COUNTS = r"(?: (?:la|vu|viec|doi tuong|nguoi|tien|so tien|gia tri|va|de|in|en|vnd))*"


def _unit(multiple: int, *, is_bare: bool) -> str:
    """Give the pattern of a multiple's unit in folded words: *triệu đồng*, and *triệu* if bare."""
    words, power = _WORDS_OF[multiple], _POWERS[multiple]
    money = rf"(?: ?{_OF_MONEY})" + ("?" if is_bare else "")
    letters = {10**9: "tyd|tid", 10**6: "trd|t d", 10**3: "ngd|nghd|nd|kd|kvnd"}[multiple]
    found = rf"(?:(?:x ?)?(?:{power}){money}|(?:1 )?(?:{words}){_LINKS}{money}|{letters}"
    return found + rf"|{_OF_MONEY}{_LINKS} (?:{words}|{power}))"


_HEADING_UNITS = (
    (re.compile(r"(?<!cong )\b(ty|ti|billion|milliards?)\b"), 10**9),
    (re.compile(r"\b(trieu(?! son)|tr|tr d|million|millions|trd)\b"), 10**6),
    (re.compile(r"\b(nghin|ngan(?! hang| sach| quy)|thousand|milliers?)\b"), 10**3),
)
_LEAST_OF = re.compile(r"(?<!\d )\b(?!1 )\d+ (?:ty|ti|trieu|tr|nghin|ngan|million|billion)\b")
_IN_BRACKETS_ALONE = tuple(
    (re.compile(rf"(?:{_SAID_SO} )?{_unit(n, is_bare=True)}|{special}"), n)
    for n, special in ((10**9, "m?mm"), (10**6, "m"), (10**3, "k"))
)
_BEHIND_A_SIGN = tuple(
    (re.compile(rf"(?:\bx|\b{_SAID_SO}) ?(?:{_POWERS[n]})(?: ?{_OF_MONEY})?$"), n) for n in _POWERS
)
_TITLE_UNITS = tuple(
    (
        re.compile(
            rf"\b{_SAID_SO}{_OTHER_COUNTS} {_unit(n, is_bare=True)}(?![^\W])"
            rf"|\bdon vi {_unit(n, is_bare=False)}(?![^\W])"
            rf"|\b(?:in|en) (?:{_WORDS_OF[n]}){_LINKS} {_OF_MONEY}(?![^\W])"
        ),
        re.compile(_unit(n, is_bare=False)),
        n,
    )
    for n in _WORDS_OF
)


class OtherCurrencyError(UnreadableQuantityError):
    """An amount of another currency than the store's."""


def parse_money(
    cell: Cell, *, heading: str = "", decimal: DecimalSign = "comma", currency: str = ""
) -> int | None:
    """Read an amount of money as whole units; None for a blank cell, and where it is not known.

    A unit in the heading (*tr.đ*) counts for bare numbers, and its currency too; ``currency`` is
    the store's, and no other is taken where it is told. No money has three decimals, so that any
    separator before three figures groups. A bare number with decimals below a thousand is refused:
    it is of a unit that nobody told, and so is *khoảng 5* where a thousand is next to nothing.

    Raises
    ------
    UnreadableQuantityError
        It is no amount.
    OtherCurrencyError
        It is one of another currency.

    Examples
    --------
    >>> parse_money("15.000.000đ"), parse_money("15 triệu đồng"), parse_money("1tr5")
    (15000000, 15000000, 1500000)
    >>> parse_money("1,5 tỷ"), parse_money("15,000"), parse_money(7.5, heading="Thiệt hại (tr.đ)")
    (1500000000, 15000, 7500000)
    >>> parse_money("1 tỷ 200 triệu"), parse_money("không"), parse_money("chưa rõ")
    (1200000000, 0, None)
    >>> parse_money("1 tỷ 2"), parse_money("hơn 3tr"), parse_money("01 xe máy, trị giá 15 triệu")
    (1200000000, 3000000, 15000000)
    >>> parse_money("50 (triệu)"), parse_money("100 USD", currency="USD")
    (50000000, 100)
    """
    scale = heading_multiple(heading)
    if isinstance(cell, int | float):
        _check_currency(currencies_of(heading), cell, currency)
        return _bare_amount(finite(float(cell), cell), scale, cell)
    if cell is None or is_unknown(str(cell)):
        return None
    if len(str(cell)) > MAX_LENGTH:
        raise UnreadableQuantityError(str(cell))
    if is_no_money(str(cell)):
        return 0
    said = str(cell).casefold().strip()
    text = without_goods(said)
    _check_currency(currencies_of(text) or currencies_of(heading), cell, currency)
    amount = _of_text(_UNIT_IN_BRACKETS.sub(r"\1 \2 ", text).strip(), scale, decimal)
    is_small = scale == 1 and 0 < amount < LEAST_WITH_DECIMALS and currency in _IN_THOUSANDS
    is_worded = _without_words(said) not in {None, said}
    if amount < _told_in_brackets(text) or (is_small and is_worded):
        raise UnreadableQuantityError(text)
    return amount


def _without_words(text: str) -> str | None:
    """Give the bare number of a text, without words of roughly, goods and remarks; None if none.

    Examples
    --------
    >>> [_without_words(text) for text in ("Hơn 3,5", "15 (xe máy)", "5 triệu", "xe trị giá 7")]
    ['3,5', '15', None, '7']
    """
    said = without_goods(text.casefold().strip())
    if currencies_of(said) or _told_in_brackets(said) or _UNIT_IN_BRACKETS.search(said):
        return None
    number = _REMARK.sub("", said[_start(_BEFORE_MONEY, said) :]).strip()
    return number if _AMOUNT.fullmatch(number) else None


def is_no_money(text: str) -> bool:
    """Tell whether a text says that nothing was lost."""
    return fold(text) in _NO_MONEY


def _check_currency(told: frozenset[str], cell: Cell, currency: str) -> None:
    if currency and told and currency not in told:
        raise OtherCurrencyError(str(cell))


@functools.lru_cache(maxsize=4096)
def currencies_of(text: str) -> frozenset[str]:
    """Give the currencies that a text may name; a bare dollar sign is of any dollar."""
    found = {
        code
        for match in _OF_CURRENCY.finditer(text.casefold())
        for code in (_DOLLARS if match.group() == "$" else {match.lastgroup or ""})
    }
    return frozenset(found)


def _told_in_brackets(text: str) -> int:
    """Give the multiple that words in brackets name, as *50 (năm mươi triệu)*; 0 where none do."""
    said = " ".join(_IN_BRACKETS.findall(text))
    return max((_MULTIPLES[word] for word in _MULTIPLE_WORD.findall(said)), default=0)


def _of_text(cell: str, scale: int, decimal: DecimalSign) -> int:
    text = cell[_start(_BEFORE_MONEY, cell) :]
    total, end = _steps(text, decimal)
    if end:
        return _amount(total, cell) if _AFTER_MONEY.fullmatch(text, end) else _no_amount(cell)
    found = _AMOUNT.match(text)
    after = None if found is None else _AFTER_MONEY.fullmatch(text, found.end())
    if found is None or after is None or "%" in text:  # a share of something is no amount
        raise UnreadableQuantityError(str(cell))
    number = found.group().strip()
    has_unit = bool(after["unit"]) or any(sign in cell for sign in "€$£")
    if GROUPED.fullmatch(number):
        whole = int(re.sub(r"\D", "", number))
        return whole if has_unit else _bare_amount(whole, scale, cell)
    if has_unit:
        return _amount(plain(number, decimal), cell)
    return _bare_amount(plain(number, decimal), scale, cell)


def _start(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return 0 if found is None else found.end()


def _steps(text: str, decimal: DecimalSign) -> tuple[float, int]:
    """Add up *1 tỷ 200 triệu*, each step smaller than the one before; and tell where it ends."""
    total, end, last = 0.0, 0, math.inf
    while (found := _STEP.match(text, end)) is not None:
        multiple = _MULTIPLES[found["multiple"].replace(".", "")]
        if multiple >= last:
            return 0.0, 0
        number, more = found["n"].strip(), (found["more"] or "").strip()
        if more in {"rưỡi", "rưởi", "ruoi"}:
            total += (plain(number, decimal) + 0.5) * multiple
        elif more:  # *1tr5* and *1 triệu 5* are one and a half million
            total += float(f"{_whole(number)}.{more}") * multiple
        else:
            total += plain(number, decimal) * multiple
        end, last = found.end(), multiple
    return total, end


def _whole(number: str) -> int:
    if not number.isdecimal():
        raise UnreadableQuantityError(number)
    return int(number)


def _no_amount(cell: Cell) -> int:
    raise UnreadableQuantityError(str(cell))


def _bare_amount(number: float, scale: int, cell: Cell) -> int:
    is_part = scale == 1 and abs(number) < LEAST_WITH_DECIMALS and not number.is_integer()
    if is_part or is_in_full(number, scale):
        raise UnreadableQuantityError(str(cell))
    return _amount(number * scale, cell)


def is_in_full(number: float, multiple: int) -> bool:
    """Tell whether a bare amount under a unit was likely written out, and not in that unit.

    Examples
    --------
    >>> is_in_full(12_500_000, 1000), is_in_full(2500, 1000), is_in_full(500_000, 10**6)
    (True, False, True)
    >>> is_in_full(1_234_567, 1000), is_in_full(12_345_678, 1000), is_in_full(12_500, 10**6)
    (False, True, False)
    """
    if multiple == 1:
        return False
    most = MOST_IN_THOUSANDS if multiple == 10**3 else MOST_BY_HEADING
    is_round = number % 1000 == 0 and abs(number) >= WRITTEN_OUT.get(multiple, math.inf)
    return is_round or abs(number * multiple) > most


def _amount(number: float, cell: Cell) -> int:
    """Round an amount; what would be rounded to nothing is a share, as 15 % in a spreadsheet."""
    if 0 < abs(number) < 0.5:
        raise UnreadableQuantityError(str(cell))
    return round(number)


@functools.lru_cache(maxsize=256)
def heading_multiple(heading: str) -> int:
    """Give the multiple that a heading's unit stands for.

    An amount is no unit: *(trên 2 triệu đồng)* tells which cases are listed.

    Examples
    --------
    >>> [heading_multiple(f"Thiệt hại ({unit})") for unit in ("tr.đ", "1.000đ", "x1000", "đồng")]
    [1000000, 1000, 1000, 1]
    >>> heading_multiple("Thiệt hại (từ 2 triệu đồng)"), heading_multiple("Thiệt hại của công ty")
    (1, 1)
    """
    for inside in map(fold, _IN_BRACKETS.findall(_plain_powers(heading))):
        for words, multiple in _IN_BRACKETS_ALONE:
            if words.fullmatch(inside):
                return multiple
    folded = fold(_plain_powers(heading))
    said = next((n for words, n in _BEHIND_A_SIGN if words.search(folded)), 1)
    if said > 1 or _LEAST_OF.search(folded):
        return said
    return next((n for words, n in _HEADING_UNITS if words.search(folded)), 1)


def is_bare_unit(text: str) -> bool:
    """Tell whether a text is a multiple's unit and nothing else.

    Examples
    --------
    >>> [is_bare_unit(text) for text in ("1.000 đồng", "ĐVT: tr.đ", "x1000", "Thiệt hại (tr.đ)")]
    [True, True, True, False]
    """
    folded = fold(_plain_powers(text))
    return any(words.fullmatch(folded) for words, _ in (*_IN_BRACKETS_ALONE, *_BEHIND_A_SIGN))


def unit_in(title: str) -> int:
    """Give the multiple that a line above the headings tells of all amounts; 1 where none does.

    Examples
    --------
    >>> [unit_in(title) for title in ("Đơn vị tính: nghìn đồng", "(ĐVT: 1.000đ)", "Triệu đồng")]
    [1000, 1000, 1000000]
    >>> unit_in("ĐVT: vụ, triệu đồng"), unit_in("Unit: VND million"), unit_in("ĐVT: đồng")
    (1000000, 1000000, 1)
    >>> [unit_in(title) for title in ("Các vụ trên 2 triệu đồng", "Đơn vị: Công an Triệu Sơn")]
    [1, 1]
    """
    said = _plain_powers(title)
    alone = [fold(said), *map(fold, _IN_BRACKETS.findall(said))]
    folded = fold(said)
    for told, whole, multiple in _TITLE_UNITS:
        if told.search(folded) or any(map(whole.fullmatch, alone)):
            return multiple
    return 1


def unit_in_note(line: str) -> int:
    """Give the multiple that a line between or below the rows tells outright; 1 where none does.

    A unit behind a figure is that of the figure alone: *Cộng: 45 (triệu đồng)*.

    Examples
    --------
    >>> unit_in_note("Ghi chú: Thiệt hại tính bằng nghìn đồng"), unit_in_note("ĐVT: triệu đồng")
    (1000, 1000000)
    >>> unit_in_note("Tổng thiệt hại: 45 (triệu đồng)")
    1
    """
    folded = fold(_plain_powers(line))
    return next((n for told, _, n in _TITLE_UNITS if told.search(folded)), 1)


def in_unit(cells: Sequence[Cell], multiple: int, *others: int) -> tuple[list[Cell], int]:
    """Write bare amounts in whole units, where a line above the headings told another; how many.

    Amounts that tell a unit themselves stay; of *hơn 3* and *15 (xe máy)* the number is taken. One
    that would be too large was written in full, and is left as a text that no amount can be read
    from, and so is any where several are told.

    Examples
    --------
    >>> in_unit([1500, "15 triệu"], 10**3, 10**6)
    (['1500 × 1000 ≠ × 1000000', '15 triệu'], 0)
    >>> in_unit(["hơn 3", "15 (xe máy)"], 10**6)
    (['3 triệu', '15 triệu'], 2)
    >>> in_unit([1500, "2.500", "15 triệu", None, 5_000_000], 10**6)
    ([1500000000, '2.500 triệu', '15 triệu', None, '5000000 × 1000000'], 3)
    """
    words = {10**3: "nghìn", 10**6: "triệu", 10**9: "tỷ"}
    found: list[Cell] = []
    n = 0
    for cell in cells:
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        bare = _without_words(cell) if isinstance(cell, str) else None
        is_bare = bare is not None
        if others and cell and (is_number or is_bare):
            text = f"{cell:.15g}" if isinstance(cell, int | float) else str(cell).strip()
            found.append(" ≠ × ".join((f"{text} × {multiple}", *map(str, others))))
            continue
        n += is_number or is_bare
        if isinstance(cell, int | float) and is_number:
            is_full = is_in_full(cell, multiple)
            found.append(f"{cell:.15g} × {multiple}" if is_full else round(cell * multiple))
        elif bare is not None:
            text = bare
            is_full = is_in_full(_whole_of_groups(text), multiple)
            found.append(f"{text} × {multiple}" if is_full else f"{text} {words[multiple]}")
        else:
            found.append(cell)
    return found, n


def _whole_of_groups(text: str) -> int:
    """Give the number of bare figures, in groups of three or in none; 0 of one with decimals."""
    return int(re.sub(r"\D", "", text)) if text.isdecimal() or GROUPED.fullmatch(text) else 0


def _plain_powers(text: str) -> str:
    """Write powers of ten in full, and the sign of times as a letter: *×10³* as *x 1000*."""
    return _POWER_OF_TEN.sub(_in_full, text.replace("×", " x "))


def _in_full(power: re.Match[str]) -> str:
    n = _RAISED[power["raised"]] if power["raised"] else int(power["figure"])
    return f"{10**n}"
