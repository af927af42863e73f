"""The saved plans as a list on the page: take one back, put it back, adopt it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import houses, layout, messages, session
from dashboard.ground import Stored
from dashboard.questions import adoption as question
from dashboard.questions import field, plan_request
from dashboard.questions.plan_request import PlanRequest
from dashboard.reports import field_sheet
from dashboard.texts import Texts
from data import adoption, scenarios
from data.store import Store, current_actor

SAID = "compare_said"
A_YEAR = timedelta(days=365)


def draw(put_back: Callable[[PlanRequest, str], None] | None = None) -> None:
    """Draw the list behind its button.

    Parameters
    ----------
    put_back
        Takes a saved request into the form; None where there is no form.
    """
    say = session.say()
    with st.popover(say("compare.saved_list"), icon=":material/list:", width="content"):
        said = st.session_state.pop(SAID, None)
        if said is not None:
            (st.success if said[0] else st.error)(said[1])
        store = session.store()
        rows = question.list_plans(store)
        gone = question.list_plans(store, is_undone=True)
        if not (rows or gone):
            st.caption(say("compare.none_saved"))
            return
        by_number = {row["scenario_id"]: row for row in [*rows, *gone]}
        number = st.selectbox(
            say("compare.choose_plan"),
            list(by_number),
            format_func=lambda n: say("compare.option", scenario=str(n), name=by_number[n]["name"]),
            key="compare_plan",
        )
        if number is not None:
            is_undone = number in {row["scenario_id"] for row in gone}
            if put_back is not None and not is_undone:
                st.button(
                    say("compare.put_into_form"),
                    icon=":material/edit_note:",
                    key="compare_put_into_form",
                    on_click=_put_into_form,
                    args=(number, put_back),
                )
            draw_one(by_number[number], is_undone=is_undone)


def _put_into_form(number: int, put_back: Callable[[PlanRequest, str], None]) -> None:
    kept = scenarios.read(session.store(), number)
    put_back(plan_request.from_plain(kept.request), session.properties().currency)


def draw_one(row: dict[str, Any], *, is_undone: bool) -> None:
    """Draw what can be done with one plan."""
    say, store, number = session.say(), session.store(), int(row["scenario_id"])
    if is_undone:
        _button("put_back", lambda: scenarios.redo(store, number, actor=current_actor()),
                "redone", number)  # fmt: skip
        return
    st.download_button(
        say("field.button"),
        data=partial(sheet_bytes, number, store, say, session.today()),
        file_name=f"vong-lau-{number}.pdf",
        mime=field_sheet.PDF,
        icon=":material/print:",
        on_click="ignore",
    )
    if row["planned_on"] is not None:
        st.caption(
            say(
                "compare.adopted_for",
                day=say.day(row["planned_on"]),
                done=row["n_done"],
                n=row["n_choices"],
            )
        )
        _button("unadopt", lambda: adoption.unadopt(store, number, actor=current_actor()),
                "unadopted", number)  # fmt: skip
        return
    today = session.today()
    day = st.date_input(
        say("compare.adopt_for"),
        today + timedelta(days=90),
        min_value=today,
        format="DD/MM/YYYY",
        key="compare_day",
    )
    planned_on = day if isinstance(day, date) else today
    read_out = st.date_input(
        say("compare.read_out_on"),
        planned_on + A_YEAR,
        min_value=planned_on,
        format="DD/MM/YYYY",
        key=f"compare_read_out {planned_on}",  # a year on from another day is another day
        help=say("compare.read_out_help"),
    )
    with st.container(horizontal=True, gap="small"):
        if st.button(say("compare.adopt"), key="compare_adopt", type="primary"):
            _try(
                lambda: question.adopt(
                    store,
                    number,
                    planned_on=day,
                    today=today,
                    actor=current_actor(),
                    read_out_on=read_out,
                ),
                say("compare.has_adopted", name=layout.plain(row["name"]), n=row["n_choices"],
                    day=say.day(day)),
            )  # fmt: skip
        _button("take_back", lambda: scenarios.undo(store, number, actor=current_actor()),
                "undone", number)  # fmt: skip


def sheet_bytes(number: int, store: Store, say: Texts, day: date) -> bytes:
    """Give the field sheet of a saved plan; that it was taken is recorded.

    It is made when it is asked for, in a thread that knows nothing of the visit.
    """
    ground = houses.prepared(store.location, store.version)
    return field_sheet.export_sheet(
        store,
        say,
        field.of_saved(store, number, today=day, ground=ground),
        place=field_sheet.Place(properties=store.properties, ground=Stored(store), made_on=day),
        actor=current_actor(),
    )


def _button(key: str, do: Callable[[], object], done: str, number: int) -> None:
    say = session.say()
    if st.button(say(f"compare.{key}"), key=f"compare_{key}"):
        _try(do, say(f"compare.{done}", scenario=str(number)))


def _try(do: Callable[[], object], said: str) -> None:
    """Do it, and say on the next run what came of it."""
    try:
        do()
    except VongLauError as error:
        st.session_state[SAID] = (False, messages.sentence(session.say(), error))
    else:
        st.session_state[SAID] = (True, said)
    st.rerun()
