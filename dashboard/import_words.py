"""What the command says of an import: counts, parts, how it was read, and what was refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dashboard import border_words, change_words, located_words, suggestion_words
from dashboard.printing import print_json, print_lines
from dashboard.row_names import row_name
from dashboard.stored_words import NOWHERE, Setting
from dashboard.texts import Texts
from data.errors import UnsupportedFormatError
from data.importing import ImportReport, unattended
from data.importing.records import EarlyRows, row_in_sheet
from data.importing.suggestions import Suggestion
from data.importing.values import conventions
from data.importing.values.moments import EARLIEST
from data.rows import BatchCounts, Rejection

N_OFFENCES = 5
"""Unknown offences that are named; the rest are in ``--json`` and on the page."""
N_SHOWN = 20
"""Refused rows and updates that are said one by one."""

N_COLUMNS = 12
"""Columns left out that are named."""

REMARKS = ("n_unclassified", "n_other_division", "n_unknown_outcomes", "n_ward_only")
"""Counts of incidents that a person should know of before and after they are kept."""

_COUNTS = ("n_rows", "n_accepted", "n_updated", "n_duplicates", "n_rejected")


def report_as_json(
    report: ImportReport, suggestions: Mapping[int, Suggestion] | None = None
) -> dict[str, Any]:
    """Give an import's report under its stable keys."""
    told = suggestions or {}
    return {
        "batch": report.batch,
        "is_dry_run": report.is_dry_run,
        "n_rows": report.n_rows,
        "n_accepted": report.n_accepted,
        "n_updated": report.n_updated,
        "n_duplicates": report.n_duplicates,
        "n_rejected": report.n_rejected,
        "n_skipped": report.n_skipped,
        **{name: getattr(report, name) for name in REMARKS},
        "mapping": dict(report.mapping),
        "sheet": report.sheet,
        "header_row": report.header_row,
        "unread": list(report.unread),
        "unexplained": list(report.unexplained),
        "outside_title": list(report.outside_title),
        "unknown_offences": dict(report.unknown_offences),
        "unknown_outcomes": dict(report.unknown_outcomes),
        "dropped_personal": list(report.dropped_personal),
        "ignored": list(report.ignored),
        "rejected": [
            {
                **_place_as_json(r.file_row, report),
                "column": r.column,
                "reason": r.reason,
                "value": r.value,
                "suggestion": _suggestion_as_json(report, told.get(r.file_row)),
            }
            for r in report.rejected
        ],
        "updates": change_words.as_json(report),
        "findings": border_words.as_json(report.findings),
        "inferred": conventions.as_json(report.conventions, report.mapping),
        "notes": dict(report.notes),
        "book_wards": dict(report.book_wards),
        **located_words.as_json(report),
        "early": None if report.early is None else _days_as_text(dataclasses.asdict(report.early)),
        "division": None if report.division is None else _days_as_text(report.division),
        "parts": {layer: _part_as_json(part) for layer, part in report.parts.items()},
    }


def _suggestion_as_json(
    report: ImportReport, suggestion: Suggestion | None
) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {report.mapping.get(name, name): cell for name, cell in suggestion.cells.items()}


def _place_as_json(file_row: int, report: ImportReport) -> dict[str, Any]:
    """Give the row's own number, and its sheet where several were read together."""
    sheet, row = row_in_sheet(file_row, report.sheet_starts)
    return {"row": row} if sheet is None else {"sheet": sheet, "row": row}


def _days_as_text(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in facts.items()}


def _part_as_json(part: BatchCounts) -> dict[str, Any]:
    return {"batch": part.batch, **{name: getattr(part, name) for name in _COUNTS}}


def columns_taken(report: ImportReport) -> dict[str, str]:
    """Give field to heading, of columns that stand in the file; a shape's place is in none."""
    headings = report.refused.headings if report.refused is not None else ()
    return {name: heading for name, heading in report.mapping.items() if heading in headings}


def print_report(
    texts: Texts,
    report: ImportReport,
    *,
    as_json: bool,
    suggestions: Mapping[int, Suggestion] | None = None,
    setting: Setting = NOWHERE,
    questions: Path | None = None,
) -> None:
    """Print what became of a file; values as they are written in the store's setting."""
    told = suggestions or {}
    if as_json:
        print_json(report_as_json(report, told))
        return
    print_lines(*report_lines(texts, report, told, setting=setting, questions=questions))


