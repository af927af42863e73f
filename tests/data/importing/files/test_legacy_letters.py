from __future__ import annotations

import csv
import shutil
import subprocess
import unicodedata
from importlib import resources

import pytest

from data.importing.files import legacy_letters
from data.importing.files.legacy_letters import from_tcvn3, from_vni, repaired

SENTENCES = [
    "Phường Đông Vệ",
    "đường Nguyễn Trãi",
    "ngã tư Lê Lợi, đêm mồng tám",
    "trộm cắp xe máy, thiệt hại mười lăm triệu",
    "Khu phố Quảng Thắng, tổ dân phố bảy",
    "người bị hại khai thuở ấy ngoẹo cổ, quỵt nợ, ướt sũng, khuỷu tay",
]


def wards() -> list[str]:
    path = resources.files("data") / "reference" / "wards_2024.csv"
    return [line["name"] for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def as_tcvn3(text: str) -> str:
    back = {letter: chr(code) for code, letter in legacy_letters._tcvn3().items()}
    # a capital with a tone has no place of its own: it is typed small, in a font of capitals
    return "".join(back.get(c) or back.get(c.lower(), c) for c in text)


def as_vni(text: str) -> str:
    tones = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
    round_ = {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
    short = {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
    alone = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "Đ": "Ñ"}
    out = []
    for letter in text:
        if letter in alone:
            out.append(alone[letter])
            continue
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        tone = next((m for m in marks if m in tones), "")
        if "\u031b" in marks:  # the horn
            base = {"u": "ö", "o": "ô", "U": "Ö", "O": "Ô"}[base]
        sign = (
            round_[tone]
            if "\u0302" in marks
            else short[tone]
            if "\u0306" in marks
            else (tones.get(tone, ""))
        )
        out.append(base + (sign.upper() if letter.isupper() else sign))
    return "".join(out)


@pytest.mark.parametrize("name", ["tcvn3", "vni", "utf8_as_cp1252"])
def test_ledgers_in_old_letters_come_out_as_they_were_meant(name: str) -> None:
    meant = [*SENTENCES, *wards(), "12/3/2024", "1.900"]
    if name == "tcvn3":
        typed = [as_tcvn3(cell) for cell in meant]
    elif name == "vni":
        typed = [as_vni(cell) for cell in meant]
    else:
        typed = [cell.encode().decode("cp1252", errors="surrogateescape") for cell in meant]
        typed = ["".join(chr(ord(c) - 0xDC00) if ord(c) > 0xDBFF else c for c in t) for t in typed]

    cells, was = repaired(typed)

    assert was == name
    assert [c.casefold() for c in cells] == [c.casefold() for c in meant]


@pytest.mark.parametrize(
    "cells",
    [
        [*SENTENCES, "Hoá", "Hóa"],
        ["Été à l'œuvre", "Théâtre, rue de la République", "l'hôpital où il naquit", "dégât"],
        ["Coût de réparation", "État", "Relevé le", "Caméra", "Durée", "Défaut", "Août", "goût"],
        ["Οδός Αθηνών", "κλοπή"],
        ["café", "naïve"],
        ["theft", "12.5"],
        ["Größe, Straße, Übung, Mädchen"],
    ],
)
def test_what_is_good_stays_as_it_is(cells: list[str]) -> None:
    assert repaired(cells) == (cells, None)


def test_the_table_is_that_of_iconv() -> None:
    if shutil.which("iconv") is None:
        pytest.skip("iconv is not installed")
    codes = {code: letter for code, letter in legacy_letters._tcvn3().items() if code > 0xA0}
    asked = subprocess.run(
        ["iconv", "-f", "TCVN", "-t", "UTF-8"],
        input=b"\n".join(bytes([code]) for code in codes),
        capture_output=True,
        check=True,
    )
    told = unicodedata.normalize("NFC", asked.stdout.decode()).split("\n")
    assert told == list(codes.values())


def test_every_vietnamese_letter_goes_into_vni_and_back() -> None:
    vowels = "aăâeêioôơuưy"
    for vowel in vowels:
        for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"):
            letter = unicodedata.normalize("NFC", vowel + tone)
            assert from_vni(as_vni(letter)) == letter
            if letter.upper() not in "ỈĨỊỴ":
                assert from_vni(as_vni(letter.upper())) == letter.upper()


def test_the_soft_hyphen_of_tcvn3_is_its_u_with_a_horn() -> None:
    assert from_tcvn3("Ph\u00adêng") == "Phường"
