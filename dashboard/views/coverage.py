import streamlit as st

from dashboard import cache, files, inputs, layout, scene, session, tables
from dashboard.questions.coverage import CoverageRequest
from dashboard.questions.places import PlacesRequest
from data.store import current_actor

say = session.say()
layout.head(say("coverage.title"))
layout.stop_without_wards()
line = layout.filter_line()
with line:
    day = inputs.choose_day(last=session.today())
    layout.stop_without_wards(day)
    names = cache.wards(day)["name"]
    level = inputs.choose_level()
    occlusion = inputs.switch(
        "walls",
        ["open", "hidden"],
        label=say("coverage.walls"),
        say_option=lambda word: say(f"coverage.walls_{word}"),
    )
    categories = inputs.choose_categories(cache.categories())
    ward = inputs.choose_ward(names)

places = cache.places_answer(PlacesRequest(on=day, categories=categories))
found = cache.coverage_answer(
    CoverageRequest(on=day, level=level, categories=categories, occlusion=occlusion == "hidden")
)
with line:
    st.space("stretch")
    st.download_button(
        say("coverage.download"),
        data=lambda: files.coverage_bytes(session.store(), found, actor=current_actor(), texts=say),
        file_name=f"vong-lau-{day:%Y-%m-%d}.gpkg",
        mime="application/geopackage+sqlite3",
        icon=":material/download:",
        on_click="ignore",
    )
with st.container(height="stretch", key="fill"):
    left, right = st.columns([1.3, 1], gap="small", wrap=False)
with left:
    offered = ("working", "degraded", "broken", "sites", "incidents", "views", "gaps")
    chosen = offered if ward else ("working", "degraded", "broken", "incidents", "gaps")
    shown = scene.choose_layers(
        f"coverage_layers {bool(ward)}", places, offered=offered, chosen=chosen
    )
    click = scene.draw("coverage", places, coverage=found, ward=ward, shown=shown)
    scene.incident_legend(places, is_close=ward is not None)
with right:
    layout.lead(scene.coverage_sentence(found, ward=ward))
    gaps = tables.ranked_gaps(found, ward=ward)
    picked_gap = st.dataframe(
        gaps,
        hide_index=True,
        height=188,
        row_height=tables.ROW_PX,
        key=f"coverage_gaps {ward}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=tables.ranked_gaps_columns(say),
        alt=say("coverage.gaps_alt"),
    )
    table = tables.ward_coverage(say, found)
    picked = st.dataframe(
        table,
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        key=f"coverage_wards {ward}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=tables.ward_coverage_columns(say),
        alt=say("coverage.wards_alt"),
    )
layout.foot(*scene.coverage_assumptions(found))
scene.follow(click, ward, on=day)
scene.follow_row(picked, table, ward)
scene.follow_row(picked_gap, gaps, ward)
