"""The frame of an office letter: who writes, where and when, to whom, and who signs.

In Vietnamese the order and the words are those of Decree 30/2020/NĐ-CP, annex I: nation and motto
to the right, office to the left, number, place and date, kind and subject, text, recipients to the
left and signature to the right. English and French letters have their own order; the template
knows it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from dashboard.texts import NBSP, Texts
from data import tet
from data.store import StoreProperties

OFFICE_VARIABLE = "VONGLAU_OFFICE"
SIGNER_VARIABLE = "VONGLAU_SIGNER"
PART = ";"


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes and who signs.

    Parameters
    ----------
    office
        The office, the one above it first; empty means the city.
    signer
        The position and then the name of who signs; empty leaves room for both.
    """

    office: tuple[str, ...] = ()
    signer: tuple[str, ...] = ()

    @classmethod
    def asked_for(cls, *, office: str | None = None, signer: str | None = None) -> Letterhead:
        """Read the lines, a semicolon between two, from words or else from the environment.

        Examples
        --------
        >>> Letterhead.asked_for(office="Tỉnh A; Thành phố B", signer="Trưởng phòng").office
        ('Tỉnh A', 'Thành phố B')
        """
        words = {"office": office, "signer": signer}
        variables = {"office": OFFICE_VARIABLE, "signer": SIGNER_VARIABLE}
        said = {
            name: os.environ.get(variables[name], "") if word is None else word
            for name, word in words.items()
        }
        return cls(
            **{
                name: tuple(part.strip() for part in word.split(PART) if part.strip())
                for name, word in said.items()
            }
        )


def facts(
    say: Texts, letterhead: Letterhead, *, properties: StoreProperties, month: date, dated_on: date
) -> dict[str, Any]:
    """Give every word of the frame, in the reader's language."""
    is_vietnam = properties.timezone == tet.ZONE
    office = letterhead.office or (say("bulletin.office", city=properties.city),)
    signer = letterhead.signer or (say("bulletin.signer"),)
    is_vietnamese = say.language == "vi"
    return {
        "nation": say("bulletin.nation") if is_vietnam else "",
        "motto": say("bulletin.motto") if is_vietnam else "",
        "office": [line.upper() if is_vietnamese else line for line in office],
        "number": say("bulletin.number"),
        "dated": say("bulletin.dated", place=properties.city, day=spoken_day(say, dated_on)),
        "kind": say("bulletin.kind"),
        "re": say("bulletin.re"),
        "subject": say("bulletin.subject", month=spoken_month(say, month)),
        "recipients_title": say("bulletin.recipients_title"),
        "recipients": say("bulletin.recipients").splitlines(),
        "signer": signer[0].upper() if is_vietnamese else signer[0],
        "signer_name": " ".join(signer[1:]),
        "sign_here": say("bulletin.sign_here"),
    }


def spoken_month(say: Texts, month: date) -> str:
    r"""Write a month as a letter does, on one line: in Vietnamese the first two with a nought.

    Examples
    --------
    >>> vi = Texts("vi")
    >>> [spoken_month(vi, date(2024, month, 1)).replace("\xa0", " ") for month in (2, 3)]
    ['tháng 02 năm 2024', 'tháng 3 năm 2024']
    >>> spoken_month(Texts("fr"), date(2024, 2, 1))
    'février\xa02024'
    """
    key = "bulletin.month_early" if month.month < 3 else "bulletin.month"
    return format_date(month, say(key), locale=say.locale).replace(" ", NBSP)


def spoken_day(say: Texts, day: date) -> str:
    """Write a day as a letter does.

    Examples
    --------
    >>> spoken_day(Texts("vi"), date(2024, 12, 5)), spoken_day(Texts("vi"), date(2025, 1, 31))
    ('ngày 05 tháng 12 năm 2024', 'ngày 31 tháng 01 năm 2025')
    >>> spoken_day(Texts("fr"), date(2025, 1, 1)), spoken_day(Texts("en"), date(2025, 1, 1))
    ('1er janvier 2025', '1 January 2025')
    """
    key = "bulletin.day"
    if day.month < 3:
        key += "_early"
    if day.day == 1:
        key += "_first"
    return format_date(day, say(key), locale=say.locale)
