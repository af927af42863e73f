"""Where the treated ground ends, where crime may have moved, and what serves as comparison.

METHODS.md, section Before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import coverage
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

GROW_M = 50.0
"""How far beyond what they see cameras are taken to deter: nobody can tell where one looks."""

RING_M = 150.0
"""How far around the treated ground displaced events are looked for."""


@dataclass(frozen=True, kw_only=True)
class Zones:
    """Three grounds that do not overlap, in one metric system."""

    treated: shapely.Geometry
    displacement: shapely.Geometry
    control: shapely.Geometry
    crs: object

    def name_of(self, points: gpd.GeoSeries) -> pd.Series[str]:
        """Tell which ground each point lies on; None on neither, or without a point.

        A point on a common edge belongs to the treated ground first, then to the ring.

        Raises
        ------
        MissingCrsError, NotMetricCrsError, InvalidValueError
            The points are not in the zones' system.
        """
        _check_system(points, "points", self.crs)
        places = np.asarray(points.array, dtype=object)
        names = np.full(len(places), None, dtype=object)
        tree = shapely.STRtree(places)
        for name in ("control", "displacement", "treated"):
            parts = shapely.get_parts(getattr(self, name))
            names[tree.query(parts, predicate="intersects")[1]] = name
        return pd.Series(names, index=points.index, name="zone", dtype=object)


def zones_around(
    views: gpd.GeoSeries,
    *,
    wards: gpd.GeoDataFrame | gpd.GeoSeries,
    others: gpd.GeoSeries | None = None,
    grow_m: float = GROW_M,
    ring_m: float = RING_M,
    others_grow_m: float | None = None,
) -> Zones:
    """Divide a city into treated ground, a displacement ring and the comparison.

    Treated is what the cameras see, grown by ``grow_m``. The ring is the next ``ring_m``. The
    comparison is the rest of the city. Ground around ``others`` (cameras that came or went in the
    same period) is neither ring nor comparison; cameras that stood all the time stay, since they
    changed nothing. METHODS.md, section Before and after.

    Parameters
    ----------
    views
        What the treated cameras see, or any treated area (then with ``grow_m`` of 0), in a metric
        system.
    wards
        The city.
    others
        Views of cameras installed or removed between the first day before and the last after.
    grow_m, ring_m
        Metres.
    others_grow_m
        Metres around ``others``; None: ``grow_m``. An area that is drawn is not grown, yet cameras
        elsewhere deter as far as ever.

    Returns
    -------
    Zones
        All within the city; a ground may be empty.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.
    InvalidValueError
        A width is negative, the layers are not in one system, or no view has any ground.

    Examples
    --------
    >>> city = gpd.GeoSeries([shapely.box(0, 0, 1000, 1000)], crs="EPSG:5897")
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 100, 1000)], crs="EPSG:5897")
    >>> zones = zones_around(views, wards=city, grow_m=0, ring_m=100)
    >>> [round(zone.area) for zone in (zones.treated, zones.displacement, zones.control)]
    [100000, 100000, 800000]
    """
    reach_m = grow_m if others_grow_m is None else others_grow_m
    for name, width in {"grow_m": grow_m, "ring_m": ring_m, "others_grow_m": reach_m}.items():
        if not (np.isfinite(width) and width >= 0):
            raise InvalidValueError(column=name, value=width)
    check_metric(views, name="views")
    _check_system(wards, "wards", views.crs)
    seen = coverage.covered_area(views)
    if seen.is_empty:
        raise InvalidValueError(column="views", value=len(views))
    city = shapely.union_all(np.asarray(wards.geometry.array, dtype=object))
    treated = _grown(seen, grow_m)
    reached = _grown(treated, ring_m)
    disturbed = shapely.Polygon()
    if others is not None:
        _check_system(others, "others", views.crs)
        disturbed = _grown(coverage.covered_area(others), reach_m)
    quiet = shapely.difference(city, shapely.union(treated, disturbed))
    return Zones(
        treated=shapely.intersection(treated, city),
        displacement=shapely.intersection(quiet, reached),
        control=shapely.difference(quiet, reached),
        crs=views.crs,
    )


def _grown(shape: shapely.Geometry, width_m: float) -> shapely.Geometry:
    return shapely.buffer(shape, width_m) if width_m > 0 else shape


def _check_system(layer: gpd.GeoDataFrame | gpd.GeoSeries, name: str, crs: object) -> None:
    check_metric(layer, name=name)
    if layer.crs != crs:
        raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
