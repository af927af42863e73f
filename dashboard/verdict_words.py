"""A before/after comparison in words: the verdict with its reasons, what was counted and left out.

Pure: an answer and the reader's language in, Markdown out. Figures are bold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd

from analysis import evaluation
from dashboard.names import category_name, plain
from dashboard.questions.evaluation import EvaluationAnswer, PowerAnswer
from dashboard.texts import Texts
from dashboard.verdict_sentences import cautions, quotes, signed_percent, warnings

__all__ = [
    "cautions",
    "ground_name",
    "installed",
    "lead",
    "left_out",
    "line_name",
    "months_in_words",
    "population",
    "quotes",
    "scope",
    "sheet_notes",
    "signed_percent",
    "treated_name",
    "types_counted",
    "warnings",
    "wave_option",
]

SIGNS = {"fell": ":green[▼]", "rose": ":red[▲]", "cannot_tell": ":gray[:material/help:]"}
LEAST_BASE = 10
"""No percentage of a count smaller than this."""


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
    name = treated_name(say, found, ward_names)
    words = [
        say("effect.scope", name=name, cameras=say("effect.cameras", n=found.n_cameras)),
        installed(say, found),
        say(
            "effect.periods",
            before=_period(say, compared.before),
            after=_period(say, compared.after),
        ),
        *types_counted(say, found),
    ]
    return " · ".join(words)


def types_counted(say: Texts, found: EvaluationAnswer | PowerAnswer) -> list[str]:
    """Say which types count, and which weigh more than others where harm is asked about."""
    if found.request.categories:
        said = [", ".join(category_name(say, code) for code in found.categories)]
    else:
        said = [say("effect.all_types", n=len(found.categories))]
    weights = found.request.category_weights
    if weights:
        heavy = ", ".join(
            f"{category_name(say, code)} ×{say.number(w, 0 if w == round(w) else 2)}"
            for code, w in weights
        )
        said.append(say("effect.weighed", types=heavy))
    return said


def treated_name(
    say: Texts, found: EvaluationAnswer | PowerAnswer, ward_names: Mapping[str, str]
) -> str:
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


def line_name(say: Texts, found: EvaluationAnswer | PowerAnswer, ground: str) -> str:
    """Name a ground in a word or two, for the end of a line and the legend of the map."""
    if found.request.ward_codes and say.has(f"effect.line_ward_{ground}"):
        return say(f"effect.line_ward_{ground}")
    return say(f"effect.line_{ground}")


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


def months_in_words(say: Texts, found: EvaluationAnswer) -> str:
    """Say what the chart of months shows."""
    compared = found.comparison
    return say(
        "effect.months_alt",
        treated=ground_name(say, found, "treated"),
        before=compared.treated.n_before,
        after=compared.treated.n_after,
    )


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


def _period(say: Texts, period: evaluation.Period) -> str:
    if period.n_days == 0:
        return say("effect.no_days")
    last = period.end_before - timedelta(days=1)
    return f"{say.day(period.start_on)}–{say.day(last)}"
