"""What each step of an import hands to the next: draft, checked rows, report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import geopandas as gpd

from data.borders import BorderFinding
from data.history import RowChange
from data.importing.files.cell import Cell, as_text
from data.importing.open_questions import EventQuestion, NumberQuestion, Places
from data.importing.values.conventions import (
    DATE_FIELDS,
    NUMBER_FIELDS,
    Conventions,
    DateOrder,
    DecimalSign,
)
from data.importing.values.parts_of_day import WORDS as PARTS_OF_DAY
from data.masking import mask
from data.rows import BatchCounts, Rejection

Corrections: TypeAlias = Mapping[int, Mapping[str, Cell]]
"""The spreadsheet's own row number to field to what shall stand there; None for nothing."""

CONTENTS_ALONE = 0.6
"""How sure it is at most what a column is, where nothing but its cells tells."""

MAX_VALUE_LENGTH = 120
"""Longer values are cut in reports and beside refused rows."""

OF_FIGURES = (
    DATE_FIELDS
    | NUMBER_FIELDS
    | {
        "time", "end_time", "received_time", "opens_at", "closes_at",
        "latitude", "longitude", "position", "levels",
    }
)  # fmt: skip
"""Fields whose cells have a figure: what has letters alone may be a person's name."""

OF_PEOPLE = frozenset({"incidents", "tips", "footage"})
"""Layers whose lists are signed, and tell of people."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to read and place a file, where the guess is not wanted.

    Parameters
    ----------
    sheet
        The sheet's name; None takes the first one whose headings fit, ``*`` all that have the
        headings of that one.
    header_row
        The spreadsheet's own number of the first line of the headings; None finds them.
    mapping
        Field to heading. Fields named here win over the guess, the others are guessed; an empty
        heading leaves the field out.
    crs
        The system of projected coordinates or of a map file that does not say; None takes the
        file's own, and for spreadsheets the store's metric system.
    source
        Whose case numbers these are; None takes the unit named in the row, else the row's ward.
    division, valid_from
        Wards only: the name of the division, and its first day in force.
    date_order, decimal
        dmy, mdy or ymd, and comma or point, for all columns; None takes what each column shows.
    conventions
        The same for single fields.
    corrections
        Cells that a person set right; they take the place of those of the file.
    offences
        Words for offences that no rule knows, to the category that a person told.
    year
        Of days written without one; None takes the one that the titles of the sheet tell.
    place_answers
        Incidents only: what a person chose where the words of a place left it open, by the key of
        the question.
    event_answers
        Incidents only: whether the report with this ``row_key`` tells an event that another one
        tells too, as a person decided.
    number_answers
        Incidents only: whether rows with the number of another case are that case, by the key of
        the question.
    ward
        Incidents only: the ward of a book whose rows name none; None takes that of its title.
    asks_again
        Incidents only: ask once more about rows that this very file brought as new ones while a
        question about them was open, and nobody answered.
    dry_run
        Count everything and keep nothing.
    is_unattended
        Refuse a file that a person has to look at first: see :mod:`data.importing.unattended`.
    must_tell_what
        Refuse a list of which no column tells what happened, unless its columns are named or were
        confirmed; a dry run shows it.
    """

    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    source: str | None = None
    division: str | None = None
    valid_from: date | None = None
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    conventions: Mapping[str, str] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)
    offences: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    place_answers: Mapping[str, str] = field(default_factory=dict)
    event_answers: Mapping[str, bool] = field(default_factory=dict)
    number_answers: Mapping[str, bool] = field(default_factory=dict)
    ward: str | None = None
    asks_again: bool = False
    dry_run: bool = False
    is_unattended: bool = False
    must_tell_what: bool = False


