"""Answers to open questions, held against what is asked: none is taken for another.

A page offers the answers that there are. A file of answers may say anything, and what it says
amiss must not pass for an answer: a word that means no must not count as yes.
"""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

from data import tables
from data.importing.cases.other_shapes import LIST
from data.importing.errors import AnswerNotAllowedError, UnknownQuestionError
from data.importing.open_questions import AT_WARD, PlaceQuestion
from data.importing.records import Checked, Options
from data.row_columns import ColumnRows
from data.rows import standing
from data.store import Store

YES_OR_NO = (True, False)
"""What may be told of a number or of two reports, besides nothing."""


def check(checked: Checked, options: Options, store: Store) -> None:
    """Refuse answers that are none, before anything is written.

    An answer about a row that is kept by now, as the answer said or otherwise, is none of a
    question that there is not: the same answers may come with the same file again. So may one about
    the whole list, once one of its rows stands.

    Parameters
    ----------
    checked
        The file, with all that it asks.
    options
        The answers, as a person told them.
    store
        Only read.

    Raises
    ------
    AnswerNotAllowedError
        An answer that its question does not take.
    UnknownQuestionError
        An answer to a question that the file does not ask.
    """
    asked = {question.key: question for question in checked.places.questions}
    for key, answer in options.place_answers.items():
        if key not in asked:
            raise UnknownQuestionError(question=key)
        _check_place(asked[key], answer)
    told = {**options.number_answers, **options.event_answers}
    for key, is_same in told.items():
        check_one(key, is_same, YES_OR_NO)
    open_now = {q.key for q in checked.numbers} | {q.report.row_key for q in checked.events}
    rest = [key for key in told if key not in open_now]
    known = _Rows(checked, store) if rest else ()
    for key in rest:
        if key not in known:
            raise UnknownQuestionError(question=key)


def check_one(key: str, answer: object, allowed: tuple[object, ...]) -> None:
    """Refuse an answer that is none of those allowed; 1 is not true, and "no" is not false.

    Raises
    ------
    AnswerNotAllowedError
        It is none of them.

    Examples
    --------
    >>> check_one("V1", False, YES_OR_NO)
    >>> try:
    ...     check_one("V1", 1, YES_OR_NO)
    ... except AnswerNotAllowedError as error:
    ...     error.facts["allowed"]
    ['true', 'false', 'null']
    """
    if not any(type(answer) is type(one) and answer == one for one in allowed):
        raise AnswerNotAllowedError(
            question=key,
            answer=json.dumps(answer, ensure_ascii=False, default=str),
            allowed=[json.dumps(one, ensure_ascii=False) for one in (*allowed, None)],
        )


def _check_place(question: PlaceQuestion, answer: Any) -> None:  # noqa: ANN401  out of a file
    check_one(question.key, answer, (*(one.key for one in question.choices), AT_WARD))


class _Rows(Container[object]):
    """The questions that rows of a file may have been asked before they were kept."""

    def __init__(self, checked: Checked, store: Store) -> None:
        rows = checked.rows
        self._store = store
        names = ("row_key", "source", "case_id")
        columns = (
            [rows.values(name) for name in names]
            if isinstance(rows, ColumnRows)
            else [[row.get(name) for row in rows] for name in names]
        )
        keys, sources, numbers = columns
        self._keys = {*keys, *checked.same_events}
        self._books = set(sources)
        self._cases = set(zip(sources, numbers, strict=True))

    def __contains__(self, key: object) -> bool:
        if key in self._keys:
            return True
        if key == LIST:
            with self._store.read() as connection:
                return bool(standing(connection, tables.incidents, [*self._keys]))
        source, _, number = str(key).partition("|")
        if number == "*":
            return source in self._books
        return (source, number.rpartition("|")[2]) in self._cases
