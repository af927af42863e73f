"""The list of past imports: one line for what is undone together."""

import pandas as pd

from dashboard.importing_page import history, tally


def batch(number, layer, file_name, counts, part_of=None):
    return {"batch_id": number, "layer": layer, "file_name": file_name, "part_of": part_of} | dict(
        zip(tally.KINDS, counts, strict=True)
    )


def test_an_extract_is_one_line_with_the_rows_of_all_its_layers():
    found = history.wholes(
        pd.DataFrame(
            [
                batch(5, "cameras", "city.osm.pbf", (10, 0, 0, 1), part_of=3),
                batch(4, "buildings", "city.osm.pbf", (40, 2, 0, 0), part_of=3),
                batch(3, "streets", "city.osm.pbf", (5, 0, 7, 0)),
            ]
        )
    )
    (line,) = found.to_dict("records")
    assert (line["batch_id"], line["layer"]) == (3, "osm")
    assert [line[name] for name in tally.KINDS] == [55, 2, 7, 1]


def test_the_states_that_a_list_of_cameras_brings_are_not_counted_as_rows():
    found = history.wholes(
        pd.DataFrame(
            [
                batch(2, "camera_states", "cameras.xlsx", (3, 0, 0, 0), part_of=1),
                batch(1, "cameras", "cameras.xlsx", (12, 0, 0, 0)),
            ]
        )
    )
    (line,) = found.to_dict("records")
    assert (line["batch_id"], line["layer"], line["n_accepted"]) == (1, "cameras", 12)


def test_an_extract_of_one_layer_only_is_called_by_it():
    found = history.wholes(pd.DataFrame([batch(1, "buildings", "a.osm", (9, 0, 0, 0))]))
    assert found["layer"].tolist() == ["buildings"]
