"""One spelling for comparing: without diacritics, case, or punctuation.

NFC alone does not make *Hóa* and *Hoá* equal, so names and headings are compared folded; what is
kept and shown is always the text as it was written.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_WARD_KINDS = re.compile(
    r"^(?:phuong|xa|thi tran|tt|p|x|ward|commune|township|quartier)\b[ .]*(?=\S)"
)

_WRITTEN_KINDS = re.compile(r"^(?:phường|xã|thị trấn|đặc khu)\s+(?=\S)", re.IGNORECASE)


@functools.lru_cache(maxsize=65_536)  # a ledger says the same few thousand things again and again
def fold(text: str) -> str:
    """Fold a text: no diacritics, đ as d, lower case, runs of anything else as one space.

    Examples
    --------
    >>> fold("Phường  Đông-Vệ") == fold("PHUONG ĐÔNG VỆ") == "phuong dong ve"
    True
    >>> fold("Thanh Hóa") == fold("Thanh Hoá")
    True
    """
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    ).replace("đ", "d")
    return re.sub(r"[\W_]+", " ", bare).strip()


def fold_ward(text: str) -> str:
    """Fold a ward's name and leave out what kind of unit it is.

    Examples
    --------
    >>> fold_ward("P. Đông Thọ"), fold_ward("xã Hoằng Quang"), fold_ward("TT Rừng Thông")
    ('dong tho', 'hoang quang', 'rung thong')
    """
    return _WARD_KINDS.sub("", fold(text))


def short_ward_name(name: str) -> str:
    """Leave out what kind of unit a ward is, as maps and narrow tables do; diacritics stay.

    Examples
    --------
    >>> short_ward_name("Phường Ba Đình"), short_ward_name("Ba Đình")
    ('Ba Đình', 'Ba Đình')
    """
    return _WRITTEN_KINDS.sub("", name)
