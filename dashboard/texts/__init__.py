"""Every sentence that a person reads, in Vietnamese, English and French.

The catalogues are gettext ``.po`` files, one a subject, in a folder a language. A message is known
by its key (``month.lead``), never by its English wording, so that no sentence stands in code.
"""

from __future__ import annotations

import functools
from datetime import date, datetime
from importlib import resources
from typing import cast

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from analysis.errors import InvalidValueError

LANGUAGES = ("vi", "en", "fr")
LOCALES = {"vi": "vi_VN", "en": "en_GB", "fr": "fr_FR"}
NBSP = "\u00a0"
MINUS = "\u2212"


class Texts:
    r"""The words, numbers and dates of one language.

    Parameters
    ----------
    language
        vi, en or fr.

    Raises
    ------
    InvalidValueError
        Another language.

    Examples
    --------
    >>> vi = Texts("vi")
    >>> vi.number(1924), vi.number(24.63, 1), vi.signed(-38), vi.percent(0.412)
    ('1.924', '24,6', '−38', '41\xa0%')
    >>> vi.month(date(2024, 2, 1)), Texts("fr").day(date(2024, 2, 1))
    ('02/2024', '01/02/2024')
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InvalidValueError(column="language", value=language)
        self.language = language
        self.locale = LOCALES[language]
        self._messages = _catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """Say a message.

        Parameters
        ----------
        key
            Its key.
        **values
            What the message names in braces. Whole numbers are written as the language writes
            them; anything else is said as given. A value called ``n`` chooses the plural.

        Raises
        ------
        KeyError
            No such message.
        """
        message = self._messages[key]
        if isinstance(message, tuple):
            message = message[self._plural_index(cast("float", values["n"]), len(message))]
        said = {name: self._said(value) for name, value in values.items()}
        return message.format(**said) if said else message

    def has(self, key: str) -> bool:
        """Tell whether a message exists."""
        return key in self._messages

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with a fixed count of decimals and a true minus sign; no minus nought.

        Examples
        --------
        >>> Texts("vi").number(-1234.5, 1), Texts("vi").number(-0.04, 1)
        ('−1.234,5', '0,0')
        """
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        rounded = round(value, decimals) or 0
        text = format_decimal(rounded, format=pattern, locale=self.locale)
        return text.replace("-", MINUS)

    def signed(self, value: float, decimals: int = 0) -> str:
        """Write a number with its sign, also when it is a gain."""
        text = self.number(value, decimals)
        return f"+{text}" if round(value, decimals) > 0 else text

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share (0 to 1) as a percentage."""
        gap = "" if self.language == "en" else NBSP
        return f"{self.number(100 * share, decimals)}{gap}%"

    def share(self, share: float, decimals: int = 0) -> str:
        r"""Write a part of a whole (0 to 1): a small part is never written as nothing.

        What would be rounded to 0 is written to a tenth of a per cent, and as less than that tenth
        where even this would be 0; only what is 0 is written so.

        Examples
        --------
        >>> en, vi = Texts("en"), Texts("vi")
        >>> [en.share(value) for value in (0.41, 0.003, 0.0004, 0.0)]
        ['41%', '0.3%', '<\xa00.1%', '0%']
        >>> vi.share(0.0004, 1)
        '<\xa00,1\xa0%'
        """
        if share <= 0 or round(100 * share, decimals) > 0:
            return self.percent(share, decimals)
        tenth = self.percent(max(share, 0.001), 1)
        return tenth if round(100 * share, 1) > 0 else f"<{NBSP}{tenth}"

    def day(self, day: date) -> str:
        """Write a day in figures."""
        return format_date(day, "dd/MM/yyyy", locale=self.locale)

    def month(self, month: date) -> str:
        """Write a month in figures."""
        return format_date(month, "MM/yyyy", locale=self.locale)

    def month_name(self, month: date) -> str:
        """Write a month's short name, as an axis shows it."""
        return str(format_skeleton("MMM", month, locale=self.locale))

    def weekday(self, day: date) -> str:
        """Write a weekday's short name."""
        return format_date(day, "EEE", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """Write a day and hour in figures."""
        return str(
            format_datetime(moment, "dd/MM/yyyy HH:mm", tzinfo=moment.tzinfo, locale=self.locale)
        )

    def _said(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return str(value)
        return self.number(value)

    def _plural_index(self, n: float, n_forms: int) -> int:
        is_one = n_forms == 1 or Locale.parse(self.locale).plural_form(abs(n)) == "one"
        return 0 if is_one else 1


@functools.cache
def texts(language: str) -> Texts:
    """Give the words of a language, read once.

    Raises
    ------
    InvalidValueError
        Another language than vi, en, fr.
    """
    return Texts(language)


def system_language() -> str:
    """Guess the language of this computer, Vietnamese when it is none of ours."""
    try:
        language = Locale.default().language
    except (UnknownLocaleError, ValueError):
        return LANGUAGES[0]
    return language if language in LANGUAGES else LANGUAGES[0]


@functools.cache
def _catalogue(language: str) -> dict[str, str | tuple[str, ...]]:
    messages: dict[str, str | tuple[str, ...]] = {}
    folder = resources.files("dashboard.texts") / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".po"):
            continue
        with file.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if not message.id:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                if key in messages:
                    raise InvalidValueError(column="key", value=key, file=file.name)
                messages[key] = cast("str | tuple[str, ...]", message.string)
    return messages
