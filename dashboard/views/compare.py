import streamlit as st

from dashboard import compare_words, inputs, layout, session
from dashboard.compare_page import choosing, picture, saved, tables

say = session.say()
layout.head(say("compare.heading"))
layout.stop_without_wards()
plans = choosing.names()
with layout.filter_line():
    request = None
    if len(plans) > 1:
        request = choosing.choose(plans)
    st.space("stretch")
    saved.draw()
if request is None:
    st.info(say("compare.too_few"))
    st.stop()

found = choosing.answer(request)
currency = session.properties().currency
st.caption(compare_words.differences(say, found, escape=layout.plain))
layout.lead(" ".join(compare_words.lead(say, found, currency=currency, names=("A", "B"))))
told = " ".join(compare_words.changes(say, found, escape=layout.plain))
if told and compare_words.has_lost(found):
    st.warning(told, icon=":material/history:")
elif told:
    st.caption(f":material/history: {told}")
with st.container(height="stretch", key="fill"):
    left, right = st.columns([1.25, 1], gap="small", wrap=False)
with left:
    shown = picture.choose_layers(found)
    picture.draw(found, shown)
with right:
    panel = inputs.switch(
        "panel",
        ["figures", "wards", "places"],
        label=say("compare.figures"),
        say_option=lambda word: say(f"compare.{word}"),
    )
    if panel == "figures":
        with st.container(height="stretch", border=False, key="grow_figures"):
            tables.draw_figures(found)
    elif panel == "wards":
        tables.draw_wards(found)
    else:
        tables.draw_places(found)
layout.foot(*compare_words.grounds(say, found), say("compare.foot"))
