"""Rows of a list that stand in one cell: told from titles, sums and footers, which do too.

A line with other separators than its file, a line in quotation marks as a whole, a row or a
sentence typed into the first column leave every other column blank. A line that tells a day or an
hour is such a row, unless it is one of the titles that do: a period, the day of signing, a page,
the time of printing, *Ngày 3/11*. A title in capitals, a note, a day alone, or a short heading that
ends in a day may be either: it is no row, and is named. So is a line without a day that tells an
offence and more than the title of a section does: where, what it cost, that it is a supplement.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto
from typing import Literal, TypeAlias

from data import offences
from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables import page_lines
from data.importing.tables.merged import COUNTED
from data.importing.tables.offence_sections import offence_in

NoOffence: TypeAlias = Literal["a_count", "of_a_sum", "several_cases"]
"""Why a row is refused whose offence is not that of one case."""


class Kind(Enum):
    """What a line of one cell is."""

    ROW = auto()
    """It holds a whole row of a list, or a part of one."""
    DATED_TITLE = auto()
    """A title or a note that tells a day or a case; perhaps a row nevertheless."""
    TITLE = auto()
    """Anything else."""


_SEPARATORS = (";", "\t", "|", ",")
_FEWEST_PARTS = 3
_DAY = r"\d{1,2}[-/.]\d{1,2}(?:[-/.](?:\d\d){1,2})?|\d{4}-\d\d?-\d\d?"
_HOUR = r"\d{1,2}\s*(?:h|g|giờ|gio|:)\s*(?:\d\d)?"
_ANY_DAY = (
    rf"(?:\d{{4}}/\d\d?/\d\d?|\d\d?\s*[-–]\s*\d\d?/\d\d?/(?:\d\d){{1,2}}|{_DAY}"
    r"|\d\d?\s+tháng\s+\d\d?\s+năm\s+\d{4}|\d\d?\s+[^\W\d_]{3,9}\.?\s+\d{4})"
)
_WHEN = re.compile(
    rf"[\s\"']*(?:{_HOUR}\s*,?\s*)?(?:ngày|ngay)?\s*{_ANY_DAY}[\s\"']*(?:{_HOUR}.*)?", re.I
)
_OF_A_SUM = re.compile(r"(?:tong|cong|luy ke|total)\b")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fév|fev|avr|mai|juin|juil|août|aout|déc"
_MUNG = r"(?:mùng|mồng|mung|mong)"
_TOLD_DAY = re.compile(
    r"(?<![\w/.-])(?:0[1-9]\.(?:0?[1-9]|1[0-2])|(?:[12]\d|3[01])\.0[1-9]|[1-9]\.0[1-9])(?![\w./-])"
    rf"|(?<!\w){_MUNG}\s+(?:\d{{1,2}}(?!\d)|(?:một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)(?!\w))"
    r"|(?<![\w/.-])(?:\d{1,2}\s*/\s*\d{1,2}(?:\s*/\s*(?:\d\d){1,2})?"
    r"|\d{1,2}[-.]\d{1,2}[-.](?:\d\d){1,2}"
    r"|\d{4}[-/.]\d\d?[-/.]\d\d?)(?![\w/-]|\.\d)"
    r"|(?<!\w)\d{1,2}\s+(?:tháng|thang)\s+\d{1,2}(?!\d)|(?<!\w)(?:ngày|ngay)\s+\d{1,2}(?!\d)"
    rf"|(?<!\w)\d{{1,2}}(?:st|nd|rd|th|er)?\s+(?:{_MONTHS})[^\W\d_]*\.?(?!\w)",
    re.IGNORECASE,
)
_PERHAPS_DAY = re.compile(
    r"\s*(?:(?:[12]\d|3[01])\.(?:[1-9]|1[0-2])|[1-9]\.1[0-2])(?![\w./-]|\s*\))"
)
"""A day without a year or a nought, where the numbers of sections stand too."""
_TOLD_HOUR = re.compile(
    r"(?<![\w/.,])\d{1,2}\s*(?:(?:h|g)(?:\s?\d\d)?(?!\w)|(?:giờ|gio)(?!\w)|:\d\d(?![\d:]))", re.I
)
_SPAN = re.compile(
    rf"(?:từ|tu|from|du)\s+(?:(?:ngày|ngay)\s+)?(?:{_ANY_DAY}|\d{{1,2}}),?\s+"
    rf"(?:đến|den|tới|toi|to|au)\s+(?:hết\s+|het\s+)?(?:(?:ngày|ngay)\s+)?{_ANY_DAY}",
    re.IGNORECASE,
)
_OF_A_PERIOD = frozenset(
    {
        "tuan", "thang", "quy", "ky", "thoi", "gian", "giai", "doan", "trong", "period", "week",
        "month", "semaine", "periode",
        "ca", "truc", "dot",
    }
)  # fmt: skip
"""Words of titles that name a part of a ledger: a week, a shift."""
_PLAIN = re.compile(
    r"(?:trang|page)\b(?: so)? \d+(?: (?:tren |of |sur |de )?\d+)?"
    r"|(?:[ivxlc]+ |\d+ )?(?:(?:thu \w+|chu nhat|cn) )?(?:ngay|le|date) \d+ \d+(?: \d+)?"
    r"(?: \d+ (?:vu|tin|cas|cases?))?"
    r"|ngay \d+ thang \d+(?: nam \d+)?"
)
_SIGNED_IN_WORDS = re.compile(r"(?:[a-z]+ ){1,4}ngay \d+ thang \d+(?: nam \d+)?")
_PRINTED = re.compile(
    r"(?:(?:trang|page)\b(?: so)? \d+.*?)?\b"
    r"(?:in luc|in ngay|ngay in|gio in|xuat luc|ngay xuat|cap nhat|printed|imprime|edite)\b"
)
_NOTE = re.compile(
    r"(?:ghi chu|luu y|chu thich|nguon|so lieu|tinh den|danh sach|bang|bieu|bao cao|thong ke"
    r"|phu luc|tong hop|kem theo|mau so|so theo doi|nguoi|lap|notes?|source|as of|liste?|report"
    r"|annexe?)\b"
    r"|.*\b(?:so lieu|tinh den)\b"
)
_OF_THE_FIGURES = re.compile(r"so lieu|tinh den|thoi diem|chot|bao cao (?:luc|den)")
_OF_A_REPORT = re.compile(r"(?:ghi chu )?bao cao\b")
_REPORTED = frozenset(
    word
    for line in (
        "ghi chu luu y chu thich nguon so lieu duoc lay chot tinh tu den het vao thoi diem bao cao",
        "thong ke tong hop cap nhat cua trong ky nay la theo cac vu viec cong an phuong xa",
        "thanh pho tinh nhu tren ve trang he ca cong don vi",
    )
    for word in line.split()
)
"""Words with which a line tells until when its table counts, and of no case."""
_ENDS_IN_A_DAY = re.compile(rf".*[-–(:]\s*(?:ngày\s+|ngay\s+)?(?:{_DAY})\s*\)?", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(?:[IVXLC]{1,5}|\d{1,3})\s*[.)/:-]")
_OF_A_PLACE = re.compile(
    r"(?<!\w)(?:tại|ở|phường|xã|đường|ngõ|số nhà|chợ|at|rue)(?!\w)", re.IGNORECASE
)
_SIGNED = re.compile(rf"[^,;\d]{{2,40}},\s*(?:ngày|ngay)\s+(?:{_DAY})\s*", re.IGNORECASE)
_FILLERS = frozenset(
    {
        "ngay", "thang", "nam", "thu", "hai", "ba", "tu", "sau", "bay", "chu", "nhat", "cn", "sang",
        "trua", "chieu", "toi", "dem", "rang", "den", "luc", "khoang", "h", "g", "gio", "phut",
        "le",
    }
)  # fmt: skip
"""Words with which a text tells nothing but a day or an hour."""
_OF_PRINTING = _FILLERS | {
    "trang", "page", "so", "of", "sur", "de", "in", "xuat", "cap", "nhat", "printed", "imprime",
    "edite", "on", "at", "a", "am", "pm", "moi", "lan", "cuoi", "tinh",
}  # fmt: skip
_EVENT = re.compile(
    r"(?<!\w)(?:trộm|cướp|mất (?:xe|tiền|tài sản|điện thoại|cắp|ví)|móc túi|đột nhập|phá khóa"
    r"|phá khoá|hành hung|đánh nhau|đánh người|theft|stolen|robbery|burglary|assault|fight|vol"
    r"|cambriolage|agression)(?!\w)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?<!\w)(?:bổ sung|bo sung|còn (?:thiếu|sót|\d+ vụ)|chưa (?:vào sổ|ghi)|(?:không|ko|k|chưa) rõ"
    r"|thiệt hại|trị giá|thiet hai|tri gia|hôm (?:qua|nay|kia|trước)|hom (?:qua|nay)|đêm qua"
    r"|sáng nay|chiều qua|tối qua|last night|yesterday|hier|supplement|added)(?!\w)",
    re.IGNORECASE,
)
"""What a line says of a case, and the title of a section does not."""
_COUNTED = re.compile(r".*\d\s*(?:vụ|vu|tin|cases?|cas|faits?)\s*[.)]*\s*", re.IGNORECASE)
_OF_A_CASE = re.compile(r"\s*(?:vụ|vu|case|cas)\s*(?:số\s*|so\s*)?\d+", re.IGNORECASE)
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v"})
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 8
_DIGIT = re.compile(r"\d")
_LISTED = re.compile(
    r"\s*1\s*[.)]\s*[^\W\d_][^\n;]*?[\n;,\s]\s*2\s*[.)]\s*[^\W\d_]"
    r"|\s*a\s*[.)]\s*[^\W\d_][^\n;]*?[\n;]\s*b\s*[.)]\s*[^\W\d_]"
    r"|\s*[-+•*–]\s*[^\W\d_][^\n]*\n\s*[-+•*–]\s*[^\W\d_]",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:[-–→,;]|\b(?:đến|den|tới|toi|to|au))\s*$", re.IGNORECASE)
_LED_ON = re.compile(
    r"\s*(?:[-–→]|(?:đến|den|tới|toi|to|au|lúc|luc|hồi|hoi)\b|\d\d?\s*(?:h|g|:))", re.I
)


def is_crowded(row: Sequence[Cell]) -> bool:
    """Tell whether the one filled cell of a line holds a whole row of a list.

    Examples
    --------
    >>> rows = ("3,05/11/2024,Đánh bạc,Ba Đình", "7/ ngày 8/11/2024 trộm cắp tài sản tại chợ Nam",
    ...         "04/11/2024 đánh bạc ở Ba Đình", "Vụ 3: ngày 05/11/2024, trộm cắp, Ba Đình",
    ...         "Bổ sung: 05/11/2024 trộm xe", "Sáng 05/11 mất trộm xe", "3. 05/11/2024 Trộm cắp",
    ...         "Khoảng 22h30 mất xe máy tại chợ", "3;22h15 ngày 05/11/2024;Đánh bạc;Ba Đình",
    ...         "4|5 Nov 2024|Đánh bạc", "Từ 12/10 đến 15/10/2024 mất trộm nhiều lần ở Ba Đình")
    >>> all(is_crowded([row, None]) for row in rows)
    True
    >>> titles = ("Thanh Hoá, ngày 30 tháng 11 năm 2024", "2. Trộm cắp tài sản - ngày 3/11",
    ...           "Ngày 03/11/2024", "Trang 2/3", "Từ ngày 1/11/2024, đến ngày 30/11/2024",
    ...           "I. ĐÔNG THỌ (từ 01/03/2025 đến 31/03/2025)", "II. Phường Ba Đình: 12 vụ",
    ...           "Tuần 3: 15/11 - 21/11/2024", "Ca đêm 22h - 06h")
    >>> any(is_crowded([title]) for title in titles)
    False
    """
    return kind_of(row) is Kind.ROW


def kind_of(row: Sequence[Cell]) -> Kind:
    """Tell what a line is that is nothing but one text.

    Examples
    --------
    >>> [kind_of([text]).name for text in ("Vụ 3: ngày 05/11/2024", "BÁO CÁO NGÀY 05/11/2024",
    ...                                    "Tháng 11", "Ngày 05/11/2024", "2. Đánh bạc - 3/11")]
    ['ROW', 'DATED_TITLE', 'TITLE', 'TITLE', 'DATED_TITLE']
    """
    filled = [cell for cell in row if cell is not None]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return Kind.TITLE
    text = filled[0]
    if any(_is_listed(text, each) for each in _SEPARATORS):
        return Kind.ROW
    if not _tells_when(text):
        return Kind.DATED_TITLE if _may_be_case(text) else Kind.TITLE
    if _is_plain(text):
        return Kind.TITLE
    if _OF_A_CASE.match(text):
        return Kind.ROW
    return Kind.DATED_TITLE if _may_be_title(text) else Kind.ROW


@functools.lru_cache(maxsize=4096)
def tells_event(text: str) -> bool:
    """Tell whether a text says that something happened: an offence, a loss.

    Examples
    --------
    >>> [tells_event(text) for text in ("Trộm xe ngày 5/11", "mất xe đạp", "Stolen bicycle")]
    [True, True, True]
    >>> [tells_event(text) for text in ("Thanh Hoá, ngày 5 tháng 11", "Phường Ba Đình")]
    [False, False]
    """
    plain = unicodedata.normalize("NFC", text)
    return _EVENT.search(plain) is not None or offences.classify(text) != offences.UNCLASSIFIED


def tells_case(text: str) -> bool:
    """Tell whether a text says that something happened, or what is said of a case alone.

    Examples
    --------
    >>> [tells_case(text) for text in ("Trộm xe", "chưa rõ", "Bổ sung:", "Thiếu tá Trần B")]
    [True, True, True, False]
    """
    return tells_event(text) or _MORE.search(unicodedata.normalize("NFC", text)) is not None


def lists_several(text: str) -> bool:
    r"""Tell whether a cell numbers several places or offences.

    Examples
    --------
    >>> [lists_several(text) for text in ("1. Lê Lợi\n2. Trần Phú", "- Lê Lợi\n- Trần Phú")]
    [True, True]
    >>> [lists_several(text) for text in ("1/2 Lê Lợi", "1. Lê Lợi", "Lê Lợi\nphường Ba Đình")]
    [False, False, False]
    """
    return _LISTED.match(text) is not None


def why_no_offence(text: str) -> NoOffence | None:
    r"""Tell why words in the place of an offence are none of one case; None where they may be.

    Examples
    --------
    >>> [why_no_offence(text) for text in ("2 TNGT", "02 vụ", "Trong đó: Trộm cắp", "2. Trộm cắp")]
    ['a_count', 'a_count', 'of_a_sum', None]
    >>> why_no_offence("1. Trộm cắp\n2. Đánh bạc"), why_no_offence("Trộm 2 xe máy")
    ('several_cases', None)
    """
    if COUNTED.fullmatch(text) or offences.counts_cases(text):
        return "a_count"
    if page_lines.is_of_a_sum_above(text):
        return "of_a_sum"
    return "several_cases" if lists_several(text) else None


def are_told_in_pairs(days: str, others: str) -> bool:
    r"""Tell whether two cells have as many lines, at least two, each with a day in the one.

    Examples
    --------
    >>> are_told_in_pairs("22/3/2024\n23/3/2024", "Lê Lợi\nTrần Phú")
    True
    >>> are_told_in_pairs("22/3/2024 -\n23/3/2024", "Lê Lợi,\nBa Đình")
    False
    >>> are_told_in_pairs("22/3/2024\n23/3/2024", "Lê Lợi")
    False
    """
    first, *rest = (line for line in days.splitlines() if line.strip())
    is_span = _GOES_ON.search(first) or any(map(_LED_ON.match, rest))
    if not rest or is_span or not all(map(_DIGIT.search, (first, *rest))):
        return False
    return sum(bool(line.strip()) for line in others.splitlines()) == 1 + len(rest)


def is_of_report(text: str) -> bool:
    """Tell whether a line says until when the table above it counts, or whose report it is.

    Below the rows of a table it tells nothing of them; above rows *Báo cáo ngày 5/11* may.

    Examples
    --------
    >>> lines = ("Ghi chú: số liệu tính đến hết ngày 31/03/2024", "Báo cáo ngày 31/03/2024")
    >>> all(map(is_of_report, lines))
    True
    >>> is_of_report("Ghi chú: số liệu chưa có vụ trộm ngày 31/03/2024")
    False
    """
    folded = fold(text)
    is_told = _OF_THE_FIGURES.search(folded) or _OF_A_REPORT.match(folded)
    words = frozenset(_WORD.findall(folded))
    return bool(is_told) and words <= _REPORTED | _FILLERS and not tells_event(text)


def _tells_when(text: str) -> bool:
    return _TOLD_DAY.search(text) is not None or _TOLD_HOUR.search(text) is not None


def _may_be_case(text: str) -> bool:
    """Tell whether a text without a day tells a case, and more than the title of a section."""
    number = _OF_A_CASE.match(text)
    if number is not None and len(_WORD.findall(text[number.end() :])) > 1:
        return True
    if not tells_event(text) or page_lines.is_sum(text):
        return False
    if _PERHAPS_DAY.match(text) or _MORE.search(unicodedata.normalize("NFC", text)):
        return True
    is_section = _NUMBER.match(text) is not None and _COUNTED.fullmatch(text) is not None
    return not is_section and _OF_A_PLACE.search(text) is not None


def _is_plain(text: str) -> bool:
    """Tell whether a text is a sum, a page, a day alone, the day of signing, or a period."""
    folded = fold(text)
    rest = _SPAN.sub(" ", text)
    if page_lines.is_sum(text):
        return not tells_event(text) or not _tells_when(rest)
    if _PLAIN.fullmatch(folded) or (_OF_THE_FIGURES.search(folded) and is_of_report(text)):
        return True
    if _SIGNED_IN_WORDS.fullmatch(folded):
        return "," in text and not tells_event(text)
    words = frozenset(_WORD.findall(folded)) - _ROMAN
    is_printed = _PRINTED.match(folded) is not None and words <= _OF_PRINTING
    if is_printed or (words & _OF_A_PERIOD and words <= _OF_A_PERIOD | _FILLERS):
        return True
    if rest == text or _tells_when(rest):
        return False
    is_aside = re.search(r"\(\s*\)", rest) is not None and not tells_event(rest)
    return is_aside or _OF_A_PERIOD.issuperset(_WORD.findall(fold(rest)))


def _may_be_title(text: str) -> bool:
    """Tell whether a text is in capitals, a note, a day alone, or ends in a day and says little."""
    folded = fold(text)
    letters = [letter for letter in text if letter.isalpha()]
    if _SIGNED.fullmatch(text) or _FILLERS.issuperset(_WORD.findall(folded)):
        return True
    if _SIGNED_IN_WORDS.fullmatch(folded) or _PRINTED.match(folded):
        return not tells_event(text)
    if _NOTE.match(folded) or _OF_A_SUM.match(folded):
        return True
    if len(letters) > 1 and text.upper() == text:
        return True
    if _NUMBER.match(text) is None or _OF_A_PLACE.search(text) is not None:
        return False
    is_short = "," not in text and len(folded.split()) <= _MOST_WORDS
    is_aside = re.search(r"\(\s*\)", _SPAN.sub(" ", text)) is not None
    return is_aside or (is_short and _ENDS_IN_A_DAY.fullmatch(text) is not None)


def _is_listed(text: str, separator: str) -> bool:
    """Tell whether a text is a line of a list with other separators, and what it begins with."""
    cells = [part.strip(" \"'") for part in text.split(separator)]
    parts = list(filter(None, cells))
    if len(parts) < _FEWEST_PARTS or page_lines.is_sum(text):
        return False
    if not parts[0].isdigit():
        return _WHEN.fullmatch(parts[0]) is not None
    is_told = len(cells) > _FEWEST_PARTS and any(offence_in(part) for part in parts[1:])
    return is_told or any(map(_WHEN.fullmatch, parts))
