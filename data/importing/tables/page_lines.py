"""Lines between the rows of a table: sums, what is carried over, page numbers, titles of tables.

A row of the table may begin with the same words. It is told by what else it says: a day, a ward, an
offence of its own, where a sum has figures at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeGuard

from data.folding import fold
from data.importing.files.cell import Cell

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
_SAID_OF_A_CASE = frozenset(
    {"thiet", "hai", "tien", "dong", "d", "vnd", "trieu", "nghin", "ty", "chuyen", "report",
     "reports", "hop"}
)  # fmt: skip
_NUMBERED_WORDS = _WORDS | frozenset(
    {"hop", "truoc", "cung", "do", "tieu", "don", "phat", "sinh", "ton", "lai", "nay", "voi",
     "cuoi"}
)  # fmt: skip
_FOR_A_NUMBER = re.compile(
    r"(?:tong|cong|tieu cong|luy ke|phat sinh|mang sang|chuyen|cung ky|trong do"
    r"|tu dau|so voi|(?:dau|cuoi) (?:ngay|tuan|thang|quy|ky|nam)"
    r"|(?:so )?(?:ngay|tuan|thang|quy|ky|nam|trang) (?:truoc|nay)"
    r"|sub ?totals?|sous total|totaux|totals?|grand total)\b"
)
_MARKS = "[\u0300-\u036f]*"
_MAY_BE_OF_SUM_ABOVE = re.compile(rf"\W*(?:tr|t[aă]{_MARKS}|gi|so|in|of|do)", re.IGNORECASE)
_OF_A_SUM_ABOVE = re.compile(
    r"trong do(?: .*)?|(?:tang|giam)(?: giam)?(?: (?:so voi|\d).*)?|so voi (?:thang|quy|nam|tuan"
    r"|ky|cung ky)\b.*|including|of which(?: .*)?|dont(?: .*)?"
)
_PLAN = re.compile(
    r"(?:(?:[ivx]{1,5}|\d{1,2}|[a-d]) )?"
    r"(?:(?P<alone>phuong huong|nhiem vu|du kien)|ke hoach|chuong trinh|lich)\b"
)
_OF_TIME = frozenset({"thang", "quy", "tuan", "nam", "toi", "tiep"})
_OF_A_PLAN = _OF_TIME | frozenset(
    word
    for line in (
        "sau theo ke cong tac nhiem vu trong tam va giai phap phuong huong du kien ke hoach",
        "tuan tra kiem soat truc ban phong chong toi pham dau cuoi cua don vi an phuong xa",
        "thoi gian trien khai thuc hien can dot ky i ii iii iv",
    )
    for word in line.split()
)
_SIGNS = frozenset({"∑", "Σ"})
_MAY_BE_SUM = re.compile(
    rf"\W*(?:t[oôổ]{_MARKS}[nt]|c[oôộ]{_MARKS}ng|l[uũ]{_MARKS}[yỹ]|sub|sous|grand)", re.IGNORECASE
)
"""How a sum begins, told quickly: a column may hold a million different texts."""
_MAY_STAND_FOR_A_NUMBER = re.compile(
    rf"{_MAY_BE_SUM.pattern}|\W*(?:mang|ch|tr|th|k[yỳ]|n[aăg]|t[uừ]|qu|c[uù]|ti|s[oố]|ph|[dđ]|∑|Σ)",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?:tong|cong|total|sous total|sub ?total)\b.*\b\d+ {_UNITS}")
_FIGURE = re.compile(rf"[\d\s]+{_UNITS}?")
_COUNT = re.compile(rf"\d{{1,4}}(?: {_UNITS})?")
_WHOLE = re.compile(rf"(?:\d{{1,3}}(?: \d{{3}})+|\d+)(?: {_UNITS})?")
MOST_COUNTED = 9_999
"""The largest number of rows that a sum tells; days of this age are larger ones."""
_PAGE = re.compile(r"(?:trang|page)(?: so)? \d+(?: (?:tren |of |sur |de )?\d+)?")
_TITLE = re.compile(
    r"(?:bang|bieu|bieu mau|mau|phu luc|danh sach|table|tableau|list|liste|annexe?|appendix)"
    r"(?: so| no?| num(?:ber|ero)?)? (?:\d{1,3}[a-h]?|[ivx]{1,5}|[a-h])"
)
_TITLE_END = re.compile(r"\s*[:.–—(-]\s*")
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


def is_title(text: str) -> bool:
    """Tell whether a text is the title of a numbered table.

    Examples
    --------
    >>> [is_title(text) for text in ("Bảng 2", "BẢNG SỐ 2: Quý II", "Table 2 (cont.)", "Bảng IV")]
    [True, True, True, True]
    >>> [is_title(text) for text in ("Bảng hiệu 2", "Bàn 2", "Bảng 2 chiếc", "Table 2nd floor")]
    [False, False, False, False]
    """
    begin, *rest = _TITLE_END.split(text, maxsplit=1)
    number = _TITLE.match(fold(begin))
    if number is None:
        return False
    behind = fold(begin)[number.end() :].strip()
    return not behind or (not rest and _PERIOD.fullmatch(behind) is not None)


def is_plan(text: str) -> bool:
    """Tell whether a text is the title of what is still to be done.

    Examples
    --------
    >>> all(map(is_plan, ("NHIỆM VỤ THÁNG 6", "II. Dự kiến công tác tháng 6", "Phương hướng")))
    True
    >>> any(map(is_plan, ("Kế hoạch 12/KH-CAT", "Thực hiện kế hoạch tháng 6", "Nhiệm vụ 3: trộm")))
    False
    """
    label = fold(text)
    plan = _PLAN.match(label)
    rest = [] if plan is None else label[plan.end() :].split()
    is_known = all(word in _OF_A_PLAN or word.isdigit() for word in rest)
    is_told = plan is not None and (plan.group("alone") is not None or _OF_TIME & set(rest))
    return bool(is_told) and is_known


def is_sum(text: str) -> bool:
    """Tell whether a text speaks of a sum, and of nothing else.

    Examples
    --------
    >>> [is_sum(text) for text in ("Cộng ngày 9/3/2025: 1 vụ", "Tổng cộng phường Ba Đình: 12 vụ")]
    [True, True]
    >>> [is_sum(text) for text in ("Cộng tác viên báo", "Tổng kiểm tra ngày 5/11", "Lũy kế trộm")]
    [False, False, False]
    """
    return _is_sum(fold(text))


def is_sum_beside(cell: Cell) -> bool:
    """Tell whether what stands beside a day says that its line is a sum: it says nothing else.

    What a case cost or what became of it may begin so too.

    Examples
    --------
    >>> [is_sum_beside(text) for text in ("Cộng", "Lũy kế từ đầu năm", "Tổng số 3 vụ")]
    [True, True, True]
    >>> cells = ("Cộng Hòa", "Tổ tổng hợp", "Tổng thiệt hại 3 triệu", "Chuyển sang", 3.0, None)
    >>> any(map(is_sum_beside, cells))
    False
    """
    if not isinstance(cell, str) or _MAY_BE_SUM.match(cell) is None:
        return False
    text = fold(cell)
    return _is_sum(text) and _SAID_OF_A_CASE.isdisjoint(text.split())


def is_sum_for_a_number(cell: Cell) -> bool:
    """Tell whether what stands where a row has its number says that its line is a sum.

    Examples
    --------
    >>> cells = ("Cộng đến", "Tổng hợp", "Tháng trước", "Chuyển sang", "Từ đầu năm", "Cùng kỳ 2023")
    >>> all(map(is_sum_for_a_number, cells))
    True
    >>> any(map(is_sum_for_a_number, ("TH-12", "Tháng 3/12", "TT 5", "12", 12.0)))
    False
    """
    if not isinstance(cell, str) or _MAY_STAND_FOR_A_NUMBER.match(cell) is None:
        return False
    if cell.strip(" :") in _SIGNS:
        return True
    text = fold(cell)
    is_begun = _FOR_A_NUMBER.match(text) is not None
    return is_begun and all(word in _NUMBERED_WORDS or word.isdigit() for word in text.split())


def is_of_a_sum_above(text: str) -> bool:
    """Tell whether a text breaks a sum up, or holds it against another: it tells no case.

    Examples
    --------
    >>> texts = ("Trong đó: Trộm cắp tài sản", "Tăng so với tháng trước", "Giảm", "Giảm 2 vụ (10%)")
    >>> all(map(is_of_a_sum_above, texts))
    True
    >>> any(map(is_of_a_sum_above, ("Trong đồn", "Tăng Bạt Hổ", "Giảm tốc độ đột ngột", "Cộng")))
    False
    """
    return _MAY_BE_OF_SUM_ABOVE.match(text) is not None and (
        _OF_A_SUM_ABOVE.fullmatch(fold(text)) is not None
    )


def is_between(row: Sequence[Cell], *, taken: Sequence[int], own: Sequence[int]) -> bool:
    """Tell whether a row only sums up, carries over, or tells the page, the month or the table.

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
    if _PAGE.fullmatch(text) or is_period(cell) or is_title(cell):
        return all(other is None for other in row[first + 1 :])
    others = (row[i] for i in taken if i != first and i < len(row))
    return _is_sum(text) and all(other is None or _is_figure(other) for other in others)


