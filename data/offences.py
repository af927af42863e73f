"""Offences: their categories, what they are called, and how a ledger's words lead to them.

An offence is recognised by the article of the Penal Code or by a name that is known word by word,
never by likeness: *Đánh nhau* (a fight) is much like *Tổ chức đánh bạc* (gambling) to a computer.
What no rule knows is ``unclassified``, and counted.

Articles and Vietnamese names: Penal Code 100/2015/QH13, amended by 12/2017/QH14; the French names
are not official.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

import pandas as pd

from data.folding import fold

UNCLASSIFIED = "unclassified"
"""The category of what no rule knows."""

_NAMES = {"vi": "name_vi", "en": "name_en", "fr": "name_fr"}
_SHORT_NAMES = {"vi": "short_vi", "en": "name_en", "fr": "name_fr"}
_OPENING = re.compile(r"^(?:toi|vu an|vu viec|vu|hanh vi)\s+")
_ARTICLE = re.compile(r"\b(?:dieu|d|article|art)\s*(\d{1,3}[a-z]?)\b")
_BARE_ARTICLE = re.compile(r"(?:(?:khoan|k) ?\d+ )?(\d{3}[a-z]?)(?: (?:khoan|k) ?\d+)?(?: blhs)?")
"""An article and nothing else, or its clause: *173*, *134 k2*."""
_NUMBER = re.compile(r"\d{3}[a-z]?")
_LISTED = re.compile(
    r"(?:\s*(?:,|;|\+|&|/|va|and|et)\s*(?:dieu\s*)?(\d{3}[a-z]?)\b(?!\s*(?:/|trieu|nghin|ngan|dong|d\b)))"
)
_NO_SUCH = re.compile(
    r"\b(?:khong phai|nghi ngo khong|tin bao gia|bao tin gia|trinh bao gia|tin gia"
    r"|khong co that|khong dung su that|khong xay ra|bia dat"
    r"|phong chong|phong ngua|tuyen truyen|tap huan|chong (?:trom|cuop))\b"
)
_DENIED = re.compile(
    r"\b(?:khong|chua|chang)(?: (?:he|co|bi|la|phai|thay|pham|toi|hanh vi|dau hieu|viec|vu|vu an"
    r"|vu viec|su viec|bang chung|chung cu|nghi|ve))*$"
)
_DENIED_AFTER = re.compile(r"^ (?:khong|khong co|chua xay ra)$")
_OTHER_LAW = re.compile(r"\b(?:nghi dinh|nd|luat|decree|decret)\b")
_PENAL_CODE = re.compile(r"\b(?:bo luat hinh su|luat hinh su)\b")
_FEW = "hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười|nhiều|các|một số|vài|mấy|bon|sau|bay|nhieu|cac|vai"
_CASES = r"(?:vụ(?:\s+(?:việc|án))?|trường hợp|truong hop|cases?|cas|faits?)(?!\w)"
_HOW_MANY = re.compile(
    r"(?<![\w./-])(?<!điều )(?<!khoản )(?<!điểm )(?<!số )(?<!ngày )(?<!tháng )(?<!năm )(?<!vụ )"
    rf"(\d{{1,4}})\s*{_CASES}"
    r"|(?:^|[\s(])[x×*]\s*(\d{1,2})\s*\)?\s*$"
    r"|^\s*(\d{1,2})\s*[x×]\s"
)
_SEVERAL = re.compile(rf"(?:^|[(:,;+–-])\s*(?:{_FEW})\s+{_CASES}")
_BARE_COUNT = re.compile(r"(?:[(\[]\s*(\d{1,2})\s*[)\]]|:\s*(\d{1,2}))\s*$")
_BESIDE_A_NAME = re.compile(
    r"(?P<ahead>\d{1,3}) +(?P<first>\D+)|(?P<last>\D+?)[ +]+(?P<behind>\d{1,2})"
)
"""A figure and an offence, and nothing else: *02 trộm cắp*, *Trộm cắp 2*."""
_BESIDE_LETTERS = re.compile(r"(\d{1,2})\s+[A-ZĐ]{3,6}|[A-ZĐ]{3,6}\s+(\d{1,2})")
"""A figure and the first letters of an offence, known or not: *3 TCTS*, *GRTT 2*."""
_BARE_CASES = re.compile(
    r"(?<=\d)(\s*)vu(?=\s*(?:$|[).,;:]|viec|an\b|trom|cuop|danh|lua|gay|co y|huy|tai nan|pha))"
    r"|\b(?<=hai |bon |sau |bay |cac |vai )()vu(?=\s*(?:$|[).,;:]|viec|an\b|trom|cuop|danh|lua))"
)
"""*vu* without its dot: a street may be called *12 Vu Trong Phung*."""
_CITES = re.compile(
    r"(?<!\w)(?:điều|khoản|điểm|dieu|khoan|diem|luật|luat|nghị định|nghi dinh|blhs|art(?:icle)?"
    r"|[đdk]\.?\s*\d)",
)


@functools.cache
def _lines() -> tuple[Mapping[str, str], ...]:
    return tuple(_read("offences.csv"))


def _read(name: str) -> list[dict[str, str]]:
    path = resources.files("data") / "reference" / name
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def categories() -> pd.DataFrame:
    """Give the table of categories, indexed by category.

    Returns
    -------
    pandas.DataFrame
        ``article`` (empty for administrative ones), ``group``, ``name_vi``, ``short_vi``,
        ``name_en``, ``name_fr`` and ``is_place_based``: a camera in a public place can matter.

    Examples
    --------
    >>> theft = categories().loc["theft"]
    >>> theft["article"], bool(theft["is_place_based"])
    ('173', True)
    """
    table = pd.DataFrame(_lines()).set_index("category")
    table["is_place_based"] = table["is_place_based"] == "1"
    return table


def names(*, language: str, is_short: bool = True) -> dict[str, str]:
    """Give every category's name.

    Parameters
    ----------
    language
        vi, en or fr.
    is_short
        The short form; English and French have only one.

    Examples
    --------
    >>> names(language="vi")["theft"], names(language="vi", is_short=False)["theft"]
    ('Trộm cắp tài sản', 'Tội trộm cắp tài sản')
    """
    column = (_SHORT_NAMES if is_short else _NAMES)[language]
    return {line["category"]: line[column] for line in _lines()}


def parse_article(text: str) -> str | None:
    """Find the article of the Penal Code that a text cites; None when it cites none.

    Articles of other laws and decrees are left aside.

    Examples
    --------
    >>> parse_article("k1 Đ173"), parse_article("Điều 318, khoản 2 BLHS"), parse_article("173")
    ('173', '318', '173')
    >>> parse_article("134 k2"), parse_article("134, khoản 2")
    ('134', '134')
    >>> parse_article("Điều 7 Nghị định 144/2021/NĐ-CP") is None
    True
    """
    folded = fold(text)
    bare = _BARE_ARTICLE.fullmatch(folded)
    if bare:
        return bare.group(1)
    if _OTHER_LAW.search(_PENAL_CODE.sub(" ", folded)):
        return None
    cited = _ARTICLE.search(folded)
    return cited.group(1) if cited else None


@functools.lru_cache(maxsize=4096)
def classify(text: str | None, *, article: str | None = None) -> str:
    """Tell the category of an offence.

    The article decides where it is known; else the whole text is a known name; else the text holds
    known Vietnamese names of one category only, a longer name hiding the shorter ones inside it.
    A name that is denied, reported falsely or to be prevented tells no offence.

    Parameters
    ----------
    text
        What the ledger calls the offence.
    article
        What the ledger cites.

    Returns
    -------
    str
        A category, ``unclassified`` when no rule knows it or two categories are named or cited.

    Examples
    --------
    >>> classify("Trộm cắp xe máy"), classify("", article="k1 Đ173"), classify("đánh nhau")
    ('theft', 'theft', 'unclassified')
    >>> classify("Tổ chức đánh bạc"), classify("Tai nạn giao thông, sau đó gây rối")
    ('gambling_organising', 'unclassified')
    >>> classify("Điều 173, Điều 134"), classify("Không phải trộm cắp")
    ('unclassified', 'unclassified')
    """
    for part in (article, text):
        cited = {_by_article()[n] for n in _articles(part) if n in _by_article()} if part else ()
        if cited:
            return cited.pop() if len(cited) == 1 else UNCLASSIFIED
    return _classify_words(fold(text)) if text else UNCLASSIFIED


def contradicts(text: str | None, *, article: str | None) -> bool:
    """Tell whether the words of a ledger name another offence than the article that it cites.

    Examples
    --------
    >>> contradicts("Đánh bạc", article="171"), contradicts("Trộm cắp", article="Điều 173")
    (True, False)
    >>> contradicts("việc lạ", article="171")
    False
    """
    if not text:
        return False
    named = _classify_words(_without_articles(fold(text)))
    decided = classify(text, article=article)
    return UNCLASSIFIED not in {named, decided} and named != decided


@functools.lru_cache(maxsize=4096)
def counts_cases(text: str) -> bool:
    """Tell whether the words for an offence say how many cases there were, and not one.

    A figure behind an article or a clause is none of cases.

    Examples
    --------
    >>> said = ("02 vụ trộm cắp", "Trộm cắp (03 vụ)", "hai vụ cướp", "Trộm cắp x2", "Cướp (3)")
    >>> all(map(counts_cases, (*said, "02 trộm cắp", "Trộm cắp tài sản 2", "3 TCTS", "GRTT 2")))
    True
    >>> one = ("01 vụ trộm cắp", "một vụ cướp", "Điều 173 (3)", "Trộm 2 xe máy", "Vụ 2: trộm cắp",
    ...        "01 trộm cắp", "2. Trộm cắp", "Trộm cắp 173", "01 TCTS", "51 BLHS")
    >>> any(map(counts_cases, one))
    False
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    if plain.isascii():
        plain = _BARE_CASES.sub(r"\1vụ", plain)
    told = [int(next(filter(None, found))) for found in _HOW_MANY.findall(plain)]
    bare = None if _CITES.search(plain) else _BARE_COUNT.search(plain)
    if bare is not None:
        told.append(int(bare[1] or bare[2]))
    beside = _BESIDE_A_NAME.fullmatch(plain.strip())
    short = _BESIDE_LETTERS.fullmatch(unicodedata.normalize("NFC", text).strip())
    if beside is not None and fold(beside["first"] or beside["last"]) in _exact():
        told.append(int(beside["ahead"] or beside["behind"]))
    elif short is not None and _CITES.search(plain) is None:
        told.append(int(short[1] or short[2]))
    return told not in ([], [1]) or _SEVERAL.search(plain) is not None


