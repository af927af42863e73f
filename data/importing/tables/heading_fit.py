"""Whether rows that stand under one line of headings can be read under another.

They can where no column means another thing: neither another field, nor another unit, currency or
order of day and month, nor another day in the life of a case (*Ngày xảy ra*, *Ngày phát hiện*).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables.case_life import LATER
from data.importing.tables.headings import is_personal, recognise, unique_headings
from data.importing.tables.key_fields import keys
from data.importing.values import money
from data.importing.values.conventions import MONEY_FIELDS, NUMBER_FIELDS, order_in

_BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
_MEASURED = frozenset({"longitude", "latitude", "x_north", "y_east", "position"}) | (
    NUMBER_FIELDS - MONEY_FIELDS
)


def fit(headings: Sequence[str], others: Sequence[str], layer: str) -> bool:
    """Tell whether rows under other headings can be read under these.

    Parameters
    ----------
    headings, others
        Unique headings, one a column.
    layer
        What the file is to become.

    Examples
    --------
    >>> fit(["Ngày", "Phường"], ["Date", "", "Giờ"], "incidents")
    True
    >>> fit(["Ngày", "Phường", "Giờ"], ["Ngày", "Giờ", "Phường"], "incidents")
    False
    >>> fit(["Ngày", "Thiệt hại (triệu đồng)"], ["Ngày", "Thiệt hại (nghìn đồng)"], "incidents")
    False
    >>> fit(["Ngày xảy ra", "Phường"], ["Ngày tiếp nhận", "Phường"], "incidents")
    False
    """
    mine, theirs = (_fields(each, layer) for each in (headings, others))
    if not key_columns(mine, layer) & key_columns(theirs, layer):
        return False
    for i, (heading, other) in enumerate(zip(headings, others, strict=False)):
        if not heading or not other or fold(heading) == fold(other):
            continue
        if is_personal(heading, layer=layer) or is_personal(other, layer=layer):
            return False
        here, there = mine.get(i, frozenset()), theirs.get(i, frozenset())
        if (here or there) and not (here & there and _are_told_alike(heading, other, here)):
            return False
    return _stand_alike(
        {fold(h): i for i, h in enumerate(headings) if h},
        {fold(h): i for i, h in enumerate(others) if h},
    ) and _stand_alike(_places(mine), _places(theirs))


def are_said_again(headings: Sequence[str], row: Sequence[Cell]) -> bool:
    """Tell whether a line says nothing but some of these headings, each where it stands.

    Examples
    --------
    >>> [are_said_again(["Ngày", "Phường"], row) for row in (["NGÀY"], ["Phường", "Ngày"])]
    [True, False]
    """
    named = unique_headings(row)
    return all(
        not name or (i < len(headings) and fold(name) == fold(headings[i]))
        for i, name in enumerate(named)
    )


def fields_of(row: Sequence[Cell], layer: str) -> dict[int, set[str]]:
    """Give what the cells of a line can mean as headings, by column."""
    texts = [cell if isinstance(cell, str) else "" for cell in row]
    return {i: set(fields) for i, fields in _fields(texts, layer).items()}


def _fields(headings: Sequence[str], layer: str) -> dict[int, frozenset[str]]:
    found = {
        i: frozenset(each.field for each in recognise(heading, layer)[0])
        for i, heading in enumerate(headings)
        if heading
    }
    return {i: fields for i, fields in found.items() if fields}


def key_columns(fields: Mapping[int, Collection[str]], layer: str) -> set[int]:
    """Give the columns in which every row of a layer has something.

    Examples
    --------
    >>> key_columns({0: {"place"}, 1: {"date", "date_reported"}}, "incidents")
    {1}
    """
    return {i for i, each in fields.items() if not keys(layer).isdisjoint(each)}


def _places(fields: Mapping[int, frozenset[str]]) -> dict[str, int]:
    """Give the column of each field that one column alone may stand for, and nothing else."""
    alone = [(next(iter(each)), i) for i, each in fields.items() if len(each) == 1]
    names = [name for name, _ in alone]
    return {name: i for name, i in alone if names.count(name) == 1}


def _stand_alike(here: Mapping[str, int], there: Mapping[str, int]) -> bool:
    """Tell whether nothing stands in another column: it would mean either."""
    return all(there[name] == place for name, place in here.items() if name in there)


def _are_told_alike(heading: str, other: str, fields: frozenset[str]) -> bool:
    """Tell whether two headings of a field want their cells read in the same way."""
    if fields & _MEASURED and _in_brackets(heading) != _in_brackets(other):
        return False
    mine, theirs = map(fold, (heading, other))
    return (
        money.heading_multiple(heading) == money.heading_multiple(other)
        and money.currencies_of(heading) == money.currencies_of(other)
        and order_in(heading) == order_in(other)
        and set(LATER.findall(mine)) == set(LATER.findall(theirs))
    )


def _in_brackets(heading: str) -> str:
    return " ".join(map(fold, _BRACKETS.findall(heading)))
