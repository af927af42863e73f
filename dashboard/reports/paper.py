"""A paper from its template, its words and its pictures: a tagged PDF (PDF/UA-1), offline.

Templates are the ``.typ`` files beside this one. They hold no sentence: every word comes in
``facts``, already in the reader's language, and is set as text, never read as markup. Typst does
the typesetting with the letters it brings (Libertinus Serif) and those of matplotlib (DejaVu Sans,
in pictures); the letters of the computer are left out, so that a page looks alike everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import typst

TEMPLATES = Path(__file__).parent


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, font_paths=[Path(mpl.get_data_path()) / "fonts" / "ttf"]
    )


@cache
def _templates() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}


def compose(
    template: str,
    facts: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    made_on: date,
) -> bytes:
    """Set a paper, and give it as the bytes of a PDF.

    Parameters
    ----------
    template
        Name of the template, without its ending.
    facts
        What it says, as plain JSON values: ``language`` and ``title``, ``foot`` for the foot of
        each page, and what the template asks for.
    pictures
        SVG by name, for the template's ``picture(name, alt)``.
    made_on
        The day on which it was made, for the file's own date.

    Raises
    ------
    typst.TypstError
        The template asks for a fact or a picture that is not given.

    Examples
    --------
    >>> facts = {"language": "vi", "title": "Phường Hàm Rồng", "lines": ["một", "hai"]}
    >>> compose("plain", facts, made_on=date(2024, 11, 30))[:5]
    b'%PDF-'
    """
    files = dict(_templates())
    files["main.typ"] = files[f"{template}.typ"]
    files["facts.json"] = json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
    files |= {f"pictures/{name}.svg": drawn for name, drawn in (pictures or {}).items()}
    made = typst.compile(
        cast("Any", files),  # files in memory: documented, not in the package's own types
        format="pdf",
        font_paths=_fonts(),
        pdf_standards="ua-1",
        timestamp=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError(type(made).__name__)
    return made
