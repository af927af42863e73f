import ast
import re
import string
from pathlib import Path

import pytest

import dashboard
from dashboard.texts import LANGUAGES, Texts, _catalogue

ROOM = Path(dashboard.__file__).parent
LETTERS_OF_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)


def _forms(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (message,)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_every_message():
    keys = {language: set(_catalogue(language)) for language in LANGUAGES}
    assert keys["en"] == keys["vi"] == keys["fr"]
    assert len(keys["vi"]) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(language):
    empty = [k for k, m in _catalogue(language).items() if not all(f.strip() for f in _forms(m))]
    assert empty == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_translation_fills_in_the_same_facts(language):
    vietnamese, other = _catalogue("vi"), _catalogue(language)
    for key, message in vietnamese.items():
        asked = set.union(*(_names(form) for form in _forms(message)))
        for form in _forms(other[key]):
            # a singular may leave its "1" unsaid
            assert asked - {"n"} <= _names(form) | {"n"}, key
            assert _names(form) <= asked | {"n"}, key


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_was_left_in_vietnamese(language):
    proper_names = ("Vọng Lâu", "Tết", "tổng cộng", "Mã", "Thanh Hóa", "Thanh Hoá")
    left = []
    for key, message in _catalogue(language).items():
        for form in _forms(message):
            text = form
            for name in proper_names:
                text = text.replace(name, "")
            text = text.replace("ê", "").replace("â", "").replace("ô", "")  # French has these
            if LETTERS_OF_VIETNAMESE.search(text):
                left.append((key, form))
    assert left == []


def _literal_keys(tree: ast.AST) -> set[str]:
    """Keys said in code as they are: say("a.b", …) or texts("a.b", …)."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"say", "texts"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and "." in node.args[0].value
    }


def test_every_message_that_code_says_exists():
    said = set()
    for path in ROOM.rglob("*.py"):
        said |= _literal_keys(ast.parse(path.read_text(encoding="utf-8")))
    assert said - set(_catalogue("vi")) == set()
    assert len(said) > 10


def test_no_sentence_stands_in_code():
    found = []
    for path in ROOM.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) in docstrings or node.value == "Vọng Lâu":
                continue
            if LETTERS_OF_VIETNAMESE.search(node.value):
                found.append((path.name, node.lineno, node.value[:60]))
    assert found == []


def test_each_language_writes_numbers_its_own_way():
    assert [Texts(x).number(1234.5, 1) for x in LANGUAGES] == ["1.234,5", "1,234.5", "1\u202f234,5"]
    assert [Texts(x).percent(0.5) for x in LANGUAGES] == ["50\u00a0%", "50%", "50\u00a0%"]


def test_a_negative_number_has_a_true_minus_and_zero_has_no_sign():
    assert Texts("en").signed(-3) == "\u22123"
    assert Texts("en").signed(3) == "+3"
    assert Texts("en").signed(0.2) == "0"
