"""What became of cases in words that no rule knows: left out, and named."""

from __future__ import annotations

from collections import Counter

import numpy as np

from data.folding import fold
from data.importing.cell_codes import coded
from data.importing.files.cell import as_text
from data.importing.records import MAX_VALUE_LENGTH, Draft
from data.importing.values.words import OUTCOME_OF
from data.masking import mask

MOST = 50
"""Different words that are told."""


def count(draft: Draft) -> tuple[int, dict[str, int]]:
    """Count the rows of which an outcome is left out, and those of each wording, most first.

    Wordings are without personal data, and cut where they are long.

    Parameters
    ----------
    draft
        A table with its columns mapped.
    """
    said = coded(draft.cells.get("outcome", ()))
    n_rows = np.bincount(said.codes, minlength=len(said.different)).tolist()
    counted: Counter[str] = Counter()
    for text, n in zip(map(as_text, said.different), n_rows, strict=True):
        if n and text is not None and fold(text) not in OUTCOME_OF:
            counted[_shown(text)] += n
    return counted.total(), dict(counted.most_common(MOST))


def _shown(text: str) -> str:
    words = " ".join(mask(text).text.split())
    return words if len(words) <= MAX_VALUE_LENGTH else f"{words[:MAX_VALUE_LENGTH].rstrip()}…"
