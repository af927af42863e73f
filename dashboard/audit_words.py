"""Entries of the audit log in words, as a table and as a file to take away."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.questions.audit import AuditAnswer
from dashboard.texts import Texts
from data.store import Store, current_actor

COUNTS = ("n_rows", "n_accepted", "n_updated", "n_duplicates", "n_rejected", "n_skipped",
          "n_columns", "n_places", "n_works", "n_cameras")  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def table(say: Texts, found: AuditAnswer) -> pd.DataFrame:
    """Give a row an entry: when, who, what, and the rest in words."""
    entries = found.entries
    return pd.DataFrame(
        {
            "happened_at": [moment.replace(tzinfo=None) for moment in entries["happened_at"]],
            "actor": entries["actor"],
            "action": [action_name(say, action) for action in entries["action"]],
            "layer": [layer_name(say, subject.get("layer")) for subject in entries["subject"]],
            "detail": [detail(say, subject) for subject in entries["subject"]],
        },
        index=entries.index,
    )


def action_name(say: Texts, action: str) -> str:
    """Give an action's name; one that no catalogue knows as the log has it."""
    key = f"audit.action_{action}"
    return say(key) if say.has(key) else action


def layer_name(say: Texts, layer: str | None) -> str:
    """Give a layer's name, nothing where there is none."""
    for key in (f"imports.layer.{layer}", f"audit.layer_{layer}"):
        if say.has(key):
            return say(key)
    return layer or ""


def detail(say: Texts, subject: dict[str, Any]) -> str:
    """Say the rest of an entry: a purpose first, then names and numbers, empty counts left out."""
    told = [
        say(f"audit.key_{key}", value=value if key in COUNTS else _told(value))
        for key, value in sorted(subject.items(), key=lambda pair: pair[0] != "purpose")
        if key != "layer" and not (key in COUNTS and not value)
    ]
    return " · ".join(told)


def _told(value: object) -> str:
    return ", ".join(value) if isinstance(value, dict) else str(value)


def csv_bytes(store: Store, say: Texts, found: AuditAnswer) -> bytes:
    """Hand out the entries as a spreadsheet reads them, and write into the log that it was done.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    with store.begin(actor=current_actor()) as transaction:
        transaction.record("export", layer="audit", n_rows=len(found.entries))
    shown = table(say, found)
    for column in ("actor", "action", "layer", "detail"):
        shown[column] = [
            f"'{word}" if word.startswith(FORMULA_SIGNS) else word for word in shown[column]
        ]
    named = shown.rename(columns={name: say(f"audit.{name}") for name in shown.columns})
    return named.to_csv(index=False).encode("utf-8-sig")
