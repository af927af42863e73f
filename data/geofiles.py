"""Map files in and out: GeoJSON, GeoPackage, shapefiles and whatever else OGR reads."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyogrio.errors
import pyproj
import pyproj.exceptions
import shapely
import shapely.errors

from analysis.crs import WGS84
from analysis.errors import MissingCrsError
from data.errors import (
    BadCrsError,
    DegreesInMetricCrsError,
    MetresInGeographicCrsError,
    UnreadableFileError,
    UnsupportedFormatError,
)

READ = frozenset(
    {
        ".geojson",
        ".json",
        ".gpkg",
        ".shp",
        ".zip",
        ".fgb",
        ".kml",
        ".gml",
        ".tab",
        ".mif",
        ".parquet",
    }
)
"""Endings of the map files that are read; a shapefile may come zipped."""

_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
_DAMAGE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyproj.exceptions.CRSError,
    shapely.errors.ShapelyError,
    OSError,
    ValueError,
    KeyError,  # these two where GeoParquet's own description of itself is damaged
    TypeError,
)
_ELSEWHERE = (b"OGRVRT", b"GDALVRT", b"gdal_streamed_alg", b"OGRPipeline")


def sublayers(path: Path) -> tuple[str, ...]:
    """Name the layers inside a map file.

    Raises
    ------
    UnreadableFileError
        It is no map file.
    """
    if path.suffix.casefold() == ".parquet":
        return ()
    _check_head(path)
    try:
        return tuple(str(name) for name in pyogrio.list_layers(_source(path))[:, 0])
    except pyogrio.errors.DataSourceError as error:
        raise UnreadableFileError(file=path.name) from error


def read_features(
    path: Path, *, sublayer: str | None = None, crs: str | None = None
) -> gpd.GeoDataFrame:
    """Read a map file as it is: its columns, flat shapes, its own coordinate system.

    A shape that is no geometry (a ring that does not close) is missing in its row.

    Parameters
    ----------
    path
        The file.
    sublayer
        Which layer inside it; None takes the first, and of a KML file all its folders, whose names
        then stand in the column ``folder``.
    crs
        The system to assume, against what the file says.

    Raises
    ------
    UnreadableFileError
        It is no map file.
    MissingCrsError
        The file does not say its system, and neither does ``crs``.
    BadCrsError
        ``crs`` names no system.
    DegreesInMetricCrsError, MetresInGeographicCrsError
        The coordinates cannot be of the system that the file claims.
    """
    _check_head(path)
    try:
        with warnings.catch_warnings():
            # OGR remarks on every oddity of a file; what matters is refused row by row
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.filterwarnings("ignore", "Could not parse column", UserWarning)
            if path.suffix.casefold() == ".parquet":
                frame = gpd.read_parquet(path)
            elif sublayer is None and path.suffix.casefold() == ".kml":
                frame = _read_folders(path)
            else:
                frame = _read_sublayer(path, sublayer)
    except _DAMAGE as error:
        raise UnreadableFileError(file=path.name) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UnreadableFileError(file=path.name)
    if crs is not None:
        frame = frame.set_crs(known_crs(crs), allow_override=True)
    if frame.crs is None:
        raise MissingCrsError(layer=path.name)
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    _check_units(frame, path.name)
    return frame


def _read_sublayer(path: Path, sublayer: str | None) -> pd.DataFrame:
    frame: pd.DataFrame = pyogrio.read_dataframe(
        _source(path), layer=sublayer, force_2d=True, on_invalid="ignore"
    )
    return frame


def _read_folders(path: Path) -> pd.DataFrame:
    """Read all folders of a KML file as one layer; folders of folders only are empty."""
    names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    frames = [_read_sublayer(path, name) for name in names]
    if len(frames) == 1:
        return frames[0]
    filled = [
        frame.dropna(axis=1, how="all").assign(folder=name)
        for name, frame in zip(names, frames, strict=True)
        if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.notna().any()
    ]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def _check_units(frame: gpd.GeoDataFrame, name: str) -> None:
    """Refuse a system in metres over degrees, and the other way round, going by most shapes."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    looks_like_degrees = (np.abs(bounds) <= (180, 90, 180, 90)).all(axis=1).mean() > 0.5
    if looks_like_degrees and frame.crs.is_projected:
        raise DegreesInMetricCrsError(file=name, crs=frame.crs.to_string(), first=_example(bounds))
    if not looks_like_degrees and frame.crs.is_geographic:
        raise MetresInGeographicCrsError(
            file=name, crs=frame.crs.to_string(), first=_example(bounds)
        )


