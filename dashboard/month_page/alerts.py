"""The month's alerts: each opens to its incidents on the map, and can be cleared with a reason."""

from __future__ import annotations

import streamlit as st

from analysis import trends
from analysis.errors import VongLauError
from dashboard import alert_words, layout, messages, session
from dashboard.month_page import to_map
from dashboard.questions import month_alerts
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_alerts import Alert
from data.clearances import LONGEST_REASON
from data.store import current_actor

MOST_IN_SIGHT = 6
"""More alerts than these are folded away: the page's table names them all."""


def smallest_rises(found: MonthAnswer) -> list[str]:
    """Say the smallest rises that would have been caught, for the page's foot."""
    told = alert_words.sensitivity_line(
        session.say(), month_alerts.sensitivity(found), escape=layout.plain
    )
    return [told] if told else []


def draw_alerts(found: MonthAnswer) -> bool:
    """Draw the alerts, those that nobody cleared first; tell whether there were any."""
    alerts = month_alerts.listed(session.store(), found)
    if not alerts:
        return False
    open_ones = [alert for alert in alerts if alert.clearance is None]
    cleared = [alert for alert in alerts if alert.clearance is not None]
    say = session.say()
    with st.container(border=True):
        layout.section(say("month.alerts_title"), say("month.alerts_note"))
        for alert in open_ones[:MOST_IN_SIGHT]:
            _draw_alert(found, alert)
        if more := open_ones[MOST_IN_SIGHT:]:
            with st.expander(say("month.more_alerts", n=len(more))):
                for alert in more:
                    _draw_alert(found, alert)
        if cleared:
            with st.expander(say("month.cleared_title", n=len(cleared))):
                for alert in cleared:
                    _draw_alert(found, alert)
    return True


def _draw_alert(found: MonthAnswer, alert: Alert) -> None:
    say = session.say()
    name = f"{alert.key.ward_code} {alert.key.category}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(alert_words.alert_line(say, alert, escape=layout.plain), width="stretch")
        if st.button(
            say("month.alert_map"),
            key=f"alert map {name}",
            icon=":material/map:",
            on_click=_choose_on_map,
            args=(found, alert),
        ):
            st.switch_page(to_map.MAP)
        if month_alerts.is_clearable(found, alert.row):
            _draw_clearing(found, alert, name)
    told = alert_words.clearance_line(
        say, alert, zone=session.properties().timezone, escape=layout.plain
    )
    if told:
        st.caption(told)


def _draw_clearing(found: MonthAnswer, alert: Alert, name: str) -> None:
    say = session.say()
    word = "clear" if alert.clearance is None else "reopen"
    with st.popover(say(f"month.{word}")), st.form(f"clearing {name}", border=False):
        reason = st.text_area(
            say("month.reason"),
            key=f"reason {name}",
            max_chars=LONGEST_REASON,
            help=say("month.reason_help"),
        )
        if st.form_submit_button(say(f"month.{word}_do")):
            _keep(found, alert, reason, is_cleared=alert.clearance is None)


def _keep(found: MonthAnswer, alert: Alert, reason: str, *, is_cleared: bool) -> None:
    try:
        month_alerts.clear(
            session.store(),
            found,
            ward_code=alert.key.ward_code,
            category=alert.key.category,
            reason=reason,
            actor=current_actor(),
            is_cleared=is_cleared,
        )
    except VongLauError as error:
        st.error(messages.sentence(session.say(), error))
    else:
        st.rerun()


def _choose_on_map(found: MonthAnswer, alert: Alert) -> None:
    """Set the map's filters: the days of the month, the type and the ward of the alert."""
    key, asked = alert.key, found.request
    ward_code: str | None = key.ward_code
    if key.ward_code == trends.ALL:
        ward_code = asked.ward_codes[0] if len(asked.ward_codes) == 1 else None
    categories = asked.categories if key.category == trends.ALL else (key.category,)
    to_map.choose(found, categories, ward_code)