@functools.lru_cache(maxsize=4096)
def _articles(text: str) -> tuple[str, ...]:
    """Give all articles of the Penal Code that a text cites, as *Điều 173, 134*."""
    first = parse_article(text)
    bare = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = re.sub(r"[^\w,;+&/]+", " ", bare).strip()
    if first is None:
        numbers = re.split(r"\s*[,;+&/]\s*|\s+(?:va|and|et)\s+", bare.removesuffix(" blhs"))
        are_all = len(numbers) > 1 and all(_NUMBER.fullmatch(number) for number in numbers)
        return tuple(numbers) if are_all else ()
    found = [first]
    for cited in _ARTICLE.finditer(bare):
        found.append(cited.group(1))
        end = cited.end()
        while (more := _LISTED.match(bare, end)) is not None:
            found.append(more.group(1))
            end = more.end()
    return tuple(dict.fromkeys(found))


def _without_articles(folded: str) -> str:
    return " ".join(_ARTICLE.sub(" ", folded).split())


@functools.lru_cache(maxsize=4096)
def _classify_words(folded: str) -> str:
    words = _OPENING.sub("", folded)
    exact = _exact().get(folded) or _exact().get(words)
    if exact:
        return exact
    matches = list(_phrase_pattern().finditer(words))
    if _NO_SUCH.search(words) or any(
        _DENIED.search(words[: match.start()].strip()) or _DENIED_AFTER.search(words[match.end() :])
        for match in matches
    ):
        return UNCLASSIFIED
    found = {_phrases()[match.group()] for match in matches}
    return found.pop() if len(found) == 1 else UNCLASSIFIED


