"""What a ledger writes where a place should stand, taken apart.

*SN 12/5 ngõ 45 đ. Tạ Quang Bửu, P. Đông Thọ, TP Thanh Hoá* is the house 12/5 in alley 45 of a
street, in a ward. What a text means is not always clear from its words, so there are several
readings, the likeliest first; which of them there is in the city, :mod:`data.directory` knows.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from data.folding import fold

ReadingKind = Literal["crossing", "street", "named"]

Phrase = tuple[str, ...]

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # grave, acute, tilde, hook, dot below
_PARTS = re.compile(r"[,;()\[\]\n]+|(?<=\s)[-–—](?=\s)")
_DASHES = re.compile(r"(?<![\d\s])\s*[-–—×/&+]\s*|[-–—×/&+]\s*(?![\d\s])")  # but not 12/5
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+[a-z]?")

_LEADING: tuple[Phrase, ...] = tuple(
    tuple(words.split())
    for words in (
        "doi dien", "ben canh", "khu vuc", "gan khu vuc", "via he", "le duong", "long duong",
        "xung quanh", "tai", "truoc", "gan", "canh", "kv", "tren", "doan", "dau", "cuoi", "trong",
        "ngoai", "sau", "duoi", "doc", "quanh", "at", "near", "opposite", "in front of", "on",
        "devant", "pres de", "en face de", "a cote de", "sur",
    )
)  # fmt: skip
_GATE_OF = frozenset({"truong", "cho", "benh", "tru", "ubnd", "cong"})
_HOUSE_WORDS: tuple[Phrase, ...] = (
    ("so", "nha"), ("nha", "so"), ("so",), ("sn",), ("nha",), ("lo",), ("kiot",), ("no",), ("n",),
)  # fmt: skip
_ALLEYS = frozenset({"ngo", "hem", "ngach", "kiet", "ng"})
_STREET_WORDS: tuple[Phrase, ...] = (
    ("tuyen", "duong"), ("dai", "lo"), ("duong",), ("dg",), ("d",), ("dl",), ("pho",), ("tuyen",),
    ("street",), ("road",), ("rue",), ("avenue",), ("boulevard",),
)  # fmt: skip
_NO_STREET = (("pho", "di", "bo"),)  # *Phố đi bộ* is a place with a name of its own
_TAILS = frozenset(
    {"doan", "gan", "doi", "canh", "huong", "truoc", "phia", "ke", "sat", "near", "pres"}
)
_WARD_WORDS: tuple[Phrase, ...] = (
    ("thi", "tran"), ("phuong",), ("xa",), ("p",), ("ph",), ("f",), ("x",), ("tt",), ("ward",),
    ("commune",),
)  # fmt: skip
_INLINE_WARD_WORDS = (("phuong",), ("xa",), ("p",), ("thi", "tran"))
_OWN_WARD = frozenset({"ubnd", "can", "cong"})  # *UBND phường …* is a place, not a ward
_CITY_WORDS: tuple[Phrase, ...] = (
    ("thanh", "pho"), ("thi", "xa"), ("tp",), ("tx",), ("q",), ("quan",), ("h",), ("huyen",),
    ("t",), ("tinh",), ("viet", "nam"), ("vn",),
)  # fmt: skip
_INLINE_CITY_WORDS = (("thanh", "pho"), ("tp",), ("tinh",))
_INLINE_FIRST = frozenset(words[0] for words in (*_INLINE_WARD_WORDS, *_INLINE_CITY_WORDS))
_HAMLET_WORDS: tuple[Phrase, ...] = (
    ("to", "dan", "pho"), ("khu", "pho"), ("tdp",), ("kp",), ("to",), ("thon",), ("xom",),
    ("ap",), ("cum",),
)  # fmt: skip
_CROSSINGS: tuple[Phrase, ...] = (
    ("nga", "ba"), ("nga", "tu"), ("nga", "nam"), ("nga", "sau"), ("nut", "giao"),
    ("giao", "lo"), ("giao", "cat"), ("giao", "nhau"), ("nut",), ("giao",), ("goc",),
    ("crossing", "of"), ("corner", "of"), ("crossing",), ("junction",), ("carrefour",), ("angle",),
)  # fmt: skip
_BETWEEN = frozenset({"x", "va", "voi", "giao", "and", "et"})
_SAME: dict[str, str] = {"nga 3": "nga ba", "nga 4": "nga tu", "nga 5": "nga nam",
                         "nga 6": "nga sau", "ngt": "nga tu", "n3": "nga ba",
                         "n4": "nga tu"}  # fmt: skip
_SAME_PATTERN = re.compile(r"\b(?:nga [3-6]|ngt|n3|n4)\b")
_ROADS = re.compile(r"\b(?:quoc lo|ql) ?(?=\d)")
_PROVINCE_ROADS = re.compile(r"\b(?:tinh lo|duong tinh|tl|dt) ?(?=\d)")
_MONTHS = re.compile(r"\b(\d{1,2}) thang (\d{1,2})\b")


@dataclass(frozen=True)
class Name:
    """A name as a text writes it: folded, and with its diacritics in one order.

    Examples
    --------
    >>> name_of("Hoá") == name_of("Hóa"), name_of("Hoa") == name_of("Hóa")
    (True, False)
    """

    folded: str
    marked: str

    @property
    def is_marked(self) -> bool:
        """Tell whether it was written with diacritics."""
        return self.folded != self.marked


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One thing that a text may mean.

    Parameters
    ----------
    kind
        ``crossing``: of two streets, or of two that stand together in one name; ``street``;
        ``named``: whatever has this name.
    names
        One, or the two that cross.
    alley
        The number of the alley, of a street.
    numbers
        The house number, part by part: 12/5 is 12 and 5.
    is_sure
        It says in words that it is a street, or a crossing.
    """

    kind: ReadingKind
    names: tuple[Name, ...]
    alley: str = ""
    numbers: tuple[str, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, kw_only=True)
