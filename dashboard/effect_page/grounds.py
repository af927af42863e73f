"""The lower half of Before and after: the grounds on the map, and who is compared with."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import streamlit as st
from shapely import LineString, MultiPoint, Point, Polygon

from analysis.crs import WGS84
from dashboard import cache, layout, map_layers, maps, session, theme, verdict_words
from dashboard.effect_page import by_hand, drawn
from dashboard.figures import effect_places
from dashboard.questions.evaluation import EvaluationAnswer, PowerAnswer

MAP_PX = 430
TABLE_PX = 236
ROW_PX = 30
PICKED = "effect_picked"
Laid = EvaluationAnswer | PowerAnswer
"""What has places on the ground: a result, or what there is before one."""

DRAWING_M = 12
"""How thick a line that is being drawn stands on the map, in hundred-thousandths of a degree."""


def draw_map(found: Laid) -> None:
    """Draw the grounds and the comparison places; a click picks one, or sets a corner."""
    say = session.say()
    names = {
        "treated": verdict_words.line_name(say, found, "treated"),
        "serving": say("effect.look_serving"),
        "idle": say("effect.look_idle"),
    }
    if not found.request.ward_codes:
        names = {
            "treated": names["treated"],
            "ring": verdict_words.line_name(say, found, "ring"),
            "serving": names["serving"],
            "idle": names["idle"],
            "excluded": say("effect.look_excluded"),
        }
    layout.section(say("effect.map_title"), effect_places.legend(names, mode=theme.mode()))
    units = effect_places.looks(found.units)
    near = found.zones[found.zones.index != "control"]
    request = found.request
    subject = (
        request.wave, request.camera_ids, request.ward_codes, request.programme_id, request.area,
        request.plan,
    )  # fmt: skip
    click = maps.render(
        "effect",
        cache.base(compared_on(found)),
        [
            map_layers.units(units, tips=effect_places.tips(say, units)),
            map_layers.zones(near),
        ],
        view=maps.View.of(f"effect {subject}", found.zones[found.zones.index == "treated"]),
        height=MAP_PX,
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )
    if click is not None and click.kind == "unit":
        st.session_state[PICKED] = click.id
        st.rerun()


def draw_drawing() -> None:
    """Draw the area as far as it has corners; a click on the map sets the next one."""
    say = session.say()
    layout.section(say("effect.draw_title"), say("effect.draw_note"))
    corners = drawn.corners_now()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(say("effect.corners", n=len(corners)), width="content")
        st.button(
            say("effect.corner_back"), icon=":material/undo:", type="tertiary",
            on_click=drawn.forget_last, disabled=not corners,
        )  # fmt: skip
        st.button(
            say("effect.corners_away"), icon=":material/delete:", type="tertiary",
            on_click=drawn.forget_all, disabled=not corners,
        )  # fmt: skip
    wards = cache.wards()
    layers = [map_layers.zones(_being_drawn(corners))] if corners else []
    click = maps.render(
        "effect_drawing",
        cache.base(),
        layers,
        view=maps.View.of("effect drawing", wards),
        height=MAP_PX,
        words={name: say(f"scene.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )
    drawn.take_click(click)


def _being_drawn(corners: tuple[drawn.Corner, ...]) -> gpd.GeoSeries:
    """Give corners, the lines between them and, from three on, the area, as ground of its kinds."""
    thickness = DRAWING_M * map_layers.GRID_DEG
    line = LineString(corners) if len(corners) > 1 else Point(corners[0])
    dots = MultiPoint(corners).buffer(2 * thickness)
    shapes = {"treated": dots.union(line.buffer(thickness))}
    if len(corners) >= drawn.LEAST_CORNERS:
        shapes["displacement"] = Polygon(corners).buffer(0)
    return gpd.GeoSeries(shapes, crs=WGS84)


def compared_on(found: Laid) -> date:
    """Give the day whose wards were compared: wards that are chosen are those of today."""
    request, span = found.request, cache.record_span()
    if request.ward_codes or span is None:
        return request.today
    return min(request.today, max(span[0], found.installed_until))


def draw_places(found: Laid) -> None:
    """Draw who is compared with; a row or a click on the map leaves a place out by hand."""
    say = session.say()
    layout.section(say("effect.places_title"), say("effect.places_note"))
    units = found.units
    serving = effect_places.heaviest(units)
    _draw_picked(found)
    shown = effect_places.table(say, serving)
    picked = st.dataframe(
        shown,
        hide_index=True,
        height=TABLE_PX,
        row_height=ROW_PX,
        key=f"effect_places {len(found.request.drop_units)} {len(found.request.add_units)}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config=effect_places.columns(say),
        alt=say("effect.places_title"),
    )
    rows = picked["selection"]["rows"]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            say("effect.leave_out", n=len(rows)),
            icon=":material/remove_circle:",
            disabled=not rows,
            on_click=by_hand.leave_out,
            args=([str(unit) for unit in serving.index[rows]],),
        )
        if found.request.drop_units or found.request.add_units:
            n = len(found.request.drop_units) + len(found.request.add_units)
            st.button(
                say("effect.undo_by_hand", n=n),
                icon=":material/undo:",
                type="tertiary",
                on_click=by_hand.forget,
            )
    reasons = [
        say("effect.left_out_role", n=n, role=say(f"effect.role_{role}"))
        for role, n in effect_places.left_out(units).items()
    ]
    is_control = units["role"] == effect_places.COMPARISON
    n_control, n_serving = int(is_control.sum()), len(effect_places.carrying(units))
    st.caption(" · ".join([say("effect.n_serving", n=n_serving, of=n_control), *reasons]))


def _draw_picked(found: Laid) -> None:
    """Say what the place is that was clicked, and offer to leave it out or to take it in."""
    say = session.say()
    unit = str(st.session_state.get(PICKED))
    if unit not in found.units.index:
        return
    role = str(found.units["role"][unit])
    tip = effect_places.tips(say, found.units.loc[[unit]])[unit]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{unit}** · {tip}", width="stretch")
        if role == effect_places.COMPARISON:
            act, word, icon = by_hand.leave_out, "leave_this_out", ":material/remove_circle:"
        else:
            act, word, icon = by_hand.take_in, "take_this_in", ":material/add_circle:"
        st.button(say(f"effect.{word}"), icon=icon, on_click=act, args=([unit],))


def draw_left_out(found: EvaluationAnswer) -> None:
    """Say which incidents and which ground were left out, and why."""
    say = session.say()
    lines = [*verdict_words.left_out(say, found), *verdict_words.cautions(say, found)]
    st.markdown("\n".join(f"- {line}" for line in lines))
