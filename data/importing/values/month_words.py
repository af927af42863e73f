"""Days whose month is a word, put into figures: *8 décembre 2024*, *8 tháng mười hai 2024*.

A month in words leaves no doubt which number is the day, so such a day is written year first here,
and says nothing of how its column orders day and month. Days of the lunar calendar are not
reckoned: which day *mùng 8 tháng Chạp* was hangs on the year, and on what the writer meant by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from babel import Locale

LANGUAGES = ("en", "fr")
"""Those whose months have names; Vietnamese counts them."""

_ALSO = {"en": {"sept": 9}, "fr": {"jan": 1, "fev": 2, "fév": 2, "avri": 4, "juill": 7, "aou": 8}}
_VIETNAMESE = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_LUNAR = re.compile(
    r"(?<!\w)(?:âm\s*lịch|am\s*lich|[âa]l|lunar|lunaire|th[áa]ng\s+(?:giêng|gieng|chạp|chap))(?!\w)"
)


class LunarDayError(ValueError):
    """A day of the lunar calendar."""


def names(language: str) -> Mapping[str, int]:
    """Give the names of the months, whole and cut short, with and without accents.

    Examples
    --------
    >>> names("fr")["déc"], names("fr")["decembre"], names("en")["sept"]
    (12, 12, 9)
    """
    months = Locale.parse(language).months["format"]
    found = dict(_ALSO[language])
    for width in ("wide", "abbreviated"):
        for number, name in months[width].items():
            plain = name.casefold().rstrip(".")
            found |= {plain: number, _bare(plain): number}
    return found


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_NUMBER_OF = {name: number for language in LANGUAGES for name, number in names(language).items()}
WORDS = frozenset(_NUMBER_OF) | {
    "tháng", "thang", "thg", "th", "t", "năm", "nam", "er", "lịch", "lich", "âl", "al", "lunar",
    "lunaire",
}  # fmt: skip
"""Runs of letters without which a text has nothing to put into figures."""

_NAME = "|".join(sorted(map(re.escape, _NUMBER_OF), key=len, reverse=True))
_ORDINAL = r"(?:er|st|nd|rd|th)?"
_SHORT_YEAR = r"\d\d(?!\d|\s*[:h]|[-/.]\d|\s*(?:gi[ờo]|g|[ap]\.?m|ch|sa)(?!\w))"
_YEAR = rf"(?P<y>\d{{4}}(?!\d)|{_SHORT_YEAR})"
_WITH_YEAR = (
    re.compile(
        rf"(?<!\d)(?P<y>\d{{4}})[-/.\s]\s*(?P<m>{_NAME})\.?[-/.\s]\s*(?P<d>\d{{1,2}}){_ORDINAL}(?!\w)"
    ),
    re.compile(
        rf"(?<![\d:h])(?P<d>\d{{1,2}}){_ORDINAL}\s*[-/.]?\s*(?:of\s+|de\s+|d')?(?P<m>{_NAME})"
        rf"(?!\w*[^\W\d_])\.?\s*[-/,.'’]?\s*{_YEAR}"
    ),
    re.compile(
        rf"(?<!\w)(?P<m>{_NAME})\.?\s*[-/]?\s*(?P<d>\d{{1,2}}){_ORDINAL}"
        rf"(?:\s*[-/,.]\s*['’]?|\s+['’]?){_YEAR}"
    ),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})\s*[-/.,]?\s*(?:tháng|thang|thg\.?|th\.?)\s*(?P<m>\d{1,2})"
        r"(?:\s*[-/,.]?\s*(?:năm|nam)\s*(?P<y>\d{4}|\d{2})|\s*[-/,.]\s*(?P<y2>\d{4})|\s+(?P<y3>\d{4}))"
        r"(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-/.]t(?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})\s*/\s*(?P<m>\d{1,2})\s*,?\s*(?:năm|nam)\s*(?P<y>\d{4})(?!\d)"
    ),
)
_WITHOUT_YEAR = (
    re.compile(
        rf"(?<![\d:h])(?P<d>\d{{1,2}}){_ORDINAL}\s*[-/.]?\s*(?:of\s+|de\s+|d')?(?P<m>{_NAME})"
        r"(?!\w)\.?"
    ),
    re.compile(
        rf"(?<!\w)(?P<m>{_NAME})\.?\s+(?:(?P<d>\d)(?!\w)|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)(?!\w))"
        r"(?!\s*[-/.,]\s*\d)"
    ),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*(?:thang|thg\.?)\s*(?P<m>\d{1,2})(?!\w)"),
)
_COUNTED = re.compile(
    r"(?<=\d)(?P<before>\s*(?:tháng|thang)\s+)"
    rf"(?P<m>{'|'.join(sorted(_VIETNAMESE, key=len, reverse=True))})(?!\w)"
)
_YEAR_AFTER_MAY = re.compile(r"\s*(?:năm\s*\d|[,/-]\s*(?:năm\s*)?\d)")
_FIRST = re.compile(r"(?<!\d)1er(?!\w)")


def in_figures(text: str) -> str:
    """Write the days of a text whose months are words in figures, year first; leave the others.

    Parameters
    ----------
    text
        Lower case, NFC.

    Returns
    -------
    str
        A day without its year becomes ``8 tháng 12``.

    Raises
    ------
    LunarDayError
        It speaks of the lunar calendar.

    Examples
    --------
    >>> in_figures("dimanche 8 décembre 2024 à 20h30"), in_figures("dec 8, 2024 8:30 pm")
    ('dimanche  2024-12-08  à 20h30', ' 2024-12-08  8:30 pm')
    >>> in_figures("8 tháng mười hai 2024"), in_figures("8-dec-24"), in_figures("8 dec")
    (' 2024-12-08 ', ' 2024-12-08 ', ' 8 tháng 12 ')
    """
    if _LUNAR.search(text):
        raise LunarDayError(text)
    text = _COUNTED.sub(_counted, _FIRST.sub("1", text))
    for pattern in _WITH_YEAR:
        text = pattern.sub(_with_year, text)
    for pattern in _WITHOUT_YEAR:
        text = pattern.sub(_without_year, text)
    return text


def _counted(match: re.Match[str]) -> str:
    """Put a counted month into figures; *tháng năm 2025* may be May or a month left out."""
    word = match["m"]
    if word == "năm" and not _YEAR_AFTER_MAY.match(match.string, match.end()):
        return match.group()
    return f"{match['before']}{_VIETNAMESE[word]}"


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBER_OF[word]


def _with_year(match: re.Match[str]) -> str:
    said = match.groupdict()
    figures = said["y"] or said.get("y2") or said["y3"] or ""
    return f" {whole_year(figures):04d}-{_month(said['m']):02d}-{int(said['d']):02d} "


def _without_year(match: re.Match[str]) -> str:
    said = match.groupdict()
    return f" {said['d'] or said['d2']} tháng {_month(said['m'])} "


def whole_year(figures: str) -> int:
    """Give the year of two figures or four; two from 70 are of the last century.

    Examples
    --------
    >>> whole_year("24"), whole_year("98"), whole_year("2024")
    (2024, 1998, 2024)
    """
    year = int(figures)
    return year if len(figures) > 2 else year + (2000 if year < 70 else 1900)
