"""What an import could not settle by itself: places, numbers, and reports of one event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from data.directory import Doubt

AT_WARD = "ward"
"""The answer of a person who leaves a place at its ward."""

About = Literal["number", "book", "list", "row"]
"""What a question about cases is about.

``number``: a row has the number of another case. ``book``: a good part of a book's rows are so, it
seems to have begun to count anew. ``list``: most new rows tell what the store knows by other keys,
it seems to be the same list in another shape. ``row``: a row without a number seems to be one that
was set right.
"""


@dataclass(frozen=True, kw_only=True)
class Located:
    """Where a row was placed: WGS84, how well, in which ward, and by what kind of name.

    ``is_ward_found`` tells that neither the row nor its words name the ward: the place lies in it.
    """

    longitude: float
    latitude: float
    quality: str
    ward_code: str
    kind: str
    is_ward_found: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A candidate as a person sees it: WGS84; of a street a place along it and its length."""

    key: str
    kind: str
    name: str
    quality: str
    longitude: float
    latitude: float
    length_m: float
    likeness: float


@dataclass(frozen=True, kw_only=True)
class PlaceQuestion:
    """A place that was not settled, in the words of the file, for all rows that say the same.

    Parameters
    ----------
    key
        The division, the ward and the words, folded.
    text
        As the first row writes it, without a house number.
    ward_code
        The ward that the rows name, or None.
    doubt
        Why it was not settled.
    choices
        What it may be, the likest first; may be none.
    file_rows
        Which rows ask it.
    answer
        What a person chose: the key of a choice, ``AT_WARD``, or None.
    remembered
        Who said so and when, where it was said of an earlier file; None where it was told now.
    """

    key: str
    text: str
    ward_code: str | None
    doubt: Doubt
    choices: tuple[Choice, ...]
    file_rows: tuple[int, ...]
    answer: str | None = None
    remembered: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class Places:
    """What became of the rows that tell their place in words, and whose words they are."""

    located: Mapping[int, Located] = field(default_factory=dict)
    questions: tuple[PlaceQuestion, ...] = ()
    source: str = ""

    @property
    def n_by_kind(self) -> Mapping[str, int]:
        """Count the placed rows by what they were placed by."""
        return Counter(one.kind for one in self.located.values())


@dataclass(frozen=True, kw_only=True)
class Report:
    """One of two reports that may tell the same event, or the same case.

    Parameters
    ----------
    row_key
        What it is known by in the store.
    source, case_id
        Whose book it is from, and its number there.
    category, starts_at, ends_at, ward_code, place
        What it tells.
    file_row
        Its row in the file at hand; None of one that is in the store.
    """

    row_key: str
    source: str
    case_id: str | None
    category: str
    starts_at: datetime
    ends_at: datetime
    ward_code: str
    place: str | None
    file_row: int | None = None


@dataclass(frozen=True, kw_only=True)
class NumberQuestion:
    """Rows that may be cases which are known by the same number, or by another key.

    Parameters
    ----------
    key
        The key of the row; of a book that counts anew its name and ``*``; of a list in another
        shape ``data.importing.cases.other_shapes.LIST``.
    source
        The book; empty of a list.
    pairs
        Each row with the case that it may be; the first few.
    n_rows
        How many rows it is about.
    about
        Why it is asked.
    row_keys
        The keys of all rows that it is about.
    is_kept
        All those rows stand already: it is asked once more, after they were kept as new.
    n_others
        Of a list: how many new rows have no such case, and are new either way.
    is_same
        What a person decided: one case, set right; or cases of their own, as which they are kept
        meanwhile; or None.
    """

    key: str
    source: str
    pairs: tuple[tuple[Report, Report], ...]
    n_rows: int
    about: About = "number"
    row_keys: tuple[str, ...] = ()
    is_kept: bool = False
    n_others: int = 0
    is_same: bool | None = None

    @property
    def is_anew(self) -> bool:
        """Tell whether a book seems to have begun to count anew."""
        return self.about == "book"

    @property
    def holds_back(self) -> bool:
        """Tell whether nothing may be written before it is answered: either way is much amiss."""
        return self.about == "list" and self.is_same is None and not self.is_kept

    def without(self, settled: Container[str]) -> NumberQuestion | None:
        """Give the question about those rows only that another one does not settle, if any."""
        left = tuple(key for key in self.row_keys if key not in settled)
        if len(left) == len(self.row_keys):
            return self
        pairs = tuple(pair for pair in self.pairs if pair[0].row_key in left)
        return replace(self, pairs=pairs, row_keys=left, n_rows=len(left)) if pairs else None


@dataclass(frozen=True, kw_only=True)
class EventQuestion:
    """Two reports that may tell one event.

    Parameters
    ----------
    report
        The row of the file.
    other
        The one that is in the store, or an earlier row of the file.
    apart_m
        How far apart; None where one of the two has no exact place, and they say the same place in
        words.
    apart_min
        Minutes between the two; 0 where their times overlap.
    is_same
        What a person decided: one event, of which the report at hand is not kept; two; or None.
    """

    report: Report
    other: Report
    apart_m: float | None
    apart_min: float
    is_same: bool | None = None
