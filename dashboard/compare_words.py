"""What the Compare page and the command say of two saved plans."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard.plan_page import amounts
from dashboard.questions.compare import CompareAnswer, Measure, Side
from dashboard.questions.plan_request import ALL, KINDS, OWN, PLACES, ZONES
from dashboard.texts import Texts
from data.folding import short_ward_name

EQUAL_SHARE = 5e-4
"""A difference below this is written as none."""

SHARES = ("target_share", "backup", "floor")
Escape = Callable[[str], str]


def labels(found: CompareAnswer, *, escape: Escape = str) -> tuple[str, str]:
    """Call the plans A and B, with their names."""
    return f"A · {escape(found.first.scenario.name)}", f"B · {escape(found.second.scenario.name)}"


def lead(
    say: Texts, found: CompareAnswer, *, currency: str, names: tuple[str, str] | None = None
) -> list[str]:
    """Say which plan shows more on the common ground, and which costs less.

    Parameters
    ----------
    say
        The reader's language.
    found
        The comparison.
    currency
        The store's.
    names
        What to call the plans; None: A and B with their names.
    """
    names = names or labels(found)
    said = []
    for measure in found.measures:
        sentence = _measured(say, measure, names)
        if measure.asked_by != "both":
            plan = names[0] if measure.asked_by == "first" else names[1]
            sentence = say("compare.as_asked", plan=plan, sentence=sentence)
        said.append(sentence)
    return [*said, _cost(say, found, names, currency)]


def grounds(say: Texts, found: CompareAnswer) -> list[str]:
    """Say on what ground both are measured, and what is not known of it."""
    day, mixes = say.day(found.request.on), [_mix(say, m.request.mix) for m in found.measures]
    if len(mixes) == 1:
        said = [say("compare.ground_both", day=day, mix=mixes[0])]
    else:
        said = [say("compare.ground_two", day=day, mix_first=mixes[0], mix_second=mixes[1])]
    missing = dict.fromkeys(part for measure in found.measures for part in measure.missing)
    if missing:
        parts = ", ".join(say(f"plan.part_{part}") for part in missing)
        said.append(say("compare.missing", parts=parts))
    return said


def differences(say: Texts, found: CompareAnswer, *, escape: Escape = str) -> str:
    """Say in which wishes the plans differ."""
    if not found.differences:
        return say("compare.same_wishes")
    words = _vocabulary(say, found)
    told = [
        say(
            "compare.differs_in",
            wish=say(f"compare.wish_{name}"),
            first=escape(_wish(say, name, first, words)),
            second=escape(_wish(say, name, second, words)),
        )
        for name, first, second in found.differences
    ]
    return say("compare.differs", differences="; ".join(told))


def changes(say: Texts, found: CompareAnswer, *, escape: Escape = str) -> list[str]:
    """Say what the store learned since each plan was saved, and which choices are lost by it."""
    said = []
    for label, side in zip(labels(found, escape=escape), (found.first, found.second), strict=True):
        if side.changes:
            layers = ", ".join(say(f"imports.layer.{layer}") for layer in side.changes)
            day = say.day(side.scenario.created_at)
            said.append(say("compare.changed", plan=label, day=day, layers=layers))
        lost = side.choices[side.choices["lost"] != ""]
        if len(lost):
            named = ", ".join(
                say(f"compare.lost_{why}", rank=f"#{rank}")
                for rank, why in zip(lost["rank"], lost["lost"], strict=True)
            )
            said.append(say("compare.lost", n=len(lost), plan=label, choices=named))
    return said


def has_lost(found: CompareAnswer) -> bool:
    """Tell whether a choice of either plan can no longer be carried out."""
    return any((side.choices["lost"] != "").any() for side in (found.first, found.second))


def figures(say: Texts, found: CompareAnswer, *, currency: str) -> list[tuple[str, ...]]:
    """Give the figures of both plans: what is counted, A, B."""
    sides = (found.first, found.second)
    counts = [side.count_by("kind") for side in sides]
    rows: list[tuple[str, ...]] = [
        (say("compare.row_choices"), *(say.number(len(side.choices)) for side in sides))
    ]
    for kind in KINDS:
        if any(kind in count for count in counts):
            one, two = (say.number(count.get(kind, 0)) for count in counts)
            rows.append((say(f"compare.row_{kind}"), one, two))
    rows += [
        (say("compare.row_models"), *(_models(side) for side in sides)),
        (say("compare.row_cost", currency=currency), *(_money(say, side) for side in sides)),
    ]
    for measure in found.measures:
        row = say("compare.row_share")
        if measure.asked_by != "both":
            row = say("compare.row_share_as", plan="A" if measure.asked_by == "first" else "B")
        rows.append((row, *(_share(say, v) for v in (measure.share_first, measure.share_second))))
    rows += [
        (say("compare.row_own"), *(_own(say, side, currency) for side in sides)),
        (say("compare.row_proof"), *(_proof(say, side) for side in sides)),
        (say("compare.row_saved"), *(say.day(side.scenario.created_at) for side in sides)),
    ]
    return rows


def wards(measure: Measure) -> pd.DataFrame:
    """Give the wards where the plans do not leave the same seen as today, in per cent.

    The wards that B serves better come first, those that A serves better last.

    Returns
    -------
    pandas.DataFrame
        ``ward``, ``before``, ``first``, ``second``, ``difference``, by ward code.
    """
    rows = measure.wards
    shown = pd.DataFrame(
        {
            "ward": rows["name"].map(short_ward_name),
            "before": 100 * rows["share_before"],
            "first": 100 * rows["share_first"],
            "second": 100 * rows["share_second"],
            "difference": 100 * (rows["share_second"] - rows["share_first"]),
        }
    )
    gained = shown[["first", "second"]].sub(shown["before"], axis=0).abs().max(axis=1)
    return shown[gained >= 100 * EQUAL_SHARE].sort_values("difference", ascending=False)


def places(say: Texts, found: CompareAnswer) -> pd.DataFrame:
    """Give the places of both plans in the reader's words."""
    return pd.DataFrame(
        [
            {
                "where": say(f"compare.where_{row['where']}"),
                "kind": say(f"plan.kind_{row['kind']}"),
                "place": row["place_id"],
                "ward": "" if row["ward"] is None else short_ward_name(row["ward"]),
                "first": _camera(say, row, "first"),
                "second": _camera(say, row, "second"),
            }
            for row in found.places.to_dict("records")
        ],
        columns=["where", "kind", "place", "ward", "first", "second"],
    )


