from types import SimpleNamespace

import pandas as pd

from dashboard import tables
from dashboard.texts import Texts


def test_a_change_is_written_as_the_language_writes_numbers_the_greatest_first():
    after = pd.DataFrame(
        {
            "name": ["Phường Một", "Phường Hai", "Phường Ba"],
            "covered_street_share": [0.0698, 0.5, float("nan")],
            "covered_incident_share": [0.001, float("nan"), 0.25],
        },
        index=["1", "2", "3"],
    )
    change = pd.DataFrame(
        {
            "covered_street_length_m": [120.4, -1500.0, float("nan")],
            "n_incidents_covered": [2.0, -1.0, float("nan")],
        },
        index=["1", "2", "3"],
    )
    shown = tables.ward_changes(Texts("vi"), SimpleNamespace(table=after, change=change))
    assert shown.index.tolist() == ["2", "1", "3"]
    nbsp = "\N{NO-BREAK SPACE}"
    assert shown["streets_seen"].tolist() == [f"50,00{nbsp}%", f"6,98{nbsp}%", "–"]
    assert shown["streets"].tolist() == ["−1.500", "+120", "–"]
    assert shown["incidents_seen"].tolist() == ["–", f"0,10{nbsp}%", f"25,00{nbsp}%"]
    assert shown["incidents"].tolist() == ["−1", "+2", "–"]
