"""The sentence over the rows of a file says that nothing is lost only where all of it was read."""

from datetime import date

import pytest

from dashboard.importing_page import tally
from dashboard.texts import LANGUAGES, Texts
from data import importing
from data.importing import Options

HEAD = "STT,Ngày xảy ra,Phường,Hành vi,Thiệt hại (triệu đồng)"
ROW = "1,05/11/2024,Phường Một,Trộm cắp tài sản,3"
BESIDE = {
    "": [],
    "another table": [HEAD.replace("triệu", "nghìn"), ROW],
    "a list of persons": ["Họ tên,Nơi cư trú,Ngày bắt", "A,Phường Một,06/11/2024"],
    "a line that may be a row": ["BÁO CÁO NHANH NGÀY 06/11/2024", ROW],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("beside", BESIDE)
def test_no_row_is_said_to_be_lost_only_where_none_can_be(drawn_city, tmp_path, beside, language):
    path = tmp_path / "t11.csv"
    path.write_text("\n".join([HEAD, ROW, *BESIDE[beside]]), encoding="utf-8")
    draft = importing.read(path, layer="incidents")
    checked = importing.check(draft, drawn_city, today=date(2025, 1, 10), options=Options())
    plan = importing.commit(checked, drawn_city, actor="Lan", dry_run=True)
    say = Texts(language)
    key = f"imports.lead_rows{'_unread' if beside else ''}"
    assert tally.lead(say, plan) == say(key, n=plan.n_rows, counts=tally.long(say, tally.of(plan)))
    if beside:
        assert say("imports.worth_knowing") in tally.lead(say, plan)
