"""The bulletin's buttons: the letter in one click, its other forms behind a second one."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.questions.bulletin import BulletinRequest
from dashboard.reports import bulletin
from data.store import current_actor

ICONS = {"pptx": ":material/slideshow:", "xlsx": ":material/table_chart:"}


def draw(month: date) -> None:
    """Offer the bulletin of the whole city's month; it is made when it is asked for."""
    say = session.say()
    _offer(
        "pdf",
        month,
        label=say("bulletin.button"),
        icon=":material/description:",
        help_=say("bulletin.button_help"),
        is_primary=True,
    )


def draw_other_forms(month: date) -> None:
    """Offer the bulletin as slides and as a workbook."""
    for form in ("pptx", "xlsx"):
        _offer(form, month, label=session.say()(f"bulletin.button_{form}"), icon=ICONS[form])


def _offer(
    form: bulletin.Form,
    month: date,
    *,
    label: str,
    icon: str,
    help_: str | None = None,
    is_primary: bool = False,
) -> None:
    request = BulletinRequest(month=month, today=session.today())
    st.download_button(
        label,
        partial(
            bulletin.export,
            session.store(),
            session.say(),
            request,
            form=form,
            actor=current_actor(),
        ),
        file_name=bulletin.file_name(month, form),
        mime=bulletin.MIMES[form],
        type="primary" if is_primary else "secondary",
        icon=icon,
        help=help_,
        on_click="ignore",
        key=f"bulletin {form}",
    )