@functools.cache
def _by_article() -> Mapping[str | None, str]:
    return {line["article"]: line["category"] for line in _lines() if line["article"]}


@functools.cache
def _exact() -> Mapping[str, str]:
    """Whole texts: codes, names in every language, and aliases."""
    known = {
        fold(line[column]): line["category"]
        for line in _lines()
        for column in ("category", "name_vi", "short_vi", "name_en", "name_fr")
    }
    return known | {fold(line["alias"]): line["category"] for line in _aliases()}


@functools.cache
def _phrases() -> Mapping[str, str]:
    """Vietnamese phrases that may stand inside a longer text; one word alone says too little."""
    known = {
        _OPENING.sub("", fold(line[column])): line["category"]
        for line in _lines()
        for column in ("name_vi", "short_vi")
        if line["category"] != UNCLASSIFIED
    }
    known |= {fold(line["alias"]): line["category"] for line in _aliases()}
    return {phrase: category for phrase, category in known.items() if " " in phrase}


@functools.cache
def _phrase_pattern() -> re.Pattern[str]:
    """Match phrases as whole words, the longest that starts at a place first."""
    longest_first = sorted(_phrases(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")


@functools.cache
def _aliases() -> tuple[Mapping[str, str], ...]:
    return tuple(_read("offence_aliases.csv"))
