"""Who pays: each source with its money and what it pays for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.plan_page import amounts, fields
from dashboard.questions.plan_request import KINDS, OWN

MOST = 6

Source = tuple[str, float, tuple[str, ...]]


def draw(wards: pd.Series[str]) -> tuple[Source, ...]:
    """Draw the sources of money; those that have a name and an amount.

    None: money comes from anywhere.
    """
    say = session.say()
    st.caption(say("plan_page.funding_hint"))
    n = fields.number("sources", label=say("plan_page.sources"), default=0, limits=(0, MOST))
    found = [_source(k, wards) for k in range(1, int(n or 0) + 1)]
    return tuple(source for source in found if source is not None)


def _source(k: int, wards: pd.Series[str]) -> Source | None:
    say, currency = session.say(), session.properties().currency
    left, right = st.columns(2, gap="xsmall")
    with left:
        name = fields.words(f"source{k}", label=say("plan_page.source_name", k=k))
    with right:
        money = fields.number(
            f"source{k}_money",
            label=amounts.column_name(say, currency),
            default=None,
            step=50,
        )
    words = {kind: say(f"plan.kind_{kind}") for kind in KINDS} | {OWN: say("plan_page.source_own")}
    scope = fields.several(
        f"source{k}_for",
        [*words, *wards.sort_values().index],
        label=say("plan_page.source_for"),
        nothing=say("plan_page.source_all"),
        say=lambda code: words.get(code, str(wards.get(code, code))),
    )
    if not name or money is None:
        return None
    return name, money * amounts.unit(currency), scope
