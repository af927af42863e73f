"""A before/after comparison in words: the verdict with its reasons, what was counted and left out.

Pure: an answer and the reader's language in, Markdown out. Figures are bold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from analysis import evaluation
from dashboard.layout import category_name, plain
from dashboard.questions.evaluation import EvaluationAnswer
from dashboard.texts import Texts
from dashboard.verdict_sentences import cautions, quotes, signed_percent, warnings

__all__ = [
    "Fact",
    "cautions",
    "choices_in_words",
    "expected",
    "facts",
    "ground_name",
    "installed",
    "lead",
    "left_out",
    "line_name",
    "months_in_words",
    "p_line",
    "population",
    "quotes",
    "ratios_in_words",
    "scope",
    "sheet_notes",
    "short_ratio",
    "signed_percent",
    "treated_name",
    "warnings",
    "wave_option",
]

SIGNS = {"fell": ":green[▼]", "rose": ":red[▲]", "cannot_tell": ":gray[:material/help:]"}
LEAST_BASE = 10
"""No percentage of a count smaller than this."""


@dataclass(frozen=True)
class Fact:
    """One figure of the page: its name, the figure, and what stands beside it."""

    name: str
    figure: str
    beside: str
    help: str | None = None


def lead(say: Texts, found: EvaluationAnswer) -> str:
    """Say the verdict, why, and by how much."""
    verdict = found.verdict
    parts = [f"{SIGNS[verdict.outcome]} **{say(f'verdict.{verdict.outcome}')}**"]
    parts += [say(f"verdict_reason.{reason}") for reason in verdict.reasons]
    parts += [_by_how_much(say, found)]
    return " ".join(part for part in parts if part)


def scope(say: Texts, found: EvaluationAnswer, ward_names: Mapping[str, str]) -> str:
    """Write out what is compared: who, when, over which days, and which types."""
    compared = found.comparison
    if found.request.categories:
        types = ", ".join(category_name(say, code) for code in found.categories)
    else:
        types = say("effect.all_types", n=len(found.categories))
    name = treated_name(say, found, ward_names)
    words = [
        say("effect.scope", name=name, cameras=say("effect.cameras", n=found.n_cameras)),
        installed(say, found),
        say(
            "effect.periods",
            before=_period(say, compared.before),
            after=_period(say, compared.after),
        ),
        types,
    ]
    return " · ".join(words)


def treated_name(say: Texts, found: EvaluationAnswer, ward_names: Mapping[str, str]) -> str:
    """Name what is evaluated: wave, cameras, wards, programme, area or plan."""
    request = found.request
    if request.ward_codes:
        return ", ".join(plain(str(ward_names.get(code, code))) for code in request.ward_codes)
    if request.wave is not None:
        return say("effect.wave", wave=plain(request.wave))
    if request.programme_id is not None:
        return f"{say('effect.by_programme')} {plain(request.programme_id)}"
    if request.area is not None:
        return say("effect.by_area")
    if request.plan is not None:
        return f"{say('effect.by_plan')} {request.plan}"
    ids = [plain(camera_id) for camera_id in request.camera_ids]
    return ", ".join(ids[:3]) + ("…" if len(ids) > 3 else "")


def wave_option(say: Texts, wave: str, table: pd.DataFrame) -> str:
    """Name a wave of the table of waves: how many cameras, and when they came."""
    first, last = table["installed_on"][wave], table["installed_until"][wave]
    facts: dict[str, object] = {"wave": wave, "n": int(table["n_cameras"][wave])}
    if pd.isna(first):
        return say("effect.wave_option_no_day", **facts)
    if first == last:
        return say("effect.wave_option", **facts, day=say.day(first))
    return say("effect.wave_option_long", **facts, day=say.day(first), until=say.day(last))


def installed(say: Texts, found: EvaluationAnswer) -> str:
    """Say when the cameras came."""
    first, last = say.day(found.installed_on), say.day(found.installed_until)
    key = "effect.installed_wards" if found.request.ward_codes else "effect.installed"
    return say(key, day=first if first == last else f"{first}–{last}")


def ground_name(say: Texts, found: EvaluationAnswer, ground: str) -> str:
    """Name a ground: treated, displacement, control."""
    if found.request.ward_codes:
        return say(f"effect.ward_{ground}")
    return say(f"effect.ground_{ground}", metres=round(found.request.ring_m))


def line_name(say: Texts, found: EvaluationAnswer, ground: str) -> str:
    """Name a ground in a word or two, for the end of a line and the legend of the map."""
    if found.request.ward_codes and say.has(f"effect.line_ward_{ground}"):
        return say(f"effect.line_ward_{ground}")
    return say(f"effect.line_{ground}")


def facts(say: Texts, found: EvaluationAnswer) -> list[Fact]:
    """Give the four figures beside the verdict."""
    compared = found.comparison
    shown = [
        _counted(say, ground_name(say, found, "treated"), compared.treated),
        _counted(say, ground_name(say, found, "control"), compared.control),
    ]
    if compared.displacement is not None:
        shown.append(_counted(say, ground_name(say, found, "displacement"), compared.displacement))
    if compared.treated.rate_per_10k_before is not None:
        shown.append(_rates(say, compared))
    if compared.wdd is not None:
        wdd = compared.wdd
        shown.append(
            Fact(
                say("effect.wdd" if compared.displacement else "effect.wdd_wards"),
                say.signed(wdd.estimate),
                say("effect.from_to", low=say.signed(wdd.low), high=say.signed(wdd.high)),
                say("effect.wdd_help"),
            )
        )
    return shown


def expected(say: Texts, found: EvaluationAnswer) -> str:
    """Say how many incidents places as hot let expect; empty without such a comparison."""
    if found.local is None:
        return ""
    return say(
        "effect.expected_local",
        expected=say.number(found.local.expected),
        n=round(found.local.observed),
    )


def p_line(say: Texts, compared: evaluation.Comparison) -> str:
    """Say the p-value of the textbook test and the dispersion it was given; empty without one."""
    if compared.p_textbook is None:
        return ""
    if compared.p_textbook < 0.001:
        p = f"< {say.number(0.001, 3)}"
    else:
        p = say.number(compared.p_textbook, 3 if compared.p_textbook < 0.1 else 2)
    if compared.dispersion is None:
        return say("effect.p_alone", p=p)
    return say("effect.p", p=p, phi=say.number(compared.dispersion, 2))


def left_out(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Say which incidents and which ground were left out, and why."""
    compared = found.comparison
    unlocated = {"before": compared.n_unlocated_before, "after": compared.n_unlocated_after}
    if found.request.ward_codes:
        words = [say("effect.unlocated_wards", **unlocated)]
        if found.request.installed_on is None:
            words.append(say("effect.ward_day", day=say.day(found.installed_on)))
        if found.n_control_cameras:
            words.append(say("effect.control_cameras", n=found.n_control_cameras))
    else:
        words = [say("effect.unlocated", **unlocated)]
        if found.n_excluded_cameras:
            words.append(
                say(
                    "effect.excluded",
                    n=found.n_excluded_cameras,
                    before=found.n_excluded_before,
                    after=found.n_excluded_after,
                )
            )
    is_short = (
        "under_12_months_before" in compared.reasons or "under_12_months_after" in compared.reasons
    )
    if is_short:
        words.append(
            say("effect.short", before=compared.before.n_days, after=compared.after.n_days)
        )
    if not found.request.categories:
        names = [category_name(say, code) for code in found.categories]
        listed = ", ".join(name[:1].lower() + name[1:] for name in names)
        words.append(say("effect.types_counted", types=listed))
    return words


