"""The ward of a book whose rows name none: told by a person, else by its title or its unit.

A ward's police seldom write their own ward beside each case: it stands over the table, on the
sheet, or in the name of the file. Where these name one ward and no other, it is that of all rows.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.locating import two_wards
from data.importing.locating.surroundings import Surroundings

MOST_WORDS = 5
"""Of a ward's name."""

_TELLING = ({"ward"}, {"ward_code"}, {"position"}, {"longitude", "latitude"}, {"x_north", "y_east"})
_BEFORE_A_NAME = re.compile(r"\b(?:phuong|xa|thi tran|cap|cax|catt|p|f|tt)\s+")

_ADDRESSEE = re.compile(
    r"(?:k[íi]nh g[ửu]i|n[ơo]i nh[ậa]n|[àa] l['’]attention d[eu]|\battn\b|^\W*(?:g[ửu]i\b|to\s*:"
    r"|destinataires?\b))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Whom a letter goes to, up to the end of a title; *Tổ 5* is nobody."""
_LISTED = re.compile(r"\s*[-–+•*]")


def is_missing(fields: Iterable[str]) -> bool:
    """Tell whether no column says in which ward a row lies, by name or by point.

    Examples
    --------
    >>> is_missing(["date", "place"]), is_missing(["date", "ward"]), is_missing(["longitude"])
    (True, False, True)
    """
    return not any(way <= set(fields) for way in _TELLING)


def named(texts: Iterable[str], around: Surroundings) -> str | None:
    """Give the one ward that texts name, folded; None for none or several.

    Parameters
    ----------
    texts
        Titles, the name of a sheet or of a file.
    around
        The wards there are.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "phuong dong tho", "ham rong"}))
    >>> named(["CÔNG AN PHƯỜNG ĐÔNG THỌ", "Sổ theo dõi tháng 12"], here)
    'dong tho'
    >>> named(["P. Đông Thọ và P. Hàm Rồng"], here) is None
    True
    >>> named(["CAP Đông Thọ", "Kính gửi: Công an phường Hàm Rồng"], here)
    'dong tho'
    """
    found: set[str] = set()
    for text in _without_addressees(texts):
        folded = fold(text)
        if fold_ward(text) in around.ward_names:
            found.add(fold_ward(text))
        for match in _BEFORE_A_NAME.finditer(folded):
            words = folded[match.end() :].split()[:MOST_WORDS]
            names = (" ".join(words[:n]) for n in range(len(words), 0, -1))
            found |= {next((name for name in names if name in around.ward_names), "")}
    found.discard("")
    return found.pop() if len(found) == 1 else None


def sources(texts: Iterable[str], around: Surroundings) -> dict[str, str]:
    """Give the wards that single texts name, each with the first text that does.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho"}))
    >>> sources(["SỔ THEO DÕI", "CAP Đông Thọ", "P. Đông Thọ"], here)
    {'dong tho': 'CAP Đông Thọ'}
    """
    found: dict[str, str] = {}
    for text in _without_addressees(texts):
        ward = named([text], around)
        if ward is not None:
            found.setdefault(ward, text)
    return found


def _without_addressees(texts: Iterable[str]) -> Iterator[str]:
    """Leave out whom a letter goes to, also where that is told in the next cells or lines.

    Examples
    --------
    >>> [*_without_addressees(["Kính gửi:", "- CAP Ba Đình", "- CAP Lam Sơn", "CAP Đông Thọ"])]
    ['CAP Đông Thọ']
    >>> [*_without_addressees(["Gửi CAP Ba Đình", "SỔ THEO DÕI", "Tổ 5 phường Ba Đình"])]
    ['SỔ THEO DÕI', 'Tổ 5 phường Ba Đình']
    """
    is_awaited = is_list = False
    for text in map(functools.partial(unicodedata.normalize, "NFC"), texts):
        found = _ADDRESSEE.search(text)
        if found is not None:
            is_list, is_awaited = True, not fold(found["rest"])
            if fold(text[: found.start()]):
                yield text[: found.start()]
        elif is_awaited or (is_list and _LISTED.match(text)):
            is_awaited = False
        else:
            is_list = False
            yield text


def of_units(units: Sequence[Cell], around: Surroundings) -> list[Cell]:
    """Give the ward that each row's unit is called after; None of a unit of the whole city."""
    known: Mapping[Cell, str | None] = {
        unit: named([str(unit)], around) for unit in set(units) if unit is not None
    }
    return [None if unit is None else known[unit] for unit in units]


def beside_units(wards: Sequence[Cell], units: Sequence[Cell], around: Surroundings) -> list[Cell]:
    """Give the ward of each row by titles and lines, and by the unit that the row itself names.

    What only one of them tells is the ward. Where they are called after two wards both are given,
    so that the row is refused and shows them: neither is sure.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "ham rong"}))
    >>> beside_units(["dong tho", None], ["CAP Đông Thọ", "CAP Hàm Rồng"], here)
    ['dong tho', 'ham rong']
    >>> beside_units(["dong tho", "dong tho"], ["Đội CSHS", "CAP Hàm Rồng"], here)
    ['dong tho', 'dong tho ≠ CAP Hàm Rồng']
    """
    different = set(units) - {None}
    told = {unit: ward for unit in different if (ward := named([str(unit)], around)) is not None}
    by_lines = set(wards)
    if len(by_lines) == 1 and by_lines.issuperset(told.values()):
        return list(wards)
    return [
        _one_of(ward, told[unit], unit) if unit in told else ward
        for ward, unit in zip(wards, units, strict=True)
    ]


def _one_of(ward: Cell, of_unit: str, unit: Cell) -> Cell:
    if ward is None or fold_ward(str(ward)) == fold_ward(of_unit):
        return of_unit
    return two_wards.both(ward, unit)
