"""Which letters, without diacritics, can be a word of Vietnamese.

A slip of the pen mostly makes a word that there cannot be: *nguyem* for *nguyen*. Where it makes
another good word, nobody can tell it from another name: *Quảng Thành* is not *Quảng Thắng*.
"""

from __future__ import annotations

import re

_ONSETS = "b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|ech|em|en|eng|enh|eo|ep|et|eu|i|ia|ich|iec|iem|"
    "ien|ieng|iep|iet|ieu|im|in|inh|ip|it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|"
    "oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|"
    "ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|uy|uya|uych|uyen|uyet|uynh|uyt|uyu|y|yem|yen|"
    "yet|yeu"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_RIMES})")


def is_syllable(folded: str) -> bool:
    """Tell whether a folded word can be a syllable of Vietnamese.

    Examples
    --------
    >>> [is_syllable(word) for word in ("nguyen", "trai", "phuong", "quang", "gia", "y")]
    [True, True, True, True, True, True]
    >>> [is_syllable(word) for word in ("nguyem", "trsi", "phuogn", "rtan", "45")]
    [False, False, False, False, False]
    """
    return _SYLLABLE.fullmatch(folded) is not None
