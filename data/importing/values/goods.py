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
_GOODS = re.compile(
    r"(?<![^\W\d_])(?:xe|máy|hỏng|vỡ|cháy|gãy|móp|xước|chó|mèo|gà|vịt|lợn|trâu|bò|dê|tủ|két|ví|túi"
    r"|sắt|dây|cáp|pin|loa|đồng hồ|nhẫn|lắc tay|quần áo|giày|dép|mũ|tivi|ti vi|tv|cửa (?:kính|sắt"
    r"|cuốn|sổ|gỗ|xe|nhà|nhôm)|bình (?:ga|gas|ắc quy|ăc quy|nước|xăng|điện)|hàng (?:hóa|hoá)"
    r"|định giá|giám định|cameras?|phones?|bikes?|motorbikes?|motorcycles?|scooters?|cars?|vans?"
    r"|jewel\w*|bags?|wallets?|purses?|windows?|doors?|broken|stolen|motos?|vélos?|voitures?"
    r"|téléphones?|ordinateurs?|bijoux?|sacs?|portefeuilles?|vitres?|portes?|laptops?|computers?"
    r"|tablets?|watch(?:es)?|montres?|wave|honda|yamaha|iphone|samsung|oppo|ipad|macbook|sh|exciter|sirius)"
    r"(?![^\W\d_])"
)
_MAY_BE_NAME = re.compile(r"(?<![^\W\d_])(?:vàng|bạc|kính|đồ|hàng|cửa|tranh|ngọc)(?![^\W\d_])")
"""Goods that are names of persons and streets too: *Vàng A Páo*, *Hàng Than*, *Cửa Hữu*."""
_GOODS_FOLDED = re.compile(
    r"\b(?:xe|dien thoai|dtdd|dt|may tinh|day chuyen|tai san|giay to|ba lo|thuong tich|bi thuong"
    r"|chan thuong|o to|oto|cay canh|vat nuoi|ac quy)\b"
)
_PLACE = re.compile(
    r"(?<![^\W\d_])(?:(?:bến|bãi|nhà|đỗ|gửi|giữ) xe|nhà máy"
    r"|(?:tiệm|hiệu|cửa hàng|quán|siêu thị|chợ)"
    r"(?: (?:vàng|xe máy|xe đạp|xe|điện thoại|điện máy|máy tính|đồ|gà|vịt|chó|bò|dê))?)(?!\w)"
)
_COUNTED = re.compile(
    rf"(?<![\w.,/:-])\d{{1,{_LEAST_IN_FIGURES - 1}}}"
    r"(?:\s*\([^\W\d_]+(?: [^\W\d_]+)?\))?\s+(?P<word>[^\W\d_]+)"
)
_NOT_COUNTED = frozenset(
    {"đến", "den", "tới", "toi", "hoặc", "hoac", "hay", "trở", "tro", "và", "va", "là", "la", "hơn",
     "hon", "rưỡi", "mấy", "lên", "xuống", "không", "ko", "chưa", "nếu", "năm", "tháng", "ngày",
     "giờ", "gio", "phút", "tuổi", "tuoi", "vụ", "vu", "việc", "người", "nguoi", "đối", "bị", "km",
     "lần", "thôi", "tròn", "chẵn", "lẻ", "mươi", "chục", "chuc", "trăm", "tram", "vạn", "phần",
     "ước", "trên", "dưới", "gần", "khoảng", "tầm", "cỡ", "nhà", "ngõ", "đường", "phố", "phường",
     "tổ", "or", "and", "to", "ou", "et", "à", "more", "less", "plus", "moins", "people", "persons",
     "cases", "years"}
)  # fmt: skip
"""Words behind a figure that count nothing lost: *5 trở lên*, *5 đến 10*, *35 tuổi*."""
_MODEL = (
    r"(?:iphone|ipad|note|galaxy|reno|redmi|samsung|oppo|xiaomi|nokia|vivo|sony|wave|sh|vision"
    r"|exciter|winner|dream|lead|future|sirius|jupiter)"
)
_OPEN_FIGURE = re.compile(
    rf"(?<!\w)\d{{1,{_LEAST_IN_FIGURES - 1}}}(?!\w)(?!(?:\s*-\s*\d{{1,3}})?\s*[^\W\d_])"
    r"(?!\s*\([^\W\d_]+(?: [^\W\d_]+)?\)\s*[^\W\d_])"
)
_OF_MODEL = re.compile(rf"(?<![^\W\d_])({_MODEL})\s+\d{{1,{_LEAST_IN_FIGURES - 1}}}(?!\d)")
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

    It counts something or names goods of a known list. Streets and names of persons are in the
    wrong column, and a figure that counts nothing (*xe máy, 15*, *khoảng 5*) may be an amount.

    Examples
    --------
    >>> goods = ("01 xe máy Honda Wave", "2 chỉ vàng", "01 ĐTDĐ iPhone 12", "Hỏng cửa kính")
    >>> all(map(is_goods, goods))
    True
    >>> money = ("15 triệu", "xe máy 15000000", "02 xe x 15 triệu", "5 củ", "1.500", "mười lăm")
    >>> any(map(is_goods, (*money, "khoảng 5", "5 trở lên", "15 (xe máy)", "01 xe máy, 15")))
    False
    >>> any(map(is_goods, ("Lê Lai", "Hàng Than", "Số 5, Lê Lai", "35 Lê Lai", "Nguyễn Văn A")))
    False
    """
    if not _is_without_money(text):
        return False
    said = _OF_MODEL.sub(r"\1 ", _PLATE.sub(" ", text.casefold()))
    if _OPEN_FIGURE.search(said):
        return False
    return _names_goods(_PLACE.sub(" ", said), text) or any(
        found["word"][0].islower() and found["word"] not in _NOT_COUNTED
        for found in _COUNTED.finditer(text)
    )


def _names_goods(said: str, text: str) -> bool:
    if _GOODS.search(said) or _GOODS_FOLDED.search(fold(said)):
        return True
    words = _WORD.findall(text)
    is_name = len(words) > 1 and all(word[0].isupper() for word in words)
    return not is_name and _MAY_BE_NAME.search(said) is not None


def _is_without_money(text: str) -> bool:
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
    if found is None or _SHARED.search(text) or not _is_without_money(found["goods"]):
        return text
    if found["total"] is None:
        count = _COUNT.match(found["goods"])
        if _SEVERAL.search(found["goods"]) or (count is not None and int(count[1]) != 1):
            return text
    return found["amount"]


def _may_be_amount(figures: str) -> bool:
    figures = figures.rstrip(".,")
    return len(figures) >= _LEAST_IN_FIGURES or not figures.isdecimal()
