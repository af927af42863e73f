"""What the words of a place mean, as a person said once: kept for the next file that says them.

A place in doubt is asked about in the words of the file, inside the ward that its rows name. The
answer is kept with where it led to, so that the same words in the same ward have the same place
next month, and a file that comes again is known as it stands. It holds for its own source first;
where that never said anything, for the words as the last person of any source understood them.
What is told this time wins, and is what is known from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from data import tables
from data.importing.open_questions import AT_WARD, PlaceQuestion, Places
from data.masking import MARK
from data.store import Store, Transaction

_TABLE = tables.remembered_places


@dataclass(frozen=True, kw_only=True)
class RememberedPlace:
    """An answer and where it led to.

    Parameters
    ----------
    answer
        The key of the candidate that was chosen, or ``AT_WARD``.
    kind, name, quality, longitude, latitude
        Of that candidate, WGS84; None of ``AT_WARD``.
    actor, remembered_at
        Who said so, and when.
    """

    answer: str
    kind: str | None
    name: str | None
    quality: str | None
    longitude: float | None
    latitude: float | None
    actor: str
    remembered_at: datetime


def recall(store: Store, *, source: str | None) -> dict[str, RememberedPlace]:
    """Give the last answer to each question, by its key.

    Parameters
    ----------
    store
        The store that remembers.
    source
        Whose file it is: then its own answers win over those of others.
    """
    names = ("answer", "kind", "name", "quality", "longitude", "latitude", "actor",
             "remembered_at")  # fmt: skip
    is_own = _TABLE.c.source == (source or "")
    with store.read() as connection:
        lines = connection.execute(
            sa.select(_TABLE.c.question, *(_TABLE.c[name] for name in names)).order_by(
                is_own, _TABLE.c.remembered_id
            )
        )
        return {  # a later line takes the place of an earlier one
            line["question"]: RememberedPlace(**{name: line[name] for name in names})
            for line in lines.mappings()
        }


def remember(transaction: Transaction, places: Places) -> None:
    """Keep what was told about places this time; the same once more adds nothing.

    Words out of which a name or a number was taken may mean another house the next time: what they
    mean is not kept.

    Parameters
    ----------
    transaction
        The change in progress.
    places
        What was asked, with the answers.
    """
    told = {
        question.key: kept
        for question in places.questions
        if question.remembered is None and MARK not in question.text
        if (kept := _kept(question)) is not None
    }
    if not told:
        return
    table = _TABLE
    lines = transaction.connection.execute(
        sa.select(table).where(table.c.source == places.source).order_by(table.c.remembered_id)
    )
    known = {line["question"]: {n: line[n] for n in _NAMES} for line in lines.mappings()}
    fresh = {key: kept for key, kept in told.items() if known.get(key) != kept}
    if not fresh:
        return
    transaction.connection.execute(
        sa.insert(table),
        [
            {
                "source": places.source,
                "question": key,
                **kept,
                "remembered_at": datetime.now(UTC),
                "actor": transaction.actor,
            }
            for key, kept in fresh.items()
        ],
    )
    transaction.record("remember_places", n_places=len(fresh))


_NAMES = ("answer", "kind", "name", "quality", "longitude", "latitude")


def _kept(question: PlaceQuestion) -> Mapping[str, str | float | None] | None:
    """Give an answer as it is kept; None where there is none, or it is no candidate."""
    if question.answer == AT_WARD:
        return {**dict.fromkeys(_NAMES), "answer": AT_WARD}
    chosen = next((one for one in question.choices if one.key == question.answer), None)
    if chosen is None:
        return None
    return {"answer": chosen.key, **{name: getattr(chosen, name) for name in _NAMES[1:]}}
