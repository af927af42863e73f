"""Words that may stand beside a day or an hour and change nothing of what they say.

They are a known few. Any others, as in *20h30 ngày 13/11/2024 tại Quang Trung*, *14/11/2024 trùng*
or *Khởi tố 20/11/2024*, tell a place, a person, or that the day is of something else: such a cell
says more than when, and the rest would be lost without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import time
from typing import Literal, TypeAlias

from data.importing.values import parts_of_day

Bound: TypeAlias = Literal["from", "until", "near"]
"""What a word says of a day: something began on it, or ended, or was before, after or near it."""

_LETTERS = re.compile(r"[^\W\d_]+")

BESIDE = frozenset(
    {
        "đến", "den", "tới", "toi", "sang", "qua", "rạng", "rang", "to", "until", "till", "au",
        "à", "jusqu", "từ", "tu", "from", "de", "du", "des", "d", "l", "le", "la", "les", "the",
        "of", "on", "at", "và", "va", "and", "et", "ngày", "ngay", "hôm", "hom", "khoảng",
        "khoang", "lúc", "luc", "vào", "vao", "hồi", "hoi", "tầm", "tam", "chừng", "about",
        "around", "vers", "environ", "giữa", "between", "entre", "trong", "các", "cac", "hai",
        "cho", "hết", "het", "cuối", "cùng", "cung", "rồi", "kéo", "dài", "kết", "thúc", "ket",
        "thuc", "end", "fin", "giờ", "gio", "phút", "phut", "p", "năm", "nam", "day", "days",
        "jour", "jours", "nights", "nuits", "same", "même", "trước", "truoc", "sau", "before",
        "after", "avant", "après",
    }
) | {word for name in parts_of_day.WORDS for word in _LETTERS.findall(name)}  # fmt: skip
"""Words between the ends of a span that make nothing else of it."""

_OF_ONE = (BESIDE - {"nam", "đông", "tờ"}) | {
    "của", "cua", "thứ", "tháng", "thang", "mùng", "mồng", "này", "đó", "độ", "hơn", "đúng",
    "chưng", "cỡ", "quãng", "gần", "nửa", "đầu", "sớm", "som", "muộn", "cả", "suốt", "thời",
    "gian", "thoi", "điểm", "diem", "giây", "ph", "h", "g", "s", "ca", "circa", "approx",
    "approximately", "early", "late", "by", "in", "during", "hours", "hour", "hrs", "min",
    "mins", "minutes", "o", "clock",
    "date", "time", "st", "nd", "rd", "th", "heure", "heures", "dans", "en", "pendant", "aux",
    "environs", "tôt", "tard", "début", "er", "mon", "tue", "tues", "wed", "thu", "thurs", "fri",
    "sat", "sun", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
}  # fmt: skip
_PHRASES = re.compile(
    r"(?<!\w)(?:xảy\s+ra|xay\s+ra|xr|gây\s+án|gay\s+an|phạm\s+tội|pham\s+toi|vi\s+phạm|vi\s+pham"
    r"|rạng\s+đông|tờ\s+mờ\s+sáng|(?:chập|sẩm|chap|sam)\s+(?:tối|toi)|xế\s+(?:chiều|trưa)"
    r"|xe\s+chieu|ban\s+(?:đêm|ngày|sáng|trưa|chiều|tối|dem)|(?:^|(?:vào|lúc|hồi|khoảng)\s)\s*ước"
    r"|ước\s+(?:chừng|khoảng|độ|tính)|dương\s+lịch|duong\s+lich|(?<=§)[\s(]*dl|occurred|happened|committed|commis|survenu"
    r"|bắt\s+đầu|bat\s+dau|trở\s+(?:đi|về\s+(?:trước|sau)|lại(?:\s+trước)?|lên)"
    r"|tro\s+(?:di|ve\s+(?:truoc|sau)|lai(?:\s+truoc)?|len)"
    r"|(?:không|ko|chưa|khong|chua)\s+(?:rõ|nhớ|xác\s+định|ro|nho|xac\s+dinh)(?:\s+(?:rõ|được|ro))?"
    r"\s+(?:giờ|thời\s+gian|thời\s+điểm|gio|thoi\s+gian)"
    r"|(?:unknown|no)\s+(?:time|hour)|(?:time|hour)\s+(?:is\s+)?(?:not\s+known|unknown)"
    r"|heure\s+inconnue)(?!\w)"
)
_PART = "|".join(sorted(map(re.escape, parts_of_day.WORDS), key=len, reverse=True))
_TURNS = re.compile(rf"(?<!\w)(?P<first>{_PART})\s+(?:về|ve)\s+(?=(?:{_PART})(?!\w))")
"""A part of the day that turns into the next: *đêm về sáng*."""

_SHIFT = re.compile(r"(?<!\w)(?:giờ|gio)\s+(?:hành\s+chính|cao\s+điểm|tan\s+tầm)(?!\w)")
_OFF_WORK = re.compile(r"(?<!\w)tan\s+tầm(?!\w)")
_BY_DAY = range(7, 20)
"""Hours at which offices are open or streets are full; others beside such words are of twelve."""

_BOUNDS: dict[Bound, re.Pattern[str]] = {
    "near": re.compile(r"(?<!\w)(?:trước|truoc|sau|gần|before|after|avant|après)(?!\w)"),
    "until": re.compile(
        r"(?<!\w)(?:đến|den|tới|to|until|till|by|jusqu|au)(?!\w)"
        r"|(?<!\w)(?:trở|tro)\s+(?:về|ve|lại|lai)(?:\s+(?:trước|truoc))?(?!\w)"
    ),
    "from": re.compile(
        r"(?<!\w)(?:từ|tu|from)(?!\w)"
        r"|(?<!\w)(?:trở|tro)\s+(?:đi|di|lên|len|về\s+sau|ve\s+sau)(?!\w)"
    ),
}
_UNTIL_FOUND = re.compile(
    r"(?<!\w)(?:(?:đến|tới)\s+(?:khi|lúc)\s+(?:mới\s+)?phát\s+hiện(?:\s+ra)?"
    r"|until\s+(?:discovered|found)|jusqu['’]à\s+(?:la\s+)?découverte)(?!\w)"
)
_THEN_FOUND = re.compile(
    r"(?<!\w)(?P<until>(?:đến|tới|until)(?!\w).*?)(?:thì|mới)(?:\s+mới)?\s+phát\s+hiện"
    r"(?:\s+(?:ra|mất))?\s*$"
)


class MoreThanADayError(ValueError):
    """Words beside a day or an hour that say more than when."""


def with_until(text: str) -> str:
    """Write *until* alone where a text says until when something was found; lower case, NFC.

    Examples
    --------
    >>> with_until("từ § đến khi phát hiện §")
    'từ §  đến  §'
    """
    return _UNTIL_FOUND.sub(" đến ", text)


def say_more(text: str, times: Sequence[time] = ()) -> bool:
    """Tell whether words beside a day or an hour say more than when.

    Parameters
    ----------
    text
        Without what tells the day and the hour; lower case, NFC.
    times
        The hours: *5h giờ tan tầm* is rather of the afternoon, and says more than its figures.

    Examples
    --------
    >>> [say_more(text) for text in ("khoảng ngày §", "từ đến § thì phát hiện", "§ tại lê lai")]
    [False, False, True]
    """
    plain = _TURNS.sub(r"\g<first> ", text)
    if all(each.hour in _BY_DAY for each in times):
        plain = _SHIFT.sub(" ", plain)
    if not times:
        plain = _OFF_WORK.sub(" ", plain)
    plain = _THEN_FOUND.sub(r"\g<until>", with_until(_PHRASES.sub(" ", plain)))
    return not _OF_ONE.issuperset(_LETTERS.findall(plain))


def bound(text: str) -> Bound | None:
    """Tell whether words beside one day say that something was not on it, or not on it alone.

    Parameters
    ----------
    text
        With § in the place of the day; lower case, NFC.

    Examples
    --------
    >>> [bound(text) for text in ("từ §", "đến ngày §", "§ trở về trước", "§ sau", "ngày §")]
    ['from', 'until', 'until', 'near', None]
    >>> bound("§ trở đi"), bound("từ § đến khi phát hiện")
    ('from', 'from')
    """
    told = _UNTIL_FOUND.sub(" ", text)
    for kind in ("from", "until", "near"):
        if _BOUNDS[kind].search(told):
            return kind
    return None


def without(text: str, heading: str) -> str:
    """Leave out words that the heading of a column says too; they say nothing more.

    Examples
    --------
    >>> without("Tiếp nhận ngày 17/11/2024", "Ngày tiếp nhận")
    ' ngày 17/11/2024'
    """
    said = set(_LETTERS.findall(unicodedata.normalize("NFC", heading).casefold())) - _OF_ONE
    text = unicodedata.normalize("NFC", text)
    left = _LETTERS.sub(lambda word: "" if word[0].casefold() in said else word[0], text)
    return re.sub(r"^\s+|(?<=\s)\s+", " ", left) if left != text else text


def hidden(text: str) -> str:
    """Put a sign in the place of words that say more than when: they may name a person.

    Examples
    --------
    >>> hidden("20h30 ngày 13/11/2024, Nguyễn Văn A báo"), hidden("Khởi tố 20/11/2024")
    ('20h30 ngày 13/11/2024, …', '… 20/11/2024')
    """
    text = unicodedata.normalize("NFC", text)
    kept = _LETTERS.sub(lambda word: word[0] if word[0].casefold() in _OF_ONE else "…", text)
    return re.sub(r"…(?:[\s.]*…)+", "…", kept)
