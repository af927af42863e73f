"""Personal data in texts: telephone and identity numbers, plates, e-mail, names after titles.

A text about a place or an event is kept without whom it concerns. What is taken out is counted by
kind; a mark stands in its place. Articles of a law, house numbers, days, amounts of money and
streets that are called like a person stay. data/README.md, section *Personal data*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Literal

from data.folding import fold

Kind = Literal["email", "phone", "plate", "number", "name"]

KINDS: tuple[Kind, ...] = ("email", "phone", "plate", "number", "name")
"""``number``: an identity card, a passport, a bank account, any other long number."""

MARK = "[•]"
"""Stands where something was taken out."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SEP = r"[\s.\-–()]{0,2}"
_PHONE = re.compile(
    rf"(?<![\w.,/])(?:\(?\+\s?84\)?(?:{_SEP}\(?0\)?)?|\(?0084\)?|84(?=[35789])|\(?0)"
    rf"[\s\-()]{{0,2}}(?:[35789](?:{_SEP}\d){{8}}|2(?:{_SEP}\d){{8,9}}|1[2689](?:{_SEP}\d){{8}})"
    r"(?![\d/])"
)
_DAY = re.compile(r"\(?\d{1,2}[\s.\-–]\d{1,2}[\s.\-–](?:19|20)\d\d(?!\d)")
_DIGIT_WORDS = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|linh"
_SPOKEN = re.compile(rf"(?:\b(?:{_DIGIT_WORDS})\b[\s,.-]*){{9,12}}", re.IGNORECASE)
_PLATE = re.compile(
    r"(?<![\w/])(?:[1-9]\d\s?[-.]?\s?(?:[A-ZĐ]{1,2}\d?)\s?[-.\s]?\s?(?:\d{3}[.\s]?\d{2}|(?<=-)\d{4})"
    r"|[A-Z]{2}\s?-?\s?\d\d\s?-\s?\d\d)(?![\w/])"
)
_SMALL_PLATE = re.compile(
    r"(?<![\w/])[1-9]\d\s?-?\s?(?:[a-fi-zđ]{1,2}\d?|[a-zđ]\d)\s?-?\s?\d{3}\.?\d{2}(?![\w/])"
)
_LONG_NUMBER = re.compile(
    r"(?<![\w.,/-])(?:[A-Z]\d{7,8}|\d{9,19}|\d{3}(?: \d{3}){2,3})(?![\w/]|[.,-]\d)"
)
_MONEY = re.compile(r"\s*(?:đồng|đ\b|vnđ|vnd|dong|triệu|nghìn|ngàn|usd|eur|euros?|[€$])", re.I)
_OF_MONEY = re.compile(r"(?:trị giá|số tiền|thiệt hại|giá)\s*:?\s*$", re.IGNORECASE)

_TITLES = (
    "đồng chí", "đ/c", "bị hại", "nạn nhân", "đối tượng", "bị can", "bị cáo", "nghi phạm",
    "nghi can", "người báo tin", "chủ nhà", "chủ xe", "chủ hộ", "họ tên", "họ và tên", "tên",
    "ông", "bà", "anh", "chị", "em", "cháu", "cô", "chú", "bác", "cậu", "dì", "thím", "mợ", "bé",
    "cụ", "monsieur", "madame", "mademoiselle", "mlle", "mme", "mm", "mrs", "mr", "ms", "miss",
    "victim", "suspect", "victime",
)  # fmt: skip
_TITLE = re.compile(
    r"(?<![\w.])(?:(?:"
    + "|".join(_TITLES)
    + r")\.?|(?<!\.\s)M\.)(?:\s*:\s*|\s+|(?<=\.))(?=[^\W\d_])",
    re.IGNORECASE,
)
# a figure written onto a name is of the name: Văn A2
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:\.?\d+(?!\w)|\.)?")
_BARE_TITLE = re.compile(r"(?<!\w)(?:ong|ba|anh|chi|em|chau|co|chu|bac)\s+", re.IGNORECASE)
_SURNAMES = frozenset(
    {
        "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui",
        "do", "ho", "ngo", "duong", "ly", "dinh", "dao", "doan", "trinh", "truong", "lam",
        "mai", "ha", "cao", "luong", "luu", "ta", "quach", "thai", "chu", "to", "trieu",
        "kieu", "tong", "dam",
    }
)  # fmt: skip
_MIDDLE = frozenset({"van", "thi"})
_MOST_WORDS = 5
_FEWEST_FIGURES = 6  # of a plate of four figures and its province
_NO_NAMES = frozenset(
    {
        "công", "trường", "chợ", "phường", "xã", "ubnd", "đường", "phố", "thành", "tỉnh",
        "quận", "huyện", "việt", "tại", "và", "bị", "đã", "đang", "đi", "có", "không", "của",
        "ở", "sau", "trước", "khi", "thì", "là", "ngõ", "tổ", "khu", "thôn", "bệnh", "bến",
        "cầu", "ga", "the", "of", "in", "at", "on", "was", "et", "de", "du", "la", "le",
        "les", "à", "au", "dans",
    }
)  # fmt: skip
_PLACE_WORDS = frozenset(
    {
        "đường", "phố", "đ", "đg", "lộ", "ngõ", "hẻm", "ngách", "kiệt", "chợ", "cầu", "đền", "chùa",
        "miếu", "đình", "trường", "khu", "hồ", "viên", "thôn", "xóm", "làng", "duong", "pho", "dg",
        "rue", "street", "road", "avenue",
    }
)  # fmt: skip
_CALLED_LIKE_A_PERSON = frozenset(
    {
        "ba trieu", "ba trung", "ba huyen thanh quan", "ong ich khiem", "ba ria", "ba den",
        "ba chieu", "ba diem", "ba hom", "ba na", "ong lanh", "ong ta", "co giang", "co bac",
        "anh son", "anh dao", "ba dinh", "chi lang",
    }
)  # fmt: skip
"""Streets and places of Vietnam."""