def report_lines(
    texts: Texts,
    report: ImportReport,
    suggestions: Mapping[int, Suggestion],
    *,
    setting: Setting = NOWHERE,
    questions: Path | None = None,
) -> list[str]:
    """Say what became of a file, a sentence a line; values as written in a setting.

    ``questions`` is where its open questions were written to, if they were.
    """
    said = [
        texts(
            "cli.import_counts",
            n=report.n_rows,
            accepted=report.n_accepted,
            updated=report.n_updated,
            duplicates=report.n_duplicates,
            rejected=report.n_rejected,
        )
    ]
    if report.batch is not None:
        said.append(texts("cli.import_batch", batch=str(report.batch)))
    if report.is_dry_run:
        said.append(texts("cli.import_not_written"))
    said += border_words.lines(texts, report.findings) if report.findings else []
    if report.dropped_personal:
        said.append(texts("cli.dropped_personal", headings=", ".join(report.dropped_personal)))
    said += _left_out(texts, report)
    said += [*_parts(texts, report.parts), *_readings(texts, report), *remarks(texts, report)]
    said += located_words.lines(texts, report, questions=questions)
    said += change_words.lines(texts, report, most=N_SHOWN, setting=setting)
    for rejection in report.rejected[:N_SHOWN]:
        suggestion = suggestions.get(rejection.file_row)
        words = suggestion_words.sentence(texts, suggestion)
        sentence = refusal(texts, rejection, sheet_starts=report.sheet_starts)
        said.append(
            f"{sentence} {texts('suggestion.line', value=words)}" if suggestion else sentence
        )
    if len(report.rejected) > N_SHOWN:
        said.append(texts("cli.more_rejected", n=len(report.rejected) - N_SHOWN))
    return said


def _left_out(texts: Texts, report: ImportReport) -> list[str]:
    """Name the columns that nothing was taken from, and count the lines that are no rows."""
    names = [texts("imports.heading_quote", heading=each) for each in report.ignored[:N_COLUMNS]]
    headings = ", ".join([*names, "…"] if len(report.ignored) > N_COLUMNS else names)
    said = [("cli.left_columns", len(report.ignored)), ("cli.left_lines", report.n_skipped)]
    return [texts(key, n=n, headings=headings) for key, n in said if n]


def _sheets_meant(report: ImportReport, code: str) -> str:
    """Name the sheets and tables that a note is about: those not read are listed kind by kind."""
    start = 0
    for kind in ("sheets_alike", "tables_unread", "sheets_hidden", "sheets_unheaded"):
        n = report.notes.get(kind, 0)
        if kind == code:
            return ", ".join(report.unread[start : start + n])
        start += n
    return ""


def _rows_meant(report: ImportReport, code: str) -> str:
    """Name the first rows that a remark is about; else lines that nobody knows what they are."""
    rows = report.outside_title if code == "days_outside_title" else report.unexplained
    first = [row_name(row, report.sheet_starts) for row in rows[:N_SHOWN]]
    return ", ".join([*first, "…"] if len(rows) > N_SHOWN else first)


def _wards_meant(texts: Texts, report: ImportReport) -> str:
    """Name the wards that a book told, each with the words that did."""
    first = [
        name if source is None else texts("imports.ward_told_by", ward=name, text=source)
        for name, source in [*report.book_wards.items()][:N_OFFENCES]
    ]
    return ", ".join([*first, "…"] if len(report.book_wards) > N_OFFENCES else first) or "…"


def remarks(texts: Texts, report: ImportReport, *, on_page: bool = False) -> list[str]:
    """Say what is worth knowing of the rows that were taken.

    A page names its own fields where the command names its options.
    """

    def key(name: str) -> str:
        own = f"imports.page.{name}"
        return own if on_page and texts.has(own) else f"imports.{name}"

    said = [] if unattended.tells_what(report) else [texts("imports.nothing_told")]
    said += [texts(f"imports.{name}", n=n) for name in REMARKS if (n := getattr(report, name))]
    said += change_words.repeated(texts, report)
    said += [
        texts(
            key(f"note.{code}"),
            n=n,
            sheets=_sheets_meant(report, code),
            rows=_rows_meant(report, code),
            wards=_wards_meant(texts, report),
        )
        for code, n in report.notes.items()
    ]
    said += _by_contents(texts, report)
    if report.early is not None:
        said += _early(texts, report.early, do=key("early_do"))
    if report.unknown_offences:
        named = _named(texts, report.unknown_offences)
        said.append(texts("imports.unknown_offences", offences=named))
    if report.unknown_outcomes:
        named = _named(texts, report.unknown_outcomes)
        said.append(texts("imports.unknown_outcomes", outcomes=named))
    said += located_words.remarks(texts, report)
    if report.division is not None:
        is_always = report.division["valid_from"] == EARLIEST
        said.append(
            texts(
                key("division_always" if is_always else "division_from"),
                division=report.division["division"],
                valid_from=texts.day(report.division["valid_from"]),
            )
        )
    return said


