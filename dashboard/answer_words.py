"""What the command says of coverage, a month and an evaluation: short lines and tables."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.trends import ALL
from dashboard.carried_words import carried_over
from dashboard.printing import print_lines, print_table
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.evaluation import EvaluationAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts


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
