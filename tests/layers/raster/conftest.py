"""The corpus of real pictures, when this machine has one, and one small scene made here."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gis_projects.geo.bbox import BBox
from layers.raster.cog import write_cog

REPOSITORY = Path(__file__).resolve().parents[3]
# 512 m by 512 m in the city, UTM 51N.
SCENE_BBOX = BBox(578000, 5243000, 578512, 5243512, 32651)


def _corpora() -> Path | None:
    named = os.environ.get("GIS_CORPORA")
    if named:
        return Path(named)
    return next(iter(sorted(REPOSITORY.parent.glob("*/corpora"))), None)


@pytest.fixture
def corpus() -> Callable[[str], Path]:
    """A file of the corpus by name; the test is skipped when the corpus is not here."""

    def find(name: str) -> Path:
        root = _corpora()
        if root is None or not (root / "raster" / name).exists():
            pytest.skip(f"no corpora/raster/{name} on this machine (set GIS_CORPORA)")
        return root / "raster" / name

    return find


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A COG, west half red, east half green, with blue in the north-west eighth."""
    rgb = np.zeros((512, 512, 3), np.uint8)
    rgb[:, :256] = (200, 30, 30)
    rgb[:, 256:] = (30, 180, 40)
    rgb[:128, :128] = (20, 40, 200)
    return write_cog(tmp_path / "scene.tif", rgb, SCENE_BBOX, quality=90)