def _measured(say: Texts, measure: Measure, names: tuple[str, str]) -> str:
    shares = (measure.share_first, measure.share_second)
    if not all(math.isfinite(share) for share in shares):
        return say("compare.no_demand")
    before = say.percent(measure.share_before, 1)
    if abs(shares[1] - shares[0]) < EQUAL_SHARE:
        return say("compare.equal", first=names[0], second=names[1],
                   share=say.percent(shares[0], 1), before=before)  # fmt: skip
    better = int(shares[1] > shares[0])
    return say(
        "compare.more",
        better=names[better],
        other=names[1 - better],
        share=say.percent(shares[better], 1),
        share_other=say.percent(shares[1 - better], 1),
        points=say.number(100 * abs(shares[1] - shares[0]), 1),
        before=before,
    )


def _cost(say: Texts, found: CompareAnswer, names: tuple[str, str], currency: str) -> str:
    costs = (found.first.cost, found.second.cost)
    if costs[0] is None or costs[1] is None:
        return say("compare.unknown_cost")
    if costs[0] == costs[1]:
        return say("compare.same_cost")
    amount = amounts.money(say, abs(costs[0] - costs[1]), currency)
    return say("compare.cheaper", cheaper=names[int(costs[1] < costs[0])], amount=amount)


def _mix(say: Texts, mix: Sequence[tuple[str, float]]) -> str:
    whole = sum(weight for _, weight in mix) or math.nan
    return ", ".join(
        f"{say(f'plan.part_{part}')} {say.percent(weight / whole)}"
        for part, weight in mix
        if weight > 0
    )


