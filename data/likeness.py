"""Which name of a list a written name is: the same, surely meant, or perhaps meant.

A slip of the pen changes a letter or two of a word, and mostly makes one that there cannot be.
Where it makes another good word, it may be another name: *Lê Lai* and *Lê Lợi* are two streets. So
only what is no word of Vietnamese is mended, and only where no other name of the city is as near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.syllables import is_syllable

MOST_EDITS = 3
"""Letters that may differ in all, be missing, too many or exchanged, in a candidate's name."""
LONG_WORD = 3
"""Shorter words are never mended."""
LONGER_WORD = 7
"""In words as long as this two letters may be wrong."""
N_ALIKE = 6


@dataclass(frozen=True)
class Match:
    """What a written name may be.

    Parameters
    ----------
    keys
        Those that fit best; of an unsure match the likest first.
    likeness
        0 to 1, of the first.
    is_same
        Letter by letter, diacritics and spaces aside.
    is_sure
        The same, or a slip of the pen that can be no other name.
    """

    keys: tuple[str, ...] = ()
    likeness: float = 0.0
    is_same: bool = False
    is_sure: bool = False


class Likeness:
    """Folded names, each with the keys it stands for, ready for many questions.

    Examples
    --------
    >>> known = Likeness([("nguyen trai", ["T"]), ("le lai", ["A"]), ("le loi", ["O"])])
    >>> known.match("nguyn trai").keys, known.match("nguyn trai").is_sure
    (('T',), True)
    >>> known.match("le loa").is_sure, known.match("le loa").keys
    (False, ('O', 'A'))
    """

    def __init__(self, names: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._keys = {name: tuple(keys) for name, keys in names}
        self._names = list(self._keys)
        self._compact: dict[str, list[str]] = {}
        for name in self._names:
            self._compact.setdefault(name.replace(" ", ""), []).append(name)
        self._known: dict[str, Match] = {}

    def match(self, asked: str) -> Match:
        """Tell which names a folded text may be."""
        if asked not in self._known:
            self._known[asked] = self._match(asked)
        return self._known[asked]

    def _match(self, asked: str) -> Match:
        if not asked:
            return Match()
        same = [asked] if asked in self._keys else self._compact.get(asked.replace(" ", ""), [])
        if same:
            keys = tuple(key for name in same for key in self._keys[name])
            return Match(keys, 1.0, is_same=True, is_sure=True)
        alike = process.extract(
            asked, self._names, scorer=OSA.distance, score_cutoff=MOST_EDITS, limit=N_ALIKE
        )
        if not alike:
            return Match()
        best, n_edits, _ = alike[0]
        rivals = [name for name, n, _ in alike[1:] if n <= n_edits + 1]
        is_sure = not rivals and is_slip(asked, best)
        shown = [best] if is_sure else [name for name, *_ in alike if _figures(name, asked)]
        keys = tuple(key for name in shown for key in self._keys[name])
        return Match(keys, 1 - n_edits / max(len(asked), len(best)), is_sure=is_sure)


def is_slip(written: str, name: str) -> bool:
    """Tell whether a written name differs from a name as by a slip of the pen.

    Word by word, figures the same; what is written is no word of Vietnamese. Words of three letters
    and more differ by one letter, of seven and more by two, and not more than one word of two, or
    two of three and more.

    Examples
    --------
    >>> is_slip("nguyem trai", "nguyen trai"), is_slip("tran phs", "tran phu")
    (True, True)
    >>> is_slip("quang thanh", "quang thang"), is_slip("thcs dong ve 2", "thcs dong ve 1")
    (False, False)
    """
    one, other = written.split(), name.split()
    if len(one) != len(other):
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) > (1 if len(one) < 3 else 2):
        return False
    return all(_is_word_slip(a, b) for a, b in differing)


def _is_word_slip(one: str, other: str) -> bool:
    n = max(len(one), len(other))
    if n < LONG_WORD or is_syllable(one) or any(map(str.isdigit, one + other)):
        return False
    return bool(OSA.distance(one, other) <= (2 if n >= LONGER_WORD else 1))


def _figures(one: str, other: str) -> bool:
    """Tell whether two texts have the same figures."""
    return [c for c in one if c.isdigit()] == [c for c in other if c.isdigit()]
