"""Map files in and out: GeoJSON, GeoPackage, shapefiles, KML and whatever else OGR reads."""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Mapping
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
from analysis.errors import MissingCrsError, VongLauError
from data import openstreetmap
from data.errors import (
    BadCrsError,
    DegreesInMetricCrsError,
    MetresInGeographicCrsError,
    NoBoundariesError,
    SwappedAxesError,
    UnreadableMapError,
    UnsupportedFormatError,
    WhichAdminLevelError,
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

EXTRACTS = frozenset(openstreetmap.SUFFIXES)
"""Endings of OpenStreetMap extracts, whose administrative boundaries are read as wards."""

WRITTEN = (".gpkg", ".geojson", ".parquet", ".kml", ".zip")
"""Endings of the map files that are written; .parquet is GeoParquet, .zip a zipped shapefile."""

SHAPEFILE_NAMES: Mapping[str, str] = {
    "population_source": "pop_source",
    "bearing_deg": "bearing_dg",
    "bearing_error_deg": "bear_error",
    "resolution_mp": "resoln_mp",
    "installed_on": "install_on",
    "state_since": "statesince",
    "repair_cost": "repaircost",
    "retention_days": "keeps_days",
    "programme_id": "programmid",
    "location_quality": "loc_qualit",
    "time_is_known": "time_known",
    "reported_at": "reportd_at",
    "is_camera_used": "cam_used",
}
"""What columns are called in a shapefile, which has room for ten letters."""

_FULL_NAMES = {short: name for name, short in SHAPEFILE_NAMES.items()}
_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".kml": "LIBKML"}
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
    """Name the layers inside a map file; of an OpenStreetMap extract the levels of boundaries.

    Raises
    ------
    UnreadableMapError, UnsortedExtractError
        It is no map file, or an extract in no order.
    """
    suffix = path.suffix.casefold()
    if suffix == ".parquet":
        return ()
    if suffix in EXTRACTS:
        return openstreetmap.admin_levels(path)
    _check_head(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return tuple(str(name) for name in pyogrio.list_layers(_source(path))[:, 0])
    except pyogrio.errors.DataSourceError as error:
        raise UnreadableMapError(file=path.name) from error


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
        then stand in the column ``folder``. Of an OpenStreetMap extract the ``admin_level`` whose
        boundaries are meant; None will do where there is only one.
    crs
        The system to assume, against what the file says.

    Raises
    ------
    UnreadableMapError
        It is no map file.
    NoBoundariesError, WhichAdminLevelError, UnsortedExtractError
        An extract without boundaries, with several levels of them, or in no order.
    MissingCrsError
        The file does not say its system, and neither does ``crs``.
    BadCrsError
        ``crs`` names no system.
    DegreesInMetricCrsError, MetresInGeographicCrsError, SwappedAxesError
        The coordinates cannot be of the system that the file claims.
    """
    _check_head(path)
    try:
        with warnings.catch_warnings():
            # OGR remarks on every oddity of a file; what matters is refused row by row
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.filterwarnings("ignore", "Could not parse column", UserWarning)
            suffix = path.suffix.casefold()
            if suffix == ".parquet":
                frame = gpd.read_parquet(path).reset_index(drop=True)
            elif suffix in EXTRACTS:
                frame = _read_boundaries(path, sublayer)
            elif sublayer is None and suffix == ".kml":
                frame = _read_folders(path)
            else:
                frame = _read_sublayer(path, sublayer)
    except VongLauError:  # a ValueError too, and no damage
        raise
    except _DAMAGE as error:
        raise UnreadableMapError(file=path.name) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UnreadableMapError(file=path.name)
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
    is_shapefile = path.suffix.casefold() in {".shp", ".zip"}
    return frame.rename(columns=_FULL_NAMES) if is_shapefile else frame


def _read_boundaries(path: Path, admin_level: str | None) -> gpd.GeoDataFrame:
    """Read the boundaries of one level; which one must be said where there are several."""
    if admin_level is None:
        levels = openstreetmap.admin_levels(path)
        if not levels:
            raise NoBoundariesError(file=path.name)
        if len(levels) > 1:
            raise WhichAdminLevelError(file=path.name, levels=list(levels))
        (admin_level,) = levels
    return openstreetmap.read_boundaries(path, admin_level=admin_level)


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
    """Refuse metres over degrees, degrees over metres, and latitudes first, going by most shapes.

    Latitudes first are noticed where the longitudes are over 90 degrees.
    """
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    looks_like_degrees = (np.abs(bounds) <= (180, 90, 180, 90)).all(axis=1).mean() > 0.5
    if looks_like_degrees and frame.crs.is_projected:
        raise DegreesInMetricCrsError(file=name, crs=frame.crs.to_string(), first=_example(bounds))
    if not looks_like_degrees and frame.crs.is_geographic:
        if (np.abs(bounds) <= (90, 180, 90, 180)).all(axis=1).mean() > 0.5:
            raise SwappedAxesError(file=name, first=_example(bounds))
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
        raise UnreadableMapError(file=path.name)


def write_features(features: gpd.GeoDataFrame, path: Path, *, sublayer: str) -> None:
    """Write a new map file that QGIS opens.

    GeoJSON and KML are written in WGS84, since they know no other system. A shapefile cuts texts
    after 254 bytes and columns without a name in ``SHAPEFILE_NAMES`` after ten letters.

    Parameters
    ----------
    features
        A layer that knows its coordinate system.
    path
        Where to; its name ends in one of ``WRITTEN``.
    sublayer
        What the layer is called inside the file.

    Raises
    ------
    UnsupportedFormatError
        The name ends in none of these.
    """
    suffix = path.suffix.casefold()
    if suffix not in WRITTEN:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=WRITTEN)
    if suffix == ".parquet":
        features.to_parquet(path, index=False)
        return
    if suffix == ".zip":
        _write_shapefile(features, path, sublayer)
        return
    is_geographic = suffix in {".geojson", ".kml"}
    pyogrio.write_dataframe(
        _with_plain_days(features.to_crs(WGS84)) if is_geographic else features,
        path,
        layer=sublayer,
        driver=_DRIVERS[suffix],
        **({"RFC7946": "YES"} if suffix == ".geojson" else {}),
    )


def _write_shapefile(features: gpd.GeoDataFrame, path: Path, sublayer: str) -> None:
    """Write a shapefile, its words in UTF-8, and zip its parts."""
    kinds = set(features.geom_type.dropna())
    with tempfile.TemporaryDirectory(prefix="vonglau-") as folder, warnings.catch_warnings():
        # OGR remarks on what it cuts
        warnings.filterwarnings("ignore", ".*(laundered|truncated)", RuntimeWarning)
        pyogrio.write_dataframe(
            _with_plain_days(features).rename(columns=SHAPEFILE_NAMES),
            Path(folder) / f"{sublayer}.shp",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            promote_to_multi=any(kind.startswith("Multi") for kind in kinds),
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)


def _with_plain_days(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Write days and moments as texts, in formats that have no kind for them."""
    told = features.copy()
    for name in told.columns:
        if pd.api.types.is_datetime64_any_dtype(told[name].dtype):
            is_day = told[name].dt.normalize().eq(told[name]).where(told[name].notna(), other=True)
            texts = [
                None if pd.isna(t) else f"{t:%Y-%m-%d}" if is_day.all() else t.isoformat()
                for t in told[name]
            ]
            told[name] = pd.Series(texts, index=told.index, dtype=object)
    return told
