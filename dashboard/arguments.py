"""What a person types on the command line, read into days and months."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar, TypeVar

from analysis.errors import VongLauError

T = TypeVar("T", bound=str)
MONTH = re.compile(r"(\d{4})-(\d{2})")


class BadDateArgumentError(VongLauError, ValueError):
    """A word that is not a day."""

    code: ClassVar[str] = "bad_date_argument"


class BadMonthArgumentError(VongLauError, ValueError):
    """A word that is not a month."""

    code: ClassVar[str] = "bad_month_argument"


class UnknownLanguageError(VongLauError, ValueError):
    """A language that there are no words for."""

    code: ClassVar[str] = "unknown_language"


class NoSuchMappingError(VongLauError, FileNotFoundError):
    """No mapping file at this place."""

    code: ClassVar[str] = "no_such_file"


class BadMappingError(VongLauError, ValueError):
    """A mapping file that is not a JSON object of field to heading."""

    code: ClassVar[str] = "bad_mapping"


class BadChoiceArgumentError(VongLauError, ValueError):
    """A word that is none of those an option knows."""

    code: ClassVar[str] = "bad_choice_argument"


class BadWeightArgumentError(VongLauError, ValueError):
    """A word that is not a type and its weight."""

    code: ClassVar[str] = "bad_weight_argument"


class BadOffenceArgumentError(VongLauError, ValueError):
    """A word that is not an offence and its category."""

    code: ClassVar[str] = "bad_offence_argument"


def parse_offence(word: str) -> tuple[str, str]:
    """Read a ledger's words for an offence and their category, such as ``Đánh nhau=fight``.

    Raises
    ------
    BadOffenceArgumentError
        It is not words, an equals sign and a category.

    Examples
    --------
    >>> parse_offence("Đánh nhau = public_disorder")
    ('Đánh nhau', 'public_disorder')
    """
    words, _, category = word.rpartition("=")
    if not words.strip() or not category.strip():
        raise BadOffenceArgumentError(value=word)
    return words.strip(), category.strip()


def parse_weight(word: str) -> tuple[str, float]:
    """Read a type and how much it counts, such as ``theft=2``.

    Raises
    ------
    BadWeightArgumentError
        It is not a name, an equals sign and a number that is not negative.

    Examples
    --------
    >>> parse_weight("theft=2.5")
    ('theft', 2.5)
    """
    name, _, number = word.partition("=")
    try:
        weight = float(number)
    except ValueError as error:
        raise BadWeightArgumentError(value=word) from error
    if not name.strip() or not 0 <= weight < float("inf"):
        raise BadWeightArgumentError(value=word)
    return name.strip(), weight


def check_one_of(word: str | None, known: Sequence[T]) -> T | None:
    """Check that a word is one of those that an option knows; nothing stays nothing.

    Raises
    ------
    BadChoiceArgumentError
        It is another word.

    Examples
    --------
    >>> check_one_of("dmy", ("dmy", "mdy"))
    'dmy'
    """
    if word is None:
        return None
    for value in known:
        if value == word:
            return value
    raise BadChoiceArgumentError(value=word, known=list(known))


def parse_day(word: str | None) -> date | None:
    """Read a day such as ``2024-11-30``; nothing stays nothing.

    Raises
    ------
    BadDateArgumentError
        It is not a day.

    Examples
    --------
    >>> parse_day("2024-11-30")
    datetime.date(2024, 11, 30)
    """
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise BadDateArgumentError(value=word) from error


def parse_month(word: str | None) -> date | None:
    """Read a month such as ``2024-11`` as its first day; nothing stays nothing.

    Raises
    ------
    BadMonthArgumentError
        It is not a month.

    Examples
    --------
    >>> parse_month("2024-11")
    datetime.date(2024, 11, 1)
    """
    if word is None:
        return None
    found = MONTH.fullmatch(word)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise BadMonthArgumentError(value=word)
    return date(int(found[1]), int(found[2]), 1)


def read_mapping(path: Path | None) -> dict[str, str]:
    """Read a mapping file: a JSON object of field to heading; nothing given is no mapping.

    Raises
    ------
    NoSuchMappingError
        If the file cannot be read.
    BadMappingError
        If it is not such an object.

    Examples
    --------
    >>> read_mapping(None)
    {}
    """
    if path is None:
        return {}
    try:
        mapping = json.loads(path.read_bytes())  # UTF-16 or a mark before UTF-8 is told by them
    except OSError as error:
        raise NoSuchMappingError(file=str(path)) from error
    except ValueError as error:
        raise BadMappingError(file=str(path)) from error
    if not isinstance(mapping, dict) or not all(isinstance(v, str) for v in mapping.values()):
        raise BadMappingError(file=str(path))
    return mapping


def write_mapping(path: Path, mapping: Mapping[str, str]) -> None:
    """Write a mapping file as :func:`read_mapping` reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(dict(mapping), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
