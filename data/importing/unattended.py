"""What nobody at the keyboard may let pass: columns that only their cells tell, and other lists.

A person sees in the preview that a list of people released was taken for a ledger. A folder that is
watched has no such person, so it takes what headings tell, or what somebody confirmed before. A
command that shows nothing before it writes takes no list either that does not say what happened.
"""

from __future__ import annotations

from data.importing.errors import (
    NothingToldError,
    RowsBesideError,
    TablesBesideError,
    UnconfirmedColumnsError,
)
from data.importing.records import Draft, ImportReport, Options

TELLING = frozenset({"offence", "article", "case_id"})
"""One of these columns tells that a list is one of incidents, and of which."""

_OF_WEIGHT = frozenset(
    {
        "date", "datetime", "time", "offence", "article", "ward", "ward_code", "position",
        "longitude", "latitude", "x_north", "y_east",
    }
)  # fmt: skip

_OTHER_TABLES = ("sheets_alike", "tables_unread")
"""Notes that count tables which were not read and fit, first among those not read."""


def tells_what(read: Draft | ImportReport) -> bool:
    """Tell whether a column says what happened, or which case a row is; True of other layers."""
    return read.layer != "incidents" or not TELLING.isdisjoint(read.mapping)


def check(draft: Draft, options: Options, *, is_confirmed: bool) -> None:
    """Refuse a file that a person has to look at first, where nobody is there.

    Parameters
    ----------
    draft
        The file as it was read.
    options
        ``is_unattended``, ``must_tell_what``, ``dry_run``, ``mapping``, ``sheet`` and
        ``header_row`` are used here.
    is_confirmed
        Whether somebody said before what columns with these headings are.

    Raises
    ------
    UnconfirmedColumnsError
        Day, place or offence are guessed from cells alone.
    NothingToldError
        No column tells an offence, an article or the number of a case.
    RowsBesideError
        Above or below the table there are rows that were not read, and nobody said which to read.
    TablesBesideError
        So are other tables of the file that fit.
    """
    is_told = options.sheet is not None or options.header_row is not None
    if draft.are_rows_beside and options.is_unattended and not is_told:
        raise RowsBesideError(file=draft.file_name, row=draft.header_row)
    others = draft.unread[: sum(draft.notes.get(kind, 0) for kind in _OTHER_TABLES)]
    if others and options.is_unattended and not is_told:
        raise TablesBesideError(file=draft.file_name, tables=others)
    if is_confirmed:
        return
    if draft.layer == "incidents" and draft.mapping.keys().isdisjoint({"date", "datetime"}):
        return  # refused for that, whoever looks at it
    guessed = [draft.mapping[name] for name in draft.by_contents if name in _OF_WEIGHT]
    if guessed and options.is_unattended:
        raise UnconfirmedColumnsError(file=draft.file_name, headings=guessed)
    is_taken_as_it_is = options.is_unattended or (options.must_tell_what and not options.dry_run)
    if is_taken_as_it_is and not options.mapping and not tells_what(draft):
        raise NothingToldError(file=draft.file_name)
