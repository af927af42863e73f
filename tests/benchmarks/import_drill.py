"""What the drills share: a small city in a store, ledgers that overlap, and what must come of them.

Ledger ``k`` of ``per_file`` rows holds the cases from ``k * per_file // 2`` on, so that each shares
half of its cases with the next.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from data import importing
from data.importing import ImportReport, Options
from data.store import Store, StoreProperties

TODAY = date(2025, 12, 31)
HEAD = ("Mã vụ việc", "Ngày xảy ra", "Phường", "Kinh độ", "Vĩ độ", "Tội danh")


def make_city(path: Path) -> Store:
    """Make a store with one ward of about a kilometre."""
    store = Store.create(
        path,
        StoreProperties(
            city="Drill", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    ward = gpd.GeoDataFrame(
        {"code": ["101"], "name": ["Đông Thọ"]},
        geometry=[shapely.box(105.76, 19.8, 105.77, 19.81)],
        crs="EPSG:4326",
    )
    outline = path.with_suffix(".geojson")
    outline.write_text(ward.to_json(), encoding="utf-8")
    options = Options(division="2024", valid_from=date(2000, 1, 1))
    importing.import_file(
        store, outline, layer="wards", actor="drill", today=TODAY, options=options
    )
    return store


def write_ledger(path: Path, cases: range) -> Path:
    """Write one row a case."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        writer.writerows(
            (f"V{i}", f"{1 + i % 28:02}/03/2025", "Đông Thọ", 105.765, 19.805, "Trộm cắp tài sản")
            for i in cases
        )
    return path


def overlapping(k: int, per_file: int) -> range:
    """Give the cases of ledger ``k``."""
    start = k * per_file // 2
    return range(start, start + per_file)


def bring_in(store: Store, path: Path) -> ImportReport:
    """Import a ledger."""
    return importing.import_file(store, path, layer="incidents", actor="drill", today=TODAY)
