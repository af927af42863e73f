"""How long an OpenStreetMap extract of a large city takes to come in, and how much memory.

Run it as ``python tests/benchmarks/import_extract.py``; it writes 300,000 made-up houses and 50,000
streets as .osm.pbf and as .osm with its streets before its nodes, imports the first, refuses the
same houses far from the city, imports the second once more (all duplicates), and prints CPU seconds
and the peak of memory. It ends with an error when a bound is broken.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

N_BUILDINGS, N_STREETS = 300_000, 50_000
MOST_CPU_S, MOST_GB = 60.0, 2.0
WEST, SOUTH = 105.70, 19.74
AWAY_DEG = 5.0
_BLOCK = 8_000
_WORDS = (b"", b"building", b"yes", b"highway", b"residential")
_HOUSE, _STREET = (1, 2), (3, 4)


def drawn() -> tuple[np.ndarray, list[tuple[list[int], tuple[int, int]]]]:
    """Draw houses and streets: nodes (longitude, latitude) counted from 1, and ways over them."""
    rng = np.random.default_rng(1)
    corner = rng.random((N_BUILDINGS, 1, 2)) * (0.18, 0.14) + (WEST, SOUTH)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * 1e-4
    houses = (corner + square).reshape(-1, 2)
    start = rng.random((N_STREETS, 1, 2)) * (0.18, 0.14) + (WEST, SOUTH)
    streets = (start + np.cumsum(2e-4 * rng.standard_normal((N_STREETS, 3, 2)), axis=1)).reshape(
        -1, 2
    )
    ways = [([n, n + 1, n + 2, n + 3, n], _HOUSE) for n in range(1, 4 * N_BUILDINGS + 1, 4)]
    first = 4 * N_BUILDINGS + 1
    ways += [([n, n + 1, n + 2], _STREET) for n in range(first, first + 3 * N_STREETS, 3)]
    return np.concatenate([houses, streets]), ways


def write_pbf(path: Path, *, away_deg: float = 0.0) -> None:
    """Write the drawing as a sorted binary extract, in the blocks that the format asks for."""
    nodes, ways = drawn()
    strings = b"".join(_field(1, word) for word in _WORDS)
    whole = np.round((nodes + np.array([away_deg, 0.0])) * 1e7).astype(np.int64)
    with path.open("wb") as stream:
        stream.write(_blob(b"OSMHeader", _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes")))
        for at in range(0, len(whole), _BLOCK):
            part = whole[at : at + _BLOCK]
            dense = _field(1, _packed(np.diff(np.arange(at, at + len(part)) + 1, prepend=0)))
            dense += _field(8, _packed(np.diff(part[:, 1], prepend=0)))
            dense += _field(9, _packed(np.diff(part[:, 0], prepend=0)))
            stream.write(_block(strings, _field(2, dense)))
        for at in range(0, len(ways), _BLOCK):
            group = b"".join(
                _field(3, _way(number, *way))
                for number, way in enumerate(ways[at : at + _BLOCK], at + 1)
            )
            stream.write(_block(strings, group))


def write_xml(path: Path) -> None:
    """Write the drawing as XML, ways before nodes, as queries do."""
    nodes, ways = drawn()
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        for number, (refs, (key, value)) in enumerate(ways, 1):
            said = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            tag = f'<tag k="{_WORDS[key].decode()}" v="{_WORDS[value].decode()}"/>'
            stream.write(f'<way id="{number}" version="1">{said}{tag}</way>\n')
        for number, (longitude, latitude) in enumerate(nodes.tolist(), 1):
            place = f'lat="{latitude:.7f}" lon="{longitude:.7f}"'
            stream.write(f'<node id="{number}" version="1" {place}/>\n')
        stream.write("</osm>\n")


def _way(number: int, refs: Sequence[int], tag: tuple[int, int]) -> bytes:
    steps = np.diff(np.array(refs), prepend=0)
    body = _field(2, bytes([tag[0]])) + _field(3, bytes([tag[1]]))
    return _varint_field(1, number) + body + _field(8, _packed(steps))


def _packed(steps: np.ndarray) -> bytes:
    """Write differences as the format's zigzag numbers."""
    return b"".join(_varint(2 * step if step >= 0 else -2 * step - 1) for step in steps.tolist())


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _varint_field(place: int, number: int) -> bytes:
    return _varint(place << 3) + _varint(number)


def _field(place: int, value: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(value)) + value


def _block(strings: bytes, group: bytes) -> bytes:
    return _blob(b"OSMData", _field(1, strings) + _field(2, group))


def _blob(kind: bytes, block: bytes) -> bytes:
    blob = _varint_field(2, len(block)) + _field(3, zlib.compress(block))
    header = _field(1, kind) + _varint_field(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _store(folder: Path):
    from data import importing
    from data.store import Store, StoreProperties

    store = Store.create(
        folder / "city.db",
        StoreProperties(
            city="Bench", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="en"
        ),
    )
    square = shapely.box(WEST, SOUTH, WEST + 0.18, SOUTH + 0.14)
    gpd.GeoDataFrame({"code": ["1"], "name": ["W"]}, geometry=[square], crs="EPSG:4326").to_file(
        folder / "wards.geojson"
    )
    importing.import_file(
        store, folder / "wards.geojson", layer="wards", actor="b", today=date(2025, 6, 30)
    )
    return store


def import_files(folder: Path) -> None:
    """Import the extracts, in this process, and print what each took."""
    store = _store(folder)
    for turn, name in (
        ("binary", "city.osm.pbf"),
        ("far", "far.osm.pbf"),
        ("unsorted", "city.osm"),
    ):
        before = time.process_time()
        said = _import(store, folder / name)
        took = time.process_time() - before
        peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        size_mb = (folder / name).stat().st_size / 2**20
        sys.stdout.write(
            f"{turn:9} {size_mb:6.1f} MB {took:6.1f} CPU s, peak {peak_gb:.2f} GB: {said}\n"
        )
        assert peak_gb <= MOST_GB, peak_gb
        assert turn == "unsorted" or took <= MOST_CPU_S, took
    store.close()


def _import(store, path: Path) -> str:
    from data import importing
    from data.importing.errors import ElsewhereError

    try:
        report = importing.import_file(
            store, path, layer="osm", actor="benchmark", today=date(2025, 6, 30)
        )
    except ElsewhereError:
        return "refused: elsewhere"
    return f"{report.n_accepted:,} new, {report.n_duplicates:,} known already"


def main() -> None:
    """Write and import, each in a process of its own."""
    if len(sys.argv) > 2:
        folder = Path(sys.argv[2])
        if sys.argv[1] == "write":
            write_pbf(folder / "city.osm.pbf")
            write_pbf(folder / "far.osm.pbf", away_deg=AWAY_DEG)
            write_xml(folder / "city.osm")
        else:
            import_files(folder)
        return
    with tempfile.TemporaryDirectory() as name:
        for step in ("write", "import"):  # so that the drawing is not in the import's peak
            subprocess.run([sys.executable, __file__, step, name], check=True)


if __name__ == "__main__":
    main()
