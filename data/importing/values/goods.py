"""What stands in a column of damage and is no amount: the goods that were lost, in words.

*01 xe máy Honda Wave* tells no amount, and the case is one without it. *01 xe máy trị giá 15 triệu*
tells one. What may be money in any other way (*02 xe x 15 triệu*, *thu hồi 5 triệu*) is left to the
reader of amounts, which refuses it.
"""

from __future__ import annotations

import re

from data.folding import fold

_LEAST_IN_FIGURES = 4
"""Figures in a row from which on a number may be an amount and no count, year or model."""

_MONEY = re.compile(
    r"(?<![^\W\d_])(?:tỷ|tỉ|triệu|trieu|tr|trđ|nghìn|ngàn|nghin|ngan|k|kđ|đồng|đ|vnđ|vnd|eur|euros?"
    r"|usd|đô(?: la)?|tiền|tien|trị giá|tri gia|giá trị|gia tri|củ|lít|xị|vé|millions?|thousands?"
    r"|money|cash|argent|milliers?)(?![^\W\d_])|[₫€$£%]"
)
_PLATE = re.compile(r"\b\d{2}\s*-?\s*[a-zđ]{1,2}\d?[\s.-]*\d{3}\.?\d{1,2}\b")
_FIGURES = re.compile(r"\d[\d.,]*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER_WORDS = frozenset(
    {"mot", "hai", "ba", "bon", "tu", "nam", "lam", "sau", "bay", "tam", "chin", "muoi", "tram",
     "linh", "le", "ruoi", "va", "chan", "rat", "nhieu", "it", "vai"}
)  # fmt: skip
_VALUED = re.compile(
    r"(?P<goods>.*?[^\W\d_].*?)[\s,;:–-]+"
    r"(?:(?P<total>tổng(?: cộng| giá trị| trị giá| thiệt hại)?)"
    r"|(?:có )?(?:trị giá|giá trị|tri gia|gia tri))"
    r"(?:\s+là)?[\s:]+(?P<amount>\S.*)"
)
_SHARED = re.compile(
    r"(?<!\w)(?:mỗi|từng|thu hồi|trả|còn|trừ|moi|tung|thu hoi|tra|con lai|tru|each|per)(?!\w)"
)
_SEVERAL = re.compile(r"[,;+&]|(?<!\w)(?:và|va|cùng|với|and|et)(?!\w)")
_COUNT = re.compile(r"\s*(\d+)")


def is_goods(text: str) -> bool:
    """Tell whether a text says what was lost, and nothing of money.

    Examples
    --------
    >>> goods = ("01 xe máy Honda Wave", "2 chỉ vàng", "01 ĐTDĐ iPhone 12", "Hỏng cửa kính")
    >>> all(map(is_goods, goods))
    True
    >>> money = ("15 triệu", "xe máy 15000000", "02 xe x 15 triệu", "5 củ", "1.500", "mười lăm")
    >>> any(map(is_goods, money))
    False
    """
    said = _PLATE.sub(" ", text.casefold())
    if _MONEY.search(said) or not _WORD.search(said):
        return False
    if any(_may_be_amount(figures) for figures in _FIGURES.findall(said)):
        return False
    return not _NUMBER_WORDS.issuperset(fold(said).split())


def without_goods(text: str) -> str:
    """Give the one amount that a text tells of its goods outright; else the text as it stands.

    Of several goods, or several alike, it may be that of one of them, but where it is their total.

    Examples
    --------
    >>> without_goods("01 xe máy trị giá 15 triệu"), without_goods("3 xe, tổng 45 triệu")
    ('15 triệu', '45 triệu')
    >>> without_goods("02 xe trị giá 15 triệu"), without_goods("mỗi xe trị giá 5 triệu")
    ('02 xe trị giá 15 triệu', 'mỗi xe trị giá 5 triệu')
    """
    found = _VALUED.fullmatch(text)
    if found is None or _SHARED.search(text) or not is_goods(found["goods"]):
        return text
    if found["total"] is None:
        count = _COUNT.match(found["goods"])
        if _SEVERAL.search(found["goods"]) or (count is not None and int(count[1]) != 1):
            return text
    return found["amount"]


def _may_be_amount(figures: str) -> bool:
    figures = figures.rstrip(".,")
    return len(figures) >= _LEAST_IN_FIGURES or not figures.isdecimal()
