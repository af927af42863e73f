"""What was carried over from other ward divisions, in words, for the pages and the command."""

from __future__ import annotations

from dashboard.questions.carried import Carried
from dashboard.texts import Texts


def carried_over(say: Texts, carried: Carried, *, division: str) -> list[str]:
    """Say how incidents of other ward divisions were counted, and where their counts are short.

    Parameters
    ----------
    say
        The reader's language.
    carried
        What was carried over; nothing gives no sentence.
    division
        The name of the division counted in.

    Examples
    --------
    >>> carried_over(Texts("en"), Carried(), division="2021")
    []
    """
    said = []
    if carried.n_apportioned or carried.n_placed or carried.n_left_out:
        counts = {
            "apportioned": say.number(carried.n_apportioned),
            "placed": say.number(carried.n_placed),
            "left_out": say.number(carried.n_left_out),
        }
        said.append(say("month.carried_over", division=division, **counts))
    if carried.incomplete_wards:
        said.append(say("month.incomplete_wards", codes=", ".join(carried.incomplete_wards)))
    return said
