"""Years that titles and lines between the rows tell, for days that are written without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from data.folding import fold
from data.importing.files.cell import Cell

_CLEAR = re.compile(
    r"\b(?:nam|year|annee) ?(20\d\d)\b|\bt?(?:0?[1-9]|1[0-2]) (20\d\d)\b"
    r"|\bquy (?:[1-4]|i{1,3}|iv) (20\d\d)\b|^(20\d\d)$"
)
_ANY = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_RANGE = re.compile(r"(?<!\d)20\d\d ?[-–] ?20\d\d(?!\d)")
_COMPARED = re.compile(r"\(?\s*so với[^)]*20\d\d\s*\)?", re.IGNORECASE)
_OF_A_PLAN = re.compile(
    r"\b(?:ke hoach|quyet dinh|nghi quyet|chi thi|ket luan|de an|thong tu|qd|kh|nq|tt)\b"
)
_OF_A_SUM = re.compile(r"^(?:tong|cong|luy ke|total)\b")
_DAY = re.compile(r"\s*\d{1,2}\s*([-/.])\s*\d{1,2}\s*")


def told(text: str) -> set[int]:
    """Give the years that a title tells of its rows; those of plans and comparisons do not count.

    Examples
    --------
    >>> told("THÁNG 12/2024"), told("NĂM 2024-2025") == {2024, 2025}, told("Theo Kế hoạch năm 2023")
    ({2024}, True, set())
    >>> told("T1/2025"), told("THÁNG 01 NĂM 2025 (so với năm 2024)"), told("Từ 01/12/2024")
    ({2025}, {2025}, {2024})
    """
    text = without_compared(text)
    folded = fold(text)
    if is_of_a_plan(folded):
        return set()
    found = {int(year) for match in _CLEAR.findall(folded) for year in match if year}
    for both in _RANGE.findall(text):
        found |= {int(year) for year in _ANY.findall(both)}
    return found


def without_compared(text: str) -> str:
    """Leave out what a title compares its rows with: *so với năm 2024*."""
    return _COMPARED.sub(" ", text)


def is_of_a_plan(folded: str) -> bool:
    """Tell whether a folded title speaks of a plan or a decision, whose year is its own."""
    return _OF_A_PLAN.search(folded) is not None


def changes(
    own_titles: Iterable[str],
    titles: Iterable[str],
    lines: Mapping[int, str],
    *,
    start: int,
) -> list[tuple[int, int | None]]:
    """Tell from which place on days have which year.

    Parameters
    ----------
    own_titles, titles
        What stands right above the headings; all that stands above them.
    lines
        What lines between the rows say, by place.
    start
        The last row of the headings.

    Examples
    --------
    >>> changes([], ["SỔ NĂM 2024"], {5: "Cộng: 3 vụ", 9: "THÁNG 01/2025 (2 vụ)"}, start=1)
    [(1, 2024), (9, 2025)]
    >>> changes([], ["SỔ NĂM 2024"], {5: "Chuyển từ 2023, 2022"}, start=1)
    [(1, 2024), (5, None)]
    """
    years: set[int] = set().union(*map(told, own_titles)) or set().union(*map(told, titles))
    found: list[tuple[int, int | None]] = [(start, years.pop() if len(years) == 1 else None)]
    for place, text in sorted(lines.items()):
        if _OF_A_SUM.match(fold(text)):
            continue
        clear, said = told(text), {int(year) for year in _ANY.findall(without_compared(text))}
        if said:
            year = clear.pop() if len(clear) == 1 and len(said) == 1 else None
            if year != found[-1][1] and said != {found[-1][1]}:
                found.append((place, year))
    return found


def only(
    parts: Sequence[tuple[Sequence[int], Sequence[tuple[int, int | None]]]],
) -> tuple[bool, int | None]:
    """Tell whether all rows of all tables have one year, or none, and which.

    Parameters
    ----------
    parts
        Of each table its rows, and what :func:`changes` gave.

    Examples
    --------
    >>> only([([2, 3], [(1, 2024)]), ([5], [(4, 2024), (9, 2025)])])
    (True, 2024)
    >>> only([([2, 12], [(1, 2024), (9, 2025)])])
    (False, None)
    """
    years: set[int | None] = set()
    for places, told_from in parts:
        if not places:
            continue
        stops = [*(place for place, _ in told_from[1:]), places[-1] + 1]
        for (start, year), stop in zip(told_from, stops, strict=True):
            if places[0] < stop and start < places[-1] and start < stop:
                years.add(year)
    return (True, years.pop()) if len(years) == 1 else (not years, None)


def written(
    cells: Sequence[Cell], places: Sequence[int], told_from: Sequence[tuple[int, int | None]]
) -> tuple[list[Cell], int]:
    """Write the year behind days without one, where it is sure; and tell behind how many.

    Examples
    --------
    >>> written(["5/12", "3/1", "4/1/2025"], [2, 10, 11], [(1, 2024), (9, 2025)])
    (['5/12/2024', '3/1/2025', '4/1/2025'], 2)
    """
    found: list[Cell] = []
    n = 0
    starts = iter([*told_from, (max(places, default=0) + 1, None)])
    year: int | None = None
    start, following = next(starts)
    for cell, place in zip(cells, places, strict=True):
        while start < place:
            year = following
            start, following = next(starts)
        day = _DAY.fullmatch(cell) if isinstance(cell, str) and year is not None else None
        found.append(cell if day is None else f"{str(cell).strip()}{day[1]}{year}")
        n += day is not None
    return found, n
