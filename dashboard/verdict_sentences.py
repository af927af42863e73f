"""Sentences on a before/after comparison that page and command share.

Which may be quoted, which may not, and what to be careful about.
"""

from __future__ import annotations

from datetime import date

from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.texts import Texts


def quotes(say: Texts, found: EvaluationAnswer) -> tuple[str, str]:
    """Give the sentence that may be quoted, and the one that may not with the reason why."""
    return _may_quote(say, found), _may_not_quote(say, found)


def warnings(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Say what should make the reader careful with this very comparison, and by how much."""
    return [
        say(
            f"verdict_caution.{caution.code}",
            **{name: _said(say, name, value) for name, value in caution.facts.items()},
        )
        for caution in found.cautions
    ]


def cautions(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Say that nobody has measured how often the test is wrong here, while that is so."""
    return [] if found.badge is not None else [say("effect.badge_why")]


def signed_percent(say: Texts, share: float) -> str:
    """Write a change as a percentage with its sign.

    Examples
    --------
    >>> signed_percent(Texts("en"), -0.12), signed_percent(Texts("en"), 0.5)
    ('−12%', '+50%')
    """
    text = say.percent(share)
    return f"+{text}" if round(100 * share) > 0 else text


def _may_quote(say: Texts, found: EvaluationAnswer) -> str:
    local, day = found.local, say.day(found.installed_on)
    if local is None:
        return say(_key("quote_nothing", found), day=day)
    if found.verdict.outcome == "cannot_tell":
        if local.cannot_tell:  # its interval means nothing then
            return say(_key("quote_nothing", found), day=day)
        return say(
            _key("quote_cannot_tell", found),
            day=day,
            low=signed_percent(say, local.low),
            high=signed_percent(say, local.high),
        )
    near, far = sorted((abs(local.low), abs(local.high)))
    return say(
        _key(f"quote_{found.verdict.outcome}", found),
        day=day,
        n=round(local.observed),
        expected=say.number(local.expected),
        change=say.percent(abs(local.change)),
        near=say.percent(near),
        far=say.percent(far),
    )


def _may_not_quote(say: Texts, found: EvaluationAnswer) -> str:
    local, parts = found.local, found.raw_change
    outcome = found.verdict.outcome
    if outcome == "rose":
        return say(_key("misquote_cause_rose", found))
    is_raw_fall = parts is not None and parts.raw_change is not None and parts.n_fewer > 0
    if is_raw_fall and local is not None and parts is not None and local.expected < local.before:
        return say(
            _key("misquote_raw", found),
            raw=say.percent(parts.n_fewer / local.before),
            before=say.number(local.before),
            n=round(local.observed),
            expected=say.number(local.expected),
        )
    if outcome == "fell" and local is not None:
        return say(
            _key("misquote_city", found),
            change=say.percent(abs(local.change)),
            n=found.request.months,
        )
    return say(_key("misquote_none", found))


def _key(name: str, found: EvaluationAnswer) -> str:
    """Name a sentence; one that speaks of no camera where none was asked about."""
    is_without = found.n_cameras == 0 and found.request.kind in {"area", "programme"}
    return f"effect.{name}_change" if is_without else f"effect.{name}"


def _said(say: Texts, name: str, value: object) -> object:
    if isinstance(value, date):
        return say.day(value)
    if name == "fields" and isinstance(value, tuple):
        return ", ".join(say(f"registered_field.{field}") for field in value)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float):
        return signed_percent(say, value) if name == "change" else say.percent(value)
    return value
