import streamlit as st

from dashboard import cache, inputs, layout, month_spots, scene, session, tables
from dashboard.questions.coverage import CoverageRequest
from dashboard.questions.places import PlacesRequest

say = session.say()
layout.head(say("map.title"))
layout.stop_without_wards()
with layout.filter_line():
    day = inputs.choose_day(last=session.today())
    layout.stop_without_wards(day)
    names = cache.wards(day)["name"]
    months = inputs.choose_span()
    categories = inputs.choose_categories(cache.categories())
    ward = inputs.choose_ward(names)

inputs.tell_day(day, last=session.today())
places = cache.places_answer(PlacesRequest(on=day, months=months, categories=categories))
layout.lead(
    say(
        "map.lead",
        place=layout.plain(names[ward]) if ward else say("common.city"),
        **scene.counts(places, ward=ward),
    )
)
with st.container(height="stretch", key="fill"):
    left, right = st.columns([1.6, 1], gap="small", wrap=False)
with left:
    offered = (
        "working",
        "degraded",
        "broken",
        "planned",
        "sites",
        "incidents",
        "views",
        "gaps",
        "hot",
    )
    chosen = (*offered[:6], *month_spots.wanted())
    shown = scene.choose_layers("map_layers", places, offered=offered, chosen=chosen)
    coverage = None
    if {"views", "gaps"} & set(shown):  # it takes its time, and nothing else here needs it
        coverage = cache.coverage_answer(
            CoverageRequest(on=day, months=months, categories=categories)
        )
    hot = month_spots.of_map(places.request) if "hot" in shown else None
    click = scene.draw(
        "everything",
        places,
        coverage=coverage,
        ward=ward,
        shown=shown,
        over=month_spots.layers(hot),
    )
    scene.incident_legend(places, is_close=ward is not None)
    month_spots.describe(hot)
with right:
    scene.describe(click, places, names)
    st.dataframe(
        tables.camera_list(say, places.cameras, names, ward=ward),
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        column_config=tables.camera_list_columns(say),
        alt=say("map.table_alt"),
    )
layout.foot(say("map.method"))
scene.follow(click, ward, on=day)
