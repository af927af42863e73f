"""The sentence about a before/after result that may be quoted, and the one that may not.

Pure: an answer and the reader's language in, plain sentences out, without markup.
"""

from __future__ import annotations

import math

from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.texts import Texts

HUNDRED = 100


def may_quote(say: Texts, found: EvaluationAnswer, *, name: str) -> str:
    """Give what a leader may say: the verdict with its interval and how often it is wrong here.

    Parameters
    ----------
    say
        The reader's language.
    found
        The result.
    name
        What was evaluated, in words.
    """
    local, outcome = found.local, found.verdict.outcome
    if outcome == "cannot_tell" or local is None:
        return _silence(say, found, name=name)
    words = say(
        f"effect.quote_{outcome}",
        name=name,
        months=say("effect.quote_months", n=found.request.months),
        change=say.percent(abs(local.change)),
        low=_signed(say, local.low),
        high=_signed(say, local.high),
    )
    rate = None if found.badge is None else found.badge.false_alarm_rate
    if rate is None:
        return words
    return f"{words} {say('effect.quote_alarms', alarms=round(HUNDRED * rate))}"


def may_not_quote(say: Texts, found: EvaluationAnswer) -> str:
    """Give what a leader may not say, and why."""
    compared = found.comparison
    before, after = compared.treated.n_before, compared.treated.n_after
    raw = after / before - 1 if before else 0.0
    if found.verdict.outcome == "rose":
        return say("effect.quote_not_rose")
    if raw >= 0:
        return say("effect.quote_not_useless")
    key = "quote_not_fell" if found.verdict.outcome == "fell" else "quote_not_raw"
    return say(f"effect.{key}", change=say.percent(-raw))


def _silence(say: Texts, found: EvaluationAnswer, *, name: str) -> str:
    words = say("effect.quote_cannot_tell", name=name)
    fall = math.nan if found.local is None else found.local.smallest_detectable_fall
    if not (math.isfinite(fall) and fall < 1):
        return words
    return f"{words} {say('effect.quote_detectable', fall=say.percent(fall))}"


def _signed(say: Texts, share: float) -> str:
    text = say.percent(share)
    return f"+{text}" if round(HUNDRED * share) > 0 else text
