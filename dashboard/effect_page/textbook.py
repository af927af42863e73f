"""What the usual methods say about the same places, and why they flatter: a table in words.

Pure: an answer and the reader's language in, a table of words out.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from analysis import evaluation
from dashboard.effect_page import words
from dashboard.figures.effect_badge import hundred
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.texts import Texts

COLUMNS = ("method", "estimate", "interval", "p", "alarms")


def table(say: Texts, found: EvaluationAnswer) -> pd.DataFrame:
    """Lay the methods one below the other: ``method estimate interval p alarms``, all words."""
    rows = [_ratio(say, found), _difference(say, found), _harm(say, found), _two_way(say, found)]
    rows += [_waves(say, found), _by_lot(say, found)]
    return pd.DataFrame([row for row in rows if row is not None], columns=list(COLUMNS))


def columns(say: Texts) -> dict[str, Any]:
    """Give the headings of the table."""
    return {
        name: st.column_config.TextColumn(
            say(f"effect.textbook_{name}"),
            width="large" if name == "method" else "small",
            alignment="left" if name == "method" else "right",
        )
        for name in COLUMNS
    }


def why_they_flatter(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Say what each of the usual methods leaves out, and with which dispersion they reckon."""
    keys = ["flatter_heat", "flatter_noise", "flatter_choice"]
    if found.two_way is not None or found.group_time is not None:
        keys.append("flatter_waves")
    lines = [say(f"effect.{key}") for key in keys]
    compared = found.comparison
    if compared.dispersion is not None:
        phi, n = say.number(compared.dispersion, 2), compared.n_dispersion_places
        lines.append(say("effect.phi_here", phi=phi, n=n))
    if found.request.category_weights and found.harm_wdd is None:
        lines.append(say("effect.harm_unknown"))
    return lines


def waves_in_words(say: Texts, found: EvaluationAnswer) -> str:
    """Say the effect over all months since the cameras came."""
    if found.group_time is None or found.group_time.overall.ratio is None:
        return say("effect.no_waves_effect")
    overall = found.group_time.overall
    return say("effect.waves_overall", ratio=_interval_of(say, overall))


def _ratio(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    compared = found.comparison
    if compared.rirr is None or compared.rirr_low is None or compared.rirr_high is None:
        return None
    rate = None if found.badge is None else found.badge.false_alarm_rate_ratio
    return _row(
        say,
        say("effect.method_ratio"),
        say.number(compared.rirr, 2),
        (say.number(compared.rirr_low, 2), say.number(compared.rirr_high, 2)),
        p=compared.p_textbook,
        rate=rate,
    )


def _difference(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    wdd = found.comparison.wdd
    if wdd is None:
        return None
    rate = None if found.badge is None else found.badge.false_alarm_rate_difference
    return _row(
        say,
        say("effect.method_difference"),
        say.signed(wdd.estimate),
        (say.signed(wdd.low), say.signed(wdd.high)),
        rate=rate,
    )


def _harm(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    harm = found.harm_wdd
    if harm is None:
        return None
    name = say("effect.method_harm")
    return _row(say, name, say.signed(harm.estimate), (say.signed(harm.low), say.signed(harm.high)))


def _two_way(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    fit = found.two_way
    if fit is None or fit.status != "ok":
        return None
    ratio, low, high = (
        say.number(math.exp(float(of[0])), 2) for of in (fit.log_ratio, fit.low, fit.high)
    )
    return _row(say, say("effect.method_two_way"), ratio, (low, high), p=float(fit.p[0]))


def _waves(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    if found.group_time is None:
        return None
    overall = found.group_time.overall
    if overall.ratio is None or overall.low is None or overall.high is None:
        return None
    bounds = (say.number(overall.low, 2), say.number(overall.high, 2))
    name = say("effect.method_waves")
    return _row(say, name, say.number(overall.ratio, 2), bounds, p=overall.p)


def _by_lot(say: Texts, found: EvaluationAnswer) -> tuple[str, ...] | None:
    lot = found.permutation
    if lot is None or lot.expected <= 0:
        return None
    ratio = say.number(lot.observed / lot.expected, 2)
    return _row(say, say("effect.method_lot"), ratio, None, p=lot.p)


def _row(
    say: Texts,
    name: str,
    estimate: str,
    bounds: tuple[str, str] | None,
    *,
    p: float | None = None,
    rate: float | None = None,
) -> tuple[str, ...]:
    return (
        name,
        estimate,
        "" if bounds is None else say("effect.from_to", low=bounds[0], high=bounds[1]),
        "" if p is None else words.p_said(say, p),
        "" if rate is None else say("effect.of_hundred", n=hundred(rate)),
    )


def _interval_of(say: Texts, effect: evaluation.WaveEffect) -> str:
    if effect.ratio is None or effect.low is None or effect.high is None:
        return "–"
    ratio, low, high = (say.number(value, 2) for value in (effect.ratio, effect.low, effect.high))
    return f"{ratio} ({low}–{high})"
