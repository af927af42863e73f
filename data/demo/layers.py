"""The demo city's frames as rows of the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.crs import WGS84
from data.demo.city import City
from data.shapes import shape_columns

DIVISION = "2021"
POPULATION_SOURCE = "census 2019"


def ward_rows(city: City) -> list[dict[str, Any]]:
    """Give the wards of the demo's division."""
    return [
        {
            "row_key": f"{DIVISION}|{code}",
            "division": DIVISION,
            "code": code,
            "name": name,
            "population": population,
            "population_source": POPULATION_SOURCE,
            **shape,
        }
        for code, name, population, shape in zip(
            city.facts.index,
            city.facts["name"].tolist(),
            city.facts["population"].tolist(),
            shape_columns(city.wards),
            strict=True,
        )
    ]


def shape_rows(layer: str, frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Give streets, buildings or ground cover, with a running number as key."""
    content = _records(pd.DataFrame(frame.drop(columns="geometry")))
    return [
        {"row_key": f"{layer}-{k:06d}", **row, **shape}
        for k, (row, shape) in enumerate(
            zip(content, shape_columns(frame.geometry), strict=True), start=1
        )
    ]


def point_rows(frame: gpd.GeoDataFrame, key: tuple[str, ...]) -> list[dict[str, Any]]:
    """Give cameras, sites or incidents; seven decimals of a degree, about 1 cm, are kept."""
    wgs84 = frame.geometry.to_crs(WGS84)
    table = pd.DataFrame(frame.drop(columns="geometry"))
    table["longitude"] = wgs84.x.round(7).to_numpy()
    table["latitude"] = wgs84.y.round(7).to_numpy()
    return [{"row_key": "|".join(str(row[name]) for name in key), **row} for row in _records(table)]


def register_rows(table: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    """Give the rows of a register, such as programmes or camera models, known by one column."""
    return [{"row_key": str(row[key]), **row} for row in _records(table)]


def keyed_shape_rows(frame: gpd.GeoDataFrame, key: str) -> list[dict[str, Any]]:
    """Give shapes that have an id of their own, such as zones."""
    content = _records(pd.DataFrame(frame.drop(columns="geometry")))
    return [
        {"row_key": str(row[key]), **row, **shape}
        for row, shape in zip(content, shape_columns(frame.geometry), strict=True)
    ]


def state_rows(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the periods of camera states."""
    return [
        {"row_key": f"{period['camera_id']}|{period['valid_from']}", **period} for period in periods
    ]


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give rows of plain Python values, None where something is missing."""
    columns = [_plain(table[name]) for name in table.columns]
    names = list(table.columns)
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _plain(column: pd.Series[Any]) -> list[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return list(column.dt.to_pydatetime())
    values = column.to_numpy(dtype=object)
    missing = pd.isna(values)
    plain = [v.item() if isinstance(v, np.generic) else v for v in values]
    return [None if gone else value for value, gone in zip(plain, missing, strict=True)]
