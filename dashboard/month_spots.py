"""Hot spots as a layer of the map: those of the period shown, against as long a one before it."""

from __future__ import annotations

import streamlit as st

from analysis.crs import WGS84
from dashboard import cache, hot_spot_words, map_layers, session
from dashboard.map_layers import Layer
from dashboard.questions import months
from dashboard.questions.hot_spots import HotSpotsAnswer, HotSpotsRequest
from dashboard.questions.places import PlacesRequest

WANTED = "hot spots on map"
"""Set in the visit's state by a page that sends a reader to the map to see them."""


def wanted() -> tuple[str, ...]:
    """Give the layer that the map opens with, when a reader was sent to see it."""
    return ("hot",) if st.session_state.get(WANTED) else ()


def of_map(shown: PlacesRequest) -> HotSpotsAnswer | None:
    """Find the hot spots of the months that the map shows; None where no records reach."""
    span = cache.record_span()
    reporting_day = session.properties().reporting_day
    month = months.name_of(shown.on, reporting_day=reporting_day)
    if span is None or months.first_day(month, reporting_day=reporting_day) > span[1]:
        return None
    return cache.hot_spots_answer(
        HotSpotsRequest(
            month=month,
            today=min(shown.on, span[1]),
            categories=shown.categories,
            months_back=shown.months,
        )
    )


def layers(found: HotSpotsAnswer | None) -> list[Layer]:
    """Give the layer to draw over the map."""
    if found is None:
        return []
    cells = found.cells
    # where nothing is known of the time before, a hot cell can only be called hot
    standing = cells["standing"].where(~cells["is_hot"] | cells["standing"].notna(), "lasting")
    cells = cells.assign(standing=standing)[standing.notna()]
    return [map_layers.hot_spots(cells.to_crs(WGS84))]


def describe(found: HotSpotsAnswer | None) -> None:
    """Say in small what the outlines mean, and what they are worth."""
    if found is None:
        return
    say = session.say()
    first, *rest = hot_spot_words.lines(say, found)
    st.caption(" · ".join([say("month.hot_legend"), first]), help=" ".join(rest) or None)
