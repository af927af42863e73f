from datetime import date

import shapely

from analysis import evaluation
from dashboard.questions import evaluation_places
from dashboard.questions.evaluation_request import EvaluationRequest
from dashboard.texts import LANGUAGES, Texts

ZONES = evaluation.Zones(
    treated=shapely.box(0, 0, 300, 300),
    displacement=shapely.box(300, 0, 310, 300),
    control=shapely.box(310, 0, 1500, 300),
    crs="EPSG:5897",
)


def test_a_square_that_was_not_registered_says_so_in_full():
    laid = evaluation_places.lay(ZONES)
    request = EvaluationRequest(today=date(2024, 12, 31), drop_units=("3-0",))
    said = evaluation_places.label(laid, request, treated=ZONES.treated, fixed=["2-0"])
    assert said["role"].to_dict() == {
        "t1": "treated",
        "1-0": "ring",
        "2-0": "comparison",
        "3-0": "dropped",
        "4-0": "unregistered",
    }


def test_every_role_of_a_place_has_its_words():
    for language in LANGUAGES:
        say = Texts(language)
        assert all(say.has(f"effect.role_{role}") for role in evaluation_places.ROLES)