def _example(bounds: npt.NDArray[np.float64]) -> str:
    return f"{bounds[0, 0]:g}, {bounds[0, 1]:g}"


def known_crs(name: str) -> pyproj.CRS:
    """Look a coordinate system up.

    Raises
    ------
    BadCrsError
        There is none of this name.

    Examples
    --------
    >>> known_crs("EPSG:5897").is_projected
    True
    """
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise BadCrsError(crs=name) from error


def polygons_only(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Mend outlines and keep their surfaces: no slivers of line or point, no self-crossings.

    Parameters
    ----------
    shapes
        Any geometry; collections are taken apart.

    Returns
    -------
    geopandas.GeoSeries
        A polygon or multipolygon, or None where there is no surface, on the same index.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> mended = polygons_only(gpd.GeoSeries([bow_tie, shapely.Point(1, 1)]))
    >>> mended[0].is_valid, mended[0].area, mended[1] is None
    (True, 2.0, True)
    """
    return mended(shapes, dimension=2)


def mended(shapes: gpd.GeoSeries, *, dimension: int) -> gpd.GeoSeries:
    """Flatten and mend shapes, and keep their surfaces or their lines.

    Parameters
    ----------
    shapes
        Any geometry; collections are taken apart.
    dimension
        2 keeps surfaces, 1 lines.

    Returns
    -------
    geopandas.GeoSeries
        A valid shape of this dimension, or None where there is none, on the same index.

    Examples
    --------
    >>> mended(gpd.GeoSeries([shapely.LineString([(0, 0, 5), (1, 0, 5)])]), dimension=1)[0]
    <LINESTRING (0 0, 1 0)>
    """
    flat = shapely.force_2d(shapes.to_numpy())
    is_collection = shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION
    is_good = (shapely.get_dimensions(flat) == dimension) & ~is_collection & ~shapely.is_empty(flat)
    is_good &= shapely.is_valid(flat)
    result = flat.copy()
    for i in np.flatnonzero(~is_good).tolist():
        result[i] = None if flat[i] is None else _of_dimension(flat[i], dimension)
    return gpd.GeoSeries(result, index=shapes.index, crs=shapes.crs)


def _of_dimension(shape: shapely.Geometry, dimension: int) -> shapely.Geometry | None:
    parts = [
        part
        for part in shapely.get_parts(shapely.make_valid(shape))
        for part in shapely.get_parts(part)
        if shapely.get_dimensions(part) == dimension and not part.is_empty
    ]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    return shapely.union_all(parts) if dimension == 2 else shapely.multilinestrings(parts)


def _source(path: Path) -> str:
    return f"/vsizip/{path}" if path.suffix.casefold() == ".zip" else str(path)


def _check_head(path: Path) -> None:
    """Refuse a file that only points elsewhere: OGR would follow it to other files and hosts."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if any(mark in head for mark in _ELSEWHERE):
        raise UnreadableFileError(file=path.name)


def write_features(features: gpd.GeoDataFrame, path: Path, *, sublayer: str) -> None:
    """Write a map file that QGIS opens; .gpkg, .geojson or .parquet (GeoParquet).

    Parameters
    ----------
    features
        A layer that knows its coordinate system.
    path
        Where to.
    sublayer
        What the layer is called inside the file.

    Raises
    ------
    UnsupportedFormatError
        The name ends in none of these.
    """
    suffix = path.suffix.casefold()
    if suffix == ".parquet":
        features.to_parquet(path, index=False)
    elif suffix in _DRIVERS:
        is_geojson = suffix == ".geojson"
        pyogrio.write_dataframe(
            features.to_crs(WGS84) if is_geojson else features,  # the format knows no other
            path,
            layer=sublayer,
            driver=_DRIVERS[suffix],
            **({"RFC7946": "YES"} if is_geojson else {}),
        )
    else:
        allowed = (*_DRIVERS, ".parquet")
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=allowed)
