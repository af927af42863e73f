"""What became of rows, as words: only the counts that are not zero."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.texts import Texts
from data.importing import ImportReport

KINDS = ("n_accepted", "n_updated", "n_duplicates", "n_rejected")
"""The four counts that sum to the rows of a file."""

WRITTEN = ("n_accepted", "n_updated")
"""Those that change the store."""


def of(report: ImportReport) -> Mapping[str, int]:
    """Give the counts of a report."""
    return {name: getattr(report, name) for name in KINDS}


def long(say: Texts, counts: Mapping[str, int]) -> str:
    """Write the counts for a sentence, figures in bold.

    Examples
    --------
    >>> long(Texts("en"), {"n_accepted": 371, "n_updated": 0, "n_rejected": 3})
    '**371** new, **3** refused'
    """
    return ", ".join(_words(say, counts, bold=True))


def short(say: Texts, counts: Mapping[str, int]) -> str:
    """Write the counts for a line of a table.

    Examples
    --------
    >>> short(Texts("en"), {"n_accepted": 0, "n_duplicates": 9})
    '9 known already'
    """
    return " · ".join(_words(say, counts, bold=False))


def lead(say: Texts, plan: ImportReport) -> str:
    """Say what would become of the rows of a file, and whether a part of it was not read."""
    if plan.n_rejected == plan.n_rows:
        return say("imports.lead_failed", n=plan.n_rows)
    if plan.n_accepted + plan.n_updated == 0:
        return known(say, plan)
    key = "lead_rows_unread" if plan.is_part_unread else "lead_rows"
    return say(f"imports.{key}", n=plan.n_rows, counts=long(say, of(plan)))


def known(say: Texts, report: ImportReport, *, is_done: bool = False) -> str:
    """Say that all usable rows are known already, and how many are refused.

    Parameters
    ----------
    say
        The reader's language.
    report
        What became of the rows, or would.
    is_done
        Whether writing was asked for; else there is nothing to write.
    """
    words = say(f"imports.lead_{'nothing' if is_done else 'known'}", n=report.n_duplicates)
    if not report.n_rejected:
        return words
    return f"{words} {say('imports.also_refused', n=report.n_rejected)}"


def _words(say: Texts, counts: Mapping[str, int], *, bold: bool) -> list[str]:
    words = [(n, say(f"imports.tally.{name}", n=n)) for name, n in counts.items() if n]
    if not bold:
        return [text for _, text in words]
    return [text.replace(say.number(n), f"**{say.number(n)}**", 1) for n, text in words]