def is_total(row: Sequence[Cell], *, own: Sequence[int]) -> bool:
    """Tell whether a row says nothing but a sum's words and whole numbers, in any order.

    Parameters
    ----------
    row
        Cells.
    own
        Columns of the days; what stands there may count rows, and is no day.

    Examples
    --------
    >>> rows = [[None, "Tổng cộng", 17.0, None], [22.0, "Tổng số:", "17 vụ", 3e6],
    ...         [None, "Tổng cộng", 45724.0, None], [1.0, "Cộng", None, "Đánh bạc"]]
    >>> [is_total(row, own=[2]) for row in rows]
    [True, True, False, False]
    """
    if not all(i >= len(row) or may_be_of_total(row[i]) for i in own):
        return False
    words = []
    for cell in row:
        if isinstance(cell, str):
            folded = fold(cell)
            if not _WHOLE.fullmatch(folded):
                words.append(folded)
        elif not (cell is None or _is_whole(cell)):
            return False
    return any(map(_is_sum, words)) and all(
        _is_sum(text) or _WORDS.issuperset(text.split()) for text in words
    )


def is_count(cell: Cell) -> bool:
    """Tell whether a cell is a whole number too small for a spreadsheet's day.

    Examples
    --------
    >>> [is_count(cell) for cell in (17.0, 45724.0, 0.5, "17", None)]
    [True, False, False, False, False]
    """
    return _is_whole(cell) and abs(cell) <= MOST_COUNTED


def may_be_of_total(cell: Cell) -> bool:
    """Tell whether what stands in a column of days may be a count, or a sum's words.

    Examples
    --------
    >>> [may_be_of_total(cell) for cell in ("17 vụ", "Tổng cộng", None, 45724.0, "8/3/2025")]
    [True, True, True, False, False]
    """
    if isinstance(cell, str):
        return not _has_figure(cell) or _COUNT.fullmatch(fold(cell)) is not None
    return cell is None or is_count(cell)


def _has_figure(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_whole(cell: Cell) -> TypeGuard[int | float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer()


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
