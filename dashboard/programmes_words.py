"""What is said of programmes, tips, patrol hours and school gates, on the page and the command."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dashboard import funnel_words, patrol_words
from dashboard.questions.gates import GatesAnswer
from dashboard.questions.patrols import PatrolsAnswer
from dashboard.questions.programmes import ProgrammesAnswer
from dashboard.texts import Texts


def models_lead(say: Texts, found: ProgrammesAnswer) -> str:
    """Say how many programmes there are, and of which kinds."""
    kinds = found.kinds
    if kinds.empty:
        return say("programmes.none_chosen")
    parts = [
        say("programmes.of_kind", kind=_within_sentence(kind_name(say, str(kind))), count=int(n))
        for kind, n in kinds["n_programmes"].items()
    ]
    n_wards = found.table["ward_code"].dropna().nunique()
    return say("programmes.lead", n=len(found.table), wards=n_wards, kinds=", ".join(parts[:3]))


def kind_name(say: Texts, kind: str) -> str:
    """Give a kind's name; one that no catalogue knows as the file wrote it."""
    key = f"programmes.kind_{kind}"
    return say(key) if say.has(key) else kind


def tips_lead(say: Texts, found: ProgrammesAnswer) -> str:
    """Say how many tips came in and what became of them."""
    return funnel_words.became(
        say,
        found.tips,
        told="programmes.tips_lead",
        nothing="programmes.no_tips",
        since=found.since,
        until=found.request.on,
    )


def met(say: Texts, hours: PatrolsAnswer) -> str:
    """Say how much of what happened lies within the hours of patrol, and within each of them.

    It is more or less than even spreading gives only where neither chance nor the hours that are
    not known could turn it.
    """
    told = hours.within
    if not told.n:
        return say("programmes.no_hours")
    each = [
        say(
            "programmes.met_each",
            hours=patrol_words.write_hours([window]),
            share=say.percent(share.share, 1),
            day=say.percent(share.day_share, 1),
        )
        for window, share in zip(hours.request.windows, hours.windows, strict=True)
    ]
    verdict = "even"
    if min(told.low, told.least_share) > told.day_share:
        verdict = "more"
    elif max(told.high, told.most_share) < told.day_share:
        verdict = "less"
    return say(
        f"programmes.met_{verdict}",
        n=told.n,
        day=say.percent(told.day_share, 1),
        share=say.percent(told.share, 1),
        low=say.percent(told.low, 1),
        high=say.percent(told.high, 1),
        least=say.percent(told.least_share, 1),
        most=say.percent(told.most_share, 1),
        each="; ".join(each),
    )


def gates_lead(say: Texts, found: GatesAnswer) -> str:
    """Say how many gates there are, have a model, are seen, and lie in the dark at some hour."""
    gates = found.gates
    if gates.empty:
        return say("programmes.no_gates_here")
    dark = gates[gates["is_dark"]]
    return say(
        "programmes.gates_lead",
        n=len(gates),
        models=int(gates["has_model"].sum()),
        wards=int(gates.loc[gates["has_model"], "ward_code"].nunique()),
        seen=int(gates["is_seen"].sum()),
        dark=len(dark),
        seen_dark=int(dark["is_seen_dark"].sum()),
        day=say.day(found.request.on),
    )


def ratio_words(say: Texts, found: GatesAnswer) -> str:
    """Say how much denser traffic incidents are at the hours, near gates and elsewhere."""
    rows = found.groups.to_dict("index")
    near, far = rows["near"], rows["elsewhere"]
    if not near["n_in"] + near["n_out"]:
        return say("programmes.gates_nothing_near", metres=f"{found.request.radius_m:.0f}")
    return say(
        "programmes.gates_ratio",
        metres=f"{found.request.radius_m:.0f}",
        inside=int(near["n_in"]),
        outside=int(near["n_out"]),
        ratio=times(say, near),
        elsewhere=times(say, far),
    )


def times(say: Texts, row: Mapping[Any, Any]) -> str:
    """Write a ratio with its interval; a dash where there is none."""
    if math.isnan(row["ratio"]):
        return "–"
    ends = [say.number(row[end], 1) if math.isfinite(row[end]) else "∞" for end in ("low", "high")]
    value = say.number(row["ratio"], 1) if math.isfinite(row["ratio"]) else "∞"
    return f"{value} ({ends[0]}–{ends[1]})"


def _within_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]
