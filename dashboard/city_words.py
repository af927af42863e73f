"""What the command says of stores: a new city, and the list of those there are."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from dashboard import messages
from dashboard.import_words import print_report, report_as_json
from dashboard.printing import print_lines, print_table
from dashboard.questions.holdings import KnownStore
from dashboard.texts import Texts
from data.founding import VIETNAM_TIME, Founding
from data.importing.values.moments import EARLIEST


def founding_as_json(found: Founding) -> dict[str, Any]:
    """Give a new city under stable keys: the properties, why, and the wards' import."""
    return {
        "store": found.store.location,
        **dataclasses.asdict(found.properties),
        "timezone_reason": found.timezone.reason,
        "timezone_is_doubtful": found.timezone.is_doubtful,
        "metric_crs_name": found.metric_system.name,
        "metric_crs_reason": found.metric_system.reason,
        "wards": report_as_json(found.wards),
    }


def print_founding(texts: Texts, found: Founding) -> None:
    """Print what was made, each property with its reason, and what comes next."""
    properties, zone, system = found.properties, found.timezone, found.metric_system
    print_lines(texts("cli.city_made", city=properties.city, store=found.store.location))
    print_report(texts, found.wards, as_json=False)
    print_lines(
        texts("cli.city_timezone", timezone=zone.name, reason=texts(f"cli.zone_{zone.reason}")),
        texts(
            "cli.city_crs",
            crs=system.crs,
            name=system.name,
            reason=texts(f"cli.system_{system.reason}"),
        ),
        texts("cli.city_language", language=texts(f"holdings.language_{properties.language}")),
        texts("cli.city_currency", currency=properties.currency),
        texts("cli.city_month", month=reporting_month(texts, properties.reporting_day)),
    )
    division = found.wards.division
    if zone.name == VIETNAM_TIME and division and division["valid_from"] == EARLIEST:
        print_lines(texts("cli.city_reform"))
    if zone.is_doubtful:
        print_lines(texts("cli.zone_doubtful", timezone=zone.name))
    print_lines(texts("cli.city_next"))


def reporting_month(texts: Texts, reporting_day: int) -> str:
    """Say on which day reporting months begin.

    Examples
    --------
    >>> reporting_month(Texts("en"), 1)
    'calendar month'
    """
    if reporting_day == 1:
        return texts("holdings.month_calendar")
    return texts("holdings.month_from", day=reporting_day)


def stores_as_json(found: Sequence[KnownStore]) -> dict[str, Any]:
    """Give the stores under stable keys; one that cannot be opened has an ``error``."""
    return {"stores": [_store_as_json(known) for known in found]}


def _store_as_json(known: KnownStore) -> dict[str, Any]:
    start = {"store": str(known.path), "kind": known.kind}
    if known.summary is None:
        return {**start, "error": known.error.code if known.error else None}
    return {**start, **dataclasses.asdict(known.summary)}


def print_stores(texts: Texts, found: Sequence[KnownStore]) -> None:
    """Print the stores as a table; those that cannot be opened in a sentence each."""
    if not found:
        print_lines(texts("cli.no_stores"))
        return
    columns = ("city", "kind", "wards", "cameras_n", "incidents", "last_day", "place")
    rows = [
        [
            known.summary.city,
            texts(f"cli.store_{'demo' if known.summary.is_simulated else known.kind}"),
            texts.number(known.summary.n_wards),
            texts.number(known.summary.n_cameras),
            texts.number(known.summary.n_incidents),
            texts.day(known.summary.last_day) if known.summary.last_day else texts("cli.none"),
            str(known.path),
        ]
        for known in found
        if known.summary is not None
    ]
    if rows:
        print_table([texts(f"cli.stores_{column}") for column in columns], rows)
    for known in found:
        if known.error is not None:
            print_lines(messages.sentence(texts, known.error))
