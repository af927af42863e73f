from datetime import date

import pandas as pd

from analysis import optics
from data import catalogue, importing, layers
from data.rows import Source, write_batch

TODAY = date(2025, 6, 30)


def put_model(store, **more):
    row = {"row_key": more["model_id"], **more}
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, "camera_models", [row], source=Source(file_name="sheets"))


def test_nineteen_of_twenty_printed_detection_distances_lie_within_a_fifth_of_the_computed():
    sheets = catalogue.shipped_models()
    computed = pd.Series(
        {
            model: optics.distance_m(
                sheet["pixels_across"],
                fov_deg=sheet["fov_deg"],
                level="detect",
                projection=optics.usual_projection(sheet["fov_deg"]),
            )
            for model, sheet in sheets.iterrows()
        }
    )
    is_near = (computed / sheets["detect_m"] - 1).abs() <= 0.2
    assert len(sheets) >= 26
    assert is_near.mean() >= 0.95, computed[~is_near]


def test_every_shipped_sheet_is_consistent_in_itself():
    for _, sheet in catalogue.shipped_models().iterrows():
        optics.check_sheet({level: sheet[f"{level}_m"] for level in optics.SHEET_LEVELS})


def test_a_store_knows_the_shipped_models_without_an_import(drawn_city):
    assert layers.read_register(drawn_city, "camera_models").empty
    known = catalogue.read_models(drawn_city)
    assert known.loc["DS-2CD2746G2-IZS 12 mm", ["fov_deg", "detect_m"]].tolist() == [30, 190]


def test_the_stores_own_sheet_stands_before_the_shipped_one_and_a_new_one_beside_them(drawn_city):
    n_shipped = len(catalogue.shipped_models())
    put_model(drawn_city, model_id="DS-2CD2746G2-IZS 12 mm", fov_deg=28.0, lamp_m=40.0)
    put_model(drawn_city, model_id="OURS", fov_deg=77.0)
    known = catalogue.read_models(drawn_city)
    assert len(known) == n_shipped + 1
    assert known.index.is_unique
    own = known.loc["DS-2CD2746G2-IZS 12 mm"]
    assert (own["fov_deg"], own["lamp_m"]) == (28, 40)
    assert pd.isna(own["detect_m"])
    assert known.loc["OURS", "fov_deg"] == 77


def test_an_imported_camera_of_a_shipped_model_has_its_field_of_view_and_range(
    drawn_city, tmp_path
):
    file = tmp_path / "cameras.csv"
    at = layers.read_cameras(drawn_city, on=TODAY).geometry.iloc[0]
    file.write_text(
        "camera_id,longitude,latitude,model_id\n"
        f"N1,{at.x},{at.y},DS-2CD2746G2-IZS 12 mm\nN2,{at.x},{at.y},Nobody's\n",
        encoding="utf-8",
    )
    report = importing.import_file(drawn_city, file, layer="cameras", actor="Lan", today=TODAY)
    assert report.n_accepted == 2
    cameras = layers.read_cameras(drawn_city, on=TODAY)
    assert cameras.loc["N1", ["fov_deg", "range_m"]].tolist() == [30, 190]
    assert cameras.loc["N2", ["fov_deg", "range_m"]].isna().all()
