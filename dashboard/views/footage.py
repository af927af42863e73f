import streamlit as st

from analysis.errors import VongLauError
from dashboard import footage_words, import_first, inputs, layout, messages, session
from dashboard.footage_page import asking, handing_out, kept, listing, picture, worth
from dashboard.plan_page import form

SHOWN = ("search", "worth")


def draw_search() -> None:
    if not kept.has_cameras():
        import_first.draw("footage.load_cameras")
        return
    say = session.say()
    st.html(form.CSS)
    st.html(asking.CSS)
    asking.take_waiting()
    above = st.container(gap="xsmall")
    with st.container(height="stretch", key="fill"):
        left, middle, right = st.columns([0.95, 1.3, 1.55], gap="small", wrap=False)
    refusal: VongLauError | None = None
    with left:
        form_place = st.container(border=True, gap="xsmall", height="stretch", key="grow_form")
        purpose = asking.draw_purpose()
        with form_place:
            request = asking.draw(purpose)
        is_asked = st.button(
            say("footage.go"), type="primary", icon=":material/search:", width="stretch",
            disabled=request is None,
        )  # fmt: skip
    if is_asked and request is not None:
        try:
            kept.search(request)
        except VongLauError as error:
            refusal = error
            kept.put(answer=None)
    found = kept.visit().answer
    place = None if request is None else (request.longitude, request.latitude)
    with middle:
        click = picture.draw(found, place)
        st.caption(say("footage.legend"))
    with right:
        ticked = listing.draw(found) if found is not None else []
        if found is None:
            st.caption(say("footage.steps"))
    with above:
        handing_out.draw_told()
        if refusal is not None:
            st.error(messages.sentence(say, refusal))
        if found is None:
            layout.lead(say("footage.start"))
        else:
            with st.container(horizontal=True, vertical_alignment="top", gap="small"):
                with st.container(width="stretch"):
                    layout.lead(footage_words.lead(say, found))
                handing_out.offer(found, ticked)
            for note in footage_words.notes(say, found):
                st.caption(f":orange[:material/info:] {note}")
    layout.foot(*([] if found is None else footage_words.assumptions(say, found)))
    asking.take_click(click)


say = session.say()
layout.head(say("footage.title"))
layout.stop_without_wards()
with layout.filter_line():
    shown = inputs.switch(
        "show",
        SHOWN,
        label=say("footage.show"),
        say_option=lambda code: say(f"footage.show_{code}"),
    )
    counted = worth.choose() if shown == "worth" else None
if counted is None:
    draw_search()
else:
    worth.draw(counted)
    layout.foot(say("footage.foot_worth"))