def ratios_in_words(say: Texts, found: EvaluationAnswer) -> str:
    """Say what the chart of ratios shows."""
    compared, ring = found.comparison, found.displacement_ratio
    rows = [("treated", compared.rirr, compared.rirr_low, compared.rirr_high)]
    if ring is not None:
        rows.append(("displacement", ring.ratio, ring.low, ring.high))
    return " · ".join(
        f"{ground_name(say, found, ground)} {say.number(ratio, 2)} "
        f"({say.number(low, 2)}–{say.number(high, 2)})"
        for ground, ratio, low, high in rows
        if ratio is not None and low is not None and high is not None
    )


def months_in_words(say: Texts, found: EvaluationAnswer) -> str:
    """Say what the chart of months shows."""
    compared = found.comparison
    return say(
        "effect.months_alt",
        treated=ground_name(say, found, "treated"),
        before=compared.treated.n_before,
        after=compared.treated.n_after,
    )


def choices_in_words(say: Texts, answers: Mapping[tuple[int, int], EvaluationAnswer]) -> str:
    """Say what the grid of choices shows."""
    cells = [
        say(
            "effect.choices_cell",
            months=say("effect.months_short", n=months),
            reach=reach,
            ratio=short_ratio(say, of.comparison),
        )
        for (months, reach), of in answers.items()
    ]
    return say("effect.choices_alt", cells=" · ".join(cells))


