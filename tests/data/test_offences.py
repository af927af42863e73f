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


@pytest.mark.parametrize(("short", "article"), [
    ("LĐCĐTS", "174"), ("CĐTS", "170"), ("CGTS", "171"), ("Cướp TS", "168"), ("HHTS", "178"),
    ("Cố ý gây TT", "134"), ("Tàng trữ TPCMT", "249"), ("TTTPCMT", "249"), ("VCTPCMT", "250"),
    ("MBTPCMT", "251"), ("Mua bán trái phép chất MT", "251"), ("TCSDTPCMT", "255"),
    ("Chống người THCV", "330"), ("Chứa MD", "327"), ("GRTTCC", "318"), ("LDTNCĐTS", "175"),
    ("Bắt giữ người trái PL", "157"), ("Tiêu thụ TS do phạm tội mà có", "323"),
    ("Tổ chức ĐB", "322"),
])  # fmt: skip
def test_abbreviations_of_clerks_stand_for_their_article(short, article):
    meant = offences.classify(None, article=article)
    assert meant != offences.UNCLASSIFIED
    assert offences.classify(short) == offences.classify(short.lower()) == meant


@pytest.mark.parametrize("text", ["134 k2", "134 khoản 2", "134, K2", "k2 134", "k2 điều 134",
                                  "134 k2 BLHS"])  # fmt: skip
def test_an_article_with_its_clause_is_that_article(text):
    assert offences.parse_article(text) == "134"
    assert offences.classify(None, article=text) == "injury"


@pytest.mark.parametrize("text", ["134 km", "số 134 k", "134 2", "k2", "134 kiot 2"])
def test_a_number_beside_other_letters_is_no_article(text):
    assert offences.parse_article(text) is None
