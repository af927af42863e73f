"""A before/after answer in the words of its page: what could be found out, and what stands beside.

Pure: an answer and the reader's language in, Markdown out. Figures are bold. The verdict itself,
and what was left out, are said by ``dashboard.verdict_words``.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import evaluation
from dashboard import verdict_words
from dashboard.figures.effect_badge import hundred
from dashboard.figures.effect_ratio import signed_percent
from dashboard.names import plain
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.texts import Texts

LEAST_P = 0.001


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure of the page: its name, the figure, and what stands beside it."""

    name: str
    figure: str
    beside: str
    help: str | None = None


def power(say: Texts, found: EvaluationAnswer) -> str:
    """Say what these places could show at all, from their past alone."""
    return foreseen(say, found.power)


def foreseen(say: Texts, known: evaluation.Power | None) -> str:
    """Say what places could show, and what would stand against any verdict about them."""
    if known is None or known.expected is None or known.smallest_detectable_fall is None:
        return say("effect.power_unknown")
    said = say(
        "effect.power",
        n=known.n_treated,
        months=known.months,
        expected=say.number(known.expected),
        fall=say.percent(known.smallest_detectable_fall),
    )
    against = [say(f"verdict_reason.{code}") for code in known.cannot_tell]
    return " ".join([said, *against])


def facts(say: Texts, found: EvaluationAnswer) -> list[Fact]:
    """Give the figures beside the verdict: counted, expected, made of, next door."""
    compared = found.comparison
    shown = [counted(say, verdict_words.ground_name(say, found, "treated"), compared.treated)]
    if found.local is not None:
        shown.append(_expected(say, found.local))
    if found.raw_change is not None:
        shown.append(_regression(say, found.raw_change))
    if compared.displacement is not None:
        name = verdict_words.ground_name(say, found, "displacement")
        shown.append(counted(say, name, compared.displacement))
    if compared.treated.rate_per_10k_before is not None:
        shown.append(_rates(say, compared))
    return shown


def counted(say: Texts, name: str, counts: evaluation.Counts) -> Fact:
    """Give the counts of a ground before and after."""
    before, after = say.number(counts.n_before), say.number(counts.n_after)
    beside = (
        signed_percent(say, counts.n_after / counts.n_before - 1)
        if counts.n_before >= verdict_words.LEAST_BASE
        else say("effect.small_base")
    )
    return Fact(name=name, figure=f"{before} → {after}", beside=beside)


def p_values(say: Texts, found: EvaluationAnswer) -> str:
    """Say the calibrated p-value first, then our own and the textbook's."""
    parts = []
    badge, local = found.badge, found.local
    if badge is not None and badge.p_calibrated is not None:
        parts.append(f"**{say('effect.p_calibrated', p=p_said(say, badge.p_calibrated))}**")
    if local is not None:
        parts.append(say("effect.p_local", p=p_said(say, local.p)))
    if found.comparison.p_textbook is not None:
        parts.append(
            f":gray[{say('effect.p_textbook', p=p_said(say, found.comparison.p_textbook))}]"
        )
    return " · ".join(parts)


def alarms(say: Texts, found: EvaluationAnswer) -> str:
    """Say how many of a hundred places without cameras each method calls a change."""
    badge = found.badge
    if badge is None or badge.false_alarm_rate_ratio is None:
        return say("effect.alarms_unknown")
    usual = hundred(badge.false_alarm_rate_ratio)
    if badge.false_alarm_rate is None:
        return say("effect.alarms_usual", usual=usual)
    return say("effect.alarms", ours=hundred(badge.false_alarm_rate), usual=usual)


def alarm_rows(say: Texts, found: EvaluationAnswer) -> list[tuple[str, float]]:
    """Name the methods of which the false alarms were measured, with their shares."""
    badge = found.badge
    if badge is None:
        return []
    rows = [
        (say("effect.method_local"), badge.false_alarm_rate),
        (say("effect.method_ratio"), badge.false_alarm_rate_ratio),
        (say("effect.method_difference"), badge.false_alarm_rate_difference),
    ]
    return [(name, rate) for name, rate in rows if rate is not None]


def alarms_note(say: Texts, found: EvaluationAnswer) -> str:
    """Say which places the false alarms were measured at, and how many sets of them."""
    badge = found.badge
    if badge is None:
        return ""
    return say(
        "effect.alarms_note",
        n=badge.n_sets,
        judged=badge.n_judged,
        rule=say(f"effect.placebo_{badge.rule}"),
        promised=say.percent(1 - badge.level),
    )