def _vocabulary(say: Texts, found: CompareAnswer) -> dict[str, str]:
    """Give the reader's words for the codes that wishes are made of."""
    wards = found.measures[0].wards["name"].map(short_ward_name)
    asked = (found.first.request, found.second.request)
    categories = {
        code
        for request in asked
        for code in (*request.categories, *(code for code, _ in request.category_weights))
    }
    return {
        **{str(code): str(name) for code, name in wards.items()},
        **{code: say(f"category.{code}") for code in categories if say.has(f"category.{code}")},
        **{kind: say(f"plan.kind_{kind}") for kind in KINDS},
        **{place: say(f"plan_page.places_{place}") for place in PLACES},
        **{zone: say(f"plan_page.use_{zone}") for zone in ZONES},
        ALL: say("compare.all_word"),
        OWN: say("plan_page.source_own"),
    }


def _wish(  # noqa: PLR0911  one kind of wish after the other
    say: Texts,
    name: str,
    value: Any,  # noqa: ANN401  a field can be anything
    words: Mapping[str, str],
) -> str:
    """Write a wish as a reader expects it."""
    if value is None or value == ():
        return say("compare.not_set")
    if name == "mix":
        return _mix(say, value)
    if name in {"objective", "level"}:
        return say(f"compare.objective_{value}" if name == "objective" else f"level.{value}")
    if isinstance(value, bool):
        return say("compare.yes_word" if value else "compare.no")
    if isinstance(value, date):
        return say.day(value)
    if name in SHARES:
        return say.percent(value, 1)
    if isinstance(value, int | float):
        return _number(say, value)
    if name == "hours":
        return "–".join(_number(say, hour) for hour in value)
    if isinstance(value, tuple):
        return ", ".join(_item(say, item, words) for item in value)
    return words.get(str(value), str(value))


def _item(say: Texts, item: Any, words: Mapping[str, str]) -> str:  # noqa: ANN401  as above
    if isinstance(item, tuple):
        return " ".join(_item(say, part, words) for part in item)
    if isinstance(item, int | float):
        return _number(say, item, most=5)
    return words.get(str(item), str(item))


def _number(say: Texts, value: float, most: int = 1) -> str:
    """Write a number with no more decimals than it has.

    Examples
    --------
    >>> [_number(Texts("en"), value, most=5) for value in (4e6, 105.776)]
    ['4,000,000', '105.776']
    """
    written = f"{value:.{most}f}".rstrip("0").rstrip(".")
    return say.number(value, len(written.partition(".")[2]))


def _models(side: Side) -> str:
    counts = side.count_by("model")
    bought = side.choices[side.choices["kind"] == "install"]["model"].dropna()
    return ", ".join(f"{n} × {m}" for m, n in bought.value_counts().items()) if counts else "–"


def _money(say: Texts, side: Side) -> str:
    return say("compare.unknown") if side.cost is None else say.number(side.cost)


def _share(say: Texts, share: float) -> str:
    return say.percent(share, 1) if math.isfinite(share) else "–"


def _own(say: Texts, side: Side, currency: str) -> str:
    result = side.scenario.result
    if result["value"] is None:
        return "–"
    if result["objective"] == "least_cost":
        return amounts.money(say, result["value"], currency)
    sign = "+" if result["objective"] == "most" else ""
    return f"{sign}{say.percent(result['value'], 1)}"


def _proof(say: Texts, side: Side) -> str:
    result = side.scenario.result
    if result["status"] == "optimal":
        return say("compare.proven")
    gap = result["gap_share"]
    return say("compare.unknown") if gap is None else say.percent(gap, 2)


def _camera(say: Texts, row: Mapping[Any, Any], side: str) -> str:
    rank, model, bearing = (row[f"{name}_{side}"] for name in ("rank", "model", "bearing"))
    if rank is None or pd.isna(rank):
        return ""
    words = [f"#{int(rank)}"]
    if model is not None and not pd.isna(model):
        words.append(str(model))
    if bearing is not None and not pd.isna(bearing):
        words.append(f"{say.number(bearing)}°")
    return " ".join(words)
