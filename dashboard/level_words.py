"""What counts as seen, in words: the level, its edition or plate, and how sure its number is."""

from __future__ import annotations

from analysis import levels
from dashboard.texts import Texts


def level_assumptions(say: Texts, level: str, *, edition: str) -> list[str]:
    """Say which level counts as seen, of which edition or plate, and how sure its number is.

    Examples
    --------
    >>> level_assumptions(Texts("en"), "observe", edition="2014")
    ['level: Observe clothing (IEC 62676-4:2014)']
    """
    name = say(f"level.{level}")
    if edition == levels.PLATES_EDITION:
        plate = levels.PLATES[level]
        return [
            say("coverage.level", level=name),
            say("coverage.assume_plate", n=plate.n_pixels, width=say.number(plate.width_m, 2)),
        ]
    words = [say("coverage.assume_level", level=name, edition=edition)]
    if not levels.is_confirmed(level, edition=edition):
        words.append(say("coverage.assume_unconfirmed", level=name))
    return words


def level_sentence(say: Texts, level: str, *, edition: str) -> str:
    """Say the same as one sentence on a line of its own."""
    words = "; ".join(level_assumptions(say, level, edition=edition))
    return f"{words[:1].upper()}{words[1:]}."
