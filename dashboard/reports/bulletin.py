"""The bulletin handed out: as a letter, as slides or as a workbook, with an audit row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

from dashboard.files import CannotWriteError
from dashboard.questions import bulletin as question
from dashboard.questions.bulletin import Bulletin, BulletinRequest
from dashboard.reports.bulletin_letter import Letterhead
from dashboard.texts import Texts
from data.errors import UnsupportedFormatError
from data.store import Store

Form = Literal["pdf", "pptx", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)

MIMES: dict[Form, str] = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(month: date, form: Form) -> str:
    """Name the file by its month.

    Examples
    --------
    >>> file_name(date(2024, 11, 1), "pdf")
    'vonglau-2024-11-bulletin.pdf'
    """
    return f"vonglau-{month:%Y-%m}-bulletin.{form}"


def form_of(path: Path) -> Form:
    """Tell the form from a file's ending.

    Raises
    ------
    UnsupportedFormatError
        It is none of ``FORMS``.

    Examples
    --------
    >>> form_of(Path("Thang 11.PPTX"))
    'pptx'
    """
    suffix = path.suffix.casefold()
    if suffix[1:] not in FORMS:
        allowed = tuple(f".{form}" for form in FORMS)
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=allowed)
    return cast("Form", suffix[1:])


def made(
    store: Store, say: Texts, found: Bulletin, *, form: Form, letterhead: Letterhead | None = None
) -> bytes:
    """Make the bulletin in one of its forms.

    Parameters
    ----------
    store
        The store that the figures are of.
    say
        The reader's language.
    found
        The figures.
    form
        ``pdf``, ``pptx`` or ``xlsx``.
    letterhead
        Who writes and who signs the letter; what the environment says when not given.
    """
    if form == "pdf":
        from dashboard.reports import bulletin_pdf

        head = letterhead or Letterhead.asked_for()
        return bulletin_pdf.letter(store, say, found, letterhead=head)
    if form == "pptx":
        from dashboard.reports import bulletin_pptx

        return bulletin_pptx.slides(store, say, found)
    from dashboard.reports import bulletin_xlsx

    return bulletin_xlsx.workbook(store, say, found)


def record(store: Store, month: date, form: Form, *, actor: str) -> None:
    """Write into the audit that a bulletin was handed out."""
    with store.begin(actor=actor) as transaction:
        transaction.record("export", layer="bulletin", format=form, month=f"{month:%Y-%m}")


def export(store: Store, say: Texts, request: BulletinRequest, *, form: Form, actor: str) -> bytes:
    """Gather a month's figures and hand them out in one form."""
    content = made(store, say, question.answer(store, request), form=form)
    record(store, request.month, form, actor=actor)
    return content


def write(
    store: Store, say: Texts, found: Bulletin, path: Path, *, letterhead: Letterhead, actor: str
) -> None:
    """Write the bulletin to a file, and record who took it.

    Raises
    ------
    UnsupportedFormatError
        The file's ending is none of ``FORMS``.
    CannotWriteError
        The place cannot be written.
    """
    form = form_of(path)
    content = made(store, say, found, form=form, letterhead=letterhead)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CannotWriteError(file=str(path)) from error
    record(store, found.request.month, form, actor=actor)
