"""Vietnamese letters of before Unicode, and UTF-8 that was read as something else: made good.

Old ledgers were typed with fonts that drew Vietnamese letters in the places of others: TCVN3 (the
``.Vn…`` fonts) and VNI (``VNI-…``). Read as text they are nonsense of Latin letters (*Ph­êng §«ng
VÖ*, *Phöôøng Ñoâng Veä*). Which of them a text is in shows in its syllables: Vietnamese ones have a
narrow shape, and the wrong reading seldom fits it.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Literal

Legacy = Literal["tcvn3", "vni", "utf8_as_cp1252"]

ONSETS = (
    "b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|r|s|t|th|tr|v|x|"  # every one may be missing
)
NUCLEI = "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ia|iê|ya|yê|ua|uô|ưa|ươ|oa|oă|oe|oo|uâ|uê|uy|uơ|uya|uyê|ue|uă"
CODAS = "c|ch|i|m|n|ng|nh|o|p|t|u|y|"
_SYLLABLE = re.compile(f"(?:{ONSETS})(?:{NUCLEI})(?:{CODAS})")
_TONES = dict.fromkeys(map(ord, "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}"
                                "\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}"
                                "\N{COMBINING DOT BELOW}"))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")

FEWEST_MARKED = 3
"""With fewer syllables that have a mark nobody can tell one reading from another."""

MOST_BAD_SHARE = 0.2
"""Of the syllables that have a mark: foreign names. French read as VNI has far more."""

SAMPLE = 3_000
"""Different texts of a table that are looked at."""

_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_ROUND = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_SHORT = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def repaired(texts: Iterable[str]) -> tuple[list[str], Legacy | None]:
    """Make the cells of one table good, when they are in letters of before Unicode.

    Parameters
    ----------
    texts
        Cells of one file, as they were read.

    Returns
    -------
    tuple
        The cells, and what they were in; unchanged with None when they are good as they are or
        nobody can tell.

    Examples
    --------
    >>> repaired(["Ph\u00adêng §«ng VÖ", "Ph\u00adêng Nam Ng¹n", "12/3/2024"])
    (['Phường Đông Vệ', 'Phường Nam Ngạn', '12/3/2024'], 'tcvn3')
    >>> repaired(["Phöôøng Ñoâng Veä", "Phöôøng Nam Ngaïn"])[0]
    ['Phường Đông Vệ', 'Phường Nam Ngạn']
    >>> repaired(["Phường Đông Vệ", "Theft at café"])
    (['Phường Đông Vệ', 'Theft at café'], None)
    """
    cells = list(texts)
    name = found_in(cells)
    if name is None:
        return cells, None
    repair = Repair(name)
    return [repair(cell) for cell in cells], name


def found_in(texts: Iterable[str]) -> Legacy | None:
    """Tell in which letters of before Unicode texts are; None when they are good as they are.

    The first few thousand different ones are looked at.

    Examples
    --------
    >>> found_in(["Phöôøng Ñoâng Veä"]), found_in(["Phường Đông Vệ"]), found_in(["theft"])
    ('vni', None, None)
    """
    sample: dict[str, None] = {}
    for text in texts:
        if not text.isascii():
            sample[text] = None
            if len(sample) == SAMPLE:
                break
    best, name = balance(sample), None
    for candidate, decode in DECODERS.items():
        good, bad = _syllables(decode(cell) for cell in sample)
        is_sure = good >= FEWEST_MARKED and bad <= MOST_BAD_SHARE * (good + bad)
        if is_sure and good - bad > best:
            best, name = good - bad, candidate
    return name


class Repair:
    """Makes cells of a table good one by one, and counts those it changed.

    A cell that reads better as it is stays: in one table old letters and Unicode may stand side by
    side, since what a cell is in depends on its font.

    Parameters
    ----------
    letters
        What :func:`found_in` told of the table.

    Examples
    --------
    >>> repair = Repair("tcvn3")
    >>> repair("Ph\u00adêng §«ng VÖ"), repair("Phường Đông Vệ"), repair("12/3/2024"), repair.n
    ('Phường Đông Vệ', 'Phường Đông Vệ', '12/3/2024', 1)
    """

    def __init__(self, letters: Legacy) -> None:
        self.n = 0
        self._decode = DECODERS[letters]
        self._is_western = letters != "utf8_as_cp1252"  # then no letter is beyond Latin-1
        self._known: dict[str, str] = {}

    def __call__(self, cell: str) -> str:
        """Give the cell as it was meant."""
        if cell.isascii():
            return cell
        good = self._known.get(cell)
        if good is None:
            good = self._decode(cell)
            is_unicode = self._is_western and any(c > "\xff" and c.isalpha() for c in cell)
            if is_unicode or balance([good]) < balance([cell]):
                good = cell
            self._known[cell] = good
        self.n += good != cell
        return good


def from_tcvn3(text: str) -> str:
    """Read a text that was typed with a TCVN3 font.

    Capital letters with a tone are typed as small ones in a font of capitals; they come out small.

    Examples
    --------
    >>> from_tcvn3("®\u00adêng Lª Lîi")
    'đường Lê Lợi'
    """
    return text.translate(_tcvn3())


def from_vni(text: str) -> str:
    """Read a text that was typed with a VNI font: a letter, and its marks as the letter after it.

    Examples
    --------
    >>> from_vni("Nguyeãn Traõi, TRAÀN PHUÙ, quaän")
    'Nguyễn Trãi, TRẦN PHÚ, quận'
    """
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_pair, text))


def from_cp1252(text: str) -> str:
    """Read a text in UTF-8 that was taken for CP1252; what is none stays as it is.

    Examples
    --------
    >>> from_cp1252("PhÆ°á»\u009dng"), from_cp1252("café")
    ('Phường', 'café')
    """
    raw = bytearray()
    for letter in text:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 0xFF:
                return text
            raw.append(ord(letter))  # five bytes that CP1252 leaves free
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return text


def balance(cells: Iterable[str]) -> int:
    """Count syllables that Vietnamese could have, less those that it could not.

    Examples
    --------
    >>> balance(["Phường Đông"]), balance(["Phöôøng Ñoâng"])
    (2, -2)
    """
    good, bad = _syllables(cells)
    return good - bad


def _syllables(cells: Iterable[str]) -> tuple[int, int]:
    """Count syllables with a mark that Vietnamese could have, and those that it could not."""
    good = bad = 0
    for cell in cells:
        # a soft hyphen inside a word is no letter, but TCVN3 has its ư there
        for word in _WORD.findall(cell.replace("\u00ad", "\uffff")):
            if word.isascii():
                continue
            if _is_syllable(word):
                good += 1
            else:
                bad += 1
        bad += sum(cell.count(sign) for sign in "\u00ad§¨©ª«¬®¶·¸¹»¼½¾¤¦£")
    return good, bad


@functools.lru_cache(maxsize=65_536)
def _is_syllable(word: str) -> bool:
    if not set(word.lower()) <= _ALPHABET:
        return False
    bare = unicodedata.normalize("NFD", word.lower()).translate(_NO_TONE)
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


_NO_TONE: Mapping[int, None] = dict.fromkeys(_TONES)
_ALPHABET = frozenset("bcdđghklmnpqrstvx").union(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", *map(chr, _TONES))
)


@functools.cache
def _tcvn3() -> dict[int, str]:
    path = resources.files("data") / "reference" / "tcvn3.csv"
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {int(line["code"], 16): line["letter"] for line in lines}


def _vni_pair(found: re.Match[str]) -> str:
    letter, mark = (*(part for part in found.groups() if part), "")[:2]
    alone = _VNI_ALONE.get(letter.lower(), letter.lower())
    shape = ""
    tone = _VNI_TONES.get(mark.lower())
    if tone is None and mark:
        shape, marks = (
            ("\u0306", _VNI_SHORT) if mark.lower() in _VNI_SHORT else ("\u0302", _VNI_ROUND)
        )
        tone = marks[mark.lower()]
    built = unicodedata.normalize("NFC", alone + shape + (tone or ""))
    return built.upper() if letter.isupper() else built


_VNI_PAIR = re.compile(
    r"([aA])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])?"
    r"|([eoEO])([øùûõïâàáåãäØÙÛÕÏÂÀÁÅÃÄ])?"
    r"|([iuyöôIUYÖÔ])([øùûõïØÙÛÕÏ])?"
    r"|([ñæóòîÑÆÓÒÎ])"
)

DECODERS: Mapping[Legacy, Callable[[str], str]] = {
    "utf8_as_cp1252": from_cp1252,
    "tcvn3": from_tcvn3,
    "vni": from_vni,
}
