import streamlit as st

from analysis import optics
from dashboard import cache, files, inputs, layout, scene, session, tables, what_if_panel
from dashboard.questions.coverage import CoverageRequest, shows_nothing
from dashboard.questions.places import PlacesRequest
from data.store import current_actor

say = session.say()
layout.head(say("covered.title"))
layout.stop_without_wards()
line = layout.filter_line()
with line:
    day = inputs.choose_day(last=session.today())
    layout.stop_without_wards(day)
    names = cache.wards(day)["name"]
    level = inputs.choose_level()
    night = inputs.choose_night()
    occlusion = inputs.choose_occlusion()
    categories = inputs.choose_categories(cache.categories())
    ward = inputs.choose_ward(names)

inputs.tell_day(day, last=session.today())

request = CoverageRequest(
    on=day,
    level=level,
    edition=optics.edition_of(level),
    night=night,
    occlusion=occlusion,
    categories=categories,
)
places = cache.places_answer(PlacesRequest(on=day, categories=categories))
found = cache.coverage_answer(request)
tried = what_if_panel.found(request)
with st.container(height="stretch", key="fill"):
    left, right = st.columns([1.3, 1], gap="small", wrap=False)
with left:
    offered = ("working", "degraded", "broken", "sites", "incidents", "views", "gaps")
    chosen = offered if ward else ("working", "degraded", "broken", "incidents", "gaps")
    shown = scene.choose_layers(
        f"coverage_layers {bool(ward)}", places, offered=offered, chosen=chosen
    )
    click = scene.draw(
        "coverage", places, coverage=found, ward=ward, shown=shown,
        over=what_if_panel.layers(tried),
    )  # fmt: skip
    scene.incident_legend(places, is_close=ward is not None)
with right:
    answer = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        panel = inputs.switch(
            "panel",
            ["gaps", "wards", "outages", "what_if"],
            label=say("coverage.panel"),
            say_option=lambda word: say(f"coverage.panel_{word}"),
        )
        if panel != "what_if":
            st.space("stretch")
            st.download_button(
                say("coverage.download"),
                data=lambda: files.coverage_bytes(
                    session.store(), found, actor=current_actor(), texts=say
                ),
                file_name=f"vong-lau-{day:%Y-%m-%d}.gpkg",
                mime="application/geopackage+sqlite3",
                icon=":material/download:",
                on_click="ignore",
            )
    if panel != "what_if" or tried is None:  # the form and what was tried need the room
        with answer:
            layout.lead(scene.coverage_sentence(found, ward=ward))
            doubt = scene.doubt_sentence(found) if ward is None else None
            if doubt:
                st.caption(doubt)
    if ward and panel != "what_if":
        scene.describe(click, places, names, looks=request.looks)
    listed = None
    if panel == "gaps":
        listed = tables.ranked_gaps(found, ward=ward)
        columns, alt = tables.ranked_gaps_columns(say), say("coverage.gaps_alt")
    elif panel == "wards":
        listed = tables.ward_coverage(say, found)
        columns, alt = tables.ward_coverage_columns(say, listed), say("coverage.wards_alt")
    elif panel == "outages":
        listed = tables.outages(say, found, ward=ward)
        columns = tables.outages_columns(say, currency=session.properties().currency)
        alt = say("coverage.outages_alt")
        if shows_nothing(found.outages):
            st.caption(say("coverage.outages_show_nothing", n=len(found.outages)))
    else:
        what_if_panel.take_click(click)
        what_if_panel.draw(request, sorted(places.cameras["camera_id"]), tried)
    if listed is not None:
        picked = st.dataframe(
            listed,
            hide_index=True,
            height="stretch",
            row_height=tables.ROW_PX,
            key=f"coverage_{panel} {ward}",
            on_select="rerun",
            selection_mode="single-row",
            column_config=columns,
            alt=alt,
        )
layout.foot(*scene.coverage_assumptions(found))
if listed is not None:
    scene.follow(click, ward, on=day)
    scene.follow_row(picked, listed, ward)