def population(say: Texts, found: EvaluationAnswer) -> list[str]:
    """Name the denominator of the rates; nothing where there are none."""
    source = found.population_source
    if source is None:
        return []
    key = f"effect.source_{source.replace(' ', '_')}"
    named = say(key) if say.has(key) else plain(source)
    return [say("effect.foot_population", source=named)]


def sheet_notes(say: Texts, found: EvaluationAnswer, ward_names: Mapping[str, str]) -> list[str]:
    """Give the lines that go with the numbers when they leave the page."""
    lines = [
        scope(say, found, ward_names),
        *left_out(say, found),
        *population(say, found),
        *warnings(say, found),
        *cautions(say, found),
    ]
    return [line.replace("**", "").replace("\\", "") for line in lines]


def short_ratio(say: Texts, compared: evaluation.Comparison) -> str:
    """Write a ratio for a cell: its sign when it is sure, a dash when there is none."""
    if compared.rirr is None:
        return "–"
    sign = {"fell": "▼ ", "rose": "▲ "}.get(compared.verdict, "")
    return f"{sign}{say.number(compared.rirr, 2)}"


def _by_how_much(say: Texts, found: EvaluationAnswer) -> str:
    local = found.local
    if local is None:
        return ""
    return say(
        "effect.answer_more" if local.change > 0 else "effect.answer_fewer",
        n=round(local.observed),
        expected=say.number(local.expected),
        change=say.percent(abs(local.change)),
        low=signed_percent(say, local.low),
        high=signed_percent(say, local.high),
    )


def _counted(say: Texts, name: str, counts: evaluation.Counts) -> Fact:
    before, after = say.number(counts.n_before), say.number(counts.n_after)
    beside = (
        signed_percent(say, counts.n_after / counts.n_before - 1)
        if counts.n_before >= LEAST_BASE
        else say("effect.small_base")
    )
    return Fact(name, f"{before} → {after}", beside)


def _rates(say: Texts, compared: evaluation.Comparison) -> Fact:
    def said(counts: evaluation.Counts) -> str:
        pair = (counts.rate_per_10k_before, counts.rate_per_10k_after)
        return " → ".join("–" if rate is None else say.number(rate, 1) for rate in pair)

    return Fact(
        say("effect.rate"),
        said(compared.treated),
        say("effect.rate_control", rates=said(compared.control)),
    )


def _period(say: Texts, period: evaluation.Period) -> str:
    if period.n_days == 0:
        return say("effect.no_days")
    last = period.end_before - timedelta(days=1)
    return f"{say.day(period.start_on)}–{say.day(last)}"
