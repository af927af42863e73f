"""What the command prints: one JSON object for scripts, short lines and a table for people."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.trends import ALL
from dashboard import border_words
from dashboard.carried_words import carried_over
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.evaluation import EvaluationAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts
from data.importing import ImportReport


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object; a number that does not exist is null."""
    json.dump(plain(answer), sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911  a JSON value can be anything
    """Turn records, days and numpy numbers into what JSON knows; NaN and infinity become None.

    Examples
    --------
    >>> plain({"on": date(2024, 1, 31), "share": float("nan"), "n": np.int64(3)})
    {'on': '2024-01-31', 'share': None, 'n': 3}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or value is pd.NA:
        return None
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, Sequence | np.ndarray | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def print_lines(*lines: str) -> None:
    """Print sentences, one a line."""
    sys.stdout.write("\n".join(lines) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def report_as_json(report: ImportReport) -> dict[str, Any]:
    """Give an import's report under its stable keys."""
    return {
        "batch": report.batch,
        "n_rows": report.n_rows,
        "n_accepted": report.n_accepted,
        "n_updated": report.n_updated,
        "n_duplicates": report.n_duplicates,
        "n_rejected": report.n_rejected,
        "n_skipped": report.n_skipped,
        "n_unclassified": report.n_unclassified,
        "mapping": dict(report.mapping),
        "dropped_personal": list(report.dropped_personal),
        "ignored": list(report.ignored),
        "rejected": [
            {"row": r.file_row, "column": r.column, "reason": r.reason, "value": r.value}
            for r in report.rejected
        ],
        "findings": border_words.as_json(report.findings),
    }


def print_report(
    texts: Texts, report: ImportReport, *, as_json: bool, rejected_file: Path | None
) -> None:
    """Print what became of a file, and write its refused rows where asked."""
    if rejected_file is not None:
        write_rejected(texts, report, rejected_file)
    if as_json:
        print_json(report_as_json(report))
        return
    print_lines(
        texts(
            "cli.import_counts",
            n=report.n_rows,
            accepted=report.n_accepted,
            updated=report.n_updated,
            duplicates=report.n_duplicates,
            rejected=report.n_rejected,
        )
    )
    if report.batch is not None:
        print_lines(texts("cli.import_batch", batch=report.batch))
    if report.findings:
        print_lines(*border_words.lines(texts, report.findings))
    if report.dropped_personal:
        print_lines(texts("cli.dropped_personal", headings=", ".join(report.dropped_personal)))
    for r in report.rejected[:20]:
        print_lines(
            texts(
                "cli.rejected_row",
                row=r.file_row,
                column=r.column or "",
                value=r.value or "",
                reason=texts(f"reason.{r.reason}"),
            )
        )
    if len(report.rejected) > 20:
        print_lines(texts("cli.more_rejected", n=len(report.rejected) - 20))


def write_rejected(texts: Texts, report: ImportReport, path: Path) -> None:
    """Write the refused rows with their reasons as CSV that a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([texts(f"imports.{name}") for name in ("row", "column", "value", "reason")])
        for r in report.rejected:
            writer.writerow([r.file_row, r.column, _harmless(r.value), texts(f"reason.{r.reason}")])


def _harmless(value: str | None) -> str | None:
    """Keep a spreadsheet from running what a file brought in."""
    return f"'{value}" if value and value[0] in "=+-@\t\r" else value


def print_coverage(texts: Texts, found: CoverageAnswer) -> None:
    """Print the ward table, the city, and the gaps."""

    def share(value: float) -> str:
        return texts.percent(value, 1) if math.isfinite(value) else texts("cli.none")

    def row(name: str, of: Any) -> list[str]:  # noqa: ANN401  a row of a pandas table
        return [
            name,
            share(of["covered_street_share"]),
            share(of["covered_incident_share"]),
            share(of["covered_area_share"]),
            texts.number(of["n_cameras_working"]),
            texts.number(of["n_cameras_installed"]),
        ]

    columns = ("ward", "streets", "incidents", "area", "working", "installed")
    rows = [row(of["name"], of) for _, of in found.table.iterrows()]
    rows.append(row(texts("common.city"), found.total))
    print_lines(texts("cli.coverage", day=texts.day(found.request.on), level=found.request.level))
    print_table([texts(f"cli.{column}") for column in columns], rows)
    if found.gaps.empty:
        print_lines(texts("cli.no_gaps"))
        return
    print_lines(texts("cli.gaps", n=len(found.gaps)))
    names = found.table["name"]
    print_table(
        [
            texts(f"cli.{column}")
            for column in ("rank", "ward", "per_year", "longitude", "latitude")
        ],
        [
            [
                str(gap.rank),
                names[gap.ward_code],
                texts.number(gap.n_incidents_per_year, 1),
                f"{gap.longitude:.5f}",
                f"{gap.latitude:.5f}",
            ]
            for gap in found.gaps.itertuples()
        ],
    )


def print_month(texts: Texts, found: MonthAnswer) -> None:
    """Print the sums of each ward and type, and the alerts."""
    table = found.table
    print_lines(
        texts(
            "cli.month",
            month=texts.month(found.request.month),
            n=round(found.city["n"]),
            low=texts.number(found.city["low"]),
            high=texts.number(found.city["high"]),
            alerts=len(found.alerts),
            false_alarms=texts.number(found.expected_false_alarms, 2),
        )
    )
    for said in carried_over(texts, found.carried, division=found.division):
        print_lines(said)
    columns = ("type", "month_n", "interval", "last_month", "last_year", "rate")
    print_table(
        [texts(f"cli.{column}") for column in columns],
        [
            _month_row(texts, texts(f"category.{of['category']}"), of)
            for _, of in table[table["ward_code"] == ALL].iterrows()
        ],
    )
    print_lines("")
    print_table(
        [texts(f"cli.{column}") for column in ("ward", *columns[1:])],
        [
            _month_row(texts, of["name"], of)
            for _, of in table[(table["category"] == ALL) & (table["ward_code"] != ALL)].iterrows()
        ],
    )


def _month_row(texts: Texts, name: str, of: Any) -> list[str]:  # noqa: ANN401  a pandas row
    def known(value: float) -> str:
        return texts("cli.none") if pd.isna(value) else texts.number(value)

    return [
        name,
        texts.number(of["n"]),
        f"{texts.number(of['low'])}–{texts.number(of['high'])}",
        known(of["n_last_month"]),
        known(of["n_same_month_last_year"]),
        texts.number(of["rate_per_10k"], 2) if math.isfinite(of["rate_per_10k"]) else "",
    ]


def print_evaluation(texts: Texts, found: EvaluationAnswer) -> None:
    """Print the counts, the ratio and the verdict in words."""
    result = found.comparison
    print_lines(
        texts(f"verdict.{result.verdict}"),
        texts(
            "cli.evaluated",
            installed=texts.day(found.installed_on),
            treated_before=result.treated.n_before,
            treated_after=result.treated.n_after,
            control_before=result.control.n_before,
            control_after=result.control.n_after,
        ),
    )
    if result.rirr is not None and result.rirr_low is not None and result.rirr_high is not None:
        print_lines(
            texts(
                "cli.rirr",
                ratio=texts.number(result.rirr, 2),
                low=texts.number(result.rirr_low, 2),
                high=texts.number(result.rirr_high, 2),
            )
        )
    for reason in result.reasons:
        print_lines(texts(f"verdict_reason.{reason}"))
    print_lines(texts("cli.not_calibrated"))
