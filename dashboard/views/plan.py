import streamlit as st

from dashboard import cache, charts, layout, session, theme
from dashboard.compare_page import saved
from dashboard.figures import plan as figures
from dashboard.plan_page import (
    choices,
    form,
    kept,
    picture,
    places,
    problems,
    reopening,
    running,
    saving,
    words,
)

say = session.say()
layout.head(say("plan_page.heading"))
layout.stop_without_wards()
st.html(form.CSS)
places.take_place()
day = form.day_asked(last=session.today())
offer = form.Offer(choices=kept.choices(day), wards=cache.wards(day)["name"])
currency = session.properties().currency
above = st.container(gap="xsmall")
with st.container(height="stretch", key="fill"):
    left, middle, right = st.columns([0.86, 1.5, 1.78], gap="small", wrap=False)
with left:
    with st.container(border=True, height="stretch", key="grow_form"):
        request = form.draw(offer)
    if st.button(
        say("plan_page.go"), type="primary", icon=":material/play_arrow:", width="stretch",
        help=say("plan_page.go_help", n=int(request.time_limit_s or 0)),
    ):  # fmt: skip
        kept.begin(request)
kept.prepare(request)
visit = kept.visit()
found = visit.answer
has_plan = found is not None and problems.has_plan(found)
with above:
    if reopening.is_only_in_part(request):
        st.warning(say("plan_page.opened_in_part"))
    if visit.search is not None:
        problems.draw_search(visit.search, running.draw)
    if found is None:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            layout.lead(say("plan_page.start", n=len(offer.choices.sites)))
            saved.draw(reopening.put_back)
    elif has_plan:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.caption(words.in_force(say, found.basis.request, offer.wards, currency=currency),
                       width="stretch")  # fmt: skip
            saving.draw(found)
            saved.draw(reopening.put_back)
        layout.lead(words.lead(say, found, currency=currency))
        problems.draw_notes(visit, request)
    else:
        problems.draw_conflicts(found)
planned = found if has_plan else None
with middle:
    with st.container(key="plan_legend"):
        shown = picture.choose_layers(planned, request)
    click = picture.draw(planned, request, shown)
    if planned is not None and len(planned.choices):
        with st.container(border=True, gap="xsmall"):
            layout.section(say("plan_page.curve"))
            charts.show(
                figures.curve(
                    say, planned, currency=currency, picked=visit.rank, mode=theme.mode()
                ),
                alt=say("plan_page.curve_alt"),
            )
with right:
    if planned is not None and len(planned.choices):
        st.caption(words.figures(say, planned, currency=currency))
        choices.draw(planned)
        choices.explain(planned)
    else:
        st.caption(say("plan_page.nothing_yet"))
layout.foot(*(words.assumptions(say, planned) if planned is not None else []))
if click is not None and click.kind == "choice":
    choices.pick(int(click.id or 0))
places.take_click(click)
