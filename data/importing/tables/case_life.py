"""What of a case a heading names: the deed itself, or what came of it later."""

from __future__ import annotations

import re

from data.folding import fold

LATER = re.compile(
    r"\b(?:phat hien|tiep nhan|nhan tin|trinh bao|bao tin|bao|khoi to|truy to|bat|lap|xu ly"
    r"|ket thuc|vao so|giao|tra|het han|reported|discovered|received|recorded|arrest|arrested"
    r"|closed|found|signale|signalement|decouvert|decouverte|constate|recu|reception|plainte|cloture)\b"
)
_DEED = re.compile(
    r"\b(?:xay ra|xr|gay an|pham toi|(?:ngay|gio|gian|diem|noi) vi pham"
    r"|occurred|occurrence|committed|commis|commise|faits?)\b"
)
_NOT_WHEN = re.compile(
    r"\b(?:so vu|so lan|luy ke|cung ky|truoc|sau|den|het|ra tu|giu|xet xu|thu ly|ket an|tuyen"
    r"|quyet dinh|giai quyet|to giac|before|after|until|avant|apres|jusqu)\b"
)


def is_in_life(heading: str) -> bool:
    """Tell whether a heading names what happens to a case, as its discovery or its closing.

    Examples
    --------
    >>> is_in_life("Thời gian tiếp nhận"), is_in_life("Thời gian")
    (True, False)
    """
    return LATER.search(fold(heading)) is not None


def names_the_deed(heading: str) -> bool:
    """Tell whether a heading names the deed, and neither what came of it nor a count.

    Examples
    --------
    >>> names_the_deed("Phạm tội ngày"), names_the_deed("Ngày"), names_the_deed("Số vụ xảy ra")
    (True, False, False)
    >>> names_the_deed("Ngày bắt người phạm tội"), names_the_deed("Ngày vi phạm")
    (False, True)
    """
    folded = fold(heading)
    is_another = LATER.search(folded) or _NOT_WHEN.search(folded)
    return _DEED.search(folded) is not None and is_another is None
