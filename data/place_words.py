"""The words for kinds of places, in one spelling: *THPT* and *cấp 3* are one school."""

from __future__ import annotations

import functools
import re

from data.addresses import Name

_SAME: dict[str, tuple[str, ...]] = {
    "tieu hoc": ("th", "cap 1", "c1", "primary school", "ecole primaire"),
    "thcs": ("trung hoc co so", "cap 2", "c2", "lower secondary school", "college"),
    "thpt": ("trung hoc pho thong", "cap 3", "c3", "ptth", "high school", "lycee"),
    "mam non": ("mn", "mau giao", "kindergarten", "ecole maternelle"),
    "dai hoc": ("dh", "university", "universite"),
    "cao dang": ("cd",),
    "benh vien da khoa": ("bvdk", "bv da khoa", "bv dk"),
    "benh vien": ("bv", "hospital", "hopital"),
    "ben xe": ("bx", "bus station", "gare routiere"),
    "ubnd": ("uy ban nhan dan", "uy ban"),
    "phuong": ("p",),
    "xa": ("x",),
    "cong vien": ("cv",),
    "khu do thi": ("kdt", "kdtm"),
    "quang truong": ("qt",),
    "san van dong": ("svd",),
    "nha van hoa": ("nvh",),
    "cho": ("market", "marche"),
    "ga": ("nha ga", "gare", "railway station"),
    "nga ba": ("nga 3",),
    "nga tu": ("nga 4",),
    "nga nam": ("nga 5",),
    "nga sau": ("nga 6",),
}  # fmt: skip
_SPELLING = {word: one for one, words in _SAME.items() for word in words}
_PATTERN = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _SPELLING), key=len, reverse=True)) + r")\b"
)
_SCHOOL = re.compile(r"^(?:cong )?truong (?=tieu hoc|thcs|thpt|mam non|dai hoc|cao dang)")
_SIGNS = re.compile(r"\s+")


@functools.lru_cache(maxsize=16_384)
def spelled(name: Name) -> Name:
    """Write the name of a place in the one spelling in which places are compared.

    Examples
    --------
    >>> from data.addresses import name_of
    >>> spelled(name_of("Trường THPT Hàm Rồng")).folded, spelled(name_of("cấp 3 Hàm Rồng")).folded
    ('thpt ham rong', 'thpt ham rong')
    """
    folded = _SCHOOL.sub("", _PATTERN.sub(lambda m: _SPELLING[m.group()], name.folded))
    return Name(_SIGNS.sub(" ", folded).strip(), name.marked)
