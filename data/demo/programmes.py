"""The 66 neighbourhood self-management models: what each is about, and in which ward it is."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from data.demo.cameras import uncapitalised
from data.demo.city import City
from data.demo.streams import stream

N_BY_KIND = {
    "camera": 34,
    "school_gate": 14,
    "street_watch": 7,
    "drug_free": 3,
    "fire_safety": 3,
    "mediation": 2,
    "boarding_house": 2,
    "other": 1,
}
"""34 camera models, school gates in 14 wards and 66 in all are the published numbers."""

NAMES = {
    "camera": "Camera giám sát an ninh, trật tự",
    "school_gate": "Cổng trường an toàn giao thông",
    "street_watch": "Công nhân vệ sinh môi trường tham gia bảo đảm an ninh, trật tự",
    "drug_free": "Khu dân cư không ma túy",
    "fire_safety": "Tổ liên gia an toàn phòng cháy, chữa cháy",
    "mediation": "Tổ hòa giải tự quản",
    "boarding_house": "Khu nhà trọ tự quản về an ninh, trật tự",
    "other": "Tiếng kẻng an ninh",
}

MEMBERS = {
    "camera": (6, 25),
    "school_gate": (10, 36),
    "street_watch": (8, 30),
    "drug_free": (20, 70),
    "fire_safety": (15, 60),
    "mediation": (5, 15),
    "boarding_house": (10, 40),
    "other": (12, 45),
}
"""Fewest and most members."""

STREET_WATCH_BEGAN = date(2024, 1, 1)
"""Before that day no street cleaner sent a tip in."""

SCHOOL_YEARS = (date(2021, 9, 6), date(2022, 9, 5), date(2023, 9, 5), date(2024, 9, 5))


def build_programmes(city: City, cameras: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Found the models: a camera model in every ward, the others in wards drawn by population.

    A ward's camera model is as old as its first camera. No ward has two models of one kind.

    Returns
    -------
    pandas.DataFrame
        In the columns of the store's programmes, but for the division.
    """
    rng = stream(seed, "programmes")
    people = city.facts["population"]
    odds = (people / people.sum()).to_numpy()
    first_camera = cameras.groupby("ward_code")["installed_on"].min()
    rows: list[dict[str, object]] = []
    for kind, n in N_BY_KIND.items():
        wards = (
            people.index
            if kind == "camera"
            else sorted(rng.choice(people.index, n, replace=False, p=odds))
        )
        for code in wards:
            name = uncapitalised(str(city.facts.loc[code, "name"]))
            low, high = MEMBERS[kind]
            rows.append(
                {
                    "programme_id": f"MH-{len(rows) + 1:02d}",
                    "name": f"{NAMES[kind]} {name}",
                    "kind": kind,
                    "ward_code": code,
                    "started_on": (
                        first_camera[code] if kind == "camera" else _first_day(kind, rng)
                    ),
                    "n_members": int(rng.integers(low, high + 1)),
                }
            )
    return pd.DataFrame(rows)


def by_ward(programmes: pd.DataFrame, kind: str) -> dict[str, str]:
    """Look up the model of a kind in each ward that has one.

    Examples
    --------
    >>> some = pd.DataFrame({"programme_id": ["MH-01", "MH-02"], "kind": ["camera", "other"],
    ...                      "ward_code": ["14776", "14776"]})
    >>> by_ward(some, "camera")
    {'14776': 'MH-01'}
    """
    own = programmes[programmes["kind"] == kind]
    return dict(zip(own["ward_code"], own["programme_id"], strict=True))


def _first_day(kind: str, rng: np.random.Generator) -> date:
    if kind == "street_watch":
        return STREET_WATCH_BEGAN
    if kind == "school_gate":
        return SCHOOL_YEARS[int(rng.integers(len(SCHOOL_YEARS)))]
    return date(2019, 1, 15) + timedelta(days=int(rng.integers(0, 5 * 365)))
