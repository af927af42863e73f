"""How many incidents are found again by their address, how far off, how many wrongly, how fast.

Run it as ``python tests/benchmarks/locating.py [STORE]``; without a store it makes the demo city.
The coordinates of 2,000 incidents are hidden. Each is told in words instead, from the street it
lies on: half by house number and street, the rest by street alone, by the junction nearest to it
or by a school or place within 120 m; a third without diacritics, a tenth in capitals, abbreviated
as in ledgers, and one in ten with a letter missing, doubled, exchanged or wrong. It prints how many
are placed exactly, on their street and at their ward alone, how far from the truth, and how many on
something else than what was told; then the rows a CPU second. It ends with an error when a bound
is broken.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import demo, layers
from data.addresses import parse
from data.folding import fold
from data.importing.locating import places, told_places
from data.store import Store

N_ROWS, N_FAST = 2_000, 10_000
MOST_WRONG_SHARE = 0.01
LEAST_ROWS_PER_CPU_S = 5_000
SEED = 7
TOUCH_M = 25.0
BESIDE_M = 120.0
SLIP_SHARE, BARE_SHARE, CAPITAL_SHARE = 0.10, 1 / 3, 0.10
HOUSE = ("{n} {s}", "số {n} {s}", "SN {n} đ. {s}", "Số nhà {n}, đường {s}", "{n}/{m} {s}")
STREET = ("đường {s}", "Đg. {s}", "{s}", "trên đường {s}")
WARD = (", {w}", " {w}", ", P. {b}", "", "")


def main() -> None:
    """Tell the incidents in words, find them, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            store = Store.open(sys.argv[1])
        else:
            store = demo.write_demo(Path(folder) / "demo.db")
        run(store)
        store.close()


def run(store: Store) -> None:
    """Measure on a store."""
    rng = np.random.default_rng(SEED)
    gazetteer = places.load(store)
    told, truth = tell(store, gazetteer, rng)
    begun = time.process_time()
    directory = told_places.read_directory(store, gazetteer)
    n_read = time.process_time() - begun
    found = told_places.locate(told[:N_ROWS], directory, gazetteer, answers={})
    report(found, told[:N_ROWS], truth, store.properties.metric_crs)
    parse.cache_clear()
    directory = told_places.read_directory(store, gazetteer)
    begun = time.process_time()
    told_places.locate(told, directory, gazetteer, answers={})
    took = time.process_time() - begun
    say(f"names of the city read in {n_read:.2f} CPU s; {len(told):,} rows in {took:.2f} CPU s, "
        f"{len(told) / took:,.0f} a CPU s")  # fmt: skip
    assert len(told) / took >= LEAST_ROWS_PER_CPU_S


def tell(store, gazetteer, rng):
    """Write an address for incidents whose place is known, and keep what is true of them."""
    crs = store.properties.metric_crs
    incidents = layers.read_incidents(store)
    exact = incidents[incidents["location_quality"] == "exact"].to_crs(crs)
    exact = exact.sample(N_FAST, replace=True, random_state=SEED)
    streets = layers.read_shapes(store, "streets").to_crs(crs)
    streets = streets[streets["name"].notna()].reset_index(drop=True)
    whole = whole_streets(streets)
    nearest = shapely.STRtree(streets.geometry.to_numpy()).nearest(exact.geometry.to_numpy())
    points = pd.concat(
        [layers.read_points(store, layer)[["name", "geometry"]] for layer in ("schools", "places")],
        ignore_index=True,
    ).set_crs("EPSG:4326")
    points = points.to_crs(crs)
    beside = shapely.STRtree(points.geometry.to_numpy())
    crossing = {i: name for i, name in enumerate(points["name"]) if name.startswith("Ngã")}
    wards = {code: layers.read_wards(store, division=d.name)["name"] for d in gazetteer.divisions
             for code in d.codes}  # fmt: skip
    division = {d.name: d for d in gazetteer.divisions}
    told, truth = [], []
    for i, (row, at) in enumerate(zip(exact.itertuples(), nearest.tolist(), strict=True)):
        street = str(streets["name"][at])
        kind, name, geometry = "street", street, whole[at]
        draw = rng.random()
        if draw >= 0.75:
            near = beside.query_nearest(row.geometry, max_distance=BESIDE_M, all_matches=False)
            if len(near):
                k = int(near[0])
                kind = "junction" if k in crossing else "point"
                name, geometry = str(points["name"][k]), points.geometry[k]
        forms = HOUSE if kind == "street" and draw < 0.5 else STREET
        text = name
        if kind == "street" and not street.startswith("Ngõ"):
            form = forms[rng.integers(len(forms))]
            text = form.format(n=rng.integers(1, 400), m=rng.integers(2, 30), s=street)
        text = slip(text, rng) if rng.random() < SLIP_SHARE else text
        ward = str(wards[row.ward_code][row.ward_code])
        text += WARD[rng.integers(len(WARD))].format(w=ward, b=ward.partition(" ")[2])
        text = fold_marks(text) if rng.random() < BARE_SHARE else text
        text = text.upper() if rng.random() < CAPITAL_SHARE else text
        told.append(
            told_places.Told(
                file_row=i, texts=(text,), division=division[row.division], named=row.ward_code,
                salt=str(i),
            )
        )  # fmt: skip
        truth.append((kind, name, geometry, row.geometry))
    return told, truth


