"""A month's hot spots in words."""

from __future__ import annotations

import geopandas as gpd

from analysis.crs import WGS84
from dashboard.printing import print_lines, print_table
from dashboard.questions.hot_spots import HotSpotsAnswer
from dashboard.texts import Texts


def lines(say: Texts, asked: HotSpotsAnswer) -> list[str]:
    """Say how many hot spots there are, how sure that is, and what the last ones were worth."""
    cells, caught = asked.cells, asked.caught
    n_hot = int(cells["is_hot"].sum())
    said = [
        say(
            "month.hot_found",
            n=n_hot,
            cells=say.number(len(cells)),
            size=say.number(asked.request.size_m),
            located=say.number(asked.n_located),
            unlocated=say.number(asked.n_unlocated),
        )
    ]
    if asked.found.is_sparse and n_hot:
        said.append(say("month.hot_sparse", n=say.number(asked.found.expected_in_reach, 1)))
    if caught is not None and caught.pai is not None and caught.hit_share is not None:
        said.append(
            say(
                "month.hot_caught",
                hits=say.percent(caught.hit_share),
                area=say.percent(caught.area_share, 1),
                pai=say.number(caught.pai, 1),
                pei=say("cli.none") if caught.pei is None else say.number(caught.pei, 2),
                rri=say("cli.none") if caught.rri is None else say.number(caught.rri, 2),
            )
        )
    if asked.knox is not None:
        nearest = asked.knox.table.iloc[0]
        said.append(
            say(
                "month.hot_repeats",
                m=say.number(nearest["to_m"]),
                days=say.number(nearest["to_days"]),
                n=say.number(nearest["n_pairs"]),
                expected=say.number(nearest["expected"], 1),
                p=say.number(nearest["p"], 2),
            )
        )
    return said


def print_hot_spots(texts: Texts, asked: HotSpotsAnswer) -> None:
    """Print the sentences, and the cells that stand out or did before."""
    print_lines(*lines(texts, asked))
    cells = asked.cells[asked.cells["standing"].notna() | asked.cells["is_hot"]]
    if cells.empty:
        return
    centres = gpd.GeoSeries(cells.geometry.centroid, crs=cells.crs).to_crs(WGS84)
    shown = cells.assign(longitude=centres.x, latitude=centres.y).sort_values("z", ascending=False)
    columns = ("ward", "month_n", "longitude", "latitude")
    print_table(
        [*(texts(f"cli.{column}") for column in columns), "Gi*", ""],
        [
            [
                str(cell["ward_code"]),
                texts.number(cell["n"]),
                f"{cell['longitude']:.5f}",
                f"{cell['latitude']:.5f}",
                texts.number(cell["z"], 1),
                texts(f"month.standing_{cell['standing'] or 'hot'}"),
            ]
            for cell in shown.to_dict("records")
        ],
    )
