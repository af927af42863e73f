"""What nobody at the keyboard may let pass: columns that only their cells tell, and other lists.

A person sees in the preview that a list of people released was taken for a ledger. A folder that is
watched has no such person, so it takes what headings tell, or what somebody confirmed before.
"""

from __future__ import annotations

from data.importing.errors import KnownOtherwiseError, NothingToldError, UnconfirmedColumnsError
from data.importing.records import Checked, Draft, ImportReport, Options

PERHAPS_KNOWN = "perhaps_known"
"""The note of new rows that may tell again what the store knows."""

TELLING = frozenset({"offence", "article", "case_id"})
"""One of these columns tells that a list is one of incidents, and of which."""

_OF_WEIGHT = frozenset(
    {
        "date", "datetime", "time", "offence", "article", "ward", "ward_code", "position",
        "longitude", "latitude", "x_north", "y_east",
    }
)  # fmt: skip


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
        ``is_unattended`` and ``mapping`` are used here.
    is_confirmed
        Whether somebody said before what columns with these headings are.

    Raises
    ------
    UnconfirmedColumnsError
        Day, place or offence are guessed from cells alone.
    NothingToldError
        No column tells an offence, an article or the number of a case.
    """
    if not options.is_unattended or is_confirmed:
        return
    if draft.layer == "incidents" and draft.mapping.keys().isdisjoint({"date", "datetime"}):
        return  # refused for that, whoever looks at it
    guessed = [draft.mapping[name] for name in draft.by_contents if name in _OF_WEIGHT]
    if guessed:
        raise UnconfirmedColumnsError(file=draft.file_name, headings=guessed)
    if not options.mapping and not tells_what(draft):
        raise NothingToldError(file=draft.file_name)


def check_new(checked: Checked, options: Options) -> None:
    """Refuse a file that may tell again what the store knows, where nobody is there.

    Parameters
    ----------
    checked
        The file as it was checked.
    options
        ``is_unattended`` is used here.

    Raises
    ------
    KnownOtherwiseError
        Most of its new rows are like cases that are known by other numbers or books.
    """
    n = checked.notes.get(PERHAPS_KNOWN, 0)
    if options.is_unattended and n:
        raise KnownOtherwiseError(file=checked.draft.file_name, n=n)
