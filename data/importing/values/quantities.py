"""Numbers, yes and no, compass words, as ledgers write them.

In Vietnamese a dot groups thousands and a comma starts decimals: 1.900 is nineteen hundred and
24,63 a little under twenty-five.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.values import angles
from data.importing.values.angles import UnreadableAngleError
from data.importing.values.conventions import DecimalSign


class UnreadableQuantityError(ValueError):
    """A cell that holds no number, answer or direction that can be read without guessing."""


_NUMBER = re.compile(r"[+\-−]?\d[\d.,\s\u00a0\u202f]*")
_BLANKS_BETWEEN = re.compile(r"[+-]?\d{1,3}(?:\s\d{3})+(?:[.,]\d+)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_TICKS = frozenset("✓✔√☑🗸")
_YES = frozenset(
    {
        "x",
        "da",
        "roi",
        "da co",
        "da xong",
        "co su dung",
        "co",
        "yes",
        "y",
        "true",
        "1",
        "da lam ro",
        "oui",
        "vrai",
        "v",
        "cleared",
    }
)
_NO = frozenset(
    {
        "khong",
        "khong co",
        "chua co",
        "khong su dung",
        "no",
        "n",
        "false",
        "0",
        "chua",
        "chua lam ro",
        "non",
        "faux",
        "ko",
        "k",
    }
)

_VIETNAMESE_WINDS = ("b", "db", "d", "dn", "n", "tn", "t", "tb")
_VIETNAMESE_WORDS = (
    "bac", "dong bac", "dong", "dong nam", "nam", "tay nam", "tay", "tay bac",
)  # fmt: skip
_ENGLISH_WINDS = (
    "n", "nne", "ne", "ene", "e", "ese", "se", "sse",
    "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw",
)  # fmt: skip
_ENGLISH_WORDS = (
    "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest",
)  # fmt: skip
_FRENCH_WORDS = ("nord", "nord est", "est", "sud est", "sud", "sud ouest", "ouest", "nord ouest")


def parse_number(cell: Cell, *, decimal: DecimalSign = "comma") -> float | None:
    """Read a number, with a unit behind it or not; None for a blank cell.

    Where both signs stand, the last starts the decimals; ``decimal`` says which sign does when one
    of them stands before exactly three figures.

    Raises
    ------
    UnreadableQuantityError
        There is no number, or more than one.

    Examples
    --------
    >>> parse_number("1.900"), parse_number("24,63"), parse_number("1.234,5"), parse_number("60 m")
    (1900.0, 24.63, 1234.5, 60.0)
    >>> parse_number("1.234"), parse_number("1.234", decimal="point")
    (1234.0, 1.234)
    """
    if cell is None:
        return None
    if isinstance(cell, int | float):
        return finite(float(cell), cell)
    text = str(cell).strip().replace("−", "-")
    match = _NUMBER.match(text)
    if match is None or re.search(r"\d", text[match.end() :]):
        raise UnreadableQuantityError(text)
    return finite(plain(match.group(), decimal), cell)


def parse_degrees(cell: Cell) -> float | None:
    """Read a longitude or latitude, where dot and comma both start decimals; None when blank.

    Raises
    ------
    UnreadableQuantityError
        It is not one number of degrees, decimal or in minutes.

    Examples
    --------
    >>> parse_degrees("105,776"), parse_degrees("19.81° N"), parse_degrees(105.776)
    (105.776, 19.81, 105.776)
    >>> parse_degrees("19°48'36''")
    19.81
    """
    if cell is None:
        return None
    if isinstance(cell, int | float):
        return finite(float(cell), cell)
    try:
        return angles.parse(str(cell))[0]
    except UnreadableAngleError as error:
        raise UnreadableQuantityError(str(cell)) from error


def parse_resolution(cell: Cell, *, decimal: DecimalSign = "comma") -> float | None:
    """Read a resolution as megapixels; None for a blank cell.

    Raises
    ------
    UnreadableQuantityError
        It is no resolution.

    Examples
    --------
    >>> parse_resolution("4MP"), parse_resolution("1080p"), parse_resolution("2560x1440")
    (4.0, 2.0736, 3.6864)
    """
    if isinstance(cell, str):
        text = re.sub(r"\s", "", cell.casefold())
        text = {"720p": "1280x720", "1080p": "1920x1080", "fullhd": "1920x1080",
                "2k": "2560x1440", "4k": "3840x2160"}.get(text, text)  # fmt: skip
        size = re.fullmatch(r"(\d{3,5})[x×*](\d{3,5})", text)
        if size:
            return int(size.group(1)) * int(size.group(2)) / 1e6
    number = parse_number(cell, decimal=decimal)
    if number is not None and not 0 < number < 1000:
        raise UnreadableQuantityError(str(cell))
    return number


def parse_focal(cell: Cell, *, decimal: DecimalSign = "comma") -> float | None:
    """Read a focal length in mm; None for a blank cell and for a zoom lens.

    Of a zoom the list gives the two ends, and nobody knows to which it was turned.

    Raises
    ------
    UnreadableQuantityError
        It is no length.

    Examples
    --------
    >>> parse_focal("2,8 mm"), parse_focal("2.8-12mm") is None
    (2.8, True)
    """
    if isinstance(cell, str) and re.fullmatch(
        r"\s*\d+([.,]\d+)?\s*(mm)?\s*[-–−~÷]\s*\d+([.,]\d+)?\s*(mm)?\s*", cell.casefold()
    ):
        return None
    number = parse_number(cell, decimal=decimal)
    if number is not None and not 0 < number < 10_000:
        raise UnreadableQuantityError(str(cell))
    return number


def parse_yes_no(cell: Cell) -> bool | None:
    """Read a cross, a yes or a no; None for a blank cell.

    Raises
    ------
    UnreadableQuantityError
        It is another word.

    Examples
    --------
    >>> parse_yes_no("x"), parse_yes_no("Có"), parse_yes_no("Chưa làm rõ"), parse_yes_no(None)
    (True, True, False, None)
    """
    if cell is None or isinstance(cell, bool):
        return cell
    if str(cell).strip() in _TICKS:
        return True
    word = fold(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise UnreadableQuantityError(str(cell))


def parse_bearing(
    cell: Cell, *, languages: frozenset[str], decimal: DecimalSign = "comma"
) -> float | None:
    """Read a direction as degrees clockwise from north; None for a blank cell.

    Parameters
    ----------
    cell
        Degrees, or a compass word.
    languages
        Those of the heading. *N* is south (Nam) under a Vietnamese heading and north elsewhere.
    decimal
        The sign that starts decimals where one of them stands before exactly three figures.

    Raises
    ------
    UnreadableQuantityError
        It is no direction, or a letter whose language is not known.

    Examples
    --------
    >>> vietnamese, english = frozenset({"vi"}), frozenset({"en"})
    >>> parse_bearing("N", languages=vietnamese), parse_bearing("N", languages=english)
    (180.0, 0.0)
    >>> parse_bearing("ĐB", languages=vietnamese), parse_bearing("270°", languages=vietnamese)
    (45.0, 270.0)
    """
    if cell is None:
        return None
    if isinstance(cell, str) and not re.search(r"\d", cell):
        return _wind(cell, languages)
    number = parse_number(cell, decimal=decimal)
    if number is None or not 0 <= number <= 360:
        raise UnreadableQuantityError(str(cell))
    return number % 360


def _wind(cell: str, languages: frozenset[str]) -> float:
    word = fold(cell)
    readings = {
        winds[word]
        for language, winds in _WINDS.items()
        if word in winds and (language in languages or not languages & _WINDS.keys())
    }
    if len(readings) != 1:
        raise UnreadableQuantityError(cell)
    return readings.pop()


def _compass(*lists: tuple[str, ...]) -> Mapping[str, float]:
    return {word: i * 360 / len(words) for words in lists for i, word in enumerate(words)}


_WINDS: Mapping[str, Mapping[str, float]] = {
    "vi": _compass(_VIETNAMESE_WINDS, _VIETNAMESE_WORDS),
    "en": _compass(_ENGLISH_WINDS, _ENGLISH_WORDS),
    "fr": _compass(tuple(w.replace("w", "o") for w in _ENGLISH_WINDS), _FRENCH_WORDS),
}


def plain(number: str, decimal: DecimalSign = "comma") -> float:
    """Read a bare number, its groups and decimals as :func:`parse_number` does.

    Raises
    ------
    UnreadableQuantityError
        It is none.

    Examples
    --------
    >>> plain("1.234,5"), plain("1.234", "point")
    (1234.5, 1.234)
    """
    text = number.strip().rstrip(".,")
    if _BLANKS_BETWEEN.fullmatch(text):
        text = re.sub(r"\s", "", text)
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        group = "." if text.rfind(",") > text.rfind(".") else ","
        text = text.replace(group, "")
    elif (dots > 1 or commas > 1) and GROUPED.fullmatch(text):
        text = re.sub("[.,]", "", text)
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text):
        text = text.replace("." if decimal == "comma" else ",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise UnreadableQuantityError(number) from error


def finite(number: float, cell: Cell) -> float:
    """Give a number back.

    Raises
    ------
    UnreadableQuantityError
        It is infinite, or none.
    """
    if not math.isfinite(number):
        raise UnreadableQuantityError(str(cell))
    return number
