import pytest

from data import offences


@pytest.mark.parametrize(
    ("text", "article", "category"),
    [
        ("Trộm cắp tài sản", None, "theft"), ("TRỘM CẮP", None, "theft"),
        ("Tội trộm cắp tài sản", None, "theft"),
        ("trom cap tai san", None, "theft"), (None, "Điều 173 BLHS", "theft"),
        (None, "k1 Đ173", "theft"),
        (None, "173", "theft"), ("Gây rối TTCC", None, "public_disorder"), ("Theft", None, "theft"),
        ("Vol à l'arraché", None, "snatching"), ("Cướp giật tài sản tại chợ", None, "snatching"),
        ("Cướp tài sản", None, "robbery"), ("Tổ chức đánh bạc", None, "gambling_organising"),
        ("Tiêu thụ tài sản do trộm cắp mà có", None, "receiving"), ("theft", None, "theft"),
        ("việc lạ", "Điều 318", "public_disorder"),
        ("Đổ trộm phế thải xây dựng", None, "illegal_dumping"),
        ("Trộm cắp tài sản, không rõ đối tượng", None, "theft"),
        ("Không rõ đối tượng trộm cắp tài sản", None, "theft"),
        ("Nhà không có người, trộm cắp tài sản", None, "theft"),
        ("Đổ rác không đúng nơi quy định", None, "illegal_dumping"),
        ("Chống người thi hành công vụ", None, "resisting_officer"),
        (None, "Điều 173 khoản 1, 2", "theft"), (None, "Điều 173, Điều 51", "theft"),
        (None, "Điều 173, 250 triệu đồng", "theft"), (None, "Điều 173, k2 Đ173", "theft"),
    ],
)  # fmt: skip
def test_an_offence_is_known_by_its_article_or_its_name(text, article, category):
    assert offences.classify(text, article=article) == category


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("Đánh nhau", None),  # a fight, much like "Đánh bạc" to a measure of likeness
        ("Đánh bài", None), ("Trộn cắp", None), ("", None), (None, None),
        ("Giết người, cướp tài sản", None),
        ("Không phải trộm cắp", None), ("Tin báo giả về trộm cắp", None),
        ("Phòng chống trộm cắp", None), ("Phòng, chống trộm cắp tài sản", None),
        ("Phòng ngừa đánh bạc", None), ("Tuyên truyền phòng ngừa trộm cắp tài sản", None),
        ("Nghi ngờ không có trộm cắp", None), ("Không có dấu hiệu trộm cắp tài sản", None),
        ("Trộm cắp tài sản: không có", None), ("Trộm cắp tài sản (không có thật)", None),
        (None, "Điều 173, Điều 134"), (None, "Đ.173, Đ.134"), (None, "173; 134"),
        (None, "Điều 173 và 134 BLHS"), ("Trộm cắp tài sản", "k1 Đ173, k2 Đ134"),
        (None, "Điều 999"), (None, "Điều 173 Nghị định 144/2021/NĐ-CP"), ("robbers", None),
    ],
)  # fmt: skip
def test_what_no_rule_knows_or_what_names_two_offences_is_unclassified(text, article):
    assert offences.classify(text, article=article) == offences.UNCLASSIFIED


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize("is_short", [True, False])
def test_every_name_of_a_category_leads_back_to_it(language, is_short):
    for category, name in offences.names(language=language, is_short=is_short).items():
        assert offences.classify(name) == category


def test_every_article_of_the_table_leads_to_its_category():
    table = offences.categories()
    for category, article in table.loc[table["article"] != "", "article"].items():
        assert offences.classify(None, article=f"khoản 2 Điều {article} BLHS") == category
