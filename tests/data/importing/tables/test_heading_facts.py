"""Headings that ledgers of cameras really have, in three languages."""

import pytest

from data.importing.tables import column_map, headings


@pytest.mark.parametrize(
    ("layer", "words", "field"),
    [
        ("cameras", ("Mã camera", "Camera id", "Identifiant", "Identifiant caméra"), "camera_id"),
        ("cameras", ("Độ phân giải", "Resolution", "Résolution"), "resolution_mp"),
        ("cameras", ("Phương vị", "Direction", "Orientation"), "bearing_deg"),
        ("cameras", ("Chiều cao cột", "Mounting height (m)", "Hauteur de montage"), "height_m"),
        ("cameras", ("Số ngày lưu", "Retention (days)", "Durée de conservation"), "retention_days"),
        ("cameras", ("Góc nghiêng", "Tilt (deg)", "Inclinaison"), "tilt_deg"),
        ("states", ("Nguyên nhân hỏng", "Fault", "Cause de la panne"), "fault"),
        ("sites", ("Số camera lắp được", "Heads allowed", "Nombre de caméras"), "n_heads"),
        ("incidents", ("Thiệt hại (tr.đ)", "Damage (VND)", "Préjudice (VND)"), "damage"),
        ("incidents", ("Nơi xảy ra", "Place", "Lieu"), "place"),
    ],
)
def test_a_heading_means_its_field_in_every_language(layer, words, field):
    for word in words:
        assert [known.field for known in headings.recognise(word, layer)[0]] == [field], word


@pytest.mark.parametrize(
    "heading",
    ["Bị hại", "Victim", "Nom de l'informateur", "Tên người báo tin", "Phone", "Địa chỉ IP"],
)
@pytest.mark.parametrize("layer", ["incidents", "cameras", "tips", "footage", "programmes"])
def test_a_heading_of_personal_data_is_left_out_of_every_layer(layer, heading):
    assert headings.is_personal(heading, layer=layer)


@pytest.mark.parametrize(
    "heading",
    ["Sinh ngày", "N/S", "Năm sinh bị hại", "DOB", "Née le", "Tuổi", "HKTT", "Nơi ĐKTT, chỗ ở",
     "Phường cư trú", "Tạm trú", "Quê quán", "Dân tộc", "Nghề nghiệp", "Ngày vào Đảng",
     "Ngày ra tù", "Tiền án, tiền sự", "Con ông", "Cấp bậc", "Home address",
     "Lieu de naissance", "Nationalité"],
)  # fmt: skip
def test_what_is_written_of_persons_is_never_taken(heading):
    told = column_map.map_columns(
        ["Ngày", "Tội danh", heading],
        [["8/3/2025", "Trộm cắp tài sản", "9/3/1985"]],
        "incidents",
        asked={},
    )
    assert told.dropped_personal == (heading,)
    assert told.columns == {"date": 0, "offence": 1}
