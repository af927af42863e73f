"""The choices: a table in order of help, and for the one looked at, why it is in the plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import layout, session, tables
from dashboard.plan_page import amounts, kept, words
from dashboard.questions.plan import PlanAnswer
from dashboard.texts import Texts
from data.folding import short_ward_name

KINDS = {"install": "blue", "repair": "orange", "reaim": "green"}


def table(say: Texts, found: PlanAnswer, *, currency: str) -> pd.DataFrame:
    """Give the choices in order of help: what, where, what it newly sees, what it costs."""
    choices, seen = found.choices, found.choices["newly_seen"]
    return pd.DataFrame(
        {
            "rank": choices["rank"],
            "kind": [[_doing(say, kind)] for kind in choices["kind"]],
            "place": choices["site_id"].fillna(choices["camera_id"]),
            "ward": choices["ward"].map(short_ward_name),
            "adds": [say.number(100 * share, 2) for share in choices["newly_covered"]],
            "cost": [_units(say, float(cost), currency) for cost in choices["cost"]],
            "why": [words.briefly_seen(say, amounts_seen) for amounts_seen in seen],
        }
    )


def table_columns(say: Texts, *, kinds: list[str], currency: str) -> Mapping[str, Any]:
    """Say the columns of :func:`table`."""
    config = st.column_config
    return {
        "rank": config.NumberColumn("#", width=30),
        "kind": config.MultiselectColumn(
            say("plan.col_kind"),
            options=[_doing(say, kind) for kind in kinds],
            color=[KINDS[kind] for kind in kinds],
            width=76,
        ),
        "place": config.TextColumn(say("plan.col_place"), width=86),
        "ward": config.TextColumn(say("plan.col_ward"), width=86),
        "adds": config.TextColumn(
            say("plan_page.adds"), width=52, alignment="right", help=say("plan_page.adds_help")
        ),
        "cost": config.TextColumn(
            amounts.heading(say, currency),
            width=58,
            alignment="right",
            help=amounts.column_name(say, currency),
        ),
        "why": config.TextColumn(say("plan_page.newly_sees"), width=150),
    }


def draw(found: PlanAnswer) -> None:
    """Draw the table; a row that is picked is looked at, on the map and below."""
    say, visit = session.say(), kept.visit()
    currency = session.properties().currency
    kinds = [kind for kind in KINDS if (found.choices["kind"] == kind).any()]
    first = [] if visit.rank is None else [visit.rank - 1]
    picked = st.dataframe(
        table(say, found, currency=currency),
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        key=f"plan_choices {visit.n_picks} {id(found)}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": first}},
        column_config=table_columns(say, kinds=kinds, currency=currency),
        placeholder="",
        alt=say("plan_page.choices_alt"),
    )
    rows = picked["selection"]["rows"] if isinstance(picked, dict) else []
    rank = int(found.choices["rank"].iloc[rows[0]]) if rows else None
    if rank != visit.rank:
        kept.put(rank=rank)
        st.rerun()


def pick(rank: int) -> None:
    """Look at a choice that was clicked on the map; the page runs once more."""
    visit = kept.visit()
    if rank != visit.rank:
        kept.put(rank=rank, n_picks=visit.n_picks + 1)
        st.rerun()


def explain(found: PlanAnswer) -> None:
    """Say of the choice looked at why it is in the plan."""
    say, visit = session.say(), kept.visit()
    if visit.rank is None:
        st.caption(say("plan_page.pick_one"))
        return
    row: dict[Any, Any] = found.choices.loc[found.choices["rank"] == visit.rank].to_dict("records")[
        0
    ]
    with st.container(border=True, gap="xsmall"):
        st.markdown(title(say, row))
        currency = session.properties().currency
        said = [
            layout.keep_together(reason) for reason in reasons(say, row, found, currency=currency)
        ]
        st.markdown("\n".join(f"- {reason}" for reason in said))


def title(say: Texts, row: Mapping[Any, Any]) -> str:
    """Name a choice: what is done, where, and which way it looks."""
    place = row["site_id"] if row["kind"] == "install" else row["camera_id"]
    words_ = [_doing(say, row["kind"]), layout.plain(str(place))]
    if not pd.isna(row["model"]):
        words_.append(layout.plain(str(row["model"])))
    facts = [layout.plain(str(row["ward"])), words.bearing(say, float(row["bearing_deg"]))]
    if math.isfinite(row["range_m"]):
        facts.append(say("scene.range", range=say.number(float(row["range_m"]))))
    return f"**{row['rank']} · {' '.join(words_)}** · {' · '.join(facts)}"


def reasons(say: Texts, row: Mapping[Any, Any], found: PlanAnswer, *, currency: str) -> list[str]:
    """Say what a choice newly sees, what it sees for the second time, and what it costs."""
    seen = _amounts(say, row, found)
    said = [
        say(
            "plan_page.why_new",
            share=say.percent(row["newly_covered"], 2),
            amounts=", ".join(seen) if seen else say("plan_page.nothing_new"),
        )
    ]
    if row["no_longer_covered"] > 0:
        lost = say.percent(row["no_longer_covered"], 2)
        said.append(say("plan_page.why_lost", share=lost))
    if row["doubled"] > 0:
        said.append(say("plan_page.why_doubled", share=say.percent(row["doubled"], 2)))
    if row["tour_covered"] > 0:
        said.append(say("plan_page.why_tour", share=say.percent(row["tour_covered"], 2)))
    said.append(
        say(
            "plan_page.why_ward",
            ward=layout.plain(str(row["ward"])),
            before=layout.share(say, float(row["ward_share_before"])),
            after=layout.share(say, float(row["ward_share_after"])),
        )
    )
    if not pd.isna(row["nearest_camera_id"]):
        m = say.number(float(row["nearest_camera_m"]))
        said.append(
            say("plan_page.why_near", camera=layout.plain(str(row["nearest_camera_id"])), m=m)
        )
    cost = float(row["cost"])
    if math.isfinite(cost):
        said.append(say("plan_page.why_cost", cost=amounts.money(say, cost, currency)))
    else:
        said.append(say("plan_page.why_cost_unknown"))
    return said


def _amounts(say: Texts, row: Mapping[Any, Any], found: PlanAnswer) -> list[str]:
    return [
        words.newly_seen(say, subject, float(row["newly_seen"][subject]), found.basis.request)
        for subject in words.ORDER
        if row["newly_seen"].get(subject, 0.0) > 0
    ]


def _units(say: Texts, cost: float, currency: str) -> str:
    """Write a cost in the unit of its column.

    Examples
    --------
    >>> _units(Texts("vi"), 21_500_000, "VND"), _units(Texts("en"), 21_000_000, "VND")
    ('21,5', '21.0')
    """
    if not math.isfinite(cost):
        return "–"
    unit = amounts.unit(currency)
    return say.number(cost / unit, 1 if unit > 1 else 0)


def _doing(say: Texts, kind: str) -> str:
    return say(f"plan.kind_{kind}").capitalize()