def raw_change(say: Texts, found: EvaluationAnswer) -> str:
    """Say what a report would claim, and how much of it was to be expected anyway."""
    parts = found.raw_change
    if parts is None or parts.raw_change is None or parts.expected_change is None:
        return say("effect.parts_unknown")
    change = signed_percent(say, parts.raw_change)
    expected = signed_percent(say, parts.expected_change)
    if parts.n_fewer <= 0:
        key = "parts_no_fall"
    elif parts.expected_change >= 0:
        key = "parts_would_rise"
    elif parts.n_by_regression > 0:
        key = "parts"
    else:
        key = "parts_city"
    fewer = say.number(parts.n_by_regression)
    return say(f"effect.{key}", change=change, expected=expected, regression=fewer)


def displacement(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Say what happened in the ring around the treated ground."""
    ring, counts = found.displacement_ratio, found.comparison.displacement
    if ring is None or counts is None:
        return [say("effect.ring_unknown")]
    if ring.ratio is None or ring.low is None or ring.high is None:
        before, after = say.number(counts.n_before), say.number(counts.n_after)
        return [say("effect.ring_zero", before=before, after=after)]
    key = "ring_more" if ring.low > 1 else "ring_fewer" if ring.high < 1 else "ring_unsure"
    change = signed_percent(say, ring.ratio - 1)
    low, high = (signed_percent(say, bound - 1) for bound in (ring.low, ring.high))
    lines = [say(f"effect.{key}", change=change, low=low, high=high)]
    if found.comparison.wdd is not None:
        wdd = found.comparison.wdd
        lines.append(
            say(
                "effect.ring_wdd",
                n=say.signed(wdd.estimate),
                low=say.signed(wdd.low),
                high=say.signed(wdd.high),
            )
        )
    if found.wdq is not None:
        if found.wdq.quotient is None:
            lines.append(say(f"effect.wdq_{found.wdq.status}"))
        else:
            lines.append(say("effect.wdq", q=say.number(found.wdq.quotient, 2)))
    return lines


def registered(say: Texts, found: EvaluationAnswer) -> str:
    """Say when and by whom the way of asking was fixed, or that it was not."""
    fixed = found.registered
    if fixed is None:
        return say("effect.not_registered")
    said = say(
        "effect.registered",
        number=str(fixed.registration_id),
        at=say.moment(fixed.registered_at),
        actor=plain(fixed.actor),
        day=say.day(fixed.read_out_on),
    )
    if fixed.parent_id is None:
        return said
    return f"{said} {say('effect.registered_parent', parent=str(fixed.parent_id))}"


def changed(say: Texts, found: EvaluationAnswer) -> str:
    """Say what is not as it was registered; empty where nothing is."""
    fixed = found.registered
    if fixed is None or not fixed.changes:
        return ""
    names = ", ".join(say(f"registered_field.{field}") for field in fixed.changes)
    return say("effect.registered_changed", fields=names)


def p_said(say: Texts, p: float) -> str:
    """Write a p-value: three decimals where it is small.

    Examples
    --------
    >>> en = Texts("en")
    >>> p_said(en, 0.5), p_said(en, 0.0432), p_said(en, 1e-9)
    ('0.50', '0.043', '< 0.001')
    """
    if p < LEAST_P:
        return f"< {say.number(LEAST_P, 3)}"
    return say.number(p, 3 if p < 0.1 else 2)


def _expected(say: Texts, local: evaluation.LocalComparison) -> Fact:
    bounds = [say.signed(local.expected * share) for share in (local.low, local.high)]
    return Fact(
        name=say("effect.fact_expected"),
        figure=say.number(local.expected),
        beside=say(
            "effect.fact_difference",
            n=say.signed(local.observed - local.expected),
            low=bounds[0],
            high=bounds[1],
        ),
        help=say("effect.fact_expected_help"),
    )


def _regression(say: Texts, parts: evaluation.RawChange) -> Fact:
    share = parts.expected_share
    if share is None:
        figure, key = "–", "fact_no_fall"
    elif share < 0:
        figure, key = say.percent(0), "fact_would_rise"
    else:
        figure, key = say.percent(share), "fact_of_fall"
    return Fact(
        name=say("effect.fact_anyway"),
        figure=figure,
        beside=say(f"effect.{key}"),
        help=say("effect.fact_anyway_help"),
    )


def _rates(say: Texts, compared: evaluation.Comparison) -> Fact:
    def said(counts: evaluation.Counts) -> str:
        pair = (counts.rate_per_10k_before, counts.rate_per_10k_after)
        return " → ".join("–" if rate is None else say.number(rate, 1) for rate in pair)

    return Fact(
        name=say("effect.rate"),
        figure=said(compared.treated),
        beside=say("effect.rate_control", rates=said(compared.control)),
    )
