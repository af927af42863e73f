"""What the command says of coverage, a month and an evaluation: short lines and tables."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.columns import WORKING_STATES
from analysis.trends import ALL
from dashboard.level_words import level_sentence
from dashboard.printing import print_lines, print_table
from dashboard.questions import coverage
from dashboard.questions.coverage import CoverageAnswer
from dashboard.questions.month import MonthAnswer
from dashboard.questions.what_if import WATCHED, WhatIf
from dashboard.reports.bare_words import unmarked
from dashboard.sentences import month_warnings
from dashboard.texts import Texts


def print_coverage(texts: Texts, found: CoverageAnswer) -> None:
    """Print the ward table, the city, the gaps, and the cameras out of order."""

    def share(value: float) -> str:
        return texts.share(value, 1) if math.isfinite(value) else texts("cli.none")

    def row(name: str, of: Any) -> list[str]:  # noqa: ANN401  a row of a pandas table
        return [
            name,
            share(of["covered_street_share"]),
            share(of["covered_incident_share"]),
            share(of["covered_installed_incident_share"]),
            share(of["covered_gate_share"]),
            share(of["covered_population_share"]),
            share(of["covered_area_share"]),
            texts.number(of["n_cameras_good"]),
            texts.number(of["n_cameras_working"]),
            texts.number(of["n_cameras_installed"]),
        ]

    columns = ("ward", "streets", "incidents", "if_all_worked", "gates", "people", "area", "good",
               "working", "installed")  # fmt: skip
    rows = [row(of["name"], of) for _, of in found.table.iterrows()]
    rows.append(row(texts("common.city"), found.total))
    request = found.request
    print_lines(
        texts(
            "cli.coverage",
            day=texts.day(request.on),
            level=request.level,
            light=texts("coverage.light_night" if request.night else "coverage.light_day"),
            walls=texts("coverage.walls_hidden" if request.occlusion else "coverage.walls_open"),
        )
    )
    print_table([texts(f"cli.{column}") for column in columns], rows)
    print_lines(level_sentence(texts, request.level, edition=request.edition))
    low, high = (side["covered_incident_share"] for side in (found.certain, found.possible))
    if math.isfinite(low) and high > low:
        print_lines(texts("coverage.doubt", low=share(low), high=share(high)))
    print_lines(_plates(texts, found.cameras))
    _print_gaps(texts, found)
    _print_outages(texts, found)


LEAST_PLATE_M = 1.0
"""A plate that can be read less far away than this cannot be read from the street."""

N_OUTAGES_PRINTED = 20


def _plates(texts: Texts, cameras: pd.DataFrame) -> str:
    """Say how many working cameras can read a number plate, of a car and of a motorbike."""
    working = cameras[cameras["state"].isin(WORKING_STATES)]
    return texts(
        "coverage.plates",
        n=texts.number(len(working)),
        car=texts.number(int((working["plate_car_m"] >= LEAST_PLATE_M).sum())),
        motorbike=texts.number(int((working["plate_motorbike_m"] >= LEAST_PLATE_M).sum())),
    )


def _print_gaps(texts: Texts, found: CoverageAnswer) -> None:
    if found.gaps.empty:
        print_lines(texts("cli.no_gaps"))
        return
    print_lines(texts("cli.gaps", n=len(found.gaps)))
    print_lines(f"({texts('coverage.gap_reach', m=round(found.gap_reach_m))})")
    names = found.table["name"]
    columns = ("rank", "ward", "per_year", "longitude", "latitude", "nearest", "closed_by")
    print_table(
        [texts(f"cli.{column}") for column in columns],
        [
            [
                str(gap.rank),
                names[gap.ward_code],
                texts.number(gap.n_incidents_per_year, 1),
                f"{gap.longitude:.5f}",
                f"{gap.latitude:.5f}",
                texts.number(gap.nearest_camera_m) if pd.notna(gap.nearest_camera_m) else "",
                "; ".join(gap.closed_by),
            ]
            for gap in found.gaps.itertuples()
        ],
    )


def _print_outages(texts: Texts, found: CoverageAnswer) -> None:
    if found.outages.empty:
        print_lines(texts("coverage.no_outage"))
        return
    if coverage.shows_nothing(found.outages):
        print_lines(texts("coverage.outages_show_nothing", n=len(found.outages)))
        return
    print_lines(texts("cli.outages", n=len(found.outages)))
    columns = ("cli.rank", "cli.camera", "cli.ward", "cli.per_year", "footage.outage_in_vain",
               "cli.street_m", "cli.repair_cost")  # fmt: skip
    print_table(
        [texts(column) for column in columns],
        [
            [
                str(of["rank"]),
                str(camera_id),
                str(of["ward"]),
                texts.number(of["n_incidents_per_year"], 1),
                texts.number(of["n_asked_in_vain"]),
                texts.number(of["street_length_m"]),
                texts.number(of["repair_cost"]) if pd.notna(of["repair_cost"]) else "",
            ]
            for camera_id, of in found.outages.head(N_OUTAGES_PRINTED).iterrows()
        ],
    )


def print_what_if(texts: Texts, tried: WhatIf) -> None:
    """Print what changes would do, ward by ward."""
    columns = [name for name in WATCHED if tried.total_change.notna()[name]]
    rows = [
        [str(of["name"]), *(texts.signed(float(of[name])) for name in columns)]
        for _, of in tried.change.iterrows()
    ]
    rows.append(
        [
            texts("common.city"),
            *(texts.signed(float(tried.total_change[name])) for name in columns),
        ]
    )
    print_lines(texts("cli.what_if", n=len(tried.edits)))
    print_table([texts("cli.ward"), *(texts(f"cli.{name}") for name in columns)], rows)


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
    for said in month_warnings(texts, found):
        print_lines(unmarked(said))
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
