"""What is said of places told in words, of numbers and events told twice, and of what was masked.

Open questions are written to a file, in which a person puts the answers; the command reads it back.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from analysis.columns import LOCATION_QUALITIES
from analysis.errors import VongLauError
from dashboard.texts import Texts
from data.importing import ImportReport, answers
from data.importing.open_questions import (
    AT_WARD,
    Choice,
    EventQuestion,
    NumberQuestion,
    PlaceQuestion,
    Report,
)
from data.importing.records import row_in_sheet


class BadAnswersError(VongLauError, ValueError):
    """A file of answers that is none: not as the command writes questions."""

    code: ClassVar[str] = "bad_answers"


class AnsweredTwiceError(VongLauError, ValueError):
    """A file of answers that says two things of one question."""

    code: ClassVar[str] = "answered_twice"


def as_json(report: ImportReport) -> dict[str, Any]:
    """Give them under their stable keys."""
    by_quality = {quality: report.n_by_quality.get(quality, 0) for quality in LOCATION_QUALITIES}
    return {
        "located": {**by_quality, "by_words": dict(report.places.n_by_kind)},
        "open": questions_as_json(report),
        "masked": dict(report.masked),
    }


def questions_as_json(report: ImportReport) -> dict[str, Any]:
    """Give the open questions, each with a place for its answer."""
    return {
        "places": [_place_as_json(question) for question in report.places.questions],
        "numbers": [_number_as_json(one, report.sheet_starts) for one in report.numbers],
        "events": [_event_as_json(question) for question in report.events],
    }


def write_questions(texts: Texts, report: ImportReport, path: Path) -> None:
    """Write the open questions as JSON, with what may be answered, to be read back."""
    text = json.dumps(
        {"what_answers_mean": _meanings(texts), **questions_as_json(report)},
        ensure_ascii=False,
        indent=2,
    )
    path.write_text(text + "\n", encoding="utf-8")


def _meanings(texts: Texts) -> dict[str, dict[str, str]]:
    return {
        "places": {
            "candidates[].key": texts("asked.means.candidate"),
            AT_WARD: texts("asked.means.ward"),
            "null": texts("asked.means.place_open"),
        },
        "numbers": {
            "true": texts("asked.means.same_case"),
            "false": texts("asked.means.own_case"),
            "null": texts("asked.means.case_open"),
            "null, about list": texts("asked.means.list_open"),
        },
        "events": {
            "true": texts("asked.means.same_event"),
            "false": texts("asked.means.two_events"),
            "null": texts("asked.means.event_open"),
        },
    }


def read_answers(path: Path | None) -> dict[str, dict[str, Any]]:
    """Read the answers out of a file of questions, as options of an import.

    Raises
    ------
    BadAnswersError
        It is no such file.
    AnsweredTwiceError
        It has two answers to one question.
    AnswerNotAllowedError
        An answer that its question does not take.
    """
    if path is None:
        return {}

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) < len(pairs):
            _check_once(path, pairs, called=told.get("key"))
        return told

    def given(questions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        pairs = [(one["key"], one["answer"]) for one in questions if one["answer"] is not None]
        if not all(isinstance(key, str) for key, _ in pairs):
            raise TypeError
        _check_once(path, pairs)
        return dict(pairs)

    try:
        # of bytes it is told whether an editor wrote UTF-16, or a mark before UTF-8
        told = json.loads(path.read_bytes(), object_pairs_hook=unique)
        found = {
            "place_answers": given(told["places"]),
            "number_answers": given(told.get("numbers", ())),  # old files of questions have none
            "event_answers": given(told["events"]),
        }
    except AnsweredTwiceError:
        raise
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadAnswersError(file=str(path)) from error
    for name in ("number_answers", "event_answers"):
        for key, answer in found[name].items():
            answers.check_one(key, answer, answers.YES_OR_NO)
    return found


def _check_once(path: Path, pairs: Iterable[tuple[str, Any]], *, called: object = None) -> None:
    """Refuse two that differ under one name; ``called`` is the question that they are part of."""
    told: dict[str, str] = {}
    for name, answer in pairs:
        said = json.dumps(answer)
        if told.setdefault(name, said) != said:
            raise AnsweredTwiceError(file=str(path), question=str(called or name))


def lines(texts: Texts, report: ImportReport, *, questions: Path | None = None) -> Iterator[str]:
    """Say how well places are known, and how open questions are answered by command.

    Parameters
    ----------
    texts
        The words.
    report
        What became of the file.
    questions
        Where its questions were written to, if they were.
    """
    if report.places.located or report.places.questions:
        counts = {name: report.n_by_quality.get(name, 0) for name in LOCATION_QUALITIES}
        yield texts("located.counts", **{name: texts.number(n) for name, n in counts.items()})
    if not any(_n_open(report)):
        return
    if questions is not None:
        yield texts("located.answer_in_file", file=str(questions))
    elif report.batch is not None and asks_about_cases(report):
        # what was kept is known by now: only of places the file asks again by itself
        yield texts("located.answer_later")
    else:
        yield texts("located.how_to_answer")


def remarks(texts: Texts, report: ImportReport) -> Iterator[str]:
    """Say what is asked about places and events, and what was taken out of texts."""
    n_rows, n_numbers, n_events = _n_open(report)
    n_set_right = sum(q.about == "row" and q.is_same is None for q in report.numbers)
    n_of_list = sum(q.n_rows for q in report.numbers if q.holds_back)
    n_numbers -= n_set_right + n_of_list  # of the list there is a note
    n_known = sum(len(q.file_rows) for q in report.places.questions if q.remembered is not None)
    if n_known:
        yield texts("asked.n_remembered", n=n_known)
    if n_numbers:
        yield texts("asked.n_numbers", n=n_numbers)
    n_others = sum(q.n_others for q in report.numbers if q.is_same is not False)
    if n_others:
        yield texts("asked.list_others", n=n_others)
    if n_set_right:
        yield texts("asked.n_set_right", n=n_set_right)
    if n_rows:
        yield texts("located.n_open", n=n_rows)
    if n_events:
        yield texts("located.n_events", n=n_events)
    if report.masked:
        told = ", ".join(texts(f"located.masked.{kind}", n=n) for kind, n in report.masked.items())
        yield texts("located.masked", what=told)


def n_left_open(report: ImportReport) -> int:
    """Count the questions that nobody answered; of places those that have something to choose."""
    return (
        sum(q.answer is None and bool(q.choices) for q in report.places.questions)
        + sum(question.is_same is None for question in report.numbers)
        + sum(question.is_same is None for question in report.events)
    )


def asks_about_cases(report: ImportReport) -> bool:
    """Tell whether a number or a report is open, of which nothing is asked once it is kept."""
    return any(_n_open(report)[1:])


def _n_open(report: ImportReport) -> tuple[int, int, int]:
    """Count the rows of open places and of open numbers, and the open pairs of reports."""
    n_rows = sum(len(q.file_rows) for q in report.places.questions if q.answer is None)
    n_numbers = sum(q.n_rows for q in report.numbers if q.is_same is None)
    return n_rows, n_numbers, sum(question.is_same is None for question in report.events)


def choice(texts: Texts, one: Choice, *, is_numbered: int | None = None) -> str:
    """Name a candidate: what it is, and of a street how long it is in the ward."""
    words = texts(f"located.kind.{one.kind}", name=one.name)
    if one.length_m:
        words = f"{words} · {texts('located.length', metres=texts.number(round(one.length_m)))}"
    return words if is_numbered is None else f"{is_numbered}. {words}"


def _place_as_json(question: PlaceQuestion) -> dict[str, Any]:
    return {
        "key": question.key,
        "text": question.text,
        "ward_code": question.ward_code,
        "doubt": question.doubt,
        "rows": list(question.file_rows),
        "candidates": [dataclasses.asdict(one) for one in question.choices],
        "answers": [*(one.key for one in question.choices), AT_WARD],
        "answer": question.answer,
        "is_remembered": question.remembered is not None,
    }


def _number_as_json(question: NumberQuestion, sheet_starts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "key": question.key,
        "source": question.source,
        "n_rows": question.n_rows,
        "n_others": question.n_others,
        "about": question.about,
        "counts_anew": question.is_anew,
        "pairs": [
            {
                name: {**_report_as_json(report, pair[0]), **_row_as_json(report, sheet_starts)}
                for name, report in zip(("row", "other"), pair, strict=True)
            }
            for pair in question.pairs
        ],
        "answers": list(answers.YES_OR_NO),
        "answer": question.is_same,
    }


def _row_as_json(report: Report, sheet_starts: Mapping[str, int]) -> dict[str, Any]:
    """Give the sheet of a row and its number there, where several were read together."""
    if report.file_row is None or not sheet_starts:
        return {}
    sheet, row = row_in_sheet(report.file_row, sheet_starts)
    return {"sheet": sheet, "file_row": row}


def _event_as_json(question: EventQuestion) -> dict[str, Any]:
    return {
        "key": question.report.row_key,
        "report": _report_as_json(question.report, question.report),
        "other": _report_as_json(question.other, question.report),
        "apart_m": question.apart_m,
        "apart_min": question.apart_min,
        "answers": list(answers.YES_OR_NO),
        "answer": question.is_same,
    }


def _report_as_json(report: Report, of_file: Report) -> Mapping[str, Any]:
    """Give a report with its moments as the row of the file tells them, in the city's zone."""
    facts = dataclasses.asdict(report)
    zone = of_file.starts_at.tzinfo
    moments = {name: facts[name].astimezone(zone).isoformat() for name in ("starts_at", "ends_at")}
    return {**facts, **moments}
