"""What the command says of a before/after comparison, and of what one could show."""

from __future__ import annotations

from dashboard import verdict_sentences
from dashboard.printing import print_lines
from dashboard.questions.evaluation import EvaluationAnswer, PowerAnswer
from dashboard.texts import Texts

LEAST_P = 0.001


def print_evaluation(texts: Texts, found: EvaluationAnswer) -> None:
    """Print the verdict, what it rests on, what may be quoted, and what to be careful about."""
    compared, local = found.comparison, found.local
    print_lines(
        " ".join(
            [
                texts(f"verdict.{found.verdict.outcome}"),
                *(texts(f"verdict_reason.{reason}") for reason in found.verdict.reasons),
            ]
        ),
        texts(
            "cli.evaluated",
            installed=texts.day(found.installed_on),
            treated_before=compared.treated.n_before,
            treated_after=compared.treated.n_after,
            control_before=compared.control.n_before,
            control_after=compared.control.n_after,
        ),
    )
    if local is not None:
        print_lines(
            texts(
                "cli.local",
                expected=texts.number(local.expected),
                n=round(local.observed),
                change=verdict_sentences.signed_percent(texts, local.change),
                low=verdict_sentences.signed_percent(texts, local.low),
                high=verdict_sentences.signed_percent(texts, local.high),
                p=p_said(texts, local.p),
            )
        )
    _print_beside(texts, found)
    may, may_not = verdict_sentences.quotes(texts, found)
    print_lines(texts("cli.may_quote", sentence=may), texts("cli.may_not_quote", sentence=may_not))
    print_lines(
        *verdict_sentences.warnings(texts, found), *verdict_sentences.cautions(texts, found)
    )


def print_power(texts: Texts, found: PowerAnswer) -> None:
    """Print the smallest fall that these places could show, and what stands against a verdict."""
    power = found.power
    n = int((found.units["role"] == "treated").sum())
    if power is None or power.expected is None or power.smallest_detectable_fall is None:
        print_lines(texts("cli.power_unknown", n=n))
    else:
        print_lines(
            texts(
                "cli.power",
                n=n,
                months=power.months,
                expected=texts.number(power.expected),
                fall=texts.percent(power.smallest_detectable_fall),
            )
        )
    against = ("no_year_before",) if power is None else power.cannot_tell
    print_lines(*(texts(f"verdict_reason.{code}") for code in against))


def p_said(texts: Texts, p: float | None) -> str:
    """Write a p-value; a dash where there is none."""
    if p is None:
        return "–"
    if p < LEAST_P:
        return f"< {texts.number(LEAST_P, 3)}"
    return texts.number(p, 3 if p < 0.1 else 2)


def _print_beside(texts: Texts, found: EvaluationAnswer) -> None:
    """Print the badge, the parts of the raw change, the textbook and the other ways of asking."""
    badge, parts, compared = found.badge, found.raw_change, found.comparison
    if badge is not None and badge.false_alarm_rate_ratio is not None:
        print_lines(
            texts(
                "cli.badge",
                ours="–"
                if badge.false_alarm_rate is None
                else texts.number(100 * badge.false_alarm_rate, 1),
                textbook=texts.number(100 * badge.false_alarm_rate_ratio, 1),
                p=p_said(texts, badge.p_calibrated),
            )
        )
    if parts is not None and parts.raw_change is not None:
        print_lines(
            texts(
                "cli.parts",
                raw=verdict_sentences.signed_percent(texts, parts.raw_change),
                city=texts.signed(-parts.n_by_city),
                regression=texts.signed(-parts.n_by_regression),
                left=texts.signed(-parts.n_left),
            )
        )
    if compared.rirr is not None and compared.rirr_low is not None and compared.rirr_high:
        print_lines(
            texts(
                "cli.rirr_textbook",
                ratio=texts.number(compared.rirr, 2),
                low=texts.number(compared.rirr_low, 2),
                high=texts.number(compared.rirr_high, 2),
            )
        )
    if found.grid is not None:
        print_lines(texts("cli.grid", n=found.grid.n_agreeing, of=len(found.grid.cells)))
