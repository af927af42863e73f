"""One number of one book: the cases that have it, and which of them the rows of a file mean.

The rules stand in :mod:`data.importing.cases.case_numbers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.importing.cases import case_likeness
from data.importing.cases.case_likeness import Said
from data.importing.cases.known_cases import Case, report_of
from data.importing.open_questions import Report


@dataclass(frozen=True)
class Line:
    """A row of the file that is looked at closely."""

    place: int
    digest: str
    said: Said
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A row that has the number of a case and is kept as one of its own, unless told otherwise."""

    source: str
    base: str
    row: Report
    other: Report


class Book:
    """One number of one book: the cases that have it, and the rows that tell it.

    Parameters
    ----------
    source, base
        The book; the book and the number, as the first case with it has them for its key.
    cases
        Those that have the number.
    is_trusted
        The numbers of the book mostly mean the cases that the store knows by them.
    answers
        Whether a row is the case that has its number, as a person decided.
    taken
        Keys of cases that rows of the file mean; those of this number are added.
    asks_again
        Ask once more about cases that this very file brought while that was open.

    Attributes
    ----------
    pairs
        The rows that were kept as cases of their own while another one has their number.
    retired
        Keys of cases that were kept as such before somebody said which case they are.
    """

    def __init__(
        self,
        source: str,
        base: str,
        cases: list[Case],
        is_trusted: bool,
        answers: Mapping[str, bool],
        taken: set[str],
        *,
        asks_again: bool = False,
    ) -> None:
        self.source, self.base, self.cases = source, base, cases
        self.is_trusted, self.answers = is_trusted, answers
        self.taken = taken
        self.asks_again = asks_again
        self.pairs: list[Pair] = []
        self.retired: list[str] = []

    def settle(self, lines: Sequence[Line]) -> dict[int, str]:
        """Give the key of each row: first of those that say what is known word for word."""
        keys: dict[int, str] = {}
        for line in lines:
            case = self._told_same(self._exact(line), line)
            if case is not None:
                self.taken.add(case.key)
                keys[line.place] = case.key
        for line in lines:
            if line.place not in keys:
                known = self._exact(line) or self._fitting(line)
                case = self._told_same(known, line) or self._other(line)
                self.taken.add(case.key)
                case.said, case.report = line.said, report_of(line.row, case.key)
                case.digests.add(line.digest)
                keys[line.place] = case.key
        return keys

    def _exact(self, line: Line) -> Case | None:
        return next((case for case in self.cases if line.digest in case.digests), None)

    def _fitting(self, line: Line) -> Case | None:
        fits = [case for case in self.cases if self._is_same(case, line.said)]
        return max(fits, key=lambda c: case_likeness.likeness(c.said, line.said), default=None)

    def _told_same(self, case: Case | None, line: Line) -> Case | None:
        """Give the case that a row is, where it was kept as one of its own until somebody said so.

        What was said of a whole book holds for what came with the file that was asked about.
        """
        if case is None:
            return None
        of_book = case.is_of_file and case.key != self.base and self.answers.get(anew(self.source))
        others = [c for c in self.cases if c is not case and not c.has_moved]
        if not others or not self.answers.get(case.key, of_book or False):
            if others and self.asks_again and case.is_of_file and case.key != self.base:
                near = max(others, key=lambda c: case_likeness.likeness(c.said, line.said))
                row = report_of(line.row, case.key)
                self.pairs.append(Pair(self.source, self.base, row, near.report))
            return case
        self.cases.remove(case)
        self.retired.append(case.key)
        near = max(others, key=lambda c: case_likeness.likeness(c.said, line.said))
        near.said, near.report = line.said, report_of(line.row, near.key)
        near.digests |= case.digests
        return near

    def _is_same(self, case: Case, said: Said) -> bool:
        if case.has_moved:
            return False
        known = case.said
        is_day = case_likeness.is_same_day(known, said)
        is_kind = (known.ward, known.category) == (said.ward, said.category)
        if case.key in self.taken:
            return is_day and is_kind and not case_likeness.is_elsewhere(known, said)
        is_known = self.is_trusted or case_likeness.says_all_else(known, said)
        if is_day:
            return not case_likeness.contradicts(known, said)
        return is_kind and is_known

    def _other(self, line: Line) -> Case:
        """Begin a case of its own; where another one has the number, that is asked about."""
        own = self._own_key(line.said.first)
        case = Case(own, line.said, report_of(line.row, own))
        standing_here = [c for c in self.cases if not c.has_moved]
        if standing_here:
            near = max(standing_here, key=lambda c: case_likeness.likeness(c.said, line.said))
            self.pairs.append(Pair(self.source, self.base, case.report, near.report))
            if self.answers.get(own, self.answers.get(anew(self.source), False)):
                return near
        self.cases.append(case)
        return case

    def _own_key(self, day: date) -> str:
        here = {case.key for case in self.cases}  # taken has the keys of all books: no copy of it
        number = self.base[len(self.source) + 1 :]
        key, n = self.base, 1
        while key in here or key in self.taken:
            key = f"{self.source}|{day.isoformat()}{f'/{n}' if n > 1 else ''}|{number}"
            n += 1
        return key


def anew(source: str) -> str:
    """Name the question about a book that has begun to count anew."""
    return f"{source}|*"
