"""Map files in and out: GeoJSON, GeoPackage, shapefiles and whatever else OGR reads."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyogrio.errors
import pyproj
import pyproj.exceptions
import shapely
import shapely.errors

from analysis.crs import WGS84
from analysis.errors import MissingCrsError
from data.errors import BadCrsError, UnreadableFileError, UnsupportedFormatError

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
        Which layer inside it; None takes the first.
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
    """
    _check_head(path)
    try:
        with warnings.catch_warnings():
            # OGR remarks on every oddity of a file; what matters is refused row by row
            warnings.simplefilter("ignore", RuntimeWarning)
            if path.suffix.casefold() == ".parquet":
                frame = gpd.read_parquet(path)
            else:
                frame = pyogrio.read_dataframe(
                    _source(path), layer=sublayer, force_2d=True, on_invalid="ignore"
                )
    except _DAMAGE as error:
        raise UnreadableFileError(file=path.name) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UnreadableFileError(file=path.name)
    if crs is not None:
        frame = frame.set_crs(known_crs(crs), allow_override=True)
    if frame.crs is None:
        raise MissingCrsError(layer=path.name)
    return frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)


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
    return gpd.GeoSeries(
        [None if shape is None else _surface(shape) for shape in shapes],
        index=shapes.index,
        crs=shapes.crs,
    )


def _surface(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [
        part
        for part in shapely.get_parts(shapely.make_valid(shapely.force_2d(shape)))
        for part in shapely.get_parts(part)
        if part.geom_type in {"Polygon", "MultiPolygon"} and not part.is_empty
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


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
        raise UnsupportedFormatError(file=path.name, suffix=suffix)
