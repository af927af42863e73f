"""Coordinates in metres are held against the wards that their rows name."""

from datetime import date

import pyproj
import pytest

from data import importing
from data.importing import EveryRowFailedError, Options

# in EPSG:5897, metres from the corner: three places in each of the three square wards
PLACES = [(east, north) for east in (300, 1300, 2300) for north in (100, 500, 900)]
WARDS = {0: "Đông Thọ", 1: "Hàm Rồng", 2: "Nam Ngạn"}


def _ledger(write_csv, crs, *, names=WARDS):
    turn = pyproj.Transformer.from_crs("EPSG:5897", crs, always_xy=True)
    lines = []
    for east, north in PLACES:
        y, x = turn.transform(582_000 + east, 2_191_000 + north)
        lines.append(f"8/3/2025;{x:.2f};{y:.2f};{names[east // 1000]}".replace(".", ","))
    return write_csv("Ngày;X (m);Y (m);Phường/xã", *lines)


def _report(store, path, **options):
    try:
        return importing.import_file(
            store,
            path,
            layer="incidents",
            actor="Lan",
            today=date(2025, 12, 31),
            options=Options(dry_run=True, **options),
        )
    except EveryRowFailedError as error:
        return error.report


def test_the_system_that_was_taken_for_granted_is_said(city, write_csv):
    path = _ledger(write_csv, "EPSG:5897")
    assert dict(_report(city, path).notes) == {"crs_assumed": 9}
    told = _report(city, path, crs="EPSG:5897")
    assert (told.n_accepted, dict(told.notes)) == (9, {})


@pytest.mark.parametrize("number", [9210, 9208, 3405])
def test_a_system_in_which_the_rows_lie_in_the_wards_they_name_is_pointed_out(
    city, write_csv, number
):
    path = _ledger(write_csv, f"EPSG:{number}")
    doubt = _report(city, path)
    assert doubt.notes["crs_assumed"] == 9
    (code,) = doubt.notes.keys() - {"crs_assumed"}
    assert code.startswith("crs_fits_")
    if number != 3405:  # from it, and from the store's own, UTM of the same meridian is far enough
        assert (code, doubt.notes[code]) == (f"crs_fits_{number}", 9)
    good = _report(city, path, crs=f"EPSG:{number}")
    assert (good.n_accepted, dict(good.notes)) == (9, {})


def test_wards_that_contradict_every_system_are_no_ground_to_doubt_the_one_told(city, write_csv):
    turned = {0: "Nam Ngạn", 1: "Đông Thọ", 2: "Hàm Rồng"}
    report = _report(city, _ledger(write_csv, "EPSG:5897", names=turned), crs="EPSG:5897")
    assert not any(code.startswith("crs_") for code in report.notes)
