from __future__ import annotations

from dashboard import cache, import_first, inputs, layout, session
from dashboard.programmes_page import kept, models, school_gates, tips
from dashboard.questions.programmes import ProgrammesRequest
from data import layers

SHOWN = ("models", "tips", "gates")
LAYERS = {"models": "programmes", "tips": "tips", "gates": "schools"}


def draw() -> None:
    say = session.say()
    layout.head(say("programmes.title"))
    layout.stop_without_wards()
    with layout.filter_line():
        shown = inputs.switch(
            "show_programmes",
            SHOWN,
            label=say("programmes.show"),
            say_option=lambda code: say(f"programmes.show_{code}"),
        )
        request = ProgrammesRequest(
            on=session.today(),
            months=inputs.choose_span(),
            kinds=models.choose_kinds() if shown == "models" and kept.kinds() else (),
            ward_codes=inputs.choose_wards(cache.wards()["name"]),
        )
        categories = inputs.choose_categories(cache.categories()) if shown == "tips" else ()
        looked = school_gates.choose(request) if shown == "gates" else None
    if layers.read_register(session.store(), LAYERS[shown]).empty:
        import_first.draw(f"programmes.load_{shown}")
        if shown == "models" or looked is not None:
            return
    if shown == "models":
        models.draw(request)
    elif shown == "tips":
        tips.draw(request, categories)
    elif looked is not None:
        school_gates.draw(looked)
    layout.foot(say(f"programmes.foot_{shown}"))


draw()
