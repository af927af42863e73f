"""The demo city's camera models: made-up names, optics as printed on real data sheets.

Prices and the reach of lamps are invented. What real sheets print stands in
``reference/camera_models.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import optics
from data.catalogue import shipped_models

MAKER = "Vọng Lâu (giả định)"
"""Says, in the store's language, that no such maker exists."""

OPTICS = (
    "pixels_across",
    "focal_mm",
    "fov_deg",
    "vertical_fov_deg",
    "detect_m",
    "observe_m",
    "recognise_m",
    "identify_m",
)
"""The columns of a sheet that a model takes over."""

MEGAPIXELS = {1920: 2.0, 2560: 4.0, 2688: 4.0, 3000: 12.0, 3840: 8.0}
"""Of a sensor, by the pixels across its image."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model on offer in the demo city.

    Parameters
    ----------
    model_id, name, kind
        As in the store.
    sheet
        The lens of ``reference/camera_models.csv`` whose optics it has; None when they are given
        in ``own_optics``.
    own_optics
        Pixels across, focal length (mm), horizontal and vertical field of view (degrees).
    lamp_m
        How far its own light reaches; None without one.
    cost
        Bought and installed, đồng. For a device with several views, all of it.
    """

    model_id: str
    name: str
    kind: str
    sheet: str | None = None
    own_optics: tuple[int, float, float, float] | None = None
    lamp_m: float | None = None
    cost: int


MODELS = (
    Model(model_id="VL-2-2.8", name="Cố định 2 MP, 2,8 mm", kind="fixed",
          sheet="DS-2CD1321G2-LIU 2.8 mm", lamp_m=20, cost=8_500_000),
    Model(model_id="VL-2-4", name="Cố định 2 MP, 4 mm", kind="fixed",
          sheet="DS-2CD1321G2-LIU 4 mm", lamp_m=30, cost=9_000_000),
    Model(model_id="VL-4-2.8", name="Cố định 4 MP, 2,8 mm", kind="fixed",
          sheet="DS-2CD1143G2-LIU 2.8 mm", lamp_m=30, cost=12_000_000),
    Model(model_id="VL-4-4", name="Cố định 4 MP, 4 mm", kind="fixed",
          sheet="DS-2CD1143G2-LIU 4 mm", lamp_m=30, cost=12_500_000),
    Model(model_id="VL-4-6", name="Cố định 4 MP, 6 mm", kind="fixed",
          sheet="DS-2CD2T47G2-L 6 mm", lamp_m=60, cost=14_500_000),
    Model(model_id="VL-8-2.8", name="Cố định 8 MP, 2,8 mm", kind="fixed",
          sheet="DS-2CD2083G2-LI2U 2.8 mm", lamp_m=40, cost=19_000_000),
    Model(model_id="VL-8-4", name="Cố định 8 MP, 4 mm", kind="fixed",
          sheet="DS-2CD2083G2-LI2U 4 mm", lamp_m=40, cost=20_000_000),
    Model(model_id="VL-D4-2.8", name="Bán cầu 4 MP, 2,8 mm", kind="dome",
          sheet="DS-2CD2746G2-IZS 2.8 mm", lamp_m=30, cost=13_500_000),
    Model(model_id="VL-BS-12", name="Biển số 4 MP, 12 mm", kind="plate",
          sheet="DS-2CD2746G2-IZS 12 mm", lamp_m=40, cost=46_000_000),
    Model(model_id="VL-PTZ", name="Quay quét 4 MP", kind="ptz",
          own_optics=(2560, 4.8, 58.0, 34.0), lamp_m=100, cost=58_000_000),
    Model(model_id="VL-FE", name="Toàn cảnh mắt cá 12 MP", kind="fisheye",
          own_optics=(3000, 1.2, 360.0, 180.0), lamp_m=15, cost=24_000_000),
    Model(model_id="VL-MS-4", name="Đa cảm biến, mỗi mắt 4 MP", kind="multi",
          sheet="DS-2CD1143G2-LIU 4 mm", lamp_m=30, cost=38_000_000),
)  # fmt: skip
"""A PTZ has the field of view of one moment; a fisheye that looks straight down sees all round."""

FISHEYE_HEIGHT_M = 5.0
"""The height for which a fisheye's distances on the ground are given."""


def read_models() -> pd.DataFrame:
    """Give the models in the columns of the store's camera models, indexed by model_id.

    Distances of models without a sheet are computed: rectilinear for the PTZ, on the ground for a
    fisheye at 5 m.

    Examples
    --------
    >>> models = read_models()
    >>> models.loc["VL-2-4", ["fov_deg", "detect_m"]].tolist()
    [80.0, 55.0]
    """
    sheets = shipped_models()
    rows = [
        {
            "model_id": model.model_id,
            "maker": MAKER,
            "name": model.name,
            "kind": model.kind,
            **(_computed(model) if model.sheet is None else sheets.loc[model.sheet, list(OPTICS)]),
            "lamp_m": model.lamp_m,
            "cost": model.cost,
        }
        for model in MODELS
    ]
    return pd.DataFrame(rows).set_index("model_id", drop=False)


def _computed(model: Model) -> dict[str, float]:
    assert model.own_optics is not None  # noqa: S101  a model has a sheet or its own optics
    pixels, focal, fov, vertical = model.own_optics
    if model.kind == "fisheye":
        in_line = pixels / (np.pi * optics.pixels_per_m("detect"))
        detect = float(np.floor(np.sqrt(in_line**2 - FISHEYE_HEIGHT_M**2)))
    else:
        detect = float(np.floor(optics.distance_m(pixels, fov_deg=fov, level="detect")))
    finer = {
        f"{level}_m": float(np.floor(optics.range_at_level(detect, level=level)))
        for level in ("observe", "recognise", "identify")
    }
    return {
        "pixels_across": pixels,
        "focal_mm": focal,
        "fov_deg": fov,
        "vertical_fov_deg": vertical,
        "detect_m": detect,
        **finer,
    }
