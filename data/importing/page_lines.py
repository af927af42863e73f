"""Lines that printing puts between the rows of a table: sums, what is carried over, page numbers.

A row of the table may begin with the same words. It is told by what else it says: a day, a ward, an
offence of its own, where a sum has figures at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.records import Cell

_UNITS = (
    r"(?:vu|vu viec|vu an|tin|tin bao|truong hop|camera|diem|dong|d|vnd|nghin dong|trieu dong|trieu"
    r"|rows|cases|incidents|lignes|cas|faits)"
)
_SUM = re.compile(
    r"(?:tong|cong|luy ke|trang truoc mang sang|trang truoc chuyen sang|mang sang|chuyen sang"
    r"|so trang truoc|so mang sang|sub ?totals?|sous totaux|sous total|totaux|totals?|grand total"
    r"|page total|reports?|a reporter|carried (?:forward|over)|brought forward)\b"
)
_WORDS = frozenset(
    word
    for line in (
        "tong cong so luy ke trang truoc sau nay mang sang chuyen don ket qua thang tuan quy nam",
        "ngay ky tu dau den het trong toan ca bo cua vu viec an tin bao truong hop camera diem",
        "dong d vnd nghin trieu ty thiet hai tien la co gom bang chu i ii iii iv",
        "sub subtotal subtotals sous total totals totaux grand page pages month week quarter year",
        "of the for this to from and cases rows incidents carried brought forward over damage",
        "report reports reporter a de du des la le l general generale mois semaine trimestre annee",
        "cas faits lignes janvier fevrier mars avril mai juin juillet aout septembre octobre",
        "novembre decembre january february march april may june july august september october",
        "november december",
    )
    for word in line.split()
)
_COUNTED = re.compile(rf"(?:tong|cong|total|sous total|sub ?total)\b.*\b\d+ {_UNITS}")
_FIGURE = re.compile(rf"[\d\s]+{_UNITS}?")
_PAGE = re.compile(r"(?:trang|page)(?: so)? \d+(?: (?:tren |of |sur |de )?\d+)?")
_PERIOD = re.compile(
    r"(?:[ivx\d]+ )?(?:(?:thang|tuan|quy|nam|month|week|quarter|year|mois|semaine|trimestre|annee)"
    r" (?:\d{1,4}|i{1,3}|iv)(?: |$))+(?:20\d\d)?"
)


def is_period(label: str) -> bool:
    """Tell whether a text names a month, a week or a year, and nothing else.

    Examples
    --------
    >>> [is_period(text) for text in ("THÁNG 3 NĂM 2025", "II. Quý IV/2024", "Tháng 3: 5 vụ")]
    [True, True, False]
    """
    return _PERIOD.fullmatch(fold(label)) is not None


def is_between(row: Sequence[Cell], *, taken: Sequence[int], own: Sequence[int]) -> bool:
    """Tell whether a row only sums up, carries over, or tells the page or the month.

    Parameters
    ----------
    row
        Cells, one at least filled.
    taken
        Columns that are mapped.
    own
        Of these the ones that every row of the table has: its day, its id.

    Examples
    --------
    >>> rows = (["Cộng tháng 12: 3 vụ", None, None, 3e6], ["Cộng trang", "8/3/2025", "Đông Thọ", 1])
    >>> [is_between(row, taken=range(4), own=[1]) for row in rows]
    [True, False]
    """
    first, cell = next((i, cell) for i, cell in enumerate(row) if cell is not None)
    if not isinstance(cell, str):
        return False
    if any(i != first and i < len(row) and row[i] is not None for i in own):
        return False
    text = fold(cell)
    if _PAGE.fullmatch(text) or is_period(cell):
        return all(other is None for other in row[first + 1 :])
    others = (row[i] for i in taken if i != first and i < len(row))
    return _is_sum(text) and all(other is None or _is_figure(other) for other in others)


def _is_sum(text: str) -> bool:
    """Tell whether a folded text speaks of a sum, and of nothing else.

    Examples
    --------
    >>> [_is_sum(text) for text in ("cong mang sang", "tong thang 11", "sous total", "cong hoa")]
    [True, True, True, False]
    """
    if not _SUM.match(text):
        return False
    is_known = all(word in _WORDS or word.isdigit() for word in text.split())
    return is_known or _COUNTED.fullmatch(text) is not None


def _is_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _FIGURE.fullmatch(fold(cell)) is not None
    return isinstance(cell, int | float)