def whole_streets(streets: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    """Give for each piece the ground of its whole street: pieces of its name that touch it."""
    ground = streets.assign(geometry=streets.buffer(TOUCH_M))
    joined = ground.dissolve("name").explode(index_parts=False)
    owner = joined.sindex.query(streets.geometry, predicate="intersects")
    named = joined.index.to_numpy()[owner[1]] == streets["name"].to_numpy()[owner[0]]
    found = dict(zip(owner[0][named].tolist(), owner[1][named].tolist(), strict=True))
    return [joined.geometry.iloc[found[i]] for i in range(len(streets))]


def fold_marks(text: str) -> str:
    """Take diacritics off and leave signs as they are."""
    return "".join(fold(letter) if letter.isalpha() else letter for letter in text)


def slip(text: str, rng: np.random.Generator) -> str:
    """Do to one letter of a text what a tired hand does."""
    letters = [i for i, letter in enumerate(text) if letter.isalpha()]
    i = letters[rng.integers(len(letters))]
    what = rng.integers(4)
    if what == 0:
        return text[:i] + text[i + 1 :]
    if what == 1:
        return text[: i + 1] + text[i] + text[i + 1 :]
    if what == 2 and i + 1 < len(text):
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + "aeinotgh"[rng.integers(8)] + text[i + 1 :]


def report(found, told, truth, crs) -> None:
    """Print what came of it; wrong is what lies on something else than what was told."""
    rows = [one.file_row for one in told]
    placed = gpd.GeoSeries.from_xy(
        [found.located[i].longitude for i in rows if i in found.located],
        [found.located[i].latitude for i in rows if i in found.located],
        crs="EPSG:4326",
    ).to_crs(crs)
    at = dict(zip([i for i in rows if i in found.located], placed, strict=True))
    quality = Counter(found.located[i].quality if i in at else "ward" for i in rows)
    away = {"exact": [], "street": []}
    wrong = []
    for i in rows:
        if i not in at:
            continue
        _, name, geometry, true = truth[i]
        away[found.located[i].quality].append(true.distance(at[i]))
        if geometry.distance(at[i]) > 5.0:
            wrong.append((told[i].texts[0], name, round(geometry.distance(at[i]))))
    doubts = Counter(q.doubt for q in found.questions for _ in q.file_rows)
    say(f"{len(rows):,} incidents: " + ", ".join(f"{quality[k]:,} {k}" for k in
                                                ("exact", "street", "ward")))  # fmt: skip
    say("at their ward because: " + ", ".join(f"{n:,} {doubt}" for doubt, n in doubts.items()))
    for name, metres in away.items():
        if metres:
            say(f"{name}: median {np.median(metres):.0f} m from where it happened, "
                f"nine in ten within {np.quantile(metres, 0.9):.0f} m")  # fmt: skip
    say(f"wrong, on something else than was told: {len(wrong)} of {len(at):,} "
        f"({len(wrong) / len(at):.2%})")  # fmt: skip
    for text, name, metres in wrong[:10]:
        say(f"  {text!r} was {name}, {metres} m away")
    assert len(wrong) / len(at) < MOST_WRONG_SHARE


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