class Address:
    """A place as a text tells it: its readings, the likeliest first, and the ward it names."""

    readings: tuple[Reading, ...]
    ward: str | None = None


@functools.lru_cache(maxsize=65_536)
def name_of(text: str) -> Name:
    """Take a name as it is written; numbered roads and days of the year in one spelling.

    Examples
    --------
    >>> name_of("Quốc lộ 47").folded, name_of("30 tháng 4").folded, name_of("30/4").folded
    ('ql 47', '30 4', '30 4')
    """
    return Name(_one_spelling(fold(text)), _one_spelling(_marked(text)))


@functools.lru_cache(maxsize=65_536)
def parse(text: str) -> Address:
    """Take apart what stands where a place should.

    Parameters
    ----------
    text
        As the ledger writes it, with or without diacritics.

    Examples
    --------
    >>> first = parse("SN 12/5 ngõ 45 đ. Tạ Quang Bửu, P. Đông Thọ, TP Thanh Hoá").readings[0]
    >>> first.names[0].folded, first.alley, first.numbers
    ('ta quang buu', '45', ('12', '5'))
    >>> parse("Ngã tư Trần Phú – Lê Lợi").readings[0].kind
    'crossing'
    >>> parse("12 Trần Phú, P. Ba Đình").ward
    'Ba Đình'
    """
    text = unicodedata.normalize("NFC", text)
    ward: str | None = None
    parts: list[_Words] = []
    for part in _PARTS.split(text):
        words = _Words.of(part)
        if not words.folded or _starts(words.folded, _CITY_WORDS):
            continue
        own = _starts(words.folded, _WARD_WORDS)
        if own and len(words.folded) > own:
            ward = ward or words.drop(own).text
            if parts:  # else it may be a street: *Xã Đàn*
                continue
        words, inline = _without_inline(words)
        ward = ward or inline
        if words.folded:
            parts.append(words)
    readings = [*_whole(parts)] if len(parts) > 1 else []
    for words in parts:
        readings += _readings(words)
    return Address(readings=tuple(dict.fromkeys(readings)), ward=ward)


def without_number(text: str) -> str:
    """Leave out the house number of an address; a text that is none stays as it is.

    Examples
    --------
    >>> without_number("Số nhà 12/5 Trần Phú, P. Ba Đình")
    'Trần Phú, P. Ba Đình'
    >>> without_number("số 5 ngõ 45 Lê Lai"), without_number("SN 12 đ. Trần Phú")
    ('ngõ 45 Lê Lai', 'đ. Trần Phú')
    >>> without_number("30/4"), without_number("26 tháng 3")
    ('30/4', '26 tháng 3')
    >>> without_number("Ngõ 45 Lê Lai"), without_number("Chợ Vườn Hoa")
    ('Ngõ 45 Lê Lai', 'Chợ Vườn Hoa')
    """
    return _HOUSE.sub("", text, count=1)


