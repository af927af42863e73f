"""Answers are held against what a file asks, or may have asked before its rows were kept."""

from datetime import date

import pytest

from data import importing, layers
from data.importing import Options, errors
from data.importing.cases.other_shapes import LIST

HEAD = "Số vụ;Ngày xảy ra;Tội danh;Phường"
OCTOBER = ["1;21/10/2024;Đánh bạc;Đông Thọ", "2;22/10/2024;Trộm cắp tài sản;Hàm Rồng"]
NOVEMBER = ["3;21/11/2024;Đánh bạc;Đông Thọ", "4;22/11/2024;Trộm cắp tài sản;Hàm Rồng"]


@pytest.mark.parametrize("answer", [True, False])
def test_a_list_is_told_to_be_known_only_where_some_row_of_it_stands(city, write_csv, answer):
    def bring(*lines, **told):
        path = write_csv(HEAD, *lines, name="list.csv")
        return importing.import_file(
            city, path, layer="incidents", actor="An", today=date(2024, 12, 31),
            options=Options(**told),
        )  # fmt: skip

    bring(*OCTOBER)
    with pytest.raises(errors.UnknownQuestionError) as caught:
        bring(*NOVEMBER, number_answers={LIST: answer})
    assert caught.value.facts["question"] == LIST
    assert len(layers.read_incidents(city)) == 2
    bring(*NOVEMBER)
    assert bring(*NOVEMBER, number_answers={LIST: answer}).n_duplicates == 2
