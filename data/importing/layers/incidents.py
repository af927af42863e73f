"""Incidents: when, where, what.

The usual rows are read all at once (:mod:`data.importing.layers.incident_columns`), the others one
by one (:mod:`data.importing.layers.incident_rows`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data import offences
from data.folding import fold, fold_ward
from data.importing import known
from data.importing.cases import known_cases, same_events, standing_facts
from data.importing.cases.incident_keys import keyed
from data.importing.cases.settled_rows import Settled
from data.importing.cell_codes import coded
from data.importing.errors import NoDateColumnError, NoPlaceColumnError, NoWardsLoadedError
from data.importing.files.uncollected import uncollected
from data.importing.layers import (
    incident_columns,
    incident_rows,
    unknown_outcomes,
    wards_in_words,
)
from data.importing.layers.blank_wards import BlankWards
from data.importing.layers.incident_columns import Usual
from data.importing.layers.incident_rows import Candidate, Ledger
from data.importing.locating import (
    places,
    placing,
    remembered_places,
    told_places,
    whereabouts,
)
from data.importing.locating.places import Gazetteer, UnknownWardError
from data.importing.locating.placing import Placement
from data.importing.open_questions import Places
from data.importing.records import Checked, Draft, Options, Row, RowRefusedError
from data.progress import EVERY, tell
from data.row_columns import ColumnRows, Listed
from data.rows import Rejection
from data.store import Store


def check(draft: Draft, store: Store, *, today: date, options: Options | None = None) -> Checked:
    """Check incidents row by row.

    Parameters
    ----------
    draft
        A file mapped as incidents.
    store
        The store whose wards and zone count.
    today
        Days after it are refused.
    options
        ``source`` and the answers to what was asked are used here.

    Raises
    ------
    NoDateColumnError, NoPlaceColumnError
        No column tells when, or where.
    NoWardsLoadedError
        The store has no wards to place incidents in.
    """
    options = options or Options()
    _check_columns(draft)
    gazetteer = places.load(store)
    if not gazetteer.divisions:
        raise NoWardsLoadedError(layer=draft.layer, day=today)
    ledger = Ledger(
        gazetteer=gazetteer,
        zone=ZoneInfo(store.properties.timezone),
        today=today,
        source=options.source,
    )
    as_of = store.version  # before anything is read
    with uncollected():
        return replace(_checked(draft, store, ledger, options), today=today, as_of=as_of)


def _checked(draft: Draft, store: Store, ledger: Ledger, options: Options) -> Checked:
    gazetteer = ledger.gazetteer
    blanks = BlankWards(draft)
    book_wards = _book_wards(draft, gazetteer)
    draft = wards_in_words.held(draft, ledger)
    usual = incident_columns.read(draft, ledger)
    refused: list[Rejection] = []
    candidates: dict[int, Candidate] = {}
    others = np.flatnonzero(~usual.is_usual).tolist()
    for n_done, place in enumerate(others, start=draft.n_rows - len(others)):
        if n_done % EVERY == 0:
            tell("check", n_done, draft.n_rows)
        try:
            candidates[place] = incident_rows.read(draft.row(place), ledger)
        except RowRefusedError as error:
            refused.append(error.rejection)
    tell("locate", 0, draft.n_rows)
    told_places = _told_places(candidates.values(), store, gazetteer, options)
    answered = _answered(told_places)
    settled: dict[int, Settled] = {}
    n_of_unknown = n_of_place = 0
    n_in_other_ward = int(usual.is_in_other_ward.sum())
    n_usual = draft.n_rows - len(candidates)
    for n_done, (place, placement) in enumerate(_placed(candidates, draft, gazetteer), n_usual):
        if n_done % EVERY == 0:
            tell("locate", n_done, draft.n_rows)
        row = candidates[place].row
        located = told_places.located.get(row.file_row)
        try:
            is_by_place = located is not None and located.is_ward_found
            if located is not None and is_by_place and row.file_row not in answered:
                blanks.check(place, candidates[place], located)
            settled[place] = incident_rows.settle(candidates[place], placement, located, ledger)
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            n_of_place += is_by_place
            n_of_unknown += _is_of_unknown_division(row, gazetteer)
            n_in_other_ward += candidates[place].named not in {
                None,
                settled[place].content["ward_code"],
            }
    tell("match", 0)
    rows, as_told = _put_together(draft, usual, settled)
    known_by = keyed(
        rows,
        as_told,
        store,
        answers=options.number_answers,
        file_sha256=draft.file_sha256,
        fields=frozenset(draft.mapping),
        asks_again=options.asks_again,
    )
    kept = standing_facts.filled(
        known_by.rows,
        known_by.otherwise,
        store,
        fields=frozenset(draft.mapping),
        answered=answered,
    )
    found = same_events.sort_out(
        kept,
        store,
        answers=options.event_answers,
        has_units="unit" in draft.mapping,
        asked=known_by.asked,
        again=_asked_again(kept, draft, store, options),
    )
    n_unknown_outcomes, named_outcomes = unknown_outcomes.count(draft)
    return Checked(
        draft=blanks.with_both(draft),
        rows=found.rows,
        rejections=tuple(sorted(refused, key=lambda rejection: rejection.file_row)),
        n_unclassified=kept.values("category").count(offences.UNCLASSIFIED),
        n_other_division=int((usual.is_usual & usual.is_of_other_division).sum())
        + _n_other_division(settled.values(), gazetteer),
        n_unknown_outcomes=n_unknown_outcomes,
        unknown_outcomes=named_outcomes,
        n_ward_only=kept.values("location_quality").count("ward"),
        notes=known.some(
            {
                "division_not_loaded": n_of_unknown,
                "ward_of_place": n_of_place,
                "point_in_other_ward": n_in_other_ward,
                "said_twice": known_by.n_said_twice(),
                "perhaps_known": sum(q.n_rows for q in known_by.questions if q.holds_back),
            }
        ),
        book_wards=book_wards,
        places=told_places,
        events=found.questions,
        numbers=known_by.questions,
        same_events=found.same,
        retired=known_by.retired,
        same_cases=known_by.same_cases,
        early=whereabouts.early(
            ((c.row, c.interval.starts_at.date()) for c in candidates.values()), gazetteer
        ),
    )


def _asked_again(rows: ColumnRows, draft: Draft, store: Store, options: Options) -> Container[str]:
    """Give the keys of rows that the very same file brought, where it is to be asked once more."""
    if not options.asks_again:
        return ()
    return known_cases.brought_by(store, rows.values("row_key"), draft.file_sha256)


def _answered(told: Places) -> set[int]:
    """Give the rows whose place a person told."""
    return {
        file_row
        for question in told.questions
        if question.answer is not None
        for file_row in question.file_rows
    }


def _put_together(
    draft: Draft, usual: Usual, settled: Mapping[int, Settled]
) -> tuple[ColumnRows, dict[int, Mapping[str, Any]]]:
    """Put the rows that are right into the order of the file, and beside them what they told.

    That only of rows which are kept otherwise than they told.
    """
    is_right = usual.is_usual.copy()
    is_right[np.array(list(settled), dtype=np.intp)] = True
    places = np.flatnonzero(is_right)
    columns = {**usual.columns, "file_row": Listed(draft.file_rows)}
    contents = {place: {**one.content, "file_row": one.file_row} for place, one in settled.items()}
    rows = ColumnRows(draft.n_rows, columns, contents).take(places)
    place_of = np.cumsum(is_right) - 1
    return rows, {
        int(place_of[place]): one.as_told
        for place, one in settled.items()
        if one.as_told is not one.content
    }


def _check_columns(draft: Draft) -> None:
    fields = draft.mapping.keys()
    if not fields & {"date", "datetime"}:
        raise NoDateColumnError(file=draft.file_name, headings=list(draft.headings))
    ways = (
        {"ward"}, {"ward_code"}, {"longitude", "latitude"}, {"x_north", "y_east"}, {"place"},
        {"street"}, {"position"},
    )  # fmt: skip
    if not any(way <= fields for way in ways):
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))


def _placed(
    candidates: Mapping[int, Candidate], draft: Draft, gazetteer: Gazetteer
) -> Iterator[tuple[int, Placement | None]]:
    """Hold all points of a division against its wards at once."""
    for division in gazetteer.divisions:
        mine = {
            place: (c.position, c.named)
            for place, c in candidates.items()
            if c.division is division and c.position is not None
        }
        yield from zip(
            mine,
            placing.place(
                [position for position, _ in mine.values()],
                [named for _, named in mine.values()],
                division=division,
                crs=draft.crs or gazetteer.metric_crs,
                metric_crs=gazetteer.metric_crs,
            ),
            strict=True,
        )
    yield from ((place, None) for place, c in candidates.items() if c.position is None)


def _told_places(
    candidates: Iterable[Candidate],
    store: Store,
    gazetteer: Gazetteer,
    options: Options,
) -> Places:
    """Place the rows that have no coordinates by what they say of their place."""
    told = [
        told_places.Told(
            file_row=c.row.file_row,
            texts=said,
            division=c.division,
            named=c.named,
            salt=f"{c.content['case_id'] or ''}|{c.interval.starts_at.isoformat()}",
        )
        for c in candidates
        if c.position is None
        and (c.named is not None or not whereabouts.names_ward(c.row))
        and c.row.text("location_quality") != "ward"  # somebody left it there
        and (said := told_places.texts(c.row))
    ]
    if not told:
        return Places()
    directory = told_places.read_directory(store, gazetteer)
    found = told_places.locate(
        told,
        directory,
        gazetteer,
        answers=options.place_answers,
        remembered=remembered_places.recall(store, source=options.source),
    )
    return replace(found, source=options.source or "")


def _n_other_division(settled: Iterable[Settled], gazetteer: Gazetteer) -> int:
    return sum(
        gazetteer.on(one.content["starts_at"].date()).name != one.content["division"]
        for one in settled
    )


def _is_of_unknown_division(row: Row, gazetteer: Gazetteer) -> bool:
    name = row.text("division")
    return name is not None and fold(name) not in {fold(d.name) for d in gazetteer.divisions}


def _book_wards(draft: Draft, gazetteer: Gazetteer) -> dict[str, str | None]:
    """Name the wards that a book tells of its rows, each with the text that does."""
    found: dict[str, str | None] = {}
    for told in coded(draft.cells.get("ward", ())).different if draft.is_ward_of_book else ():
        try:
            division, code = gazetteer.named(str(told), among=gazetteer.divisions)
        except UnknownWardError:  # two wards, or none of the city: such rows are refused
            continue
        name = division.names[division.codes.index(code)]
        found[name] = draft.ward_sources.get(fold_ward(str(told)))
    return found
