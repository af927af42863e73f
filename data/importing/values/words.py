"""The words of lists and ledgers for what the store keeps as a code, in three languages, folded."""

from __future__ import annotations

from collections.abc import Mapping

from data.folding import fold


def _by_word(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Turn a code's words round, so that each word leads to its code; a code is a word too."""
    return {fold(word): code for code, known in words.items() for word in (code, *known)}


CAMERA_KIND_OF = _by_word(
    {
        "fixed": (
            "co dinh", "than", "co dinh than", "camera than", "bullet", "thanh", "fixe", "tube",
        ),
        "ptz": ("quay quet", "speed dome", "speeddome", "ptz quay quet", "xoay", "motorisee"),
        "dome": ("ban cau", "camera ban cau", "ban cau dome"),
        "fisheye": ("toan canh", "mat ca", "360", "toan canh fisheye", "panoramique"),
        "multi": ("da mat", "da cam bien", "multi sensor", "multisensor", "da ong kinh"),
        "plate": ("bien so", "lpr", "anpr", "alpr", "nhan dien bien so", "doc bien so", "plaque"),
    }
)  # fmt: skip

STATE_OF = _by_word(
    {
        "working": (
            "hoat dong tot", "hoat dong", "dang hoat dong", "hoat dong binh thuong", "tot",
            "binh thuong", "ok", "in service", "good", "en service", "fonctionne", "bon",
            "en marche",
        ),
        "degraded": (
            "hoat dong kem", "kem", "mo", "hinh anh mo", "xuong cap", "chap chon", "trung binh",
            "poor", "degrade", "degradee",
        ),
        "broken": (
            "hong", "bi hong", "hu hong", "hu", "out of order", "faulty", "en panne",
            "hors service",
        ),
        "offline": (
            "mat tin hieu", "mat ket noi", "bao tri", "dang bao tri", "dang sua chua",
            "ngung hoat dong", "khong hoat dong", "tam dung", "no signal", "maintenance",
            "hors ligne", "en maintenance",
        ),
    }
)  # fmt: skip
"""The state of a camera that a folded word means."""

FAULT_OF = _by_word(
    {
        "power": (
            "mat dien", "dien", "nguon", "nguon dien", "loi nguon", "hong nguon", "hong adapter",
            "power supply", "no power", "alimentation", "courant", "panne de courant",
        ),
        "network": (
            "mang", "mat mang", "loi mang", "duong truyen", "loi duong truyen", "dut cap",
            "dut cap quang", "mat ket noi", "mat tin hieu", "no signal", "link", "reseau",
            "liaison", "cable coupe",
        ),
        "device": (
            "thiet bi", "hong thiet bi", "loi thiet bi", "hong camera", "hong may", "hong dau ghi",
            "dau ghi", "hardware", "camera", "recorder", "appareil", "materiel",
        ),
        "lens": (
            "ong kinh", "ong kinh ban", "mo ong kinh", "ban", "mo", "lech net", "mat net", "bi che",
            "cay che", "che khuat", "dirty", "dirty lens", "out of focus", "obstructed", "objectif",
            "objectif sale", "masque", "flou",
        ),
        "damage": (
            "pha hoai", "bi pha hoai", "va dap", "tai nan", "set danh", "bao", "mat cap",
            "mat trom", "vandalism", "storm", "accident", "theft", "lightning", "vandalisme",
            "degradation", "foudre", "vol",
        ),
        "other": ("khac", "nguyen nhan khac", "khong ro", "ko ro", "k ro", "chua ro",
 "khong xac dinh", "unknown", "autre", "inconnu"),
    }
)  # fmt: skip

PROGRAMME_KIND_OF = _by_word(
    {
        "camera": (
            "camera an ninh", "mo hinh camera", "mo hinh camera an ninh", "camera giam sat",
            "cameras", "camera model", "videosurveillance", "video",
        ),
        "school_gate": (
            "school gate", "cong truong", "cong truong an toan", "cong truong an toan giao thong",
            "an toan giao thong cong truong", "school traffic", "sortie d ecole", "ecole",
            "abords d ecole",
        ),
        "street_watch": (
            "street watch", "tuan tra", "tu quan", "to tu quan", "tuan tra nhan dan",
            "doan duong tu quan", "tieng keng an ninh", "tieng keng", "to an ninh", "patrol",
            "neighbourhood watch", "neighborhood watch", "ronde", "vigilance",
        ),
        "drug_free": (
            "drug free", "khong ma tuy", "xa phuong khong ma tuy", "phong chong ma tuy", "ma tuy",
            "sans drogue", "drogue",
        ),
        "fire_safety": (
            "fire safety", "phong chay chua chay", "pccc", "lien gia pccc", "to lien gia pccc",
            "to lien gia", "diem chua chay cong cong", "fire", "incendie", "securite incendie",
        ),
        "mediation": ("hoa giai", "to hoa giai", "mediator", "conciliation"),
        "boarding_house": (
            "boarding house", "nha tro", "nha tro an toan", "khu nha tro", "nha tro tu quan",
            "lodging", "pension", "logement locatif",
        ),
        "other": ("khac", "mo hinh khac", "autre"),
    }
)  # fmt: skip

TIP_SENDER_OF = _by_word(
    {
        "street_cleaner": (
            "street cleaner", "lao cong", "cong nhan ve sinh", "cong nhan moi truong",
            "cong nhan ve sinh moi truong",
            "nhan vien ve sinh moi truong", "ve sinh moi truong", "cleaner", "sweeper",
            "agent de proprete", "balayeur", "eboueur",
        ),
        "guard": (
            "bao ve", "dan phong", "bao ve dan pho", "to bao ve an ninh trat tu",
            "luc luong an ninh co so", "security guard", "gardien", "vigile", "agent de securite",
        ),
        "resident": (
            "nguoi dan", "quan chung", "nhan dan", "dan", "to dan pho", "citizen", "public",
            "habitant", "riverain", "citoyen",
        ),
        "other": ("khac", "autre"),
    }
)  # fmt: skip

OUTCOME_OF = _by_word(
    {
        "cleared": (
            "da lam ro", "lam ro", "kham pha", "da kham pha", "elucide", "solved",
            "ro", "da ro", "ro doi tuong", "da ro doi tuong", "da lam ro doi tuong", "da pha an",
            "pha an", "da bat", "da bat giu", "da bat doi tuong", "da bat duoc doi tuong",
            "da xac dinh duoc doi tuong", "bat qua tang",
        ),
        "not_cleared": (
            "chua lam ro", "chua kham pha", "non elucide", "unsolved", "chua ro", "chua pha an",
            "chua ro doi tuong", "chua lam ro doi tuong", "chua bat duoc doi tuong",
            "chua xac dinh duoc doi tuong", "chua xac dinh doi tuong", "khong lam ro duoc",
        ),
        "investigating": (
            "under investigation", "dang xac minh", "dang dieu tra", "dang giai quyet", "en cours",
            "xac minh", "dieu tra", "dxm", "dang xm", "dang dt", "tiep tuc xac minh",
            "tiep tuc dieu tra", "dang tiep tuc xac minh", "dang tiep tuc dieu tra",
        ),
        "prosecuted": (
            "khoi to", "da khoi to", "khoi to vu an", "poursuivi", "da khoi to vu an",
            "khoi to bi can", "da khoi to bi can", "khoi to vu an bi can",
            "da khoi to vu an bi can", "khoi to vu an khoi to bi can",
            "da khoi to vu an khoi to bi can",
        ),
        "not_prosecuted": (
            "khong khoi to", "khong khoi to vu an", "classe", "quyet dinh khong khoi to",
            "qd khong khoi to", "ra quyet dinh khong khoi to",
        ),
        "fined": (
            "xu phat hanh chinh", "xu ly hanh chinh", "phat hanh chinh", "amende", "xphc",
            "da xphc", "xu phat hc", "da xu phat hanh chinh", "da xu ly hanh chinh", "xlhc",
            "xu phat vphc", "xpvphc", "xu phat vi pham hanh chinh", "phat vphc",
        ),
        "suspended": (
            "tam dinh chi", "dinh chi", "suspendu", "da tam dinh chi", "tam dinh chi dieu tra",
            "da dinh chi", "dinh chi dieu tra",
        ),
    }
)  # fmt: skip
"""What became of a case, by a folded word."""

TIP_OUTCOME_OF = _by_word(
    {
        "none": ("khong", "khong co ket qua", "chua co", "nothing", "aucun", "aucune", "rien"),
        "patrol": (
            "tuan tra", "cu to tuan tra", "cu luc luong", "cu luc luong tuan tra", "xac minh",
            "patrolled", "patrol sent", "patrouille",
        ),
        "stopped": (
            "ngan chan", "da ngan chan", "kip thoi ngan chan", "xu ly", "da xu ly", "prevented",
            "interrompu", "empeche",
        ),
        "clarified": (
            "lam ro", "da lam ro", "lam ro vu viec", "kham pha", "cleared", "solved", "elucide",
            "elucidee",
        ),
    }
)  # fmt: skip

ANSWER_OF = _by_word(
    {
        "found": (
            "co", "co hinh anh", "tim thay", "thay", "trich xuat duoc", "ghi nhan duoc", "yes",
            "seen", "oui", "trouve", "trouvee", "images trouvees",
        ),
        "partly": (
            "mot phan", "thay mot phan", "khong ro", "ko ro", "k ro", "khong ro net", "mo",
            "partial", "partially", "en partie", "partiel", "partielle",
        ),
        "not_found": (
            "not found", "khong", "khong thay", "khong tim thay", "khong co hinh anh",
            "khong ghi nhan", "nothing", "no", "non", "pas trouve", "rien", "non trouve",
        ),
        "overwritten": (
            "da ghi de", "ghi de", "bi ghi de", "het han luu", "qua han luu tru",
            "het thoi han luu tru", "expired", "too late", "ecrase", "ecrasee", "efface",
            "enregistrement efface",
        ),
        "broken": (
            "hong", "camera hong", "camera bi hong", "khong hoat dong", "camera khong hoat dong",
            "mat tin hieu", "out of order", "en panne", "hors service", "camera broken",
        ),
    }
)  # fmt: skip