@dataclass(frozen=True)
class Masked:
    """A text without personal data, and how much was taken out of it, by kind."""

    text: str
    counts: Counter[Kind] = field(default_factory=Counter)


def mask(text: str, *, known: Container[str] = frozenset()) -> Masked:
    """Take personal data out of a text.

    Parameters
    ----------
    text
        As it was written.
    known
        Folded names of streets and places that begin like a title and a name.

    Examples
    --------
    >>> mask("Ông Nguyễn Văn An, đt 0912.345.678, xe 36B1-123.45").text
    'Ông [•], đt [•], xe [•]'
    >>> mask("nhà bà Lê Thị Hoa (0912.345.678), 15 Yết Kiêu; (+84) 912 345 678").text
    'nhà bà [•] ([•]), 15 Yết Kiêu; [•]'
    >>> mask("12 Bà Triệu, khoản 1 Điều 173 BLHS, 5.000.000 đồng").counts
    Counter()
    """
    counts: Counter[Kind] = Counter()
    if not _may_hold_some(text):
        return Masked(text, counts)

    def taken(kind: Kind, found: re.Match[str]) -> str:
        if not _is_personal(kind, found):
            return found.group()
        counts[kind] += 1
        whole = found.group()
        tail = whole[len(whole.rstrip(" ,.-")) :]
        # a bracket that is closed behind what is taken out stays open before it
        is_open = whole.startswith("(") and whole.count("(") > whole.count(")")
        return ("(" if is_open else "") + MARK + tail

    for kind, pattern in _PATTERNS:
        text = pattern.sub(lambda found, kind=kind: taken(kind, found), text)  # type: ignore[misc]
    spans = list(_names(text, known))
    for start, end in reversed(spans):
        text = text[:start] + MARK + text[end:]
    if spans:
        counts["name"] = len(spans)
    return Masked(text, counts)


def _may_hold_some(text: str) -> bool:
    """Tell quickly that most texts hold nothing: most rows are an address and no more."""
    n_figures = sum(map(text.count, "0123456789"))
    return (
        n_figures >= _FEWEST_FIGURES
        or "@" in text
        or _TITLE.search(text) is not None
        or _BARE_TITLE.search(text) is not None
        or _SPOKEN.search(text) is not None
    )


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", _EMAIL),
    ("phone", _PHONE),
    ("phone", _SPOKEN),
    ("plate", _PLATE),
    ("plate", _SMALL_PLATE),
    ("number", _LONG_NUMBER),
)


def _is_personal(kind: Kind, found: re.Match[str]) -> bool:
    if kind == "phone":
        return _DAY.match(found.group()) is None
    if kind == "number":
        before, after = found.string[: found.start()], found.string[found.end() :]
        return _MONEY.match(after) is None and _OF_MONEY.search(before) is None
    return True


def _names(text: str, known: Container[str]) -> Iterator[tuple[int, int]]:
    """Give where names stand, from the first letter after the title to the last of the name."""
    end = 0
    for found in _TITLE.finditer(text):
        if found.start() < end or _is_in_a_name(text, found):
            continue
        words = list(_capital_words(text, found.end()))
        if not words or _is_place(text, found, words, known):
            continue
        end = words[-1].end()
        yield found.end(), end
    for found in _BARE_TITLE.finditer(text):
        words = list(_some_words(text, found.end()))
        folded = [fold(word.group()) for word in words]
        if len(folded) > 2 and folded[0] in _SURNAMES and folded[1] in _MIDDLE:
            start = found.end()
            if start >= end:
                end = words[2].end()
                yield start, end


def _capital_words(text: str, at: int) -> Iterator[re.Match[str]]:
    for word in _some_words(text, at):
        is_name = word.group()[0].isupper() and word.group().casefold() not in _NO_NAMES
        if not is_name:
            return
        yield word


def _some_words(text: str, at: int) -> Iterator[re.Match[str]]:
    for _ in range(_MOST_WORDS):
        word = _WORD.match(text, at)
        if word is None:
            return
        yield word
        space = re.compile(r" +").match(text, word.end())
        if space is None:
            return
        at = space.end()


def _is_in_a_name(text: str, title: re.Match[str]) -> bool:
    """Tell whether a title is a word of a name: *Đào Duy Anh*, not *của Anh*."""
    word = title.group().strip(" .:")
    if not word[0].isupper() or (word.isupper() and len(word) > 1):
        return False
    before = re.search(r"([^\W\d_]+)\s+$", text[: title.start()])
    return before is not None and before.group(1)[0].isupper() and not _is_place_word(before)


def _is_place_word(word: re.Match[str]) -> bool:
    return word.group(1).casefold() in _PLACE_WORDS


def _is_place(
    text: str, title: re.Match[str], words: list[re.Match[str]], known: Container[str]
) -> bool:
    """Tell whether title and name are those of a street or a place."""
    said = fold(text[title.start() : words[-1].end()]).rstrip(" 0123456789").split()
    starts = {" ".join(said[:n]) for n in range(2, len(said) + 1)}
    if any(start in _CALLED_LIKE_A_PERSON or start in known for start in starts):
        return True
    if not title.group()[0].isupper():
        return False
    before = re.search(r"([^\W_]+)[\s.]*$", text[: title.start()])
    if before is None:
        return False
    word = before.group(1).casefold()
    return word[:1].isdigit() or word in _PLACE_WORDS
