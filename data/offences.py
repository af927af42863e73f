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
_BARE_ARTICLE = re.compile(r"(\d{3}[a-z]?)(?: blhs)?")
_OTHER_LAW = re.compile(r"\b(?:nghi dinh|nd|luat|decree|decret)\b")
_PENAL_CODE = re.compile(r"\b(?:bo luat hinh su|luat hinh su)\b")


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

    Parameters
    ----------
    text
        What the ledger calls the offence.
    article
        What the ledger cites.

    Returns
    -------
    str
        A category, ``unclassified`` when no rule knows it or two categories are named.

    Examples
    --------
    >>> classify("Trộm cắp xe máy"), classify("", article="k1 Đ173"), classify("đánh nhau")
    ('theft', 'theft', 'unclassified')
    >>> classify("Tổ chức đánh bạc"), classify("Tai nạn giao thông, sau đó gây rối")
    ('gambling_organising', 'unclassified')
    """
    cited = [parse_article(part) for part in (article, text) if part]
    for number in cited:
        if number in _by_article():
            return _by_article()[number]
    return _classify_words(fold(text)) if text else UNCLASSIFIED


@functools.lru_cache(maxsize=4096)
def _classify_words(folded: str) -> str:
    words = _OPENING.sub("", folded)
    exact = _exact().get(folded) or _exact().get(words)
    if exact:
        return exact
    found = {_phrases()[match.group()] for match in _phrase_pattern().finditer(words)}
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