def _by_contents(texts: Texts, report: ImportReport) -> list[str]:
    """Name the columns that nothing but their cells tells."""
    names = () if report.refused is None else report.refused.by_contents
    pairs = [
        texts(
            "imports.column_as", heading=report.mapping[name], field=texts(f"imports.field.{name}")
        )
        for name in names
    ]
    return [
        texts("imports.columns_by_contents", n=len(pairs), columns=texts("stored.then").join(pairs))
    ] * any(pairs)


def _named(texts: Texts, counts: Mapping[str, int]) -> str:
    """Name the first words that no rule knows, each with how many rows say it."""
    named = [
        texts("imports.offence_times", text=text, n=n)
        for text, n in list(counts.items())[:N_OFFENCES]
    ]
    return ", ".join(named)


def _early(texts: Texts, early: EarlyRows, *, do: str) -> list[str]:
    """Say which rows are older than the wards, what became of them, and what to do."""
    facts = {
        "division": early.division,
        "valid_from": texts.day(early.valid_from),
        "oldest": texts.day(early.oldest_on),
    }
    counts = {"refused": early.n_refused, "by_point": early.n_by_point}
    said = [texts(f"imports.early_{what}", n=n, **facts) for what, n in counts.items() if n]
    # typed into a command, or told as the reader writes days
    day = early.oldest_on.isoformat() if do == "imports.early_do" else texts.day(early.oldest_on)
    return [*said, texts(do, division=early.division, day=day)]


def refusal(
    texts: Texts, rejection: Rejection, *, sheet_starts: Mapping[str, int] | None = None
) -> str:
    """Say why a row was refused, with the column and what stood there, where one is to blame.

    Of sheets that were read together the row's own sheet and number there are said.

    Examples
    --------
    >>> refusal(Texts("en"), Rejection(file_row=2, reason="bad_date", column="Day", value="99/99"))
    'row 2: the date cannot be read. “Day” is “99/99”.'
    >>> refusal(Texts("en"), Rejection(file_row=3, reason="no_place"))
    'row 3: no place: coordinates or a ward are needed.'
    """
    own = f"cli.reason.{rejection.reason}"  # with the command's options
    reason = texts(own if texts.has(own) else f"reason.{rejection.reason}")
    row = row_name(rejection.file_row, sheet_starts or {})
    column, value = rejection.column, rejection.value
    if column and value:
        return texts("cli.refused_value", row=row, reason=reason, column=column, value=value)
    if column:
        return texts("cli.refused_blank", row=row, reason=reason, column=column)
    return texts("cli.refused_row", row=row, reason=reason)


def _readings(texts: Texts, report: ImportReport) -> list[str]:
    """Say how days and decimals were read, column by column."""
    settled = report.conventions
    said = []
    for name, convention in {**settled.date_orders, **settled.decimals}.items():
        reading = texts(
            f"cli.read_{convention.basis}",
            column=report.mapping.get(name, name),
            reading=texts(f"imports.reading.{convention.value}"),
            n=convention.n_for,
        )
        against = convention.n_against
        said.append(f"{reading} {texts('imports.against', n=against)}" if against else reading)
    return said


def _parts(texts: Texts, parts: Mapping[str, BatchCounts]) -> list[str]:
    return [
        texts(
            "cli.import_part",
            layer=texts(f"imports.layer.{layer}"),
            n=part.n_rows,
            accepted=part.n_accepted,
            updated=part.n_updated,
            duplicates=part.n_duplicates,
            rejected=part.n_rejected,
        )
        for layer, part in parts.items()
    ]


REJECTED_FORMATS = (".csv", ".xlsx")


def check_rejected_name(path: Path | None) -> None:
    """Check, before anything is done, that refused rows can be written under this name.

    Raises
    ------
    UnsupportedFormatError
        It ends neither in .csv nor in .xlsx.
    """
    if path is not None and path.suffix.casefold() not in REJECTED_FORMATS:
        raise UnsupportedFormatError(file=path.name, suffix=path.suffix, allowed=REJECTED_FORMATS)


def write_rejected(
    texts: Texts, report: ImportReport, path: Path, suggestions: Mapping[int, Suggestion]
) -> None:
    """Write the refused rows with reasons and suggestions, to be set right and brought in again."""
    from dashboard.importing_page import refusals

    is_csv = path.suffix.casefold() == ".csv"
    write = refusals.as_csv if is_csv else refusals.as_xlsx
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write(texts, report, suggestions))
