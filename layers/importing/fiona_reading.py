"""How fiona is used: one driver at a time, doors closed, and a failure is a damaged file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fiona
from fiona.errors import FionaError

from layers.importing.build import Built, Shape, build
from layers.importing.problems import Code, ImportRefused, refuse

# Closed doors: no sidecars, no repairs of what was sent, no address is ever opened.
SETTINGS = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "SHAPE_RESTORE_SHX": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
}
FAILURES = (FionaError, ValueError, TypeError, RuntimeError, OSError)


def opened(path: Path, driver: str, name: str, layer: str | None = None) -> Any:
    """A fiona collection by that driver and no other. Raises ImportRefused."""
    try:
        with fiona.Env(**SETTINGS):
            return fiona.open(str(path), layer=layer, enabled_drivers=[driver])
    except FAILURES as error:
        raise damaged(name, path.suffix) from error


def damaged(name: str, reason: str) -> ImportRefused:
    """To be raised."""
    return refuse(Code.DAMAGED_FILE, name, reason=reason)


def batches(collection: Any, size: int, name: str) -> Iterator[list[Any]]:
    """Lists of fiona features; a failure half-way is a damaged file."""
    try:
        with fiona.Env(**SETTINGS):
            features = iter(collection)
            while batch := list(islice(features, size)):
                yield batch
    except FAILURES as error:
        raise damaged(name, type(error).__name__) from error


def _shape(geometry: Any) -> Shape | None:
    if geometry is None:
        return None
    kind: str = geometry.type
    if kind == "GeometryCollection":
        return kind, [_shape(part) for part in geometry.geometries]
    return kind, geometry.coordinates


def built_of(batch: list[Any]) -> Built:
    """The geometries of fiona features."""
    return build([_shape(feature.geometry) for feature in batch])