@dataclass(frozen=True)
class StruckRow:
    """What is struck through of a data row.

    Parameters
    ----------
    fields
        Those whose cells are, wholly or in part; none where all that is struck stands in columns
        that are not mapped.
    is_whole
        Whether nothing of the row is left.
    """

    fields: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A file that was read, with its columns mapped, and nothing checked yet.

    Holds the cells of mapped columns only. Of all other columns the heading is left, and the first
    cells, masked, to show whoever maps it what it is about.

    Parameters
    ----------
    layer, file_name, file_sha256
        What it is to become, and where it came from.
    sheets, sheet
        The sheets of the file and the one that was read; empty and None where there are none.
    header_row
        The spreadsheet's own number of the row of headings; 0 where the format has none.
    headings
        Every heading in the order of the file. One that comes twice gets a number behind it.
    mapping, confidence
        Field to heading, and how sure the guess is (1 named by the person or known word by word).
    languages
        Field to the languages in which its heading is known.
    dropped_personal, ignored
        Headings of personal data, and headings that stand for nothing that is stored.
    glimpses
        The first cells of each column of ``ignored``, by heading, without personal data.
    file_rows
        The spreadsheet's own number of each data row.
    cells
        Field to one cell a data row.
    shapes
        The geometry of each data row in WGS84, for map files.
    n_skipped
        Titles, blanks, totals, signatures and repeated headings.
    crs
        The system asked for, if any.
    conventions
        How columns of days and numbers are read; settled before the rows are checked.
    corrected
        Row and field of each cell that a person set right.
    year
        The one that the titles above the table tell, or a person; for days without one.
    sheet_starts
        Where several sheets were read together: how many rows are counted before each one's first.
        ``file_rows`` then run on, as if the sheets stood one under another.
    unread
        Other tables of the file that this layer could take.
    hidden
        Of ``sheets``, those that a spreadsheet program does not show.
    unexplained
        The spreadsheet's own numbers of lines that are no data rows, and may be some all the same:
        a title that tells a day, cells under headings of which nothing is taken.
    outside_title
        Those of rows of which the day lies outside of the months that their title tells.
    is_ward_of_book
        Whether a title, a unit or a person tells the ward, and no column.
    ward_sources
        The texts of titles, names or units that tell the wards of a book, by the ward as told.
    is_ward_inferred
        Whether titles, lines or units tell the wards of rows, and neither a column nor a person.
    is_ward_told
        Whether a person told the ward of all rows: then no words of a place say otherwise.
    struck
        The spreadsheet's own numbers of data rows that are struck through, wholly or in part.
    overfull
        The spreadsheet's own numbers of data rows of a text table with more cells than headings.
    are_rows_beside
        Whether rows with a day stand above the headings, or another table above or below, and
        were not read.
    notes
        What is worth knowing of how the file was read, by code: how many cells were in letters of
        before Unicode, how many sheets were left unread, and so on.
    """

    layer: str
    file_name: str
    file_sha256: str
    sheets: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int
    headings: tuple[str, ...]
    mapping: Mapping[str, str]
    confidence: Mapping[str, float]
    languages: Mapping[str, frozenset[str]]
    dropped_personal: tuple[str, ...]
    ignored: tuple[str, ...]
    file_rows: tuple[int, ...]
    cells: Mapping[str, Sequence[Cell]]
    glimpses: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict, repr=False)
    shapes: gpd.GeoSeries | None = None
    n_skipped: int = 0
    crs: str | None = None
    conventions: Conventions = field(default_factory=Conventions)
    corrected: tuple[tuple[int, str], ...] = ()
    year: int | None = None
    sheet_starts: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unexplained: tuple[int, ...] = ()
    outside_title: tuple[int, ...] = ()
    is_ward_of_book: bool = False
    ward_sources: Mapping[str, str] = field(default_factory=dict)
    is_ward_inferred: bool = False
    is_ward_told: bool = False
    are_rows_beside: bool = False
    struck: Mapping[int, StruckRow] = field(default_factory=dict)
    overfull: frozenset[int] = frozenset()
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Number of data rows."""
        return len(self.file_rows)

    @property
    def by_contents(self) -> tuple[str, ...]:
        """The fields whose column nothing but its cells tells."""
        return tuple(
            name for name in self.mapping if self.confidence.get(name, 1.0) <= CONTENTS_ALONE
        )

    def rows(self) -> Iterator[Row]:
        """Give the data rows one by one."""
        return map(self.row, range(self.n_rows))

    def row(self, place: int) -> Row:
        """Give one data row, by its place among them."""
        cells = {name: column[place] for name, column in self.cells.items()}
        return Row(self.file_rows[place], cells, self)

    def sample(self, n: int = 5) -> list[dict[str, Cell]]:
        """Give the first rows, by heading; mapped columns only."""
        return [
            {self.mapping[name]: column[i] for name, column in self.cells.items()}
            for i in range(min(n, self.n_rows))
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a draft: its number in the file, and its mapped cells."""

    file_row: int
    cells: Mapping[str, Cell]
    draft: Draft

    def get(self, name: str) -> Cell:
        """Give a field's cell; None where it is blank or not mapped."""
        return self.cells.get(name)

    def text(self, name: str) -> str | None:
        """Give a field's cell as text: a case number that a spreadsheet made a float stays whole.

        Examples
        --------
        >>> Row(2, {"case_id": 12.0, "name": "  "}, None).text("case_id")
        '12'
        """
        cell = self.cells.get(name)
        return None if cell is None else as_text(cell)

    def date_order(self, name: str) -> DateOrder:
        """Tell in which order a field's column writes days."""
        return self.draft.conventions.date_order(name)

    def decimal(self, name: str) -> DecimalSign:
        """Tell which sign starts the decimals in a field's column."""
        return self.draft.conventions.decimal(name)

    def refuse(
        self, reason: str, name: str | None = None, *, against: str | None = None
    ) -> RowRefusedError:
        """Make the exception that refuses this row, to be raised.

        It shows the cell of the field that is named, and that of another which contradicts it.
        """
        value = None if name is None else self.text(name)
        if value is not None and against is not None:
            value = f"{value} ≠ {self.text(against)}"
        is_of_people = self.draft.layer in OF_PEOPLE or name in DATE_FIELDS
        if value is not None and is_of_people and name in OF_FIGURES and may_be_name(value):
            value = None
        return RowRefusedError(
            Rejection(
                file_row=self.file_row,
                reason=reason,
                column=None if name is None else self.draft.mapping.get(name),
                value=None if value is None else mask(value).text[:MAX_VALUE_LENGTH],
            )
        )


class RowRefusedError(Exception):
    """Carries the rejection of one row out of its checks; never leaves the package."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.reason)
        self.rejection = rejection


def may_be_name(value: str) -> bool:
    """Tell whether a text has letters, no figure, and is no part of the day.

    Examples
    --------
    >>> [may_be_name(text) for text in ("Nguyễn Văn A", "32/1/2025", "chiều", "?")]
    [True, False, False, False]
    """
    if any(map(str.isdigit, value)) or not any(map(str.isalpha, value)):
        return False
    return unicodedata.normalize("NFC", value).casefold().strip() not in PARTS_OF_DAY


def row_in_sheet(file_row: int, sheet_starts: Mapping[str, int]) -> tuple[str | None, int]:
    """Give the sheet of a row and its number there, where several sheets were read together.

    Examples
    --------
    >>> row_in_sheet(45, {"T1": 0, "T2": 40}), row_in_sheet(45, {})
    (('T2', 5), (None, 45))
    """
    sheet, start = max(
        ((name, start) for name, start in sheet_starts.items() if start < file_row),
        key=lambda item: item[1],
        default=(None, 0),
    )
    return sheet, file_row - start


@dataclass(frozen=True, kw_only=True)
class EarlyRows:
    """Rows that name a ward of a day before the store's first division.

    What the ward meant then nobody here can say: codes and names have been given to other wards.

    Parameters
    ----------
    division, valid_from
        The first division, and since when it is in force.
    oldest_on
        The day of the oldest such row.
    n_refused, n_by_point
        Rows without a point, which are refused; rows with one, of which the ward named is left
        aside and the point alone tells.
    """

    division: str
    valid_from: date
    oldest_on: date
    n_refused: int
    n_by_point: int


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Rows ready to be written, and rows refused; every data row of the draft is one of the two.

    Parameters
    ----------
    draft
        Where they came from.
    rows
        For :func:`data.rows.write_batch`.
    rejections
        In the order of the file.
    states
        Cameras only: state periods that the file tells, for cameras among ``rows``.
    division, findings
        Wards only: the row of the divisions table; gaps and overlaps between the outlines.
    table
        The store's table that takes the rows, where it is not called like the layer.
    replaces
        Crosswalks only: what the same steps said before and do not say any more goes out of force.
    notes
        What is worth knowing of rows that were taken, by code: how many name a model, a programme
        or a camera that the store does not have, and so on.
    book_wards
        Incidents only: the names of the wards that titles, names, lines or units told of rows, each
        with the text that did, where one is known.
    early
        Rows that name a ward of a day before the first division, if there are any.
    unknown_offences
        Words for offences that no rule knows, and how many rows say them.
    unknown_outcomes
        Incidents only: the same of what became of cases, without personal data.
    n_unclassified, n_other_division, n_unknown_outcomes, n_ward_only
        Incidents only: offences that no rule knows; rows that name a ward of a division that was
        not in force on their day; outcomes that no rule knows, which are left out; rows without a
        point.
    places, events, numbers
        Incidents only: what became of places told in words; reports that may tell one event; rows
        that have the number of another case.
    same_events
        Incidents only: key of a row that tells an event of another report, as a person said, to the
        key of that one. Such rows are not among ``rows``, and count as known already.
    retired
        Incidents only: keys of cases of the store that are another case, as a person said since.
    same_cases
        Incidents only: what a row without a number is known by to the key of its case, as a person
        said now.
    today, as_of
        Incidents only: the day on which it was checked, and the version of the store then.
    masked
        How many telephone numbers, names and so on were taken out of texts, by kind.
    """

    draft: Draft
    rows: Sequence[Mapping[str, Any]]
    rejections: tuple[Rejection, ...]
    states: tuple[Mapping[str, Any], ...] = ()
    division: Mapping[str, Any] | None = None
    findings: tuple[BorderFinding, ...] = ()
    table: str | None = None
    notes: Mapping[str, int] = field(default_factory=dict)
    book_wards: Mapping[str, str | None] = field(default_factory=dict)
    early: EarlyRows | None = None
    replaces: bool = False
    n_unclassified: int = 0
    n_other_division: int = 0
    n_unknown_outcomes: int = 0
    n_ward_only: int = 0
    places: Places = field(default_factory=Places)
    events: tuple[EventQuestion, ...] = ()
    numbers: tuple[NumberQuestion, ...] = ()
    same_events: Mapping[str, str] = field(default_factory=dict)
    retired: tuple[str, ...] = ()
    same_cases: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    as_of: int | None = None
    masked: Mapping[str, int] = field(default_factory=dict)
    unknown_offences: Mapping[str, int] = field(default_factory=dict)
    unknown_outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of a file; accepted, updated, duplicate and rejected rows sum to ``n_rows``.

    ``batch`` is None when nothing was written: every row was known already, or it was a dry run.
    ``parts`` tells the layers apart, where a file holds several; ``findings`` where the outlines of
    wards do not fit; ``division`` of which division they are, as a row of the table of divisions;
    ``conventions`` how days and decimals were read; ``notes`` what is worth knowing of rows that
    were taken; ``early`` which rows are older than the wards. ``refused`` holds the refused rows as
    they were read, mapped columns only; ``changes`` the first updates with old and new values;
    ``n_corrected`` counts the rows that were set right by hand. ``sheet_starts``, ``unread``,
    ``hidden``, ``unexplained`` and ``outside_title`` are those of the :class:`Draft`;
    ``n_by_quality`` counts incidents by how well their place is known, ``book_wards``, ``places``,
    ``events``, ``numbers``, ``masked``, ``unknown_offences`` and ``unknown_outcomes`` are those of
    :class:`Checked`.
    """

    layer: str
    file_name: str
    batch: int | None
    n_rows: int
    n_accepted: int
    n_updated: int
    n_duplicates: int
    n_rejected: int
    n_skipped: int
    rejected: tuple[Rejection, ...]
    mapping: Mapping[str, str]
    dropped_personal: tuple[str, ...]
    ignored: tuple[str, ...]
    sheet: str | None = None
    header_row: int = 0
    is_dry_run: bool = False
    n_unclassified: int = 0
    n_other_division: int = 0
    n_unknown_outcomes: int = 0
    n_ward_only: int = 0
    parts: Mapping[str, BatchCounts] = field(default_factory=dict)
    findings: tuple[BorderFinding, ...] = ()
    conventions: Conventions = field(default_factory=Conventions)
    notes: Mapping[str, int] = field(default_factory=dict)
    book_wards: Mapping[str, str | None] = field(default_factory=dict)
    early: EarlyRows | None = None
    division: Mapping[str, Any] | None = None
    sheet_starts: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unexplained: tuple[int, ...] = ()
    outside_title: tuple[int, ...] = ()
    refused: Draft | None = None
    changes: tuple[RowChange, ...] = ()
    n_corrected: int = 0
    n_by_quality: Mapping[str, int] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    events: tuple[EventQuestion, ...] = ()
    numbers: tuple[NumberQuestion, ...] = ()
    masked: Mapping[str, int] = field(default_factory=dict)
    unknown_offences: Mapping[str, int] = field(default_factory=dict)
    unknown_outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_part_unread(self) -> bool:
        """Tell whether the file has tables or lines that were not read and may be rows."""
        return bool(self.unread or self.unexplained or self.notes.get("rows_above"))