_HOUSE = re.compile(
    r"^\s*(?:(?:số\s*nhà|nhà\s*số|so\s*nha|nha\s*so|số|so|sn|nhà|nha|no|n°)\b\.?\s*:?\s*)?"
    r"\d+(?:\s?[a-z]\b)?(?:\s*[-/.]\s*\d+(?:[a-z]\b)?)*\s*(?:,\s*)?"
    r"(?=[^\W\d_]{2,}|đ[.\s])(?!tháng\b|thang\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Words:
    """Words side by side: folded, and as they were written."""

    folded: tuple[str, ...]
    written: tuple[str, ...]
    text: str
    has_dash: bool = False

    @classmethod
    def of(cls, text: str) -> _Words:
        folded = tuple(_same(fold(text)).split())
        written = tuple(_same(" ".join(_WORDS.findall(text))).split())
        if len(written) != len(folded):
            written = folded
        return cls(folded, written, text.strip(), bool(_DASHES.search(text.strip())))

    def drop(self, n: int) -> _Words:
        written = self.written[n:]
        return _Words(self.folded[n:], written, " ".join(written), self.has_dash)

    def keep(self, n: int) -> _Words:
        written = self.written[:n]
        return _Words(self.folded[:n], written, " ".join(written), self.has_dash)

    @property
    def name(self) -> Name:
        return name_of(" ".join(self.written))


def _whole(parts: Sequence[_Words]) -> Iterator[Reading]:
    """Read two parts with a dash between them as a crossing."""
    first, second = _without_leading(parts[0]), parts[1]
    n = _starts(first.folded, _CROSSINGS)
    names = (_street_name(first.drop(n)), _street_name(second))
    if all(name.folded for name in names):
        yield Reading(kind="crossing", names=names, is_sure=n > 0)


def _readings(words: _Words) -> Iterator[Reading]:
    words = _without_leading(words)
    n = _starts(words.folded, _CROSSINGS)
    yield from _crossing(words, n)
    if n:
        return
    street = _street(words)
    if street is not None and street.is_sure:
        yield street
    yield Reading(kind="named", names=(words.name,))
    if street is not None and not street.is_sure:
        yield street
    for i in range(1, len(words.folded)):
        if words.folded[i] in _TAILS:
            head = words.keep(i)
            cut = _street(head)
            if cut is not None:
                yield cut
            yield Reading(kind="named", names=(head.name,))
            break


def _crossing(words: _Words, n: int) -> Iterator[Reading]:
    if n:
        yield Reading(kind="named", names=(words.name,), is_sure=True)
    rest = words.drop(n)
    said = _DASHES.split(_text_after(words, n)) if words.has_dash else []
    pieces = [piece for piece in map(_Words.of, said) if piece.folded]
    if len(pieces) == 2 and not all(_is_number(piece.folded) for piece in pieces[:1]):
        yield _pair(pieces[0], pieces[1], is_sure=n > 0)
    for i in range(1, len(rest.folded) - 1):
        if rest.folded[i] in _BETWEEN:
            yield _pair(rest.keep(i), rest.drop(i + 1), is_sure=n > 0)
    if n and len(rest.folded) > 1:
        yield Reading(kind="crossing", names=(_street_name(rest),), is_sure=True)


def _pair(one: _Words, other: _Words, *, is_sure: bool) -> Reading:
    names = (_street_name(_without_leading(one)), _street_name(other))
    return Reading(kind="crossing", names=names, is_sure=is_sure)


def _text_after(words: _Words, n: int) -> str:
    """Give the text as it is written, after its first words: signs between words count here."""
    at = 0
    for _ in range(_n_written(words.text, words.folded[:n])):
        found = _WORDS.search(words.text, at)
        if found is None:
            break
        at = found.end()
    return words.text[at:]


def _n_written(text: str, folded: Sequence[str]) -> int:
    """Count the words of a text that became these: *N4* is one word and became two."""
    heads = _WORDS.findall(text)
    for n in range(len(folded) + 1):
        if tuple(_same(fold(" ".join(heads[:n]))).split()) == tuple(folded):
            return n
    return len(folded)


def _street(words: _Words) -> Reading | None:
    """Read words as a street, with number and alley before it; None where no name is left."""
    if any(words.folded[: len(phrase)] == phrase for phrase in _NO_STREET):
        return None
    n_house = _starts(words.folded, _HOUSE_WORDS)
    rest = words.drop(n_house)
    n = _n_numbers(rest.folded)
    numbers = rest.folded[:n]
    if n_house and not n and not (rest.folded and rest.folded[0] in _ALLEYS):
        rest, n_house = words, 0
    rest = rest.drop(n)
    alley = ""
    while len(rest.folded) > 1 and rest.folded[0] in _ALLEYS:
        found = _n_numbers(rest.folded[1:])
        if not found:
            break
        alley = " ".join(rest.folded[1 : 1 + found])
        rest = rest.drop(1 + found)
    is_told = bool(_starts(rest.folded, _STREET_WORDS))
    rest = rest.drop(_starts(rest.folded, _STREET_WORDS))
    if not rest.folded:
        if alley or not n or len(numbers) < 2:
            return None
        rest, numbers = words.drop(n_house), ()  # *30/4* is a street too
    return Reading(
        kind="street",
        names=(rest.name,),
        alley=alley,
        numbers=tuple(numbers),
        is_sure=is_told or bool(n or alley or n_house),
    )


def _street_name(words: _Words) -> Name:
    return words.drop(_starts(words.folded, _STREET_WORDS)).name


def _n_numbers(folded: Sequence[str]) -> int:
    n = 0
    while n < len(folded) and _NUMBER.fullmatch(folded[n]):
        n += 1
    if n and n < len(folded) and folded[n] == "thang":  # *26 tháng 3* is a name
        n -= 1
    return n


def _is_number(folded: Sequence[str]) -> bool:
    return all(_NUMBER.fullmatch(word) for word in folded)


def _without_leading(words: _Words) -> _Words:
    while len(words.folded) > 1:
        n = _starts(words.folded, _LEADING)
        if not n and words.folded[0] == "cong" and words.folded[1] in _GATE_OF:
            n = 1
        if not n or n == len(words.folded):
            return words
        words = words.drop(n)
    return words


def _without_inline(words: _Words) -> tuple[_Words, str | None]:
    """Cut a ward and a city off the end, where no comma stands before them."""
    ward: str | None = None
    if not _INLINE_FIRST.isdisjoint(words.folded):
        words, ward = _cut_at_ward(words)
    if _starts(words.folded, _HAMLET_WORDS) and len(words.folded) <= 3:
        return words.keep(0), ward
    return words, ward


def _cut_at_ward(words: _Words) -> tuple[_Words, str | None]:
    for i in range(1, len(words.folded)):
        if _starts(words.folded[i:], _INLINE_CITY_WORDS) and len(words.folded) > i + 1:
            words = words.keep(i)
            break
    if words.folded and words.folded[0] in _OWN_WARD:
        return words, None
    for i in range(1, len(words.folded)):
        n = _starts(words.folded[i:], _INLINE_WARD_WORDS)
        if n and len(words.folded) > i + n:
            return words.keep(i), words.drop(i + n).text
    return words, None


def _starts(words: Sequence[str], phrases: Sequence[Phrase]) -> int:
    """Tell how many words at the start are one of these phrases, 0 when none is."""
    if not words:
        return 0
    first = words[0]
    for phrase in phrases:
        if phrase[0] == first and tuple(words[: len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _same(text: str) -> str:
    return _SAME_PATTERN.sub(lambda found: _SAME[found.group()], text)


def _one_spelling(text: str) -> str:
    text = _ROADS.sub("ql ", text)
    text = _PROVINCE_ROADS.sub("tl ", text)
    return _MONTHS.sub(r"\1 \2", text)


def _marked(text: str) -> str:
    """Write a text with the tone of each word at its end, so that *hoá* and *hóa* are equal."""
    return " ".join(map(_marked_word, _WORDS.findall(text.casefold())))


@functools.lru_cache(maxsize=16_384)
def _marked_word(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    return "".join(letter for letter in letters if letter not in _TONES) + tones
